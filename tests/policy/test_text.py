"""The canonical text of a condition is what the language writes, and reads back to the same condition."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.policy import (
    Active,
    AllOf,
    AnyOf,
    Approved,
    Argued,
    AtLeast,
    Attested,
    Comparator,
    Comparison,
    Condition,
    Done,
    Elapsed,
    Freshness,
    Growth,
    Happened,
    InForce,
    Judged,
    Leaf,
    Measured,
    Meets,
    Not,
    Notified,
    Overdue,
    Published,
    QuantityIs,
    Ratio,
    Reached,
    Readings,
    Roles,
    RuledOut,
    Scope,
    TermHolds,
    Undefined,
    _text,
    condition_text,
    decode,
)
from interlock.policy._writing_conditions import number_text
from interlock.terms import Period, PeriodUnit, parse_quantity
from tests.policy.files import SOUND

# The condition stands where nothing depends on it, so that no cycle is made whatever it names.
_PLACE = "pledges:\n  promise:\n    maintain: "


def read(text: str) -> Condition:
    return decode(f"{SOUND}{_PLACE}{text}\n", file="policy.yaml").pledges["promise"].maintain


@pytest.mark.parametrize(
    "text",
    [
        "{reached: t-run}",
        "{ruled-out: t-run, ahead: 6x}",
        "{measure: run, at-least: 50%, confidence: 95%}",
        "{measure: run, below: 0.5%, confidence: 97.5%}",
        "{measure: run, more-than: 50%}",
        "{quantity: training-compute, more-than: 1e26 FLOP, of: any-model}",
        "{growth: effective-compute, since: assess, at-least: 4x}",
        "{growth: effective-compute, since: assess, at-least: 4x, against: most-capable-assessed}",
        "{elapsed: 1 month, since: assess}",
        "{meets: security}",
        "{attested: vault}",
        "{attested: vault, by: [rso], fresh: 12 months}",
        "{judged: dangerous, by: [rso, board]}",
        "{judged: dangerous, by: {any-of: [rso, board]}}",
        "{judged: dangerous, by: {n: 2, of: [rso, board, auditor]}}",
        "{argued: no-sabotage}",
        "{approved: plan, by: [rso]}",
        "{published: plan, for-at-least: 30 days}",
        "{published: plan, for-at-least: 30 days, coverage-within: 1 month}",
        "{notified: board, of: plan, within-last: 30 days}",
        "{done: assess}",
        "{overdue: assess}",
        "{event: incident.discovered, kind: weight-theft, severity: 3}",
        '{event: incident.discovered, severity: "no"}',
        '{event: incident.discovered, severity: "a, b: [c]"}',
        "{event: model.deployed, class-at-least: deploy.external}",
        "{active: hold-training}",
        "{in-force: interim}",
        "{term: large}",
        "{undefined: {owed: to be written}}",
        '{undefined: {owed: "of\\ntwo lines"}}',
        '{judged: "on", by: [rso]}',
        "{ruled-out: t-run, ahead: 1e40x}",
        "{undefined: {owed: x, before: {first: train, of: {reached: t-run}}}}",
        "{all: [{reached: t-run}, {any: [{meets: security}, {not: {term: large}}]}]}",
        "{at-least: {n: 2, of: [{reached: t-run}, {meets: security}, {term: large}]}}",
        "{readings: {id: broad, a: {reached: t-run}, b: {term: large}}}",
        "{reached: t-run, fresh: {for: 6 months, growth: 1.5x}}",
        "{reached: t-run, fresh: {growth: 4x}}",
    ],
)
def test_a_condition_written_canonically_is_its_own_text(text: str) -> None:
    assert text == condition_text(read(text))


def test_other_spellings_come_to_the_canonical_one() -> None:
    assert condition_text(read("{by: rso, judged: dangerous, fresh: {for: 1 months}}")) == (
        "{judged: dangerous, by: [rso], fresh: 1 month}"
    )


def test_the_text_is_remembered_by_identity_and_not_by_equality() -> None:
    """Comparing trees costs more than writing them."""
    one, other = read("{undefined: {owed: x}}"), read("{undefined: {owed: x}}")
    assert one == other
    assert condition_text(one) is condition_text(one)
    assert condition_text(one) is not condition_text(other)
    assert condition_text(one) == condition_text(other)


def test_the_memory_of_texts_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_text, "_MEMORY", 2)
    monkeypatch.setattr(_text, "_TEXTS", {})
    several = [Reached(threshold=name) for name in "abcde"]
    assert [f"{{reached: {name}}}" for name in "abcde"] == [condition_text(condition) for condition in several]
    assert len(_text._TEXTS) <= 2


def test_what_is_no_leaf_of_the_language_has_no_text() -> None:
    with pytest.raises(TypeError, match="Leaf is no leaf of the language"):
        condition_text(Leaf())


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(4), "4"),
        (Fraction(3, 2), "1.5"),
        (Fraction(1, 8), "0.125"),
        (Fraction(10) ** 26, "1e26"),
        (Fraction(1, 1000), "0.001"),
    ],
)
def test_numbers_are_written_exactly(number: Fraction, text: str) -> None:
    assert text == number_text(number)
    assert number == Fraction(text)


_periods = st.builds(Period, st.integers(1, 999), st.sampled_from(PeriodUnit))
_SHORT = {PeriodUnit.SECOND, PeriodUnit.MINUTE, PeriodUnit.HOUR}
_factors = st.integers(11, 999).map(lambda tenths: Fraction(tenths, 10))
_freshness = st.one_of(
    st.builds(Freshness, period=_periods),
    st.builds(Freshness, growth=_factors),
    st.builds(Freshness, period=_periods, growth=_factors),
)
_roles = st.lists(st.sampled_from(["rso", "board", "auditor"]), min_size=1, unique=True).flatmap(
    lambda names: st.builds(Roles, names=st.just(tuple(names)), needed=st.integers(1, len(names)))
)


def _comparisons(*bounds: str) -> st.SearchStrategy[Comparison]:
    return st.builds(
        Comparison, comparator=st.sampled_from(Comparator), bound=st.sampled_from(bounds).map(parse_quantity)
    )


_scoped = {
    "of": st.sampled_from(Scope),
    "fresh": st.none() | _freshness,
    "within_last": st.none() | _periods,
}
_aged = {"fresh": st.none() | _freshness, "within_last": st.none() | _periods}
_shares = st.integers(1, 999).map(lambda tenths: Fraction(tenths, 1000))
_texts = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=12).filter(
    lambda text: text == text.strip()
)
_fields = st.lists(
    st.tuples(st.sampled_from(["id", "kind", "severity", "x-team"]), _texts), max_size=3, unique_by=lambda f: f[0]
).map(tuple)
_leaves: st.SearchStrategy[Leaf] = st.one_of(
    st.builds(Reached, threshold=st.just("t-run"), **_scoped),
    st.builds(RuledOut, threshold=st.just("t-run"), ahead=st.none() | _factors, **_scoped),
    st.builds(
        Measured,
        measure=st.just("run"),
        comparison=_comparisons("50%", "0.1%", "0%"),
        confidence=st.none() | _shares,
        **_scoped,
    ),
    st.builds(
        QuantityIs, quantity=st.just("spend"), comparison=_comparisons("1e26 FLOP", "3", "2 USD", "8 hours"), **_scoped
    ),
    st.builds(
        Growth,
        quantity=st.just("effective-compute"),
        since=st.just("assess"),
        comparison=_comparisons("4x", "1.5x"),
        against=st.sampled_from(["this", "most-capable-assessed"]),
        **_scoped,
    ),
    st.builds(
        Ratio,
        quantity=st.just("effective-compute"),
        term=st.just("large"),
        comparison=_comparisons("1x", "1.5x"),
        **_aged,
    ),
    st.builds(Elapsed, period=_periods, since=st.just("assess"), **_scoped),
    st.builds(Meets, standard=st.just("security"), **_scoped),
    st.builds(Attested, control=st.just("vault"), by=st.none() | _roles, **_scoped),
    st.builds(Judged, question=st.just("dangerous"), by=_roles, **_scoped),
    st.builds(Argued, claim=st.just("no-sabotage"), **_scoped),
    st.builds(Approved, document=st.just("plan"), by=_roles, **_scoped),
    st.builds(
        Published,
        document=st.just("plan"),
        for_at_least=st.none() | _periods,
        coverage_within=st.none() | _periods.filter(lambda period: period.unit not in _SHORT),
        **_scoped,
    ),
    st.builds(Notified, party=st.just("board"), document=st.just("plan"), latest=st.booleans(), **_aged),
    st.builds(Done, duty=st.just("assess"), **_scoped),
    st.builds(Overdue, duty=st.just("assess"), **_scoped),
    st.builds(Happened, kind=st.just("incident.discovered"), fields=_fields, **_scoped),
    st.builds(
        Happened,
        kind=st.just("model.deployed"),
        class_at_least=st.sampled_from(["deploy", "deploy.internal.wide", "release-weights"]),
        **_scoped,
    ),
    st.builds(Active, restriction=st.just("hold-training"), **_scoped),
    st.builds(InForce, permission=st.just("interim"), **_scoped),
    st.builds(TermHolds, term=st.just("large"), **_scoped),
    st.builds(Undefined, owed=_texts, **_scoped),
)


def _connectives(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(parts, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(AllOf, parts=several),
        st.builds(AnyOf, parts=several),
        st.builds(Not, part=parts),
        several.flatmap(lambda p: st.builds(AtLeast, number=st.integers(1, len(p)), parts=st.just(p))),
    )


conditions: st.SearchStrategy[Condition] = st.recursive(_leaves, _connectives, max_leaves=6)


@given(conditions)
def test_every_condition_reads_back_from_its_text(condition: Condition) -> None:
    assert condition == read(condition_text(condition))


@given(_leaves, _leaves)
def test_readings_read_back_from_their_text(first: Leaf, second: Leaf) -> None:
    readings = Readings(id="dispute", readings=(("broad", first), ("narrow", second)))
    assert readings == read(condition_text(readings))
