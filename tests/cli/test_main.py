"""Exit codes and errors: nothing that goes wrong may end as a permit, or put anything on standard output."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from interlock.cli import main
from interlock.stores import UncertainError
from tests.cli.commands import FILES, HALCYON, QUESTION, run, spawn


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("policy",),
        ("evidence",),
        ("decid",),
        ("--nonsense",),
        ("decide",),
        ("decide", "--model", "m"),
        ("decide", *FILES, *QUESTION, "--nonsense"),
        ("decide", *FILES, *QUESTION, "extra"),
        ("decide", *FILES, "--model", "m", "--action"),
        ("decide", *FILES, *QUESTION, "--policy"),
        ("policy", "check"),
        ("policy", "show"),
        ("record",),
        ("init",),
        ("evidence", "add", "log.eval"),
    ],
)
def test_wrong_usage_exits_2_with_nothing_on_standard_output(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert (done.exit, done.out) == (2, "")
    assert done.err


def test_wrong_usage_says_where_the_help_is() -> None:
    done = run("decide", "--model", "m")
    assert done.err == "error: missing option '--action'\n  see `interlock decide --help`\n"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("--as-of", "2026-06-01"), "is in force at 2026-06-01T00:00:00Z"),
        (("--as-of", "tomorrow"), "--as-of: `tomorrow` is not an instant"),
        (("--model", "halcyon-5"), "did you mean `halcyon-4`?"),
        (("--action", "deploy.external.publik"), "did you mean `deploy.external.public`?"),
        (("--weights", f"sha256:{'0' * 64}"), "names weights"),
        (("--at-compute", "1e25 FLOP"), "below what is recorded"),
    ],
)
def test_a_question_that_cannot_be_asked_exits_2(change: tuple[str, str], said: str) -> None:
    asked = dict(zip(QUESTION[::2], QUESTION[1::2], strict=True)) | {change[0]: change[1]}
    done = run("decide", *FILES, *(part for pair in asked.items() for part in pair))
    assert (done.exit, done.out) == (2, "")
    assert said in " ".join(done.err.split())


@pytest.mark.parametrize("as_json", [(), ("--json",)], ids=["text", "json"])
def test_a_rejected_policy_exits_2_with_nothing_on_standard_output(tmp_path: Path, as_json: tuple[str, ...]) -> None:
    policy = tmp_path / "policy.yaml"
    text = (HALCYON / "policy.yaml").read_text(encoding="utf-8")
    policy.write_text(text.replace("forbids: [train, store]", "forbidz: [train, store]", 1), encoding="utf-8")
    done = run("decide", "--policy", str(policy), *FILES[2:], *QUESTION, *as_json)
    assert (done.exit, done.out) == (2, "")
    assert "forbids" in done.err


def test_with_json_a_refusal_is_json_on_standard_error(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    events.write_text('{"event": "model.registere", "occurred": "2026-01-01T00:00:00Z", "subject": {"model": "m"}}\n')
    done = run("decide", *FILES[:2], "--events", str(events), *QUESTION, "--json")
    error = json.loads(done.err)
    assert (error["shape"], error["exit"], done.exit) == ("interlock.error/1", 2, 2)
    assert [(f["file"], f["line"], f["nearest"]) for f in error["faults"]] == [(str(events), 1, "model.registered")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("decide", "--json"), "missing option"),
        (("decide", *FILES, *QUESTION, "--json", "--as-of", "x"), "--as-of"),
        (("record", "none.jsonl", "--workspace", "nowhere", "--json"), "is no workspace"),
    ],
)
def test_with_json_every_refusal_has_the_same_shape(arguments: tuple[str, ...], message: str) -> None:
    done = run(*arguments)
    error = json.loads(done.err)
    assert list(error) == ["shape", "exit", "message", "advice", "faults"]
    assert (done.exit, done.out, error["exit"]) == (2, "", 2)
    assert message in error["message"]


def test_a_digest_that_does_not_verify_exits_5(tmp_path: Path) -> None:
    text = (HALCYON / "events.yaml").read_text(encoding="utf-8")
    events = tmp_path / "events.yaml"
    events.write_text(text.replace('version: "1.0"}', f'version: "1.0", digest: "sha256:{"0" * 64}"}}', 1))
    done = run("decide", *FILES[:2], "--events", str(events), *QUESTION)
    assert (done.exit, done.out) == (5, "")


def test_a_damaged_record_exits_5(tmp_path: Path) -> None:
    assert run("demo", "--into", str(tmp_path / "ws")).exit == 0
    record = tmp_path / "ws/events.jsonl"
    lines = record.read_text(encoding="utf-8").splitlines(keepends=True)
    record.write_text("".join(lines[:2] + lines[3:]), encoding="utf-8")
    done = run("decide", *QUESTION, "--workspace", str(tmp_path / "ws"))
    assert (done.exit, done.out) == (5, "")
    assert "damaged" in done.err


@pytest.mark.parametrize(
    "error", [ValueError("boom"), AssertionError("boom"), RecursionError("boom"), MemoryError("boom")]
)
def test_a_fault_of_the_program_exits_70_in_one_line_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("interlock.app.decisions.decide", fail)
    done = run("decide", *FILES, *QUESTION)
    assert (done.exit, done.out) == (70, "")
    assert done.err.startswith(f"error: {type(error).__name__}: boom\n")
    assert "Traceback" not in done.err
    assert "report it" in done.err


def test_the_traceback_is_shown_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("boom")

    monkeypatch.setattr("interlock.app.decisions.decide", fail)
    monkeypatch.setenv("INTERLOCK_DEBUG", "1")
    assert "Traceback" in run("decide", *FILES, *QUESTION).err


@pytest.mark.parametrize("code", [None, True, False, "0", 0.0])
def test_a_command_that_returns_no_exit_code_is_a_fault(monkeypatch: pytest.MonkeyPatch, code: object) -> None:
    """Typer ends with 0 where a command returns nothing."""
    monkeypatch.setattr("interlock.cli._policy.check_policies", lambda _: ())
    monkeypatch.setattr("interlock.cli._policy.DONE", code)
    assert run("policy", "check", "x").exit == 70


def test_ctrl_c_exits_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("interlock.app.decisions.decide", interrupted)
    assert run("decide", *FILES, *QUESTION).exit == 130
    monkeypatch.setattr("interlock.cli._policy.check_policies", interrupted)
    assert run("policy", "check", FILES[1]).exit == 130


_WAITING = """
import sys
from interlock.cli import main
from interlock.stores import UncertainError
print("up", file=sys.stderr, flush=True)
sys.exit(main(["record", "-"]))
"""


@pytest.mark.slow
def test_a_signal_while_waiting_for_input_exits_130(tmp_path: Path) -> None:
    assert run("init", str(tmp_path / "ws")).exit == 0
    process = subprocess.Popen(
        [sys.executable, "-c", _WAITING],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path / "ws",
    )
    assert process.stderr is not None
    process.stderr.readline()
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=2)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130


@pytest.mark.slow
@pytest.mark.parametrize("as_json", [(), ("--json",)], ids=["text", "json"])
def test_an_answer_that_nobody_reads_is_not_a_permit(as_json: tuple[str, ...]) -> None:
    """The reader closes its end before anything is written."""
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        [sys.executable, "-m", "interlock", "decide", *FILES, *QUESTION, *as_json],
        stdout=write_end,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write_end)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("as_json", [(), ("--json",)], ids=["text", "json"])
def test_an_answer_that_cannot_be_written_is_not_a_permit(as_json: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "interlock", "demo", *as_json], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 70
    assert b"no space left" in done.stderr


def test_without_a_standard_output_nothing_is_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", io.TextIOWrapper(io.BytesIO()))
    assert main(["decide", *FILES, *QUESTION]) == 70


def test_a_part_of_the_installation_that_is_missing_exits_70(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "interlock.cli._quick", None)
    assert run("decide", *FILES, *QUESTION).exit == 70


def test_python_m_runs_the_same_program() -> None:
    done = spawn("--version")
    assert (done.exit, done.err) == (0, "")
    assert done.out.startswith("interlock ")


def test_help_says_what_each_command_does() -> None:
    done = run("--help")
    assert done.exit == 0
    for verb in ("demo", "init", "policy", "record", "evidence", "decide", "explain"):
        assert verb in done.out


@pytest.mark.parametrize("as_json", [(), ("--json",)], ids=["text", "json"])
def test_half_a_character_in_an_argument_is_refused_like_any_other(as_json: tuple[str, ...]) -> None:
    done = run("decide", *FILES, "--model", "m\udcff", "--action", "train", "--as-of", "2026-11-25", *as_json)
    assert (done.exit, done.out) == (2, "")
    assert as_json == () or json.loads(done.err)["exit"] == 2


def test_whether_events_reached_the_disk_is_no_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They may be on the record, so the command must not say that it refused them."""

    def uncertain(*_: object, **__: object) -> None:
        raise UncertainError("whether the events reached the disk is unknown")

    assert run("init", str(tmp_path / "ws")).exit == 0
    monkeypatch.setattr("interlock.stores.JsonLinesStore.append", uncertain)
    done = run("record", str(HALCYON / "events.yaml"), "--workspace", str(tmp_path / "ws"))
    assert (done.exit, done.out) == (70, "")


def test_characters_that_a_locale_lacks_do_not_end_the_program() -> None:
    done = spawn("demo", PYTHONIOENCODING="ascii")
    assert (done.exit, done.err) == (0, "")
    assert "\\u2717 HELD" in done.out


@pytest.mark.parametrize("command", ["decide", "explain"])
@pytest.mark.parametrize("again", [("--model", "other"), ("--action=train",), ("--as-of", "2026-01-01")])
def test_a_question_stated_twice_is_refused_and_not_answered_for_one_of_them(
    command: str, again: tuple[str, ...]
) -> None:
    ran = run(command, *FILES, *QUESTION, *again)
    assert (ran.exit, ran.out) == (2, "")
    assert f"`{again[0].partition('=')[0]}` is stated more than once" in ran.err
