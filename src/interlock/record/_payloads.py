"""What each kind of event says: one frozen type per row of the table in LANGUAGE 3.1.

Values are read and checked when the event is read; nothing here looks at a policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from interlock.terms import Quantity

if TYPE_CHECKING:
    from interlock.record._events import Event

Reference = int | str
"""An event by its index in the events as given, or by its digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyNamed:
    """`policy.published` and `policy.adopted`."""

    policy: str
    version: str
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAssigned:
    """Who holds a role from now on."""

    role: str
    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRegistered:
    """A model comes to be known, perhaps as the descendant of another."""

    parent: str | None = None
    developer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityMeasured:
    """A quantity's value, perhaps with the interval that it is known to lie in."""

    quantity: str
    value: Quantity
    lower: Quantity | None = None
    upper: Quantity | None = None
    estimator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AheadBound:
    """The bound that a plan puts in place of its own for a margin of effective compute: `10%` at `6x`."""

    margin: Fraction
    bound: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationPlan:
    """`evaluation.planned` and `evaluation.started`: a run announced before its result.

    `ahead` says how the bound scales by margins of effective compute, each margin once and above 1.
    """

    id: str
    measure: str
    suite: str
    suite_digest: str | None = None
    trials: int | None = None
    stopping: str | None = None
    due: datetime | None = None
    ahead: tuple[AheadBound, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Successes among independent trials; for a rate, events counted in `trials` units of exposure."""

    successes: int
    trials: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Successes among the trials of one cluster."""

    id: str
    successes: int
    trials: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """Trials that hang together in clusters: their bounds are a statistic computed at intake, not here."""

    clusters: tuple[Cluster, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A recorded estimate with one-sided bounds at `confidence`; any of them may be missing."""

    estimate: Quantity
    lower: Quantity | None = None
    upper: Quantity | None = None
    confidence: Fraction | None = None
    method: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationCompleted:
    """What a run of a suite showed about a measure."""

    measure: str
    suite: str
    plan: str | None = None
    elicitation: tuple[str, ...] = ()
    log: str | None = None
    result: Counts | Clusters | Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationWithdrawn:
    """An evaluation leaves the set of evidence."""

    evaluation: Reference
    reason: str
    replaced_by: Reference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeterminationMade:
    """A role's answer to a question of judgement."""

    judged: str
    value: bool
    dissent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimAssessed:
    """How a claim stands: supported, unsupported or defeated."""

    claim: str
    state: str
    case: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlAttested:
    """A role's word that a control is in place, or that it is not."""

    control: str
    value: bool
    effort: Quantity | None = None
    outcome: str | None = None
    expires: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentActed:
    """`document.submitted`, `.approved`, `.rejected` and `.published`.

    A submission may list in `evidence` the evaluations that it rests on, and say in `schedule` until when a duty may be
    done: an instant (a `datetime`), or a day (a `date` that is none), which ends where the policy's time zone says.
    """

    document: str
    digest: str
    sections: tuple[str, ...] = ()
    redacted: tuple[str, ...] | bool | None = None
    coverage: str | None = None
    evidence: tuple[Reference, ...] = ()
    schedule: Mapping[str, date | datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewActed:
    """`review.requested` and `review.received`; a review endorses the document (`yes`), or not, or was not asked."""

    document: str
    digest: str
    endorses: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyNotified:
    """A party was notified of a document."""

    party: str
    document: str
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyPerformed:
    """A duty was done; `instance` says which of its instances, where it is not the oldest."""

    duty: str
    instance: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcuseClaimed:
    """An excuse from a duty, or from one instance of it, with its own end where it has one."""

    duty: str
    reason: str
    until: datetime | None = None
    instance: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReported:
    """`incident.suspected`, `.discovered` and `.determined`: what became known of the incident `id`."""

    id: str
    kind: str
    severity: str | int | float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRuled:
    """Which of its readings a term has from now on."""

    term: str
    reading: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalGraded:
    """How a goal was met, in the words of who graded it."""

    goal: str
    grade: str | int | float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalRevised:
    """The new day of a goal: a day (a `date` that is no `datetime`), or an instant."""

    goal: str
    by: date | datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCorrected:
    """An event is superseded by another; `by` names the replacing event or is it."""

    event: Reference
    reason: str
    by: Reference | Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPayload:
    """Every other kind: its checked fields by name, as texts, numbers, booleans or lists of texts."""

    fields: Mapping[str, object] = field(default_factory=dict)


Payload = (
    PolicyNamed
    | RoleAssigned
    | ModelRegistered
    | QuantityMeasured
    | EvaluationPlan
    | EvaluationCompleted
    | EvaluationWithdrawn
    | DeterminationMade
    | ClaimAssessed
    | ControlAttested
    | DocumentActed
    | ReviewActed
    | PartyNotified
    | DutyPerformed
    | ExcuseClaimed
    | IncidentReported
    | TermRuled
    | GoalGraded
    | GoalRevised
    | EventCorrected
    | OtherPayload
)
