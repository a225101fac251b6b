"""What an evaluation log says: the run, what it set out to do, and one row for each sample and epoch it recorded.

Rows hold the raw scores of single tries, never scores that were reduced over epochs. Nothing here reads a file;
`interlock.integrations` builds these values. Undefined things are cases of their own (`Unscored`, `Unchanged`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Finding:
    """Something worth knowing about a log: `id` names the kind, `detail` says it in words."""

    id: str
    detail: str


@dataclass(frozen=True, slots=True)
class Unscored:
    """The scorer recorded that it has no score (NaN or null in the log)."""


@dataclass(frozen=True, slots=True)
class OtherScore:
    """A score that is no single text, number or truth value; `text` shows it, cut short."""

    text: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """An edit left the value of a score as it was."""


ScoreValue = str | bool | int | float | Unscored | OtherScore


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreEdit:
    """One entry of a score's history; an `author` of None is the score as first given."""

    value: ScoreValue | Unchanged
    author: str | None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One scorer's verdict on one try; `reason` is the scorer's word for an abnormal score, such as `refusal`."""

    value: ScoreValue
    reason: str | None = None
    history: tuple[ScoreEdit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One try: a sample in an epoch, with each scorer's raw score.

    `metadata` keeps the sample's single texts and whole numbers, which may name clusters. `limit` is the kind of
    limit that ended the try (`token`, `operator`, …), `retries` how often it was started anew after an error, and
    `substitutes` the models that answered in place of the one under test.
    """

    sample: str
    epoch: int
    scores: Mapping[str, Score]
    metadata: Mapping[str, str | int] = field(default_factory=dict)
    error: str | None = None
    limit: str | None = None
    invalidated: bool = False
    retries: int = 0
    substitutes: tuple[str, ...] = ()
    completed: datetime | None = None


class RunStatus(StrEnum):
    """How a run ended; `started` is one that never did."""

    STARTED = "started"
    SUCCESS = "success"
    ERROR = "error"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a run set out to try: each of its samples, `epochs` times.

    `samples` are their ids, None in older logs, which do not list them; `stated_tries` is the number of tries in the
    log's results, None where there are none. `suite_size` is the number of samples in the dataset before a limit or a
    choice of samples cut it down.
    """

    samples: tuple[str, ...] | None
    epochs: int
    stated_tries: int | None
    suite_size: int | None

    @property
    def sample_count(self) -> int | None:
        """Return how many samples the run set out to try; None where the log does not say."""
        if self.samples is not None:
            return len(self.samples)
        return None if self.stated_tries is None else self.stated_tries // self.epochs

    @property
    def try_count(self) -> int | None:
        """Return how many tries the run set out to make; None where the log does not say."""
        return None if self.sample_count is None else self.sample_count * self.epochs


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationLog:
    """One evaluation log file, as read; `digest` is that of the file's bytes.

    `solver` is set where the run replaced the task's own solver. `completed` is when the run says that it ended.
    `scorers` are those that gave a score, `declared_scorers` those that the run was to have. `findings` are what the
    reader saw; which of them bar the log from use as evidence is for `summarise` to say.
    """

    digest: str
    task: str
    task_version: str
    task_args: Mapping[str, object]
    passed_args: Mapping[str, object]
    solver: str | None
    solver_args: Mapping[str, object]
    model: str
    run: str
    status: RunStatus
    invalidated: bool
    created: datetime | None
    completed: datetime | None
    scope: Scope
    scorers: tuple[str, ...]
    declared_scorers: tuple[str, ...]
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...] = ()
