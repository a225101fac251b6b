"""Reads an Inspect AI log file, `.eval` or `.json`, into an `EvaluationLog`.

An `.eval` file is a ZIP archive with one member for each sample and epoch; an interrupted run has only its journal and
the samples so far. Samples are read one member at a time; their scores are checked against the summaries that the file
also holds, and the header against the record of the start. What contradicts itself is a finding, which bars the log
from use as evidence; what can't be read one way only is refused. The file's digest is taken from the same open file.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path
from typing import Final

from interlock.evidence import EvaluationLog, Finding, Row, Scope
from interlock.integrations._archive import Archive, Member
from interlock.integrations._errors import LogRefusedError, shown
from interlock.integrations._inspect_records import (
    EndRecord,
    Fields,
    RunRecord,
    ScoreLine,
    read_end,
    read_line,
    read_row,
    read_run,
)
from interlock.integrations._limits import Limits
from interlock.integrations._strict_json import read_json

Progress = Callable[[int, int], None]
"""Told after each part how many of how many parts are read."""

_DEFAULT_LIMITS: Final = Limits()
_ARCHIVE: Final = (b"PK\x03\x04", b"PK\x05\x06")
_HEADER, _START, _SUMMARIES = "header.json", "_journal/start.json", "summaries.json"
_SAMPLE: Final = re.compile(r"samples/.+_epoch_[0-9]+\.json", re.ASCII)
_JOURNAL: Final = re.compile(r"_journal/summaries/([0-9]{1,9})\.json", re.ASCII)
_JOURNAL_OF_CHANGES: Final = "_journal/config_updates/"
_SHOWN_DISAGREEMENTS: Final = 3


def read_inspect_log(
    path: Path, *, limits: Limits = _DEFAULT_LIMITS, progress: Progress | None = None
) -> EvaluationLog:
    """Return the log in the file at `path`; LogRefusedError says why it can't be read, and what to do.

    An interrupted, failed or invalidated run is read like any other, and says so. Holds one sample in memory at a time
    for `.eval`, the whole log for `.json`; costs time in proportion to the decompressed size.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise LogRefusedError(f"`{shown(str(path))}` is not a file")
        with path.open("rb") as file:
            return _read(file, limits, progress or _silent)
    except OSError as error:
        raise LogRefusedError(f"`{shown(str(path))}` can't be read: {error.strerror}") from error
    except RecursionError:
        raise LogRefusedError(f"`{shown(str(path))}` is nested too deeply") from None


def _silent(_done: int, _total: int) -> None:
    """Tell nobody."""


def _read(file: BufferedReader, limits: Limits, progress: Progress) -> EvaluationLog:
    before = _state(file)
    digest = f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    file.seek(0)
    beginning = file.read(4)
    if beginning in _ARCHIVE:
        parts = _parts_of_archive(Archive(file, limits), progress)
    elif beginning[:1] == b"{":
        parts = _parts_of_json(file, limits, progress)
    else:
        raise LogRefusedError(
            "the file is neither a ZIP archive nor a JSON object",
            advice="name an Inspect AI log, a file that ends in `.eval` or `.json`",
        )
    if _state(file) != before:
        raise LogRefusedError("the file changed while it was read", advice="wait until the run has ended, and repeat")
    return _log(parts, digest, limits)


def _state(file: BufferedReader) -> tuple[int, int]:
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    run: RunRecord
    end: EndRecord
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]


def _parts_of_json(file: BufferedReader, limits: Limits, progress: Progress) -> _Parts:
    file.seek(0)
    content = file.read(limits.member_bytes + 1)
    if len(content) > limits.member_bytes:
        raise LogRefusedError(
            f"the log is larger than the {limits.member_bytes} bytes that are read of one JSON text",
            advice="write it anew as `.eval` (`inspect log convert --to eval`)",
        )
    header = Fields(read_json(content), "the log")
    rows = tuple(read_row(Fields(sample, "a sample")) for sample in header.list("samples"))
    progress(1, 1)
    return _Parts(run=_run(header), end=read_end(header), rows=rows, findings=())


def _run(header: Fields) -> RunRecord:
    if "eval" not in header:
        raise LogRefusedError(
            "the file holds no evaluation", advice="name an Inspect AI log, a file that ends in `.eval` or `.json`"
        )
    return read_run(header)


def _parts_of_archive(archive: Archive, progress: Progress) -> _Parts:
    members = {member.name: member for member in archive.members}
    _refuse_chunks(archive.members)
    reader = _Reader(archive, progress, len(members))
    start = reader.fields(members[_START]) if _START in members else None
    header = reader.fields(members[_HEADER]) if _HEADER in members else None
    first = header or start
    if first is None:
        raise LogRefusedError(
            f"the archive holds neither `{_HEADER}` nor `{_START}`, so it is no evaluation log",
            advice="name an Inspect AI log, a file that ends in `.eval` or `.json`",
        )
    run, end = _run(first), EndRecord() if header is None else read_end(header)
    if any(name.startswith(_JOURNAL_OF_CHANGES) for name in members):
        end = replace(end, reconfigured=True)
    findings = []
    if header is not None and start is not None and _run(start) != run:
        findings.append(Finding("start-disagrees", "the header and the record of the start describe different runs"))
    rows, lines = _samples(reader, archive.members)
    findings += _against_summaries(lines, _summaries(reader, members), finished=header is not None)
    progress(len(members), len(members))
    return _Parts(run=run, end=end, rows=rows, findings=tuple(findings))


def _refuse_chunks(members: Sequence[Member]) -> None:
    for member in members:
        if member.name.startswith("samples/") and not member.name.endswith("/") and not _SAMPLE.fullmatch(member.name):
            raise LogRefusedError(
                "the samples are stored in a form that this reader does not follow",
                member=member.name,
                advice="write it anew with `inspect log convert`",
            )


class _Reader:
    """Reads members as JSON objects and tells how far it is."""

    def __init__(self, archive: Archive, progress: Progress, total: int) -> None:
        self._archive = archive
        self._progress = progress
        self._total = total
        self._done = 0

    def json(self, member: Member) -> object:
        value = read_json(self._archive.read(member), member=member.name)
        self._done += 1
        self._progress(self._done, self._total)
        return value

    def fields(self, member: Member) -> Fields:
        return Fields(self.json(member), f"`{shown(member.name)}`")


def _samples(reader: _Reader, members: Sequence[Member]) -> tuple[tuple[Row, ...], tuple[ScoreLine, ...]]:
    rows: list[Row] = []
    lines: list[ScoreLine] = []
    for member in members:
        if _SAMPLE.fullmatch(member.name):
            sample = reader.fields(member)
            rows.append(read_row(sample))
            lines.append(read_line(sample))
    return tuple(rows), tuple(lines)


def _summaries(reader: _Reader, members: dict[str, Member]) -> tuple[ScoreLine, ...] | None:
    """Return the summaries, None where a file that has ended lacks them; of journaled ones the last word counts."""
    if _SUMMARIES in members:
        return tuple(_lines(reader, members[_SUMMARIES]))
    if _HEADER in members:
        return None
    journal = sorted((int(match[1]), name) for name in members if (match := _JOURNAL.fullmatch(name)))
    latest = {(line.sample, line.epoch): line for _, name in journal for line in _lines(reader, members[name])}
    return tuple(latest.values())


def _lines(reader: _Reader, member: Member) -> Iterator[ScoreLine]:
    value = reader.json(member)
    if not isinstance(value, list):
        raise LogRefusedError("expected a list of summaries", member=member.name)
    return (read_line(Fields(summary, f"a summary in `{shown(member.name)}`")) for summary in value)


def _against_summaries(
    lines: Sequence[ScoreLine], summaries: Sequence[ScoreLine] | None, *, finished: bool
) -> Iterator[Finding]:
    """Yield the finding that the samples and the summaries disagree; in an interrupted run either may be ahead."""
    if summaries is None:
        yield Finding("summaries-disagree", f"`{_SUMMARIES}` is missing from a log that has ended")
        return
    recorded = {(line.sample, line.epoch): line for line in lines}
    summed = {(line.sample, line.epoch): line for line in summaries}
    if len(summed) < len(summaries):
        yield Finding("summaries-disagree", "a sample is summarised twice")
        return
    both = recorded.keys() & summed.keys() if not finished else recorded.keys() | summed.keys()
    wrong = sorted(key for key in both if recorded.get(key) != summed.get(key))
    if wrong:
        named = ", ".join(f"`{sample}` in epoch {epoch}" for sample, epoch in wrong[:_SHOWN_DISAGREEMENTS])
        detail = f"the samples and their summaries disagree on the scores of {len(wrong)} tries, such as {named}"
        yield Finding("summaries-disagree", detail)


def _log(parts: _Parts, digest: str, limits: Limits) -> EvaluationLog:
    run, end = parts.run, parts.end
    scope = Scope(samples=run.samples, epochs=run.epochs, stated_tries=end.stated_tries, suite_size=run.suite_size)
    if run.epochs > limits.members or (scope.try_count or 0) > limits.members:
        raise LogRefusedError(f"the run plans more than the {limits.members} tries that are followed")
    return EvaluationLog(
        digest=digest,
        task=run.task,
        task_version=run.task_version,
        task_args=run.task_args,
        passed_args=run.passed_args,
        solver=run.solver,
        solver_args=run.solver_args,
        model=run.model,
        run=run.run,
        status=end.status,
        invalidated=end.invalidated,
        created=run.created,
        completed=end.completed,
        scope=scope,
        scorers=tuple(sorted({scorer for row in parts.rows for scorer in row.scores})),
        declared_scorers=run.declared_scorers,
        rows=_in_order(parts.rows, run.samples or ()),
        findings=(*parts.findings, *_about_run(run, end)),
    )


def _in_order(rows: Sequence[Row], samples: Sequence[str]) -> tuple[Row, ...]:
    """Return the rows in the order of the plan; LogRefusedError where a try is recorded twice."""
    position = {sample: index for index, sample in enumerate(samples)}
    ordered = sorted(rows, key=lambda row: (position.get(row.sample, len(position)), row.sample, row.epoch))
    for row, following in itertools.pairwise(ordered):
        if (row.sample, row.epoch) == (following.sample, following.epoch):
            raise LogRefusedError(
                f"`{row.sample}` in epoch {row.epoch} is recorded twice, so which record counts is ambiguous",
                advice="write it anew with `inspect log convert`, which keeps the last record of each sample",
            )
    return tuple(ordered)


def _about_run(run: RunRecord, end: EndRecord) -> Iterator[Finding]:
    if end.reconfigured:
        yield Finding("configuration-changed", "the configuration was changed while the run went on")
    if run.merged:
        yield Finding("merged-shards", "the log was merged from the logs of several workers")
