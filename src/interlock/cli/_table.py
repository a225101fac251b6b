"""Tables: cells side by side, each wrapped within its own column, so that a row is read across.

A word longer than its column is never cut: what stands to the right of it begins a line below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from interlock.cli._page import Line, Span, Words, line, wrap

Cell = Sequence[Words]


def table_row(cells: Sequence[Cell], widths: Sequence[int], *, indent: int = 2) -> Iterator[Line]:
    """Yield the lines of one row; a column is as wide as said with the space after it."""
    columns: list[list[Line]] = []
    below = 0
    for cell, width in zip(cells, widths, strict=True):
        parts = [Line() for _ in range(below)] + wrap(line(*cell, hang=0), width - 1)
        columns.append(parts)
        if any(_length(part) >= width for part in parts):
            below = len(parts)
    for across in zip_longest(*columns, fillvalue=Line()):
        spans: list[Span] = []
        for part, width in zip(across, widths, strict=True):
            spans += [*part.spans, Span(" " * (width - _length(part)))]
        yield Line(tuple(spans), indent, whole=True)


def _length(part: Line) -> int:
    return sum(len(span.text) for span in part.spans)
