"""Places: where in a file the value at a path of an event stands, so that a fault can be drawn there.

Looked up only once there is a fault; an event that is sound costs nothing here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from interlock.notation import Located, MappingNode, Node, ScalarNode, SequenceNode, Source, Span
from interlock.record._problems import Path

_Extent = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Spot:
    """A span of a source; `drawn` is the line of `source` to draw where that is only a part of the file."""

    source: Source
    span: Span
    drawn: int | None = None


class Place(Protocol):
    """Where an event stands."""

    def find(self, path: Path, *, on_key: bool) -> Spot:
        """Return where the value at `path`, or its key, stands; the nearest value around it where it is missing."""
        ...


@dataclass(frozen=True, slots=True)
class NodePlace:
    """An event that is a node of a YAML text."""

    node: Node
    _members: dict[int, dict[str, tuple[ScalarNode, Node]]] = field(default_factory=dict, repr=False, compare=False)

    def find(self, path: Path, *, on_key: bool) -> Spot:
        """Return where the value at `path`, or its key, stands."""
        node = self.node
        for step, key in enumerate(path):
            found = self._child(node, key)
            if found is None:
                break
            name, value = found
            if on_key and name is not None and step == len(path) - 1:
                return Spot(name.source, name.span)
            node = value
        return Spot(node.source, node.span)

    def _child(self, node: Node, key: str | int) -> tuple[ScalarNode | None, Node] | None:
        if isinstance(node, SequenceNode) and isinstance(key, int):
            return None, node.items[key]
        if not isinstance(node, MappingNode):
            return None
        if id(node) not in self._members:
            self._members[id(node)] = {name.text: (name, value) for name, value in node.entries}
        return self._members[id(node)].get(str(key))


@dataclass(frozen=True, slots=True)
class LinePlace:
    """An event that is a line of JSON, or one that no file holds, whose line is empty."""

    located: Located
    _spans: dict[Path, tuple[_Extent | None, _Extent]] = field(default_factory=dict, repr=False, compare=False)

    def find(self, path: Path, *, on_key: bool) -> Spot:
        """Return where on the line the value at `path`, or its key, stands."""
        source = Source(self.located.span.file, self.located.line_text)
        if not self._spans and self.located.line_text:
            self._spans.update(_Members(self.located.line_text).spans())
        spans = self._spans
        for length in range(len(path), 0, -1):
            found = spans.get(path[:length])
            if found is not None:
                key, value = found
                start, end = key if on_key and length == len(path) and key is not None else value
                span = Span(self.located.span.file, self.located.span.line, start + 1, end + 1)
                return Spot(source, span, drawn=1)
        return Spot(source, self.located.span, drawn=1)


_TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|[][{},:]|[^][{},:\s"]+')


@dataclass(slots=True)
class _Members:
    """Finds where each key and value of a sound JSON text stands, from its tokens."""

    text: str
    found: dict[Path, tuple[_Extent | None, _Extent]] = field(default_factory=dict)
    tokens: list[re.Match[str]] = field(default_factory=list)
    next: int = 0

    def spans(self) -> Mapping[Path, tuple[_Extent | None, _Extent]]:
        """Return, by path, where the key (of a member of an object) and the value stand."""
        self.tokens = list(_TOKEN.finditer(self.text))
        self._value((), None)
        return self.found

    def _take(self) -> re.Match[str]:
        token = self.tokens[self.next]
        self.next += 1
        return token

    def _value(self, path: Path, key: _Extent | None) -> None:
        token = self._take()
        end = token.end()
        if token[0] in {"{", "["}:
            end = self._members(path, is_object=token[0] == "{")
        self.found[path] = (key, (token.start(), end))

    def _members(self, path: Path, *, is_object: bool) -> int:
        """Take the members up to the closing bracket, and return where that ends."""
        place = 0
        while (token := self.tokens[self.next])[0] not in {"}", "]"}:
            if token[0] == ",":
                self.next += 1
            elif is_object:
                self.next += 2
                self._value((*path, str(json.loads(token[0]))), token.span())
            else:
                self._value((*path, place), None)
                place += 1
        return self._take().end()
