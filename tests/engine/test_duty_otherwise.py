"""`otherwise`: what an overdue duty forbids until it is done, decided like any restriction (LANGUAGE 1 and 4.4)."""

from __future__ import annotations

from typing import Any, Final

import pytest

from interlock.engine import Decision, decision_to_json, exit_code
from interlock.policy import Policy
from interlock.terms import format_instant
from tests.engine.cases import (
    LATER_PLAN,
    PLAN,
    Given,
    answer,
    compute,
    decided,
    event,
    finding_ids,
    judged,
    registered,
    sets,
    standing,
)
from tests.engine.duty_cases import deployed, duty, incident, just_before, performed

END: Final = "2025-03-05T00:00:00Z"
UPON: Final = "when: {event: incident.discovered}"
FORBIDS: Final = "otherwise: {forbids: [train]}"


def forbidding(*lines: str, more: str = "", **header: str) -> Policy:
    return duty(*lines, "within: 3 days", FORBIDS, more=more, **header)


def asked(rules: Policy | list[Policy], given: list[Given], as_of: str, **question: Any) -> str:
    return answer(decided(rules, given, as_of, **question))


def ends(decision: Decision) -> tuple[str | None, str | None, str, tuple[str, ...]] | None:
    validity = decision.valid_until
    if validity is None:
        return None
    level = None if validity.effective_compute is None else validity.effective_compute.text
    time = None if validity.time is None else format_instant(validity.time)
    return time, level, validity.leaf, validity.who


# Held and released


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2025-02-28", "permitted"),
        ("2025-03-01", "permitted"),
        ("2025-03-04T23:59:59Z", "permitted"),
        (just_before(END), "permitted"),
        (END, "held"),
        ("2025-03-05T00:00:01Z", "held"),
        ("2030-01-01", "held"),
    ],
)
def test_from_the_due_instant_on_it_is_held(as_of: str, expected: str) -> None:
    assert asked(forbidding(UPON), [incident("discovered", "2025-03-01")], as_of) == expected


def test_once_it_is_done_it_is_permitted_again() -> None:
    given = [incident("discovered", "2025-03-01"), performed("2025-03-10")]
    assert asked(forbidding(UPON), given, just_before("2025-03-10T12:00:00Z")) == "held"
    assert asked(forbidding(UPON), given, "2025-03-10T12:00:00Z") == "permitted"


def test_a_performance_that_leaves_another_overdue_releases_nothing() -> None:
    given = [incident("discovered", "2025-03-01"), incident("discovered", "2025-03-02", "i2"), performed("2025-03-10")]
    assert asked(forbidding(UPON), given, "2025-03-10") == "held"
    assert asked(forbidding(UPON), [*given, performed("2025-03-11")], "2025-03-11") == "permitted"


def test_while_it_is_excused_it_is_permitted_and_held_again_when_the_excuse_fails() -> None:
    rules = forbidding(UPON, "excused-when: {judged: minor, by: rso}")
    given = [
        incident("discovered", "2025-03-01"),
        judged("2025-03-06", "minor"),
        judged("2025-04-01", "minor", value=False),
    ]
    assert [asked(rules, given, f"{day}T13:00:00Z") for day in ("2025-03-05", "2025-03-06", "2025-04-01")] == [
        "held",
        "permitted",
        "held",
    ]


def test_an_extension_or_an_agreement_moves_the_hold() -> None:
    rules = forbidding(UPON, "extended: {by: 15 days, when: {judged: complicated, by: rso}}")
    given = [incident("discovered", "2025-03-01"), judged("2025-03-02", "complicated")]
    assert asked(rules, given, END) == "permitted"
    assert asked(rules, given, "2025-03-20T00:00:00Z") == "held"


def test_only_what_it_forbids_is_held() -> None:
    rules = duty(UPON, "within: 3 days", "otherwise: {forbids: [deploy.external]}")
    given = [incident("discovered", "2025-03-01")]
    for action, expected in (
        ("train", "permitted"),
        ("deploy.internal.wide", "permitted"),
        ("deploy.external.public", "held"),
        ("deploy", "held"),
    ):
        assert asked(rules, given, "2025-03-06", action=action) == expected, action


@pytest.mark.parametrize(
    "line",
    [
        *(f"modality: {weaker}" for weaker in ("should", "expected", "aim", "may", "recommended")),
        *(f"binding: {weaker}" for weaker in ("conditional", "recommendation")),
    ],
)
def test_what_is_weaker_than_a_unilateral_must_holds_nothing(line: str) -> None:
    given = [incident("discovered", "2025-03-01")]
    decision = decided(forbidding(UPON, line), given, "2025-03-06")
    assert answer(decision) == "permitted"
    assert standing(decision, "duty:d").state == "active"


# For whom


@pytest.mark.parametrize(
    ("lines", "about", "expected"),
    [
        (("for: each model",), {"model": "m"}, {"m": "held", "m2": "permitted", "child": "permitted"}),
        (("for: each model",), {"developer": "Acme"}, {"m": "held", "m2": "held", "child": "held"}),
        ((), {"model": "m"}, {"m": "held", "m2": "permitted", "child": "permitted"}),
        ((), {"developer": "Acme"}, {"m": "held", "m2": "held", "child": "held"}),
        (("for: each lineage",), {"model": "child"}, {"m": "held", "m2": "permitted", "child": "held"}),
        (("for: developer",), {"model": "m2"}, {"m": "held", "m2": "held", "child": "held"}),
        (("for: each incident",), {"model": "m2"}, {"m": "permitted", "m2": "held", "child": "permitted"}),
        (("for: each incident",), {"world": True}, {"m": "held", "m2": "held", "child": "held"}),
        ((), {"developer": "Other"}, {"m": "permitted", "m2": "permitted", "child": "permitted"}),
        ((), {"model": "theirs"}, {"m": "permitted", "m2": "permitted", "child": "permitted"}),
    ],
)
def test_it_holds_whom_it_concerns(lines: tuple[str, ...], about: dict[str, Any], expected: dict[str, str]) -> None:
    given = [
        registered(),
        registered("m2"),
        registered("child", on="2025-01-03", parent="m"),
        registered("theirs", developer="Other"),
        incident("discovered", "2025-03-01", **about),
    ]
    rules = forbidding(UPON, *lines)
    assert {name: asked(rules, given, "2025-03-06", model=name, registers=False) for name in expected} == expected


# In doubt


def test_in_doubt_nothing_is_overdue_under_the_developers_burden() -> None:
    rules = forbidding("when: {judged: risky, by: rso}")
    assert asked(rules, [], "2030-01-01") == "permitted"


def test_in_doubt_under_the_challengers_burden_it_is_permitted_by_default() -> None:
    rules = forbidding("when: {judged: risky, by: rso}", more="burden-of-proof: challenger\n")
    decision = decided(rules, [], "2030-01-01")
    assert (answer(decision), exit_code(decision)) == ("permitted by default", 6)


def test_held_and_permitted_by_evidence_have_their_exit_codes() -> None:
    given = [incident("discovered", "2025-03-01")]
    assert exit_code(decided(forbidding(UPON), given, "2025-03-04")) == 0
    assert exit_code(decided(forbidding(UPON), given, "2025-03-06")) == 1


# Until when


def test_the_answer_is_good_until_the_due_instant() -> None:
    decision = decided(forbidding(UPON), [incident("discovered", "2025-03-01")], "2025-03-02")
    assert ends(decision) == (END, None, "{overdue: d}", ("developer",))


def test_a_held_answer_that_only_a_performance_ends_has_no_end() -> None:
    assert ends(decided(forbidding(UPON), [incident("discovered", "2025-03-01")], "2025-03-06")) is None


@pytest.mark.parametrize("line", ["done-when", "excused-when"])
def test_a_held_answer_is_good_until_time_alone_completes_or_excuses_the_duty(line: str) -> None:
    rules = forbidding(UPON, f"{line}: {{published: report, for-at-least: 30 days}}")
    published = event("document.published", "2025-03-02", document="report", digest=PLAN)
    given = [incident("discovered", "2025-03-01"), published]
    # 30 days from noon of 2 March
    assert ends(decided(rules, given, "2025-03-06")) == ("2025-04-01T12:00:00Z", None, "{overdue: d}", ("developer",))
    assert asked(rules, given, just_before("2025-04-01T12:00:00Z")) == "held"
    assert asked(rules, given, "2025-04-01T12:00:00Z") == "permitted"


def test_of_several_overdue_the_last_to_be_excused_ends_the_hold() -> None:
    rules = forbidding(
        "for: each document report",
        "when: {event: document.submitted, document: report}",
        "excused-when: {published: report, for-at-least: 30 days}",
    )
    given = [event("document.submitted", "2025-03-01", document="report", digest=one) for one in (PLAN, LATER_PLAN)]
    first = event("document.published", "2025-03-02", document="report", digest=PLAN)
    second = event("document.published", "2025-03-03", document="report", digest=LATER_PLAN)
    assert ends(decided(rules, [*given, first], "2025-03-06")) is None
    assert ends(decided(rules, [*given, first, second], "2025-03-06")) == (
        "2025-04-02T12:00:00Z",
        None,
        "{overdue: d}",
        ("developer",),
    )


def test_on_a_schedule_the_periods_that_open_meanwhile_end_no_hold_and_need_no_looking_through() -> None:
    """Held until it is done, however many more periods pass; a search through them all would never end."""
    rules = forbidding("for: each model", "every: {time: 20 days, anchor: schedule}")
    assert asked(rules, [], "2025-06-01") == "held"
    assert ends(decided(rules, [], "2025-06-01")) is None


def test_periods_that_would_only_open_in_doubt_end_no_permission() -> None:
    rules = forbidding(
        "for: each model", "when: {judged: frontier, by: rso}", "every: {time: 20 days, anchor: schedule}"
    )
    assert asked(rules, [], "2025-06-01") == "permitted"
    assert ends(decided(rules, [], "2025-06-01")) is None
    # once its trigger is known it may hold: the eighth period of 20 days from 2 January ends with 11 June, and 3 days
    # more with the 14th; five periods were in doubt, the sixth ended with 2 May, and the seventh was done early
    known = [judged("2025-05-01", "frontier"), *(performed(f"2025-05-{day:02d}") for day in range(2, 9))]
    assert asked(rules, known, "2025-06-01") == "permitted"
    assert ends(decided(rules, known, "2025-06-01")) == ("2025-06-15T00:00:00Z", None, "{overdue: d}", ("developer",))


def test_the_answer_is_good_until_the_excuse_ends() -> None:
    rules = forbidding(UPON, "excused-when: {judged: minor, by: rso}")
    claim = event("excuse.claimed", "2025-03-02", duty="d", reason="-", until="2025-04-01T00:00:00Z")
    given = [incident("discovered", "2025-03-01"), judged("2025-03-02", "minor"), claim]
    assert ends(decided(rules, given, "2025-03-10")) == ("2025-04-01T00:00:00Z", None, "{overdue: d}", ("developer",))
    aged = forbidding(UPON, "excused-when: {judged: minor, by: rso, fresh: 30 days}")
    # the judgement of 2 March is 30 days old on 1 April at noon
    assert ends(decided(aged, given[:2], "2025-03-10")) == (
        "2025-04-01T12:00:00Z",
        None,
        "{overdue: d}",
        ("developer",),
    )


def test_the_answer_is_good_until_a_period_opens_and_runs_out() -> None:
    rules = forbidding("for: each model", "every: {time: 6 months}")
    # 6 months from 2 January end with 2 July; 3 days more with 5 July
    assert ends(decided(rules, [], "2025-02-01")) == ("2025-07-06T00:00:00Z", None, "{overdue: d}", ("developer",))
    assert ends(decided(rules, [performed("2025-02-01")], "2025-02-01")) == (
        # 6 months from 1 February end with 1 August
        "2025-08-05T00:00:00Z",
        None,
        "{overdue: d}",
        ("developer",),
    )


def test_the_answer_is_good_until_the_end_of_an_extension_that_would_not_stand() -> None:
    rules = forbidding(UPON, "extended: {by: 15 days, when: {judged: complicated, by: rso, fresh: 2 days}}")
    given = [incident("discovered", "2025-03-01"), judged("2025-03-01T18:00:00Z", "complicated")]
    # the judgement is stale on the 3rd: just before the due instant the condition no longer stands
    assert ends(decided(rules, given, "2025-03-02")) == (END, None, "{overdue: d}", ("developer",))


def test_what_is_already_on_the_record_for_later_is_taken_into_account() -> None:
    given = [incident("discovered", "2025-03-01"), performed("2025-03-03")]
    decision = decided(forbidding(UPON), given, "2025-03-02", known_at="2025-06-01")
    assert ends(decision) is None


# Compute


def test_a_duty_that_is_due_at_once_at_a_growth_holds_from_that_compute_on() -> None:
    rules = duty("for: each model", "every: {growth: 4x}", FORBIDS)
    given = [compute("2025-01-02", "1e24 FLOP")]
    assert asked(rules, given, "2025-02-01", at_compute="3999999999999999999999999 FLOP") == "permitted"
    assert asked(rules, given, "2025-02-01", at_compute="4e24 FLOP") == "held"
    assert ends(decided(rules, given, "2025-02-01")) == (None, "4e24 FLOP", "{overdue: d}", ("developer",))


def test_a_duty_that_leaves_time_holds_at_no_compute_asked_about() -> None:
    rules = duty("for: each model", "every: {growth: 4x}", "within: 3 days", FORBIDS)
    given = [compute("2025-01-02", "1e24 FLOP")]
    assert asked(rules, given, "2025-02-01", at_compute="1e26 FLOP") == "permitted"


def test_whichever_comes_last_the_compute_counts_once_the_time_is_over() -> None:
    rules = duty("for: each model", "every: {growth: 4x, time: 1 month, whichever: last}", FORBIDS)
    given = [compute("2025-01-02", "1e24 FLOP")]
    # a month from 2 January ends with 2 February
    assert asked(rules, given, "2025-02-02", at_compute="4e24 FLOP") == "permitted"
    assert asked(rules, given, "2025-02-03", at_compute="3.9e24 FLOP") == "permitted"
    assert asked(rules, given, "2025-02-03", at_compute="4e24 FLOP") == "held"


# What would release it


def test_a_performance_is_what_releases_a_hold_by_an_overdue_duty_and_the_developer_can_bring_it_about() -> None:
    decision = decided(forbidding(UPON), [incident("discovered", "2025-03-01")], "2025-03-06")
    assert sets(decision) == [{("{overdue: d}", "false")}]
    (((change,),)) = decision.release
    assert change.who == ("developer",)
    assert not decision.release_truncated


def test_nobody_can_make_a_duty_overdue_before_its_time() -> None:
    assert sets(decided(forbidding(UPON), [incident("discovered", "2025-03-01")], "2025-03-02")) == []


def test_beside_another_restriction_both_must_be_released() -> None:
    more = "restrictions: {hold: {forbids: [train], when: {judged: risky, by: rso}}}\n"
    given = [judged("2025-01-10", "risky"), incident("discovered", "2025-03-01")]
    assert sets(decided(forbidding(UPON, more=more), given, "2025-03-06")) == [
        {("{overdue: d}", "false"), ("{judged: risky, by: [rso]}", "false")}
    ]


# Other rules beside it


def test_a_restriction_of_the_policy_and_an_overdue_duty_each_hold() -> None:
    more = "restrictions: {hold: {forbids: [train], when: {judged: risky, by: rso}}}\n"
    rules = forbidding(UPON, more=more)
    safe = judged("2025-01-10", "risky", value=False)
    overdue = [safe, incident("discovered", "2025-03-01")]
    assert asked(rules, [safe], "2025-03-06") == "permitted"
    assert asked(rules, overdue, "2025-03-06") == "held"
    assert asked(rules, [judged("2025-01-10", "risky")], "2025-03-06") == "held"
    assert asked(rules, [incident("discovered", "2025-03-01")], "2025-03-06") == "held"
    # by evidence: however the unknown one is read the duty holds
    assert asked(rules, [], "2025-03-06") == "held by default"


def test_an_amendment_that_keeps_the_duty_does_not_release_from_it() -> None:
    rules = [forbidding(UPON), forbidding(UPON, version="2", effective="2025-04-01")]
    given = [incident("discovered", "2025-03-01")]
    decision = decided(rules, given, "2025-04-10")
    assert answer(decision) == "held"
    assert [(one.policy.version, one.state.value) for one in decision.duties] == [("1", "overdue")]
    assert asked(rules, [*given, performed("2025-04-10")], "2025-04-10") == "permitted"
    dropped = [rules[0], duty("when: {event: training.started}", version="2", effective="2025-04-01")]
    assert asked(dropped, given, "2025-04-10") == "permitted"


def test_an_amendment_that_adds_what_an_overdue_duty_forbids_holds_from_then_on() -> None:
    rules = [duty(UPON, "within: 3 days"), forbidding(UPON, version="2", effective="2025-04-01")]
    given = [incident("discovered", "2025-03-01")]
    assert asked(rules, given, "2025-03-31") == "permitted"
    assert asked(rules, given, "2025-04-01T00:00:00Z") == "held"


def test_a_law_holds_only_whom_it_applies_to() -> None:
    rules = forbidding(UPON, more="applies-to: {quantity: training-compute, more-than: 1e26 FLOP}\n", issuer="State")

    def measured(value: str) -> Given:
        return event("quantity.measured", "2025-01-03", quantity="training-compute", value=value)

    given = [incident("discovered", "2025-03-01")]
    assert asked(rules, [measured("2e26 FLOP"), *given], "2025-03-06") == "held"
    assert asked(rules, [measured("1e25 FLOP"), *given], "2025-03-06") == "permitted"


# As shown


def test_the_decision_shows_the_duty_as_an_item_of_its_own_kind() -> None:
    decision = decided(forbidding(UPON), [incident("discovered", "2025-03-01")], "2025-03-06")
    shown = decision_to_json(decision, engine="0")
    (entry,) = shown["restrictions"]
    assert {key: entry[key] for key in ("id", "item", "state", "when", "until", "lifted_by")} == {
        "id": "d",
        "item": "duty",
        "state": "active",
        "when": "true",
        "until": None,
        "lifted_by": None,
    }
    assert [child["condition"] for child in entry["trace"]["when"]["children"]] == [f"d of m: overdue, due {END}"]
    assert [(one["id"], one["state"], one["late_by"]) for one in shown["duties"]] == [("d", "overdue", "P1DT12H")]


@pytest.mark.parametrize(
    ("given", "listed"),
    [
        pytest.param([deployed("2025-03-01")], ["open"], id="open"),
        pytest.param([deployed("2025-02-01")], ["overdue"], id="overdue"),
        pytest.param([deployed("2025-03-01"), judged("2025-03-01", "minor")], ["excused"], id="excused"),
        pytest.param([deployed("2025-03-01"), performed("2025-03-01")], [], id="done"),
        pytest.param([], [], id="not triggered"),
    ],
)
def test_the_decision_lists_what_is_still_to_be_done(given: list[Given], listed: list[str]) -> None:
    rules = forbidding("when: {event: model.deployed}", "excused-when: {judged: minor, by: rso}")
    assert [one.state.value for one in decided(rules, given, "2025-03-02").duties] == listed


def test_a_decision_on_what_no_duty_forbids_lists_the_duties_all_the_same() -> None:
    decision = decided(duty(UPON, "within: 3 days"), [incident("discovered", "2025-03-01")], "2025-03-06")
    assert decision.unrestricted
    assert [one.state.value for one in decision.duties] == ["overdue"]
    assert finding_ids(decision) == []
