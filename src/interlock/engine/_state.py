"""The state over time: what has happened up to now, arranged for the questions that leaves ask.

`advance` moves a state by one instant's events; `fold` moves it through a history. A state is a value that is handed
on: `advance` consumes the state it is given and returns the one that follows. It holds facts only; what they come to
is read by `Case` (observe), and the windows of permissions, which have a memory, are moved beside it by `_windows`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, takewhile
from operator import attrgetter
from typing import Any, Final

from interlock.record import Event, History, ModelRegistered, Subject, Topic

SubjectKey = tuple[str, str]
WORLD: Final[SubjectKey] = ("world", "")


@dataclass(slots=True)
class Model:
    """A model as its events describe it.

    `parent` and `developer` are those registered first. `checkpoints` are its weights digests with the instants at
    which each was first named, `order` their positions in that order.
    """

    id: str
    registrations: list[Event] = field(default_factory=list)
    parent: str | None = None
    developer: str | None = None
    checkpoints: dict[str, datetime] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)

    def position(self, weights: str | None) -> int:
        """Return the place of a digest among the checkpoints; none stands for the earliest, an unknown one is new."""
        if weights is None:
            return 0
        return self.order.get(weights, len(self.order))

    @property
    def newest(self) -> str | None:
        """The checkpoint that was named last."""
        return next(reversed(self.order), None)


@dataclass(slots=True)
class State:
    """All facts up to and including an instant, out of a `record` of what is known.

    `memo` holds what was worked out of them until the state is advanced.
    """

    record: History
    models: dict[str, Model] = field(default_factory=dict)
    facts: dict[tuple[SubjectKey, Topic], list[Event]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    memo: dict[tuple[object, ...], Any] = field(default_factory=dict)

    def about(self, subject: SubjectKey, topic: Topic) -> list[Event]:
        """Return the facts about a subject on a topic, in the order they happened."""
        return self.facts.get((subject, topic), _NONE)

    def copy(self) -> State:
        """Return a state that can be advanced without touching this one."""
        return advance(State(self.record), self.events)

    def is_withdrawn(self, evaluation: Event, at: datetime) -> bool:
        """Return whether the evaluation has left the set of evidence by then."""
        return any(event.occurred <= at for event in self.record.withdrawn.get(evaluation.index, ()))


_NONE: Final[list[Event]] = []


def subject_key(subject: Subject) -> SubjectKey:
    """Return the key under which facts about `subject` are kept."""
    if subject.model is not None:
        return ("model", subject.model)
    return WORLD if subject.developer is None else ("developer", subject.developer)


def advance(state: State, events: Iterable[Event]) -> State:
    """Return the state after the events of one instant; the given state is consumed."""
    state.memo.clear()
    for event in events:
        state.events.append(event)
        key = subject_key(event.subject)
        for topic in event.topics:
            state.facts.setdefault((key, topic), []).append(event)
        if event.subject.model is not None:
            _note_model(state, event, event.subject.model)
    return state


def _note_model(state: State, event: Event, name: str) -> None:
    model = state.models.get(name)
    if model is None:
        model = state.models[name] = Model(name)
    if isinstance(event.payload, ModelRegistered):
        model.registrations.append(event)
        model.parent = model.parent or event.payload.parent
        model.developer = model.developer or event.payload.developer
    weights = event.subject.weights
    if weights is not None and weights not in model.order:
        model.order[weights] = len(model.order)
        model.checkpoints[weights] = event.occurred


def instants(events: Iterable[Event]) -> Iterator[tuple[datetime, list[Event]]]:
    """Yield the events of each instant together: the order of those that happen at once says nothing."""
    for instant, group in groupby(events, key=attrgetter("occurred")):
        yield instant, list(group)


def fold(history: History, up_to: datetime) -> State:
    """Return the state after every event of the history that occurred by `up_to`."""
    return advance(State(history), takewhile(lambda event: event.occurred <= up_to, history.events))
