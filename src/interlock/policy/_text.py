"""The canonical text of a condition: one line of YAML as the language writes it, and as results name it.

`decode` reads the text back to an equal condition. Texts are memoised by the condition's identity, since a decision
names the same leaves again and again and comparing trees costs more than writing them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final, cast

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

_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./%+-]*", re.ASCII)
_NOT_TEXT: Final = re.compile(
    r"(?:y|n|yes|no|on|off|true|false|null)|[-+]?0[0-9ox].*|[-+.0-9_eE]{30,}", re.ASCII | re.IGNORECASE
)
_MEMORY: Final = 16_384
# Holds the condition too, so that its identity is not given to another one.
_TEXTS: dict[int, tuple[Condition, str]] = {}


def condition_text(condition: Condition) -> str:
    """Return the condition on one line: `{measure: run, at-least: 50%, confidence: 95%}`."""
    known = _TEXTS.get(id(condition))
    if known is not None and known[0] is condition:
        return known[1]
    text = fold(condition, _Text())
    if len(_TEXTS) >= _MEMORY:
        _TEXTS.clear()
    _TEXTS[id(condition)] = (condition, text)
    return text


def roles_text(roles: Roles) -> str:
    """Return the roles as a policy writes them: all of a list, any of it, or a number of it."""
    names = f"[{', '.join(roles.names)}]"
    if roles.needed == len(roles.names):
        return names
    return f"{{any-of: {names}}}" if roles.needed == 1 else f"{{n: {roles.needed}, of: {names}}}"


def freshness_text(fresh: Freshness) -> str:
    """Return how old evidence may be as a policy writes it."""
    if fresh.growth is None:
        return str(fresh.period)
    period = "" if fresh.period is None else f"for: {fresh.period}, "
    return f"{{{period}growth: {decimal_text(fresh.growth)}x}}"


def share_text(share: Fraction) -> str:
    """Return a share as a percentage: `97.5%`."""
    return f"{decimal_text(share * 100)}%"


def decimal_text(number: Fraction) -> str:
    """Return a number in decimal, exactly where it has finitely many digits, as every number of a policy does."""
    digits = 0
    while digits < 400 and (number * 10**digits).denominator != 1:  # noqa: PLR2004 - beyond the exponents that are read
        digits += 1
    whole = round(abs(number) * 10**digits)
    sign = "-" if number < 0 else ""
    if digits == 0:
        return f"{sign}{whole}"
    return f"{sign}{whole // 10**digits}.{whole % 10**digits:0{digits}d}"


class _Text:
    """The algebra of texts."""

    def leaf(self, leaf: Leaf, *, positive: bool) -> str:  # noqa: ARG002 - a text is the same under a negation
        return _flow({**_own(leaf), **_shared(leaf)})

    def all_of(self, node: AllOf, parts: Sequence[str]) -> str:  # noqa: ARG002 - the parts say it
        return f"{{all: [{', '.join(parts)}]}}"

    def any_of(self, node: AnyOf, parts: Sequence[str]) -> str:  # noqa: ARG002 - the parts say it
        return f"{{any: [{', '.join(parts)}]}}"

    def at_least(self, node: AtLeast, parts: Sequence[str]) -> str:
        return f"{{at-least: {{n: {node.number}, of: [{', '.join(parts)}]}}}}"

    def negation(self, node: Not, part: str) -> str:  # noqa: ARG002 - the part says it
        return f"{{not: {part}}}"

    def readings(self, node: Readings, parts: Sequence[str]) -> str:
        named = (f"{name}: {part}" for (name, _), part in zip(node.readings, parts, strict=True))
        ruled_by = [] if node.ruled_by is None else [f"ruled-by: {roles_text(node.ruled_by)}"]
        return f"{{readings: {{{', '.join([f'id: {node.id}', *ruled_by, *named])}}}}}"


def _flow(keys: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{key}: {value}' for key, value in keys.items())}}}"


def _shared(leaf: Leaf) -> dict[str, str]:
    keys = {} if leaf.of is Scope.THIS else {"of": leaf.of.value}
    if leaf.fresh is not None:
        keys["fresh"] = freshness_text(leaf.fresh)
    if leaf.within_last is not None:
        keys["within-last"] = str(leaf.within_last)
    return keys


def _compared(comparison: Comparison) -> dict[str, str]:
    return {comparison.comparator.value: comparison.bound.text}


def _own(leaf: Leaf) -> dict[str, str]:  # noqa: C901, PLR0912 - one case for each leaf of the language
    """Return the keys of a leaf beside those that all leaves share."""
    match leaf:
        case Reached():
            return {"reached": leaf.threshold}
        case RuledOut():
            ahead = {} if leaf.ahead is None else {"ahead": f"{decimal_text(leaf.ahead)}x"}
            return {"ruled-out": leaf.threshold, **ahead}
        case Measured():
            confidence = {} if leaf.confidence is None else {"confidence": share_text(leaf.confidence)}
            return {"measure": leaf.measure, **_compared(leaf.comparison), **confidence}
        case QuantityIs():
            return {"quantity": leaf.quantity, **_compared(leaf.comparison)}
        case Growth():
            against = {} if leaf.against == "this" else {"against": leaf.against}
            return {"growth": leaf.quantity, "since": leaf.since, **_compared(leaf.comparison), **against}
        case Elapsed():
            return {"elapsed": str(leaf.period), "since": leaf.since}
        case Meets():
            return {"meets": leaf.standard}
        case Attested():
            return {"attested": leaf.control, **({} if leaf.by is None else {"by": roles_text(leaf.by)})}
        case Judged():
            return {"judged": leaf.question, "by": roles_text(leaf.by)}
        case Argued():
            return {"argued": leaf.claim}
        case Approved():
            return {"approved": leaf.document, "by": roles_text(leaf.by)}
        case Reviewed():
            return {"endorsed" if leaf.endorses else "reviewed": leaf.document, "by": roles_text(leaf.by)}
        case Published():
            public = {} if leaf.for_at_least is None else {"for-at-least": str(leaf.for_at_least)}
            return {"published": leaf.document, **public}
        case Notified():
            return {"notified": leaf.party, "of": leaf.document}
        case Done():
            return {"done": leaf.duty}
        case Overdue():
            return {"overdue": leaf.duty}
        case Happened():
            fields = {name: _quoted(value) for name, value in leaf.fields}
            lowest = {} if leaf.class_at_least is None else {"class-at-least": leaf.class_at_least}
            return {"event": leaf.kind, **lowest, **fields}
        case Active():
            return {"active": leaf.restriction}
        case InForce():
            return {"in-force": leaf.permission}
        case TermHolds():
            return {"term": leaf.term}
        case Undefined():
            return {"undefined": _owed(leaf)}
        case _:
            msg = f"{type(leaf).__name__} is no leaf of the language"
            raise TypeError(msg)


def _owed(leaf: Undefined) -> str:
    before = {
        name: value if isinstance(value, str) else condition_text(cast("Condition", value))
        for name, value in leaf.before
    }
    return _flow({"owed": _quoted(leaf.owed), **({"before": _flow(before)} if before else {})})


def _quoted(text: str) -> str:
    """Return a text as YAML takes it: plain where every reader reads the same text, otherwise in quotes."""
    if _PLAIN.fullmatch(text) and not text.endswith(" ") and not _NOT_TEXT.fullmatch(text):
        return text
    return json.dumps(text, ensure_ascii=False)
