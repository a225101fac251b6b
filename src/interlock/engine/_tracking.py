"""Tracking: permissions' windows moved through time, instant by instant, up to the time asked about.

Between two instants of events nothing is recorded, yet freshness may end: those timers are visited too, so that a
`when` that lapsed and came back is seen to have turned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from interlock.engine._case import Case
from interlock.engine._reading import permissions_read, topics_read
from interlock.engine._state import State, Topic, advance, instants, topics_of
from interlock.engine._trace import earliest
from interlock.engine._windows import Window, step
from interlock.policy import Permission, Policy
from interlock.record import Event, History

Windows = dict[str, Window]
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
    topics = frozenset[Topic]().union(*(topics_read(policy, permission.when) for permission in permissions))
    windows: Windows = {}
    state = State(withdrawals=history.withdrawn)
    last: Case | None = None
    for instant, events in instants(history.events):
        if instant > up_to:
            break
        windows, last = _run_timers(state, last, windows, permissions, case_at, before=instant)
        state = advance(state, events)
        if last is None or any(_matters(event, last, topics) for event in events):
            windows, last = visit(case_at(state, instant, windows), windows, permissions)
    windows, last = _run_timers(state, last, windows, permissions, case_at, before=None, up_to=up_to)
    return windows


def _matters(event: Event, last: Case, topics: frozenset[Topic]) -> bool:
    """Return whether the event can move a window: a fact that is read, or a new checkpoint of the model."""
    if any(topic in topics for topic in topics_of(event)):
        return True
    return event.subject.model == last.model.id and event.subject.weights is not None


def _run_timers(
    state: State,
    last: Case | None,
    windows: Windows,
    permissions: Sequence[Permission],
    case_at: CaseAt,
    *,
    before: datetime | None,
    up_to: datetime | None = None,
) -> tuple[Windows, Case | None]:
    while last is not None:
        due = earliest(last.permission(permission.id).when.changes_at for permission in permissions)
        if due is None or (before is not None and due >= before) or (up_to is not None and due > up_to):
            break
        windows, last = visit(case_at(state, due, windows), windows, permissions)
    return windows, last


def visit(case: Case | None, windows: Windows, permissions: Sequence[Permission]) -> tuple[Windows, Case | None]:
    """Return the windows after the case's instant, and the case read with them."""
    if case is None:
        return windows, None
    moved = dict(windows)
    for permission in permissions:
        case = case.read(windows=moved, earlier=case)
        moved[permission.id] = step(
            moved.get(permission.id, Window()), permission, case.permission(permission.id).when, case.at
        )
    return moved, case.read(windows=moved, earlier=case)
