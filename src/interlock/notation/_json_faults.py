"""The places of the faults of a JSON text, by a reader that keeps count of lines (RFC 8259, and RFC 8785's bounds).

Slower than the standard library's reader and used only where that can't vouch for a text. Iterative, so that nesting
costs no stack. A fault of the grammar ends the text; all others are collected.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Final, NoReturn

from interlock.notation._characters import shown
from interlock.notation._faults import FaultCollector
from interlock.notation._numbers import ExactFloat, read_integer
from interlock.notation._sources import Source
from interlock.notation._spans import Span
from interlock.notation._yaml import MAXIMUM_DEPTH

_TOKEN: Final = re.compile(
    r"""[ \t\r\n]*(?:
        (?P<mark>[][{},:])
    |   (?P<text>"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+")
    |   (?P<number>-?(?:0|[1-9][0-9]*)(?P<real>(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(?![0-9.eE+-]))
    |   (?P<word>true|false|null)(?![A-Za-z0-9_])
    |   (?P<constant>NaN|-?Infinity)(?![A-Za-z0-9_])
    |   (?P<end>\Z)
    |   (?P<other>"[^"\n]{0,40}|[^][{},:"\s]{1,40}|.)
    )""",
    re.VERBOSE | re.DOTALL,
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_CLOSERS: Final = {"[": "]", "{": "}"}


class _Stop(Exception):  # noqa: N818 - no error: the faults found so far say why reading ends here
    """The grammar is broken; nothing beyond this place can be told."""


@dataclass(slots=True)
class _Open:
    """A list or an object whose end has not been met yet."""

    closer: str
    keys: set[str] = field(default_factory=set)


def find_faults(source: Source, faults: FaultCollector, *, line: int = 1) -> None:
    """Add all faults of the JSON text of `source`, whose first line is `line` of its file."""
    reader = _Reader(source=source, faults=faults, line=line)
    try:
        reader.read_text()
    except _Stop:
        return


@dataclass(slots=True)
class _Reader:
    """Reads one value, token by token, with the open lists and objects on a stack of its own."""

    source: Source
    faults: FaultCollector
    line: int
    offset: int = 0
    open: list[_Open] = field(default_factory=list)
    token: re.Match[str] | None = None

    def read_text(self) -> None:
        self._value(self._next())
        while self.open and not self.faults.enough:
            self._after_value()
        if self.open:
            return
        if self._next().lastgroup != "end":
            self._stop("the value ends before this", "one value and nothing after it")

    def _next(self) -> re.Match[str]:
        token = _TOKEN.match(self.source.text, self.offset)
        assert token is not None  # noqa: S101 - the last alternatives take any character and the end
        self.token, self.offset = token, token.end()
        return token

    def _report(self, message: str, expected: str) -> None:
        assert self.token is not None  # noqa: S101 - reports follow a token
        kind = self.token.lastgroup or "end"
        start, end = self.token.span("number" if kind == "real" else kind)
        # The drawn line is found by its number in `source`, the fault names its number in the file.
        here = self.source.place(start, max(end - start, 1))
        there = Span(here.file, here.line + self.line - 1, here.column, here.end_column)
        self.faults.add(self.source, there, message, expected=expected, drawn=here.line)

    def _stop(self, message: str, expected: str) -> NoReturn:
        self._report(message, expected)
        raise _Stop

    def _value(self, token: re.Match[str]) -> None:
        """Take one value, or the beginning of a list or object."""
        if token["mark"] is not None and token["mark"] in _CLOSERS:
            self._begin(token["mark"])
        elif token["text"] is not None:
            self._text(token["text"])
        elif token["number"] is not None:
            self._number(token["number"], real=bool(token["real"]))
        elif token["constant"] is not None:
            self._report(f"`{token['constant']}` is not a number of JSON", "a finite number, or null")
        elif token["word"] is None:
            self._unexpected("a text in double quotes, a number, `true`, `false`, `null`, a list or an object")

    def _unexpected(self, expected: str) -> NoReturn:
        assert self.token is not None  # noqa: S101 - follows a token
        text = self.token[0].strip()
        if not text:
            self._stop("the text ends too early", expected)
        if text.startswith('"') and self.token.lastgroup == "other":
            self._stop(
                "this text has no end, or holds a raw control character or a wrong escape", "a text in double quotes"
            )
        self._stop(f"`{shown(text)}` can't stand here", expected)

    def _begin(self, mark: str) -> None:
        if len(self.open) >= MAXIMUM_DEPTH:
            self._stop(f"the value nests more than {MAXIMUM_DEPTH} deep", "fewer lists and objects in one another")
        self.open.append(_Open(_CLOSERS[mark]))
        token = self._next()
        if token["mark"] == _CLOSERS[mark]:
            self.open.pop()
        else:
            self._member(token)

    def _after_value(self) -> None:
        """Take the comma and the member after it, or the end of what is open."""
        token, closer = self._next(), self.open[-1].closer
        if token["mark"] == closer:
            self.open.pop()
        elif token["mark"] == ",":
            self._member(self._next())
        else:
            self._unexpected(f"`,` or `{closer}`")

    def _member(self, token: re.Match[str]) -> None:
        if self.open[-1].closer == "}":
            self._key(token)
            token = self._next()
        self._value(token)

    def _key(self, token: re.Match[str]) -> None:
        if token["text"] is None:
            self._unexpected("a key in double quotes")
        key, keys = self._text(token["text"]), self.open[-1].keys
        if key in keys:
            self._report(f"the key `{shown(key)}` stands here twice", "each key once")
        keys.add(key)
        if self._next()["mark"] != ":":
            self._unexpected("`:`")

    def _text(self, token: str) -> str:
        text: str = json.loads(token)
        if _SURROGATE.search(text):
            self._report("this text holds half of a character (an unpaired surrogate)", "whole characters")
        return text

    def _number(self, text: str, *, real: bool) -> None:
        try:
            if real:
                ExactFloat(text)
            else:
                read_integer(text)
        except ValueError:
            self._report(
                f"the number `{shown(text)}` can't be carried exactly",
                "a number within ±(2^53 - 1), one with an exponent such as `1e26`, or the text in quotes",
            )
