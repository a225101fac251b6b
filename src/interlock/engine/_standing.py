"""Standings: what an instance of a duty comes to at a time, read off its docket (LANGUAGE 4.5).

Completed in time, it is done, whatever else. Else a version that ended first supersedes it, an excuse that is true
excuses it, and only then does its clock count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from interlock.engine._docket import DutyTrack
from interlock.engine._due import INSTANT_BEFORE, due, due_of
from interlock.engine._duty_results import DutyStanding, DutyState
from interlock.engine._reading import ISSUER
from interlock.engine._sheet import GROWTH_UNKNOWN
from interlock.engine._signoff import latest
from interlock.engine._trace import earliest
from interlock.policy import Burden
from interlock.record import Event, ExcuseClaimed
from interlock.terms import Truth

if TYPE_CHECKING:
    from interlock.engine._docket import Docket
    from interlock.engine._scopes import DutyScope
    from interlock.engine._sheet import Cycle, Instance


def standing_of(docket: Docket, instance: Instance, at: datetime) -> DutyStanding:
    """Return what the instance comes to at the instant."""
    seen_at = at if instance.superseded is None else min(at, instance.superseded - INSTANT_BEFORE)
    sheet_due = due(docket, instance, seen_at)
    done = instance.done if instance.done is not None and instance.done <= at else None
    superseded = instance.superseded is not None and instance.superseded <= at
    state, reason, late_by = DutyState.OPEN, sheet_due.reason, None
    excuse = _excuse(docket, instance, at)
    if done is not None and (sheet_due.at is None or done < sheet_due.at):
        state = DutyState.DONE
    elif superseded:
        state, reason = DutyState.SUPERSEDED, "version-superseded"
    elif excuse is not None:
        state, reason = DutyState.EXCUSED, "excused"
    elif done is not None and sheet_due.at is not None:
        state, late_by = DutyState.DONE_LATE, done - sheet_due.at
    elif instance.doubt is not None:
        challenged = docket.applied.policy.burden is Burden.CHALLENGER
        state, reason = DutyState.UNKNOWN if challenged else DutyState.OPEN, instance.doubt
    elif sheet_due.at is not None and sheet_due.at <= at:
        state, late_by = DutyState.OVERDUE, at - sheet_due.at
    scope = docket.subject.scopes[instance.scope]
    return DutyStanding(
        policy=docket.applied.policy,
        duty=docket.duty,
        instance=scope.name,
        subject=docket.subject.subject,
        state=state,
        triggered=instance.triggered if instance.doubt is None else instance.opening,
        due=sheet_due.at,
        done=done,
        late_by=late_by,
        days_late=_days_late(docket, sheet_due.at, done or at) if late_by is not None else None,
        reason=reason,
        evidence=tuple(dict.fromkeys((*instance.evidence, *sheet_due.evidence, *(excuse or ())))),
    )


def _days_late(docket: Docket, due_at: datetime | None, until: datetime) -> int | None:
    """Return the whole days after the last day on which it would have been in time."""
    if due_at is None:
        return None
    calendar = docket.applied.policy.calendar
    return (calendar.day_of(until - INSTANT_BEFORE) - calendar.day_of(due_at - INSTANT_BEFORE)).days


def _excuse(docket: Docket, instance: Instance, at: datetime) -> tuple[int, ...] | None:
    """Return the indices of the events that the excuse rests on while it holds, or None where none does."""
    course = docket.courses[instance.scope].excused
    node = None if course is None else course.at(at)
    if node is None or node.value is not Truth.TRUE:
        return None
    claims = [event for event in claims_on(docket, instance) if event.occurred <= at]
    for claim in latest(claims):
        ends = claim.payload.until if isinstance(claim.payload, ExcuseClaimed) else None
        if ends is not None and ends <= at:
            return None
    return tuple(event.index for part in node.walk() for event in part.evidence)


def claims_on(docket: Docket, instance: Instance) -> list[Event]:
    """Return the claims of an excuse from the duty that speak of the instance."""
    name = docket.subject.scopes[instance.scope].name
    facts = docket.applied.state.facts
    found = [e for owner in docket.subject.owners for e in facts.get((owner, ("excused", docket.duty.id)), ())]
    return [e for e in found if isinstance(e.payload, ExcuseClaimed) and e.payload.instance in {None, name}]


def running_of(docket: Docket, scope: DutyScope, cycle: Cycle, at: datetime) -> DutyStanding:
    """Return the running period of a recurring duty as an entry of its own."""
    return DutyStanding(
        policy=docket.applied.policy,
        duty=docket.duty,
        instance=scope.name,
        subject=docket.subject.subject,
        state=DutyState.NOT_TRIGGERED,
        period_ends=docket.period_end(cycle),
        growth=docket.growth(scope, cycle, at),
    )


def standings_at(docket: Docket, at: datetime, *, live_only: bool = False) -> Iterator[DutyStanding]:
    """Yield every instance of the docket at the instant, in the order of opening, then its running periods.

    With `live_only` only the instances that can still be completed.
    """
    sheet = docket.at(at)
    if live_only:
        yield from (standing_of(docket, instance, at) for instance in sheet.instances.values() if instance.is_live)
        return
    ordered = sorted(sheet.instances.items(), key=lambda item: (item[1].opening, item[0]))
    for number, instance in ordered:
        standing = standing_of(docket, instance, at)
        cycle = sheet.cycles.get(instance.scope)
        current = cycle is not None and cycle.current == number
        if current and cycle is not None and instance.doubt == GROWTH_UNKNOWN:
            standing = _with_period(standing, docket, cycle, at)
        yield standing
    with_instances = {instance.scope for instance in sheet.instances.values()}
    for place, scope in enumerate(docket.subject.scopes):
        cycle = sheet.cycles.get(place)
        if cycle is not None and cycle.running:
            if cycle.current is None and not cycle.settled:
                yield running_of(docket, scope, cycle, at)
        elif place not in with_instances and _is_waiting(docket, scope, at):
            yield DutyStanding(
                policy=docket.applied.policy,
                duty=docket.duty,
                instance=scope.name,
                subject=docket.subject.subject,
                state=DutyState.NOT_TRIGGERED,
            )


def _is_waiting(docket: Docket, scope: DutyScope, at: datetime) -> bool:
    """Return whether the scope has an entry of its own while nothing has opened in it."""
    closes = docket.subject.closes
    by_its_own_events = docket.duty.instances is None and docket.subject.triggers is not None
    return scope.begins <= at and not by_its_own_events and (closes is None or at < closes)


def _with_period(standing: DutyStanding, docket: Docket, cycle: Cycle, at: datetime) -> DutyStanding:
    scope = next(s for s in docket.subject.scopes if s.name == standing.instance)
    return replace(standing, period_ends=docket.period_end(cycle), growth=docket.growth(scope, cycle, at))


def changes_at(docket: Docket, at: datetime, *, overdue: bool = False) -> datetime | None:
    """Return when, with no further event, the state of some instance could change after the instant.

    With `overdue` it matters only whether some instance is overdue: one in doubt is not, under the developer's burden.
    """
    certain = overdue and docket.applied.policy.burden is Burden.DEVELOPER
    return earliest((docket.next_after(at, certain=certain), *_clocks(docket, at)))


def _clocks(docket: Docket, at: datetime) -> Iterator[datetime]:
    for instance in docket.at(at).instances.values():
        if not instance.is_live:
            continue
        ends = due_of(docket, instance, at)
        courses = docket.courses[instance.scope]
        for course in (courses.excused, courses.extended):
            changing = None if course is None else course.changes_at(at)
            if changing is not None and changing > at:
                yield changing
        if ends is not None and ends > at:
            yield ends
        for claim in claims_on(docket, instance):
            until = claim.payload.until if isinstance(claim.payload, ExcuseClaimed) else None
            if until is not None and until > at and claim.occurred <= at:
                yield until


def overdue_until(docket: Docket, at: datetime) -> Iterator[datetime | None]:
    """Yield for each overdue instance the first instant at which, with no further event, it could be so no more.

    None where only an event can end that: its time is over for good, so nothing but its completion or an excuse does.
    """
    for instance in docket.at(at).instances.values():
        if instance.is_live and standing_of(docket, instance, at).state is DutyState.OVERDUE:
            courses = docket.courses[instance.scope]
            ending = (course.changes_at(at) for course in (courses.done, courses.excused) if course is not None)
            yield earliest(instant for instant in ending if instant is not None and instant > at)


def concerning(track: DutyTrack, model: str, developer: str) -> Iterator[Docket]:
    """Yield the dockets of a duty that concern a model: its own, its lineage's, its developer's, and the issuer's.

    For a developer by itself (`model` empty) they are its own.
    """
    for docket in track.dockets:
        owners = docket.subject.owners
        is_its_own = ("developer", developer) in owners or (model and ("model", model) in owners)
        if is_its_own or docket.duty.instances == ISSUER:
            yield docket
