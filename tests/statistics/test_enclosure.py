"""Enclosures hold what they claim to hold, at any precision."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.statistics import _binomial, _poisson
from interlock.statistics._enclosure import Descent, Ratios, descend
from tests.statistics.definitions import binomial_at_least, exponential, sign

precisions = st.integers(0, 40)


@st.composite
def falling_ratios(draw: st.DrawFn) -> Ratios:
    """Ratios of at most 1 that fall to 0 in at most 30 steps."""
    steps, numerator_step = draw(st.integers(0, 30)), draw(st.integers(1, 50))
    numerator = steps * numerator_step
    denominator = max(1, numerator + draw(st.integers(0, 60)))
    return Ratios(
        numerator=numerator,
        numerator_step=-numerator_step,
        denominator=denominator,
        denominator_step=draw(st.integers(0, 50)),
    )


def terms_of(ratios: Ratios) -> list[Fraction]:
    """Return every term beyond the mode, whose own is 1, exactly."""
    terms, term, i = [], Fraction(1), 0
    while ratios.numerator + i * ratios.numerator_step > 0:
        numerator = ratios.numerator + i * ratios.numerator_step
        term *= Fraction(numerator, ratios.denominator + i * ratios.denominator_step)
        terms.append(term)
        i += 1
    return terms


@settings(max_examples=150, deadline=None)
@given(falling_ratios(), st.integers(1, 35), precisions)
def test_a_descent_is_short_of_the_exact_sums_by_at_most_its_error(ratios: Ratios, mark: int, precision: int) -> None:
    terms = terms_of(ratios)
    descent = descend(ratios, mark, 1 << precision)
    inner, outer = (sum(part, Fraction(0)) * 2**precision for part in (terms[: mark - 1], terms[mark - 1 :]))
    assert descent.inner <= inner <= descent.inner + descent.error
    assert descent.outer <= outer <= descent.outer + descent.error
    assert descent.inner + descent.outer <= inner + outer <= descent.inner + descent.outer + descent.error


@settings(max_examples=60, deadline=None)
@given(st.fractions(Fraction(1, 100), 30, max_denominator=100), precisions)
def test_an_endless_descent_encloses_the_series_of_the_exponential(mean: Fraction, precision: int) -> None:
    """All terms relative to the one at floor(mean), both ways, make e^mean; the remainder is in the error."""
    mode = mean.numerator // mean.denominator
    above, below = mean.numerator, mean.denominator
    up = descend(
        Ratios(numerator=above, numerator_step=0, denominator=(mode + 1) * below, denominator_step=below),
        1,
        1 << precision,
    )
    exact_mode = Fraction(1)
    head = Fraction(0)
    for i in range(mode + 1):
        exact_mode = exact_mode * mean / i if i else Fraction(1)
        head += exact_mode
    low, high = exponential(mean, 150)
    assert up.outer <= (high - head) / exact_mode * 2**precision
    assert (low - head) / exact_mode * 2**precision <= up.outer + up.error


def test_a_descent_by_hand() -> None:
    """From 8 by ratios 3/4, 2/5, 1/6, 0: floors 6, 2, 0; error 1 + 2 + ceil(3 / (1 - 1/6)) = 3 + 4."""
    ratios = Ratios(numerator=3, numerator_step=-1, denominator=4, denominator_step=1)
    assert descend(ratios, 2, 8) == Descent(inner=6, outer=2, error=7)
    assert descend(ratios, 1, 8) == Descent(inner=0, outer=8, error=7)
    assert descend(ratios, 3, 8) == Descent(inner=8, outer=0, error=7)
    assert descend(ratios, 9, 8) == Descent(inner=8, outer=0, error=7)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 25).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))),
    st.fractions(Fraction(1, 50), Fraction(49, 50), max_denominator=50),
    st.fractions(Fraction(1, 50), Fraction(49, 50), max_denominator=50),
    precisions,
)
def test_an_enclosure_of_any_precision_is_right_or_abstains(
    count: tuple[int, int], share: Fraction, target: Fraction, precision: int
) -> None:
    answer = _binomial._sign_by_enclosure(*count, share, target, precision)
    assert answer in {None, sign(binomial_at_least(*count, share) - target)}


def test_an_enclosure_abstains_at_equality() -> None:
    """P(X >= 3 | 3, 1/2) = 1/8 on the upper side, P(X >= 1 | 3, 1/2) = 7/8 by its complement."""
    half = Fraction(1, 2)
    for precision in range(0, 200, 7):
        assert _binomial._sign_by_enclosure(3, 3, half, Fraction(1, 8), precision) is None
        assert _binomial._sign_by_enclosure(1, 3, half, Fraction(7, 8), precision) is None


def test_a_poisson_enclosure_too_coarse_abstains() -> None:
    """P(X >= 1 | 1/1000) = 1 - e^-0.001 = 0.0009995: 0 bits cannot tell it from 0.001, 64 bits can."""
    mean, target = Fraction(1, 1000), Fraction(1, 1000)
    assert _poisson._sign_by_enclosure(1, mean, target, 0) is None
    assert _poisson._sign_by_enclosure(1, mean, target, 64) == -1
