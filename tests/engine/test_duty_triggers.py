"""Triggers of one-off duties: rises, events, and what is unknown under either burden of proof (LANGUAGE 4.5, 9)."""

from __future__ import annotations

from typing import Final

import pytest

from interlock.policy import Policy
from tests.engine.cases import Given, event, judged, registered
from tests.engine.duty_cases import (
    PUBLIC,
    WIDE,
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
    shown,
    states,
    triggered,
)

OPENS: Final = ("not-triggered", "open")
OVERDUE: Final = ("open", "overdue")
REGISTERED: Final = "2025-01-02T12:00:00Z"
BURDENS: Final = [("developer", "open"), ("challenger", "unknown")]


def upon(when: str, *lines: str, burden: str = "developer", **more: str) -> Policy:
    return duty(f"when: {when}", "within: 3 days", *lines, more=f"burden-of-proof: {burden}\n", **more)


RISKY: Final = "{judged: risky, by: rso}"


def risky(on: str, *, value: bool = True) -> Given:
    return judged(on, "risky", value=value)


# Rises


def test_it_opens_when_its_condition_becomes_true() -> None:
    given = [risky("2025-01-02T12:00:00Z", value=False), risky("2025-03-01")]
    rules = upon(RISKY)
    check_flip(rules, given, at="2025-03-01T12:00:00Z", becomes=OPENS)
    assert (triggered(rules, given, "2025-03-01"), due(rules, given, "2025-03-01")) == (
        "2025-03-01T12:00:00Z",
        "2025-03-05T00:00:00Z",
    )
    check_flip(rules, given, at="2025-03-05T00:00:00Z", becomes=OVERDUE)


def test_it_opens_at_the_start_where_its_condition_is_true_already() -> None:
    before = [registered(on="2024-06-01"), judged("2024-06-02", "risky")]
    assert triggered(upon(RISKY), before, "2025-01-02", registers=False) == "2025-01-01T00:00:00Z"


def test_what_stays_true_opens_nothing_more() -> None:
    given = [risky("2025-03-01"), risky("2025-03-02"), risky("2025-03-03")]
    assert triggered(upon(RISKY), given, "2025-06-01") == "2025-03-01T12:00:00Z"


def test_each_rise_opens_an_instance() -> None:
    given = [risky("2025-03-01"), risky("2025-03-02", value=False), risky("2025-03-03")]
    found = instances(upon(RISKY), given, "2025-03-05T00:00:00Z")
    assert [shown(one) for one in found] == [
        ("overdue", "2025-03-05T00:00:00Z", "PT0S"),
        ("open", "2025-03-07T00:00:00Z", None),
    ]


def test_what_opened_stays_due_after_its_trigger_has_become_false() -> None:
    given = [risky("2025-03-01"), risky("2025-03-02", value=False)]
    check_flip(upon(RISKY), given, at="2025-03-05T00:00:00Z", becomes=OVERDUE)


def test_what_opened_stays_due_after_the_evidence_for_its_trigger_has_gone_stale() -> None:
    rules = upon("{judged: risky, by: rso, fresh: 2 days}")
    # stale from noon of 3 March: unknown again, which puts a second instance in doubt beside the first
    given = [risky("2025-03-01")]
    check_flip(rules, given, at="2025-03-03T12:00:00Z", becomes=(None, "open"))
    check_flip(rules, given, at="2025-03-05T00:00:00Z", becomes=OVERDUE)


def test_a_condition_may_become_true_by_time_alone() -> None:
    rules = duty("when: {not: {published: report, within-last: 30 days}}", "for: each model", "within: 3 days")
    given = [event("document.published", "2025-01-02T12:00:00Z", document="report", digest=f"sha256:{'a' * 64}")]
    # too old at noon, 30 days later
    check_flip(rules, given, at="2025-02-01T12:00:00Z", becomes=OPENS)
    check_flip(rules, given, at="2025-02-05T00:00:00Z", becomes=OVERDUE)


# Unknown


@pytest.mark.parametrize(("burden", "state"), BURDENS)
def test_while_its_trigger_is_unknown_it_is_open_or_unknown_from_the_start_and_never_due(
    burden: str, state: str
) -> None:
    rules = upon(RISKY, burden=burden)
    assert triggered(rules, [], REGISTERED) == REGISTERED
    for as_of in (REGISTERED, "2025-06-01", "9999-12-31"):
        standing = only(rules, [], as_of)
        assert (shown(standing), standing.reason) == ((state, None, None), "trigger-unknown")


@pytest.mark.parametrize(("burden", "state"), BURDENS)
def test_once_its_trigger_is_true_it_is_due_from_then(burden: str, state: str) -> None:
    rules, given = upon(RISKY, burden=burden), [risky("2025-03-01")]
    assert shown(only(rules, given, just_before("2025-03-01T12:00:00Z"))) == (state, None, None)
    assert shown(only(rules, given, "2025-03-01T12:00:00Z")) == ("open", "2025-03-05T00:00:00Z", None)
    check_flip(rules, given, at="2025-03-05T00:00:00Z", becomes=OVERDUE)


@pytest.mark.parametrize(("burden", "state"), BURDENS)
def test_once_its_trigger_is_false_it_is_gone(burden: str, state: str) -> None:
    given = [risky("2025-03-01", value=False)]
    check_flip(upon(RISKY, burden=burden), given, at="2025-03-01T12:00:00Z", becomes=(state, "not-triggered"))


@pytest.mark.parametrize(("burden", "state"), BURDENS)
def test_done_while_its_trigger_is_unknown_it_is_done(burden: str, state: str) -> None:
    rules, given = upon(RISKY, burden=burden), [performed("2025-02-01T12:00:00Z")]
    check_flip(rules, given, at="2025-02-01T12:00:00Z", becomes=(state, "done"))
    assert shown(only(rules, given, "9999-01-01")) == ("done", None, None)


@pytest.mark.parametrize(("burden", "_state"), BURDENS)
def test_what_was_done_in_doubt_is_done_when_the_trigger_turns_out_true_and_needs_no_second_time(
    burden: str, _state: str
) -> None:
    rules, given = upon(RISKY, burden=burden), [performed("2025-02-01"), risky("2025-03-01")]
    assert shown(only(rules, given, "2026-01-01")) == ("done", "2025-03-05T00:00:00Z", None)
    assert findings(rules, given, "2026-01-01") == []


def test_what_was_done_in_doubt_is_of_nothing_when_the_trigger_turns_out_false() -> None:
    given = [performed("2025-02-01"), risky("2025-03-01", value=False)]
    assert states(upon(RISKY), given, "2025-02-28") == [("m", "done")]
    assert states(upon(RISKY), given, "2025-03-02") == [("m", "not-triggered")]
    assert findings(upon(RISKY), given, "2025-03-02") == ["performance-of-nothing"]


def test_after_doubt_a_performance_before_the_doubt_began_does_not_count() -> None:
    given = [risky("2025-01-02T12:00:00Z", value=False), performed("2025-01-10"), risky("2025-03-01")]
    assert only(upon(RISKY), given, "2025-03-02").state.value == "open"


@pytest.mark.parametrize(("burden", "state"), BURDENS)
def test_contradicting_words_at_one_instant_leave_it_in_doubt_and_not_untriggered(burden: str, state: str) -> None:
    given = [
        risky("2025-03-01", value=True),
        risky("2025-03-01", value=False),
    ]
    assert states(upon(RISKY, burden=burden), given, "2025-06-01") == [("m", state)]


def test_unknown_then_true_then_unknown_then_true_opens_twice_and_dates_each_from_its_own_rise() -> None:
    given = [risky("2025-03-01"), risky("2025-03-10")]
    rules = upon("{judged: risky, by: rso, fresh: 2 days}")
    found = instances(rules, given, "2025-03-10")
    assert [shown(one)[:2] for one in found] == [
        ("overdue", "2025-03-05T00:00:00Z"),
        ("open", "2025-03-14T00:00:00Z"),
    ]


# Events


def test_an_event_that_does_not_state_what_is_asked_leaves_it_in_doubt_for_good() -> None:
    rules = upon("{event: incident.discovered, severity: critical}")
    given = [incident("discovered", "2025-03-01")]
    assert shown(only(rules, given, "9999-01-01")) == ("open", None, None)
    challenged = upon("{event: incident.discovered, severity: critical}", burden="challenger")
    assert shown(only(challenged, given, "9999-01-01")) == ("unknown", None, None)
    assert only(rules, [*given, performed("2025-03-02")], "2025-03-03").state.value == "done"


def test_an_event_that_states_something_else_opens_nothing() -> None:
    rules = upon("{event: incident.discovered, severity: critical}")
    assert instances(rules, [incident("discovered", "2025-03-01", severity="low")], "2025-03-02") == []
    assert len(instances(rules, [incident("discovered", "2025-03-01", severity="critical")], "2025-03-02")) == 1


@pytest.mark.parametrize(
    ("class_", "opens"),
    [
        ("deploy.internal.research", False),
        (WIDE, False),
        ("deploy.external.trusted", False),
        ("deploy.external.limited", True),
        (PUBLIC, True),
        ("release-weights", True),
    ],
)
def test_a_class_at_least_is_met_by_that_class_and_wider_ones(class_: str, *, opens: bool) -> None:
    rules = upon("{event: model.deployed, class-at-least: deploy.external.limited}")
    assert bool(instances(rules, [deployed("2025-03-01", class_)], "2025-03-02")) is opens


def test_two_events_at_one_instant_open_two_instances() -> None:
    given = [deployed("2025-03-01"), deployed("2025-03-01", PUBLIC)]
    rules = upon("{event: model.deployed}")
    assert states(rules, given, "2025-03-02") == [("m", "open"), ("m", "open")]
    assert states(rules, [*given, performed("2025-03-02")], "2025-03-02") == [("m", "done"), ("m", "open")]


def test_the_same_event_written_twice_opens_two_instances() -> None:
    """A record that says it twice says it twice: what happened once is to be corrected there."""
    assert len(instances(upon("{event: model.deployed}"), [deployed("2025-03-01")] * 2, "2025-03-02")) == 2


def test_an_event_before_the_version_is_in_force_opens_nothing() -> None:
    rules = upon("{event: model.deployed}", effective="2025-03-02")
    assert instances(rules, [deployed("2025-03-01T23:59:59.999999Z")], "2025-03-03") == []
    assert len(instances(rules, [deployed("2025-03-02T00:00:00Z")], "2025-03-03")) == 1


def test_the_age_of_a_triggering_event_is_not_asked() -> None:
    """Each event opens its own instance once, however old it will be."""
    rules = upon("{event: model.deployed, within-last: 1 day}")
    check_flip(rules, [deployed("2025-03-01")], at="2025-03-05T00:00:00Z", becomes=OVERDUE)
    assert len(instances(rules, [deployed("2025-03-01")], "2026-01-01")) == 1


def test_an_event_among_other_conditions_is_a_condition_and_opens_at_its_rise() -> None:
    rules = upon("{all: [{event: model.deployed}, {judged: risky, by: rso}]}")
    given = [deployed("2025-02-01"), deployed("2025-02-10"), risky("2025-03-01")]
    # in doubt from the first deployment on, certain on 1 March; not once for each deployment
    assert shown(only(rules, given, "2025-03-02")) == ("open", "2025-03-05T00:00:00Z", None)


# Recurring, with an unknown trigger


@pytest.mark.parametrize(("burden", "state"), BURDENS)
def test_a_recurring_duty_opens_in_doubt_and_is_due_from_when_its_trigger_is_true(burden: str, state: str) -> None:
    rules = duty(
        f"when: {RISKY}",
        "for: each model",
        "every: {time: 1 month}",
        "within: 3 days",
        more=f"burden-of-proof: {burden}\n",
    )
    # a month from 2 January ends with 2 February
    check_flip(rules, [], at="2025-02-03T00:00:00Z", becomes=("not-triggered", state))
    assert shown(only(rules, [], "2030-01-01")) == (state, None, None)
    given = [risky("2025-03-01")]
    # 1 March and 3 days, not 2 February and 3 days
    assert shown(only(rules, given, "2025-03-01")) == ("open", "2025-03-05T00:00:00Z", None)
    check_flip(rules, given, at="2025-03-05T00:00:00Z", becomes=OVERDUE)
    check_flip(rules, [risky("2025-03-01", value=False)], at="2025-03-01T12:00:00Z", becomes=(state, "not-triggered"))


def test_a_recurring_duty_without_a_time_to_do_it_is_overdue_when_its_trigger_becomes_true() -> None:
    rules = duty(f"when: {RISKY}", "for: each model", "every: {time: 1 month}")
    check_flip(rules, [risky("2025-03-01")], at="2025-03-01T12:00:00Z", becomes=OVERDUE)


def test_a_recurring_duty_done_in_doubt_is_done_and_starts_the_next_period() -> None:
    rules = duty(f"when: {RISKY}", "for: each model", "every: {time: 1 month}", "within: 3 days")
    given = [performed("2025-02-10")]
    assert states(rules, given, "2025-02-11") == [("m", "done"), ("m", "not-triggered")]
    # what was done stays so when the trigger turns out true or false
    for value in (True, False):
        later = [*given, risky("2025-02-20", value=value)]
        assert states(rules, later, "2025-02-21")[0] == ("m", "done")
    assert findings(rules, [*given, risky("2025-02-20", value=False)], "2025-02-21") == []
