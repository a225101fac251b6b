"""Leaves over duties: done, overdue, and what has passed since a duty was last completed (LANGUAGE 2).

`done` and `overdue` read the instances that concern a model. `elapsed` and `growth` read the facts of completion alone,
so that a duty may be triggered by the time since its own last one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from interlock.assessment import compare_bounds
from interlock.engine._duty_results import DutyState
from interlock.engine._freshness import EFFECTIVE_COMPUTE, Interval, latest_quantity
from interlock.engine._growth_clock import is_over, largest
from interlock.engine._leaves import Limits, age_of, limits_of
from interlock.engine._reading import ISSUER
from interlock.engine._standing import changes_at, concerning, overdue_until, standings_at
from interlock.engine._trace import Node, earliest
from interlock.policy import Comparator, Comparison, Done, Elapsed, Growth, Leaf, Overdue, Scope
from interlock.record import Event
from interlock.terms import Truth, format_instant

if TYPE_CHECKING:
    from interlock.engine._case import Case
    from interlock.engine._docket import Docket
    from interlock.engine._duty_results import DutyStanding
    from interlock.engine._state import SubjectKey
    from interlock.engine._timeline import Course

_COMPLETED = {DutyState.DONE, DutyState.DONE_LATE}
_LEFT_BEHIND = {DutyState.OVERDUE, DutyState.EXCUSED}
_PENDING = {DutyState.OPEN, DutyState.OVERDUE, DutyState.EXCUSED}


def overdue(case: Case, leaf: Overdue) -> Node:
    """Return whether some instance of the duty that concerns the model is overdue."""
    dockets, standings = _standings(case, leaf, leaf.duty, live_only=True)
    level, is_overdue_at_compute = _by_compute(case, dockets)
    states = {standing.state for standing in standings}
    if DutyState.OVERDUE in states or is_overdue_at_compute:
        value = Truth.TRUE
    else:
        value = Truth.UNKNOWN if DutyState.UNKNOWN in states else Truth.FALSE
    node = replace(_of_instances(case, leaf, value, dockets, standings), changes_at_compute=level)
    if DutyState.OVERDUE not in states:
        return node
    # It stays true while any of them is overdue, however many more open meanwhile.
    ends = [until for docket in dockets for until in overdue_until(docket, case.at)]
    return replace(node, changes_at=None if None in ends else max(end for end in ends if end is not None))


def done(case: Case, leaf: Done) -> Node:
    """Return whether the duty is done: some instance is completed, and none is left."""
    dockets, standings = _standings(case, leaf, leaf.duty)
    states = {standing.state for standing in standings}
    if DutyState.UNKNOWN in states:
        value = Truth.UNKNOWN
    else:
        value = Truth.of(bool(states & _COMPLETED) and not states & _PENDING)
    return _of_instances(case, leaf, value, dockets, standings)


def _standings(
    case: Case, leaf: Leaf, duty: str, *, live_only: bool = False
) -> tuple[list[Docket], list[DutyStanding]]:
    model = "" if leaf.of in {Scope.DEVELOPER, Scope.WORLD} else case.model.id
    applied = case.timeline.applied
    dockets = list(concerning(applied.duty(duty), model, case.developer))
    standings = [one for docket in dockets for one in standings_at(docket, case.at, live_only=live_only)]
    # An amendment does not release from what was overdue under an earlier version, if the duty still stands.
    for earlier in applied.earlier:
        if duty in earlier.policy.duties:
            left = list(concerning(earlier.duty(duty), model, case.developer))
            found = (standing for docket in left for standing in standings_at(docket, case.at, live_only=True))
            standings += [standing for standing in found if standing.state in _LEFT_BEHIND]
            dockets += left
    return dockets, standings


def _of_instances(
    case: Case, leaf: Leaf, value: Truth, dockets: Iterable[Docket], standings: Sequence[DutyStanding]
) -> Node:
    told = [standing for standing in standings if standing.state is not DutyState.NOT_TRIGGERED]
    events = (case.view.event(index) for standing in told for index in standing.evidence)
    reason = next((standing.reason for standing in told if standing.state is DutyState.UNKNOWN), None)
    return Node(
        about=leaf,
        value=value,
        reason=reason if value is Truth.UNKNOWN else None,
        evidence=tuple({event.index: event for event in events if event is not None}.values()),
        detail=lambda: tuple(_child(leaf, standing) for standing in told),
        changes_at=earliest(changes_at(docket, case.at, overdue=isinstance(leaf, Overdue)) for docket in dockets),
        who=_who(case, leaf),
    )


def _who(case: Case, leaf: Leaf) -> tuple[str, ...]:
    """Return who can perform the duty: the developer, unless the issuer of a law owes it."""
    is_issuers = isinstance(leaf, Done | Overdue) and case.policy.duties[leaf.duty].instances == ISSUER
    return () if is_issuers and case.developer != case.policy.issuer else ("developer",)


def _child(leaf: Leaf, standing: DutyStanding) -> Node:
    """Return one instance and whether it is what the leaf asks for."""
    due = "" if standing.due is None else f", due {format_instant(standing.due)}"
    asked = _COMPLETED if isinstance(leaf, Done) else {DutyState.OVERDUE}
    value = Truth.UNKNOWN if standing.state is DutyState.UNKNOWN else Truth.of(standing.state in asked)
    return Node(about=f"{standing.duty.id} of {standing.instance}: {standing.state.value}{due}", value=value)


def _by_compute(case: Case, dockets: Iterable[Docket]) -> tuple[Fraction | None, bool]:
    """Return the next compute at which a growth clock runs out that leaves no time, and whether the asked one does."""
    levels: list[Fraction] = []
    is_out = False
    for docket in dockets:
        every = docket.duty.every
        if every is None or every.growth is None or docket.duty.within is not None:
            continue
        for place, cycle in docket.at(case.at).cycles.items():
            end = docket.period_end(cycle)
            if every.whichever == "last" and end is not None and end > case.at:
                continue
            reading = docket.growth(docket.subject.scopes[place], cycle, case.at)
            now = case.clock.compute(case.path.asked.generation, case.at)
            if not cycle.running or reading is None or reading.upper is None or now is None or now.upper is None:
                continue
            if is_over(reading) is Truth.TRUE or reading.upper == 0:
                continue
            level = now.upper * reading.limit / reading.upper
            if case.at_compute is not None and case.at_compute.magnitude >= level:
                is_out = True
            else:
                levels.append(level)
    return earliest(levels), is_out


# Since the last completion


def elapsed(case: Case, leaf: Elapsed, limits: Limits) -> Node:
    """Return whether that long has passed since the duty's last completion."""
    return _or_completed_by_then(_elapsed(case, leaf, limits), [case], leaf.since)


def _elapsed(case: Case, leaf: Elapsed, limits: Limits) -> Node:
    since = last_completion(case, leaf.since, _own_scope(leaf), (*limits, *limits_of(leaf)))
    if isinstance(since, str):
        return Node(about=leaf, value=Truth.UNKNOWN, reason=since, who=("developer",))
    completed, evidence, ends = since
    reached = case.policy.calendar.anniversary(completed, leaf.period)
    value = Truth.of(reached <= case.at)
    changing = earliest((ends, None if value is Truth.TRUE else reached))
    return Node(about=leaf, value=value, evidence=evidence, changes_at=changing, who=("developer",))


def growth(case: Case, leaf: Growth, limits: Limits) -> Node:
    """Return what the growth of a quantity since the duty's last completion comes to, by its interval."""
    cases = [case] if leaf.against == "this" else [case.about(model) for model in case.models(Scope.ANY_MODEL)]
    return _or_completed_by_then(_growth(case, leaf, limits), cases, leaf.since)


def _or_completed_by_then(node: Node, cases: Sequence[Case], duty: str) -> Node:
    """Return the node of what has been since a duty was completed, which its own `done-when` may do by time alone."""
    turning: list[datetime | None] = [node.changes_at]
    for case in cases:
        course = _completions(case, duty)
        turns_at = None if course is None else course.changes_at(case.at)
        turning.append(None if turns_at is None or turns_at <= case.at else turns_at)
    return replace(node, changes_at=earliest(turning))


def _completions(case: Case, duty: str) -> Course | None:
    condition, timeline = case.policy.duties[duty].done_when, case.timeline
    if case.policy.duties[duty].instances == ISSUER:
        timeline = timeline.applied.of_developer(case.policy.issuer)
    return None if condition is None else timeline.completions(duty, condition)


def _growth(case: Case, leaf: Growth, limits: Limits) -> Node:
    now = quantity_of(case, leaf.quantity, case.at, _own_scope(leaf))
    since = _reference(case, leaf, (*limits, *limits_of(leaf)))
    if isinstance(since, str):
        return Node(about=leaf, value=Truth.UNKNOWN, reason=since, who=("developer",))
    then, completed, ends = since
    if now is None or then is None or not _are_comparable(leaf, now, then):
        return Node(about=leaf, value=Truth.UNKNOWN, reason="missing", changes_at=ends, who=("developer",))
    lower, upper = quotient(now.lower, then.upper), quotient(now.upper, then.lower)
    bound = leaf.comparison.bound.magnitude
    value = compare_bounds(leaf.comparison.comparator, lambda: sign(lower, bound), lambda: sign(upper, bound))
    return Node(
        about=leaf,
        value=value,
        reason="imprecise" if value is Truth.UNKNOWN else None,
        evidence=tuple({event.index: event for event in (*completed, *now.evidence)}.values()),
        changes_at=ends,
        changes_at_compute=(
            next_level(leaf.quantity, leaf.comparison, now, then) if _own_scope(leaf) is Scope.THIS else None
        ),
        who=("developer",),
    )


def _own_scope(leaf: Leaf) -> Scope:
    """Return the scope within one model's case: leaves that span models are asked for each model as `this`."""
    return Scope.THIS if leaf.of in {Scope.LINEAGE, Scope.ANY_MODEL} else leaf.of


def _are_comparable(leaf: Growth, now: Interval, then: Interval) -> bool:
    if leaf.quantity == EFFECTIVE_COMPUTE and now.dimension != "compute":
        return False
    return now.dimension is not None and now.dimension == then.dimension


def next_level(quantity: str, comparison: Comparison, now: Interval, then: Interval) -> Fraction | None:
    """Return the next effective compute, in FLOP, at which the comparison with `then` could change as it grows."""
    if quantity != EFFECTIVE_COMPUTE or now.upper is None:
        return None
    strict = comparison.comparator in {Comparator.MORE_THAN, Comparator.AT_MOST}
    at = (comparison.bound.magnitude * side for side in (then.lower, then.upper) if side is not None)
    levels = (Fraction(floor(level) + 1) if strict else level for level in at)
    return earliest(level for level in levels if level > now.upper)


def _reference(
    case: Case, leaf: Growth, limits: Limits
) -> tuple[Interval | None, tuple[Event, ...], datetime | None] | str:
    """Return the quantity that growth is measured from, the events of that completion, and until when they count."""
    if leaf.against == "this":
        since = last_completion(case, leaf.since, _own_scope(leaf), limits)
        if isinstance(since, str):
            return since
        return quantity_of(case, leaf.quantity, since[0], _own_scope(leaf)), since[1], since[2]
    others = [case.about(model) for model in case.models(Scope.ANY_MODEL)]
    found = [(other, last_completion(other, leaf.since, Scope.THIS, limits)) for other in others]
    known = [(other, since) for other, since in found if not isinstance(since, str)]
    if not known:
        return "stale" if any(since == "stale" for _, since in found) else "missing"
    return (
        largest([quantity_of(other, leaf.quantity, since[0], Scope.THIS) for other, since in known]),
        tuple(event for _, since in known for event in since[1]),
        earliest(since[2] for _, since in known),
    )


def quantity_of(case: Case, name: str, at: datetime, scope: Scope) -> Interval | None:
    """Return the latest value of a quantity at a time; effective compute as the question sets it."""
    if name == EFFECTIVE_COMPUTE and scope is Scope.THIS:
        if at == case.at and case.at_compute is not None:
            level = case.at_compute.magnitude
            return Interval(lower=level, upper=level, dimension="compute", evidence=())
        return case.clock.compute(case.path.asked.generation, at)
    return latest_quantity([case.view.about(subject, ("quantity", name)) for subject in case.subjects(scope)], at)


def last_completion(
    case: Case, duty: str, scope: Scope, limits: Limits
) -> tuple[datetime, tuple[Event, ...], datetime | None] | str:
    """Return when the duty was last completed by or for the model, the events that it rests on, until when they count.

    `missing` where it never was, `stale` where each completion is too old under a limit.
    """
    facts = [
        event for subject in _performers(case, duty, scope) for event in case.view.about(subject, ("performed", duty))
    ]
    found: list[tuple[datetime, tuple[Event, ...]]] = [(event.occurred, (event,)) for event in facts]
    course = _completions(case, duty)
    if course is not None:
        course.follow(case.at)
        for place in range(bisect_right(course.times, case.at)):
            rose = course.nodes[place].value is Truth.TRUE
            if rose and (place == 0 or course.nodes[place - 1].value is not Truth.TRUE):
                evidence = tuple(event for part in course.nodes[place].walk() for event in part.evidence)
                found.append((course.times[place], evidence))
    if not found:
        return "missing"
    completed, evidence = max(found, key=lambda one: one[0])
    # It is as old as the completion is; what compute has grown since is read off what it rests on.
    periods = (limit.period for limit in limits if limit is not None and limit.period is not None)
    ends = earliest(case.policy.calendar.anniversary(completed, period) for period in periods)
    by_growth = tuple(replace(limit, period=None) for limit in limits if limit is not None and limit.growth is not None)
    is_stale = ends is not None and ends <= case.at
    if is_stale or any(age_of(case, event, by_growth).stale for event in evidence):
        return "stale"
    return completed, evidence, ends


def _performers(case: Case, duty: str, scope: Scope) -> Iterable[SubjectKey]:
    """Return about whom performances count: the model and its developer, all models of its lineage, or the issuer."""
    if case.policy.duties[duty].instances == ISSUER:
        return (("developer", case.policy.issuer),)
    if scope is not Scope.THIS:
        return case.subjects(scope)
    own: SubjectKey = ("model", case.model.id)
    of_lineage: set[SubjectKey] = set()
    if case.policy.duties[duty].instances == "each lineage":
        dockets = case.timeline.applied.duty(duty).dockets
        of_lineage = {owner for docket in dockets if own in docket.subject.owners for owner in docket.subject.owners}
    return (*(of_lineage or {own}), ("developer", case.developer))


def quotient(above: Fraction | None, below: Fraction | None) -> Fraction | None:
    """Return one bound over another, or None where a side is open or zero."""
    return above / below if above is not None and below is not None and below > 0 else None


def sign(value: Fraction | None, bound: Fraction) -> int | None:
    """Return on which side of the bound a value lies, or None where it is open."""
    return None if value is None else (value > bound) - (value < bound)
