"""The commands, put together. Each is one file; what it needs is imported when it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from interlock import __version__
from interlock.cli import _decide, _policy
from interlock.cli._exits import REFUSED


def build() -> typer.Typer:
    """Return the application."""
    application = typer.Typer(
        name="interlock",
        help="Machine-checked if-then commitments of frontier-AI scaling policies.",
        context_settings={"help_option_names": ["-h", "--help"]},
        pretty_exceptions_enable=False,
        invoke_without_command=True,
    )
    application.callback()(_interlock)
    application.command("decide")(_decide.decide)
    application.add_typer(_policy.build(), name="policy")
    return application


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"interlock {__version__}")
        raise typer.Exit


def _interlock(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> int | None:
    """Machine-checked if-then commitments of frontier-AI scaling policies."""
    return help_where_alone(context)


def help_where_alone(context: typer.Context) -> int | None:
    """Print the help of a group that was called without a command, which is wrong usage."""
    if context.invoked_subcommand is not None:
        return None
    typer.echo(context.get_help(), err=True)
    return REFUSED
