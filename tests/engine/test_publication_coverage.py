"""`coverage-within`: how long before its publication the time ends that a document covers (language/conditions.md)."""

from __future__ import annotations

from typing import Any

import pytest

from interlock.engine import Node
from interlock.terms import Truth, format_instant
from tests.engine.cases import (
    PLAN,
    Given,
    answer,
    decided,
    event,
    finding_ids,
    policy,
    registered,
    state,
    value,
    when,
)
from tests.engine.duty_cases import instances

RULES = """
calendar: {time-zone: America/New_York}
documents: {report: {SECTIONS}}
restrictions:
  hold: {forbids: [train], when: LEAF}
"""
WITHIN = "{published: report, coverage-within: 30 days}"


def published(on: str, coverage: str | None = None, **more: Any) -> Given:
    stated: dict[str, Any] = {} if coverage is None else {"coverage": coverage}
    return event("document.published", on, document="report", digest=PLAN, **stated, **more)


def node(leaf: str, *given: Given, as_of: str = "2025-12-01", sections: str = "") -> Node:
    return when(decided(policy(RULES.replace("LEAF", leaf).replace("SECTIONS", sections)), given, as_of))


def shown(leaf: str, *given: Given, as_of: str = "2025-12-01", sections: str = "") -> str:
    return value(node(leaf, *given, as_of=as_of, sections=sections))


@pytest.mark.parametrize(
    ("leaf", "on", "expected"),
    [
        # 1 June and 30 days: 1 July. New York is four hours behind, so that 1 July ends there at 04:00 of the 2nd.
        (WITHIN, "2025-06-01T04:00:00Z", "true"),
        (WITHIN, "2025-07-01T12:00:00Z", "true"),
        (WITHIN, "2025-07-02T03:59:59.999999Z", "true"),
        (WITHIN, "2025-07-02T04:00:00Z", "false: short-of-what-is-asked"),
        ("{published: report, coverage-within: 1 month}", "2025-07-02T03:59:59Z", "true"),
        ("{published: report, coverage-within: 1 month}", "2025-07-02T04:00:00Z", "false: short-of-what-is-asked"),
        # 1 June 2025 is a Sunday: the second business day after it is Tuesday the 3rd.
        ("{published: report, coverage-within: 2 business days}", "2025-06-04T03:59:59Z", "true"),
        (
            "{published: report, coverage-within: 2 business days}",
            "2025-06-04T04:00:00Z",
            "false: short-of-what-is-asked",
        ),
    ],
)
def test_the_period_ends_with_its_last_day_in_the_policys_time_zone(leaf: str, on: str, expected: str) -> None:
    assert shown(leaf, published(on, "2025-06-01")) == expected


@pytest.mark.parametrize(
    "coverage", [None, "the second quarter", "2025-06-31", "2025-06", "2025-6-1", "2025-06-01T00:00:00Z"]
)
def test_a_publication_that_states_no_day_leaves_it_open(coverage: str | None) -> None:
    assert shown(WITHIN, published("2025-06-10", coverage)) == "unknown: missing"
    assert shown("{published: report}", published("2025-06-10", coverage)) == "true"


def test_a_day_after_the_publication_is_no_coverage() -> None:
    # 03:59 of the 10th in UTC is still the 9th in New York.
    assert shown(WITHIN, published("2025-06-10T03:59:59Z", "2025-06-10")) == "unknown: missing"
    assert shown(WITHIN, published("2025-06-10T04:00:00Z", "2025-06-10")) == "true"


def test_nothing_published_is_false_and_so_is_what_covers_too_little() -> None:
    assert shown(WITHIN) == "false"
    assert shown(WITHIN, published("2025-08-01", "2025-06-01")) == "false: short-of-what-is-asked"


def test_some_publication_suffices_and_an_open_one_outweighs_those_that_cover_too_little() -> None:
    late, silent, good = (
        published("2025-08-01", "2025-06-01"),
        published("2025-08-02"),
        published("2025-08-03", "2025-08-01"),
    )
    assert shown(WITHIN, late, silent) == "unknown: missing"
    assert shown(WITHIN, late, silent, good) == "true"
    assert [one.index for one in node(WITHIN, late, silent, good).evidence] == [3]
    assert node(WITHIN, late).evidence == ()
    assert [one.index for one in node(WITHIN, late, silent).evidence] == [2]


def test_it_may_be_asked_of_the_developer_beside_a_scope_that_sees_it() -> None:
    of_developer = published("2025-06-10", "2025-06-01", developer="Acme")
    assert shown("{published: report, coverage-within: 30 days, of: developer}", of_developer) == "true"
    assert shown("{published: report, coverage-within: 30 days, of: world}", of_developer) == "false"


def test_a_publication_too_old_is_none_and_with_for_at_least_it_must_have_stood() -> None:
    given = published("2025-06-10", "2025-06-01")
    aged = "{published: report, coverage-within: 30 days, within-last: 3 months}"
    assert [shown(aged, given, as_of=day) for day in ("2025-09-10T11:59:59Z", "2025-09-10T12:00:00Z")] == [
        "true",
        "false",
    ]
    stood = "{published: report, for-at-least: 30 days, coverage-within: 30 days}"
    assert [shown(stood, given, as_of=day) for day in ("2025-07-10T11:59:59Z", "2025-07-10T12:00:00Z")] == [
        "false",
        "true",
    ]
    before = node(stood, given, as_of="2025-07-01")
    assert before.changes_at is not None
    assert format_instant(before.changes_at) == "2025-07-10T12:00:00Z"


def test_a_silent_publication_that_stands_leaves_it_open_until_a_covering_one_has_stood() -> None:
    stood = "{published: report, for-at-least: 30 days, coverage-within: 30 days}"
    given = [published("2025-06-01"), published("2025-06-10", "2025-06-01")]
    open_ = node(stood, *given, as_of="2025-07-05")
    assert value(open_) == "unknown: missing"
    assert open_.changes_at is not None
    assert format_instant(open_.changes_at) == "2025-07-10T12:00:00Z"
    assert shown(stood, *given, as_of="2025-07-10T12:00:00Z") == "true"


def test_what_lacks_a_section_is_no_publication_whatever_it_covers() -> None:
    whole = published("2025-06-10", "2025-06-01", sections=["risks"])
    part = published("2025-06-10", "2025-06-01", sections=["outlook"])
    assert shown(WITHIN, part, sections="sections: [risks]") == "false"
    assert shown(WITHIN, whole, sections="sections: [risks]") == "true"


def test_the_trace_names_each_publication_with_what_it_covers() -> None:
    found = node(
        WITHIN, published("2025-08-01", "2025-06-01"), published("2025-08-02"), published("2025-08-03", "2025-08-01")
    )
    assert [(one.about, one.value, one.reason) for one in found.children] == [
        ("publication (event 1) covers the time up to 2025-06-01", Truth.FALSE, "short-of-what-is-asked"),
        ("publication (event 2) does not say what it covers", Truth.UNKNOWN, "missing"),
        ("publication (event 3) covers the time up to 2025-08-01", Truth.TRUE, None),
    ]


def test_an_open_coverage_permits_nothing() -> None:
    rules = policy(
        "documents: {report: {}}\nrestrictions:\n"
        f"  hold: {{forbids: [train], when: {{event: model.registered}}, until: {WITHIN}}}\n"
        f"  gate: {{forbids: [store], when: {{not: {WITHIN}}}}}\n"
    )
    for given, expected in (
        ([published("2025-06-10")], "held"),
        ([published("2025-08-10", "2025-06-01")], "held"),
        ([published("2025-06-10", "2025-06-01")], "permitted"),
    ):
        events = [registered("m"), *given]
        assert answer(decided(rules, events, "2025-12-01")) == expected
        assert answer(decided(rules, events, "2025-12-01", action="store")).startswith(expected)


def test_each_quarter_is_done_by_a_new_publication_that_covers_enough() -> None:
    rules = policy(
        "documents: {report: {}}\nduties:\n"
        "  report: {must: publish a report, for: developer, every: {time: 3 months, anchor: schedule}, "
        f"within: 1 month, done-when: {WITHIN}}}\n"
    )
    good = published("2025-04-10", "2025-03-31", developer="Acme")
    stale = published("2025-07-10", "2025-03-31", developer="Acme")
    found = instances(rules, [good, stale], "2025-09-01", duty="report")
    assert [one.state.value for one in found] == ["done", "overdue"]


def test_the_sections_of_a_publication_are_findings_as_before() -> None:
    rules = policy(RULES.replace("LEAF", WITHIN).replace("SECTIONS", "sections: [risks]"))
    assert "sections-not-stated" in finding_ids(decided(rules, [published("2025-06-10", "2025-06-01")], "2025-07-01"))
    assert state(decided(rules, [], "2025-07-01")) == "inactive"
