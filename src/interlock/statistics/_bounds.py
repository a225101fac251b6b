"""Bounds for people to read: the exact one-sided bounds, rounded outward to six digits.

Implements the last clause of LANGUAGE 4.9 on counts: "printed bounds are rounded outward to six digits". A share gets
six decimals, so that 0.451 and 0.450720 are read on one scale. A rate gets six significant digits: it carries a unit
and may be of any size, and six decimals of 0.0000002 per hour would say nothing. Decisions never read these numbers;
they compare exactly (`_binomial`, `_poisson`). A guess starts the search and exact comparisons end it, so that the
digits are the same on every machine. Pure; results are remembered.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final

from interlock.statistics import _binomial, _poisson
from interlock.statistics._guesses import guess_binomial_lower, guess_poisson_lower, guess_poisson_upper

_DECIMALS: Final = 10**6
_LEADING: Final = 10**5  # the least number of six digits
_PER_DECADE: Final = 9 * _LEADING


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """One-sided bounds at one confidence, each rounded outward to a decimal of six digits.

    At a confidence below 50 % the lower bound may lie above the upper one: each is a statement of its own.
    """

    lower: Fraction
    upper: Fraction


def binomial_bounds(successes: int, trials: int, confidence: Fraction) -> Bounds:
    """Return L and U of a share, each at one-sided `confidence`, outward to six decimals.

    With L and U the exact bounds: lower <= L < lower + 10^-6 and upper - 10^-6 < U <= upper. Raises StatisticsError
    as `compare_binomial_lower`.

    >>> float(binomial_bounds(0, 5, Fraction(95, 100)).upper)
    0.45072
    """
    _binomial.check_binomial(successes, trials, confidence)
    lower = _least_share(successes, trials, confidence)
    # U for the successes is 1 - L for the failures
    return Bounds(lower=lower, upper=1 - _least_share(trials - successes, trials, confidence))


def poisson_bounds(events: int, exposure: Fraction, confidence: Fraction) -> Bounds:
    """Return L and U of a rate per unit of exposure, each at one-sided `confidence`, outward to six significant digits.

    With d the place of the last digit: lower <= L < lower + d and upper - d < U <= upper. Raises StatisticsError as
    `compare_poisson_lower`.

    >>> float(poisson_bounds(0, Fraction(1), Fraction(95, 100)).upper)
    2.99574
    """
    _poisson.check_poisson(events, exposure, confidence)
    return _rate_bounds(events, exposure, confidence)


@lru_cache(maxsize=4096)
def _least_share(successes: int, trials: int, confidence: Fraction) -> Fraction:
    if successes == 0:
        return Fraction(0)

    def reaches(millionths: int) -> bool:
        return _binomial.lower_sign(successes, trials, Fraction(millionths, _DECIMALS), confidence) >= 0

    guess = guess_binomial_lower(successes, trials, 1 - confidence)
    return Fraction(_last(reaches, math.floor(guess * _DECIMALS)), _DECIMALS)


@lru_cache(maxsize=4096)
def _rate_bounds(events: int, exposure: Fraction, confidence: Fraction) -> Bounds:
    def lower_reaches(place: int) -> bool:
        return _poisson.lower_sign(events, exposure * _six_digit_decimal(place), confidence) >= 0

    def upper_exceeds(place: int) -> bool:
        return _poisson.upper_sign(events, exposure * _six_digit_decimal(place), confidence) > 0

    lower = Fraction(0)
    if events > 0:
        guess = guess_poisson_lower(events, 1 - confidence)
        lower = _six_digit_decimal(_last(lower_reaches, _place_below(guess, exposure)))
    guess = guess_poisson_upper(events, 1 - confidence)
    return Bounds(lower=lower, upper=_six_digit_decimal(_last(upper_exceeds, _place_below(guess, exposure)) + 1))


def _last(holds: Callable[[int], bool], guess: int) -> int:
    """Return the last number at which `holds`, given that it holds up to some number and never after."""
    step = 1
    if holds(guess):
        low, high = guess, guess + 1
        while holds(high):
            low, high, step = high, high + 2 * step, 2 * step
    else:
        low, high = guess - 1, guess
        while not holds(low):
            low, high, step = low - 2 * step, low, 2 * step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _six_digit_decimal(place: int) -> Fraction:
    """Return the decimal of six significant digits at this place of their order, 1.00000 being at place 0."""
    decade, digits = divmod(place, _PER_DECADE)
    exponent = decade - 5
    return Fraction((_LEADING + digits) * 10 ** max(exponent, 0), 10 ** max(-exponent, 0))


def _place_below(mean: float, exposure: Fraction) -> int:
    """Return about the place of mean / exposure in the order of six-digit decimals."""
    logarithm = math.log10(max(mean, 1e-300)) - math.log10(exposure.numerator) + math.log10(exposure.denominator)
    decade = math.floor(logarithm)
    return decade * _PER_DECADE + math.floor((10 ** (logarithm - decade) - 1) * _LEADING)
