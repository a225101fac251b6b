"""The options of a question, which `decide` and `explain` share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interlock.terms import ACTIONS


def _actions(incomplete: str) -> list[str]:
    return [action for action in ACTIONS if action.startswith(incomplete)]


Model = Annotated[str, typer.Option("--model", metavar="MODEL", help="The model asked about, as registered.")]
Action = Annotated[
    str,
    typer.Option(
        "--action",
        metavar="ACTION",
        autocompletion=_actions,
        help="What is to be done: train, store, deploy.external.public, …; a parent such as deploy asks for all of it.",
    ),
]
Policies = Annotated[
    list[Path] | None,
    typer.Option("--policy", metavar="FILE…", help="Policy files; without any, those of the workspace."),
]
Events = Annotated[
    list[Path] | None,
    typer.Option("--events", metavar="FILE…", help="Files of events; without any, the record of the workspace."),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="TIME",
        help="The time that the answer is for, such as 2026-03-01T12:00:00Z; in a workspace the default is now.",
    ),
]
KnownAt = Annotated[
    str | None,
    typer.Option("--known-at", metavar="TIME", help="Use only what was recorded by then; the default is --as-of."),
]
Weights = Annotated[
    str | None,
    typer.Option("--weights", metavar="DIGEST", help="The checkpoint asked about; the default is the newest named."),
]
AtCompute = Annotated[
    str | None,
    typer.Option(
        "--at-compute", metavar="FLOP", help="Answer for this effective compute, such as 2e26 FLOP, not the latest."
    ),
]
Readings = Annotated[
    list[str] | None,
    typer.Option(
        "--reading",
        metavar="TERM=READING…",
        help="Answer as if this reading of a disputed text had been ruled from the beginning: a hypothetical answer.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
InWorkspace = Annotated[
    Path | None,
    typer.Option("--workspace", metavar="DIR", help="The workspace; the default is the nearest, from here upwards."),
]
