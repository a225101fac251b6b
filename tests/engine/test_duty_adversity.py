"""Records and policies that nobody meant: no duty is lost in them, none looks done, and nothing breaks."""

from __future__ import annotations

from typing import Any, Final

import pytest

from interlock.engine import Refused
from interlock.policy import Policy
from interlock.terms import parse_instant
from tests.engine.cases import Given, compute, event, judged, policy, registered
from tests.engine.duty_cases import (
    check_flip,
    deployed,
    due,
    duty,
    findings,
    incident,
    instances,
    just_before,
    only,
    performed,
    report,
    running,
    shown,
    states,
)

END: Final = "2025-03-05T00:00:00Z"
LAST: Final = "9999-12-31T23:59:59.999999Z"
OVERDUE: Final = ("open", "overdue")
UPON: Final = duty("when: {event: model.deployed}", "within: 3 days")


def each(scope: str) -> Policy:
    return duty(f"for: {scope}", "when: {not: {published: report}}", "within: 3 days")


# Contradictory facts at one instant


def both(question: str, on: str) -> list[Given]:
    return [judged(on, question, value=True), judged(on, question, value=False)]


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("done-when: {judged: x, by: rso}", "overdue"),
        ("excused-when: {judged: x, by: rso}", "overdue"),
        ("extended: {by: 15 days, when: {judged: x, by: rso}}", "overdue"),
    ],
)
def test_words_that_contradict_each_other_release_nothing(line: str, state: str) -> None:
    rules = duty("when: {event: model.deployed}", "within: 3 days", line)
    assert only(rules, [deployed("2025-03-01"), *both("x", "2025-03-02")], END).state.value == state


def test_a_trigger_on_which_words_contradict_each_other_is_in_doubt_and_not_untriggered() -> None:
    rules = duty("when: {judged: x, by: rso}", "within: 3 days")
    given = [judged("2025-01-02T12:00:00Z", "x", value=False), *both("x", "2025-03-01")]
    check_flip(rules, given, at="2025-03-01T12:00:00Z", becomes=("not-triggered", "open"))


def test_a_trigger_that_rises_and_falls_at_one_instant_neither_opens_for_sure_nor_is_lost() -> None:
    rules = duty("when: {all: [{judged: x, by: rso}, {not: {judged: large, by: rso}}]}", "within: 3 days")
    given = [
        judged("2025-01-02T12:00:00Z", "x", value=False),
        judged("2025-01-02T12:00:00Z", "large", value=False),
        judged("2025-03-01", "x"),
        judged("2025-03-01", "large"),
    ]
    assert states(rules, given, "2025-03-02") == [("m", "not-triggered")]


def test_two_measurements_at_one_instant_count_by_their_worst_reading() -> None:
    rules = duty("for: each model", "every: {growth: 4x}", "within: 3 days")
    given = [
        compute("2025-01-02T12:00:00Z", "1e24 FLOP"),
        compute("2025-03-01", "3e24 FLOP"),
        compute("2025-03-01", "4e24 FLOP"),
    ]
    assert states(rules, given, "2025-03-02") == [("m", "open")]


@pytest.mark.parametrize("order", [1, -1])
def test_opening_falling_due_and_being_done_at_one_instant(order: int) -> None:
    rules = duty("for: each model", "every: {time: 1 month}")
    # without a time of its own it is due when it opens, on 3 February: what is done at that instant is late by nothing
    given = [registered("m2"), performed("2025-02-03T00:00:00Z")][::order]
    assert shown(instances(rules, given, "2025-02-03T00:00:00Z")[0]) == (
        "done-late",
        "2025-02-03T00:00:00Z",
        "PT0S",
    )


# Models


@pytest.mark.parametrize("scope", ["each model", "each lineage", "developer"])
@pytest.mark.parametrize(
    "given",
    [
        pytest.param([registered("a", parent="a")], id="its own parent"),
        pytest.param([registered("a", parent="b"), registered("b", parent="a")], id="parents in a circle"),
        pytest.param(
            [registered("a", parent="b"), registered("b", parent="c"), registered("c", parent="b")],
            id="a circle among its ancestors",
        ),
        pytest.param([registered("a", parent="m"), registered("a", parent="b", on="2025-02-01")], id="two parents"),
        pytest.param([registered("a"), registered("a", developer="Other", on="2025-02-01")], id="ours, then theirs"),
        pytest.param([registered("a", developer="Other"), registered("a", on="2025-02-01")], id="theirs, then ours"),
        pytest.param(
            [registered("a", developer=None), registered("a", developer="Other", on="2025-02-01")],
            id="of nobody, then theirs",
        ),
    ],
)
def test_a_model_of_which_it_is_unclear_whose_it_is_refuses_the_answer(scope: str, given: list[Given]) -> None:
    """Left out, its duties would be lost; guessed at, they could be another's."""
    with pytest.raises(Refused, match=r"form a cycle|with different parents or developers"):
        report(each(scope), given, "2025-03-01")


def test_a_registration_that_is_repeated_word_for_word_is_no_contradiction() -> None:
    assert states(each("each model"), [registered(on="2025-02-01")], "2025-03-01") == [("m", "overdue")]


def test_what_another_developer_registers_twice_is_none_of_ours() -> None:
    given = [registered("z", developer="X"), registered("z", developer="Y", on="2025-02-01")]
    assert states(each("each model"), given, "2025-03-01") == [("m", "overdue")]


def test_a_contradiction_that_comes_only_later_refuses_nothing_yet() -> None:
    given = [registered("a", on="2025-01-03"), registered("a", developer="Other", on="2025-04-01")]
    assert dict(states(each("each model"), given, "2025-03-01", known_at="2026-01-01")) == {
        "m": "overdue",
        "a": "overdue",
    }


def test_a_parent_that_nothing_is_known_of_is_no_hindrance() -> None:
    given = [registered("a", on="2025-01-03", parent="unheard-of")]
    assert dict(states(each("each lineage"), given, "2025-03-01")) == {"m": "overdue", "unheard-of": "overdue"}


def test_a_parent_of_another_developer_lends_its_name_and_nothing_else() -> None:
    theirs = [
        registered("theirs", on="2025-01-03", developer="Other"),
        registered("a", on="2025-01-03", parent="theirs"),
    ]
    rules = duty("for: each lineage", "when: {judged: risky, by: rso}", "within: 3 days")
    denied = [judged("2025-01-03T18:00:00Z", "risky", model=name, value=False) for name in ("m", "a")]
    found = states(rules, [*theirs, *denied, judged("2025-02-01", "risky", model="theirs")], "2025-03-01")
    assert dict(found) == {"m": "not-triggered", "theirs": "not-triggered"}
    ours = [*theirs, *denied, judged("2025-02-01", "risky", model="a")]
    assert dict(states(rules, ours, "2025-03-01")) == {"m": "not-triggered", "theirs": "overdue"}
    # and their performance is not ours
    assert dict(states(rules, [*ours, performed("2025-02-02", model="theirs")], "2025-03-01"))["theirs"] == "overdue"


def test_a_model_of_another_developer_has_none_of_our_duties() -> None:
    given = [registered("theirs", developer="Other"), deployed("2025-03-01", model="theirs")]
    assert states(UPON, given, "2025-03-10") == [("Acme", "not-triggered")]
    assert dict(states(each("each model"), given, "2025-03-10")) == {"m": "overdue"}


def test_an_unregistered_model_is_the_issuers() -> None:
    assert states(UPON, [deployed("2025-03-01", model="unheard-of")], "2025-03-10") == [("unheard-of", "overdue")]


# Little or nothing


@pytest.mark.parametrize(
    "rules",
    [
        UPON,
        each("each model"),
        each("each lineage"),
        each("developer"),
        duty("for: each deployment", "when: {event: model.deployed}"),
        duty("for: each incident", "when: {event: incident.determined}"),
        duty("for: each document report", "when: {event: document.submitted, document: report}"),
        duty("every: {growth: 4x}"),
        duty("every: {time: 6 months}"),
        duty("when: {judged: risky, by: rso}"),
    ],
)
def test_an_empty_record_is_answered(rules: Policy) -> None:
    found = report(rules, [], "2025-01-01T00:00:00Z", registers=False)
    assert [one.instance for one in found.duties] == ["Acme"]
    assert found.events == ()


def test_a_policy_that_commits_to_nothing_is_refused() -> None:
    """Nothing due under it would look as if everything were done."""
    with pytest.raises(Refused, match="`acme` 1 commits to nothing"):
        report(policy(""), [], "2025-06-01")


def test_as_of_before_everything_is_refused_and_at_the_first_instant_of_the_version_answered() -> None:
    with pytest.raises(Refused, match="no version of a policy"):
        report(UPON, [], "0001-01-01T00:00:00Z")
    first = duty("when: {event: model.deployed}", "within: 3 days", effective="0001-01-01")
    assert states(first, [], "0001-01-01T00:00:00Z", registers=False) == [("Acme", "not-triggered")]


def test_a_policy_without_duties_has_none() -> None:
    without = duty("when: {event: model.deployed}")
    assert report(without, [], "2025-03-01", registers=False).pledges == ()


def test_no_policy_is_no_question() -> None:
    with pytest.raises(Refused, match="no version of a policy"):
        report([], [], "2025-03-01")


# The ends of the calendar


@pytest.mark.parametrize(
    ("period", "end"),
    [("999999999 days", LAST), ("999999999 years", LAST), ("999999999 seconds", "2056-11-07T13:46:39Z")],
)
def test_a_period_beyond_the_calendar_ends_with_it(period: str, end: str) -> None:
    rules = duty("when: {event: model.deployed}", f"within: {period}")
    # 999,999,999 seconds are 11,574 days and 6,399 seconds (1:46:39); 31 years from noon of 1 March 2025, with 8 leap
    # days, are 11,323 days; from 1 March 2056 another 245 days lead to 1 November, and 6 more to the 7th
    assert due(rules, [deployed("2025-03-01T12:00:00Z")], "2025-03-02") == end


@pytest.mark.parametrize("anchor", ["completion", "schedule"])
def test_a_period_that_ends_beyond_the_calendar_never_opens(anchor: str) -> None:
    rules = duty("for: developer", f"every: {{time: 999999999 years, anchor: {anchor}}}", "within: 1 day")
    assert states(rules, [], parse_instant(LAST), registers=False) == [("Acme", "not-triggered")]
    assert running(rules, [], parse_instant(LAST), registers=False) is None


def test_a_schedule_of_millennia_is_followed_to_the_end_of_the_calendar() -> None:
    rules = duty("for: developer", "every: {time: 1000 years, anchor: schedule}", "within: 1 day")
    # from 2025: the years 3025, 4025 … 9025
    found = states(rules, [], parse_instant(LAST), registers=False)
    assert found == [*[("Acme", "overdue")] * 7, ("Acme", "not-triggered")]


def test_events_at_the_last_instant_are_answered() -> None:
    given = [deployed(LAST), performed(LAST)]
    assert only(UPON, given[:1], parse_instant(LAST)).state.value == "overdue"
    assert states(each("each model"), given, parse_instant(LAST)) == [("m", "done-late")]


def test_in_the_year_9999_a_duty_is_due_as_ever() -> None:
    check_flip(UPON, [deployed("9999-12-20T12:00:00Z")], at="9999-12-24T00:00:00Z", becomes=OVERDUE)
    recurring = duty("for: developer", "every: {time: 6 months}", "within: 30 days", effective="9999-01-01")
    check_flip(recurring, [], at="9999-08-01T00:00:00Z", becomes=OVERDUE, registers=False)


def test_in_the_year_1_a_duty_is_due_as_ever() -> None:
    rules = duty("when: {event: model.deployed}", "within: 1 second", effective="0001-01-01")
    check_flip(
        rules,
        [deployed("0001-01-01T00:00:01Z")],
        at="0001-01-01T00:00:02Z",
        becomes=OVERDUE,
        registers=False,
    )


# Growth


@pytest.mark.parametrize(
    ("then", "now", "state"),
    [
        ("0 FLOP", "1e24 FLOP", "open"),
        ("0 FLOP", "0 FLOP", "open"),
        ("1 FLOP", "1e300 FLOP", "open"),
        ("1e300 FLOP", "1 FLOP", "not-triggered"),
        ("1e24 FLOP", "1e24 USD", "open"),
        ("1e24 USD", "1e24 FLOP", "open"),
        ("1e24", "1e24 FLOP", "open"),
        ("1e-5 FLOP", "3.9e-5 FLOP", "not-triggered"),
        ("1e-5 FLOP", "4e-5 FLOP", "open"),
    ],
)
def test_strange_amounts_of_compute_never_hide_growth(then: str, now: str, state: str) -> None:
    rules = duty("for: each model", "every: {growth: 4x}", "within: 3 days")
    given = [compute("2025-01-02T12:00:00Z", then), compute("2025-03-01", now)]
    assert states(rules, given, "2025-03-02") == [("m", state)]


# Names


def test_two_duties_of_one_event_are_each_their_own() -> None:
    rules = duty(
        "when: {event: model.deployed}",
        "within: 3 days",
        more="  e:\n    must: do that\n    when: {event: model.deployed}\n    within: 10 days\n"
        "documents: {report: {}, schedule: {}}\n",
    )
    given = [deployed("2025-03-01"), performed("2025-03-02", "e")]
    assert states(rules, given, END, duty="d") == [("m", "overdue")]
    assert states(rules, given, END, duty="e") == [("m", "done")]


def test_models_developers_and_incidents_of_one_name_are_not_mixed_up() -> None:
    rules = duty("for: each incident", "when: {event: incident.discovered}", "within: 3 days")
    given = [
        incident("discovered", "2025-03-01", "m"),
        incident("discovered", "2025-03-01", "Acme", developer="Acme"),
        registered("Acme"),
        performed("2025-03-02", model="Acme"),
    ]
    assert dict(states(rules, given, "2025-03-03")) == {"m": "open", "Acme": "open"}
    assert findings(rules, given, "2025-03-03") == ["performance-of-nothing"]


@pytest.mark.parametrize("name", ["i-1", "i.1", "i/1", "I1", "i_1"])
def test_incidents_of_like_names_are_different_ones(name: str) -> None:
    rules = duty("for: each incident", "when: {event: incident.determined}", "within: 3 days", "clock: suspicion")
    given = [incident("suspected", "2025-01-10", name), incident("determined", "2025-03-01", "i1")]
    assert [(one.instance, one.due) for one in instances(rules, given, "2025-03-02")] == [("i1", None)]


# Everything at once


def test_duplicates_of_a_whole_record_lose_no_duty_and_complete_none_twice() -> None:
    story = [deployed("2025-03-01"), performed("2025-03-02")]
    found = [one.state.value for one in instances(UPON, [*story, *story], "2025-03-10")]
    assert found == ["done", "done"]
    assert [one.state.value for one in instances(UPON, [story[0], *story], "2025-03-10")] == ["done", "overdue"]


def test_a_performance_just_before_and_at_the_opening() -> None:
    given: list[Any] = [performed(just_before("2025-03-01T12:00:00Z")), deployed("2025-03-01"), performed("2025-03-01")]
    assert only(UPON, given, "2025-03-02").state.value == "done"
    assert findings(UPON, given, "2025-03-02") == ["performance-of-nothing"]
    assert (
        len(
            instances(
                UPON, [*given, event("model.withdrawn", "2025-03-02", class_="deploy.internal.wide")], "2025-04-01"
            )
        )
        == 1
    )
