"""One-sided binomial bounds: every comparison is the one that the definition makes."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.statistics import _binomial, compare_binomial_lower, compare_binomial_upper
from tests.statistics.definitions import binomial_at_least, binomial_lower_sign, binomial_upper_sign, sign

HALF = Fraction(1, 2)
AT_95 = Fraction(95, 100)
AT_99 = Fraction(99, 100)

confidences = st.fractions(Fraction(1, 1000), Fraction(999, 1000), max_denominator=1000)
shares = st.fractions(0, 1, max_denominator=1000)
counts = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize("confidence", [HALF, Fraction(7, 8), AT_95, Fraction(1, 4)])
def test_every_small_count_is_compared_as_defined(confidence: Fraction) -> None:
    """All k <= n <= 10 against shares 0, 1/40, ... 1, ends included."""
    for trials in range(1, 11):
        for successes in range(trials + 1):
            for numerator in range(41):
                share = Fraction(numerator, 40)
                case = (successes, trials, share, confidence)
                lower = compare_binomial_lower(successes, trials, share=share, confidence=confidence)
                upper = compare_binomial_upper(successes, trials, share=share, confidence=confidence)
                assert (case, lower) == (case, binomial_lower_sign(*case))
                assert (case, upper) == (case, binomial_upper_sign(*case))


@settings(max_examples=60, deadline=None)
@given(counts, shares, confidences)
def test_enclosure_and_sum_are_held_to_the_definition(
    count: tuple[int, int], share: Fraction, confidence: Fraction
) -> None:
    case = (*count, share, confidence)
    assert _binomial._compare_lower(*case) == binomial_lower_sign(*case)
    assert _binomial._compare_upper(*case) == binomial_upper_sign(*case)


@pytest.mark.parametrize(
    ("successes", "trials", "share", "confidence", "lower", "upper"),
    [
        # L of n/n is (1 - c)^(1/n), U of 0/n is 1 - (1 - c)^(1/n)
        (1, 1, Fraction(5, 100), AT_95, 0, 1),
        (1, 1, Fraction("0.049999"), AT_95, 1, 1),
        (1, 1, Fraction("0.050001"), AT_95, -1, 1),
        (0, 1, Fraction(95, 100), AT_95, -1, 0),
        (0, 1, Fraction("0.949999"), AT_95, -1, 1),
        (0, 1, Fraction("0.950001"), AT_95, -1, -1),
        # (1/2)^3 = 1/8 = 1 - 87.5 %
        (3, 3, HALF, Fraction(875, 1000), 0, 1),
        (3, 3, HALF, Fraction(876, 1000), -1, 1),
        (3, 3, HALF, Fraction(874, 1000), 1, 1),
        (0, 3, HALF, Fraction(875, 1000), -1, 0),
        # 0.05^(1/5) = e^(-2.995732/5) = 0.549280, 0.05^(1/4) = e^(-0.748933) = 0.472871
        (5, 5, Fraction("0.549280"), AT_95, 1, 1),
        (5, 5, Fraction("0.549281"), AT_95, -1, 1),
        (4, 4, Fraction("0.472870"), AT_95, 1, 1),
        (4, 4, Fraction("0.472871"), AT_95, -1, 1),
        (0, 5, Fraction("0.450719"), AT_95, -1, 1),
        (0, 5, Fraction("0.450720"), AT_95, -1, -1),
        # 2048 = C(23,0) + C(23,1) + C(23,2) + C(23,3) = 2^11 (the Golay code is perfect): P(X <= 3 | 1/2) = 2^-12
        (3, 23, HALF, 1 - Fraction(1, 2**12), -1, 0),
        (20, 23, HALF, 1 - Fraction(1, 2**12), 0, 1),
        # 1 + 90 + 90*89/2 = 4096: P(X <= 2 | 1/2) = 2^12 / 2^90
        (2, 90, HALF, 1 - Fraction(1, 2**78), -1, 0),
    ],
)
def test_reference_comparisons(
    successes: int, trials: int, share: Fraction, confidence: Fraction, lower: int, upper: int
) -> None:
    assert compare_binomial_lower(successes, trials, share=share, confidence=confidence) == lower
    assert compare_binomial_upper(successes, trials, share=share, confidence=confidence) == upper


def test_538_of_1000_is_the_first_to_show_a_half_at_99_percent() -> None:
    """By the sums of C(1000, i): P(X >= 537 | 1/2) > 1/100 >= P(X >= 538 | 1/2); 462 is the mirror image."""
    assert binomial_at_least(537, 1000, HALF) > Fraction(1, 100) >= binomial_at_least(538, 1000, HALF)
    assert compare_binomial_lower(538, 1000, share=HALF, confidence=AT_99) == 1
    assert compare_binomial_lower(537, 1000, share=HALF, confidence=AT_99) == -1
    assert compare_binomial_upper(462, 1000, share=HALF, confidence=AT_99) == -1
    assert compare_binomial_upper(463, 1000, share=HALF, confidence=AT_99) == 1


@pytest.mark.parametrize("confidence", [Fraction(1, 100), HALF, AT_95])
def test_no_success_has_the_lower_bound_zero_and_no_failure_the_upper_bound_one(confidence: Fraction) -> None:
    for trials in (1, 5, 10**9):
        assert compare_binomial_lower(0, trials, share=Fraction(0), confidence=confidence) == 0
        assert compare_binomial_lower(0, trials, share=Fraction(1, 10**9), confidence=confidence) == -1
        assert compare_binomial_upper(trials, trials, share=Fraction(1), confidence=confidence) == 0
        assert compare_binomial_upper(trials, trials, share=1 - Fraction(1, 10**9), confidence=confidence) == 1


def test_otherwise_bounds_lie_strictly_between_zero_and_one() -> None:
    for successes in (1, 3, 5):
        assert compare_binomial_lower(successes, 5, share=Fraction(0), confidence=AT_95) == 1
        assert compare_binomial_lower(successes, 5, share=Fraction(1), confidence=AT_95) == -1
    for successes in (0, 2, 4):
        assert compare_binomial_upper(successes, 5, share=Fraction(0), confidence=AT_95) == 1
        assert compare_binomial_upper(successes, 5, share=Fraction(1), confidence=AT_95) == -1


@pytest.mark.parametrize("successes", [0, 2, 5])
def test_a_number_that_is_no_share_lies_beyond_both_bounds(successes: int) -> None:
    for compare in (compare_binomial_lower, compare_binomial_upper):
        assert compare(successes, 5, share=Fraction(-1, 10**9), confidence=AT_95) == 1
        assert compare(successes, 5, share=1 + Fraction(1, 10**9), confidence=AT_95) == -1


@settings(max_examples=60, deadline=None)
@given(counts, shares, shares, confidences, confidences)
def test_comparisons_are_monotone(
    count: tuple[int, int], share: Fraction, other: Fraction, confidence: Fraction, another: Fraction
) -> None:
    """In the share, in the successes and in the confidence, whose bounds enclose those at a lower one."""
    successes, trials = count
    low, high = sorted((share, other))
    weak, strong = sorted((confidence, another))
    more = min(successes + 1, trials)
    for compare in (compare_binomial_lower, compare_binomial_upper):
        at_low = compare(successes, trials, share=low, confidence=weak)
        assert at_low >= compare(successes, trials, share=high, confidence=weak)
        assert at_low <= compare(more, trials, share=low, confidence=weak)
    assert compare_binomial_lower(successes, trials, share=low, confidence=strong) <= compare_binomial_lower(
        successes, trials, share=low, confidence=weak
    )
    assert compare_binomial_upper(successes, trials, share=low, confidence=strong) >= compare_binomial_upper(
        successes, trials, share=low, confidence=weak
    )


@settings(max_examples=60, deadline=None)
@given(counts, st.fractions(HALF, Fraction(9999, 10000), max_denominator=10000))
def test_bounds_enclose_the_observed_share(count: tuple[int, int], confidence: Fraction) -> None:
    observed = Fraction(*count)
    assert compare_binomial_lower(*count, share=observed, confidence=confidence) <= 0
    assert compare_binomial_upper(*count, share=observed, confidence=confidence) >= 0


@settings(max_examples=60, deadline=None)
@given(counts, shares, confidences)
def test_the_upper_bound_mirrors_the_lower_bound_of_the_failures(
    count: tuple[int, int], share: Fraction, confidence: Fraction
) -> None:
    successes, trials = count
    upper = compare_binomial_upper(successes, trials, share=share, confidence=confidence)
    assert upper == -compare_binomial_lower(trials - successes, trials, share=1 - share, confidence=confidence)


class Watch:
    """Records at which precisions an enclosure was asked for and how often the sum was."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.precisions: list[int] = []
        self.sums = 0
        enclose, add_up = _binomial._sign_by_enclosure, _binomial._sign_by_sum

        def watched_enclosure(least: int, trials: int, share: Fraction, target: Fraction, precision: int) -> int | None:
            self.precisions.append(precision)
            return enclose(least, trials, share, target, precision)

        def watched_sum(least: int, trials: int, share: Fraction, target: Fraction) -> int:
            self.sums += 1
            return add_up(least, trials, share, target)

        patch.setattr(_binomial, "_sign_by_enclosure", watched_enclosure)
        patch.setattr(_binomial, "_sign_by_sum", watched_sum)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


def cases_of_many_trials(number: int) -> list[tuple[int, int, Fraction]]:
    """Seeded draws of (least, trials, share) near the mode and far from it, on both sides."""
    draw = random.Random(20250101)  # noqa: S311 - test cases, not secrets
    cases = []
    for _ in range(number):
        trials = draw.randint(200, 900)
        share = Fraction(draw.randint(1, 999), 1000)
        spread = round(draw.gauss(0, 2) * float(trials * share * (1 - share)) ** 0.5)
        cases.append((min(max(round(trials * share) + spread, 1), trials), trials, share))
    return cases


def test_many_trials_are_decided_by_the_first_enclosure(watch: Watch) -> None:
    """Ordinary numbers never come near enough to need more, and the answer is the sum's."""
    for least, trials, share in cases_of_many_trials(20):
        tail = binomial_at_least(least, trials, share)
        assert _binomial._sign_of_tail(least, trials, share, Fraction(1, 20)) == sign(tail - Fraction(1, 20))
    assert watch.precisions == [32] * 20
    assert watch.sums == 0


@pytest.mark.parametrize("side", [-1, 1])
def test_a_target_beside_the_tail_raises_the_precision(watch: Watch, side: int) -> None:
    """A target within 2^-100 of the tail is beyond 32 bits and within 128; the answer is still the right one."""
    for least, trials, share in cases_of_many_trials(10):
        tail = binomial_at_least(least, trials, share)
        near = tail * (1 - tail) / 2**100
        watch.precisions.clear()
        assert _binomial._sign_of_tail(least, trials, share, tail + side * near) == -side
        assert watch.precisions == [32, 128]
    assert watch.sums == 0


def test_a_target_equal_to_the_tail_falls_back_to_the_sum(watch: Watch) -> None:
    """No enclosure can see an equality; the sum of all terms does."""
    cases = cases_of_many_trials(6)
    for least, trials, share in cases:
        watch.precisions.clear()
        assert _binomial._sign_of_tail(least, trials, share, binomial_at_least(least, trials, share)) == 0
        assert watch.precisions[:3] == [32, 128, 512]
    assert watch.sums == len(cases)


def test_600_of_600_at_a_half_is_an_equality_that_the_sum_decides(watch: Watch) -> None:
    """L of n/n is (1 - c)^(1/n): exactly 1/2 where 1 - c = 2^-600."""
    confidence = 1 - Fraction(1, 2**600)
    assert compare_binomial_lower(600, 600, share=HALF, confidence=confidence) == 0
    assert compare_binomial_upper(0, 600, share=HALF, confidence=confidence) == 0
    assert watch.sums == 2


def test_a_small_count_is_summed_at_once(watch: Watch) -> None:
    assert compare_binomial_lower(31, 41, share=Fraction(501, 1000), confidence=Fraction(94, 100)) == 1
    assert (watch.precisions, watch.sums) == ([], 1)


def test_the_middle_of_an_odd_number_at_a_half_is_an_equality_at_any_size(watch: Watch) -> None:
    """P(X >= 501 | 1001, 1/2) = 1/2 by symmetry, so that L at 50 % confidence is exactly 1/2; U of 500 likewise."""
    assert binomial_at_least(501, 1001, HALF) == HALF
    for trials in (1, 1001, 999_999_999):
        middle = (trials + 1) // 2
        assert compare_binomial_lower(middle, trials, share=HALF, confidence=HALF) == 0
        assert compare_binomial_upper(middle - 1, trials, share=HALF, confidence=HALF) == 0
        assert compare_binomial_lower(middle, trials, share=HALF, confidence=AT_95) == -1
        assert compare_binomial_upper(middle - 1, trials, share=HALF, confidence=AT_95) == 1
    assert (watch.precisions, watch.sums) == ([], 0)


def test_the_first_count_that_shows_a_half_among_20000_is_that_of_the_sums() -> None:
    """Adds C(20000, i) from the top until 2^20000 / 100 is passed."""
    term, total, first = 1, 1, 20_000
    while total * 100 <= 2**20_000:
        first -= 1
        term = term * (first + 1) // (20_000 - first)
        total += term
    first += 1
    assert compare_binomial_lower(first, 20_000, share=HALF, confidence=AT_99) == 1
    assert compare_binomial_lower(first - 1, 20_000, share=HALF, confidence=AT_99) == -1


def test_a_thousand_million_trials_are_decided() -> None:
    """Standard error of 3/10: sqrt(0.21 / 10^9) = 0.0000145; two of them beyond is decided, one within is not."""
    near, far = Fraction("0.299985"), Fraction("0.29997")
    assert compare_binomial_lower(3 * 10**8, 10**9, share=far, confidence=AT_95) == 1
    assert compare_binomial_lower(3 * 10**8, 10**9, share=near, confidence=AT_95) == -1


def test_tails_far_from_the_mode_are_decided() -> None:
    """P(X >= 999 of 1000 | 1/1000) is below 10^-2990: only a still smaller target is met from above."""
    tiny = Fraction(1, 1000)
    assert compare_binomial_lower(999, 1000, share=tiny, confidence=1 - Fraction(1, 10**999)) == 1
    assert compare_binomial_lower(1, 1000, share=1 - tiny, confidence=Fraction(1, 10**999)) == -1
    # P(X >= 1 | 10^-9) is just below 1000 * 10^-9
    rare = Fraction(1, 10**9)
    assert compare_binomial_lower(1, 1000, share=rare, confidence=1 - 1000 * rare) == 1
    assert compare_binomial_lower(1, 1000, share=rare, confidence=1 - 999 * rare) == -1


def test_an_answer_is_remembered(watch: Watch) -> None:
    for _ in range(3):
        compare_binomial_lower(123, 457, share=Fraction(317, 1000), confidence=Fraction(931, 1000))
        compare_binomial_upper(123, 457, share=Fraction(317, 1000), confidence=Fraction(931, 1000))
    assert len(watch.precisions) == 2
