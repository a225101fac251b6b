"""Recurring duties by growth of effective compute, alone and with time (LANGUAGE 4.5 and 9).

`m` is registered at noon on 2025-01-02, when it has 1e24 FLOP.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import pytest

from interlock.engine import DutyState, duties_to_json
from interlock.policy import Policy
from tests.engine.cases import compute, event, judged, registered
from tests.engine.duty_cases import (
    check_flip,
    due,
    duty,
    instances,
    only,
    performed,
    report,
    running,
    shown,
    states,
    triggered,
)

START: Final = "2025-01-02T12:00:00Z"
MEASURED: Final = "2025-03-01T12:00:00Z"
FIRST: Final = compute(START, "1e24 FLOP")
OPENS: Final = ("not-triggered", "open")
OVERDUE: Final = ("open", "overdue")
CHALLENGER: Final = "burden-of-proof: challenger\n"


def grows(*lines: str, every: str = "{growth: 4x}", more: str = "", **header: str) -> Policy:
    return duty("for: each model", f"every: {every}", *lines, more=more, **header)


# The number


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("1e24 FLOP", "not-triggered"),
        ("3.99e24 FLOP", "not-triggered"),
        ("3999999999999999999999999 FLOP", "not-triggered"),  # one FLOP short of fourfold
        ("4e24 FLOP", "open"),
        ("4000000000000000000000001 FLOP", "open"),
        ("1e40 FLOP", "open"),
        ("1e23 FLOP", "not-triggered"),
        ("0 FLOP", "not-triggered"),
    ],
)
def test_at_exactly_the_growth_number_the_period_is_over(now: str, state: str) -> None:
    assert states(grows("within: 30 days"), [FIRST, compute(MEASURED, now)], MEASURED) == [("m", state)]


def test_it_opens_at_the_measurement_and_its_time_counts_from_there() -> None:
    rules, given = grows("within: 30 days"), [FIRST, compute(MEASURED, "4e24 FLOP")]
    check_flip(rules, given, at=MEASURED, becomes=OPENS)
    assert triggered(rules, given, MEASURED) == MEASURED
    # 1 March and 30 days are 31 March
    assert due(rules, given, MEASURED) == "2025-04-01T00:00:00Z"
    check_flip(rules, given, at="2025-04-01T00:00:00Z", becomes=OVERDUE)


def test_in_hours_its_time_is_exact() -> None:
    rules, given = grows("within: 36 hours"), [FIRST, compute(MEASURED, "4e24 FLOP")]
    check_flip(rules, given, at="2025-03-03T00:00:00Z", becomes=OVERDUE)


def test_without_a_period_to_do_it_in_it_is_overdue_at_the_measurement() -> None:
    check_flip(grows(), [FIRST, compute(MEASURED, "4e24 FLOP")], at=MEASURED, becomes=("not-triggered", "overdue"))


@pytest.mark.parametrize(
    ("then", "now", "state"),
    [
        # upper now over lower then: 3.9 over 1 is not four, over 0.9 it is more
        ({}, {"value": "3e24 FLOP", "lower": "2e24 FLOP", "upper": "3.9e24 FLOP"}, "not-triggered"),
        ({}, {"value": "3e24 FLOP", "lower": "2e24 FLOP", "upper": "4e24 FLOP"}, "open"),
        ({"lower": "9e23 FLOP", "upper": "2e24 FLOP"}, {"value": "3.59e24 FLOP"}, "not-triggered"),
        ({"lower": "9e23 FLOP", "upper": "2e24 FLOP"}, {"value": "3.6e24 FLOP"}, "open"),
        # an open side leaves it unknown, which the developer's burden reads as open
        ({}, {"value": "1e24 FLOP", "lower": "1e24 FLOP"}, "open"),
        ({"upper": "2e24 FLOP"}, {"value": "1e24 FLOP"}, "open"),
        # sides that do not matter may be open
        ({"lower": "1e24 FLOP"}, {"value": "3e24 FLOP", "upper": "3e24 FLOP"}, "not-triggered"),
    ],
)
def test_growth_is_upper_now_over_lower_then(then: dict[str, str], now: dict[str, str], state: str) -> None:
    given = [compute(START, "1e24 FLOP", **then), compute(MEASURED, **now)]
    assert states(grows("within: 30 days"), given, MEASURED) == [("m", state)]


def test_a_training_event_that_states_its_compute_is_a_measurement() -> None:
    given = [FIRST, event("training.continued", MEASURED, effective_compute="4e24 FLOP")]
    check_flip(grows("within: 30 days"), given, at=MEASURED, becomes=OPENS)


# Completion


def test_the_next_period_grows_from_the_compute_at_the_completion() -> None:
    rules = grows("within: 30 days")
    given = [FIRST, compute(MEASURED, "4e24 FLOP"), compute("2025-03-05", "5e24 FLOP"), performed("2025-03-10")]
    assert states(rules, given, "2025-03-10") == [("m", "done"), ("m", "not-triggered")]
    # four times 5e24
    assert states(rules, [*given, compute("2025-06-01", "1.999e25 FLOP")], "2025-06-01")[1] == ("m", "not-triggered")
    check_flip(rules, [*given, compute("2025-06-01", "2e25 FLOP")], at="2025-06-01T12:00:00Z", becomes=OPENS)


def test_an_early_performance_starts_the_growth_anew() -> None:
    rules = grows("within: 30 days")
    given = [FIRST, compute("2025-02-01", "3e24 FLOP"), performed("2025-02-02"), compute(MEASURED, "1.1e25 FLOP")]
    # 11 over 3 is 3.67; without the performance it would have been 11 over 1
    assert states(rules, given, MEASURED) == [("m", "done"), ("m", "not-triggered")]
    assert states(rules, [*given, compute("2025-03-02", "1.2e25 FLOP")], "2025-03-02") == [("m", "done"), ("m", "open")]


def test_a_performance_at_the_instant_of_the_measurement_completes_what_opens_then() -> None:
    given = [FIRST, compute(MEASURED, "4e24 FLOP"), performed(MEASURED)]
    rules = grows("within: 30 days")
    assert states(rules, given, MEASURED) == [("m", "done"), ("m", "not-triggered")]
    assert shown(instances(rules, given, MEASURED)[0]) == ("done", "2025-04-01T00:00:00Z", None)


def test_what_opened_by_growth_stays_open_when_a_later_measurement_is_smaller() -> None:
    given = [FIRST, compute(MEASURED, "4e24 FLOP"), compute("2025-03-02", "2e24 FLOP")]
    check_flip(grows("within: 30 days"), given, at="2025-04-01T00:00:00Z", becomes=OVERDUE)


def test_several_fourfold_steps_while_one_is_open_open_nothing_more() -> None:
    given = [FIRST, compute(MEASURED, "4e24 FLOP"), compute("2025-03-05", "1.6e25 FLOP")]
    assert states(grows("within: 30 days"), given, "2025-03-06") == [("m", "open")]


# Unknown growth


def test_where_growth_is_unknown_the_duty_is_open_from_the_start_of_the_period_and_never_due() -> None:
    rules = grows("within: 30 days")
    check_flip(rules, [], at=START, becomes=OPENS)
    assert shown(only(rules, [], "9999-12-31")) == ("open", None, None)
    assert (triggered(rules, [], "2026-01-01"), only(rules, [], "2026-01-01").reason) == (START, "growth-unknown")


def test_under_the_challengers_burden_it_is_unknown() -> None:
    rules = grows("within: 30 days", more=CHALLENGER)
    assert shown(only(rules, [], "2025-06-01")) == ("unknown", None, None)


@pytest.mark.parametrize("burden", ["", CHALLENGER])
def test_a_reference_that_was_measured_too_late_leaves_growth_unknown_until_it_is_done(burden: str) -> None:
    late = [compute("2025-01-02T12:00:00.000001Z", "1e24 FLOP")]
    rules = grows("within: 30 days", more=burden)
    assert states(rules, late, "2025-06-01") == [("m", "unknown" if burden else "open")]
    done = [*late, performed("2025-02-01")]
    assert states(rules, done, "2025-06-01") == [("m", "done"), ("m", "not-triggered")]
    check_flip(rules, [*done, compute("2025-06-02", "4e24 FLOP")], at="2025-06-02T12:00:00Z", becomes=OPENS)


def test_a_reference_of_zero_leaves_growth_unknown() -> None:
    given = [compute(START, "0 FLOP"), compute(MEASURED, "1e24 FLOP")]
    assert states(grows("within: 30 days"), given, "2025-06-01") == [("m", "open")]


@pytest.mark.parametrize("value", ["5 USD", "5 hours", "50%"])
def test_a_measurement_in_another_unit_leaves_growth_unknown(value: str) -> None:
    rules = grows("within: 30 days")
    assert states(rules, [compute(START, value)], "2025-06-01") == [("m", "open")]
    now_other = [FIRST, compute(MEASURED, value)]
    assert states(rules, now_other, "2025-02-28") == [("m", "not-triggered")]
    assert shown(only(rules, now_other, "2026-06-01")) == ("open", None, None)


def test_growth_that_becomes_known_opens_or_closes_what_was_in_doubt() -> None:
    rules = grows("within: 30 days")
    doubted = [FIRST, compute("2025-02-01", "1e24 FLOP", lower="1e24 FLOP")]
    small = [*doubted, compute(MEASURED, "3e24 FLOP")]
    check_flip(rules, small, at=MEASURED, becomes=("open", "not-triggered"))
    large = [*doubted, compute(MEASURED, "4e24 FLOP")]
    # it was open from the doubt on; certain, it is due from the measurement on
    assert shown(only(rules, large, MEASURED)) == ("open", "2025-04-01T00:00:00Z", None)
    check_flip(rules, large, at="2025-04-01T00:00:00Z", becomes=OVERDUE)


def test_what_is_done_while_in_doubt_is_done_and_starts_the_next_period() -> None:
    given = [performed("2025-02-01"), compute("2025-02-01", "1e24 FLOP")]
    rules = grows("within: 30 days")
    done = instances(rules, given, "2025-02-02")
    assert [shown(one) for one in done] == [("done", None, None)]
    assert states(rules, given, "2025-02-02") == [("m", "done"), ("m", "not-triggered")]


def test_after_a_completion_without_a_measurement_the_next_growth_is_unknown_from_there_on() -> None:
    rules = grows("within: 30 days")
    given = [performed("2025-02-01")]
    assert states(rules, given, "2025-01-31") == [("m", "open")]
    assert states(rules, given, "2025-02-01") == [("m", "done"), ("m", "open")]
    assert instances(rules, given, "2025-02-01")[1].triggered == instances(rules, given, "2025-02-01")[0].done


def test_the_compute_of_a_model_that_is_registered_later_counts_from_its_first_event_on() -> None:
    given = [compute(START, "1e24 FLOP"), registered(on="2025-02-20"), compute(MEASURED, "4e24 FLOP")]
    check_flip(grows("within: 30 days"), given, at=MEASURED, becomes=OPENS, registers=False)


# The compute of others


def test_a_child_without_a_measurement_has_its_parents() -> None:
    rules = grows("within: 30 days")
    child = registered("child", on="2025-02-01", parent="m")
    given = [FIRST, child, compute(MEASURED, "4e24 FLOP")]
    # the child began with its parent's 1e24 and grew with it
    assert states(rules, given, MEASURED) == [("m", "open"), ("child", "open")]
    own = [FIRST, child, compute("2025-02-01", "3e24 FLOP", model="child"), compute(MEASURED, "4e24 FLOP")]
    assert states(rules, own, MEASURED) == [("m", "open"), ("child", "not-triggered")]


def test_of_two_models_each_grows_by_itself() -> None:
    given = [
        FIRST,
        registered("other", on=START),
        compute(START, "1e24 FLOP", model="other"),
        compute(MEASURED, "4e24 FLOP", model="other"),
    ]
    assert states(grows("within: 30 days"), given, MEASURED) == [("m", "not-triggered"), ("other", "open")]


def test_the_compute_of_a_lineage_is_that_of_its_largest_model() -> None:
    rules = duty("for: each lineage", "every: {growth: 4x}", "within: 30 days")
    given = [FIRST, registered("child", on="2025-02-01", parent="m"), compute("2025-02-01", "2e24 FLOP", model="child")]
    assert states(rules, [*given, compute(MEASURED, "3.9e24 FLOP", model="child")], MEASURED) == [
        ("m", "not-triggered")
    ]
    check_flip(rules, [*given, compute(MEASURED, "4e24 FLOP", model="child")], at=MEASURED, becomes=OPENS)
    # done, the largest of then is the child's
    done = [*given, performed("2025-02-10", model="child"), compute(MEASURED, "7.9e24 FLOP", model="child")]
    assert states(rules, done, MEASURED) == [("m", "done"), ("m", "not-triggered")]


def test_a_model_of_a_lineage_measured_in_another_unit_leaves_its_growth_unknown() -> None:
    """What was recorded wrongly of one model could be the largest of all."""
    rules = duty("for: each lineage", "every: {growth: 4x}", "within: 30 days")
    given = [FIRST, registered("child", on="2025-02-01", parent="m"), compute(MEASURED, "5 USD", model="child")]
    assert states(rules, given, "2025-02-28") == [("m", "not-triggered")]
    assert states(rules, given, MEASURED) == [("m", "open")]


def test_the_growth_of_another_developers_model_is_none_of_ours() -> None:
    given = [
        FIRST,
        registered("theirs", on=START, developer="Other"),
        compute(START, "1e20 FLOP", model="theirs"),
        compute(MEASURED, "1e26 FLOP", model="theirs"),
    ]
    assert states(grows("within: 30 days"), given, MEASURED) == [("m", "not-triggered")]
    assert states(duty("for: developer", "every: {growth: 4x}", "within: 1 day"), given, MEASURED) == [
        ("Acme", "open")  # nothing was measured of a model of Acme when the version came into force
    ]


def test_growth_alone_is_for_each_model_by_default() -> None:
    rules = duty("every: {growth: 4x}", "within: 30 days")
    assert states(rules, [FIRST], "2025-02-01") == [("m", "not-triggered")]
    # and of a developer without models there is nothing that could grow
    assert states(rules, [], "2025-02-01", registers=False) == [("Acme", "not-triggered")]


# Time and growth, whichever comes first

FIRST_OF_BOTH: Final = "{growth: 4x, time: 6 months, whichever: first}"


def test_whichever_comes_first_growth_may_open_before_the_time_is_over() -> None:
    rules = grows("within: 30 days", every=FIRST_OF_BOTH)
    check_flip(rules, [FIRST, compute(MEASURED, "4e24 FLOP")], at=MEASURED, becomes=OPENS)


def test_whichever_comes_first_time_may_be_over_before_the_growth() -> None:
    rules = grows("within: 30 days", every=FIRST_OF_BOTH)
    given = [FIRST, compute(MEASURED, "3.99e24 FLOP")]
    # 6 months from 2 January end with 2 July, 30 days more with 1 August
    check_flip(rules, given, at="2025-07-03T00:00:00Z", becomes=OPENS)
    check_flip(rules, given, at="2025-08-02T00:00:00Z", becomes=OVERDUE)


def test_with_unknown_growth_the_time_opens_it_properly_with_a_due_instant() -> None:
    rules = grows("within: 30 days", every=FIRST_OF_BOTH)
    assert shown(only(rules, [], "2025-07-02")) == ("open", None, None)
    assert shown(only(rules, [], "2025-07-03T00:00:00Z")) == ("open", "2025-08-02T00:00:00Z", None)
    check_flip(rules, [], at="2025-08-02T00:00:00Z", becomes=OVERDUE)


def test_while_growth_is_unknown_it_still_says_when_the_period_ends_by_time() -> None:
    standing = only(grows("within: 30 days", every=FIRST_OF_BOTH), [], "2025-03-01")
    assert standing.period_ends is not None
    assert standing.period_ends.isoformat() == "2025-07-03T00:00:00+00:00"


def test_time_and_growth_at_one_instant_open_one_instance_with_the_earlier_time() -> None:
    rules = grows("within: 30 days", every=FIRST_OF_BOTH)
    given = [FIRST, compute("2025-07-03T00:00:00Z", "4e24 FLOP")]
    # after the last day of the period, 2 July, and not after the day of the measurement
    assert due(rules, given, "2025-07-03T00:00:00Z") == "2025-08-02T00:00:00Z"


# Time and growth, whichever comes last

LAST_OF_BOTH: Final = "{growth: 4x, time: 6 months, whichever: last}"


def test_whichever_comes_last_both_must_be_over() -> None:
    rules = grows("within: 30 days", every=LAST_OF_BOTH)
    grown = [FIRST, compute(MEASURED, "4e24 FLOP")]
    assert states(rules, grown, "2025-07-02") == [("m", "not-triggered")]
    check_flip(rules, grown, at="2025-07-03T00:00:00Z", becomes=OPENS)
    assert states(rules, [FIRST], "2026-07-02") == [("m", "not-triggered")]
    # growth later than time: its time counts from the measurement, 1 September and 30 days are 1 October
    later = [FIRST, compute("2025-09-01", "4e24 FLOP")]
    check_flip(rules, later, at="2025-09-01T12:00:00Z", becomes=OPENS)
    check_flip(rules, later, at="2025-10-02T00:00:00Z", becomes=OVERDUE)


def test_whichever_comes_last_growth_once_reached_stays_reached() -> None:
    rules = grows("within: 30 days", every=LAST_OF_BOTH)
    given = [FIRST, compute(MEASURED, "4e24 FLOP"), compute("2025-04-01", "2e24 FLOP")]
    check_flip(rules, given, at="2025-07-03T00:00:00Z", becomes=OPENS)


def test_whichever_comes_last_unknown_growth_opens_it_in_doubt_when_the_time_is_over() -> None:
    rules = grows("within: 30 days", every=LAST_OF_BOTH)
    assert states(rules, [], "2025-07-02") == [("m", "not-triggered")]
    check_flip(rules, [], at="2025-07-03T00:00:00Z", becomes=OPENS)
    assert shown(only(rules, [], "2030-01-01")) == ("open", None, None)
    challenged = grows("within: 30 days", every=LAST_OF_BOTH, more=CHALLENGER)
    check_flip(challenged, [], at="2025-07-03T00:00:00Z", becomes=("not-triggered", "unknown"))


def test_whichever_comes_last_on_a_schedule_counts_from_completions() -> None:
    rules = grows("within: 30 days", every="{growth: 4x, time: 6 months, whichever: last, anchor: schedule}")
    given = [FIRST, compute(MEASURED, "4e24 FLOP"), performed("2025-07-20")]
    assert running(rules, given, "2025-07-20") == "2026-01-21T00:00:00Z"


# Growth on a schedule

ON_SCHEDULE: Final = "{growth: 4x, time: 6 months, anchor: schedule}"


def test_on_a_schedule_growth_opens_and_the_period_does_not_open_again_by_time() -> None:
    rules = grows("within: 30 days", every=ON_SCHEDULE)
    given = [FIRST, compute(MEASURED, "4e24 FLOP"), performed("2025-03-10")]
    check_flip(rules, given[:2], at=MEASURED, becomes=OPENS)
    assert [one.state.value for one in instances(rules, given, "2025-07-03T00:00:00Z")] == ["done"]
    # the next period of the schedule ends with 2 January 2026
    check_flip(rules, given, at="2026-01-03T00:00:00Z", becomes=(None, "open"))


def test_on_a_schedule_growth_opens_again_in_a_period_that_was_done() -> None:
    rules = grows("within: 30 days", every=ON_SCHEDULE)
    given = [FIRST, compute(MEASURED, "4e24 FLOP"), performed("2025-03-10"), compute("2025-04-01", "1.6e25 FLOP")]
    check_flip(rules, given, at="2025-04-01T12:00:00Z", becomes=(None, "open"))
    check_flip(rules, given, at="2025-05-02T00:00:00Z", becomes=OVERDUE)
    early = [FIRST, performed("2025-02-01"), compute(MEASURED, "4e24 FLOP")]
    check_flip(rules, early, at=MEASURED, becomes=(None, "open"))


def test_on_a_schedule_growth_opens_nothing_while_an_instance_is_open() -> None:
    rules = grows("within: 30 days", every=ON_SCHEDULE)
    given = [FIRST, compute("2025-07-10", "4e24 FLOP")]
    assert states(rules, given, "2025-07-11") == [("m", "open"), ("m", "not-triggered")]
    # once that one is done the growth since then counts
    done = [*given, performed("2025-07-12"), compute("2025-08-01", "1.6e25 FLOP")]
    check_flip(rules, done, at="2025-08-01T12:00:00Z", becomes=OPENS)


# With a trigger


def test_growth_counts_only_while_the_trigger_is_not_false() -> None:
    rules = grows("when: {judged: frontier, by: rso}", "within: 30 days")
    given = [FIRST, judged(START, "frontier", value=False), compute(MEASURED, "4e24 FLOP")]
    assert states(rules, given, MEASURED) == [("m", "not-triggered")]
    # from 1 April on, when it has 4e24
    later = [*given, judged("2025-04-01", "frontier")]
    assert states(rules, later, "2025-05-01") == [("m", "not-triggered")]
    check_flip(rules, [*later, compute("2025-05-02", "1.6e25 FLOP")], at="2025-05-02T12:00:00Z", becomes=OPENS)


# As shown


def test_the_growth_of_the_running_period_is_shown_with_its_bounds() -> None:
    given = [FIRST, compute(MEASURED, "3e24 FLOP", lower="2e24 FLOP", upper="3.5e24 FLOP")]
    found = report(grows("within: 30 days"), given, MEASURED)
    reading = found.duties[0].growth
    assert reading is not None
    assert found.duties[0].state is DutyState.NOT_TRIGGERED
    assert (reading.ratio, reading.lower, reading.upper) == (Fraction(3), Fraction(2), Fraction(7, 2))
    assert duties_to_json(found, engine="0")["duties"][0]["growth"] == {
        "since": START,
        "ratio": "3x",
        "lower": "2x",
        "upper": "3.5x",
        "limit": "4x",
        "evidence": [1, 2],
    }


def test_huge_numbers_are_compared_exactly() -> None:
    # 4e300 over 1e300 is four, and one part in 1e40 less is not
    below = f"3.{'9' * 40}e300 FLOP"
    given = [compute(START, "1e300 FLOP"), compute(MEASURED, below)]
    rules = grows("within: 30 days")
    assert states(rules, given, MEASURED) == [("m", "not-triggered")]
    assert states(rules, [*given, compute("2025-03-02", "4e300 FLOP")], "2025-03-02") == [("m", "open")]
