"""Reduction of a case that fails to one that a person can read: whatever can go, goes, as long as it still fails.

Hypothesis shrinks the choices that a case was drawn by; this takes away events, items and parts of conditions, which
leaves less.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from interlock.notation import FaultsError
from interlock.testing.strategies import Drawn

REFERENCES = ("evaluation", "event", "by")


def reduced(drawn: Drawn, fails: Callable[[Drawn], bool]) -> Drawn:
    """The case with as much taken away as can be while `fails` is true of it."""
    while True:
        smaller = next((one for one in _smaller(drawn) if _is_sound(one) and fails(one)), None)
        if smaller is None:
            return drawn
        drawn = smaller


def _is_sound(drawn: Drawn) -> bool:
    try:
        drawn.policies  # noqa: B018 - decoded once, and kept
    except FaultsError:
        return False
    return drawn.is_sound


def _smaller(drawn: Drawn) -> Iterator[Drawn]:
    for index in reversed(range(len(drawn.event_objects))):
        without = _without_event(drawn.event_objects, index)
        if without is not None:
            yield replace(drawn, event_objects=without)
    if len(drawn.policy_documents) > 1:
        yield from (replace(drawn, policy_documents=[document]) for document in drawn.policy_documents)
    asked = drawn.question
    yield from (
        replace(drawn, question=simpler)
        for simpler in (replace(asked, known_at=None), replace(asked, weights=None), replace(asked, at_compute=None))
        if simpler != asked
    )
    yield from (replace(drawn, policy_documents=documents) for documents in _in_each(drawn.policy_documents))
    yield from (replace(drawn, event_objects=objects) for objects in _in_each(drawn.event_objects))


def _in_each(listed: list[Any]) -> Iterator[list[Any]]:
    for index, part in enumerate(listed):
        yield from ([*listed[:index], less, *listed[index + 1 :]] for less in _less(part))


def _less(node: Any) -> Iterator[Any]:
    """Smaller versions of a JSON value: without an entry, a part in place of the whole, or with a smaller part."""
    if isinstance(node, dict):
        yield from ({key: value for key, value in node.items() if key != gone} for gone in node)
        for value in node.values():
            yield from (part for part in (value if isinstance(value, list) else [value]) if isinstance(part, dict))
        for key, value in node.items():
            yield from (node | {key: less} for less in _less(value))
    elif isinstance(node, list):
        yield from (node[:index] + node[index + 1 :] for index in range(len(node)))
        yield from _in_each(node)


def _without_event(objects: list[dict[str, Any]], gone: int) -> list[dict[str, Any]] | None:
    """The events without one of them, references by index moved; None where one refers to it."""
    kept = [json.loads(json.dumps(event)) for index, event in enumerate(objects) if index != gone]
    for event in kept:
        data = event.get("data", {})
        named = [data[name] for name in REFERENCES if isinstance(data.get(name), int)]
        if gone in [*named, *data.get("evidence", [])]:
            return None
        data |= {name: data[name] - (data[name] > gone) for name in REFERENCES if isinstance(data.get(name), int)}
        if "evidence" in data:
            data["evidence"] = [index - (index > gone) for index in data["evidence"]]
    return kept
