"""The order in which a record becomes known: when events join what is known to have happened, and what they name then.

An event joins once it is both so and recorded. Where no correction is known what joins adds to what is there; from the
first correction on, what is known is put together anew at every instant at which what events name, or what supersedes
them, could come out otherwise than by adding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from interlock.record import (
    DocumentActed,
    EvaluationWithdrawn,
    Event,
    EventCorrected,
    History,
    Reference,
    history,
)


@dataclass(slots=True)
class Queue:
    """Events in the order of an instant of theirs, taken up to a moment at a time."""

    events: Sequence[Event]
    when: Callable[[Event], datetime]
    place: int = 0

    def up_to(self, moment: datetime) -> Iterator[Event]:
        """Yield the events that are next, up to and including those of the moment."""
        while self.place < len(self.events) and self.when(self.events[self.place]) <= moment:
            self.place += 1
            yield self.events[self.place - 1]


def joins(event: Event) -> datetime:
    """Return when an event is part of what is known to have happened: once it is so and recorded."""
    return max(event.occurred, event.recorded)


def recorded(event: Event) -> datetime:
    """Return when an event was recorded."""
    return event.recorded


@dataclass(slots=True)
class Order:
    """The order in which the events given become known, up to `as_of`.

    `uncorrected` is what they come to without any correction, which is what they name until one is known; at the
    instants `anew` what is known is put together anew.
    """

    events: Sequence[Event]
    as_of: datetime
    joining: Queue = field(init=False)
    adopting: Queue = field(init=False)
    anew: frozenset[datetime] = field(init=False)
    uncorrected: History = field(init=False)
    withdrawn_by: dict[int, list[int]] = field(init=False)
    """By the index of a withdrawal the evaluations that it names, as long as no correction is known."""

    def __post_init__(self) -> None:
        """Put the events in order."""
        plain = [event for event in self.events if not isinstance(event.payload, EventCorrected)]
        joining = (event for event in plain if joins(event) <= self.as_of)
        ordered = sorted(joining, key=lambda event: (joins(event), event.occurred, event.recorded, event.index))
        self.joining = Queue(ordered, joins)
        adoptions = (event for event in plain if event.kind == "policy.adopted" and event.recorded <= self.as_of)
        self.adopting = Queue(sorted(adoptions, key=recorded), recorded)
        self.anew = frozenset(at for at in _put_together_at(self.events) if at <= self.as_of)
        self.uncorrected = history(plain, self.as_of)
        self.withdrawn_by = {}
        for evaluation, withdrawals in self.uncorrected.withdrawn.items():
            for withdrawal in withdrawals:
                self.withdrawn_by.setdefault(withdrawal.index, []).append(evaluation)

    def moments(self) -> set[datetime]:
        """Return every instant at which something becomes known."""
        return {*map(joins, self.joining.events), *map(recorded, self.adopting.events), *self.anew}


def _put_together_at(events: Sequence[Event]) -> Iterator[datetime]:
    """Yield the instants from the first correction on at which adding to what is known is not enough."""
    corrections = [event for event in events if isinstance(event.payload, EventCorrected)]
    if not corrections:
        return
    first = min(event.recorded for event in corrections)
    named = _named(events)
    for event in events:
        for layer in _layers(event):
            references = _references(layer)
            if references or layer is not event:
                yield max(first, event.recorded)
                yield max(first, event.recorded, layer.occurred)
            for reference in references:
                # What is named may be recorded after what names it.
                late = (target.recorded for target in named(reference) if target.recorded > event.recorded)
                yield from (max(first, at) for at in late)


def _layers(event: Event) -> Iterator[Event]:
    """Yield the event and those that are written out in it, if it is a correction."""
    yield event
    while isinstance(event.payload, EventCorrected) and isinstance(event.payload.by, Event):
        event = event.payload.by
        yield event


def _references(event: Event) -> tuple[Reference, ...]:
    match event.payload:
        case EventCorrected(event=target, by=by):
            return (target,) if isinstance(by, Event) else (target, by)
        case EvaluationWithdrawn(evaluation=evaluation):
            return (evaluation,)
        case DocumentActed(evidence=evidence):
            return evidence
        case _:
            return ()


def _named(events: Iterable[Event]) -> Callable[[Reference], Sequence[Event]]:
    by_index = {event.index: event for event in events}
    by_digest: dict[str, list[Event]] = {}
    for event in by_index.values():
        by_digest.setdefault(event.digest, []).append(event)

    def named(reference: Reference) -> Sequence[Event]:
        if isinstance(reference, str):
            return by_digest.get(reference, ())
        return [by_index[reference]] if reference in by_index else []

    return named
