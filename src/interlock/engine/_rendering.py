"""Results as data: a decision in the shape `interlock.decision/1` (LANGUAGE 8), field order fixed.

Only plain values come out: the same decision gives the same bytes.
"""

from __future__ import annotations

from typing import Any, Final

from interlock.engine._decision import Decision
from interlock.engine._disputes import Dispute
from interlock.engine._duty_rendering import duty_to_json
from interlock.engine._item_standings import PermissionStanding, RestrictionStanding
from interlock.engine._json import (
    LANGUAGE,
    findings_to_json,
    node_to_json,
    policy_to_json,
    ruling_to_json,
    source_to_json,
)
from interlock.engine._reading import DUTY_PREFIX
from interlock.engine._release import Change
from interlock.engine._validity import Validity
from interlock.terms import digest_of_json, format_instant

SHAPE: Final = "interlock.decision/1"


def decision_to_json(decision: Decision, *, engine: str) -> dict[str, Any]:
    """Return the decision as JSON values; `engine` names the version of interlock that decided."""
    question = decision.question
    policies = [policy_to_json(policy_case.policy) for policy_case in decision.policies]
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
        "readings": [dispute_to_json(dispute) for dispute in decision.disputes],
        "duties": [duty_to_json(standing) for standing in decision.duties],
        "findings": findings_to_json(decision.findings),
        "valid_until": None if decision.valid_until is None else _validity(decision.valid_until),
    }


def exit_code(decision: Decision) -> int:
    """Return the exit code of the outcome: 0 permitted, 1 held, each by evidence; 6 and 3 by default."""
    if decision.held:
        return 3 if decision.by_default else 1
    return 6 if decision.by_default else 0


def _restriction(standing: RestrictionStanding, *, several: bool) -> dict[str, Any]:
    clause = standing.restriction.clause
    return {
        "id": standing.id.removeprefix(DUTY_PREFIX),
        **({"item": "duty"} if standing.id.startswith(DUTY_PREFIX) else {}),
        **({"policy": standing.policy.id} if several else {}),
        "state": standing.state,
        "when": standing.when.value.value,
        "until": None if standing.until is None else standing.until.value.value,
        "lifted_by": standing.lifted_by,
        "presume": standing.policy.presumption(standing.restriction).value,
        "modality": clause.modality,
        "binding": clause.binding,
        "source": source_to_json(clause),
        "trace": {
            "when": node_to_json(standing.when),
            "until": None if standing.until is None else node_to_json(standing.until),
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
        "when": node_to_json(standing.when),
    }


def dispute_to_json(dispute: Dispute) -> dict[str, Any]:
    """Return a disputed text with its ruling and what each reading cuts, as JSON values."""
    return {
        "policy": dispute.policy,
        "term": dispute.term,
        "ruling": ruling_to_json(dispute.ruling),
        "cuts": [
            {
                "reading": cut.reading,
                "value": cut.value.value,
                "outcome": cut.outcome,
                "by_default": cut.by_default,
            }
            for cut in dispute.cuts
        ],
    }


def _change(change: Change, *, several: bool) -> dict[str, Any]:
    policy = {"policy": change.policy or None} if several else {}
    leaf = f"term {change.leaf}" if change.is_ruling else change.leaf
    return {"leaf": leaf, "to": change.to, **policy, "who": list(change.who), "how": change.how}


def _validity(validity: Validity) -> dict[str, Any]:
    compute = validity.effective_compute
    return {
        "time": None if validity.time is None else format_instant(validity.time),
        "effective_compute": None if compute is None else compute.text,
        "leaf": validity.leaf,
        "who": list(validity.who),
    }
