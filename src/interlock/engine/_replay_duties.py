"""Duties in a replay: how the state of each instance went over time, and which were late or left undone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from interlock.engine._docket import Docket
from interlock.engine._due import due_of
from interlock.engine._duty_results import DutyStanding, DutyState
from interlock.engine._replay_results import Breach, Change
from interlock.engine._sheet import Instance
from interlock.engine._standing import claims_on, standing_of
from interlock.engine._trace import earliest
from interlock.record import ExcuseClaimed
from interlock.terms import format_instant

if TYPE_CHECKING:
    from interlock.engine._applied import AppliedPolicy

_LATE: Final = {DutyState.OVERDUE, DutyState.DONE_LATE}


def duty_changes(applied: Iterable[AppliedPolicy], as_of: datetime) -> Iterator[tuple[datetime, Change]]:
    """Yield every change of the state of an instance up to `as_of`."""
    for docket in _dockets(applied):
        for instance, gone in instances_over(docket, as_of):
            states = [(at, standing.state.value) for at, standing in states_over(docket, instance, gone or as_of)]
            was: str | None = None
            for at, state in ((at, state) for at, state in states if gone is None or at < gone):
                yield at, _change(docket, instance, was, state)
                was = state
            if gone is not None and was is not None:
                yield gone, _change(docket, instance, was, None)


def _change(docket: Docket, instance: Instance, was: str | None, now: str | None) -> Change:
    return Change(
        item="duty",
        policy=docket.applied.policy.id,
        id=docket.duty.id,
        about=docket.subject.scopes[instance.scope].name,
        was=was,
        now=now,
    )


def _dockets(applied: Iterable[AppliedPolicy]) -> Iterator[Docket]:
    for one in applied:
        for duty in one.policy.duties.values():
            yield from one.duty(duty.id).dockets


def instances_over(docket: Docket, as_of: datetime) -> list[tuple[Instance, datetime | None]]:
    """Return every instance that there was up to `as_of`, and when it went where its trigger was not so after all."""
    stepped = Docket(applied=docket.applied, duty=docket.duty, subject=docket.subject)
    gone: list[tuple[Instance, datetime | None]] = []
    before: dict[int, Instance] = {}
    at = stepped.instants[0] if stepped.instants else None
    while at is not None and at <= as_of:
        sheet = stepped.at(at)
        if sheet.instances is not before:
            gone += [(instance, at) for number, instance in before.items() if number not in sheet.instances]
            before = sheet.instances
        following = bisect_right(stepped.instants, at)
        recorded = stepped.instants[following] if following < len(stepped.instants) else None
        at = earliest((recorded, stepped.next_after(at)))
    return [*((instance, None) for instance in before.values()), *gone]


def states_over(docket: Docket, instance: Instance, as_of: datetime) -> list[tuple[datetime, DutyStanding]]:
    """Return the states of an instance from its opening on, each with the instant at which it came to it."""
    found: list[tuple[datetime, DutyStanding]] = []
    if instance.triggered is None and instance.doubt is None and instance.done is not None:
        # A period that was completed before it was over had nothing open.
        return [(instance.done, standing_of(docket, instance, instance.done))] if instance.done <= as_of else []
    for at in sorted({one for one in _instants(docket, instance, as_of) if instance.opening <= one <= as_of}):
        standing = standing_of(docket, _as_then(instance, at), at)
        if not found or found[-1][1].state is not standing.state:
            found.append((at, standing))
    return found


def _as_then(instance: Instance, at: datetime) -> Instance:
    """Return the instance as it was before it was certain that it is owed."""
    if instance.triggered is not None and at < instance.triggered:
        return replace(instance, triggered=None, base=None, doubt="trigger-unknown")
    return instance


def _instants(docket: Docket, instance: Instance, as_of: datetime) -> Iterator[datetime]:
    yield instance.opening
    for at in (instance.triggered, instance.done, instance.superseded):
        if at is not None:
            yield at
    courses = docket.courses[instance.scope]
    for course in (courses.excused, courses.extended):
        if course is not None:
            course.follow(as_of)
            yield from course.times
    for claim in claims_on(docket, instance):
        yield claim.occurred
        if isinstance(claim.payload, ExcuseClaimed) and claim.payload.until is not None:
            yield claim.payload.until
    if docket.duty.schedule_document is not None:
        for topic in ("submitted", "voted", "notified"):
            facts = docket.applied.facts((topic, docket.duty.schedule_document))
            yield from (event.occurred for event in facts)
    for at in (instance.opening, instance.triggered, as_of):
        due = None if at is None else due_of(docket, instance, at)
        if due is not None:
            yield due
            final = due_of(docket, instance, due)
            yield final or due


def duty_breaches(applied: Iterable[AppliedPolicy], as_of: datetime) -> Iterator[Breach]:
    """Yield every binding instance that was done late or left undone past its due instant."""
    for docket in (one for one in _dockets(applied) if one.duty.clause.binds):
        for instance in docket.at(as_of).instances.values():
            standing = standing_of(docket, instance, as_of)
            if standing.state is DutyState.DONE_LATE:
                yield _late(standing)
            elif standing.state is DutyState.OVERDUE:
                yield _overdue(standing)
            elif standing.state is DutyState.EXCUSED:
                yield from _late_before_excused(docket, instance, standing, as_of)


def _late_before_excused(
    docket: Docket, instance: Instance, standing: DutyStanding, as_of: datetime
) -> Iterator[Breach]:
    """Yield the departure of one that is excused now and was late or overdue before it was."""
    states = states_over(docket, instance, as_of)
    due = next((then.due for _, then in reversed(states) if then.state in _LATE), None)
    if due is None:
        return
    then = "; it was excused afterwards"
    if standing.done is not None:
        yield _late(replace(standing, due=due, late_by=standing.done - due), then)
    else:
        yield _overdue(replace(standing, due=due, late_by=states[-1][0] - due), then)


def _late(standing: DutyStanding, then: str = "") -> Breach:
    done = standing.done or standing.due or datetime.min  # noqa: DTZ901 - one that is late is done
    due = "" if standing.due is None else format_instant(standing.due)
    days = "" if standing.days_late is None else f": {_days(standing.days_late)}"
    detail = f"`{standing.duty.must}` of {standing.instance} was done {format_instant(done)}, due {due}{days}{then}"
    return _breach("duty-late", standing, done, detail)


def _overdue(standing: DutyStanding, then: str = "") -> Breach:
    due = standing.due or datetime.min  # noqa: DTZ901 - one that is overdue has a due instant
    detail = f"`{standing.duty.must}` of {standing.instance} was due {format_instant(due)} and not done{then}"
    return _breach("duty-overdue", standing, due, detail)


def _days(days: int) -> str:
    return f"{days} day{'' if days == 1 else 's'} after the last day for it"


def _breach(kind: str, standing: DutyStanding, at: datetime, detail: str) -> Breach:
    return Breach(
        kind=kind,
        policy=standing.policy.id,
        version=standing.policy.version,
        id=standing.duty.id,
        at=at,
        about=standing.instance,
        action=None,
        late_by=standing.late_by,
        by_default=False,
        reading=None,
        detail=detail,
        clause=standing.duty.clause,
        evidence=standing.evidence,
    )
