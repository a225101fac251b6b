"""A casebook as read: its cases, each with its events, what is asked, and what is expected.

Made by `read_casebook` alone, which refuses a file with any fault. The format is docs/reference/policy-cases.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from interlock.engine import Question
from interlock.notation import Node
from interlock.record import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Names that must be among those found; with `only` they must be all of them."""

    names: tuple[str, ...]
    only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedDuties:
    """How do the duties stand?"""

    as_of: datetime
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedReplay:
    """What was held and due over time; `under` is a version of a policy, as a label or as POLICY@VERSION."""

    as_of: datetime | None = None
    under: str | None = None


Asked = Question | AskedDuties | AskedReplay


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedDecision:
    """What a decision must say; None is not looked at. `restrictions` are states such as `active by default`."""

    outcome: str | None = None
    by_default: bool | None = None
    because: Listed | None = None
    reasons: Listed | None = None
    findings: Listed | None = None
    restrictions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedInstance:
    """What an instance of a duty must be; None is not looked at. `late_by` is a duration, or whole days in words."""

    state: str | None = None
    instance: str | None = None
    due: datetime | None = None
    late_by: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedInstances:
    """One description that fits every instance of a duty; or, `listed`, one each; with `only` there are no others."""

    instances: tuple[ExpectedInstance, ...]
    listed: bool = False
    only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedDuties:
    """What a report on duties must say."""

    duties: Mapping[str, ExpectedInstances] = field(default_factory=dict)
    pledges: Mapping[str, str] = field(default_factory=dict)
    findings: Listed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedDeparture:
    """What a departure must be; None is not looked at."""

    kind: str
    id: str | None = None
    at: datetime | None = None
    by_default: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedReplay:
    """What a replay must show; with `only` there are no other departures."""

    departures: tuple[ExpectedDeparture, ...] | None = None
    only: bool = False
    findings: Listed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedRefusal:
    """That the question can't be asked; `saying` must be among the words of the refusal."""

    saying: str | None = None


Expected = ExpectedDecision | ExpectedDuties | ExpectedReplay | ExpectedRefusal


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyCase:
    """One case: `says` what a reader of the text would agree on. `events` begin with those of the casebook."""

    says: str
    line: int
    source: str | None
    events: tuple[Event, ...]
    ask: Asked
    expect: Expected

    @property
    def asks(self) -> str:
        """The word for what is asked: `decide`, `duties` or `replay`."""
        match self.ask:
            case Question():
                return "decide"
            case AskedDuties():
                return "duties"
            case AskedReplay():
                return "replay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """The name of an item of the policy, or of a version, that a casebook mentions, and where."""

    sort: str
    name: str
    node: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNamed:
    """A policy that a casebook names, as a path relative to it or as a reference, and where."""

    name: str
    node: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Casebook:
    """A file of cases. `policy` is the one under test, None where whoever reads the file says which it is."""

    file: str
    about: str | None
    policy: FileNamed | None
    versions: tuple[FileNamed, ...]
    cases: tuple[PolicyCase, ...]
    mentions: tuple[Mention, ...] = ()
