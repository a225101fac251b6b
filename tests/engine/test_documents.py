"""Documents: completeness, who submits, reviews and endorsements (LANGUAGE 1, 2 and 3.2)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.cases import (
    LATER_PLAN,
    PLAN,
    Given,
    answer,
    decided,
    evaluated,
    event,
    finding_ids,
    policy,
    until,
    value,
)

HEADER = """
measures: {run: {statistic: proportion, suite: acme/run}}
documents: {plan: {sections: [measures, equivalence], submitted-by: rso}, report: {sections: [methods]}}
"""
WHOLE = ["measures", "equivalence", "an appendix"]


def held(leaf: str) -> str:
    return f"{HEADER}restrictions: {{hold: {{forbids: [train], when: {{event: model.registered}}, until: {leaf}}}}}\n"


APPROVED, REVIEWED, ENDORSED = (f"{{{word}: plan, by: board}}" for word in ("approved", "reviewed", "endorsed"))


def submitted(on: str = "2025-02-01", digest: str = PLAN, *, by: str | None = "rso", **more: Any) -> Given:
    return event("document.submitted", on, by=by, document="plan", digest=digest, **more)


def approved(on: str = "2025-02-02", digest: str = PLAN) -> Given:
    return event("document.approved", on, by="board", actor="bea", document="plan", digest=digest)


def reviewed(on: str = "2025-02-02", digest: str = PLAN, *, by: str = "board", **more: Any) -> Given:
    return event("review.received", on, by=by, actor="bea", document="plan", digest=digest, **more)


def shown(leaf: str, *given: Given) -> str:
    return value(until(decided(policy(held(leaf)), given, "2025-06-01")))


def findings(leaf: str, *given: Given) -> list[str]:
    return finding_ids(decided(policy(held(leaf)), given, "2025-06-01"))


def test_what_lacks_a_required_section_is_not_approved_whoever_says_so() -> None:
    assert shown(APPROVED, submitted(sections=["measures"]), approved()) == "unknown: incomplete"
    assert findings(APPROVED, submitted(sections=["measures"]), approved()) == ["incomplete-document"]
    assert shown(APPROVED, submitted(sections=[]), approved()) == "unknown: incomplete"


def test_a_complete_document_is_approved_redacted_sections_being_there() -> None:
    assert shown(APPROVED, submitted(sections=WHOLE), approved()) == "true"
    assert findings(APPROVED, submitted(sections=WHOLE), approved()) == []
    assert shown(APPROVED, submitted(sections=["measures"], redacted=["equivalence"]), approved()) == "true"


def test_a_submission_that_does_not_say_which_sections_it_has_counts_with_a_finding() -> None:
    assert shown(APPROVED, submitted(), approved()) == "true"
    assert findings(APPROVED, submitted(), approved()) == ["sections-not-stated"]


@pytest.mark.parametrize("by", ["ceo", None])
def test_what_another_than_its_author_submits_is_not_approved_and_still_supersedes(by: str | None) -> None:
    assert shown(APPROVED, submitted(by=by), approved()) == "unknown: wrong-role"
    assert findings(APPROVED, submitted(by=by, sections=WHOLE), approved()) == ["submitted-by-another"]
    later = submitted("2025-03-01", LATER_PLAN, by=by)
    assert shown(APPROVED, submitted(), approved(), later) == "unknown: wrong-role"


def test_an_approval_is_of_one_digest() -> None:
    later = submitted("2025-03-01", LATER_PLAN, sections=WHOLE)
    assert shown(APPROVED, submitted(sections=WHOLE), approved(), later) == "unknown: awaiting board"
    assert shown(APPROVED, submitted(sections=WHOLE), approved(), later, approved("2025-03-02", LATER_PLAN)) == "true"


def test_an_approval_goes_stale_when_evidence_that_the_document_lists_is_withdrawn() -> None:
    ran = evaluated("2025-01-15", 0)
    listing = submitted(sections=WHOLE, evidence=[1])
    withdrawn = event("evaluation.withdrawn", "2025-03-01", evaluation=1, reason="a fault in the harness")
    assert shown(APPROVED, ran, listing, approved()) == "true"
    assert shown(APPROVED, ran, listing, approved(), withdrawn) == "unknown: stale"


# Reviews


def test_a_review_is_of_the_digest_of_the_latest_submission() -> None:
    assert shown(REVIEWED) == "unknown: missing"
    assert shown(REVIEWED, submitted()) == "unknown: awaiting board"
    assert shown(REVIEWED, submitted(), reviewed(digest=LATER_PLAN)) == "unknown: awaiting board"
    assert shown(REVIEWED, submitted(), reviewed()) == "true"
    assert shown(REVIEWED, submitted(), reviewed(by="reviewer")) == "unknown: awaiting board"
    asked = event("review.requested", "2025-02-02", by="board", document="plan", digest=PLAN)
    assert shown(REVIEWED, submitted(), asked) == "unknown: awaiting board"


@pytest.mark.parametrize(
    ("endorses", "expected"),
    [("yes", "true"), ("no", "false"), ("not-asked", "unknown: missing"), (None, "unknown: missing")],
)
def test_an_endorsement_is_what_the_review_says(endorses: str | None, expected: str) -> None:
    stated = {} if endorses is None else {"endorses": endorses}
    assert shown(ENDORSED, submitted(), reviewed(**stated)) == expected
    assert shown(REVIEWED, submitted(), reviewed(**stated)) == "true"


def test_the_latest_review_counts() -> None:
    first, second = reviewed(endorses="yes"), reviewed("2025-03-01", endorses="no")
    assert shown(ENDORSED, submitted(), first, second) == "false"
    assert shown(ENDORSED, submitted(), second, reviewed("2025-04-01", endorses="yes")) == "true"


def test_an_incomplete_document_is_not_endorsed() -> None:
    lacking = submitted(sections=["measures"])
    assert shown(ENDORSED, lacking, reviewed(endorses="yes")) == "unknown: incomplete"


def test_an_approval_against_a_review_is_a_finding() -> None:
    given = [submitted(sections=WHOLE), approved(), reviewed(by="reviewer", endorses="no")]
    assert shown(APPROVED, *given) == "true"
    assert findings(APPROVED, *given) == ["approved-against-review"]
    assert findings(APPROVED, *given, reviewed("2025-03-01", by="reviewer", endorses="yes")) == []


# Publications


def published(on: str = "2025-02-03", digest: str = PLAN, **more: Any) -> Given:
    return event("document.published", on, document="plan", digest=digest, **more)


PUBLISHED = "{published: plan}"


def test_an_incomplete_publication_counts_for_nothing() -> None:
    assert shown(PUBLISHED, published(sections=WHOLE)) == "true"
    assert shown(PUBLISHED, published(sections=["measures"])) == "false"
    assert findings(PUBLISHED, published(sections=["measures"])) == ["incomplete-document"]
    assert shown(PUBLISHED, published(sections=["measures"]), published("2025-03-01", sections=WHOLE)) == "true"


def test_a_publication_has_the_sections_that_a_submission_of_its_digest_states() -> None:
    assert shown(PUBLISHED, submitted(sections=["measures"]), published()) == "false"
    assert shown(PUBLISHED, submitted(sections=WHOLE), published()) == "true"
    assert shown(PUBLISHED, submitted(digest=LATER_PLAN, sections=["measures"]), published()) == "true"
    assert findings(PUBLISHED, published()) == ["sections-not-stated"]


def test_a_hold_until_an_endorsement_is_released_by_it_alone() -> None:
    rules = policy(held(ENDORSED))
    assert answer(decided(rules, [submitted(), approved()], "2025-06-01")) == "held"
    assert answer(decided(rules, [submitted(), reviewed(endorses="yes")], "2025-06-01")) == "permitted"
    (changes,) = decided(rules, [submitted()], "2025-06-01").release
    assert [(change.how, change.who) for change in changes] == [("a review that endorses the latest plan", ("board",))]
