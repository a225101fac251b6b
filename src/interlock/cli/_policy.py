"""`interlock policy check`, whether policy files are sound, and the other commands of the group."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from interlock.app.decisions import check_policies
from interlock.cli import _policy_library, _policy_show
from interlock.cli._exits import DONE, REFUSED
from interlock.cli._groups import help_where_alone
from interlock.cli._output import print_json
from interlock.cli._page import Mark, Span, line, print_page
from interlock.cli._policy_coverage import coverage
from interlock.cli._policy_format import format_policies
from interlock.cli._policy_test import policy_test
from interlock.cli._questions import AsJson
from interlock.cli._refusals import fault_to_json
from interlock.notation import FaultsError

CHECK_SHAPE: Final = "interlock.check/1"
Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="Policy files.", show_default=False)]


def build() -> typer.Typer:
    """Return the group of commands."""
    group = typer.Typer(help="Check policy files, and say what they say.", invoke_without_command=True)
    group.callback()(help_where_alone)
    group.command("check")(check)
    group.command("show")(_policy_show.show)
    group.command("format")(format_policies)
    group.command("list")(_policy_library.list_bundled)
    group.command("schema")(_policy_library.schema)
    group.command("test")(policy_test)
    group.command("coverage")(coverage)
    return group


def check(files: Files, as_json: AsJson = False) -> int:
    """Check that policy files are sound, and report all faults of all of them at once.

    Exit code: 0 all sound, 2 a fault.
    """
    try:
        policies = check_policies(files)
    except FaultsError as error:
        if as_json:
            print_json({"shape": CHECK_SHAPE, "faults": [fault_to_json(fault) for fault in error.faults]})
        else:
            typer.echo(f"{error.draw()}\n\n{error.message}")
        return REFUSED
    if as_json:
        print_json({"shape": CHECK_SHAPE, "faults": []})
    else:
        print_page(
            line(Span("✓ sound", Mark.GOOD), f" {policy.file}: {policy.id} {policy.version} of {policy.issuer}")
            for policy in policies
        )
    return DONE
