"""How far a ruling-out and a reached reach: along checkpoints and down the lineage (LANGUAGE 3.3).

Of 40 runs, 2 rule the threshold out at 95 % (U is 14.9 %), 38 reach it (L is 85.1 %), 20 leave it open.
"""

from __future__ import annotations

from typing import Any

import pytest

from interlock.engine import Decision
from tests.engine.cases import (
    W1,
    W2,
    W3,
    Given,
    answer,
    decided,
    evaluated,
    event,
    finding_ids,
    policy,
    registered,
    value,
    when,
)

CARRIES = ("same-model", "to-descendants", "while-fresh")
SHIPPING = "deploy.external.public"


def decides(given: list[Given], action: str = "train", carries: str = "same-model", **question: Any) -> Decision:
    """Decide under one restriction on a threshold; every history here registers its models itself."""
    rules = policy(f"""
measures:
  run: {{statistic: proportion, suite: acme/run, carries: {carries}}}
thresholds:
  strong: {{reached-when: {{measure: run, at-least: 50%, confidence: 95%}}}}
restrictions:
  hold: {{forbids: [train, deploy], when: {{reached: strong}}}}
""")
    return decided(rules, given, "2025-06-01", action=action, registers=False, **question)


def trained(occurred: str, weights: str, model: str = "m") -> Given:
    return event("training.continued", occurred, model=model, weights=weights)


TWO_CHECKPOINTS = [registered(weights=W1), trained("2025-02-01", W2)]


# Within one model


@pytest.mark.parametrize("carries", CARRIES)
def test_a_ruling_out_reaches_its_own_digest_for_every_action(carries: str) -> None:
    given = [*TWO_CHECKPOINTS, evaluated("2025-03-01", 2, weights=W2)]
    assert answer(decides(given, "train", carries)) == "permitted"
    assert answer(decides(given, SHIPPING, carries)) == "permitted"


@pytest.mark.parametrize("carries", CARRIES)
def test_for_training_it_reaches_later_checkpoints_of_the_model(carries: str) -> None:
    given = [*TWO_CHECKPOINTS, evaluated("2025-03-01", 2, weights=W1)]
    assert answer(decides(given, "train", carries)) == "permitted"


@pytest.mark.parametrize(
    ("carries", "expected"),
    [("same-model", "held by default"), ("to-descendants", "held by default"), ("while-fresh", "permitted")],
)
def test_for_shipping_it_reaches_them_only_where_it_carries_while_fresh(carries: str, expected: str) -> None:
    given = [*TWO_CHECKPOINTS, evaluated("2025-03-01", 2, weights=W1)]
    assert answer(decides(given, SHIPPING, carries)) == expected


@pytest.mark.parametrize("carries", CARRIES)
@pytest.mark.parametrize("action", ["train", SHIPPING])
def test_no_ruling_out_reaches_an_earlier_checkpoint(carries: str, action: str) -> None:
    given = [*TWO_CHECKPOINTS, evaluated("2025-03-01", 2, weights=W2)]
    assert value(when(decides(given, action, carries, weights=W1))) == "unknown: missing"


@pytest.mark.parametrize("carries", CARRIES)
@pytest.mark.parametrize("action", ["train", SHIPPING])
def test_a_reached_reaches_later_checkpoints_and_no_earlier_one(carries: str, action: str) -> None:
    given = [*TWO_CHECKPOINTS, trained("2025-02-02", W3), evaluated("2025-03-01", 38, weights=W2)]
    assert answer(decides(given, action, carries, weights=W3)) == "held"
    assert answer(decides(given, action, carries, weights=W2)) == "held"
    assert value(when(decides(given, action, carries, weights=W1))) == "unknown: missing"


def test_the_order_of_checkpoints_is_that_of_their_first_naming_not_of_their_evaluation() -> None:
    # W2 is the later checkpoint, though W1 was evaluated after it
    given = [*TWO_CHECKPOINTS, evaluated("2025-03-01", 2, weights=W2), evaluated("2025-04-01", 38, weights=W1)]
    assert answer(decides(given)) == "permitted"
    assert answer(decides(given, weights=W1)) == "held"


# Events without weights


def test_an_evaluation_without_weights_stands_at_the_earliest_checkpoint() -> None:
    given = [*TWO_CHECKPOINTS, evaluated("2025-03-01", 2)]
    assert answer(decides(given, SHIPPING, weights=W1)) == "permitted"
    assert answer(decides(given, SHIPPING, weights=W2)) == "held by default"
    assert answer(decides(given, "train", weights=W2)) == "permitted"


def test_an_evaluation_without_weights_after_a_checkpoint_rules_it_out_only_if_it_is_the_earliest() -> None:
    before_any = [registered(), evaluated("2025-01-10", 2), trained("2025-02-01", W1), trained("2025-02-02", W2)]
    assert answer(decides(before_any, SHIPPING, weights=W1)) == "permitted"
    assert answer(decides(before_any, SHIPPING, weights=W2)) == "held by default"


def test_a_model_without_weights_has_one_checkpoint() -> None:
    assert answer(decides([registered(), evaluated("2025-03-01", 2)], SHIPPING)) == "permitted"


def test_an_evaluation_that_names_a_digest_first_makes_it_a_checkpoint() -> None:
    given = [registered(weights=W1), evaluated("2025-03-01", 38, weights=W2), evaluated("2025-03-02", 2, weights=W3)]
    decision = decides(given)
    assert decision.question.weights == W3
    assert answer(decision) == "permitted"


# Down the lineage


def lineage(*given: Given, forked: str = "2025-03-01") -> list[Given]:
    """A parent with two checkpoints, W1 and then W2, and a child registered at the fork."""
    return [
        registered("p", weights=W1),
        trained("2025-02-01", W2, "p"),
        registered("m", on=forked, parent="p"),
        *given,
    ]


@pytest.mark.parametrize(
    ("carries", "action", "expected"),
    [
        ("same-model", "train", "unknown: missing"),
        ("while-fresh", "train", "unknown: missing"),
        ("to-descendants", "train", "false"),
        ("same-model", SHIPPING, "unknown: missing"),
        ("while-fresh", SHIPPING, "unknown: missing"),
        ("to-descendants", SHIPPING, "unknown: missing"),
    ],
)
def test_a_child_starts_un_ruled_out_unless_the_measure_carries_to_descendants(
    carries: str, action: str, expected: str
) -> None:
    given = lineage(evaluated("2025-02-15", 2, model="p", weights=W2))
    assert value(when(decides(given, action, carries))) == expected


def test_it_carries_to_descendants_from_checkpoints_named_no_later_than_the_fork() -> None:
    def child(forked: str) -> str:
        late = evaluated("2025-04-01", 2, model="p", weights=W2)
        return value(when(decides(lineage(late, forked=forked), "train", "to-descendants")))

    # W2 was first named on February 1 at noon; when it was evaluated is no matter
    assert child("2025-02-01T12:00:01Z") == "false"
    assert child("2025-02-01T12:00:00Z") == "false"
    assert child("2025-02-01T11:59:59Z") == "unknown: missing"


def test_the_fork_is_that_of_the_next_model_on_the_way_down() -> None:
    """A ruling-out of the grandparent passes to the child's line at the parent's registration, not at the child's."""
    given = [
        registered("g", weights=W1),
        registered("p", on="2025-02-01", parent="g"),
        trained("2025-02-10", W2, "g"),  # the grandparent went on without the parent
        registered("m", on="2025-03-01", parent="p"),
        evaluated("2025-03-10", 2, model="g", weights=W2),
    ]
    assert value(when(decides(given, "train", "to-descendants"))) == "unknown: missing"
    passed_on = [*given, evaluated("2025-03-11", 2, model="g", weights=W1)]
    assert value(when(decides(passed_on, "train", "to-descendants"))) == "false"


@pytest.mark.parametrize("carries", CARRIES)
@pytest.mark.parametrize("action", ["train", SHIPPING])
def test_a_reached_of_an_ancestor_reaches_every_descendant_whenever_registered(carries: str, action: str) -> None:
    # W2 was named after the fork, and still the child inherits that it is reached
    for forked in ("2025-01-15", "2025-03-01"):
        given = lineage(evaluated("2025-04-01", 38, model="p", weights=W2), forked=forked)
        assert answer(decides(given, action, carries)) == "held"
    below = [*lineage(evaluated("2025-04-01", 38, model="p")), registered("c", on="2025-04-02", parent="m")]
    assert answer(decides(below, action, carries, model="c")) == "held"


def test_nothing_passes_upwards_or_sideways() -> None:
    given = lineage(registered("s", on="2025-03-02", parent="p"), evaluated("2025-04-01", 38, model="m"))
    assert value(when(decides(given, model="p"))) == "unknown: missing"
    assert value(when(decides(given, model="s"))) == "unknown: missing"
    assert answer(decides(given)) == "held"


def test_evidence_passes_through_an_ancestor_that_no_event_registers() -> None:
    given = [registered("m", parent="p"), evaluated("2025-03-01", 38, model="p")]
    assert answer(decides(given)) == "held"


def test_a_parent_that_is_not_registered_rules_nothing_out_by_being_unknown() -> None:
    assert value(when(decides([registered("m", parent="p")], carries="to-descendants"))) == "unknown: missing"


def test_the_trace_lists_every_evaluation_considered_and_why_it_did_not_count() -> None:
    given = [
        registered(weights=W1),
        trained("2025-02-01", W2),
        trained("2025-02-02", W3),
        evaluated("2025-03-01", 2, weights=W1),
        evaluated("2025-03-02", 38, weights=W3),
        evaluated("2025-03-03", 20, weights=W2),
        evaluated("2025-03-04", 2, weights=W2),
        evaluated("2025-03-05", 2, weights=W2, suite="acme/jog"),
    ]
    (leaf,) = when(decides(given, SHIPPING, weights=W2)).children
    # the first rules out another checkpoint, the second is of a later one; another suite's is not admissible at all
    assert [(child.evidence[0].index, value(child)) for child in leaf.children] == [
        (3, "false: does-not-reach"),
        (4, "true: does-not-reach"),
        (5, "unknown: imprecise"),
        (6, "false"),
    ]


# Shipping and its finding


def test_shipping_on_a_carried_ruling_out_says_that_the_digest_itself_was_not_evaluated() -> None:
    given = [*TWO_CHECKPOINTS, evaluated("2025-03-01", 2, weights=W1)]
    decision = decides(given, SHIPPING, "while-fresh")
    assert "digest-not-evaluated" in finding_ids(decision)
    assert "digest-not-evaluated" not in finding_ids(decides(given, "train", "while-fresh"))
    assert "digest-not-evaluated" not in finding_ids(decides(given, SHIPPING, "while-fresh", weights=W1))


@pytest.mark.parametrize(
    "not_counting",
    [
        [evaluated("2025-03-01", 2, weights=W2, suite="acme/jog")],
        [
            evaluated("2025-03-01", 2, weights=W2),
            event("evaluation.withdrawn", "2025-03-02", evaluation=2, reason="broken"),
        ],
        [evaluated("2025-03-01", 2, weights=W2, model="other"), registered("other")],
    ],
    ids=["another-suite", "withdrawn", "another-model"],
)
def test_what_is_not_admissible_is_no_evaluation_of_the_digest(not_counting: list[Given]) -> None:
    assert "digest-not-evaluated" in finding_ids(decides([*TWO_CHECKPOINTS, *not_counting], SHIPPING))


def test_an_inconclusive_evaluation_is_one() -> None:
    given = [*TWO_CHECKPOINTS, evaluated("2025-03-01", 20, weights=W2)]
    assert "digest-not-evaluated" not in finding_ids(decides(given, SHIPPING))


def test_the_finding_names_each_measure_that_lacks_an_evaluation() -> None:
    rules = policy("""
measures:
  run: {statistic: proportion, suite: acme/run}
  jog: {statistic: proportion, suite: acme/jog}
  nap: {statistic: proportion, suite: acme/nap}
thresholds:
  strong: {reached-when: {any: [{measure: run, at-least: 50%}, {measure: jog, at-least: 50%}]}}
restrictions:
  hold: {forbids: [deploy], when: {reached: strong}}
  other: {forbids: [train], when: {measure: nap, at-least: 50%}}
""")
    decision = decided(rules, [evaluated("2025-03-01", 2, measure="jog")], "2025-06-01", action="deploy")
    details = [finding.detail for finding in decision.findings if finding.id == "digest-not-evaluated"]
    assert details == ["no evaluation of run ran on model m itself"]


def test_an_unrestricted_deployment_of_what_nobody_evaluated_says_so() -> None:
    rules = policy("""
measures:
  run: {statistic: proportion, suite: acme/run}
restrictions:
  other: {forbids: [train], when: {measure: run, at-least: 50%}}
""")
    assert "digest-not-evaluated" in finding_ids(decided(rules, [], "2025-06-01", action="deploy"))
    one = [evaluated("2025-03-01", 20)]
    assert "digest-not-evaluated" not in finding_ids(decided(rules, one, "2025-06-01", action="deploy"))


def test_a_policy_without_measures_says_it_of_every_shipping() -> None:
    rules = "restrictions: {hold: {forbids: [deploy], when: {judged: risky, by: rso}}}"
    assert "digest-not-evaluated" in finding_ids(decided(rules, [], "2025-06-01", action="deploy"))


# Withdrawal


def test_a_withdrawn_evaluation_leaves_the_set_from_when_the_withdrawal_occurred() -> None:
    given = [
        registered(),
        evaluated("2025-03-01", 38),
        event("evaluation.withdrawn", "2025-05-01", evaluation=1, reason="broken harness"),
    ]
    decision = decides(given)
    assert value(when(decision)) == "unknown: missing"
    assert "evaluation-withdrawn" in finding_ids(decision)
    rules = decision.policies[0].policy
    before = decided(rules, given, "2025-04-30", registers=False, known_at="2025-06-01")
    assert answer(before) == "held"
