"""Events: all that happened, each checked against its kind and never against a policy (LANGUAGE 3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from interlock.record._payloads import Payload
from interlock.terms import digest_of_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom an event is about: a model with perhaps its weights digest, a developer, or the world (all None)."""

    model: str | None = None
    weights: str | None = None
    developer: str | None = None


@dataclass(frozen=True, kw_only=True)
class Event:
    """One event. `index` is its position in the events as given; `fields` are its data's texts by name.

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

    def text_of(self, name: str) -> str | None:
        """Return the data field `name` as a text, or None where the event does not state it."""
        value = self.source.get("data", {}).get(name)
        if value is None:
            return None
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value)
