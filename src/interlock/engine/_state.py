"""The state over time: what is known to have happened, arranged for the questions that leaves ask.

A `State` holds every fact known, in the order in which they happened. A `View` is the state as it was at an instant:
what had happened by then, and nothing later. Nothing is advanced to look at another instant, so that whatever has a
memory (the windows of permissions, the instances of duties) can look at the instants that concern it alone.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Final

from interlock.record import Event, History, ModelRegistered, Subject, Topic

SubjectKey = tuple[str, str]
WORLD: Final[SubjectKey] = ("world", "")
FIRST_INSTANT: Final = datetime.min.replace(tzinfo=UTC)
LAST_INSTANT: Final = datetime.max.replace(tzinfo=UTC)
ORDER: Final = attrgetter("occurred", "recorded", "index")
_OCCURRED: Final = attrgetter("occurred")


@dataclass(slots=True)
class Model:
    """A model as its events describe it.

    `parent` and `developer` are those registered first. `checkpoints` are its weights digests with the instants at
    which each was first named, `order` their positions in that order. `first` is when the first event about it
    occurred, `settled` when the last registration or first naming did.
    """

    id: str
    registrations: list[Event] = field(default_factory=list)
    parent: str | None = None
    developer: str | None = None
    checkpoints: dict[str, datetime] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)
    first: datetime = LAST_INSTANT
    settled: datetime = FIRST_INSTANT
    _named: dict[str, Event] = field(default_factory=dict)
    _cuts: dict[datetime, Model] = field(default_factory=dict)

    def position(self, weights: str | None) -> int:
        """Return the place of a digest among the checkpoints; none stands for the earliest, an unknown one is new."""
        if weights is None:
            return 0
        return self.order.get(weights, len(self.order))

    @property
    def newest(self) -> str | None:
        """The checkpoint that was named last."""
        return next(reversed(self.order), None)

    def is_first_to_name(self, event: Event) -> bool:
        """Return whether no event that is known names the event's weights digest before it does."""
        weights = event.subject.weights
        return weights is not None and (weights not in self._named or ORDER(event) < ORDER(self._named[weights]))

    def note(self, event: Event) -> None:
        """Take in an event about the model, whenever it happened."""
        self.first = min(self.first, event.occurred)
        weights, names = event.subject.weights, self.is_first_to_name(event)
        if not names and not isinstance(event.payload, ModelRegistered):
            return
        self.settled = max(self.settled, event.occurred)
        self._cuts.clear()
        if isinstance(event.payload, ModelRegistered):
            insort(self.registrations, event, key=ORDER)
            self._read_registrations()
        if names and weights is not None:
            is_last = weights not in self._named and all(
                ORDER(event) > ORDER(self._named[last]) for last in (self.newest,) if last is not None
            )
            self._named[weights] = event
            if is_last:
                self.order[weights] = len(self.order)
                self.checkpoints[weights] = event.occurred
                return
            ordered = sorted(self._named.items(), key=lambda named: ORDER(named[1]))
            self.checkpoints = {digest: naming.occurred for digest, naming in ordered}
            self.order = {digest: position for position, digest in enumerate(self.checkpoints)}

    def _read_registrations(self) -> None:
        said = [event.payload for event in self.registrations if isinstance(event.payload, ModelRegistered)]
        self.parent = next((payload.parent for payload in said if payload.parent), None)
        self.developer = next((payload.developer for payload in said if payload.developer), None)

    def by(self, at: datetime) -> Model:
        """Return the model as it was known to be by `at`: without what was registered or named later."""
        if self.settled <= at:
            return self
        if at not in self._cuts:
            earlier = Model(self.id, first=self.first)
            for event in (*self.registrations, *self._named.values()):
                if event.occurred <= at:
                    earlier.note(event)
            self._cuts[at] = earlier
        return self._cuts[at]


@dataclass(slots=True)
class LookedUp:
    """Values by the instant at which they were looked up."""

    instants: list[datetime] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    last: tuple[datetime, Any] | None = None
    """The value at the last instant that was only looked at, not looked back to."""

    def now(self, instant: datetime, look_up: Callable[[], Any]) -> Any:
        """Return the value at an instant that is looked at, remembered until another is."""
        if self.last is None or self.last[0] != instant:
            self.last = (instant, look_up())
        return self.last[1]

    def at(self, instant: datetime, look_up: Callable[[], Any]) -> Any:
        """Return the value at an instant, looked up once."""
        place = bisect_left(self.instants, instant)
        if place < len(self.instants) and self.instants[place] == instant:
            return self.values[place]
        value = look_up()
        self.instants.insert(place, instant)
        self.values.insert(place, value)
        return value

    def forget(self, since: datetime) -> None:
        """Forget what was looked up at `since` or later."""
        place = bisect_left(self.instants, since)
        del self.instants[place:]
        del self.values[place:]
        if self.last is not None and self.last[0] >= since:
            self.last = None


@dataclass(slots=True)
class Live:
    """Which of a model's evaluations of a measure can matter to a leaf: those from the place `first` on.

    That was found at `seen`. Of the evaluations before the place `scanned` it is known whether any is `reached`: shows
    that a threshold is reached.
    """

    first: int
    seen: datetime
    scanned: int = 0
    reached: bool = False


@dataclass(slots=True)
class State:
    """All facts of a `record` of what is known, whenever they happened.

    `memo` holds what was worked out of them and does not depend on the time it is asked at: what one event by itself
    comes to. `computes` are the effective computes looked up, by model and instant, which a measurement that joins late
    may change. With `brief` only evaluations that can matter are looked at, which leaves traces incomplete: `live` says
    from which on, for each leaf, those of a model's measure are.
    """

    record: History
    models: dict[str, Model] = field(default_factory=dict)
    facts: dict[tuple[SubjectKey, Topic], list[Event]] = field(default_factory=dict)
    by_index: dict[int, Event] = field(default_factory=dict)
    memo: dict[tuple[object, ...], Any] = field(default_factory=dict)
    computes: dict[tuple[str, str], LookedUp] = field(default_factory=dict)
    brief: bool = False
    live: dict[tuple[SubjectKey, Topic], dict[tuple[object, ...], Live]] = field(default_factory=dict)

    def join(self, event: Event) -> None:
        """Take in an event, in its place among those that are there."""
        self.by_index[event.index] = event
        key = subject_key(event.subject)
        for topic in event.topics:
            facts = self.facts.setdefault((key, topic), [])
            if not facts or ORDER(facts[-1]) <= ORDER(event):
                facts.append(event)
                continue
            place = bisect_right(facts, ORDER(event), key=ORDER)
            facts.insert(place, event)
            live = self.live.get((key, topic), {})
            for leaf, one in list(live.items()):
                one.scanned = min(one.scanned, place)
                if place <= one.first:
                    del live[leaf]
        if event.measured is not None and event.measured.quantity == "effective-compute":
            self._forget_computes(event.occurred)
        if event.subject.model is not None:
            model = self.models.get(event.subject.model)
            if model is None:
                model = self.models[event.subject.model] = Model(event.subject.model)
            model.note(event)

    def _forget_computes(self, since: datetime) -> None:
        """Forget the effective computes that were looked up at `since` or later."""
        for looked_up in self.computes.values():
            looked_up.forget(since)


def fold(history: History, up_to: datetime = LAST_INSTANT) -> State:
    """Return the state of all that is known in a history to have occurred by `up_to`."""
    state = State(history)
    for event in history.events:
        if event.occurred > up_to:
            break
        state.join(event)
    return state


@dataclass(frozen=True, slots=True)
class View:
    """The state as it was at an instant: the facts that had occurred by then.

    `keeps` narrows it to what concerns one deployment, incident or document, for the duties about each.
    """

    state: State
    at: datetime
    keeps: Callable[[Topic, Event], bool] | None = None

    def about(self, subject: SubjectKey, topic: Topic) -> list[Event]:
        """Return the facts about a subject on a topic, in the order they happened."""
        facts = self.state.facts.get((subject, topic), _NONE)
        if facts and facts[-1].occurred > self.at:
            facts = facts[: bisect_right(facts, self.at, key=_OCCURRED)]
        return facts if self.keeps is None else [event for event in facts if self.keeps(topic, event)]

    def model(self, name: str) -> Model | None:
        """Return the model as it was then, or None if no event was about it yet."""
        model = self.state.models.get(name)
        return model.by(self.at) if model is not None and model.first <= self.at else None

    def registered(self) -> list[Model]:
        """Return the models that were registered by then."""
        known = (self.model(name) for name in self.state.models)
        return [model for model in known if model is not None and model.registrations]

    def event(self, index: int) -> Event | None:
        """Return the event of that index if it had occurred by then."""
        event = self.state.by_index.get(index)
        return event if event is not None and event.occurred <= self.at else None

    def is_withdrawn(self, evaluation: Event) -> bool:
        """Return whether the evaluation had left the set of evidence by then."""
        return any(event.occurred <= self.at for event in self.state.record.withdrawn.get(evaluation.index, ()))


_NONE: Final[list[Event]] = []


def subject_key(subject: Subject) -> SubjectKey:
    """Return the key under which facts about `subject` are kept."""
    if subject.model is not None:
        return ("model", subject.model)
    return WORLD if subject.developer is None else ("developer", subject.developer)


def instants_of(events: Iterable[Event]) -> list[datetime]:
    """Return the instants at which any of the events occurred, each once, in order."""
    return sorted({event.occurred for event in events})
