"""Periods are whole numbers of named units, kept as stated (LANGUAGE 1)."""

from __future__ import annotations

import pytest

from interlock.terms import MalformedError, Period, PeriodUnit, parse_period


@pytest.mark.parametrize("unit", list(PeriodUnit))
@pytest.mark.parametrize("number", [1, 2, 90])
def test_each_unit_is_read_in_the_singular_and_in_the_plural(unit: PeriodUnit, number: int) -> None:
    assert parse_period(f"{number} {unit.value}") == Period(number, unit)
    assert parse_period(f"{number} {unit.value}s") == Period(number, unit)


@pytest.mark.parametrize("text", ["6 months", "1 month", "5 business days", "1 business day", "72 hours"])
def test_a_period_is_written_as_a_policy_writes_it(text: str) -> None:
    assert str(parse_period(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "0 days",  # a period of nothing would be over when it begins
        "00 days",
        "06 months",
        "-1 days",
        "+1 days",
        "1.5 days",
        "1e2 days",
        "days",
        "6",
        "6 fortnights",
        "6 Months",
        "6months",
        "6\tmonths",
        "6  business  days",
        "1000000000 days",  # ten digits are surely a mistake
        "٦ months",
        "6 months ",
        "",
    ],
)
def test_anything_else_is_refused_with_the_units_that_there_are(text: str) -> None:
    with pytest.raises(MalformedError, match=r"is not a period; expected a whole number of seconds, .*business days"):
        parse_period(text)
