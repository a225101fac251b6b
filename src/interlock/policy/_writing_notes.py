"""Where the comments of a policy file go when it is written anew: above the key or the item that they belong to.

A comment on a line of its own stays above what it stands above. One at the end of a line, or on a line within an item,
goes above the item; a control counts as one. At the end of a section it stays there, where it is indented as its items
are; what stands before the first key and an empty line remains the head of the file.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from interlock.notation import Comment, MappingNode, Node, ScalarNode, SequenceNode
from interlock.policy._writing import CONTROLS, SECTION_ITEMS
from interlock.policy._writing_layout import Notes

_STANDARDS = "standards"
Path = tuple[str, ...]
Place = tuple[int, int]
"""A line and a column, from 1."""


@dataclass(slots=True)
class FileNotes:
    """The comments of a file or of one block: its head, and those of its keys."""

    head: list[str] = field(default_factory=list)
    keys: Notes = field(default_factory=Notes)

    @property
    def commented(self) -> set[str]:
        """The keys of the file that have comments, above them or within."""
        return {key for key, notes in self.keys.within.items() if notes.all()}


@dataclass(frozen=True, slots=True)
class _Slot:
    """A key that comments can stand above: its path, its place, and where what it says ends."""

    path: Path
    place: Place
    end: Place

    def holds(self, other: _Slot) -> bool:
        return other.path[: len(self.path)] == self.path and other.path != self.path

    def is_beside(self, other: _Slot) -> bool:
        return self.path[:-1] == other.path[:-1]

    @property
    def column(self) -> int:
        return self.place[1]

    @property
    def is_written(self) -> bool:
        """Whether comments can stand above it; those of `controls` itself go above the standard."""
        return not (self.path[0] == _STANDARDS and self.path[2:] == (CONTROLS,))


def notes_of(root: MappingNode, comments: Iterable[Comment]) -> FileNotes:
    """Return the comments by the keys of `root` that they belong to."""
    slots = list(_slots(root))
    notes = FileNotes()
    before: list[Comment] = []
    places = [slot.place for slot in slots]
    for comment in comments:
        number = bisect_left(places, (comment.line, comment.column))
        if number == 0 and slots:
            before.append(comment)
        else:
            _put(comment, slots, number, notes.keys)
    _put_first(before, slots, notes)
    return notes


def _put_first(comments: Sequence[Comment], slots: Sequence[_Slot], notes: FileNotes) -> None:
    """Place the comments before the first key: up to an empty line, they are the head of the file."""
    parted = max((number for number, one in enumerate(comments, start=1) if one.alone and one.parted), default=0)
    notes.head += [comment.text for comment in comments[:parted]]
    if len(comments) > parted:
        notes.keys.at(*slots[0].path).above[:0] = [comment.text for comment in comments[parted:]]


def _put(comment: Comment, slots: Sequence[_Slot], number: int, notes: Notes) -> None:
    """Place a comment that stands after the slot before `number`."""
    last, following = slots[number - 1], slots[number] if number < len(slots) else None
    if comment.alone and following is not None and _stands_above(comment, last, following):
        _above(following, notes).append(comment.text)
    elif not comment.alone or (comment.line, comment.column) < last.end or comment.column > last.column:
        _above(last, notes).append(comment.text)
    else:
        _at_end(comment, slots[:number], notes).append(comment.text)


def _stands_above(comment: Comment, last: _Slot, following: _Slot) -> bool:
    """Return whether a comment on a line of its own, between two slots, belongs to the second."""
    if last.holds(following):
        return following.is_written
    if (comment.line, comment.column) < last.end or comment.column > last.column:
        return False
    return comment.column <= following.column or last.is_beside(following)


def _above(slot: _Slot, notes: Notes) -> list[str]:
    return notes.at(*(slot.path if slot.is_written else slot.path[:-1])).above


def _at_end(comment: Comment, slots: Sequence[_Slot], notes: Notes) -> list[str]:
    """Return the comments at the end of the section, or of the file, in which the comment stands by its indentation."""
    last = slots[-1]
    around = [slot for slot in slots if slot.path == last.path[: len(slot.path)] and slot.column >= comment.column]
    outermost = around[0] if around else last
    return notes.at(*outermost.path[:-1]).after if outermost.is_written else _above(outermost, notes)


# Where the keys stand


def _slots(root: MappingNode) -> Iterator[_Slot]:
    """Yield the keys that comments can stand above, in the order of the file."""
    for key, value in root.entries:
        yield _slot((), key, value)
        if key.text in SECTION_ITEMS and isinstance(value, MappingNode) and _start(value) > _start(key):
            for name, item in value.entries:
                yield _slot((key.text,), name, item)
                if key.text == _STANDARDS and isinstance(item, MappingNode) and _start(item) > _start(name):
                    yield from _controls((key.text, name.text), item)


def _controls(path: Path, standard: MappingNode) -> Iterator[_Slot]:
    for key, value in standard.entries:
        if key.text == CONTROLS and isinstance(value, MappingNode) and _start(value) > _start(key):
            yield _slot(path, key, value)
            for name, control in value.entries:
                yield _slot((*path, key.text), name, control)


def _slot(path: Path, key: ScalarNode, value: Node) -> _Slot:
    return _Slot((*path, key.text), _start(key), max(_end(key), _end(value)))


def _start(node: Node) -> Place:
    return node.start.line + 1, node.start.column + 1


def _end(node: Node) -> Place:
    """Return where a node ends: the parser ends a collection without brackets only where the next thing begins."""
    match node:
        case MappingNode() if node.entries and not _is_bracketed(node):
            key, value = node.entries[-1]
            return max(_end(key), _end(value))
        case SequenceNode() if node.items and not _is_bracketed(node):
            return _end(node.items[-1])
        case _:
            return node.end.line + 1, node.end.column + 1


def _is_bracketed(node: Node) -> bool:
    line, column = _start(node)
    return node.source.line_text(line)[column - 1 : column] in {"{", "["}
