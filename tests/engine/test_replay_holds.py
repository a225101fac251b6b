"""Holds over time: from when to when actions were held, as versions, evidence and time had it (LANGUAGE 4.8)."""

from __future__ import annotations

from typing import Final

import pytest

from interlock.policy import Policy
from tests.engine.cases import W1, W2, Given, evaluated, event, judged, policy, registered
from tests.engine.changes import hold
from tests.engine.duty_cases import deployed, incident, performed
from tests.engine.replay_cases import (
    DANGER,
    IF_DANGER,
    UNLESS_DONE,
    adopted,
    changes,
    continued,
    corrected,
    departed_at,
    finding_ids,
    held,
    replayed,
    said_nothing,
    started,
)

ALWAYS: Final = "{event: model.registered}"
FIRST: Final = "2025-01-02T12:00:00Z"
"""When `m` is registered."""


def versions(*bodies: str, on: tuple[str, ...] = ("2025-01-01", "2025-04-01", "2025-07-01")) -> list[Policy]:
    return [
        policy(body, version=str(number), effective=day)
        for number, (body, day) in enumerate(zip(bodies, on, strict=False), start=1)
    ]


# By default and by evidence


def test_a_hold_is_by_default_while_nothing_is_known_and_by_evidence_once_it_is() -> None:
    given = [judged("2025-02-01", "danger"), judged("2025-03-01", "danger", value=False)]
    assert held(replayed(DANGER, given)) == [
        (FIRST, "2025-02-01T12:00:00Z", "default"),
        ("2025-02-01T12:00:00Z", "2025-03-01T12:00:00Z", "evidence"),
    ]


def test_an_action_is_held_by_evidence_as_soon_as_one_restriction_holds_it_so() -> None:
    rules = DANGER.replace("hold:", "a:").replace("}}\n", f"}}, b: {{forbids: [train], when: {ALWAYS}}}}}\n")
    shown = replayed(rules, [judged("2025-02-01", "danger", value=False)])
    assert held(shown) == [(FIRST, "2025-02-01T12:00:00Z", "evidence"), ("2025-02-01T12:00:00Z", None, "evidence")]
    assert [one.restrictions for one in shown.holds] == [("a", "b"), ("b",)]


def test_a_hold_begins_with_the_registration_of_its_model() -> None:
    given = [started("2025-01-10", model="n"), registered("n", on="2025-02-01"), said_nothing("2025-03-01")]
    assert held(replayed(hold(ALWAYS), given), model="n") == [("2025-02-01T12:00:00Z", None, "evidence")]


def test_what_runs_out_begins_a_hold_with_no_event_at_all() -> None:
    rules = hold("{not: {judged: safe, by: rso, fresh: 30 days}}")
    # 30 days from 1 February: 3 March, since February has 28 days.
    shown = replayed(rules, [judged("2025-02-01"), said_nothing("2025-06-01")])
    assert held(shown) == [(FIRST, "2025-02-01T12:00:00Z", "default"), ("2025-03-03T12:00:00Z", None, "default")]
    moment = next(one for one in shown.history if one.changes[0].now == "active" and one.changes[0].was is not None)
    assert (moment.cause, moment.events) == ("time passed", ())


def test_after_the_last_event_time_goes_on_to_the_end_of_the_replay() -> None:
    rules = hold("{not: {judged: safe, by: rso, fresh: 30 days}}")
    given = [judged("2025-02-01")]
    assert held(replayed(rules, given, "2025-03-03T11:59:59Z"))[1:] == []
    assert held(replayed(rules, given, "2025-03-03T12:00:00Z"))[1:] == [("2025-03-03T12:00:00Z", None, "default")]


def test_one_thing_that_runs_out_after_another_is_seen_without_an_event_between() -> None:
    # Held while the word of a danger is fresh and none of safety is: from 1 April (30 days after 2 March) to
    # 30 May (90 days after 1 March: 30 left in March, 30 in April, 30 in May).
    rules = "burden-of-proof: challenger\n" + hold(
        "{all: [{judged: danger, by: rso, fresh: 90 days}, {not: {event: incident.discovered, within-last: 30 days}}]}"
    )
    given = [judged("2025-03-01", "danger"), incident("discovered", "2025-03-02"), said_nothing("2025-09-01")]
    assert held(replayed(rules, given)) == [
        ("2025-03-01T12:00:00Z", "2025-03-02T12:00:00Z", "evidence"),
        ("2025-04-01T12:00:00Z", "2025-05-30T12:00:00Z", "evidence"),
    ]


def test_what_time_ends_and_an_event_renews_at_one_instant_was_never_interrupted() -> None:
    rules = "burden-of-proof: challenger\n" + hold("{event: incident.discovered, within-last: 30 days}")
    # 30 days after 1 March is 31 March, when the next incident is discovered.
    given = [
        incident("discovered", "2025-03-01"),
        incident("discovered", "2025-03-31", "i2"),
        said_nothing("2025-06-01"),
    ]
    shown = replayed(rules, given)
    assert held(shown) == [("2025-03-01T12:00:00Z", "2025-04-30T12:00:00Z", "evidence")]
    assert changes(shown, "restriction") == [
        ("2025-03-01T12:00:00Z", "inactive", "active"),
        ("2025-04-30T12:00:00Z", "active", "inactive"),
    ]


def test_an_unknown_that_holds_nothing_is_no_change() -> None:
    # Under the challenger's burden it is inactive while it is unknown and while it is false.
    shown = replayed(IF_DANGER, [judged("2025-02-01", "danger", value=False)])
    assert changes(shown, "restriction") == []
    assert held(shown) == []


# Permissions


def lifted(limits: str) -> str:
    return f"permissions: {{p: {{lifts: [hold], when: {{judged: safe, by: rso}}{limits}}}}}\n" + hold(ALWAYS)


def test_a_permission_that_is_renewed_again_and_again_lifts_in_each_of_its_windows() -> None:
    # Each window lasts 30 days. A renewal needs `when` to have been untrue in between, and a new word.
    given = [
        one
        for month in (2, 4, 6)
        for one in (judged(f"2025-{month:02}-01"), judged(f"2025-{month + 1:02}-20", value=False))
    ]
    shown = replayed(lifted(", for-at-most: 30 days"), given, "2025-12-01")
    assert held(shown) == [
        (FIRST, "2025-02-01T12:00:00Z", "evidence"),
        ("2025-03-03T12:00:00Z", "2025-04-01T12:00:00Z", "evidence"),  # 28 days of February and 2 more
        ("2025-05-01T12:00:00Z", "2025-06-01T12:00:00Z", "evidence"),  # 30 days of April
        ("2025-07-01T12:00:00Z", None, "evidence"),  # 30 days of June
    ]
    assert [state for _, _, state in changes(shown, "restriction")] == ["active"] + ["lifted", "active"] * 3


def test_a_permission_without_renewals_left_lifts_no_more() -> None:
    given = [
        one
        for month in (2, 4, 6)
        for one in (judged(f"2025-{month:02}-01"), judged(f"2025-{month + 1:02}-20", value=False))
    ]
    shown = replayed(lifted(", for-at-most: 30 days, renewals: {at-most: 1}"), given, "2025-12-01")
    assert [(start, end) for start, end, _ in held(shown)][2:] == [("2025-05-01T12:00:00Z", None)]


def test_a_permission_that_is_said_again_while_it_lasts_is_not_renewed() -> None:
    given = [judged("2025-02-01"), judged("2025-02-20"), said_nothing("2025-06-01")]
    shown = replayed(lifted(", for-at-most: 30 days"), given)
    assert held(shown) == [(FIRST, "2025-02-01T12:00:00Z", "evidence"), ("2025-03-03T12:00:00Z", None, "evidence")]


# Versions


def test_a_version_without_the_restriction_ends_its_hold_and_one_with_it_again_begins_it() -> None:
    shown = replayed(
        versions(hold(ALWAYS), hold(ALWAYS).replace("train", "store"), hold(ALWAYS)), [said_nothing("2025-09-01")]
    )
    assert held(shown) == [(FIRST, "2025-04-01T00:00:00Z", "evidence"), ("2025-07-01T00:00:00Z", None, "evidence")]
    assert held(shown, "store") == [("2025-04-01T00:00:00Z", "2025-07-01T00:00:00Z", "evidence")]


def test_a_restriction_that_forbids_other_actions_from_some_day_on_holds_them_from_then_on() -> None:
    both = hold(ALWAYS).replace("[train]", "[train, deploy.internal.wide]")
    shown = replayed(versions(both, hold(ALWAYS), both), [said_nothing("2025-09-01")])
    assert held(shown) == [(FIRST, None, "evidence")]
    assert held(shown, "deploy.internal.wide") == [
        (FIRST, "2025-04-01T00:00:00Z", "evidence"),
        ("2025-07-01T00:00:00Z", None, "evidence"),
    ]
    narrowed = replayed(versions(both, hold(ALWAYS)), [said_nothing("2025-09-01")])
    assert held(narrowed, "deploy.internal.wide") == [(FIRST, "2025-04-01T00:00:00Z", "evidence")]


def test_a_restriction_that_reads_otherwise_from_some_day_on_is_looked_at_then() -> None:
    given = [judged("2025-02-01", "danger", value=False), judged("2025-02-01", "alarm"), said_nothing("2025-09-01")]
    shown = replayed(versions(DANGER, hold("{judged: alarm, by: rso}")), given)
    assert held(shown) == [(FIRST, "2025-02-01T12:00:00Z", "default"), ("2025-04-01T00:00:00Z", None, "evidence")]


def test_one_that_no_longer_binds_holds_no_more() -> None:
    shown = replayed(versions(hold(ALWAYS), hold(ALWAYS, ", modality: aim")), [said_nothing("2025-09-01")])
    assert held(shown) == [(FIRST, "2025-04-01T00:00:00Z", "evidence")]


def test_a_version_comes_into_force_in_the_history_with_no_event_at_that_instant() -> None:
    shown = replayed(versions(DANGER, IF_DANGER), [judged("2025-02-01", "danger"), said_nothing("2025-09-01")])
    assert changes(shown, "version") == [("2025-01-01T00:00:00Z", None, "1"), ("2025-04-01T00:00:00Z", "1", "2")]


def test_an_adoption_that_moves_the_start_of_the_version_in_force_changes_no_version() -> None:
    shown = replayed(DANGER, [adopted("2025-03-01", "1"), said_nothing("2025-09-01")])
    assert changes(shown, "version") == [("2025-01-01T00:00:00Z", None, "1")]


def test_a_version_that_is_known_to_come_begins_at_its_adoption_with_no_event_recorded_then() -> None:
    old, new = policy(hold(ALWAYS)), policy(IF_DANGER, version="2")
    given = [adopted("2025-01-01", "1"), adopted("2025-04-01", "2", recorded="2025-02-01"), said_nothing("2025-09-01")]
    assert held(replayed([old, new], given)) == [(FIRST, "2025-04-01T12:00:00Z", "evidence")]


def test_while_it_cannot_be_told_which_version_is_in_force_nothing_is_judged() -> None:
    first, second = policy(hold(ALWAYS)), policy(IF_DANGER, version="2")
    # Both are effective from 1 January, until it becomes known on 1 May that the second was adopted on 1 April.
    given = [
        started("2025-03-01"),
        adopted("2025-04-01", "2", recorded="2025-05-01"),
        judged("2025-05-10", "danger"),
        started("2025-06-01"),
    ]
    for rules in ([first, second], [second, first]):
        shown = replayed(rules, given)
        assert departed_at(shown) == ["2025-06-01T12:00:00Z"]
        assert finding_ids(shown).count("act-not-judged") == 1
        assert held(shown) == [("2025-05-10T12:00:00Z", None, "evidence")]
        assert changes(shown, "version") == [("2025-05-01T12:00:00Z", None, "2")]


# What an overdue duty forbids


def test_an_overdue_duty_holds_from_its_due_instant_until_it_is_done() -> None:
    given = [incident("discovered", "2025-03-01"), performed("2025-03-10"), started("2025-03-05T00:00:00Z")]
    shown = replayed(UNLESS_DONE, given)
    # 3 days from 1 March are over with 4 March.
    assert held(shown) == [("2025-03-05T00:00:00Z", "2025-03-10T12:00:00Z", "evidence")]
    assert departed_at(shown) == ["2025-03-05T00:00:00Z"]
    assert changes(shown, "hold-of-duty", "d") == [
        ("2025-03-05T00:00:00Z", "inactive", "active"),
        ("2025-03-10T12:00:00Z", "active", "inactive"),
    ]


def test_a_performance_that_is_recorded_late_held_until_it_was_recorded() -> None:
    given = [
        incident("discovered", "2025-03-01"),
        performed("2025-03-02", recorded="2025-03-20"),
        started("2025-03-10"),
    ]
    shown = replayed(UNLESS_DONE, given, "2025-04-01")
    assert held(shown) == [("2025-03-05T00:00:00Z", "2025-03-20T12:00:00Z", "evidence")]
    # The act departs by what was known; the duty itself was done in time.
    assert [(one.kind, one.id) for one in shown.breaches] == [("held-action", "d")]


def test_an_open_duty_of_a_superseded_version_never_holds() -> None:
    other = UNLESS_DONE + "permissions: {}\n"
    rules = versions(UNLESS_DONE, other, on=("2025-01-01", "2025-03-03"))
    given = [incident("discovered", "2025-03-01"), said_nothing("2025-06-01")]
    assert held(replayed(rules, given)) == []
    # It would have been overdue from 5 March on.
    assert held(replayed(rules[:1], given)) == [("2025-03-05T00:00:00Z", None, "evidence")]


@pytest.mark.parametrize("correction", [False, True], ids=["plainly", "in a record with corrections"])
def test_what_is_overdue_when_its_version_ends_goes_on_holding_if_the_duty_still_stands(correction: bool) -> None:  # noqa: FBT001 - a case
    rules = versions(
        UNLESS_DONE, UNLESS_DONE + "permissions: {}\n", IF_DANGER, on=("2025-01-01", "2025-04-01", "2025-07-01")
    )
    given = [incident("discovered", "2025-03-01"), said_nothing("2025-09-01")]
    if correction:
        given += [said_nothing("2025-01-03"), corrected("2025-05-01", 3, said_nothing("2025-01-04"))]
    assert held(replayed(rules[:2], given)) == [("2025-03-05T00:00:00Z", None, "evidence")]
    assert held(replayed(rules, given)) == [("2025-03-05T00:00:00Z", "2025-07-01T00:00:00Z", "evidence")]
    done = [*given, performed("2025-05-15")]
    assert held(replayed(rules, done)) == [("2025-03-05T00:00:00Z", "2025-05-15T12:00:00Z", "evidence")]


def test_what_an_earlier_version_left_overdue_is_excused_by_what_that_version_reads() -> None:
    excusing = UNLESS_DONE.replace("within:", "excused-when: {judged: minor, by: rso}, within:")
    given = [incident("discovered", "2025-03-01"), judged("2025-05-01", "minor"), said_nothing("2025-06-01")]
    shown = replayed(versions(excusing, UNLESS_DONE), given)
    assert held(shown) == [("2025-03-05T00:00:00Z", "2025-05-01T12:00:00Z", "evidence")]


def test_a_duty_of_a_version_whose_start_an_adoption_moves_counts_from_the_new_start() -> None:
    rules = policy(
        "duties: {d: {must: do it, for: each model, every: {time: 30 days}, otherwise: {forbids: [train]}}}\n"
    )
    # Until the adoption is known the first period runs from the registration, 2 January, and ends with 1 February.
    given = [adopted("2025-03-01", "1"), said_nothing("2025-04-15")]
    # Then the version is in force from the adoption on, and the period ends 30 days later, with 31 March.
    assert held(replayed(rules, given)) == [
        ("2025-02-02T00:00:00Z", "2025-03-01T12:00:00Z", "evidence"),
        ("2025-04-01T00:00:00Z", None, "evidence"),
    ]


def test_an_event_that_makes_a_model_older_than_was_known_moves_what_counts_from_its_first() -> None:
    rules = "duties: {d: {must: do it, for: each model, every: {time: 30 days}, otherwise: {forbids: [train]}}}\n"
    given = [registered(on="2025-02-01"), said_nothing("2025-01-10", recorded="2025-02-20"), said_nothing("2025-04-15")]
    # By the registration the period ends with 3 March; by the event of 10 January with 9 February.
    shown = replayed(rules, given, registers=False)
    assert held(shown) == [("2025-02-20T12:00:00Z", None, "evidence")]
    assert held(replayed(rules, [given[0], given[2]], registers=False)) == [("2025-03-04T00:00:00Z", None, "evidence")]


# Over models


def test_a_hold_of_the_newest_checkpoint_begins_as_a_new_one_is_named() -> None:
    rules = (
        "measures: {run: {statistic: proportion, suite: acme/run}}\n"
        "thresholds: {danger: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}}\n"
        + hold("{reached: danger}").replace("train", "deploy.internal.wide")
    )
    given = [evaluated("2025-02-01", 0, weights=W1), continued("2025-03-01", weights=W2), said_nothing("2025-05-01")]
    shown = replayed(rules, given)
    assert held(shown, "deploy.internal.wide") == [
        (FIRST, "2025-02-01T12:00:00Z", "default"),
        ("2025-03-01T12:00:00Z", None, "default"),
    ]


def test_what_is_learned_of_one_model_holds_others_where_the_condition_spans_them() -> None:
    rules = "burden-of-proof: challenger\n" + hold("{judged: danger, by: rso, of: any-model}")
    given: list[Given] = [
        registered("n"),
        registered("x", developer="Other"),
        judged("2025-03-01", "danger", model="n"),
    ]
    shown = replayed(rules, given, "2025-04-01")
    assert [held(shown, model=model) for model in ("m", "n", "x")] == [
        [("2025-03-01T12:00:00Z", None, "evidence")],
        [("2025-03-01T12:00:00Z", None, "evidence")],
        [],
    ]


def test_a_registration_that_says_another_developer_ends_what_the_policy_held() -> None:
    given = [
        registered(on="2025-01-05", developer=None),
        registered(on="2025-01-02", developer="Other") | {"recorded": "2025-04-01T12:00:00Z"},
        event("training.started", "2025-05-01"),
    ]
    shown = replayed(hold(ALWAYS), given, registers=False)
    assert held(shown) == [("2025-01-05T12:00:00Z", "2025-04-01T12:00:00Z", "evidence")]
    assert "act-not-judged" in finding_ids(shown)


def test_a_deployment_is_no_change_where_nothing_reads_it() -> None:
    shown = replayed(hold(ALWAYS), [deployed("2025-03-01")])
    assert len(changes(shown, "restriction")) == 1
