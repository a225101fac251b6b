"""Timelines: a model seen through time under a policy, each leaf observed once for each stretch in which it stands.

Between two events that a leaf reads, and before the next instant at which it could change of its own accord, its node
stays as observed. So any instant can be asked about, in any order, and only what an event or a due timer touches is
looked at again. The windows of permissions are moved over the instants that touch their conditions (LANGUAGE 4.4, 9).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from interlock.engine._case import Case
from interlock.engine._combination import Use
from interlock.engine._reading import LISTED_EVIDENCE, NEW_CHECKPOINT, topics_read
from interlock.engine._state import FIRST_INSTANT, WORLD, Model, State, SubjectKey, View
from interlock.engine._trace import Node, earliest
from interlock.engine._windows import Window, step
from interlock.policy import Permission
from interlock.record import Event, ModelRegistered, Topic

if TYPE_CHECKING:
    from interlock.engine._applied import AppliedPolicy

NO_MODEL: Final = ""
"""The model of a developer's own timeline: no event is about it, so it has the developer's facts and the world's."""


@dataclass(slots=True)
class Track:
    """The nodes of one leaf, each over the stretch of time in which it stands."""

    instants: list[datetime]
    starts: list[datetime] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)

    def at(self, instant: datetime) -> Node | None:
        """Return the node that stands at the instant, or None if none observed is known to."""
        place = bisect_right(self.starts, instant) - 1
        if place < 0:
            return None
        start, node = self.starts[place], self.nodes[place]
        if start == instant:
            return node
        if node.changes_at is not None and node.changes_at <= instant:
            return None
        following = bisect_right(self.instants, start)
        return node if following == len(self.instants) or self.instants[following] > instant else None

    def note(self, instant: datetime, node: Node) -> None:
        """Take in the node as observed at the instant."""
        place = bisect_left(self.starts, instant)
        self.starts.insert(place, instant)
        self.nodes.insert(place, node)

    def touch(self, instant: datetime) -> None:
        """Take in that an event it reads occurred then: what was observed from there on stands no more."""
        _insert(self.instants, instant)
        place = bisect_left(self.starts, instant)
        del self.starts[place:]
        del self.nodes[place:]


def _insert(instants: list[datetime], instant: datetime) -> None:
    place = bisect_left(instants, instant)
    if place == len(instants) or instants[place] != instant:
        instants.insert(place, instant)


@dataclass(slots=True)
class WindowTrack:
    """The windows of one permission through time, as far as they were followed."""

    permission: Permission
    instants: list[datetime]
    times: list[datetime] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)

    def at(self, instant: datetime, timeline: Timeline) -> Window:
        """Return the window after all that happened up to the instant."""
        while (due := self._due(timeline)) is not None and due <= instant:
            self._visit(due, timeline)
        place = bisect_right(self.times, instant) - 1
        return self.windows[place] if place >= 0 else Window()

    def changes_at(self, instant: datetime, timeline: Timeline) -> datetime | None:
        """Return when, with no further event, its condition could change after the instant."""
        self.at(instant, timeline)
        place = bisect_right(self.times, instant) - 1
        return self.nodes[place].changes_at if place >= 0 else None

    def _due(self, timeline: Timeline) -> datetime | None:
        if not self.times:
            return timeline.begins
        following = bisect_right(self.instants, self.times[-1])
        recorded = self.instants[following] if following < len(self.instants) else None
        return earliest((recorded, self.nodes[-1].changes_at))

    def _visit(self, instant: datetime, timeline: Timeline) -> None:
        before = self.windows[-1] if self.windows else Window()
        when = timeline.case(instant).condition(self.permission.when, Use.RELEASING)
        self.times.append(instant)
        self.nodes.append(when)
        self.windows.append(step(before, self.permission, when, instant))

    def touch(self, instant: datetime) -> None:
        """Take in that an event its condition reads occurred then: it is followed again from there on."""
        _insert(self.instants, instant)
        place = bisect_left(self.times, instant)
        del self.times[place:]
        del self.windows[place:]
        del self.nodes[place:]


def _forebears(state: State, model: str) -> list[str]:
    """Return the model and all that any registration ever names as its parent, or theirs."""
    found = [model]
    for name in found:
        known = state.models.get(name)
        for event in () if known is None else known.registrations:
            parent = event.payload.parent if isinstance(event.payload, ModelRegistered) else None
            if parent is not None and parent not in found:
                found.append(parent)
    return found


@dataclass(slots=True, kw_only=True)
class Timeline:
    """A model, or a developer where `model` is NO_MODEL, under a policy through time.

    It is seen at `weights`, or with `newest` at the checkpoint that is the newest at each instant. `keeps` narrows
    what has happened to what concerns one deployment, incident or document.
    """

    applied: AppliedPolicy
    model: str
    developer: str
    weights: str | None = None
    newest: bool = False
    ships: bool = False
    keeps: Callable[[Topic, Event], bool] | None = None
    tracks: dict[tuple[Any, ...], Track] = field(default_factory=dict)
    windows: dict[str, WindowTrack] = field(default_factory=dict)
    _subjects: tuple[SubjectKey, ...] | None = None
    _topics: dict[tuple[Any, ...], frozenset[Topic]] = field(default_factory=dict)

    @property
    def begins(self) -> datetime | None:
        """The first instant at which there is a case: the model's registration, else the first event about it."""
        if self.model == NO_MODEL:
            return FIRST_INSTANT
        model = self.applied.state.models.get(self.model)
        if model is None:
            return None
        return model.registrations[0].occurred if model.registrations else model.first

    def view(self, at: datetime) -> View:
        """Return what had happened by the instant, as far as it concerns this timeline."""
        return View(self.applied.state, at, self.keeps)

    def case(self, at: datetime) -> Case:
        """Return the case at an instant."""
        view = self.view(at)
        model = view.model(self.model) or Model(self.model, developer=self.developer)
        weights = model.newest if self.newest else self.weights
        return Case(
            policy=self.applied.policy, view=view, model=model, weights=weights, ships=self.ships, at=at, timeline=self
        )

    def window(self, permission: Permission, at: datetime) -> Window:
        """Return the permission's window after all that happened up to the instant."""
        return self._window_track(permission).at(at, self)

    def window_changes_at(self, permission: Permission, at: datetime) -> datetime | None:
        """Return when the condition of a permission with windows could change after the instant by itself."""
        return self._window_track(permission).changes_at(at, self)

    def _window_track(self, permission: Permission) -> WindowTrack:
        track = self.windows.get(permission.id)
        if track is None:
            topics = topics_read(self.applied.policy, permission.id)
            track = self.windows[permission.id] = WindowTrack(permission, self.instants(topics))
        return track

    def track(self, key: tuple[Any, ...], topics: frozenset[Topic]) -> Track:
        """Return the track of a leaf that reads facts on these topics."""
        track = self.tracks.get(key)
        if track is None:
            track = self.tracks[key] = Track(self.instants(topics))
            self._topics[key] = topics
        return track

    # What touches it

    def subjects(self) -> tuple[SubjectKey, ...]:
        """Return whose facts may concern it: where some leaf spans models, those of every model."""
        if self._subjects is None:
            state = self.applied.state
            if self.applied.spans_models:
                models: Iterable[str] = state.models
            else:
                models = _forebears(state, self.model)
            self._subjects = (*(("model", name) for name in models), ("developer", self.developer), WORLD)
        return self._subjects

    def instants(self, topics: frozenset[Topic]) -> list[datetime]:
        """Return the instants of the facts on these topics that concern it."""
        return sorted(set(self._instants(topics)))

    def _instants(self, topics: frozenset[Topic]) -> Iterator[datetime]:
        state = self.applied.state
        for subject in self.subjects():
            for topic in topics:
                for event in state.facts.get((subject, topic), ()):
                    yield event.occurred
            if NEW_CHECKPOINT in topics and subject[0] == "model":
                model = state.models.get(subject[1])
                yield from () if model is None else model.checkpoints.values()
            if LISTED_EVIDENCE in topics and state.record.evidence:
                for topic in (("kind", "evaluation.completed"), ("kind", "evaluation.withdrawn")):
                    for event in state.facts.get((subject, topic), ()):
                        yield event.occurred
