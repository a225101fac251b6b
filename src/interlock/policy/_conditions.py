"""The condition tree: connectives and leaves, and the one fold over them (LANGUAGE 2 and 7).

A condition is a formula over leaf values and nothing else. Every reader of conditions (the tracing algebra that
decides, plain words, analysis) is an `Algebra` folded over this tree; none walks it in its own way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from typing import Final, Protocol, TypeVar, assert_never

from interlock.notation import NOWHERE, Span
from interlock.terms import Period, Quantity

T = TypeVar("T")


class Scope(Enum):
    """About whom a leaf speaks (`of:`)."""

    THIS = "this"
    LINEAGE = "lineage"
    ANY_MODEL = "any-model"
    DEVELOPER = "developer"
    WORLD = "world"


class Comparator(Enum):
    """How a value stands to a bound: real policies differ exactly here."""

    AT_LEAST = "at-least"
    MORE_THAN = "more-than"
    AT_MOST = "at-most"
    BELOW = "below"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A comparator and the quantity it compares with."""

    comparator: Comparator
    bound: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Which roles must speak: `needed` of `names`, by distinct actors."""

    names: tuple[str, ...]
    needed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How old evidence may be: a period, a growth of effective compute, or either, whichever ends first."""

    period: Period | None = None
    growth: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """What all leaves share: about whom, how old what counts may be, and where it stands in the file."""

    of: Scope = Scope.THIS
    fresh: Freshness | None = None
    within_last: Period | None = None
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached(Leaf):
    """The threshold's condition is true."""

    threshold: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledOut(Leaf):
    """The threshold's condition is false; with `ahead`, also with the bound scaled by that margin of compute."""

    threshold: str
    ahead: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured(Leaf):
    """A comparison of what a measure's evaluations show; without `confidence` the observed value is compared."""

    measure: str
    comparison: Comparison
    confidence: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityIs(Leaf):
    """A comparison of the latest measurement of a quantity."""

    quantity: str
    comparison: Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth(Leaf):
    """The ratio of a quantity's latest value to its value at a duty's last completion."""

    quantity: str
    since: str
    comparison: Comparison
    against: str = "this"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio(Leaf):
    """The ratio of a quantity's latest value to that of another model of the developer of which the term holds."""

    quantity: str
    term: str
    comparison: Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Elapsed(Leaf):
    """That long has passed since a duty's last completion."""

    period: Period
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meets(Leaf):
    """Every control of the standard is in place."""

    standard: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested(Leaf):
    """The control is attested by these roles (default: those that its standard names)."""

    control: str
    by: Roles | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged(Leaf):
    """These roles determined that the question named `question` is answered yes."""

    question: str
    by: Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class Argued(Leaf):
    """The claim's latest assessment is that it is supported."""

    claim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved(Leaf):
    """These roles approved the latest submission of the document."""

    document: str
    by: Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed(Leaf):
    """These roles reviewed the latest submission of the document; with `endorses`, and endorsed it."""

    document: str
    by: Roles
    endorses: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(Leaf):
    """The document is published, has been for that long, and what it covers ended at most so long before that."""

    document: str
    for_at_least: Period | None = None
    coverage_within: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified(Leaf):
    """The party was notified of the document; with `latest`, of the text that was submitted last."""

    party: str
    document: str
    latest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Leaf):
    """The duty is done."""

    duty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue(Leaf):
    """The duty is overdue."""

    duty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened(Leaf):
    """Some event of the kind is recorded whose fields match; `class_at_least` compares deployment classes."""

    kind: str
    fields: tuple[tuple[str, str], ...] = ()
    class_at_least: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Active(Leaf):
    """The restriction is active."""

    restriction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce(Leaf):
    """The permission is in force."""

    permission: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TermHolds(Leaf):
    """What the term means holds, or its readings do."""

    term: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undefined(Leaf):
    """What the policy's text owes and does not say; never anything but unknown."""

    owed: str
    before: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """True if every part is. Never empty: the decoder refuses `all: []`."""

    parts: tuple[Condition, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """True if some part is. Never empty: the decoder refuses `any: []`."""

    parts: tuple[Condition, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeast:
    """True if `number` of the parts are; 1 ≤ number ≤ the number of parts."""

    number: int
    parts: tuple[Condition, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """True if the part is false."""

    part: Condition
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """The tests that a disputed text admits, by name; and who may rule between them, if the policy says so."""

    id: str
    readings: tuple[tuple[str, Condition], ...]
    ruled_by: Roles | None = None
    span: Span = field(default=NOWHERE, compare=False, repr=False)


Condition = AllOf | AnyOf | AtLeast | Not | Readings | Leaf


class Algebra(Protocol[T]):
    """What a reader of conditions makes of leaves and connectives.

    `positive` is false for a leaf under an odd number of negations. The parts come in the order of the file.
    """

    def leaf(self, leaf: Leaf, *, positive: bool) -> T:
        """Return what the leaf comes to."""

    def all_of(self, node: AllOf, parts: Sequence[T]) -> T:
        """Return what the conjunction of the parts comes to."""

    def any_of(self, node: AnyOf, parts: Sequence[T]) -> T:
        """Return what the disjunction of the parts comes to."""

    def at_least(self, node: AtLeast, parts: Sequence[T]) -> T:
        """Return what `node.number` of the parts come to."""

    def negation(self, node: Not, part: T) -> T:
        """Return what the negation of the part comes to."""

    def readings(self, node: Readings, parts: Sequence[T]) -> T:
        """Return what the readings come to."""


def fold(condition: Condition, algebra: Algebra[T], *, positive: bool = True) -> T:
    """Return what `condition` comes to under `algebra`."""
    match condition:
        case Leaf():
            return algebra.leaf(condition, positive=positive)
        case AllOf():
            return algebra.all_of(condition, [fold(part, algebra, positive=positive) for part in condition.parts])
        case AnyOf():
            return algebra.any_of(condition, [fold(part, algebra, positive=positive) for part in condition.parts])
        case AtLeast():
            return algebra.at_least(condition, [fold(part, algebra, positive=positive) for part in condition.parts])
        case Not():
            return algebra.negation(condition, fold(condition.part, algebra, positive=not positive))
        case Readings():
            return algebra.readings(
                condition, [fold(part, algebra, positive=positive) for _, part in condition.readings]
            )
        case _:
            assert_never(condition)


_PARTS: Final[dict[type, Callable[..., tuple[Condition, ...]]]] = {
    AllOf: lambda node: node.parts,
    AnyOf: lambda node: node.parts,
    AtLeast: lambda node: node.parts,
    Not: lambda node: (node.part,),
    Readings: lambda node: tuple(part for _, part in node.readings),
}


def conditions_within(condition: Condition) -> Iterator[Condition]:
    """Yield `condition` and every condition below it, in the order of the file."""
    yield condition
    if not isinstance(condition, Leaf):
        for part in _PARTS[type(condition)](condition):
            yield from conditions_within(part)


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Yield the leaves of `condition` in the order of the file."""
    return (part for part in conditions_within(condition) if isinstance(part, Leaf))
