"""Leaves over duties: `done`, `overdue`, and what has passed or grown since the last completion (LANGUAGE 2)."""

from __future__ import annotations

from typing import Any, Final

import pytest

from interlock.engine import duties
from interlock.policy import Policy
from interlock.terms import parse_instant
from tests.engine.cases import Given, compute, decided, event, judged, policy, read, registered, value, when
from tests.engine.duty_cases import (
    check_flip,
    deployed,
    due,
    duty,
    incident,
    just_before,
    only,
    performed,
    shown,
    triggered,
)

END: Final = "2025-03-05T00:00:00Z"
MISSING: Final = "unknown: missing"
UPON: Final = ("when: {event: model.deployed}", "within: 3 days")


def asked(leaf: str, *lines: str, more: str = "", **header: str) -> Policy:
    """A restriction on training with the leaf for its condition, and the duty `d` that it reads."""
    hold = f"restrictions: {{hold: {{forbids: [train], when: {leaf}}}}}\n"
    return duty(*lines, more=hold + more, **header)


def leaf_value(rules: Policy | list[Policy], given: list[Given], as_of: str, **question: Any) -> str:
    return value(when(decided(rules, given, as_of, **question)))


# Overdue


def test_overdue_is_true_from_the_due_instant_until_it_is_done() -> None:
    rules, given = asked("{overdue: d}", *UPON), [deployed("2025-03-01"), performed("2025-03-10")]
    for as_of, expected in (
        ("2025-02-01", "false"),
        ("2025-03-01", "false"),
        (just_before(END), "false"),
        (END, "true"),
        (just_before("2025-03-10T12:00:00Z"), "true"),
        ("2025-03-10T12:00:00Z", "false"),
    ):
        assert leaf_value(rules, given, as_of) == expected, as_of


def test_overdue_is_true_if_one_of_several_is() -> None:
    given = [deployed("2025-03-01"), deployed("2025-03-20"), performed("2025-03-21")]
    # the performance completed the older one, late
    assert leaf_value(asked("{overdue: d}", *UPON), given, "2025-03-22") == "false"
    assert leaf_value(asked("{overdue: d}", *UPON), given[:2], "2025-03-21") == "true"


def test_what_is_excused_is_not_overdue() -> None:
    rules = asked("{overdue: d}", *UPON, "excused-when: {judged: minor, by: rso}")
    given = [deployed("2025-03-01"), judged("2025-03-06", "minor"), judged("2025-04-01", "minor", value=False)]
    assert [leaf_value(rules, given, day) for day in ("2025-03-05", "2025-03-06", "2025-04-01")] == [
        "true",
        "false",
        "true",
    ]


@pytest.mark.parametrize(("burden", "expected"), [("developer", "false"), ("challenger", "unknown: trigger-unknown")])
def test_in_doubt_overdue_is_false_under_the_developers_burden_and_unknown_under_the_challengers(
    burden: str, expected: str
) -> None:
    rules = asked(
        "{overdue: d}", "when: {judged: risky, by: rso}", "within: 3 days", more=f"burden-of-proof: {burden}\n"
    )
    assert leaf_value(rules, [], "2026-01-01") == expected


@pytest.mark.parametrize(
    ("lines", "given", "expected"),
    [
        pytest.param(("for: each model",), [incident("discovered", "2025-03-01", model="m2")], "false", id="its own"),
        pytest.param((), [incident("discovered", "2025-03-01", model="m2")], "false", id="another model's"),
        pytest.param((), [incident("discovered", "2025-03-01")], "true", id="the model's"),
        pytest.param((), [incident("discovered", "2025-03-01", developer="Acme")], "true", id="its developer's"),
        pytest.param((), [incident("discovered", "2025-03-01", developer="Other")], "false", id="another developer's"),
        pytest.param(
            ("for: each lineage",), [incident("discovered", "2025-03-01", model="child")], "true", id="its lineage's"
        ),
        pytest.param(("for: developer",), [incident("discovered", "2025-03-01", model="m2")], "true", id="developer"),
        pytest.param(("for: each incident",), [incident("discovered", "2025-03-01")], "true", id="its incident's"),
        pytest.param(
            ("for: each incident",),
            [incident("discovered", "2025-03-01", developer="Acme")],
            "true",
            id="an incident of its developer",
        ),
        pytest.param(
            ("for: each incident",),
            [incident("discovered", "2025-03-01", model="m2")],
            "false",
            id="an incident of another model",
        ),
    ],
)
def test_it_reads_the_instances_that_concern_the_model(
    lines: tuple[str, ...], given: list[Given], expected: str
) -> None:
    rules = asked("{overdue: d}", "when: {event: incident.discovered}", "within: 3 days", *lines)
    models = [registered("m2"), registered("child", on="2025-01-03", parent="m")]
    assert leaf_value(rules, [*models, *given], "2025-03-06") == expected


def test_of_the_developer_it_reads_the_developers_own_instances() -> None:
    rules = asked("{overdue: d, of: developer}", "when: {event: incident.discovered}", "within: 3 days")
    assert leaf_value(rules, [incident("discovered", "2025-03-01")], "2025-03-06") == "false"
    assert leaf_value(rules, [incident("discovered", "2025-03-01", developer="Acme")], "2025-03-06") == "true"


def test_of_any_model_it_reads_those_of_every_model_of_the_developer() -> None:
    rules = asked("{overdue: d, of: any-model}", *UPON)
    given = [registered("m2"), deployed("2025-03-01", model="m2")]
    assert leaf_value(rules, given, "2025-03-06") == "true"
    theirs = [registered("theirs", developer="Other"), deployed("2025-03-01", model="theirs")]
    assert leaf_value(rules, theirs, "2025-03-06") == "false"


def test_a_duty_may_be_triggered_by_another_that_is_overdue() -> None:
    rules = duty(
        *UPON,
        more="  escalate:\n    must: tell the board\n    when: {overdue: d}\n    within: 2 days\n"
        "documents: {report: {}, schedule: {}}\n",
    )
    given = [deployed("2025-03-01")]
    check_flip(rules, given, at=END, becomes=("not-triggered", "open"), duty="escalate")
    # 5 March and 2 days
    check_flip(rules, given, at="2025-03-08T00:00:00Z", becomes=("open", "overdue"), duty="escalate")
    done = [*given, performed("2025-03-06"), performed("2025-03-06", "escalate")]
    assert only(rules, done, "2025-04-01", duty="escalate").state.value == "done"


# Overdue, across versions


def test_what_was_overdue_under_an_earlier_version_is_overdue_still() -> None:
    lines = ("{overdue: d}", *UPON)
    rules = [asked(*lines), asked(*lines, version="2", effective="2025-04-01")]
    given = [deployed("2025-03-01")]
    assert leaf_value(rules, given, "2025-05-01") == "true"
    assert leaf_value(rules, [*given, performed("2025-05-01")], "2025-05-01") == "false"
    # what was open then is superseded
    assert leaf_value(rules, [deployed("2025-03-30")], "2025-05-01") == "false"


# Done


@pytest.mark.parametrize(
    ("given", "as_of", "expected"),
    [
        pytest.param([], "2025-03-06", "false", id="nothing opened"),
        pytest.param([deployed("2025-03-01")], "2025-03-02", "false", id="open"),
        pytest.param([deployed("2025-03-01")], "2025-03-06", "false", id="overdue"),
        pytest.param([deployed("2025-03-01"), performed("2025-03-02")], "2025-03-02", "true", id="done"),
        pytest.param([deployed("2025-03-01"), performed("2025-03-08")], "2025-03-08", "true", id="done late"),
        pytest.param(
            [deployed("2025-03-01"), performed("2025-03-02"), deployed("2025-03-03")],
            "2025-03-03",
            "false",
            id="done, and another open",
        ),
        pytest.param(
            [deployed("2025-03-01"), performed("2025-03-02"), deployed("2025-03-03"), judged("2025-03-03", "minor")],
            "2025-03-03",
            "false",
            id="done, and another excused",
        ),
    ],
)
def test_done_is_true_once_one_is_completed_and_none_is_left(given: list[Given], as_of: str, expected: str) -> None:
    rules = asked("{done: d}", *UPON, "excused-when: {judged: minor, by: rso}")
    assert leaf_value(rules, given, as_of) == expected


def test_done_is_unknown_where_an_instance_is() -> None:
    rules = asked("{done: d}", "when: {judged: risky, by: rso}", "within: 3 days", more="burden-of-proof: challenger\n")
    assert leaf_value(rules, [], "2025-03-01") == "unknown: trigger-unknown"
    assert leaf_value(rules, [performed("2025-02-01")], "2025-03-01") == "true"


def test_a_running_period_is_nothing_left_to_do() -> None:
    rules = asked("{done: d}", "for: each model", "every: {time: 1 month}", "within: 3 days")
    given = [performed("2025-02-04")]
    assert leaf_value(rules, given, "2025-02-03") == "false"
    assert leaf_value(rules, given, "2025-02-05") == "true"
    # the period from 4 February ends with 4 March
    assert leaf_value(rules, given, "2025-03-04T23:59:59Z") == "true"
    assert leaf_value(rules, given, "2025-03-05T00:00:00Z") == "false"


# Elapsed

SINCE: Final = "{elapsed: 6 months, since: d}"


def test_elapsed_is_true_from_the_anniversary_of_the_last_completion_on() -> None:
    rules, given = asked(SINCE, *UPON), [deployed("2025-03-01"), performed("2025-03-02T09:30:00Z")]
    for as_of, expected in (
        ("2025-03-02T09:29:59Z", MISSING),
        ("2025-03-02T09:30:00Z", "false"),
        ("2025-09-02T09:29:59.999999Z", "false"),
        ("2025-09-02T09:30:00Z", "true"),
        ("2030-01-01", "true"),
    ):
        assert leaf_value(rules, given, as_of) == expected, as_of


def test_elapsed_counts_from_the_last_of_several_completions() -> None:
    given = [performed("2025-03-02"), performed("2025-05-02"), performed("2025-04-02")]
    rules = asked(SINCE, *UPON)
    assert leaf_value(rules, given, just_before("2025-11-02T12:00:00Z")) == "false"
    assert leaf_value(rules, given, "2025-11-02T12:00:00Z") == "true"


def test_every_performance_counts_also_one_that_completed_no_instance_or_came_before_the_version() -> None:
    rules = asked(SINCE, *UPON)
    early = [registered(on="2024-06-01"), performed("2024-08-01")]
    assert leaf_value(rules, early, "2025-01-31", registers=False) == "false"
    assert leaf_value(rules, early, "2025-02-01", registers=False) == "true"


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"model": "m"}, "false"),
        ({"developer": "Acme"}, "false"),
        ({"model": "m2"}, MISSING),
        ({"model": "child"}, MISSING),
        ({"developer": "Other"}, MISSING),
        ({"world": True}, MISSING),
    ],
)
def test_a_completion_is_the_models_or_its_developers(about: dict[str, Any], expected: str) -> None:
    models = [registered("m2"), registered("child", on="2025-01-03", parent="m")]
    assert leaf_value(asked(SINCE, *UPON), [*models, performed("2025-03-01", **about)], "2025-04-01") == expected


@pytest.mark.parametrize("model", ["m", "child", "sibling"])
def test_for_each_lineage_it_is_that_of_any_of_its_models(model: str) -> None:
    rules = asked(SINCE, *UPON, "for: each lineage")
    models = [
        registered("child", on="2025-01-03", parent="m"),
        registered("sibling", on="2025-01-03", parent="m"),
        registered("m2"),
    ]
    given = [registered(), *models, performed("2025-03-01", model=model)]
    for name in ("m", "child", "sibling"):
        assert leaf_value(rules, given, "2025-04-01", model=name, registers=False) == "false"
    assert leaf_value(rules, [*models, performed("2025-03-01", model="m2")], "2025-04-01") == MISSING


def test_the_rise_of_done_when_is_a_completion() -> None:
    rules = asked(SINCE, *UPON, "done-when: {judged: reviewed, by: rso}")
    given = [judged("2025-02-01", "reviewed"), judged("2025-03-01", "reviewed")]
    # it rose on 1 February and stayed true
    assert leaf_value(rules, given, "2025-08-01T11:59:59Z") == "false"
    assert leaf_value(rules, given, "2025-08-01T12:00:00Z") == "true"
    again = [given[0], judged("2025-02-10", "reviewed", value=False), given[1]]
    assert leaf_value(rules, again, "2025-08-30") == "false"
    assert leaf_value(rules, again, "2025-09-01") == "true"


def test_of_any_model_it_is_true_if_that_long_has_passed_for_one_of_them() -> None:
    """That another model was assessed lately does not make up for the one that was not."""
    rules = asked("{elapsed: 6 months, since: d, of: any-model}", *UPON)
    given = [registered("m2"), performed("2025-01-10"), performed("2025-06-01", model="m2")]
    assert leaf_value(rules, given, "2025-07-09") == "false"
    assert leaf_value(rules, given, "2025-07-10") == "true"


def test_a_duty_may_be_triggered_by_the_time_since_its_own_last_completion() -> None:
    rules = duty("when: {elapsed: 6 months, since: d}", "for: each model", "within: 3 days")
    given = [performed("2025-02-01")]
    # never completed it is in doubt from the start on; the performance makes its trigger false
    check_flip(rules, given, at="2025-02-01T12:00:00Z", becomes=("open", "not-triggered"))
    check_flip(rules, given, at="2025-08-01T12:00:00Z", becomes=("not-triggered", "open"))
    check_flip(rules, given, at="2025-08-05T00:00:00Z", becomes=("open", "overdue"))
    again = [*given, performed("2025-08-03")]
    check_flip(rules, again, at="2025-08-03T12:00:00Z", becomes=("open", "done"))
    check_flip(rules, again, at="2026-02-03T12:00:00Z", becomes=(None, "open"))


def test_the_answer_is_good_until_time_alone_completes_the_duty() -> None:
    rules = asked(
        "{elapsed: 30 days, since: d}",
        "when: {event: model.deployed}",
        "done-when: {published: report, for-at-least: 30 days}",
    )
    published = event("document.published", "2025-02-01", document="report", digest=f"sha256:{'a' * 64}")
    # it has stood for 30 days at noon of 3 March, which completes the duty; 30 days after that it is 2 April
    for as_of, expected in (
        ("2025-02-02", MISSING),
        (just_before("2025-03-03T12:00:00Z"), MISSING),
        ("2025-03-03T12:00:00Z", "false"),
        (just_before("2025-04-02T12:00:00Z"), "false"),
        ("2025-04-02T12:00:00Z", "true"),
    ):
        assert leaf_value(rules, [published], as_of) == expected, as_of
    decision = decided(rules, [published], "2025-02-02")
    # held by default until then, and permitted from there on
    assert (decision.outcome, decision.by_default) == ("held", True)
    assert decision.valid_until is not None
    assert decision.valid_until.time == parse_instant("2025-03-03T12:00:00Z")


# Growth

GREW: Final = "{growth: effective-compute, since: d, at-least: 4x}"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ({"value": "3.99e24 FLOP"}, "false"),
        ({"value": "4e24 FLOP"}, "true"),
        ({"value": "5e24 FLOP", "lower": "3e24 FLOP", "upper": "6e24 FLOP"}, "unknown: imprecise"),
        ({"value": "5e24 FLOP", "lower": "4e24 FLOP", "upper": "6e24 FLOP"}, "true"),
        ({"value": "3e24 FLOP", "lower": "2e24 FLOP", "upper": "3.9e24 FLOP"}, "false"),
        ({"value": "5e24 FLOP", "lower": "4e24 FLOP"}, "true"),
        ({"value": "2e24 FLOP", "upper": "3e24 FLOP"}, "false"),
        ({"value": "5 USD"}, MISSING),
    ],
)
def test_growth_is_decided_by_the_bounds_of_both_measurements(now: dict[str, str], expected: str) -> None:
    given = [compute("2025-02-01", "1e24 FLOP"), performed("2025-02-02"), compute("2025-03-01", **now)]
    assert leaf_value(asked(GREW, *UPON), given, "2025-03-01") == expected


def test_growth_from_an_interval_is_from_its_upper_end_to_be_true_and_its_lower_end_to_be_false() -> None:
    then = [compute("2025-02-01", "1e24 FLOP", lower="8e23 FLOP", upper="2e24 FLOP"), performed("2025-02-02")]
    rules = asked(GREW, *UPON)
    # four times 8e23 is 3.2e24, four times 2e24 is 8e24
    for now, expected in (
        ("3.1e24", "false"),
        ("3.2e24", "unknown: imprecise"),
        ("7.9e24", "unknown: imprecise"),
        ("8e24", "true"),
    ):
        assert leaf_value(rules, [*then, compute("2025-03-01", f"{now} FLOP")], "2025-03-01") == expected, now


@pytest.mark.parametrize(
    "given",
    [
        pytest.param([compute("2025-02-01", "1e24 FLOP")], id="never completed"),
        pytest.param([performed("2025-02-01"), compute("2025-02-02", "1e24 FLOP")], id="not measured then"),
        pytest.param([performed("2025-02-01")], id="not measured"),
        pytest.param([compute("2025-01-20", "0 FLOP"), performed("2025-02-01")], id="nothing then"),
    ],
)
def test_growth_without_a_reference_is_unknown(given: list[Given]) -> None:
    later = [*given, compute("2025-04-01", "1e26 FLOP")] if len(given) > 1 else given
    assert leaf_value(asked(GREW, *UPON), later, "2025-05-01").startswith("unknown")


def test_growth_of_another_quantity_reads_that_quantity() -> None:
    rules = asked("{growth: headcount, since: d, at-least: 2x}", *UPON)

    def heads(on: str, number: str) -> Given:
        return event("quantity.measured", on, quantity="headcount", value=number)

    given = [heads("2025-02-01", "10"), compute("2025-02-01", "1e24 FLOP"), performed("2025-02-02")]
    assert leaf_value(rules, [*given, compute("2025-03-01", "1e26 FLOP")], "2025-03-01") == "false"
    assert leaf_value(rules, [*given, heads("2025-03-01", "19")], "2025-03-01") == "false"
    assert leaf_value(rules, [*given, heads("2025-03-01", "20")], "2025-03-01") == "true"
    assert leaf_value(rules, [*given, heads("2025-03-01", "40 people")], "2025-03-01") == MISSING


def test_a_model_without_a_measurement_has_its_parents() -> None:
    given = [
        compute("2025-01-10", "1e24 FLOP"),
        registered("child", on="2025-01-20", parent="m"),
        performed("2025-02-01", model="child"),
        compute("2025-03-01", "4e24 FLOP"),
    ]
    rules = asked(GREW, *UPON)
    assert leaf_value(rules, [registered(), *given], "2025-03-01", model="child", registers=False) == "true"


def test_against_the_most_capable_assessed_the_largest_at_its_own_last_completion_counts() -> None:
    rules = asked("{growth: effective-compute, since: d, at-least: 4x, against: most-capable-assessed}", *UPON)
    given = [
        registered("small"),
        registered("large"),
        registered("unassessed"),
        compute("2025-01-10", "1e24 FLOP", model="small"),
        compute("2025-01-10", "5e24 FLOP", model="large"),
        compute("2025-01-10", "9e25 FLOP", model="unassessed"),
        performed("2025-02-01", model="small"),
        performed("2025-02-01", model="large"),
        # what they grew to since then does not count
        compute("2025-02-10", "8e24 FLOP", model="large"),
    ]
    # four times 5e24, though it was itself never assessed
    assert leaf_value(rules, [*given, compute("2025-03-01", "1.99e25 FLOP")], "2025-03-01") == "false"
    assert leaf_value(rules, [*given, compute("2025-03-01", "2e25 FLOP")], "2025-03-01") == "true"
    # another developer's assessed model is none of ours
    theirs = [
        registered("theirs", developer="Other"),
        compute("2025-01-10", "9e25 FLOP", model="theirs"),
        performed("2025-02-01", model="theirs"),
    ]
    assert leaf_value(rules, [*given, *theirs, compute("2025-03-01", "2e25 FLOP")], "2025-03-01") == "true"
    assert leaf_value(rules, [compute("2025-03-01", "2e25 FLOP")], "2025-03-01") == MISSING


@pytest.mark.parametrize(
    ("comparison", "at", "expected"),
    [
        ("at-least", "3999999999999999999999999 FLOP", "false"),
        ("at-least", "4e24 FLOP", "true"),
        ("more-than", "4e24 FLOP", "false"),
        ("more-than", "4000000000000000000000001 FLOP", "true"),
        ("at-most", "4e24 FLOP", "true"),
        ("at-most", "4000000000000000000000001 FLOP", "false"),
        ("below", "3999999999999999999999999 FLOP", "true"),
        ("below", "4e24 FLOP", "false"),
    ],
)
def test_the_compute_asked_about_takes_the_place_of_the_latest(comparison: str, at: str, expected: str) -> None:
    rules = asked(f"{{growth: effective-compute, since: d, {comparison}: 4x}}", *UPON)
    given = [compute("2025-02-01", "1e24 FLOP"), performed("2025-02-02")]
    assert leaf_value(rules, given, "2025-03-01", at_compute=at) == expected


@pytest.mark.parametrize(
    ("comparison", "level"),
    [
        ("at-least", "4e24 FLOP"),
        ("below", "4e24 FLOP"),
        # one FLOP more than four times
        ("more-than", "4.000000000000000000000001e24 FLOP"),
        ("at-most", "4.000000000000000000000001e24 FLOP"),
    ],
)
def test_the_decision_says_up_to_which_compute_it_is_good(comparison: str, level: str) -> None:
    rules = asked(f"{{growth: effective-compute, since: d, {comparison}: 4x}}", *UPON)
    given = [compute("2025-02-01", "1e24 FLOP"), performed("2025-02-02")]
    validity = decided(rules, given, "2025-03-01").valid_until
    assert validity is not None
    assert validity.effective_compute is not None
    assert validity.effective_compute.text == level


def test_from_unknown_growth_the_next_level_is_where_it_is_certain() -> None:
    """Under the challenger's burden unknown growth holds nothing; from four times the upper end on it does."""
    rules = asked(GREW, *UPON, more="burden-of-proof: challenger\n")
    given = [
        compute("2025-02-01", "1e24 FLOP", lower="8e23 FLOP", upper="2e24 FLOP"),
        performed("2025-02-02"),
        compute("2025-02-10", "4e24 FLOP"),
    ]
    decision = decided(rules, given, "2025-03-01")
    assert (decision.outcome, value(when(decision))) == ("permitted", "unknown: imprecise")
    assert decision.valid_until is not None
    assert decision.valid_until.effective_compute is not None
    assert decision.valid_until.effective_compute.text == "8e24 FLOP"
    assert decided(rules, given, "2025-03-01", at_compute="8e24 FLOP").outcome == "held"


def test_growth_of_any_model_counts_each_from_its_own_last_completion() -> None:
    rules = asked("{growth: effective-compute, since: d, at-least: 4x, of: any-model}", *UPON)
    given = [
        registered("m2"),
        compute("2025-01-10", "1e24 FLOP"),
        compute("2025-01-10", "1e24 FLOP", model="m2"),
        performed("2025-01-11"),
        performed("2025-01-11", model="m2"),
        compute("2025-02-01", "4e24 FLOP", model="m2"),
    ]
    assert leaf_value(rules, given, "2025-01-20") == "false"
    assert leaf_value(rules, given, "2025-02-01") == "true"
    # performed again for m, which does not make up for m2
    assert leaf_value(rules, [*given, performed("2025-02-02")], "2025-02-03") == "true"
    assert leaf_value(rules, [*given, performed("2025-02-02", model="m2")], "2025-02-03") == "false"


def test_a_duty_may_be_triggered_by_growth_since_another() -> None:
    rules = duty(
        "for: each model",
        "when: {event: model.deployed}",
        "within: 3 days",
        more="  again:\n    must: assess again\n    for: each model\n    within: 3 days\n"
        f"    when: {GREW}\ndocuments: {{report: {{}}, schedule: {{}}}}\n",
    )
    given = [compute("2025-02-01", "1e24 FLOP"), performed("2025-02-02"), compute("2025-03-01", "4e24 FLOP")]
    assert triggered(rules, given, "2025-03-01", duty="again") == "2025-03-01T12:00:00Z"
    assert due(rules, given, "2025-03-01", duty="again") == END
    assert shown(only(rules, given, END, duty="again"))[0] == "overdue"


def test_a_performance_about_a_relative_is_seen_by_the_duties_of_the_whole_lineage() -> None:
    rules = policy("""
duties:
  assess: {must: assess, for: each lineage, every: {time: 1 year}}
  report: {must: report, when: {done: assess}}
""")
    given = [registered("m"), registered("n", on="2025-02-01", parent="m")]
    given.append(event("duty.performed", "2025-02-01", model="n", duty="assess"))
    report = duties([rules], read(given), parse_instant("2025-08-01T00:00:00Z"))
    states = {one.instance: one.state.value for one in report.duties if one.duty.id == "report"}
    assert states == {"m": "open", "n": "open"}


def test_a_performance_about_any_model_is_seen_where_growth_is_measured_against_the_most_capable() -> None:
    rules = policy("""
duties:
  assess:
    must: assess
    when: {not: {growth: effective-compute, since: assess, below: 2x, against: most-capable-assessed}}
    within: 3 days
""")
    given = [registered("m"), registered("n"), compute("2025-03-01", "1e25 FLOP")]
    given += [compute("2025-06-03", "2e25 FLOP", model="n"), event("duty.performed", "2025-07-15", duty="assess")]
    report = duties([rules], read(given), parse_instant("2025-12-01T00:00:00Z"))
    (one,) = [one for one in report.duties if one.instance == "n"]
    assert (one.state.value, one.due) == ("overdue", parse_instant("2025-07-19T00:00:00Z"))
