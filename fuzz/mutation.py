"""Mutations that keep a file mostly what it is: lines, values and conditions change places, words become others.

A change of single bytes breaks the notation nearly always, and then nothing behind it is reached.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Final

_WORD: Final = re.compile(rb"[A-Za-z0-9][A-Za-z0-9.:%-]*")
_BRACED: Final = re.compile(rb"\{[^{}]*\}|\[[^][]*\]")


def mutated(content: bytes, size: int, seed: int, words: Sequence[bytes]) -> bytes:
    """Return `content` with one to four changes, at most `size` bytes long; the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(chance.choice((1, 1, 2, 4))):
        content = chance.choice(_CHANGES)(content, chance, words)
    return content[:size]


def _word(content: bytes, chance: random.Random, words: Sequence[bytes]) -> bytes:
    found = list(_WORD.finditer(content))
    if not found:
        return content + chance.choice(words)
    place = chance.choice(found)
    other = chance.choice(found)[0] if chance.random() < 0.5 else chance.choice(words)  # noqa: PLR2004 - even odds
    return content[: place.start()] + other + content[place.end() :]


def _braced(content: bytes, chance: random.Random, words: Sequence[bytes]) -> bytes:
    """Put one bracketed part in the place of another, or a condition there, or wrap it in a negation."""
    found = list(_BRACED.finditer(content))
    if not found:
        return _word(content, chance, words)
    place, other = chance.choice(found), chance.choice(found)[0]
    new = chance.choice(
        (other, chance.choice(words), b"{not: " + place[0] + b"}", b"{all: [" + place[0] + b"]}", b"{}")
    )
    return content[: place.start()] + new + content[place.end() :]


def _doubled(content: bytes, chance: random.Random, _words: Sequence[bytes]) -> bytes:
    lines = content.split(b"\n")
    lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
    return b"\n".join(lines)


def _dropped(content: bytes, chance: random.Random, _words: Sequence[bytes]) -> bytes:
    lines = content.split(b"\n")
    del lines[chance.randrange(len(lines))]
    return b"\n".join(lines)


def _swapped(content: bytes, chance: random.Random, _words: Sequence[bytes]) -> bytes:
    lines = content.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _indented(content: bytes, chance: random.Random, _words: Sequence[bytes]) -> bytes:
    lines = content.split(b"\n")
    place = chance.randrange(len(lines))
    lines[place] = b"  " + lines[place] if chance.random() < 0.5 else lines[place].removeprefix(b"  ")  # noqa: PLR2004 - even odds
    return b"\n".join(lines)


def _inserted(content: bytes, chance: random.Random, words: Sequence[bytes]) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + chance.choice(words) + content[place:]


_CHANGES: Final[Sequence[Callable[[bytes, random.Random, Sequence[bytes]], bytes]]] = (
    _word,
    _word,
    _word,
    _braced,
    _braced,
    _doubled,
    _dropped,
    _swapped,
    _indented,
    _inserted,
)
