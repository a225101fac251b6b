"""Faults read well in 80 columns, whatever the line holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.notation import Fault, FaultCollector, FaultsError, Source, Span, shown


def test_a_fault_draws_place_line_caret_expectation_and_nearest() -> None:
    fault = Fault(
        span=Span("policy.yaml", 24, 5, 12),
        message="unknown key `forbidz`",
        expected="one of: forbids, when, until",
        nearest="forbids",
        line_text="    forbidz: [train]",
    )
    assert fault.draw() == (
        "policy.yaml:24:5: unknown key `forbidz`\n"
        "    24 |     forbidz: [train]\n"
        "       |     ^^^^^^^\n"
        "   expected one of: forbids, when, until\n"
        "   did you mean `forbids`?"
    )


def drawn(line: str, column: int, end: int) -> tuple[str, str]:
    _, text, caret = Fault(span=Span("f", 1, column, end), message="m", line_text=line).draw().split("\n")
    return text, caret


def test_a_long_line_is_cut_around_the_place() -> None:
    text, caret = drawn("x" * 300 + "HERE" + "y" * 300, 301, 305)
    assert len(text) <= 80
    assert text[caret.index("^") : caret.rindex("^") + 1] == "HERE"
    assert text.count("…") == 2


def test_the_end_of_a_long_line_is_shown_with_what_stands_before_it() -> None:
    text, caret = drawn("x" * 300 + "END", 301, 304)
    assert text[caret.index("^") : caret.rindex("^") + 1] == "END"
    assert 70 < len(text) <= 80


def test_a_mark_longer_than_the_room_stays_within_80_columns() -> None:
    text, caret = drawn("x" * 500, 3, 400)
    assert len(text) <= 80
    assert len(caret) <= 80


@pytest.mark.parametrize(
    ("line", "column", "columns_before"),
    [
        ("\tkey: x", 2, 4),  # a tab is drawn as four blanks
        ("日本: x", 5, 6),  # two characters of two columns each, then `: `
        ("e\u0301e: x", 3, 1),  # a combining accent takes no column
        ("a\u202eb: x", 3, 9),  # drawn as `a<U+202E>`
    ],
)
def test_the_caret_stands_below_its_place(line: str, column: int, columns_before: int) -> None:
    _, caret = drawn(line, column, column + 1)
    assert columns_before == len(caret) - len("       | ") - 1


def test_no_control_character_reaches_the_terminal() -> None:
    fault = Fault(
        span=Span("f", 1, 1, 2),
        message="`\x1b[2J` is odd",
        expected="no \x07",
        nearest="\u202e",
        line_text="\x1b[31mred",
    )
    assert not any(ord(c) < 32 for c in fault.draw().replace("\n", ""))
    assert "\u202e" not in fault.draw()


def test_a_name_in_backticks_is_not_broken_over_lines() -> None:
    message = "x " * 37 + "`5 business days` is too short"
    fault = Fault(span=Span("f", 1, 1, 2), message=message, line_text="a")
    assert "`5 business days`" in fault.draw()
    assert max(map(len, fault.draw().split("\n"))) <= 80


@given(st.text(max_size=200).filter(lambda t: "\n" not in t), st.integers(1, 220), st.integers(0, 50))
def test_any_line_is_drawn_with_its_mark(line: str, column: int, length: int) -> None:
    fault = Fault(span=Span("f", 1, column, column + length), message="m", line_text=line)
    assert "^" in fault.draw() or not line


def collected(number: int) -> FaultsError:
    faults, source = FaultCollector(), Source("f", "a\n" * number)
    for line in range(number, 0, -1):
        faults.add(source, Span("f", line, 1, 2), f"fault {line}")
    return FaultsError(faults, total=len(faults))


def test_faults_are_sorted_by_place_and_a_hundred_are_drawn() -> None:
    error = collected(150)
    assert list(range(1, 151)) == [fault.span.line for fault in error.faults]
    assert "fault 100" in str(error)
    assert "fault 101" not in str(error)
    assert str(error).endswith("and 50 more")
    assert error.message == "150 faults; nothing of the files of this run is used"


def test_beyond_a_thousand_faults_are_counted_only() -> None:
    error = collected(2500)
    assert (len(error.faults), error.total) == (1000, 2500)
    assert str(error).endswith("and 2400 more")


def test_the_search_for_nearest_names_is_bounded_over_the_run() -> None:
    """Names compared: 20 at first, then 50,000, which is beyond the bound of 50,000 in all, then 20 again."""
    faults, source = FaultCollector(), Source("f", "a\n")
    few, many = [f"name-{i}" for i in range(20)], [f"name-{i}" for i in range(50_000)]
    for column, names in enumerate((few, many, few), start=1):
        faults.add(source, Span("f", 1, column, column + 1), "m", name="nam-7", names=names)
    assert [fault.nearest for fault in faults] == ["name-7", None, "name-7"]


def test_files_come_in_the_order_in_which_they_were_read() -> None:
    faults = FaultCollector()
    for file in ("z.yaml", "a.yaml"):
        faults.add(Source(file, "a"), Span(file, 1, 1, 2), "m")
    assert [fault.span.file for fault in faults] == ["z.yaml", "a.yaml"]


def test_a_fault_met_twice_at_one_place_is_one() -> None:
    faults = FaultCollector()
    for _ in range(2):
        faults.add(Source("f", "a"), Span("f", 1, 1, 2), "m")
    assert len(faults) == 1


def test_shown_cuts_and_names_what_can_not_be_printed() -> None:
    assert shown("a\u202eb\nc") == "a<U+202E>b c"
    assert shown("x" * 100, length=10) == "x" * 9 + "…"
    assert shown("ab\0\0\0", length=20) == "ab<U+0000><U+0000>…"
    assert [len(shown("\0" * 100, length=length)) for length in (10, 17, 18, 60)] == [9, 17, 17, 57]
