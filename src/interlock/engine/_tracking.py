"""Tracking: permissions' windows moved through time, instant by instant, up to the time asked about.

Between two instants of events nothing is recorded, yet freshness may end: those timers are visited too, so that a
`when` that lapsed and came back is seen to have turned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from interlock.engine._case import Case
from interlock.engine._reading import (
    GROWTH,
    LISTED_EVIDENCE,
    NEW_CHECKPOINT,
    leaf_topics,
    permissions_read,
    topics_read,
)
from interlock.engine._state import State, advance, instants
from interlock.engine._trace import Node, earliest
from interlock.engine._windows import Window, step
from interlock.policy import Leaf, Permission, Policy
from interlock.record import DocumentActed, EvaluationCompleted, EvaluationWithdrawn, Event, History, Topic

Windows = Mapping[str, Window]
CaseAt = Callable[[State, datetime, Windows], Case | None]


def limited_permissions(policy: Policy) -> tuple[Permission, ...]:
    """Return the permissions with windows, each after those that it depends on."""
    ordered: dict[str, Permission] = {}
    for permission in policy.permissions.values():
        _place(policy, permission, ordered)
    return tuple(p for p in ordered.values() if p.for_at_most is not None or p.renewals is not None)


def _place(policy: Policy, permission: Permission, ordered: dict[str, Permission]) -> None:
    """Put the permission after all that its condition can depend on; cycles were refused with the file."""
    if permission.id in ordered:
        return
    for needed in permissions_read(policy, permission.when):
        _place(policy, policy.permissions[needed], ordered)
    ordered[permission.id] = permission


def track(
    policy: Policy, history: History, up_to: datetime, permissions: Sequence[Permission], case_at: CaseAt
) -> Windows:
    """Return the windows at `up_to`. `case_at` gives the case at an instant, or None while there is none yet."""
    tracker = _Tracker(policy=policy, permissions=permissions, case_at=case_at)
    state = State(history)
    for instant, events in instants(history.events):
        if instant > up_to:
            break
        topics = tracker.topics_of(events, state)
        touched = tracker.readers_of(topics)
        if touched:
            tracker.run_timers(state, before=instant)
        state = advance(state, events)
        tracker.touched |= topics
        tracker.visit(state, instant, touched)
    tracker.run_timers(state, before=None, up_to=up_to)
    return tracker.windows


@dataclass(slots=True, kw_only=True)
class _Tracker:
    """The windows while time moves, with the node of each permission's condition as it was last read."""

    policy: Policy
    permissions: Sequence[Permission]
    case_at: CaseAt
    windows: Windows = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    evidence_is_listed: bool = False
    observed: dict[tuple[Any, ...], Node] = field(default_factory=dict)
    touched: set[Topic] = field(default_factory=set)
    readers: dict[Topic, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Note which permissions read which topics."""
        for permission in self.permissions:
            for topic in topics_read(self.policy, permission.id):
                self.readers.setdefault(topic, []).append(permission.id)

    def topics_of(self, events: Iterable[Event], state: State) -> set[Topic]:
        """Return what the events are facts on; `state` is the one before them."""
        topics: set[Topic] = set()
        for event in events:
            topics.update(event.topics)
            if event.subject.weights is not None and _names_new_checkpoint(event, state):
                topics.add(NEW_CHECKPOINT)
            if isinstance(event.payload, DocumentActed) and event.payload.evidence:
                self.evidence_is_listed = True
            if self.evidence_is_listed and isinstance(event.payload, EvaluationCompleted | EvaluationWithdrawn):
                topics.add(LISTED_EVIDENCE)
        return topics

    def readers_of(self, topics: Iterable[Topic]) -> list[Permission]:
        """Return the permissions whose windows facts on these topics can move.

        What touches none of them is read by none, so that timers due before it may as well run after it.
        """
        readers = {name for topic in topics for name in self.readers.get(topic, ())}
        return [permission for permission in self.permissions if permission.id in readers]

    def run_timers(self, state: State, *, before: datetime | None, up_to: datetime | None = None) -> None:
        """Visit every instant at which a condition can change of its own accord."""
        while (due := earliest(node.changes_at for node in self.nodes.values())) is not None:
            if (before is not None and due >= before) or (up_to is not None and due > up_to):
                return
            self.visit(state, due, [p for p in self.permissions if self.nodes[p.id].changes_at == due])

    def visit(self, state: State, instant: datetime, permissions: Sequence[Permission]) -> None:
        """Read the conditions of these permissions at the instant, and move their windows."""
        case = self.case_at(state, instant, self.windows) if permissions else None
        if case is None:
            return
        case.memo.update({key: node for key, node in self.observed.items() if self._lasts(key, node, case)})
        self.touched = set()
        for permission in permissions:
            when = case.permission(permission.id).when
            self.nodes[permission.id] = when
            before = self.windows.get(permission.id, Window())
            after = step(before, permission, when, instant)
            if after is not before:
                self.windows = {**self.windows, permission.id: after}
                observed = case.memo
                case = case.read(windows=self.windows, earlier=case)
                case.memo.update({key: node for key, node in observed.items() if _is_of_facts(node)})
        self.observed = {key: node for key, node in case.memo.items() if _is_of_facts(node)}

    def _lasts(self, key: tuple[Any, ...], node: Node, case: Case) -> bool:
        """Return whether a leaf observed at an earlier visit is as it was: nothing it reads has happened since."""
        if case.at_compute is not None or (node.changes_at is not None and node.changes_at <= case.at):
            return False
        *_, inherited = key
        if GROWTH in self.touched and any(limit is not None and limit.growth is not None for limit in inherited):
            return False
        return isinstance(node.about, Leaf) and self.touched.isdisjoint(leaf_topics(self.policy, node.about))


def _is_of_facts(node: Node) -> bool:
    """Return whether the node is that of a leaf over facts alone, whatever the states of other items."""
    return isinstance(node.about, Leaf) and not node.parts


def _names_new_checkpoint(event: Event, state: State) -> bool:
    """Return whether the event names a digest for the first time, which moves positions on every path through it."""
    model = state.models.get(event.subject.model or "")
    return model is None or event.subject.weights not in model.order


def moved_windows(case: Case, permissions: Sequence[Permission]) -> Windows:
    """Return the windows after the case's instant, each permission's after those it depends on.

    Where no window turns, the case's own are returned.
    """
    windows = case.windows
    for permission in permissions:
        before = windows.get(permission.id, Window())
        after = step(before, permission, case.permission(permission.id).when, case.at)
        if after is not before:
            windows = {**windows, permission.id: after}
            case = case.read(windows=windows, earlier=case)
    return windows
