"""Hypothesis strategies for policies, histories and questions that interact: `cases` draws all three at once.

`timelines` does so for policies with duties and pledges, with a history in which much happens when they are due.

Needs hypothesis, which interlock itself does not. What is drawn is what files hold (a mapping for each policy, a JSON
object for each event), so that a failing example can be written down as files and shrinks to a small one; `Drawn`
decodes it through the readers that files go through.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from hypothesis import reject
from hypothesis import strategies as st

from interlock.notation import FaultsError
from interlock.policy import Policy, decode
from interlock.record import Event, read_events
from interlock.terms import ACTIONS, Calendar, Quantity, leaf_actions, parse_instant, parse_period, parse_quantity
from interlock.testing._drawn_choices import (
    COMPUTES,
    DIGESTS,
    INSTANTS,
    PERIODS,
    STRANGE_MODEL,
    Chooser,
    Theme,
    drawing,
    rolling,
)
from interlock.testing._drawn_conditions import Node
from interlock.testing._drawn_duties import duty_policy_documents
from interlock.testing._drawn_events import event_objects
from interlock.testing._drawn_policies import evidence_policy, policy_documents
from interlock.testing._drawn_speech import Given
from interlock.testing._drawn_timelines import deadline, timeline_objects

_LAST: Final = parse_instant("2026-06-01T00:00:00Z")
"""Periods may end long after: nothing is asked that late."""
THEMES: Final = (Theme.EVIDENCE, *Theme)
"""What cases are about, each as often as it stands here."""


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

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """The policies decoded from what their files hold."""
        return tuple(
            decode(json.dumps(document).encode(), file=f"policy-{number}.yaml")
            for number, document in enumerate(self.policy_documents)
        )

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The events read from what their file holds."""
        return read(self.event_objects)

    @property
    def is_sound(self) -> bool:
        """Whether the events can be read; that is done once, and kept."""
        try:
            return self.events is not None
        except FaultsError:
            return False

    def __str__(self) -> str:
        """Return the case as text to write down."""
        return "\n".join(
            [*map(json.dumps, self.policy_documents), *map(json.dumps, self.event_objects), str(self.question)]
        )


def read(objects: list[Given]) -> tuple[Event, ...]:
    """Return the events of an events file with one object a line."""
    text = "".join(f"{json.dumps(one)}\n" for one in objects)
    return tuple(read_events([("events.jsonl", text.encode())]))


def question(choose: Chooser, documents: list[Node], events: list[Given]) -> DrawnQuestion:
    """Return a question about a registered model, mostly about what a policy forbids and late enough to be answered."""
    zone = documents[0].get("calendar", {}).get("time-zone", "UTC")
    as_of = _instant(choose, zone, [event["occurred"] for event in events])
    return _question(choose, documents, events, as_of)


def _question(
    choose: Chooser,
    documents: list[Node],
    events: list[Given],
    as_of: datetime,
    models: Sequence[str] = ("m1", "m1", "m1", "m2", "m2", "m3"),
) -> DrawnQuestion:
    known_at = choose.pick(("2026-01-01T00:00:00Z", *INSTANTS[5:])) if choose.one_in(3) else None
    compute = choose.pick(COMPUTES[1:]) if choose.one_in(6) else None
    model = choose.pick(models)
    subjects = [event["subject"] for event in events if event["subject"].get("model") == model]
    named = sorted({subject["weights"] for subject in subjects if "weights" in subject})
    digests = list(DIGESTS) if choose.one_in(30) else named
    forbidden = [a for document in documents for one in document["restrictions"].values() for a in one["forbids"]]
    return DrawnQuestion(
        model=model,
        action=choose.pick(ACTIONS) if choose.one_in(6) else _part(choose, choose.pick(forbidden)),
        as_of=as_of,
        known_at=parse_instant(known_at) if known_at is not None else None,
        weights=choose.pick(digests) if digests and choose.one_in(3) else None,
        at_compute=parse_quantity(compute) if compute is not None else None,
    )


def _instant(choose: Chooser, zone: str, occurred: list[str]) -> datetime:
    """Return a late instant, or the very instant at which a period after some event is over, or the second before."""
    if not choose.one_in(3):
        return parse_instant(choose.pick((*INSTANTS[6:], *INSTANTS[8:], INSTANTS[3], "2025-12-01T00:00:00Z")))
    period = parse_period(choose.pick(PERIODS))
    over = Calendar(time_zone=zone).anniversary(parse_instant(choose.pick(occurred)), period)
    return over - timedelta(seconds=choose.pick((0, 1)))


def _part(choose: Chooser, action: str) -> str:
    """Return an action or one that it is a parent of."""
    return choose.pick((action, *leaf_actions(action)))


@st.composite
def cases(draw: st.DrawFn, *, most_events: int = 16, themes: Sequence[Theme] = THEMES) -> Drawn:
    """Return policies, a history of about `most_events` events beside the registrations, and a question."""
    return _sound(_case(drawing(draw), themes, most_events))


@st.composite
def evidence_cases(draw: st.DrawFn, *, most_events: int = 16) -> Drawn:
    """Return a case whose policy is such that evidence can only hold or rule out, and a ruling-out only release."""
    choose = drawing(draw)
    return _sound(_on_policies(choose, Theme.EVIDENCE, [evidence_policy(choose)], most_events))


def seeded_case(seed: int, *, most_events: int = 16, themes: Sequence[Theme] = THEMES) -> Drawn | None:
    """Return the case of a seed, or None where its events can't be read: quicker than hypothesis, and more various."""
    drawn = _case(rolling(seed), themes, most_events)
    return drawn if drawn.is_sound else None


@st.composite
def timelines(draw: st.DrawFn, *, most_events: int = 20) -> Drawn:
    """Return policies with duties, a history of about `most_events` events, and a question at some late instant."""
    return _sound(_timeline(drawing(draw), most_events))


def seeded_timeline(seed: int, *, most_events: int = 20) -> Drawn | None:
    """Return the timeline of a seed, or None where its events can't be read."""
    drawn = _timeline(rolling(seed), most_events)
    return drawn if drawn.is_sound else None


def _timeline(choose: Chooser, most_events: int) -> Drawn:
    documents = duty_policy_documents(choose)
    events = timeline_objects(choose, documents, most=most_events)
    if choose.one_in(2):
        as_of = parse_instant(choose.pick((*INSTANTS[8:], "2025-12-01T00:00:00Z")))
    else:
        as_of = deadline(choose, documents, [event["occurred"] for event in events])
    registered = [event["subject"]["model"] for event in events if event["event"] == "model.registered"]
    own = [model for model in registered if model != STRANGE_MODEL]
    question = _question(choose, documents, events, min(as_of, _LAST), own or ("m1",))
    return Drawn(policy_documents=documents, event_objects=events, question=question)


def _sound(drawn: Drawn) -> Drawn:
    if not drawn.is_sound:
        # now and then a correction puts something in the place of an evaluation that can't stand there
        reject()
    return drawn


def _case(choose: Chooser, themes: Sequence[Theme], most_events: int) -> Drawn:
    theme = choose.pick(themes)
    return _on_policies(choose, theme, policy_documents(choose, theme), most_events)


def _on_policies(choose: Chooser, theme: Theme, documents: list[Node], most_events: int) -> Drawn:
    events = event_objects(choose, theme, documents, most=most_events)
    return Drawn(policy_documents=documents, event_objects=events, question=question(choose, documents, events))


__all__ = [
    "Drawn",
    "DrawnQuestion",
    "Theme",
    "cases",
    "evidence_cases",
    "read",
    "seeded_case",
    "seeded_timeline",
    "timelines",
]
