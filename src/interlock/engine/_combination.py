"""Combination of evidence: what the evaluations of a measure come to in a measured leaf (LANGUAGE 3.3).

Every evaluation on the path is weighed: what it shows, whether it is adequate, and whether it reaches the checkpoint
asked about. In a threshold, inadequate evidence may show that the threshold is reached, never rule it out; in a
measured leaf anywhere else it counts for nothing. The trace lists every evaluation considered and why it counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from fractions import Fraction

from interlock.assessment import Verdict, assess
from interlock.engine._findings import Finding
from interlock.engine._freshness import Age, Clock
from interlock.engine._places import Place
from interlock.engine._state import FIRST_INSTANT, Live, View
from interlock.engine._trace import MarginOf, Node, earliest
from interlock.policy import Carries, Freshness, Measure, Measured
from interlock.record import Estimate, EvaluationCompleted, EvaluationPlan, Event
from interlock.terms import Quantity, Truth


class Use(Enum):
    """What a measured leaf is for, which settles what inadequate and contradictory evidence may do."""

    REACHING = "in a threshold, where true under its negations means reached"
    RESTRICTING = "where true restricts"
    RELEASING = "where true releases"

    # Members are single objects and keys of every memo, where hashing them by name would be noticed.
    __hash__ = object.__hash__


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What lasts of one evaluation: its verdict, why it is inadequate whatever its age, and its findings."""

    verdict: Verdict
    fault: str | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One evaluation with all that its counting depends on.

    `shows` is the leaf's value by this evaluation alone, turned so that true is the direction of reaching. `fault` is
    why it is inadequate, None if it is adequate.
    """

    event: Event
    place: Place
    worth: Worth
    shows: Truth
    fault: str | None
    age: Age


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredQuestion:
    """A measured leaf as asked: of which measure, turned which way, for an action that ships or not."""

    leaf: Measured
    measure: Measure
    use: Use
    positive: bool
    ships: bool
    clock: Clock
    limits: tuple[Freshness | None, ...] = ()
    ahead: Fraction | None = None
    """By what margin of effective compute the threshold must be ruled out ahead, if it must."""

    @property
    def ages(self) -> tuple[Freshness | None, ...]:
        """Every limit on the age of what the leaf counts."""
        within = None if self.leaf.within_last is None else Freshness(period=self.leaf.within_last)
        return (self.measure.fresh, self.leaf.fresh, within, *self.limits)

    @property
    def turned(self) -> bool:
        """Whether true and false are exchanged to make true the direction of reaching."""
        return self.use is Use.REACHING and not self.positive


def weigh_all(question: MeasuredQuestion) -> tuple[list[Weighed], list[Finding]]:
    """Return every admissible evaluation on the path, weighed, and findings about those that are not admissible."""
    weighed: list[Weighed] = []
    findings: list[Finding] = []
    view, path = question.clock.view, question.clock.path
    for generation, model in enumerate(path.models):
        for event in _to_weigh(question, generation, model.id):
            completed = event.payload
            if not isinstance(completed, EvaluationCompleted):
                continue
            if view.is_withdrawn(event):
                findings.append(_withdrawn(event))
            elif completed.suite != question.measure.suite:
                findings.append(other_suite(event, completed, question.measure))
            else:
                place = Place(generation, model.position(event.subject.weights))
                weighed.append(_weigh(question, event, completed, place))
                findings.extend(weighed[-1].worth.findings)
    return weighed, findings


def _to_weigh(question: MeasuredQuestion, generation: int, model: str) -> Sequence[Event]:
    """Return the evaluations of the measure on a model: all of them, or with a brief state those that can matter.

    What is too old by time counts no more and never will again, unless it shows that a threshold is reached, or there
    is something reached that it may have displaced. The newest of those is kept, for the reason why nothing decides.
    """
    view, topic = question.clock.view, ("evaluation", question.measure.id)
    events = view.about(("model", model), topic)
    if not view.state.brief or question.clock.at_compute is not None:
        return events
    leaves = view.state.live.setdefault((("model", model), topic), {})
    key = (id(question.leaf), question.use, question.positive, question.limits, question.ahead, generation)
    live = leaves.get(key)
    if live is None:
        live = leaves[key] = Live(first=0, seen=FIRST_INSTANT)
    if question.clock.at < live.seen:
        return events
    live.seen = question.clock.at
    while live.first + 1 < len(events) and all(_is_spent(question, e) for e in events[live.first : live.first + 2]):
        live.first += 1
    live.reached = live.reached or any(_shows(question, e) is Truth.TRUE for e in events[live.scanned :])
    live.scanned = len(events)
    if live.reached:
        return events
    decisive = _newest_ruling_out(question, generation, events, live.first)
    if decisive is not None:
        return [decisive]
    if question.use is not Use.REACHING:
        return events[live.first :]
    # Nothing is reached, so only what would rule the threshold out says why it is open.
    order = question.clock.path.models[generation].position
    return [e for e in events[live.first :] if _rules_out(question, Place(generation, order(e.subject.weights)))]


def _newest_ruling_out(
    question: MeasuredQuestion, generation: int, events: Sequence[Event], first: int
) -> Event | None:
    """Return the newest evaluation that rules the threshold out, where none is reached: it decides by itself."""
    if question.use is not Use.REACHING:
        return None
    model = question.clock.path.models[generation]
    for place in range(len(events) - 1, first - 1, -1):
        event = events[place]
        completed = event.payload
        if not isinstance(completed, EvaluationCompleted) or _shows(question, event) is not Truth.FALSE:
            continue
        if question.clock.view.is_withdrawn(event) or _worth_of(question, event, completed).fault is not None:
            continue
        if not _rules_out(question, Place(generation, model.position(event.subject.weights))):
            continue
        if not question.clock.age(event, generation, question.ages).stale:
            return event
    return None


def _is_spent(question: MeasuredQuestion, event: Event) -> bool:
    """Return whether an evaluation is too old by time and shows nothing that lasts."""
    periods = [limit.period for limit in question.ages if limit is not None and limit.period is not None]
    clock = question.clock
    too_old = any(clock.end(event, period) <= clock.at for period in periods)
    return too_old and _shows(question, event) is not Truth.TRUE


def _shows(question: MeasuredQuestion, event: Event) -> Truth:
    completed = event.payload
    if not isinstance(completed, EvaluationCompleted) or completed.suite != question.measure.suite:
        return Truth.UNKNOWN
    value = _worth_of(question, event, completed).verdict.value
    return ~value if question.turned else value


def _weigh(question: MeasuredQuestion, event: Event, completed: EvaluationCompleted, place: Place) -> Weighed:
    worth = _worth_of(question, event, completed)
    age = question.clock.age(event, place.generation, question.ages)
    return Weighed(
        event=event,
        place=place,
        worth=worth,
        shows=~worth.verdict.value if question.turned else worth.verdict.value,
        fault="stale" if age.stale else worth.fault,
        age=age,
    )


def _worth_of(question: MeasuredQuestion, event: Event, completed: EvaluationCompleted) -> Worth:
    memo, key = question.clock.view.state.memo, ("worth", id(event), id(question.leaf), question.ahead)
    worth: Worth | None = memo.get(key)
    if worth is None:
        worth = memo[key] = _worth(question, event, completed)
    return worth


def _worth(question: MeasuredQuestion, event: Event, completed: EvaluationCompleted) -> Worth:
    leaf, measure = question.leaf, question.measure
    view = question.clock.view
    scaled = None if question.ahead is None else bound_ahead(view, event, completed, question.ahead)
    comparison = leaf.comparison if scaled is None else replace(leaf.comparison, bound=scaled)
    verdict = assess(completed.result, measure.statistic, comparison, leaf.confidence)
    registered = is_registered(view, event, completed)
    fault = _lasting_fault(measure, completed, registered=registered)
    findings = [
        *_findings(event, measure, verdict),
        *findings_about_evaluation(measure, event, completed, registered=registered),
    ]
    if question.ahead is not None and scaled is None:
        # It may show that the threshold is reached, as any inadequate evidence; it can't rule it out so far ahead.
        fault = fault or "buffer-not-designed"
        findings += buffer_finding(view, event, completed, question.ahead)
    return Worth(verdict=verdict, fault=fault, findings=tuple(findings))


def bound_ahead(view: View, event: Event, completed: EvaluationCompleted, margin: Fraction) -> Quantity | None:
    """Return the bound that the evaluation's plan, recorded before it, puts in place for at least that margin."""
    stated = [bound for plan in _plans(view, event, completed) for bound in plan.ahead if bound.margin >= margin]
    return min(stated, key=lambda bound: bound.margin).bound if stated else None


def buffer_finding(view: View, event: Event, completed: EvaluationCompleted, margin: Fraction) -> Iterable[Finding]:
    """Yield the finding of an evaluation whose plan does not say what would rule a threshold out so far ahead."""
    if bound_ahead(view, event, completed, margin) is None:
        times = f"{margin.numerator}/{margin.denominator}" if margin.denominator != 1 else f"{margin.numerator}"
        detail = f"{event.words} has no plan that states the bound for a margin of {times}x effective compute"
        yield Finding("buffer-not-designed", detail, (event.index,))


def _lasting_fault(measure: Measure, completed: EvaluationCompleted, *, registered: bool) -> str | None:
    if not set(measure.elicitation) <= set(completed.elicitation):
        return "under-elicited"
    result = completed.result
    if isinstance(result, Estimate) and (result.method is None or completed.log is None):
        return "asserted"
    return "not-registered" if measure.registration_required and not registered else None


def is_registered(view: View, event: Event, completed: EvaluationCompleted) -> bool:
    """Return whether a plan for this run occurred and was recorded before the run was completed."""
    return any(True for _ in _plans(view, event, completed))


def _plans(view: View, event: Event, completed: EvaluationCompleted) -> Iterable[EvaluationPlan]:
    """Yield the plans for this run that occurred and were recorded before it was completed."""
    if completed.plan is None or event.subject.model is None:
        return
    for planned in view.about(("model", event.subject.model), ("plan", completed.plan)):
        plan = planned.payload
        if (
            isinstance(plan, EvaluationPlan)
            and (plan.measure, plan.suite) == (completed.measure, completed.suite)
            and max(planned.occurred, planned.recorded) < event.occurred
        ):
            yield plan


def combine(question: MeasuredQuestion) -> Node:
    """Return the leaf's node: its value by all the evidence, with every evaluation considered as its detail."""
    weighed, findings = weigh_all(question)
    outcome = _in_threshold(question, weighed) if question.use is Use.REACHING else _elsewhere(question, weighed)
    fresh = [one for one in weighed if one.fault is None]
    return Node(
        about=question.leaf,
        value=outcome.value,
        reason=outcome.reason,
        evidence=tuple(one.event for one in outcome.counted),
        detail=lambda: tuple(_child(question, one, outcome, counted=one in outcome.counted) for one in weighed),
        changes_at=earliest(one.age.ends for one in fresh),
        changes_at_compute=earliest(one.age.ends_at_compute for one in fresh),
        findings=(*findings, *outcome.findings, *_reached_here(question, outcome)),
        who=("evaluator",),
        settled=_settled(question, weighed, outcome),
    )


def _reached_here(question: MeasuredQuestion, outcome: Outcome) -> Iterable[Finding]:
    """Yield what to know of a threshold that an evaluation of this very checkpoint reached."""
    if question.use is Use.REACHING and outcome.value is _turn(question, Truth.TRUE):
        for one in outcome.counted:
            if one.place == question.clock.path.asked and one.shows is Truth.TRUE:
                detail = (
                    f"{one.event.words} settles it for this checkpoint; only a ruling-out on a later one displaces it"
                )
                yield Finding("reached-on-this-checkpoint", detail, (one.event.index,))


def _settled(question: MeasuredQuestion, weighed: Sequence[Weighed], outcome: Outcome) -> tuple[Truth, ...]:
    """Return the values that a further evaluation of this checkpoint can't bring about (LANGUAGE 3.3).

    What has reached a threshold here stays reached, whatever else is run on the same checkpoint. Elsewhere opposite
    evaluations contradict each other, which never settles in the direction that releases.
    """
    if question.use is Use.REACHING:
        return (_turn(question, Truth.FALSE),) if any(_reached_here(question, outcome)) else ()
    shown = {one.shows for one in weighed if one.fault is None and _is_near(question, one.place)}
    restricting = Truth.of((question.use is Use.RESTRICTING) == question.positive)
    opposed = [value for value in (Truth.TRUE, Truth.FALSE) if ~value in shown]
    return tuple(value for value in opposed if value is not restricting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the evidence comes to, by which evaluations, with notes for those that did not count."""

    value: Truth
    reason: str | None
    counted: tuple[Weighed, ...] = ()
    displaced: tuple[Weighed, ...] = ()
    findings: tuple[Finding, ...] = ()


def _in_threshold(question: MeasuredQuestion, weighed: Sequence[Weighed]) -> Outcome:
    reaching = [one for one in weighed if one.shows is Truth.TRUE and _reaches(question, one.place)]
    ruling_out = [
        one for one in weighed if one.shows is Truth.FALSE and one.fault is None and _rules_out(question, one.place)
    ]
    displaced = [one for one in reaching if any(_displaces(question, other, one) for other in weighed)]
    live = [one for one in reaching if one not in displaced]
    if live:
        return Outcome(
            value=_turn(question, Truth.TRUE),
            reason="contradicted" if ruling_out else None,
            counted=(*live, *ruling_out),
            displaced=tuple(displaced),
        )
    if ruling_out:
        return Outcome(
            value=_turn(question, Truth.FALSE),
            reason=None,
            counted=tuple(ruling_out),
            displaced=tuple(displaced),
            findings=tuple(_reversed(one) for one in displaced),
        )
    reason = _open_reason(one for one in weighed if _rules_out(question, one.place) and one not in displaced)
    return Outcome(value=Truth.UNKNOWN, reason=reason, displaced=tuple(displaced))


def _elsewhere(question: MeasuredQuestion, weighed: Sequence[Weighed]) -> Outcome:
    near = [one for one in weighed if _is_near(question, one.place)]
    adequate = [one for one in near if one.fault is None]
    true = [one for one in adequate if one.shows is Truth.TRUE]
    false = [one for one in adequate if one.shows is Truth.FALSE]
    if true and false:
        restricts = (question.use is Use.RESTRICTING) == question.positive
        value = Truth.TRUE if restricts else Truth.UNKNOWN
        return Outcome(value=value, reason="contradicted", counted=(*true, *false))
    if true or false:
        return Outcome(value=Truth.of(bool(true)), reason=None, counted=(*true, *false))
    return Outcome(value=Truth.UNKNOWN, reason=_open_reason(near))


def _reaches(question: MeasuredQuestion, place: Place) -> bool:
    path = question.clock.path
    return not path.is_own_model(place) or place.position <= path.asked.position


def _rules_out(question: MeasuredQuestion, place: Place) -> bool:
    path, carries = question.clock.path, question.measure.carries
    if place == path.asked:
        return True
    if not path.is_upstream(place):
        return False
    if path.is_own_model(place):
        return not question.ships or carries is Carries.WHILE_FRESH
    return not question.ships and carries is Carries.TO_DESCENDANTS


def _is_near(question: MeasuredQuestion, place: Place) -> bool:
    path = question.clock.path
    own_and_earlier = path.is_own_model(place) and place.position <= path.asked.position
    return place == path.asked or (own_and_earlier and not question.ships)


def _displaces(question: MeasuredQuestion, later: Weighed, reached: Weighed) -> bool:
    """Return whether an adequate, then fresh ruling-out on a later checkpoint displaces an inherited reached."""
    if reached.place == question.clock.path.asked or later.shows is not Truth.FALSE or later.worth.fault is not None:
        return False
    if not (reached.place < later.place and question.clock.path.is_upstream(later.place)):
        return False
    return later.fault is None or _was_fresh(question, later, max(reached.event.occurred, later.event.occurred))


def _was_fresh(question: MeasuredQuestion, one: Weighed, since: datetime) -> bool:
    clock = question.clock
    times = {since, *(time for time in clock.compute_instants() if since < time <= clock.at)}
    return any(
        not replace(clock, at=time, at_compute=None).age(one.event, one.place.generation, question.ages).stale
        for time in times
    )


def _open_reason(candidates: Iterable[Weighed]) -> str:
    """Return why nothing decides: the newest run that would have but for a fault, else imprecision, else nothing."""
    oldest_first = sorted(candidates, key=lambda one: (one.event.occurred, one.event.recorded, one.event.index))
    for one in reversed(oldest_first):
        if one.shows is not Truth.UNKNOWN and one.fault is not None:
            return one.fault
    return "imprecise" if oldest_first else "missing"


def _turn(question: MeasuredQuestion, value: Truth) -> Truth:
    return ~value if question.turned else value


def _child(question: MeasuredQuestion, one: Weighed, outcome: Outcome, *, counted: bool) -> Node:
    return Node(
        about=one.event.words,
        value=one.worth.verdict.value,
        reason=_why(question, one, outcome, counted=counted),
        evidence=(one.event,),
        margin=MarginOf(event=one.event, leaf=question.leaf, statistic=question.measure.statistic),
    )


def _why(question: MeasuredQuestion, one: Weighed, outcome: Outcome, *, counted: bool) -> str | None:
    if counted:
        return one.fault
    if one in outcome.displaced:
        return "displaced"
    if one.worth.verdict.trouble is not None:
        return one.worth.verdict.trouble
    if one.fault is not None:
        return one.fault
    if one.shows is Truth.UNKNOWN:
        return "imprecise"
    reaches = _rules_out if question.use is Use.REACHING else _is_near
    return None if reaches(question, one.place) else "does-not-reach"


def _withdrawn(event: Event) -> Finding:
    return Finding("evaluation-withdrawn", f"{event.words} was withdrawn", (event.index,))


def other_suite(event: Event, completed: EvaluationCompleted, measure: Measure) -> Finding:
    """Return the finding of an evaluation whose suite does not speak to the measure that it names."""
    detail = f"{event.words} does not speak to `{measure.id}`, whose suite is `{measure.suite}`"
    return Finding("other-suite", f"{detail}; the event names `{completed.suite}`", (event.index,))


def _reversed(one: Weighed) -> Finding:
    return Finding("reversed", f"{one.event.words} was displaced by a later ruling-out", (one.event.index,))


def _findings(event: Event, measure: Measure, verdict: Verdict) -> Iterable[Finding]:
    index = (event.index,)
    if verdict.trouble is not None:
        yield Finding(verdict.trouble, f"{event.words} can't speak to `{measure.id}`", index)
    if verdict.point_estimate:
        bounds = "the bounds at 95 % would leave it open"
        yield Finding("point-estimate", f"{event.words} is compared as observed; {bounds}", index)


def findings_about_evaluation(
    measure: Measure, event: Event, completed: EvaluationCompleted, *, registered: bool
) -> Iterable[Finding]:
    """Yield what is to be said of how an evaluation was run, whatever it is compared with."""
    index = (event.index,)
    missing = sorted(set(measure.elicitation) - set(completed.elicitation))
    if missing:
        yield Finding("under-elicited", f"{event.words} does not declare {', '.join(missing)}", index)
    if not registered:
        yield Finding("not-pre-registered", f"{event.words} has no plan recorded before it", index)
