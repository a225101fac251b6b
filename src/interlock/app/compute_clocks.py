"""Compute clocks on the axis of time: when growth would reach its limit if compute went on growing as it was measured.

A projection is no fact and decides nothing. It draws a straight line through the logarithm of effective compute, from
the first measurement that the clock rests on to the last. Its early end takes the upper bounds, and that is when the
clock runs out, as a growth counts by its upper bound (LANGUAGE 9); its late end takes the lower bounds. There is none,
and it is said why, where fewer than two measurements were made or where they show no growth.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Final

from interlock.engine import GrowthReading
from interlock.record import Event

_EFFECTIVE_COMPUTE: Final = "effective-compute"
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """When a compute clock would run out: `expected`, from `earliest` to `latest` (None: no end in sight).

    Days of UTC. `measurements` is how many the line runs through, the first to the last of them. Where there is no
    projection `expected` is None and `why_not` says why; then `earliest` may still be known, from the bounds.
    `stands_still` is whether the measurements show that no day can be told by growth, not even by the upper bounds.
    """

    reading: GrowthReading
    measurements: int
    expected: date | None = None
    earliest: date | None = None
    latest: date | None = None
    why_not: str | None = None
    stands_still: bool = False


def project(reading: GrowthReading, events: Sequence[Event], as_of: datetime) -> Projection:
    """Return the projection of a growth clock; `events` are those that its evidence is among, by index."""
    measured = _measurements(reading, events, as_of)
    count = len(measured)
    if reading.ratio is None:
        return Projection(reading=reading, measurements=count, why_not="its growth is not known")
    if len({event.occurred for event in measured}) < _FEWEST:
        why = "one measurement alone shows no trend" if measured else "there is no measurement"
        return Projection(reading=reading, measurements=count, why_not=why)
    start, end = measured[0].occurred, measured[-1].occurred
    earliest = _reaches(reading.upper, reading.limit, start, end)
    if reading.ratio <= 1:
        why = f"{count} measurements show no growth"
        still = reading.upper is not None and reading.upper <= 1
        return Projection(reading=reading, measurements=count, earliest=earliest, why_not=why, stands_still=still)
    expected = _reaches(reading.ratio, reading.limit, start, end)
    return Projection(
        reading=reading,
        measurements=count,
        expected=expected,
        earliest=earliest,
        latest=_reaches(reading.lower, reading.limit, start, end),
        why_not="growth is too slow for a day to be told" if expected is None else None,
        stands_still=earliest is None,
    )


def _measurements(reading: GrowthReading, events: Sequence[Event], as_of: datetime) -> list[Event]:
    """Return the measurements of those that the clock rests on, from the first to the last that it rests on."""
    by_index = {event.index: event for event in events}
    resting = [by_index[index] for index in reading.evidence if index in by_index]
    if not resting:
        return []
    subjects = {_subject(event) for event in resting}
    first = min(event.occurred for event in resting)
    last = min(max(event.occurred for event in resting), as_of)
    found = (event for event in events if _measures(event) and _subject(event) in subjects)
    return sorted(_once(event for event in found if first <= event.occurred <= last), key=lambda event: event.occurred)


def _measures(event: Event) -> bool:
    return event.measured is not None and event.measured.quantity == _EFFECTIVE_COMPUTE


def _subject(event: Event) -> tuple[str | None, str | None]:
    return event.subject.model, event.subject.developer


def _once(events: Iterable[Event]) -> list[Event]:
    """Return the events, one for each instant of each subject: a measurement may be stated by two of them."""
    return list({(event.occurred, _subject(event)): event for event in events}.values())


def _reaches(ratio: Fraction | None, limit: Fraction, start: datetime, end: datetime) -> date | None:
    """Return the day on which a growth by `ratio` from start to end would have come to `limit`; None if never."""
    if ratio is None or ratio <= 1:
        return None
    share = _logarithm(limit) / _logarithm(ratio)
    try:
        reached = start + timedelta(seconds=(end - start).total_seconds() * share)
    except OverflowError:
        return None
    return reached.astimezone(UTC).date()


def _logarithm(value: Fraction) -> float:
    return math.log(value.numerator) - math.log(value.denominator)
