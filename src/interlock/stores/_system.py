"""The calls that the file store makes to the operating system, one method each.

A test puts a failing or a killed one in the place of each. Nothing here decides anything.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Final

_MODE: Final = 0o644


class System:
    """The operating system's calls on files."""

    def open_to_read(self, path: Path) -> int:
        """Return a descriptor to read from; FileNotFoundError where there is no file."""
        return os.open(path, os.O_RDONLY)

    def open_to_append(self, path: Path) -> int:
        """Return a descriptor that writes at the end of the file, which is made where there is none."""
        return os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, _MODE)

    def open_folder(self, path: Path) -> int:
        """Return a descriptor of a folder, to make what is listed in it durable."""
        return os.open(path, os.O_RDONLY | os.O_DIRECTORY)

    def read(self, descriptor: int, size: int, offset: int) -> bytes:
        """Return at most `size` bytes from `offset`; fewer near the end."""
        return os.pread(descriptor, size, offset)

    def write(self, descriptor: int, content: bytes) -> int:
        """Write at the end, and return how many bytes were taken."""
        return os.write(descriptor, content)

    def truncate(self, descriptor: int, size: int) -> None:
        """Cut the file to `size` bytes."""
        os.ftruncate(descriptor, size)

    def sync(self, descriptor: int) -> None:
        """Return once everything written is on the disk."""
        os.fsync(descriptor)

    def lock(self, descriptor: int) -> None:
        """Take the exclusive lock of an open file at once; BlockingIOError where another has it."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def close(self, descriptor: int) -> None:
        """Close; a lock taken through the descriptor is given up."""
        os.close(descriptor)

    def process(self) -> int:
        """Return the id of this process."""
        return os.getpid()
