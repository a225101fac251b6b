"""Where a period is over: month ends, leap days, changes of clocks, business days (LANGUAGE 1)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from interlock.terms import (
    Calendar,
    MalformedError,
    Period,
    PeriodUnit,
    check_time_zone,
    format_instant,
    parse_instant,
    parse_period,
)

NEW_YORK = Calendar(time_zone="America/New_York")
AUCKLAND = Calendar(time_zone="Pacific/Auckland")


def end(start: str, period: str, calendar: Calendar | None = None) -> str:
    return format_instant((calendar or Calendar()).anniversary(parse_instant(start), parse_period(period)))


@pytest.mark.parametrize(
    ("start", "period", "expected"),
    [
        ("2025-01-15T09:30:00Z", "1 month", "2025-02-15T09:30:00Z"),
        ("2025-01-31T09:30:00Z", "1 month", "2025-02-28T09:30:00Z"),
        ("2024-01-31T09:30:00Z", "1 month", "2024-02-29T09:30:00Z"),
        ("2025-03-31T00:00:00Z", "1 month", "2025-04-30T00:00:00Z"),
        # the 31st is lost on the way only where the last month lacks it
        ("2025-01-31T00:00:00Z", "2 months", "2025-03-31T00:00:00Z"),
        ("2025-08-31T12:00:00Z", "6 months", "2026-02-28T12:00:00Z"),
        ("2025-12-31T12:00:00Z", "1 month", "2026-01-31T12:00:00Z"),
        ("2025-11-30T12:00:00Z", "15 months", "2027-02-28T12:00:00Z"),
        ("2024-02-29T12:00:00Z", "1 year", "2025-02-28T12:00:00Z"),
        ("2024-02-29T12:00:00Z", "4 years", "2028-02-29T12:00:00Z"),
        ("2025-02-28T12:00:00Z", "3 years", "2028-02-28T12:00:00Z"),
    ],
)
def test_months_and_years_end_on_that_day_or_on_the_last_of_a_shorter_month(
    start: str, period: str, expected: str
) -> None:
    assert end(start, period) == expected


@pytest.mark.parametrize(
    ("start", "period", "expected"),
    [
        ("2025-02-28T12:00:00Z", "1 day", "2025-03-01T12:00:00Z"),
        ("2024-02-28T12:00:00Z", "1 day", "2024-02-29T12:00:00Z"),
        ("2025-01-01T12:00:00Z", "90 days", "2025-04-01T12:00:00Z"),  # 31 + 28 + 31 = 90
        ("2025-12-29T12:00:00.25Z", "1 week", "2026-01-05T12:00:00.25Z"),
    ],
)
def test_days_and_weeks_end_at_the_same_time_of_day(start: str, period: str, expected: str) -> None:
    assert end(start, period) == expected


def test_hours_minutes_and_seconds_run_to_the_second() -> None:
    assert end("2025-12-31T23:00:00Z", "72 hours") == "2026-01-03T23:00:00Z"
    assert end("2025-12-31T23:59:30Z", "45 seconds") == "2026-01-01T00:00:15Z"
    assert end("2025-12-31T23:59:30Z", "2 minutes") == "2026-01-01T00:01:30Z"


def test_a_day_across_a_change_of_clocks_is_not_24_hours() -> None:
    # New York: clocks go forward on 2025-03-09 and back on 2025-11-02, each at 02:00
    assert end("2025-03-08T17:00:00Z", "1 day", NEW_YORK) == "2025-03-09T16:00:00Z"
    assert end("2025-03-08T17:00:00Z", "24 hours", NEW_YORK) == "2025-03-09T17:00:00Z"
    assert end("2025-11-01T16:00:00Z", "1 day", NEW_YORK) == "2025-11-02T17:00:00Z"
    # Auckland: back on 2025-04-06, forward on 2025-09-28
    assert end("2025-04-05T00:00:00Z", "1 day", AUCKLAND) == "2025-04-06T01:00:00Z"
    assert end("2025-09-27T00:00:00Z", "1 day", AUCKLAND) == "2025-09-27T23:00:00Z"


def test_a_local_time_that_is_skipped_is_taken_as_if_the_clocks_had_not_changed_yet() -> None:
    # 02:30 local of March 8 is 07:30Z; of March 9 it does not exist, and is read five hours behind UTC as before
    assert end("2025-03-08T07:30:00Z", "1 day", NEW_YORK) == "2025-03-09T07:30:00Z"
    # Auckland, 02:30 of September 28: read twelve hours ahead, as before
    assert end("2025-09-26T14:30:00Z", "1 day", AUCKLAND) == "2025-09-27T14:30:00Z"


def test_a_local_time_that_comes_twice_is_taken_the_first_time() -> None:
    # 01:30 of November 2 comes at 05:30Z and again at 06:30Z
    assert end("2025-11-01T05:30:00Z", "1 day", NEW_YORK) == "2025-11-02T05:30:00Z"
    # Auckland, 02:30 of April 6 comes at 13:30Z and again at 14:30Z of the day before
    assert end("2025-04-04T13:30:00Z", "1 day", AUCKLAND) == "2025-04-05T13:30:00Z"


def test_the_day_is_that_of_the_policys_time_zone() -> None:
    # 02:00Z of March 31 is still March 30 in New York, and April has a 30th
    assert end("2025-03-31T02:00:00Z", "1 month", NEW_YORK) == "2025-05-01T02:00:00Z"
    assert end("2025-03-31T02:00:00Z", "1 month") == "2025-04-30T02:00:00Z"
    # 20:00Z of February 28 is already March 1 in Auckland, thirteen hours ahead in both months
    assert end("2025-02-28T20:00:00Z", "11 months", AUCKLAND) == "2026-01-31T20:00:00Z"
    assert end("2025-02-28T20:00:00Z", "11 months") == "2026-01-28T20:00:00Z"


@pytest.mark.parametrize(
    ("start", "period", "expected"),
    [
        ("2025-03-03T12:00:00Z", "1 business day", "2025-03-04T12:00:00Z"),  # Monday to Tuesday
        ("2025-03-07T12:00:00Z", "1 business day", "2025-03-10T12:00:00Z"),  # Friday to Monday
        ("2025-03-08T12:00:00Z", "1 business day", "2025-03-10T12:00:00Z"),  # Saturday to Monday
        ("2025-03-07T12:00:00Z", "5 business days", "2025-03-14T12:00:00Z"),
        # Thursday 24 December: the 25th and the 28th are holidays, the 26th and 27th a weekend
        ("2026-12-24T12:00:00Z", "1 business day", "2026-12-29T12:00:00Z"),
        ("2026-12-24T12:00:00Z", "2 business days", "2026-12-30T12:00:00Z"),
    ],
)
def test_business_days_skip_weekends_and_holidays(start: str, period: str, expected: str) -> None:
    calendar = Calendar(holidays=frozenset({date(2026, 12, 25), date(2026, 12, 28)}))
    assert end(start, period, calendar) == expected


def test_the_business_week_is_the_policys_own() -> None:
    sunday_to_thursday = Calendar(business_week=frozenset({6, 0, 1, 2, 3}))
    assert end("2025-03-06T12:00:00Z", "1 business day", sunday_to_thursday) == "2025-03-09T12:00:00Z"


@pytest.mark.parametrize(
    ("start", "period"),
    [
        ("2025-01-01T00:00:00Z", "8000 years"),
        ("2025-01-01T00:00:00Z", "999999999 days"),
        ("2025-01-01T00:00:00Z", "999999999 months"),
        ("2025-01-01T00:00:00Z", "999999999 hours"),
        ("9999-12-31T00:00:00Z", "1 day"),
        ("9999-12-30T00:00:00Z", "5 business days"),
    ],
)
def test_a_period_beyond_the_last_year_ends_at_the_last_instant(start: str, period: str) -> None:
    assert end(start, period) == "9999-12-31T23:59:59.999999Z"


def test_the_last_instant_is_not_moved_over_the_end_by_a_zone() -> None:
    # 9999-12-31 20:00 in New York is past the end of the calendar in UTC
    assert end("9999-12-30T23:59:59Z", "1 day", NEW_YORK) == "9999-12-31T23:59:59Z"
    assert end("9999-12-31T01:00:00Z", "1 day", NEW_YORK) == "9999-12-31T23:59:59.999999Z"


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("UTC", date(2025, 1, 1), "2025-01-01T00:00:00Z"),
        ("America/New_York", date(2025, 1, 1), "2025-01-01T05:00:00Z"),
        ("America/New_York", date(2025, 7, 1), "2025-07-01T04:00:00Z"),
        ("Pacific/Auckland", date(2025, 1, 1), "2024-12-31T11:00:00Z"),
        # São Paulo skipped midnight on this day: it began at 01:00, which is 03:00Z
        ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T03:00:00Z"),
        # Havana turned 01:00 back to midnight: the day began the first time, at 04:00Z
        ("America/Havana", date(2024, 11, 3), "2024-11-03T04:00:00Z"),
    ],
)
def test_a_day_begins_at_its_first_instant_in_the_zone(zone: str, day: date, expected: str) -> None:
    assert format_instant(Calendar(time_zone=zone).start_of_day(day)) == expected


@pytest.mark.parametrize("name", ["UTC", "America/New_York", "Pacific/Auckland", "Etc/GMT+5"])
def test_a_zone_of_the_database_is_taken(name: str) -> None:
    assert check_time_zone(name) == name


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "/etc/passwd", "../UTC", "America", "EST5EDT4", "utc\x00"])
def test_anything_else_is_no_zone(name: str) -> None:
    with pytest.raises(MalformedError, match="is not a time zone of the IANA database"):
        check_time_zone(name)


def test_the_end_is_an_instant_in_utc() -> None:
    start = datetime(2025, 1, 1, tzinfo=UTC)
    for unit in PeriodUnit:
        assert NEW_YORK.anniversary(start, Period(1, unit)).utcoffset() == timedelta()
