"""Short ways to write policies, events and questions, for tests of the engine that show only what matters to them.

A policy is the YAML of its sections under a header; an event is its kind, its day and its data. Both go through the
readers that files go through.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from interlock.engine import Decision, Node, Question, RestrictionStanding, Rulings, decide
from interlock.policy import Policy, decode
from interlock.record import Event, read_events
from interlock.terms import parse_instant, parse_quantity

W1: Final = "sha256:" + "1" * 64
W2: Final = "sha256:" + "2" * 64
W3: Final = "sha256:" + "3" * 64
PLAN: Final = "sha256:" + "a" * 64
LATER_PLAN: Final = "sha256:" + "b" * 64

Given = dict[str, Any]

_HEADER: Final = """\
interlock: 1
policy: {name}
version: "{version}"
issuer: {issuer}
title: A policy for tests
effective: {effective}
"""
_ROLES: Final = """\
roles:
  ceo: {title: Chief Executive, side: developer}
  rso: {title: Responsible Scaling Officer, side: developer}
  board: {title: Board, side: oversight}
  reviewer: {title: Reviewer, side: independent}
"""


def policy(
    body: str, *, name: str = "acme", version: str = "1", issuer: str = "Acme", effective: str = "2025-01-01"
) -> Policy:
    """Return the policy of these sections, with the roles ceo, rso, board and reviewer unless `body` states its own."""
    header = _HEADER.format(name=name, version=version, issuer=issuer, effective=effective)
    roles = "" if "\nroles:" in f"\n{body}" else _ROLES
    return decode((header + roles + body).encode(), file=f"{name}-{version}.yaml")


def instant(text: str) -> str:
    """Return an instant as events state it: a bare day stands for its noon."""
    return text if "T" in text else f"{text}T12:00:00Z"


def event(
    kind: str,
    occurred: str,
    /,
    *,
    model: str | None = "m",
    weights: str | None = None,
    developer: str | None = None,
    world: bool = False,
    recorded: str | None = None,
    by: str | None = None,
    actor: str | None = None,
    **data: Any,
) -> Given:
    """Return an event as a file states it; `by` is the role, and a field such as `class_` or `as_of` loses its `_`."""
    subject: Given
    if world:
        subject = {"world": True}
    elif developer is not None:
        subject = {"developer": developer}
    else:
        subject = {"model": model} | ({} if weights is None else {"weights": weights})
    stated: Given = {"event": kind, "occurred": instant(occurred), "subject": subject}
    if recorded is not None:
        stated["recorded"] = instant(recorded)
    if by is not None:
        stated["role"] = by
    if actor is not None:
        stated["actor"] = actor
    return stated | ({"data": {_field(name): value for name, value in data.items()}} if data else {})


def _field(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def registered(
    model: str = "m", *, on: str = "2025-01-02", weights: str | None = None, developer: str | None = "Acme", **data: str
) -> Given:
    """Return the registration of a model."""
    stated = data if developer is None else {"developer": developer, **data}
    return event("model.registered", on, model=model, weights=weights) | ({"data": stated} if stated else {})


def evaluated(
    occurred: str,
    successes: int,
    trials: int = 40,
    *,
    model: str = "m",
    weights: str | None = None,
    measure: str = "run",
    recorded: str | None = None,
    **data: Any,
) -> Given:
    """Return an evaluation of a measure with counts, by the suite that `RUN` and the like name."""
    stated = {"measure": measure, "suite": f"acme/{measure}", "successes": successes, "trials": trials, **data}
    return event("evaluation.completed", occurred, model=model, weights=weights, recorded=recorded, **stated)


def judged(
    occurred: str,
    question: str = "safe",
    *,
    value: bool = True,
    by: str = "rso",
    actor: str | None = None,
    model: str | None = "m",
    developer: str | None = None,
    world: bool = False,
    recorded: str | None = None,
) -> Given:
    """Return a determination."""
    return event(
        "determination.made",
        occurred,
        model=model,
        developer=developer,
        world=world,
        recorded=recorded,
        by=by,
        actor=actor or f"{by}-person",
        judged=question,
        value=value,
    )


def compute(occurred: str, value: str, *, model: str = "m", **data: Any) -> Given:
    """Return a measurement of effective compute."""
    return event("quantity.measured", occurred, model=model, quantity="effective-compute", value=value, **data)


def read(given: Iterable[Given]) -> tuple[Event, ...]:
    """Return the events as read from a file with one of them a line."""
    lines = "".join(f"{json.dumps(one)}\n" for one in given)
    return read_events([("events.jsonl", lines.encode())])


def asked(
    as_of: str,
    *,
    action: str = "train",
    model: str = "m",
    weights: str | None = None,
    known_at: str | None = None,
    at_compute: str | None = None,
) -> Question:
    """Return a question."""
    return Question(
        model=model,
        action=action,
        as_of=parse_instant(instant(as_of)),
        known_at=None if known_at is None else parse_instant(instant(known_at)),
        weights=weights,
        at_compute=None if at_compute is None else parse_quantity(at_compute),
    )


def decided(
    policies: Policy | str | Iterable[Policy],
    given: Iterable[Given],
    as_of: str,
    *,
    action: str = "train",
    model: str = "m",
    weights: str | None = None,
    known_at: str | None = None,
    at_compute: str | None = None,
    registers: bool = True,
    rulings: Rulings | None = None,
) -> Decision:
    """Return the decision; with `registers` (the default) the model is registered on 2025-01-02 before all else."""
    if isinstance(policies, str):
        policies = policy(policies)
    if isinstance(policies, Policy):
        policies = [policies]
    events = [registered(model), *given] if registers else list(given)
    question = asked(as_of, action=action, model=model, weights=weights, known_at=known_at, at_compute=at_compute)
    return decide(list(policies), read(events), question, rulings=rulings)


def answer(decision: Decision) -> str:
    """Return the answer in words: `held`, `permitted`, or either `by default`."""
    return f"{decision.outcome} by default" if decision.by_default else decision.outcome


def standing(decision: Decision, restriction: str = "hold") -> RestrictionStanding:
    """Return the standing of a restriction."""
    return next(one for one in decision.restrictions if one.id == restriction)


def state(decision: Decision, restriction: str = "hold") -> str:
    """Return the state of a restriction."""
    return standing(decision, restriction).state


def when(decision: Decision, restriction: str = "hold") -> Node:
    """Return the node of a restriction's `when`."""
    return standing(decision, restriction).when


def until(decision: Decision, restriction: str = "hold") -> Node:
    """Return the node of a restriction's `until`."""
    node = standing(decision, restriction).until
    assert node is not None
    return node


def value(node: Node) -> str:
    """Return a node's value with its reason: `unknown: stale`."""
    return node.value.value if node.reason is None else f"{node.value.value}: {node.reason}"


def finding_ids(decision: Decision) -> list[str]:
    """Return the ids of the findings but for `adoption-not-recorded`, which most tests' short histories have."""
    return [finding.id for finding in decision.findings if finding.id != "adoption-not-recorded"]


def sets(decision: Decision) -> list[set[tuple[str, str]]]:
    """Return the releasing sets as pairs of leaf and wanted value."""
    return [{(change.leaf, change.to) for change in changes} for changes in decision.release]
