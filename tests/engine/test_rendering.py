"""A decision as data: the shape `interlock.decision/1`, its field order, exact numbers, the same bytes (LANGUAGE 8)."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.engine import decision_to_json, exit_code, number_text
from interlock.terms import digest_of_json, parse_quantity
from tests.engine.cases import (
    PLAN,
    W1,
    Given,
    compute,
    decided,
    evaluated,
    event,
    judged,
    policy,
    read,
    registered,
)

RULES = policy(
    """
measures: {run: {statistic: proportion, suite: acme/run, fresh: {for: 6 months, growth: 4x}}}
thresholds: {strong: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}}
restrictions:
  hold:
    forbids: [train]
    when: {reached: strong}
    until: {judged: fixed, by: rso}
    source: {section: "3.1", page: 12}
  wish: {forbids: [train], when: {judged: odd, by: rso}, presume: inactive, modality: aim}
permissions:
  lift: {lifts: [hold], when: {judged: fine, by: board}, for-at-most: 30 days}
"""
)
GIVEN = [
    registered(weights=W1),
    compute("2025-01-10", "1e24 FLOP"),
    evaluated("2025-01-20", 2, weights=W1),
    judged("2025-01-21", "fine", by="board"),
]


def rendered(given: list[Given] = GIVEN, policies: Any = RULES, **question: Any) -> dict[str, Any]:
    return decision_to_json(decided(policies, given, "2025-02-01", registers=False, **question), engine="0.1")


# The shape


def test_the_fields_stand_in_a_fixed_order() -> None:
    assert list(rendered()) == [
        "shape",
        "language",
        "engine",
        "policy",
        "events",
        "identities",
        "question",
        "outcome",
        "by_default",
        "unrestricted",
        "restrictions",
        "release",
        "release_truncated",
        "readings",
        "duties",
        "findings",
        "valid_until",
    ]
    one = rendered()["restrictions"][0]
    assert list(one) == [
        "id",
        "state",
        "when",
        "until",
        "lifted_by",
        "presume",
        "modality",
        "binding",
        "source",
        "trace",
    ]
    node = one["trace"]["when"]
    assert list(node) == ["condition", "value", "reason", "evidence", "margin", "children"]
    assert list(one["trace"]["permissions"][0]) == [
        "id",
        "in_force",
        "window_start",
        "window_end",
        "windows_opened",
        "when",
    ]


def test_the_head_says_what_was_asked_of_what_by_which_engine() -> None:
    shown = rendered(at_compute="2e24 FLOP", known_at="2025-03-01")
    digests = [one.digest for one in read(GIVEN)]
    assert {name: shown[name] for name in ("shape", "language", "engine", "identities", "duties")} == {
        "shape": "interlock.decision/1",
        "language": 1,
        "engine": "0.1",
        "identities": "asserted",
        "duties": [],
    }
    assert shown["policy"] == {"id": "acme", "version": "1", "digest": RULES.digest}
    assert shown["events"] == {"count": 4, "digest": digest_of_json(digests)}
    assert shown["question"] == {
        "model": "m",
        "weights": W1,
        "action": "train",
        "as_of": "2025-02-01T12:00:00Z",
        "known_at": "2025-03-01T12:00:00Z",
        "at_compute": "2e24 FLOP",
    }
    assert rendered()["question"]["at_compute"] is None


def test_only_events_that_are_known_are_counted() -> None:
    later = judged("2025-01-25", "fixed", recorded="2025-06-01")
    assert rendered([*GIVEN, later])["events"] == rendered()["events"]
    assert rendered([*GIVEN, later], known_at="2025-06-01")["events"]["count"] == 5


def test_a_restriction_carries_its_state_its_source_and_its_traces() -> None:
    hold, wish = rendered()["restrictions"]
    assert {name: stated for name, stated in hold.items() if name != "trace"} == {
        "id": "hold",
        "state": "inactive",
        "when": "false",
        "until": "unknown",
        "lifted_by": "lift",
        "presume": "active",
        "modality": "must",
        "binding": "unilateral",
        "source": {"section": "3.1", "page": "12"},
    }
    assert (wish["until"], wish["presume"], wish["modality"], wish["trace"]["until"]) == (None, "inactive", "aim", None)
    assert wish["source"] == {"section": None, "page": None}
    (lift,) = hold["trace"]["permissions"]
    assert {name: stated for name, stated in lift.items() if name != "when"} == {
        "id": "lift",
        "in_force": True,
        "window_start": "2025-01-21T12:00:00Z",
        "window_end": "2025-02-20T12:00:00Z",
        "windows_opened": 1,
    }


def test_a_permission_without_windows_has_none_to_show() -> None:
    plain = policy("""
restrictions: {hold: {forbids: [train], when: {event: model.registered}}}
permissions: {lift: {lifts: [hold], when: {judged: fine, by: board}}}
""")
    (lift,) = rendered(policies=plain)["restrictions"][0]["trace"]["permissions"]
    assert (lift["in_force"], lift["window_start"], lift["window_end"], lift["windows_opened"]) == (
        True,
        None,
        None,
        None,
    )


def test_a_window_that_is_over_shows_its_start_and_no_end() -> None:
    shown = decision_to_json(decided(RULES, GIVEN, "2025-04-01", registers=False), engine="0.1")
    (lift,) = shown["restrictions"][0]["trace"]["permissions"]
    assert (lift["in_force"], lift["window_start"], lift["window_end"]) == (False, "2025-01-21T12:00:00Z", None)


def test_a_trace_goes_down_to_the_evidence() -> None:
    node = rendered()["restrictions"][0]["trace"]["when"]
    (leaf,) = node["children"]
    (run,) = leaf["children"]
    assert (node["condition"], node["value"]) == ("{reached: strong}", "false")
    assert (leaf["condition"], leaf["evidence"]) == ("{measure: run, at-least: 50%, confidence: 95%}", [2])
    assert run["condition"] == "event 2: 2/40 of acme/run on m (sha256:11111111…), 2025-01-20"
    assert run["evidence"] == [2]


def test_findings_releases_and_the_end_are_plain_values() -> None:
    shown = rendered(GIVEN[:3])
    assert shown["valid_until"] == {
        "time": "2025-07-20T12:00:00Z",
        "effective_compute": "4e24 FLOP",
        "leaf": "{measure: run, at-least: 50%, confidence: 95%}",
        "who": ["evaluator"],
    }
    assert {"id": "not-pre-registered", "detail": f"{_run()} has no plan recorded before it", "evidence": [2]} in shown[
        "findings"
    ]
    held = rendered([registered(weights=W1)])
    assert held["release"][0] == [
        {
            "leaf": "{judged: fine, by: [board]}",
            "to": "true",
            "who": ["board"],
            "how": "a determination that fine is true",
        }
    ]
    assert held["valid_until"] is None


def _run() -> str:
    return "event 2: 2/40 of acme/run on m (sha256:11111111…), 2025-01-20"


def test_of_several_policies_each_is_named_with_its_restrictions() -> None:
    other = policy("restrictions: {hold: {forbids: [train], when: {judged: odd, by: rso}}}", name="other")
    shown = rendered(policies=[RULES, other])
    assert list(shown)[3] == "policies"
    assert "policy" not in shown
    assert [one["id"] for one in shown["policies"]] == ["acme", "other"]
    assert [(one["policy"], one["id"]) for one in shown["restrictions"]] == [
        ("acme", "hold"),
        ("acme", "wish"),
        ("other", "hold"),
    ]


# Bytes


def test_the_same_question_gives_the_same_bytes() -> None:
    first, second = (json.dumps(rendered(), ensure_ascii=False) for _ in range(2))
    assert first == second
    again = policy(
        """
measures: {run: {statistic: proportion, suite: acme/run, fresh: {for: 6 months, growth: 4x}}}
thresholds: {strong: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}}
restrictions:
  hold:
    forbids: [train]
    when: {reached: strong}
    until: {judged: fixed, by: rso}
    source: {section: "3.1", page: 12}
  wish: {forbids: [train], when: {judged: odd, by: rso}, presume: inactive, modality: aim}
permissions:
  lift: {lifts: [hold], when: {judged: fine, by: board}, for-at-most: 30 days}
"""
    )
    assert json.dumps(rendered(policies=again), ensure_ascii=False) == first


# Margins


def margin(measure: str, leaf: str, result: dict[str, Any]) -> dict[str, Any]:
    rules = policy(
        f"measures: {{run: {{{measure}, suite: acme/run}}}}\n"
        f"restrictions: {{hold: {{forbids: [train], when: {{measure: run, {leaf}}}}}}}"
    )
    run = event("evaluation.completed", "2025-01-20", measure="run", suite="acme/run", **result)
    shown = rendered([registered(), run], rules)
    found: dict[str, Any] = shown["restrictions"][0]["trace"]["when"]["children"][0]["margin"]
    return found


def test_a_margin_gives_the_observed_value_and_bounds_rounded_outward() -> None:
    # none of two at 95 %: U = 1 - sqrt 0.05 = 0.77639320…
    assert margin("statistic: proportion", "at-least: 50%, confidence: 95%", {"successes": 0, "trials": 2}) == {
        "observed": "0",
        "lower": "0",
        "upper": "0.776394",
        "confidence": "0.95",
        "comparator": "at-least",
        "bound": "50%",
    }
    # two of two: L = sqrt 0.05 = 0.22360679…, rounded down; without a confidence the bounds are those at 95 %
    assert margin("statistic: proportion", "below: 50%", {"successes": 2, "trials": 2}) == {
        "observed": "1",
        "lower": "0.223606",
        "upper": "1",
        "confidence": "0.95",
        "comparator": "below",
        "bound": "50%",
    }


def test_a_margin_of_a_rate_has_the_poisson_bounds() -> None:
    # none in one unit at 95 %: U = -ln 0.05 = 2.99573227…, in six digits
    found = margin("statistic: rate", "below: 3, confidence: 95%", {"successes": 0, "trials": 1})
    assert (found["observed"], found["lower"], found["upper"]) == ("0", "0", "2.99574")


def test_a_margin_of_an_estimate_has_its_recorded_bounds_where_they_serve() -> None:
    stated = {"estimate": "8", "lower": "5", "upper": "10.5", "confidence": "95%"}
    found = margin("statistic: mean", "at-least: 4, confidence: 95%", stated)
    assert (found["observed"], found["lower"], found["upper"]) == ("8", "5", "10.5")
    found = margin("statistic: mean", "at-least: 4, confidence: 99%", stated)
    assert (found["lower"], found["upper"], found["confidence"]) == (None, None, "0.99")


CLUSTER = {"clusters": [{"id": "a", "successes": 1, "trials": 3}]}


@pytest.mark.parametrize(
    ("measure", "leaf", "result"),
    [
        ("statistic: mean", "at-least: 4, confidence: 95%", {"successes": 1, "trials": 3}),
        ("statistic: proportion", "at-least: 50%, confidence: 95%", CLUSTER),
    ],
    ids=["another-statistic", "clusters"],
)  # fmt: skip
def test_where_there_are_no_bounds_a_margin_has_none(measure: str, leaf: str, result: dict[str, Any]) -> None:
    found = margin(measure, leaf, result)
    assert (found["observed"], found["lower"], found["upper"]) == ("1/3", None, None)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(1, 2), "0.5"),
        (Fraction(-1, 2), "-0.5"),
        (Fraction(-3), "-3"),
        (Fraction(10), "10"),
        (Fraction(1, 1_000_000), "0.000001"),
        (Fraction(1_230_000, 1_000_000), "1.23"),
        (Fraction(1, 10_000_000), "0.0000001"),
        (Fraction(817_691, 1_000_000_000), "0.000817691"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-7, 3), "-7/3"),
        (Fraction(10**26), "1" + "0" * 26),
    ],
)
def test_a_number_is_a_decimal_in_full_where_it_has_one_and_a_fraction_elsewhere(number: Fraction, text: str) -> None:
    assert number_text(number) == text


@given(st.fractions(max_denominator=10**7))
def test_a_number_is_written_without_loss(number: Fraction) -> None:
    assert Fraction(number_text(number)) == number


# Exit codes


@pytest.mark.parametrize(
    ("said", "presume", "code"),
    [(True, "active", 1), (False, "active", 0), (None, "active", 3), (None, "inactive", 6)],
)
def test_the_exit_code_is_that_of_the_outcome_alone(said: bool | None, presume: str, code: int) -> None:  # noqa: FBT001 - a case
    rules = policy(
        f"restrictions: {{hold: {{forbids: [train], when: {{judged: risky, by: rso}}, presume: {presume}}}}}"
    )
    given = [] if said is None else [judged("2025-01-20", "risky", value=said)]
    findings = event("document.published", "2025-01-20", document="nothing", digest=PLAN)
    for more in ([], [findings]):
        assert exit_code(decided(rules, [*given, *more], "2025-02-01")) == code


def test_a_quantity_is_shown_as_it_was_stated() -> None:
    assert rendered(at_compute="2.50e24 FLOP")["question"]["at_compute"] == str(parse_quantity("2.50e24 FLOP"))
