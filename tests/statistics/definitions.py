"""The plain definitions that the statistics are held to: every term of every sum, in exact rationals."""

from __future__ import annotations

from fractions import Fraction
from math import comb, factorial


def binomial_at_least(least: int, trials: int, share: Fraction) -> Fraction:
    """Return P(X >= least) for X binomial."""
    terms = (comb(trials, i) * share**i * (1 - share) ** (trials - i) for i in range(least, trials + 1))
    return sum(terms, Fraction(0))


def binomial_lower_sign(successes: int, trials: int, share: Fraction, confidence: Fraction) -> int:
    """Return the sign of L - share for 0 <= share <= 1, from LANGUAGE 4.9: L >= share iff P(X >= k) <= 1 - c."""
    if successes == 0:
        return -sign(share)
    return -sign(binomial_at_least(successes, trials, share) - (1 - confidence))


def binomial_upper_sign(successes: int, trials: int, share: Fraction, confidence: Fraction) -> int:
    """Return the sign of U - share for 0 <= share <= 1: U <= share iff P(X <= k) <= 1 - c."""
    if successes == trials:
        return sign(1 - share)
    at_most = sum((comb(trials, i) * share**i * (1 - share) ** (trials - i) for i in range(successes + 1)), Fraction(0))
    return sign(at_most - (1 - confidence))


def exponential(x: Fraction, last: int) -> tuple[Fraction, Fraction]:
    """Return rationals below and above e^x for x >= 0, by Taylor's series up to the power `last`, which exceeds 2x.

    Each later term is at most half the one before, so that the remainder is at most the last term added.
    """
    assert last > 2 * x
    below = sum((x**i / factorial(i) for i in range(last + 1)), Fraction(0))
    return below, below + x**last / factorial(last)


def poisson_at_most(most: int, mean: Fraction, last: int = 120) -> tuple[Fraction, Fraction]:
    """Return rationals below and above P(X <= most) for X Poisson."""
    part = sum((mean**i / factorial(i) for i in range(most + 1)), Fraction(0))
    below, above = exponential(mean, last)
    return part / above, part / below


def poisson_upper_sign(events: int, mean: Fraction, confidence: Fraction) -> int:
    """Return the sign of U - mean for a mean above 0: U < mean iff P(X <= k) < 1 - c."""
    low, high = poisson_at_most(events, mean)
    return agreed(sign(low - (1 - confidence)), sign(high - (1 - confidence)))


def poisson_lower_sign(events: int, mean: Fraction, confidence: Fraction) -> int:
    """Return the sign of L - mean for a mean above 0: L > mean iff P(X >= k) < 1 - c; L is 0 where k is 0."""
    if events == 0:
        return -1
    low, high = poisson_at_most(events - 1, mean)
    return -agreed(sign(1 - high - (1 - confidence)), sign(1 - low - (1 - confidence)))


def agreed(one: int, other: int) -> int:
    """Return what both ends of an interval say; a definition that cannot decide is no reference."""
    assert one == other
    return one


def sign(number: Fraction) -> int:
    """Return 1, 0 or -1."""
    return (number > 0) - (number < 0)
