"""Which truth values a condition can have at all, by its form: what coverage may ask to be seen.

An estimate from above: that two parts may depend on the same fact is left out of account.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from interlock.policy import (
    Active,
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    Done,
    Happened,
    InForce,
    Leaf,
    Meets,
    Not,
    Notified,
    Overdue,
    Policy,
    Published,
    Reached,
    Readings,
    RuledOut,
    TermHolds,
    Undefined,
    fold,
)
from interlock.terms import Period, Truth, all_of, any_of

Values = frozenset[Truth]
ANY: Final[Values] = frozenset(Truth)
KNOWN: Final[Values] = frozenset({Truth.TRUE, Truth.FALSE})
_KNOWN: Final = (Happened, Published, Notified, Active, InForce, Done, Overdue)
"""Leaves that are false where nothing is recorded."""


def possible(condition: Condition, policy: Policy) -> Values:
    """Return the truth values that the condition can have."""
    return fold(condition, _Possible(policy))


def of_standard(name: str, policy: Policy) -> Values:
    """Return the truth values that it can have that a standard is met."""
    replaced = any(name in permission.replaces for permission in policy.permissions.values())
    undefined = policy.standards[name].undefined is not None
    return frozenset({Truth.UNKNOWN}) if undefined and not replaced else ANY


@dataclass(frozen=True, slots=True)
class _Possible:
    """The algebra of what is possible."""

    policy: Policy

    def leaf(self, leaf: Leaf, *, positive: bool) -> Values:  # noqa: ARG002 - the same under a negation
        match leaf:
            case Undefined():
                return frozenset({Truth.UNKNOWN})
            case Reached(threshold=name):
                return possible(self.policy.thresholds[name].reached_when, self.policy)
            case RuledOut(threshold=name):
                return frozenset(~value for value in possible(self.policy.thresholds[name].reached_when, self.policy))
            case Meets(standard=name):
                return of_standard(name, self.policy)
            case TermHolds(term=name):
                term = self.policy.terms[name]
                means = term.means if term.means is not None else term.readings
                return ANY if means is None else possible(means, self.policy)
            case Published(coverage_within=Period()):
                return ANY
            case _:
                return KNOWN if isinstance(leaf, _KNOWN) else ANY

    def all_of(self, node: AllOf, parts: Sequence[Values]) -> Values:  # noqa: ARG002 - the parts say it
        values: Values = frozenset({Truth.TRUE})
        for part in parts:
            values = frozenset(all_of(pair) for pair in product(values, part))
        return values

    def any_of(self, node: AnyOf, parts: Sequence[Values]) -> Values:  # noqa: ARG002 - the parts say it
        values: Values = frozenset({Truth.FALSE})
        for part in parts:
            values = frozenset(any_of(pair) for pair in product(values, part))
        return values

    def at_least(self, node: AtLeast, parts: Sequence[Values]) -> Values:
        found: set[Truth] = {Truth.UNKNOWN} if any(Truth.UNKNOWN in part for part in parts) else set()
        if sum(Truth.TRUE in part for part in parts) >= node.number:
            found.add(Truth.TRUE)
        if sum(Truth.FALSE in part for part in parts) > len(parts) - node.number:
            found.add(Truth.FALSE)
        return frozenset(found)

    def negation(self, node: Not, part: Values) -> Values:  # noqa: ARG002 - the part says it
        return frozenset(~value for value in part)

    def readings(self, node: Readings, parts: Sequence[Values]) -> Values:  # noqa: ARG002 - the parts say it
        return frozenset[Truth]().union(*parts) | {Truth.UNKNOWN}
