"""What breaks the grammar of YAML, in the words of whoever writes a file, not in those of a parser.

The parser names what it was doing and what it missed; both decide what a person is told, and where: a bracket or a
quote without an end is told where it opens. What stands in no row is told as the parser says it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from interlock.notation._characters import shown
from interlock.notation._sources import Source
from interlock.notation._spans import Span


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a text breaks off being YAML, what is wrong there, and what to write."""

    span: Span
    message: str
    expected: str | None


@dataclass(frozen=True, slots=True)
class _Row:
    """What the parser says it met and was doing, libyaml or the pure one, and what a person is told.

    `{begun}` stands for the line where what is not finished begins, `{found}` for what stands at the place. `opening`
    is told, where what is not finished begins, if the file ends before its end.
    """

    problem: str
    doing: str
    message: str
    expected: str
    opening: str | None = None


_MEMBER: Final = "a key with its colon, indented as the keys beside it"
_ESCAPE: Final = "a backslash in double quotes begins an escape, and this is none"
_TAB: Final = _Row(
    "tab|'\\\\t'", "", "a tab stands where only spaces may", "spaces before a key, since YAML does not indent with tabs"
)
_GOES_ON: Final = _Row(
    "",
    "",
    "this key can't stand here, since the text above goes on to this line",
    "a colon and a space after each key, and keys beside one another indented alike",
)
_SECOND_COLON: Final = _Row(
    "mapping values are not allowed",
    "",
    "a second colon can't stand here",
    "one key and its value; a text with `: ` in it stands in quotes",
)
_ROWS: Final = (
    _TAB,
    _Row(
        "expected ',' or '}'",
        "",
        "{found} can't stand within the braces that open on line {begun}",
        "`,` or `}}`; a text with `: ` or a brace in it stands in quotes",
        opening="the braces that open here have no end",
    ),
    _Row(
        "expected ',' or ']'",
        "",
        "{found} can't stand within the brackets that open on line {begun}",
        "`,` or `]`; a text with `: ` or a bracket in it stands in quotes",
        opening="the brackets that open here have no end",
    ),
    _Row(
        "unexpected (end of stream|document)",
        "quoted",
        "the quote that opens on line {begun} has no end before this",
        'the same quote at the end of the text: "…"',
        opening="the quote that opens here has no end",
    ),
    _Row(
        "expected (key|<block end>)",
        "block mapping",
        "{found} can't stand here, among the keys that begin on line {begun}",
        _MEMBER,
    ),
    _Row(
        "expected ('-' indicator|<block end>)",
        "block collection",
        "{found} can't stand here, among the items that begin on line {begun}",
        "`- ` before each item, indented as the others",
    ),
    _Row(
        "expected ':'",
        "",
        "the text that begins on line {begun} has no colon, and stands among keys",
        "a key, a colon, a space and its value",
        opening="this text has no colon, and stands among keys",
    ),
    _SECOND_COLON,
    _Row("sequence entries are not allowed", "", "a list can't begin here", "`- ` on a line of its own"),
    _Row("expected (the )?node content", "", "{found} stands where a value is missing", "a value"),
    _Row("expected '?<document start>", "", "{found} stands after the end of the file's value", _MEMBER),
    _Row("unknown escape", "quoted", _ESCAPE, "`\\\\` for a backslash, or the text in single quotes"),
    _Row("hexadec|hexdec", "quoted", _ESCAPE, "`\\\\` for a backslash, or the text in single quotes"),
    _Row("", "block scalar", "the text that `|` or `>` begins stands on the next line", "nothing more on this line"),
    _Row(
        "alphabetic or numeric",
        "alias|anchor",
        "`*` or `&` before a value stands for an alias or an anchor, and a name must follow it",
        "the text in quotes",
    ),
    _Row("", "directive", "directives are not allowed", "a file without `%` lines"),
    _Row("tag", "", "tags are not allowed", "a value without a tag"),
    _Row("cannot start any token", "", "{found} can't begin a value", "the text in quotes"),
)


def broken(source: Source, error: Any) -> Broken:  # the parser's errors are not typed as they are
    """Return what a person is told of the parser's `error`; what it would have met further on is not told."""
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it can't be read")
    context = str(getattr(error, "context", None) or "")
    begun = getattr(error, "context_mark", None)
    mark = getattr(error, "problem_mark", None) or begun
    row = _row(source, problem, context, mark)
    if row is None:
        return Broken(_span(source, mark), _as_it_is(problem, context, begun), None)
    if row.opening is not None and begun is not None and (row.problem == "expected ':'" or _at_end(source, mark)):
        return Broken(_span(source, begun), row.opening, row.expected.format())
    words = {"begun": begun.line + 1 if begun is not None else 1, "found": _found(source, mark)}
    return Broken(_span(source, mark), row.message.format(**words), row.expected.format(**words))


def _row(source: Source, problem: str, context: str, mark: Any) -> _Row | None:
    text = "" if mark is None else source.line_text(mark.line + 1)
    if mark is not None and "\t" in text[: mark.column + 1] and not text[: mark.column].strip():
        return _TAB
    row = next((row for row in _ROWS if re.search(row.problem, problem) and re.search(row.doing, context)), None)
    if row is _SECOND_COLON and mark is not None and not re.search(r":\s", text[: mark.column]):
        return _GOES_ON
    return row


def _at_end(source: Source, mark: Any) -> bool:
    return mark is None or not "".join(source.lines[mark.line :])[mark.column :].strip()


def _found(source: Source, mark: Any) -> str:
    """Return what stands at the place: its first word, or that the file or the line ends there."""
    if mark is None or _at_end(source, mark):
        return "the end of the file"
    rest = source.line_text(mark.line + 1)[mark.column :].split(maxsplit=1)
    if not rest:
        return "the end of the line"
    word = rest[0]
    if word[0] == "`":
        return "a backtick"
    return f"`{shown(word if word[0].isalnum() else word[0], length=30)}`"


def _span(source: Source, mark: Any) -> Span:
    """Return the place of the mark; one after the last line is told at the end of the last that says something."""
    if mark is None:
        return Span(source.file, 1, 1, 2)
    line, column = mark.line + 1, mark.column + 1
    if not source.line_text(line).strip():
        line = next((number for number in range(line, 0, -1) if source.line_text(number).strip()), line)
        column = len(source.line_text(line).rstrip()) + 1 if line != mark.line + 1 else column
    return Span(source.file, line, column, column + 1)


def _as_it_is(problem: str, context: str, begun: Any) -> str:
    where = f", {context}" + (f" that begins on line {begun.line + 1}" if begun is not None else "") if context else ""
    return f"this is not YAML: {shown(problem)}{shown(where, length=120)}"
