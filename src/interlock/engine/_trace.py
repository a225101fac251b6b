"""Traces: why a condition has its value, down to the evidence; and the tracing algebra, the one that decides.

A node says what it is about, its truth value with the reason, the events it rests on, and when, with no further
event, it could change. The bare decision is read off these nodes: there is no second evaluation (LANGUAGE 7).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import TypeVar

from interlock.engine._findings import Finding
from interlock.policy import AllOf, AnyOf, AtLeast, Condition, Leaf, Measured, Not, Readings, condition_text
from interlock.record import Event
from interlock.terms import Truth, all_of, any_of, at_least

T = TypeVar("T", datetime, Fraction)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginOf:
    """What the printed margin of a comparison is computed from, once someone prints it."""

    event: Event
    leaf: Measured
    statistic: str


# Not frozen: a decision makes hundreds, and a frozen one takes four times as long to make. None is ever changed.
@dataclass(slots=True, kw_only=True, unsafe_hash=True)
class Node:
    """A condition, or one piece of evidence for it, with its value and reasons.

    `changes_at` and `changes_at_compute` are the first instant and the first effective compute (FLOP) at which the
    node could change with no further event. `parts` are the nodes that its value follows from; `detail` makes those
    that explain a leaf, each evaluation or word considered, once someone reads them. `who` names the roles whose word
    or work can change a leaf. `settled` are the values that no further evaluation of the same checkpoint can give it,
    for what another one has shown.
    """

    about: Condition | str
    value: Truth
    reason: str | None = None
    evidence: tuple[Event, ...] = ()
    parts: tuple[Node, ...] = ()
    detail: Callable[[], tuple[Node, ...]] | None = field(default=None, compare=False, repr=False)
    margin: MarginOf | None = None
    changes_at: datetime | None = None
    changes_at_compute: Fraction | None = None
    findings: tuple[Finding, ...] = ()
    who: tuple[str, ...] = field(default=(), compare=False)
    settled: tuple[Truth, ...] = ()

    @property
    def condition(self) -> str:
        """The condition as the language writes it, or the sentence that names the evidence."""
        return self.about if isinstance(self.about, str) else condition_text(self.about)

    @property
    def children(self) -> tuple[Node, ...]:
        """What a reader is shown below this node: its parts, or the detail of a leaf."""
        return self.parts if self.detail is None else self.detail()

    def walk(self) -> Iterator[Node]:
        """Yield this node and all that its value follows from, in the order of the file; not the detail of leaves."""
        yield self
        for part in self.parts:
            yield from part.walk()


def parent_node(about: Condition | str, value: Truth, parts: Sequence[Node], *, reason: str | None = None) -> Node:
    """Return a node whose value follows from its parts'; its reason is that of the first part that decided."""
    changes_at, level = None, None
    for part in parts:
        if part.changes_at is not None and (changes_at is None or part.changes_at < changes_at):
            changes_at = part.changes_at
        if part.changes_at_compute is not None and (level is None or part.changes_at_compute < level):
            level = part.changes_at_compute
    return Node(
        about=about,
        value=value,
        reason=reason if reason is not None else _reason(value, parts),
        parts=tuple(parts),
        changes_at=changes_at,
        changes_at_compute=level,
    )


def _reason(value: Truth, parts: Sequence[Node]) -> str | None:
    return next((part.reason for part in parts if part.value is value and part.reason), None)


def earliest(times: Iterable[T | None]) -> T | None:
    """Return the least of the values that are there, or None where there are none."""
    first: T | None = None
    for time in times:
        if time is not None and (first is None or time < first):
            first = time
    return first


@dataclass(frozen=True, slots=True)
class Tracing:
    """The tracing algebra: strong Kleene logic over nodes.

    `observe` says what a leaf comes to, `read` what the readings of a text do.
    """

    observe: Callable[[Leaf, bool], Node]
    read: Callable[[Readings, Sequence[Node]], Node]

    def leaf(self, leaf: Leaf, *, positive: bool) -> Node:
        """Return the leaf's node as observed."""
        return self.observe(leaf, positive)

    def all_of(self, node: AllOf, parts: Sequence[Node]) -> Node:
        """Return the conjunction."""
        return parent_node(node, all_of(part.value for part in parts), parts)

    def any_of(self, node: AnyOf, parts: Sequence[Node]) -> Node:
        """Return the disjunction."""
        return parent_node(node, any_of(part.value for part in parts), parts)

    def at_least(self, node: AtLeast, parts: Sequence[Node]) -> Node:
        """Return whether enough parts hold."""
        return parent_node(node, at_least(node.number, (part.value for part in parts)), parts)

    def negation(self, node: Not, part: Node) -> Node:
        """Return the negation, which keeps the part's reason."""
        return parent_node(node, ~part.value, (part,), reason=part.reason)

    def readings(self, node: Readings, parts: Sequence[Node]) -> Node:
        """Return what the readings come to, by a ruling or where they agree."""
        return self.read(node, parts)
