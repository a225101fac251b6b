"""Answers: questions on the policy and the events that a page showed before, and what it says comes of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from interlock.engine import Decision, Question, Refused, decide, decision_to_json, exit_code
from interlock.notation import parse_yaml, yaml_values
from interlock.policy import Policy
from interlock.record import Event, read_events
from interlock.terms import parse_instant, parse_quantity

START = """\
- {event: policy.adopted, occurred: 2026-01-01T00:00:00Z, subject: {developer: Halcyon},
   data: {policy: halcyon-scaling-policy, version: "1"}}
- {event: model.registered, occurred: 2026-01-01T00:00:00Z, subject: {model: halcyon-1}}
"""
"""What is on the record before the events of a page that register no model."""

_SHORT_DIGEST = re.compile(r"sha256:([0-9a-f])\1*…")
_QUESTION = {"model", "action", "as-of", "known-at", "weights", "at-compute"}


def with_digests(text: str) -> str:
    """Return the text with digests such as `sha256:1111…` written out to their 64 digits."""
    return _SHORT_DIGEST.sub(lambda match: f"sha256:{match[1] * 64}", text)


def events_of(text: str, *, file: str = "events.yaml") -> tuple[Event, ...]:
    """Return the events of a block, those of `START` before them where they register no model."""
    return events_stated(whole_record(text), file=file)


def whole_record(text: str) -> str:
    """Return the record that a block stands for."""
    return with_digests(text if "model.registered" in text else START + text)


def events_stated(text: str, *, file: str = "events.yaml") -> tuple[Event, ...]:
    """Return the events that a text states, and no others."""
    return read_events([(file, with_digests(text).encode())])


def check_answer(text: str, policies: Sequence[Policy], events: Sequence[Event]) -> None:
    """Check every statement of a block `yaml answer` against the engine's decision."""
    stated = yaml_values(parse_yaml(with_digests(text), file="answer.yaml"))
    asked = _question(stated.pop("question"))
    refused = stated.pop("refused", None)
    if refused is not None:
        assert not stated, "a refused question has no answer"
        words = refusal(policies, events, asked)
        assert refused in words, words
        return
    given = _answer(decide(policies, events, asked))
    wanted = {name: _ordered(name, value) for name, value in stated.items()}
    found = {name: _restricted(name, given[name], stated[name]) for name in wanted}
    assert wanted == found, f"the page says {wanted}\nand the engine {found}"


def refusal(policies: Sequence[Policy], events: Sequence[Event], question: Question) -> str:
    """Return the words in which the question is refused."""
    try:
        decision = decide(policies, events, question)
    except Refused as error:
        return error.message
    return f"not refused: {decision.outcome}"


def _question(stated: Mapping[str, Any]) -> Question:
    unknown = stated.keys() - _QUESTION
    assert not unknown, f"a question has no {unknown}"
    known_at, compute = stated.get("known-at"), stated.get("at-compute")
    return Question(
        model=stated.get("model", "halcyon-1"),
        action=stated["action"],
        as_of=parse_instant(stated["as-of"]),
        known_at=None if known_at is None else parse_instant(known_at),
        weights=stated.get("weights"),
        at_compute=None if compute is None else parse_quantity(compute),
    )


def _answer(decision: Decision) -> dict[str, Any]:
    """Return what a page may say of a decision."""
    shown = decision_to_json(decision, engine="docs")
    restrictions = {one["id"]: one for one in shown["restrictions"]}
    valid = shown["valid_until"]
    return {
        "outcome": decision.outcome,
        "exit": exit_code(decision),
        "by-default": decision.by_default,
        "unrestricted": decision.unrestricted,
        "restrictions": {name: one["state"] for name, one in restrictions.items()},
        "when": {name: one["when"] for name, one in restrictions.items()},
        "until": {name: one["until"] for name, one in restrictions.items()},
        "reasons": sorted(set(_reasons(shown["restrictions"]))),
        "findings": sorted({finding["id"] for finding in shown["findings"]}),
        "valid-until": None if valid is None else {"time": valid["time"], "leaf": valid["leaf"]},
        "valid-up-to": None if valid is None else valid["effective_compute"],
        "policy": [f"{one.policy.id} {one.policy.version}" for one in decision.policies],
        "weights": decision.question.weights,
        "release": [[f"{change['leaf']} → {change['to']}" for change in one] for one in shown["release"]],
        "readings": shown["readings"],
        "trace": json.dumps(shown["restrictions"], ensure_ascii=False),
    }


def _reasons(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reason"), str):
            yield value["reason"]
        for part in value.values():
            yield from _reasons(part)
    elif isinstance(value, list):
        for part in value:
            yield from _reasons(part)


def _ordered(name: str, value: Any) -> Any:
    return sorted(value) if name in {"reasons", "findings"} else value


def _restricted(name: str, found: Any, stated: Any) -> Any:
    """Return of what was found the part that the page speaks of: named restrictions, reasons that it lists."""
    if name in {"restrictions", "when", "until"}:
        return {key: found.get(key) for key in stated}
    if name == "reasons":
        return [reason for reason in found if reason in stated]
    return as_stated(found, stated) if name == "readings" else found


def as_stated(found: Any, stated: Any) -> Any:
    """Return of a JSON value the fields that a page states of it, by the page's names; every entry of a list."""
    if isinstance(found, dict) and isinstance(stated, dict):
        return {name: as_stated(found[name.replace("-", "_")], value) for name, value in stated.items()}
    if isinstance(found, list) and isinstance(stated, list):
        wanted = [*stated, *(None for _ in found[len(stated) :])]
        return [as_stated(entry, one) for entry, one in zip(found, wanted, strict=False)]
    return found
