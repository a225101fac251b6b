"""The port of event stores: the smallest that a workspace needs, and what every store owes its callers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvents:
    """The events of a store: `content` is JSON Lines in UTF-8, one event on each of `count` lines, in order.

    `ignored` is how many bytes of a batch that was never completed follow in the file; they are no events.
    """

    content: bytes
    count: int
    ignored: int = 0


Check = Callable[[bytes], object]
"""Raises if the events, as JSON Lines, are not to be stored."""


class EventStore(Protocol):
    """Keeps events in the order in which they were appended, and forgets none.

    Obligations of every store:

    - *Append-only.* A stored event never changes, never moves, never leaves. Its index is its place from 0.
    - *All or nothing.* Of a batch all events are stored or none, also if the process is killed or the disk is full at
      any point. When `append` returns, the batch is on the disk. When it raises an error, nothing of the batch is
      stored; UncertainError alone leaves open whether all of it is.
    - *One writer.* While one process writes, others are refused with LockedError and never wait.
    - *Readers need no lock.* They see some number of whole batches, and later at least those.
    - *Time is the caller's.* `recorded` of an event that states none is the instant of the clock handed to the store.
      One that states its own keeps it and is marked `x-imported: true`.
    - *No judgement.* Whether an event is sound is the caller's to know before it is appended: a store takes any JSON
      object, and a record with an unsound event can't be read at all.
    """

    def read(self) -> StoredEvents:
        """Return all stored events; none where nothing was ever stored. DamagedError where they can't be told."""
        ...

    def append(self, batch: Sequence[Mapping[str, Any]], *, check: Check | None = None) -> int:
        """Store the events of `batch` in order, and return the index of the first; that of the next for no events.

        `check` is given, while no one else can write, all events as they would then be stored, as JSON Lines. If it
        raises, nothing is stored: so a record that can't be read, or refers to nothing, never comes to be.
        """
        ...
