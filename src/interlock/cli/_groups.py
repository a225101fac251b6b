"""Groups of commands: what becomes of one that is called without a command."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from typing import Final

import typer

from interlock.cli._exits import REFUSED

PROGRAM: Final = "interlock"
"""The group that all commands are in."""


def help_where_alone(context: typer.Context) -> int | None:
    """Print the help of a group that was called without a command, which is wrong usage."""
    if context.invoked_subcommand is not None:
        return None
    # Typer prints a help with colours by itself, to whatever is standard output then.
    with redirect_stdout(sys.stderr):
        typer.echo(context.get_help())
    return REFUSED
