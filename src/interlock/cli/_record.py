"""`interlock record`: events of files onto the record of a workspace, all or none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from interlock.cli._exits import DONE
from interlock.cli._output import print_json
from interlock.cli._page import Line, Mark, Span, command, line, print_page
from interlock.cli._questions import AsJson, InWorkspace
from interlock.record import Event
from interlock.terms import format_instant

SHAPE: Final = "interlock.recorded/1"
Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE…", help="Events as JSON Lines or YAML; - is the standard input.", show_default=False),
]


def record(files: Files, workspace: InWorkspace = None, as_json: AsJson = False) -> int:
    """Append events to the record of the workspace, all of them or none.

    The time of recording is set from the clock; one that a file states is kept and marked as imported.
    """
    from interlock.app.clock import system_clock
    from interlock.app.recording import Recorded, record_files
    from interlock.app.workspaces import open_workspace

    recorded: Recorded = record_files(open_workspace(workspace), files, system_clock)
    if as_json:
        print_json(
            {"shape": SHAPE, "record": str(recorded.record), "events": [event_to_json(e) for e in recorded.events]}
        )
    else:
        print_page(_page(recorded.events, recorded.record, workspace))
    return DONE


def event_to_json(event: Event) -> dict[str, Any]:
    """Return what a recorded event is known by."""
    return {
        "index": event.index,
        "digest": event.digest,
        "event": event.kind,
        "occurred": format_instant(event.occurred),
        "recorded": format_instant(event.recorded),
        "imported": event.source.get("x-imported") is True,
    }


def _page(events: tuple[Event, ...], record: Path, workspace: Path | None) -> Iterator[Line]:
    first, last = events[0].index, events[-1].index
    which = f"event {first}" if first == last else f"{len(events)} events, {first} to {last},"
    yield line(Span("✓ recorded", Mark.GOOD), f" {which} in {record}")
    imported = sum(1 for event in events if event.source.get("x-imported") is True)
    if imported:
        yield line(f"{imported} of them stated when they were recorded, and are marked as imported", indent=2)
    model = next((event.subject.model for event in reversed(events) if event.subject.model), "MODEL")
    options = [] if workspace is None else ["--workspace", str(workspace)]
    yield line("next:", indent=2)
    yield from command("interlock", "decide", "--model", model, "--action", "train", *options)
