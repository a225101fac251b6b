"""Traces: connectives over nodes, reasons, the order of parts, and when a node could change (LANGUAGE 4.1 and 7)."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from interlock.engine import Node
from interlock.engine._rulings import Ruling, readings_node
from interlock.engine._trace import Tracing, earliest, parent_node
from interlock.policy import AllOf, Judged, Not, Readings, Roles
from interlock.terms import Truth
from tests.engine.cases import decided, judged, policy, when

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
LEAF = Judged(question="ok", by=Roles(names=("board",), needed=1))
MAY, JUNE = datetime(2025, 5, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)


def leaf(value: Truth, reason: str | None = None, **more: object) -> Node:
    return Node(about=LEAF, value=value, reason=reason, **more)  # type: ignore[arg-type]


ALGEBRA = Tracing(
    lambda _leaf, _positive: leaf(U, "missing"),
    lambda readings, parts: readings_node(readings, parts, Ruling(reading=None)),
)


def test_the_reason_of_a_whole_is_that_of_the_first_part_that_decides_it() -> None:
    parts = [leaf(T), leaf(U, "stale"), leaf(U, "missing")]
    assert parent_node("all", U, parts).reason == "stale"
    assert parent_node("all", T, parts).reason is None
    assert parent_node("all", U, parts, reason="contested").reason == "contested"


def test_a_negation_keeps_the_reason_of_its_part() -> None:
    node = ALGEBRA.negation(Not(part=LEAF), leaf(F, "wrong-role"))
    assert (node.value, node.reason) == (T, "wrong-role")


def test_a_whole_could_change_when_the_first_of_its_parts_could() -> None:
    parts = [leaf(T, changes_at=JUNE), leaf(T), leaf(T, changes_at=MAY, changes_at_compute=Fraction(5))]
    node = ALGEBRA.all_of(AllOf(parts=(LEAF, LEAF, LEAF)), parts)
    assert (node.changes_at, node.changes_at_compute) == (MAY, Fraction(5))
    assert parent_node("all", T, [leaf(T)]).changes_at is None


def test_readings_agree_or_are_contested() -> None:
    readings = Readings(id="big", readings=(("one", LEAF), ("two", LEAF)))
    assert ALGEBRA.readings(readings, [leaf(T), leaf(T)]).value is T
    for parts in ([leaf(T), leaf(F)], [leaf(T), leaf(U, "missing")]):
        node = ALGEBRA.readings(readings, parts)
        assert (node.value, node.reason) == (U, "contested")


@pytest.mark.parametrize(("times", "expected"), [([], None), ([None, None], None), ([JUNE, None, MAY], MAY)])
def test_the_earliest_is_the_least_of_those_that_are_there(
    times: list[datetime | None], expected: datetime | None
) -> None:
    assert earliest(times) == expected


def test_walking_a_trace_goes_in_the_order_of_the_file() -> None:
    rules = policy("""
restrictions:
  hold: {forbids: [train], when: {any: [{judged: a, by: rso}, {not: {judged: b, by: board}}]}}
""")
    node = when(decided(rules, [judged("2025-02-01", "a")], "2025-06-01"))
    assert [each.condition for each in node.walk()] == [
        "{any: [{judged: a, by: [rso]}, {not: {judged: b, by: [board]}}]}",
        "{judged: a, by: [rso]}",
        "{not: {judged: b, by: [board]}}",
        "{judged: b, by: [board]}",
    ]
