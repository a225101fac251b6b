"""The errors of stores.

StoreError(InterlockError)
├── LockedError       another process is writing; try again
├── UnwritableError   the folder or the disk does not take what is to be written; nothing of the batch is stored
├── UncertainError    the batch was written, and whether it reached the disk is unknown; read before writing it again
└── DamagedError      the stored file is not one that this store wrote, or was changed since; never repaired by itself
"""

from __future__ import annotations

from interlock.terms import InterlockError


class StoreError(InterlockError):
    """A store refuses."""


class LockedError(StoreError):
    """Another process is writing to the store; `holder` is its process id, where it is known."""

    def __init__(self, message: str, *, holder: int | None, advice: str | None = None) -> None:
        super().__init__(message, advice=advice)
        self.holder = holder


class UnwritableError(StoreError):
    """The events could not be written, and nothing of the batch is stored."""


class UncertainError(StoreError):
    """Whether the batch stays stored can't be told: it is whole or absent, as a reading after the next start says."""


class DamagedError(StoreError):
    """A stored file that is not as a store leaves it, not even one that was killed."""
