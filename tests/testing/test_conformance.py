"""The runner of conformance rows: what it writes, what it compares, and that it passes nothing it did not run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from interlock.testing.__main__ import main, report
from interlock.testing.conformance import Answer, Result, Row, load_rows, run_row

POLICY = "interlock: 1\npolicy: p\nrestrictions: {hold: {forbids: [train], when: {judged: q, by: [rso]}}}\n"
DISPUTED = (
    "interlock: 1\npolicy: p\n"
    "terms: {large: {readings: {a: {judged: q}, b: {judged: r}}}}\n"
    "restrictions: {hold: {when: WHEN}}\n"
)
HELD = {"outcome": "held", "by_default": False, "exit": 1}


def folder(path: Path, rows: Sequence[dict[str, Any]], *, topic: str = "topic", policy: str = POLICY) -> Path:
    (path / "policies").mkdir(exist_ok=True)
    (path / "policies" / "p.yaml").write_text(policy, encoding="utf-8")
    bases = {"start": [{"event": "model.registered", "occurred": "2025-01-02T12:00:00Z", "subject": {"model": "m1"}}]}
    (path / f"{topic}.yaml").write_text(json.dumps({"bases": bases, "rows": list(rows)}), encoding="utf-8")
    return path


def row(**entries: Any) -> dict[str, Any]:
    ask = {"decide": {"model": "m1", "action": "train", "as_of": "2025-02-01T12:00:00Z"}}
    return {"id": "one", "says": "a rule", "policy": "p.yaml", "base": "start", "ask": ask, "expect": HELD} | entries


def loaded(path: Path, **entries: Any) -> Row:
    return load_rows(folder(path, [row(**entries)]))[0]


def answering(answer: dict[str, Any], code: int = 1) -> Any:
    return lambda _arguments: Answer(exit=code, out=json.dumps(answer), err="")


def test_a_row_becomes_files_and_arguments(tmp_path: Path) -> None:
    seen: dict[str, Any] = {}

    def run(arguments: Sequence[str]) -> Answer:
        policy, events = (Path(arguments[arguments.index(name) + 1]) for name in ("--policy", "--events"))
        seen.update(arguments=list(arguments), policy=policy.read_text(encoding="utf-8"))
        seen["events"] = [json.loads(line) for line in events.read_text(encoding="utf-8").splitlines()]
        return Answer(exit=1, out=json.dumps(HELD), err="")

    event = {"event": "training.started", "occurred": "2025-01-03T12:00:00Z", "subject": {"model": "m1"}}
    patch = [{"old": "judged: q", "new": "judged: other"}]
    ask = {"decide": row()["ask"]["decide"] | {"known_at": "2025-03-01T00:00:00Z", "weights": "sha256:a"}}
    assert run_row(loaded(tmp_path, patch=patch, events=[event], ask=ask), run).passed
    assert seen["policy"] == POLICY.replace("judged: q", "judged: other")
    assert [one["event"] for one in seen["events"]] == ["model.registered", "training.started"]
    assert seen["arguments"][0] == "decide"
    assert seen["arguments"][-11:] == [
        "--model", "m1", "--action", "train", "--as-of", "2025-02-01T12:00:00Z",
        "--known-at", "2025-03-01T00:00:00Z", "--weights", "sha256:a", "--json",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("expect", "answer", "miss"),
    [
        ({"outcome": "permitted"}, HELD, "outcome held, wanted permitted"),
        ({"by_default": True}, HELD, "by_default False, wanted True"),
        ({"unrestricted": True}, HELD, "unrestricted None, wanted True"),
        ({"exit": 3}, HELD, "exit 1, wanted 3"),
        ({"restrictions": {"hold": "active"}}, {"restrictions": []}, "restriction hold None, wanted active"),
        ({"findings": ["reversed"]}, {"findings": [{"id": "other"}]}, "finding reversed missing"),
        (
            {"reasons": ["stale"]},
            {"restrictions": [{"id": "h", "state": "active", "reason": "stalemate"}]},
            "reason stale missing",
        ),
    ],
)
def test_what_the_row_names_and_the_answer_lacks_is_a_miss(
    tmp_path: Path, expect: dict[str, Any], answer: dict[str, Any], miss: str
) -> None:
    assert run_row(loaded(tmp_path, expect=expect), answering(answer)).misses == (miss,)


def test_what_the_row_does_not_name_is_not_compared(tmp_path: Path) -> None:
    answer = {"outcome": "held", "by_default": True, "restrictions": [{"id": "h", "state": "active"}], "findings": []}
    assert run_row(loaded(tmp_path, expect={"outcome": "held"}), answering(answer)).passed


def test_a_reason_may_go_on_after_what_is_wanted(tmp_path: Path) -> None:
    trace = {"when": {"reason": None, "children": [{"reason": "awaiting board, rso"}]}}
    answer = {"restrictions": [{"id": "h", "state": "active", "trace": trace}]}
    assert run_row(loaded(tmp_path, expect={"reasons": ["awaiting board"]}), answering(answer)).passed


@pytest.mark.parametrize(
    ("said", "misses"),
    [
        ("FILE:4:2: unknown key `forbidz`; did you mean `forbids`", ()),
        ('{"faults": [{"line": 4, "nearest": "forbids"}]}', ()),
        ("FILE:5:2: did you mean `forbids`", ("no fault at line 4, but at [5]",)),
        ("FILE:4:2: unknown key", ("no mention of 'forbids'",)),
    ],
)
def test_faults_are_looked_for_by_line_and_text(tmp_path: Path, said: str, misses: tuple[str, ...]) -> None:
    expect = {"exit": 2, "faults": [{"line": 4, "contains": "forbids"}]}
    checked = loaded(tmp_path, ask={"check": True}, expect=expect)

    def run(arguments: Sequence[str]) -> Answer:
        assert arguments[:2] == ["policy", "check"]
        return Answer(exit=2, out="", err=said.replace("FILE", Path(arguments[2]).name))

    assert run_row(checked, run).misses == misses


def test_an_answer_that_is_no_json_and_a_program_that_fails_are_misses(tmp_path: Path) -> None:
    def failing(_arguments: Sequence[str]) -> Answer:
        raise TimeoutError("120 seconds")

    one = loaded(tmp_path)
    (miss,) = run_row(one, lambda _arguments: Answer(exit=1, out="", err="Traceback")).misses
    assert miss == "no JSON (exit 1): 'Traceback'"
    assert run_row(one, failing).misses == ("TimeoutError: 120 seconds",)


@pytest.mark.parametrize(
    ("when", "construct"),
    [
        ("{term: large}", "readings"),
        ("{any: [{not: {term: large}}]}", "readings"),
        ("{readings: {id: x, a: {judged: q}, b: {judged: r}}}", "readings"),
        ("{judged: q}", None),
    ],
)
def test_a_row_that_uses_readings_waits_for_them(tmp_path: Path, when: str, construct: str | None) -> None:
    """A policy may define a disputed term: what matters is whether something asks for it."""
    policy = DISPUTED.replace("WHEN", when)
    (one,) = load_rows(folder(tmp_path, [row()], policy=policy))
    result = run_row(one, answering(HELD))
    assert result.waits_for == construct
    assert result.passed is (construct is None)


@pytest.mark.parametrize(
    ("topic", "ask"), [("duties", None), ("time", {"duties": {"as_of": "2025-02-01"}}), ("replay", None)]
)
def test_rows_of_later_topics_are_never_run(tmp_path: Path, topic: str, ask: dict[str, Any] | None) -> None:
    entry = row() if ask is None else row(ask=ask)
    (one,) = load_rows(folder(tmp_path, [entry], topic=topic))
    result = run_row(one, answering(HELD))
    assert result.waits_for is not None
    assert not result.passed
    assert result.misses == ()


def test_a_patch_that_finds_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"nothing in p\.yaml to replace"):
        loaded(tmp_path, patch=[{"old": "nowhere", "new": "here"}])


def test_two_rows_of_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="row ids are repeated: one"):
        load_rows(folder(tmp_path, [row(), row()]))


def test_the_report_counts_what_was_run_apart_from_what_waits(tmp_path: Path) -> None:
    one, two = load_rows(folder(tmp_path, [row(), row(id="two")]))
    lines = report([Result(row=one), Result(row=two, waits_for="duties")])
    assert lines == ["topic: 1/1, 1 not yet supported (duties)", "1/1 conformance rows, 1 not yet supported"]
    lines = report([Result(row=one, misses=("exit 1, wanted 0",)), Result(row=two)])
    assert lines == [
        "MISS topic/one: exit 1, wanted 0 -- a rule",
        "topic: 1/2",
        "1/2 conformance rows, 0 not yet supported",
    ]


@pytest.mark.parametrize(
    ("answer", "only", "code"), [("held", "", 0), ("permitted", "", 1), ("held", "no-such-row", 1)]
)
def test_the_program_exits_0_only_where_rows_were_run_and_all_passed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], answer: str, only: str, code: int
) -> None:
    folder(tmp_path, [row(expect={"outcome": "held"})])
    script = tmp_path / "answer.sh"
    script.write_text(f'#!/bin/sh\necho \'{{"outcome": "{answer}"}}\'\n', encoding="utf-8")
    script.chmod(0o700)
    assert main([str(tmp_path), "--only", only, "--", str(script)]) == code
    assert capsys.readouterr().out.splitlines()[-1].endswith("not yet supported")
