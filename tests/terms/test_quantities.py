"""Quantities are exact and carry their unit; what fits no unit is refused (LANGUAGE 1)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.terms import PLAIN, MalformedError, Quantity, parse_quantity


@pytest.mark.parametrize(
    ("text", "magnitude", "dimension"),
    [
        ("50%", Fraction(1, 2), "share"),
        ("0.1%", Fraction(1, 1000), "share"),
        ("97.5 %", Fraction(39, 40), "share"),
        ("1e26 FLOP", Fraction(10**26), "compute"),
        ("1E+26FLOP", Fraction(10**26), "compute"),
        ("2.5e-3 FLOP", Fraction(1, 400), "compute"),
        ("4x", Fraction(4), "factor"),
        ("1.5 x", Fraction(3, 2), "factor"),
        ("500000 USD", Fraction(500_000), "money in USD"),
        ("3 EUR", Fraction(3), "money in EUR"),
        ("8 hours", Fraction(28_800), "time"),
        ("1 hour", Fraction(3600), "time"),
        ("90 minutes", Fraction(5400), "time"),
        ("2 weeks", Fraction(1_209_600), "time"),
        ("0.5 days", Fraction(43_200), "time"),
        ("1 second", Fraction(1), "time"),
        ("1 person", Fraction(1), "people"),
        ("12 people", Fraction(12), "people"),
        ("12 employees", Fraction(12), "people"),
        ("1e9 tokens", Fraction(10**9), "tokens"),
        ("7 parameters", Fraction(7), "parameters"),
        ("0.1", Fraction(1, 10), PLAIN),
        ("-3", Fraction(-3), PLAIN),
        ("+3", Fraction(3), PLAIN),
        ("0", Fraction(0), PLAIN),
        ("1e0", Fraction(1), PLAIN),
    ],
)
def test_a_quantity_is_read_exactly_in_the_base_unit_of_its_dimension(
    text: str, magnitude: Fraction, dimension: str
) -> None:
    assert parse_quantity(text) == Quantity(magnitude, dimension, text)
    assert str(parse_quantity(text)) == text


def test_a_decimal_is_not_a_binary_float() -> None:
    assert parse_quantity("0.1%").magnitude != Fraction(0.001)
    assert parse_quantity("10%").magnitude * 3 == Fraction(3, 10)


def test_money_of_two_currencies_is_of_two_dimensions() -> None:
    assert parse_quantity("1 USD").dimension != parse_quantity("1 EUR").dimension


@pytest.mark.parametrize(
    "text",
    [
        "",
        "%",
        "FLOP",
        "1,000",
        "1_000",
        "01",
        "0x10",
        ".5",
        "5.",
        "1e+",
        "1e1000",  # no quantity has so many digits
        "--1",
        "1 2",
        "1  FLOP",
        "1\tFLOP",
        "NaN",
        "Infinity",
        "1/2",
        "½",
        "１",  # noqa: RUF001 - a digit of another script
        "1 FLOP ",
        "1" * 65,
    ],
)
def test_what_is_no_number_with_a_unit_is_refused(text: str) -> None:
    with pytest.raises(MalformedError, match=r"is not a quantity; expected a number and its unit"):
        parse_quantity(text)


def test_a_long_text_is_shown_in_part() -> None:
    with pytest.raises(MalformedError) as refusal:
        parse_quantity("9" * 1000)
    assert len(refusal.value.message) < 200


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("5 FLOPs", "`FLOPs` is not a unit; did you mean `FLOP`"),
        ("5 hors", "`hors` is not a unit; did you mean `hours`"),
        ("5 usd", "`usd` is not a unit"),
        ("5 zorkmids", "`zorkmids` is not a unit"),
        ("5 persons", "`persons` is not a unit; did you mean `person`"),
        ("5 xs", "`xs` is not a unit"),
        ("5 months", "`months` is not a unit"),  # a month is no fixed length of time
        ("5 USDs", "`USDs` is not a unit"),
    ],
)
def test_an_unknown_unit_is_refused_with_the_nearest(text: str, message: str) -> None:
    with pytest.raises(MalformedError) as refusal:
        parse_quantity(text)
    assert refusal.value.message.startswith(message)


@given(st.integers(-(10**12), 10**12), st.integers(0, 12))
def test_any_decimal_is_read_without_loss(digits: int, places: int) -> None:
    scaled = Fraction(digits, 10**places)
    sign, whole = ("-" if digits < 0 else ""), f"{abs(digits):0{places + 1}d}"
    text = f"{sign}{whole[:-places]}.{whole[-places:]}" if places else f"{sign}{whole}"
    assert parse_quantity(text).magnitude == scaled
    assert parse_quantity(f"{text}%").magnitude == scaled / 100
