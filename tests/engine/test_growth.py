"""Freshness by growth of effective compute: upper now over lower then, over at exactly the number (LANGUAGE 9)."""

from __future__ import annotations

from typing import Any

import pytest

from interlock.engine import Decision
from tests.engine.cases import Given, compute, decided, evaluated, policy, registered, value, when

RULES = policy("""
measures:
  run: {statistic: proportion, suite: acme/run, fresh: {growth: 4x}, carries: to-descendants}
thresholds:
  strong: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}
restrictions:
  hold: {forbids: [train], when: {reached: strong}}
""")
FRESH, STALE = "false", "unknown: stale"


def shown(given: list[Given], **question: Any) -> str:
    return value(when(decided(RULES, given, "2025-06-01", registers="model" not in question, **question)))


def grown(now: str, **bounds: str) -> list[Given]:
    """A ruling-out at 1e24 FLOP, and then a measurement."""
    return [compute("2025-01-03", "1e24 FLOP"), evaluated("2025-01-04", 2), compute("2025-02-01", now, **bounds)]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("1e24 FLOP", FRESH),
        ("3999999999999999999999999 FLOP", FRESH),  # one FLOP short of fourfold
        ("4e24 FLOP", STALE),
        ("4000000000000000000000001 FLOP", STALE),
        ("5e23 FLOP", FRESH),
    ],
)
def test_at_exactly_the_growth_number_evidence_is_stale(now: str, expected: str) -> None:
    assert shown(grown(now)) == expected


def test_of_intervals_the_upper_end_now_and_the_lower_end_then_are_taken() -> None:
    now = compute("2025-02-01", "3e24 FLOP", lower="2e24 FLOP", upper="3.9e24 FLOP")
    then = [compute("2025-01-03", "1e24 FLOP", lower="9e23 FLOP", upper="2e24 FLOP"), evaluated("2025-01-04", 2)]
    # 3.9e24 over 1e24 is less than four, over 9e23 it is more
    assert shown([compute("2025-01-03", "1e24 FLOP"), evaluated("2025-01-04", 2), now]) == FRESH
    assert shown([*then, now]) == STALE
    assert shown([*then, compute("2025-02-01", "3.59e24 FLOP")]) == FRESH  # 3.59 / 0.9 = 3.99
    assert shown([*then, compute("2025-02-01", "3.6e24 FLOP")]) == STALE  # 3.6 / 0.9 = 4


def test_measurements_at_one_place_come_to_the_hull_of_their_intervals() -> None:
    then = [compute("2025-01-03", "1e24 FLOP"), compute("2025-01-03", "8e23 FLOP"), evaluated("2025-01-04", 2)]
    assert shown([*then, compute("2025-02-01", "3.1e24 FLOP")]) == FRESH
    assert shown([*then, compute("2025-02-01", "3.2e24 FLOP")]) == STALE
    now = [compute("2025-02-01", "3.1e24 FLOP"), compute("2025-02-01", "3.3e24 FLOP")]
    assert shown([*then, *now]) == STALE


def test_the_latest_by_occurrence_then_by_recording_counts() -> None:
    then = [compute("2025-01-03", "1e24 FLOP"), evaluated("2025-01-04", 2)]
    corrected = compute("2025-02-01", "2e24 FLOP", recorded="2025-02-03")
    assert shown([*then, compute("2025-02-01", "9e24 FLOP", recorded="2025-02-02"), corrected]) == FRESH
    assert shown([*then, compute("2025-02-01", "9e24 FLOP", recorded="2025-02-04"), corrected]) == STALE
    assert shown([*then, compute("2025-02-01", "9e24 FLOP"), compute("2025-02-02", "2e24 FLOP")]) == FRESH


@pytest.mark.parametrize(
    "given",
    [
        [evaluated("2025-01-04", 2)],
        [evaluated("2025-01-04", 2), compute("2025-01-05", "1e24 FLOP")],  # nothing known of then
        grown("1e24 FLOP", lower="5e23 FLOP"),  # an open upper side now
        [
            compute("2025-01-03", "1e24 FLOP", upper="2e24 FLOP"),  # an open lower side then
            evaluated("2025-01-04", 2),
            compute("2025-02-01", "1e24 FLOP"),
        ],
        [compute("2025-01-03", "0 FLOP"), evaluated("2025-01-04", 2), compute("2025-02-01", "0 FLOP")],
        [compute("2025-01-03", "5"), evaluated("2025-01-04", 2), compute("2025-02-01", "5")],
        [compute("2025-01-03", "1e24 FLOP"), evaluated("2025-01-04", 2), compute("2025-02-01", "5")],
        [
            compute("2025-01-03", "1e24 FLOP"),
            evaluated("2025-01-04", 2),
            compute("2025-02-01", "1e24 FLOP"),
            compute("2025-02-01", "5"),  # two units at one place
        ],
    ],
    ids=[
        "never",
        "not-then",
        "open-now",
        "open-then",
        "nothing-then",
        "no-compute",
        "another-unit-now",
        "two-units-now",
    ],
)
def test_unknown_growth_is_stale(given: list[Given]) -> None:
    assert shown(given) == STALE


def test_then_is_the_latest_at_or_before_the_run() -> None:
    at_once = [compute("2025-01-03", "1e24 FLOP"), compute("2025-01-04", "2e24 FLOP"), evaluated("2025-01-04", 2)]
    assert shown([*at_once, compute("2025-02-01", "7e24 FLOP")]) == FRESH
    just_after = [
        compute("2025-01-03", "1e24 FLOP"),
        evaluated("2025-01-04", 2),
        compute("2025-01-04T12:00:00.000001Z", "2e24 FLOP"),
    ]
    assert shown([*just_after, compute("2025-02-01", "7e24 FLOP")]) == STALE


@pytest.mark.parametrize(
    ("subject", "expected"), [({"developer": "Acme"}, FRESH), ({"world": True}, FRESH), ({"developer": "Borg"}, STALE)]
)
def test_a_measurement_about_the_developer_or_the_world_holds_for_the_model(subject: Given, expected: str) -> None:
    def about(given: Given) -> Given:
        return {**given, "subject": subject}

    then = [about(compute("2025-01-03", "1e24 FLOP")), evaluated("2025-01-04", 2)]
    assert shown(then) == expected
    # the latest counts, whoever it is about
    assert shown([*then, compute("2025-01-05", "3e24 FLOP")]) == expected
    assert shown([*then, compute("2025-01-05", "3e24 FLOP"), about(compute("2025-01-06", "4e24 FLOP"))]) == STALE


# Down the lineage


def family(*given: Given) -> list[Given]:
    return [
        registered("p"),
        compute("2025-01-03", "1e24 FLOP", model="p"),
        registered("m", on="2025-01-10", parent="p"),
        *given,
    ]


def test_a_child_without_its_own_measurement_has_its_parents() -> None:
    ruled_out = evaluated("2025-01-11", 2)
    assert shown(family(ruled_out), model="m") == FRESH
    assert shown(family(ruled_out, compute("2025-02-01", "4e24 FLOP", model="p")), model="m") == STALE
    # once it has its own, its parent's growth is no matter
    own = compute("2025-03-01", "2e24 FLOP")
    assert shown(family(ruled_out, compute("2025-02-01", "4e24 FLOP", model="p"), own), model="m") == FRESH


def test_it_goes_up_as_far_as_it_must() -> None:
    given = family(registered("c", on="2025-01-12", parent="m"), evaluated("2025-01-13", 2, model="c"))
    assert shown(given, model="c") == FRESH
    assert shown([*given, compute("2025-02-01", "4e24 FLOP", model="p")], model="c") == STALE


def test_growth_of_an_ancestors_run_is_from_the_ancestor_then_to_the_child_now() -> None:
    given = family(evaluated("2025-01-05", 2, model="p"))
    assert shown([*given, compute("2025-02-01", "3.9e24 FLOP")], model="m") == FRESH
    assert shown([*given, compute("2025-02-01", "4e24 FLOP")], model="m") == STALE
    # the parent trained on by itself; the child did not
    assert (
        shown([*given, compute("2025-02-01", "1e24 FLOP"), compute("2025-02-02", "9e24 FLOP", model="p")], model="m")
        == FRESH
    )


def test_a_child_has_no_growth_that_its_parent_is_not_known_to_have() -> None:
    given = [registered("p"), registered("m", on="2025-01-10", parent="p"), evaluated("2025-01-11", 2)]
    assert shown(given, model="m") == STALE
    assert shown([*given, compute("2025-02-01", "1e24 FLOP", model="p")], model="m") == STALE


# A compute asked for


@pytest.mark.parametrize(("asked", "expected"), [("1e24 FLOP", FRESH), ("3.99e24 FLOP", FRESH), ("4e24 FLOP", STALE)])
def test_a_compute_asked_for_stands_for_the_latest(asked: str, expected: str) -> None:
    given = [compute("2025-01-03", "1e24 FLOP"), evaluated("2025-01-04", 2)]
    assert shown(given, at_compute=asked) == expected


def test_it_does_not_change_what_was_then() -> None:
    assert shown([evaluated("2025-01-04", 2)], at_compute="1e24 FLOP") == STALE
    at_the_same_time = [evaluated("2025-05-31", 2), compute("2025-05-31", "1e24 FLOP")]
    assert shown(at_the_same_time, at_compute="3e24 FLOP") == FRESH


def test_it_is_that_of_the_model_asked_about_and_of_no_other() -> None:
    rules = policy("""
measures:
  run: {statistic: proportion, suite: acme/run, fresh: {growth: 4x}}
thresholds:
  strong: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}
restrictions:
  hold: {forbids: [train], when: {reached: strong, of: any-model}}
""")

    def both(at_compute: str) -> Decision:
        given = [compute("2025-01-03", "1e24 FLOP"), evaluated("2025-01-04", 2), registered("other")]
        other = [compute("2025-01-03", "1e24 FLOP", model="other"), evaluated("2025-01-04", 2, model="other")]
        return decided(rules, [*given, *other], "2025-06-01", at_compute=at_compute)

    assert value(when(both("3e24 FLOP"))) == FRESH
    own, other = when(both("4e24 FLOP")).children
    assert (value(own), value(other)) == (STALE, FRESH)


# Both limits at once


def test_evidence_is_stale_by_the_first_of_time_and_growth() -> None:
    rules = policy("""
measures:
  run: {statistic: proportion, suite: acme/run, fresh: {for: 6 months, growth: 4x}}
thresholds:
  strong: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}
restrictions:
  hold: {forbids: [train], when: {reached: strong}}
""")

    def at(as_of: str, now: str) -> str:
        given = [compute("2025-01-03", "1e24 FLOP"), evaluated("2025-01-04", 2)]
        return value(when(decided(rules, given, as_of, at_compute=now)))

    assert at("2025-07-04T11:59:59Z", "3e24 FLOP") == FRESH
    assert at("2025-07-04T12:00:00Z", "3e24 FLOP") == STALE
    assert at("2025-06-01", "4e24 FLOP") == STALE
