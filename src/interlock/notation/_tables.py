"""Tab-separated texts to rows of cells with their places, every fault collected.

A header that names the columns in their order, then a row on each line: nothing is quoted, escaped, padded or left out,
so every reader of such a file sees the same cells. What a cell may hold is the caller's to say. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from interlock.notation._characters import FORBIDDEN, shown
from interlock.notation._faults import FaultCollector
from interlock.notation._sources import Source
from interlock.notation._spans import Span
from interlock.notation._yaml import check_characters, read_source

TAB: Final = "\t"
_LONGEST_CELL: Final = 200
_LISTED: Final = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one column of a row, and where."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table in their order, each by the names of its columns; `source` draws their faults."""

    source: Source
    rows: tuple[Mapping[str, Cell], ...]


def read_table(
    content: bytes | str, *, file: str, columns: Sequence[str], faults: FaultCollector, most_bytes: int, most_rows: int
) -> Table | None:
    """Return the rows that are whole, or None where nothing can be told of them; their faults are added."""
    source = read_source(content, file=file, faults=faults, most=most_bytes)
    if source is None:
        return None
    lines = source.lines[:-1] if source.lines[-1] == "" else source.lines
    if len(lines) - 1 > most_rows:
        message = f"the table has more than {most_rows} rows"
        faults.add(Source(file, ""), Span(file, 1, 1, 1), message, expected="a smaller file")
        return None
    clean = check_characters(source, faults)
    if not _check_header(source, columns, faults):
        return None
    rows = (_row(source, number, columns, faults) for number in range(2, len(lines) + 1))
    table = Table(source, tuple(row for row in rows if row is not None))
    if len(lines) == 1:
        faults.add(source, Span(file, 1, 1, 1), "the table has no row", expected="a row on each line after the header")
    # Forbidden characters are reported; without them words still match, and no fault follows from them.
    return table if clean else Table(source, tuple(_without_forbidden(row) for row in table.rows))


def _without_forbidden(row: Mapping[str, Cell]) -> Mapping[str, Cell]:
    return {column: Cell(FORBIDDEN.sub("", cell.text), cell.span) for column, cell in row.items()}


def _check_header(source: Source, columns: Sequence[str], faults: FaultCollector) -> bool:
    """Return whether the first line names the columns; the rows of another table would be misread."""
    stated = source.line_text(1)
    if tuple(stated.split(TAB)) == tuple(columns):
        return True
    expected = f"the columns {', '.join(columns)}, in this order and with a tab between two of them"
    place = Span(source.file, 1, 1, len(stated) + 1)
    faults.add(source, place, _wrong_header(stated, columns), expected=expected)
    return False


def _wrong_header(stated: str, columns: Sequence[str]) -> str:
    if not stated.strip():
        return "the first line names no columns"
    if TAB not in stated:
        return "the first line holds no tab"
    cells = stated.split(TAB, 2 * len(columns))
    unknown = [f"`{shown(cell)}`" for cell in cells if cell not in columns]
    missing = [f"`{column}`" for column in columns if column not in cells]
    parts = [f"names {_listed(unknown)}, which {'is' if len(unknown) == 1 else 'are'} not asked for"] if unknown else []
    parts += [f"lacks {_listed(missing)}"] if missing else []
    return f"the header {', and '.join(parts) or 'names the columns twice, or in another order'}"


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:_LISTED])}{' and more' if len(names) > _LISTED else ''}"


def _row(source: Source, number: int, columns: Sequence[str], faults: FaultCollector) -> Mapping[str, Cell] | None:
    text = source.line_text(number)
    if text.count(TAB) + 1 == len(columns):
        cells = tuple(_cells(source.file, number, text))
        _check_cells(source, cells, faults)
        return dict(zip(columns, cells, strict=True))
    message = f"this row has {text.count(TAB) + 1} cells, and there are {len(columns)} columns"
    if not text.strip():
        message = "this line is empty"
    elif TAB not in text:
        message = "this row holds no tab"
    expected = f"{', '.join(columns)}, with a tab between two of them"
    faults.add(source, Span(source.file, number, 1, len(text) + 1), message, expected=expected)
    return None


def _cells(file: str, number: int, text: str) -> Iterator[Cell]:
    column = 1
    for part in text.split(TAB):
        yield Cell(part, Span(file, number, column, column + max(len(part), 1)))
        column += len(part) + 1


def _check_cells(source: Source, cells: Iterable[Cell], faults: FaultCollector) -> None:
    for cell in cells:
        if cell.text != cell.text.strip():
            faults.add(source, cell.span, "this cell begins or ends with a blank", expected="the text alone")
        if len(cell.text) > _LONGEST_CELL:
            message = f"this cell is longer than {_LONGEST_CELL} characters"
            faults.add(source, cell.span, message, expected="a shorter text")
