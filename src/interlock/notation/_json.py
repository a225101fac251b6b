"""Strict JSON and JSON Lines: what the standard reader lets through and RFC 8259 or RFC 8785 do not is refused.

Refused: duplicate keys, `NaN` and `Infinity`, integers that not every reader takes exactly, numbers beyond a double,
unpaired surrogates, deep nesting. A sound text is read by the standard library's reader; a text that it can't vouch
for is read again by `_json_faults`, which knows the places.
"""

from __future__ import annotations

import json
from typing import Any, Final

from interlock.notation._faults import FaultCollector
from interlock.notation._json_faults import find_faults
from interlock.notation._nodes import Located
from interlock.notation._numbers import ExactFloat, read_integer
from interlock.notation._sources import Source
from interlock.notation._spans import Span
from interlock.notation._yaml import MAXIMUM_BYTES, MAXIMUM_DEPTH, read_source

MAXIMUM_BYTES_OF_LINES: Final = 1_000_000_000
MAXIMUM_MEMBERS: Final = 200_000
"""The most members of one text or line, as far as its commas tell: what each of them takes in memory adds up."""


class _DoubtfulError(ValueError):
    """The standard reader met what it would let through."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise _DoubtfulError
    return read


def _constant(text: str) -> Any:
    raise _DoubtfulError(text)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=ExactFloat, parse_int=read_integer, parse_constant=_constant
)


def parse_json(content: bytes | str, *, file: str) -> Located:
    """Return the value of a JSON text with its place; FaultsError with all its faults where it has any."""
    faults = FaultCollector()
    source = read_source(content, file=file, faults=faults)
    located = None if source is None else _read(source, source.text, 1, faults)
    faults.check()
    assert located is not None  # noqa: S101 - without a value there is a fault
    return located


def parse_json_lines(content: bytes | str, file: str) -> list[Located]:
    """Return the value of each line of a JSON Lines text with its place; lines of blanks are passed over.

    FaultsError with the faults of all lines where there are any. A file may be as large as a record of millions of
    events, a line no larger than a file of one text.
    """
    faults = FaultCollector()
    source = read_source(content, file=file, faults=faults, most=MAXIMUM_BYTES_OF_LINES)
    lines = [] if source is None else source.text.split("\n")
    located = []
    for number, line in enumerate(lines, start=1):
        if faults.enough:
            break
        if len(line) > MAXIMUM_BYTES:
            message = f"the line is longer than {MAXIMUM_BYTES // 1_000_000} MB"
            faults.add(Source(file, ""), Span(file, number, 1, 1), message, expected="one event on each line")
        elif source is not None and line.strip(" \t\r"):
            located.append(_read(Source(file, line.rstrip("\r")), line.rstrip("\r"), number, faults))
    faults.check()
    return [value for value in located if value is not None]


def _read(source: Source, text: str, line: int, faults: FaultCollector) -> Located | None:
    """Return the value of `text`, whose first line is `line` of its file; None where it has a fault."""
    if text.count(",") > MAXIMUM_MEMBERS:
        message = f"the value has more than {MAXIMUM_MEMBERS} commas"
        faults.add(source, Span(source.file, line, 1, 2), message, expected="less in one value", drawn=1)
        return None
    value, doubtful = None, "\\u" in text
    if not doubtful:
        try:
            value = _DECODER.decode(text)
        except (ValueError, RecursionError):
            doubtful = True
    # A text can't nest deeper than it has brackets.
    if doubtful or text.count("[") + text.count("{") > MAXIMUM_DEPTH:
        before = len(faults)
        find_faults(source, faults, line=line)
        if len(faults) > before:
            return None
        value = _DECODER.decode(text)
    first = text.lstrip(" \t\r\n")
    if "\n" not in text and "\r" not in text:
        # Most texts are one line, of which there may be millions.
        column = len(text) - len(first) + 1
        return Located(value, Span(source.file, line, column, len(text.rstrip()) + 1), text)
    start = source.place(len(text) - len(first))
    shown_line = source.line_text(start.line)
    span = Span(source.file, start.line + line - 1, start.column, len(shown_line.rstrip()) + 1)
    return Located(value, span, shown_line)
