"""What duties and pledges come to at a time: the values that `duties` returns (LANGUAGE 4.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from fractions import Fraction

from interlock.engine._findings import Finding
from interlock.engine._trace import Node
from interlock.policy import Duty, Goal, Pledge, Policy
from interlock.record import Subject


class DutyState(Enum):
    """The states of a duty's instance, the only words anywhere (LANGUAGE 4.5)."""

    NOT_TRIGGERED = "not-triggered"
    OPEN = "open"
    DONE = "done"
    DONE_LATE = "done-late"
    OVERDUE = "overdue"
    EXCUSED = "excused"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthReading:
    """A growth clock as read: how many times the effective compute of `since` there is now.

    `ratio` is value over value, `lower` and `upper` its bounds; the clock has run out when `upper` is at least
    `limit`. None where it is unknown. `evidence` are the indices of the measurements.
    """

    since: datetime
    limit: Fraction
    ratio: Fraction | None
    lower: Fraction | None
    upper: Fraction | None
    evidence: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyStanding:
    """One instance of a duty at the time asked about.

    `instance` is the model, developer, deployment's event digest, incident id or document digest; `subject` whose it
    is. `triggered` is the instant at which it opened, `due` the instant at which the time for it is over, `done` when
    it was completed. `late_by` counts from `due` to `done`, or up to now where it is overdue, and `days_late` the whole
    days after the last day on which it would have been in time. For the running period of
    a recurring duty (`not-triggered`) `period_ends` is when it opens by time, and `growth` how far its growth clock is.
    `reason` says why the state is not simply what the clock says. `evidence` are the indices of the events it rests on.
    """

    policy: Policy
    duty: Duty
    instance: str
    subject: Subject
    state: DutyState
    triggered: datetime | None = None
    due: datetime | None = None
    done: datetime | None = None
    late_by: timedelta | None = None
    days_late: int | None = None
    period_ends: datetime | None = None
    growth: GrowthReading | None = None
    reason: str | None = None
    evidence: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeStanding:
    """A standing promise: `kept`, `lapsed` or `unmeasured`, with the trace of what it maintains.

    Under a law `applies` says whether it binds whom the promise is for: true, or unknown. `measure_by` is the instant
    at which what it rests on becomes too old to count.
    """

    policy: Policy
    pledge: Pledge
    instance: str
    state: str
    maintain: Node
    applies: Node | None = None
    measure_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalStep:
    """One step of a goal's history: it was `set` or `amended` by a version, `revised` or `graded` by an event."""

    at: datetime
    what: str
    text: str
    role: str | None = None
    actor: str | None = None
    reason: str | None = None
    evidence: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalStanding:
    """A goal as of a time: the day it is due, as the policy says or as last revised, and its latest grade.

    `due` is None where neither the policy nor an event names a day: such a goal is never past it.
    """

    policy: Policy
    goal: Goal
    state: str
    due: date | None
    is_past: bool
    grade: str | None
    history: tuple[GoalStep, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyChange:
    """A duty's instances for one model, or whatever they are for, as they are and as they would be."""

    duty: str
    instance: str
    states: tuple[str, ...]
    would_be: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyCut:
    """What would be otherwise, had the reading been ruled from the beginning."""

    reading: str
    changes: tuple[DutyChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyDispute:
    """A disputed text on which duties may depend, the events that rule on it (indices), and what each reading cuts."""

    policy: str
    term: str
    rulings: tuple[int, ...]
    cuts: tuple[DutyCut, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyReport:
    """Every instance of every duty, every pledge and every goal, as of a time by what was known."""

    as_of: datetime
    known_at: datetime
    events: tuple[str, ...]
    """The digests of the events known, by index."""
    versions: tuple[Policy, ...]
    """The version of each policy that is in force."""
    duties: tuple[DutyStanding, ...]
    pledges: tuple[PledgeStanding, ...]
    goals: tuple[GoalStanding, ...]
    findings: tuple[Finding, ...]
    disputes: tuple[DutyDispute, ...] = ()
