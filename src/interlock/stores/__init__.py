r"""Stores: where events are kept, behind a port, so that another kind of store can take the place of a file.

Know no kind of event and no policy: whether an event is sound is for `interlock.record` to say, before it is stored.

>>> from datetime import UTC, datetime
>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> from interlock.stores import JsonLinesStore
>>> with TemporaryDirectory() as folder:
...     store = JsonLinesStore(Path(folder) / "events.jsonl", clock=lambda: datetime(2025, 3, 1, tzinfo=UTC))
...     first = store.append([{"event": "training.started"}])
...     store.read().content
b'{"event":"training.started","recorded":"2025-03-01T00:00:00Z"}\n'
"""

from __future__ import annotations

from interlock.stores._errors import DamagedError, LockedError, StoreError, UncertainError, UnwritableError
from interlock.stores._json_lines import JsonLinesStore
from interlock.stores._port import Check, EventStore, StoredEvents
from interlock.stores._system import System

__all__ = [
    "Check",
    "DamagedError",
    "EventStore",
    "JsonLinesStore",
    "LockedError",
    "StoreError",
    "StoredEvents",
    "System",
    "UncertainError",
    "UnwritableError",
]
