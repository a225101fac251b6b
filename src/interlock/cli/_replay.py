"""`interlock replay`: what was held, due and done over time, on files, in a workspace, or of a bundled replay."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interlock.cli._questions import AsJson, Events, InWorkspace, Policies, Readings


def _names(incomplete: str) -> list[str]:
    from interlock.library import replay_names

    return [name for name in (*replay_names(), "list") if name.startswith(incomplete)]


Name = Annotated[
    str | None,
    typer.Argument(
        metavar="[NAME]", autocompletion=_names, show_default=False, help="A replay that ships with it, or `list`."
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="TIME", help="Up to when; on files the last instant on record, otherwise now."),
]
Under = Annotated[
    str | None,
    typer.Option("--under", metavar="POLICY@VERSION", help="Judge as if this version had been in force throughout."),
]
Map = Annotated[
    Path | None,
    typer.Option("--map", metavar="FILE", help="Names in the events, by the names that the policy has for them."),
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only", metavar="ITEM…", help="Look at these items of the policies alone, and say nothing of the rest."
    ),
]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write it as a page that stands by itself.")]


def replay(
    name: Name = None,
    *,
    policy: Policies = None,
    events: Events = None,
    as_of: AsOf = None,
    under: Under = None,
    names: Map = None,
    reading: Readings = None,
    only: Only = None,
    html: Html = None,
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> int:
    """Replay what happened: departures under an encoding of a policy, findings, and what was held and due when.

    Exit code: 0 nothing found, 1 a departure or a finding.
    """
    from interlock.cli._replaying import ReplayRequest, show

    return show(
        ReplayRequest(
            name=name,
            policies=policy or (),
            events=events or (),
            as_of=as_of,
            under=under,
            names=names,
            readings=tuple(reading or ()),
            only=tuple(only or ()),
            html=html,
            workspace=workspace,
            as_json=as_json,
        )
    )
