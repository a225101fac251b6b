"""The lines of a store: how a batch of events is written, and which of the bytes found are whole batches.

An event is one line of JSON. The lines of a batch of several carry `"x-batch": "2 of 3"` as their last field, so that a
part of a batch is known for what it is wherever it was cut; a line without is a batch of its own. The last brace of a
batch is its completion: a batch without it does not exist. A beginning of an object is never an object, so that
brace tells, whether or not a line end follows it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NoReturn

from interlock.stores._errors import DamagedError, StoreError
from interlock.terms import format_instant

BATCH: Final = "x-batch"
IMPORTED: Final = "x-imported"
_MARK: Final = re.compile(rb',"x-batch":"([1-9][0-9]{0,15}) of ([1-9][0-9]{0,15})"\}\Z')
_LONGEST_MARK: Final = 64
_STATED: Final = re.compile(r"([1-9][0-9]{0,15}) of ([1-9][0-9]{0,15})", re.ASCII)
# Line ends to some readers of text, and so written as escapes; they can stand only within texts.
_LINE_ENDS: Final = {character: f"\\u{character:04x}" for character in (0x7F, 0x85, 0x2028, 0x2029)}


@dataclass(frozen=True, slots=True)
class Batches:
    """The whole batches at the beginning of what was found: their bytes and the number of their events."""

    size: int
    count: int


def write_batch(batch: Sequence[Mapping[str, Any]], recorded: datetime) -> bytes:
    """Return the lines of a batch; StoreError where an event can't be written as JSON."""
    lines = []
    for place, event in enumerate(batch, start=1):
        stated = _stored(event, recorded)
        if len(batch) > 1:
            stated[BATCH] = f"{place} of {len(batch)}"
        lines.append(_line(stated))
    return b"".join(lines)


def _stored(event: Mapping[str, Any], recorded: datetime) -> dict[str, Any]:
    """Return the event as it is stored; marks that it brings from another store are that store's, and left out."""
    stored = {name: value for name, value in event.items() if name not in {BATCH, IMPORTED}}
    if stored.get("recorded") is None:
        return stored | {"recorded": format_instant(recorded)}
    return stored | {IMPORTED: True}


def _line(event: dict[str, Any]) -> bytes:
    try:
        text = json.dumps(event, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return f"{text.translate(_LINE_ENDS)}\n".encode()
    except (TypeError, ValueError, RecursionError) as error:
        msg = f"an event can't be written as JSON: {error}"
        raise StoreError(msg) from None


def find_batches(content: bytes, file: str) -> Batches:
    """Return the whole batches of `content`; what follows them is a batch that was cut, or nothing.

    DamagedError where it is neither: then bytes were lost or changed by something else than a writer that was killed.
    """
    size = count = 0
    pending: list[tuple[int, int]] = []
    start = number = 0
    while start < len(content):
        end = content.find(b"\n", start)
        last = end < 0
        end = len(content) if last else end
        line = content[start:end]
        number += 1
        if last and not _is_object(line):
            if line.lstrip()[:1] not in {b"{", b""}:
                _refuse(file, number, "it is not the beginning of an object")
            break
        mark = _mark(line, file, number)
        if mark is not None:
            pending.append(mark)
            _check_order(pending, file, number)
        elif pending:
            _refuse(file, number, "a batch before it is not complete")
        start = min(end + 1, len(content))
        if mark is None or mark[0] == mark[1]:
            size, count = start, count + (len(pending) or bool(line.strip()))
            pending = []
    return Batches(size, count)


def _mark(line: bytes, file: str, number: int) -> tuple[int, int] | None:
    """Return which event of how many a line says it is, or None for one that is a batch of its own."""
    if not line.strip():
        return None
    found = _MARK.search(line, max(0, len(line) - _LONGEST_MARK))
    if found is not None:
        return int(found[1]), int(found[2])
    if line.strip()[:1] != b"{" or line.strip()[-1:] != b"}":
        _refuse(file, number, "it is not an object")
    if b'"x-batch"' not in line:
        return None
    return _read_mark(line, file, number)


def _read_mark(line: bytes, file: str, number: int) -> tuple[int, int] | None:
    """Return the mark of a line that another program has written anew, with its fields in another order or spaced."""
    try:
        stated = json.loads(line).get(BATCH)
    except (ValueError, RecursionError):
        _refuse(file, number, "it is not JSON")
    if stated is None:
        return None
    found = _STATED.fullmatch(stated) if isinstance(stated, str) else None
    if found is None:
        _refuse(file, number, "its `x-batch` is not one that a store writes")
    return int(found[1]), int(found[2])


def _check_order(pending: Sequence[tuple[int, int]], file: str, number: int) -> None:
    place, total = pending[-1]
    if place != len(pending) or total != pending[0][1] or place > total:
        _refuse(file, number, f"it is event {place} of {total} of a batch, and does not follow the one before it")


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _refuse(file: str, number: int, why: str) -> NoReturn:
    msg = f"line {number} of `{file}` is damaged: {why}"
    advice = "restore the file from a copy; nothing that a killed writer leaves looks like this, so it is not mended"
    raise DamagedError(msg, advice=advice)
