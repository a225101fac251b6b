"""Versions: what becomes of a duty when another version of the policy comes into force (LANGUAGE 4.5 and 4.7)."""

from __future__ import annotations

from typing import Any, Final

import pytest

from interlock.engine import Refused
from interlock.policy import Policy
from tests.engine.cases import PLAN, Given, compute, event, judged
from tests.engine.duty_cases import (
    check_flip,
    deployed,
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

ENDS: Final = "2025-04-01T00:00:00Z"
UPON: Final = deployed("2025-03-20")
"""With 30 days due at the end of 19 April, after the second version has come into force; with 3 days before it."""


def two(*lines: str, second: tuple[str, ...] | None = None, more: str = "") -> list[Policy]:
    """Two versions with the same duty (or with another in the second), in force from 1 January and from 1 April."""
    return [
        duty(*lines, version="1", more=more),
        duty(*(lines if second is None else second), version="2", effective="2025-04-01", more=more),
    ]


DEPLOYED: Final = "when: {event: model.deployed}"


# Superseded


def test_an_open_duty_is_superseded_when_another_version_comes_into_force() -> None:
    rules = two(DEPLOYED, "within: 30 days")
    assert states(rules, [UPON], just_before(ENDS)) == [("m", "open")]
    # and of the new version nothing is triggered yet
    assert states(rules, [UPON], ENDS) == [("m", "superseded"), ("Acme", "not-triggered")]
    assert shown(only(rules, [UPON], "2026-01-01")) == ("superseded", "2025-04-20T00:00:00Z", None)
    assert only(rules, [UPON], "2026-01-01").reason == "version-superseded"
    assert findings(rules, [UPON], just_before(ENDS)) == []
    assert findings(rules, [UPON], ENDS) == ["duty-superseded"]


def test_an_overdue_duty_stays_overdue_until_it_is_done() -> None:
    rules = two(DEPLOYED, "within: 3 days")
    # due at the end of 23 March
    assert shown(only(rules, [UPON], "2025-05-01T00:00:00Z")) == ("overdue", "2025-03-24T00:00:00Z", "P38D")
    assert findings(rules, [UPON], "2025-05-01") == []
    done = [UPON, performed("2025-05-01T00:00:00Z")]
    assert shown(only(rules, done, "2025-06-01")) == ("done-late", "2025-03-24T00:00:00Z", "P38D")
    assert findings(rules, done, "2025-06-01") == []


@pytest.mark.parametrize(
    ("opened", "state"),
    [
        # 30 days from 1 March end with the 31st: over at the very instant at which the next version comes
        ("2025-03-01", "overdue"),
        ("2025-03-02", "superseded"),
    ],
)
def test_due_at_the_very_instant_of_the_amendment_it_is_overdue_and_a_day_later_superseded(
    opened: str, state: str
) -> None:
    assert only(two(DEPLOYED, "within: 30 days"), [deployed(opened)], "2025-06-01").state.value == state


def test_an_excused_duty_that_would_be_overdue_stays_and_one_that_would_be_open_is_superseded() -> None:
    lines = (DEPLOYED, "excused-when: {judged: minor, by: rso}")
    excuse = judged("2025-03-21", "minor")
    failing = [UPON, excuse, judged("2025-05-01", "minor", value=False)]
    overdue = two(*lines, "within: 3 days")
    assert only(overdue, failing, "2025-04-15").state.value == "excused"
    # when its excuse fails it was due all along, from 24 March to noon of 1 May
    assert shown(only(overdue, failing, "2025-05-01")) == ("overdue", "2025-03-24T00:00:00Z", "P38DT12H")
    opened = two(*lines, "within: 30 days")
    for as_of in ("2025-04-15", "2025-05-02"):
        assert only(opened, failing, as_of).state.value == "superseded"


@pytest.mark.parametrize("burden", ["developer", "challenger"])
def test_what_is_in_doubt_is_superseded(burden: str) -> None:
    rules = two("when: {judged: risky, by: rso}", "within: 3 days", more=f"burden-of-proof: {burden}\n")
    found = instances(rules, [], "2025-06-01")
    # the new version has the same doubt of its own
    assert [one.state.value for one in found] == ["superseded", "open" if burden == "developer" else "unknown"]
    assert findings(rules, [], "2025-06-01") == ["duty-superseded"]


def test_growth_in_doubt_is_superseded_too() -> None:
    rules = two("for: each model", "every: {growth: 4x}", "within: 30 days")
    assert [one.state.value for one in instances(rules, [], "2025-06-01")] == ["superseded", "open"]


def test_what_has_no_due_instant_is_superseded() -> None:
    assert only(two(DEPLOYED), [UPON], "2025-06-01").state.value == "superseded"


def test_what_was_done_before_stays_done() -> None:
    rules = two(DEPLOYED, "within: 30 days")
    given = [UPON, performed("2025-03-25")]
    assert shown(only(rules, given, "2026-01-01")) == ("done", "2025-04-20T00:00:00Z", None)
    assert findings(rules, given, "2026-01-01") == []


def test_a_performance_after_the_amendment_completes_nothing_that_was_superseded() -> None:
    rules = two(DEPLOYED, "within: 30 days")
    for on in (ENDS, "2025-04-10"):
        given = [UPON, performed(on)]
        assert only(rules, given, "2025-06-01").state.value == "superseded"
        assert findings(rules, given, "2025-06-01") == ["duty-superseded", "performance-of-nothing"]
    in_time = [UPON, performed(just_before(ENDS))]
    assert only(rules, in_time, "2025-06-01").state.value == "done"


def test_evidence_after_the_amendment_completes_what_stayed_overdue_and_nothing_that_was_superseded() -> None:
    reviewed = judged("2025-04-10", "reviewed")
    lines = (DEPLOYED, "done-when: {judged: reviewed, by: rso}")
    assert only(two(*lines, "within: 3 days"), [UPON, reviewed], "2025-06-01").state.value == "done-late"
    assert only(two(*lines, "within: 30 days"), [UPON, reviewed], "2025-06-01").state.value == "superseded"


def test_an_extension_that_held_at_the_amendment_counts() -> None:
    lines = (DEPLOYED, "within: 3 days", "extended: {by: 15 days, when: {judged: complicated, by: rso}}")
    extended = [UPON, judged("2025-03-21", "complicated")]
    # 23 March and 15 days are 7 April
    assert shown(only(two(*lines), extended, "2025-06-01")) == ("superseded", "2025-04-08T00:00:00Z", None)
    late = [UPON, judged("2025-03-24T00:00:00Z", "complicated")]
    assert only(two(*lines), late, "2025-06-01").state.value == "overdue"


def test_nothing_of_the_old_version_opens_from_then_on() -> None:
    rules = two(DEPLOYED, "within: 3 days", second=("when: {event: training.started}",))
    assert instances(rules, [deployed(ENDS), deployed("2025-05-01")], "2025-06-01") == []
    assert len(instances(rules, [deployed(just_before(ENDS))], "2025-06-01")) == 1


def test_an_event_at_the_instant_of_the_amendment_opens_under_the_new_version() -> None:
    rules = two(DEPLOYED, "within: 3 days", second=(DEPLOYED, "within: 10 days"))
    assert shown(only(rules, [deployed(ENDS)], "2025-04-02")) == ("open", "2025-04-12T00:00:00Z", None)


def test_what_the_new_version_has_no_more_leaves_only_what_was_overdue() -> None:
    other = duty(DEPLOYED, version="2", effective="2025-04-01")
    dropped = duty("when: {event: training.started}", version="2", effective="2025-04-01")
    assert other.duties.keys() == dropped.duties.keys()
    assert states([duty(DEPLOYED, "within: 3 days"), dropped], [UPON], "2025-06-01") == [
        ("m", "overdue"),
        ("Acme", "not-triggered"),
    ]


def test_a_condition_that_is_true_already_opens_anew_under_the_new_version() -> None:
    rules = two("when: {judged: risky, by: rso}", "within: 30 days")
    found = instances(rules, [judged("2025-03-20", "risky")], "2025-04-02")
    # 1 April and 30 days are 1 May
    assert [shown(one)[:2] for one in found] == [
        ("superseded", "2025-04-20T00:00:00Z"),
        ("open", "2025-05-02T00:00:00Z"),
    ]


def test_a_performance_completes_the_old_overdue_instance_and_is_no_performance_of_nothing() -> None:
    rules = two("for: each model", "every: {time: 1 month}", "within: 3 days")
    # open from 3 February, overdue from the 6th; the new version's first period runs to 1 May
    given = [performed("2025-04-10")]
    found = report(rules, given, "2025-04-11").duties
    assert [one.state.value for one in found] == ["done-late", "done", "not-triggered"]
    assert findings(rules, given, "2025-04-11") == []
    dropped = [rules[0], duty("when: {event: training.started}", version="2", effective="2025-04-01")]
    assert findings(dropped, given, "2025-04-11") == []


def test_recurring_evidence_completes_the_old_overdue_instance() -> None:
    """What a version left behind can still be done in the way that it asked for."""
    lines = ("for: each model", "every: {time: 1 month}", "within: 3 days", "done-when: {judged: assessed, by: rso}")
    rules = two(*lines)
    assert [one.state.value for one in instances(rules, [], "2025-04-09")] == ["overdue"]
    found = instances(rules, [judged("2025-04-10", "assessed")], "2025-04-11")
    assert found[0].state.value == "done-late"


# What began under the old version and is triggered under the new one


def test_an_incident_that_was_suspected_under_the_old_version_and_determined_under_the_new_is_not_lost() -> None:
    rules = two("for: each incident", "when: {event: incident.determined}", "within: 3 days")
    given = [incident("suspected", "2025-03-20"), incident("determined", "2025-04-10")]
    assert [(one.instance, *shown(one)[:2]) for one in instances(rules, given, "2025-04-11")] == [
        ("i1", "open", "2025-04-14T00:00:00Z")
    ]


def test_a_deployment_or_document_from_before_whose_condition_becomes_true_under_the_new_version_is_not_lost() -> None:
    lines = ("when: {all: [{judged: risky, by: rso}, {judged: large, by: rso}]}", "within: 3 days")
    given = [
        judged("2025-03-01", "risky"),
        judged("2025-03-01", "large", value=False),
        UPON,
        event("document.submitted", "2025-03-20", document="report", digest=PLAN),
        judged("2025-04-10", "large"),
    ]
    for scope in ("each deployment", "each document report"):
        found = instances(two(f"for: {scope}", *lines), given, "2025-04-11")
        assert [shown(one)[:2] for one in found] == [("open", "2025-04-14T00:00:00Z")]


def test_what_was_triggered_under_the_old_version_is_not_asked_for_again() -> None:
    rules = two("for: each incident", "when: {event: incident.determined}", "within: 3 days")
    done = [incident("determined", "2025-03-20"), performed("2025-03-21")]
    assert [one.state.value for one in instances(rules, done, "2025-06-01")] == ["done"]
    # nor is what came before any version
    assert instances(rules[1], done, "2025-06-01") == []


def test_what_is_triggered_at_the_very_instant_of_the_amendment_is_owed_under_the_new_version() -> None:
    rules = two("for: each incident", "when: {event: incident.determined}", "within: 3 days")
    given = [incident("suspected", "2025-03-20"), incident("determined", ENDS)]
    # 1 April and 3 days
    assert shown(only(rules, given, "2025-04-02")) == ("open", "2025-04-05T00:00:00Z", None)


# Several amendments


def adopted(version: str, on: str) -> Given:
    return event("policy.adopted", on, developer="Acme", policy="acme", version=version)


def test_each_span_of_a_version_that_comes_back_is_treated_by_itself() -> None:
    rules = [duty(DEPLOYED, "within: 30 days"), duty(DEPLOYED, "within: 60 days", version="2")]
    given = [
        adopted("1", "2025-01-01T00:00:00Z"),
        adopted("2", "2025-02-01T00:00:00Z"),
        adopted("1", "2025-03-01T00:00:00Z"),
        deployed("2025-01-20"),
        deployed("2025-02-20"),
        deployed("2025-03-20"),
    ]
    # each is still open when the next version comes, but for the last: 20 March and 30 days are 19 April
    assert [shown(one)[:2] for one in instances(rules, given, "2025-04-20T00:00:00Z")] == [
        ("superseded", "2025-02-20T00:00:00Z"),
        ("superseded", "2025-04-22T00:00:00Z"),
        ("overdue", "2025-04-20T00:00:00Z"),
    ]


def test_a_version_that_is_adopted_again_goes_on() -> None:
    rules = duty(DEPLOYED, "within: 30 days")
    given = [adopted("1", "2025-01-01T00:00:00Z"), adopted("1", "2025-03-25"), UPON]
    check_flip(rules, given, at="2025-04-20T00:00:00Z", becomes=("open", "overdue"))
    assert findings(rules, given, "2025-04-20") == []


def test_an_adoption_after_the_time_asked_about_supersedes_nothing_yet() -> None:
    rules = [duty(DEPLOYED, "within: 30 days"), duty(DEPLOYED, version="2")]
    given = [adopted("1", "2025-01-01T00:00:00Z"), adopted("2", "2025-04-01T00:00:00Z"), UPON]
    assert states(rules, given, "2025-03-25", known_at="2026-01-01") == [("m", "open")]


def test_two_versions_that_come_into_force_at_one_instant_are_refused() -> None:
    rules = [duty(DEPLOYED, "within: 3 days"), duty(DEPLOYED, "within: 5 days", version="2")]
    with pytest.raises(Refused, match="come into force at the same instant"):
        report(rules, [UPON], "2025-06-01")


def test_before_any_version_is_in_force_nothing_is_answered() -> None:
    with pytest.raises(Refused, match="is in force at 2024-12-31T23:59:59Z"):
        report(duty(DEPLOYED), [], "2024-12-31T23:59:59Z")
    assert states(duty(DEPLOYED), [], "2025-01-01T00:00:00Z", known_at="2026-01-01") == [("Acme", "not-triggered")]


# Clocks that begin anew

MONTHLY: Final = ("for: each model", "every: {time: 3 months}", "within: 10 days")


def test_a_running_period_that_another_version_begins_anew_is_a_finding() -> None:
    rules = two(*MONTHLY)
    # it ran from 2 January to 2 April; now from 1 April to 1 July
    assert running(rules, [], ENDS) == "2025-07-02T00:00:00Z"
    assert findings(rules, [], just_before(ENDS)) == []
    assert findings(rules, [], ENDS) == ["clock-restarted"]


@pytest.mark.parametrize(
    "second",
    [
        pytest.param((DEPLOYED,), id="it no more recurs"),
        pytest.param(("for: each model", "every: {growth: 4x}", "within: 10 days"), id="by growth"),
    ],
)
def test_only_a_period_that_begins_anew_is_one(second: tuple[str, ...]) -> None:
    expected = ["clock-restarted"] if "growth" in str(second) else []
    given = [compute("2025-01-02T12:00:00Z", "1e24 FLOP")]
    assert findings(two(*MONTHLY, second=second), given, "2025-04-10") == expected


def test_a_period_that_is_over_is_superseded_and_does_not_begin_anew() -> None:
    rules = two("for: each model", "every: {time: 1 month}", "within: 3 months")
    # open since 3 February with time until 2 May
    assert findings(rules, [], "2025-04-10") == ["duty-superseded"]


def test_a_period_that_its_trigger_had_ended_does_not_begin_anew() -> None:
    rules = two("when: {judged: frontier, by: rso}", *MONTHLY)
    given = [judged("2025-01-02T12:00:00Z", "frontier"), judged("2025-02-01", "frontier", value=False)]
    assert findings(rules, given, "2025-04-10") == []


def test_the_first_version_restarts_nothing() -> None:
    assert findings(duty(*MONTHLY), [], "2025-04-02") == []


# Several policies


def test_each_policy_has_its_own_instances_and_versions() -> None:
    ours = duty(DEPLOYED, "within: 30 days", name="ours")
    theirs = [
        duty(DEPLOYED, "within: 30 days", name="theirs"),
        duty(DEPLOYED, name="theirs", version="2", effective="2025-04-01"),
    ]
    found: list[tuple[str, Any]] = [
        (one.policy.id, one.state.value) for one in report([ours, *theirs], [UPON], "2025-04-10").duties
    ]
    assert found == [("ours", "open"), ("theirs", "superseded"), ("theirs", "not-triggered")]


def test_a_performance_of_a_duty_that_several_policies_have_completes_it_in_each() -> None:
    rules = [duty(DEPLOYED, "within: 30 days", name=name) for name in ("ours", "theirs")]
    given = [UPON, performed("2025-03-21")]
    assert [one.state.value for one in report(rules, given, "2025-04-10").duties] == ["done", "done"]
    # and where one of them has nothing open it is of something all the same
    closed = [rules[0], duty("when: {event: training.started}", name="theirs")]
    assert findings(closed, given, "2025-04-10") == []
