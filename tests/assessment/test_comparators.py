"""The four comparators at their boundaries (LANGUAGE 4.2): real policies differ exactly there.

At-least θ is true iff L ≥ θ, false iff U < θ; more-than L > θ, U ≤ θ; at-most U ≤ θ, L > θ; below U < θ, L ≥ θ.
"""

from __future__ import annotations

import pytest

from interlock.assessment import compare_bounds
from interlock.policy import Comparator
from interlock.record import Counts
from interlock.terms import Truth
from tests.assessment.requirements import estimate, says

# The signs of L - θ and U - θ, with L no more than U; what each comparator then says, written from the text above.
BELOW, AT, ABOVE = -1, 0, 1
TABLE = {
    (BELOW, BELOW): {"at-least": "false", "more-than": "false", "at-most": "true", "below": "true"},
    (BELOW, AT): {"at-least": "unknown", "more-than": "false", "at-most": "true", "below": "unknown"},
    (BELOW, ABOVE): {"at-least": "unknown", "more-than": "unknown", "at-most": "unknown", "below": "unknown"},
    (AT, AT): {"at-least": "true", "more-than": "false", "at-most": "true", "below": "false"},
    (AT, ABOVE): {"at-least": "true", "more-than": "unknown", "at-most": "unknown", "below": "false"},
    (ABOVE, ABOVE): {"at-least": "true", "more-than": "true", "at-most": "false", "below": "false"},
}


@pytest.mark.parametrize("comparator", list(Comparator))
@pytest.mark.parametrize("signs", list(TABLE))
def test_bounds_decide_as_the_language_says(comparator: Comparator, signs: tuple[int, int]) -> None:
    lower, upper = signs
    assert compare_bounds(comparator, lambda: lower, lambda: upper).value == TABLE[signs][comparator.value]


@pytest.mark.parametrize("comparator", list(Comparator))
@pytest.mark.parametrize("sign", [BELOW, AT, ABOVE])
@pytest.mark.parametrize("side", [0, 1], ids=["lower", "upper"])
def test_where_one_bound_is_not_known_the_other_decides_what_it_would_decide_alone(
    comparator: Comparator, sign: int, side: int
) -> None:
    known: tuple[int | None, int | None] = (sign, None) if side == 0 else (None, sign)
    value = compare_bounds(comparator, lambda: known[0], lambda: known[1])
    settled = {verdicts[comparator.value] for signs, verdicts in TABLE.items() if signs[side] == sign}
    assert value.value == (settled.pop() if len(settled) == 1 else "unknown")


@pytest.mark.parametrize("comparator", list(Comparator))
def test_where_no_bound_is_known_nothing_is_decided(comparator: Comparator) -> None:
    assert compare_bounds(comparator, lambda: None, lambda: None) is Truth.UNKNOWN


@pytest.mark.parametrize(
    ("comparison", "of_none", "of_all"),
    [
        ("at-least 50%", "unknown", "true"),
        ("more-than 50%", "false", "unknown"),
        ("at-most 50%", "true", "unknown"),
        ("below 50%", "unknown", "false"),
    ],
)
def test_counts_whose_bound_is_exactly_the_threshold(comparison: str, of_none: str, of_all: str) -> None:
    """One trial at confidence 1/2: P(X ≥ 1 | θ) = θ ≤ 1/2 puts L at 1/2 for a success, and U at 1/2 for a failure.

    Likewise two of two at 3/4, since θ² = 1/4 at θ = 1/2.
    """
    assert says(Counts(successes=0, trials=1), comparison, "1/2") == of_none
    assert says(Counts(successes=1, trials=1), comparison, "1/2") == of_all
    assert says(Counts(successes=0, trials=2), comparison, "3/4") == of_none
    assert says(Counts(successes=2, trials=2), comparison, "3/4") == of_all


def test_counts_beside_the_threshold_are_decided_the_other_way() -> None:
    # the bound of one success in one trial at confidence 1/2 is 1/2, just above 49.9999 % and just below 50.0001 %
    assert says(Counts(successes=1, trials=1), "more-than 49.9999%", "1/2") == "true"
    assert says(Counts(successes=1, trials=1), "at-least 50.0001%", "1/2") == "unknown"
    assert says(Counts(successes=0, trials=1), "below 50.0001%", "1/2") == "true"
    assert says(Counts(successes=0, trials=1), "at-most 49.9999%", "1/2") == "unknown"


def test_five_failures_rule_out_half_at_95_percent_and_four_do_not() -> None:
    # (1 - 1/2)^5 = 1/32 = 3.1 % < 5 %, (1 - 1/2)^4 = 1/16 = 6.25 % > 5 %
    assert says(Counts(successes=0, trials=5), "at-least 50%", "95/100") == "false"
    assert says(Counts(successes=0, trials=4), "at-least 50%", "95/100") == "unknown"
    assert says(Counts(successes=5, trials=5), "at-least 50%", "95/100") == "true"
    assert says(Counts(successes=4, trials=4), "at-least 50%", "95/100") == "unknown"


def test_the_extreme_shares_are_reached_by_the_bounds_themselves() -> None:
    # no bound of counts lies outside 0 and 1, and with no success L is 0, with no failure U is 1
    assert says(Counts(successes=0, trials=3), "at-least 0%", "95/100") == "true"
    assert says(Counts(successes=0, trials=3), "more-than 0%", "95/100") == "unknown"
    assert says(Counts(successes=3, trials=3), "at-most 100%", "95/100") == "true"
    assert says(Counts(successes=3, trials=3), "below 100%", "95/100") == "unknown"


@pytest.mark.parametrize(
    ("comparison", "low", "exact", "high"),
    [
        ("at-least 50%", "false", "true", "true"),
        ("more-than 50%", "false", "false", "true"),
        ("at-most 50%", "true", "true", "false"),
        ("below 50%", "true", "false", "false"),
    ],
)
def test_without_a_confidence_the_observed_value_is_compared(comparison: str, low: str, exact: str, high: str) -> None:
    def observed(successes: int) -> str:
        return says(Counts(successes=successes, trials=1000), comparison, None).split(":")[0]

    assert (observed(499), observed(500), observed(501)) == (low, exact, high)


def test_a_share_of_thirds_is_compared_exactly() -> None:
    # 1/3 is more than 33.333333 % and less than 33.333334 %, by less than a float of either can show in a sum
    assert says(Counts(successes=1, trials=3), "more-than 33.3333333333333333%", None) == "true: point-estimate"
    assert says(Counts(successes=1, trials=3), "below 33.3333333333333334%", None) == "true: point-estimate"


def test_a_negative_bound_of_an_estimate_is_compared_like_any_other() -> None:
    result = estimate("-2", "-3", "-1", "95/100")
    assert says(result, "below 0", "95/100", statistic="mean") == "true"
    assert says(result, "at-least -3", "95/100", statistic="mean") == "true"
    assert says(result, "at-most -3", "95/100", statistic="mean") == "unknown"
