"""Freshness: how long a fact may still be relied on, by time and by growth of effective compute (LANGUAGE 1, 9).

At the very instant, and at exactly the growth number, the period is over. Unknown growth is stale.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from operator import attrgetter
from typing import Final

from interlock.engine._places import Path
from interlock.engine._state import WORLD, LookedUp, Model, View
from interlock.policy import Freshness
from interlock.record import Event
from interlock.terms import Calendar, Period, Quantity

EFFECTIVE_COMPUTE: Final = "effective-compute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """Whether a fact is stale, and else when and at which effective compute it will be."""

    stale: bool
    ends: datetime | None = None
    ends_at_compute: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """What is known of a quantity: closed bounds, None where a side is open, all in one dimension."""

    lower: Fraction | None
    upper: Fraction | None
    dimension: str | None
    evidence: tuple[Event, ...]


def latest_quantity(facts: Iterable[Sequence[Event]], up_to: datetime) -> Interval | None:
    """Return the latest measurement by `up_to`; several at the same place come to the hull of their intervals.

    `facts` are lists in the order in which things happened, one for each subject.
    """
    tails = [tail for about_one in facts if (tail := _last_place(about_one, up_to))]
    if not tails:
        return None
    place = max(_place(tail[0]) for tail in tails)
    latest = [event for tail in tails if _place(tail[0]) == place for event in tail]
    intervals = [_interval(event) for event in latest]
    lowers = [interval.lower for interval in intervals]
    uppers = [interval.upper for interval in intervals]
    dimensions = {interval.dimension for interval in intervals}
    return Interval(
        lower=None if None in lowers else min(x for x in lowers if x is not None),
        upper=None if None in uppers else max(x for x in uppers if x is not None),
        dimension=dimensions.pop() if len(dimensions) == 1 else None,
        evidence=tuple(latest),
    )


def _interval(event: Event) -> Interval:
    measured = event.measured
    if measured is None:
        return Interval(lower=None, upper=None, dimension=None, evidence=())
    quantities = [q for q in (measured.value, measured.lower, measured.upper) if q is not None]
    dimensions = {q.dimension for q in quantities}
    dimension = dimensions.pop() if len(dimensions) == 1 else None
    if measured.lower is None and measured.upper is None:
        value = measured.value.magnitude
        return Interval(lower=value, upper=value, dimension=dimension, evidence=())
    return Interval(
        lower=None if measured.lower is None else measured.lower.magnitude,
        upper=None if measured.upper is None else measured.upper.magnitude,
        dimension=dimension,
        evidence=(),
    )


def _last_place(facts: Sequence[Event], up_to: datetime) -> Sequence[Event]:
    """Return the facts at the latest place among those that occurred by `up_to`."""
    end = bisect_right(facts, up_to, key=attrgetter("occurred"))
    start = end
    while start > 0 and _place(facts[start - 1]) == _place(facts[end - 1]):
        start -= 1
    return facts[start:end]


def _place(event: Event) -> tuple[datetime, datetime]:
    return event.occurred, event.recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What ages are read from: a view of what has happened, the path asked about, the time, and a compute asked for.

    `issuer` is the developer of models whose registration names none.
    """

    view: View
    path: Path
    calendar: Calendar
    issuer: str
    at: datetime
    at_compute: Quantity | None

    def age(self, fact: Event, generation: int, limits: Iterable[Freshness | None]) -> Age:
        """Return how old a fact about the model of that generation is under every limit at once."""
        ends: datetime | None = None
        compute: Fraction | None = None
        for limit in limits:
            if limit is None:
                continue
            if limit.period is not None:
                end = self.end(fact, limit.period)
                if end <= self.at:
                    return Age(stale=True)
                ends = end if ends is None else min(ends, end)
            if limit.growth is not None:
                level = self._level(fact, generation, limit.growth)
                if level is None:
                    return Age(stale=True)
                compute = level if compute is None else min(compute, level)
        return Age(stale=False, ends=ends, ends_at_compute=compute)

    def end(self, fact: Event, period: Period) -> datetime:
        """Return when a fact is too old under a limit in time."""
        memo, key = self.view.state.memo, ("end", id(fact), period, self.calendar)
        end: datetime | None = memo.get(key)
        if end is None:
            end = memo[key] = self.calendar.anniversary(fact.occurred, period)
        return end

    def _level(self, fact: Event, generation: int, growth: Fraction) -> Fraction | None:
        """Return the effective compute at which the fact goes stale, or None where it already is."""
        then = self.compute(generation, fact.occurred)
        now = self._compute_now()
        if then is None or then.lower is None or then.lower <= 0 or now is None or then.dimension != "compute":
            return None
        level = then.lower * growth
        return level if now < level else None

    def _compute_now(self) -> Fraction | None:
        if self.at_compute is not None:
            return self.at_compute.magnitude
        now = self.compute(self.path.asked.generation, self.at)
        return None if now is None or now.dimension != "compute" else now.upper

    def compute(self, generation: int, up_to: datetime) -> Interval | None:
        """Return the effective compute of the model of that generation; without its own it has its parent's."""
        key = (self.path.models[generation].id, self.issuer)
        looked_up = self.view.state.computes.get(key)
        if looked_up is None:
            looked_up = self.view.state.computes[key] = LookedUp()
        if up_to == self.at:
            current: Interval | None = looked_up.now(up_to, lambda: self._look_up(generation, up_to))
            return current
        found: Interval | None = looked_up.at(up_to, lambda: self._look_up(generation, up_to))
        return found

    def _look_up(self, generation: int, up_to: datetime) -> Interval | None:
        own = (latest_quantity(self._measurements(model), up_to) for model in self.path.models[generation::-1])
        return next((interval for interval in own if interval is not None), None)

    def compute_instants(self) -> list[datetime]:
        """Return the instants at which effective compute was measured on the path."""
        return [event.occurred for model in self.path.models for facts in self._measurements(model) for event in facts]

    def _measurements(self, model: Model) -> list[list[Event]]:
        developer = ("developer", model.developer or self.issuer)
        subjects = (("model", model.id), developer, WORLD)
        return [self.view.about(subject, ("quantity", EFFECTIVE_COMPUTE)) for subject in subjects]
