"""Pages: lines of marked words, wrapped to the width, coloured on a terminal and plain elsewhere.

Colour is never the only sign of anything: a symbol and a word always say the same. Rich is imported only where colour
goes out. Whatever is printed is shown without characters that could steer a terminal.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TextIO

from interlock.notation import shown

_NARROWEST, _WIDEST, _UNKNOWN_WIDTH = 40, 100, 80
_LONGEST_WORDS: Final = 20_000
_UNBROKEN_SPACE: Final = "\u00a0"


class Mark(Enum):
    """How words are set off; the value is the style that a terminal shows."""

    PLAIN = ""
    STRONG = "bold"
    FAINT = "dim"
    GOOD = "bold green"
    BAD = "bold red"
    OPEN = "bold yellow"


@dataclass(frozen=True, slots=True)
class Span:
    """Words that are set off in one way."""

    text: str
    mark: Mark = Mark.PLAIN


Words = str | Span


@dataclass(frozen=True, slots=True)
class Line:
    """One line before it is wrapped: `indent` columns before it, `hang` more before its continuations."""

    spans: tuple[Span, ...] = ()
    indent: int = 0
    hang: int = 2
    whole: bool = False
    """Whether the line is never broken, for what is to be copied."""


def line(*words: Words, indent: int = 0, hang: int = 2) -> Line:
    """Return a line of words and spans, set one after the other as they are."""
    spans = tuple(Span(word) if isinstance(word, str) else word for word in words)
    return Line(spans, indent, hang)


BLANK: Final = Line()


def strong(text: str) -> Span:
    """Return words set off as the name of something."""
    return Span(text, Mark.STRONG)


def faint(text: str) -> Span:
    """Return words that stand back."""
    return Span(text, Mark.FAINT)


def unbroken(text: str) -> str:
    """Return words that are kept on one line, with the spaces that they have."""
    return text.replace(" ", _UNBROKEN_SPACE)


@dataclass(slots=True)
class _Piece:
    """A stretch of characters without a break in it, perhaps in several marks."""

    spans: list[Span] = field(default_factory=list)
    width: int = 0

    def add(self, text: str, mark: Mark) -> None:
        self.spans.append(Span(text, mark))
        self.width += len(text)


def wrap(one: Line, width: int) -> list[Line]:
    """Return the line in lines of at most `width` columns where its words allow; a longer word stands alone."""
    if one.whole:
        return [one]
    pieces = _pieces(one.spans)
    lines: list[Line] = []
    current: list[Span] = []
    room = max(width - one.indent, _NARROWEST // 2)
    used = 0
    for piece in pieces:
        gap = 1 if current else 0
        if current and used + gap + piece.width > room:
            lines.append(Line(tuple(current), one.indent if not lines else one.indent + one.hang))
            current, used, gap = [], 0, 0
            room = max(width - one.indent - one.hang, _NARROWEST // 2)
        if gap:
            current.append(Span(" "))
        current.extend(piece.spans)
        used += gap + piece.width
    lines.append(Line(tuple(current), one.indent if not lines else one.indent + one.hang))
    return lines


def _pieces(spans: Sequence[Span]) -> list[_Piece]:
    pieces: list[_Piece] = []
    joins = False
    for span in spans:
        words = span.text.split(" ")
        for place, word in enumerate(words):
            if place > 0:
                joins = False
            if not word:
                continue
            if not joins:
                pieces.append(_Piece())
            pieces[-1].add(word, span.mark)
            joins = True
    return pieces


def command(*arguments: str, indent: int = 4) -> Iterator[Line]:
    """Yield a command to type, broken before options where it is long, so that it can be copied as it stands."""
    groups: list[str] = []
    for argument in arguments:
        if groups and not argument.startswith("-"):
            groups[-1] += f" {shlex.quote(argument)}"
        else:
            groups.append(shlex.quote(argument))
    rows = [groups[0]]
    for group in groups[1:]:
        room = _UNKNOWN_WIDTH - indent - (4 if len(rows) > 1 else 0) - 2
        if len(rows[-1]) + 1 + len(group) <= room:
            rows[-1] += f" {group}"
        else:
            rows.append(group)
    for place, row in enumerate(rows):
        end = " \\" if place + 1 < len(rows) else ""
        yield Line((Span(row + end, Mark.STRONG),), indent + (4 if place else 0), whole=True)


def text_of(lines: Iterable[Line], width: int = _UNKNOWN_WIDTH) -> str:
    """Return the lines as plain text, as they go out where there is no terminal."""
    wrapped = (part for one in lines for part in wrap(one, width))
    rows = (f"{' ' * part.indent}{''.join(_clean(span.text) for span in part.spans)}" for part in wrapped)
    return "".join(f"{row.rstrip()}\n" for row in rows)


def _clean(text: str) -> str:
    """Return words as they go out: without what could steer a terminal, and unbroken spaces as spaces."""
    return shown(text, length=_LONGEST_WORDS).replace(_UNBROKEN_SPACE, " ")


def print_page(lines: Iterable[Line], stream: TextIO | None = None) -> None:
    """Write the lines to standard output, or to `stream`."""
    out = sys.stdout if stream is None else stream
    width = width_of(out)
    if not is_coloured(out):
        out.write(text_of(lines, width))
        return
    _print_coloured([part for one in lines for part in wrap(one, width)], out)


def _print_coloured(lines: Sequence[Line], out: TextIO) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=out, highlight=False, soft_wrap=True)
    for one in lines:
        styled = [(_clean(span.text), span.mark.value) for span in one.spans]
        console.print(Text.assemble(" " * one.indent, *styled))


def width_of(stream: TextIO) -> int:
    """Return how many columns a page may take."""
    if not is_terminal(stream):
        return _UNKNOWN_WIDTH
    return min(max(shutil.get_terminal_size().columns, _NARROWEST), _WIDEST)


def is_coloured(stream: TextIO) -> bool:
    """Return whether colour may go out: to a terminal that has some, unless `NO_COLOR` is set to anything."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def is_terminal(stream: TextIO) -> bool:
    """Return whether a person reads along; a closed stream is none."""
    try:
        return stream.isatty()
    except ValueError:
        return False
