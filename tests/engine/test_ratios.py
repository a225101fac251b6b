"""The leaf `ratio`: a quantity beside that of another model of which a term holds (an addition to LANGUAGE 2)."""

from __future__ import annotations

from typing import Any

import pytest

from interlock.engine import Refused
from interlock.policy import Policy
from tests.engine.cases import Given, compute, decided, event, judged, policy, registered, value, when

AS_OF = "2025-03-01"
WATCHED = "{means: {judged: watched, by: rso}}"


def rules(comparison: str = "at-least: 1x", *, term: str = WATCHED, extra: str = "", **header: str) -> Policy:
    """Training is held where the model's effective compute compares so to that of a watched model."""
    leaf = f"{{ratio: effective-compute, {comparison}, to-any: watched-model{extra}}}"
    return policy(
        f"terms: {{watched-model: {term}}}\nrestrictions: {{hold: {{forbids: [train], when: {leaf}}}}}\n", **header
    )


def answer(asked: Policy, given: list[Given], **question: Any) -> str:
    return value(when(decided(asked, given, AS_OF, **question)))


WATCHED_MODEL = [
    registered("big"),
    compute("2025-01-10", "1e25 FLOP", model="big"),
    judged("2025-01-11", "watched", model="big"),
]


@pytest.mark.parametrize(
    ("comparison", "own", "expected"),
    [
        ("at-least: 1x", "1e25 FLOP", "true"),
        ("at-least: 1x", "0.999999e25 FLOP", "false"),
        ("more-than: 1x", "1e25 FLOP", "false"),
        ("more-than: 1x", "1.000001e25 FLOP", "true"),
        ("at-most: 0.5x", "5e24 FLOP", "true"),
        ("below: 0.5x", "5e24 FLOP", "false"),
    ],
)
def test_it_compares_exactly(comparison: str, own: str, expected: str) -> None:
    assert answer(rules(comparison), [*WATCHED_MODEL, compute("2025-02-01", own)]) == expected


def test_the_bounds_of_both_decide() -> None:
    def own(low: str, high: str) -> list[Given]:
        return [*WATCHED_MODEL, compute("2025-02-01", high, lower=low, upper=high)]

    assert answer(rules(), own("1e25 FLOP", "2e25 FLOP")) == "true"
    assert answer(rules(), own("0.9e25 FLOP", "1e25 FLOP")) == "unknown: imprecise"
    assert answer(rules(), own("0.8e25 FLOP", "0.9e25 FLOP")) == "false"


def test_no_other_model_is_false_and_one_of_which_the_term_is_false_counts_not() -> None:
    assert answer(rules(), [compute("2025-02-01", "1e26 FLOP")]) == "false"
    others = [registered("big"), judged("2025-01-11", "watched", value=False, model="big")]
    assert answer(rules(), others) == "false"


def test_what_is_not_measured_or_not_judged_is_unknown() -> None:
    unmeasured = [registered("big"), judged("2025-01-11", "watched", model="big"), compute("2025-02-01", "1e26 FLOP")]
    assert answer(rules(), unmeasured) == "unknown: missing"
    assert answer(rules(), [*WATCHED_MODEL]) == "unknown: missing"
    unjudged = [registered("big"), compute("2025-01-10", "1e25 FLOP", model="big"), compute("2025-02-01", "2e25 FLOP")]
    assert answer(rules(), unjudged) == "unknown: awaiting rso"
    smaller = [registered("big"), compute("2025-01-10", "1e25 FLOP", model="big"), compute("2025-02-01", "5e24 FLOP")]
    assert answer(rules(), smaller) == "false"


def test_one_of_several_is_enough() -> None:
    small = [
        registered("small"),
        compute("2025-01-10", "1e24 FLOP", model="small"),
        judged("2025-01-11", "watched", model="small"),
    ]
    given = [*WATCHED_MODEL, *small, compute("2025-02-01", "2e24 FLOP")]
    assert answer(rules(), given) == "true"
    assert answer(rules(), [*given, judged("2025-02-10", "watched", value=False, model="small")]) == "false"


def test_another_developers_model_is_none_of_them() -> None:
    theirs = [
        registered("theirs", developer="Other"),
        compute("2025-01-10", "1e24 FLOP", model="theirs"),
        judged("2025-01-11", "watched", model="theirs"),
    ]
    assert answer(rules(), [*theirs, compute("2025-02-01", "2e25 FLOP")]) == "false"


def test_its_own_term_says_nothing_of_the_model_itself() -> None:
    assert answer(rules(), [judged("2025-01-11", "watched"), compute("2025-02-01", "2e25 FLOP")]) == "false"


def test_the_compute_asked_about_is_compared_and_the_level_at_which_it_turns_is_told() -> None:
    given = [*WATCHED_MODEL, compute("2025-02-01", "2e24 FLOP")]
    assert answer(rules(), given, at_compute="9.99e24 FLOP") == "false"
    assert answer(rules(), given, at_compute="1e25 FLOP") == "true"
    until = decided(rules(), given, AS_OF).valid_until
    assert until is not None
    assert str(until.effective_compute) == "1e25 FLOP"


def test_an_age_limits_measurements_and_what_the_term_counts() -> None:
    given = [*WATCHED_MODEL, compute("2025-02-01", "2e25 FLOP")]
    assert answer(rules(extra=", within-last: 30 days"), given) == "unknown: stale"
    assert answer(rules(extra=", within-last: 60 days"), given) == "true"


def test_an_age_limits_what_the_term_counts_by_itself() -> None:
    measured = [compute("2025-02-20", "1e25 FLOP", model="big"), compute("2025-02-20", "2e25 FLOP")]
    for word, without in ((True, "true"), (False, "false")):
        given = [registered("big"), judged("2025-01-11", "watched", value=word, model="big"), *measured]
        assert answer(rules(extra=", within-last: 60 days"), given) == without
        assert answer(rules(extra=", within-last: 30 days"), given) == "unknown: stale"


def test_a_term_that_looks_at_several_models_itself_is_refused() -> None:
    with pytest.raises(Refused, match="looks at several models itself"):
        answer(rules(term="{means: {judged: watched, by: rso, of: any-model}}"), WATCHED_MODEL)


def spent(value: str, model: str = "m") -> Given:
    return event("quantity.measured", "2025-02-01", quantity="spend", value=value, model=model)


@pytest.mark.parametrize(
    ("own", "theirs", "expected"),
    [
        ("2 USD", "1 USD", "true"),
        ("1 USD", "2 USD", "false"),
        ("2 USD", "1 EUR", "unknown: missing"),
        ("2", "1 USD", "unknown: missing"),
    ],
)
def test_any_quantity_can_be_compared_within_one_dimension(own: str, theirs: str, expected: str) -> None:
    leaf = "{ratio: spend, at-least: 1x, to-any: watched-model}"
    asked = policy(f"terms: {{watched-model: {WATCHED}}}\nrestrictions: {{hold: {{forbids: [train], when: {leaf}}}}}\n")
    watched = [registered("big"), judged("2025-01-11", "watched", model="big")]
    assert answer(asked, [*watched, spent(theirs, "big"), spent(own)]) == expected


def test_effective_compute_in_another_dimension_is_none() -> None:
    watched = [registered("big"), judged("2025-01-11", "watched", model="big"), compute("2025-01-10", "1", model="big")]
    assert answer(rules(), [*watched, compute("2025-02-01", "2")]) == "unknown: missing"


def test_the_growth_of_another_model_ends_no_answer() -> None:
    aged = "{means: {judged: watched, by: rso, fresh: {growth: 4x}}}"
    given = [*WATCHED_MODEL, compute("2025-02-01", "2e25 FLOP")]
    assert answer(rules("more-than: 1x", term=aged), given) == "true"
    # at 4e25 of the other model its word would be stale; at no compute of this one is anything else so
    assert decided(rules("more-than: 1x", term=aged), given, AS_OF).valid_until is None
