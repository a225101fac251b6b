"""Every conformance row passes through the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from interlock.testing.conformance import Answer, Row, load_rows, run_row
from tests.cli.commands import run
from tests.conftest import REPOSITORY, SHARED

PUBLIC = SHARED / "conformance"
OWN = REPOSITORY / "conformance"


def rows() -> Iterator[Row]:
    for folder in (PUBLIC, OWN):
        if folder.is_dir():
            yield from load_rows(folder)


def in_process(arguments: Sequence[str]) -> Answer:
    ran = run(*arguments)
    return Answer(exit=ran.exit, out=ran.out, err=ran.err)


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in rows()])
def test_the_command_line_passes(row: Row) -> None:
    result = run_row(row, in_process)
    assert result.misses == (), row.says


def test_the_repository_has_rows_of_its_own() -> None:
    assert {row.verb for row in load_rows(OWN)} == {"decide", "duties", "replay"}
    assert len(load_rows(OWN)) >= 300


@pytest.mark.slow
def test_the_public_runner_is_satisfied(shared: Path) -> None:
    """The runner of the public suite, as anyone runs it, on a small topic; `make conformance` runs every row so."""
    runner = shared / "conformance" / "run_conformance.py"
    program = Path(sys.executable).with_name("interlock")
    command = [sys.executable, str(runner), "--jobs", "2", "--only", "actions", str(runner.parent), str(program)]
    done = subprocess.run(
        command, capture_output=True, check=False, encoding="utf-8", timeout=300, env={**os.environ, "NO_COLOR": "1"}
    )
    assert done.stdout.splitlines()[-1].endswith("conformance rows")
    assert done.returncode == 0, done.stdout
