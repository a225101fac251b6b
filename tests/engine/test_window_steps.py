"""One step of a window, and what a condition's value rests on, case by case."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from interlock.engine import Node, Window
from interlock.engine._windows import new_support, step
from interlock.policy import AllOf, AnyOf, AtLeast, Judged, Not, Permission, Reached, Roles
from interlock.record import Event
from interlock.terms import Calendar, Truth, parse_period
from tests.engine.cases import judged, read

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
OLD, NEW = read([judged("2025-02-01"), judged("2025-03-01")])
START = OLD.occurred
LATER = datetime(2025, 6, 1, tzinfo=UTC)
LEAF = Judged(question="ok", by=Roles(names=("board",), needed=1))


def leaf(value: Truth, *evidence: Event) -> Node:
    return Node(about=LEAF, value=value, evidence=evidence)


def part(about: AllOf | AnyOf | AtLeast | Not | Reached | str, value: Truth, *children: Node) -> Node:
    return Node(about=about, value=value, parts=children)


ALL, ANY, NOT = AllOf(parts=(LEAF, LEAF)), AnyOf(parts=(LEAF, LEAF)), Not(part=LEAF)
TWO_OF = AtLeast(number=2, parts=(LEAF, LEAF, LEAF))
old, new = leaf(T, OLD), leaf(T, NEW)
old_false, new_false = leaf(F, OLD), leaf(F, NEW)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (new, True),
        (old, False),
        (leaf(T, OLD, NEW), False),  # it rests on both
        (leaf(U, NEW), False),  # not the value asked about
        (part(ALL, T, new, new), True),
        (part(ALL, T, new, old), False),
        (part(ANY, T, old, new), True),
        (part(ANY, T, old, new_false), False),  # the newer part says otherwise
        (part(TWO_OF, T, new, new, old), True),
        (part(TWO_OF, T, new, old, old), False),
        (part(NOT, T, new_false), True),
        (part(NOT, T, old_false), False),
        # dually under a negation: of a conjunction one false part is enough, of a disjunction all must be false
        (part(NOT, T, part(ALL, F, new_false, old)), True),
        (part(NOT, T, part(ALL, F, old_false, new)), False),
        (part(NOT, T, part(ANY, F, new_false, new_false)), True),
        (part(NOT, T, part(ANY, F, new_false, old_false)), False),
        # two of three fail once two are false
        (part(NOT, T, part(TWO_OF, F, new_false, new_false, old)), True),
        (part(NOT, T, part(TWO_OF, F, new_false, old_false, new)), False),
        # a leaf over a condition rests on what that does
        (part(Reached(threshold="t"), T, part(ANY, T, new, old)), True),
        (part(Reached(threshold="t"), T, part(ALL, T, new, old)), False),
    ],
)
def test_a_value_is_supported_anew_if_enough_for_it_rests_on_newer_events(node: Node, expected: bool) -> None:  # noqa: FBT001 - a case
    assert (new_support(node, START, T) is not None) is expected


def permission(renewals: int | None) -> Permission:
    return Permission(id="p", when=LEAF, for_at_most=parse_period("30 days"), renewals=renewals)


def test_a_first_window_opens_whatever_its_condition_rests_on() -> None:
    for node in (old, new, leaf(T)):
        assert step(Window(), permission(None), node, LATER) == Window(start=LATER, opened=1, was_true=True)


@pytest.mark.parametrize("node", [leaf(F, NEW), leaf(U, NEW)])
def test_what_is_not_true_opens_none(node: Node) -> None:
    assert step(Window(), permission(None), node, LATER) == Window()
    running = Window(start=START, opened=1, was_true=True)
    assert step(running, permission(None), node, LATER) == Window(start=START, opened=1, was_true=False)


def test_while_nothing_turns_the_window_is_the_same_one() -> None:
    running = Window(start=START, opened=1, was_true=True)
    assert step(running, permission(None), new, LATER) is running
    lapsed = Window(start=START, opened=1, was_true=False)
    assert step(lapsed, permission(None), leaf(F), LATER) is lapsed


@pytest.mark.parametrize(
    ("renewals", "opened", "node", "expected"),
    [
        (None, 7, new, 8),
        (1, 1, new, 2),
        (1, 2, new, 2),
        (0, 1, new, 1),
        (1, 1, old, 1),
        (1, 1, leaf(T), 1),  # it rests on no event at all
    ],
)
def test_a_turn_to_true_renews_on_newer_events_while_renewals_are_left(
    renewals: int | None, opened: int, node: Node, expected: int
) -> None:
    after = step(Window(start=START, opened=opened, was_true=False), permission(renewals), node, LATER)
    assert (after.opened, after.was_true) == (expected, True)
    assert after.start == (LATER if expected > opened else START)


@pytest.mark.parametrize(
    ("renewals", "opened", "left"), [(None, 3, None), (2, 0, 2), (2, 1, 2), (2, 2, 1), (2, 3, 0), (0, 1, 0)]
)
def test_the_first_window_is_no_renewal(renewals: int | None, opened: int, left: int | None) -> None:
    assert Window(start=START, opened=opened).renewals_left(permission(renewals)) == left


def test_a_window_ends_where_the_calendar_says_and_one_without_a_limit_never() -> None:
    assert Window(start=START, opened=1).end(permission(None), Calendar()) == datetime(2025, 3, 3, 12, tzinfo=UTC)
    assert Window().end(permission(None), Calendar()) is None
    unlimited = Permission(id="p", when=LEAF, renewals=1)
    assert Window(start=START, opened=1).end(unlimited, Calendar()) is None
