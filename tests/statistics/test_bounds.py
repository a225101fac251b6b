"""Printed bounds lie outside the exact ones by less than one unit of the last digit."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.statistics import Bounds, _binomial, _bounds, _poisson, binomial_bounds, poisson_bounds
from tests.statistics.definitions import (
    binomial_lower_sign,
    binomial_upper_sign,
    poisson_lower_sign,
    poisson_upper_sign,
)

MILLIONTH = Fraction(1, 10**6)
AT_95 = Fraction(95, 100)

confidences = st.fractions(Fraction(1, 100), Fraction(9999, 10000), max_denominator=10000)


def bounds(lower: str, upper: str) -> Bounds:
    return Bounds(lower=Fraction(lower), upper=Fraction(upper))


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is remembered between two calls."""
    monkeypatch.setattr(_bounds, "_least_share", _bounds._least_share.__wrapped__)
    monkeypatch.setattr(_bounds, "_rate_bounds", _bounds._rate_bounds.__wrapped__)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), confidences)
def test_binomial_bounds_are_outward_by_less_than_a_millionth(count: tuple[int, int], confidence: Fraction) -> None:
    printed = binomial_bounds(*count, confidence)
    assert (printed.lower * 10**6).denominator == 1
    assert (printed.upper * 10**6).denominator == 1
    assert binomial_lower_sign(*count, printed.lower, confidence) >= 0
    assert binomial_lower_sign(*count, min(printed.lower + MILLIONTH, Fraction(1)), confidence) < 0
    assert binomial_upper_sign(*count, printed.upper, confidence) <= 0
    assert binomial_upper_sign(*count, max(printed.upper - MILLIONTH, Fraction(0)), confidence) > 0


def last_digit(number: Fraction) -> Fraction:
    """Return the place of the sixth significant digit of a number above 0."""
    exponent = Decimal(number.numerator / number.denominator).adjusted() - 5
    return Fraction(10) ** exponent


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 30), st.fractions(Fraction(1, 1000), 1000, max_denominator=1000), confidences)
def test_poisson_bounds_are_outward_by_less_than_the_sixth_digit(
    events: int, exposure: Fraction, confidence: Fraction
) -> None:
    printed = poisson_bounds(events, exposure, confidence)
    if events:
        place = last_digit(printed.lower)
        assert (printed.lower / place).denominator == 1
        assert poisson_lower_sign(events, printed.lower * exposure, confidence) > 0
        assert poisson_lower_sign(events, (printed.lower + place) * exposure, confidence) < 0
    else:
        assert printed.lower == 0
    # the next smaller six-digit decimal; 1.00000 follows 0.999999
    place = last_digit(printed.upper)
    place = place / 10 if printed.upper == place * 10**5 else place
    assert (printed.upper / place).denominator == 1
    assert poisson_upper_sign(events, printed.upper * exposure, confidence) < 0
    assert poisson_upper_sign(events, (printed.upper - place) * exposure, confidence) > 0


@pytest.mark.parametrize(
    ("successes", "trials", "confidence", "expected"),
    [
        (0, 5, AT_95, bounds("0", "0.450720")),  # 1 - 0.05^(1/5) = 0.4507197
        (5, 5, AT_95, bounds("0.549280", "1")),  # 0.05^(1/5) = 0.5492803
        (0, 16, AT_95, bounds("0", "0.170750")),  # 1 - 0.05^(1/16) = 1 - e^-0.1872333 = 0.1707500 rounded up
        (1, 1, AT_95, bounds("0.05", "1")),  # exactly
        (0, 1, AT_95, bounds("0", "0.95")),  # exactly
        (3, 3, Fraction(875, 1000), bounds("0.5", "1")),  # (1/2)^3 = 1/8, exactly
        (0, 3, Fraction(875, 1000), bounds("0", "0.5")),  # the same
        (3, 10, AT_95, bounds("0.087264", "0.606625")),  # Clopper and Pearson's 90 % interval of 3/10: 0.0873, 0.6066
        (10**9, 10**9, AT_95, bounds("0.999999", "1")),
        (0, 10**9, AT_95, bounds("0", "0.000001")),
    ],
)
def test_reference_bounds_of_shares(successes: int, trials: int, confidence: Fraction, expected: Bounds) -> None:
    assert binomial_bounds(successes, trials, confidence) == expected


@pytest.mark.parametrize(
    ("successes", "trials", "lower", "upper"),
    [
        (4, 4, "0.473", None),  # figures that stand in the public conformance rows, to three digits
        (0, 4, None, "0.527"),
        (0, 3, None, "0.632"),
    ],
)
def test_bounds_agree_with_the_figures_of_the_conformance_rows(
    successes: int, trials: int, lower: str | None, upper: str | None
) -> None:
    printed = binomial_bounds(successes, trials, AT_95)
    assert lower is None or round(printed.lower, 3) == Fraction(lower)
    assert upper is None or round(printed.upper, 3) == Fraction(upper)


@pytest.mark.parametrize(
    ("events", "exposure", "expected"),
    [
        # the digits of test_poisson, rounded outward to six significant ones
        (0, "1", bounds("0", "2.99574")),
        (1, "1", bounds("0.0512932", "4.74387")),
        (10, "1", bounds("5.42540", "16.9623")),
        (10, "10000000", bounds("0.000000542540", "0.00000169623")),
        (10, "0.0000001", bounds("54254000", "169623000")),
        # k - 1.644854 sqrt(k) + 0.5685 = 998355.71, k + 1 + 1.644854 sqrt(k + 1) + 0.5685 = 1001646.42
        (10**6, "1", bounds("998355", "1001650")),
    ],
)
def test_reference_bounds_of_rates(events: int, exposure: str, expected: Bounds) -> None:
    assert poisson_bounds(events, Fraction(exposure), AT_95) == expected


def test_a_bound_that_is_itself_a_power_of_ten_is_crossed_rightly() -> None:
    """U of 0 in exposure ln 20 = 2.995732273554 is 1 or just beside: the digits before 1 are finer than those after."""
    assert poisson_bounds(0, Fraction("2.995732273"), AT_95).upper == Fraction("1.00001")
    assert poisson_bounds(0, Fraction("2.995732274"), AT_95).upper == Fraction(1)
    assert poisson_bounds(0, Fraction("2.99574"), AT_95).upper == Fraction("0.999998")


@pytest.mark.usefixtures("forgetful")
@pytest.mark.parametrize("guess", [0.0, 1e-300, 0.5, 1.0, 12345.678])
def test_the_guess_never_changes_a_digit(monkeypatch: pytest.MonkeyPatch, guess: float) -> None:
    counts = [(1, 1), (3, 10), (57, 200), (10, 10)]
    shares = [binomial_bounds(k, n, AT_95) for k, n in counts]
    rates = [poisson_bounds(k, Fraction(n), AT_95) for k, n in counts]
    for name in ("guess_binomial_lower", "guess_poisson_lower", "guess_poisson_upper"):
        monkeypatch.setattr(_bounds, name, lambda *_: guess)
    assert [binomial_bounds(k, n, AT_95) for k, n in counts] == shares
    assert [poisson_bounds(k, Fraction(n), AT_95) for k, n in counts] == rates


@pytest.mark.usefixtures("forgetful")
@pytest.mark.parametrize("confidence", [Fraction(6, 10), AT_95, Fraction(9999, 10_000)])
def test_a_good_guess_leaves_two_or_three_exact_tests_for_each_bound(
    monkeypatch: pytest.MonkeyPatch, confidence: Fraction
) -> None:
    """The cost of a printed bound is stated in exact tests, which are its only expensive part."""
    tested: list[int] = []

    def count(module: ModuleType, name: str) -> None:
        decide = getattr(module, name)

        def counted(*arguments: object) -> int:
            sign: int = decide(*arguments)
            tested.append(sign)
            return sign

        monkeypatch.setattr(module, name, counted)

    count(_binomial, "lower_sign")
    count(_poisson, "lower_sign")
    count(_poisson, "upper_sign")
    for successes, trials in [(1, 7), (3, 10), (57, 200), (199, 200), (4321, 10_000)]:
        tested.clear()
        binomial_bounds(successes, trials, confidence)
        assert 4 <= len(tested) <= 6
        for exposure in (Fraction(1, 10_000), Fraction(1), Fraction(10**12, 7)):
            tested.clear()
            poisson_bounds(successes, exposure, confidence)
            assert 4 <= len(tested) <= 6


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), confidences, confidences)
def test_printed_bounds_at_higher_confidence_enclose_those_at_lower(
    count: tuple[int, int], confidence: Fraction, another: Fraction
) -> None:
    weak, strong = (binomial_bounds(*count, c) for c in sorted((confidence, another)))
    assert strong.lower <= weak.lower
    assert weak.upper <= strong.upper


@pytest.mark.parametrize("exponent", [18, 999])
def test_extreme_confidences_have_bounds(exponent: int) -> None:
    tiny = Fraction(1, 10**exponent)
    assert binomial_bounds(1, 1, 1 - tiny) == bounds("0", "1")
    assert binomial_bounds(0, 1, tiny) == bounds("0", "0.000001")
    # U of 0 events is -ln(1 - c), just above c where c is tiny
    assert poisson_bounds(0, Fraction(1), tiny).upper == tiny * Fraction("1.00001")
    # L of 1 event is -ln c, just above 1 - c where 1 - c is tiny
    assert poisson_bounds(1, Fraction(1), 1 - tiny).lower == tiny


def test_bounds_print_as_decimals() -> None:
    """Six decimals fit a float's shortest form, so that JSON shows the digits that were decided."""
    printed = binomial_bounds(0, 5, AT_95)
    assert json.dumps([float(printed.lower), float(printed.upper)]) == "[0.0, 0.45072]"
