"""Decisions: read policies and events, ask the engine, and refuse what can't be asked (LANGUAGE 8).

On files alone nothing else is read, no clock either, so that any outsider can recompute the answer. In a workspace its
policies and its record are read, and a question that states no time is asked as of now.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from interlock.app._files import NamedBytes, read_files
from interlock.app._questions import TypedQuestion, read_question
from interlock.app.clock import Clock
from interlock.app.errors import OptionRefused
from interlock.engine import Decision, Question, decide
from interlock.notation import Fault, FaultsError
from interlock.policy import Policy, decode_all
from interlock.record import Event, read_events

if TYPE_CHECKING:
    from interlock.app.workspaces import Workspace

__all__ = ["TypedQuestion", "check_policies", "decide_in_workspace", "decide_on_files"]


def decide_on_files(policies: Sequence[Path], events: Sequence[Path], typed: TypedQuestion) -> Decision:
    """Return the decision by the files alone.

    FileRefused, FaultsError (of all files at once), OptionRefused, or the engine's Refused and DigestMismatch.
    """
    _check_both(policies, events)
    question = read_question(typed, now=None)
    given = read_files([*policies, *events])
    return _decide(given[: len(policies)], given[len(policies) :], question)


def decide_in_workspace(workspace: Workspace, typed: TypedQuestion, clock: Clock) -> Decision:
    """Return the decision by the workspace's policies and record; as of now where the question states no time."""
    question = read_question(typed, now=clock())
    stored = workspace.store(clock).read()
    return _decide(workspace.policy_files(), [(str(workspace.record), stored.content)], question)


def _check_both(policies: Sequence[Path], events: Sequence[Path]) -> None:
    for option, other, files in (("--policy", "--events", policies), ("--events", "--policy", events)):
        if not files:
            advice = f"name files by `{option}` too, or leave out `{other}` to read a workspace"
            raise OptionRefused(f"`{other}` is given without `{option}`", advice=advice)


def _decide(policies: Sequence[NamedBytes], events: Sequence[NamedBytes], question: Question) -> Decision:
    """Return the decision; FaultsError with the faults of all files of both kinds."""
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
    return decide(decoded, happened, question)


def check_policies(paths: Sequence[Path]) -> tuple[Policy, ...]:
    """Return the policies of the files if all are sound; FaultsError with every fault of all of them."""
    return decode_all(read_files(paths))
