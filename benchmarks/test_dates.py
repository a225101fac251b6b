"""How long a calendar takes to say when a period is over, beside libraries that count dates.

The libraries answer with a date, or with a whole column of them; a calendar is asked about an instant, and answers with
the instant at which the last day is over in a time zone. Every answer is checked to fall on the same day before
anything is timed.
"""

from __future__ import annotations

import importlib.metadata
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final

import pytest

from benchmarks.conftest import Measure
from benchmarks.summary import BUSINESS_DAYS, MONTHS, SCHEDULE
from interlock.terms import Calendar, Period, PeriodUnit

pytestmark = pytest.mark.benchmark(timer=time.process_time)

VERSION: Final = importlib.metadata.version("interlock")
COUNT: Final = 1_000
QUARTERS: Final = 40
HOLIDAYS: Final = tuple(date(year, month, day) for year in range(2020, 2031) for month, day in ((1, 1), (12, 25)))
CALENDAR: Final = Calendar(time_zone="America/New_York", holidays=frozenset(HOLIDAYS))
FIVE: Final = Period(number=5, unit=PeriodUnit.BUSINESS_DAY)
MONTH: Final = Period(number=1, unit=PeriodUnit.MONTH)
_ONE_DAY: Final = timedelta(days=1)


def _instants() -> list[datetime]:
    random = Random(1)  # noqa: S311 - the same instants every time
    first = datetime(2020, 1, 1, tzinfo=UTC)
    return [first + timedelta(seconds=random.randrange(10 * 365 * 86_400)) for _ in range(COUNT)]


INSTANTS: Final = _instants()
DAYS: Final = [CALENDAR.day_of(instant) for instant in INSTANTS]


def last_days(period: Period) -> list[date]:
    """Return the last day of a period from each instant: the one that is over at its end."""
    return [CALENDAR.day_of(CALENDAR.end_of_period(instant, period)) - _ONE_DAY for instant in INSTANTS]


@pytest.mark.parametrize(("part", "period"), [(BUSINESS_DAYS, FIVE), (MONTHS, MONTH)])
def test_the_end_of_a_period(measure: Measure, part: str, period: Period) -> None:
    measure(
        lambda: [CALENDAR.end_of_period(instant, period) for instant in INSTANTS],
        each=COUNT,
        part=part,
        name="interlock, the instant in New York",
        version=VERSION,
        note="22 holidays" if period is FIVE else "",
    )


def _business_days(numpy: Any) -> dict[str, tuple[Callable[[], Any], str]]:
    calendar = numpy.busdaycalendar(holidays=HOLIDAYS)
    column = numpy.array(DAYS, dtype="datetime64[D]")
    # From a day that is none, the day before it counts: the first business day after it is the first.
    one = [numpy.datetime64(day) for day in DAYS]
    return {
        "numpy, one date at a time": (
            lambda: [numpy.busday_offset(day, 5, roll="backward", busdaycal=calendar) for day in one],
            "22 holidays",
        ),
        "numpy, a whole column": (
            lambda: numpy.busday_offset(column, 5, roll="backward", busdaycal=calendar),
            "22 holidays",
        ),
    }


@pytest.mark.parametrize("name", ["numpy, one date at a time", "numpy, a whole column"])
def test_business_days_elsewhere(measure: Measure, name: str) -> None:
    numpy = pytest.importorskip("numpy")
    call, note = _business_days(numpy)[name]
    assert [day.astype(date) for day in call()] == last_days(FIVE)
    measure(call, each=COUNT, part=BUSINESS_DAYS, name=name, version=numpy.__version__, note=note)


def test_months_elsewhere(measure: Measure, leave: Callable[..., None]) -> None:
    try:
        from dateutil.relativedelta import relativedelta
    except ImportError:
        leave(MONTHS, "dateutil", "not installed")
        return
    month = relativedelta(months=1)
    assert [day + month for day in DAYS] == last_days(MONTH)
    measure(
        lambda: [day + month for day in DAYS],
        each=COUNT,
        part=MONTHS,
        name="dateutil, `relativedelta`",
        version=importlib.metadata.version("python-dateutil"),
        note="a date",
    )


START: Final = datetime(2020, 1, 15, 17, 30, tzinfo=UTC)
ENDS: Final = tuple(Period(number=3 * k, unit=PeriodUnit.MONTH) for k in range(1, QUARTERS + 1))


def test_a_schedule(measure: Measure) -> None:
    measure(
        lambda: [CALENDAR.end_of_period(START, period) for period in ENDS],
        each=QUARTERS,
        part=SCHEDULE,
        name="interlock, the instant in New York",
        version=VERSION,
    )


def test_a_schedule_elsewhere(measure: Measure, leave: Callable[..., None]) -> None:
    try:
        from dateutil.rrule import MONTHLY, rrule
    except ImportError:
        leave(SCHEDULE, "dateutil", "not installed")
        return
    first = datetime(2020, 1, 15)  # noqa: DTZ001 - it counts in local dates
    found = [one.date() for one in rrule(MONTHLY, interval=3, dtstart=first, count=QUARTERS + 1)][1:]
    assert found == [CALENDAR.day_of(CALENDAR.end_of_period(START, period)) - _ONE_DAY for period in ENDS]
    measure(
        lambda: list(rrule(MONTHLY, interval=3, dtstart=first, count=QUARTERS + 1)),
        each=QUARTERS + 1,
        part=SCHEDULE,
        name="dateutil, `rrule`",
        version=importlib.metadata.version("python-dateutil"),
        note="a date; one on the 31st would leave out months that have none",
    )
