"""Duties of laws: `applies-to` is part of every trigger, and each developer's facts are its own (LANGUAGE 1, 4.5)."""

from __future__ import annotations

from typing import Any, Final

import pytest

from interlock.policy import Policy
from tests.engine.cases import PLAN, Given, event, judged, registered
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
    running,
    shown,
    states,
    triggered,
)

OPENS: Final = ("not-triggered", "open")
OVERDUE: Final = ("open", "overdue")
ANY_MODEL: Final = "applies-to: {quantity: training-compute, of: any-model, more-than: 1e26 FLOP}\n"
APPLIES: Final = "applies-to: {quantity: training-compute, more-than: 1e26 FLOP}\n"
LARGE, SMALL = "2e26 FLOP", "1e25 FLOP"


def law(*lines: str, applies: str = APPLIES, more: str = "") -> Policy:
    return duty(*lines, more=applies + more, issuer="State")


def measured(value: str, on: str = "2025-01-02T12:00:00Z", **about: Any) -> Given:
    return event("quantity.measured", on, quantity="training-compute", value=value, **about)


UPON: Final = ("when: {event: model.deployed}", "within: 3 days")


# Whom it binds


def test_a_law_binds_models_of_any_developer() -> None:
    given = [
        measured(LARGE),
        registered("theirs", developer="Other"),
        measured(LARGE, model="theirs"),
        deployed("2025-03-01"),
        deployed("2025-03-01", model="theirs"),
    ]
    assert states(law(*UPON), given, "2025-03-02") == [("m", "open"), ("theirs", "open")]


def test_whom_it_does_not_apply_to_it_asks_nothing_of() -> None:
    given = [measured(SMALL), deployed("2025-03-01")]
    assert instances(law(*UPON), given, "2026-01-01") == []
    assert only(law(*UPON), [measured(LARGE), deployed("2025-03-01")], "2025-03-02").state.value == "open"


@pytest.mark.parametrize(("burden", "state"), [("developer", "open"), ("challenger", "unknown")])
def test_where_it_is_unknown_whether_it_applies_the_duty_is_in_doubt(burden: str, state: str) -> None:
    rules = law(*UPON, more=f"burden-of-proof: {burden}\n")
    assert shown(only(rules, [deployed("2025-03-01")], "2026-01-01")) == (state, None, None)


def test_once_it_applies_the_events_before_it_open_and_their_time_counts_from_then() -> None:
    given = [measured(SMALL), deployed("2025-03-01"), measured(LARGE, "2025-04-01")]
    assert triggered(law(*UPON), given, "2025-04-01") == "2025-04-01T12:00:00Z"
    # 1 April and 3 days
    check_flip(law(*UPON), given, at="2025-04-05T00:00:00Z", becomes=OVERDUE)


def test_in_doubt_from_the_event_on_and_certain_once_it_applies() -> None:
    given = [deployed("2025-03-01"), measured(LARGE, "2025-04-01")]
    assert shown(only(law(*UPON), given, "2025-03-31")) == ("open", None, None)
    check_flip(law(*UPON), given, at="2025-04-05T00:00:00Z", becomes=OVERDUE)
    done = [*given, performed("2025-03-10")]
    assert shown(only(law(*UPON), done, "2025-06-01"))[0] == "done"


def test_once_opened_it_does_not_close_when_the_law_applies_no_more() -> None:
    given = [measured(LARGE), deployed("2025-03-01"), measured(SMALL, "2025-03-02")]
    check_flip(law(*UPON), given, at="2025-03-05T00:00:00Z", becomes=OVERDUE)


def test_an_event_opens_once_however_often_the_law_comes_to_apply() -> None:
    given = [
        measured(LARGE),
        deployed("2025-03-01"),
        measured(SMALL, "2025-03-02"),
        measured(LARGE, "2025-03-03"),
    ]
    assert triggered(law(*UPON), given, "2025-06-01") == "2025-03-01T12:00:00Z"


def test_a_condition_rises_with_the_law() -> None:
    rules = law("when: {judged: risky, by: rso}", "within: 3 days")
    given = [measured(SMALL), judged("2025-02-01", "risky"), measured(LARGE, "2025-04-01")]
    check_flip(rules, given, at="2025-04-01T12:00:00Z", becomes=OPENS)
    check_flip(rules, given, at="2025-04-05T00:00:00Z", becomes=OVERDUE)


def test_periods_run_while_the_law_applies() -> None:
    rules = law("for: each model", "every: {time: 6 months}", "within: 30 days")
    given = [measured(SMALL), measured(LARGE, "2025-04-01")]
    # 6 months from 1 April
    check_flip(rules, given, at="2025-10-02T00:00:00Z", becomes=OPENS)
    ended = [*given, measured(SMALL, "2025-06-01")]
    assert states(rules, ended, "2026-06-01") == [("m", "not-triggered")]


def test_a_duty_of_each_developer_is_one_for_every_developer_of_a_model() -> None:
    rules = law("for: developer", *UPON, applies=ANY_MODEL)
    given = [
        measured(LARGE),
        registered("theirs", developer="Other"),
        measured(LARGE, model="theirs"),
        deployed("2025-03-01", model="theirs"),
    ]
    assert dict(states(rules, given, "2025-03-02")) == {"Acme": "not-triggered", "Other": "open"}
    done = [*given, performed("2025-03-02", developer="Acme")]
    assert dict(states(rules, done, "2025-03-02")) == {"Acme": "not-triggered", "Other": "open"}
    done = [*given, performed("2025-03-02", developer="Other")]
    assert dict(states(rules, done, "2025-03-02")) == {"Acme": "not-triggered", "Other": "done"}


def test_one_developers_model_does_not_make_the_law_apply_to_another() -> None:
    rules = law("for: developer", *UPON, applies=ANY_MODEL)
    given = [
        measured(SMALL),
        registered("theirs", developer="Other"),
        measured(LARGE, model="theirs"),
        deployed("2025-03-01"),
    ]
    assert instances(rules, given, "2026-03-02") == []


# Each developer's own

BOTH_LARGE: Final = [measured(LARGE), registered("theirs", developer="Other"), measured(LARGE, model="theirs")]


def test_incidents_of_two_developers_with_the_same_id_are_two() -> None:
    """An incident must not hide another one that a developer happened to give the same name."""
    rules = law("for: each incident", "when: {event: incident.discovered}", "within: 3 days")
    given = [
        *BOTH_LARGE,
        incident("discovered", "2025-03-01", "i1", model="theirs"),
        incident("discovered", "2025-03-03", "i1"),
    ]
    assert {str(one.subject.model): shown(one)[1] for one in instances(rules, given, "2025-03-04")} == {
        "theirs": "2025-03-05T00:00:00Z",
        "m": "2025-03-07T00:00:00Z",
    }
    # nor complete it
    done = [*given, performed("2025-03-04", model="theirs")]
    assert {str(one.subject.model): one.state.value for one in instances(rules, done, "2025-03-04")} == {
        "m": "open",
        "theirs": "done",
    }


def test_the_clock_of_one_developers_incident_is_not_anothers() -> None:
    rules = law("when: {event: incident.determined}", "within: 72 hours", "clock: suspicion")
    given = [
        *BOTH_LARGE,
        incident("suspected", "2025-02-01", "i1", model="theirs"),
        incident("suspected", "2025-03-01T00:00:00Z", "i1"),
        incident("determined", "2025-03-02", "i1"),
    ]
    assert due(rules, given, "2025-03-03") == "2025-03-04T00:00:00Z"


def test_a_document_that_two_developers_submit_with_the_same_digest_is_two() -> None:
    rules = law("for: each document report", "when: {event: document.submitted, document: report}", "within: 3 days")
    given = [
        *BOTH_LARGE,
        event("document.submitted", "2025-03-01", document="report", digest=PLAN, model="theirs"),
        event("document.submitted", "2025-03-03", document="report", digest=PLAN),
    ]
    assert len(instances(rules, given, "2025-03-04")) == 2


def test_an_incident_of_the_world_concerns_every_developer() -> None:
    rules = law(
        "for: each incident", "when: {event: incident.discovered, of: world}", "within: 3 days", applies=ANY_MODEL
    )
    given = [*BOTH_LARGE, incident("discovered", "2025-03-01", world=True)]
    found = instances(rules, given, "2025-03-02")
    assert sorted(str(one.subject.developer) for one in found) == ["Acme", "Other"]


def test_any_model_in_a_trigger_means_the_developers_own() -> None:
    rules = law("for: each model", "when: {event: incident.discovered, of: any-model}", "within: 3 days")
    given = [*BOTH_LARGE, incident("discovered", "2025-03-01", model="theirs")]
    assert dict(states(rules, given, "2025-03-02")) == {"theirs": "open", "m": "not-triggered"}


def test_by_default_periods_of_time_alone_are_each_developers() -> None:
    rules = law(
        "every: {time: 6 months}",
        "within: 30 days",
        applies=ANY_MODEL,
    )
    assert dict(states(rules, BOTH_LARGE, "2025-03-01")) == {"Acme": "not-triggered", "Other": "not-triggered"}
    ours = [measured(LARGE)]
    # before there is a registered model it is unknown whether the law applies: the period runs from 1 January
    assert running(rules, ours, "2025-03-01") == "2025-07-02T00:00:00Z"


def test_a_law_without_a_developer_to_bind_asks_nothing() -> None:
    assert states(law(*UPON), [], "2025-03-01", registers=False) == [("State", "not-triggered")]
    assert findings(law(*UPON), [], "2025-03-01", registers=False) == []
