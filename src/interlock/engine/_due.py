"""Due instants: when the time for an instance of a duty is over (LANGUAGE 1, 4.5 and 9).

By the policy's own period from the clock that it names, as agreed with whom it names, and as extended; an agreement or
an extension counts only if it stood before the time was over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from interlock.engine._reading import INCIDENT_CLOCKS
from interlock.engine._signoff import latest
from interlock.record import DocumentActed, IncidentReported
from interlock.terms import Truth

if TYPE_CHECKING:
    from interlock.engine._docket import Docket, Instance

INSTANT_BEFORE: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When the time to do it is over, and why it is not simply the policy's own period."""

    at: datetime | None
    reason: str | None = None
    evidence: tuple[int, ...] = ()


def due_of(docket: Docket, instance: Instance, at: datetime) -> datetime | None:
    """Return the instant at which the time for the instance is over, as it stands at `at`; None where it has none."""
    return due(docket, instance, at).at


def due(docket: Docket, instance: Instance, at: datetime) -> Due:
    """Return when the instance is due, as it stands at `at`: by the policy, as agreed, and as extended."""
    duty, calendar = docket.duty, docket.applied.policy.calendar
    first = Due(at=_first_due(docket, instance, at))
    if duty.agreed_document is not None and instance.triggered is not None:
        first = _agreed(docket, instance, first, at) or first
    course = docket.courses[instance.scope].extended
    if duty.extended is None or course is None or first.at is None:
        return first
    # Counts if it is true just before the time is over, or now where that has not come.
    if course.value(min(first.at - INSTANT_BEFORE, at)) is not Truth.TRUE:
        return first
    return Due(at=calendar.extended(first.at, duty.extended.by), reason="extended", evidence=first.evidence)


def _first_due(docket: Docket, instance: Instance, at: datetime) -> datetime | None:
    if instance.triggered is None:
        return None
    duty, calendar = docket.duty, docket.applied.policy.calendar
    base = _base(docket, instance, at)
    if base is None:
        return None
    if duty.within is None:
        return base if duty.every is not None else None
    return calendar.extended(base, duty.within) if instance.of_period else calendar.end_of_period(base, duty.within)


def _base(docket: Docket, instance: Instance, at: datetime) -> datetime | None:
    kind = INCIDENT_CLOCKS.get(docket.duty.clock)
    id = incident_of(docket, instance)  # noqa: A001 - the field's name
    if kind is None or id is None or docket.duty.every is not None:
        return instance.base
    occurred = [
        event.occurred
        for event in docket.applied.facts(("kind", kind))
        if isinstance(event.payload, IncidentReported) and event.payload.id == id
    ]
    first = min(occurred, default=None)
    if first is None or first > at:
        return None
    event, rose = instance.event, instance.triggered
    rose_later = event is not None and scope_is_open(docket) and rose is not None and rose > event.occurred
    return max(first, rose) if rose_later and rose is not None else first


def scope_is_open(docket: Docket) -> bool:
    """Return whether each event of the trigger opens an instance by itself."""
    return docket.subject.triggers is not None


def incident_of(docket: Docket, instance: Instance) -> str | None:
    """Return the id of the incident that the instance is about, if it is about one."""
    scope = docket.subject.scopes[instance.scope]
    if scope.incident is not None:
        return scope.incident
    told = None if instance.event is None else instance.event.payload
    return told.id if isinstance(told, IncidentReported) else None


def _agreed(docket: Docket, instance: Instance, first: Due, at: datetime) -> Due | None:
    """Return the due instant that was agreed before the first one, by the latest approved submission that names it."""
    scope = docket.subject.scopes[instance.scope]
    if first.at is not None:
        return _agreed_by(docket, instance, min(first.at - INSTANT_BEFORE, at))
    # Without a period of the policy's own the first date that was agreed is the one that others must come before.
    case, duty = scope.timelines[0].case(at), docket.duty
    votes = [e for s in case.own for e in case.view.about(s, ("voted", duty.agreed_document or ""))]
    for instant in sorted({vote.occurred for vote in votes}):
        agreed = _agreed_by(docket, instance, instant)
        if agreed is not None and agreed.at is not None:
            return _agreed_by(docket, instance, min(agreed.at - INSTANT_BEFORE, at)) or agreed
    return None


def _agreed_by(docket: Docket, instance: Instance, until: datetime) -> Due | None:
    """Return the due instant of the latest submission that names the duty and stood approved at `until`."""
    duty, calendar = docket.duty, docket.applied.policy.calendar
    case = docket.subject.scopes[instance.scope].timelines[0].case(until)
    submissions = [e for s in case.own for e in case.view.about(s, ("submitted", duty.agreed_document or ""))]
    votes = [
        e
        for s in case.own
        for e in case.view.about(s, ("voted", duty.agreed_document or ""))
        if e.role == duty.agreed_with
    ]
    for event in sorted(submissions, key=lambda e: (e.occurred, e.recorded, e.index), reverse=True):
        submitted = event.payload
        if not isinstance(submitted, DocumentActed) or duty.id not in submitted.schedule:
            continue
        last = latest(v for v in votes if isinstance(v.payload, DocumentActed) and v.payload.digest == submitted.digest)
        if not last or any(vote.kind != "document.approved" for vote in last):
            continue
        stated = submitted.schedule[duty.id]
        agreed = stated if isinstance(stated, datetime) else calendar.end_of_day(stated)
        if agreed > instance.opening:
            return Due(at=agreed, reason="as-agreed", evidence=(event.index, *(vote.index for vote in last)))
    return None
