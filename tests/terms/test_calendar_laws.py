"""Laws of calendars over random instants, zones, holidays and periods.

A longer period never ends sooner. A later start never ends sooner by days or more: within a day it can, where two days
of one month end on the same last day, or where clocks change.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from interlock.terms import Calendar, Period, PeriodUnit

ZONES = ("UTC", "America/New_York", "Pacific/Auckland", "Europe/London", "Asia/Kathmandu", "Pacific/Apia")
START = datetime(2024, 1, 1, tzinfo=UTC)

instants = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given one
periods = st.builds(Period, st.integers(1, 40), st.sampled_from(PeriodUnit))
calendars = st.builds(
    Calendar,
    time_zone=st.sampled_from(ZONES),
    holidays=st.frozensets(st.dates(date(2024, 1, 1), date(2028, 1, 1)), max_size=6),
    business_week=st.frozensets(st.integers(0, 6), min_size=1),
)


@given(calendars, instants, periods)
def test_a_period_ends_after_it_begins(calendar: Calendar, start: datetime, period: Period) -> None:
    assert calendar.anniversary(start, period) > start


@given(calendars, instants, periods, st.integers(1, 40))
def test_a_longer_period_ends_no_sooner(calendar: Calendar, start: datetime, period: Period, more: int) -> None:
    longer = Period(period.number + more, period.unit)
    assert calendar.anniversary(start, period) <= calendar.anniversary(start, longer)


@given(calendars, instants, periods, st.timedeltas(timedelta(), timedelta(days=400)))
def test_a_period_that_begins_a_day_later_ends_no_sooner(
    calendar: Calendar, start: datetime, period: Period, later: timedelta
) -> None:
    # 25 hours, since a day has as many where clocks go back
    other = start + timedelta(hours=25) + later
    assert calendar.anniversary(start, period) <= calendar.anniversary(other, period) + timedelta(hours=24)


@given(calendars, instants, st.integers(1, 400), st.timedeltas(timedelta(), timedelta(days=400)))
def test_hours_are_monotone_in_their_start_to_the_second(
    calendar: Calendar, start: datetime, number: int, later: timedelta
) -> None:
    period = Period(number, PeriodUnit.HOUR)
    assert calendar.anniversary(start + later, period) - calendar.anniversary(start, period) == later


@given(st.sampled_from(ZONES), instants, st.integers(1, 400))
def test_days_differ_from_as_many_times_24_hours_by_the_change_of_clocks_alone(
    zone: str, start: datetime, number: int
) -> None:
    ended = Calendar(time_zone=zone).anniversary(start, Period(number, PeriodUnit.DAY))
    # Samoa skipped no day since 2012, and no zone here changes its clocks by more than an hour
    assert abs(ended - start - timedelta(days=number)) <= timedelta(hours=1)


@given(st.sampled_from(ZONES), instants, st.integers(1, 60))
def test_a_business_day_is_a_day_where_every_day_is_one(zone: str, start: datetime, number: int) -> None:
    every_day = Calendar(time_zone=zone, business_week=frozenset(range(7)))
    business, day = Period(number, PeriodUnit.BUSINESS_DAY), Period(number, PeriodUnit.DAY)
    assert every_day.anniversary(start, business) == every_day.anniversary(start, day)


@given(calendars, instants, st.integers(1, 60))
def test_business_days_end_on_a_business_day(calendar: Calendar, start: datetime, number: int) -> None:
    utc = Calendar(holidays=calendar.holidays, business_week=calendar.business_week)
    ended = utc.anniversary(start, Period(number, PeriodUnit.BUSINESS_DAY)).date()
    assert ended.weekday() in calendar.business_week
    assert ended not in calendar.holidays


@given(st.sampled_from(ZONES), st.dates(date(2024, 1, 1), date(2028, 1, 1)))
def test_days_begin_one_after_another(zone: str, day: date) -> None:
    calendar = Calendar(time_zone=zone)
    length = calendar.start_of_day(day + timedelta(days=1)) - calendar.start_of_day(day)
    assert timedelta(hours=23) <= length <= timedelta(hours=25)
