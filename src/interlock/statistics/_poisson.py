"""Exact one-sided Poisson bounds (Garwood 1936), compared with a rate without being computed.

Implements LANGUAGE 4.2, 4.9 and 5 (`rate`): k events in an exposure t, confidence c. The lower bound L is the rate at
which P(X >= k | rate * t) = 1 - c, and 0 where k = 0; the upper bound U that at which P(X <= k | rate * t) = 1 - c.
As for the binomial, for a rate above 0

    sign(L - rate) = -sign(P(X >= k | rate t) - (1 - c)),      sign(U - rate) = -sign(P(X >= k + 1 | rate t) - c).

Equality cannot occur: P(X < k | x) is e^-x times a positive rational for rational x, and e^x is transcendental for
every algebraic x other than 0 (Lindemann 1882), so the tail never equals the rational 1 - c and an enclosure of
sufficient precision always decides. The sum of all terms, relative to the largest, is the series of e^x with its
remainder bounded (`_enclosure`). Assumes independent events at a constant rate. Pure; results are remembered.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Final

from interlock.statistics._enclosure import Ratios, sign_of_outer_share
from interlock.statistics._errors import StatisticsError
from interlock.statistics._inputs import MAXIMUM_COUNT, check_confidence, check_count, check_rational

_FIRST_PRECISION: Final = 32


def compare_poisson_lower(events: int, exposure: Fraction, *, rate: Fraction, confidence: Fraction) -> int:
    """Return the sign of L - rate: 1 if the lower bound is above, -1 if below, 0 only where both are 0.

    `rate` is per unit of `exposure`. Raises StatisticsError for more than 1,000,000,000 events, an exposure that is
    not above 0, or a confidence outside (0, 1).

    >>> from fractions import Fraction
    >>> compare_poisson_lower(1, Fraction(1), rate=Fraction("0.0512"), confidence=Fraction("0.95"))
    1
    """
    check_poisson(events, exposure, confidence)
    check_rational("rate", rate)
    return _compare_lower(events, exposure * rate, confidence)


def compare_poisson_upper(events: int, exposure: Fraction, *, rate: Fraction, confidence: Fraction) -> int:
    """Return the sign of U - rate: 1 if the upper bound is above, -1 if below; never 0. Raises likewise.

    >>> from fractions import Fraction
    >>> compare_poisson_upper(0, Fraction(1), rate=Fraction(3), confidence=Fraction("0.95"))
    -1
    """
    check_poisson(events, exposure, confidence)
    check_rational("rate", rate)
    return _compare_upper(events, exposure * rate, confidence)


def check_poisson(events: int, exposure: Fraction, confidence: Fraction) -> None:
    """Raise StatisticsError unless these can be a count, the exposure it was seen in and a confidence."""
    check_count("events", events)
    check_rational("exposure", exposure)
    if exposure <= 0:
        msg = "expected an exposure above 0, got `0` or less"
        raise StatisticsError(msg)
    check_confidence(confidence)


@lru_cache(maxsize=4096)
def _compare_lower(events: int, mean: Fraction, confidence: Fraction) -> int:
    return lower_sign(events, mean, confidence)


@lru_cache(maxsize=4096)
def _compare_upper(events: int, mean: Fraction, confidence: Fraction) -> int:
    return upper_sign(events, mean, confidence)


def lower_sign(events: int, mean: Fraction, confidence: Fraction) -> int:
    """Return the sign of L - rate where rate * exposure is `mean`, for arguments already checked."""
    if events == 0:
        return (mean < 0) - (mean > 0)
    if mean <= 0:
        return 1
    return -_sign_of_tail(events, mean, 1 - confidence)


def upper_sign(events: int, mean: Fraction, confidence: Fraction) -> int:
    """Return the sign of U - rate where rate * exposure is `mean`, for arguments already checked."""
    if mean <= 0:
        return 1
    return -_sign_of_tail(events + 1, mean, confidence)


def _sign_of_tail(least: int, mean: Fraction, target: Fraction) -> int:
    """Return the sign of P(X >= least | mean) - target, for `least` of 1 or more and a mean above 0."""
    if mean > 4 * MAXIMUM_COUNT:
        # By Chernoff P(X < mean/2) < exp(-0.15 mean) < 2^-4096, and no target is that near to 1 (see `_inputs`).
        return 1
    precision = _FIRST_PRECISION
    while (sign := _sign_by_enclosure(least, mean, target, precision)) is None:
        precision *= 4
    return sign


def _sign_by_enclosure(least: int, mean: Fraction, target: Fraction, precision: int) -> int | None:
    """Return the sign, or None where `precision` bits do not decide it.

    The mode is m = floor(mean). From i to i + 1 the terms' ratio is mean / (i + 1), from i to i - 1 it is i / mean:
    at most 1 away from the mode, and falling. Where the tail holds the mode, its complement is compared instead.
    """
    above, below = mean.numerator, mean.denominator
    mode = above // below
    up = Ratios(numerator=above, numerator_step=0, denominator=(mode + 1) * below, denominator_step=below)
    down = Ratios(numerator=mode * below, numerator_step=-below, denominator=above, denominator_step=0)
    precision += mode.bit_length()  # room for the roundings of some sqrt(mean) terms; it decides speed, not truth
    if least > mode:
        return sign_of_outer_share(up, least - mode, down, target, precision)
    complement = sign_of_outer_share(down, mode - least + 1, up, 1 - target, precision)
    return None if complement is None else -complement
