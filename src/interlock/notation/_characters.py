"""Characters that a text may not hold, and how they are shown where they must be named (LANGUAGE 1, Rejected).

Control characters and the bidirectional ones make a line look other than it reads (Boucher and Anderson, "Trojan
Source", 2021), so they are refused anywhere in a file and never sent to a terminal as they are.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

REPLACEMENT: Final = "\ufffd"
_BIDIRECTIONAL: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROL: Final = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"
FORBIDDEN: Final = re.compile(rf"[{_BIDIRECTIONAL}{_CONTROL}]|\r(?!\n)")
_UNPRINTABLE: Final = re.compile(rf"[{_BIDIRECTIONAL}{_CONTROL}\r\n]")
_PART_OF_NUMBER: Final = re.compile(r"<(?:U(?:\+[0-9A-F]*)?)?\Z", re.ASCII)
_CUT: Final = 60


def shown(text: str, *, length: int = _CUT) -> str:
    """Return `text` fit for one line of a terminal: forbidden characters by number, and cut to `length`."""
    drawn = _UNPRINTABLE.sub(_number, text[:length])
    if len(text) <= length and len(drawn) <= length:
        return drawn
    return f"{_PART_OF_NUMBER.sub('', drawn[: length - 1])}…"


def name_of(character: str) -> str:
    """Return the number and the name of a character: `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X} {name}".rstrip()


def _number(match: re.Match[str]) -> str:
    return " " if match[0] in "\r\n" else f"<U+{ord(match[0]):04X}>"
