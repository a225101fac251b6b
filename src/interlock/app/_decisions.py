"""Decisions on files: read the policies and events named, ask the engine, and refuse what can't be asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from interlock.app._files import NamedBytes, read_files
from interlock.app._questions import TypedQuestion, read_question
from interlock.engine import Decision, decide
from interlock.notation import Fault, FaultsError
from interlock.policy import Policy, decode_all
from interlock.record import Event, read_events


def decide_on_files(policies: Sequence[Path], events: Sequence[Path], typed: TypedQuestion) -> Decision:
    """Return the decision by the files alone; nothing else is read, no clock either.

    FileRefused, FaultsError (of all files at once), OptionRefused, or the engine's Refused and DigestMismatch.
    """
    question = read_question(typed, now=None)
    given = read_files([*policies, *events])
    read = read_both(given[: len(policies)], given[len(policies) :])
    return decide(read[0], read[1], question)


def read_both(
    policies: Sequence[NamedBytes], events: Sequence[NamedBytes]
) -> tuple[tuple[Policy, ...], tuple[Event, ...]]:
    """Return the policies and the events; FaultsError with the faults of all files of both."""
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
    return decoded, happened


def check_policies(paths: Sequence[Path]) -> tuple[Policy, ...]:
    """Return the policies of the files if all are sound; FaultsError with every fault of all of them."""
    return decode_all(read_files(paths))
