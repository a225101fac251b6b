"""Clocks: from which instant the time of a duty counts, and what starts it (LANGUAGE 1, 4.5 and 9)."""

from __future__ import annotations

from typing import Final

import pytest

from interlock.policy import Policy
from tests.engine.cases import Given, event, judged, registered
from tests.engine.duty_cases import (
    check_flip,
    deployed,
    due,
    duty,
    findings,
    incident,
    instances,
    only,
    performed,
    shown,
    triggered,
)

LATER: Final = "2025-12-01"
REPORTED: Final = [
    incident("suspected", "2025-03-01T00:00:00Z"),
    incident("discovered", "2025-03-02T08:00:00Z"),
    incident("determined", "2025-03-03T12:00:00Z", recorded="2025-03-04T06:00:00Z"),
]


def upon(known: str, clock: str, within: str = "72 hours", **header: str) -> Policy:
    return duty(f"when: {{event: incident.{known}}}", f"within: {within}", f"clock: {clock}", **header)


# Each clock


@pytest.mark.parametrize(
    ("clock", "end"),
    [
        # 72 hours from when the trigger occurred, noon of the 3rd
        ("event", "2025-03-06T12:00:00Z"),
        # from when it was recorded, 6:00 of the 4th
        ("awareness", "2025-03-07T06:00:00Z"),
        # from the suspicion, the discovery and the determination of the same incident
        ("suspicion", "2025-03-04T00:00:00Z"),
        ("discovery", "2025-03-05T08:00:00Z"),
        ("determination", "2025-03-06T12:00:00Z"),
    ],
)
def test_each_clock_counts_from_its_own_instant(clock: str, end: str) -> None:
    rules = upon("determined", clock)
    assert triggered(rules, REPORTED, LATER) == "2025-03-03T12:00:00Z"
    check_flip(rules, REPORTED, at=end, becomes=("open", "overdue"), known_at=LATER)


@pytest.mark.parametrize(
    ("clock", "end"),
    [
        # 3 days after the 3rd, the 4th, the 1st and the 2nd of March, at the end of the day
        ("event", "2025-03-07T00:00:00Z"),
        ("awareness", "2025-03-08T00:00:00Z"),
        ("suspicion", "2025-03-05T00:00:00Z"),
        ("discovery", "2025-03-06T00:00:00Z"),
        ("determination", "2025-03-07T00:00:00Z"),
    ],
)
def test_in_days_each_clock_counts_from_its_own_day(clock: str, end: str) -> None:
    check_flip(upon("determined", clock, "3 days"), REPORTED, at=end, becomes=("open", "overdue"), known_at=LATER)


def test_the_default_clock_is_the_event() -> None:
    rules = duty("when: {event: incident.determined}", "within: 72 hours")
    assert due(rules, REPORTED, LATER) == "2025-03-06T12:00:00Z"


# What starts a clock


def test_the_earliest_report_of_the_incident_starts_it_wherever_it_stands_in_the_file() -> None:
    later = incident("suspected", "2025-03-02T00:00:00Z")
    for given in ([later, *REPORTED], [*REPORTED, later]):
        assert due(upon("determined", "suspicion"), given, LATER) == "2025-03-04T00:00:00Z"


def test_a_report_of_another_incident_starts_nothing() -> None:
    others = [incident("suspected", "2025-02-01", "i0"), incident("suspected", "2025-02-01", "i11")]
    assert due(upon("determined", "suspicion"), [*others, *REPORTED], LATER) == "2025-03-04T00:00:00Z"


def test_a_report_of_another_developers_model_with_the_same_id_starts_nothing() -> None:
    given = [
        registered("theirs", developer="Other"),
        incident("suspected", "2025-02-01", model="theirs"),
        incident("suspected", "2025-02-01", developer="Other"),
        *REPORTED,
    ]
    assert due(upon("determined", "suspicion"), given, LATER) == "2025-03-04T00:00:00Z"


@pytest.mark.parametrize(
    "about", [{"model": "m2"}, {"developer": "Acme"}, {"world": True}], ids=["another model", "developer", "world"]
)
def test_a_report_about_the_developer_its_models_or_the_world_starts_it(about: dict[str, str]) -> None:
    given = [registered("m2"), incident("suspected", "2025-02-28T00:00:00Z", **about), *REPORTED]
    found = [one for one in instances(upon("determined", "suspicion"), given, LATER) if one.instance == "m"]
    # 72 hours from midnight of 28 February
    assert [shown(one)[1] for one in found] == ["2025-03-03T00:00:00Z"]


def test_before_its_clock_starts_a_duty_is_open_and_never_due() -> None:
    rules = upon("suspected", "determination")
    suspected = [incident("suspected", "2025-03-01T00:00:00Z")]
    assert shown(only(rules, suspected, "9999-01-01")) == ("open", None, None)
    determined = [*suspected, incident("determined", "2025-04-01T00:00:00Z")]
    assert shown(only(rules, determined, "2025-03-31T23:59:59.999999Z", known_at=LATER)) == ("open", None, None)
    assert shown(only(rules, determined, "2025-04-01T00:00:00Z")) == ("open", "2025-04-04T00:00:00Z", None)
    check_flip(rules, determined, at="2025-04-04T00:00:00Z", becomes=("open", "overdue"))


def test_done_before_its_clock_starts_it_is_done() -> None:
    given = [
        incident("suspected", "2025-03-01T00:00:00Z"),
        performed("2025-03-20T00:00:00Z"),
        incident("determined", "2025-04-01T00:00:00Z"),
    ]
    assert shown(only(upon("suspected", "determination"), given, LATER))[0] == "done"


def test_a_clock_that_ran_out_before_the_trigger_leaves_no_time() -> None:
    given = [incident("suspected", "2025-02-01T00:00:00Z"), incident("determined", "2025-03-03T12:00:00Z")]
    # 72 hours from 1 February are over on the 4th; on 3 March at noon that is 27 days and 12 hours ago
    assert shown(only(upon("determined", "suspicion"), given, "2025-03-03T12:00:00Z")) == (
        "overdue",
        "2025-02-04T00:00:00Z",
        "P27DT12H",
    )


# Awareness


def test_before_it_was_recorded_nobody_knows_of_the_duty() -> None:
    rules = upon("determined", "awareness")
    assert instances(rules, REPORTED, "2025-03-04T05:59:59Z") == []
    assert due(rules, REPORTED, "2025-03-04T06:00:00Z") == "2025-03-07T06:00:00Z"


def test_awareness_of_a_judgement_is_its_record() -> None:
    rules = duty("when: {judged: risky, by: rso}", "within: 3 days", "clock: awareness")
    given = [judged("2025-03-01", "risky", recorded="2025-03-05T20:00:00Z")]
    # 3 days after the 5th; by the event's own clock it would be over since the 5th
    check_flip(rules, given, at="2025-03-09T00:00:00Z", becomes=("open", "overdue"))
    by_event = duty("when: {judged: risky, by: rso}", "within: 3 days", "clock: event")
    assert due(by_event, given, "2025-03-06") == "2025-03-05T00:00:00Z"


def test_awareness_of_several_things_together_is_the_record_of_the_last() -> None:
    rules = duty(
        "when: {all: [{judged: risky, by: rso}, {judged: large, by: rso}]}", "within: 3 days", "clock: awareness"
    )
    given = [
        judged("2025-03-01", "risky", recorded="2025-03-08"),
        judged("2025-03-02", "large", recorded="2025-03-03"),
    ]
    assert due(rules, given, "2025-03-09") == "2025-03-12T00:00:00Z"  # the 8th and 3 days


def test_awareness_of_either_of_two_things_is_the_first_record() -> None:
    """Both became true at one instant; that one of them was recorded late gives no more time for the other."""
    rules = duty(
        "when: {any: [{judged: risky, by: rso}, {judged: large, by: rso}]}", "within: 3 days", "clock: awareness"
    )
    given = [
        judged("2025-03-01", "risky", recorded="2025-03-08"),
        judged("2025-03-01", "large", recorded="2025-03-03"),
    ]
    assert due(rules, given, "2025-03-09") == "2025-03-07T00:00:00Z"  # the 3rd and 3 days


def test_awareness_that_something_is_not_so_is_the_record_of_the_denial() -> None:
    rules = duty("when: {not: {judged: safe, by: rso}}", "within: 3 days", "clock: awareness")
    given = [judged("2025-01-02", value=True), judged("2025-03-01", value=False, recorded="2025-03-05")]
    assert due(rules, given, "2025-03-06") == "2025-03-09T00:00:00Z"  # the 5th and 3 days


def test_awareness_of_what_rests_on_no_event_is_the_instant_itself() -> None:
    # true from the first instant at which there is the model, since nothing was published
    rules = duty("for: each model", "when: {not: {published: report}}", "within: 3 days", "clock: awareness")
    assert due(rules, [], "2025-01-03") == "2025-01-06T00:00:00Z"  # the 2nd and 3 days


def test_awareness_of_time_that_has_passed_is_the_instant_itself() -> None:
    rules = duty("when: {elapsed: 30 days, since: d}", "for: each model", "within: 3 days", "clock: awareness")
    given = [performed("2025-03-01", recorded="2025-06-01")]
    # 30 days from noon of 1 March are over on the 31st, however late that performance was recorded
    assert due(rules, given, "2025-06-02") == "2025-04-04T00:00:00Z"


# Clocks of incidents without an incident


@pytest.mark.parametrize("clock", ["suspicion", "discovery", "determination"])
def test_a_clock_of_incidents_without_an_incident_counts_from_the_trigger_and_says_so(clock: str) -> None:
    rules = duty("when: {event: model.deployed}", "within: 3 days", f"clock: {clock}")
    given = [incident("suspected", "2025-02-01"), deployed("2025-03-01")]
    assert due(rules, given, "2025-03-02") == "2025-03-05T00:00:00Z"
    assert findings(rules, given, "2025-03-02") == ["clock-without-start"]


def test_a_clock_that_an_incident_starts_or_may_still_start_is_no_finding() -> None:
    assert findings(upon("determined", "suspicion"), REPORTED, LATER) == []
    assert findings(upon("suspected", "determination"), [incident("suspected", "2025-03-01")], LATER) == []


@pytest.mark.parametrize("clock", ["event", "awareness"])
def test_other_clocks_need_no_incident(clock: str) -> None:
    rules = duty("when: {event: model.deployed}", "within: 3 days", f"clock: {clock}")
    assert findings(rules, [deployed("2025-03-01")], LATER) == []


def test_a_duty_that_did_not_open_has_no_clock_to_start() -> None:
    rules = duty("when: {event: model.deployed}", "within: 3 days", "clock: suspicion")
    assert findings(rules, [], LATER) == []


# Each incident


def test_each_incident_has_the_clocks_of_its_own_reports() -> None:
    rules = duty("for: each incident", "when: {event: incident.determined}", "within: 72 hours", "clock: suspicion")
    given: list[Given] = [
        *REPORTED,
        incident("suspected", "2025-03-02T00:00:00Z", "i2"),
        incident("determined", "2025-03-03T12:00:00Z", "i2"),
        incident("suspected", "2025-03-02T00:00:00Z", "i3"),
    ]
    found = instances(rules, given, "2025-03-05T00:00:00Z", known_at=LATER)
    assert [(one.instance, *shown(one)) for one in found] == [
        ("i1", "overdue", "2025-03-04T00:00:00Z", "P1D"),
        ("i2", "overdue", "2025-03-05T00:00:00Z", "PT0S"),
    ]


def test_a_clock_counts_the_reports_known_and_no_later_ones() -> None:
    early = incident("suspected", "2025-02-27T00:00:00Z", recorded="2025-03-05T00:00:00Z")
    rules = upon("determined", "suspicion")
    given = [event("policy.published", "2025-01-01", developer="Acme", policy="acme", version="1"), early, *REPORTED]
    # 72 hours from 1 March by what was known on the 4th, from 27 February by what was known a day later
    assert due(rules, given, "2025-03-04T07:00:00Z") == "2025-03-04T00:00:00Z"
    assert due(rules, given, "2025-03-05T00:00:00Z") == "2025-03-02T00:00:00Z"


# Awareness over several models

TRIGGER_OF_TWO: Final = [
    registered("m2", parent="m"),
    judged("2025-03-01", "risky", recorded="2025-03-08"),
    judged("2025-03-01", "risky", model="m2", recorded="2025-03-03"),
]


def test_awareness_of_a_lineage_is_the_first_record_about_any_of_its_models() -> None:
    rules = duty("for: each lineage", "when: {judged: risky, by: rso}", "within: 3 days", "clock: awareness")
    assert due(rules, TRIGGER_OF_TWO, "2025-03-09") == "2025-03-07T00:00:00Z"  # the 3rd and 3 days


def test_awareness_of_any_model_is_the_first_record_about_one_of_which_it_is_true() -> None:
    rules = duty(
        "for: developer", "when: {judged: risky, by: rso, of: any-model}", "within: 3 days", "clock: awareness"
    )
    assert due(rules, TRIGGER_OF_TWO, "2025-03-09") == "2025-03-07T00:00:00Z"
    # what was recorded of a third model, of which it is not true, gives no more time
    third = [registered("m3"), judged("2025-02-01", "risky", model="m3", value=False, recorded="2025-03-09")]
    assert due(rules, [*TRIGGER_OF_TWO, *third], "2025-03-10") == "2025-03-07T00:00:00Z"


def test_awareness_for_each_incident_is_the_record_of_what_triggered_and_not_of_the_first_report() -> None:
    rules = duty("for: each incident", "when: {event: incident.determined}", "within: 72 hours", "clock: awareness")
    # the determination was recorded at 6:00 on the 4th
    assert due(rules, REPORTED, LATER) == "2025-03-07T06:00:00Z"
