"""Findings about duties: what each says and on which events it rests.

When they are given and when not is tested in test_duty_versions.py (superseded, restarted), test_duty_completion.py
(performance of nothing) and test_duty_clocks.py (without a start).
"""

from __future__ import annotations

from typing import Any

from interlock.engine import Finding
from tests.engine.cases import PLAN, event, judged, registered
from tests.engine.duty_cases import deployed, duty, incident, performed, report


def given(*asked: Any, **more: Any) -> list[Finding]:
    return [one for one in report(*asked, **more).findings if one.id != "adoption-not-recorded"]


def test_a_superseded_duty_is_named_with_its_version_and_what_opened_it() -> None:
    rules = [
        duty("when: {event: model.deployed}", "within: 30 days"),
        duty("when: {event: model.deployed}", version="2", effective="2025-04-01"),
    ]
    assert given(rules, [deployed("2025-03-20")], "2025-05-01") == [
        Finding(
            "duty-superseded",
            "duty `d` of m was open when `acme` 1 was superseded, 2025-04-01T00:00:00Z",
            (1,),
        )
    ]


def test_each_superseded_instance_is_one_finding() -> None:
    rules = [
        duty("when: {event: model.deployed}", "within: 30 days"),
        duty("when: {event: model.deployed}", version="2", effective="2025-04-01"),
    ]
    events = [registered("m2"), deployed("2025-03-20"), deployed("2025-03-21"), deployed("2025-03-20", model="m2")]
    assert [one.evidence for one in given(rules, events, "2025-05-01")] == [(2,), (3,), (4,)]


def test_a_performance_of_nothing_is_named_by_its_event() -> None:
    rules = duty("when: {event: model.deployed}", "within: 3 days")
    assert given(rules, [performed("2025-03-01")], "2025-05-01") == [
        Finding(
            "performance-of-nothing",
            "event 1 performs duty `d`, of which nothing was open for its subject",
            (1,),
        )
    ]


def test_a_clock_without_a_start_is_named_by_what_opened_the_duty() -> None:
    rules = duty("when: {event: model.deployed}", "within: 3 days", "clock: suspicion")
    assert given(rules, [deployed("2025-03-01")], "2025-03-02") == [
        Finding(
            "clock-without-start",
            "duty `d` counts from an incident and was opened by none; it counts from its trigger",
            (1,),
        )
    ]


def test_a_clock_is_not_without_a_start_while_it_is_in_doubt_whether_the_duty_is_owed() -> None:
    rules = duty("when: {judged: risky, by: rso}", "within: 3 days", "clock: suspicion")
    assert given(rules, [], "2025-03-02") == []
    assert [one.id for one in given(rules, [judged("2025-03-01", "risky")], "2025-03-02")] == ["clock-without-start"]
    assert given(rules, [judged("2025-03-01", "risky", value=False)], "2025-03-02") == []


def test_a_clock_that_began_anew_is_named_with_both_versions() -> None:
    lines = ("for: each model", "every: {time: 6 months}", "within: 3 days")
    rules = [duty(*lines), duty(*lines, version="2", effective="2025-04-01")]
    assert given(rules, [], "2025-05-01") == [
        Finding(
            "clock-restarted",
            "the period of `d` of m that ran since 2025-01-02T12:00:00Z began anew with `acme` 2, 2025-04-01T00:00:00Z",
        )
    ]


def test_nothing_is_found_of_a_record_in_order() -> None:
    rules = duty("when: {event: incident.determined}", "within: 72 hours", "clock: suspicion")
    events = [incident("suspected", "2025-03-01"), incident("determined", "2025-03-02"), performed("2025-03-03")]
    assert given(rules, events, "2025-05-01") == []


def test_what_lacks_a_section_completes_no_duty_and_is_told() -> None:
    upon = "when: {event: model.deployed}"
    rules = duty(upon, "done-when: {published: report}", more="documents: {report: {sections: [a, b]}}\n")
    partly = event("document.published", "2025-03-02", document="report", digest=PLAN, sections=["a"])
    given = [deployed("2025-03-01"), partly]
    found = report(rules, given, "2025-03-03")
    assert [one.state.value for one in found.duties] == ["open"]
    ((detail, evidence),) = [(one.detail, one.evidence) for one in found.findings if one.id == "incomplete-document"]
    assert (detail, evidence) == ("`report` (event 2) lacks `b`", (2,))
    silent = [deployed("2025-03-01"), event("document.published", "2025-03-02", document="report", digest=PLAN)]
    assert "sections-not-stated" in [one.id for one in report(rules, silent, "2025-03-03").findings]
    assert [one.id for one in report(rules, silent, "2025-03-01T13:00:00Z").findings] == ["adoption-not-recorded"]


def test_an_incident_whose_later_stage_alone_is_recorded_starts_no_clock_and_says_so() -> None:
    rules = duty("for: each incident", "when: {event: incident.determined}", "within: 15 days", "clock: discovery")
    found = given(rules, [incident("determined", "2025-03-01")], "2026-01-01")
    assert [(one.id, one.evidence) for one in found] == [("clock-not-started", (1,))]
    assert "counts from `incident.discovered`, which is not recorded of incident i1" in found[0].detail
    # an earlier stage alone is no such finding, and the stage itself ends it, by when it was known
    suspected = duty("for: each incident", "when: {event: incident.suspected}", "within: 15 days", "clock: discovery")
    assert given(suspected, [incident("suspected", "2025-03-01")], "2026-01-01") == []
    both = [incident("determined", "2025-03-01"), incident("discovered", "2025-04-01")]
    assert given(rules, both, "2025-05-01") == []
    assert [one.id for one in given(rules, both, "2025-03-15")] == ["clock-not-started"]
    # another incident's is none of this one's
    other = [incident("determined", "2025-03-01"), incident("discovered", "2025-03-02", "i2")]
    assert [one.id for one in given(rules, other, "2025-05-01")] == ["clock-not-started"]
