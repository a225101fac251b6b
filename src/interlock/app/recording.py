"""Recording: events of files, or made by an intake, are appended to the record of a workspace, all or none.

What is checked, while nobody else can write: that all events, as they would then be stored, are sound and refer to
what exists; that none is on the record already; that none says it was recorded later than now; and that the clock is
not behind the record, since an event stamped too early would change what was known before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from interlock.app._files import read_files
from interlock.app.clock import Clock
from interlock.app.errors import RecordRefused
from interlock.app.workspaces import Workspace
from interlock.notation import FaultsError
from interlock.record import Event, read_events
from interlock.terms import digest_of_json, format_instant

IMPORTED: Final = "x-imported"
_OF_THE_STORE: Final = frozenset({"recorded", IMPORTED, "x-batch"})
"""The fields that a store adds; an event is the same event without them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The events that were appended, as they are stored, and the record's file."""

    record: Path
    events: tuple[Event, ...]


def record_files(workspace: Workspace, paths: Sequence[Path], clock: Clock) -> Recorded:
    """Append the events of files (JSON Lines or YAML; `-` is the standard input) to the record, all or none.

    `recorded` is set from the clock unless an event states it, which is then kept and marked `x-imported: true`.
    FaultsError, RecordRefused or a StoreError where nothing is appended.
    """
    files = read_files(paths)
    stored = workspace.store(clock).read()
    record = str(workspace.record)
    # Read as they will stand, after the record: so faults point at the files, and references by index at the record.
    events = read_events([(record, stored.content), *files])[stored.count :]
    if not events:
        names = ", ".join(f"`{name}`" for name, _ in files)
        raise RecordRefused(f"there is no event in {names}", advice="an event is a line of JSON or an item of YAML")
    return append(workspace, [event.source for event in events], clock)


def append(workspace: Workspace, batch: Sequence[Mapping[str, Any]], clock: Clock) -> Recorded:
    """Append events that were made, not read from files, to the record, all or none; likewise checked."""
    now = clock()
    check = _Check(record=str(workspace.record), number=len(batch), now=now)
    workspace.store(lambda: now).append(batch, check=check)
    return Recorded(record=workspace.record, events=check.appended)


@dataclass(slots=True, kw_only=True)
class _Check:
    """The checks on all events as they would be stored; keeps those that are appended."""

    record: str
    number: int
    now: datetime
    appended: tuple[Event, ...] = ()

    def __call__(self, content: bytes) -> None:
        """Raise where the events of `content` are not to be stored."""
        try:
            events = read_events([(self.record, content)])
        except FaultsError as error:
            raise _unstorable(error) from None
        before, self.appended = events[: -self.number], events[-self.number :]
        self._check_clock(before)
        for event in self.appended:
            if event.recorded > self.now:
                told = format_instant(event.recorded)
                msg = f"event {event.index} says that it was recorded at {told}, which is later than now"
                raise RecordRefused(msg, advice="leave `recorded` out, or see whether this machine's clock is right")
        _check_new(before, self.appended)

    def _check_clock(self, before: Sequence[Event]) -> None:
        last = max((event.recorded for event in before), default=None)
        if last is not None and self.now < last:
            msg = f"the record's last event was recorded at {format_instant(last)}, and this machine's clock says "
            advice = "set the clock right: an event stamped too early would change what was known before"
            raise RecordRefused(msg + format_instant(self.now), advice=advice)


def _check_new(before: Sequence[Event], appended: Sequence[Event]) -> None:
    """Refuse an event that is on the record already, or stands in the batch twice."""
    known = {_identity(event): event.index for event in before}
    for event in appended:
        index = known.setdefault(_identity(event), event.index)
        if index != event.index:
            where = "on the record already" if index < appended[0].index else "in what is to be recorded"
            what = f"the {event.kind} of {format_instant(event.occurred)}"
            msg = f"{what} is {where}, as event {index}; nothing was recorded"
            raise RecordRefused(msg, advice="leave it out; to change what is recorded, record an event.corrected")


def _identity(event: Event) -> str:
    return digest_of_json({name: value for name, value in event.source.items() if name not in _OF_THE_STORE})


def _unstorable(error: FaultsError) -> RecordRefused:
    first = error.faults[0]
    msg = f"as they would be stored the events have a fault: {first.message} ({first.span.file}:{first.span.line})"
    advice = "a digest of an event holds only once it is recorded: record what is referred to first"
    return RecordRefused(msg, advice=advice)
