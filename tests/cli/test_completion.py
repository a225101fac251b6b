from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import spawn


def complete(words: str) -> list[str]:
    """Return what bash is offered for the last word."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from interlock.cli import main; sys.exit(main([]))"],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={
            "_INTERLOCK_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split(" ")) - 1),
        },
    )
    return done.stdout.split()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("interlock de", ["decide", "demo"]),
        ("interlock policy ", ["check", "coverage", "format", "list", "schema", "show", "test"]),
        ("interlock decide --action deploy.i", ["deploy.internal", "deploy.internal.research", "deploy.internal.wide"]),
        ("interlock decide --as", ["--as-of"]),
    ],
)
def test_commands_options_and_actions_are_completed(words: str, offered: list[str]) -> None:
    assert sorted(complete(words)) == offered


def test_a_shell_that_asks_for_completion_gets_no_decision() -> None:
    done = spawn(
        "decide",
        "--model",
        "m",
        "--action",
        "train",
        _INTERLOCK_COMPLETE="complete_bash",
        COMP_WORDS="",
        COMP_CWORD="0",
    )
    assert "HELD" not in done.out


@pytest.mark.slow
def test_the_script_for_a_shell_is_installed_where_the_shell_looks(tmp_path: Path) -> None:
    done = spawn(
        "--install-completion",
        "fish",
        HOME=str(tmp_path),
        XDG_CONFIG_HOME=str(tmp_path),
        _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1",
    )
    assert done.exit == 0
    scripts = list(tmp_path.rglob("interlock*"))
    assert len(scripts) == 1
    assert "_INTERLOCK_COMPLETE" in scripts[0].read_text(encoding="utf-8")
