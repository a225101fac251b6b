"""Inadequate evidence may show that a threshold is reached, never rule it out; elsewhere it counts for nothing."""

from __future__ import annotations

from typing import Any

import pytest

from interlock.engine import Decision
from interlock.notation import FaultsError
from tests.engine.cases import (
    Given,
    answer,
    decided,
    evaluated,
    event,
    finding_ids,
    policy,
    until,
    value,
    when,
)

DIGEST = "sha256:" + "d" * 64


def decides(given: list[Given], measure: str = "", as_of: str = "2025-06-01", **question: Any) -> Decision:
    """Decide under a threshold, `hold`, and a measured leaf outside of one, `direct`, both of the same measure."""
    rules = policy(f"""
measures:
  run: {{statistic: proportion, suite: acme/run{measure}}}
thresholds:
  strong: {{reached-when: {{measure: run, at-least: 50%, confidence: 95%}}}}
restrictions:
  hold: {{forbids: [train], when: {{reached: strong}}}}
  direct: {{forbids: [train], when: {{measure: run, at-least: 50%, confidence: 95%}}}}
""")
    return decided(rules, given, as_of, **question)


def estimated(occurred: str, low: str, high: str, **data: Any) -> Given:
    stated: Given = {
        "measure": "run",
        "suite": "acme/run",
        "estimate": low,
        "lower": low,
        "upper": high,
        "confidence": "95%",
    }
    return event("evaluation.completed", occurred, **stated, **data)


def planned(occurred: str, name: str = "plan-1", *, kind: str = "evaluation.planned", **data: Any) -> Given:
    recorded = data.pop("recorded", None)
    model = data.pop("model", "m")
    stated = {"id": name, "measure": "run", "suite": "acme/run", **data}
    return event(kind, occurred, model=model, recorded=recorded, **stated)


FAULTS: dict[str, tuple[str, Any]] = {
    "stale": (", fresh: 1 month", lambda k: evaluated("2025-03-01", k)),
    "under-elicited": (", elicitation: [tools]", lambda k: evaluated("2025-03-01", k)),
    "not-registered": (", pre-registration: required", lambda k: evaluated("2025-03-01", k)),
    "asserted": ("", lambda k: estimated("2025-03-01", f"{k}%", f"{k + 1}%")),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_each_fault_lets_a_run_reach_but_not_rule_out(fault: str) -> None:
    measure, run = FAULTS[fault]
    low, high = (2, 38) if fault != "asserted" else (2, 90)
    reaching = decides([run(high)], measure)
    assert value(when(reaching)) == "true"
    assert value(when(reaching).children[0].children[0]) == f"true: {fault}"
    assert value(when(decides([run(low)], measure))) == f"unknown: {fault}"


@pytest.mark.parametrize("fault", list(FAULTS))
@pytest.mark.parametrize("successes", [2, 90])
def test_outside_of_a_threshold_it_counts_for_nothing_either_way(fault: str, successes: int) -> None:
    measure, run = FAULTS[fault]
    number = successes if fault == "asserted" else min(successes, 38)
    assert value(when(decides([run(number)], measure), "direct")) == f"unknown: {fault}"


# Which reason is named


def test_of_several_faults_the_first_is_named() -> None:
    faults = ", fresh: 1 month, elicitation: [tools], pre-registration: required"
    young, old = "2025-05-20", "2025-03-01"
    assert value(when(decides([evaluated(old, 2)], faults))) == "unknown: stale"
    assert value(when(decides([evaluated(young, 2)], faults))) == "unknown: under-elicited"
    elicited: Given = {"elicitation": ["tools"]}
    assert value(when(decides([evaluated(young, 2, **elicited)], faults))) == "unknown: not-registered"
    assert value(when(decides([estimated(young, "1%", "2%", **elicited)], faults))) == "unknown: asserted"


def test_the_newest_run_that_would_have_ruled_out_gives_the_reason() -> None:
    faults = ", fresh: 2 months, elicitation: [tools]"
    stale = evaluated("2025-03-01", 2, elicitation=["tools"])
    under_elicited = evaluated("2025-05-01", 2)
    open_, reached = evaluated("2025-05-20", 20), evaluated("2025-05-21", 20, elicitation=["tools"])
    assert value(when(decides([stale, under_elicited, open_, reached], faults))) == "unknown: under-elicited"
    assert value(when(decides([stale, open_], faults))) == "unknown: stale"


def test_of_runs_at_one_instant_the_last_recorded_then_the_last_given_is_newest() -> None:
    faults = ", elicitation: [tools], pre-registration: required"
    one = evaluated("2025-05-01", 2, recorded="2025-05-03")
    other = evaluated("2025-05-01", 2, recorded="2025-05-02", elicitation=["tools"])
    assert value(when(decides([one, other], faults))) == "unknown: under-elicited"
    together = evaluated("2025-05-01", 2), evaluated("2025-05-01", 2, elicitation=["tools"])
    assert value(when(decides([*together], faults))) == "unknown: not-registered"


def test_a_run_that_decides_nothing_leaves_it_imprecise_and_none_at_all_missing() -> None:
    assert value(when(decides([evaluated("2025-05-01", 20)]))) == "unknown: imprecise"
    assert value(when(decides([]))) == "unknown: missing"
    assert value(when(decides([evaluated("2025-05-01", 2, suite="acme/jog")]))) == "unknown: missing"


# Elicitation, method and log


def test_what_the_measure_asks_must_be_declared_and_more_may_be() -> None:
    asked = ", elicitation: [tools, best-of-n]"
    for declared, expected in (
        (["tools"], "unknown: under-elicited"),
        ([], "unknown: under-elicited"),
        (["best-of-n", "tools"], "false"),
        (["best-of-n", "fine-tuning", "tools"], "false"),
    ):
        assert value(when(decides([evaluated("2025-05-01", 2, elicitation=declared)], asked))) == expected
    decision = decides([evaluated("2025-05-01", 2, elicitation=["tools"])], asked)
    assert [f.detail.split("does not declare ")[1] for f in decision.findings if f.id == "under-elicited"] == [
        "best-of-n"
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, "unknown: asserted"),
        ({"method": "bootstrap"}, "unknown: asserted"),
        ({"log": DIGEST}, "unknown: asserted"),
        ({"method": "bootstrap", "log": DIGEST}, "false"),
    ],
)
def test_an_estimate_needs_its_method_and_its_log_to_rule_out(data: dict[str, str], expected: str) -> None:
    assert value(when(decides([estimated("2025-05-01", "1%", "9%", **data)]))) == expected


def test_counts_need_neither() -> None:
    assert value(when(decides([evaluated("2025-05-01", 2)]))) == "false"


# Registration


REQUIRED = ", pre-registration: required"


def with_plan(*plans: Given, occurred: str = "2025-05-01", recorded: str | None = None) -> Decision:
    run = evaluated(occurred, 2, recorded=recorded, plan="plan-1")
    return decides([*plans, run], REQUIRED, known_at="2025-08-01")


def test_a_plan_from_before_the_run_registers_it() -> None:
    decision = with_plan(planned("2025-04-01"))
    assert answer(decision) == "permitted"
    assert "not-pre-registered" not in finding_ids(decision)


@pytest.mark.parametrize(
    "plan",
    [
        planned("2025-05-01"),  # at the very instant of the run
        planned("2025-05-02"),
        planned("2025-04-01", recorded="2025-05-01"),  # entered when the result was there
        planned("2025-04-01", recorded="2025-05-02"),
        planned("2025-04-01", "plan-2"),
        planned("2025-04-01", measure="jog"),
        planned("2025-04-01", suite="acme/jog"),
        planned("2025-04-01", model="other"),
        planned("2025-04-01", kind="evaluation.started"),
    ],
    ids=[
        "simultaneous",
        "later",
        "recorded-at-the-run",
        "recorded-later",
        "another-plan",
        "another-measure",
        "another-suite",
        "another-model",
        "only-started",
    ],
)
def test_any_other_plan_does_not(plan: Given) -> None:
    decision = with_plan(plan)
    assert value(when(decision)) == "unknown: not-registered"
    assert "not-pre-registered" in finding_ids(decision)


def test_of_several_plans_of_one_name_one_in_time_is_enough() -> None:
    assert (
        answer(with_plan(planned("2025-04-01", suite="acme/jog"), planned("2025-04-02"), planned("2025-05-02")))
        == "permitted"
    )


def test_a_plan_recorded_between_a_run_and_its_late_recording_is_no_registration() -> None:
    assert value(when(with_plan(planned("2025-04-01", recorded="2025-05-10"), recorded="2025-05-20"))) == (
        "unknown: not-registered"
    )


def test_a_run_that_names_no_plan_is_not_registered_whatever_was_planned() -> None:
    decision = decides([planned("2025-04-01"), evaluated("2025-05-01", 2)], REQUIRED)
    assert value(when(decision)) == "unknown: not-registered"


def test_where_registration_is_only_noted_its_absence_is_a_finding() -> None:
    decision = decides([evaluated("2025-05-01", 2)])
    assert (answer(decision), finding_ids(decision)) == ("permitted", ["not-pre-registered"])


# What direction counts as reaching


def turned(reached_when: str, given: list[Given]) -> str:
    rules = policy(f"""
measures:
  run: {{statistic: proportion, suite: acme/run, elicitation: [tools]}}
thresholds:
  strong: {{reached-when: {reached_when}}}
restrictions:
  hold: {{forbids: [train], when: {{reached: strong}}}}
""")
    return value(when(decided(rules, given, "2025-06-01")))


LOW = "{measure: run, at-most: 50%, confidence: 95%}"
HIGH = "{measure: run, more-than: 50%, confidence: 95%}"
UNDER_ELICITED_LOW, UNDER_ELICITED_HIGH = evaluated("2025-05-01", 2), evaluated("2025-05-01", 38)


def test_a_leaf_that_is_true_when_low_reaches_when_low() -> None:
    assert turned(LOW, [UNDER_ELICITED_LOW]) == "true"
    assert turned(LOW, [UNDER_ELICITED_HIGH]) == "unknown: under-elicited"


def test_under_a_negation_false_is_the_direction_of_reaching() -> None:
    assert turned(f"{{not: {LOW}}}", [UNDER_ELICITED_HIGH]) == "true"
    assert turned(f"{{not: {LOW}}}", [UNDER_ELICITED_LOW]) == "unknown: under-elicited"
    assert turned(f"{{not: {{not: {LOW}}}}}", [UNDER_ELICITED_LOW]) == "true"
    assert turned(f"{{not: {{any: [{LOW}]}}}}", [UNDER_ELICITED_HIGH]) == "true"
    assert turned(f"{{not: {{at-least: {{n: 1, of: [{LOW}, {LOW}]}}}}}}", [UNDER_ELICITED_HIGH]) == "true"


def test_under_a_negation_contradictory_evidence_still_reaches() -> None:
    elicited: Given = {"elicitation": ["tools"]}
    both = [evaluated("2025-05-01", 2, **elicited), evaluated("2025-05-02", 38, **elicited)]
    assert turned(HIGH, both) == "true: contradicted"
    assert turned(f"{{not: {LOW}}}", both) == "true: contradicted"
    assert turned(f"{{not: {{not: {LOW}}}}}", both) == "true: contradicted"


def test_a_ruling_out_of_a_negated_leaf_is_its_truth() -> None:
    assert turned(f"{{not: {LOW}}}", [evaluated("2025-05-01", 2, elicitation=["tools"])]) == "false"


# A measured leaf outside of a threshold


LEAF = "{measure: run, at-least: 50%, confidence: 95%}"
BOTH = [evaluated("2025-05-01", 2), evaluated("2025-05-02", 38)]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (LEAF, "true: contradicted"),
        (f"{{not: {LEAF}}}", "unknown: contradicted"),
        (f"{{not: {{not: {LEAF}}}}}", "true: contradicted"),
    ],
)
def test_in_a_when_a_contradiction_counts_where_it_restricts_and_is_unknown_where_it_would_release(
    condition: str, expected: str
) -> None:
    rules = policy(f"""
measures:
  run: {{statistic: proportion, suite: acme/run}}
restrictions:
  hold: {{forbids: [train], when: {condition}}}
""")
    assert value(when(decided(rules, BOTH, "2025-06-01"))) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (LEAF, "unknown: contradicted"),
        (f"{{not: {LEAF}}}", "false: contradicted"),
        (f"{{not: {{not: {LEAF}}}}}", "unknown: contradicted"),
    ],
)
def test_in_an_until_or_a_permission_a_contradiction_never_releases(condition: str, expected: str) -> None:
    rules = policy(f"""
measures:
  run: {{statistic: proportion, suite: acme/run}}
restrictions:
  hold: {{forbids: [train], when: {{event: model.registered}}, until: {condition}}}
permissions:
  lift: {{lifts: [hold], when: {condition}}}
""")
    decision = decided(rules, BOTH, "2025-06-01")
    assert value(until(decision)) == expected
    assert value(decision.restrictions[0].lifts[0].when) == expected
    assert answer(decision) == "held"


def test_a_direct_leaf_has_nothing_inherited_and_nothing_carried() -> None:
    rules = policy("""
measures:
  run: {statistic: proportion, suite: acme/run, carries: to-descendants}
restrictions:
  hold: {forbids: [train, deploy], when: {measure: run, at-least: 50%, confidence: 95%}}
""")
    one, two = "sha256:" + "1" * 64, "sha256:" + "2" * 64
    models = [
        event("model.registered", "2025-01-02", model="p"),
        event("model.registered", "2025-01-03", model="c", weights=one, parent="p"),
        event("training.continued", "2025-01-04", model="c", weights=two),
    ]

    def leaf(run: Given, action: str, weights: str) -> str:
        given = [*models, run]
        return value(
            when(decided(rules, given, "2025-06-01", model="c", action=action, weights=weights, registers=False))
        )

    for successes, expected in ((38, "true"), (2, "false")):
        assert leaf(evaluated("2025-05-01", successes, model="p"), "train", two) == "unknown: missing"
        earlier = evaluated("2025-05-01", successes, model="c", weights=one)
        assert leaf(earlier, "train", two) == expected
        assert leaf(earlier, "deploy", two) == "unknown: missing"
        assert leaf(earlier, "deploy", one) == expected
        later = evaluated("2025-05-01", successes, model="c", weights=two)
        assert leaf(later, "train", one) == "unknown: missing"


# Findings of single runs


def test_counts_under_another_statistic_decide_nothing_and_say_so() -> None:
    rules = policy("""
measures:
  run: {statistic: mean, suite: acme/run}
thresholds:
  strong: {reached-when: {measure: run, at-least: 5, confidence: 95%}}
restrictions:
  hold: {forbids: [train], when: {reached: strong}}
""")
    decision = decided(rules, [evaluated("2025-05-01", 38)], "2025-06-01")
    assert value(when(decision)) == "unknown: imprecise"
    assert "wrong-statistic" in finding_ids(decision)
    assert value(when(decision).children[0].children[0]) == "unknown: wrong-statistic"


def test_an_estimate_of_another_unit_decides_nothing_and_says_so() -> None:
    run = event(
        "evaluation.completed",
        "2025-05-01",
        measure="run",
        suite="acme/run",
        estimate="8 hours",
        method="x",
        log=DIGEST,
    )
    decision = decides([run])
    assert (value(when(decision)), "unit-mismatch" in finding_ids(decision)) == ("unknown: imprecise", True)


def test_another_suite_does_not_speak_to_the_measure_and_says_so() -> None:
    decision = decides([evaluated("2025-05-01", 38, suite="acme/jog")])
    assert (value(when(decision)), finding_ids(decision)) == ("unknown: missing", ["other-suite"])


def test_a_point_estimate_decides_with_a_finding() -> None:
    rules = policy("""
measures:
  run: {statistic: proportion, suite: acme/run}
thresholds:
  strong: {reached-when: {measure: run, at-least: 50%}}
restrictions:
  hold: {forbids: [train], when: {reached: strong}}
""")
    # 21 of 40 is 52.5 %, with L at 38.5 %; 38 of 40 has L at 85.1 %
    near, clear = (
        decided(rules, [evaluated("2025-05-01", 21)], "2025-06-01"),
        decided(rules, [evaluated("2025-05-01", 38)], "2025-06-01"),
    )
    assert (answer(near), "point-estimate" in finding_ids(near)) == ("held", True)
    assert (answer(clear), "point-estimate" in finding_ids(clear)) == ("held", False)


def test_a_rate_stated_as_a_share_is_refused_with_the_file() -> None:
    with pytest.raises(FaultsError, match=r"rate|number"):
        policy("""
measures:
  run: {statistic: rate, suite: acme/run}
restrictions:
  hold: {forbids: [train], when: {measure: run, at-least: 50%, confidence: 95%}, presume: inactive}
""")


def test_counts_beyond_what_the_statistics_take_decide_nothing() -> None:
    decision = decides([evaluated("2025-05-01", 2, 2_000_000_000)])
    assert answer(decision) == "held by default"
