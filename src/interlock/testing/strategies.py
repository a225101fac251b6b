"""Hypothesis strategies for policies, histories and questions that interact: `cases` draws all three at once.

Needs hypothesis, which interlock itself does not. What is drawn is what files hold (a mapping for each policy, a JSON
object for each event), so that a failing example can be written down as files and shrinks to a small one; `Drawn`
decodes it through the readers that files go through.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from hypothesis import strategies as st

from interlock.policy import Policy, decode
from interlock.record import Event, read_events
from interlock.terms import Quantity, leaf_actions, parse_instant, parse_quantity
from interlock.testing._drawn_events import DIGESTS, INSTANTS, Given, event_objects
from interlock.testing._drawn_policies import COMPUTES, Node, policy_document, policy_set

ACTIONS: Final = (
    "train",
    "train",
    "store",
    "deploy.external.public",
    "deploy.external.public",
    "deploy.internal.wide",
    "deploy",
    "release-weights",
)


@dataclass(frozen=True, kw_only=True)
class DrawnQuestion:
    """A question, as the command line states it."""

    model: str
    action: str
    as_of: datetime
    known_at: datetime | None = None
    weights: str | None = None
    at_compute: Quantity | None = None


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A policy or several, a history and a question, as files and the command line state them."""

    policy_documents: list[Node]
    event_objects: list[Given]
    question: DrawnQuestion

    @property
    def policies(self) -> tuple[Policy, ...]:
        """The policies decoded from what their files hold."""
        return tuple(
            decode(json.dumps(document).encode(), file=f"policy-{number}.yaml")
            for number, document in enumerate(self.policy_documents)
        )

    @property
    def events(self) -> tuple[Event, ...]:
        """The events read from what their file holds."""
        return read(self.event_objects)

    def __str__(self) -> str:
        """Return the case as text to write down."""
        return "\n".join(
            [*map(json.dumps, self.policy_documents), *map(json.dumps, self.event_objects), str(self.question)]
        )


def read(objects: list[Given]) -> tuple[Event, ...]:
    """Return the events of an events file with one object a line."""
    text = "".join(f"{json.dumps(one)}\n" for one in objects)
    return tuple(read_events([("events.jsonl", text.encode())]))


@st.composite
def questions(draw: st.DrawFn) -> DrawnQuestion:
    """Return a question about one of the models that `event_objects` registers, mostly late enough to be answered."""
    as_of = draw(st.sampled_from([*INSTANTS[6:], INSTANTS[3], "2025-03-10T00:00:00Z", "2025-12-01T00:00:00Z"]))
    known_at = draw(st.sampled_from([None, None, None, "2026-01-01T00:00:00Z", *INSTANTS[5:10]]))
    compute = draw(st.sampled_from([None, None, None, None, *COMPUTES[2:]]))
    return DrawnQuestion(
        model=draw(st.sampled_from(["m1", "m1", "m1", "m2", "m2", "m3"])),
        action=draw(st.sampled_from(ACTIONS)),
        as_of=parse_instant(as_of),
        known_at=parse_instant(known_at) if known_at is not None else None,
        weights=draw(st.sampled_from([None, None, None, None, *DIGESTS])),
        at_compute=parse_quantity(compute) if compute is not None else None,
    )


@st.composite
def cases(draw: st.DrawFn, *, most_events: int = 14) -> Drawn:
    """Return policies, a history of at most `most_events` events beside the registrations, and a question."""
    return Drawn(
        policy_documents=draw(policy_set()),
        event_objects=draw(event_objects(most=most_events)),
        question=draw(questions()),
    )


__all__ = [
    "Drawn",
    "DrawnQuestion",
    "cases",
    "event_objects",
    "policy_document",
    "policy_set",
    "questions",
    "read",
]
