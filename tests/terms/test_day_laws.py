"""Days and periods in days held to plain definitions, over random zones, holidays and business weeks."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from interlock.terms import Calendar, Period, PeriodUnit

SMALLEST: Final = timedelta(microseconds=1)
DAY: Final = timedelta(days=1)
# zones whose clocks change at, before or after midnight, by half an hour, by a day, or never
ZONES: Final = (
    "UTC",
    "Africa/Cairo",
    "America/Havana",
    "America/Los_Angeles",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Kwajalein",
)
EXACT: Final = {PeriodUnit.SECOND: 1, PeriodUnit.MINUTE: 60, PeriodUnit.HOUR: 3600}
IN_DAYS: Final = tuple(unit for unit in PeriodUnit if unit not in EXACT)
FIRST, LAST = date(1969, 1, 1), date(2040, 1, 1)

# days on which some zone above skips midnight, has it twice, or is skipped or repeated as a whole, and their neighbours
ODD_DAYS: Final = tuple(
    day + n * DAY
    for day in (
        date(1969, 9, 30),
        date(1993, 8, 21),
        date(2010, 11, 7),
        date(2011, 12, 30),
        date(2018, 2, 18),
        date(2018, 11, 4),
        date(2024, 3, 10),
        date(2024, 3, 31),
        date(2024, 4, 26),
        date(2024, 11, 1),
        date(2024, 11, 3),
    )
    for n in (-1, 0, 1)
)
days = st.dates(FIRST, LAST) | st.sampled_from(ODD_DAYS)
zones = st.sampled_from(ZONES)
bases = st.builds(
    lambda day, of_day: datetime(day.year, day.month, day.day, tzinfo=UTC) + of_day,
    days,
    st.timedeltas(timedelta(), DAY - SMALLEST) | st.just(timedelta()) | st.just(DAY - SMALLEST),
)
weeks = st.frozensets(st.integers(0, 6), min_size=1)


@st.composite
def business_calendars(draw: st.DrawFn) -> tuple[Calendar, date]:
    """Return a calendar with many holidays near a day, and the day."""
    day = draw(days)
    holidays = draw(st.frozensets(st.integers(-10, 60).map(lambda n: day + n * DAY), max_size=30))
    return Calendar(time_zone=draw(zones), holidays=holidays, business_week=draw(weeks)), day


def local_day(instant: datetime, zone: str) -> date:
    return instant.astimezone(ZoneInfo(zone)).date()


def nth_business_day(day: date, number: int, calendar: Calendar) -> date:
    """Walk from day to day and count."""
    counted = 0
    while counted < number:
        day += DAY
        if day.weekday() in calendar.business_week and day not in calendar.holidays:
            counted += 1
    return day


def months_on(day: date, number: int) -> date:
    """Walk from month to month, then take the day of that number or the month's last."""
    year, month = day.year, day.month
    for _ in range(number):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def last_day(base: date, period: Period, calendar: Calendar) -> date:
    match period.unit:
        case PeriodUnit.BUSINESS_DAY:
            return nth_business_day(base, period.number, calendar)
        case PeriodUnit.MONTH:
            return months_on(base, period.number)
        case PeriodUnit.YEAR:
            return months_on(base, 12 * period.number)
        case PeriodUnit.WEEK:
            return base + 7 * period.number * DAY
        case _:
            return base + period.number * DAY


def noon(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@given(zones, days)
def test_a_day_begins_at_the_first_instant_that_belongs_to_it_or_a_later_one(zone: str, day: date) -> None:
    start = Calendar(time_zone=zone).start_of_day(day)
    assert local_day(start, zone) >= day
    # every quarter of an hour of two days before, and the instant before
    earlier = (start - SMALLEST - n * timedelta(minutes=15) for n in range(4 * 48))
    assert all(local_day(instant, zone) < day for instant in earlier)


@given(zones, days)
def test_days_begin_in_their_order_and_end_where_the_next_begins(zone: str, day: date) -> None:
    calendar = Calendar(time_zone=zone)
    assert calendar.start_of_day(day) <= calendar.end_of_day(day) == calendar.start_of_day(day + DAY)


@given(business_calendars(), bases, st.integers(1, 40), st.sampled_from(IN_DAYS))
def test_a_period_in_days_is_over_at_the_first_instant_after_its_last_day(
    given_calendar: tuple[Calendar, date], base: datetime, number: int, unit: PeriodUnit
) -> None:
    calendar, period = given_calendar[0], Period(number, unit)
    zone = calendar.time_zone
    end = calendar.end_of_period(base, period)
    last = last_day(local_day(base, zone), period, calendar)
    assert local_day(end, zone) > last
    assert local_day(end - SMALLEST, zone) <= last
    assert end == calendar.end_of_day(last)


@given(zones, bases, st.integers(1, 400), st.sampled_from(sorted(EXACT, key=str)))
def test_an_exact_period_is_over_that_many_seconds_later(
    zone: str, base: datetime, number: int, unit: PeriodUnit
) -> None:
    calendar, seconds = Calendar(time_zone=zone), timedelta(seconds=number * EXACT[unit])
    assert calendar.end_of_period(base, Period(number, unit)) == base + seconds
    assert calendar.extended(base, Period(number, unit)) == base + seconds


@given(business_calendars(), st.integers(1, 60))
def test_business_days_are_those_that_a_walk_from_day_to_day_counts(drawn: tuple[Calendar, date], number: int) -> None:
    calendar, day = drawn
    base = noon(day, calendar.time_zone)
    end = calendar.end_of_period(base, Period(number, PeriodUnit.BUSINESS_DAY))
    counted = nth_business_day(local_day(base, calendar.time_zone), number, calendar)
    assert end == calendar.end_of_day(counted)


@given(business_calendars(), st.integers(1, 600))
def test_business_days_are_those_that_numpy_counts(drawn: tuple[Calendar, date], number: int) -> None:
    """A base that is no business day is rolled back to one there; the first after that is the first after the base."""
    numpy = pytest.importorskip("numpy", reason="numpy is not installed, whose business days these are compared with")
    calendar, day = Calendar(holidays=drawn[0].holidays, business_week=drawn[0].business_week), drawn[1]
    counted = numpy.busday_offset(
        day,
        number,
        roll="backward",
        weekmask=[weekday in calendar.business_week for weekday in range(7)],
        holidays=sorted(calendar.holidays),
    ).astype(date)
    end = calendar.end_of_period(noon(day, "UTC"), Period(number, PeriodUnit.BUSINESS_DAY))
    assert end == calendar.end_of_day(counted)


@given(business_calendars(), bases, st.integers(1, 30), st.integers(1, 30), st.sampled_from(IN_DAYS))
def test_an_extension_by_days_makes_the_period_longer_by_them(
    drawn: tuple[Calendar, date], base: datetime, number: int, more: int, unit: PeriodUnit
) -> None:
    """Months and years apart, which a shorter month on the way shortens for good."""
    assume(unit not in {PeriodUnit.MONTH, PeriodUnit.YEAR})
    calendar = drawn[0]
    due = calendar.end_of_period(base, Period(number, unit))
    last = last_day(local_day(base, calendar.time_zone), Period(number, unit), calendar)
    assume(local_day(due - SMALLEST, calendar.time_zone) == last)  # not where the last day was skipped
    longer = calendar.end_of_period(base, Period(number + more, unit))
    assert calendar.extended(due, Period(more, unit)) == longer


@given(business_calendars(), bases, st.integers(1, 40), st.sampled_from(IN_DAYS))
def test_an_extension_counts_from_the_day_just_before_what_is_due(
    drawn: tuple[Calendar, date], due: datetime, number: int, unit: PeriodUnit
) -> None:
    calendar = drawn[0]
    before = local_day(due - SMALLEST, calendar.time_zone)
    last = last_day(before, Period(number, unit), calendar)
    assert calendar.extended(due, Period(number, unit)) == calendar.end_of_day(last)


@given(business_calendars(), bases, st.integers(1, 40), st.sampled_from(IN_DAYS), st.timedeltas(timedelta(), 99 * DAY))
def test_what_begins_later_is_not_over_sooner(
    drawn: tuple[Calendar, date], base: datetime, number: int, unit: PeriodUnit, later: timedelta
) -> None:
    calendar, period = drawn[0], Period(number, unit)
    assume(local_day(base, calendar.time_zone) <= local_day(base + later, calendar.time_zone))
    assert calendar.end_of_period(base, period) <= calendar.end_of_period(base + later, period)


@given(business_calendars(), bases, st.integers(1, 40), st.sampled_from(IN_DAYS))
def test_a_day_to_its_end_is_over_no_sooner_than_to_the_same_time_of_day(
    drawn: tuple[Calendar, date], base: datetime, number: int, unit: PeriodUnit
) -> None:
    calendar, period = drawn[0], Period(number, unit)
    zone = calendar.time_zone
    last = last_day(local_day(base, zone), period, calendar)
    assume(calendar.start_of_day(last) < calendar.end_of_day(last))  # no time of day on a day that was skipped
    assert calendar.anniversary(base, period) < calendar.end_of_period(base, period)
