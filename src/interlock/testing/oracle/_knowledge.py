"""What is known at a time: recorded by then, with corrections applied (3.1, 3.2).

A correction is about the record and not about the world: once it is known it supersedes what it names, whenever either
occurred. What is superseded is decided by asking, of each event, whether any correction that is not itself superseded
reaches it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from interlock.record import Event, EventCorrected, Reference

Indices = frozenset[int]


class CircularCorrectionsError(Exception):
    """Corrections that correct one another in a circle: nothing follows from them, and the question is refused."""


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """The events that stand, by (occurred, recorded, index); `given` are all that were recorded by then.

    `stand_for` maps the index of an event that a correction has written out to the indices of what it replaces.
    `turning` are the instants at which conditions of a policy could change, once they were asked for.
    """

    given: tuple[Event, ...]
    events: tuple[Event, ...]
    stand_for: dict[int, Indices]
    turning: dict[object, frozenset[datetime]] = field(default_factory=dict, compare=False, repr=False)

    def names(self, reference: Reference, event: Event) -> bool:
        """Return whether a reference names `event`, or what it was written out to replace."""
        return bool(named(self.given, reference) & ({event.index} | self.stand_for.get(event.index, frozenset())))


def named(given: Sequence[Event], reference: Reference) -> Indices:
    """9: the indices of the events that an index or a digest names."""
    return frozenset(event.index for event in given if reference in (event.index, event.digest))


def known_by(events: Sequence[Event], known_at: datetime) -> Knowledge:
    """3.2: what was recorded by `known_at`, with the corrections recorded by then."""
    given = tuple(event for event in events if event.recorded <= known_at)
    corrections = {event.index: event for event in given if isinstance(event.payload, EventCorrected)}
    reaches = {index: _reach(index, corrections, given, ()) for index in corrections}

    def corrected(index: int) -> bool:
        return any(index in reaches[other] and not corrected(other) for other in corrections if other != index)

    live = {index: reach for index, reach in reaches.items() if not corrected(index)}
    superseded = {target for reach in live.values() for target in reach}
    beaten = {index for index in live if any(_beats(live, corrections, other, index) for other in live)}
    # a correction is about the record: it is no fact about a model
    standing = [event for event in given if event.index not in superseded | corrections.keys()]
    stand_for = {}
    for index in live.keys() - beaten:
        inner = _written_out(corrections[index])
        if inner is not None:
            standing.append(inner)
            stand_for[index] = live[index].union(
                *(live[lost] | {lost} for lost in _beaten_by(live, corrections, index))
            )
    ordered = sorted(standing, key=lambda event: (event.occurred, event.recorded, event.index))
    return Knowledge(given=given, events=tuple(ordered), stand_for=stand_for)


def _reach(index: int, corrections: dict[int, Event], given: Sequence[Event], asking: tuple[int, ...]) -> Indices:
    """Return all that a correction supersedes while it is in effect.

    That is what it names, and what the corrections that it names superseded; unless it undoes those, by putting in
    their place another correction or what they had superseded.
    """
    if index in asking:
        raise CircularCorrectionsError
    reach: set[int] = set()
    correction: Event | None = corrections[index]
    while correction is not None and isinstance(correction.payload, EventCorrected):
        payload = correction.payload
        inner = payload.by if isinstance(payload.by, Event) else None
        by = frozenset() if isinstance(payload.by, Event) else named(given, payload.by)
        by_correction = bool(by & corrections.keys()) or (
            inner is not None and isinstance(inner.payload, EventCorrected)
        )
        targets = named(given, payload.event)
        reach |= targets
        for target in targets & corrections.keys():
            before = _reach(target, corrections, given, (*asking, index))
            if not by_correction and not before & by:
                reach |= before
        correction = inner
    return frozenset(reach)


def _written_out(correction: Event) -> Event | None:
    """Return the event that a correction has written out in its stead, innermost where corrections nest."""
    inner: Event = correction
    while isinstance(inner.payload, EventCorrected):
        if not isinstance(inner.payload.by, Event):
            return None
        inner = inner.payload.by
    return inner


def _beats(live: dict[int, Indices], corrections: dict[int, Event], one: int, other: int) -> bool:
    """Of several corrections of one event the last recorded holds."""
    later = (corrections[one].recorded, one) > (corrections[other].recorded, other)
    return later and bool(live[one] & live[other])


def _beaten_by(live: dict[int, Indices], corrections: dict[int, Event], index: int) -> list[int]:
    return [other for other in live if _beats(live, corrections, index, other)]
