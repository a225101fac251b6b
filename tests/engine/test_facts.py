"""Leaves over documents, events, claims and quantities (LANGUAGE 2 and 9)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.cases import PLAN, Given, compute, decided, event, finding_ids, policy, registered, value, when

RULES = """
documents: {report: {}, plan: {}}
claims: {sound: {title: it is sound, argued-to: [rso, reviewer]}, loose: {title: loose, argued-to: []}}
restrictions:
  hold: {forbids: [train], when: LEAF}
"""


def shown(leaf: str, *given: Given, as_of: str = "2025-06-01", **question: Any) -> str:
    return value(when(decided(policy(RULES.replace("LEAF", leaf)), given, as_of, **question)))


# Published and notified


def published(on: str = "2025-02-01", document: str = "report") -> Given:
    return event("document.published", on, document=document, digest=PLAN)


def test_a_document_is_published_once_an_event_says_so() -> None:
    assert shown("{published: report}") == "false"
    assert shown("{published: report}", published(document="plan")) == "false"
    assert shown("{published: report}", published()) == "true"
    assert shown("{published: report}", published("2025-06-02"), known_at="2025-07-01") == "false"


def test_it_has_been_public_for_long_enough_at_the_end_of_the_period() -> None:
    leaf = "{published: report, for-at-least: 30 days}"
    assert shown(leaf, published(), as_of="2025-03-03T11:59:59.999999Z") == "false"
    assert shown(leaf, published(), as_of="2025-03-03T12:00:00Z") == "true"
    assert shown(leaf, published("2025-02-01"), published("2025-03-01"), as_of="2025-03-04") == "true"


def test_it_may_be_too_old_before_it_has_been_public_for_long_enough() -> None:
    leaf = "{published: report, for-at-least: 30 days, within-last: 10 days}"
    for day in ("2025-02-05", "2025-02-12", "2025-03-10"):
        assert shown(leaf, published(), as_of=day) == "false"
    both = "{published: report, for-at-least: 30 days, within-last: 40 days}"
    days = ("2025-03-02", "2025-03-03", "2025-03-13", "2025-03-13T11:59:59Z")
    assert [shown(both, published(), as_of=day) for day in days] == ["false", "true", "false", "true"]


def test_a_party_is_notified_of_that_document_or_not() -> None:
    def notified(party: str, document: str) -> Given:
        return event("party.notified", "2025-02-01", party=party, document=document)

    leaf = "{notified: board, of: report}"
    assert shown(leaf) == "false"
    assert shown(leaf, notified("rso", "report"), notified("board", "plan")) == "false"
    assert shown(leaf, notified("board", "report")) == "true"


# Events


def incident(**data: Any) -> Given:
    return event("incident.determined", data.pop("on", "2025-02-01"), **{"id": "i-1", "kind": "misuse", **data})


def test_an_event_matches_on_every_field_that_is_asked() -> None:
    leaf = "{event: incident.determined, kind: misuse, severity: high}"
    assert shown(leaf) == "false"
    assert shown(leaf, incident(severity="high")) == "true"
    assert shown(leaf, incident(severity="low")) == "false"
    assert shown(leaf, incident(severity="high", kind="theft")) == "false"
    assert shown(leaf, event("incident.discovered", "2025-02-01", id="i", kind="misuse", severity="high")) == "false"


def test_an_event_that_does_not_state_a_field_leaves_it_open_if_all_else_fits() -> None:
    leaf = "{event: incident.determined, severity: high, kind: misuse}"
    assert shown(leaf, incident()) == "unknown: missing"
    assert shown(leaf, incident(kind="theft")) == "false"
    assert shown(leaf, incident(), incident(severity="low")) == "unknown: missing"
    assert shown(leaf, incident(), incident(severity="high")) == "true"


def test_a_field_stated_as_null_is_not_stated() -> None:
    leaf = "{event: reply.made, x-open: yes-it-is}"
    stated = event("reply.made", "2025-02-01", to="rso", text="no")
    assert shown(leaf, {**stated, "data": {**stated["data"], "x-open": None}}) == "unknown: missing"


@pytest.mark.parametrize(
    ("asked", "stated", "expected"),
    [("3", 3, "true"), ("high", "high", "true"), ("3", 4, "false"), ("2.5", 2.5, "true")],
)
def test_a_field_that_holds_a_number_is_matched_by_what_is_written(asked: str, stated: Any, expected: str) -> None:
    assert shown(f"{{event: incident.determined, severity: {asked}}}", incident(severity=stated)) == expected


@pytest.mark.parametrize(
    ("asked", "stated", "expected"), [("true", True, "true"), ("true", False, "false"), ("false", False, "true")]
)
def test_a_field_that_holds_a_truth_value_is_matched_by_its_word(asked: str, stated: bool, expected: str) -> None:  # noqa: FBT001 - a case
    leaf = f"{{event: determination.made, judged: safe, value: {asked}}}"
    assert shown(leaf, event("determination.made", "2025-02-01", judged="safe", value=stated)) == expected


def test_a_field_that_any_kind_may_carry_is_matched_too() -> None:
    leaf = "{event: training.started, x-site: north}"
    started = event("training.started", "2025-02-01")
    assert shown(leaf, {**started, "data": {"x-site": "north"}}) == "true"
    assert shown(leaf, {**started, "data": {"x-site": "south"}}) == "false"
    assert shown(leaf, started) == "unknown: missing"


@pytest.mark.parametrize(
    ("deployed", "expected"),
    [
        ("deploy.internal.wide", "false"),
        ("deploy.external.trusted", "true"),
        ("deploy.external.public", "true"),
        ("release-weights", "true"),
    ],
)
def test_a_deployment_class_is_compared_by_its_order(deployed: str, expected: str) -> None:
    given = event("model.deployed", "2025-02-01", class_=deployed)
    assert shown("{event: model.deployed, class-at-least: deploy.external.trusted}", given) == expected
    assert shown("{event: model.deployed, class-at-least: deploy.external}", given) == expected
    assert shown(f"{{event: model.deployed, class: {deployed}}}", given) == "true"
    assert shown("{event: model.deployed, class: deploy.internal.research}", given) == "false"


# Claims


def assessed(state: str, on: str = "2025-02-01", **more: Any) -> Given:
    by = more.pop("by", "rso")
    return event("claim.assessed", on, by=by, claim=more.pop("claim", "sound"), state=state, **more)


def test_only_those_a_claim_is_argued_to_can_find_it_supported_and_anyone_can_defeat_it() -> None:
    assert shown("{argued: sound}", assessed("supported", by="board")) == "unknown: awaiting rso, reviewer"
    assert shown("{argued: sound}", assessed("supported", by=None)) == "unknown: awaiting rso, reviewer"
    assert shown("{argued: sound}", assessed("defeated"), assessed("supported", "2025-02-02", by="board")) == "false"
    assert shown("{argued: sound}", assessed("supported"), assessed("defeated", "2025-02-02", by="board")) == "false"
    assert shown("{argued: sound}", assessed("supported"), assessed("unsupported", "2025-02-02", by=None)) == (
        "unknown: awaiting rso, reviewer"
    )
    assert shown("{argued: loose}", assessed("supported", claim="loose", by=None)) == "true"


def test_a_claim_is_as_its_latest_assessment_leaves_it() -> None:
    assert shown("{argued: sound}") == "unknown: missing"
    assert shown("{argued: sound}", assessed("supported")) == "true"
    assert shown("{argued: sound}", assessed("defeated")) == "false"
    assert shown("{argued: sound}", assessed("unsupported")) == "unknown: awaiting rso, reviewer"
    assert shown("{argued: loose}", assessed("unsupported", claim="loose")) == "unknown"
    assert shown("{argued: sound}", assessed("supported"), assessed("unsupported", "2025-02-02")) == (
        "unknown: awaiting rso, reviewer"
    )
    assert shown("{argued: sound}", assessed("supported"), assessed("defeated")) == "unknown: contradicted"
    assert shown("{argued: sound}", assessed("supported"), assessed("supported")) == "true"


# Quantities


def measured(worth: str, on: str = "2025-02-01", **more: Any) -> Given:
    return event("quantity.measured", on, quantity="spend", value=worth, **more)


@pytest.mark.parametrize(
    ("comparison", "low", "exact", "high"),
    [
        ("at-least: 10 USD", "false", "true", "true"),
        ("more-than: 10 USD", "false", "false", "true"),
        ("at-most: 10 USD", "true", "true", "false"),
        ("below: 10 USD", "true", "false", "false"),
    ],
)
def test_a_quantity_is_compared_by_its_value(comparison: str, low: str, exact: str, high: str) -> None:
    leaf = f"{{quantity: spend, {comparison}}}"
    assert [shown(leaf, measured(worth)) for worth in ("9.99 USD", "10 USD", "10.01 USD")] == [low, exact, high]


def test_an_interval_decides_where_it_lies_on_one_side() -> None:
    leaf = "{quantity: spend, at-least: 10 USD}"
    assert shown(leaf, measured("12 USD", lower="10 USD", upper="14 USD")) == "true"
    assert shown(leaf, measured("12 USD", lower="9 USD", upper="14 USD")) == "unknown: imprecise"
    assert shown(leaf, measured("8 USD", lower="7 USD", upper="9.99 USD")) == "false"
    assert shown(leaf, measured("8 USD", lower="7 USD", upper="10 USD")) == "unknown: imprecise"


def test_a_side_that_is_not_stated_is_open() -> None:
    leaf = "{quantity: spend, at-least: 10 USD}"
    assert shown(leaf, measured("12 USD", lower="11 USD")) == "true"
    assert shown(leaf, measured("12 USD", upper="14 USD")) == "unknown: imprecise"
    assert shown(leaf, measured("8 USD", upper="9 USD")) == "false"
    assert shown(leaf, measured("8 USD", lower="7 USD")) == "unknown: imprecise"


def test_the_latest_measurement_counts_and_at_one_place_the_hull_of_all() -> None:
    leaf = "{quantity: spend, at-least: 10 USD}"
    assert shown(leaf) == "unknown: missing"
    assert shown(leaf, measured("5 USD"), measured("12 USD", "2025-03-01")) == "true"
    assert (
        shown(leaf, measured("12 USD", "2025-03-01"), measured("5 USD", "2025-02-01", recorded="2025-04-01")) == "true"
    )
    assert shown(leaf, measured("12 USD"), measured("11 USD")) == "true"
    assert shown(leaf, measured("12 USD"), measured("9 USD")) == "unknown: imprecise"


def test_the_latest_of_the_model_its_developer_and_the_world_counts() -> None:
    leaf = "{quantity: spend, at-least: 10 USD}"
    of_developer = {**measured("5 USD", "2025-03-01"), "subject": {"developer": "Acme"}}
    assert shown(leaf, measured("12 USD"), of_developer) == "false"
    assert shown(leaf, {**of_developer, "occurred": "2025-01-10T12:00:00Z"}, measured("12 USD")) == "true"


@pytest.mark.parametrize("given", [[measured("12 EUR")], [measured("12 USD"), measured("12 EUR")], [measured("12")]])
def test_another_unit_can_not_be_compared_and_says_so(given: list[Given]) -> None:
    decision = decided(policy(RULES.replace("LEAF", "{quantity: spend, at-least: 10 USD}")), given, "2025-06-01")
    assert value(when(decision)) == "unknown: missing"
    assert "unit-mismatch" in finding_ids(decision)


def test_the_effective_compute_asked_for_is_compared_in_the_place_of_the_latest() -> None:
    leaf = "{quantity: effective-compute, more-than: 1e26 FLOP}"
    given = [compute("2025-02-01", "1e25 FLOP")]
    assert shown(leaf, *given) == "false"
    assert shown(leaf, *given, at_compute="1e26 FLOP") == "false"
    assert shown(leaf, *given, at_compute="1.01e26 FLOP") == "true"
    assert shown(leaf, at_compute="1.01e26 FLOP") == "true"


def test_another_quantity_is_not_moved_by_the_compute_asked_for() -> None:
    leaf = "{quantity: training-compute, more-than: 1e26 FLOP}"
    given = event("quantity.measured", "2025-02-01", quantity="training-compute", value="1e25 FLOP")
    assert shown(leaf, given, at_compute="1e27 FLOP") == "false"


def test_nor_is_the_compute_of_another_model() -> None:
    leaf = "{quantity: effective-compute, more-than: 1e26 FLOP, of: any-model}"
    given = [compute("2025-02-01", "1e25 FLOP"), registered("o"), compute("2025-02-01", "1e25 FLOP", model="o")]
    decision = decided(policy(RULES.replace("LEAF", leaf)), given, "2025-06-01", at_compute="2e26 FLOP")
    assert [value(child) for child in when(decision).children] == ["true", "false"]


def test_age_is_not_asked_of_a_compute_that_is_supposed() -> None:
    leaf = "{quantity: effective-compute, more-than: 1e26 FLOP, within-last: 1 month}"
    given = [compute("2025-02-01", "2e26 FLOP")]
    assert shown(leaf, *given) == "unknown: stale"
    assert shown(leaf, *given, at_compute="2e26 FLOP") == "true"
