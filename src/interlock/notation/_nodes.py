"""Nodes: the parts of a YAML text with their places, before anyone knows what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from interlock.notation._scalars import resolve
from interlock.notation._sources import Source
from interlock.notation._spans import NOWHERE, Span


class Mark(Protocol):
    """A place as the YAML parser gives it: line and column from 0."""

    line: int
    column: int


# Not frozen: a file has tens of thousands of nodes, and freezing doubles the time to make one. No one changes them.
@dataclass(slots=True, eq=False)
class _Placed:
    source: Source = field(repr=False)
    start: Mark = field(repr=False)
    end: Mark = field(repr=False)

    @property
    def span(self) -> Span:
        """Where the node stands; of a node over several lines, its part on the first."""
        return self.source.span(self.start.line + 1, self.start.column + 1, self.end.line + 1, self.end.column + 1)


@dataclass(slots=True, eq=False)
class ScalarNode(_Placed):
    """A text, plain or quoted.

    `sound` is false where a fault of its notation is already reported; `doubtful` is true where that fault is that
    versions of YAML read the text differently.
    """

    text: str
    plain: bool
    sound: bool = True
    doubtful: bool = False

    @property
    def value(self) -> bool | int | Decimal | str | None:
        """What the core schema of YAML 1.2 reads: null, a truth value, a number (exactly), or the text."""
        return resolve(self.text) if self.plain else self.text

    @property
    def size(self) -> int:
        """How many nodes it is, aliases expanded."""
        return 1

    @property
    def height(self) -> int:
        """How many collections are nested within it, aliases expanded."""
        return 0


@dataclass(slots=True, eq=False)
class SequenceNode(_Placed):
    """A list of nodes."""

    items: list[Node] = field(default_factory=list)
    size: int = 1
    height: int = 1


@dataclass(slots=True, eq=False)
class MappingNode(_Placed):
    """Keys and their nodes, in the order of the file; a key stands in it once."""

    entries: list[tuple[ScalarNode, Node]] = field(default_factory=list)
    size: int = 1
    height: int = 1

    def get(self, key: str) -> Node | None:
        """Return the node of `key`, if it is there."""
        return next((node for name, node in self.entries if name.text == key), None)

    def keys(self) -> Iterator[str]:
        """Yield the keys as texts."""
        return (name.text for name, _ in self.entries)


Node = ScalarNode | SequenceNode | MappingNode


@dataclass(frozen=True, slots=True)
class Located:
    """A plain JSON value, where it stands, and the text of that line for faults about it."""

    value: Any  # JSON: the reader of the value checks it
    span: Span = NOWHERE
    line_text: str = ""
