"""What completes a duty: performances, oldest first, and conditions (LANGUAGE 4.5 and 9)."""

from __future__ import annotations

from typing import Final

import pytest

from interlock.policy import Policy
from tests.engine.cases import PLAN, Given, event, judged, registered
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
    running,
    shown,
    states,
)

UPON: Final = duty("when: {event: model.deployed}", "within: 3 days")
PUBLISHED: Final = event("document.published", "2025-03-02", document="report", digest=PLAN)
TWICE: Final = [deployed("2025-03-01"), deployed("2025-03-02")]


def done_when(condition: str, *lines: str, **more: str) -> Policy:
    return duty("when: {event: model.deployed}", "within: 3 days", f"done-when: {condition}", *lines, **more)


# Performances


def test_a_performance_at_the_very_instant_of_the_opening_completes_it() -> None:
    given = [deployed("2025-03-01"), performed("2025-03-01")]
    assert shown(only(UPON, given, "2025-03-01"))[0] == "done"
    # wherever it stands in the file
    assert shown(only(UPON, given[::-1], "2025-03-01"))[0] == "done"


def test_a_performance_just_before_the_opening_completes_nothing() -> None:
    given = [performed(just_before("2025-03-01T12:00:00Z")), deployed("2025-03-01")]
    check_flip(UPON, given, at="2025-03-05T00:00:00Z", becomes=("open", "overdue"))
    assert findings(UPON, given, "2025-03-05") == ["performance-of-nothing"]


def test_one_performance_completes_the_oldest_open_instance() -> None:
    assert [one.state.value for one in instances(UPON, [*TWICE, performed("2025-03-03")], "2025-03-03")] == [
        "done",
        "open",
    ]
    twice = [*TWICE, performed("2025-03-03"), performed("2025-03-04")]
    assert [one.state.value for one in instances(UPON, twice, "2025-03-04")] == ["done", "done"]


def test_an_overdue_instance_is_the_oldest_and_is_completed_before_the_one_that_is_in_time() -> None:
    given = [deployed("2025-03-01"), deployed("2025-03-10"), performed("2025-03-11")]
    assert [one.state.value for one in instances(UPON, given, "2025-03-11")] == ["done-late", "open"]


def test_two_performances_at_one_instant_complete_two() -> None:
    given = [*TWICE, performed("2025-03-03"), performed("2025-03-03")]
    assert [one.state.value for one in instances(UPON, given, "2025-03-03")] == ["done", "done"]
    assert findings(UPON, given, "2025-03-03") == []


def test_a_performance_too_many_completes_nothing_and_is_not_saved() -> None:
    given = [deployed("2025-03-01"), performed("2025-03-02"), performed("2025-03-02"), deployed("2025-03-03")]
    assert [one.state.value for one in instances(UPON, given, "2025-03-04")] == ["done", "open"]
    assert findings(UPON, given, "2025-03-04") == ["performance-of-nothing"]


def test_a_performance_of_another_duty_or_of_another_subject_completes_nothing() -> None:
    opened = [registered("m2"), deployed("2025-03-01")]
    for other in (
        performed("2025-03-02", "other"),
        performed("2025-03-02", model="m2"),
        performed("2025-03-02", developer="Acme"),
        performed("2025-03-02", developer="Other"),
        performed("2025-03-02", world=True),
    ):
        assert only(UPON, [*opened, other], "2025-03-03").state.value == "open", other


def test_a_performance_about_the_weights_of_the_model_is_about_the_model() -> None:
    given = [deployed("2025-03-01"), performed("2025-03-02", weights=PLAN)]
    assert only(UPON, given, "2025-03-03").state.value == "done"


def test_a_duty_of_the_developer_is_performed_by_the_developer_and_not_about_a_model() -> None:
    rules = duty("for: developer", "when: {event: model.deployed}", "within: 3 days")
    assert only(rules, [deployed("2025-03-01"), performed("2025-03-02")], "2025-03-03").state.value == "open"
    by_developer = [deployed("2025-03-01"), performed("2025-03-02", developer="Acme")]
    assert only(rules, by_developer, "2025-03-03").state.value == "done"


# A named instance

EACH: Final = duty("for: each incident", "when: {event: incident.discovered}", "within: 3 days")
INCIDENTS: Final = [incident("discovered", "2025-03-01", "i1"), incident("discovered", "2025-03-02", "i2")]


def test_a_performance_that_names_its_instance_completes_that_one() -> None:
    given = [*INCIDENTS, performed("2025-03-03", instance="i2")]
    assert states(EACH, given, "2025-03-03") == [("i1", "open"), ("i2", "done")]


def test_a_performance_that_names_no_instance_that_is_open_completes_none() -> None:
    given = [*INCIDENTS, performed("2025-03-03", instance="i9")]
    assert states(EACH, given, "2025-03-03") == [("i1", "open"), ("i2", "open")]
    assert findings(EACH, given, "2025-03-03") == ["performance-of-nothing"]
    again = [*INCIDENTS, performed("2025-03-03", instance="i2"), performed("2025-03-03", instance="i2")]
    assert states(EACH, again, "2025-03-03") == [("i1", "open"), ("i2", "done")]
    assert findings(EACH, again, "2025-03-03") == ["performance-of-nothing"]


def test_a_named_instance_of_another_subject_is_not_completed() -> None:
    given = [*INCIDENTS, registered("m2"), performed("2025-03-03", model="m2", instance="i2")]
    assert states(EACH, given, "2025-03-03") == [("i1", "open"), ("i2", "open")]


def test_one_queue_holds_all_instances_of_a_subject() -> None:
    given = [*INCIDENTS, incident("discovered", "2025-03-01", "i0", developer="Acme"), performed("2025-03-03")]
    found = dict(states(EACH, given, "2025-03-03"))
    assert found == {"i0": "open", "i1": "done", "i2": "open"}


# Conditions that complete


def test_a_condition_completes_at_the_first_instant_at_which_it_is_true() -> None:
    rules = done_when("{published: report}")
    given = [deployed("2025-03-01"), PUBLISHED]
    check_flip(rules, given, at="2025-03-02T12:00:00Z", becomes=("open", "done"))
    done = only(rules, given, "2025-06-01").done
    assert done is not None
    assert done.isoformat() == "2025-03-02T12:00:00+00:00"


def test_a_condition_that_is_true_at_the_opening_completes_it_then() -> None:
    rules = done_when("{published: report}")
    given = [PUBLISHED, deployed("2025-03-10")]
    assert shown(only(rules, given, "2025-03-10"))[0] == "done"


def test_a_condition_that_was_true_and_is_no_more_at_the_opening_does_not_complete_it() -> None:
    rules = done_when("{judged: reviewed, by: rso}")
    given = [
        judged("2025-02-01", "reviewed"),
        judged("2025-02-10", "reviewed", value=False),
        deployed("2025-03-01"),
    ]
    check_flip(rules, given, at="2025-03-05T00:00:00Z", becomes=("open", "overdue"))


def test_what_a_condition_completed_stays_done_when_the_condition_fails() -> None:
    rules = done_when("{judged: reviewed, by: rso}")
    given = [deployed("2025-03-01"), judged("2025-03-02", "reviewed"), judged("2025-03-03", "reviewed", value=False)]
    assert shown(only(rules, given, "2026-01-01"))[0] == "done"


def test_a_condition_completes_every_open_instance() -> None:
    rules = done_when("{judged: reviewed, by: rso}")
    given = [*TWICE, judged("2025-03-03", "reviewed")]
    assert [one.state.value for one in instances(rules, given, "2025-03-03")] == ["done", "done"]


def test_an_unknown_condition_completes_nothing() -> None:
    rules = done_when("{judged: reviewed, by: rso}")
    contradicted = [
        deployed("2025-03-01"),
        judged("2025-03-02", "reviewed"),
        judged("2025-03-02", "reviewed", value=False),
    ]
    for given in ([deployed("2025-03-01")], contradicted):
        check_flip(rules, given, at="2025-03-05T00:00:00Z", becomes=("open", "overdue"))


def test_a_condition_may_come_true_by_time_alone() -> None:
    rules = done_when("{published: report, for-at-least: 30 hours}")
    given = [deployed("2025-03-01"), PUBLISHED]
    # published at noon of the 2nd: 30 hours on it is 18:00 of the 3rd, in time before the 5th
    check_flip(rules, given, at="2025-03-03T18:00:00Z", becomes=("open", "done"))
    late = done_when("{published: report, for-at-least: 100 hours}")
    check_flip(late, given, at="2025-03-05T00:00:00Z", becomes=("open", "overdue"))
    # 100 hours from noon of the 2nd are over at 16:00 of the 6th
    check_flip(late, given, at="2025-03-06T16:00:00Z", becomes=("overdue", "done-late"))


def test_a_publication_that_has_not_stood_for_long_enough_completes_nothing_by_not_having_stood() -> None:
    rules = duty(
        "for: developer", "every: {time: 3 months}", "done-when: {not: {published: report, for-at-least: 30 days}}"
    )
    assert states(rules, [PUBLISHED], "2025-03-20") == [("Acme", "not-triggered")]


def test_a_performance_and_a_condition_at_one_instant_complete_it_once() -> None:
    rules = done_when("{judged: reviewed, by: rso}")
    given = [deployed("2025-03-01"), judged("2025-03-02", "reviewed"), performed("2025-03-02")]
    assert shown(only(rules, given, "2025-03-02"))[0] == "done"
    assert findings(rules, given, "2025-03-02") == []


@pytest.mark.parametrize("order", [1, -1])
def test_at_the_due_instant_the_condition_is_too_late(order: int) -> None:
    rules = done_when("{judged: reviewed, by: rso}")
    given = [deployed("2025-03-01"), judged("2025-03-05T00:00:00Z", "reviewed")][::order]
    assert shown(only(rules, given, "2025-03-05T00:00:00Z")) == ("done-late", "2025-03-05T00:00:00Z", "PT0S")
    before = [deployed("2025-03-01"), judged(just_before("2025-03-05T00:00:00Z"), "reviewed")]
    assert shown(only(rules, before, "2025-03-05T00:00:00Z"))[0] == "done"


# Performance of nothing


@pytest.mark.parametrize(
    ("given", "found"),
    [
        pytest.param([performed("2025-03-01")], ["performance-of-nothing"], id="nothing opened"),
        pytest.param([deployed("2025-03-01"), performed("2025-03-02")], [], id="of an open instance"),
        pytest.param([deployed("2025-03-01"), performed("2025-04-02")], [], id="of an overdue instance"),
        pytest.param(
            [deployed("2025-03-01"), performed("2025-03-02", developer="Acme")],
            ["performance-of-nothing"],
            id="by the developer, of a model's duty",
        ),
        pytest.param(
            [deployed("2025-03-01"), performed("2025-03-02", world=True)],
            ["performance-of-nothing"],
            id="about the world",
        ),
        pytest.param([performed("2026-03-01")], [], id="after the time asked about"),
        pytest.param([performed("2024-12-31")], [], id="before the version was in force"),
    ],
)
def test_a_performance_that_completed_nothing_is_a_finding(given: list[Given], found: list[str]) -> None:
    assert findings(UPON, given, "2025-06-01", known_at="2027-01-01") == found


def test_an_early_performance_of_a_recurring_duty_is_of_something() -> None:
    rules = duty("for: each model", "every: {time: 6 months}", "within: 30 days")
    assert findings(rules, [performed("2025-03-01")], "2025-06-01") == []
    assert running(rules, [performed("2025-03-01")], "2025-06-01") == "2025-09-02T00:00:00Z"


def test_a_performance_of_a_duty_that_no_policy_has_speaks_to_nothing() -> None:
    assert findings(UPON, [performed("2025-03-01", "dd")], "2025-06-01") == ["speaks-to-nothing"]
