"""Asking for duties: the request as its options state it, the page, JSON or calendar, and the exit code.

Loads without the command line's libraries, so that plain arguments are quickly answered.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from interlock import __version__
from interlock.app.assumptions import Under, with_assumptions
from interlock.app.duties import (
    TypedTimes,
    duties_in_workspace,
    duties_on_files,
    something_is_found,
)
from interlock.app.errors import OptionRefused
from interlock.cli._dispute_words import assumption_lines
from interlock.cli._duty_page import duty_page
from interlock.cli._exits import DONE, FOUND
from interlock.cli._output import print_json
from interlock.cli._page import BLANK, Line, Mark, Span, line, print_page, width_of
from interlock.cli._plain import Options, Plain, plain
from interlock.engine import DutyReport, duties_to_json

DUTIES: Final = "duties"
STANDARD_OUTPUT: Final = Path("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class DutiesRequest:
    """What is asked, where it is looked for, and how it is given: files, or else the workspace in a folder."""

    times: TypedTimes
    policies: Sequence[Path] = ()
    events: Sequence[Path] = ()
    workspace: Path | None = None
    calendar: Path | None = None
    show_all: bool = False
    as_json: bool = False


_OPTIONS: Final = Options(
    single=frozenset({"--as-of", "--known-at", "--workspace", "--ics"}),
    several=frozenset({"--policy", "--events", "--reading"}),
    flags=frozenset({"--all", "--json"}),
)


def read_duties_plainly(arguments: Sequence[str]) -> DutiesRequest | None:
    """Return the request that the arguments of `duties` state, or None where they are not plain."""
    if not arguments or arguments[0] != DUTIES:
        return None
    read = plain(arguments[1:], _OPTIONS)
    if read is None:
        return None
    return DutiesRequest(
        times=_times(read),
        policies=read.paths("--policy"),
        events=read.paths("--events"),
        workspace=read.path("--workspace"),
        calendar=read.path("--ics"),
        show_all=read.flag("--all"),
        as_json=read.flag("--json"),
    )


def _times(read: Plain) -> TypedTimes:
    return TypedTimes(
        as_of=read.single("--as-of"), known_at=read.single("--known-at"), readings=read.texts("--reading")
    )


def answer_duties(request: DutiesRequest) -> int:
    """Print how the duties stand, and return the exit code: 1 where something is found."""
    if request.as_json and request.calendar == STANDARD_OUTPUT:
        raise OptionRefused("`--json` and `--ics -` both go to standard output", advice="name a file by `--ics`")
    found = _report(request)
    report = found.result
    if request.calendar is not None:
        _give_calendar(report, request.calendar)
    if request.as_json:
        print_json(with_assumptions(duties_to_json(report, engine=f"interlock {__version__}"), found.assumed))
    elif request.calendar != STANDARD_OUTPUT:
        print_page(_page(found, request))
    return FOUND if something_is_found(report) else DONE


def _report(request: DutiesRequest) -> Under[DutyReport]:
    if request.policies or request.events:
        if request.workspace is not None:
            raise OptionRefused("`--workspace` and files are two places to look in", advice="name one of them")
        return duties_on_files(request.policies, request.events, request.times)
    # What reads a workspace takes a while to load, and a report on files does without it.
    from interlock.app.clock import system_clock
    from interlock.app.workspaces import open_workspace

    return duties_in_workspace(open_workspace(request.workspace), request.times, system_clock)


def _give_calendar(report: DutyReport, path: Path) -> None:
    # Other people's formats take a while to load, and a table of duties does without them.
    from interlock.app.calendars import calendar_of, write_calendar

    if path != STANDARD_OUTPUT:
        write_calendar(report, path)
        return
    content = calendar_of(report)
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _page(found: Under[DutyReport], request: DutiesRequest) -> Iterator[Line]:
    yield from assumption_lines(found.assumed)
    yield from duty_page(found.result, show_all=request.show_all, width=width_of(sys.stdout))
    if request.calendar is not None:
        yield BLANK
        yield line(Span("✓ written", Mark.GOOD), f" the calendar, to {request.calendar}")
