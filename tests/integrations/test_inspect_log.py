"""What is read of a log: rows by sample and epoch, the run and its end; and which logs are refused outright."""

from __future__ import annotations

import copy
import hashlib
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.evidence import (
    CountingRule,
    EvaluationLog,
    EvaluationProtocol,
    EvidenceRefusedError,
    OtherScore,
    Row,
    RunStatus,
    Score,
    ScoreEdit,
    Unchanged,
    Unscored,
    summarise,
)
from interlock.integrations import Limits, LogRefusedError, read_inspect_log
from tests.integrations.archives import (
    DEFLATED,
    ZSTANDARD,
    Part,
    archive,
    as_json,
    eval_parts,
    header,
    sample,
    write,
)

TWO = [sample("a", "C"), sample("b", "I")]


def read(folder: Path, *parts: Part) -> EvaluationLog:
    """Return the log of an archive of these parts."""
    return read_inspect_log(write(folder, archive(parts)))


def read_text(folder: Path, text: bytes) -> EvaluationLog:
    """Return the log of a `.json` file."""
    return read_inspect_log(write(folder, text, "log.json"))


def reasons(log: EvaluationLog) -> tuple[str, ...]:
    """Return why the log is no evidence."""
    protocol = EvaluationProtocol(task="acme/autonomy", suite="s", elicitation=())
    with pytest.raises(EvidenceRefusedError) as caught:
        summarise(log, protocol=protocol, rule=CountingRule(measure="m"))
    return caught.value.reason_ids


def finding_ids(log: EvaluationLog) -> list[str]:
    """Return the ids of the reader's findings."""
    return [finding.id for finding in log.findings]


@pytest.mark.parametrize("method", [DEFLATED, ZSTANDARD])
def test_an_eval_log_is_read_with_either_compression(tmp_path: Path, method: int) -> None:
    path = write(tmp_path, archive(eval_parts(header(["a", "b"]), TWO, method=method)))
    log = read_inspect_log(path)
    assert [(row.sample, row.epoch, row.scores["match"].value) for row in log.rows] == [("a", 1, "C"), ("b", 1, "I")]
    assert log.digest == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    assert (log.task, log.task_version, log.task_args, log.model, log.run) == (
        "acme/autonomy",
        "1",
        {"tools": True},
        "acme/model",
        "r",
    )
    assert (log.status, log.invalidated) == (RunStatus.SUCCESS, False)
    assert log.created == datetime(2025, 3, 1, 12, tzinfo=UTC)
    assert log.completed == datetime(2025, 3, 1, 13, tzinfo=UTC)
    assert (log.scope.samples, log.scope.epochs, log.scope.stated_tries, log.scope.suite_size) == (("a", "b"), 1, 2, 2)
    assert log.scorers == log.declared_scorers == ("match",)
    assert log.findings == ()


def test_a_json_log_is_read_to_the_same_values(tmp_path: Path) -> None:
    archived = read(tmp_path, *eval_parts(header(["a", "b"]), TWO))
    text = read_text(tmp_path, as_json(header(["a", "b"], samples=TWO)))
    assert replace(text, digest=archived.digest) == archived


def test_id_and_epoch_come_from_the_record_never_from_the_name(tmp_path: Path) -> None:
    parts = eval_parts(header(["a/b", 2], epochs=2), [sample("a/b", "C", 1), sample(2, "I", 2)])
    moved = [replace(part, name=part.name.replace("samples/a/b_epoch_1", "samples/x/y/z_epoch_7")) for part in parts]
    log = read(tmp_path, *moved)
    assert [(row.sample, row.epoch) for row in log.rows] == [("a/b", 1), ("2", 2)]


def test_rows_come_in_the_order_of_the_plan(tmp_path: Path) -> None:
    records = [sample(identifier, "C", epoch) for epoch in (2, 1) for identifier in ("b", "a")]
    log = read(tmp_path, *eval_parts(header(["b", "a"], epochs=2), records))
    assert [(row.sample, row.epoch) for row in log.rows] == [("b", 1), ("b", 2), ("a", 1), ("a", 2)]


def test_reduced_scores_are_never_looked_at(tmp_path: Path) -> None:
    reduced = Part(name="reductions.json", content=b"this is not even JSON")
    log = read(tmp_path, *eval_parts(header(["a", "b"]), TWO), reduced)
    assert len(log.rows) == 2


def test_every_field_of_a_record_that_evidence_needs_is_read(tmp_path: Path) -> None:
    record = sample(
        "a",
        epoch=3,
        metadata={"family": "web", "level": 2, "ratio": 0.5, "easy": True, "tags": ["x"], "bad": "\x1b[31m"},
        error={"message": "out of\nmemory", "traceback": "…"},
        limit={"type": "token", "limit": 1000},
        invalidation={"author": "ann", "timestamp": "2025-03-02T00:00:00+00:00"},
        error_retries=[{"message": "timeout"}, {"message": "timeout"}],
        model_fallbacks=[{"model": "acme/model", "fallback_model": "acme/small"}],
        completed_at="2025-03-01T12:30:00.250000+01:00",
        scores={
            "judge": {
                "value": "I",
                "reason": "refusal",
                "history": [
                    {"value": "C", "provenance": None},
                    {"value": "UNCHANGED", "provenance": {"author": "ann", "timestamp": "…"}},
                    {"value": "I", "provenance": {"author": "bob", "timestamp": "…", "reason": "wrong\ngrade"}},
                ],
            },
            "old": {"value": "I", "metadata": {"unscored_reason": "grader_failed"}},
        },
    )
    expected = Row(
        sample="a",
        epoch=3,
        scores={
            "judge": Score(
                value="I",
                reason="refusal",
                history=(
                    ScoreEdit(value="C", author=None),
                    ScoreEdit(value=Unchanged(), author="ann"),
                    ScoreEdit(value="I", author="bob", reason="wrong?grade"),
                ),
            ),
            "old": Score(value="I", reason="grader_failed"),
        },
        metadata={"family": "web", "level": 2},
        error="out of?memory",
        limit="token",
        invalidated=True,
        retries=2,
        substitutes=("acme/small",),
        completed=datetime(2025, 3, 1, 11, 30, 0, 250_000, tzinfo=UTC),
    )
    assert read(tmp_path, *eval_parts(header(["a"], epochs=3), [record])).rows == (expected,)


VALUES: list[tuple[object, object]] = [
    ("C", "C"),
    (1, 1),
    (0.5, 0.5),
    (True, True),
    (float("nan"), Unscored()),
    (None, Unscored()),
    (float("inf"), OtherScore("Infinity")),
    (float("-inf"), OtherScore("-Infinity")),
    (["C", "I"], OtherScore('["C", "I"]')),
    ({"a": 1, "b": float("nan")}, OtherScore('{"a": 1, "b": "NaN"}')),
    ("x" * 201, OtherScore("x" * 200)),
]


@pytest.mark.parametrize(("value", "expected"), VALUES, ids=[str(value)[:20] for value, _ in VALUES])
def test_a_score_is_read_as_it_stands_and_no_number_is_made_of_none(
    tmp_path: Path, value: object, expected: object
) -> None:
    log = read(tmp_path, *eval_parts(header(["a"]), [sample("a", value)]))
    read_value = log.rows[0].scores["match"].value
    assert read_value == expected
    assert type(read_value) is type(expected)
    assert log.findings == ()


def test_a_number_too_large_for_a_float_is_no_number(tmp_path: Path) -> None:
    parts = [
        replace(part, content=part.content.replace(b'"value": 7', b'"value": 1e999'))
        for part in eval_parts(header(["a"]), [sample("a", 7)])
    ]
    assert read(tmp_path, *parts).rows[0].scores["match"].value == OtherScore("1e999")


def test_an_interrupted_run_is_read_from_its_journal_and_is_no_evidence(tmp_path: Path) -> None:
    start = {key: value for key, value in header(["a", "b"]).items() if key in {"version", "eval"}}
    log = read(tmp_path, *eval_parts(None, [sample("a")], start=start))
    assert log.status is RunStatus.STARTED
    assert log.completed is None
    assert [row.sample for row in log.rows] == ["a"]
    assert log.scope.try_count == 2
    assert set(reasons(log)) == {"not-finished", "unscored", "no-completion-time"}


def test_in_the_journal_of_an_interrupted_run_the_last_summary_counts(tmp_path: Path) -> None:
    start = {key: value for key, value in header(["a"]).items() if key in {"version", "eval"}}
    parts = eval_parts(None, [sample("a", "I")], start=start, summaries=[sample("a", "C")])
    later = Part(name="_journal/summaries/10.json", content=as_json([sample("a", "I")]))
    between = Part(name="_journal/summaries/2.json", content=as_json([sample("a", "C")]))
    assert finding_ids(read(tmp_path, *parts, later, between)) == []
    assert finding_ids(read(tmp_path, *parts, between)) == ["summaries-disagree"]


@pytest.mark.parametrize("status", ["started", "error", "cancelled"])
def test_a_run_that_did_not_succeed_is_read_and_says_so(tmp_path: Path, status: str) -> None:
    log = read(tmp_path, *eval_parts(header(["a", "b"], status=status), TWO))
    assert log.status == status
    assert reasons(log) == ("not-finished",)


def test_an_invalidated_run_is_read_and_says_so(tmp_path: Path) -> None:
    log = read(tmp_path, *eval_parts(header(["a", "b"], invalidated=True), TWO))
    assert log.invalidated
    assert reasons(log) == ("invalidated",)


CONTRADICTIONS = {
    "another score": [sample("a", "C"), sample("b", "C")],
    "a number for a letter": [sample("a", "C"), sample("b", 0)],
    "an error": [sample("a", "C"), sample("b", "I", error="out of memory")],
    "a scorer more": [sample("a", "C"), sample("b", "I", scores={"match": {"value": "I"}, "judge": {"value": "I"}})],
    "a sample fewer": [sample("a", "C")],
    "a sample more": [*TWO, sample("c", "I")],
    "a sample twice": [*TWO, sample("b", "I")],
    "none at all": None,
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_samples_and_summaries_that_disagree_bar_the_log(tmp_path: Path, case: str) -> None:
    log = read(tmp_path, *eval_parts(header(["a", "b"]), TWO, summaries=CONTRADICTIONS[case]))
    assert finding_ids(log) == ["summaries-disagree"]
    assert reasons(log) == ("summaries-disagree",)
    assert [row.scores["match"].value for row in log.rows] == ["C", "I"], "the samples themselves are kept"


def test_an_unscored_sample_agrees_with_its_summary_in_either_spelling(tmp_path: Path) -> None:
    parts = eval_parts(header(["a"]), [sample("a", float("nan"))], summaries=[sample("a", None)])
    assert finding_ids(read(tmp_path, *parts)) == []


@pytest.mark.parametrize(
    "changes",
    [{"task": "acme/other"}, {"task_args": {"tools": False}}, {"model": "acme/old"}, {"config": {"epochs": 9}}],
)
def test_a_header_that_speaks_of_another_run_than_the_start_bars_the_log(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    start = header(["a", "b"], eval=changes)
    log = read(tmp_path, *eval_parts(header(["a", "b"]), TWO, start=start))
    assert finding_ids(log) == ["start-disagrees"]


def test_a_changed_configuration_and_merged_shards_are_findings(tmp_path: Path) -> None:
    whole = header(["a", "b"], config_updates=[{"max_tokens": 10}], eval={"shards": {"selection": "none"}})
    assert finding_ids(read(tmp_path, *eval_parts(whole, TWO))) == ["configuration-changed", "merged-shards"]
    journal = Part(name="_journal/config_updates/1.json", content=b"{}")
    assert finding_ids(read(tmp_path, *eval_parts(header(["a", "b"]), TWO), journal)) == ["configuration-changed"]


def test_the_solver_and_the_arguments_passed_are_read(tmp_path: Path) -> None:
    spec = {"solver": "acme/agent", "solver_args": {"attempts": 3}, "task_args_passed": {}, "task_version": "2-B"}
    log = read(tmp_path, *eval_parts(header(["a", "b"], eval=spec), TWO))
    assert (log.solver, log.solver_args, log.passed_args, log.task_version) == (
        "acme/agent",
        {"attempts": 3},
        {},
        "2-B",
    )
    older = read(tmp_path, *eval_parts(header(["a", "b"]), TWO))
    assert older.passed_args == older.task_args == {"tools": True}


def test_arguments_keep_their_form_and_a_number_that_is_none_becomes_text(tmp_path: Path) -> None:
    args = {"list": [1, [True, None]], "mapping": {"a": "b"}, "temperature": float("nan")}
    log = read(tmp_path, *eval_parts(header(["a", "b"], eval={"task_args": args}), TWO))
    assert log.task_args == {**args, "temperature": "NaN"}


def test_an_older_header_says_less_and_is_read(tmp_path: Path) -> None:
    spec = {"dataset": {"samples": 2}, "config": {}, "scorers": None, "task_version": None, "run_id": None}
    whole = header(["a", "b"], version=None, invalidated=None, eval=spec)
    log = read(tmp_path, *eval_parts(whole, TWO))
    assert (log.scope.samples, log.scope.epochs, log.scope.stated_tries) == (None, 1, 2)
    assert (log.declared_scorers, log.task_version, log.run, log.invalidated) == ((), "0", "", False)


@pytest.mark.parametrize("end", ["", "yesterday", "2025-03-01T13:00:00", 5, None])
def test_an_end_that_is_no_instant_is_unknown(tmp_path: Path, end: object) -> None:
    log = read(tmp_path, *eval_parts(header(["a", "b"], stats={"completed_at": end}), TWO))
    assert log.completed is None
    assert reasons(log) == ("no-completion-time",)


def test_a_log_without_samples_is_read(tmp_path: Path) -> None:
    assert read_text(tmp_path, as_json(header(["a", "b"]))).rows == ()
    assert read(tmp_path, *eval_parts(header(["a", "b"]), [])).rows == ()


def test_progress_is_told_for_each_part(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = write(tmp_path, archive(eval_parts(header(["a", "b"]), TWO)))
    read_inspect_log(path, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 6), (2, 6), (3, 6), (4, 6), (5, 6), (6, 6)]  # start, header, 2 samples, summaries; then the end
    told.clear()
    read_inspect_log(write(tmp_path, as_json(header([])), "log.json"), progress=lambda *done: told.append(done))
    assert told == [(1, 1)]


def wrong(**changes: object) -> bytes:
    """Return a JSON log with something wrong in its header."""
    return as_json(header(["a"], **{"samples": [sample("a")], **changes}))


def wrong_sample(**changes: object) -> bytes:
    """Return a JSON log with something wrong in its sample."""
    return as_json(header(["a"], samples=[{**sample("a"), **changes}]))


DEEP = b"[" * 100_000 + b"]" * 100_000
ARGUMENT = {"a": 1}
for _ in range(40):
    ARGUMENT = {"a": ARGUMENT}  # type: ignore[dict-item] # nested on purpose

REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "neither a ZIP archive nor a JSON object"),
    "text": (b"hello", "neither a ZIP archive nor a JSON object"),
    "a list": (b"[]", "neither a ZIP archive nor a JSON object"),
    "other JSON": (b'{"results": []}', "holds no evaluation"),
    "cut JSON": (wrong()[:-20], "not JSON"),
    "two values": (wrong() + b"{}", "not JSON"),
    "a byte order mark": (b"\xef\xbb\xbf" + wrong(), "neither a ZIP archive nor a JSON object"),
    "not UTF-8": (wrong().replace(b"acme/model", b"acme/\xff\xfe"), "is not UTF-8"),
    "UTF-16": (wrong().decode().encode("utf-16"), "neither a ZIP archive nor a JSON object"),
    "a key twice": (wrong().replace(b'"task"', b'"model": "x", "task"'), "`model` occurs twice"),
    "deep JSON": (b'{"eval": ' + DEEP + b"}", "nested too deeply"),
    "deep arguments": (wrong(eval={"task_args": ARGUMENT}), "nested too deeply"),
    "a long integer": (wrong().replace(b'"version": 2', b'"version": ' + b"9" * 5000), "too many digits"),
    "version 1": (wrong(version=1), "format version `1`; expected one of 2, 3"),
    "version 4": (wrong(version=4), "format version `4`"),
    "version true": (wrong(version=True), "format version `True`"),
    "a version that is text": (wrong(version="2"), "format version `2`"),
    "an unknown status": (wrong(status="finished"), "status is `finished`"),
    "no status": (wrong(status=None), "status is missing"),
    "a status that is a list": (wrong(status=["success"]), "status is a list"),
    "an eval that is text": (wrong().replace(b'"eval": {', b'"eval": "x", "e": {'), "expected an object"),
    "no task": (wrong(eval={"task": None}), "`task` is missing"),
    "a task that is a number": (wrong(eval={"task": 3}), "`task` is `3`"),
    "a task of control characters": (wrong(eval={"task": "a\x1b[2Jb"}), "printable"),
    "a model of half a character": (wrong(eval={"model": "\ud800"}), "printable"),
    "a long model": (wrong(eval={"model": "x" * 1001}), "printable"),
    "epochs of zero": (wrong(eval={"config": {"epochs": 0}}), "at least 1"),
    "epochs that are true": (wrong(eval={"config": {"epochs": True}}), "at least 1"),
    "epochs that are NaN": (wrong(eval={"config": {"epochs": float("nan")}}), "`epochs` is `NaN`"),
    "a fraction of samples": (wrong(eval={"dataset": {"samples": 1.5}}), "whole number"),
    "more tries than are followed": (wrong(eval={"config": {"epochs": 2_000_000}}), "more than the 1000000 tries"),
    "more stated tries than are followed": (
        wrong(eval={"dataset": {"samples": 1}}, results={"total_samples": 10**9}),
        "more than the 1000000 tries",
    ),
    "a sample listed twice": (
        wrong(eval={"dataset": {"samples": 2, "sample_ids": [1, "1"]}}),
        "lists a sample id twice",
    ),
    "sample ids that are no list": (wrong(eval={"dataset": {"sample_ids": "a"}}), "expected a list"),
    "samples that are no list": (wrong(samples={"a": 1}), "expected a list"),
    "a negative number of tries": (wrong(results={"total_samples": -1}), "at least 0"),
    "invalidated by text": (wrong(invalidated="false"), "expected true or false"),
    "a scorer without a name": (wrong(eval={"scorers": [{}]}), "`name` is missing"),
    "a sample that is a list": (as_json(header(["a"], samples=[[]])), "expected an object"),
    "a sample without an id": (wrong_sample(id=None), "`id` is missing"),
    "an id that is true": (wrong_sample(id=True), "`id` is `True`"),
    "an id that is a fraction": (wrong_sample(id=1.5), "`id` is `1.5`"),
    "an id of two lines": (wrong_sample(id="a\nb"), "printable"),
    "an epoch of zero": (wrong_sample(epoch=0), "at least 1"),
    "an epoch that is text": (wrong_sample(epoch="1"), "at least 1"),
    "scores that are a list": (wrong_sample(scores=["C"]), "expected an object"),
    "a score that is bare": (wrong_sample(scores={"match": "C"}), "expected an object"),
    "a scorer's name of control characters": (wrong_sample(scores={"\x1b": {"value": "C"}}), "no name of a scorer"),
    "history that is text": (wrong_sample(scores={"match": {"value": "C", "history": "x"}}), "expected a list"),
    "an edit without its author": (
        wrong_sample(scores={"match": {"value": "C", "history": [{"value": "C", "provenance": {}}]}}),
        "`author` is missing",
    ),
    "the single score of 2024": (wrong_sample(scores=None, score={"value": "C"}), "single `score`"),
    "a sample recorded twice": (as_json(header(["a"], samples=[sample("a"), sample("a", "I")])), "recorded twice"),
    "the same id as number and text": (as_json(header([1], samples=[sample(1), sample("1")])), "recorded twice"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_malformed_log_is_refused_with_its_fault(tmp_path: Path, case: str) -> None:
    content, message = REFUSED[case]
    with pytest.raises(LogRefusedError) as caught:
        read_text(tmp_path, content)
    assert message in str(caught.value)
    assert str(caught.value).isprintable()


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.sampled_from(["", "C", "a", "\x1b", "\ud800"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "value", "x"]), inner, max_size=2)
    ),
    max_leaves=3,
)


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the path to every value within a JSON value."""
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [path, *(place for name, item in inner for place in places(item, (*path, name)))]


FULL = header(
    ["a"],
    samples=[
        sample(
            "a",
            error={"message": "x"},
            limit={"type": "token"},
            error_retries=[{"message": "x"}],
            model_fallbacks=[{"model": "m", "fallback_model": "n"}],
            scores={
                "match": {"value": "I", "reason": "refusal", "history": [{"value": "I", "provenance": {"author": "a"}}]}
            },
            metadata={"family": "web", "level": 1},
            completed_at="2025-03-01T12:30:00Z",
        )
    ],
    config_updates=[{}],
    eval={"solver": "s", "solver_args": {"n": 1}, "task_args_passed": {"tools": True}},
)


@given(place=st.sampled_from(places(FULL)[1:]), value=JSON_VALUES)
def test_whatever_stands_in_a_field_the_log_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, place: tuple[str | int, ...], value: object
) -> None:
    changed = copy.deepcopy(FULL)
    inner: Any = changed
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    path = write(tmp_path_factory.mktemp("field"), as_json(changed), "log.json")
    try:
        log = read_inspect_log(path)
    except LogRefusedError as error:
        assert str(error).isprintable()  # noqa: PT017 - either outcome is right
        return
    protocol = EvaluationProtocol(task=log.task, suite="s", elicitation=(), solver=log.solver)
    with pytest.raises(EvidenceRefusedError):  # the one try of this log failed by an error
        summarise(log, protocol=protocol, rule=CountingRule(measure="m"))


PARTS = eval_parts(header(["a"]), [sample("a")])
REFUSED_ARCHIVES: dict[str, tuple[list[Part], str]] = {
    "empty": ([], "no evaluation log"),
    "without header and start": ([Part(name="summaries.json", content=b"[]")], "no evaluation log"),
    "a header that is a list": ([Part(name="header.json", content=b"[]")], "`header.json` is a list"),
    "summaries that are an object": (
        [replace(part, content=b"{}") if part.name == "summaries.json" else part for part in PARTS],
        "expected a list of summaries",
    ),
    "a sample that is deep": (
        [replace(part, content=DEEP) if part.name.startswith("samples/") else part for part in PARTS],
        "nested too deeply",
    ),
    "the same sample under two names": (
        [*PARTS, Part(name="samples/other_epoch_1.json", content=as_json(sample("a", "I")))],
        "recorded twice",
    ),
    "the same member twice": ([*PARTS, PARTS[1]], "holds `samples/a_epoch_1.json` twice"),
    "samples in chunks": (
        [*PARTS, Part(name="samples/b_epoch_1/sample.json", content=as_json(sample("b")))],
        "a form that this reader does not follow",
    ),
    "a start without an evaluation": ([Part(name="_journal/start.json", content=b"{}")], "holds no evaluation"),
}


@pytest.mark.parametrize("case", REFUSED_ARCHIVES)
def test_a_malformed_archive_is_refused_with_its_fault(tmp_path: Path, case: str) -> None:
    parts, message = REFUSED_ARCHIVES[case]
    with pytest.raises(LogRefusedError) as caught:
        read(tmp_path, *parts)
    assert message in str(caught.value)


def test_a_folder_an_absent_file_and_a_pipe_are_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, message in ((tmp_path, "is not a file"), (tmp_path / "absent", "No such file"), (pipe, "is not a file")):
        with pytest.raises(LogRefusedError, match=message):
            read_inspect_log(path)


def test_a_json_log_larger_than_the_limit_is_refused(tmp_path: Path) -> None:
    content = as_json(header(["a"], samples=[sample("a")]))
    path = write(tmp_path, content, "log.json")
    assert read_inspect_log(path, limits=Limits(member_bytes=len(content))).rows
    with pytest.raises(LogRefusedError, match="larger than"):
        read_inspect_log(path, limits=Limits(member_bytes=len(content) - 1))


def test_a_member_at_fault_is_named_in_a_way_that_can_be_shown(tmp_path: Path) -> None:
    with pytest.raises(LogRefusedError) as caught:
        read(tmp_path, Part(name="header.json\x1b[2J", content=b"{"), Part(name="header.json", content=b"{"))
    assert caught.value.member == "header.json"
    with pytest.raises(LogRefusedError) as caught:
        read(tmp_path, *PARTS, Part(name="samples/\x1b[2J_epoch_1.json", content=b"{"))
    assert str(caught.value).isprintable()
