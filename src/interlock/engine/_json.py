"""Parts that the shapes of results share: traces, margins, numbers, findings and where a policy's text has an item."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from interlock.assessment import DISPLAY_CONFIDENCE, bounds_of, observed
from interlock.engine._findings import Finding
from interlock.engine._rulings import Ruling
from interlock.engine._trace import MarginOf, Node
from interlock.policy import Clause, Policy
from interlock.record import Clusters, Counts, EvaluationCompleted, TermRuled
from interlock.terms import format_instant

LANGUAGE: Final = 1


def policy_to_json(policy: Policy) -> dict[str, Any]:
    """Return which file decides: id, version and digest of its bytes."""
    return {"id": policy.id, "version": policy.version, "digest": policy.digest}


def source_to_json(clause: Clause) -> dict[str, Any]:
    """Return where the policy's text has an item."""
    return {"section": clause.section, "page": clause.page}


def findings_to_json(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """Return findings as JSON values."""
    return [{"id": finding.id, "detail": finding.detail, "evidence": list(finding.evidence)} for finding in findings]


def ruling_to_json(ruling: Ruling) -> dict[str, Any] | None:
    """Return the ruling that binds: its reading, when, by whom and why; None where none binds.

    A reading that is only assumed to be ruled has no event.
    """
    if ruling.reading is None:
        return None
    last = ruling.events[-1] if ruling.events else None
    reason = last.payload.reason if last is not None and isinstance(last.payload, TermRuled) else None
    return {
        "reading": ruling.reading,
        "at": None if last is None else format_instant(last.occurred),
        "by": None if last is None else last.actor,
        "role": None if last is None else last.role,
        "reason": reason,
        "evidence": [event.index for event in ruling.events],
    }


def node_to_json(node: Node) -> dict[str, Any]:
    """Return a trace node, with all below it, as JSON values."""
    return {
        "condition": node.condition,
        "value": node.value.value,
        "reason": node.reason,
        "evidence": [event.index for event in node.evidence],
        "margin": None if node.margin is None else margin_to_json(node.margin),
        "children": [node_to_json(child) for child in node.children],
    }


def margin_to_json(margin: MarginOf) -> dict[str, Any] | None:
    """Return the observed value and the one-sided bounds that a comparison stood on, as exact decimals in text.

    Bounds of counts are rounded outward to six digits; they are printed, never decided on.
    """
    completed = margin.event.payload
    if not isinstance(completed, EvaluationCompleted):
        return None
    result, statistic = completed.result, margin.statistic
    confidence = margin.leaf.confidence or DISPLAY_CONFIDENCE
    countable = statistic in {"proportion", "rate"} or not isinstance(result, Counts | Clusters)
    bounds = bounds_of(result, statistic, confidence) if countable else None
    return {
        "observed": number_text(observed(result)),
        "lower": None if bounds is None else number_text(bounds.lower),
        "upper": None if bounds is None else number_text(bounds.upper),
        "confidence": number_text(confidence),
        "comparator": margin.leaf.comparison.comparator.value,
        "bound": margin.leaf.comparison.bound.text,
    }


def number_text(value: Fraction) -> str:
    """Return a number as a decimal in full, or as p/q where it has none.

    >>> number_text(Fraction(817691, 1_000_000_000)), number_text(Fraction(1, 3))
    ('0.000817691', '1/3')
    """
    twos, fives, rest = 0, 0, value.denominator
    while rest % 2 == 0:
        twos, rest = twos + 1, rest // 2
    while rest % 5 == 0:
        fives, rest = fives + 1, rest // 5
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    sign = "-" if value < 0 else ""
    whole, part = divmod(abs(value.numerator) * 10**places // value.denominator, 10**places)
    digits = f"{part:0{places}d}".rstrip("0") if places else ""
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"
