from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from interlock.cli._page import strong, text_of
from interlock.cli._table import table_row

WIDTHS = (24, 26, 28)
CELL = st.text("abc ", max_size=60)


def test_cells_stand_side_by_side_each_wrapped_in_its_own_column() -> None:
    row = table_row([(strong("a"),), ("one two three four five six",), ("z",)], WIDTHS)
    assert text_of(row) == (
        "  a                       one two three four five   z\n                          six\n"
    )  # fmt: skip


def test_what_stands_beside_a_word_that_is_too_long_begins_a_line_below() -> None:
    row = table_row([("a",), ("x" * 30,), ("z",)], WIDTHS)
    assert text_of(row) == f"  {'a':<24}{'x' * 30}\n  {'':<50}z\n"


@given(st.tuples(CELL, CELL, CELL))
def test_no_word_is_lost_or_cut(cells: tuple[str, str, str]) -> None:
    written = text_of(table_row([(cell,) for cell in cells], WIDTHS), 80)
    assert sorted(written.split()) == sorted(" ".join(cells).split())
