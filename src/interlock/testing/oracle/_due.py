"""When an instance of a duty is due: its clock, what was agreed, and the extension (1, 4.5 and 9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from interlock.record import Event
from interlock.terms import parse_date, parse_instant
from interlock.testing.oracle._calendar import end_of_day, end_of_period, extended
from interlock.testing.oracle._case import latest
from interlock.testing.oracle._ground import INSTANT, Ground
from interlock.testing.oracle._scopes import DutyScope, concerns

CLOCKS = {
    "suspicion": "incident.suspected",
    "discovery": "incident.discovered",
    "determination": "incident.determined",
}


@dataclass(kw_only=True, eq=False)
class Instance:
    """One instance of a duty, as it comes to be.

    `provisional`: its trigger or its growth clock is unknown, so that it is never due; `awaiting`: until its trigger
    comes true; `lapses`: when it is gone unless done. `event` is the trigger event of
    a per-event duty. `period` is the start of the period that opened it, and `set_due` what the period's end makes its
    first due instant, for a duty that recurs. `early`: done within a running period, before it opened.
    """

    scope: DutyScope
    opening: datetime
    triggered: datetime | None
    provisional: bool = False
    event: Event | None = None
    period: datetime | None = None
    set_due: datetime | None = None
    early: bool = False
    awaiting: bool = False
    lapses: datetime | None = None
    done: datetime | None = None
    superseded: bool = False
    done_when: datetime | None = field(default=None)

    @property
    def order(self) -> tuple[object, ...]:
        """What makes one instance older than another."""
        rank = (self.event.recorded, self.event.index) if self.event is not None else (self.opening, 0)
        return (self.opening, self.triggered or self.opening, rank, self.scope.order)


def due(ground: Ground, instance: Instance, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return the first due instant and the one that holds, agreed or extended, both as of now."""
    if instance.provisional or instance.early:
        return None, None
    first = instance.set_due if ground.duty.every is not None else _by_clock(ground, instance, now)
    agreed = _agreed(ground, instance, first, now)
    held = agreed if agreed is not None else first
    if held is None or ground.duty.extended is None:
        return first, held
    looked_at = now if now < held else held - INSTANT
    if ground.extended(instance.scope, looked_at):
        return first, extended(ground.span.version.calendar, held, ground.duty.extended.by)
    return first, held


# Clocks


def _by_clock(ground: Ground, instance: Instance, now: datetime) -> datetime | None:
    base = _base(ground, instance, now)
    if base is None or ground.duty.within is None:
        return None
    return end_of_period(ground.span.version.calendar, base, ground.duty.within)


def _base(ground: Ground, instance: Instance, now: datetime) -> datetime | None:
    """4.5 and 9: the instant from which `within` counts; None where what starts the clock has not happened yet."""
    assert instance.triggered is not None
    clock, rise = ground.duty.clock, instance.triggered
    incident = _incident(instance)
    if clock == "event" or (clock in CLOCKS and incident is None):
        return rise
    if clock == "awareness":
        return max(rise, _aware(ground, instance))
    found = [
        event.occurred
        for event in ground.cases(instance.scope, now)[0].events
        if event.kind == CLOCKS[clock]
        and event.text_of("id") == incident
        and concerns(ground.known.case(ground.span, None), event, instance.scope.developer)
    ]
    if not found:
        return None
    late = instance.event is not None and rise > instance.event.occurred
    return max(min(found), rise) if late else min(found)


def _incident(instance: Instance) -> str | None:
    """Return the id of the incident that the trigger event reports, or that the duty is for."""
    if instance.event is not None:
        return instance.event.text_of("id") if instance.event.kind.startswith("incident.") else None
    focus = instance.scope.focus
    return str(focus.named) if focus is not None and focus.kind == "incident" else None


def _aware(ground: Ground, instance: Instance) -> datetime:
    """Return when the trigger was recorded: what it rests on, by the support that was recorded first."""
    assert instance.triggered is not None
    if instance.event is not None:
        return instance.event.recorded
    recorded = {event.index: event.recorded for event in ground.known.knowledge.events}
    supports = ground.shown_by(instance.scope, instance.triggered).supports
    return min(
        (max((recorded[index] for index in support), default=instance.triggered) for support in supports),
        default=instance.triggered,
    )


# Agreements


def _agreed(ground: Ground, instance: Instance, first: datetime | None, now: datetime) -> datetime | None:
    """1 and 9: the date of the latest schedule that was agreed before the first due instant.

    Where there is no such instant the first date that was agreed is the first.
    """
    if ground.duty.schedule_document is None:
        return None
    acts = _acts(ground, instance.scope, now)
    instants = sorted({event.occurred for event in acts})
    for instant in instants:
        if first is not None and instant >= first:
            break
        found = _agreed_by(ground, instance, acts, instant)
        if first is None and found is not None:
            first = max(found, instant + INSTANT)
    before = [instant for instant in instants if first is None or instant < first]
    return _agreed_by(ground, instance, acts, before[-1]) if before else None


def _acts(ground: Ground, scope: DutyScope, now: datetime) -> list[Event]:
    """Return what was done with the agreed document, of what the scope sees."""
    seen = [event for case in ground.cases(scope, now) for event in case.facts()]
    acts = {event.index: event for event in seen if event.text_of("document") == ground.duty.schedule_document}
    return sorted(acts.values(), key=lambda event: (event.occurred, event.recorded, event.index))


def _agreed_by(ground: Ground, instance: Instance, acts: Iterable[Event], by: datetime) -> datetime | None:
    acts = [event for event in acts if event.occurred <= by]
    stated = [
        (event, date)
        for event in acts
        if event.kind == "document.submitted" and _counts(ground, acts, event)
        for date in [_scheduled(ground, event)]
        if date is not None and date > instance.opening
    ]
    last = latest(event for event, _ in stated)
    return min((date for event, date in stated if event in last), default=None)


def _counts(ground: Ground, acts: Iterable[Event], submission: Event) -> bool:
    """Whether the schedule is agreed, or it comes from whom it should and the party was notified of that digest.

    A notice that names no digest is of whatever was submitted by then.
    """
    if ground.duty.agreed_document is not None:
        return _approved(ground, acts, submission.text_of("digest"))
    submitter = ground.span.version.documents[ground.duty.notified_document or ""].submitted_by
    return submitter in (None, submission.role) and any(
        event.kind == "party.notified"
        and event.text_of("party") == ground.duty.notified_to
        and event.text_of("digest") in (None, submission.text_of("digest"))
        and (event.text_of("digest") is not None or event.occurred >= submission.occurred)
        for event in acts
    )


def _approved(ground: Ground, acts: Iterable[Event], digest: str | None) -> bool:
    """Whether the role's latest word on the digest is that it approves; of several at one place, every one."""
    words = latest(
        event
        for event in acts
        if event.kind in ("document.approved", "document.rejected")
        and event.role == ground.duty.agreed_with
        and event.text_of("digest") == digest
    )
    return bool(words) and all(event.kind == "document.approved" for event in words)


def _scheduled(ground: Ground, submission: Event) -> datetime | None:
    """Return what a submission's schedule says of the duty: a day ends where the policy's time zone says."""
    stated = submission.source.get("data", {}).get("schedule", {}).get(ground.duty.id)
    if stated is None:
        return None
    if len(stated) == len("2025-01-01"):
        return end_of_day(ground.span.version.calendar, parse_date(stated))
    return parse_instant(stated)
