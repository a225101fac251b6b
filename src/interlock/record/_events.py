"""Events: all that happened, each checked against its kind and never against a policy (LANGUAGE 3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from interlock.record._payloads import (
    Clusters,
    Counts,
    Estimate,
    EvaluationCompleted,
    OtherPayload,
    Payload,
    QuantityMeasured,
)
from interlock.record._topics import EFFECTIVE_COMPUTE, Topic, topics_of
from interlock.terms import Quantity, digest_of_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom an event is about: a model with perhaps its weights digest, a developer, or the world (all None)."""

    model: str | None = None
    weights: str | None = None
    developer: str | None = None


@dataclass(frozen=True, kw_only=True)
class Event:
    """One event. `index` is its position in the events as given.

    `source` is the JSON object as given; `digest` is the SHA-256 of its RFC 8785 form.
    """

    index: int
    kind: str
    occurred: datetime
    recorded: datetime
    subject: Subject
    actor: str | None = None
    role: str | None = None
    payload: Payload
    source: Mapping[str, Any] = field(repr=False)

    @cached_property
    def digest(self) -> str:
        """The digest of the event's JSON object in canonical form."""
        return digest_of_json(self.source)

    @cached_property
    def topics(self) -> tuple[Topic, ...]:
        """What the event is a fact on."""
        return topics_of(self.kind, self.payload)

    @cached_property
    def measured(self) -> QuantityMeasured | None:
        """The measurement that the event states, if any: `training.*` may state the effective compute it came to."""
        if isinstance(self.payload, QuantityMeasured):
            return self.payload
        stated = self.payload.fields.get(EFFECTIVE_COMPUTE) if isinstance(self.payload, OtherPayload) else None
        return QuantityMeasured(quantity=EFFECTIVE_COMPUTE, value=stated) if isinstance(stated, Quantity) else None

    @cached_property
    def words(self) -> str:
        """The words that name the event: its place and, for an evaluation, what it counted, on what, and when."""
        completed = self.payload
        if not isinstance(completed, EvaluationCompleted):
            return f"event {self.index}"
        weights = "" if self.subject.weights is None else f" ({self.subject.weights[:15]}…)"
        return (
            f"event {self.index}: {_result_words(completed.result)} of {completed.suite} "
            f"on {self.subject.model}{weights}, {self.occurred:%Y-%m-%d}"
        )

    def text_of(self, name: str) -> str | None:
        """Return the data field `name` as a text, or None where the event does not state it."""
        value = self.source.get("data", {}).get(name)
        if value is None:
            return None
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value)


def _result_words(result: Counts | Clusters | Estimate) -> str:
    if isinstance(result, Counts):
        return f"{result.successes}/{result.trials}"
    if isinstance(result, Clusters):
        successes = sum(cluster.successes for cluster in result.clusters)
        trials = sum(cluster.trials for cluster in result.clusters)
        return f"{successes}/{trials} in {len(result.clusters)} clusters"
    lower = "?" if result.lower is None else str(result.lower)
    upper = "?" if result.upper is None else str(result.upper)
    return f"estimate {result.estimate} [{lower} to {upper}]"
