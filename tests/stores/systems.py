"""Operating systems that fail or end at a chosen call, to put in the place of the real one."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from interlock.stores import JsonLinesStore, System

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


def store(path: Path, system: System | None = None) -> JsonLinesStore:
    """Return a store whose clock stands at noon."""
    return JsonLinesStore(path / "events.jsonl", clock=lambda: NOON, system=system)


def batch(number: int, size: int = 3) -> list[dict[str, Any]]:
    """Return a batch of events that say to which batch they belong."""
    return [{"event": "reply.made", "data": {"to": f"{number}", "text": f"{place} of {size}"}} for place in range(size)]


@dataclass
class Calls(System):
    """Does what the real system does, and something else around the call of a chosen number (from 0).

    `before` and `after` act at that call; `short` makes each write take one byte less than offered, at least one.
    """

    at: int = -1
    before: Callable[[], object] = lambda: None
    after: Callable[[], object] = lambda: None
    short: bool = False
    made: list[str] = field(default_factory=list)

    def _call(self, name: str, call: Callable[[], Any]) -> Any:
        number = len(self.made)
        self.made.append(name)
        if number == self.at:
            self.before()
        result = call()
        if number == self.at:
            self.after()
        return result

    def open_to_read(self, path: Path) -> int:
        return int(self._call("open_to_read", lambda: System.open_to_read(self, path)))

    def open_to_append(self, path: Path) -> int:
        return int(self._call(f"open {path.suffix}", lambda: System.open_to_append(self, path)))

    def open_folder(self, path: Path) -> int:
        return int(self._call("open_folder", lambda: System.open_folder(self, path)))

    def read(self, descriptor: int, size: int, offset: int) -> bytes:
        return bytes(self._call("read", lambda: System.read(self, descriptor, size, offset)))

    def write(self, descriptor: int, content: bytes) -> int:
        taken = content[: max(1, len(content) - 1)] if self.short else content
        return int(self._call("write", lambda: System.write(self, descriptor, taken)))

    def truncate(self, descriptor: int, size: int) -> None:
        self._call("truncate", lambda: System.truncate(self, descriptor, size))

    def sync(self, descriptor: int) -> None:
        self._call("sync", lambda: System.sync(self, descriptor))

    def lock(self, descriptor: int) -> None:
        self._call("lock", lambda: System.lock(self, descriptor))

    def close(self, descriptor: int) -> None:
        self._call("close", lambda: System.close(self, descriptor))


@dataclass
class FullDisk(System):
    """A disk with room for some bytes of events more; the lock's file finds none either once they are used."""

    room: int

    def write(self, descriptor: int, content: bytes) -> int:
        if self.room == 0:
            raise OSError(28, os.strerror(28))
        taken = System.write(self, descriptor, content[: self.room])
        self.room -= taken
        return taken


def kill_self() -> None:
    """End this process as a power switch would."""
    os.kill(os.getpid(), signal.SIGKILL)


def failing(number: int) -> Callable[[], object]:
    """Return what raises the error of the operating system with that number."""

    def fail() -> None:
        raise OSError(number, os.strerror(number))

    return fail


def in_a_process(action: Callable[[], object]) -> int:
    """Do something in a forked process, and return the signal that ended it, or minus its exit code."""
    child = os.fork()
    if child == 0:
        try:
            action()
            os._exit(0)
        except BaseException:  # noqa: BLE001 - nothing of the test runner may run in the child
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status)
