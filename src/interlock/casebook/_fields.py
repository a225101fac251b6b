"""The reading of mappings by the keys that they may have, with every fault at its place and the nearest name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from interlock.casebook._model import Listed, Mention
from interlock.notation import FaultCollector, MappingNode, Node, ScalarNode, SequenceNode, shown
from interlock.terms import MalformedError, parse_instant

T = TypeVar("T")
_LONGEST: Final = 1_000
_INSTANT: Final = "an instant such as `2026-03-01T12:00:00Z`, or a day, which stands for its first instant, UTC"


@dataclass(slots=True)
class Reader:
    """Reads nodes of one file; its faults are collected, and the names of items that were met."""

    faults: FaultCollector
    mentions: list[Mention] = field(default_factory=list)

    def fault(
        self,
        node: Node,
        message: str,
        expected: str | None = None,
        *,
        name: str | None = None,
        names: Iterable[str] = (),
    ) -> None:
        """Add a fault at a node."""
        self.faults.add(node.source, node.span, message, expected=expected, name=name, names=names)

    def fields(self, node: Node, owner: str, keys: Sequence[str], *, needed: Sequence[str] = ()) -> dict[str, Node]:
        """Return the values of a mapping by key; what is no mapping, unknown and missing keys are faults."""
        if not isinstance(node, MappingNode):
            self.fault(node, f"{owner} is {got(node)}", f"a mapping with {listed(keys)}")
            return {}
        for key, _ in node.entries:
            if key.text not in keys and key.sound:
                message = f"{owner} has no `{shown(key.text)}`"
                self.fault(key, message, listed(keys), name=key.text, names=keys)
        found = {key.text: value for key, value in node.entries if key.text in keys}
        for key_name in needed:
            if key_name not in found:
                self.fault(node, f"{owner} has no `{key_name}`", f"`{key_name}`")
        return found

    def entries(self, node: Node, owner: str, words: str) -> list[tuple[ScalarNode, Node]]:
        """Return the entries of a mapping whose keys are names of the writer's or the policy's."""
        if isinstance(node, MappingNode) and node.entries:
            return node.entries
        self.fault(node, f"{owner} is {got(node)}", words)
        return []

    def items(self, node: Node, owner: str, words: str) -> Sequence[Node]:
        """Return the items of a list."""
        if isinstance(node, SequenceNode):
            return node.items
        self.fault(node, f"{owner} is {got(node)}", words)
        return ()

    def text(self, node: Node, words: str, *, several_lines: bool = False) -> str | None:
        """Return a text; a plain number is taken as it is written, a truth value and null must be quoted."""
        if isinstance(node, ScalarNode) and not node.sound:
            return None
        text = " ".join(node.text.split()) if isinstance(node, ScalarNode) else ""
        if not isinstance(node, ScalarNode) or not text or (node.plain and isinstance(node.value, bool | None)):
            self.fault(node, f"this is {got(node)}", words)
            return None
        if len(text) > _LONGEST or (not several_lines and "\n" in node.text.strip("\n")):
            self.fault(node, "this text is too long", f"{words}, at most {_LONGEST} characters")
            return None
        return text

    def flag(self, node: Node) -> bool | None:
        """Return a truth value."""
        value = node.value if isinstance(node, ScalarNode) and node.plain else None
        if isinstance(value, bool):
            return value
        if not isinstance(node, ScalarNode) or node.sound:
            self.fault(node, f"{got(node)} is no truth value", "`true` or `false`")
        return None

    def choice(self, node: Node, noun: str, words: Sequence[str]) -> str | None:
        """Return one of several words."""
        text = self.text(node, listed(words))
        if text is None or text in words:
            return text
        self.fault(node, f"`{shown(text)}` is not {noun}", listed(words), name=text, names=words)
        return None

    def instant(self, node: Node) -> datetime | None:
        """Return an instant; a day stands for its first one, UTC."""
        return self.parsed(node, _INSTANT, parse_instant)

    def parsed(self, node: Node, words: str, parse: Callable[[str], T]) -> T | None:
        """Return what a parser of `interlock.terms` makes of a text; its refusal becomes the fault."""
        text = self.text(node, words)
        if text is None:
            return None
        try:
            return parse(text)
        except MalformedError as error:
            self.fault(node, shown(error.message.split("; expected ")[0], length=200), words)
            return None

    def listed(self, node: Node, noun: str, *, sort: str | None = None) -> Listed | None:
        """Return names: one, a list, or `{only: […]}`; each is a mention of an item where `sort` says of which."""
        only = isinstance(node, MappingNode)
        inner = self.fields(node, noun, ("only",), needed=("only",)).get("only") if only else node
        if inner is None:
            return None
        if isinstance(inner, ScalarNode):
            nodes: Sequence[Node] = (inner,)
        else:
            nodes = self.items(inner, noun, f"a name, a list of names, or {{only: [{noun}, …]}}")
        if isinstance(inner, SequenceNode) and not inner.items and not only:
            self.fault(inner, "this list is empty, so that nothing is expected", "`{only: []}` where there is none")
        names = [(name, one) for one in nodes if (name := self.text(one, f"a name: {noun}")) is not None]
        if sort is not None:
            self.mentions += [Mention(sort=sort, name=name, node=one) for name, one in names]
        return Listed(names=tuple(name for name, _ in names), only=only)


def listed(words: Iterable[str]) -> str:
    """Return words as a fault lists them."""
    quoted = [f"`{word}`" for word in words]
    return f"one of {', '.join(quoted)}" if len(quoted) > 1 else "".join(quoted)


def got(node: Node) -> str:
    """Return what stands in the file in place of what was expected."""
    match node:
        case SequenceNode():
            return "a list"
        case MappingNode():
            return "a mapping" if node.entries else "an empty mapping"
        case ScalarNode():
            return f"`{shown(node.text)}`" if node.text else "nothing"


def told_apart(node: Node, sorts: Mapping[str, object], owner: str, reader: Reader) -> tuple[str, Node] | None:
    """Return the one key of a mapping that must have exactly one of `sorts`, and its value."""
    found = reader.fields(node, owner, tuple(sorts))
    if len(found) == 1:
        return next(iter(found.items()))
    if isinstance(node, MappingNode) and (found or not node.entries):
        stated = " and ".join(f"`{key}`" for key in found) or "nothing"
        reader.fault(node, f"{owner} states {stated}", f"exactly {listed(sorts)}")
    return None
