"""Calendars: where a period that starts at an instant is over, in a policy's time zone (LANGUAGE 1).

Periods are half-open: at the very instant of the end they are over. `anniversary` counts from an instant to the same
time of day that many days or months later, as `fresh`, `elapsed` and `for-at-most` do. Hours run to the second.
"""

from __future__ import annotations

import calendar as gregorian
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from interlock.terms._errors import MalformedError
from interlock.terms._periods import Period, PeriodUnit

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EXACT: Final = {
    PeriodUnit.SECOND: timedelta(seconds=1),
    PeriodUnit.MINUTE: timedelta(minutes=1),
    PeriodUnit.HOUR: timedelta(hours=1),
}
_MONTHS: Final = {PeriodUnit.MONTH: 1, PeriodUnit.YEAR: 12}
_DAYS: Final = {PeriodUnit.DAY: 1, PeriodUnit.WEEK: 7}


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A time zone with its holidays and business week (weekdays as 0 for Monday to 6 for Sunday)."""

    time_zone: str = "UTC"
    holidays: frozenset[date] = frozenset()
    business_week: frozenset[int] = frozenset({0, 1, 2, 3, 4})

    def start_of_day(self, day: date) -> datetime:
        """Return the first instant of `day` in this time zone."""
        return _to_utc(datetime(day.year, day.month, day.day), _zone(self.time_zone))  # noqa: DTZ001 - made aware there

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
            local = start.astimezone(zone).replace(tzinfo=None)
            day = self._day_after(local.date(), period)
            return _to_utc(datetime.combine(day, local.time()), zone)
        except (OverflowError, ValueError):
            return datetime.max.replace(tzinfo=UTC)

    def _day_after(self, day: date, period: Period) -> date:
        if period.unit in _MONTHS:
            return _add_months(day, period.number * _MONTHS[period.unit])
        if period.unit is PeriodUnit.BUSINESS_DAY:
            return self._add_business_days(day, period.number)
        return day + timedelta(days=period.number * _DAYS[period.unit])

    def _add_business_days(self, day: date, number: int) -> date:
        while number > 0:
            day += timedelta(days=1)
            if day.weekday() in self.business_week and day not in self.holidays:
                number -= 1
        return day


def _add_months(day: date, number: int) -> date:
    index = day.year * 12 + day.month - 1 + number
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, gregorian.monthrange(year, month)[1]))


def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)


def _to_utc(local: datetime, zone: tzinfo) -> datetime:
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def check_time_zone(name: str) -> str:
    """Return `name` if the IANA time zone database knows it; MalformedError otherwise."""
    try:
        _zone(name).utcoffset(datetime(2025, 1, 1))  # noqa: DTZ001 - any local time shows that the zone loads
    except (ZoneInfoNotFoundError, ValueError, OSError):
        msg = f"`{name}` is not a time zone of the IANA database; expected a name such as `UTC` or `America/New_York`"
        raise MalformedError(msg) from None
    return name
