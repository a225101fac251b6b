"""Results as data: a decision in the shape `interlock.decision/1` (LANGUAGE 8), field order fixed.

Only plain values come out: the same decision gives the same bytes.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from interlock.assessment import DISPLAY_CONFIDENCE, bounds_of, observed
from interlock.engine._case import PermissionStanding, RestrictionStanding
from interlock.engine._decision import Decision
from interlock.engine._release import Change
from interlock.engine._trace import MarginOf, Node
from interlock.engine._validity import Validity
from interlock.policy import Policy
from interlock.record import Clusters, Counts, EvaluationCompleted
from interlock.terms import digest_of_json, format_instant

SHAPE: Final = "interlock.decision/1"
LANGUAGE: Final = 1


def decision_to_json(decision: Decision, *, engine: str) -> dict[str, Any]:
    """Return the decision as JSON values; `engine` names the version of interlock that decided."""
    question = decision.question
    policies = [_policy(policy_case.policy) for policy_case in decision.policies]
    several = len(policies) > 1
    known = decision.history.given
    return {
        "shape": SHAPE,
        "language": LANGUAGE,
        "engine": engine,
        **({"policies": policies} if several else {"policy": policies[0]}),
        "events": {"count": len(known), "digest": digest_of_json([event.digest for event in known])},
        "identities": "asserted",
        "question": {
            "model": question.model,
            "weights": question.weights,
            "action": question.action,
            "as_of": format_instant(question.as_of),
            "known_at": format_instant(question.knowledge),
            "at_compute": None if question.at_compute is None else question.at_compute.text,
        },
        "outcome": decision.outcome,
        "by_default": decision.by_default,
        "unrestricted": decision.unrestricted,
        "restrictions": [_restriction(standing, several=several) for standing in decision.restrictions],
        "release": [[_change(change, several=several) for change in changes] for changes in decision.release],
        "release_truncated": decision.release_truncated,
        "duties": [],
        "findings": [
            {"id": finding.id, "detail": finding.detail, "evidence": list(finding.evidence)}
            for finding in decision.findings
        ],
        "valid_until": None if decision.valid_until is None else _validity(decision.valid_until),
    }


def exit_code(decision: Decision) -> int:
    """Return the exit code of the outcome: 0 permitted, 1 held, each by evidence; 6 and 3 by default."""
    if decision.held:
        return 3 if decision.by_default else 1
    return 6 if decision.by_default else 0


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
    """Return a number as a decimal of at most six digits after the point, or as p/q where that would not be exact."""
    scaled = value * 1_000_000
    if scaled.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    sign = "-" if scaled < 0 else ""
    whole, part = divmod(abs(scaled.numerator), 1_000_000)
    digits = f"{part:06d}".rstrip("0")
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


def _policy(policy: Policy) -> dict[str, Any]:
    return {"id": policy.id, "version": policy.version, "digest": policy.digest}


def _restriction(standing: RestrictionStanding, *, several: bool) -> dict[str, Any]:
    clause = standing.restriction.clause
    return {
        "id": standing.id,
        **({"policy": standing.policy.id} if several else {}),
        "state": standing.state,
        "when": standing.when.value.value,
        "until": None if standing.until is None else standing.until.value.value,
        "lifted_by": standing.lifted_by,
        "presume": standing.policy.presumption(standing.restriction).value,
        "modality": clause.modality,
        "binding": clause.binding,
        "source": {"section": clause.section, "page": clause.page},
        "trace": {
            "when": _node(standing.when),
            "until": None if standing.until is None else _node(standing.until),
            "permissions": [_permission(lifting) for lifting in standing.lifts],
        },
    }


def _permission(standing: PermissionStanding) -> dict[str, Any]:
    window = standing.window
    start = None if window is None else window.start
    return {
        "id": standing.permission.id,
        "in_force": standing.in_force,
        "window_start": None if start is None else format_instant(start),
        "window_end": None if standing.ends is None else format_instant(standing.ends),
        "windows_opened": None if window is None else window.opened,
        "when": _node(standing.when),
    }


def _node(node: Node) -> dict[str, Any]:
    return {
        "condition": node.condition,
        "value": node.value.value,
        "reason": node.reason,
        "evidence": [event.index for event in node.evidence],
        "margin": None if node.margin is None else margin_to_json(node.margin),
        "children": [_node(child) for child in node.children],
    }


def _change(change: Change, *, several: bool) -> dict[str, Any]:
    policy = {"policy": change.policy or None} if several else {}
    return {"leaf": change.leaf, "to": change.to, **policy, "who": list(change.who), "how": change.how}


def _validity(validity: Validity) -> dict[str, Any]:
    compute = validity.effective_compute
    return {
        "time": None if validity.time is None else format_instant(validity.time),
        "effective_compute": None if compute is None else compute.text,
        "leaf": validity.leaf,
        "who": list(validity.who),
    }
