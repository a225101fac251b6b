"""`valid_until` by compute: the first level at which the answer could change, with no further event (LANGUAGE 4.4)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from interlock.engine import _validity
from interlock.policy import Policy
from interlock.terms import format_instant, parse_quantity
from tests.engine.cases import Given, answer, compute, decided, evaluated, event, judged, policy, registered

HEADER = """
measures:
  run: {statistic: proportion, suite: acme/run, fresh: FRESH}
  jog: {statistic: proportion, suite: acme/jog, fresh: FRESH}
thresholds:
  strong: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}
  weak: {reached-when: {measure: jog, at-least: 50%, confidence: 95%}}
standards:
  safe: {controls: {lock: {attested-by: rso}}}
"""
RUN = "{measure: run, at-least: 50%, confidence: 95%}"
LOCKED = event("control.attested", "2025-01-04", by="rso", control="lock", value=True)


def rules(restrictions: str, fresh: str = "{growth: 4x}") -> Policy:
    return policy(f"{HEADER.replace('FRESH', fresh)}restrictions: {restrictions}\n")


def hold(when: str) -> str:
    return f"{{hold: {{forbids: [train], when: {when}}}}}"


def ends(policies: Policy, given: list[Given], as_of: str = "2025-03-01", **question: Any) -> Any:
    """Return when and at which compute the answer ends, by which leaf, and who can renew it; None if nothing does."""
    validity = decided(policies, given, as_of, **question).valid_until
    if validity is None:
        return None
    time = None if validity.time is None else format_instant(validity.time)
    level = None if validity.effective_compute is None else validity.effective_compute.text
    return time, level, validity.leaf, validity.who


def grown(*more: Given) -> list[Given]:
    return [compute("2025-01-03", "1e24 FLOP"), evaluated("2025-01-04", 2), *more]


def test_growth_ends_it_at_the_level_at_which_the_evidence_is_stale() -> None:
    assert ends(rules(hold("{reached: strong}")), grown()) == (None, "4e24 FLOP", RUN, ("evaluator",))
    lower = [compute("2025-01-03", "1e24 FLOP", lower="9e23 FLOP", upper="2e24 FLOP"), evaluated("2025-01-04", 2)]
    assert ends(rules(hold("{reached: strong}")), lower)[1] == "3.6e24 FLOP"


@pytest.mark.parametrize(("fresh", "leafs_own"), [("4x", "2x"), ("2x", "4x")])
def test_of_several_limits_the_first_ends_it(fresh: str, leafs_own: str) -> None:
    body = rules(hold(f"{{reached: strong, fresh: {{growth: {leafs_own}}}}}"), f"{{growth: {fresh}}}")
    assert ends(body, grown())[1] == "2e24 FLOP"


def test_time_and_compute_are_given_side_by_side() -> None:
    both = rules(hold("{reached: strong}"), "{for: 6 months, growth: 4x}")
    assert ends(both, grown())[:2] == ("2025-07-04T12:00:00Z", "4e24 FLOP")


@pytest.mark.parametrize(
    ("comparison", "level"),
    [
        ("at-least: 1e26 FLOP", "1e26 FLOP"),
        ("more-than: 1e26 FLOP", "1.00000000000000000000000001e26 FLOP"),
        ("at-most: 1e26 FLOP", "1.00000000000000000000000001e26 FLOP"),
        ("below: 1e26 FLOP", "1e26 FLOP"),
    ],
)
def test_a_threshold_of_compute_ends_it_at_the_next_whole_flop_that_crosses_it(comparison: str, level: str) -> None:
    body = rules(hold(f"{{quantity: effective-compute, {comparison}}}"))
    found = ends(body, [compute("2025-01-03", "1e24 FLOP")])
    assert found[1] == level
    before, after = (answer(decided(body, [compute("2025-01-03", "1e24 FLOP")], "2025-03-01", at_compute=at))
                     for at in ("99999999999999999999999999 FLOP", level))  # fmt: skip
    assert before != after


def test_a_level_that_is_passed_ends_nothing() -> None:
    body = rules(hold("{quantity: effective-compute, at-least: 1e26 FLOP}"))
    assert ends(body, [compute("2025-01-03", "1e26 FLOP")]) is None
    assert ends(body, [compute("2025-01-03", "2e26 FLOP", lower="9e25 FLOP", upper="3e26 FLOP")]) is None


def test_a_compute_that_was_supposed_is_where_the_search_begins() -> None:
    body = rules(hold("{reached: strong}"))
    assert ends(body, grown(), at_compute="3e24 FLOP")[1] == "4e24 FLOP"
    assert ends(body, grown(), at_compute="5e24 FLOP") is None


def test_of_several_runs_the_last_to_be_outgrown_ends_it() -> None:
    given = grown(compute("2025-01-05", "2e24 FLOP"), evaluated("2025-01-06", 2))
    assert ends(rules(hold("{reached: strong}")), given)[1] == "8e24 FLOP"


OUTGROWN = [
    ("{not: {judged: safe, by: rso, fresh: {growth: 4x}}}", [judged("2025-01-04")]),
    ("{not: {attested: lock, fresh: {growth: 4x}}}", [LOCKED]),
    ("{not: {meets: safe, fresh: {growth: 4x}}}", [LOCKED]),
    (
        "{not: {quantity: spend, more-than: 1 USD, fresh: {growth: 4x}}}",
        [event("quantity.measured", "2025-01-04", quantity="spend", value="2 USD")],
    ),
    ("{event: model.deployed, fresh: {growth: 4x}}", [event("model.deployed", "2025-01-04", class_="release-weights")]),
    (
        "{event: incident.determined, severity: high, fresh: {growth: 4x}}",
        [event("incident.determined", "2025-01-04", id="i", kind="k")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("when", "given"),
    OUTGROWN,
    ids=["judged", "attested", "meets", "quantity", "event", "event-that-states-too-little"],
)
def test_each_leaf_that_growth_makes_old_ends_it_at_that_level(when: str, given: list[Given]) -> None:
    body = rules(hold(when))
    events = [compute("2025-01-03", "1e24 FLOP"), *given]
    before, after = (answer(decided(body, events, "2025-03-01", at_compute=at)) for at in ("3.9e24 FLOP", "4e24 FLOP"))
    assert before != after
    assert ends(body, events)[1] == "4e24 FLOP"


def test_growth_ends_it_through_the_until_of_another_restriction() -> None:
    body = (
        "{hold: {forbids: [train], when: {active: other}}, "
        "other: {forbids: [store], when: {event: model.registered}, until: {ruled-out: strong}}}"
    )
    assert ends(rules(body), grown())[1] == "4e24 FLOP"


def test_a_level_of_another_models_compute_is_none_of_this_one() -> None:
    body = (
        "{hold: {forbids: [train], when: {reached: strong}}, "
        "lineage: {forbids: [train], when: {reached: weak, of: lineage}, presume: inactive}}"
    )
    both = rules(body)
    given = [
        registered("p"),
        compute("2025-01-03", "1e24 FLOP", model="p"),
        evaluated("2025-01-04", 2, model="p", measure="jog"),
        registered("m", on="2025-01-05", parent="p"),
        compute("2025-01-06", "2e24 FLOP"),
        evaluated("2025-01-07", 2),
        compute("2025-01-08", "1e26 FLOP"),
    ]
    # held, since the model has outgrown its own evidence; that its parent has not is no end of that
    assert ends(both, given, registers=False) is None


def test_a_search_that_gives_up_gives_the_last_level_it_looked_at() -> None:
    """As with time: the answer held up to there, which is safe, while no end at all would be a promise."""
    count = 25
    measures = "".join(
        f"  run{n}: {{statistic: proportion, suite: acme/run{n}, fresh: {{growth: 4x}}}}\n" for n in range(count)
    )
    thresholds = "".join(
        f"  t{n}: {{reached-when: {{measure: run{n}, at-least: 50%, confidence: 95%}}}}\n" for n in range(count)
    )
    all_of = ", ".join(f"{{reached: t{n}}}" for n in range(count))
    body = policy(f"measures:\n{measures}thresholds:\n{thresholds}restrictions: {hold(f'{{all: [{all_of}]}}')}\n")
    given = [
        one
        for n in range(count)
        for one in (
            compute(f"2025-02-01T{n // 60:02d}:{n % 60:02d}:00Z", f"{100 + n}e22 FLOP"),
            evaluated(f"2025-02-01T{n // 60:02d}:{n % 60:02d}:30Z", 2, measure=f"run{n}"),
        )
    ]
    assert answer(decided(body, given, "2025-03-01", at_compute="1e26 FLOP")) == "held by default"
    assert ends(body, given) is not None


WINDOWED = """
restrictions: {hold: {forbids: [train], when: {quantity: effective-compute, at-least: 1e25 FLOP}}}
permissions: {p: {lifts: [hold], when: {quantity: effective-compute, at-least: LEVEL}, for-at-most: 30 days}}
"""


def test_a_level_that_opens_a_window_ends_it() -> None:
    body, given = policy(WINDOWED.replace("LEVEL", "9e25 FLOP")), [compute("2025-01-10", "4e25 FLOP")]
    assert answer(decided(body, given, "2025-03-01")) == "held"
    assert answer(decided(body, given, "2025-03-01", at_compute="9e25 FLOP")) == "permitted"
    assert ends(body, given)[1] == "9e25 FLOP"


def test_a_level_that_restricts_and_lifts_at_once_ends_nothing() -> None:
    body, given = policy(WINDOWED.replace("LEVEL", "1e25 FLOP")), [compute("2025-01-10", "1e24 FLOP")]
    assert answer(decided(body, given, "2025-03-01")) == "permitted"
    assert answer(decided(body, given, "2025-03-01", at_compute="1e25 FLOP")) == "permitted"
    assert ends(body, given) is None


def test_too_many_levels_without_a_change_give_the_last_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_validity, "MOST_INSTANTS", 2)
    given = [
        one
        for day in range(4)
        for one in (compute(f"2025-01-1{day}", f"{1 + day}e24 FLOP"), evaluated(f"2025-01-1{day}T13:00:00Z", 2))
    ]
    # at 4e24 now the first is stale; the others go stale at 8e24, 1.2e25 and 1.6e25
    end = (None, "1.2e25 FLOP", "too many changes to look further", ())
    assert ends(rules(hold("{reached: strong}")), given) == end


# Words


@pytest.mark.parametrize(
    ("level", "text"),
    [
        ("1e26 FLOP", "1e26 FLOP"),
        ("1.25e26 FLOP", "1.25e26 FLOP"),
        ("7 FLOP", "7e0 FLOP"),
        ("120 FLOP", "1.2e2 FLOP"),
        ("0 FLOP", "0e0 FLOP"),
        ("100000000000000000000000001 FLOP", "1.00000000000000000000000001e26 FLOP"),
    ],
)
def test_a_level_is_written_so_that_it_reads_back_exactly(level: str, text: str) -> None:
    written = _validity.compute(parse_quantity(level).magnitude)
    assert written.text == text
    assert parse_quantity(written.text).magnitude == parse_quantity(level).magnitude


def test_a_level_that_is_no_whole_flop_is_written_in_six_digits() -> None:
    written = _validity.compute(parse_quantity("1e26 FLOP").magnitude / 3)
    assert (written.text, written.magnitude * 3) == ("3.33333e+25 FLOP", Fraction(10**26))
