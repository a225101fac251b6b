"""Due dates: the last day in the policy's time zone, and the days left, whatever the clocks do in between."""

from __future__ import annotations

from datetime import date

import pytest

from interlock.app.due_dates import due_date, expected_due
from interlock.engine import DutyState
from interlock.terms import Calendar, format_instant, parse_instant
from tests.app.standings import policy, standing


def test_what_is_over_at_a_midnight_is_due_with_the_day_before() -> None:
    due = due_date(parse_instant("2026-11-22T00:00:00Z"), Calendar())
    assert (due.day, due.ends_day) == (date(2026, 11, 21), True)


def test_what_is_over_within_a_day_is_due_at_that_time_of_it() -> None:
    due = due_date(parse_instant("2026-11-22T14:30:00Z"), Calendar(time_zone="America/New_York"))
    assert (due.day, due.ends_day) == (date(2026, 11, 22), False)
    assert f"{due.local:%H:%M}" == "09:30"  # five hours behind in November


def test_the_midnight_is_that_of_the_policy() -> None:
    """22 November ends in New York at 05:00 UTC; at 00:00 UTC it is 19:00 there."""
    calendar = Calendar(time_zone="America/New_York")
    assert due_date(parse_instant("2026-11-23T05:00:00Z"), calendar).day == date(2026, 11, 22)
    assert not due_date(parse_instant("2026-11-23T00:00:00Z"), calendar).ends_day


@pytest.mark.parametrize(
    ("at", "left"),
    [
        ("2026-11-18T00:00:00Z", 3),
        ("2026-11-18T23:59:59Z", 3),
        ("2026-11-19T00:00:00Z", 2),
        ("2026-11-20T23:59:59Z", 1),
        ("2026-11-21T00:00:00Z", 0),
        ("2026-11-21T23:59:59Z", 0),
    ],
)
def test_days_left_are_days_of_the_calendar_until_the_last_one(at: str, left: int) -> None:
    assert due_date(parse_instant("2026-11-22T00:00:00Z"), Calendar()).days_left(parse_instant(at)) == left


def test_a_day_of_25_hours_is_one_day() -> None:
    """Clocks in New York go back on 1 November 2026: that day begins at 04:00 UTC and ends at 05:00 UTC."""
    due = due_date(parse_instant("2026-11-03T05:00:00Z"), Calendar(time_zone="America/New_York"))
    assert due.days_left(parse_instant("2026-11-01T04:00:00Z")) == 1  # from Sunday to Monday, the 2nd


def test_a_running_period_falls_due_within_days_of_its_end() -> None:
    """The period ends with 1 December, and 30 days after that day is 31 December."""
    running = standing("assess", DutyState.NOT_TRIGGERED, period_ends="2026-12-02T00:00:00Z")
    due = expected_due(running)
    assert due is not None
    assert format_instant(due) == "2027-01-01T00:00:00Z"


def test_without_within_a_running_period_falls_due_when_it_ends() -> None:
    running = standing("review", DutyState.NOT_TRIGGERED, period_ends="2027-01-01T00:00:00Z")
    assert expected_due(running) == running.period_ends


def test_an_instance_that_is_open_is_due_when_it_says() -> None:
    instance = standing("assess", DutyState.OPEN, due="2026-12-02", period_ends="2027-06-02")
    assert expected_due(instance) == instance.due
    assert expected_due(standing("assess", DutyState.UNKNOWN, of=policy())) is None
