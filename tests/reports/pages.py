"""Pages read back: a strict reader of the HTML that reports write, and what its tables say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br"}


@dataclass
class Node:
    """An element as it was read."""

    tag: str
    attributes: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text within it."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def walk(self) -> Iterator[Node]:
        """Yield it and every element within it."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def all(self, tag: str) -> list[Node]:
        """Return the elements of a tag."""
        return [node for node in self.walk() if node.tag == tag]

    def by_id(self, name: str) -> Node:
        """Return the one element of an id."""
        [found] = [node for node in self.walk() if node.attributes.get("id") == name]
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute stands twice in <{tag}>"
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read_page(content: bytes) -> Node:
    """Return the root of a page; every element must be closed where it should be."""
    reader = _Reader()
    reader.feed(content.decode())
    reader.close()
    assert reader.open == [reader.root], f"<{reader.open[-1].tag}> is never closed"
    return reader.root


def rows_of(page: Node, section: str) -> list[list[str]]:
    """Return the rows of the table in a section, each as the texts of its cells; none where it has no table."""
    tables = page.by_id(section).all("table")
    return [[cell.text for cell in row.children if isinstance(cell, Node)]
            for table in tables for body in table.all("tbody") for row in body.all("tr")]  # fmt: skip
