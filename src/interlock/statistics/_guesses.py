"""Where to begin the search for a bound: approximations in floating point that save time and decide nothing.

Whatever they return, `_bounds` ends at the same digits, for it tests its neighbours exactly; a bad guess costs time.
Each is Newton's method on the logarithm of a tail, which is concave in the variable used, so that after its first step
it approaches the root from one side. The tail is its first term times a sum, which falls quickly for tails of at most
1/2. For larger ones (a confidence below 50 %) the observed value must do.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Final

_HALF: Final = Fraction(1, 2)
_STEPS: Final = 60
_CLOSE: Final = 1e-9
_NEGLIGIBLE: Final = 1e-15
_LONGEST_SUM: Final = 300_000


def guess_binomial_lower(successes: int, trials: int, tail: Fraction) -> float:
    """Return about the share at which P(X >= successes) = tail, for 1 <= successes <= trials.

    In the logarithm u of the share: ln P = ln(first term) + ln(sum), d ln P / du = successes / sum.
    """
    if tail > _HALF:
        return successes / trials
    goal = _logarithm(tail)
    ways = math.lgamma(trials + 1) - math.lgamma(successes + 1) - math.lgamma(trials - successes + 1)
    u = math.log(successes / (trials + 1))
    for _ in range(_STEPS):
        odds = -math.exp(u) / math.expm1(u)
        total = term = 1.0
        for i in range(successes, min(trials, successes + _LONGEST_SUM)):
            term *= (trials - i) / (i + 1) * odds
            total += term
            if term < _NEGLIGIBLE * total:
                break
        log_tail = ways + successes * u + (trials - successes) * math.log1p(-math.exp(u)) + math.log(total)
        step = (goal - log_tail) * total / successes
        u = min(u + step, -1e-16)  # rounding alone could pass 0
        if abs(step) < _CLOSE:
            break
    return math.exp(u)


def guess_poisson_lower(events: int, tail: Fraction) -> float:
    """Return about the mean at which P(X >= events) = tail, for 1 or more events; in the logarithm of the mean."""
    if tail > _HALF:
        return float(events)
    goal = _logarithm(tail)
    u = math.log(events)
    for _ in range(_STEPS):
        mean = math.exp(u)
        total = term = 1.0
        for i in range(events + 1, events + _LONGEST_SUM):
            term *= mean / i
            total += term
            if term < _NEGLIGIBLE * total:
                break
        log_tail = events * u - mean - math.lgamma(events + 1) + math.log(total)
        step = (goal - log_tail) * total / events
        u += step
        if abs(step) < _CLOSE:
            break
    return math.exp(u)


def guess_poisson_upper(events: int, tail: Fraction) -> float:
    """Return about the mean at which P(X <= events) = tail, for 0 or more events; d ln P / d mean = -1 / sum."""
    if tail > _HALF:
        return float(events)
    goal = _logarithm(tail)
    mean = events + 1.0
    for _ in range(_STEPS):
        total = term = 1.0
        for i in range(events, max(0, events - _LONGEST_SUM), -1):
            term *= i / mean
            total += term
            if term < _NEGLIGIBLE * total:
                break
        log_tail = events * math.log(mean) - mean - math.lgamma(events + 1) + math.log(total)
        step = (log_tail - goal) * total
        mean += step
        if abs(step) < _CLOSE * mean:
            break
    return mean


def _logarithm(number: Fraction) -> float:
    return math.log(number.numerator) - math.log(number.denominator)
