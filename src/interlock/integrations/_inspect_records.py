"""The records of an Inspect AI log, from JSON to the values of `interlock.evidence`.

Follows the log format of Inspect AI, versions 2 and 3 (`EvalLog`, `EvalSpec`, `EvalSample`, `EvalSampleSummary`). Only
the fields that evidence needs are read, and those strictly: a field of another kind than expected refuses the log.
Scores are the raw ones of each sample and epoch; reductions over epochs are never looked at.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from interlock.evidence import OtherScore, Row, RunStatus, Score, ScoreEdit, ScoreValue, Unchanged, Unscored
from interlock.integrations._errors import LogRefusedError, shown
from interlock.integrations._strict_json import NotFinite
from interlock.terms import MalformedError, parse_instant

_VERSIONS: Final = frozenset({2, 3})
_CONVERT: Final = "write it anew with a current Inspect AI (`inspect log convert`)"
_LONGEST_NAME: Final = 1_000
_LONGEST_SCORE: Final = 200
_DEEPEST_ARGUMENT: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """What the log says of the run before it began; the header and the start record must say the same."""

    task: str
    task_version: str
    task_args: Mapping[str, object]
    passed_args: Mapping[str, object]
    solver: str | None
    solver_args: Mapping[str, object]
    model: str
    run: str
    created: datetime | None
    samples: tuple[str, ...] | None
    epochs: int
    suite_size: int | None
    declared_scorers: tuple[str, ...]
    merged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRecord:
    """What the log says of how the run ended; the defaults are those of a run that was interrupted."""

    status: RunStatus = RunStatus.STARTED
    invalidated: bool = False
    completed: datetime | None = None
    stated_tries: int | None = None
    reconfigured: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreLine:
    """What a sample and its summary must agree on: each scorer's value as it stands in the file, and any error."""

    sample: str
    epoch: int
    values: Mapping[str, object]
    failed: bool


class Fields:
    """The fields of one JSON object, read by kind; a null counts as absent."""

    def __init__(self, value: object, place: str) -> None:
        """Take a JSON value that must be an object; `place` is how a refusal names it."""
        if not isinstance(value, dict):
            raise LogRefusedError(f"{place} is {_kind(value)}; expected an object")
        self._values: Mapping[str, object] = value
        self._place = place

    def __contains__(self, key: str) -> bool:
        return self._values.get(key) is not None

    def raw(self, key: str) -> object:
        """Return the value under `key` as it stands, None where there is none."""
        return self._values.get(key)

    def items(self) -> tuple[tuple[str, object], ...]:
        """Return every field."""
        return tuple(self._values.items())

    def fields(self, key: str) -> Fields:
        """Return the object under `key`, an empty one where there is none."""
        return Fields({} if key not in self else self._values[key], f"{self._place} `{key}`")

    def list(self, key: str) -> tuple[object, ...]:
        """Return the list under `key`, an empty one where there is none."""
        value = self._values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self._wrong(key, "a list")
        return tuple(value)

    def name(self, key: str) -> str | None:
        """Return the name under `key`: a printable text of bounded length."""
        return None if key not in self else self._checked_name(key, self._values[key])

    def required_name(self, key: str) -> str:
        """Return the name under `key`, which must be there."""
        return self._checked_name(key, self._values.get(key))

    def identifier(self, key: str) -> str:
        """Return the sample id under `key`; Inspect AI holds the number 1 and the text `1` for the same sample."""
        return self.as_identifier(key, self._values.get(key))

    def as_identifier(self, key: str, value: object) -> str:
        """Return `value` as a sample id."""
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return self._checked_name(key, value)

    def number(self, key: str, *, least: int = 0) -> int | None:
        """Return the whole number under `key`."""
        value = self._values.get(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise self._wrong(key, f"a whole number of at least {least}")
        return value

    def flag(self, key: str) -> bool:
        """Return the truth value under `key`, false where there is none."""
        value = self._values.get(key, False)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(key, "true or false")
        return value is True

    def instant(self, key: str) -> datetime | None:
        """Return the instant under `key`; None where it is absent or says no instant with its offset."""
        value = self._values.get(key)
        try:
            return parse_instant(value) if isinstance(value, str) else None
        except MalformedError:
            return None

    def arguments(self, key: str) -> Mapping[str, object]:
        """Return the object under `key` as plain values."""
        return {name: _plain(value, self._place) for name, value in self.fields(key).items()}

    def _checked_name(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not value or not value.isprintable() or len(value) > _LONGEST_NAME:
            raise self._wrong(key, f"a text of 1 to {_LONGEST_NAME} printable characters", value)
        return value

    def _wrong(self, key: str, expected: str, value: object = None) -> LogRefusedError:
        got = _kind(self._values.get(key) if value is None else value)
        return LogRefusedError(f"{self._place} `{key}` is {got}; expected {expected}")


def read_run(header: Fields) -> RunRecord:
    """Return the run that a header or a start record describes; LogRefusedError for a version not known here."""
    version = header.raw("version")
    if version is not None and (not isinstance(version, int) or isinstance(version, bool) or version not in _VERSIONS):
        known = ", ".join(str(one) for one in sorted(_VERSIONS))
        raise LogRefusedError(
            f"the log has the format version {_kind(version)}; expected one of {known}", advice=_CONVERT
        )
    spec = header.fields("eval")
    dataset, config = spec.fields("dataset"), spec.fields("config")
    task_args = spec.arguments("task_args")
    task_version = spec.raw("task_version")
    return RunRecord(
        task=spec.required_name("task"),
        task_version=str(task_version) if isinstance(task_version, int) else spec.name("task_version") or "0",
        task_args=task_args,
        passed_args=spec.arguments("task_args_passed") if "task_args_passed" in spec else task_args,
        solver=spec.name("solver"),
        solver_args=spec.arguments("solver_args"),
        model=spec.required_name("model"),
        run=spec.name("run_id") or "",
        created=spec.instant("created"),
        samples=_sample_ids(dataset),
        epochs=config.number("epochs", least=1) or 1,
        suite_size=dataset.number("samples"),
        declared_scorers=tuple(
            Fields(scorer, "the run's scorer").required_name("name") for scorer in spec.list("scorers")
        ),
        merged="shards" in spec,
    )


def _sample_ids(dataset: Fields) -> tuple[str, ...] | None:
    if "sample_ids" not in dataset:
        return None
    samples = tuple(dataset.as_identifier("sample_ids", value) for value in dataset.list("sample_ids"))
    if len(set(samples)) < len(samples):
        raise LogRefusedError(
            "the run lists a sample id twice", advice="give each sample an id of its own and run again"
        )
    return samples


def read_end(header: Fields) -> EndRecord:
    """Return how the run ended, from a header."""
    status = header.raw("status")
    if not isinstance(status, str) or status not in set(RunStatus):
        known = ", ".join(RunStatus)
        raise LogRefusedError(f"the log's status is {_kind(status)}; expected one of {known}", advice=_CONVERT)
    return EndRecord(
        status=RunStatus(status),
        invalidated=header.flag("invalidated"),
        completed=header.fields("stats").instant("completed_at"),
        stated_tries=header.fields("results").number("total_samples"),
        reconfigured=bool(header.list("config_updates")),
    )


def read_row(sample: Fields) -> Row:
    """Return the row of one recorded sample; id and epoch are those of the record."""
    if "score" in sample and "scores" not in sample:
        raise LogRefusedError("the samples are in the form of 2024 with a single `score`", advice=_CONVERT)
    return Row(
        sample=sample.identifier("id"),
        epoch=sample.number("epoch", least=1) or 0,
        scores={_scorer(name): _score(Fields(score, "a score")) for name, score in sample.fields("scores").items()},
        metadata=_metadata(sample),
        error=_error(sample.raw("error")),
        limit=_limit(sample.raw("limit")),
        invalidated="invalidation" in sample,
        retries=len(sample.list("error_retries")),
        substitutes=tuple(
            Fields(fallback, "a model fallback").required_name("fallback_model")
            for fallback in sample.list("model_fallbacks")
        ),
        completed=sample.instant("completed_at"),
    )


def read_line(sample: Fields) -> ScoreLine:
    """Return what a sample, or the summary of one, says of its scores."""
    scores = {name: Fields(score, "a score").raw("value") for name, score in sample.fields("scores").items()}
    return ScoreLine(
        sample=sample.identifier("id"),
        epoch=sample.number("epoch", least=1) or 0,
        values={name: None if value == NotFinite("NaN") else value for name, value in scores.items()},
        failed="error" in sample,
    )


def _score(score: Fields) -> Score:
    reason = score.name("reason") or score.fields("metadata").name("unscored_reason")
    history = tuple(_edit(Fields(edit, "an edit of a score")) for edit in score.list("history"))
    return Score(value=_value(score.raw("value")), reason=reason, history=history)


def _edit(edit: Fields) -> ScoreEdit:
    value = edit.raw("value")
    provenance = edit.fields("provenance")
    author = provenance.required_name("author") if "provenance" in edit else None
    reason = provenance.raw("reason")
    return ScoreEdit(
        value=Unchanged() if value == "UNCHANGED" else _value(value),
        author=author,
        reason=shown(reason) if isinstance(reason, str) else None,
    )


def _value(value: object) -> ScoreValue:
    match value:
        case None | NotFinite("NaN"):
            return Unscored()
        case NotFinite(text):
            return OtherScore(text)
        case str() if len(value) > _LONGEST_SCORE:
            return OtherScore(value[:_LONGEST_SCORE])
        case bool() | int() | float() | str():
            return value
        case _:
            return OtherScore(json.dumps(value, default=lambda other: other.text)[:_LONGEST_SCORE])


def _scorer(name: str) -> str:
    if not name or not name.isprintable() or len(name) > _LONGEST_NAME:
        raise LogRefusedError(f"`{shown(name)}` is no name of a scorer")
    return name


def _metadata(sample: Fields) -> Mapping[str, str | int]:
    """Return the sample's metadata that can name a cluster: single printable texts and whole numbers."""
    kept: dict[str, str | int] = {}
    for name, value in sample.fields("metadata").items():
        match value:
            case bool():
                continue
            case int():
                kept[name] = value
            case str() if value and value.isprintable() and len(value) <= _LONGEST_NAME:
                kept[name] = value
    return kept


def _error(error: object) -> str | None:
    if error is None:
        return None
    message = error.get("message") if isinstance(error, dict) else error
    return shown(message) if isinstance(message, str) and message else "unknown"


def _limit(limit: object) -> str | None:
    if limit is None:
        return None
    kind = limit.get("type") if isinstance(limit, dict) else limit
    return shown(kind) if isinstance(kind, str) and kind else "unknown"


def _plain(value: object, place: str, depth: int = 0) -> object:
    if depth > _DEEPEST_ARGUMENT:
        raise LogRefusedError(f"{place} has an argument nested too deeply")
    match value:
        case NotFinite(text):
            return text
        case dict():
            return {name: _plain(item, place, depth + 1) for name, item in value.items()}
        case list():
            return [_plain(item, place, depth + 1) for item in value]
        case _:
            return value


def _kind(value: object) -> str:
    match value:
        case None:
            return "missing"
        case dict():
            return "an object"
        case list():
            return "a list"
        case NotFinite(text):
            return f"`{text}`"
        case _:
            return f"`{shown(str(value))}`"
