"""Windows of permissions: the memory that a permission with a limit in time or number has (LANGUAGE 4.4, 9).

A window opens the first time that `when` is true. A later one, a renewal, opens when `when` turns from not true to
true, resting on at least one event and on none that is as old as the last window's start, while renewals are left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from interlock.engine._trace import Node
from interlock.policy import (
    Active,
    AllOf,
    AnyOf,
    AtLeast,
    Done,
    Happened,
    InForce,
    Leaf,
    Not,
    Notified,
    Overdue,
    Permission,
    Published,
    Ratio,
    Scope,
)
from interlock.terms import Calendar, Truth

if TYPE_CHECKING:
    from interlock.engine._case import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The last window of a permission: its start, how many have opened, and whether `when` was true just now."""

    start: datetime | None = None
    opened: int = 0
    was_true: bool = False

    def end(self, permission: Permission, calendar: Calendar) -> datetime | None:
        """Return the first instant at which the window is over, or None where it has no end."""
        if self.start is None or permission.for_at_most is None:
            return None
        return calendar.anniversary(self.start, permission.for_at_most)

    def renewals_left(self, permission: Permission) -> int | None:
        """Return how many renewals are left, or None where the policy states no limit."""
        return None if permission.renewals is None else max(permission.renewals - max(self.opened - 1, 0), 0)


def step(window: Window, permission: Permission, when: Node, at: datetime) -> Window:
    """Return the window after `when` came to `when.value` at the instant `at`; the same one where nothing turned."""
    is_true = when.value is Truth.TRUE
    if is_true is window.was_true:
        return window
    if not is_true:
        return Window(start=window.start, opened=window.opened, was_true=False)
    if window.start is None:
        return Window(start=at, opened=1, was_true=True)
    resting_on = new_support(when, window.start, Truth.TRUE)
    if resting_on and window.renewals_left(permission) != 0:
        return Window(start=at, opened=window.opened + 1, was_true=True)
    return Window(start=window.start, opened=window.opened, was_true=True)


def moved_windows(case: Case, permissions: Sequence[Permission]) -> dict[str, Window]:
    """Return the windows as the case's own compute would move them at its instant, each after those it depends on."""
    windows = dict(case.windows)
    just_before = case.at - timedelta(microseconds=1)
    for permission in permissions:
        before = windows.get(permission.id) or case.timeline.window(permission, just_before)
        when = case.read(windows=windows).permission(permission.id).when
        windows[permission.id] = step(before, permission, when, case.at)
    return windows


def new_support(node: Node, since: datetime, value: Truth, *, any_event: bool = False) -> frozenset[int] | None:
    """Return the indices of events that give the node `value`, or None unless all of some such set are after `since`.

    What holds for want of events rests on none: the empty set; nor does what is read off a duty's instances. With
    `any_event` a leaf that asks whether something happened rests on any one of the events that match.
    """
    if node.value is not value:
        return None
    match node.about:
        case Not():
            return new_support(node.parts[0], since, ~value, any_event=any_event)
        case AllOf() | AnyOf() | AtLeast():
            return _enough(node, since, value, any_event=any_event)
        case Active() | InForce():
            return new_support(node.parts[0], since, node.parts[0].value, any_event=any_event)
        case Done() | Overdue():
            return frozenset()
        case Happened() | Published() | Notified() if any_event and node.evidence:
            newer = frozenset(event.index for event in node.evidence if event.occurred > since)
            return newer or None
        case _ if node.evidence or not node.parts:
            is_new = all(event.occurred > since for event in node.evidence)
            return frozenset(event.index for event in node.evidence) if is_new else None
        case Leaf() if _is_over_models(node):
            # One leaf: it rests on what is said of each model that gives it the value.
            alike = [part for part in node.parts if part.value is value]
            found = [new_support(part, since, value, any_event=any_event) for part in alike]
            return _union(found) if None not in found else None
        case _:
            found = [new_support(part, since, part.value, any_event=any_event) for part in node.parts]
            return _union(found) if None not in found else None


def _is_over_models(node: Node) -> bool:
    """Return whether the node puts together what the same leaf comes to for several models."""
    if isinstance(node.about, Ratio):
        return True
    spans = isinstance(node.about, Leaf) and node.about.of in {Scope.LINEAGE, Scope.ANY_MODEL}
    # The controls of a standard stand below the same leaf, where it is asked of one of these models.
    return spans and all(part.about is node.about for part in node.parts)


def _enough(node: Node, since: datetime, value: Truth, *, any_event: bool) -> frozenset[int] | None:
    supports = (new_support(part, since, value, any_event=any_event) for part in node.parts)
    found = [support for support in supports if support is not None]
    match node.about:
        case AllOf():
            needed = len(node.parts) if value is Truth.TRUE else 1
        case AnyOf():
            needed = 1 if value is Truth.TRUE else len(node.parts)
        case AtLeast(number=number):
            needed = number if value is Truth.TRUE else len(node.parts) - number + 1
        case _:
            return None
    return _union(found) if len(found) >= needed else None


def _union(found: Iterable[frozenset[int] | None]) -> frozenset[int]:
    return frozenset().union(*(support for support in found if support is not None))
