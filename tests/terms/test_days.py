"""Where what is due ends: with the last calendar day in the policy's time zone, whatever its clocks do (LANGUAGE 1)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest

from interlock.terms import Calendar, Period, PeriodUnit, format_instant, parse_instant, parse_period

NEW_YORK: Final = "America/New_York"
LOS_ANGELES: Final = "America/Los_Angeles"
AUCKLAND: Final = "Pacific/Auckland"
LORD_HOWE: Final = "Australia/Lord_Howe"
APIA: Final = "Pacific/Apia"
LAST: Final = "9999-12-31T23:59:59.999999Z"


def end(base: str, period: str, zone: str = "UTC") -> str:
    return format_instant(Calendar(time_zone=zone).end_of_period(parse_instant(base), parse_period(period)))


def extended(due: str, by: str, zone: str = "UTC") -> str:
    return format_instant(Calendar(time_zone=zone).extended(parse_instant(due), parse_period(by)))


@pytest.mark.parametrize(
    ("base", "period", "expected"),
    [
        ("2025-01-15T09:30:00Z", "1 day", "2025-01-17T00:00:00Z"),
        ("2025-01-15T00:00:00Z", "1 day", "2025-01-17T00:00:00Z"),
        ("2025-01-15T23:59:59.999999Z", "1 day", "2025-01-17T00:00:00Z"),
        ("2025-01-16T00:00:00Z", "1 day", "2025-01-18T00:00:00Z"),
        ("2025-12-29T12:00:00Z", "1 week", "2026-01-06T00:00:00Z"),
        ("2025-01-01T12:00:00Z", "90 days", "2025-04-02T00:00:00Z"),  # 31 + 28 + 31 = 90: the last day is April 1
        ("2025-01-31T09:30:00Z", "1 month", "2025-03-01T00:00:00Z"),  # February 28 is the last day
        ("2024-01-31T09:30:00Z", "1 month", "2024-03-01T00:00:00Z"),  # February 29
        ("2025-01-31T09:30:00Z", "2 months", "2025-04-01T00:00:00Z"),
        ("2025-08-31T12:00:00Z", "6 months", "2026-03-01T00:00:00Z"),
        ("2024-02-29T12:00:00Z", "1 year", "2025-03-01T00:00:00Z"),
        ("2024-02-29T12:00:00Z", "4 years", "2028-03-01T00:00:00Z"),
        ("2023-02-28T12:00:00Z", "1 year", "2024-02-29T00:00:00Z"),
        ("2100-01-31T12:00:00Z", "1 month", "2100-03-01T00:00:00Z"),  # 2100 is no leap year
    ],
)
def test_a_period_ends_when_its_last_calendar_day_is_over(base: str, period: str, expected: str) -> None:
    assert end(base, period) == expected


def test_hours_minutes_and_seconds_end_to_the_second() -> None:
    # across the change of clocks in New York on 2025-03-09 too
    assert end("2025-03-09T06:30:00.5Z", "72 hours", NEW_YORK) == "2025-03-12T06:30:00.5Z"
    assert end("2025-12-31T23:59:30Z", "2 minutes", NEW_YORK) == "2026-01-01T00:01:30Z"
    assert end("2025-12-31T23:59:30Z", "45 seconds", NEW_YORK) == "2026-01-01T00:00:15Z"


@pytest.mark.parametrize(
    ("zone", "base", "expected"),
    [
        # New York: 23 hours on 2025-03-09 (from 05:00Z to 04:00Z), 25 on 2025-11-02 (from 04:00Z to 05:00Z)
        (NEW_YORK, "2025-03-08T17:00:00Z", "2025-03-10T04:00:00Z"),
        (NEW_YORK, "2025-03-08T04:59:59Z", "2025-03-09T05:00:00Z"),  # still March 7 there
        (NEW_YORK, "2025-11-01T17:00:00Z", "2025-11-03T05:00:00Z"),
        # Los Angeles, the same days, eight hours behind in winter
        (LOS_ANGELES, "2025-03-08T17:00:00Z", "2025-03-10T07:00:00Z"),
        (LOS_ANGELES, "2025-03-08T07:59:59Z", "2025-03-09T08:00:00Z"),
        (LOS_ANGELES, "2025-11-01T17:00:00Z", "2025-11-03T08:00:00Z"),
        # Auckland: back on 2025-04-06, forward on 2025-09-28, thirteen hours ahead in summer
        (AUCKLAND, "2025-04-05T00:00:00Z", "2025-04-06T12:00:00Z"),
        (AUCKLAND, "2025-04-05T11:00:00Z", "2025-04-07T12:00:00Z"),  # midnight of April 6 there
        (AUCKLAND, "2025-09-27T00:00:00Z", "2025-09-28T11:00:00Z"),
        # Lord Howe moves by half an hour: back on 2025-04-06, forward on 2025-10-05; 10:30 ahead in winter
        (LORD_HOWE, "2025-04-05T00:00:00Z", "2025-04-06T13:30:00Z"),
        (LORD_HOWE, "2025-10-04T00:00:00Z", "2025-10-05T13:00:00Z"),
        # Apia skipped 2011-12-30: from ten hours behind on the 29th to fourteen ahead on the 31st
        (APIA, "2011-12-28T22:00:00Z", "2011-12-30T10:00:00Z"),
        (APIA, "2011-12-29T22:00:00Z", "2011-12-30T10:00:00Z"),  # the last day is the one that never was
        (APIA, "2011-12-30T10:00:00Z", "2012-01-01T10:00:00Z"),
    ],
)
def test_a_day_ends_where_the_clocks_of_the_zone_say(zone: str, base: str, expected: str) -> None:
    assert end(base, "1 day", zone) == expected


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        # midnight is skipped: the day begins at 01:00
        ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T03:00:00Z"),
        ("Asia/Beirut", date(2024, 3, 31), "2024-03-30T22:00:00Z"),
        ("Africa/Cairo", date(2024, 4, 26), "2024-04-25T22:00:00Z"),
        ("America/Havana", date(2024, 3, 10), "2024-03-10T05:00:00Z"),
        # 23:30 became 00:30, so that the day began at 00:30, four hours behind
        ("America/Toronto", date(1919, 3, 31), "1919-03-31T04:30:00Z"),
        # midnight comes twice: Havana turns 01:00 back to it, and the day begins the first time, four hours behind
        ("America/Havana", date(2024, 11, 3), "2024-11-03T04:00:00Z"),
        # 00:01 became 23:01 of the day before: the day began a first time, two and a half hours behind
        ("America/St_Johns", date(2010, 11, 7), "2010-11-07T02:30:00Z"),
        # midnight became 23:00 of the day before, which is therefore longer
        ("Africa/Cairo", date(2024, 11, 1), "2024-10-31T22:00:00Z"),
        ("America/Sao_Paulo", date(2018, 2, 18), "2018-02-18T03:00:00Z"),
        # days that a zone skipped begin where the next does
        (APIA, date(2011, 12, 30), "2011-12-30T10:00:00Z"),
        (APIA, date(2011, 12, 31), "2011-12-30T10:00:00Z"),
        ("Pacific/Kwajalein", date(1993, 8, 21), "1993-08-21T12:00:00Z"),
        # Kwajalein had 1969-09-30 twice: eleven hours ahead, then twelve behind
        ("Pacific/Kwajalein", date(1969, 9, 30), "1969-09-29T13:00:00Z"),
        ("Pacific/Kwajalein", date(1969, 10, 1), "1969-10-01T12:00:00Z"),
        # the ends of the calendar
        (AUCKLAND, date.min, "0001-01-01T00:00:00Z"),
        ("UTC", date.min, "0001-01-01T00:00:00Z"),
        (NEW_YORK, date.min, "0001-01-01T04:56:02Z"),  # local mean time
        (NEW_YORK, date.max, "9999-12-31T05:00:00Z"),
        (AUCKLAND, date.max, "9999-12-30T11:00:00Z"),
    ],
)
def test_a_day_begins_at_its_first_instant(zone: str, day: date, expected: str) -> None:
    assert format_instant(Calendar(time_zone=zone).start_of_day(day)) == expected


@pytest.mark.parametrize("zone", ["UTC", NEW_YORK, AUCKLAND, APIA, "America/Havana", "Asia/Kathmandu"])
def test_a_day_ends_where_the_next_begins(zone: str) -> None:
    calendar = Calendar(time_zone=zone)
    assert calendar.end_of_day(date(2011, 12, 29)) == calendar.start_of_day(date(2011, 12, 30))
    assert calendar.end_of_day(date(2024, 2, 29)) == calendar.start_of_day(date(2024, 3, 1))
    assert format_instant(calendar.end_of_day(date.max)) == LAST


@pytest.mark.parametrize(
    ("due", "by", "zone", "expected"),
    [
        # due at the end of June 30: 15 days more end with July 15
        ("2025-07-01T00:00:00Z", "15 days", "UTC", "2025-07-16T00:00:00Z"),
        ("2025-07-01T04:00:00Z", "15 days", NEW_YORK, "2025-07-16T04:00:00Z"),
        # within a day the period's last day is that day
        ("2025-06-30T12:00:00Z", "15 days", "UTC", "2025-07-16T00:00:00Z"),
        ("2025-07-01T00:00:00.000001Z", "15 days", "UTC", "2025-07-17T00:00:00Z"),
        # due at the end of January 31: a month more ends with February 28, and not with March 1
        ("2025-02-01T00:00:00Z", "1 month", "UTC", "2025-03-01T00:00:00Z"),
        ("2024-02-01T00:00:00Z", "1 month", "UTC", "2024-03-01T00:00:00Z"),
        # due at the end of Friday, March 7
        ("2025-03-08T00:00:00Z", "1 business day", "UTC", "2025-03-11T00:00:00Z"),
        ("2025-03-08T00:00:00Z", "1 week", "UTC", "2025-03-15T00:00:00Z"),
        # over the change of clocks
        ("2025-03-09T05:00:00Z", "1 day", NEW_YORK, "2025-03-10T04:00:00Z"),
        # due at the end of the 29th in Apia: the day after it never was
        ("2011-12-30T10:00:00Z", "1 day", APIA, "2011-12-30T10:00:00Z"),
        ("2011-12-30T10:00:00Z", "2 days", APIA, "2011-12-31T10:00:00Z"),
        # exact units count from the due instant itself
        ("2025-07-01T00:00:00Z", "48 hours", "UTC", "2025-07-03T00:00:00Z"),
        ("2025-06-30T12:00:00.25Z", "30 minutes", "UTC", "2025-06-30T12:30:00.25Z"),
    ],
)
def test_an_extension_counts_from_the_last_day_of_the_period(due: str, by: str, zone: str, expected: str) -> None:
    assert extended(due, by, zone) == expected


@pytest.mark.parametrize("zone", ["UTC", NEW_YORK, AUCKLAND])
@pytest.mark.parametrize(
    "period",
    [
        "8000 years",
        "999999999 years",
        "999999999 months",
        "999999999 weeks",
        "999999999 days",
        "999999999 business days",
        "999999999 hours",
    ],
)
def test_what_ends_beyond_the_last_year_ends_at_the_last_instant(zone: str, period: str) -> None:
    assert end("2025-01-01T00:00:00Z", period, zone) == LAST
    assert extended("2025-01-01T00:00:00Z", period, zone) == LAST
    assert extended(LAST, period, zone) == LAST


def test_the_first_year_does_not_end_at_the_last_instant() -> None:
    """In New York the first instant belongs to the year before the first: a fact from there is old and never fresh."""
    first = datetime.min.replace(tzinfo=UTC)
    for calendar in (Calendar(time_zone=NEW_YORK), Calendar(), Calendar(time_zone=AUCKLAND)):
        for unit in PeriodUnit:
            for instant in (
                calendar.anniversary(first, Period(1, unit)),
                calendar.end_of_period(first, Period(1, unit)),
                calendar.extended(first, Period(1, unit)),
            ):
                assert first < instant <= first + timedelta(days=367)


def test_business_days_end_with_the_last_of_them() -> None:
    calendar = Calendar(time_zone=NEW_YORK, holidays=frozenset({date(2026, 12, 25), date(2026, 12, 28)}))
    # Thursday December 24, 18:00 in New York; the 25th and 28th are holidays, 26 and 27 a weekend
    assert format_instant(
        calendar.end_of_period(parse_instant("2026-12-24T23:00:00Z"), parse_period("1 business day"))
    ) == "2026-12-30T05:00:00Z"  # fmt: skip


NO_BUSINESS_DAYS: Final = Calendar(business_week=frozenset())
A_YEAR: Final = [date(2025, 1, 1) + timedelta(days=n) for n in range(365)]


def test_a_week_without_business_days_never_has_one() -> None:
    period = parse_period("1 business day")
    start = parse_instant("2025-01-01T00:00:00Z")
    assert format_instant(NO_BUSINESS_DAYS.end_of_period(start, period)) == LAST
    assert format_instant(NO_BUSINESS_DAYS.anniversary(start, period)) == LAST
    assert format_instant(NO_BUSINESS_DAYS.extended(start, period)) == LAST


def test_a_year_of_holidays_is_passed_over() -> None:
    calendar = Calendar(holidays=frozenset(A_YEAR))
    # 2026-01-01 is a Thursday
    assert format_instant(
        calendar.end_of_period(parse_instant("2025-01-01T00:00:00Z"), parse_period("2 business days"))
    ) == "2026-01-03T00:00:00Z"  # fmt: skip
