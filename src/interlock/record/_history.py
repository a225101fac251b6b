"""Histories: what was known at a time, in the order in which it happened.

A history is the bitemporal fold's first half (LANGUAGE 3.2): of all events as given, those recorded by `known_at`,
with corrections applied, ordered by when they occurred. Whoever asks about `as_of` reads it only up to there.
What was recorded later changes nothing, and references are followed only to what is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Final

from interlock.record._corrections import Correction, Settlement, read_corrections, settle
from interlock.record._events import Event
from interlock.record._kinds import CORRECTION
from interlock.record._payloads import DocumentActed, EvaluationWithdrawn
from interlock.record._references import Resolver

_ORDER: Final = attrgetter("occurred", "recorded", "index")
_INDEX: Final = attrgetter("index")


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Events known at `known_at`, by (occurred, recorded, index), corrections applied.

    `events` are the facts: what is superseded is not among them, nor are corrections, which are about the record; those
    in effect are `corrections`, in the order of `events`. An event that is written out in a correction has its index.
    `given` are all events known at `known_at` as they were given, by index, superseded ones included.
    `withdrawn` maps the index of each evaluation to the events that withdraw it (a withdrawal counts only from its
    own `occurred` on, so the reader compares). `superseded` maps the index of a superseded event to its correction.
    `evidence` maps the index of each submission that lists evidence to the indices of the evaluations listed; one of
    those may be in `withdrawn`, in `superseded`, or in both.
    """

    known_at: datetime
    events: tuple[Event, ...]
    given: tuple[Event, ...]
    superseded: dict[int, Event]
    withdrawn: dict[int, tuple[Event, ...]]
    corrections: tuple[Event, ...] = ()
    evidence: dict[int, tuple[int, ...]] = field(default_factory=dict)


def history(events: Iterable[Event], known_at: datetime) -> History:
    """Return what was known of `events` at `known_at`, in the order of what happened.

    Sorting is all that costs more than one pass. MalformedError where corrections correct one another in a circle,
    which `read_events` refuses beforehand.
    """
    known = [event for event in events if event.recorded <= known_at]
    resolver = Resolver(known)
    settlement = settle(read_corrections([event for event in known if event.kind == CORRECTION], resolver))
    standing = _standing(known, settlement)
    return History(
        known_at=known_at,
        events=tuple(standing),
        given=tuple(sorted(known, key=_INDEX)),
        superseded=dict(settlement.superseded),
        withdrawn=_withdrawn(standing, settlement, resolver),
        corrections=tuple(sorted((one.event for one in settlement.in_effect), key=_ORDER)),
        evidence=_evidence(standing, resolver),
    )


def _standing(known: Sequence[Event], settlement: Settlement) -> list[Event]:
    superseded = settlement.superseded
    standing = [event for event in known if event.kind != CORRECTION and event.index not in superseded]
    standing += [one.replacement for one in settlement.in_effect if one.replacement is not None]
    standing.sort(key=_ORDER)
    return standing


def _withdrawn(standing: Sequence[Event], settlement: Settlement, resolver: Resolver) -> dict[int, tuple[Event, ...]]:
    """Return the withdrawals of each event named, and of what is written out in the place of one."""
    named: dict[int, list[Event]] = {}
    for event in standing:
        if isinstance(event.payload, EvaluationWithdrawn):
            for evaluation in resolver.find(event.payload.evaluation):
                named.setdefault(evaluation.index, []).append(event)
    if named:
        for one in settlement.in_effect:
            _inherit(one, settlement, named)
    return {index: tuple(sorted(withdrawals, key=_ORDER)) for index, withdrawals in named.items()}


def _inherit(one: Correction, settlement: Settlement, named: dict[int, list[Event]]) -> None:
    if one.replacement is None:
        return
    own = named.get(one.event.index, [])
    inherited = [event for target in settlement.replaced[one.event.index] for event in named.get(target, ())]
    united = {event.index: event for event in (*own, *inherited)}
    if united:
        named[one.event.index] = list(united.values())


def _evidence(standing: Sequence[Event], resolver: Resolver) -> dict[int, tuple[int, ...]]:
    return {
        event.index: tuple(found.index for reference in event.payload.evidence for found in resolver.find(reference))
        for event in standing
        if isinstance(event.payload, DocumentActed) and event.payload.evidence
    }
