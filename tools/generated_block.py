"""Generated blocks: the part of a page that a script writes, between two markers, beside what people wrote."""

from __future__ import annotations

from dataclasses import dataclass


class MarkersError(Exception):
    """The page does not hold each marker exactly once, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedBlock:
    """A block by its name, and the script to name in the page as its author."""

    name: str
    author: str

    @property
    def begin(self) -> str:
        """The line above the block."""
        return f"<!-- {self.name}: begin (written by {self.author}) -->"

    @property
    def end(self) -> str:
        """The line below the block."""
        return f"<!-- {self.name}: end -->"

    def empty(self) -> str:
        """Both markers with nothing between them, to start a page with."""
        return f"{self.begin}\n{self.end}\n"

    def replaced(self, page: str, text: str) -> str:
        """The page with `text` as its block; MarkersError when the markers are missing, doubled or in disorder."""
        if page.count(self.begin) != 1 or page.count(self.end) != 1 or page.index(self.begin) > page.index(self.end):
            raise MarkersError(f"expected `{self.begin}` and then `{self.end}`, each once")
        before, _, rest = page.partition(self.begin)
        _, _, after = rest.partition(self.end)
        return f"{before}{self.begin}\n\n{text.strip()}\n\n{self.end}{after}"
