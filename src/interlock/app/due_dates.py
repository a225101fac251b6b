"""Due dates as people count them: the last day and the days left, in the time zone of the policy (LANGUAGE 4.5).

What is due with a day is due at the instant at which that day is over; then the day is shown, not the midnight after
it. Days are those of the calendar, so that a change of clocks makes none longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from interlock.engine import DutyStanding
from interlock.terms import Calendar

_JUST_BEFORE: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDate:
    """When the time for something is over, by a calendar; `day` is the last day on which it is in time.

    `ends_day` is whether the time is over with the end of that day, and not within it.
    """

    instant: datetime
    calendar: Calendar
    day: date
    ends_day: bool

    @property
    def local(self) -> datetime:
        """The instant by the clocks of the calendar's time zone."""
        return self.instant.astimezone(ZoneInfo(self.calendar.time_zone))

    def days_left(self, at: datetime) -> int:
        """Return how many days after that of `at` the last day is; 0 on that day."""
        return (self.day - self.calendar.day_of(at)).days


def due_date(instant: datetime, calendar: Calendar) -> DueDate:
    """Return the instant as a due date of that calendar."""
    day = calendar.day_of(instant - _JUST_BEFORE)
    return DueDate(instant=instant, calendar=calendar, day=day, ends_day=calendar.end_of_day(day) == instant)


def expected_due(standing: DutyStanding) -> datetime | None:
    """Return when an instance is due; for a running period, when it will be if nothing further happens.

    None where no time is stated, where it is not known, and where only growth of compute ends the period.
    """
    if standing.period_ends is None or standing.due is not None:
        return standing.due
    within = standing.duty.within
    return standing.period_ends if within is None else standing.policy.calendar.extended(standing.period_ends, within)
