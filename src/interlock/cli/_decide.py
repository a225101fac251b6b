"""`interlock decide` and `interlock explain`: permitted or held, in a few lines or in full."""

from __future__ import annotations

from interlock.app.decisions import TypedQuestion
from interlock.cli._asking import DECIDE, EXPLAIN, Request, answer
from interlock.cli._questions import (
    Action,
    AsJson,
    AsOf,
    AtCompute,
    Events,
    InWorkspace,
    KnownAt,
    Model,
    Policies,
    Readings,
    Weights,
)


def decide(
    *,
    model: Model,
    action: Action,
    policy: Policies = None,
    events: Events = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    weights: Weights = None,
    at_compute: AtCompute = None,
    reading: Readings = None,
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> int:
    """Decide whether an action is permitted or held.

    Exit code: 0 permitted by evidence, 1 held by evidence, 3 held and 6 permitted by the burden of proof.
    """
    typed = TypedQuestion(
        model=model,
        action=action,
        as_of=as_of,
        known_at=known_at,
        weights=weights,
        at_compute=at_compute,
        readings=tuple(reading or ()),
    )
    asked = Request(question=typed, policies=policy or (), events=events or (), workspace=workspace, as_json=as_json)
    return answer(DECIDE, asked)


def explain(
    *,
    model: Model,
    action: Action,
    policy: Policies = None,
    events: Events = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    weights: Weights = None,
    at_compute: AtCompute = None,
    reading: Readings = None,
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> int:
    """Explain a decision: each restriction down to the evidence, and what would change the answer.

    Exit code: as for `decide`.
    """
    typed = TypedQuestion(
        model=model,
        action=action,
        as_of=as_of,
        known_at=known_at,
        weights=weights,
        at_compute=at_compute,
        readings=tuple(reading or ()),
    )
    asked = Request(question=typed, policies=policy or (), events=events or (), workspace=workspace, as_json=as_json)
    return answer(EXPLAIN, asked)
