"""Markdown texts to nodes: the mappings of the fenced blocks that are marked `interlock`, put together to one.

Prose and blocks of other languages say nothing here. Each block is YAML by itself, read as a file of it is, at its own
place in the Markdown; its lines are never moved. Refused is what would leave out a block in silence, see
`_markdown_fences`. Caps are those of YAML for all blocks together, and tighter ones for the whole file.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from interlock.notation._faults import FaultCollector
from interlock.notation._markdown_fences import Fence, find_fences
from interlock.notation._nodes import MappingNode, Node, ScalarNode, SequenceNode
from interlock.notation._sources import Source
from interlock.notation._spans import Span
from interlock.notation._yaml import MAXIMUM_NODES, check_characters, compose, read_source

ENDINGS: Final = (".md", ".markdown")
MAXIMUM_BYTES: Final = 1_000_000
"""The longest Markdown file: some ten times the longest policy that was published."""
MAXIMUM_LINES: Final = 20_000
"""Its most lines: to find the fences takes time by lines, and these take seconds."""


@dataclass(frozen=True, slots=True)
class MarkdownBlock:
    """A block that was read: its fences, and the mapping between them."""

    fence: Fence
    root: MappingNode


def is_markdown(file: str) -> bool:
    """Return whether a file is Markdown, by the ending of its name."""
    return file.lower().endswith(ENDINGS)


def read_markdown(
    content: bytes | str, *, file: str, faults: FaultCollector, sections: Collection[str]
) -> MappingNode | None:
    """Return the one mapping that all blocks make, or None where there is none to read; faults are added.

    `sections` are the keys whose mappings may be spread over blocks; every other key stands in one block.
    """
    source = _read_source(content, file=file, faults=faults)
    if source is None:
        return None
    blocks = _blocks(source, faults)
    if not blocks:
        return None
    joined = _Joined(sections, faults)
    for block in blocks:
        joined.add(block.root)
    first, last = blocks[0].root, blocks[-1].root
    return MappingNode(source, first.start, last.end, list(joined.entries.values()))


def read_markdown_blocks(content: bytes | str, *, file: str, faults: FaultCollector) -> list[MarkdownBlock]:
    """Return the blocks of a Markdown text, in order, each with its own mapping; faults are added."""
    source = _read_source(content, file=file, faults=faults)
    return [] if source is None else _blocks(source, faults)


def _read_source(content: bytes | str, *, file: str, faults: FaultCollector) -> Source | None:
    source = read_source(content, file=file, faults=faults, most=MAXIMUM_BYTES)
    if source is None or len(source.lines) <= MAXIMUM_LINES:
        return source
    message = f"the file has more than {MAXIMUM_LINES} lines"
    faults.add(source, Span(file, 1, 1, 1), message, expected="a smaller file, or the policy in YAML")
    return None


def _blocks(source: Source, faults: FaultCollector) -> list[MarkdownBlock]:
    clean = check_characters(source, faults)
    blocks = []
    counted = 0
    for fence in find_fences(source, faults):
        root = _root(fence, source, faults, clean=clean)
        if root is None:
            continue
        blocks.append(MarkdownBlock(fence, root))
        counted += root.size
        if counted > MAXIMUM_NODES:
            message = f"the blocks up to this one have more than {MAXIMUM_NODES} values, aliases expanded"
            faults.add(source, root.span, message, expected="a smaller file without nested aliases")
            break
    return blocks


def _root(fence: Fence, source: Source, faults: FaultCollector, *, clean: bool) -> MappingNode | None:
    """Return the mapping of a block, or None after adding a fault."""
    lines = source.lines[fence.opening : fence.closing - 1]
    opening = Span(source.file, fence.opening, fence.indent + 1, len(source.line_text(fence.opening)) + 1)
    if not any(line.strip() and not line.lstrip().startswith("#") for line in lines):
        faults.add(source, opening, "this block says nothing", expected="at least one key and its value, or no block")
        return None
    for number, line in enumerate(lines, start=fence.opening + 1):
        if line.strip() and not line.startswith(" " * fence.indent):
            message = f"this line is less indented than the fence of its block, at line {fence.opening}"
            expected = f"{fence.indent} or more spaces before it"
            faults.add(source, Span(source.file, number, 1, len(line) + 1), message, expected=expected)
            return None
    root = compose(source, "".join(f"{line}\n" for line in lines), faults, clean=clean, above=fence.opening)
    if root is None or isinstance(root, MappingNode):
        return root
    what = "a list" if isinstance(root, SequenceNode) else "a text"
    faults.add(source, root.span, f"this block is {what}", expected="a mapping: keys of the policy, and what they say")
    return None


@dataclass(slots=True)
class _Joined:
    """The keys of the blocks so far; the items of a section that stands in several blocks are put together."""

    sections: Collection[str]
    faults: FaultCollector
    entries: dict[str, tuple[ScalarNode, Node]] = field(default_factory=dict)
    items: dict[str, dict[str, ScalarNode]] = field(default_factory=dict)

    def add(self, root: MappingNode) -> None:
        """Add the keys of one more block."""
        for key, value in root.entries:
            known = self.entries.get(key.text)
            if known is None:
                self.entries[key.text] = (key, value)
            elif key.text not in self.sections:
                message = f"the key `{key.text}` stands here and on line {known[0].span.line}"
                expected = "each key once; only the items of a section may stand in several blocks"
                self.faults.add(key.source, key.span, message, expected=expected)
            else:
                self._join(key, value, known)

    def _join(self, key: ScalarNode, value: Node, known: tuple[ScalarNode, Node]) -> None:
        first, section = known
        if not isinstance(section, MappingNode) or not isinstance(value, MappingNode):
            message = f"`{key.text}` stands on line {first.span.line} too, and one of the two has no items"
            expected = "in each block a mapping from names to items"
            self.faults.add(key.source, key.span, message, expected=expected)
            return
        if key.text not in self.items:
            # a section of its own, since another key may be an alias of what is in the block
            section = MappingNode(section.source, section.start, section.end, list(section.entries))
            self.entries[key.text] = (first, section)
            self.items[key.text] = {name.text: name for name, _ in section.entries}
        names = self.items[key.text]
        for name, item in value.entries:
            if name.text in names:
                message = f"`{name.text}` of `{key.text}` stands here and on line {names[name.text].span.line}"
                self.faults.add(name.source, name.span, message, expected="each name once in a section")
            else:
                names[name.text] = name
                section.entries.append((name, item))
        section.end = value.end
