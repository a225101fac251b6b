"""Logs for tests: whole runs that a test changes in the one respect it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from interlock.evidence import (
    CountingRule,
    EvaluationLog,
    EvaluationProtocol,
    Row,
    RunStatus,
    Scope,
    Score,
    ScoreValue,
)

CREATED = datetime(2025, 3, 1, 12, tzinfo=UTC)
COMPLETED = datetime(2025, 3, 1, 13, tzinfo=UTC)
RULE = CountingRule(measure="autonomy.task-success")
PROTOCOL = EvaluationProtocol(task="acme/autonomy", suite="acme/autonomy", elicitation=("tools",))


def row(sample: str, value: ScoreValue, epoch: int = 1, *, scorer: str = "match", reason: str | None = None) -> Row:
    """Return a try with one score."""
    return Row(sample=sample, epoch=epoch, scores={scorer: Score(value=value, reason=reason)})


def log_of(scores: Mapping[str, Sequence[ScoreValue]], **changes: object) -> EvaluationLog:
    """Return a finished log in which each sample has the scores of its epochs, in order."""
    epochs = max((len(values) for values in scores.values()), default=1)
    rows = tuple(
        row(sample, value, epoch) for sample, values in scores.items() for epoch, value in enumerate(values, start=1)
    )
    log = EvaluationLog(
        digest="sha256:" + "0" * 64,
        task="acme/autonomy",
        task_version="1",
        task_args={},
        passed_args={},
        solver=None,
        solver_args={},
        model="acme/model",
        run="run-1",
        status=RunStatus.SUCCESS,
        invalidated=False,
        created=CREATED,
        completed=COMPLETED,
        scope=Scope(samples=tuple(scores), epochs=epochs, stated_tries=len(scores) * epochs, suite_size=len(scores)),
        scorers=("match",) if rows else (),
        declared_scorers=("match",),
        rows=rows,
    )
    return replace(log, **changes)  # type: ignore[arg-type] # the fields of the log, each test passing its own


def with_row(log: EvaluationLog, index: int, **changes: object) -> EvaluationLog:
    """Return `log` with one of its rows changed."""
    changed = replace(log.rows[index], **changes)  # type: ignore[arg-type] # the fields of a row
    return replace(log, rows=(*log.rows[:index], changed, *log.rows[index + 1 :]))


def without_row(log: EvaluationLog, index: int) -> EvaluationLog:
    """Return `log` with one of its rows missing."""
    return replace(log, rows=(*log.rows[:index], *log.rows[index + 1 :]))
