"""A policy as resolved values: every name defined, every unit fitting, nothing left to look up in the file.

These are the items of LANGUAGE 1. They are made by `decode` alone, which refuses a file with any fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction

from interlock.notation import NOWHERE, Span
from interlock.policy._conditions import Comparison, Condition, Freshness, Readings, Roles, Undefined
from interlock.terms import Calendar, Period


class Burden(Enum):
    """Who must show what the evidence leaves open (LANGUAGE 4.3)."""

    DEVELOPER = "developer"
    CHALLENGER = "challenger"


class Presumption(Enum):
    """How a restriction's `when` counts where it is unknown."""

    ACTIVE = "active"
    INACTIVE = "inactive"


class Carries(Enum):
    """How far a ruling-out reaches beyond what 3.3 gives every measure."""

    SAME_MODEL = "same-model"
    TO_DESCENDANTS = "to-descendants"
    WHILE_FRESH = "while-fresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """What every item may carry: how firmly it is meant, where the text says so, and how far that was verified."""

    modality: str = "must"
    binding: str = "unilateral"
    section: str | None = None
    page: str | None = None
    clauses: tuple[str, ...] = ()
    source_note: str | None = None
    note: str | None = None
    mark: str | None = None
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    @property
    def binds(self) -> bool:
        """Whether the item can hold an action or make a departure (LANGUAGE 4.6)."""
        return self.modality == "must" and self.binding == "unilateral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Who acts; independence is judged by `side` and `interests`."""

    id: str
    title: str
    side: str
    interests: tuple[str, ...] = ()
    clause: Clause = field(default_factory=Clause)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPasses:
    """A unit counts as passed if `at_least` of its `of` tries do."""

    at_least: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What evaluation evidence estimates, and which evidence may speak to it."""

    id: str
    statistic: str
    unit: str | None = None
    cluster: str | None = None
    at: Fraction | None = None
    unit_passes: UnitPasses | None = None
    suite: str
    elicitation: tuple[str, ...] = ()
    fresh: Freshness | None = None
    registration_required: bool = False
    carries: Carries = Carries.SAME_MODEL
    sequential: bool = False
    clause: Clause = field(default_factory=Clause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A level of capability: reached when its condition is true, ruled out when it is false."""

    id: str
    hazards: tuple[str, ...] = ()
    reached_when: Condition
    clause: Clause = field(default_factory=Clause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One safeguard of a standard and the attestation it asks for."""

    id: str
    attested_by: Roles
    fresh: Freshness | None = None
    effort: Comparison | None = None
    outcome: str | None = None
    clause: Clause = field(default_factory=Clause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """A set of controls, or the statement that the policy still owes it."""

    id: str
    kind: str | None = None
    controls: Mapping[str, Control] = field(default_factory=dict)
    undefined: Undefined | None = None
    clause: Clause = field(default_factory=Clause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """What is forbidden, from when, until what."""

    id: str
    forbids: tuple[str, ...]
    when: Condition
    until: Condition | None = None
    presume: Presumption | None = None
    cease_within: Period | None = None
    clause: Clause = field(default_factory=Clause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """What lifts restrictions or replaces standards; `renewals` is the most renewals, None for no limit."""

    id: str
    lifts: tuple[str, ...] = ()
    replaces: Mapping[str, str] = field(default_factory=dict)
    when: Condition
    for_at_most: Period | None = None
    renewals: int | None = None
    clause: Clause = field(default_factory=Clause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """How often a recurring duty comes round."""

    growth: Fraction | None = None
    time: Period | None = None
    whichever: str = "first"
    anchor: str = "completion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """By how much a duty's due time moves, and when."""

    by: Period
    when: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What must be done, for each what, how often or upon what, by when, and what an overdue one forbids."""

    id: str
    must: str
    instances: str | None = None
    every: Every | None = None
    when: Condition | None = None
    within: Period | None = None
    clock: str = "event"
    done_when: Condition | None = None
    excused_when: Condition | None = None
    extended: Extension | None = None
    agreed_document: str | None = None
    agreed_with: str | None = None
    notified_document: str | None = None
    notified_to: str | None = None
    otherwise_forbids: tuple[str, ...] = ()
    clause: Clause = field(default_factory=Clause)

    @property
    def schedule_document(self) -> str | None:
        """The document of which a submission may state another due time, as agreed or as notified."""
        return self.agreed_document or self.notified_document


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """A standing promise, for whom it is kept (`developer`, `issuer`, `each model`), and how often it is measured."""

    id: str
    maintain: Condition
    instances: str = "developer"
    measured_every: Period | None = None
    clause: Clause = field(default_factory=Clause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputant:
    """Who holds that a text is to be read in some way: by which of its readings, if any, where, and what they say."""

    by: str
    reading: str | None = None
    where: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word on which the text's meaning hangs: what it means, or the readings that it admits, and who disputes it."""

    id: str
    means: Condition | None = None
    readings: Readings | None = None
    disputed: tuple[Disputant, ...] = ()
    clause: Clause = field(default_factory=Clause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document that duties and approvals speak of."""

    id: str
    sections: tuple[str, ...] = ()
    submitted_by: str | None = None
    clause: Clause = field(default_factory=Clause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim that is argued to roles."""

    id: str
    title: str
    argued_to: tuple[str, ...] = ()
    clause: Clause = field(default_factory=Clause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """An aim, the day it is for (None where the text names none), who grades it and who reviews the grade."""

    id: str
    by: date | None = None
    graded_by: str | None = None
    reviewed_by: str | None = None
    clause: Clause = field(default_factory=Clause)


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentRule:
    """How the policy may be changed."""

    approved_by: Roles | None = None
    consulted: tuple[str, ...] = ()
    published: bool = False
    notice: Period | None = None
    clause: Clause = field(default_factory=Clause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unencoded:
    """A section of the text that the encoding leaves out, and why; `clauses` are their ids in an inventory."""

    section: str
    why: str
    clauses: tuple[str, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of a policy. `digest` is that of the file's bytes; mappings keep the order of the file."""

    id: str
    version: str
    issuer: str
    title: str
    effective: date
    digest: str
    file: str
    burden: Burden = Burden.DEVELOPER
    calendar: Calendar = field(default_factory=Calendar)
    source: Mapping[str, str] = field(default_factory=dict)
    encoding: Mapping[str, object] = field(default_factory=dict)
    unencoded: tuple[Unencoded, ...] = ()
    applies_to: Condition | None = None
    roles: Mapping[str, Role] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)
    thresholds: Mapping[str, Threshold] = field(default_factory=dict)
    standards: Mapping[str, Standard] = field(default_factory=dict)
    restrictions: Mapping[str, Restriction] = field(default_factory=dict)
    permissions: Mapping[str, Permission] = field(default_factory=dict)
    duties: Mapping[str, Duty] = field(default_factory=dict)
    pledges: Mapping[str, Pledge] = field(default_factory=dict)
    terms: Mapping[str, Term] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)
    goals: Mapping[str, Goal] = field(default_factory=dict)
    amendments: AmendmentRule | None = None

    def __hash__(self) -> int:
        """Return a hash by name, version and file: policies are compared by all they hold, but looked up often."""
        return hash((self.id, self.version, self.digest))

    def presumption(self, restriction: Restriction) -> Presumption:
        """Return how the restriction's `when` counts where it is unknown (LANGUAGE 4.3)."""
        if restriction.presume is not None:
            return restriction.presume
        return Presumption.ACTIVE if self.burden is Burden.DEVELOPER else Presumption.INACTIVE

    def controls_named(self, control: str) -> tuple[Control, ...]:
        """Return every control of that name, in the order of the standards."""
        return tuple(s.controls[control] for s in self.standards.values() if control in s.controls)
