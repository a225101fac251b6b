"""`or-as-notified`: a schedule that counts once the party was told of it in time (language/clocks-and-duties.md)."""

from __future__ import annotations

from typing import Any, Final

import pytest

from interlock.policy import Policy
from tests.engine.cases import LATER_PLAN, PLAN, Given, event
from tests.engine.duty_cases import check_flip, deployed, due, duty, only

UPON: Final = deployed("2025-03-01")
END: Final = "2025-03-05T00:00:00Z"
UNTIL_20TH: Final = "2025-03-21T00:00:00Z"
UNTIL_25TH: Final = "2025-03-26T00:00:00Z"
NOTIFIED: Final = "or-as-notified: {document: schedule, to: board}"
SCHEDULE: Final[dict[str, Any]] = {"document": "schedule", "digest": PLAN}
BY_RSO: Final = "documents: {schedule: {submitted-by: rso}}\n"


def notifying(*lines: str, within: str = "within: 3 days", **more: str) -> Policy:
    return duty("when: {event: model.deployed}", within, NOTIFIED, *lines, **more)


def submitted(on: str, until: str = "2025-03-20", digest: str = PLAN, **about: Any) -> Given:
    return event("document.submitted", on, document="schedule", digest=digest, schedule={"d": until}, **about)


def told(on: str, digest: str | None = None, party: str = "board", **about: Any) -> Given:
    stated: dict[str, Any] = {} if digest is None else {"digest": digest}
    return event("party.notified", on, party=party, document="schedule", **stated, **about)


@pytest.mark.parametrize("digest", [None, PLAN])
def test_the_date_of_which_the_party_was_told_replaces_the_policys_own(digest: str | None) -> None:
    given = [UPON, submitted("2025-03-02"), told("2025-03-03", digest)]
    check_flip(notifying(), given, at=UNTIL_20TH, becomes=("open", "overdue"))
    standing = only(notifying(), given, "2025-03-04")
    assert (standing.reason, standing.evidence) == ("as-notified", (1, 2, 3))


@pytest.mark.parametrize(
    "given",
    [
        [submitted("2025-03-02")],
        [submitted("2025-03-02"), told("2025-03-03", party="rso")],
        [submitted("2025-03-02"), told("2025-03-03", LATER_PLAN)],
        [submitted("2025-03-02"), event("party.notified", "2025-03-03", party="board", document="plan")],
        # a notice that names no digest tells of nothing that came after it
        [told("2025-03-02T11:59:59Z"), submitted("2025-03-02T12:00:00Z")],
        # at the very instant at which the time is over it is too late
        [submitted("2025-03-02"), told(END)],
        [submitted(END), told("2025-03-02", PLAN)],
        # an approval is no notice
        [
            submitted("2025-03-02"),
            event("document.approved", "2025-03-03", by="board", document="schedule", digest=PLAN),
        ],
    ],
    ids=[
        "untold",
        "another party",
        "another digest",
        "another document",
        "before",
        "too late",
        "late schedule",
        "vote",
    ],
)
def test_a_schedule_of_which_the_party_was_not_told_in_time_moves_nothing(given: list[Given]) -> None:
    assert due(notifying(), [UPON, *given], "2025-03-10") == END


@pytest.mark.parametrize(
    "notice", [told("2025-03-02T12:00:00Z"), told("2025-03-01", PLAN), told("2025-03-04T23:59:59.999999Z")]
)
def test_a_notice_at_the_instant_of_the_schedule_or_of_its_digest_or_just_in_time_counts(notice: Given) -> None:
    assert due(notifying(), [UPON, submitted("2025-03-02T12:00:00Z"), notice], "2025-03-10") == UNTIL_20TH


def test_the_latest_schedule_of_which_the_party_was_told_counts() -> None:
    first, second = submitted("2025-03-02"), submitted("2025-03-03", "2025-03-25", LATER_PLAN)
    assert due(notifying(), [UPON, first, told("2025-03-02", PLAN), second], "2025-03-10") == UNTIL_20TH
    assert due(notifying(), [UPON, first, second, told("2025-03-04")], "2025-03-10") == UNTIL_25TH
    back = [first, told("2025-03-02", PLAN), second, told("2025-03-04", LATER_PLAN)]
    assert due(notifying(), [UPON, *back], "2025-03-10") == UNTIL_25TH


def test_a_schedule_by_another_than_the_document_names_moves_nothing() -> None:
    rules = notifying(more=BY_RSO)
    assert due(rules, [UPON, submitted("2025-03-02", by="rso"), told("2025-03-03")], "2025-03-10") == UNTIL_20TH
    assert due(rules, [UPON, submitted("2025-03-02", by="ceo"), told("2025-03-03")], "2025-03-10") == END
    assert due(rules, [UPON, submitted("2025-03-02"), told("2025-03-03")], "2025-03-10") == END


def test_without_a_period_of_the_policys_own_the_first_date_notified_is_the_due_instant() -> None:
    rules = notifying(within="clock: event")
    assert due(rules, [UPON], "2025-04-10") is None
    given = [UPON, submitted("2025-03-02"), told("2025-03-03")]
    assert due(rules, given, "2025-04-10") == UNTIL_20TH
    late = [submitted("2025-03-22", "2025-03-25", LATER_PLAN), told("2025-03-23")]
    assert due(rules, [*given, *late], "2025-04-10") == UNTIL_20TH


def test_an_extension_moves_the_notified_date() -> None:
    rules = notifying("extended: {by: 5 days, when: {event: training.started}}")
    given = [UPON, submitted("2025-03-02"), told("2025-03-03"), event("training.started", "2025-03-04")]
    assert due(rules, given, "2025-03-10") == UNTIL_25TH
