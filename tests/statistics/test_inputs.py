"""Numbers that no observation can have are refused, and say what was expected."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from interlock.statistics import (
    StatisticsError,
    binomial_bounds,
    compare_binomial_lower,
    compare_binomial_upper,
    compare_poisson_lower,
    compare_poisson_upper,
    poisson_bounds,
)
from interlock.terms import InterlockError

HALF = Fraction(1, 2)
ONE = Fraction(1)
TOO_LONG = Fraction(1, 2**5000)


def binomial_lower(successes: int, trials: int, confidence: Fraction) -> int:
    return compare_binomial_lower(successes, trials, share=HALF, confidence=confidence)


def binomial_upper(successes: int, trials: int, confidence: Fraction) -> int:
    return compare_binomial_upper(successes, trials, share=HALF, confidence=confidence)


def poisson_lower(events: int, exposure: Fraction, confidence: Fraction) -> int:
    return compare_poisson_lower(events, exposure, rate=ONE, confidence=confidence)


def poisson_upper(events: int, exposure: Fraction, confidence: Fraction) -> int:
    return compare_poisson_upper(events, exposure, rate=ONE, confidence=confidence)


of_binomial = [binomial_bounds, binomial_lower, binomial_upper]
of_poisson = [poisson_bounds, poisson_lower, poisson_upper]
not_a_confidence = [Fraction(0), Fraction(1), Fraction(-1, 2), Fraction(95), TOO_LONG, 0.95, None, "95%"]
not_a_count = [-1, 10**9 + 1, pytest.param(10**5000, id="5001 digits"), 2.0, True, None, Fraction(2), "2"]


@pytest.mark.parametrize("function", of_binomial)
@pytest.mark.parametrize("confidence", not_a_confidence)
def test_a_share_needs_a_confidence_between_0_and_1(
    function: Callable[[int, int, Fraction], object], confidence: Fraction
) -> None:
    with pytest.raises(StatisticsError, match=r"\bconfidence\b"):
        function(1, 2, confidence)


@pytest.mark.parametrize("function", of_poisson)
@pytest.mark.parametrize("confidence", not_a_confidence)
def test_a_rate_needs_a_confidence_between_0_and_1(
    function: Callable[[int, Fraction, Fraction], object], confidence: Fraction
) -> None:
    with pytest.raises(StatisticsError, match=r"\bconfidence\b"):
        function(1, ONE, confidence)


@pytest.mark.parametrize("function", of_binomial)
@pytest.mark.parametrize("count", not_a_count)
def test_successes_and_trials_are_whole_numbers_within_the_limit(
    function: Callable[[int, int, Fraction], object], count: int
) -> None:
    with pytest.raises(StatisticsError, match=r"\bsuccesses\b"):
        function(count, 10, HALF)
    with pytest.raises(StatisticsError, match=r"\btrials\b"):
        function(1, count, HALF)


@pytest.mark.parametrize("function", of_poisson)
@pytest.mark.parametrize("count", not_a_count)
def test_events_are_whole_numbers_within_the_limit(
    function: Callable[[int, Fraction, Fraction], object], count: int
) -> None:
    with pytest.raises(StatisticsError, match=r"\bevents\b"):
        function(count, ONE, HALF)


@pytest.mark.parametrize("function", of_binomial)
def test_trials_are_at_least_one_and_hold_the_successes(function: Callable[[int, int, Fraction], object]) -> None:
    with pytest.raises(StatisticsError, match="at least 1 trial, got `0`"):
        function(0, 0, HALF)
    with pytest.raises(StatisticsError, match="at most as many successes as the `5` trials, got `6`"):
        function(6, 5, HALF)


@pytest.mark.parametrize("function", of_poisson)
@pytest.mark.parametrize("exposure", [Fraction(0), Fraction(-1), 1.5, 1 / TOO_LONG])
def test_an_exposure_is_exact_and_above_zero(
    function: Callable[[int, Fraction, Fraction], object], exposure: Fraction
) -> None:
    with pytest.raises(StatisticsError, match=r"^expected an? .*\bexposure\b"):
        function(1, exposure, HALF)


@pytest.mark.parametrize("number", [0.5, TOO_LONG, float("nan"), None])
def test_the_number_compared_with_is_exact(number: Fraction) -> None:
    for compare in (compare_binomial_lower, compare_binomial_upper):
        with pytest.raises(StatisticsError, match=r"\bshare\b"):
            compare(1, 2, share=number, confidence=HALF)
    for compare_rate in (compare_poisson_lower, compare_poisson_upper):
        with pytest.raises(StatisticsError, match=r"\brate\b"):
            compare_rate(1, ONE, rate=number, confidence=HALF)


def test_a_refusal_is_one_of_interlocks_own() -> None:
    assert issubclass(StatisticsError, InterlockError)


def test_the_longest_quantity_of_a_file_is_within_the_limits() -> None:
    """A quantity has at most 64 characters and an exponent of three digits (LANGUAGE 1): 3,500 bits at most."""
    share = Fraction("0." + "1" * 50 + "e-999")
    assert compare_binomial_lower(1, 2, share=share, confidence=HALF) == 1
    rate = Fraction("9" * 50 + "e999")
    assert compare_poisson_upper(1, ONE, rate=rate, confidence=HALF) == -1
