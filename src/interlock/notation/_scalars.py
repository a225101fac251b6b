"""Plain scalars: what YAML 1.2's core schema reads, and what it and YAML 1.1 read differently, which is refused.

Implements the core schema of YAML 1.2.2, section 10.3, without `.nan`, `.inf`, `0o…` and `0x…`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTH: Final = {text: text.lower() == "true" for text in ("true", "True", "TRUE", "false", "False", "FALSE")}
_INTEGER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)", re.ASCII)
_DECIMAL: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_LONGEST_NUMBER: Final = 64
_NUMBER_START: Final = frozenset("+-.0123456789")
_REFUSED: Final = re.compile(
    r"""(?P<truth>[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)
    |   (?P<sexagesimal>[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)
    |   (?P<octal>[-+]?0[0-9_]+(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|[-+]?0o[0-7]+)
    |   (?P<radix>[-+]?0x[0-9a-fA-F_]+|[-+]?0b[01_]+)
    |   (?P<underscore>[-+]?[0-9][0-9_]*_[0-9_]*(?:\.[0-9_]*)?)
    |   (?P<infinite>[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))
    |   (?P<merge><<|=)""",
    re.ASCII | re.VERBOSE,
)
_LONG: Final = re.compile(r"[-+]?[0-9.][0-9._:eE+-]{64,}", re.ASCII)
_QUOTED: Final = 'or "{text}" in quotes for the text'


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a plain scalar is refused, and what to write instead."""

    message: str
    expected: str


_REFUSALS: Final = {
    "truth": Refusal("`{text}` is a truth value in some YAML and text in other YAML", f"`true` or `false`, {_QUOTED}"),
    "sexagesimal": Refusal(
        "`{text}` is a number to the base of sixty in some YAML and text in other YAML",
        f"a number in decimal, {_QUOTED}",
    ),
    "octal": Refusal(
        "`{text}` is an octal number in some YAML and a decimal one in other YAML",
        f"a number in decimal without a leading zero, {_QUOTED}",
    ),
    "radix": Refusal("`{text}` is a number that is not in decimal", f"a number in decimal, {_QUOTED}"),
    "underscore": Refusal(
        "`{text}` is a number in some YAML and text in other YAML", f"a number without `_`, {_QUOTED}"
    ),
    "infinite": Refusal("`{text}` is not a finite number", f"a finite number, {_QUOTED}"),
    "merge": Refusal(
        "`{text}` merges or stands for values in some YAML and is text in other YAML",
        'each key written out, or "{text}" in quotes for the text',
    ),
    "long": Refusal("`{text}` is a number of more than 64 characters", f"a number such as `1e26`, {_QUOTED}"),
}


def refusal(text: str) -> Refusal | None:
    """Return why the plain scalar `text` is refused, or None where every reader of YAML takes it alike."""
    # The patterns above backtrack; what is longer than any number is kept from them.
    if len(text) > _LONGEST_NUMBER:
        reason = "long" if _LONG.fullmatch(text) else None
    else:
        match = _REFUSED.fullmatch(text)
        reason = match.lastgroup if match else None
    if reason is None:
        return None
    refused, cut = _REFUSALS[reason], text if len(text) <= _LONGEST_NUMBER else f"{text[:20]}…"
    return Refusal(refused.message.format(text=cut), refused.expected.format(text=cut))


def resolve(text: str) -> bool | int | Decimal | str | None:
    """Return what the core schema reads in the plain scalar `text`; numbers are exact."""
    if text in _NULL:
        return None
    if text in _TRUTH:
        return _TRUTH[text]
    if text[0] in _NUMBER_START and len(text) <= _LONGEST_NUMBER:
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
    return text
