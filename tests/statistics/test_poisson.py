"""One-sided Poisson bounds: every comparison is the one that the definition makes."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.statistics import _poisson, compare_poisson_lower, compare_poisson_upper
from tests.statistics.definitions import poisson_at_most, poisson_lower_sign, poisson_upper_sign

AT_95 = Fraction(95, 100)
ONE = Fraction(1)

confidences = st.fractions(Fraction(1, 1000), Fraction(999, 1000), max_denominator=1000)
means = st.fractions(Fraction(1, 100), 40, max_denominator=100)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 45), means, confidences)
def test_comparisons_are_held_to_the_definition(events: int, mean: Fraction, confidence: Fraction) -> None:
    """The definition encloses e^x by Taylor's series in rationals, which the tests' own file does."""
    lower = compare_poisson_lower(events, ONE, rate=mean, confidence=confidence)
    upper = compare_poisson_upper(events, ONE, rate=mean, confidence=confidence)
    assert lower == poisson_lower_sign(events, mean, confidence)
    assert upper == poisson_upper_sign(events, mean, confidence)


@pytest.mark.parametrize(
    ("events", "below", "above"),
    [
        # P(X >= 1) = 1 - e^-L = 1/20: L = -ln 0.95 = 0.0512933
        (1, "0.051293", "0.051294"),
        # half the 5 % points of chi-squared with 4, 10 and 20 degrees of freedom: 0.710723, 3.940299, 10.850811
        (2, "0.355361", "0.355362"),
        (5, "1.970149", "1.970150"),
        (10, "5.425405", "5.425406"),
    ],
)
def test_the_lower_bound_lies_between_the_published_digits(events: int, below: str, above: str) -> None:
    """Garwood's bounds at one-sided 95 %, checked by the definition as well as by the function."""
    for text, expected in ((below, 1), (above, -1)):
        assert poisson_lower_sign(events, Fraction(text), AT_95) == expected
        assert compare_poisson_lower(events, ONE, rate=Fraction(text), confidence=AT_95) == expected


@pytest.mark.parametrize(
    ("events", "below", "above"),
    [
        # e^-U = 1/20: U = ln 20 = 2.9957323
        (0, "2.995732", "2.995733"),
        # half the 95 % points of chi-squared with 4, 12 and 22 degrees of freedom: 9.487729, 21.026070, 33.924438
        (1, "4.743864", "4.743865"),
        (5, "10.513034", "10.513035"),
        (10, "16.962219", "16.962220"),
    ],
)
def test_the_upper_bound_lies_between_the_published_digits(events: int, below: str, above: str) -> None:
    for text, expected in ((below, 1), (above, -1)):
        assert poisson_upper_sign(events, Fraction(text), AT_95) == expected
        assert compare_poisson_upper(events, ONE, rate=Fraction(text), confidence=AT_95) == expected


def test_no_event_has_the_lower_bound_zero() -> None:
    assert compare_poisson_lower(0, ONE, rate=Fraction(0), confidence=AT_95) == 0
    assert compare_poisson_lower(0, ONE, rate=Fraction(1, 10**9), confidence=AT_95) == -1
    assert compare_poisson_lower(0, ONE, rate=Fraction(-1, 10**9), confidence=AT_95) == 1


@pytest.mark.parametrize("rate", [Fraction(0), Fraction(-1)])
def test_a_rate_of_zero_or_less_lies_below_every_other_bound(rate: Fraction) -> None:
    assert compare_poisson_lower(1, ONE, rate=rate, confidence=AT_95) == 1
    assert compare_poisson_upper(0, ONE, rate=rate, confidence=AT_95) == 1
    assert compare_poisson_upper(7, ONE, rate=rate, confidence=AT_95) == 1


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 45), means, st.fractions(Fraction(1, 50), 50, max_denominator=50), confidences)
def test_only_the_product_of_rate_and_exposure_counts(
    events: int, mean: Fraction, exposure: Fraction, confidence: Fraction
) -> None:
    for compare in (compare_poisson_lower, compare_poisson_upper):
        scaled = compare(events, exposure, rate=mean / exposure, confidence=confidence)
        assert scaled == compare(events, ONE, rate=mean, confidence=confidence)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 45), means, means, confidences, confidences)
def test_comparisons_are_monotone(
    events: int, mean: Fraction, other: Fraction, confidence: Fraction, another: Fraction
) -> None:
    """In the rate, in the events and in the confidence, whose bounds enclose those at a lower one."""
    low, high = sorted((mean, other))
    weak, strong = sorted((confidence, another))
    for compare in (compare_poisson_lower, compare_poisson_upper):
        at_low = compare(events, ONE, rate=low, confidence=weak)
        assert at_low >= compare(events, ONE, rate=high, confidence=weak)
        assert at_low <= compare(events + 1, ONE, rate=low, confidence=weak)
    assert compare_poisson_lower(events, ONE, rate=low, confidence=strong) <= compare_poisson_lower(
        events, ONE, rate=low, confidence=weak
    )
    assert compare_poisson_upper(events, ONE, rate=low, confidence=strong) >= compare_poisson_upper(
        events, ONE, rate=low, confidence=weak
    )


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 200), st.fractions(Fraction(7, 10), Fraction(9999, 10000), max_denominator=10000))
def test_bounds_enclose_the_observed_rate(events: int, confidence: Fraction) -> None:
    """From 70 % on, since P(X >= k | k) is at most 1 - 1/e = 0.632 and P(X <= k | k) at most 1 where k = 0."""
    assert compare_poisson_lower(events, ONE, rate=Fraction(events), confidence=confidence) <= 0
    assert compare_poisson_upper(events, ONE, rate=Fraction(events), confidence=confidence) == 1


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize(
    ("events", "mean"), [(3, Fraction(7, 2)), (12, Fraction(7, 2)), (0, Fraction(5)), (9, Fraction(20))]
)
def test_a_confidence_beside_the_tail_raises_the_precision(
    monkeypatch: pytest.MonkeyPatch, events: int, mean: Fraction, side: int
) -> None:
    """1 - c within 2^-100 of P(X <= k) is beyond 32 bits and within 128; the answer is still the right one."""
    precisions: list[int] = []
    enclose = _poisson._sign_by_enclosure

    def watched(least: int, mean: Fraction, target: Fraction, precision: int) -> int | None:
        precisions.append(precision)
        return enclose(least, mean, target, precision)

    monkeypatch.setattr(_poisson, "_sign_by_enclosure", watched)
    low, high = poisson_at_most(events, mean)
    assert high - low < low * (1 - high) / 2**110
    tail = low + side * low * (1 - high) / 2**100
    assert _poisson.upper_sign(events, mean, 1 - tail) == -side
    assert precisions == [32, 128]


@pytest.mark.parametrize(
    ("events", "near", "far"),
    [
        # L is about k - 1.6449 sqrt(k) + 0.57, U about k + 1.6449 sqrt(k) + 1.57 (Cornish and Fisher, gamma quantile)
        (10**6, 1644, 1646),
        (10**9, 52014, 52016),
    ],
)
def test_a_thousand_million_events_are_decided(events: int, near: int, far: int) -> None:
    assert compare_poisson_lower(events, ONE, rate=Fraction(events - far), confidence=AT_95) == 1
    assert compare_poisson_lower(events, ONE, rate=Fraction(events - near + 2), confidence=AT_95) == -1
    assert compare_poisson_upper(events, ONE, rate=Fraction(events + near), confidence=AT_95) == 1
    assert compare_poisson_upper(events, ONE, rate=Fraction(events + far + 2), confidence=AT_95) == -1


def test_counts_and_means_far_apart_are_decided() -> None:
    almost = 1 - Fraction(1, 10**999)
    assert compare_poisson_lower(10**6, ONE, rate=ONE, confidence=almost) == 1
    assert compare_poisson_upper(0, ONE, rate=Fraction(10**6), confidence=almost) == -1
    assert compare_poisson_upper(0, Fraction(10**300), rate=Fraction(10**300), confidence=almost) == -1
    assert compare_poisson_lower(10**9, ONE, rate=Fraction(4 * 10**9 + 1), confidence=almost) == -1
    assert compare_poisson_lower(1, ONE, rate=Fraction(1, 10**999), confidence=AT_95) == 1
    # e^-x <= 10^-999 from x = 999 ln 10 = 2300.28 on
    assert compare_poisson_upper(0, ONE, rate=Fraction(2300), confidence=almost) == 1
    assert compare_poisson_upper(0, ONE, rate=Fraction(2301), confidence=almost) == -1
