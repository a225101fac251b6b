"""Duties in a replay: what was late or left undone by the final record, and how instances went (LANGUAGE 4.8)."""

from __future__ import annotations

from typing import Final

import pytest

from interlock.engine import Replay, ReplayChange
from interlock.policy import Policy
from interlock.terms import format_instant
from tests.engine.cases import PLAN, Given, compute, event, judged, policy
from tests.engine.duty_cases import deployed, duty, incident, just_before, performed
from tests.engine.replay_cases import (
    adopted,
    changes,
    corrected,
    finding_ids,
    lateness,
    replayed,
    said_nothing,
)

UPON: Final = ("when: {event: incident.discovered}", "within: 3 days")
FOUND: Final = incident("discovered", "2025-03-01")
DUE: Final = "2025-03-05T00:00:00Z"
"""3 days from 1 March are over with 4 March."""
END: Final = "2025-04-01T00:00:00Z"


def every_change(shown: Replay, item: str) -> list[tuple[str, ReplayChange]]:
    return [
        (format_instant(moment.at), change)
        for moment in shown.history
        for change in moment.changes
        if change.item == item
    ]


def states(
    rules: Policy | list[Policy], given: list[Given], end: str = END
) -> list[tuple[str, str | None, str | None]]:
    return changes(replayed(rules, given, end), "duty", "d")


# Late, overdue, in time


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ("2025-03-02", []),
        (just_before(DUE), []),
        (DUE, [("duty-late", "m", DUE, "PT0S")]),
        ("2025-03-06T18:00:00Z", [("duty-late", "m", "2025-03-06T18:00:00Z", "P1DT18H")]),
        (END, [("duty-late", "m", END, "P27D")]),
    ],
)
def test_a_duty_done_at_its_due_instant_or_after_departs_where_it_was_done(
    done: str, expected: list[tuple[str, str, str, str]]
) -> None:
    assert lateness(replayed(duty(*UPON), [FOUND, performed(done)], END)) == expected


def test_a_duty_not_done_departs_at_its_due_instant_and_is_late_up_to_the_end() -> None:
    rules, given = duty(*UPON), [FOUND]
    assert lateness(replayed(rules, given, just_before(DUE))) == []
    assert lateness(replayed(rules, given, DUE)) == [("duty-overdue", "m", DUE, "PT0S")]
    assert lateness(replayed(rules, given, "2025-03-05T06:30:00Z")) == [("duty-overdue", "m", DUE, "PT6H30M")]
    assert lateness(replayed(rules, given, END)) == [("duty-overdue", "m", DUE, "P27D")]


def test_a_departure_of_a_duty_says_in_words_by_how_many_days() -> None:
    (late,) = replayed(duty(*UPON), [FOUND, performed("2025-03-06")], END).breaches
    # Its last day was the 4th.
    assert late.detail == (
        "`do it` of m was done 2025-03-06T12:00:00Z, due 2025-03-05T00:00:00Z: 2 days after the last day for it"
    )
    (undone,) = replayed(duty(*UPON), [FOUND], END).breaches
    assert undone.detail == "`do it` of m was due 2025-03-05T00:00:00Z and not done"


def test_each_instance_departs_by_itself() -> None:
    given = [
        FOUND,
        incident("discovered", "2025-03-02", "i2"),
        incident("discovered", "2025-03-10", "i3"),
        performed("2025-03-06"),
        performed("2025-03-11"),
        performed("2025-03-12"),
    ]
    # The first is due at the end of the 4th and done on the 6th, the second at the end of the 5th and done on the 11th,
    # the third at the end of the 13th and done on the 12th.
    assert lateness(replayed(duty(*UPON), given, END)) == [
        ("duty-late", "m", "2025-03-06T12:00:00Z", "P1DT12H"),
        ("duty-late", "m", "2025-03-11T12:00:00Z", "P5DT12H"),
    ]


def test_a_recurring_duty_departs_for_each_period() -> None:
    rules = duty("for: each model", "every: {time: 30 days, anchor: schedule}")
    # From the registration on 2 January: periods end with 1 February, 3 March, 2 April; due at once.
    given = [performed("2025-01-20"), performed("2025-03-10")]
    assert lateness(replayed(rules, given, "2025-04-10T00:00:00Z")) == [
        ("duty-late", "m", "2025-03-10T12:00:00Z", "P6DT12H"),
        ("duty-overdue", "m", "2025-04-03T00:00:00Z", "P7D"),
    ]


def test_nobody_is_late_whose_report_is_recorded_late() -> None:
    given = [FOUND, performed("2025-03-03", recorded="2025-03-20")]
    assert lateness(replayed(duty(*UPON), given, END)) == []
    # As long as it is not recorded it is overdue as far as anyone knows.
    assert lateness(replayed(duty(*UPON), given, "2025-03-19T00:00:00Z")) == [("duty-overdue", "m", DUE, "P14D")]


def test_what_triggers_a_duty_may_become_known_late_and_it_was_due_all_along() -> None:
    late = incident("discovered", "2025-03-01", recorded="2025-03-20")
    assert lateness(replayed(duty(*UPON), [late], END)) == [("duty-overdue", "m", DUE, "P27D")]
    aware = duty(*UPON, "clock: awareness")
    # By awareness it counts from the recording: 3 days from the 20th are over with the 23rd.
    assert lateness(replayed(aware, [late], END)) == [("duty-overdue", "m", "2025-03-24T00:00:00Z", "P8D")]


def test_a_corrected_performance_counts_as_it_stands_at_the_end() -> None:
    given = [FOUND, performed("2025-03-03"), corrected("2025-03-20", 2, performed("2025-03-08"))]
    assert lateness(replayed(duty(*UPON), given, "2025-03-19T00:00:00Z")) == []
    assert lateness(replayed(duty(*UPON), given, END)) == [("duty-late", "m", "2025-03-08T12:00:00Z", "P3DT12H")]


# What binds


@pytest.mark.parametrize(
    ("line", "departs"),
    [
        ("modality: must", True),
        ("modality: should", False),
        ("modality: expected", False),
        ("modality: aim", False),
        ("modality: may", False),
        ("modality: recommended", False),
        ("binding: conditional", False),
        ("binding: recommendation", False),
    ],
)
def test_only_what_binds_departs_and_the_rest_is_tracked(line: str, departs: bool) -> None:  # noqa: FBT001 - a column
    shown = replayed(duty(*UPON, line), [FOUND], END)
    assert lateness(shown) == ([("duty-overdue", "m", DUE, "P27D")] if departs else [])
    assert shown.duties.duties[0].state.value == "overdue"
    assert changes(shown, "duty") == [("2025-03-01T12:00:00Z", None, "open"), (DUE, "open", "overdue")]


def test_an_instance_in_doubt_is_never_a_departure() -> None:
    for burden in ("developer", "challenger"):
        rules = duty("when: {judged: risky, by: rso}", "within: 3 days", more=f"burden-of-proof: {burden}\n")
        assert lateness(replayed(rules, [said_nothing("2025-03-01")], END)) == []


def test_a_duty_without_a_time_is_never_a_departure() -> None:
    shown = replayed(duty("when: {event: incident.discovered}"), [FOUND], "2035-01-01")
    assert lateness(shown) == []
    assert changes(shown, "duty") == [("2025-03-01T12:00:00Z", None, "open")]


# Excused


EXCUSED: Final = duty(*UPON, "excused-when: {judged: minor, by: rso}")


def test_one_that_is_excused_in_time_is_no_departure_as_long_as_the_excuse_holds() -> None:
    given = [FOUND, judged("2025-03-03", "minor")]
    assert lateness(replayed(EXCUSED, given, END)) == []
    given.append(judged("2025-03-20", "minor", value=False))
    # Then it was due all along.
    assert lateness(replayed(EXCUSED, given, END)) == [("duty-overdue", "m", DUE, "P27D")]
    assert states(EXCUSED, given) == [
        ("2025-03-01T12:00:00Z", None, "open"),
        ("2025-03-03T12:00:00Z", "open", "excused"),
        ("2025-03-20T12:00:00Z", "excused", "overdue"),
    ]


def test_one_that_is_excused_after_its_due_instant_stays_a_departure_up_to_the_excuse() -> None:
    given = [FOUND, judged("2025-03-10", "minor")]
    shown = replayed(EXCUSED, given, END)
    # From the start of 5 March to noon of the 10th.
    assert lateness(shown) == [("duty-overdue", "m", DUE, "P5DT12H")]
    assert shown.breaches[0].detail.endswith("; it was excused afterwards")
    assert [one.state.value for one in shown.duties.duties][:1] == ["excused"]


def test_one_that_is_excused_again_and_again_departs_up_to_the_last_excuse() -> None:
    given = [
        FOUND,
        judged("2025-03-03", "minor"),
        judged("2025-03-08", "minor", value=False),
        judged("2025-03-10", "minor"),
    ]
    assert lateness(replayed(EXCUSED, given, END)) == [("duty-overdue", "m", DUE, "P5DT12H")]
    given += [judged("2025-03-12", "minor", value=False), judged("2025-03-14", "minor")]
    assert lateness(replayed(EXCUSED, given, END)) == [("duty-overdue", "m", DUE, "P9DT12H")]


def test_one_that_is_excused_at_its_very_due_instant_was_never_overdue() -> None:
    given = [FOUND, judged(DUE, "minor")]
    assert lateness(replayed(EXCUSED, given, END)) == []
    assert [state for _, _, state in states(EXCUSED, given)] == ["open", "excused"]


def test_one_that_was_done_late_and_excused_afterwards_stays_late() -> None:
    given = [FOUND, performed("2025-03-08"), judged("2025-03-10", "minor")]
    shown = replayed(EXCUSED, given, END)
    assert lateness(shown) == [("duty-late", "m", "2025-03-08T12:00:00Z", "P3DT12H")]
    assert shown.breaches[0].detail.endswith("; it was excused afterwards")
    # Likewise one that was done at its very due instant, late by nothing.
    exact = [FOUND, performed(DUE), judged("2025-03-10", "minor")]
    assert lateness(replayed(EXCUSED, exact, END)) == [("duty-late", "m", DUE, "PT0S")]


def test_one_that_was_overdue_excused_and_then_done_stays_late() -> None:
    given = [FOUND, judged("2025-03-10", "minor"), performed("2025-03-12")]
    assert lateness(replayed(EXCUSED, given, END)) == [("duty-late", "m", "2025-03-12T12:00:00Z", "P7DT12H")]


def test_one_that_was_done_late_while_it_was_excused_departs_once_the_excuse_fails() -> None:
    given = [FOUND, judged("2025-03-03", "minor"), performed("2025-03-12")]
    assert lateness(replayed(EXCUSED, given, END)) == []
    given.append(judged("2025-03-20", "minor", value=False))
    assert lateness(replayed(EXCUSED, given, END)) == [("duty-late", "m", "2025-03-12T12:00:00Z", "P7DT12H")]


def test_an_excuse_that_states_its_end_is_over_then() -> None:
    claimed = event("excuse.claimed", "2025-03-03", duty="d", reason="minor", until="2025-03-20T00:00:00Z")
    given = [FOUND, judged("2025-03-03", "minor"), claimed]
    assert states(EXCUSED, given)[1:] == [
        ("2025-03-03T12:00:00Z", "open", "excused"),
        ("2025-03-20T00:00:00Z", "excused", "overdue"),
    ]
    assert lateness(replayed(EXCUSED, given, END)) == [("duty-overdue", "m", DUE, "P27D")]


# Versions


def two(*second: str) -> list[Policy]:
    return [duty(*UPON), duty(*second, version="2", effective="2025-03-03")]


def test_an_open_duty_of_a_version_that_ends_is_superseded_which_is_a_finding() -> None:
    shown = replayed(two(*UPON), [FOUND], END)
    assert lateness(shown) == []
    assert finding_ids(shown) == ["duty-superseded"]
    assert changes(shown, "duty") == [
        ("2025-03-01T12:00:00Z", None, "open"),
        ("2025-03-03T00:00:00Z", "open", "superseded"),
    ]


def test_one_that_was_overdue_before_stays_a_departure_of_the_version_that_asked_for_it() -> None:
    given = [incident("discovered", "2025-02-20"), performed("2025-03-10")]
    shown = replayed(two(*UPON), given, END)
    # 3 days from 20 February are over with the 23rd: 14 days and a half before it was done.
    assert lateness(shown) == [("duty-late", "m", "2025-03-10T12:00:00Z", "P14DT12H")]
    assert [one.version for one in shown.breaches] == ["1"]


def test_versions_of_duties_are_told_by_the_final_record() -> None:
    # It becomes known on 20 March that the second version was adopted on 3 March.
    rules = [duty(*UPON), duty(*UPON, version="2")]
    given = [adopted("2025-01-01", "1"), FOUND, adopted("2025-03-03", "2", recorded="2025-03-20")]
    # The incident's own duty is superseded at the instant of the adoption, before it was due.
    assert lateness(replayed(rules, given, "2025-03-19T00:00:00Z")) == [("duty-overdue", "m", DUE, "P14D")]
    assert lateness(replayed(rules, given, END)) == []
    assert states(rules, given) == [
        ("2025-03-01T12:00:00Z", None, "open"),
        ("2025-03-03T12:00:00Z", "open", "superseded"),
    ]


# The history of each instance


def test_an_instance_in_doubt_is_open_until_it_is_certain_or_goes() -> None:
    doubtful = ("for: each model", "when: {judged: risky, by: rso}", "within: 3 days")
    rules = duty(*doubtful)
    registered_at = "2025-01-02T12:00:00Z"
    certain = [judged("2025-03-01", "risky")]
    assert states(rules, certain) == [(registered_at, None, "open"), (DUE, "open", "overdue")]
    never = [judged("2025-03-01", "risky", value=False)]
    assert states(rules, never) == [(registered_at, None, "open"), ("2025-03-01T12:00:00Z", "open", None)]
    challenged = duty(*doubtful, more="burden-of-proof: challenger\n")
    assert states(challenged, certain) == [
        (registered_at, None, "unknown"),
        ("2025-03-01T12:00:00Z", "unknown", "open"),
        (DUE, "open", "overdue"),
    ]


def test_a_period_that_is_completed_early_is_done_and_nothing_was_open() -> None:
    rules = duty("for: each model", "every: {time: 30 days}")
    assert states(rules, [performed("2025-01-20")], "2025-02-01") == [("2025-01-20T12:00:00Z", None, "done")]


def test_an_extension_and_an_agreement_move_the_due_instant_in_the_history() -> None:
    extended = duty(*UPON, "extended: {by: 5 days, when: {judged: complicated, by: rso}}")
    # 5 days after the 4th are over with the 9th.
    assert states(extended, [FOUND, judged("2025-03-04", "complicated")])[1:] == [
        ("2025-03-10T00:00:00Z", "open", "overdue")
    ]
    agreed = duty(*UPON, "or-as-agreed: {document: schedule, with: reviewer}")
    given = [
        FOUND,
        event("document.submitted", "2025-03-02", document="schedule", digest=PLAN, schedule={"d": "2025-03-20"}),
        event("document.approved", "2025-03-03", by="reviewer", actor="r", document="schedule", digest=PLAN),
    ]
    assert states(agreed, given)[1:] == [("2025-03-21T00:00:00Z", "open", "overdue")]
    assert lateness(replayed(agreed, given, END)) == [("duty-overdue", "m", "2025-03-21T00:00:00Z", "P11D")]


def test_growth_that_is_unknown_is_open_until_the_duty_is_done() -> None:
    rules = duty("for: each model", "every: {growth: 4x}", "within: 30 days")
    given = [compute("2025-01-03", "1e25 FLOP"), compute("2025-02-10", "4e25 FLOP"), performed("2025-03-01")]
    # The first period began with the registration, before anything was measured: there is no reference for growth.
    assert states(rules, given) == [
        ("2025-01-02T12:00:00Z", None, "open"),
        ("2025-03-01T12:00:00Z", "open", "done"),
    ]
    grown = [*given, compute("2025-03-10", "16e25 FLOP")]
    assert states(rules, grown)[2:] == [("2025-03-10T12:00:00Z", None, "open")]


def test_a_developer_stands_for_its_models_in_the_history_until_it_has_one() -> None:
    rules = duty("when: {judged: risky, by: rso}", "within: 3 days")
    shown = replayed(rules, [said_nothing("2025-03-01")])
    assert [(at, one.about, one.was, one.now) for at, one in every_change(shown, "duty")] == [
        ("2025-01-01T00:00:00Z", "Acme", None, "open"),
        ("2025-01-02T12:00:00Z", "m", None, "open"),
        ("2025-01-02T12:00:00Z", "Acme", "open", None),
    ]


def test_an_instance_for_each_deployment_is_named_by_its_event() -> None:
    rules = duty("for: each deployment", "when: {event: model.deployed}", "within: 3 days")
    given = [deployed("2025-03-01"), deployed("2025-03-10"), performed("2025-03-08"), performed("2025-03-12")]
    shown = replayed(rules, given, END)
    assert [(kind, at, late) for kind, _, at, late in lateness(shown)] == [
        ("duty-late", "2025-03-08T12:00:00Z", "P3DT12H")
    ]
    digests = {one.about for moment in shown.history for one in moment.changes if one.item == "duty"}
    assert digests == {shown.events[1], shown.events[2]}


def test_duties_of_several_policies_depart_each_by_itself() -> None:
    own, law = duty(*UPON), duty("when: {event: incident.discovered}", "within: 5 days", name="act")
    shown = replayed([own, law], [FOUND], END)
    assert [(one.policy, late) for one, (_, _, _, late) in zip(shown.breaches, lateness(shown), strict=True)] == [
        ("acme", "P27D"),
        ("act", "P25D"),
    ]


def test_a_duty_in_another_time_zone_is_due_by_its_own_midnight() -> None:
    rules = policy(
        "calendar: {time-zone: America/New_York}\n"
        "duties: {d: {must: do it, when: {event: incident.discovered}, within: 3 days}}\n"
    )
    # The 4th ends in New York at 05:00 UTC of the 5th.
    assert lateness(replayed(rules, [FOUND], END)) == [("duty-overdue", "m", "2025-03-05T05:00:00Z", "P26DT19H")]
