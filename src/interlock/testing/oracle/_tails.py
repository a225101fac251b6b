"""Exact tails of counts by the plain sum, and what they leave of a comparison (LANGUAGE 4.2 and 4.9).

Written from the definition of one-sided bounds: L is the least chance under which so many successes or more have a
probability above 1 - c, U the greatest under which so few or fewer have. Slow; knows nothing of `interlock.statistics`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import comb

from interlock.policy import Comparator
from interlock.terms import Truth

Below = Callable[[Fraction], bool]
"""Whether a bound is below a number."""


def binomial_at_least(successes: int, trials: int, chance: Fraction) -> Fraction:
    """Return P(X ≥ successes) for X binomial with `trials` and `chance`."""
    hit, miss, whole = chance.numerator, chance.denominator - chance.numerator, chance.denominator
    ways = sum(comb(trials, k) * hit**k * miss ** (trials - k) for k in range(successes, trials + 1))
    return Fraction(ways, whole**trials)


def exponential_is_at_most(exponent: Fraction, number: Fraction) -> bool:
    """Return whether e^exponent ≤ number, for an exponent ≥ 0, by adding terms of the series until it is settled."""
    if exponent == 0:
        return number >= 1
    total, term, n = Fraction(1), Fraction(1), 0
    while True:
        n += 1
        term = term * exponent / n
        total += term
        if total > number:
            return False
        # what is left of the series is at most a geometric one with this ratio
        ratio = exponent / (n + 1)
        if ratio < 1 and total + term * ratio / (1 - ratio) <= number:
            return True


def poisson_sum(count: int, mean: Fraction) -> Fraction:
    """Return the sum of mean^i / i! for i < count: e^mean times P(X < count)."""
    total, term = Fraction(0), Fraction(1)
    for i in range(count):
        total += term
        term = term * mean / (i + 1)
    return total


def compare_proportion(
    successes: int, trials: int, confidence: Fraction, comparator: Comparator, bound: Fraction
) -> Truth:
    """Return what `successes` of `trials` show of a proportion by Clopper-Pearson bounds at `confidence`."""
    rest = 1 - confidence

    def lower_at_least(number: Fraction) -> bool:
        if successes == 0 or not 0 < number <= 1:
            return number <= 0
        return binomial_at_least(successes, trials, number) <= rest

    def lower_above(number: Fraction) -> bool:
        if successes == 0 or not 0 <= number <= 1:
            return number < 0
        return binomial_at_least(successes, trials, number) < rest

    def upper_at_most(number: Fraction) -> bool:
        if successes == trials or not 0 <= number < 1:
            return number >= 1
        return 1 - binomial_at_least(successes + 1, trials, number) <= rest

    def upper_below(number: Fraction) -> bool:
        if successes == trials or not 0 <= number <= 1:
            return number > 1
        return 1 - binomial_at_least(successes + 1, trials, number) < rest

    return _verdict(comparator, bound, lower_at_least, lower_above, upper_at_most, upper_below)


def compare_rate(count: int, exposure: int, confidence: Fraction, comparator: Comparator, bound: Fraction) -> Truth:
    """Return what `count` events in `exposure` show of a rate by exact Poisson bounds at `confidence`.

    P(X ≥ k) ≤ 1 - c is e^m ≤ S / c with S the sum of m^i / i! for i < k, and P(X ≤ k) ≤ 1 - c is S' ≤ (1 - c) e^m;
    equality is met at m = 0 alone, since e^m is irrational for every other rational m.
    """

    def lower_at_least(number: Fraction) -> bool:
        if count == 0 or number <= 0:
            return number <= 0
        mean = number * exposure
        return exponential_is_at_most(mean, poisson_sum(count, mean) / confidence)

    def lower_above(number: Fraction) -> bool:
        if count == 0 or number < 0:
            return number < 0
        return number == 0 or lower_at_least(number)

    def upper_at_most(number: Fraction) -> bool:
        if number <= 0 or confidence == 1:
            return False
        mean = number * exposure
        return not exponential_is_at_most(mean, poisson_sum(count + 1, mean) / (1 - confidence))

    return _verdict(comparator, bound, lower_at_least, lower_above, upper_at_most, upper_at_most)


def compare_interval(lower: Fraction | None, upper: Fraction | None, comparator: Comparator, bound: Fraction) -> Truth:
    """Return what the interval from `lower` to `upper` shows; None is an open side, which decides nothing."""
    return _verdict(
        comparator,
        bound,
        lambda number: lower is not None and lower >= number,
        lambda number: lower is not None and lower > number,
        lambda number: upper is not None and upper <= number,
        lambda number: upper is not None and upper < number,
    )


def _verdict(
    comparator: Comparator,
    bound: Fraction,
    lower_at_least: Below,
    lower_above: Below,
    upper_at_most: Below,
    upper_below: Below,
) -> Truth:
    """4.2: at-least is true iff L ≥ θ, false iff U < θ; more-than L > θ, U ≤ θ; and so on; else unknown."""
    shown, refuted = {
        Comparator.AT_LEAST: (lower_at_least, upper_below),
        Comparator.MORE_THAN: (lower_above, upper_at_most),
        Comparator.AT_MOST: (upper_at_most, lower_above),
        Comparator.BELOW: (upper_below, lower_at_least),
    }[comparator]
    true, false = shown(bound), refuted(bound)
    if true == false:
        return Truth.UNKNOWN
    return Truth.of(true)
