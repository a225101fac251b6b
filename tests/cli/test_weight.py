"""What a decision costs to load: a gate runs one before each action."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import FILES, QUESTION, spawn

HEAVY = {"inspect_ai", "numpy", "pandas", "pydantic", "rich", "scipy", "typer", "z3", "zstandard"}
LOADED = """
import sys
from interlock.cli import main
code = main(sys.argv[1:])
print(__import__("json").dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]), file=sys.stderr)
"""


def loaded_by(*arguments: str) -> tuple[int, set[str]]:
    """Return the exit code of a command and the packages that it loaded."""
    done = subprocess.run([sys.executable, "-c", LOADED, *arguments], capture_output=True, check=True, encoding="utf-8")
    code, names = json.loads(done.stderr.splitlines()[-1])
    return code, set(names)


@pytest.mark.parametrize("arguments", [("decide", "--json"), ("decide",), ("explain",)], ids=" ".join)
def test_a_decision_on_files_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    verb, *rest = arguments
    code, names = loaded_by(verb, *FILES, *QUESTION, *rest)
    assert code == 3
    assert {"interlock", "yaml"} <= names
    assert names & HEAVY == set()


def test_a_decision_in_a_workspace_loads_nothing_heavy(tmp_path: Path) -> None:
    assert spawn("demo", "--into", str(tmp_path / "ws")).exit == 0
    code, names = loaded_by("decide", *QUESTION, "--workspace", str(tmp_path / "ws"))
    assert code == 0
    assert names & HEAVY == set()


@pytest.mark.parametrize("arguments", [("--json",), ("--all",)], ids=" ".join)
def test_duties_on_files_load_nothing_heavy(arguments: tuple[str, ...]) -> None:
    """The calendar format least of all, which only `--ics` needs."""
    code, names = loaded_by("duties", *FILES, "--as-of", "2026-11-25", *arguments)
    assert code in {0, 1}
    assert names & (HEAVY | {"icalendar"}) == set()


def test_checking_a_policy_needs_neither_numbers_nor_solvers_nor_inspect() -> None:
    code, names = loaded_by("policy", "check", FILES[1])
    assert code == 0
    assert names & {"inspect_ai", "numpy", "pandas", "scipy", "z3", "zstandard"} == set()


@pytest.mark.slow
def test_a_decision_takes_a_fraction_of_a_second_of_processor_time() -> None:
    """0.2 s where this was written. The bound is wide, as a shared machine drifts; the modules above are the gate."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert spawn("decide", *FILES, *QUESTION, "--json").exit == 3
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime) < 2


def test_the_demonstration_needs_no_network(tmp_path: Path) -> None:
    """Any attempt to connect would be an error, and end with 70."""
    (tmp_path / "sitecustomize.py").write_text(
        "import socket\n\ndef refuse(*_, **__):\n    raise OSError('no network')\n\nsocket.socket = refuse\n"
        "socket.create_connection = refuse\n"
    )
    assert spawn("demo", PYTHONPATH=str(tmp_path)).exit == 0
