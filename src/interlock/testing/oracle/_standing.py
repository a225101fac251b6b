"""What a duty comes to at a time, and what conditions that ask about duties are told (4.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from interlock.policy import Policy


@dataclass(frozen=True, kw_only=True)
class Whose:
    """Whose duty it is: a model's, a developer's, or that of the lineage below a root model."""

    kind: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One instance of a duty, or the running period of one that recurs, at a time.

    `span` is the instant at which its version came into force. `triggered` is the instant at which it opened; what
    completes it counts from `opening`. `event` is the index of the event that triggered it, for a duty per event.
    `first_due` is what `due` was before agreements and extensions.
    """

    policy: str
    version: str
    span: datetime
    duty: str
    instance: str
    whose: Whose
    state: str
    triggered: datetime | None = None
    opening: datetime | None = None
    event: int | None = None
    first_due: datetime | None = None
    due: datetime | None = None
    done: datetime | None = None
    late_by: timedelta | None = None
    period_ends: datetime | None = None


class Book(Protocol):
    """Answers what conditions ask about duties."""

    def standings(
        self, policy: Policy, duty: str, model: str | None, developer: str, now: datetime
    ) -> Sequence[Standing]:
        """Return every instance, of any version, of the duty that concerns the model (None: only the developer)."""

    def moments(self, policy: Policy, until: datetime, *, states: bool) -> Sequence[datetime]:
        """Return every instant up to then at which an answer about a duty could change; `states`: of its states too."""
