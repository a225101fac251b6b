"""Where a period is over, by walking: day after day, month after month, and to midnight by quarters of an hour (1).

Slow on purpose, and without `Calendar`'s arithmetic: the engine's ends of periods are held to this.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from interlock.terms import Calendar, Period, PeriodUnit

DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)
INSTANT = timedelta(microseconds=1)
"""The least step of time: what holds one instant before an end holds just before it."""
EXACT = {
    PeriodUnit.SECOND: timedelta(seconds=1),
    PeriodUnit.MINUTE: timedelta(minutes=1),
    PeriodUnit.HOUR: timedelta(hours=1),
}


def end_of_period(calendar: Calendar, start: datetime, period: Period) -> datetime:
    """1: a period of days, weeks, months or years ends at the end of its last calendar day; hours to the second."""
    if period.unit in EXACT:
        return start + period.number * EXACT[period.unit]
    return end_of_day(calendar, day_after(calendar, local_day(calendar, start), period))


def extended(calendar: Calendar, due: datetime, by: Period) -> datetime:
    """9: an extension counts from the last day of the period that it extends; hours from its very end."""
    if by.unit in EXACT:
        return due + by.number * EXACT[by.unit]
    return end_of_day(calendar, day_after(calendar, local_day(calendar, due - INSTANT), by))


def local_day(calendar: Calendar, instant: datetime) -> date:
    """Return which day it is at an instant in the policy's time zone."""
    return instant.astimezone(ZoneInfo(calendar.time_zone)).date()


def end_of_day(calendar: Calendar, day: date) -> datetime:
    """Return the first instant that is no longer `day` in the policy's time zone."""
    return _midnight_before(calendar.time_zone, day + DAY)


@lru_cache(maxsize=10_000)
def _midnight_before(time_zone: str, day: date) -> datetime:
    """Walk from where it is not `day` anywhere yet to where it is, or where that day is left out."""
    zone, instant = ZoneInfo(time_zone), datetime.combine(day, time(), UTC) - DAY
    while instant.astimezone(zone).date() < day:
        instant += QUARTER
    return instant


def day_after(calendar: Calendar, day: date, period: Period) -> date:
    """Return the last day of a period of days or longer that follows `day`."""
    match period.unit:
        case PeriodUnit.DAY:
            return _walked(day, period.number)
        case PeriodUnit.WEEK:
            return _walked(day, 7 * period.number)
        case PeriodUnit.BUSINESS_DAY:
            return _business_day(calendar, day, period.number)
        case PeriodUnit.MONTH:
            return _same_day_of_month(day, period.number)
        case PeriodUnit.YEAR:
            return _same_day_of_month(day, 12 * period.number)
        case _:
            raise ValueError(period)


def _walked(day: date, days: int) -> date:
    for _ in range(days):
        day += DAY
    return day


def _business_day(calendar: Calendar, day: date, number: int) -> date:
    """Return the `number`-th business day strictly after `day`."""
    while number > 0:
        day += DAY
        if day.weekday() in calendar.business_week and day not in calendar.holidays:
            number -= 1
    return day


def _same_day_of_month(day: date, months: int) -> date:
    """Return that day of the month, `months` later; a month that has no such day ends on its last."""
    first = day.replace(day=1)
    for _ in range(months):
        first = _next_month(first)
    found = first
    while found.day < day.day and (found + DAY).month == first.month:
        found += DAY
    return found


def _next_month(first: date) -> date:
    day = first + DAY
    while day.month == first.month:
        day += DAY
    return day
