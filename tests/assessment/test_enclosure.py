"""More confidence never decides more: bounds at a higher confidence enclose those at a lower (LANGUAGE 7)."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from interlock.assessment import Verdict, assess
from interlock.policy import Comparator, Comparison
from interlock.record import Counts, Estimate
from interlock.terms import PLAIN, Quantity, Truth

comparators = st.sampled_from(Comparator)
confidences = st.sampled_from([Fraction(n, 1000) for n in (500, 800, 900, 950, 975, 990, 999)])
shares = st.fractions(0, 1, max_denominator=60)
counts = st.integers(1, 60).flatmap(lambda n: st.builds(Counts, successes=st.integers(0, n), trials=st.just(n)))
numbers = st.integers(-20, 20).map(Fraction)


def bound(value: Fraction, dimension: str) -> Quantity:
    return Quantity(value, dimension, str(value))


def decides_no_more(lower: Verdict, higher: Verdict) -> bool:
    return higher.value in {lower.value, Truth.UNKNOWN}


@given(counts, shares, comparators, confidences, confidences)
def test_of_counts(result: Counts, share: Fraction, comparator: Comparator, one: Fraction, other: Fraction) -> None:
    comparison = Comparison(comparator=comparator, bound=bound(share, "share"))
    at_lower, at_higher = (assess(result, "proportion", comparison, c) for c in sorted((one, other)))
    assert decides_no_more(at_lower, at_higher)


@given(counts, st.fractions(0, 8, max_denominator=20), comparators, confidences, confidences)
def test_of_rates(result: Counts, rate: Fraction, comparator: Comparator, one: Fraction, other: Fraction) -> None:
    comparison = Comparison(comparator=comparator, bound=bound(rate, PLAIN))
    at_lower, at_higher = (assess(result, "rate", comparison, c) for c in sorted((one, other)))
    assert decides_no_more(at_lower, at_higher)


@given(st.tuples(numbers, numbers, numbers).map(sorted), confidences, numbers, comparators, confidences, confidences)
def test_of_estimates(
    ends: list[Fraction], own: Fraction, theta: Fraction, comparator: Comparator, one: Fraction, other: Fraction
) -> None:
    lower, value, upper = (bound(end, PLAIN) for end in ends)
    result = Estimate(estimate=value, lower=lower, upper=upper, confidence=own)
    comparison = Comparison(comparator=comparator, bound=bound(theta, PLAIN))
    at_lower, at_higher = (assess(result, "mean", comparison, c) for c in sorted((one, other)))
    assert decides_no_more(at_lower, at_higher)


@given(counts, shares, comparators, confidences)
def test_what_bounds_of_counts_decide_the_observed_value_does_not_gainsay(
    result: Counts, share: Fraction, comparator: Comparator, confidence: Fraction
) -> None:
    """At a confidence of at least one half the bounds lie on either side of the observed share."""
    comparison = Comparison(comparator=comparator, bound=bound(share, "share"))
    bounded = assess(result, "proportion", comparison, confidence)
    as_observed = assess(result, "proportion", comparison, None)
    assert as_observed.value is not Truth.UNKNOWN
    if bounded.value is not Truth.UNKNOWN:
        assert bounded.value is as_observed.value


@given(counts, shares, confidences)
def test_opposite_comparators_never_agree(result: Counts, share: Fraction, confidence: Fraction) -> None:
    theta = bound(share, "share")

    def says(comparator: Comparator) -> Truth:
        return assess(result, "proportion", Comparison(comparator=comparator, bound=theta), confidence).value

    assert says(Comparator.BELOW) is ~says(Comparator.AT_LEAST)
    assert says(Comparator.AT_MOST) is ~says(Comparator.MORE_THAN)
