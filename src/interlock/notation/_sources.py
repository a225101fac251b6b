"""Sources: a file's name and text, and the lines that faults draw."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from interlock.notation._spans import Span

_BREAK: Final = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Source:
    """A file's name and its text, without a byte-order mark."""

    file: str
    text: str

    @cached_property
    def lines(self) -> Sequence[str]:
        """The lines of the text, without their ends."""
        return _BREAK.split(self.text)

    def line_text(self, line: int) -> str:
        """Return the text of a line, which counts from 1; nothing beyond the last."""
        return self.lines[line - 1] if 1 <= line <= len(self.lines) else ""

    def span(self, line: int, column: int, end_line: int, end_column: int) -> Span:
        """Return the span of a place; one that goes on to later lines ends with the text of its first."""
        if end_line != line:
            end_column = max(len(self.line_text(line).rstrip()) + 1, column)
        return Span(self.file, line, column, end_column)

    @cached_property
    def _starts(self) -> Sequence[int]:
        return [0, *(match.end() for match in _BREAK.finditer(self.text))]

    def place(self, offset: int, length: int = 1) -> Span:
        """Return the span of `length` characters from the one at `offset` of the text, on that character's line."""
        line = bisect_right(self._starts, offset)
        column = offset - self._starts[line - 1] + 1
        return Span(self.file, line, column, column + length)
