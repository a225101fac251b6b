"""The fenced blocks of a page, in the order of the page: each with the words after its fence, and its text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sybil import Document, Example, Region
from sybil.region import Lexeme

_FENCE = re.compile(
    r"^(?P<indent>[ ]*)(?P<fence>`{3,})(?P<info>[^\n`]*)\n(?P<text>.*?)^[ ]*(?P=fence)[ ]*$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Fence:
    """A block: `kind` are the words after its fence, without those of the form `name=value`, which are `options`."""

    kind: str
    options: dict[str, str]
    text: str
    example: Example

    @property
    def place(self) -> str:
        """Where the block stands."""
        return f"{self.example.path}:{self.example.line}"


def _parse(document: Document) -> Iterable[Region]:
    """Yield the fenced blocks of a Markdown document."""
    for match in _FENCE.finditer(document.text):
        text = "".join(line.removeprefix(match["indent"]) for line in match["text"].splitlines(keepends=True))
        parsed = Lexeme(text, match.start("text") - match.start(), 0)
        yield Region(match.start(), match.end(), parsed, lexemes={"info": match["info"]})


def fences_of(page: Path) -> list[Fence]:
    """Return the fenced blocks of a page."""
    return [_fence(example) for example in Document.parse(str(page), _parse)]


def _fence(example: Example) -> Fence:
    words = str(example.region.lexemes["info"]).split()
    options = dict(word.split("=", 1) for word in words if "=" in word)
    kind = " ".join(word for word in words if "=" not in word)
    return Fence(kind=kind, options=options, text=str(example.parsed), example=example)
