"""Questions: what may be asked of a policy and a history (LANGUAGE 4.4 and 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from interlock.terms import Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """May this action be done with this model?

    `weights` is the digest asked about (default: the model's newest), `as_of` the time the answer is for, `known_at`
    the time whose knowledge it uses (default: as_of), `at_compute` an effective compute to answer for in place of
    the latest measured.
    """

    model: str
    action: str
    as_of: datetime
    known_at: datetime | None = None
    weights: str | None = None
    at_compute: Quantity | None = None

    @property
    def knowledge(self) -> datetime:
        """The time whose knowledge the answer uses."""
        return self.as_of if self.known_at is None else self.known_at
