"""How an unknown `when` counts, what state a restriction is in, and what holds an action (LANGUAGE 4.3 to 4.6)."""

from __future__ import annotations

import pytest

from interlock.engine import decide, exit_code
from tests.engine.cases import (
    PLAN,
    Given,
    answer,
    asked,
    decided,
    event,
    judged,
    policy,
    read,
    registered,
    standing,
    state,
    value,
    when,
)

SAID = {"true": [judged("2025-02-01", "risky")], "false": [judged("2025-02-01", "risky", value=False)], "unknown": []}


@pytest.mark.parametrize("burden", [None, "developer", "challenger"])
@pytest.mark.parametrize("presume", [None, "active", "inactive"])
@pytest.mark.parametrize("said", list(SAID))
def test_an_unknown_when_counts_by_the_presumption_and_else_by_the_burden(
    said: str, presume: str | None, burden: str | None
) -> None:
    header = "" if burden is None else f"burden-of-proof: {burden}\n"
    own = "" if presume is None else f", presume: {presume}"
    rules = policy(f"{header}restrictions: {{hold: {{forbids: [train], when: {{judged: risky, by: rso}}{own}}}}}")
    decision = decided(rules, SAID[said], "2025-06-01")
    presumed_active = presume == "active" if presume is not None else burden != "challenger"
    counts = said == "true" or (said == "unknown" and presumed_active)
    assert (decision.held, decision.by_default) == (counts, said == "unknown")
    assert state(decision) == ("active" if counts else "inactive")
    assert (
        exit_code(decision)
        == {("true", True): 1, ("false", False): 0, ("unknown", True): 3, ("unknown", False): 6}[said, counts]
    )


UNTIL = """
restrictions:
  hold: {forbids: [train], when: {judged: risky, by: rso}, until: {judged: fixed, by: rso}}
permissions:
  one: {lifts: [hold], when: {judged: one, by: board}}
  two: {lifts: [hold], when: {judged: two, by: board}}
"""


@pytest.mark.parametrize(
    ("given", "expected", "lifted_by"),
    [
        ([], "active", None),
        ([judged("2025-02-01", "fixed", value=False)], "active", None),
        ([judged("2025-02-01", "fixed")], "released", None),
        ([judged("2025-02-01", "two", by="board")], "lifted", "two"),
        ([judged("2025-02-01", "two", by="board"), judged("2025-02-01", "one", by="board")], "lifted", "one"),
        # released is named before lifted
        ([judged("2025-02-01", "fixed"), judged("2025-02-01", "one", by="board")], "released", "one"),
    ],
)
def test_the_state_of_a_restriction_that_counts(given: list[Given], expected: str, lifted_by: str | None) -> None:
    decision = decided(policy(UNTIL), [judged("2025-01-10", "risky"), *given], "2025-06-01")
    assert state(decision) == expected
    assert standing(decision).lifted_by == lifted_by
    assert answer(decision) == ("held" if expected == "active" else "permitted")


def test_a_restriction_that_does_not_count_is_inactive_whatever_would_release_it() -> None:
    given = [judged("2025-01-10", "risky", value=False), judged("2025-02-01", "fixed")]
    decision = decided(policy(UNTIL), given, "2025-06-01")
    assert (state(decision), answer(decision)) == ("inactive", "permitted")


def test_an_unknown_until_or_permission_never_releases_under_either_burden() -> None:
    for burden in ("developer", "challenger"):
        rules = policy(f"burden-of-proof: {burden}\n{UNTIL}")
        assert answer(decided(rules, [judged("2025-01-10", "risky")], "2025-06-01")) == "held"


def test_a_restriction_without_until_never_releases_by_itself() -> None:
    rules = policy("restrictions: {hold: {forbids: [train], when: {event: model.registered}}}")
    assert answer(decided(rules, [], "2099-01-01")) == "held"


# What binds


@pytest.mark.parametrize("modality", ["must", "should", "expected", "aim", "may", "recommended"])
@pytest.mark.parametrize("binding", ["unilateral", "conditional", "recommendation"])
def test_only_a_unilateral_must_holds_an_action(modality: str, binding: str) -> None:
    force = f"modality: {modality}, binding: {binding}"
    rules = policy(f"restrictions: {{hold: {{forbids: [train], when: {{judged: risky, by: rso}}, {force}}}}}")
    binds = (modality, binding) == ("must", "unilateral")
    decision = decided(rules, SAID["true"], "2025-06-01")
    assert state(decision) == "active"
    assert (answer(decision), decision.unrestricted) == ("held" if binds else "permitted", not binds)
    # nor does it make the answer one by default
    assert decided(rules, [], "2025-06-01").by_default is binds


def test_an_action_that_no_binding_restriction_could_forbid_is_unrestricted() -> None:
    rules = policy("""
restrictions:
  hold: {forbids: [deploy.external], when: {judged: risky, by: rso}}
  wish: {forbids: [train], when: {judged: risky, by: rso}, modality: aim}
""")
    unrestricted = {
        action: decided(rules, SAID["true"], "2025-06-01", action=action).unrestricted
        for action in ("train", "store", "deploy.internal", "deploy.external.public", "deploy")
    }
    assert unrestricted == {
        "train": True,
        "store": True,
        "deploy.internal": True,
        "deploy.external.public": False,
        "deploy": False,
    }


# Actions and their children


def test_asking_for_a_parent_asks_for_all_its_children() -> None:
    rules = policy("restrictions: {hold: {forbids: [deploy.external.public], when: {judged: risky, by: rso}}}")
    held = {a for a in ("deploy", "deploy.external", "deploy.external.public", "deploy.internal", "release-weights")
            if decided(rules, SAID["true"], "2025-06-01", action=a).held}  # fmt: skip
    assert held == {"deploy", "deploy.external", "deploy.external.public"}


def test_forbidding_a_parent_forbids_every_child() -> None:
    rules = policy("restrictions: {hold: {forbids: [deploy.internal], when: {judged: risky, by: rso}}}")
    held = {a for a in ("deploy", "deploy.internal", "deploy.internal.wide", "deploy.external.public", "share-weights")
            if decided(rules, SAID["true"], "2025-06-01", action=a).held}  # fmt: skip
    assert held == {"deploy", "deploy.internal", "deploy.internal.wide"}


def test_only_restrictions_that_bear_on_the_action_are_listed() -> None:
    rules = policy("""
restrictions:
  third: {forbids: [store, train], when: {judged: risky, by: rso}}
  first: {forbids: [deploy], when: {judged: risky, by: rso}}
  second: {forbids: [train], when: {judged: risky, by: rso}, modality: may}
""")
    decision = decided(rules, [], "2025-06-01")
    assert [one.id for one in decision.restrictions] == ["third", "second"]


# Connectives in a decision


def test_a_when_is_unknown_only_after_all_its_connectives() -> None:
    rules = policy("""
restrictions:
  hold: {forbids: [train], when: {all: [{judged: risky, by: rso}, {judged: big, by: rso}]}}
""")
    assert answer(decided(rules, [judged("2025-02-01", "big", value=False)], "2025-06-01")) == "permitted"
    assert answer(decided(rules, [judged("2025-02-01", "big")], "2025-06-01")) == "held by default"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("TT?", "true"),
        ("TF?", "unknown: awaiting rso"),
        ("FF?", "false"),
        ("T??", "unknown: awaiting rso"),
        ("TFF", "false"),
    ],
)
def test_at_least_n_of_conditions(words: str, expected: str) -> None:
    rules = policy("""
restrictions:
  hold:
    forbids: [train]
    when: {at-least: {n: 2, of: [{judged: a, by: rso}, {judged: b, by: rso}, {judged: c, by: rso}]}}
""")
    given = [
        judged("2025-02-01", name, value=word == "T") for name, word in zip("abc", words, strict=True) if word != "?"
    ]
    assert value(when(decided(rules, given, "2025-06-01"))) == expected


def test_what_the_text_leaves_undefined_is_never_known() -> None:
    rules = policy("restrictions: {hold: {forbids: [train], when: {undefined: {owed: what comes next}}}}")
    decision = decided(rules, [], "2025-06-01")
    assert (answer(decision), value(when(decision))) == ("held by default", "unknown: undefined")


def test_a_term_stands_for_what_it_means_with_its_polarity() -> None:
    rules = policy("""
measures:
  run: {statistic: proportion, suite: acme/run}
terms:
  able: {means: {measure: run, at-least: 50%, confidence: 95%}}
restrictions:
  hold: {forbids: [train], when: {term: able}}
  other: {forbids: [store], when: {not: {term: able}}}
""")
    both = [
        event("evaluation.completed", "2025-02-01", measure="run", suite="acme/run", successes=k, trials=40)
        for k in (2, 38)
    ]
    assert value(when(decided(rules, both, "2025-06-01"))) == "true: contradicted"
    assert value(when(decided(rules, both, "2025-06-01", action="store"), "other")) == "unknown: contradicted"


def test_in_force_and_active_are_states_and_never_unknown() -> None:
    rules = policy("""
restrictions:
  hold: {forbids: [train], when: {in-force: allow}}
  twice: {forbids: [train], when: {active: other}}
  other: {forbids: [store], when: {judged: risky, by: rso}}
permissions:
  allow: {lifts: [other], when: {judged: fine, by: board}}
""")
    decision = decided(rules, [], "2025-06-01")
    assert value(when(decision)) == "false: awaiting board"
    assert value(when(decision, "twice")) == "true: awaiting rso"
    lifted = decided(rules, [judged("2025-02-01", "fine", by="board")], "2025-06-01")
    assert value(when(lifted)) == "true"
    assert value(when(lifted, "twice")) == "false: awaiting rso"


# What changes nothing


def test_a_fact_that_no_condition_mentions_changes_nothing() -> None:
    rules = policy(UNTIL)
    given = [registered(), judged("2025-01-10", "risky")]
    aside = [
        event("duty.performed", "2025-02-01", duty="sweep"),
        event("document.published", "2025-02-01", document="memo", digest=PLAN),
        judged("2025-02-01", "nice", model="other"),
    ]
    plain, with_more = (decide([rules], read(events), asked("2025-06-01")) for events in (given, [*given, *aside]))
    assert plain.restrictions == with_more.restrictions
    assert (plain.outcome, plain.by_default, plain.release, plain.valid_until) == (
        with_more.outcome,
        with_more.by_default,
        with_more.release,
        with_more.valid_until,
    )
