"""The drawing of a line with a place on it marked, in 80 columns, whatever characters the line holds."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from interlock.notation._characters import shown
from interlock.notation._spans import Span

WIDTH: Final = 80
_GUTTER: Final = 6
_BEFORE: Final = 30
"""How many columns of a cut line stand before the place."""
_TAB: Final = "    "


@dataclass(frozen=True, slots=True)
class _Cell:
    """How one character is drawn and how many columns that takes."""

    text: str
    width: int


def columns(text: str) -> int:
    """Return how many columns of a terminal the text takes, as it is drawn here."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(_cell(character).width for character in text)


def draw_line(span: Span, line_text: str) -> list[str]:
    """Return the line's number and text, cut around the place if it is long, and below it the place marked."""
    begin = min(max(span.column - 1, 0), len(line_text))
    end = min(max(span.end_column - 1, begin + 1), max(len(line_text), begin + 1))
    gutter = max(_GUTTER, len(str(span.line)))
    # Only a window of characters is looked at, so that drawing a line of megabytes stays cheap.
    first, last = max(0, begin - WIDTH), begin + WIDTH
    cells = [_cell(character) for character in line_text[first:last]]
    # A mark behind the last character takes a column too.
    room = WIDTH - gutter - 3 - (begin == len(line_text))
    start, stop = _window(cells, begin - first, room, whole=first == 0 and last >= len(line_text))
    left = "…" if first + start > 0 else ""
    right = "…" if first + stop < len(line_text) else ""
    before = sum(cell.width for cell in cells[start : begin - first]) + len(left)
    marked = max(1, sum(cell.width for cell in cells[begin - first : min(end - first, stop)]))
    text = left + "".join(cell.text for cell in cells[start:stop]) + right
    return [
        f"{span.line:>{gutter}} | {text}".rstrip(),
        f"{'':>{gutter}} | {' ' * before}{'^' * marked}",
    ]


def _cell(character: str) -> _Cell:
    if character == "\t":
        return _Cell(_TAB, len(_TAB))
    text = shown(character)
    if text != character:
        return _Cell(text, len(text))
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return _Cell(character, 0)
    return _Cell(character, 2 if unicodedata.east_asian_width(character) in "WF" else 1)


def _window(cells: list[_Cell], place: int, room: int, *, whole: bool) -> tuple[int, int]:
    """Return which cells fit the room, those around `place` if not all do; `whole` if they are all of the line."""
    if whole and sum(cell.width for cell in cells) <= room:
        return 0, len(cells)
    start, width = place, 0
    while start > 0 and width + cells[start - 1].width <= _BEFORE:
        start -= 1
        width += cells[start].width
    stop = place
    while stop < len(cells) and width + cells[stop].width <= room - 2:
        width += cells[stop].width
        stop += 1
    # Near the line's end the columns that are left go to what stands before the place.
    while start > 0 and width + cells[start - 1].width <= room - 2:
        start -= 1
        width += cells[start].width
    return start, stop
