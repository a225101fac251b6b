"""Whatever a line holds and however long it is, it is drawn within 80 columns, and the mark stands below its place."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from interlock.notation import Fault, Span
from tests.faults.terminal import columns, width

MARKED = "⌖"
"""Stands once in each line, where the fault is; one column wide."""
PARTS = st.text(st.sampled_from("ab :{}\t日開é\u0301\u200d👩\u202e"), max_size=120)


@given(PARTS, PARTS, st.integers(1, 40), st.sampled_from([1, 999_999, 1_000_000, 9_999_999]))
@example("x" * 30, "y" * 30, 200, 7)
@example("\u0301" * 79 + "abc" * 30, "\u0301" * 200, 1, 7)
@example("日" * 5000, "開" * 5000, 1, 7)
@example("\t" * 5000, "\t" * 5000, 1, 1_234_567)
def test_the_mark_stands_below_its_place(before: str, after: str, times: int, line: int) -> None:
    text = before * times + MARKED + after * times
    span = Span("f", line, len(before * times) + 1, len(before * times) + 2)
    _, drawn, caret = Fault(span=span, message="m", line_text=text).draw().split("\n")
    assert columns(drawn) <= 80
    assert columns(drawn[: drawn.index(MARKED)]) == len(caret) - 1
    assert caret.endswith(" ^")


@given(PARTS, st.integers(1, 40))
@example("x" * 71, 1)
@example("日" * 36, 1)
def test_a_mark_behind_the_end_of_a_line_fits(part: str, times: int) -> None:
    """As where a bracket is missing at the end."""
    text = part * times + "x"
    span = Span("f", 1, len(text) + 1, len(text) + 2)
    _, drawn, caret = Fault(span=span, message="m", line_text=text).draw().split("\n")
    assert columns(drawn) == len(caret) - 1
    assert len(caret) <= 80


@given(st.lists(st.text("ab日👩`\0", min_size=1, max_size=200), min_size=1, max_size=30))
def test_every_line_of_a_message_fits(words: list[str]) -> None:
    """Backticks go in pairs in every message, since they enclose what a file says."""
    text = " ".join(f"`{word.replace('`', '')}`" for word in words)
    drawn = Fault(span=Span("f", 1, 1, 2), message=text, expected=text, nearest=text[:50]).draw()
    assert max(sum(map(width, line)) for line in drawn.split("\n")) <= 80
