"""The leaf `ratio`: a quantity of the model beside that of another model of which a term holds (our own addition).

A policy that forbids training what is comparable to a model needs it: the term says which models, the ratio how near.
Levels and changes of compute are those of the model asked about alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from interlock.assessment import compare_bounds
from interlock.engine._duty_leaves import next_level, quantity_of, quotient, sign
from interlock.engine._freshness import EFFECTIVE_COMPUTE, Interval
from interlock.engine._leaves import Limits, age_of, limits_of
from interlock.engine._trace import Node, earliest, parent_node
from interlock.policy import Ratio, Scope, condition_text
from interlock.terms import Truth, all_of, any_of

if TYPE_CHECKING:
    from interlock.engine._case import Case

TermOf = Callable[["Case"], Node]
"""What the leaf's term comes to for a model."""


def ratio(case: Case, leaf: Ratio, limits: Limits, term_of: TermOf) -> Node:
    """Return whether the comparison is so beside any other model of the developer of which the term holds.

    Without another model it is false; a developer by itself has nothing to compare: unknown.
    """
    if not case.model.id:
        return Node(about=leaf, value=Truth.UNKNOWN, reason="missing", who=("developer",))
    others = [case.about(model) for model in case.models(Scope.ANY_MODEL) if model.id != case.model.id]
    pairs = [_beside(case, other, leaf, (*limits, *limits_of(leaf)), term_of) for other in others]
    return parent_node(leaf, any_of(pair.value for pair in pairs), pairs)


def _beside(case: Case, other: Case, leaf: Ratio, limits: Limits, term_of: TermOf) -> Node:
    compared = _compared(case, other, leaf, limits)
    about = f"beside {other.model.id}"
    if compared.value is Truth.FALSE:
        # Whatever the term comes to; asking costs as much as a decision on the other model.
        return parent_node(about, Truth.FALSE, (compared,))
    term = term_of(other)
    if term.changes_at_compute is not None:
        # Levels of another model's compute are none of this one's.
        term = replace(term, changes_at_compute=None)
    return parent_node(about, all_of((compared.value, term.value)), (compared, term))


def _compared(case: Case, other: Case, leaf: Ratio, limits: Limits) -> Node:
    about = f"{condition_text(leaf)} beside {other.model.id}"
    own, beside = _latest(case, leaf), _latest(other, leaf)
    sides = [(one, interval) for one, interval in ((case, own), (other, beside)) if interval is not None]
    evidence = tuple({event.index: event for _, interval in sides for event in interval.evidence}.values())
    ages = [age_of(one, event, limits) for one, interval in sides for event in interval.evidence]
    unknown = Node(about=about, value=Truth.UNKNOWN, reason="missing", evidence=evidence, who=("developer",))
    if own is None or beside is None or not _are_alike(leaf, own, beside):
        return unknown
    if any(age.stale for age in ages):
        return replace(unknown, reason="stale")
    comparison = leaf.comparison
    lower, upper = quotient(own.lower, beside.upper), quotient(own.upper, beside.lower)
    value = compare_bounds(
        comparison.comparator,
        lambda: sign(lower, comparison.bound.magnitude),
        lambda: sign(upper, comparison.bound.magnitude),
    )
    return replace(
        unknown,
        value=value,
        reason="imprecise" if value is Truth.UNKNOWN else None,
        changes_at=earliest(age.ends for age in ages),
        changes_at_compute=earliest(
            (next_level(leaf.quantity, comparison, own, beside), *(age.ends_at_compute for age in ages))
        ),
    )


def _latest(case: Case, leaf: Ratio) -> Interval | None:
    return quantity_of(case, leaf.quantity, case.at, Scope.THIS)


def _are_alike(leaf: Ratio, own: Interval, beside: Interval) -> bool:
    wanted = "compute" if leaf.quantity == EFFECTIVE_COMPUTE else own.dimension
    return own.dimension is not None and own.dimension == wanted == beside.dimension
