"""Spans: where in a file something stands, so that every fault and every item can be pointed at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a file: lines and columns count from 1; `end_column` is exclusive and on the same line."""

    file: str
    line: int
    column: int
    end_column: int


NOWHERE: Final = Span("", 0, 0, 0)
