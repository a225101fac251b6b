"""Verdicts: what one evaluation's result says about a comparison (LANGUAGE 4.2).

With a confidence the comparison is decided by one-sided bounds, exactly for counts; without one by the observed value,
as the policy's text does. A result that can't speak (wrong unit, no bound, too low a confidence) decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final, assert_never

from interlock.policy import Comparator, Comparison
from interlock.record import Clusters, Counts, Estimate
from interlock.statistics import (
    Bounds,
    StatisticsError,
    binomial_bounds,
    compare_binomial_lower,
    compare_binomial_upper,
    compare_poisson_lower,
    compare_poisson_upper,
    poisson_bounds,
)
from interlock.terms import PLAIN, Truth

DISPLAY_CONFIDENCE: Final = Fraction(95, 100)
"""The confidence of the bounds that accompany a comparison of observed values (LANGUAGE 4.2)."""

Result = Counts | Clusters | Estimate
Sign = Callable[[], int | None]
_COUNTED: Final = {"proportion": "share", "rate": PLAIN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The truth of a comparison as one result shows it.

    `trouble` names why the result can't speak to it: `unit-mismatch`, `wrong-statistic`, `beyond-computation` (more
    trials than bounds are computed for) or None.
    `point_estimate` is set where an observed value decided and the bounds at 95 % would have left it open.
    """

    value: Truth
    trouble: str | None = None
    point_estimate: bool = False


@lru_cache(maxsize=8192)
def assess(result: Result, statistic: str, comparison: Comparison, confidence: Fraction | None) -> Verdict:
    """Return the verdict of `result` on `comparison` at `confidence`, or as observed where that is None."""
    trouble = _trouble(result, statistic, comparison)
    if trouble is not None:
        return Verdict(value=Truth.UNKNOWN, trouble=trouble)
    try:
        bounded = _by_bounds(result, statistic, comparison, confidence or DISPLAY_CONFIDENCE)
    except StatisticsError:
        return Verdict(value=Truth.UNKNOWN, trouble="beyond-computation")
    if confidence is not None:
        return Verdict(value=bounded)
    value = _as_observed(observed(result), comparison)
    return Verdict(value=value, point_estimate=bounded is Truth.UNKNOWN)


def observed(result: Result) -> Fraction:
    """Return the observed value in the base unit of its dimension: for counts successes over trials."""
    match result:
        case Counts():
            return Fraction(result.successes, result.trials)
        case Clusters():
            pooled = _pooled(result)
            return Fraction(pooled.successes, pooled.trials)
        case Estimate():
            return result.estimate.magnitude
        case _:
            assert_never(result)


def bounds_of(result: Result, statistic: str, confidence: Fraction) -> Bounds | None:
    """Return the one-sided bounds that a page prints: for counts at `confidence`, rounded outward to six digits.

    None where there are none: clusters of several trials, more trials than bounds are computed for, or an estimate
    without both bounds at that confidence.
    """
    counts = _independent(result)
    if counts is not None:
        try:
            return _count_bounds(counts, statistic, confidence)
        except StatisticsError:
            return None
    if isinstance(result, Estimate) and _serves(result, confidence) and result.lower and result.upper:
        return Bounds(lower=result.lower.magnitude, upper=result.upper.magnitude)
    return None


def _count_bounds(counts: Counts, statistic: str, confidence: Fraction) -> Bounds:
    if statistic == "rate":
        return poisson_bounds(counts.successes, Fraction(counts.trials), confidence)
    return binomial_bounds(counts.successes, counts.trials, confidence)


def _trouble(result: Result, statistic: str, comparison: Comparison) -> str | None:
    dimension = comparison.bound.dimension
    if isinstance(result, Estimate):
        stated = [q for q in (result.estimate, result.lower, result.upper) if q is not None]
        return None if all(q.dimension == dimension for q in stated) else "unit-mismatch"
    if statistic not in _COUNTED:
        return "wrong-statistic"
    return None if dimension == _COUNTED[statistic] else "unit-mismatch"


def _by_bounds(result: Result, statistic: str, comparison: Comparison, confidence: Fraction) -> Truth:
    theta = comparison.bound.magnitude
    counts = _independent(result)
    if counts is not None:
        lower, upper = _count_signs(counts, statistic, theta, confidence)
    elif isinstance(result, Estimate) and _serves(result, confidence):
        lower, upper = (
            (lambda: _sign(result.lower.magnitude - theta) if result.lower else None),
            (lambda: _sign(result.upper.magnitude - theta) if result.upper else None),
        )
    else:
        return Truth.UNKNOWN
    return compare_bounds(comparison.comparator, lower, upper)


def _count_signs(counts: Counts, statistic: str, theta: Fraction, confidence: Fraction) -> tuple[Sign, Sign]:
    k, n = counts.successes, counts.trials
    if statistic == "rate":
        exposure = Fraction(n)
        return (
            lambda: compare_poisson_lower(k, exposure, rate=theta, confidence=confidence),
            lambda: compare_poisson_upper(k, exposure, rate=theta, confidence=confidence),
        )
    return (
        lambda: compare_binomial_lower(k, n, share=theta, confidence=confidence),
        lambda: compare_binomial_upper(k, n, share=theta, confidence=confidence),
    )


def compare_bounds(comparator: Comparator, lower: Sign, upper: Sign) -> Truth:
    """Return what bounds say, given the signs of L - θ and U - θ; None stands for a bound that is not known.

    At-least θ is true iff L ≥ θ, false iff U < θ; more-than L > θ, U ≤ θ; at-most U ≤ θ, L > θ; below U < θ, L ≥ θ.
    """
    match comparator:
        case Comparator.AT_LEAST:
            return _decide(true=_holds(lower(), 0, 1), false=lambda: _holds(upper(), -1))
        case Comparator.MORE_THAN:
            return _decide(true=_holds(lower(), 1), false=lambda: _holds(upper(), -1, 0))
        case Comparator.AT_MOST:
            return _decide(true=_holds(upper(), -1, 0), false=lambda: _holds(lower(), 1))
        case Comparator.BELOW:
            return _decide(true=_holds(upper(), -1), false=lambda: _holds(lower(), 0, 1))
        case _:
            assert_never(comparator)


def _decide(*, true: bool, false: Callable[[], bool]) -> Truth:
    if true:
        return Truth.TRUE
    return Truth.FALSE if false() else Truth.UNKNOWN


def _holds(sign: int | None, *signs: int) -> bool:
    return sign is not None and sign in signs


def _as_observed(value: Fraction, comparison: Comparison) -> Truth:
    sign = _sign(value - comparison.bound.magnitude)
    return compare_bounds(comparison.comparator, lambda: sign, lambda: sign)


def _sign(difference: Fraction) -> int:
    return (difference > 0) - (difference < 0)


def _serves(estimate: Estimate, confidence: Fraction) -> bool:
    return estimate.confidence is not None and estimate.confidence >= confidence


def _independent(result: Result) -> Counts | None:
    """Return the counts of independent trials: clusters of one trial each are such, larger ones are not."""
    if isinstance(result, Counts):
        return result
    if isinstance(result, Clusters) and all(cluster.trials == 1 for cluster in result.clusters):
        return _pooled(result)
    return None


def _pooled(result: Clusters) -> Counts:
    return Counts(
        successes=sum(cluster.successes for cluster in result.clusters),
        trials=sum(cluster.trials for cluster in result.clusters),
    )
