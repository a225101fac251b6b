"""Instants are read exactly or refused: nothing is guessed about a zone, and no digit is dropped (LANGUAGE 9)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.terms import MalformedError, format_instant, parse_date, parse_instant


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-03-01T12:00:00Z", datetime(2025, 3, 1, 12, tzinfo=UTC)),
        ("2025-03-01t12:00:00z", datetime(2025, 3, 1, 12, tzinfo=UTC)),
        # 12:00 two hours ahead of UTC is 10:00 UTC
        ("2025-03-01T12:00:00+02:00", datetime(2025, 3, 1, 10, tzinfo=UTC)),
        # 23:30 five and a half hours behind UTC is 05:00 UTC of the next day
        ("2025-12-31T23:30:00-05:30", datetime(2026, 1, 1, 5, tzinfo=UTC)),
        ("2025-03-01T12:00:00-00:00", datetime(2025, 3, 1, 12, tzinfo=UTC)),
        ("2025-03-01T12:00:00+23:59", datetime(2025, 2, 28, 12, 1, tzinfo=UTC)),
        ("2025-03-01T12:00:00.5Z", datetime(2025, 3, 1, 12, 0, 0, 500_000, tzinfo=UTC)),
        ("2025-03-01T12:00:00.000001Z", datetime(2025, 3, 1, 12, 0, 0, 1, tzinfo=UTC)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_as_utc(text: str, expected: datetime) -> None:
    read = parse_instant(text)
    assert (read, read.tzinfo) == (expected, UTC)


def test_a_bare_date_is_the_start_of_that_day_in_utc() -> None:
    assert parse_instant("2025-03-01") == datetime(2025, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-01T12:00:00",  # no offset: it could be hours off
        "2025-03-01T12:00Z",
        "2025-03-01 12:00:00Z",
        "2025-03-01T12:00:00.Z",
        "2025-03-01T12:00:00.1234567Z",  # a digit that would have to be dropped
        "2025-03-01T12:00:00,5Z",
        "2025-03-01T12:00:00+0200",
        "2025-3-1",
        "20250301",
        "2025-W09-6",
        "2025-060",
        " 2025-03-01",
        "2025-03-01\n",
        "٢٠٢٥-03-01",  # digits of another script
        "now",
        "",
    ],
)
def test_another_form_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(MalformedError, match=r"is not an instant; expected YYYY-MM-DDTHH:MM:SSZ"):
        parse_instant(text)


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-01T24:00:00Z",
        "2025-03-01T12:60:00Z",
        "2025-06-30T23:59:60Z",  # a leap second is refused rather than moved
        "2025-03-01T12:00:00+24:00",
        "2025-03-01T12:00:00+02:60",
        "0001-01-01T00:00:00+01:00",  # before the first year
        "9999-12-31T23:59:59-01:00",  # after the last
    ],
)
def test_a_time_that_the_calendar_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(MalformedError, match="is not an instant of the calendar"):
        parse_instant(text)


@pytest.mark.parametrize("text", ["2025-02-29", "2025-04-31", "2025-13-01", "2025-00-10", "0000-01-01", "1900-02-29"])
def test_a_day_that_the_calendar_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(MalformedError, match="is not a day of the calendar"):
        parse_date(text)
    with pytest.raises(MalformedError, match="is not a day of the calendar"):
        parse_instant(text)


@pytest.mark.parametrize("text", ["2025-3-01", "2025-03-01T00:00:00Z", "tomorrow", "2025-03-01 "])
def test_a_date_has_one_form(text: str) -> None:
    with pytest.raises(MalformedError, match="is not a date; expected YYYY-MM-DD"):
        parse_date(text)


def test_a_leap_day_is_a_day_in_leap_years() -> None:
    assert parse_date("2024-02-29") == date(2024, 2, 29)
    assert parse_date("2000-02-29") == date(2000, 2, 29)


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (datetime(2025, 3, 1, tzinfo=UTC), "2025-03-01T00:00:00Z"),
        (datetime(2025, 3, 1, 12, 0, 0, 500_000, tzinfo=UTC), "2025-03-01T12:00:00.5Z"),
        (datetime(2025, 3, 1, 12, 0, 0, 1, tzinfo=UTC), "2025-03-01T12:00:00.000001Z"),
        (datetime(2025, 3, 1, 12, tzinfo=timezone(timedelta(hours=2))), "2025-03-01T10:00:00Z"),
        (datetime(33, 1, 2, tzinfo=UTC), "0033-01-02T00:00:00Z"),
    ],
)
def test_an_instant_is_written_in_utc_with_microseconds_only_where_there_are_some(instant: datetime, text: str) -> None:
    assert format_instant(instant) == text


@given(st.datetimes(timezones=st.just(UTC)))
def test_what_is_written_is_read_back_as_the_same_instant(instant: datetime) -> None:
    assert parse_instant(format_instant(instant)) == instant
