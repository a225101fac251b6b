"""`interlock decide`: permitted or held, in a few lines or as `interlock.decision/1`."""

from __future__ import annotations

from interlock import __version__
from interlock.app import TypedQuestion, decide_on_files
from interlock.cli._output import print_json
from interlock.cli._questions import (
    Action,
    AsJson,
    AsOf,
    AtCompute,
    Events,
    KnownAt,
    Model,
    Policies,
    Weights,
)
from interlock.engine import decision_to_json, exit_code


def decide(
    model: Model,
    action: Action,
    policy: Policies = None,
    events: Events = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    weights: Weights = None,
    at_compute: AtCompute = None,
    as_json: AsJson = False,
) -> int:
    """Decide whether an action is permitted or held.

    Exit code: 0 permitted by evidence, 1 held by evidence, 3 held and 6 permitted by default.
    """
    typed = TypedQuestion(
        model=model, action=action, as_of=as_of, known_at=known_at, weights=weights, at_compute=at_compute
    )
    decision = decide_on_files(policy or [], events or [], typed)
    if as_json:
        print_json(decision_to_json(decision, engine=f"interlock {__version__}"))
    else:
        print(decision.outcome)
    return exit_code(decision)
