"""`interlock status`: what is overdue, falls due, is held and awaits a signature, and what changed, on one screen."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interlock.cli._exits import DONE, FOUND
from interlock.cli._output import print_json
from interlock.cli._page import print_page, width_of
from interlock.cli._questions import AsJson, AsOf, Events, InWorkspace, Policies, Readings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from interlock.app.status import Status
    from interlock.app.survey import TypedSpan

Since = Annotated[
    str | None,
    typer.Option("--since", metavar="TIME", help="Show what changed since then; the default is a week before."),
]


def status(
    *,
    policy: Policies = None,
    events: Events = None,
    as_of: AsOf = None,
    since: Since = None,
    reading: Readings = None,
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> int:
    """Show on one screen what is overdue, falls due within 14 days, is held, awaits a signature, and has changed.

    Exit code: as for `duties`.
    """
    from interlock import __version__
    from interlock.app.duties import something_is_found

    found = _status(policy or (), events or (), _span(as_of, since, reading), workspace)
    if as_json:
        from interlock.cli._status_json import status_to_json

        print_json(status_to_json(found, engine=f"interlock {__version__}"))
    else:
        from interlock.cli._status_page import status_page

        print_page(status_page(found, width=width_of(sys.stdout)))
    return FOUND if something_is_found(found.report) else DONE


def _span(as_of: str | None, since: str | None, readings: Sequence[str] | None) -> TypedSpan:
    from interlock.app.survey import TypedSpan

    return TypedSpan(as_of=as_of, since=since, readings=tuple(readings or ()))


def _status(policies: Sequence[Path], events: Sequence[Path], span: TypedSpan, workspace: Path | None) -> Status:
    from interlock.app.clock import system_clock
    from interlock.app.errors import OptionRefused
    from interlock.app.survey import status_in_workspace, status_on_files
    from interlock.app.workspaces import open_workspace

    if policies or events:
        if workspace is not None:
            raise OptionRefused("`--workspace` and files are two places to look in", advice="name one of them")
        return status_on_files(policies, events, span)
    return status_in_workspace(open_workspace(workspace), span, system_clock)
