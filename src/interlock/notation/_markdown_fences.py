"""The fenced blocks of a Markdown text that are marked `interlock`, and what only looks like one (LANGUAGE 1).

Fences are found as CommonMark 0.31 finds them (sections 4.5, 4.6 and 5), by markdown-it-py. A block that is passed over
in silence could hold a restriction, so every line that seems to open one must be the fence of a block that is read, or
plainly prose: within a closed comment of HTML, or an example within a closed block of another language.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, Final

from interlock.notation._characters import shown
from interlock.notation._faults import FaultCollector
from interlock.notation._sources import Source
from interlock.notation._spans import Span

INFO: Final = "interlock"
_FENCE_LIKE: Final = re.compile(
    r"(?P<before>[ \t>*+\-.)0-9]*)(?:(?P<ticks>`{2,})(?P<after_ticks>[^`]*)"
    r"|(?P<tildes>~{2,})(?P<after_tildes>.*)|(?P<colons>:{3,})(?P<after_colons>.*))"
)
_FENCE_LENGTH: Final = 3
_TYPING_ERRORS: Final = 2
"""How many letters may be wrong, missing or too many in a word that was meant as `interlock`, it seems."""
_COMMENT: Final = "<!--"
_COMMENT_END: Final = "-->"
_MARKED: Final = f"`{INFO}` alone after the fence, or the name of another language"


@dataclass(frozen=True, slots=True)
class Fence:
    """A block to be read: the lines of its fences, from 1, and how many characters stand before the opening one."""

    opening: int
    closing: int
    indent: int


@dataclass(frozen=True, slots=True)
class _Region:
    """Lines that Markdown reads as one block of code or HTML, from 1, `end` exclusive; `marker` is that of a fence."""

    start: int
    end: int
    closed: bool
    marker: str = ""
    info: str = ""
    quoted: bool = False
    comment: bool = False

    @property
    def is_ours(self) -> bool:
        return bool(self.marker) and self.info == INFO


def find_fences(source: Source, faults: FaultCollector) -> list[Fence]:
    """Return the blocks marked `interlock`, in order, without those that can't be read; their faults are added."""
    before = len(faults)
    regions = _regions(source)
    lines = _fence_like_lines(source)
    fences = [
        fence for region in regions if region.marker and (fence := _fence(region, lines, source, faults)) is not None
    ]
    _report_passed_over(regions, lines, source, faults)
    if len(faults) == before and not fences:
        message = f"the file has no block marked `{INFO}`"
        expected = f"the policy in fenced blocks, each with `{INFO}` after its opening fence"
        faults.add(source, Span(source.file, 1, 1, 1), message, expected=expected)
    return fences


# What Markdown reads


def _regions(source: Source) -> list[_Region]:
    """Return the fenced blocks and the HTML of the text, in order."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only a Markdown file needs it

    markdown = MarkdownIt("commonmark")
    tokens: list[Any] = []
    # Only blocks are looked for: what stands within lines of prose would take most of the time.
    markdown.block.parse("\n".join(source.lines), markdown, {}, tokens)
    regions = []
    quotations = 0
    for token in tokens:
        quotations += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if token.type == "fence":
            regions.append(_fenced(token, quoted=quotations > 0))
        elif token.type == "html_block":
            text = token.content.lstrip()
            comment = text.startswith(_COMMENT)
            closed = _COMMENT_END in text if comment else True
            regions.append(_Region(token.map[0] + 1, token.map[1] + 1, closed, comment=comment))
    return regions


def _fenced(token: Any, *, quoted: bool) -> _Region:
    start, end = token.map
    within = token.content.count("\n") + (not token.content.endswith("\n") and bool(token.content))
    return _Region(
        start + 1,
        end + 1,
        closed=end - start == within + 2,
        marker=token.markup,
        info=token.info.strip(),
        quoted=quoted,
    )


@dataclass(frozen=True, slots=True)
class _FenceLike:
    """A line that may be meant as a fence: what stands before the marker, the marker, and the words after it."""

    before: str
    marker: str
    info: str

    def opens_within(self, marker: str) -> bool:
        """Return whether the line would open a block of its own if that of `marker` were closed before it."""
        return bool(self.info) and self.marker[0] == marker[0] and len(self.marker) >= len(marker)


def _fence_like_lines(source: Source) -> dict[int, _FenceLike]:
    """Return the lines that may be meant as fences, by their number."""
    found = {}
    for number, text in enumerate(source.lines, start=1):
        match = _FENCE_LIKE.fullmatch(text)
        if match is not None:
            before, *rest = match.groups("")
            marker, info = "".join(rest[0::2]), "".join(rest[1::2]).strip()
            if len(marker) >= _FENCE_LENGTH or marker[0] not in info:
                found[number] = _FenceLike(before, marker, info)
    return found


# What is refused


def _fence(region: _Region, lines: dict[int, _FenceLike], source: Source, faults: FaultCollector) -> Fence | None:
    """Return the block of a fenced region that is marked `interlock`, or None: it is another, or has a fault."""
    place = _place(source, region.start)
    if not region.is_ours:
        if is_nearly(region.info):
            message = f"a block marked `{shown(region.info)}` is not read, and this is nearly `{INFO}`"
            faults.add(source, place, message, expected=_MARKED)
        return None
    if region.quoted:
        message = "a block in a quotation can't be read: each of its lines begins with the mark of the quotation"
        faults.add(source, place, message, expected="the block outside of the quotation")
        return None
    if not region.closed:
        faults.add(source, place, "this block is never closed", expected=_closing(region))
        return None
    for number in range(region.start + 1, region.end - 1):
        line = lines.get(number)
        if line is not None and not line.before.strip() and line.opens_within(region.marker):
            message = f"the block that begins at line {region.start} is not closed before this line"
            faults.add(source, _place(source, number), message, expected=_closing(region))
            return None
    return Fence(region.start, region.end - 1, source.line_text(region.start).index(region.marker))


def _closing(region: _Region) -> str:
    return f"the closing fence, {len(region.marker)} or more of the same marks alone on a line, where it ends"


def _report_passed_over(
    regions: list[_Region], lines: dict[int, _FenceLike], source: Source, faults: FaultCollector
) -> None:
    """Add a fault for each line that seems to open a block marked `interlock`, and is neither one nor plainly prose."""
    starts = [region.start for region in regions]
    for number, line in lines.items():
        if line.info != INFO and not is_nearly(line.info):
            continue
        place = bisect_right(starts, number) - 1
        region = regions[place] if place >= 0 and number < regions[place].end else None
        if region is None:
            _report_unread(number, "as part of the text", source, faults)
        elif not region.marker:
            _report_in_html(region, number, source, faults)
        elif number > region.start and not region.is_ours and _swallows(region, number, lines):
            message = f"the block that begins at line {region.start} is not closed before this line"
            expected = "the fence that closes it; for an example within it, an outer fence that is longer"
            faults.add(source, _place(source, number), message, expected=expected)


def _swallows(region: _Region, number: int, lines: dict[int, _FenceLike]) -> bool:
    """Return whether the fenced `region` holds line `number` only because its own end was forgotten, it seems."""
    if not region.closed:
        return True
    within = (lines.get(line) for line in range(region.start + 1, number + 1))
    return any(line is not None and line.opens_within(region.marker) for line in within)


def _report_in_html(region: _Region, number: int, source: Source, faults: FaultCollector) -> None:
    if not region.comment:
        _report_unread(number, "as part of the HTML before it", source, faults)
    elif not region.closed:
        message = f"the comment that begins at line {region.start} is never closed"
        faults.add(source, _place(source, number), message, expected=f"`{_COMMENT_END}` where the comment ends")


def _report_unread(number: int, read_as: str, source: Source, faults: FaultCollector) -> None:
    message = f"this line seems to open a block marked `{INFO}`, and Markdown reads it {read_as}"
    expected = (
        "a fence of three or more backticks, less than four spaces further in than the text around it, with an empty "
        "line before it"
    )
    faults.add(source, _place(source, number), message, expected=expected)


def _place(source: Source, number: int) -> Span:
    """Return the span of a line's text."""
    text = source.line_text(number)
    column = len(text) - len(text.lstrip()) + 1
    return Span(source.file, number, column, max(len(text.rstrip()) + 1, column + 1))


def is_nearly(info: str) -> bool:
    """Return whether the words after a fence were meant as `interlock`, it seems, and are not just that."""
    from markdown_it.common.utils import unescapeAll  # noqa: PLC0415 - as above

    words = unescapeAll(info).split()
    if info == INFO or not words:
        return False
    first = _letters(words[0])
    return (
        INFO in first
        or _is_close(first)
        or _letters("".join(words)) == INFO
        or any(_letters(word) == INFO for word in words)
    )


def _letters(word: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", word).casefold() if letter.isalnum())


def _is_close(word: str) -> bool:
    """Return whether at most two letters of `word` are wrong, missing or too many (Levenshtein's distance)."""
    if abs(len(word) - len(INFO)) > _TYPING_ERRORS:
        return False
    row = list(range(len(INFO) + 1))
    for number, letter in enumerate(word, start=1):
        above, row = row, [number]
        for place, wanted in enumerate(INFO):
            row.append(min(above[place] + (letter != wanted), above[place + 1] + 1, row[place] + 1))
    return row[-1] <= _TYPING_ERRORS
