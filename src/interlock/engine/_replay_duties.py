"""Duties in a replay: how the state of each instance went over time, and which were late or left undone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from interlock.engine._due import INSTANT_BEFORE, due_of
from interlock.engine._duty_results import DutyStanding, DutyState
from interlock.engine._replay_results import Breach, Change
from interlock.engine._standing import claims_on, standing_of
from interlock.record import ExcuseClaimed
from interlock.terms import format_instant

if TYPE_CHECKING:
    from interlock.engine._applied import AppliedPolicy
    from interlock.engine._docket import Docket, Instance


def duty_changes(applied: Iterable[AppliedPolicy], as_of: datetime) -> Iterator[tuple[datetime, Change]]:
    """Yield every change of the state of an instance up to `as_of`."""
    for docket, instance in _every_instance(applied, as_of):
        name = docket.subject.scopes[instance.scope].name
        was: DutyState | None = None
        for at, standing in states_over(docket, instance, as_of):
            yield (
                at,
                Change(
                    item="duty",
                    policy=docket.applied.policy.id,
                    id=docket.duty.id,
                    about=name,
                    was=None if was is None else was.value,
                    now=standing.state.value,
                ),
            )
            was = standing.state


def _every_instance(applied: Iterable[AppliedPolicy], as_of: datetime) -> Iterator[tuple[Docket, Instance]]:
    for one in applied:
        for duty in one.policy.duties.values():
            for docket in one.duty(duty.id).dockets:
                for instance in docket.at(as_of).instances.values():
                    yield docket, instance


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
    if docket.duty.agreed_document is not None:
        for topic in ("submitted", "voted"):
            facts = docket.applied.facts((topic, docket.duty.agreed_document))
            yield from (event.occurred for event in facts)
    for at in (instance.opening, instance.triggered, as_of):
        due = None if at is None else due_of(docket, instance, at)
        if due is not None:
            yield due
            final = due_of(docket, instance, due)
            yield final or due


def duty_breaches(applied: Iterable[AppliedPolicy], as_of: datetime) -> Iterator[Breach]:
    """Yield every binding instance that was done late or left undone past its due instant."""
    for docket, instance in _every_instance(applied, as_of):
        if not docket.duty.clause.binds:
            continue
        standing = standing_of(docket, instance, as_of)
        if standing.state is DutyState.DONE_LATE:
            yield _late(standing)
        elif standing.state is DutyState.OVERDUE:
            yield _overdue(standing, standing.due, standing.late_by, "")
        elif standing.state is DutyState.EXCUSED:
            overdue = [at for at, then in states_over(docket, instance, as_of) if then.state is DutyState.OVERDUE]
            if overdue:
                last = standing_of(docket, instance, _end_of_overdue(docket, instance, overdue[-1], as_of))
                yield _overdue(last, overdue[0], last.late_by, "; it was excused afterwards")


def _end_of_overdue(docket: Docket, instance: Instance, start: datetime, as_of: datetime) -> datetime:
    later = [at for at, _ in states_over(docket, instance, as_of) if at > start]
    return (min(later) if later else as_of) - INSTANT_BEFORE


def _late(standing: DutyStanding) -> Breach:
    done = standing.done or standing.due or datetime.min  # noqa: DTZ901 - one that is late is done
    due = "" if standing.due is None else format_instant(standing.due)
    days = _days(standing)
    detail = f"`{standing.duty.must}` of {standing.instance} was done {format_instant(done)}, due {due}: {days}"
    return _breach("duty-late", standing, done, standing.late_by, detail)


def _overdue(standing: DutyStanding, at: datetime | None, late_by: timedelta | None, then: str) -> Breach:
    due = at or standing.due or datetime.min  # noqa: DTZ901 - one that is overdue has a due instant
    detail = f"`{standing.duty.must}` of {standing.instance} was due {format_instant(due)} and not done{then}"
    return _breach("duty-overdue", standing, due, late_by, detail)


def _days(standing: DutyStanding) -> str:
    days = standing.days_late
    if not days:
        return "less than a day after its time was over"
    return f"{days} day{'' if days == 1 else 's'} after the last day for it"


def _breach(kind: str, standing: DutyStanding, at: datetime, late_by: timedelta | None, detail: str) -> Breach:
    return Breach(
        kind=kind,
        policy=standing.policy.id,
        version=standing.policy.version,
        id=standing.duty.id,
        at=at,
        about=standing.instance,
        action=None,
        late_by=late_by,
        by_default=False,
        reading=None,
        detail=detail,
        clause=standing.duty.clause,
        evidence=standing.evidence,
    )
