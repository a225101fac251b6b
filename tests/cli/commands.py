"""Commands run as a person runs them: in this process where it is quick, in one of its own where that matters."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest
from click.exceptions import ClickException, Exit
from typer.main import get_command

from interlock.cli import main
from interlock.cli._application import build
from interlock.cli._spreading import spread_values

HALCYON: Final = Path(str(files("interlock") / "library" / "halcyon"))
FILES: Final = ("--policy", str(HALCYON / "policy.yaml"), "--events", str(HALCYON / "events.yaml"))
QUESTION: Final = ("--model", "halcyon-4", "--action", "train", "--as-of", "2026-11-25")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command left: its exit code and what it wrote."""

    exit: int
    out: str
    err: str


def run(*arguments: str, given: str = "") -> Ran:
    """Return what the command does, run in this process without a terminal."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    stdin = io.TextIOWrapper(io.BytesIO(given.encode()), encoding="utf-8")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), _stdin(stdin):
        code = main(arguments)
    texts = [stream.buffer.getvalue().decode() for stream in (out, err)]
    return Ran(exit=code, out=texts[0], err=texts[1])


@contextlib.contextmanager
def _stdin(stream: io.TextIOWrapper) -> Any:
    before = sys.stdin
    sys.stdin = stream
    try:
        yield
    finally:
        sys.stdin = before


def spawn(*arguments: str, cwd: Path | None = None, **environment: str) -> Ran:
    """Return what the command does in a process of its own, without a terminal."""
    done = subprocess.run(
        [sys.executable, "-m", "interlock", *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, **environment},
        timeout=120,
    )
    return Ran(exit=done.returncode, out=done.stdout, err=done.stderr)


def parsed(
    arguments: Sequence[str], monkeypatch: pytest.MonkeyPatch, module: ModuleType, answer: str
) -> tuple[Any, ...]:
    """Return what the parser hands to the function that answers a command; empty where it refuses or shows help."""
    handed: list[tuple[Any, ...]] = []

    def take(*given: Any) -> int:
        handed.append(given)
        return 0

    monkeypatch.setattr(module, answer, take)
    command = get_command(build())
    with contextlib.suppress(ClickException, Exit):
        command.main(args=spread_values(arguments), prog_name="interlock", standalone_mode=False)
    return handed[0] if handed else ()
