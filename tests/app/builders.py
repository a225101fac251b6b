"""Workspaces and clocks for tests of use cases."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

from interlock.app.clock import Clock
from interlock.app.workspaces import Workspace, make_workspace, open_workspace
from interlock.terms import parse_instant

HALCYON: Final = Path(str(files("interlock") / "library" / "halcyon"))
FIRST_CHECKPOINT: Final = "sha256:7760fe42cfa1ac0b9d2d8bcabfb5a913f3a65169c5cff2f6a883ce006a044896"
SECOND_CHECKPOINT: Final = "sha256:be8157b3a66022f83814f01a408d8b79f8a13ef7de57316818c058533aa25d86"
NOON: Final = "2026-11-24T12:00:00Z"


def clock_at(instant: str) -> Clock:
    """Return a clock that stands still."""
    return lambda: parse_instant(instant)


def workspace_in(folder: Path, *, protocols: bool = True) -> Workspace:
    """Return a workspace with Halcyon's policy, and its protocols if wanted; nothing is recorded in it."""
    make_workspace(folder, policies=[HALCYON / "policy.yaml"], developer=None)
    if protocols:
        settings = (HALCYON / "interlock.yaml").read_text(encoding="utf-8")
        (folder / "interlock.yaml").write_text(settings.replace("- policy.yaml", "- policies/policy.yaml"))
    return open_workspace(folder)


def write(folder: Path, name: str, text: str) -> Path:
    """Return the path of a file with that text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
