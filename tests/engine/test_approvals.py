"""Approvals of documents: the latest submission, its digest, its checkpoint and the evidence listed (LANGUAGE 3.2)."""

from __future__ import annotations

from typing import Any

import pytest

from interlock.engine import Decision
from tests.engine.cases import (
    LATER_PLAN,
    PLAN,
    W1,
    W2,
    Given,
    answer,
    decided,
    evaluated,
    event,
    policy,
    registered,
    until,
    value,
)

RULES = """
measures:
  run: {statistic: proportion, suite: acme/run}
documents: {plan: {submitted-by: rso}}
restrictions:
  hold: {forbids: [train], when: {event: model.registered}, until: {approved: plan, by: ROLES}}
  other: {forbids: [store], when: {measure: run, at-least: 50%, confidence: 95%}}
"""


def submits(on: str = "2025-02-01", digest: str = PLAN, **more: Any) -> Given:
    return event("document.submitted", on, by="rso", document="plan", digest=digest, **more)


def approves(role: str = "board", on: str = "2025-02-10", digest: str = PLAN, **more: Any) -> Given:
    return event(
        "document.approved", on, by=role, actor=more.pop("actor", role), document="plan", digest=digest, **more
    )


def rejects(role: str = "board", on: str = "2025-02-10", digest: str = PLAN, **more: Any) -> Given:
    return {**approves(role, on, digest, **more), "event": "document.rejected"}


def decision_on(*given: Given, roles: str = "board", as_of: str = "2025-06-01", **question: Any) -> Decision:
    return decided(policy(RULES.replace("ROLES", roles)), given, as_of, **question)


def shown(*given: Given, **question: Any) -> str:
    return value(until(decision_on(*given, **question)))


# Submissions and words


def test_without_a_submission_nothing_is_approved() -> None:
    assert shown() == "unknown: missing"
    assert shown(approves()) == "unknown: missing"


def test_a_submission_awaits_its_roles() -> None:
    assert shown(submits()) == "unknown: awaiting board"
    assert shown(submits(), roles="[board, ceo]") == "unknown: awaiting board, ceo"
    assert shown(submits(), approves(), roles="[board, ceo]") == "unknown: awaiting ceo"


def test_each_role_must_approve_and_one_rejection_is_enough() -> None:
    assert shown(submits(), approves()) == "true"
    assert shown(submits(), rejects()) == "false"
    assert shown(submits(), approves(), rejects("ceo"), roles="[board, ceo]") == "false"
    assert shown(submits(), approves(), approves("ceo"), roles="[board, ceo]") == "true"
    assert shown(submits(), approves(actor="ann"), approves("ceo", actor="ann"), roles="[board, ceo]") == (
        "unknown: awaiting board, ceo"
    )


def test_a_roles_latest_word_on_the_digest_counts() -> None:
    assert shown(submits(), approves(), rejects(on="2025-02-11")) == "false"
    assert shown(submits(), rejects(), approves(on="2025-02-11")) == "true"
    assert shown(submits(), approves(), rejects()) == "unknown: contradicted"


def test_a_word_on_the_digest_counts_whenever_it_was_given() -> None:
    assert shown(approves(on="2025-01-20"), submits()) == "true"
    assert shown(rejects(on="2025-01-20"), submits()) == "false"


def test_a_newer_submission_makes_earlier_approvals_stale() -> None:
    assert shown(submits(), approves(), submits("2025-03-01", LATER_PLAN)) == "unknown: awaiting board"
    again = approves(on="2025-03-02", digest=LATER_PLAN)
    assert shown(submits(), approves(), submits("2025-03-01", LATER_PLAN), again) == "true"


def test_a_document_submitted_again_as_it_was_keeps_its_approval() -> None:
    assert shown(submits(), approves(), submits("2025-03-01")) == "true"
    back = [submits(), approves(), submits("2025-03-01", LATER_PLAN), submits("2025-04-01")]
    assert shown(*back) == "true"


def test_an_approval_of_another_digest_is_of_another_document() -> None:
    assert shown(submits(), approves(digest=LATER_PLAN)) == "unknown: awaiting board"
    assert shown(submits(), rejects(digest=LATER_PLAN)) == "unknown: awaiting board"


def test_two_submissions_at_one_place_contradict_each_other_unless_they_are_the_same() -> None:
    assert (
        shown(submits(), submits(digest=LATER_PLAN), approves(), approves(digest=LATER_PLAN)) == "unknown: contradicted"
    )
    assert shown(submits(), submits(), approves()) == "true"
    later_recorded = submits(digest=LATER_PLAN, recorded="2025-02-02")
    assert shown(submits(), later_recorded, approves(digest=LATER_PLAN)) == "true"


# Checkpoints and subjects


TWO = [registered(weights=W1), event("training.continued", "2025-01-10", weights=W2)]


@pytest.mark.parametrize(
    ("submitted", "approved", "asked", "expected"),
    [
        (W2, W2, W2, "true"),
        (W1, W1, W2, "unknown: missing"),
        (W1, W1, W1, "true"),
        (W2, W1, W2, "unknown: awaiting board"),
        (None, None, W1, "true"),
        (None, None, W2, "unknown: missing"),
        (None, W1, W1, "true"),
        (W1, None, W1, "true"),
        (W2, None, W2, "unknown: awaiting board"),
    ],
)
def test_an_approval_is_of_the_checkpoint_it_names_and_without_one_of_the_earliest(
    submitted: str | None, approved: str | None, asked: str, expected: str
) -> None:
    given = [*TWO, submits(weights=submitted), approves(weights=approved)]
    assert shown(*given, registers=False, weights=asked) == expected


@pytest.mark.parametrize("subject", [{"developer": "Acme"}, {"world": True}])
def test_an_approval_for_the_developer_or_the_world_is_for_every_checkpoint(subject: Given) -> None:
    def about(given: Given) -> Given:
        return {**given, "subject": subject}

    for weights in (W1, W2):
        assert shown(*TWO, about(submits()), about(approves()), registers=False, weights=weights) == "true"
        assert shown(*TWO, submits(weights=weights), about(approves()), registers=False, weights=weights) == "true"


def test_a_submission_for_another_model_says_nothing_of_this() -> None:
    assert shown(submits(model="other"), approves(model="other")) == "unknown: missing"
    assert shown(submits(), approves(), submits("2025-03-01", LATER_PLAN, model="other")) == "true"


# The evidence that a submission lists


LOW, HIGH, OPEN = (evaluated("2025-01-20", k, weights=W1) for k in (2, 38, 20))
REGISTERED = registered(weights=W1)


def listing(*more: Given, first: Given = LOW, evidence: Any = 1) -> str:
    """Show an approval of a submission that lists event 1, which `first` is; `more` are the events after it."""
    given = [REGISTERED, first, submits(weights=W1, evidence=[evidence]), approves(weights=W1), *more]
    return shown(*given, registers=False)


def test_evidence_that_stands_leaves_the_approval_as_it_is() -> None:
    assert listing() == "true"
    assert listing(evaluated("2025-03-01", 3, weights=W1)) == "true"


def test_withdrawn_evidence_makes_the_approval_stale_from_then_on() -> None:
    withdrawn = event("evaluation.withdrawn", "2025-05-01", evaluation=1, reason="broken", weights=W1)
    assert listing(withdrawn) == "unknown: stale"
    given = [REGISTERED, LOW, submits(weights=W1, evidence=[1]), approves(weights=W1), withdrawn]
    assert shown(*given, registers=False, as_of="2025-04-30", known_at="2025-06-01") == "true"


def test_evidence_may_be_listed_by_its_digest() -> None:
    events = [REGISTERED, LOW]
    digest = decision_on(*events, registers=False).history.given[1].digest
    withdrawn = event("evaluation.withdrawn", "2025-05-01", evaluation=digest, reason="broken", weights=W1)
    assert listing(evidence=digest) == "true"
    assert listing(withdrawn, evidence=digest) == "unknown: stale"


def test_evidence_that_was_corrected_is_evidence_no_more() -> None:
    corrected = event(
        "event.corrected", "2025-05-01", event=1, reason="typo", by_=evaluated("2025-01-20", 3, weights=W1)
    )
    assert listing(corrected) == "unknown: stale"


@pytest.mark.parametrize(
    ("first", "other", "expected"),
    [
        (LOW, HIGH, "unknown: contradicted"),
        (HIGH, LOW, "unknown: contradicted"),
        (LOW, OPEN, "true"),
        (OPEN, HIGH, "true"),
        (LOW, evaluated("2025-03-01", 3, weights=W1), "true"),
        (LOW, evaluated("2025-03-01", 38, weights=W2), "true"),  # another checkpoint
        (LOW, evaluated("2025-03-01", 38, weights=W1, model="other"), "true"),
        (LOW, evaluated("2025-03-01", 38, weights=W1, suite="acme/jog"), "true"),  # not admissible
        (LOW, evaluated("2025-03-01", 38), "unknown: contradicted"),  # without weights it is of the earliest
    ],
    ids=[
        "opposite",
        "opposite-too",
        "open",
        "open-itself",
        "agreeing",
        "another-checkpoint",
        "another-model",
        "another-suite",
        "without-weights",
    ],
)
def test_contradicted_evidence_leaves_the_approval_open(first: Given, other: Given, expected: str) -> None:
    given = [REGISTERED, first, submits(weights=W1, evidence=[1]), approves(weights=W1), other]
    assert shown(*given, registers=False, weights=W1) == expected


def test_a_contradiction_that_is_withdrawn_is_none() -> None:
    withdrawn = event("evaluation.withdrawn", "2025-05-01", evaluation=4, reason="broken", weights=W1)
    assert listing(HIGH, withdrawn) == "true"


def test_a_contradiction_between_two_others_is_none_of_the_listed_run() -> None:
    assert listing(HIGH, LOW, first=OPEN) == "true"


CONDITIONS = {
    "threshold": "thresholds: {t: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}}",
    "when": "restrictions: {o: {forbids: [store], when: {measure: run, at-least: 50%, confidence: 95%}}}",
    "until": (
        "restrictions: {o: {forbids: [store], when: {event: model.deployed}, "
        "until: {measure: run, below: 50%, confidence: 95%}}}"
    ),
    "permission": "permissions: {p: {lifts: [hold], when: {measure: run, below: 1%, confidence: 95%}}}",
    "term": "terms: {t: {means: {measure: run, at-least: 50%, confidence: 95%}}}",
    "applies-to": "applies-to: {any: [{event: model.registered}, {measure: run, at-least: 50%, confidence: 95%}]}",
    "pledge": "pledges: {p: {maintain: {measure: run, below: 50%, confidence: 95%}}}",
}


@pytest.mark.parametrize("place", CONDITIONS)
def test_a_contradiction_counts_on_any_measured_condition_of_the_policy(place: str) -> None:
    hold = "hold: {forbids: [train], when: {event: model.registered}, until: {approved: plan, by: board}}"
    body = CONDITIONS[place]
    if "restrictions:" in body:
        body = body.replace("restrictions: {", f"restrictions: {{{hold}, ")
    else:
        body = f"{body}\nrestrictions: {{{hold}}}"
    # for the permission's 1 %: none of 400 has U at 0.7 %
    low = evaluated("2025-01-20", 0, 400, weights=W1) if place == "permission" else LOW
    rules = policy(
        f"measures: {{run: {{statistic: proportion, suite: acme/run}}}}\ndocuments: {{plan: {{}}}}\n{body}\n"
    )
    given = [REGISTERED, low, submits(weights=W1, evidence=[1]), approves(weights=W1)]
    assert value(until(decided(rules, given, "2025-06-01", registers=False))) == "true"
    assert value(until(decided(rules, [*given, HIGH], "2025-06-01", registers=False))) == "unknown: contradicted"


def test_a_listed_evaluation_of_a_measure_the_policy_does_not_know_contradicts_nothing() -> None:
    jog = evaluated("2025-01-20", 2, measure="jog", weights=W1)
    given = [REGISTERED, jog, submits(weights=W1, evidence=[1]), approves(weights=W1)]
    other = evaluated("2025-03-01", 38, measure="jog", weights=W1)
    assert shown(*given, other, registers=False) == "true"


def test_evidence_that_has_not_happened_yet_supports_no_approval_yet() -> None:
    later = evaluated("2025-05-01", 2, weights=W1)
    given = [REGISTERED, later, submits(weights=W1, evidence=[1]), approves(weights=W1)]
    assert shown(*given, registers=False, as_of="2025-04-01", known_at="2025-06-01") == "unknown: stale"
    assert shown(*given, registers=False, as_of="2025-06-01") == "true"


def test_evidence_that_is_not_known_supports_no_approval() -> None:
    unknown = evaluated("2025-01-20", 2, weights=W1, recorded="2025-07-01")
    given = [REGISTERED, unknown, submits(weights=W1, evidence=[1]), approves(weights=W1)]
    assert shown(*given, registers=False) == "unknown: missing"


def test_only_the_evidence_of_the_latest_submission_matters() -> None:
    withdrawn = event("evaluation.withdrawn", "2025-03-15", evaluation=1, reason="broken", weights=W1)
    again = submits("2025-04-01", weights=W1)
    assert listing(withdrawn, again) == "true"


def test_a_held_action_is_released_by_the_approval_alone() -> None:
    assert answer(decision_on(submits())) == "held"
    assert answer(decision_on(submits(), approves())) == "permitted"
