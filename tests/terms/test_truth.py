"""Strong Kleene logic, table by table (Kleene 1952, section 64; LANGUAGE 4.1)."""

from __future__ import annotations

from itertools import product

import pytest

from interlock.terms import Truth, all_of, any_of, at_least

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


@pytest.mark.parametrize(("value", "negation"), [(T, F), (F, T), (U, U)])
def test_negation(value: Truth, negation: Truth) -> None:
    assert ~value is negation


CONJUNCTION = {
    (T, T): T, (T, F): F, (T, U): U,
    (F, T): F, (F, F): F, (F, U): F,
    (U, T): U, (U, F): F, (U, U): U,
}  # fmt: skip
DISJUNCTION = {
    (T, T): T, (T, F): T, (T, U): T,
    (F, T): T, (F, F): F, (F, U): U,
    (U, T): T, (U, F): U, (U, U): U,
}  # fmt: skip


@pytest.mark.parametrize("pair", list(product(Truth, repeat=2)))
def test_conjunction_and_disjunction_of_two(pair: tuple[Truth, Truth]) -> None:
    assert all_of(pair) is CONJUNCTION[pair]
    assert any_of(pair) is DISJUNCTION[pair]


@pytest.mark.parametrize("values", list(product(Truth, repeat=3)))
def test_more_than_two_are_taken_two_by_two(values: tuple[Truth, Truth, Truth]) -> None:
    first, second, third = values
    assert all_of(values) is CONJUNCTION[CONJUNCTION[first, second], third]
    assert any_of(values) is DISJUNCTION[DISJUNCTION[first, second], third]


def test_of_nothing_all_are_true_and_none_is() -> None:
    assert all_of([]) is T
    assert any_of([]) is F


def could_be(values: tuple[Truth, ...], number: int) -> Truth:
    """By definition: known only where every way of settling the unknown ones agrees."""
    settled = {sum(choice) >= number for choice in product(*({T: (1,), F: (0,), U: (0, 1)}[value] for value in values))}
    return Truth.of(settled.pop()) if len(settled) == 1 else U


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_at_least_n_is_known_where_every_settling_of_the_unknown_agrees(number: int) -> None:
    for values in product(Truth, repeat=4):
        assert at_least(number, values) is could_be(values, number)


def test_at_least_reads_its_values_once() -> None:
    assert at_least(2, (value for value in (T, U, T))) is T


def test_a_bool_has_a_truth_value() -> None:
    assert [Truth.of(value) for value in (True, False)] == [T, F]
