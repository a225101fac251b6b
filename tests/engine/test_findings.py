"""Findings: what is worth knowing beside an answer; each where it should be, and not otherwise (LANGUAGE 3, 4)."""

from __future__ import annotations

from typing import Any

import pytest

from interlock.engine import Decision, Finding
from interlock.engine._findings import in_order
from interlock.engine._names import findings_about_names
from tests.engine.cases import (
    PLAN,
    W1,
    W2,
    Given,
    answer,
    decided,
    evaluated,
    event,
    finding_ids,
    judged,
    policy,
    read,
    registered,
)

RULES = """
measures:
  run: {statistic: proportion, suite: acme/run}
  watched: {statistic: proportion, suite: acme/watched, sequential: true}
thresholds: {strong: {reached-when: {any: [{measure: run, at-least: 50%, confidence: 95%}, {judged: strong, by: rso}]}}}
standards: {safe: {controls: {lock: {attested-by: rso}}}}
documents: {plan: {}}
claims: {sound: {title: it is sound, argued-to: [rso]}}
terms:
  meant: {means: {judged: meant, by: rso}}
  read: {readings: {one: {judged: one, by: rso}, two: {judged: two, by: rso}}}
  watched: {means: {measure: watched, at-least: 50%}}
restrictions:
  hold: {forbids: [train], when: {reached: strong}, until: {judged: fixed, by: rso}}
permissions: {allow: {lifts: [hold], when: {judged: fine, by: rso}}}
pledges: {share: {maintain: {judged: kept, by: rso}}}
duties:
  assess:
    must: assess
    when: {judged: due, by: rso}
    done-when: {judged: done, by: rso}
    excused-when: {judged: excused, by: rso}
    extended: {by: 3 days, when: {judged: extended, by: rso}}
    within: 30 days
goals: {level: {by: 2027-06-30}}
"""


def found(given: list[Given], rules: str = RULES, **question: Any) -> list[str]:
    names = finding_ids(decided(policy(rules), given, "2025-06-01", **question))
    return [name for name in names if name != "duties-not-evaluated"]


def details(decision: Decision, name: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(finding.detail, finding.evidence) for finding in decision.findings if finding.id == name]


# Names


QUESTIONS = ("strong", "meant", "one", "two", "fixed", "fine", "kept", "due", "done", "excused", "extended")


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_that_any_condition_of_the_policy_asks_is_known(question: str) -> None:
    assert found([judged("2025-02-01", question)]) == []


SPEAKING: list[tuple[str, str, Given]] = [
    ("measure", "walk", evaluated("2025-02-01", 2, measure="walk", plan="p")),
    ("measure", "walk", event("evaluation.planned", "2025-02-01", id="p", measure="walk", suite="acme/walk")),
    ("question", "stronk", judged("2025-02-01", "stronk")),
    ("control", "lokc", event("control.attested", "2025-02-01", by="rso", control="lokc", value=True)),
    ("claim", "sund", event("claim.assessed", "2025-02-01", claim="sund", state="supported")),
    ("document", "plam", event("document.submitted", "2025-02-01", document="plam", digest=PLAN)),
    ("document", "plam", event("document.published", "2025-02-01", document="plam", digest=PLAN)),
    ("document", "plam", event("party.notified", "2025-02-01", party="board", document="plam")),
    ("duty", "asess", event("duty.performed", "2025-02-01", duty="asess")),
    ("duty", "asess", event("excuse.claimed", "2025-02-01", duty="asess", reason="x")),
    ("permission", "alow", event("permission.invoked", "2025-02-01", permission="alow", reason="x")),
    ("term", "maent", event("term.ruled", "2025-02-01", term="maent", reading="one", reason="x")),
    ("goal", "levle", event("goal.graded", "2025-02-01", developer="Acme", goal="levle", grade="A", reason="x")),
]  # fmt: skip


@pytest.mark.parametrize(("sort", "name", "given"), SPEAKING, ids=[f"{g['event']}-{n}" for _, n, g in SPEAKING])
def test_an_event_about_what_no_policy_knows_speaks_to_nothing(sort: str, name: str, given: Given) -> None:
    decision = decided(policy(RULES), [given], "2025-06-01")
    ((detail, evidence),) = details(decision, "speaks-to-nothing")
    assert detail.startswith(f"event 1 speaks of {sort} `{name}`, which no policy given knows")
    assert evidence == (1,)
    if name != "walk":
        assert "; did it mean `" in detail


def test_the_nearest_name_is_one_of_the_same_sort() -> None:
    decision = decided(policy(RULES), [event("duty.performed", "2025-02-01", duty="plan")], "2025-06-01")
    assert details(decision, "speaks-to-nothing")[0][0].endswith("which no policy given knows")
    decision = decided(policy(RULES), [judged("2025-02-01", "stronk")], "2025-06-01")
    assert details(decision, "speaks-to-nothing")[0][0].endswith("did it mean `strong`?")


def test_a_name_that_one_of_several_policies_knows_speaks_to_something() -> None:
    other = policy("restrictions: {hold: {forbids: [store], when: {judged: elsewhere, by: rso}}}", name="other")
    given = [judged("2025-02-01", "elsewhere")]
    assert found(given) == ["speaks-to-nothing"]
    assert "speaks-to-nothing" not in finding_ids(decided([policy(RULES), other], given, "2025-06-01"))


def test_what_has_not_happened_yet_is_no_finding_yet() -> None:
    given = [judged("2025-07-01", "stronk")]
    assert found(given, known_at="2025-08-01") == []
    assert [finding.id for finding in findings_about_names([policy(RULES)], read(given))] == ["speaks-to-nothing"]


# Words, roles and corrections


def test_a_word_on_another_checkpoint_counts_with_a_finding() -> None:
    two = [registered(weights=W1), event("training.continued", "2025-01-10", weights=W2)]
    word = {**judged("2025-02-01", "strong"), "subject": {"model": "m", "weights": W1}}
    decision = decided(policy(RULES), [*two, word], "2025-06-01", registers=False)
    assert answer(decision) == "held"
    detail = f"event 2 (determination.made) names weights {W1[:15]}…, not those asked about"
    assert details(decision, "word-on-other-weights") == [(detail, (2,))]
    assert found([*two, word], registers=False, weights=W1) == []
    assert found([*two, judged("2025-02-01", "strong")], registers=False) == []


def test_a_word_by_someone_to_whom_the_role_was_not_assigned_has_a_finding() -> None:
    def assigned(holder: str, on: str = "2025-01-10") -> Given:
        return event("role.assigned", on, developer="Acme", role="rso", holder=holder)

    word = judged("2025-02-01", "strong", actor="ann")
    assert found([word]) == []
    assert found([assigned("ann"), word]) == []
    assert found([assigned("bob"), word]) == ["not-the-holder"]
    assert found([assigned("bob"), assigned("ann", "2025-01-20"), word]) == []
    assert found([word, assigned("bob", "2025-03-01")]) == []
    unnamed = {key: stated for key, stated in word.items() if key != "actor"}
    decision = decided(policy(RULES), [assigned("bob"), unnamed], "2025-06-01")
    assert details(decision, "not-the-holder") == [
        ("event 2 is a word of `rso` by an unnamed actor, to whom the role was not assigned", (2,))
    ]


def test_a_corrected_event_has_a_finding() -> None:
    corrected = event(
        "event.corrected", "2025-03-01", event=1, reason="typo", by_=judged("2025-02-01", "strong", value=False)
    )
    decision = decided(policy(RULES), [judged("2025-02-01", "strong"), corrected], "2025-06-01")
    assert details(decision, "event-corrected") == [("event 1 is superseded by event 2: typo", (1, 2))]


# Policies


def test_duties_that_are_not_evaluated_are_named() -> None:
    assert details(decided(policy(RULES), [], "2025-06-01"), "duties-not-evaluated") == []
    unclear = "    within: 30 days\n  unclear: {must: ask, when: {term: watched}}\n"
    decision = decided(policy(RULES.replace("    within: 30 days\n", unclear)), [], "2025-06-01")
    assert details(decision, "duties-not-evaluated") == [
        ("duties `unclear` of `acme` are not evaluated and no part of this answer", ())
    ]


def test_what_bears_on_another_action_only_is_no_finding_of_this_one() -> None:
    rules = """
measures: {run: {statistic: proportion, suite: acme/run}}
thresholds: {strong: {reached-when: {measure: run, at-least: 50%}}}
restrictions:
  hold: {forbids: [train], when: {judged: risky, by: rso}}
  other: {forbids: [store], when: {reached: strong}}
"""
    near = [evaluated("2025-02-01", 19)]
    assert found(near, rules) == []
    assert found(near, rules, action="store") == ["not-pre-registered", "point-estimate"]


def test_findings_of_until_and_of_permissions_are_given_too() -> None:
    rules = """
measures: {run: {statistic: proportion, suite: acme/run}}
restrictions:
  hold: {forbids: [train], when: {event: model.registered}, until: {measure: run, below: 50%}}
"""
    assert found([evaluated("2025-02-01", 19)], rules) == ["not-pre-registered", "point-estimate"]
    lifted = """
measures: {run: {statistic: proportion, suite: acme/run}}
restrictions: {hold: {forbids: [train], when: {event: model.registered}}}
permissions: {allow: {lifts: [hold], when: {measure: run, below: 50%}}}
"""
    assert found([evaluated("2025-02-01", 19)], lifted) == ["not-pre-registered", "point-estimate"]


def test_findings_of_the_until_of_a_restriction_that_another_depends_on_are_given() -> None:
    rules = """
measures: {run: {statistic: proportion, suite: acme/run}}
restrictions:
  hold: {forbids: [train], when: {active: other}}
  other: {forbids: [store], when: {event: model.registered}, until: {measure: run, below: 50%}}
"""
    assert found([evaluated("2025-02-01", 19)], rules) == ["not-pre-registered", "point-estimate"]


# Order


def test_findings_come_by_id_without_repetition() -> None:
    listed = [Finding("b", "x", (2,)), Finding("a", "y"), Finding("b", "x", (1,)), Finding("a", "y")]
    assert in_order(listed) == (Finding("a", "y"), Finding("b", "x", (1,)), Finding("b", "x", (2,)))


def test_a_run_that_several_leaves_consider_has_its_finding_once() -> None:
    rules = """
measures: {run: {statistic: proportion, suite: acme/run}}
thresholds: {strong: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}}
restrictions:
  one: {forbids: [train], when: {reached: strong}}
  two: {forbids: [train], when: {all: [{reached: strong}, {measure: run, at-least: 60%, confidence: 95%}]}}
"""
    assert found([evaluated("2025-02-01", 2)], rules) == ["not-pre-registered"]
