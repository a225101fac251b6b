"""Conditions as trees of keys and texts, to be laid out; on one line they are their canonical text (`_text`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from interlock.notation import quoted
from interlock.policy._conditions import (
    Active,
    AllOf,
    AnyOf,
    Approved,
    Argued,
    AtLeast,
    Attested,
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
    Reviewed,
    Roles,
    RuledOut,
    Scope,
    TermHolds,
    Undefined,
    fold,
)
from interlock.policy._writing_layout import Prose, Tree, numbered

_DIGITS: Final = 20
"""The most digits of a number that is written without an exponent."""
_LARGEST_EXPONENT: Final = 999


def condition_tree(condition: Condition) -> Tree:
    """Return the keys of a condition and what they say."""
    return fold(condition, _Trees())


def roles_tree(roles: Roles) -> Tree:
    """Return the roles: all of a list, any of it, or a number of it."""
    names = [quoted(name) for name in roles.names]
    if roles.needed == len(names):
        return names
    return {"any-of": names} if roles.needed == 1 else {"n": str(roles.needed), "of": names}


def freshness_tree(fresh: Freshness) -> Tree:
    """Return how old evidence may be."""
    if fresh.growth is None:
        return str(fresh.period)
    period = {} if fresh.period is None else {"for": str(fresh.period)}
    return {**period, "growth": factor_text(fresh.growth)}


def comparison_tree(comparison: Comparison) -> dict[str, Tree]:
    """Return the one key of a comparison; its bound stands as it was written."""
    return {comparison.comparator.value: comparison.bound.text}


def share_text(share: Fraction) -> str:
    """Return a share as a percentage: `97.5%`."""
    return f"{number_text(share * 100)}%"


def factor_text(factor: Fraction) -> str:
    """Return a factor: `4x`."""
    return f"{number_text(factor)}x"


def number_text(number: Fraction) -> str:
    """Return a number that was read of a decimal one, exactly: with an exponent where it would else be long."""
    digits, exponent = _decimal(number)
    if max(len(digits) - min(exponent, 0), len(digits) + exponent, 1 - exponent) <= _DIGITS:
        return _pointed(digits, exponent)
    scaled = max(min(exponent + len(digits) - 1, _LARGEST_EXPONENT), -_LARGEST_EXPONENT)
    return f"{_pointed(digits, exponent - scaled)}e{scaled}"


def _decimal(number: Fraction) -> tuple[str, int]:
    """Return the digits of a positive number without zeros at their end, and the power of ten they are counted in."""
    exponent = 0
    while number.denominator != 1:
        number *= 10
        exponent -= 1
    digits = str(number.numerator)
    kept = digits.rstrip("0") or "0"
    return kept, exponent + len(digits) - len(kept)


def _pointed(digits: str, exponent: int) -> str:
    if exponent >= 0:
        return digits + "0" * exponent
    padded = digits.rjust(1 - exponent, "0")
    return f"{padded[:exponent]}.{padded[exponent:]}"


class _Trees:
    """The algebra of trees."""

    def leaf(self, leaf: Leaf, *, positive: bool) -> Tree:  # noqa: ARG002 - the keys are the same under a negation
        return {**_own(leaf), **_shared(leaf)}

    def all_of(self, node: AllOf, parts: Sequence[Tree]) -> Tree:  # noqa: ARG002 - the parts say it
        return {"all": parts}

    def any_of(self, node: AnyOf, parts: Sequence[Tree]) -> Tree:  # noqa: ARG002 - the parts say it
        return {"any": parts}

    def at_least(self, node: AtLeast, parts: Sequence[Tree]) -> Tree:
        return {"at-least": {"n": str(node.number), "of": parts}}

    def negation(self, node: Not, part: Tree) -> Tree:  # noqa: ARG002 - the part says it
        return {"not": part}

    def readings(self, node: Readings, parts: Sequence[Tree]) -> Tree:
        named = dict(zip((name for name, _ in node.readings), parts, strict=True))
        ruled_by = {} if node.ruled_by is None else {"ruled-by": roles_tree(node.ruled_by)}
        return {"readings": {"id": quoted(node.id), **ruled_by, **named}}


def _shared(leaf: Leaf) -> dict[str, Tree]:
    keys: dict[str, Tree] = {} if leaf.of is Scope.THIS else {"of": leaf.of.value}
    if leaf.fresh is not None:
        keys["fresh"] = freshness_tree(leaf.fresh)
    if leaf.within_last is not None:
        keys["within-last"] = str(leaf.within_last)
    return keys


def _own(leaf: Leaf) -> Mapping[str, Tree]:  # noqa: C901, PLR0912 - one case for each leaf of the language
    """Return the keys of a leaf beside those that all leaves share."""
    match leaf:
        case Reached():
            return {"reached": quoted(leaf.threshold)}
        case RuledOut():
            ahead = {} if leaf.ahead is None else {"ahead": factor_text(leaf.ahead)}
            return {"ruled-out": quoted(leaf.threshold), **ahead}
        case Measured():
            confidence = {} if leaf.confidence is None else {"confidence": share_text(leaf.confidence)}
            return {"measure": quoted(leaf.measure), **comparison_tree(leaf.comparison), **confidence}
        case QuantityIs():
            return {"quantity": quoted(leaf.quantity), **comparison_tree(leaf.comparison)}
        case Growth():
            against = {} if leaf.against == "this" else {"against": leaf.against}
            since = {"growth": quoted(leaf.quantity), "since": quoted(leaf.since)}
            return {**since, **comparison_tree(leaf.comparison), **against}
        case Ratio():
            return {"ratio": quoted(leaf.quantity), **comparison_tree(leaf.comparison), "to-any": quoted(leaf.term)}
        case Elapsed():
            return {"elapsed": str(leaf.period), "since": quoted(leaf.since)}
        case Meets():
            return {"meets": quoted(leaf.standard)}
        case Attested():
            return {"attested": quoted(leaf.control), **({} if leaf.by is None else {"by": roles_tree(leaf.by)})}
        case Judged():
            return {"judged": quoted(leaf.question), "by": roles_tree(leaf.by)}
        case Argued():
            return {"argued": quoted(leaf.claim)}
        case Approved():
            return {"approved": quoted(leaf.document), "by": roles_tree(leaf.by)}
        case Reviewed():
            return {"endorsed" if leaf.endorses else "reviewed": quoted(leaf.document), "by": roles_tree(leaf.by)}
        case Published():
            stated = {"for-at-least": leaf.for_at_least, "coverage-within": leaf.coverage_within}
            periods = {key: str(period) for key, period in stated.items() if period is not None}
            return {"published": quoted(leaf.document), **periods}
        case Notified():
            latest: dict[str, Tree] = {"latest": "true"} if leaf.latest else {}
            return {"notified": quoted(leaf.party), "of": quoted(leaf.document), **latest}
        case Done():
            return {"done": quoted(leaf.duty)}
        case Overdue():
            return {"overdue": quoted(leaf.duty)}
        case Happened():
            lowest: dict[str, Tree] = {} if leaf.class_at_least is None else {"class-at-least": leaf.class_at_least}
            return {"event": leaf.kind, **lowest, **{name: numbered(value) for name, value in leaf.fields}}
        case Active():
            return {"active": quoted(leaf.restriction)}
        case InForce():
            return {"in-force": quoted(leaf.permission)}
        case TermHolds():
            return {"term": quoted(leaf.term)}
        case Undefined():
            return {"undefined": undefined_tree(leaf)}
        case _:
            msg = f"{type(leaf).__name__} is no leaf of the language"
            raise TypeError(msg)


def undefined_tree(undefined: Undefined) -> Tree:
    """Return what is owed, and before what."""
    before: dict[str, Tree] = {}
    for name, value in undefined.before:
        match value:
            case str():
                before[name] = quoted(value)
            case AllOf() | AnyOf() | AtLeast() | Not() | Readings() | Leaf():
                before[name] = condition_tree(value)
            case _:
                msg = f"{type(value).__name__} is nothing that something can be owed before"
                raise TypeError(msg)
    return {"owed": Prose(undefined.owed), **({"before": before} if before else {})}
