"""YAML texts to nodes: the parser's events are put together here, with every fault of the notation collected.

Built on the event stream, because the parser's own node trees have lost explicit tags, and making them overflows the
stack on deep nesting. Refused: duplicate and non-text keys, tags, directives, several documents, aliases that expand
beyond bounds or contain themselves, deep nesting, scalars that YAML 1.1 and 1.2 read differently, control and
bidirectional characters, bytes that are not UTF-8, and files beyond ten megabytes (before anything is read).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import yaml

from interlock.notation._characters import FORBIDDEN, REPLACEMENT, name_of, shown
from interlock.notation._faults import FaultCollector
from interlock.notation._nodes import MappingNode, Mark, Node, ScalarNode, SequenceNode
from interlock.notation._scalars import refusal
from interlock.notation._sources import Source
from interlock.notation._spans import Span
from interlock.notation._syntax import broken

MAXIMUM_BYTES: Final = 10_000_000
MAXIMUM_NODES: Final = 100_000
"""The most nodes of a file, aliases expanded: some hundred policies of the usual length, read within two seconds."""
MAXIMUM_LINES: Final = 500_000
MAXIMUM_DEPTH: Final = 64
"""The deepest nesting, aliases expanded: policies nest ten deep, and readers of nodes may recurse."""
_MAXIMUM_CHARACTER_FAULTS: Final = 20
_FORBIDDEN_READ: Final = 1_000
"""With more forbidden characters than this a file is no text whose other faults would tell anything."""
_KEY_LETTERS: Final = frozenset("nNyY")
_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _Stop(Exception):  # noqa: N818 - no error: the faults found so far say why reading ends here
    """Nothing more of the file can be read."""


def read_source(content: bytes | str, *, file: str, faults: FaultCollector, most: int = MAXIMUM_BYTES) -> Source | None:
    """Return the text of `content` if it is within bounds and UTF-8; otherwise add a fault and return None."""
    if len(content) > most:
        source = Source(file, "")
        message = f"the file is larger than {most // 1_000_000} MB"
        faults.add(source, Span(file, 1, 1, 1), message, expected="a smaller file; split it by policy or by period")
        return None
    if isinstance(content, str):
        return Source(file, content.removeprefix("\ufeff"))
    try:
        return Source(file, content.decode("utf-8").removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        source = Source(file, content.decode("utf-8", errors="replace"))
        before = content[: error.start].decode("utf-8", errors="replace")
        byte = content[error.start]
        faults.add(
            source, source.place(len(before)), f"byte {byte:#04x} is not UTF-8", expected="a text saved as UTF-8"
        )
        return None


def read_yaml(content: bytes | str, *, file: str, faults: FaultCollector) -> Node | None:
    """Return the root node of a YAML text, or None where it has none that can be read; its faults are added."""
    source = read_source(content, file=file, faults=faults)
    if source is None:
        return None
    # Lines are looked at only once it is known that they are not too many.
    if source.text.count("\n") + source.text.count("\r") > 2 * MAXIMUM_LINES:
        message = f"the file has more than {MAXIMUM_LINES} lines"
        faults.add(Source(file, ""), Span(file, 1, 1, 1), message, expected="a smaller file")
        return None
    clean = check_characters(source, faults)
    if not clean and sum(1 for _ in islice(FORBIDDEN.finditer(source.text), _FORBIDDEN_READ + 1)) > _FORBIDDEN_READ:
        return None
    return compose(source, source.text, faults, clean=clean)


def compose(source: Source, text: str, faults: FaultCollector, *, clean: bool, above: int = 0) -> Node | None:
    """Return the root node of `text`, which is `source` or whole lines of it, or None after adding a fault.

    `clean` is false where `source` holds forbidden characters; `above` is the number of its lines before `text`.
    """
    composer = _Composer(source=source, faults=faults, clean=clean, escapes="\\" in text)
    try:
        for event in parser_events(text if clean else FORBIDDEN.sub(_stand_in, text)):
            composer.take(_lowered(event, above, "start_mark", "end_mark") if above else event)
    except _Stop:
        return None
    except yaml.YAMLError as error:
        composer.report_syntax(_lowered(error, above, "problem_mark", "context_mark"))
        return None
    except RecursionError:  # pragma: no cover - libyaml does not recurse; the pure parser might one day
        faults.add(source, Span(source.file, 1, 1, 1), "the file nests too deeply to be read")
        return None
    if composer.root is None:
        place = Span(source.file, above + 1, 1, 1)
        faults.add(source, place, "the file says nothing", expected="at least one key and its value")
    return composer.root


def parser_events(text: str) -> Iterator[Any]:  # the parser's events are not typed as they are
    """Yield the events of the parser; YAMLError where the text breaks off being YAML."""
    events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
    return events


@dataclass(frozen=True, slots=True)
class _Mark:
    """A place of the whole source, for the place that the parser counts in a part of it."""

    line: int
    column: int


def _lowered(told: Any, above: int, *marks: str) -> Any:  # PyYAML's events and errors are not typed as they are
    """Return an event or an error of the parser with its marks at their places in the whole source."""
    for name in marks:
        mark = getattr(told, name, None)
        if mark is not None:
            setattr(told, name, _Mark(mark.line + above, mark.column))
    return told


def check_characters(source: Source, faults: FaultCollector) -> bool:
    """Return whether a text is free of forbidden characters, after adding a fault for each of the first ones."""
    clean = FORBIDDEN.search(source.text) is None
    if not clean:
        _report_characters(source, faults)
    return clean


def _stand_in(match: re.Match[str]) -> str:
    """Return what keeps the place of a forbidden character: a carriage return ends a line for the parser too."""
    return match[0] if match[0] == "\r" else REPLACEMENT


def _report_characters(source: Source, faults: FaultCollector) -> None:
    for number, match in enumerate(FORBIDDEN.finditer(source.text)):
        if number == _MAXIMUM_CHARACTER_FAULTS:
            break
        message = f"the character {name_of(match[0])} is not allowed: it makes a line look other than it reads"
        faults.add(source, source.place(match.start()), message, expected="text without control characters")


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been met yet; `key` waits for its value."""

    node: SequenceNode | MappingNode
    anchor: str | None
    key: ScalarNode | None = None
    awaits_value: bool = False
    names: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Composer:
    """Puts events together into one tree of nodes."""

    source: Source
    faults: FaultCollector
    clean: bool
    escapes: bool
    root: Node | None = None
    documents: int = 0
    nodes: int = 0
    open: list[_Open] = field(default_factory=list)
    anchors: dict[str, Node | None] = field(default_factory=dict)

    def take(self, event: Any) -> None:  # the fields of PyYAML's events are not typed as they are
        """Take the parser's next event."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._place(self._scalar(event), event.anchor)
        elif kind is yaml.MappingStartEvent:
            self._begin(MappingNode(self.source, event.start_mark, event.end_mark), event)
        elif kind is yaml.SequenceStartEvent:
            self._begin(SequenceNode(self.source, event.start_mark, event.end_mark), event)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._finish(event)
        elif kind is yaml.AliasEvent:
            self._place(self._alias(event), None)
        elif kind is yaml.DocumentStartEvent:
            self._document(event)

    def report_syntax(self, error: yaml.YAMLError) -> None:
        """Add the fault of a text that breaks off being YAML; what it would have said further on is not told."""
        told = broken(self.source, error)
        self.faults.add(self.source, told.span, told.message, expected=told.expected)

    def _document(self, event: Any) -> None:
        self.documents += 1
        span = self._span(event)
        if self.documents > 1:
            self.faults.add(self.source, span, "a second document begins here", expected="one document in a file")
            raise _Stop
        if event.tags or event.version not in (None, (1, 2)):
            self.faults.add(self.source, span, "directives are not allowed", expected="a file without `%` lines")

    def _span(self, event: Any) -> Span:
        start: Mark = event.start_mark
        end: Mark = event.end_mark
        return self.source.span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _count(self, size: int, event: Any) -> None:
        self.nodes += size
        if self.nodes > MAXIMUM_NODES:
            message = f"the file has more than {MAXIMUM_NODES} values, aliases expanded"
            self.faults.add(self.source, self._span(event), message, expected="a smaller file without nested aliases")
            raise _Stop
        if self.faults.enough:
            raise _Stop

    def _check_depth(self, height: int, event: Any) -> None:
        if len(self.open) + height > MAXIMUM_DEPTH:
            message = f"the file nests more than {MAXIMUM_DEPTH} deep"
            self.faults.add(self.source, self._span(event), message, expected="fewer lists and mappings in one another")
            raise _Stop

    def _check_tag(self, event: Any) -> bool:
        if event.tag is None:
            return True
        written = event.tag.replace("tag:yaml.org,2002:", "!!", 1)
        message = f"the tag `{shown(written)}` is not allowed"
        self.faults.add(self.source, self._span(event), message, expected="a value without a tag")
        return False

    def _scalar(self, event: Any) -> ScalarNode:
        self._count(1, event)
        plain = not event.style  # libyaml says "", the pure parser None
        node = ScalarNode(self.source, event.start_mark, event.end_mark, event.value, plain)
        node.sound = self._check_tag(event)
        # `n` is a key of the language itself; a key is text in any case.
        if plain and not (event.value in _KEY_LETTERS and self._at_key()) and (refused := refusal(event.value)):
            self.faults.add(self.source, node.span, refused.message, expected=refused.expected)
            node.doubtful, node.sound = node.sound, False
        if self.escapes and (found := FORBIDDEN.search(node.text)) is not None:
            message = f"the character {name_of(found[0])} is not allowed, not even as an escape"
            self.faults.add(self.source, node.span, message, expected="text without control characters")
            node.sound = False
            node.text = FORBIDDEN.sub("", node.text)
        if not self.clean:
            # The forbidden characters are reported; without them names still match, and no fault follows from them.
            node.text = node.text.replace(REPLACEMENT, "")
        return node

    def _at_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].node, MappingNode) and not self.open[-1].awaits_value

    def _begin(self, node: SequenceNode | MappingNode, event: Any) -> None:
        self._count(1, event)
        self._check_depth(1, event)
        self._check_tag(event)
        if event.anchor is not None:
            self._declare(event.anchor, None, self._span(event))
        self.open.append(_Open(node, event.anchor))

    def _finish(self, event: Any) -> None:
        closed = self.open.pop()
        closed.node.end = event.end_mark
        self._place(closed.node, None)
        if closed.anchor is not None:
            self.anchors[closed.anchor] = closed.node

    def _declare(self, anchor: str, node: Node | None, span: Span) -> None:
        if anchor in self.anchors:
            message = f"the anchor `{shown(anchor)}` is set twice"
            self.faults.add(self.source, span, message, expected="a name of its own for each anchor")
        self.anchors[anchor] = node

    def _alias(self, event: Any) -> Node:
        node = self.anchors.get(event.anchor)
        if node is not None:
            self._count(node.size, event)
            self._check_depth(node.height, event)
            return node
        self._count(1, event)
        name = shown(event.anchor)
        if event.anchor in self.anchors:
            message = f"the alias `*{name}` stands within what it stands for"
            self.faults.add(self.source, self._span(event), message, expected="the values written out")
        else:
            message = f"the alias `*{name}` has no anchor before it"
            expected = f"`&{name}` further up, before what it stands for"
            self.faults.add(
                self.source, self._span(event), message, expected=expected, name=event.anchor, names=self.anchors
            )
        return ScalarNode(self.source, event.start_mark, event.end_mark, "", plain=True, sound=False)

    def _place(self, node: Node, anchor: str | None) -> None:
        """Put a finished node where it belongs: the root, the next item, the next key or its value."""
        if anchor is not None:
            self._declare(anchor, node, node.span)
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        collection = parent.node
        collection.size += node.size
        collection.height = max(collection.height, 1 + node.height)
        if isinstance(collection, SequenceNode):
            collection.items.append(node)
        elif not parent.awaits_value:
            parent.key = self._key(node, parent.names)
            parent.awaits_value = True
        else:
            if parent.key is not None:
                collection.entries.append((parent.key, node))
            parent.awaits_value = False

    def _key(self, node: Node, names: set[str]) -> ScalarNode | None:
        """Return the key that `node` is, or None where it is none or stands there twice."""
        if not isinstance(node, ScalarNode):
            self.faults.add(self.source, node.span, "a key must be text", expected="a name before the colon")
            return None
        if node.plain and node.sound and (node.value is None or isinstance(node.value, bool)):
            self.faults.add(
                self.source,
                node.span,
                f"the key `{node.text}` is not text",
                expected=f'a name before the colon, or "{node.text}" in quotes',
            )
            return None
        if node.text in names:
            self.faults.add(
                self.source,
                node.span,
                f"the key `{shown(node.text)}` stands here twice",
                expected="each key once",
            )
            return None
        names.add(node.text)
        return node
