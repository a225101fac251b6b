"""Duties that are done once for each rise of their trigger, or for each event that triggers them (4.5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from interlock.record import Event
from interlock.terms import Truth
from interlock.testing.oracle._due import Instance, due
from interlock.testing.oracle._ground import INSTANT, Ground
from interlock.testing.oracle._scopes import DutyScope


def instances(
    ground: Ground, scopes: Sequence[DutyScope], performances: Sequence[Event], now: datetime
) -> list[Instance]:
    """Return every instance of one subject by now, with what completed it."""
    found = [one for scope in scopes for one in _opened(ground, scope, ground.last(now))]
    for one in found:
        one.done_when = _first_done(ground, one, now)
    end = ground.span.end
    for event in performances:
        if end is None or event.occurred < end:
            _perform(found, event)
    if end is not None and end <= now:
        for one in found:
            one.superseded = not _done_before(one, end) and not _overdue_at(ground, one, end)
            if one.superseded:
                one.done_when = None
        for event in performances:
            if event.occurred >= end:
                _perform([one for one in found if not one.superseded], event)
    for one in found:
        one.done = min((done for done in (one.done, one.done_when) if done is not None), default=None)
    return [one for one in found if one.lapses is None or one.done is not None]


# Openings


def _opened(ground: Ground, scope: DutyScope, last: datetime) -> list[Instance]:
    begin = max(ground.span.start, scope.begins)
    if ground.by_event is None:
        values = [
            (instant, ground.trigger(scope, instant).truth)
            for instant in ground.instants(begin, last)
            if scope.closes is None or instant < scope.closes
        ]
        found = _rises(scope, values, true_before=_true_before(ground, scope))
        for one in found:
            if one.provisional and scope.closes is not None and scope.closes <= last:
                one.lapses = scope.closes
        return found
    found = []
    for event in ground.trigger_events(scope):
        values = [
            (instant, ground.event_trigger(scope, event, instant).truth)
            for instant in ground.instants(event.occurred, last)
        ]
        rises = _rises(scope, values)[:1]
        for one in rises:
            one.event = event
        found += rises
    return found


def _true_before(ground: Ground, scope: DutyScope) -> bool:
    """Whether the trigger of a deployment, an incident or a document was true just before the span."""
    if scope.focus is None or scope.begins >= ground.span.start:
        return False
    return ground.trigger(scope, ground.span.start - INSTANT).truth is Truth.TRUE


def _rises(scope: DutyScope, values: Sequence[tuple[datetime, Truth]], *, true_before: bool = False) -> list[Instance]:
    """Return an instance for each rise into true, and a provisional one where the trigger is unknown at the end.

    What completes an instance counts from its opening: the start of the unknown spell before the rise. What was true
    just before (`true_before`) does not rise at the start.
    """
    found: list[Instance] = []
    was, unknown_since = Truth.TRUE if true_before else Truth.FALSE, None
    for instant, value in values:
        if value is Truth.TRUE and was is not Truth.TRUE:
            found.append(Instance(scope=scope, opening=unknown_since or instant, triggered=instant))
        if value is not Truth.UNKNOWN:
            unknown_since = None
        elif unknown_since is None:
            unknown_since = instant
        was = value
    if unknown_since is not None:
        found.append(Instance(scope=scope, opening=unknown_since, triggered=unknown_since, provisional=True))
    return found


# Completion


def _first_done(ground: Ground, instance: Instance, now: datetime) -> datetime | None:
    """Return the first instant from the opening on at which `done-when` is true."""
    if ground.duty.done_when is None:
        return None
    true = (
        instant
        for instant in ground.instants(instance.opening, now)
        if ground.done_when(instance.scope, instant).truth is Truth.TRUE
    )
    first = next(true, None)
    return None if first is not None and instance.lapses is not None and instance.lapses <= first else first


def _perform(found: Sequence[Instance], event: Event) -> None:
    """Complete the oldest instance that was not completed before; one that is named by `instance`, if any is."""
    named = event.text_of("instance")
    waiting = [
        one
        for one in found
        if one.opening <= event.occurred
        and (one.lapses is None or event.occurred < one.lapses)
        and one.done is None
        and (one.done_when is None or one.done_when >= event.occurred)
        and named in (None, one.scope.name)
    ]
    if waiting:
        min(waiting, key=lambda one: one.order).done = event.occurred


def _done_before(instance: Instance, end: datetime) -> bool:
    return any(done is not None and done < end for done in (instance.done, instance.done_when))


def _overdue_at(ground: Ground, instance: Instance, end: datetime) -> bool:
    _, held = due(ground, instance, ground.last(end))
    return held is not None and held <= end
