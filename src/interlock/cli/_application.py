"""The commands, put together. Each is one file; what it needs is imported when it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from interlock import __version__
from interlock.cli import _decide, _demo, _duties, _evidence, _init, _policy, _record, _replay, _status, _terms
from interlock.cli._groups import PROGRAM, help_where_alone


def build() -> typer.Typer:
    """Return the application."""
    application = typer.Typer(
        name=PROGRAM,
        help="Machine-checked if-then commitments of frontier-AI scaling policies.",
        context_settings={"help_option_names": ["-h", "--help"]},
        pretty_exceptions_enable=False,
        invoke_without_command=True,
    )
    application.callback()(_interlock)
    application.command("demo")(_demo.demo)
    application.command("init")(_init.init)
    application.add_typer(_policy.build(), name="policy")
    application.command("record")(_record.record)
    application.add_typer(_evidence.build(), name="evidence")
    application.command("decide")(_decide.decide)
    application.command("explain")(_decide.explain)
    application.command("duties")(_duties.duties)
    application.command("replay")(_replay.replay)
    application.command("terms")(_terms.terms)
    application.command("status")(_status.status)
    return application


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"interlock {__version__}")
        raise typer.Exit


def _interlock(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback has acted before
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> int | None:
    """Machine-checked if-then commitments of frontier-AI scaling policies."""
    return help_where_alone(context)
