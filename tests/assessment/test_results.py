"""What counts, clusters, rates and estimates can show, and what keeps them from speaking (LANGUAGE 4.2, 5 and 9)."""

from __future__ import annotations

from fractions import Fraction

import pytest

from interlock.assessment import bounds_of, observed
from interlock.record import Clusters, Counts, Estimate
from interlock.terms import Truth
from tests.assessment.requirements import asks, clusters, estimate, says

NINETY_FIVE = Fraction(95, 100)


# Point estimates


def test_a_point_estimate_is_one_that_the_bounds_would_leave_open() -> None:
    # 28 of 40: L at 95 % is 56.0 %; 25 of 40: L is 48.3 %, U 75.2 %
    assert says(Counts(successes=28, trials=40), "at-least 50%", None) == "true"
    assert says(Counts(successes=25, trials=40), "at-least 50%", None) == "true: point-estimate"
    assert says(Counts(successes=15, trials=40), "at-least 50%", None) == "false: point-estimate"
    assert says(Counts(successes=12, trials=40), "at-least 50%", None) == "false"


def test_a_bound_decides_where_a_confidence_is_asked_and_no_note_is_needed() -> None:
    assert says(Counts(successes=25, trials=40), "at-least 50%", "95/100") == "unknown"
    assert says(Counts(successes=28, trials=40), "at-least 50%", "95/100") == "true"


# Rates


def test_a_rate_is_held_to_the_poisson_bounds_of_its_exposure() -> None:
    # Garwood's limits for 3 events, one-sided 95 %: 0.8177 to 7.7537; for none 0 to 2.9957 = -ln 0.05
    three, none = Counts(successes=3, trials=1), Counts(successes=0, trials=1)
    assert says(three, "at-least 0.81", "95/100", statistic="rate") == "true"
    assert says(three, "at-least 0.82", "95/100", statistic="rate") == "unknown"
    assert says(three, "below 7.76", "95/100", statistic="rate") == "true"
    assert says(three, "below 7.75", "95/100", statistic="rate") == "unknown"
    assert says(none, "below 2.996", "95/100", statistic="rate") == "true"
    assert says(none, "below 2.995", "95/100", statistic="rate") == "unknown"
    assert says(none, "at-least 0", "95/100", statistic="rate") == "true"


def test_the_exposure_of_a_rate_divides_it() -> None:
    # the same three events over a thousand units: a thousandth of the limits
    three = Counts(successes=3, trials=1000)
    assert says(three, "at-least 0.00081", "95/100", statistic="rate") == "true"
    assert says(three, "below 0.00775", "95/100", statistic="rate") == "unknown"
    assert says(three, "below 0.003", None, statistic="rate") == "false: point-estimate"
    assert says(three, "at-most 0.003", None, statistic="rate") == "true: point-estimate"


def test_a_rate_and_a_proportion_of_the_same_counts_are_bounded_apart() -> None:
    # 9 of 10 as a share is at most 99.5 %; as a rate it may well exceed 1: U is 1.57
    nine = Counts(successes=9, trials=10)
    assert says(nine, "below 100%", "95/100") == "true"
    assert says(nine, "below 1", "95/100", statistic="rate") == "unknown"
    assert bounds_of(nine, "rate", NINETY_FIVE) != bounds_of(nine, "proportion", NINETY_FIVE)


# Clusters


def test_clusters_of_one_trial_each_are_independent_counts() -> None:
    ones = clusters((1, 1), (0, 1), (1, 1), (1, 1), (1, 1))
    four = Counts(successes=4, trials=5)
    for comparison in ("at-least 30%", "at-least 50%", "below 50%", "more-than 99%"):
        assert says(ones, comparison, "95/100") == says(four, comparison, "95/100")
    assert bounds_of(ones, "proportion", NINETY_FIVE) == bounds_of(four, "proportion", NINETY_FIVE)


def test_larger_clusters_have_no_bounds_here_and_decide_nothing_with_a_confidence() -> None:
    # all of a hundred trials passed, and yet the bounds are a statistic computed at intake
    larger = clusters((50, 50), (50, 50))
    assert says(larger, "at-least 1%", "95/100") == "unknown"
    assert says(larger, "at-most 1%", "95/100") == "unknown"
    assert bounds_of(larger, "proportion", NINETY_FIVE) is None


def test_one_larger_cluster_among_ones_is_enough_to_need_that_statistic() -> None:
    assert says(clusters((1, 1), (2, 2)), "at-least 1%", "95/100") == "unknown"


def test_the_observed_value_of_clusters_is_the_sum_over_the_sum() -> None:
    # 1/10 and 9/10: 10 of 20, where the mean of the shares of 1/1 and 1/9 would be another
    assert observed(clusters((1, 1), (1, 9))) == Fraction(2, 10)
    assert says(clusters((1, 1), (1, 9)), "at-least 20%", None) == "true: point-estimate"
    assert says(clusters((1, 1), (1, 9)), "more-than 20%", None) == "false: point-estimate"


def test_clusters_are_compared_as_observed_with_a_note_however_clear_they_are() -> None:
    assert says(clusters((50, 50), (50, 50)), "at-least 1%", None) == "true: point-estimate"


# Estimates


@pytest.mark.parametrize(
    ("comparison", "needs", "given"),
    [
        ("at-least 4", "lower", "true"),
        ("more-than 4", "lower", "true"),
        ("below 12", "upper", "true"),
        ("at-most 12", "upper", "true"),
        ("at-most 4", "lower", "false"),
        ("below 4", "lower", "false"),
        ("at-least 12", "upper", "false"),
        ("more-than 12", "upper", "false"),
    ],
)
def test_an_estimate_decides_by_the_bound_that_is_needed_and_by_no_other(
    comparison: str, needs: str, given: str
) -> None:
    def with_bounds(lower: str | None, upper: str | None) -> str:
        return says(estimate("8", lower, upper, "95/100"), comparison, "95/100", statistic="mean")

    assert with_bounds("5", "10") == given
    assert with_bounds("5", None) == (given if needs == "lower" else "unknown")
    assert with_bounds(None, "10") == (given if needs == "upper" else "unknown")
    assert with_bounds(None, None) == "unknown"


def test_a_recorded_estimate_serves_confidences_up_to_its_own() -> None:
    result = estimate("8", "5", "10", "95/100")
    assert says(result, "at-least 4", "90/100", statistic="mean") == "true"
    assert says(result, "at-least 4", "95/100", statistic="mean") == "true"
    assert says(result, "at-least 4", "951/1000", statistic="mean") == "unknown"


def test_an_estimate_without_a_confidence_has_no_bounds_to_speak_through() -> None:
    assert says(estimate("8", "5", "10"), "at-least 4", "1/100", statistic="mean") == "unknown"


def test_an_estimate_compared_as_observed_is_noted_where_bounds_at_95_percent_are_missing_or_open() -> None:
    for bounded, note in (
        (estimate("8", "5", "10", "95/100"), ""),
        (estimate("8", "5", "10", "99/100"), ""),
        (estimate("8", "5", "10", "94/100"), ": point-estimate"),
        (estimate("8", None, "10", "95/100"), ": point-estimate"),
        (estimate("8", "3", "10", "95/100"), ": point-estimate"),
        (estimate("8"), ": point-estimate"),
    ):
        assert says(bounded, "at-least 4", None, statistic="mean") == f"true{note}"
        assert observed(bounded) == 8


def test_the_bounds_of_an_estimate_are_those_recorded_where_both_are_and_they_serve() -> None:
    both = estimate("8", "5", "10", "95/100")
    found = bounds_of(both, "mean", NINETY_FIVE)
    assert found is not None
    assert (found.lower, found.upper) == (Fraction(5), Fraction(10))
    assert bounds_of(both, "mean", Fraction(99, 100)) is None
    assert bounds_of(estimate("8", "5", None, "95/100"), "mean", NINETY_FIVE) is None
    assert bounds_of(estimate("8", None, "10", "95/100"), "mean", NINETY_FIVE) is None


def test_bounds_of_counts_enclose_the_exact_ones_in_six_digits() -> None:
    # one success in one trial at confidence 1/2: L is exactly 1/2, U exactly 1
    found = bounds_of(Counts(successes=1, trials=1), "proportion", Fraction(1, 2))
    assert found is not None
    assert (found.lower, found.upper) == (Fraction(1, 2), Fraction(1))
    # none of one at 95 %: U = 0.95; of two: U = 1 - sqrt 0.05 = 0.7763932…, outward 0.776394
    found = bounds_of(Counts(successes=0, trials=2), "proportion", NINETY_FIVE)
    assert found is not None
    assert (found.lower, found.upper) == (Fraction(0), Fraction(776_394, 1_000_000))


# What can't speak


@pytest.mark.parametrize("result", [Counts(successes=3, trials=4), clusters((3, 4))])
@pytest.mark.parametrize("statistic", ["mean", "median", "quantity", "uplift", "time-horizon"])
@pytest.mark.parametrize("confidence", ["95/100", None])
def test_counts_speak_to_proportions_and_rates_alone(
    result: Counts | Clusters, statistic: str, confidence: str | None
) -> None:
    assert says(result, "at-least 50%", confidence, statistic=statistic) == "unknown: wrong-statistic"


@pytest.mark.parametrize("confidence", ["95/100", None])
@pytest.mark.parametrize("result", [Counts(successes=1, trials=1), clusters((1, 1))])
@pytest.mark.parametrize(
    ("statistic", "comparison"),
    [("proportion", "at-least 0.5"), ("proportion", "at-least 5 hours"), ("rate", "below 1x")],
)
def test_counts_do_not_compare_with_a_bound_of_another_unit(
    result: Counts | Clusters, statistic: str, comparison: str, confidence: str | None
) -> None:
    assert says(result, comparison, confidence, statistic=statistic) == "unknown: unit-mismatch"


@pytest.mark.parametrize("confidence", ["95/100", None])
@pytest.mark.parametrize(
    "result",
    [
        estimate("8 hours", "5 hours", "10 hours", "95/100"),
        estimate("8", "5 hours", "10", "95/100"),
        estimate("8", "5", "10 hours", "95/100"),
        estimate("8 hours", "5", "10", "95/100"),
    ],
)
def test_an_estimate_of_another_unit_in_any_part_decides_nothing(result: Estimate, confidence: str | None) -> None:
    assert says(result, "at-least 4", confidence, statistic="mean") == "unknown: unit-mismatch"


def test_units_of_one_dimension_are_converted() -> None:
    result = estimate("8 hours", "450 minutes", "9 hours", "95/100")
    assert says(result, "at-least 7.5 hours", "95/100", statistic="time-horizon") == "true"
    assert says(result, "more-than 7.5 hours", "95/100", statistic="time-horizon") == "unknown"


def test_what_can_not_speak_is_unknown_and_never_a_verdict() -> None:
    assert asks("at-least 50%").bound.dimension == "share"
    for result in (Counts(successes=9, trials=9), estimate("1 FLOP", "1 FLOP", "1 FLOP", "999/1000")):
        assert says(result, "at-least 1 USD", "1/100", statistic="mean").startswith(Truth.UNKNOWN.value)
