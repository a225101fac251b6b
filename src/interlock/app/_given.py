"""What a run is given: policies and events, of files or of a workspace, read whole with the faults of all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from interlock.app._files import NamedBytes, read_files
from interlock.app.clock import Clock
from interlock.app.errors import OptionRefused
from interlock.engine import Rulings
from interlock.notation import Fault, FaultsError
from interlock.policy import Policy, decode_all
from interlock.record import Event, read_events

if TYPE_CHECKING:
    from interlock.app.workspaces import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Every version of every policy given, and every event, in the order given; and what is assumed of their words."""

    policies: tuple[Policy, ...]
    events: tuple[Event, ...]
    assumed: Rulings = field(default_factory=dict)


def given_by_files(policies: Sequence[Path], events: Sequence[Path]) -> Given:
    """Return what the files hold; FileRefused, or FaultsError with the faults of all of them."""
    read = read_files([*policies, *events])
    return _decoded(read[: len(policies)], read[len(policies) :])


def given_by_workspace(workspace: Workspace, clock: Clock) -> Given:
    """Return what the workspace's policies and its record hold; likewise refused, or a StoreError."""
    stored = workspace.store(clock).read()
    return _decoded(workspace.policy_files(), [(str(workspace.record), stored.content)])


def check_both(policies: Sequence[Path], events: Sequence[Path]) -> None:
    """Refuse files of one kind without the other: OptionRefused says what is missing."""
    for option, other, files in (("--policy", "--events", policies), ("--events", "--policy", events)):
        if not files:
            advice = f"name files by `{option}` too, or leave out `{other}` to read a workspace"
            raise OptionRefused(f"`{other}` is given without `{option}`", advice=advice)


def _decoded(policies: Sequence[NamedBytes], events: Sequence[NamedBytes]) -> Given:
    faults: list[Fault] = []
    total = 0
    decoded: tuple[Policy, ...] = ()
    happened: tuple[Event, ...] = ()
    try:
        decoded = decode_all(policies)
    except FaultsError as error:
        faults += error.faults
        total += error.total
    try:
        happened = read_events(events)
    except FaultsError as error:
        faults += error.faults
        total += error.total
    if total:
        raise FaultsError(faults, total=total)
    return Given(policies=decoded, events=happened)
