"""Calendars: where a period that starts at an instant is over, in a policy's time zone (LANGUAGE 1).

Periods are half-open: at the very instant of the end they are over. `anniversary` counts from an instant to the same
time of day that many days or months later, as `fresh`, `elapsed` and `for-at-most` do; `end_of_period` ends with the
last calendar day, as what is due does. Hours run to the second. Business days are counted here and by no library: a
policy lists its holidays (decisions/0004-business-days.md).

A local day begins at the first instant at which the local date is that day or a later one: this holds too where
midnight is skipped or comes twice, and for a day that a zone skipped, which has no length.
"""

from __future__ import annotations

import calendar as gregorian
from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from interlock.terms._errors import MalformedError
from interlock.terms._periods import Period, PeriodUnit

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SECOND: Final = timedelta(seconds=1)
_EXACT: Final = {
    PeriodUnit.SECOND: _SECOND,
    PeriodUnit.MINUTE: timedelta(minutes=1),
    PeriodUnit.HOUR: timedelta(hours=1),
}
_MONTHS: Final = {PeriodUnit.MONTH: 1, PeriodUnit.YEAR: 12}
_DAYS: Final = {PeriodUnit.DAY: 1, PeriodUnit.WEEK: 7}
_ONE_DAY: Final = timedelta(days=1)
_FIRST_INSTANT: Final = datetime.min.replace(tzinfo=UTC)
_LAST_INSTANT: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A time zone with its holidays and business week (weekdays as 0 for Monday to 6 for Sunday)."""

    time_zone: str = "UTC"
    holidays: frozenset[date] = frozenset()
    business_week: frozenset[int] = frozenset({0, 1, 2, 3, 4})

    def day_of(self, instant: datetime) -> date:
        """Return the calendar day on which `instant` falls in this time zone."""
        return _local(instant, _zone(self.time_zone)).date()

    def start_of_day(self, day: date) -> datetime:
        """Return the first instant of `day` in this time zone; a day that the zone skipped begins where the next does.

        Where that would be before the year 1, the first instant there is returned.
        """
        try:
            return _start_of_day(day, _zone(self.time_zone))
        except OverflowError:
            return _FIRST_INSTANT

    def end_of_day(self, day: date) -> datetime:
        """Return the instant at which `day` is over: the first of the next one, or the last of the year 9999."""
        return _LAST_INSTANT if day == date.max else self.start_of_day(day + _ONE_DAY)

    def end_of_period(self, base: datetime, period: Period) -> datetime:
        """Return the first instant at which a `period` from `base` is over that ends with its last calendar day.

        Days, weeks, business days, months and years end when that many days or months after the local day of `base`
        the day is over; a month without such a day ends with its last. Hours, minutes and seconds run to the second.
        Beyond the year 9999 the last instant there is returned.

        >>> from interlock.terms import format_instant, parse_instant, parse_period
        >>> format_instant(Calendar().end_of_period(parse_instant("2025-01-31T09:30:00Z"), parse_period("1 month")))
        '2025-03-01T00:00:00Z'
        """
        try:
            if period.unit in _EXACT:
                return base + period.number * _EXACT[period.unit]
            day = _local(base, _zone(self.time_zone)).date()
        except (OverflowError, ValueError):
            return _LAST_INSTANT
        return self.end_of_period_after(day, period)

    def end_of_period_after(self, day: date, period: Period) -> datetime:
        """Return the first instant at which a `period` that `day` begins is over, as `end_of_period` has it.

        Hours, minutes and seconds count from the end of `day`.
        """
        try:
            if period.unit in _EXACT:
                return self.end_of_day(day) + period.number * _EXACT[period.unit]
            return self.end_of_day(self._day_after(day, period))
        except (OverflowError, ValueError):
            return _LAST_INSTANT

    def extended(self, due: datetime, by: Period) -> datetime:
        """Return the end of a period that was over at `due`, made longer `by` so much.

        Counted from the last day of the period, which is the local day just before `due`, to the end of a day; hours,
        minutes and seconds are counted from `due` itself. Beyond the year 9999 the last instant there is returned.
        """
        if by.unit in _EXACT or due == _FIRST_INSTANT:
            return self.end_of_period(due, by)
        return self.end_of_period(due - timedelta(microseconds=1), by)

    def anniversary(self, start: datetime, period: Period) -> datetime:
        """Return the first instant at which a `period` counted from the instant `start` is over.

        Days, weeks, business days, months and years end at the same local time of day. A month without such a day
        ends on its last. A local time that a change of clocks skips is taken as if the clocks had not changed
        yet; one that occurs twice is taken the first time. Beyond the year 9999 the last instant there is returned.
        """
        try:
            if period.unit in _EXACT:
                return start + period.number * _EXACT[period.unit]
            zone = _zone(self.time_zone)
            local = _local(start, zone)
            day = self._day_after(local.date(), period)
            return _to_utc(datetime.combine(day, local.time()), zone)
        except (OverflowError, ValueError):
            return _LAST_INSTANT

    def _day_after(self, day: date, period: Period) -> date:
        if period.unit in _MONTHS:
            return _add_months(day, period.number * _MONTHS[period.unit])
        if period.unit is PeriodUnit.BUSINESS_DAY:
            return self._add_business_days(day, period.number)
        return day + timedelta(days=period.number * _DAYS[period.unit])

    def _add_business_days(self, day: date, number: int) -> date:
        """Return the `number`-th business day after `day`; OverflowError where the calendar has none so far.

        Days of the business week are counted first, then as many more as there were holidays among them, until there
        were none: at most one round for each holiday.
        """
        while number > 0:
            before = day
            day = self._add_days_of_week(day, number)
            number = sum(before < one <= day and one.weekday() in self.business_week for one in self.holidays)
        return day

    def _add_days_of_week(self, day: date, number: int) -> date:
        """Return the `number`-th day of the business week after `day`, holidays not regarded."""
        if not self.business_week:
            msg = "a week without business days has none to count"
            raise OverflowError(msg)
        weeks = (number - 1) // len(self.business_week)
        day += timedelta(weeks=weeks)
        for _ in range(number - weeks * len(self.business_week)):
            day += _ONE_DAY
            while day.weekday() not in self.business_week:
                day += _ONE_DAY
        return day


def _add_months(day: date, number: int) -> date:
    index = day.year * 12 + day.month - 1 + number
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, gregorian.monthrange(year, month)[1]))


def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)


def _to_utc(local: datetime, zone: tzinfo) -> datetime:
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def _local(instant: datetime, zone: tzinfo) -> datetime:
    """Return the local time; where that is before the year 1 its first, lest an early fact count as a late one."""
    try:
        return instant.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        if instant.year > 1:
            raise
        return datetime.min  # noqa: DTZ901 - a local time has no zone


def _start_of_day(day: date, zone: tzinfo) -> datetime:
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - made aware on the next line
    found = _to_utc(midnight, zone)
    # Where midnight is skipped, `fold` tells the offsets before and after: the clocks change between these instants.
    earlier = midnight.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if found <= earlier:
        return found
    seconds = range(round((found - earlier).total_seconds()))
    passed = bisect_left(seconds, day, key=lambda second: (earlier + second * _SECOND).astimezone(zone).date())
    return earlier + passed * _SECOND


def check_time_zone(name: str) -> str:
    """Return `name` if the IANA time zone database knows it; MalformedError otherwise."""
    try:
        _zone(name).utcoffset(datetime(2025, 1, 1))  # noqa: DTZ001 - any local time shows that the zone loads
    except (ZoneInfoNotFoundError, ValueError, OSError):
        msg = f"`{name}` is not a time zone of the IANA database; expected a name such as `UTC` or `America/New_York`"
        raise MalformedError(msg) from None
    return name
