"""An event store in one file of JSON Lines that anyone can read.

How a batch comes to be whole or not at all:

1. The writer takes an exclusive lock on `FILE.lock` (flock), which the system gives up when the process ends in
   whatever way. The file beside the lock names the holder for others' messages and means nothing else.
2. It reads the file and cuts off what a killed writer left of a batch, which `_lines` tells from whole batches.
3. It appends the lines of the batch without the last brace and line end, and syncs. The batch does not exist yet: its
   last line is no JSON, and its other lines say that they are 1, 2, … of n.
4. It appends the last brace and line end, and syncs. With the brace the batch exists, and since all before it was on
   the disk by then, no order in which the disk takes blocks can show the brace without the rest.

Killed before the brace is written, the tail is ignored by readers and cut off by the next writer; killed after it, the
batch is whole. A full disk or another error before the brace is undone by cutting the file back, and if even that
fails, the tail is ignored all the same. After the brace nothing is undone, as a reader may have seen the batch: an
error then is UncertainError. Nothing is ever overwritten, renamed or removed.

Readers take no lock. They read twice, because a writer may cut a tail and append while they read, and use what the
second reading confirms. A store costs O(size of the file) for each reading and each append.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from interlock.stores._errors import LockedError, StoreError, UncertainError, UnwritableError
from interlock.stores._lines import find_batches, write_batch
from interlock.stores._port import Check, StoredEvents
from interlock.stores._system import System

_COMPLETION: Final = b"}\n"
_CHUNK: Final = 1 << 20
_READINGS: Final = 20
"""More readings than this disagree only where the file is rewritten all the time, which no writer of a store does."""


class JsonLinesStore:
    """Keeps events in the file at `path`; `clock` gives the instant at which events come to be recorded.

    The folder must exist. The file is made by the first `append`, and `path` with `.lock` added beside it.
    """

    def __init__(self, path: Path, *, clock: Callable[[], datetime], system: System | None = None) -> None:
        self._path = path.resolve()  # one file has one lock, by whatever link it is reached
        self._lock = self._path.with_name(f"{self._path.name}.lock")
        self._clock = clock
        self._system = system or System()

    def read(self) -> StoredEvents:
        """Return all stored events; none where there is no file yet."""
        try:
            content = self._confirmed_content()
        except FileNotFoundError:
            return StoredEvents(content=b"", count=0)
        except OSError as error:
            msg = f"`{self._path}` can't be read: {_reason(error)}"
            raise StoreError(msg) from error
        found = find_batches(content, str(self._path))
        return StoredEvents(content=content[: found.size], count=found.count, ignored=len(content) - found.size)

    def append(self, batch: Sequence[Mapping[str, Any]], *, check: Check | None = None) -> int:
        """Store the events of `batch`, all or none, and return the index of the first."""
        with self._locked(), self._opened() as descriptor:
            try:
                content = self._content(descriptor)
            except OSError as error:
                raise self._unwritable(error) from error
            found = find_batches(content, str(self._path))
            if not batch:
                return found.count
            whole = content[: found.size]
            lines = write_batch(batch, self._clock())
            if whole and not whole.endswith(b"\n"):
                lines = b"\n" + lines
            if check is not None:
                check(whole + lines)
            self._prepare(descriptor, lines.removesuffix(_COMPLETION), size=found.size, cut=len(content) > found.size)
            self._complete(descriptor)
        return found.count

    def _prepare(self, descriptor: int, lines: bytes, *, size: int, cut: bool) -> None:
        """Put all of a batch but its completion on the disk, or cut the file back to `size` and raise."""
        try:
            if cut:
                self._system.truncate(descriptor, size)
            if size == 0:
                self._sync_folder()
            self._write(descriptor, lines)
            self._system.sync(descriptor)
        except BaseException as error:
            self._undo(descriptor, size)
            if isinstance(error, OSError):
                raise self._unwritable(error) from error
            raise

    def _complete(self, descriptor: int) -> None:
        """Make the batch exist; if that fails, what was prepared is left to be ignored and cut off."""
        try:
            taken = self._system.write(descriptor, _COMPLETION)
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            if taken < len(_COMPLETION):
                # The brace is there, so the batch is; the line end is the next writer's to add if it can't be now.
                with suppress(OSError):
                    self._system.write(descriptor, _COMPLETION[taken:])
            self._system.sync(descriptor)
        except OSError as error:
            msg = f"whether the events reached the disk is unknown: {_reason(error)}"
            raise UncertainError(
                msg, advice="check the disk, then see what `interlock` reads before recording again"
            ) from error

    def _undo(self, descriptor: int, size: int) -> None:
        # Whatever fails here leaves the tail of a batch without its completion, which readers ignore.
        with suppress(OSError):
            self._system.truncate(descriptor, size)
            self._system.sync(descriptor)

    def _write(self, descriptor: int, content: bytes) -> None:
        while content:
            content = content[self._system.write(descriptor, content) :]

    def _sync_folder(self) -> None:
        folder = self._system.open_folder(self._path.parent)
        try:
            self._system.sync(folder)
        finally:
            self._close(folder)

    def _close(self, descriptor: int) -> None:
        # What was to be on the disk was synced before; the descriptor and its lock are given up even if closing fails.
        with suppress(OSError):
            self._system.close(descriptor)

    @contextmanager
    def _opened(self) -> Iterator[int]:
        try:
            descriptor = self._system.open_to_append(self._path)
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            yield descriptor
        finally:
            self._close(descriptor)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Be the only writer, or raise LockedError at once."""
        try:
            descriptor = self._system.open_to_append(self._lock)
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            try:
                self._system.lock(descriptor)
            except BlockingIOError:
                raise self._held(descriptor) from None
            except OSError as error:
                raise self._unwritable(error) from error
            self._sign(descriptor)
            yield
        finally:
            self._close(descriptor)

    def _sign(self, descriptor: int) -> None:
        # A courtesy to whoever is refused: on a full disk the lock holds without it.
        with suppress(OSError):
            self._system.truncate(descriptor, 0)
            self._write(descriptor, f"{self._system.process()}\n".encode())

    def _held(self, descriptor: int) -> LockedError:
        holder = None
        with suppress(OSError, ValueError):
            holder = int(self._system.read(descriptor, 32, 0))
        by = "another process" if holder is None else f"process {holder}"
        msg = f"`{self._path}` is being written by {by}"
        return LockedError(msg, holder=holder, advice="try again when it is done")

    def _confirmed_content(self) -> bytes:
        descriptor = self._system.open_to_read(self._path)
        try:
            content = self._content(descriptor)
            for _ in range(_READINGS):
                again = self._content(descriptor)
                if again.startswith(content):
                    return content
                content = again
        finally:
            self._close(descriptor)
        msg = f"`{self._path}` changes while it is read"
        raise StoreError(msg, advice="find out which other program writes to it")

    def _content(self, descriptor: int) -> bytes:
        parts: list[bytes] = []
        offset = 0
        while part := self._system.read(descriptor, _CHUNK, offset):
            parts.append(part)
            offset += len(part)
        return b"".join(parts)

    def _unwritable(self, error: OSError) -> UnwritableError:
        msg = f"the events can't be stored in `{self._path}`, and none of them is: {_reason(error)}"
        return UnwritableError(msg, advice="make room or give the right to write there, then record them again")


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
