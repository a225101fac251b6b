"""Growth clocks: how many times the effective compute of then there is now, with bounds (LANGUAGE 4.5 and 9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction

from interlock.engine._duty_results import GrowthReading
from interlock.engine._freshness import Interval
from interlock.engine._timeline import Timeline
from interlock.terms import Truth


def compute_of(timeline: Timeline, at: datetime) -> Interval | None:
    """Return the effective compute of a timeline's model at an instant."""
    case = timeline.case(at)
    interval = case.clock.compute(case.path.asked.generation, at)
    if interval is None or interval.dimension == "compute":
        return interval
    # Measured in another unit it may be anything: the largest of a lineage too.
    return Interval(lower=None, upper=None, dimension="compute", evidence=())


def largest(intervals: Iterable[Interval | None]) -> Interval | None:
    """Return the largest of several quantities: of their lower and of their upper bounds each; unknown without any."""
    known = [interval for interval in intervals if interval is not None]
    if len({interval.dimension for interval in known}) != 1:
        return None
    lowers = [interval.lower for interval in known if interval.lower is not None]
    uppers = [interval.upper for interval in known]
    return Interval(
        lower=max(lowers, default=None),
        upper=None if None in uppers else max(upper for upper in uppers if upper is not None),
        dimension=known[0].dimension,
        evidence=tuple(event for interval in known for event in interval.evidence),
    )


def growth_reading(then: Interval | None, now: Interval | None, since: datetime, limit: Fraction) -> GrowthReading:
    """Return the growth from `then` to `now`: at most upper now over lower then, at least lower now over upper then."""
    evidence = tuple(event.index for interval in (then, now) if interval is not None for event in interval.evidence)
    if then is None or now is None:
        return GrowthReading(since=since, limit=limit, ratio=None, lower=None, upper=None, evidence=evidence)
    return GrowthReading(
        since=since,
        limit=limit,
        ratio=_ratio(_value(now), _value(then)),
        lower=_ratio(now.lower, then.upper),
        upper=_ratio(now.upper, then.lower),
        evidence=evidence,
    )


def _value(interval: Interval) -> Fraction | None:
    stated = [event.measured.value.magnitude for event in interval.evidence if event.measured is not None]
    return max(stated, default=None)


def _ratio(above: Fraction | None, below: Fraction | None) -> Fraction | None:
    return above / below if above is not None and below is not None and below > 0 else None


def is_over(reading: GrowthReading) -> Truth:
    """Return whether a growth clock has run out: its upper bound is at least the limit (LANGUAGE 9)."""
    return Truth.UNKNOWN if reading.upper is None else Truth.of(reading.upper >= reading.limit)
