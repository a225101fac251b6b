"""When a later ruling-out takes the place of an inherited reached, and what remains when it goes (LANGUAGE 3.3)."""

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
    compute,
    decided,
    evaluated,
    event,
    finding_ids,
    policy,
    registered,
    value,
    when,
)

SHIPPING = "deploy.external.public"


def decides(
    given: list[Given],
    action: str = "train",
    as_of: str = "2025-06-01",
    *,
    carries: str = "same-model",
    fresh: str = "6 months",
    also: str = "",
    **question: Any,
) -> Decision:
    rules = policy(f"""
measures:
  run: {{statistic: proportion, suite: acme/run, carries: {carries}, fresh: {fresh}{also}}}
thresholds:
  strong: {{reached-when: {{measure: run, at-least: 50%, confidence: 95%}}}}
restrictions:
  hold: {{forbids: [train, deploy], when: {{reached: strong}}}}
""")
    return decided(rules, given, as_of, action=action, registers=False, **question)


def trained(occurred: str, weights: str, model: str = "m") -> Given:
    return event("training.continued", occurred, model=model, weights=weights)


TWO = [registered(weights=W1), trained("2025-02-01", W2)]
REACHED_BEFORE = [*TWO, evaluated("2025-02-10", 38, weights=W1)]


@pytest.mark.parametrize("action", ["train", SHIPPING])
def test_a_ruling_out_of_a_later_checkpoint_displaces_with_the_finding_reversed(action: str) -> None:
    decision = decides([*REACHED_BEFORE, evaluated("2025-03-01", 2, weights=W2)], action)
    assert answer(decision) == "permitted"
    assert "reversed" in finding_ids(decision)
    reached, ruling_out = when(decision).children[0].children
    assert (value(reached), value(ruling_out)) == ("true: displaced", "false")


def test_it_displaces_also_where_it_was_evaluated_before_the_reached() -> None:
    given = [*TWO, evaluated("2025-03-01", 2, weights=W2), evaluated("2025-04-01", 38, weights=W1)]
    assert answer(decides(given)) == "permitted"


def test_on_the_same_checkpoint_nothing_is_displaced() -> None:
    given = [*TWO, evaluated("2025-03-01", 38, weights=W2), evaluated("2025-04-01", 2, weights=W2)]
    decision = decides(given)
    assert (answer(decision), value(when(decision))) == ("held", "true: contradicted")
    assert "reversed" not in finding_ids(decision)


def test_two_reached_are_displaced_only_each_by_something_later_than_it() -> None:
    three = [*TWO, trained("2025-02-05", W3), evaluated("2025-02-10", 38, weights=W1)]
    between = evaluated("2025-03-01", 2, weights=W2)
    assert answer(decides([*three, between])) == "permitted"
    still = decides([*three, between, evaluated("2025-03-02", 38, weights=W3)])
    assert value(when(still)) == "true: contradicted"
    assert answer(decides([*three, between, evaluated("2025-03-02", 38, weights=W2)])) == "held"


def test_an_inconclusive_run_displaces_nothing() -> None:
    assert answer(decides([*REACHED_BEFORE, evaluated("2025-03-01", 20, weights=W2)])) == "held"


@pytest.mark.parametrize(
    ("run", "also"),
    [
        (evaluated("2025-03-01", 2, weights=W2), ", elicitation: [tools]"),
        (evaluated("2025-03-01", 2, weights=W2), ", pre-registration: required"),
        (
            event(
                "evaluation.completed",
                "2025-03-01",
                weights=W2,
                measure="run",
                suite="acme/run",
                estimate="5%",
                lower="1%",
                upper="9%",
                confidence="95%",
            ),
            "",
        ),
        (evaluated("2025-03-01", 2, weights=W2, suite="acme/jog"), ""),
    ],
    ids=["under-elicited", "not-registered", "asserted", "another-suite"],
)
def test_an_inadequate_run_displaces_nothing(run: Given, also: str) -> None:
    decision = decides([*REACHED_BEFORE, run], also=also)
    assert answer(decision) == "held"
    assert "reversed" not in finding_ids(decision)


def test_a_withdrawn_ruling_out_restores_what_it_displaced() -> None:
    given = [
        *REACHED_BEFORE,
        evaluated("2025-03-01", 2, weights=W2),
        event("evaluation.withdrawn", "2025-04-01", evaluation=3, reason="broken"),
    ]
    assert answer(decides(given, as_of="2025-03-31", known_at="2025-06-01")) == "permitted"
    assert answer(decides(given, as_of="2025-04-01", known_at="2025-06-01")) == "held"


# Freshness


def test_what_is_displaced_does_not_come_back_when_the_ruling_out_goes_stale() -> None:
    given = [*REACHED_BEFORE, evaluated("2025-03-01", 2, weights=W2)]
    # six months after March 1 at noon
    assert answer(decides(given, as_of="2025-09-01T11:59:59Z")) == "permitted"
    stale = decides(given, as_of="2025-09-01T12:00:00Z")
    assert (answer(stale), value(when(stale))) == ("held by default", "unknown: stale")


def test_a_ruling_out_that_was_stale_before_the_reached_displaces_nothing() -> None:
    given = [*TWO, evaluated("2025-02-02", 2, weights=W2), evaluated("2025-08-02T12:00:00Z", 38, weights=W1)]
    # six months after February 2 at noon is that very instant: the two were never fresh together
    assert answer(decides(given, as_of="2025-08-03")) == "held"
    just_in_time = [*TWO, evaluated("2025-02-02", 2, weights=W2), evaluated("2025-08-02T11:59:59Z", 38, weights=W1)]
    decision = decides(just_in_time, as_of="2025-08-03")
    assert value(when(decision)) == "unknown: stale"


def test_a_ruling_out_that_compute_had_outgrown_before_the_reached_displaces_nothing() -> None:
    given = [
        *TWO,
        compute("2025-02-02", "1e24 FLOP"),
        evaluated("2025-02-03", 2, weights=W2),
        compute("2025-02-04", "4e24 FLOP"),
        evaluated("2025-02-05", 38, weights=W1),
    ]
    assert answer(decides(given, fresh="{growth: 4x}")) == "held"
    assert value(when(decides([*given[:4], given[5]], fresh="{growth: 4x}"))) == "false"


def test_a_ruling_out_that_was_fresh_with_the_reached_for_a_while_displaces_it() -> None:
    given = [
        *TWO,
        compute("2025-02-02", "1e24 FLOP"),
        evaluated("2025-02-03", 2, weights=W2),
        evaluated("2025-02-05", 38, weights=W1),
        compute("2025-02-06", "4e24 FLOP"),
    ]
    assert value(when(decides(given, fresh="{growth: 4x}"))) == "unknown: stale"


def test_a_corrected_down_compute_can_make_a_ruling_out_fresh_again_and_displace() -> None:
    # stale when the reached came, at 4e24, and fresh again once 2e24 was measured
    given = [
        *TWO,
        compute("2025-02-02", "1e24 FLOP"),
        evaluated("2025-02-03", 2, weights=W2),
        compute("2025-02-04", "4e24 FLOP"),
        evaluated("2025-02-05", 38, weights=W1),
        compute("2025-02-06", "2e24 FLOP"),
        compute("2025-02-07", "9e24 FLOP"),
    ]
    assert value(when(decides(given, fresh="{growth: 4x}"))) == "unknown: stale"


def test_a_compute_that_is_supposed_now_takes_nothing_from_what_was_fresh_then() -> None:
    given = [
        *TWO,
        compute("2025-02-02", "1e24 FLOP"),
        evaluated("2025-02-03", 2, weights=W2),
        evaluated("2025-02-05", 38, weights=W1),
    ]
    assert value(when(decides(given, fresh="{growth: 4x}", at_compute="3e24 FLOP"))) == "false"
    assert value(when(decides(given, fresh="{growth: 4x}", at_compute="4e24 FLOP"))) == "unknown: stale"


# On the line of descent


def lineage(*given: Given, forked: str = "2025-03-01") -> list[Given]:
    return [
        registered("p", weights=W1),
        trained("2025-02-01", W2, "p"),
        registered("m", on=forked, parent="p"),
        *given,
    ]


INHERITED = evaluated("2025-02-10", 38, model="p", weights=W1)


def test_a_childs_own_ruling_out_displaces_what_its_parent_reached() -> None:
    decision = decides(lineage(INHERITED, evaluated("2025-04-01", 2)))
    assert (answer(decision), "reversed" in finding_ids(decision)) == ("permitted", True)


@pytest.mark.parametrize("carries", ["same-model", "to-descendants", "while-fresh"])
def test_a_parents_later_checkpoint_displaces_for_the_child_whether_or_not_it_rules_out_for_it(carries: str) -> None:
    ruled_out = evaluated("2025-02-20", 2, model="p", weights=W2)
    decision = decides(lineage(INHERITED, ruled_out), carries=carries)
    # the child is no longer held by its parent's past; it is ruled out itself only where that carries to it
    expected = "false" if carries == "to-descendants" else "unknown: missing"
    assert value(when(decision)) == expected
    assert ("reversed" in finding_ids(decision)) is (carries == "to-descendants")


def test_a_parents_checkpoint_from_after_the_fork_displaces_nothing_for_the_child() -> None:
    ruled_out = evaluated("2025-02-20", 2, model="p", weights=W2)
    given = lineage(INHERITED, ruled_out, forked="2025-01-20")
    assert answer(decides(given)) == "held"
    # and yet it does for the parent itself
    assert answer(decides(given, model="p")) == "permitted"


def test_a_childs_ruling_out_displaces_what_the_parent_reached_after_the_fork() -> None:
    given = lineage(evaluated("2025-05-01", 38, model="p", weights=W2), evaluated("2025-04-01", 2), forked="2025-01-20")
    assert answer(decides(given)) == "permitted"


def test_an_ancestor_above_the_reached_displaces_nothing() -> None:
    given = lineage(evaluated("2025-02-20", 2, model="p", weights=W2), evaluated("2025-04-01", 38))
    assert answer(decides(given)) == "held"
    child = [*given, registered("c", on="2025-05-01", parent="m")]
    assert answer(decides(child, model="c")) == "held"


def test_a_checkpoint_of_a_brother_displaces_nothing() -> None:
    given = lineage(INHERITED, registered("b", on="2025-03-02", parent="p"), evaluated("2025-04-01", 2, model="b"))
    assert answer(decides(given)) == "held"


def test_for_shipping_a_displaced_reached_leaves_a_later_checkpoint_open() -> None:
    three = [
        *TWO,
        trained("2025-02-05", W3),
        evaluated("2025-02-10", 38, weights=W1),
        evaluated("2025-03-01", 2, weights=W2),
    ]
    decision = decides(three, SHIPPING)
    assert value(when(decision)) == "unknown: missing"
    assert answer(decides(three, SHIPPING, weights=W2)) == "permitted"
    assert answer(decides(three, SHIPPING, weights=W1)) == "held"


def test_what_displaces_at_the_newest_checkpoint_does_not_at_one_before_it() -> None:
    given = [*REACHED_BEFORE, evaluated("2025-03-01", 2, weights=W2)]
    assert answer(decides(given, weights=W1)) == "held"
