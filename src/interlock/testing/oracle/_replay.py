"""What departs from the policies over time, by judging each act and each instant anew (4.8).

An act is judged by the decision just before it: on what occurred and was recorded before it, though at its instant, so
that what ends at that instant has ended. Duties, amendments and loosenings are read off what is known at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from interlock.policy import AmendmentRule, Policy
from interlock.record import Event, EventCorrected
from interlock.terms import LEAF_ACTIONS, Truth, leaf_actions
from interlock.testing.oracle._answers import book_of
from interlock.testing.oracle._calendar import end_of_period
from interlock.testing.oracle._case import latest
from interlock.testing.oracle._conditions import NotEvaluatedError
from interlock.testing.oracle._decision import (
    OracleDecision,
    OracleQuestion,
    OracleRefusal,
    OracleRestriction,
    RefusedError,
    check_commits,
    decide_under,
    policies_in_force,
    restrictions_of,
)
from interlock.testing.oracle._duties import DutyBook
from interlock.testing.oracle._facts import Word, enough_distinct
from interlock.testing.oracle._ground import Forced, Known
from interlock.testing.oracle._knowledge import CircularCorrectionsError, Knowledge, known_by
from interlock.testing.oracle._policy_conditions import conditions_of
from interlock.testing.oracle._standing import Standing
from interlock.testing.oracle._turning import asks_about_duties, turning_points
from interlock.testing.oracle._versions import Span, starts_of

ACTIONS = {
    "training.started": "train",
    "training.continued": "train",
    "weights.stored": "store",
    "weights.shared": "share-weights",
    "weights.released": "release-weights",
}
ENDS = {"train": "training.paused", "store": "weights.deleted"}


@dataclass(frozen=True, kw_only=True, order=True)
class OracleBreach:
    """A departure: what kind, under which policy, of which restriction, duty or policy, when, and about what."""

    kind: str
    policy: str
    id: str
    at: datetime
    about: str | None = None
    action: str | None = None
    late_by: timedelta | None = None
    by_default: bool = False


@dataclass(frozen=True, kw_only=True, order=True)
class OracleLoosening:
    """An amendment under which an action held on the evidence known at its adoption became permitted."""

    at: datetime
    policy: str
    was: str
    now: str
    model: str
    action: str


@dataclass(frozen=True, kw_only=True)
class OracleReplay:
    """The departures and the retroactive loosenings, each in no order."""

    breaches: tuple[OracleBreach, ...]
    loosenings: tuple[OracleLoosening, ...]


def replay(
    policies: Sequence[Policy],
    events: Sequence[Event],
    as_of: datetime | None = None,
    *,
    forcing: Forced | None = None,
) -> OracleReplay | OracleRefusal:
    """Return what departs from the policies up to `as_of` (default: the last instant on record).

    `forcing` gives terms of policies a reading from the beginning.
    """
    end = as_of or max(instant for event in events for instant in (event.occurred, event.recorded))
    try:
        walk = _Replay(policies, events, end, forcing or {})
        return OracleReplay(
            breaches=(*walk.acts(), *walk.continued(), *walk.duties(), *walk.amendments()),
            loosenings=tuple(walk.loosenings()),
        )
    except RefusedError as refused:
        return refused.answer
    except CircularCorrectionsError:
        return OracleRefusal(exit=2, why="corrections correct one another in a circle")
    except NotEvaluatedError as error:
        return OracleRefusal(exit=2, why=f"not evaluated: {error}")


@dataclass(frozen=True, kw_only=True)
class _Run:
    """An action going on: from an act until it ends; `acts` are the act that began it and those that continued it."""

    model: str
    action: str
    start: datetime
    end: datetime | None
    acts: tuple[Event, ...]

    def goes_on_until(self, instant: datetime) -> bool:
        """Return whether it had not ended before an instant."""
        return self.end is None or self.end >= instant


@dataclass(frozen=True, kw_only=True)
class _Hold:
    """A restriction that is active from an instant on for an action going on, and by when that must cease."""

    run: _Run
    policy: str
    id: str
    start: datetime
    deadline: datetime


class _Replay:
    def __init__(self, policies: Sequence[Policy], events: Sequence[Event], end: datetime, forced: Forced) -> None:
        self._policies, self._events, self._end, self._forced = policies, events, end, forced
        for policy in policies:
            check_commits(policy)
        self._book = book_of(policies, events, end, end, forced)
        self._known = self._book.known.knowledge.events
        self._judged: dict[object, OracleDecision | None] = {}
        self._ids = list(dict.fromkeys(policy.id for policy in policies))
        self._found_holds: list[_Hold] | None = None

    # Judging

    def _knowledge(self, instant: datetime, *, before: bool) -> Knowledge:
        """Return what was recorded by an instant, or before it; what occurs at that instant is then left out.

        An adoption that is known beforehand is not left out: the version is in force from its instant on.
        """
        recorded = [event for event in self._events if event.recorded < instant or not before]
        known = known_by(recorded, instant)
        if not before:
            return known
        facts = (event for event in known.events if event.occurred != instant or event.kind == "policy.adopted")
        return replace(known, events=tuple(facts), turning={})

    def _then(self, knowledge: Knowledge, instant: datetime) -> Known:
        return Known(knowledge=knowledge, as_of=instant, known_at=instant, forced=self._forced)

    def _decision(
        self, model: str, action: str, weights: str | None, instant: datetime, *, before: bool
    ) -> OracleDecision | None:
        """Return the decision at an instant, or just before it; None where the question can't be asked."""
        key = (model, action, weights, instant, before)
        if key not in self._judged:
            known = self._then(self._knowledge(instant, before=before), instant)
            question = OracleQuestion(model=model, action=action, as_of=instant, weights=weights)
            try:
                in_force = policies_in_force(self._policies, known.knowledge.events, instant)
                book = DutyBook(self._policies, known)
                self._judged[key] = decide_under(in_force, book, question, may_be_unnamed=True)
            except RefusedError:
                self._judged[key] = None
        return self._judged[key]

    @staticmethod
    def _active(decision: OracleDecision | None) -> list[OracleRestriction]:
        if decision is None:
            return []
        return [one for one in decision.restrictions if one.binds and one.state == "active"]

    # Acts

    def acts(self) -> Iterator[OracleBreach]:
        """Yield each binding restriction that held an act when it took place."""
        for event in self._known:
            action, model = _action_of(event), event.subject.model
            if action is None or model is None or event.occurred > self._end:
                continue
            decision = self._decision(model, action, event.subject.weights, event.occurred, before=True)
            for one in self._active(decision):
                if not (event.kind == "training.continued" and self._may_cease(event, one)):
                    yield OracleBreach(
                        kind="held-action",
                        policy=one.policy,
                        id=one.id,
                        at=event.occurred,
                        about=model,
                        action=action,
                        by_default=one.when is Truth.UNKNOWN,
                    )

    def _may_cease(self, event: Event, restriction: OracleRestriction) -> bool:
        """Whether training went on before the hold began, with time to cease: what goes on later is one departure."""
        return any(
            (hold.policy, hold.id) == (restriction.policy, restriction.id)
            and event in hold.run.acts
            and hold.start <= event.occurred
            and self._unbroken(hold, event.occurred)
            for hold in self._holds()
        )

    # What goes on

    def continued(self) -> Iterator[OracleBreach]:
        """Yield what went on past the time in which it had to cease."""
        for hold in self._holds():
            run = hold.run
            if hold.deadline > self._end or not run.goes_on_until(hold.deadline):
                continue
            weights = self._weights(run, hold.deadline)
            decision = self._decision(run.model, run.action, weights, hold.deadline, before=True)
            active = [one for one in self._active(decision) if (one.policy, one.id) == (hold.policy, hold.id)]
            if active and self._unbroken(hold, hold.deadline):
                yield OracleBreach(
                    kind="past-cease-within",
                    policy=hold.policy,
                    id=hold.id,
                    at=hold.deadline,
                    about=run.model,
                    action=run.action,
                    by_default=active[0].when is Truth.UNKNOWN,
                )

    def _holds(self) -> list[_Hold]:
        if self._found_holds is None:
            self._found_holds = [hold for run in self._runs() for hold in self._holds_of(run)]
        return self._found_holds

    def _holds_of(self, run: _Run) -> Iterator[_Hold]:
        """Yield each beginning of a hold while an action goes on, of the restrictions that say by when to cease."""
        if not self._ceasing(run.action):
            return
        was = self._keys(run, run.start, before=True)
        for instant in self._moments():
            if instant < run.start or not run.goes_on_until(instant):
                continue
            now = self._keys(run, instant)
            for policy_id, name in sorted(now - was):
                version = self._version(policy_id, instant)
                restriction = version.restrictions.get(name)
                if restriction is not None and restriction.cease_within is not None:
                    deadline = end_of_period(version.calendar, instant, restriction.cease_within)
                    yield _Hold(run=run, policy=policy_id, id=name, start=instant, deadline=deadline)
            was = now

    def _ceasing(self, action: str) -> bool:
        return any(
            one.cease_within is not None and any(action in leaf_actions(forbidden) for forbidden in one.forbids)
            for policy in self._policies
            for one in policy.restrictions.values()
        )

    def _keys(self, run: _Run, instant: datetime, *, before: bool = False) -> set[tuple[str, str]]:
        """Return which binding restrictions hold a run at an instant or just before it, on what was recorded then."""
        decision = self._decision(run.model, run.action, self._weights(run, instant), instant, before=before)
        return {(one.policy, one.id) for one in self._active(decision)}

    def _unbroken(self, hold: _Hold, until: datetime) -> bool:
        """Whether a hold lasted from its start up to an instant."""
        between = [instant for instant in self._moments() if hold.start <= instant < until]
        return all((hold.policy, hold.id) in self._keys(hold.run, instant) for instant in between)

    def _version(self, policy_id: str, instant: datetime) -> Policy:
        known = self._knowledge(instant, before=False).events
        return next(one for one in policies_in_force(self._policies, known, instant) if one.id == policy_id)

    def _weights(self, run: _Run, instant: datetime) -> str | None:
        """Return the digest that goes on being used: in training the newest, else that of the last act."""
        if run.action == "train":
            return None
        last = [event for event in run.acts if event.occurred <= instant][-1]
        if last.subject.weights is not None:
            return last.subject.weights
        named = [
            event.subject.weights
            for event in self._known
            if event.subject.model == run.model and event.subject.weights is not None and event.occurred < last.occurred
        ]
        return list(dict.fromkeys(named))[-1] if named else None

    def _runs(self) -> Iterator[_Run]:
        """Yield what went on, from the first act that it began with until the event that ended it."""
        open_runs: dict[tuple[str, str], list[Event]] = {}
        for event in self._known:
            model, action = event.subject.model, _action_of(event)
            if model is None or event.occurred > self._end:
                continue
            if action is not None and (action in ENDS or event.kind == "model.deployed"):
                open_runs.setdefault((model, action), []).append(event)
            for key, acts in list(open_runs.items()):
                if key[0] == model and _ends(event, key[1]):
                    yield _run(key, acts, event.occurred)
                    del open_runs[key]
        yield from (_run(key, acts, None) for key, acts in open_runs.items())

    def _moments(self) -> list[datetime]:
        """Return every instant at which a decision could change, on what is recorded then."""
        if "moments" not in self._judged:
            given = [inner for event in self._events for inner in _written_out(event)]
            found = {instant for event in given for instant in (event.occurred, event.recorded)}
            for policy in self._policies:
                found |= turning_points(policy, given, self._end) | set(starts_of(policy, given))
                found.add(policy.calendar.start_of_day(policy.effective))
            found |= set(self._moments_of_duties())
            self._all_moments = sorted(instant for instant in found if instant <= self._end)
            self._judged["moments"] = None
        return self._all_moments

    def _moments_of_duties(self) -> Iterator[datetime]:
        for recorded in sorted({event.recorded for event in self._events if event.recorded <= self._end}):
            knowledge = known_by(self._events, recorded)
            known = Known(knowledge=knowledge, as_of=self._end, known_at=recorded, forced=self._forced)
            book = DutyBook(self._policies, known)
            for policy in self._policies:
                if any(asks_about_duties(policy, condition) for condition in conditions_of(policy)):
                    yield from book.all_changes(policy.id, asked=True)

    # Duties

    def duties(self) -> Iterator[OracleBreach]:
        """Yield each binding instance of a duty that was overdue at some instant, or was done late."""
        for policy_id in self._ids:
            for span in self._book.spans(policy_id):
                for duty in span.version.duties.values():
                    if duty.clause.binds:
                        yield from self._late(span, duty.id)

    def _late(self, span: Span, name: str) -> Iterator[OracleBreach]:
        duty = span.version.duties[name]
        moments = {*self._book.all_changes(span.version.id), self._end}
        late: dict[object, Standing] = {}
        until: dict[object, datetime] = {}
        for instant in sorted(moments):
            if instant < span.start:
                continue
            for one in self._book.of_duty(span, duty, instant):
                key = (one.instance, one.whose, one.event, one.opening)
                if one.state in ("overdue", "done-late") or key in late:
                    late[key] = one
                    if one.state != "excused" or key not in until:
                        until.pop(key, None)
                    if one.state == "excused":
                        until.setdefault(key, instant)
        for name_of_instance, one in late.items():
            assert one.due is not None
            end = until.get(name_of_instance, self._end) if one.done is None else one.done
            yield OracleBreach(
                kind="duty-overdue" if one.done is None else "duty-late",
                policy=one.policy,
                id=one.duty,
                at=one.due if one.done is None else one.done,
                about=one.instance,
                late_by=end - one.due,
            )

    # Amendments

    def amendments(self) -> Iterator[OracleBreach]:
        """Yield each version that came into force against the rule of the version before it."""
        for old, new in self._transitions():
            rule = old.version.amendments
            if rule is not None and rule.clause.binds and list(self._missing(rule, old.version, new)):
                yield OracleBreach(kind="amendment", policy=new.version.id, id=new.version.id, at=new.start)

    def _transitions(self) -> Iterator[tuple[Span, Span]]:
        for policy_id in self._ids:
            spans = self._book.spans(policy_id)
            yield from pairwise(spans)

    def _missing(self, rule: AmendmentRule, old: Policy, new: Span) -> Iterator[str]:
        """Yield the parts of an amendment that no event shows."""
        about = [
            event
            for event in self._known
            if event.subject.model is None and event.subject.developer in (None, old.issuer)
        ]
        before = [event for event in about if event.occurred < new.start]
        if rule.approved_by is not None and not _approved(rule, before, new.version):
            yield "approval"
        for role in rule.consulted:
            if not any(_consults(event, role, old.id) for event in before):
                yield f"consultation of {role}"
        published = [event for event in about if event.occurred <= new.start and _publishes(event, new.version)]
        if rule.published and not published:
            yield "publication"
        notice = rule.notice
        if notice is not None and not any(
            end_of_period(old.calendar, event.occurred, notice) <= new.start for event in published
        ):
            yield "notice"

    # Loosenings

    def loosenings(self) -> Iterator[OracleLoosening]:
        """Yield each action that an amendment permits though it was held on the evidence then."""
        for old, new in self._transitions():
            known = self._then(self._knowledge(new.start, before=True), new.start)
            spans = {policy_id: self._book.spans(policy_id) for policy_id in self._ids}
            earlier = [span for span in spans[new.version.id] if span.start < new.start]
            before = DutyBook(self._policies, known, spans | {new.version.id: [*earlier[:-1], replace(old, end=None)]})
            after = DutyBook(self._policies, known, spans)
            for model in known.case(new, after).registered_models():
                for action in LEAF_ACTIONS:
                    was = self._outcome(old.version, before, model, action)
                    if was == "held" and self._outcome(new.version, after, model, action) == "permitted":
                        yield OracleLoosening(
                            at=new.start,
                            policy=new.version.id,
                            was=old.version.version,
                            now=new.version.version,
                            model=model,
                            action=action,
                        )

    @staticmethod
    def _outcome(version: Policy, book: DutyBook, model: str, action: str) -> str | None:
        if not any(
            one.clause.binds and any(action in leaf_actions(forbidden) for forbidden in one.forbids)
            for one in restrictions_of(version)
        ):
            return "permitted"
        question = OracleQuestion(model=model, action=action, as_of=book.known.as_of)
        try:
            return decide_under([version], book, question).outcome
        except RefusedError:
            return None


def _action_of(event: Event) -> str | None:
    return event.text_of("class") if event.kind == "model.deployed" else ACTIONS.get(event.kind)


def _ends(event: Event, action: str) -> bool:
    if action in ENDS:
        return event.kind == ENDS[action]
    return event.kind == "model.withdrawn" and event.text_of("class") == action


def _run(key: tuple[str, str], acts: Sequence[Event], end: datetime | None) -> _Run:
    return _Run(model=key[0], action=key[1], start=acts[0].occurred, end=end, acts=tuple(acts))


def _written_out(event: Event) -> Iterator[Event]:
    yield event
    while isinstance(event.payload, EventCorrected) and isinstance(event.payload.by, Event):
        event = event.payload.by
        yield event


def _approved(rule: AmendmentRule, before: Sequence[Event], new: Policy) -> bool:
    """1: each role's latest word before the start approves the new version, by distinct actors."""
    assert rule.approved_by is not None
    acts = [event for event in before if event.text_of("document") == new.id]
    stated = any(event.kind == "document.submitted" and event.text_of("digest") == new.digest for event in acts)
    words = []
    for role in rule.approved_by.names:
        said = latest(
            event
            for event in acts
            if event.kind in ("document.approved", "document.rejected")
            and event.role == role
            and (not stated or event.text_of("digest") == new.digest)
        )
        approves = bool(said) and all(event.kind == "document.approved" for event in said)
        words.append(Word(truth=Truth.of(approves), events=tuple(said)))
    return enough_distinct(words, rule.approved_by.needed)


def _consults(event: Event, role: str, policy: str) -> bool:
    if event.text_of("document") != policy:
        return False
    if event.kind == "party.notified":
        return role in (event.text_of("party"), event.role)
    return event.kind in ("review.received", "review.requested") and event.role == role


def _publishes(event: Event, version: Policy) -> bool:
    if event.kind == "policy.published":
        return (event.text_of("policy"), event.text_of("version")) == (version.id, version.version)
    stated = (event.text_of("document"), event.text_of("digest"))
    return event.kind == "document.published" and stated == (version.id, version.digest)
