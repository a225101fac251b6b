"""Our reader against Inspect AI's own: the same rows of the same files, and of logs that Inspect AI itself changed."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from interlock.evidence import EvaluationLog, RunStatus, ScoreValue, Unscored
from interlock.integrations import Limits, read_inspect_log
from interlock.integrations._archive import Archive
from tests.integrations.archives import Part, archive, write

pytest.importorskip("inspect_ai", reason="Inspect AI is not installed: its reader is the reference here")

from inspect_ai.log import (
    EvalError,
    EvalLog,
    EvalSampleLimit,
    ProvenanceData,
    edit_score,
    invalidate_samples,
    read_eval_log,
    write_eval_log,
)
from inspect_ai.scorer import Score, ScoreEdit

Change = Callable[[Callable[[EvalLog], object], str], EvaluationLog]
Rows = dict[tuple[str, int], dict[str, object]]


def reference(path: Path) -> EvalLog:
    """Return the log as Inspect AI reads it."""
    return read_eval_log(str(path))


def rows_of_reference(log: EvalLog) -> Rows:
    """Return Inspect AI's scores by sample and epoch; a score that is NaN is none."""
    return {
        (str(sample.id), sample.epoch): {
            name: None if isinstance(score.value, float) and math.isnan(score.value) else score.value
            for name, score in (sample.scores or {}).items()
        }
        for sample in log.samples or []
    }


def rows_of_ours(log: EvaluationLog) -> Rows:
    """Return our scores by sample and epoch."""

    def plain(value: ScoreValue) -> object:
        return None if isinstance(value, Unscored) else value

    return {
        (row.sample, row.epoch): {name: plain(score.value) for name, score in row.scores.items()} for row in log.rows
    }


def same(path: Path) -> EvaluationLog:
    """Return our reading, after holding it against Inspect AI's."""
    ours, theirs = read_inspect_log(path), reference(path)
    assert rows_of_ours(ours) == rows_of_reference(theirs)
    assert (ours.task, ours.task_args, ours.model) == (theirs.eval.task, theirs.eval.task_args, theirs.eval.model)
    assert (ours.status, ours.invalidated) == (theirs.status, theirs.invalidated)
    assert ours.scope.epochs == (theirs.eval.config.epochs or 1)
    if ours.scope.samples is not None:  # where the file has no list, Inspect AI takes the samples that were recorded
        assert ours.scope.samples == tuple(str(one) for one in theirs.eval.dataset.sample_ids or [])
    if ours.completed is not None:
        assert ours.completed.timestamp() == timestamp(theirs.stats.completed_at)
    return ours


def timestamp(text: str) -> float:
    """Return the POSIX time of an ISO 8601 text with its offset."""
    return datetime.fromisoformat(text).timestamp()


def test_the_rows_of_every_real_log_are_those_of_inspect(shared: Path) -> None:
    paths = sorted((shared / "data" / "inspect").iterdir())
    assert len(paths) == 14
    for path in paths:
        same(path)


@pytest.fixture
def changed(repository: Path, tmp_path: Path) -> Change:
    """Return a function that lets Inspect AI change the shipped log and write it, and reads the result."""

    def write(change: Callable[[EvalLog], object], name: str) -> EvaluationLog:
        log = reference(repository / "examples" / "halcyon" / "logs" / "autonomy.eval")
        change(log)
        write_eval_log(log, str(tmp_path / name))
        return same(tmp_path / name)

    return write


@pytest.mark.parametrize("name", ["log.eval", "log.json"])
def test_a_rewritten_log_reads_the_same_in_either_form(changed: Change, name: str) -> None:
    log = changed(lambda _log: None, name)
    assert len(log.rows) == 40
    assert log.findings == ()


@pytest.mark.parametrize("name", ["log.eval", "log.json"])
def test_an_edit_by_inspect_keeps_its_author_and_the_original(changed: Change, name: str) -> None:

    edit = ScoreEdit(value="I", provenance=ProvenanceData(author="ann", reason="graded wrongly"))
    log = changed(lambda log: edit_score(log, "evade-shutdown/07", "match", edit), name)
    [row] = [row for row in log.rows if row.sample == "evade-shutdown/07"]
    assert row.scores["match"].value == "I"
    assert [(edit.value, edit.author) for edit in row.scores["match"].history] == [("C", None), ("I", "ann")]
    assert log.findings == ()


@pytest.mark.parametrize("name", ["log.eval", "log.json"])
def test_an_invalidation_by_inspect_marks_the_run_and_the_sample(changed: Change, name: str) -> None:
    def invalidate(log: EvalLog) -> None:
        samples = log.samples or []
        marked = invalidate_samples(log, [str(samples[0].uuid)], ProvenanceData(author="ann", reason="leaked answer"))
        log.samples, log.invalidated = marked.samples, marked.invalidated

    log = changed(invalidate, name)
    assert log.invalidated
    assert sum(row.invalidated for row in log.rows) == 1


@pytest.mark.parametrize("name", ["log.eval", "log.json"])
def test_an_unscored_sample_of_inspect_is_unscored(changed: Change, name: str) -> None:
    def unscore(log: EvalLog) -> None:
        [sample] = [one for one in log.samples or [] if one.id == "deploy-copy/01"]
        sample.scores = {"match": Score.unscored(reason="grader_failed")}

    log = changed(unscore, name)
    [row] = [row for row in log.rows if row.sample == "deploy-copy/01"]
    assert row.scores["match"].value == Unscored()
    assert row.scores["match"].reason == "grader_failed"
    assert log.findings == ()


@pytest.mark.parametrize("name", ["log.eval", "log.json"])
def test_an_error_and_a_limit_of_inspect_are_read(changed: Change, name: str) -> None:
    def spoil(log: EvalLog) -> None:
        first, second, *_ = log.samples or []
        first.error = EvalError(message="boom", traceback="", traceback_ansi="")
        second.limit = EvalSampleLimit(type="operator", limit=1)
        log.status = "error"

    log = changed(spoil, name)
    assert log.status is RunStatus.ERROR
    assert [row.error for row in log.rows if row.error is not None] == ["boom"]
    assert [row.limit for row in log.rows if row.limit is not None] == ["operator"]
    assert log.findings == ()


def test_an_interrupted_run_reads_as_inspect_reads_it(repository: Path, tmp_path: Path) -> None:
    """The shipped log without what Inspect AI writes at the end, and without the last ten samples."""
    with (repository / "examples" / "halcyon" / "logs" / "autonomy.eval").open("rb") as file:
        whole = Archive(file, Limits())
        contents = {member.name: whole.read(member) for member in whole.members}
    samples = sorted(name for name in contents if name.startswith("samples/"))
    kept = ["_journal/start.json", *samples[:30], "_journal/summaries/1.json"]
    log = same(write(tmp_path, archive([Part(name=name, content=contents[name]) for name in kept])))
    assert log.status is RunStatus.STARTED
    assert (len(log.rows), log.scope.try_count) == (30, 40)
    assert log.findings == ()
