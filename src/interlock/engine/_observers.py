"""Observers: what each leaf comes to for a case (LANGUAGE 2); what depends on other items asks the case for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from interlock.engine import _documents, _duty_leaves, _leaves, _publications, _ratios
from interlock.engine._combination import Use
from interlock.engine._leaves import Limits
from interlock.engine._trace import Node, earliest, parent_node
from interlock.policy import (
    Active,
    Approved,
    Argued,
    Attested,
    Done,
    Elapsed,
    Growth,
    Happened,
    InForce,
    Judged,
    Leaf,
    Measured,
    Meets,
    Notified,
    Overdue,
    Published,
    QuantityIs,
    Ratio,
    Reached,
    Reviewed,
    RuledOut,
    Scope,
    TermHolds,
    Undefined,
)
from interlock.terms import Truth

if TYPE_CHECKING:
    from interlock.engine._case import Case


class Asked(NamedTuple):
    """How a leaf is asked about: what it is for, under which negations, limits on age, and margin of compute."""

    use: Use
    positive: bool
    limits: Limits
    ahead: Fraction | None


Observer = Callable[["Case", Any, Asked], Node]


def _reached(case: Case, leaf: Reached, asked: Asked) -> Node:
    node = case.threshold(leaf, asked)
    return parent_node(leaf, node.value, (node,), reason=node.reason)


def _ruled_out(case: Case, leaf: RuledOut, asked: Asked) -> Node:
    node = case.threshold(leaf, asked)
    return parent_node(leaf, ~node.value, (node,), reason=node.reason)


def _meets(case: Case, leaf: Meets, asked: Asked) -> Node:
    node = case.standard(leaf.standard, (*asked.limits, *_leaves.limits_of(leaf)), leaf)
    return parent_node(leaf, node.value, (node,), reason=node.reason) if node.about is not leaf else node


def _term(case: Case, leaf: TermHolds, asked: Asked) -> Node:
    own = _leaves.limits_of(leaf)
    node = case.term(leaf.term, asked._replace(limits=(*asked.limits, *own)) if own else asked)
    return parent_node(leaf, node.value, (node,), reason=node.reason)


def _ratio(case: Case, leaf: Ratio, asked: Asked) -> Node:
    # An age beside the ratio limits what the term counts too.
    term = TermHolds(term=leaf.term, fresh=leaf.fresh, within_last=leaf.within_last, span=leaf.span)
    return _ratios.ratio(case, leaf, asked.limits, lambda other: _term(other, term, asked))


def _active(case: Case, leaf: Active, _asked: Asked) -> Node:
    standing = case.whole.restriction(leaf.restriction)
    value = Truth.of(standing.state == "active")
    node = parent_node(leaf, value, standing.roots(), reason=standing.when.reason)
    return changing_also(node, (standing.changes_at,))


def _in_force(case: Case, leaf: InForce, _asked: Asked) -> Node:
    standing = case.whole.permission(leaf.permission)
    node = parent_node(leaf, Truth.of(standing.in_force), (standing.when,), reason=standing.when.reason)
    return replace(changing_also(node, (standing.changes_at,)), who=standing.who)


def changing_also(node: Node, instants: Iterable[datetime | None]) -> Node:
    """Return the node, which could also change at these instants."""
    changes_at = earliest((node.changes_at, *instants))
    return node if changes_at == node.changes_at else replace(node, changes_at=changes_at)


def _of_facts(observe: Callable[[Case, Any, Limits], Node]) -> Observer:
    return lambda case, leaf, asked: observe(case, leaf, asked.limits)


OBSERVERS: Final[dict[type[Leaf], Observer]] = {
    Reached: _reached,
    RuledOut: _ruled_out,
    Measured: lambda case, leaf, asked: case.measured(leaf, asked),
    Meets: _meets,
    TermHolds: _term,
    Active: _active,
    InForce: _in_force,
    QuantityIs: _of_facts(_leaves.quantity),
    Attested: _of_facts(_leaves.bare_attested),
    Judged: _of_facts(_leaves.judged),
    Argued: _of_facts(_leaves.argued),
    Approved: _of_facts(_documents.approved),
    Reviewed: _of_facts(_documents.reviewed),
    Published: _of_facts(_publications.published),
    Notified: _of_facts(_publications.notified),
    Happened: _of_facts(_leaves.happened),
    Done: lambda case, leaf, _asked: _duty_leaves.done(case, leaf),
    Overdue: lambda case, leaf, _asked: _duty_leaves.overdue(case, leaf),
    Elapsed: _of_facts(_duty_leaves.elapsed),
    Growth: _of_facts(_duty_leaves.growth),
    Ratio: _ratio,
    Undefined: lambda _case, leaf, _asked: Node(about=leaf, value=Truth.UNKNOWN, reason="undefined"),
}
OF_FACTS: Final = frozenset(
    {QuantityIs, Attested, Judged, Argued, Approved, Reviewed, Published, Notified, Happened, Elapsed, Growth}
)
"""Leaves that come to the same wherever they stand: what they are for, and under which negations, plays no part."""
EVALUATED: Final = frozenset(OBSERVERS)
"""The leaves that this engine evaluates."""

SPANNING: Final = (Scope.LINEAGE, Scope.ANY_MODEL)
WITHOUT_MODEL: Final = (Scope.DEVELOPER, Scope.WORLD)
ABOUT_EVALUATIONS: Final = (Measured, Reached, RuledOut)
"""Leaves over evaluations, which are about models alone: asked of a developer or the world they find nothing."""

LOOKING_AT_ALL: Final = (Happened, Published, Notified, Active, InForce, Undefined)
DEPENDENT: Final = (Active, InForce, Meets, TermHolds, Reached, RuledOut, Done, Overdue, Elapsed, Growth, Ratio)
