"""Strict tables: each cell stands where every reader sees it, and any departure from that is a fault with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.notation import Fault, FaultCollector, Table, read_table
from interlock.notation._characters import FORBIDDEN

COLUMNS = ("id", "page", "actor")
HEADER = "id\tpage\tactor\n"


def read(content: bytes | str, *, most_bytes: int = 10_000, most_rows: int = 20) -> tuple[Table | None, list[Fault]]:
    faults = FaultCollector()
    table = read_table(
        content, file="t.tsv", columns=COLUMNS, faults=faults, most_bytes=most_bytes, most_rows=most_rows
    )
    return table, list(faults)


def fault_of(content: bytes | str, **limits: int) -> tuple[int, int, int, str]:
    """Return place and message of the only fault."""
    [fault] = read(content, **limits)[1]
    assert fault.expected
    return fault.span.line, fault.span.column, fault.span.end_column, fault.message


def rows_of(table: Table | None) -> list[tuple[str, ...]]:
    assert table is not None
    return [tuple(cell.text for cell in row.values()) for row in table.rows]


@pytest.mark.parametrize("end", ["", "\n", "\r\n"], ids=["none", "LF", "CRLF"])
@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["plain", "byte-order mark"])
def test_the_last_line_needs_no_end_and_a_byte_order_mark_is_no_text(start: str, end: str) -> None:
    table, faults = read(f"{start}{HEADER}A\t1\tx y\nB\t\tz{end}".encode())
    assert faults == []
    assert rows_of(table) == [("A", "1", "x y"), ("B", "", "z")]


def test_cells_know_their_columns_and_an_empty_one_is_a_place_too() -> None:
    table, _ = read(f"{HEADER}ABC\t\tz")
    assert table is not None
    [row] = table.rows
    assert [(cell.span.line, cell.span.column, cell.span.end_column) for cell in row.values()] == [
        (2, 1, 4),
        (2, 5, 6),
        (2, 6, 7),
    ]


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("", "the first line names no columns"),
        ("\t\t", "the first line names no columns"),
        ("id page actor", "the first line holds no tab"),
        ("id\tpage", "the header lacks `actor`"),
        ("id\tpage\tactor\tparaphrase", "the header names `paraphrase`, which is not asked for"),
        ("id\tPage\tactor", "the header names `Page`, which is not asked for, and lacks `page`"),
        ("id\tpage\tactor ", "the header names `actor `, which is not asked for, and lacks `actor`"),
        ("page\tid\tactor", "the header names the columns twice, or in another order"),
        ("id\tpage\tactor\tactor", "the header names the columns twice, or in another order"),
        (
            "a\tb\tc\td\te",
            "the header names `a`, `b`, `c` and more, which are not asked for, and lacks `id`, `page`, `actor`",
        ),
    ],
)
def test_rows_under_another_header_are_not_read(header: str, says: str) -> None:
    table, faults = read(f"{header}\nA\t1\tx\n\n")
    assert table is None
    assert [(fault.span.line, fault.span.column, fault.message) for fault in faults] == [(1, 1, says)]


@pytest.mark.parametrize(
    ("row", "place", "says"),
    [
        ("A\t1", (2, 1, 4), "this row has 2 cells, and there are 3 columns"),
        ("A\t1\tx\t", (2, 1, 7), "this row has 4 cells, and there are 3 columns"),
        ("A 1 x", (2, 1, 6), "this row holds no tab"),
        ("\nA\t1\tx", (2, 1, 1), "this line is empty"),
        ("A\t1 \tx", (2, 3, 5), "this cell begins or ends with a blank"),
        ("A\t\u00a01\tx", (2, 3, 5), "this cell begins or ends with a blank"),
        (f"A\t{'1' * 201}\tx", (2, 3, 204), "this cell is longer than 200 characters"),
    ],
)
def test_a_row_that_readers_could_see_otherwise_is_a_fault(row: str, place: tuple[int, int, int], says: str) -> None:
    assert fault_of(f"{HEADER}{row}\n") == (*place, says)


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\u202e", "\u2066", "\u2028", "\r", "\x0c", "\ufeff"])
def test_what_makes_a_line_look_other_than_it_reads_is_a_fault(character: str) -> None:
    """A lone carriage return ends a line for some readers, so the row falls apart beside."""
    _, faults = read(f"{HEADER}A\t1\tx{character}y\n")
    assert (faults[0].span.line, faults[0].span.column) == (2, 6)
    assert "is not allowed" in faults[0].message


def test_bytes_that_are_no_text_and_too_many_of_them_are_a_fault() -> None:
    assert fault_of(HEADER.encode() + b"A\t\xff\tx\n") == (2, 3, 4, "byte 0xff is not UTF-8")
    assert fault_of(HEADER + "A" * 2_000_000, most_bytes=1_000_000)[3] == "the file is larger than 1 MB"
    assert fault_of(HEADER + "A\t1\tx\n" * 3, most_rows=2)[3] == "the table has more than 2 rows"
    assert read(HEADER + "A\t1\tx\n" * 2, most_rows=2)[1] == []
    assert fault_of(HEADER)[3] == "the table has no row"


def test_all_faults_are_told_at_once() -> None:
    _, faults = read(f"{HEADER}A\n\nB\t1\tx \nC\t1\tx\n")
    assert [(fault.span.line, fault.span.column) for fault in faults] == [(2, 1), (3, 1), (4, 5)]


def test_a_line_of_nothing_but_tabs_is_refused_without_cells_being_made_of_it() -> None:
    """Half a million tabs: a row is counted before it is taken apart, and so is the header."""
    tabs = "\t" * 500_000
    assert (
        fault_of(f"{HEADER}{tabs}x\n", most_bytes=1_000_000)[3] == "this row has 500001 cells, and there are 3 columns"
    )
    assert fault_of(f"id{tabs}\n", most_bytes=1_000_000)[3].startswith("the header names")


CELL = st.text(
    st.characters(exclude_characters="\t\r\n", codec="utf-8").filter(lambda one: FORBIDDEN.search(one) is None),
    max_size=8,
).map(str.strip)


@given(st.lists(st.tuples(CELL, CELL, CELL).filter(any), min_size=1, max_size=5))
def test_what_was_written_is_what_is_read(rows: list[tuple[str, ...]]) -> None:
    table, faults = read(HEADER + "".join("\t".join(row) + "\n" for row in rows))
    assert faults == []
    assert rows_of(table) == rows
    assert table is not None
    for row in table.rows:
        for cell in row.values():
            line = table.source.line_text(cell.span.line)
            assert line[cell.span.column - 1 :].startswith(cell.text)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_whatever_stands_there_is_read_or_refused(content: bytes) -> None:
    table, faults = read(HEADER.encode() + content)
    assert faults or (table is not None and table.rows)
