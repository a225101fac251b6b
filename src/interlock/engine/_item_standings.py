"""Standings of restrictions and permissions: their states with all that these follow from (LANGUAGE 4.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from interlock.engine._reading import DUTY_PREFIX
from interlock.engine._trace import Node
from interlock.engine._windows import Window
from interlock.policy import Duty, Permission, Policy, Restriction
from interlock.terms import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionStanding:
    """Whether a permission is in force, by its condition and the window it runs in, if it has windows."""

    permission: Permission
    when: Node
    in_force: bool
    window: Window | None
    ends: datetime | None
    changes_at: datetime | None
    """The first instant at which it could change with no further event."""
    changes_at_compute: Fraction | None
    """The first effective compute, in FLOP, at which it could."""

    @property
    def who(self) -> tuple[str, ...]:
        """Those whose word or work its condition asks for."""
        return tuple(dict.fromkeys(role for node in self.when.walk() for role in node.who))


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionStanding:
    """A restriction's state with all that it follows from. `policy` is the policy it belongs to."""

    policy: Policy
    restriction: Restriction
    when: Node
    until: Node | None
    lifts: tuple[PermissionStanding, ...]
    counts: bool
    state: str
    changes_at: datetime | None
    """The first instant at which it could change with no further event."""
    changes_at_compute: Fraction | None
    """The first effective compute, in FLOP, at which it could."""

    @property
    def id(self) -> str:
        """The restriction's name."""
        return self.restriction.id

    @property
    def duty(self) -> Duty | None:
        """The duty that forbids while it is overdue, where the restriction is that of a duty."""
        name = self.id.removeprefix(DUTY_PREFIX)
        return self.policy.duties[name] if name != self.id else None

    @property
    def is_open(self) -> bool:
        """Whether `when` is unknown, so that the burden of proof settles how it counts."""
        return self.when.value is Truth.UNKNOWN

    @property
    def lifted_by(self) -> str | None:
        """The first permission in force that lifts it."""
        return next((standing.permission.id for standing in self.lifts if standing.in_force), None)

    def roots(self) -> tuple[Node, ...]:
        """Return the roots of its traces: of `when`, of `until`, and of the permissions that lift it."""
        until = () if self.until is None else (self.until,)
        return (self.when, *until, *(standing.when for standing in self.lifts))

    def nodes(self) -> Iterator[Node]:
        """Yield every node of its traces."""
        for root in self.roots():
            yield from root.walk()
