"""Agreed schedules: a date approved in time by whom it is agreed with replaces the policy's own (LANGUAGE 1)."""

from __future__ import annotations

from typing import Any, Final

import pytest

from interlock.policy import Policy
from tests.engine.cases import LATER_PLAN, PLAN, Given, event, judged, registered
from tests.engine.duty_cases import check_flip, deployed, due, duty, instances, just_before, only, performed, shown

UPON: Final = deployed("2025-03-01")
END: Final = "2025-03-05T00:00:00Z"
OVERDUE: Final = ("open", "overdue")
AGREED: Final = "or-as-agreed: {document: schedule, with: board}"
UNTIL_20TH: Final = "2025-03-21T00:00:00Z"


def agreed(*lines: str, within: str = "within: 3 days", **more: str) -> Policy:
    return duty("when: {event: model.deployed}", within, AGREED, *lines, **more)


def submitted(on: str, until: str | None = "2025-03-20", digest: str = PLAN, duty: str = "d", **about: Any) -> Given:
    schedule: dict[str, Any] = {} if until is None else {"schedule": {duty: until}}
    return event("document.submitted", on, document="schedule", digest=digest, **schedule, **about)


def voted(on: str, digest: str = PLAN, by: str = "board", *, approves: bool = True, **about: Any) -> Given:
    kind = "document.approved" if approves else "document.rejected"
    return event(kind, on, by=by, document="schedule", digest=digest, **about)


IN_TIME: Final = [submitted("2025-03-02"), voted("2025-03-03")]


# Days and instants


@pytest.mark.parametrize(
    ("until", "end"),
    [
        # a bare day is over at its end
        ("2025-03-20", UNTIL_20TH),
        ("2025-03-20T15:30:00Z", "2025-03-20T15:30:00Z"),
        ("2025-03-20T00:00:00Z", "2025-03-20T00:00:00Z"),
        ("2025-03-20T15:30:00+02:00", "2025-03-20T13:30:00Z"),
        # earlier than the policy's own
        ("2025-03-03", "2025-03-04T00:00:00Z"),
        ("2025-03-01T12:00:02Z", "2025-03-01T12:00:02Z"),
        # not after the opening: no date at all
        ("2025-03-01T12:00:00Z", END),
        ("2025-02-28", END),
    ],
)
def test_the_agreed_date_replaces_the_policys_own(until: str, end: str) -> None:
    given = [submitted("2025-02-20", until), voted("2025-02-21"), UPON]
    check_flip(agreed(), given, at=end, becomes=OVERDUE)


def test_a_bare_day_ends_where_the_policys_time_zone_says() -> None:
    rules = agreed(more="calendar: {time-zone: Pacific/Auckland}\n")
    # on 20 March 2025 Auckland is 13 hours ahead (daylight saving until 6 April)
    assert due(rules, [UPON, *IN_TIME], "2025-03-04") == "2025-03-20T11:00:00Z"


def test_it_says_that_it_is_as_agreed_and_on_what_that_rests() -> None:
    standing = only(agreed(), [UPON, *IN_TIME], "2025-03-04")
    assert (standing.reason, standing.evidence) == ("as-agreed", (1, 2, 3))


# In time


@pytest.mark.parametrize(
    ("submission", "vote", "end"),
    [
        ("2025-03-02", just_before(END), UNTIL_20TH),
        ("2025-03-02", END, END),
        (just_before(END), just_before(END), UNTIL_20TH),
        (END, "2025-03-04", END),
        # an approval of what is submitted only afterwards is an approval of that digest all the same
        ("2025-03-04", "2025-03-03", UNTIL_20TH),
        ("2025-02-20", "2025-02-21", UNTIL_20TH),
    ],
)
def test_submission_and_approval_must_both_come_before_the_due_instant(submission: str, vote: str, end: str) -> None:
    check_flip(agreed(), [UPON, submitted(submission), voted(vote)], at=end, becomes=OVERDUE)


def test_until_it_is_approved_the_policys_own_date_stands() -> None:
    assert due(agreed(), [UPON, *IN_TIME], "2025-03-03T11:59:59Z") == END
    assert due(agreed(), [UPON, *IN_TIME], "2025-03-03T12:00:00Z") == UNTIL_20TH


def test_an_agreement_of_an_earlier_date_that_is_past_makes_it_overdue_at_once() -> None:
    given = [UPON, submitted("2025-03-02", "2025-03-02"), voted("2025-03-04")]
    check_flip(agreed(), given, at="2025-03-04T12:00:00Z", becomes=OVERDUE)
    assert shown(only(agreed(), given, "2025-03-04T12:00:00Z")) == ("overdue", "2025-03-03T00:00:00Z", "P1DT12H")


def test_what_was_done_by_the_agreed_date_is_done() -> None:
    assert shown(only(agreed(), [UPON, *IN_TIME, performed("2025-03-19")], "2025-06-01")) == ("done", UNTIL_20TH, None)


# Whose approval


@pytest.mark.parametrize(
    "votes",
    [
        pytest.param([], id="none"),
        pytest.param([voted("2025-03-03", by="ceo")], id="of another role"),
        pytest.param([voted("2025-03-03", LATER_PLAN)], id="of another digest"),
        pytest.param([voted("2025-03-03", approves=False)], id="a rejection"),
        pytest.param([voted("2025-03-03"), voted("2025-03-04", approves=False)], id="rejected later"),
        pytest.param([voted("2025-03-03"), voted("2025-03-03", approves=False)], id="both at one instant"),
        pytest.param([voted("2025-03-03", model="m2")], id="about another model"),
        pytest.param([voted("2025-03-03", developer="Other")], id="about another developer"),
    ],
)
def test_without_the_standing_approval_of_that_role_the_policys_own_date_stands(votes: list[Given]) -> None:
    given = [registered("m2"), UPON, submitted("2025-03-02"), *votes]
    check_flip(agreed(), given, at=END, becomes=OVERDUE)


def test_a_rejection_after_the_due_instant_takes_nothing_back() -> None:
    for late in (END, "2025-03-10"):
        check_flip(agreed(), [UPON, *IN_TIME, voted(late, approves=False)], at=UNTIL_20TH, becomes=OVERDUE)


def test_approved_again_after_a_rejection_it_is_agreed() -> None:
    given = [UPON, submitted("2025-03-02"), voted("2025-03-02", approves=False), voted("2025-03-03")]
    check_flip(agreed(), given, at=UNTIL_20TH, becomes=OVERDUE)


@pytest.mark.parametrize("about", [{"developer": "Acme"}, {"world": True}])
def test_an_agreement_about_the_developer_holds_for_its_models(about: dict[str, Any]) -> None:
    given = [UPON, submitted("2025-03-02", **about), voted("2025-03-03", **about)]
    check_flip(agreed(), given, at=UNTIL_20TH, becomes=OVERDUE)


def test_an_agreement_about_another_model_holds_for_none_but_it() -> None:
    given = [registered("m2"), UPON, submitted("2025-03-02", model="m2"), voted("2025-03-03", model="m2")]
    check_flip(agreed(), given, at=END, becomes=OVERDUE)


# Newer submissions


def test_the_latest_agreed_submission_counts() -> None:
    newer = [submitted("2025-03-03T18:00:00Z", "2025-03-25", LATER_PLAN), voted("2025-03-04", LATER_PLAN)]
    check_flip(agreed(), [UPON, *IN_TIME, *newer], at="2025-03-26T00:00:00Z", becomes=OVERDUE)
    # wherever they stand in the file
    check_flip(agreed(), [*newer[::-1], *IN_TIME, UPON], at="2025-03-26T00:00:00Z", becomes=OVERDUE)


def test_a_newer_submission_that_is_not_agreed_leaves_the_older_one() -> None:
    newer = submitted("2025-03-03T18:00:00Z", "2025-03-25", LATER_PLAN)
    check_flip(agreed(), [UPON, *IN_TIME, newer], at=UNTIL_20TH, becomes=OVERDUE)
    rejected = voted("2025-03-04", LATER_PLAN, approves=False)
    check_flip(agreed(), [UPON, *IN_TIME, newer, rejected], at=UNTIL_20TH, becomes=OVERDUE)


def test_a_newer_agreement_after_the_policys_own_date_comes_too_late() -> None:
    newer = [submitted("2025-03-10", "2025-03-25", LATER_PLAN), voted("2025-03-11", LATER_PLAN)]
    check_flip(agreed(), [UPON, *IN_TIME, *newer], at=UNTIL_20TH, becomes=OVERDUE)


def test_a_newer_agreed_submission_that_does_not_name_the_duty_is_ignored() -> None:
    for newer in (
        submitted("2025-03-03T18:00:00Z", None, LATER_PLAN),
        submitted("2025-03-03T18:00:00Z", "2025-03-25", LATER_PLAN, duty="e"),
    ):
        given = [UPON, *IN_TIME, newer, voted("2025-03-04", LATER_PLAN)]
        check_flip(agreed(), given, at=UNTIL_20TH, becomes=OVERDUE)


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_agreed_dates_at_one_instant_the_earlier_counts(order: int) -> None:
    both = [submitted("2025-03-02", "2025-03-20"), submitted("2025-03-02", "2025-03-25", LATER_PLAN)][::order]
    given = [UPON, *both, voted("2025-03-03"), voted("2025-03-03", LATER_PLAN)]
    check_flip(agreed(), given, at=UNTIL_20TH, becomes=OVERDUE)


def test_the_date_that_one_schedule_states_for_each_duty_is_its_own() -> None:
    rules = agreed(
        more="  e:\n    must: do that\n    when: {event: model.deployed}\n    within: 3 days\n"
        "documents: {schedule: {}, report: {}}\n"
    )
    assert rules.duties["e"].agreed_document is None
    check_flip(rules, [UPON, *IN_TIME], at=UNTIL_20TH, becomes=OVERDUE)
    check_flip(rules, [UPON, *IN_TIME], at=END, becomes=OVERDUE, duty="e")


# Beside other rules


def test_where_the_policy_has_no_period_of_its_own_the_agreed_date_is_the_due_one() -> None:
    rules = duty("when: {event: model.deployed}", AGREED)
    assert shown(only(rules, [UPON], "9999-01-01")) == ("open", None, None)
    check_flip(rules, [UPON, *IN_TIME], at=UNTIL_20TH, becomes=OVERDUE)
    late = [UPON, submitted("2025-05-01", "2025-05-20"), voted("2025-05-02")]
    check_flip(rules, late, at="2025-05-21T00:00:00Z", becomes=OVERDUE)


def test_where_the_policy_has_no_period_of_its_own_no_later_agreement_undoes_an_overdue_duty() -> None:
    rules = duty("when: {event: model.deployed}", AGREED)
    newer = [submitted("2025-04-01", "2025-04-20", LATER_PLAN), voted("2025-04-02", LATER_PLAN)]
    assert shown(only(rules, [UPON, *IN_TIME, *newer], "2025-04-10T00:00:00Z")) == ("overdue", UNTIL_20TH, "P20D")
    # but one before that date does move it
    in_time = [submitted("2025-03-10", "2025-04-20", LATER_PLAN), voted("2025-03-11", LATER_PLAN)]
    check_flip(rules, [UPON, *IN_TIME, *in_time], at="2025-04-21T00:00:00Z", becomes=OVERDUE)


def test_where_the_policy_has_no_period_of_its_own_a_date_that_was_taken_back_is_none() -> None:
    rules = duty("when: {event: model.deployed}", AGREED)
    taken_back = [UPON, *IN_TIME, voted("2025-03-10", approves=False)]
    assert shown(only(rules, taken_back, "2025-06-01")) == ("open", None, None)
    # but not once it is past
    check_flip(rules, [UPON, *IN_TIME, voted(UNTIL_20TH, approves=False)], at=UNTIL_20TH, becomes=OVERDUE)


def test_an_approval_given_beforehand_agrees_at_the_submission() -> None:
    rules = duty("when: {event: model.deployed}", AGREED)
    given = [UPON, voted("2025-03-02"), submitted("2025-03-03")]
    assert due(rules, given, "2025-03-02") is None
    check_flip(rules, given, at=UNTIL_20TH, becomes=OVERDUE)


def test_an_extension_counts_from_the_agreed_date() -> None:
    rules = agreed("extended: {by: 15 days, when: {judged: complicated, by: rso}}")
    # 20 March and 15 days are 4 April; the condition stands just before the agreed date and not before the first
    given = [UPON, *IN_TIME, judged("2025-03-19", "complicated")]
    check_flip(rules, given, at="2025-04-05T00:00:00Z", becomes=OVERDUE)


def test_the_period_of_a_recurring_duty_may_be_agreed_otherwise() -> None:
    rules = duty("for: each model", "every: {time: 6 months}", "within: 30 days", AGREED)
    given = [submitted("2025-07-10", "2025-09-15"), voted("2025-07-11")]
    check_flip(rules, given, at="2025-09-16T00:00:00Z", becomes=OVERDUE)
    # the date is of that instance: the next one, which opens after it, has the policy's own
    done = [*given, performed("2025-09-10")]
    # 6 months from 10 September end with 10 March, 30 days more with 9 April
    assert shown(instances(rules, done, "2026-03-12")[-1]) == ("open", "2026-04-10T00:00:00Z", None)


def test_an_agreement_about_any_model_of_a_lineage_holds_for_the_lineage() -> None:
    """An earlier date that was agreed for the descendant must not be overlooked."""
    rules = agreed("for: each lineage")
    child = registered("child", on="2025-01-03", parent="m")
    given = [
        child,
        UPON,
        submitted("2025-03-01T13:00:00Z", "2025-03-02", model="child"),
        voted("2025-03-01T14:00:00Z", model="child"),
    ]
    check_flip(rules, given, at="2025-03-03T00:00:00Z", becomes=OVERDUE)
