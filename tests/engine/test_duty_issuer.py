"""`for: issuer`: what is owed once, by the issuer of a policy, whomever it binds (language/clocks-and-duties.md)."""

from __future__ import annotations

from typing import Any, Final

import pytest

from interlock.policy import Policy
from interlock.terms import format_instant
from tests.engine.cases import (
    Given,
    answer,
    decided,
    event,
    finding_ids,
    judged,
    policy,
    registered,
    state,
    until,
    when,
)
from tests.engine.duty_cases import report, states

LAW: Final = """
applies-to: {quantity: training-compute, of: any-model, more-than: 1e26 FLOP}
restrictions:
  hold: {forbids: [train], when: {judged: risky, by: rso}, until: {done: list}}
  gate: {forbids: [store], when: {overdue: list}}
duties:
  list:
    must: publish a list
    for: issuer
    every: {time: 1 year, anchor: schedule}
  assess: {must: assess, for: developer, every: {time: 1 year, anchor: schedule}}
pledges:
  safe: {maintain: {judged: channel-open, by: rso}, for: issuer}
"""
PERFORMED: Final = event("duty.performed", "2025-12-20", developer="State", duty="list")
BOUND: Final = [
    registered("m", developer="Acme"),
    event("quantity.measured", "2025-01-02", quantity="training-compute", value="2e26 FLOP"),
]


def law(text: str = LAW) -> Policy:
    return policy(text, name="law", issuer="State")


def shown(given: list[Given], at: str, text: str = LAW) -> list[tuple[str, str]]:
    return states(law(text), given, at, duty="list", registers=False)


def test_the_issuer_owes_it_once_whether_anybody_is_bound_or_not() -> None:
    # from 1 January 2025 a year ends with 1 January 2026
    for given in ([], BOUND, [*BOUND, registered("n", developer="Brook")]):
        assert shown(given, "2026-01-01T23:59:59Z") == [("State", "not-triggered")]
        assert ("State", "overdue") in shown(given, "2026-01-02T00:00:00Z")


def test_whom_the_law_binds_does_not_matter_to_it_and_matters_to_the_others() -> None:
    assert [name for name, _ in states(law(), BOUND, "2026-02-01", duty="assess", registers=False)] == ["Acme"] * 2
    assert {name for name, _ in shown(BOUND, "2026-02-01")} == {"State"}


def test_a_performance_about_the_issuer_completes_it_and_one_about_a_developer_does_not() -> None:
    assert ("State", "done") in shown([*BOUND, PERFORMED], "2026-02-01")
    other = event("duty.performed", "2025-12-20", developer="Acme", duty="list")
    assert ("State", "overdue") in shown([*BOUND, other], "2026-02-01")
    found = report(law(), [*BOUND, other], "2025-12-25", registers=False).findings
    assert "performance-of-nothing" in [one.id for one in found]
    assert "performance-of-nothing" not in [
        one.id for one in report(law(), [*BOUND, PERFORMED], "2026-02-01", registers=False).findings
    ]


def test_what_names_it_finds_the_issuers_instance_in_everybodys_case() -> None:
    risky = judged("2025-02-01", "risky")
    assert state(_decided([risky], "2025-06-01")) == "active"
    assert state(_decided([risky, PERFORMED], "2025-12-21")) == "released"
    assert answer(_decided([], "2026-01-01T23:59:59Z", action="store")) == "permitted"
    assert answer(_decided([], "2026-01-02T00:00:00Z", action="store")) == "held"
    assert answer(_decided([PERFORMED], "2026-01-02T00:00:00Z", action="store")) == "permitted"


def _decided(given: list[Given], at: str, **question: Any) -> Any:
    return decided(law(), [*BOUND, *given], at, **question)


def test_elapsed_counts_from_the_issuers_last_completion() -> None:
    rules = law(LAW.replace("{judged: risky, by: rso}", "{elapsed: 30 days, since: list}"))
    assert state(decided(rules, [*BOUND, PERFORMED], "2026-01-19T11:59:59Z")) == "inactive"
    # 30 days from noon of 20 December
    assert when(decided(rules, [*BOUND, PERFORMED], "2026-01-19T12:00:00Z")).parts[1].value.value == "true"


def test_an_open_one_lasts_until_its_instant_in_everybodys_answer() -> None:
    valid = _decided([], "2025-06-01", action="store").valid_until
    assert (format_instant(valid.time), valid.leaf) == ("2026-01-02T00:00:00Z", "{overdue: list}")


def test_its_performance_is_not_asked_of_the_developer_who_is_held() -> None:
    node = until(_decided([judged("2025-02-01", "risky")], "2025-06-01"))
    assert node.who == ()


def test_without_a_law_it_is_as_for_the_developer() -> None:
    body = (
        "duties:\n  list: {must: list, for: WHOM, every: {time: 3 months}}\n"
        "  d: {must: do it, for: WHOM, when: {event: model.deployed}, within: 3 days}\n"
    )
    given = [
        event("model.deployed", "2025-02-01", class_="deploy.external.public"),
        event("duty.performed", "2025-03-01", developer="Acme", duty="list"),
    ]
    for name in ("list", "d"):
        ours, theirs = (
            states(policy(body.replace("WHOM", whom)), given, "2025-09-01", duty=name)
            for whom in ("issuer", "developer")
        )
        assert ours == theirs != []


@pytest.mark.parametrize(
    ("given", "kept"), [([], "unmeasured"), ([judged("2025-02-01", "channel-open", developer="State")], "kept")]
)
def test_a_pledge_for_the_issuer_is_kept_by_it_alone(given: list[Given], kept: str) -> None:
    for bound in ([], BOUND):
        pledges = report(law(), [*bound, *given], "2025-06-01", registers=False).pledges
        assert [(one.instance, one.state) for one in pledges] == [("State", kept)]


def test_a_decision_has_no_finding_of_it() -> None:
    assert "speaks-to-nothing" not in finding_ids(_decided([PERFORMED], "2026-01-02"))
