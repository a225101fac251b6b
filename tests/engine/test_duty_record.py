"""What is known: late records, corrections, withdrawals, and events out of order in the file (LANGUAGE 3.2, 9)."""

from __future__ import annotations

from itertools import permutations
from typing import Any, Final

import pytest

from interlock.engine import DigestMismatch, duties_to_json
from tests.engine.cases import Given, compute, decided, evaluated, event, judged, registered
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
    report,
    shown,
    states,
    triggered,
)

END: Final = "2025-03-05T00:00:00Z"
OVERDUE: Final = ("open", "overdue")
UPON: Final = duty("when: {event: model.deployed}", "within: 3 days")


def corrected(on: str, wrong: int, by: Given | int) -> Given:
    """The event of that index was wrong: another one, or a replacement that is written out, takes its place."""
    return event("event.corrected", on, model=None, developer="Acme", event=wrong, reason="mistaken", by_=by)


# Known at


def test_what_is_recorded_later_is_not_known_earlier() -> None:
    given = [deployed("2025-03-01", recorded="2025-03-20")]
    assert instances(UPON, given, "2025-03-10") == []
    assert instances(UPON, given, "2025-03-10", known_at="2025-03-19") == []
    # by what is known on the 20th it has been overdue since the 5th
    assert shown(only(UPON, given, "2025-03-10T00:00:00Z", known_at="2025-03-20")) == ("overdue", END, "P5D")
    assert shown(only(UPON, given, "2025-03-20T12:00:00Z")) == ("overdue", END, "P15DT12H")


def test_a_performance_recorded_late_counts_from_when_it_occurred() -> None:
    given = [deployed("2025-03-01"), performed("2025-03-02", recorded="2025-03-20")]
    assert shown(only(UPON, given, "2025-03-19T00:00:00Z"))[0] == "overdue"
    assert shown(only(UPON, given, "2025-03-19", known_at="2025-03-19")) == shown(only(UPON, given, "2025-03-19"))
    assert shown(only(UPON, given, "2025-03-20"))[0] == "done"
    assert shown(only(UPON, given, "2025-03-19", known_at="2025-03-20"))[0] == "done"


def test_known_before_the_time_asked_about_what_happens_meanwhile_is_unknown() -> None:
    given = [deployed("2025-03-01"), performed("2025-03-02")]
    assert shown(only(UPON, given, "2025-03-10T00:00:00Z", known_at="2025-03-01T18:00:00Z"))[0] == "overdue"
    assert instances(UPON, given, "2025-03-10", known_at="2025-02-28") == []


def test_what_is_known_of_the_future_has_not_happened() -> None:
    given = [deployed("2025-03-01"), performed("2025-03-04", recorded="2025-03-02")]
    assert shown(only(UPON, given, "2025-03-03")) == ("open", END, None)


def test_a_registration_recorded_late_binds_from_the_models_first_event_on() -> None:
    rules = duty("for: each model", "when: {not: {published: report}}", "within: 3 days")
    given = [
        event("training.started", "2025-03-01"),
        registered(on="2025-02-01") | {"recorded": "2025-06-01T00:00:00Z"},
    ]
    assert triggered(rules, given, "2025-05-01", registers=False) == "2025-03-01T12:00:00Z"
    assert triggered(rules, given, "2025-06-02", registers=False) == "2025-02-01T12:00:00Z"


# Corrections


def test_a_corrected_trigger_opens_from_what_replaces_it() -> None:
    # event 1 is the deployment
    given = [deployed("2025-03-01"), corrected("2025-03-10", 1, deployed("2025-03-03"))]
    assert due(UPON, given, "2025-03-09") == END
    assert due(UPON, given, "2025-03-10") == "2025-03-07T00:00:00Z"


def test_a_trigger_that_was_no_such_thing_is_gone_with_its_duty() -> None:
    given = [deployed("2025-03-01"), corrected("2025-03-10", 1, event("training.continued", "2025-03-01"))]
    assert shown(only(UPON, given, "2025-03-09"))[0] == "overdue"
    assert states(UPON, given, "2025-03-10") == [("Acme", "not-triggered")]


def test_a_corrected_performance_counts_from_when_it_truly_occurred() -> None:
    given = [deployed("2025-03-01"), performed("2025-03-02"), corrected("2025-03-10", 2, performed("2025-03-08"))]
    assert shown(only(UPON, given, "2025-03-09"))[0] == "done"
    # from 5 March at midnight to noon of the 8th
    assert shown(only(UPON, given, "2025-03-10")) == ("done-late", END, "P3DT12H")


def test_a_performance_that_was_none_leaves_the_duty_overdue_all_along() -> None:
    given = [
        deployed("2025-03-01"),
        performed("2025-03-02"),
        corrected("2025-03-10T00:00:00Z", 2, event("training.continued", "2025-03-02")),
    ]
    assert shown(only(UPON, given, "2025-03-10T00:00:00Z")) == ("overdue", END, "P5D")


def test_a_correction_known_later_changes_nothing_known_before() -> None:
    given = [deployed("2025-03-01"), corrected("2025-03-10", 1, deployed("2025-03-03"))]
    assert due(UPON, given, "2025-03-20", known_at="2025-03-09") == END
    assert due(UPON, given, "2025-03-04", known_at="2025-03-10") == "2025-03-07T00:00:00Z"


def test_a_corrected_measurement_moves_the_growth_clock() -> None:
    rules = duty("for: each model", "every: {growth: 4x}", "within: 3 days")
    given = [
        compute("2025-01-02", "1e24 FLOP"),
        compute("2025-03-01", "4e24 FLOP"),
        corrected("2025-03-10", 2, compute("2025-03-01", "3e24 FLOP")),
    ]
    assert states(rules, given, "2025-03-09") == [("m", "overdue")]
    assert states(rules, given, "2025-03-10") == [("m", "not-triggered")]


# Withdrawals

MEASURES: Final = (
    "measures:\n  run: {statistic: proportion, suite: acme/run}\n"
    "thresholds:\n  strong: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}\n"
)


def test_a_withdrawn_evaluation_triggers_nothing_from_its_withdrawal_on() -> None:
    rules = duty("for: each model", "when: {reached: strong}", "within: 3 days", more=MEASURES)
    given = [
        evaluated("2025-02-01", 1),
        evaluated("2025-03-01", 39),
        event("evaluation.withdrawn", "2025-03-02", evaluation=2, reason="wrong suite"),
    ]
    # what it triggered before it was withdrawn stays to be done
    assert due(rules, given, "2025-03-02") == END
    check_flip(rules, given, at=END, becomes=OVERDUE)
    assert states(rules, given[:1], "2025-03-02") == [("m", "not-triggered")]


def test_a_duty_done_by_evidence_that_is_withdrawn_stays_done() -> None:
    rules = duty("when: {event: model.deployed}", "within: 3 days", "done-when: {ruled-out: strong}", more=MEASURES)
    given = [
        deployed("2025-03-01"),
        evaluated("2025-03-02", 1),
        event("evaluation.withdrawn", "2025-03-04", evaluation=2, reason="wrong suite"),
    ]
    assert only(rules, given, "2025-06-01").state.value == "done"
    # withdrawn at the instant at which it was recorded it never completed anything
    at_once = [*given[:2], {**given[2], "occurred": given[1]["occurred"]}]
    check_flip(rules, at_once, at=END, becomes=OVERDUE)


# Order

STORY: Final = [
    registered(),
    deployed("2025-03-01"),
    deployed("2025-03-02"),
    performed("2025-03-03"),
    judged("2025-03-04", "minor"),
]


@pytest.mark.parametrize("order", list(permutations(range(5)))[::7])
def test_the_order_in_the_file_is_no_matter(order: tuple[int, ...]) -> None:
    rules = duty("when: {event: model.deployed}", "within: 3 days", "excused-when: {judged: minor, by: rso}")
    given = [STORY[place] for place in order]
    found = instances(rules, given, "2025-03-04", registers=False)
    assert [shown(one) for one in found] == [
        ("done", END, None),
        ("excused", "2025-03-06T00:00:00Z", None),
    ]


def test_of_two_events_at_one_instant_the_one_recorded_first_is_the_older() -> None:
    rules = duty("for: each incident", "when: {event: incident.discovered}", "within: 3 days")
    given = [
        incident("discovered", "2025-03-01", "late", recorded="2025-03-02"),
        incident("discovered", "2025-03-01", "early"),
        performed("2025-03-03"),
    ]
    assert dict(states(rules, given, "2025-03-03")) == {"early": "done", "late": "open"}


# What is asked of the record itself


def test_a_record_about_another_file_is_not_answered() -> None:
    other = event(
        "policy.adopted", "2025-01-01", developer="Acme", policy="acme", version="1", digest=f"sha256:{'0' * 64}"
    )
    with pytest.raises(DigestMismatch):
        report(UPON, [other], "2025-03-01")


def test_a_corrected_event_is_a_finding_as_elsewhere() -> None:
    given = [deployed("2025-03-01"), corrected("2025-03-10", 1, deployed("2025-03-03"))]
    decision = decided(UPON, given, "2025-03-10")
    expected = sorted({one.id for one in decision.findings} - {"adoption-not-recorded"})
    assert sorted(set(findings(UPON, given, "2025-03-10"))) == expected
    assert expected


def test_the_same_record_gives_the_same_report_to_the_last_byte() -> None:
    given: list[Given] = [deployed("2025-03-01"), performed("2025-03-02"), compute("2025-03-03", "1e24 FLOP")]
    shapes: list[dict[str, Any]] = [duties_to_json(report(UPON, given, "2025-04-01"), engine="0") for _ in range(2)]
    assert shapes[0] == shapes[1]
    assert shapes[0]["events"]["count"] == 4
