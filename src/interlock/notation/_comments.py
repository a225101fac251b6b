"""The comments of a YAML text, which its parser passes over, with their places."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml

from interlock.notation._yaml import parser_events

_HASH: Final = re.compile("#")
_BLOCK_STYLES: Final = ("|", ">")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment from its `#` to the end of its line; line and column count from 1.

    `alone` tells that nothing else stands on its line, and `parted` that an empty line stands right below it.
    """

    text: str
    line: int
    column: int
    alone: bool
    parted: bool


def comments_of(text: str, *, above: int = 0) -> Iterator[Comment]:
    """Yield the comments of a sound YAML text in order; `above` is the number of lines of its file before it.

    Outside of scalars `#` begins one wherever it stands: the parser asks for no space before it.
    """
    lines = text.split("\n")
    scalars = _scalars(text)
    starts = [start for start, _ in scalars]
    for number, line in enumerate(lines):
        for match in _HASH.finditer(line):
            place = (number, match.start())
            before = bisect_right(starts, place) - 1
            if before >= 0 and place < scalars[before][1]:
                continue
            alone = not line[: match.start()].strip()
            parted = number + 1 < len(lines) and not lines[number + 1].strip()
            yield Comment(line[match.start() :].rstrip(), number + above + 1, match.start() + 1, alone, parted)
            break


def _scalars(text: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return from where to where each scalar stands, in order; of one in block style, from its first line on."""
    places = []
    for event in parser_events(text):
        if type(event) is yaml.ScalarEvent:
            start, end = _place(event.start_mark), _place(event.end_mark)
            if event.style in _BLOCK_STYLES:
                start = (start[0] + 1, 0)  # beside the mark of its style may stand a comment
            if start < end:
                places.append((start, end))
    return places


def _place(mark: Any) -> tuple[int, int]:  # PyYAML's marks are not typed
    return mark.line, mark.column
