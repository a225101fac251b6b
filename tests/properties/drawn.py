"""Random cases put to the engine and to the oracle, and what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, settings

from interlock.engine import Decision, DigestMismatch, Question, Refused, decide, decision_to_json
from interlock.record import Event
from interlock.terms import canonical_json
from interlock.testing.oracle import OracleQuestion
from interlock.testing.strategies import Drawn

_PROFILE = settings.get_profile(settings.get_current_profile_name())
MANY = settings(
    max_examples=max(200, _PROFILE.max_examples),
    # a law about held actions, say, has nothing to say of the others
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
"""Enough examples for whole cases: the usual budget is for single values. `--hypothesis-profile` raises it."""

Refusal = int
"""The exit code of a question that is refused."""


def question_of(drawn: Drawn) -> Question:
    asked = drawn.question
    return Question(
        model=asked.model,
        action=asked.action,
        as_of=asked.as_of,
        known_at=asked.known_at,
        weights=asked.weights,
        at_compute=asked.at_compute,
    )


def oracle_question_of(drawn: Drawn) -> OracleQuestion:
    asked = drawn.question
    return OracleQuestion(
        model=asked.model,
        action=asked.action,
        as_of=asked.as_of,
        known_at=asked.known_at,
        weights=asked.weights,
        at_compute=asked.at_compute,
    )


def decided(drawn: Drawn, events: Sequence[Event] | None = None) -> Decision | Refusal:
    """The engine's decision, on other events where some are given."""
    try:
        return decide(drawn.policies, drawn.events if events is None else events, question_of(drawn))
    except Refused:
        return 2
    except DigestMismatch:
        return 5


def rendered(answer: Decision | Refusal) -> dict[str, Any]:
    return {"refused": answer} if isinstance(answer, int) else decision_to_json(answer, engine="test")


def bytes_of(answer: Decision | Refusal) -> bytes:
    return canonical_json(rendered(answer))
