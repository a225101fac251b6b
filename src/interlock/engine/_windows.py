"""Windows of permissions: the memory that a permission with a limit in time or number has (LANGUAGE 4.4, 9).

A window opens the first time that `when` is true. A later one, a renewal, opens when `when` turns from not true to
true, resting on at least one event and on none that is as old as the last window's start, while renewals are left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from interlock.engine._trace import Node
from interlock.policy import AllOf, AnyOf, AtLeast, Not, Permission
from interlock.terms import Calendar, Truth


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
    is_new = supports(when, window.start, Truth.TRUE) and any(node.evidence for node in when.walk())
    if is_new and window.renewals_left(permission) != 0:
        return Window(start=at, opened=window.opened + 1, was_true=True)
    return Window(start=window.start, opened=window.opened, was_true=True)


def supports(node: Node, since: datetime, value: Truth) -> bool:
    """Return whether the node has `value` by events all of which occurred after `since`."""
    if node.value is not value:
        return False
    match node.about:
        case Not():
            return supports(node.parts[0], since, ~value)
        case AllOf() | AnyOf() | AtLeast():
            return _enough(node, since, value)
        case _ if node.evidence or not node.parts:
            return all(event.occurred > since for event in node.evidence)
        case _:
            return all(supports(part, since, part.value) for part in node.parts)


def _enough(node: Node, since: datetime, value: Truth) -> bool:
    supporting = sum(supports(part, since, value) for part in node.parts)
    match node.about:
        case AllOf():
            return supporting == len(node.parts) if value is Truth.TRUE else supporting > 0
        case AnyOf():
            return supporting > 0 if value is Truth.TRUE else supporting == len(node.parts)
        case AtLeast(number=number):
            needed = number if value is Truth.TRUE else len(node.parts) - number + 1
            return supporting >= needed
        case _:
            return False
