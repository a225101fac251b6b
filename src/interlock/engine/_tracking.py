"""Tracking: permissions' windows moved through time, instant by instant, up to the time asked about.

Between two instants of events nothing is recorded, yet freshness may end: those timers are visited too, so that a
`when` that lapsed and came back is seen to have turned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from interlock.engine._case import Case
from interlock.engine._reading import LISTED_EVIDENCE, NEW_CHECKPOINT, permissions_read, topics_read
from interlock.engine._state import State, advance, instants
from interlock.engine._trace import Node, earliest
from interlock.engine._windows import Window, step
from interlock.policy import Permission, Policy
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
        touched = tracker.touched_by(events, state)
        if touched:
            tracker.run_timers(state, before=instant)
        state = advance(state, events)
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
    readers: dict[Topic, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Note which permissions read which topics."""
        for permission in self.permissions:
            for topic in topics_read(self.policy, permission.id):
                self.readers.setdefault(topic, []).append(permission.id)

    def touched_by(self, events: Iterable[Event], state: State) -> list[Permission]:
        """Return the permissions whose windows these events can move: by a fact read, or by a new checkpoint.

        `state` is the one before the events.
        What touches none of them is read by none, so that timers due before it may as well run after it.
        """
        touched: set[str] = set()
        for event in events:
            for topic in event.topics:
                touched.update(self.readers.get(topic, ()))
            if event.subject.weights is not None and _names_new_checkpoint(event, state):
                touched.update(self.readers.get(NEW_CHECKPOINT, ()))
            if isinstance(event.payload, DocumentActed) and event.payload.evidence:
                self.evidence_is_listed = True
            if self.evidence_is_listed and isinstance(event.payload, EvaluationCompleted | EvaluationWithdrawn):
                touched.update(self.readers.get(LISTED_EVIDENCE, ()))
        return [permission for permission in self.permissions if permission.id in touched]

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
        for permission in permissions:
            when = case.permission(permission.id).when
            self.nodes[permission.id] = when
            before = self.windows.get(permission.id, Window())
            after = step(before, permission, when, instant)
            if after is not before:
                self.windows = {**self.windows, permission.id: after}
                case = case.read(windows=self.windows, earlier=case)


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
