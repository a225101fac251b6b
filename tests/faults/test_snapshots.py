"""What is said of broken files and of questions that can't be asked, word for word, as it stands in 80 columns.

    REWRITE_SNAPSHOTS=1 .venv/bin/python -m pytest tests/faults -p no:xdist

writes what is said now beside the files; read the difference as the people would who have to mend such a file. A file
of `policies/` is checked, one of `events/` recorded, one of `inventories/` held beside a policy; `questions/asked.txt`
holds a question on each line.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Final

import pytest

from tests.cli.commands import HALCYON, Ran, run
from tests.faults.terminal import columns

HERE: Final = Path(__file__).resolve().parent
REWRITE: Final = os.environ.get("REWRITE_SNAPSHOTS") == "1"
POLICIES: Final = sorted(path for path in (HERE / "policies").iterdir() if path.suffix != ".txt")
EVENTS: Final = sorted(path for path in (HERE / "events").iterdir() if path.suffix != ".txt")
INVENTORIES: Final = sorted(path for path in (HERE / "inventories").iterdir() if path.suffix != ".txt")
ASKED: Final = HERE / "questions" / "asked.txt"


def snapshot_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.txt")


def compare(said: str, snapshot: Path) -> None:
    """Hold what is said to the snapshot; every line of ours fits a terminal of 80 columns."""
    assert max(map(columns, said.split("\n"))) <= 80
    if REWRITE:
        snapshot.write_text(said, encoding="utf-8")
    assert said == snapshot.read_text(encoding="utf-8")


def test_there_are_files_to_say_something_of() -> None:
    assert len(POLICIES) > 30
    assert len(EVENTS) > 9
    assert len(INVENTORIES) > 5
    assert len(ASKED.read_text(encoding="utf-8").splitlines()) > 20


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_what_is_said_of_a_broken_policy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    done = run("policy", "check", path.name)
    assert (done.exit, done.err) == (2, "")
    compare(done.out, snapshot_of(path))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    assert run("init", str(folder)).exit == 0
    return folder


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.name)
def test_what_is_said_of_a_broken_record(path: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    done = run("record", path.name, "--workspace", str(workspace))
    assert (done.exit, done.out) == (2, "")
    compare(done.err, snapshot_of(path))


@pytest.mark.parametrize("path", INVENTORIES, ids=lambda path: path.stem)
def test_what_is_said_of_a_broken_inventory(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    done = run("policy", "coverage", str(HALCYON / "policy.yaml"), "--inventory", path.name)
    assert (done.exit, done.out) == (2, "")
    compare(done.err, snapshot_of(path))


def test_what_is_said_of_questions_that_can_not_be_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files named are those of the example; each question is refused with its exit code, and nothing is decided."""
    for name in ("policy.yaml", "events.yaml"):
        (tmp_path / name).write_bytes((HALCYON / name).read_bytes())
    monkeypatch.chdir(tmp_path)
    said = [
        f"$ interlock {line}\n{_refusal(run(*shlex.split(line)))}" for line in ASKED.read_text("utf-8").splitlines()
    ]
    snapshot = snapshot_of(ASKED)
    whole = "\n".join(said)
    if REWRITE:
        snapshot.write_text(whole, encoding="utf-8")
    assert whole == snapshot.read_text(encoding="utf-8")
    ours = [line for line in whole.split("\n") if not line.startswith("$ ")]
    assert max(map(columns, ours)) <= 80


def _refusal(done: Ran) -> str:
    assert (done.exit, done.out) == (2, "")
    return done.err
