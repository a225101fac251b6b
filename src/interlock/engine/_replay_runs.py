"""What is done with models over time: acts, and the runs of actions that go on until they are ended (LANGUAGE 3.1).

Training goes on until it is paused, weights stay stored until they are deleted, and a deployment of a class lasts until
it is withdrawn; other actions are over once they are done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from interlock.record import Event

TRAIN: Final = "train"
ACTS: Final[Mapping[str, str | None]] = {
    "training.started": TRAIN,
    "training.continued": TRAIN,
    "weights.stored": "store",
    "weights.shared": "share-weights",
    "weights.released": "release-weights",
    "model.deployed": None,
}
"""The kinds of events that are acts, with their actions; a deployment is its class's."""

_ENDS: Final[Mapping[str, str | None]] = {"training.paused": TRAIN, "weights.deleted": "store", "model.withdrawn": None}
_AT_ONCE: Final = ("share-weights", "release-weights")


def action_of(event: Event) -> str | None:
    """Return the action that an event is an act of, or None where it is none."""
    if event.kind not in ACTS:
        return None
    return ACTS[event.kind] or event.text_of("class")


def goes_on(action: str) -> bool:
    """Return whether an action goes on once it was done, until something ends it."""
    return action not in _AT_ONCE


@dataclass(slots=True, kw_only=True)
class Run:
    """An action that went on, by its `acts`, until the event that ended it, or to the end of the replay."""

    model: str
    action: str
    acts: list[Event] = field(default_factory=list)
    end: datetime | None = None

    @property
    def start(self) -> datetime:
        """When it began."""
        return self.acts[0].occurred


def runs_of(events: Iterable[Event]) -> list[Run]:
    """Return what went on by the events, which are in the order in which they happened; runs in that of their start."""
    found: list[Run] = []
    going_on: dict[tuple[str, str], Run] = {}
    for event in events:
        model, action = event.subject.model, action_of(event)
        if model is None:
            continue
        if action is not None and goes_on(action):
            if (model, action) not in going_on:
                going_on[model, action] = Run(model=model, action=action)
                found.append(going_on[model, action])
            going_on[model, action].acts.append(event)
        elif event.kind in _ENDS:
            ended = going_on.pop((model, _ENDS[event.kind] or event.text_of("class") or ""), None)
            if ended is not None:
                ended.end = event.occurred
    return found
