"""Corrections: which events are superseded, by which corrections, and what stands in their place (LANGUAGE 3.1).

A correction is about the record, not about the world: once it is known it supersedes the event that it names, whenever
either occurred. What stands in the place is the event that `by` names, which stands by itself anyway, or the event
written out there, which was recorded with the correction and has its index.

- A correction that is itself superseded has no effect. If `by` names the event it superseded, or is another
  correction, it is undone; otherwise the later one takes over: what the first superseded stays superseded.
- Of several corrections of one event the last recorded holds (by `recorded`, then index).
- A withdrawal of an event also counts for what is written out in its place: the run is the same.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from interlock.record._events import Event
from interlock.record._payloads import EventCorrected
from interlock.record._references import Resolver, layers, written_out
from interlock.terms import MalformedError


@dataclass(frozen=True, slots=True)
class Layer:
    """One correction, perhaps written out in another: the indices it names, and those that stand in their place."""

    targets: tuple[int, ...]
    by: tuple[int, ...]
    by_is_correction: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction as given, with those written out in it, and what is written out innermost, if anything is."""

    event: Event
    layers: tuple[Layer, ...]
    replacement: Event | None

    @property
    def targets(self) -> frozenset[int]:
        """The indices of the events that it names."""
        return frozenset(target for layer in self.layers for target in layer.targets)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What comes of corrections: `superseded` events by index, and those corrections that have an effect.

    `replaced` maps the index of each correction in effect to the indices of all that it supersedes.
    """

    superseded: Mapping[int, Event] = field(default_factory=dict)
    in_effect: tuple[Correction, ...] = ()
    replaced: Mapping[int, frozenset[int]] = field(default_factory=dict)


def read_corrections(events: Sequence[Event], resolver: Resolver) -> dict[int, Correction]:
    """Return the corrections among `events` by index, with what they name among the events of `resolver`."""
    return {event.index: _correction(event, resolver) for event in events if isinstance(event.payload, EventCorrected)}


def _correction(event: Event, resolver: Resolver) -> Correction:
    inner = written_out(event)
    return Correction(
        event=event,
        layers=tuple(_layer(corrected, resolver) for _, corrected in layers(event)),
        replacement=None if isinstance(inner.payload, EventCorrected) else inner,
    )


def _layer(corrected: EventCorrected, resolver: Resolver) -> Layer:
    targets = tuple(event.index for event in resolver.find(corrected.event))
    if isinstance(corrected.by, Event):
        return Layer(targets, (), isinstance(corrected.by.payload, EventCorrected))
    named = resolver.find(corrected.by)
    return Layer(
        targets, tuple(event.index for event in named), any(isinstance(e.payload, EventCorrected) for e in named)
    )


def settle(corrections: Mapping[int, Correction]) -> Settlement:
    """Return what comes of the corrections; MalformedError where they form a circle."""
    ordered = in_order(corrections)
    if len(ordered) < len(corrections):
        circle = sorted(corrections.keys() - {one.event.index for one in ordered})
        msg = f"the corrections {', '.join(f'`{index}`' for index in circle)} correct one another in a circle"
        raise MalformedError(msg)
    reaches = reaches_of(ordered)
    superseded: dict[int, Event] = {}
    in_effect: list[Correction] = []
    for one in ordered:
        index = one.event.index
        if index in superseded:
            continue
        winner = next((superseded[target] for target in reaches[index] if target in superseded), None)
        if winner is None:
            in_effect.append(one)
        else:
            superseded[index] = winner
        for target in reaches[index]:
            superseded.setdefault(target, winner or one.event)
    replaced: dict[int, set[int]] = {one.event.index: set() for one in in_effect}
    for target, event in superseded.items():
        replaced[event.index].add(target)
    return Settlement(superseded, tuple(in_effect), {index: frozenset(found) for index, found in replaced.items()})


def in_order(corrections: Mapping[int, Correction]) -> list[Correction]:
    """Return the corrections, each after those that correct it, and otherwise the last recorded first.

    Those of a circle, and whatever they correct, are left out.
    """
    waiting = dict.fromkeys(corrections, 0)
    for one in corrections.values():
        for target in one.targets & corrections.keys():
            waiting[target] += 1
    last_first = sorted(corrections.values(), key=lambda one: (one.event.recorded, one.event.index), reverse=True)
    rank = {one.event.index: place for place, one in enumerate(last_first)}
    ready = [rank[index] for index, number in waiting.items() if not number]
    heapq.heapify(ready)
    ordered = []
    while ready:
        one = last_first[heapq.heappop(ready)]
        ordered.append(one)
        for target in one.targets & corrections.keys():
            waiting[target] -= 1
            if not waiting[target]:
                heapq.heappush(ready, rank[target])
    return ordered


def reaches_of(ordered: Sequence[Correction], *, most: int | None = None) -> dict[int, frozenset[int]]:
    """Return, by the index of each correction, all that it supersedes if it is in effect.

    That is what it names, and what the corrections that it names superseded, unless it undoes them. Those beyond which
    the events named are more than `most` are left out.
    """
    reaches: dict[int, frozenset[int]] = {}
    named = 0
    for one in reversed(ordered):
        reach: set[int] = set()
        for layer in one.layers:
            reach.update(layer.targets)
            for target in layer.targets:
                passed = reaches.get(target, frozenset())
                if not layer.by_is_correction and passed.isdisjoint(layer.by):
                    reach |= passed
        named += len(reach)
        if most is not None and named > most:
            return reaches
        reaches[one.event.index] = frozenset(reach)
    return reaches
