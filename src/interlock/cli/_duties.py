"""`interlock duties`: what must be done, by when, and how late it is; as a table, JSON or a calendar."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interlock.cli._questions import AsJson, AsOf, Events, InWorkspace, KnownAt, Policies, Readings

Calendar = Annotated[
    Path | None,
    typer.Option("--ics", metavar="FILE", help="Write a calendar feed (iCalendar); - is the standard output."),
]
ShowAll = Annotated[bool, typer.Option("--all", help="List those too that are not triggered, or done a while ago.")]


def duties(
    *,
    policy: Policies = None,
    events: Events = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    reading: Readings = None,
    workspace: InWorkspace = None,
    ics: Calendar = None,
    show_all: ShowAll = False,
    as_json: AsJson = False,
) -> int:
    """List what must be done: what is overdue, open, not known, excused or superseded, pledges and goals.

    Exit code: 1 where a binding duty is overdue or was done late, a binding pledge is not shown to be kept, or there is
    a finding; else 0.
    """
    from interlock.app.duties import TypedTimes
    from interlock.cli._duty_asking import DutiesRequest, answer_duties

    asked = DutiesRequest(
        times=TypedTimes(as_of=as_of, known_at=known_at, readings=tuple(reading or ())),
        policies=policy or (),
        events=events or (),
        workspace=workspace,
        calendar=ics,
        show_all=show_all,
        as_json=as_json,
    )
    return answer_duties(asked)
