"""What a replay shows: the values that `replay` returns (LANGUAGE 4.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from interlock.engine._duty_results import DutyChange, DutyReport
from interlock.engine._findings import Finding
from interlock.policy import Clause, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One item that changed: of a restriction its state, of a duty its instance's state, of a policy its version.

    `item` is `restriction`, `hold-of-duty` (what an overdue duty forbids), `duty` or `version`; `about` is the model or
    the instance; `was` and `now` the states before and after, None where there was none.
    """

    item: str
    policy: str
    id: str
    about: str | None
    was: str | None
    now: str | None
    by_default: bool = False
    """For a restriction that became active: whether its `when` is unknown."""
    ships: bool = False
    """For a restriction: whether it is read for actions that ship the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """An instant at which something changed, in words what caused it, with the indices of the events if it was any."""

    at: datetime
    cause: str
    events: tuple[int, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A departure under this encoding.

    `kind` is `held-action`, `past-cease-within`, `duty-late`, `duty-overdue` or `amendment`; `id` the restriction, the
    duty or the policy. `reading` names the readings under which it is one (`frontier: by-compute`), None where no
    reading matters. `clause` says where the policy's text has it.
    """

    kind: str
    policy: str
    version: str
    id: str
    at: datetime
    about: str | None
    action: str | None
    late_by: timedelta | None
    by_default: bool
    reading: str | None
    detail: str
    clause: Clause
    evidence: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayCut:
    """A reading of a disputed text: the departures that there would be under it alone, and how many would be none.

    `duties` are those whose instances would stand otherwise at the end.
    """

    policy: str
    term: str
    reading: str
    only_here: tuple[Breach, ...]
    not_here: int
    duties: tuple[DutyChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A stretch of time for which an action was held for a model; `end` is None where it still is at the end."""

    model: str
    action: str
    start: datetime
    end: datetime | None
    by_default: bool
    restrictions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loosening:
    """An amendment under which an action held on the evidence known at its adoption became permitted."""

    at: datetime
    policy: str
    was: str
    now: str
    model: str
    action: str
    restrictions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What was so over time under the versions in force (`adherence`) or under another (`counterfactual`)."""

    kind: str
    only: tuple[str, ...] | None = None
    """The names of the items that were looked at, where the replay is restricted to some."""
    policies: tuple[Policy, ...]
    under: Policy | None
    as_of: datetime
    events: tuple[str, ...]
    """The digests of the events, by index."""
    history: tuple[Moment, ...]
    holds: tuple[Hold, ...]
    breaches: tuple[Breach, ...]
    readings: tuple[ReplayCut, ...]
    loosenings: tuple[Loosening, ...]
    duties: DutyReport
    findings: tuple[Finding, ...]
    evaluations: int
    """How many times a restriction was evaluated."""
