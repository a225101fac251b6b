"""Extensions: counted from the last day of the period, if their condition stood before it was over (LANGUAGE 9)."""

from __future__ import annotations

from typing import Final

import pytest

from interlock.policy import Policy
from tests.engine.cases import Given, event, judged
from tests.engine.duty_cases import check_flip, deployed, due, duty, just_before, only, performed, shown

UPON: Final = deployed("2025-03-01")
END: Final = "2025-03-05T00:00:00Z"
CONDITION: Final = "{judged: complicated, by: rso}"
OVERDUE: Final = ("open", "overdue")


def extended(by: str = "15 days", within: str = "3 days", *lines: str) -> Policy:
    return duty(
        "when: {event: model.deployed}",
        f"within: {within}",
        f"extended: {{by: {by}, when: {CONDITION}}}",
        *lines,
    )


def complicated(on: str, *, value: bool = True) -> Given:
    return judged(on, "complicated", value=value)


# The condition


@pytest.mark.parametrize(
    ("given", "end"),
    [
        pytest.param([], END, id="never"),
        pytest.param([complicated("2025-03-02")], "2025-03-20T00:00:00Z", id="before the due instant"),
        pytest.param([complicated(just_before(END))], "2025-03-20T00:00:00Z", id="a microsecond before it"),
        pytest.param([complicated(END)], END, id="at the due instant"),
        pytest.param([complicated("2025-03-06")], END, id="after it"),
        pytest.param([complicated("2025-02-01")], "2025-03-20T00:00:00Z", id="before the opening"),
        pytest.param(
            [complicated("2025-03-02"), complicated("2025-03-03", value=False)], END, id="true, and false again in time"
        ),
        pytest.param(
            [complicated("2025-03-02"), complicated(just_before(END), value=False)],
            END,
            id="false a microsecond before the due instant",
        ),
        pytest.param(
            [complicated("2025-03-02"), complicated(END, value=False)],
            "2025-03-20T00:00:00Z",
            id="false from the due instant on",
        ),
    ],
)
def test_it_counts_if_its_condition_is_true_just_before_the_due_instant(given: list[Given], end: str) -> None:
    # the last day is 4 March; 15 days after it is the 19th
    check_flip(extended(), [UPON, *given], at=end, becomes=OVERDUE)


def test_an_unknown_condition_extends_nothing() -> None:
    both = [complicated("2025-03-02"), complicated("2025-03-02", value=False)]
    check_flip(extended(), [UPON, *both], at=END, becomes=OVERDUE)


def test_until_the_due_instant_the_due_shown_follows_the_condition() -> None:
    given = [UPON, complicated("2025-03-02"), complicated("2025-03-03", value=False), complicated("2025-03-04")]
    shown_due = [due(extended(), given, f"2025-03-0{day}T13:00:00Z") for day in (1, 2, 3, 4)]
    assert shown_due == [END, "2025-03-20T00:00:00Z", END, "2025-03-20T00:00:00Z"]
    assert only(extended(), given, "2025-03-02").reason == "extended"


def test_it_counts_once() -> None:
    given = [UPON, complicated("2025-03-02"), complicated("2025-03-18")]
    check_flip(extended(), given, at="2025-03-20T00:00:00Z", becomes=OVERDUE)


def test_a_condition_that_fails_during_the_extension_does_not_take_it_back() -> None:
    given = [UPON, complicated("2025-03-02"), complicated("2025-03-10", value=False)]
    check_flip(extended(), given, at="2025-03-20T00:00:00Z", becomes=OVERDUE)


def test_done_between_the_first_and_the_extended_due_instant_it_is_done() -> None:
    given = [UPON, complicated("2025-03-02"), performed("2025-03-10")]
    assert shown(only(extended(), given, "2025-06-01")) == ("done", "2025-03-20T00:00:00Z", None)
    without = [UPON, performed("2025-03-10T00:00:00Z")]
    assert shown(only(extended(), without, "2025-06-01")) == ("done-late", END, "P5D")


def test_a_notice_extends_where_the_policy_says_so() -> None:
    rules = duty(
        "when: {event: model.deployed}",
        "within: 3 days",
        "extended: {by: 15 days, when: {notified: board, of: report}}",
    )
    notice = event("party.notified", "2025-03-02", party="board", document="report")
    assert due(rules, [UPON, notice], "2025-03-03") == "2025-03-20T00:00:00Z"
    assert due(rules, [UPON, {**notice, "occurred": "2025-03-05T00:00:00Z"}], "2025-03-06") == END


# By how much


@pytest.mark.parametrize(
    ("within", "by", "end"),
    [
        # from the last day, the 4th
        ("3 days", "1 day", "2025-03-06T00:00:00Z"),
        ("3 days", "1 month", "2025-04-05T00:00:00Z"),
        # the 4th is a Tuesday: Wednesday, Thursday, Friday, Monday, Tuesday the 11th
        ("3 days", "5 business days", "2025-03-12T00:00:00Z"),
        # hours from the due instant itself
        ("3 days", "36 hours", "2025-03-06T12:00:00Z"),
        ("30 hours", "12 hours", "2025-03-03T06:00:00Z"),
        # 30 hours end at 18:00 on the 2nd, whose last instant is on that day: 2 days more are the 4th
        ("30 hours", "2 days", "2025-03-05T00:00:00Z"),
        # 12 hours end at midnight after the 1st: the last instant is on the 1st, and a day more is the 2nd
        ("12 hours", "1 day", "2025-03-03T00:00:00Z"),
        # 1 month ends with 1 April; a month from there with 1 May
        ("1 month", "1 month", "2025-05-02T00:00:00Z"),
    ],
)
def test_days_count_from_the_last_day_of_the_period_and_hours_from_its_end(within: str, by: str, end: str) -> None:
    given = [UPON, complicated("2025-03-01T12:00:00Z")]
    check_flip(extended(by, within), given, at=end, becomes=OVERDUE)


def test_the_due_instant_of_a_recurring_duty_may_be_extended() -> None:
    rules = duty(
        "for: each model",
        "every: {time: 6 months}",
        "within: 30 days",
        f"extended: {{by: 15 days, when: {CONDITION}}}",
    )
    # the last day is 1 August; 15 days more are the 16th
    check_flip(rules, [complicated("2025-07-20")], at="2025-08-17T00:00:00Z", becomes=OVERDUE)
    check_flip(rules, [complicated("2025-08-02T00:00:00Z")], at="2025-08-02T00:00:00Z", becomes=OVERDUE)


def test_a_recurring_duty_without_a_time_of_its_own_is_due_at_the_end_of_the_extension() -> None:
    rules = duty("for: each model", "every: {time: 6 months}", f"extended: {{by: 15 days, when: {CONDITION}}}")
    # the period ends with 2 July; 15 days more are the 17th
    check_flip(rules, [complicated("2025-06-20")], at="2025-07-18T00:00:00Z", becomes=OVERDUE)
    check_flip(rules, [], at="2025-07-03T00:00:00Z", becomes=("not-triggered", "overdue"))


def test_what_has_no_due_instant_is_not_extended() -> None:
    rules = duty("when: {judged: risky, by: rso}", "within: 3 days", f"extended: {{by: 15 days, when: {CONDITION}}}")
    assert shown(only(rules, [complicated("2025-02-01")], "2030-01-01")) == ("open", None, None)
