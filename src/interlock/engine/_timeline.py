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

from interlock.engine._combination import Use
from interlock.engine._reading import LISTED_EVIDENCE, NEW_CHECKPOINT, WITHDRAWN, topics_read
from interlock.engine._state import FIRST_INSTANT, WORLD, State, SubjectKey, View
from interlock.engine._trace import Node, earliest, parent_node
from interlock.engine._windows import Window, step
from interlock.policy import Condition, Permission
from interlock.record import Event, ModelRegistered, Topic
from interlock.terms import Truth, any_of

if TYPE_CHECKING:
    from interlock.engine._applied import AppliedPolicy
    from interlock.engine._case import Case

_EVIDENCE_KINDS: Final = (("kind", "evaluation.completed"), ("kind", "evaluation.withdrawn"))
MOST_REMEMBERED: Final = 256
"""So many nodes of a leaf are remembered, the latest of them."""
ANY_OF_LINEAGE: Final = "any of the lineage"
NO_MODEL: Final = ""
"""The model of a developer's own timeline: no event is about it, so it has the developer's facts and the world's."""


@dataclass(slots=True)
class Track:
    """The nodes of one leaf, each over the stretch of time in which it stands."""

    read: Callable[[], list[datetime]]
    starts: list[datetime] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    _instants: list[datetime] | None = None

    @property
    def instants(self) -> list[datetime]:
        """The instants of the facts that it reads, looked for once something was observed that may stand later on."""
        if self._instants is None:
            self._instants = self.read()
        return self._instants

    def at(self, instant: datetime) -> Node | None:
        """Return the node that stands at the instant, or None if none observed is known to."""
        place = bisect_right(self.starts, instant) - 1 if self.starts else -1
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
        if len(self.starts) > MOST_REMEMBERED:
            # What is seldom asked again is observed again when it is.
            del self.starts[: MOST_REMEMBERED // 2]
            del self.nodes[: MOST_REMEMBERED // 2]

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
class Course:
    """A condition followed through time: its node at every instant at which it could have become another.

    Over several timelines, those of a lineage, it is true if it is true of any. `begins` is the first instant at which
    it is read.
    """

    condition: Condition
    use: Use
    timelines: tuple[Timeline, ...]
    topics: frozenset[Topic]
    instants: list[datetime]
    begins: datetime | None
    times: list[datetime] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)

    def at(self, instant: datetime) -> Node | None:
        """Return the node as it is after all that happened up to the instant; None before it begins."""
        self.follow(instant)
        place = bisect_right(self.times, instant) - 1
        return self.nodes[place] if place >= 0 else None

    def value(self, instant: datetime) -> Truth:
        """Return the truth value at the instant; false before it begins."""
        node = self.at(instant)
        return Truth.FALSE if node is None else node.value

    def changes_at(self, instant: datetime) -> datetime | None:
        """Return when, with no further event, it could change after the instant."""
        node = self.at(instant)
        if node is None:
            return self.begins
        return node.changes_at

    def follow(self, until: datetime) -> None:
        """Read the condition at every instant up to `until` that may change it."""
        while (due := self._due()) is not None and due <= until:
            self.times.append(due)
            self.nodes.append(self._node(due))

    def _due(self) -> datetime | None:
        if not self.times:
            return self.begins
        following = bisect_right(self.instants, self.times[-1])
        recorded = self.instants[following] if following < len(self.instants) else None
        return earliest((recorded, self.nodes[-1].changes_at))

    def _node(self, instant: datetime) -> Node:
        begun = [one for one in self.timelines if not one.model or one.view(instant).model(one.model) is not None]
        nodes = [timeline.case(instant).condition(self.condition, self.use) for timeline in begun or self.timelines]
        return nodes[0] if len(nodes) == 1 else parent_node(ANY_OF_LINEAGE, any_of(n.value for n in nodes), nodes)

    def touch(self, instant: datetime) -> None:
        """Take in that an event it reads occurred then: it is followed again from there on."""
        _insert(self.instants, instant)
        place = bisect_left(self.times, instant)
        del self.times[place:]
        del self.nodes[place:]


@dataclass(slots=True)
class WindowTrack:
    """The windows of one permission through time, stepped along the course of its condition."""

    permission: Permission
    course: Course
    windows: list[Window] = field(default_factory=list)

    def at(self, instant: datetime) -> Window:
        """Return the window after all that happened up to the instant."""
        course = self.course
        course.follow(instant)
        while len(self.windows) < len(course.times):
            place = len(self.windows)
            before = self.windows[-1] if self.windows else Window()
            self.windows.append(step(before, self.permission, course.nodes[place], course.times[place]))
        place = bisect_right(course.times, instant) - 1
        return self.windows[place] if place >= 0 else Window()

    def cut(self) -> None:
        """Forget what the course of its condition no longer bears out."""
        del self.windows[len(self.course.times) :]


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
    what has happened to what concerns one deployment, incident or document; one `of_incident` sees the reports of it
    about any of the developer's models. One that is `fleeting` is asked about once and remembers nothing.
    """

    applied: AppliedPolicy
    model: str
    developer: str
    weights: str | None = None
    newest: bool = False
    ships: bool = False
    keeps: Callable[[Topic, Event], bool] | None = None
    of_incident: bool = False
    fleeting: bool = False
    tracks: dict[tuple[Any, ...], Track] = field(default_factory=dict)
    windows: dict[str, WindowTrack] = field(default_factory=dict)
    done: dict[str, Course] = field(default_factory=dict)
    _subjects: frozenset[SubjectKey] | None = None
    _reading: dict[Topic, list[Track]] = field(default_factory=dict)
    _unplaced: list[tuple[Track, frozenset[Topic]]] = field(default_factory=list)

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
        return self.applied.case(self, at)

    def window(self, permission: Permission, at: datetime) -> Window:
        """Return the permission's window after all that happened up to the instant."""
        return self._window_track(permission).at(at)

    def window_changes_at(self, permission: Permission, at: datetime) -> datetime | None:
        """Return when the condition of a permission with windows could change after the instant by itself."""
        return self._window_track(permission).course.changes_at(at)

    def _window_track(self, permission: Permission) -> WindowTrack:
        track = self.windows.get(permission.id)
        if track is None:
            course = self.course(permission.when, Use.RELEASING)
            track = self.windows[permission.id] = WindowTrack(permission, course)
        return track

    def completions(self, duty: str, done_when: Condition) -> Course:
        """Return the course of the condition that completes a duty."""
        if duty not in self.done:
            self.done[duty] = self.course(done_when, Use.RELEASING)
        return self.done[duty]

    def course(self, condition: Condition, use: Use) -> Course:
        """Return the course of a condition, followed from where this timeline begins."""
        topics = topics_read(self.applied.policy, condition)
        return Course(condition, use, (self,), topics, self.instants(topics), self.begins)

    def track(self, key: tuple[Any, ...], topics: frozenset[Topic]) -> Track:
        """Return the track of a leaf that reads facts on these topics."""
        track = self.tracks.get(key)
        if track is None:
            track = self.tracks[key] = Track(lambda: self.instants(topics))
            self._unplaced.append((track, topics))
        return track

    def _tracks_on(self, topics: frozenset[Topic]) -> Iterator[Track]:
        """Yield the tracks of leaves that read facts on one of these topics, each once."""
        # Most questions are never touched: what reads which topic is told apart when that is first asked.
        for track, read in self._unplaced:
            for topic in read:
                self._reading.setdefault(topic, []).append(track)
        self._unplaced.clear()
        yield from {id(track): track for topic in topics for track in self._reading.get(topic, ())}.values()

    # What touches it

    def subjects(self) -> frozenset[SubjectKey]:
        """Return whose facts may concern it: where some leaf spans models, those of every model."""
        if self._subjects is None:
            state = self.applied.state
            if self.applied.spans_models or self.of_incident or self.model == NO_MODEL:
                models: Iterable[str] = state.models
            else:
                models = _forebears(state, self.model)
            others = (("developer", self.developer), WORLD, *self.applied.issuers())
            self._subjects = frozenset((*(("model", name) for name in models), *others))
        return self._subjects

    def forget_subjects(self) -> None:
        """Work out anew whose facts may concern it, now that there is another model."""
        self._subjects = None

    def instants(self, topics: frozenset[Topic]) -> list[datetime]:
        """Return the instants of the facts on these topics that concern it."""
        return sorted(set(self._instants(topics)))

    def _instants(self, topics: frozenset[Topic]) -> Iterator[datetime]:
        state = self.applied.state
        for subject in self.subjects():
            for topic in topics:
                for event in state.facts.get((subject, topic), ()):
                    if self.keeps is None or self.keeps(topic, event):
                        yield event.occurred
            if NEW_CHECKPOINT in topics and subject[0] == "model":
                model = state.models.get(subject[1])
                yield from () if model is None else model.checkpoints.values()
        if WITHDRAWN in topics:
            for withdrawals in state.record.withdrawn.values():
                yield from (event.occurred for event in withdrawals)
        if LISTED_EVIDENCE in topics and state.record.evidence:
            for (_, topic), events in state.facts.items():
                if topic in _EVIDENCE_KINDS:
                    yield from (event.occurred for event in events)

    def touch(self, topics: frozenset[Topic], instant: datetime) -> None:
        """Take in that facts on these topics occurred then: what reads them is looked at again from there on."""
        for track in self._tracks_on(topics):
            track.touch(instant)
        for course in (*(track.course for track in self.windows.values()), *self.done.values()):
            if not topics.isdisjoint(course.topics):
                course.touch(instant)
        for windows in self.windows.values():
            windows.cut()
