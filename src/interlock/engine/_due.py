"""Due instants: when the time for an instance of a duty is over (LANGUAGE 1, 4.5 and 9).

By the policy's own period from the clock that it names, as agreed with whom it names or notified to them, and as
extended; an agreement, a notice or an extension counts only if it stood before the time was over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from interlock.engine._reading import INCIDENT_CLOCKS
from interlock.engine._scopes import concerns
from interlock.engine._signoff import latest
from interlock.engine._state import ORDER, WORLD
from interlock.record import DocumentActed, Event, IncidentReported, PartyNotified
from interlock.terms import Truth

if TYPE_CHECKING:
    from interlock.engine._docket import Docket
    from interlock.engine._sheet import Instance

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
    """Return when the instance is due, as it stands at `at`: by the policy, as agreed or notified, and as extended."""
    duty, calendar = docket.duty, docket.applied.policy.calendar
    first = Due(at=_first_due(docket, instance, at))
    if duty.schedule_document is not None and instance.triggered is not None:
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
    first = min((event.occurred for event in reports_of_incident(docket, instance, (kind,), at)), default=None)
    if first is None:
        return None
    event, rose = instance.event, instance.triggered
    rose_later = event is not None and scope_is_open(docket) and rose is not None and rose > event.occurred
    return max(first, rose) if rose_later and rose is not None else first


def reports_of_incident(docket: Docket, instance: Instance, kinds: Sequence[str], up_to: datetime) -> list[Event]:
    """Return the reports of these kinds, by `up_to`, of the incident that opened an instance; none where none did."""
    developer = docket.subject.scopes[instance.scope].timelines[0].developer
    incident = incident_of(docket, instance)
    return [
        event
        for event in docket.applied.facts(*(("kind", kind) for kind in kinds))
        if isinstance(event.payload, IncidentReported)
        and event.payload.id == incident
        and event.occurred <= up_to
        and concerns(docket.applied, event, developer)
    ]


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
    if first.at is not None:
        return _agreed_by(docket, instance, min(first.at - INSTANT_BEFORE, at))
    # Without a period of the policy's own the first date that was agreed is the one that others must come before.
    for instant in sorted({event.occurred for event in _acts(docket, instance, at, "submitted", "voted", "notified")}):
        agreed = _agreed_by(docket, instance, instant)
        if agreed is not None and agreed.at is not None:
            return _agreed_by(docket, instance, min(max(agreed.at - INSTANT_BEFORE, instant), at))
    return None


def _agreed_by(docket: Docket, instance: Instance, until: datetime) -> Due | None:
    """Return the due instant of the latest submission that names the duty and counted at `until`.

    It counts while it is approved by whom the duty names, or once whom it names is notified of it. Of several at one
    place the earliest is taken.
    """
    is_agreed = docket.duty.agreed_document is not None
    words = _acts(docket, instance, until, "voted" if is_agreed else "notified")
    agreed: dict[int, Due] = {}
    submissions = _acts(docket, instance, until, "submitted")
    for event in submissions:
        stated = _scheduled(docket, event)
        by = _approvals(docket, event, words) if is_agreed else _notices(docket, event, words)
        if by and stated is not None and stated > instance.opening:
            evidence = (event.index, *(word.index for word in by))
            reason = "as-agreed" if is_agreed else "as-notified"
            agreed[event.index] = Due(at=stated, reason=reason, evidence=evidence)
    last = latest(event for event in submissions if event.index in agreed)
    return min((agreed[event.index] for event in last), key=lambda one: (one.at, one.evidence), default=None)


def _approvals(docket: Docket, submission: Event, votes: Iterable[Event]) -> tuple[Event, ...]:
    """Return the latest votes of the role on the submission's digest, where every one of them approves it."""
    role = docket.duty.agreed_with
    last = latest(vote for vote in votes if vote.role == role and _digest(vote) == _digest(submission))
    return last if all(vote.kind == "document.approved" for vote in last) else ()


def _notices(docket: Docket, submission: Event, notices: Iterable[Event]) -> tuple[Event, ...]:
    """Return the first notice of the submission to the party: of its digest, or of none and not before it.

    What another submits than the policy says is no schedule, whoever was told of it.
    """
    document = docket.applied.policy.documents.get(docket.duty.notified_document or "")
    if document is not None and document.submitted_by not in {None, submission.role}:
        return ()
    found = [
        notice
        for notice in notices
        if isinstance(notice.payload, PartyNotified)
        and notice.payload.party == docket.duty.notified_to
        and (
            notice.occurred >= submission.occurred
            if notice.payload.digest is None
            else notice.payload.digest == _digest(submission)
        )
    ]
    return tuple(sorted(found, key=ORDER)[:1])


def _acts(docket: Docket, instance: Instance, until: datetime, *sorts: str) -> list[Event]:
    """Return what was done with the document of the schedule by `until`, of what any model of the scope sees."""
    found: dict[int, Event] = {}
    for timeline in docket.subject.scopes[instance.scope].timelines:
        view = timeline.view(until)
        for subject in (("model", timeline.model), ("developer", timeline.developer), WORLD):
            for sort in sorts:
                about = view.about(subject, (sort, docket.duty.schedule_document or ""))
                found.update((event.index, event) for event in about)
    return list(found.values())


def _digest(act: Event) -> str | None:
    return act.payload.digest if isinstance(act.payload, DocumentActed) else None


def _scheduled(docket: Docket, submission: Event) -> datetime | None:
    """Return until when a submission says that the duty may be done; a day is over at its end in the policy's zone."""
    said, duty = submission.payload, docket.duty.id
    if not isinstance(said, DocumentActed) or duty not in said.schedule:
        return None
    stated = said.schedule[duty]
    return stated if isinstance(stated, datetime) else docket.applied.policy.calendar.end_of_day(stated)
