"""The runner of conformance rows: what it writes, what it compares, and that it passes nothing it did not run."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.testing.__main__ import main, report
from interlock.testing.conformance import Answer, Result, Row, compare, load_rows, run_row

POLICY = "interlock: 1\npolicy: p\nrestrictions: {hold: {forbids: [train], when: {judged: q, by: [rso]}}}\n"
HELD = {"outcome": "held", "by_default": False, "exit": 1}
ASKED = {"model": "m1", "action": "train", "as_of": "2025-02-01T12:00:00Z"}


def folder(path: Path, rows: Sequence[dict[str, Any]], *, topic: str = "topic", policy: str = POLICY) -> Path:
    (path / "policies").mkdir(exist_ok=True)
    (path / "policies" / "p.yaml").write_text(policy, encoding="utf-8")
    bases = {"start": [{"event": "model.registered", "occurred": "2025-01-02T12:00:00Z", "subject": {"model": "m1"}}]}
    (path / f"{topic}.yaml").write_text(json.dumps({"bases": bases, "rows": list(rows)}), encoding="utf-8")
    return path


def row(**entries: Any) -> dict[str, Any]:
    ask = {"decide": ASKED}
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
    ("ask", "arguments"),
    [
        ({"duties": {"as_of": "2025-02-01"}}, ["--as-of", "2025-02-01", "--json"]),
        ({"replay": {"as_of": "2025-02-01"}}, ["--as-of", "2025-02-01", "--json"]),
        ({"replay": {}}, ["--json"]),
    ],
)
def test_duties_and_replays_are_asked_as_they_are_stated(
    tmp_path: Path, ask: dict[str, Any], arguments: list[str]
) -> None:
    seen: list[str] = []

    def run(given: Sequence[str]) -> Answer:
        seen[:] = given
        return Answer(exit=0, out="{}", err="")

    assert run_row(loaded(tmp_path, ask=ask, expect={"findings": []}), run).passed
    assert seen[0] == next(iter(ask))
    assert seen[5:] == arguments


DUE = {"id": "report", "instance": "m1", "state": "overdue", "due": "2025-04-01T00:00:00Z", "late_by": "P3D"}


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ([{"id": "report", "state": "overdue"}], [DUE]),
        ([{"id": "report", "state": "overdue", "due": "2025-04-01T02:00:00+02:00"}], [DUE]),
        ([{"id": "report", "state": "overdue", "late_by": "PT72H"}], [DUE]),
        ([{"id": "report", "state": "not-triggered"}], []),
        ([{"id": "report", "state": "not-triggered"}], [DUE | {"state": "done"}]),
        ([{"id": "report", "state": "overdue"}], [DUE, DUE | {"state": "not-triggered"}, DUE | {"id": "other"}]),
    ],
)
def test_duties_that_are_as_wanted_pass(
    tmp_path: Path, wanted: list[dict[str, Any]], given: list[dict[str, Any]]
) -> None:
    one = loaded(tmp_path, ask={"duties": {"as_of": "2025-04-04"}}, expect={"duties": wanted})
    assert run_row(one, answering({"duties": given})).misses == ()


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ([{"id": "report", "state": "overdue"}], []),
        ([{"id": "report", "state": "open"}], [DUE]),
        ([{"id": "report", "state": "overdue", "instance": "m2"}], [DUE]),
        ([{"id": "report", "state": "overdue", "due": "2025-04-01T00:00:01Z"}], [DUE]),
        ([{"id": "report", "state": "overdue", "due": "2025-04-01T00:00:00Z"}], [DUE | {"due": None}]),
        ([{"id": "report", "state": "overdue", "late_by": "P3DT1S"}], [DUE]),
        ([{"id": "report", "state": "overdue", "late_by": "P3D"}], [DUE | {"late_by": None}]),
        ([{"id": "report", "state": "overdue", "late_by": "three days"}], [DUE | {"late_by": None}]),
        ([{"id": "report", "state": "not-triggered"}], [DUE]),
        ([{"id": "report", "state": "overdue"}], [DUE, DUE]),
        ([{"id": "report", "state": "overdue"}, {"id": "report", "state": "overdue"}], [DUE]),
    ],
)
def test_duties_that_are_not_as_wanted_are_misses(
    tmp_path: Path, wanted: list[dict[str, Any]], given: list[dict[str, Any]]
) -> None:
    one = loaded(tmp_path, ask={"duties": {"as_of": "2025-04-04"}}, expect={"duties": wanted})
    assert run_row(one, answering({"duties": given})).misses != ()


def test_another_state_of_a_duty_may_be_allowed(tmp_path: Path) -> None:
    expect = {"duties": [{"id": "report", "state": "overdue"}], "may_also": ["open"]}
    one = loaded(tmp_path, ask={"duties": {"as_of": "2025-04-04"}}, expect=expect)
    assert run_row(one, answering({"duties": [DUE, DUE | {"state": "open"}]})).passed
    assert run_row(one, answering({"duties": [DUE, DUE | {"state": "excused"}]})).misses == (
        "duty report also excused",
    )


@pytest.mark.parametrize(
    ("wanted", "given", "misses"),
    [
        ([], [], ()),
        ([{}], [{"kind": "amendment", "id": "p"}], ()),
        ([{"id": "hold", "kind": "held-action"}], [{"kind": "held-action", "id": "hold"}], ()),
        ([{"id": "report", "late_by": "P3D"}], [{"kind": "duty-late", "id": "report", "late_by": "P3D"}], ()),
        ([], [{"kind": "amendment", "id": "p"}], ("breach amendment of p not wanted",)),
        ([{}], [], ("breach {} not among []",)),
        (
            [{"id": "report", "late_by": "P3D"}],
            [{"kind": "duty-late", "id": "report", "late_by": "P3DT1S"}],
            ("breach {'id': 'report', 'late_by': 'P3D'} not among [('duty-late', 'report', 'P3DT1S')]",),
        ),
        (
            [{"id": "hold"}],
            [{"kind": "held-action", "id": "hold"}, {"kind": "held-action", "id": "other"}],
            ("breach held-action of other not wanted",),
        ),
    ],
)
def test_each_departure_is_wanted_and_none_about_another_id(
    tmp_path: Path, wanted: list[dict[str, Any]], given: list[dict[str, Any]], misses: tuple[str, ...]
) -> None:
    one = loaded(tmp_path, ask={"replay": {}}, expect={"breaches": wanted})
    assert run_row(one, answering({"breaches": given})).misses == misses


def pieces(**fields: Any) -> Any:
    """Return lists of an answer's entries; what identifies one is in each, the rest may be left out."""
    required: dict[str, Any] = {name: fields.pop(name) for name in ("id", "state", "kind") if name in fields}
    return st.lists(st.fixed_dictionaries(required, optional=fields), max_size=4)


NAMES = st.sampled_from(["a", "b"])
STATES = st.sampled_from(["open", "done", "overdue", "not-triggered"])
KINDS = st.sampled_from(["held-action", "duty-late"])
DUES = st.sampled_from(["2025-04-01T00:00:00Z", "2025-04-01T02:00:00+02:00", "2025-05-01T00:00:00Z"])
LENGTHS = st.sampled_from(["PT0S", "P3D", "PT72H", "P1W", "P7DT0S", "PT1M1S"])
OR_NONE: Any = st.none()


@given(
    expect=st.fixed_dictionaries(
        {
            "duties": pieces(id=NAMES, state=STATES, instance=NAMES, due=DUES, late_by=LENGTHS),
            "breaches": pieces(id=NAMES, kind=KINDS, late_by=LENGTHS),
        },
        optional={"may_also": st.lists(STATES, max_size=1)},
    ),
    answer=st.fixed_dictionaries(
        {
            "duties": pieces(id=NAMES, state=STATES, instance=NAMES, due=DUES | OR_NONE, late_by=LENGTHS | OR_NONE),
            "breaches": pieces(id=NAMES, kind=KINDS, late_by=LENGTHS | OR_NONE),
        }
    ),
)
def test_the_comparison_is_that_of_the_public_suite(
    shared: Path, expect: dict[str, Any], answer: dict[str, Any]
) -> None:
    public = public_runner(shared / "conformance" / "run_conformance.py")
    out = json.dumps(answer)
    ours = compare(row_expecting(expect), Answer(exit=0, out=out, err=""), Path("p.yaml"))
    assert list(ours) == public.compare({"expect": expect}, 0, out, "", "p.yaml")


@cache
def public_runner(path: Path) -> Any:
    """Return the runner of the public suite as a module."""
    spec = importlib.util.spec_from_file_location("run_conformance", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def row_expecting(expect: dict[str, Any]) -> Row:
    return Row(topic="t", id="one", says="a rule", policies=(), events=(), verb="duties", question={}, expect=expect)


def test_a_patch_that_finds_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"nothing in p\.yaml to replace"):
        loaded(tmp_path, patch=[{"old": "nowhere", "new": "here"}])


def test_two_rows_of_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="row ids are repeated: one"):
        load_rows(folder(tmp_path, [row(), row()]))


def test_the_report_counts_what_passed_by_topic(tmp_path: Path) -> None:
    one, two = load_rows(folder(tmp_path, [row(), row(id="two")]))
    assert report([Result(row=one), Result(row=two)]) == ["topic: 2/2", "2/2 conformance rows"]
    lines = report([Result(row=one, misses=("exit 1, wanted 0",)), Result(row=two)])
    assert lines == [
        "MISS topic/one: exit 1, wanted 0 -- a rule",
        "topic: 1/2",
        "1/2 conformance rows",
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
    assert capsys.readouterr().out.splitlines()[-1].endswith("conformance rows")
