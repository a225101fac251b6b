"""The layout of what is written: on one line in brackets where it fits, else each key on a line of its own.

Knows no policy: takes trees of keys and texts, and the notes that stand beside keys, and returns lines of YAML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from interlock.notation import quoted

WIDTH: Final = 120
_STEP: Final = 2
_WORDS_APART: Final = re.compile(r"(?<! ) (?! )")
_WHOLE: Final = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)
_PLAIN_KEYS: Final = frozenset({"n"})
"""Keys of the language that some YAML reads as a truth value; `read_yaml` takes them as they are."""


@dataclass(frozen=True, slots=True)
class Prose:
    """A text in someone's words, which may be long or of several lines; a `str` in a tree is YAML already."""

    text: str


Tree: TypeAlias = "str | Prose | Sequence[Tree] | Mapping[str, Tree]"


@dataclass(slots=True)
class Notes:
    """The comments that stand `above` a key and `after` what it says, and those of the keys within that."""

    above: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    within: dict[str, Notes] = field(default_factory=dict)

    def at(self, *path: str) -> Notes:
        """Return the notes of a key further within, which are made where there are none."""
        notes = self
        for key in path:
            notes = notes.within.setdefault(key, Notes())
        return notes

    def all(self) -> list[str]:
        """Return all comments, from the first to the last."""
        return [*self.above, *(one for notes in self.within.values() for one in notes.all()), *self.after]

    @property
    def spreads(self) -> bool:
        """Whether what the key says must stand on lines of its own, lest a comment is lost."""
        return bool(self.after) or any(notes.all() for notes in self.within.values())


_NO_NOTES: Final = Notes()


def numbered(text: str) -> str | Prose:
    """Return a text that is mostly a number, as pages are: a whole number stands as one."""
    return text if _WHOLE.fullmatch(text) else Prose(text)


def on_one_line(tree: Tree) -> str | None:
    """Return the tree in brackets, or None where it holds a text of several lines that is written as such."""
    return None if _has_lines(tree) else in_brackets(tree)


def in_brackets(tree: Tree) -> str:
    """Return the tree on one line whatever it holds, a text of several lines in quotes."""
    match tree:
        case str():
            return tree
        case Prose():
            return quoted(tree.text)
        case Mapping():
            return f"{{{', '.join(f'{_key(key)}: {in_brackets(value)}' for key, value in tree.items())}}}"
        case _:
            return f"[{', '.join(in_brackets(item) for item in tree)}]"


def _has_lines(tree: Tree) -> bool:
    match tree:
        case str():
            return False
        case Prose():
            return bool(_literal(tree.text))
        case Mapping():
            return any(_has_lines(value) for value in tree.values())
        case _:
            return any(_has_lines(item) for item in tree)


def keys_on_lines(
    keys: Mapping[str, Tree], notes: Notes, *, indent: int = 0, spread: bool = False, width: int = WIDTH
) -> Iterator[str]:
    """Yield the lines of the keys, each with the notes above it; with `spread`, none of them on one line."""
    pad = " " * indent
    for key, tree in keys.items():
        own = notes.within.get(key, _NO_NOTES)
        yield from (f"{pad}{comment}" for comment in own.above)
        line = None if spread or own.spreads else on_one_line(tree)
        if line is not None and len(f"{pad}{_key(key)}: {line}") <= width:
            yield f"{pad}{_key(key)}: {line}"
        else:
            yield from _spread(f"{pad}{_key(key)}:", tree, own, indent=indent + _STEP, width=width)
    yield from (f"{pad}{comment}" for comment in notes.after)


def _spread(head: str, tree: Tree, notes: Notes, *, indent: int, width: int) -> Iterator[str]:
    """Yield `head` and below it what it says, indented."""
    match tree:
        case Prose():
            begin, *lines = _literal(tree.text) or _folded(tree.text, width - indent) or [quoted(tree.text)]
            yield f"{head} {begin}"
            yield from (f"{' ' * indent}{line}" if line else "" for line in lines)
        case Mapping() if tree:
            yield head
            yield from keys_on_lines(tree, notes, indent=indent, width=width)
        case str() | Mapping():
            yield f"{head} {on_one_line(tree)}"
        case _:
            yield head
            for item in tree:
                yield from _item(item, indent=indent, width=width)


def _item(tree: Tree, *, indent: int, width: int) -> Iterator[str]:
    """Yield an item of a list; the first key of a mapping stands beside its hyphen."""
    pad = " " * indent
    line = on_one_line(tree)
    if line is not None and len(f"{pad}- {line}") <= width:
        yield f"{pad}- {line}"
    elif isinstance(tree, Mapping) and tree:
        first, *rest = keys_on_lines(tree, _NO_NOTES, indent=indent + _STEP, width=width)
        yield f"{pad}- {first.lstrip()}"
        yield from rest
    else:
        yield from _spread(f"{pad}-", tree, _NO_NOTES, indent=indent + _STEP, width=width)


def _key(key: str) -> str:
    return key if key in _PLAIN_KEYS else quoted(key)


def _literal(text: str) -> list[str]:
    """Return the mark and the lines of a text of several lines, or nothing where it must stand in quotes."""
    lines = text.split("\n")
    if (
        len(lines) == 1
        or text != text.strip()
        or any(not line.isprintable() or line != line.rstrip() for line in lines)
    ):
        return []
    return ["|-", *lines]


def _folded(text: str, room: int) -> list[str]:
    """Return the mark and the lines of a long text, broken between words, or nothing where it must stand in quotes."""
    if not text.isprintable() or text != text.strip():
        return []
    lines: list[str] = []
    for word in _WORDS_APART.split(text):
        if lines and len(lines[-1]) + 1 + len(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return [">-", *lines] if len(lines) > 1 else []
