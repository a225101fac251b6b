"""Files of events: JSON Lines, or YAML for people, read together as the events of one run (LANGUAGE 3.1 and 9).

The index of an event is its position from 0 over all files in the order given. All faults of all files are reported
at once, and nothing of any file is used where one has a fault.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from interlock.notation import (
    FAULTS_COUNTED,
    FaultCollector,
    FaultsError,
    Located,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Source,
    Span,
    parse_json_lines,
    read_yaml,
    shown,
    yaml_values,
)
from interlock.record._correction_checks import check_corrections
from interlock.record._events import Event
from interlock.record._places import LinePlace, NodePlace, Place
from interlock.record._problems import At
from interlock.record._reader import read_into, report
from interlock.record._references import Given, check_references

_LINES = (".jsonl", ".json", ".ndjson")
_YAML = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class _Item:
    """One event of a file before it is read; `place` is None where its line could not be read."""

    value: Any
    place: Place | None


@dataclass(slots=True)
class _Run:
    """The items of all files; `complete` is false where the positions of some events are unknown."""

    faults: FaultCollector = field(default_factory=FaultCollector)
    items: list[_Item] = field(default_factory=list)
    complete: bool = True

    def take(self, file: str, content: bytes) -> None:
        """Take the items of a file; its faults are added."""
        if file.endswith(_YAML):
            self._take_yaml(file, content)
        elif file.endswith(_LINES):
            self._take_lines(file, content)
        else:
            message = "the file is neither JSON Lines nor YAML by its name"
            source, span = Source(file, ""), Span(file, 1, 1, 1)
            self.faults.add(source, span, message, expected="a name that ends in `.jsonl` or `.yaml`")
            self.complete = False

    def _take_lines(self, file: str, content: bytes) -> None:
        try:
            self.items += [_Item(line.value, LinePlace(line)) for line in parse_json_lines(content, file)]
        except FaultsError as error:
            self.faults.absorb(error)
            self._take_others(file, content, {fault.span.line for fault in error.faults})

    def _take_others(self, file: str, content: bytes, spoilt: set[int]) -> None:
        """Take the lines that have no fault, and leave the places of the spoilt ones."""
        lines = content.split(b"\n")
        kept = b"\n".join(b"" if number in spoilt else line for number, line in enumerate(lines, start=1))
        try:
            found: dict[int, Located | None] = {line.span.line: line for line in parse_json_lines(kept, file)}
        except FaultsError:
            self.complete = False
            return
        for _, line in sorted((dict.fromkeys(spoilt) | found).items()):
            self.items.append(_Item(None, None) if line is None else _Item(line.value, LinePlace(line)))

    def _take_yaml(self, file: str, content: bytes) -> None:
        root = read_yaml(content, file=file, faults=self.faults)
        if root is None:
            self.complete = False
            return
        for node in _event_nodes(root, self.faults):
            try:
                # What is wrong with the notation is told; what such an event would say is not guessed.
                item = _Item(yaml_values(node), NodePlace(node)) if _is_sound(node) else _Item(None, None)
            except FaultsError as error:
                self.faults.absorb(error)
                item = _Item(None, None)
            self.items.append(item)


def read_events(files: Iterable[tuple[str, bytes]]) -> tuple[Event, ...]:
    """Return the events of `files`, pairs of name and content, checked one by one and in what they refer to.

    A name ends in `.jsonl` or `.json` (an event on each line) or in `.yaml` or `.yml` (a list of events, or `events:`
    with one). FaultsError with the faults of all files where there are any.
    """
    run = _Run()
    for file, content in files:
        run.take(file, content)
    given = _read_all(run)
    if run.complete:
        check_references(given)
        check_corrections(given)
    for item, one in zip(run.items, given, strict=False):
        if one.at.problems and item.place is not None:
            report(one.at, item.place, run.faults)
    run.faults.check()
    return tuple(one.event for one in given if one.event is not None)


def _read_all(run: _Run) -> list[Given]:
    """Return the items as events, up to where they have more faults than anyone mends in one round."""
    given: list[Given] = []
    problems = len(run.faults)
    for index, item in enumerate(run.items):
        one = _read(item, index)
        given.append(one)
        problems += len(one.at.problems)
        if problems >= FAULTS_COUNTED:
            run.complete = False
            break
    return given


def _read(item: _Item, index: int) -> Given:
    at = At()
    return Given(None if item.place is None else read_into(item.value, at, index=index), at)


def _event_nodes(root: Node, faults: FaultCollector) -> list[Node]:
    """Return the nodes of the events: the items of a list, or of the list under `events`."""
    listed: Node | None = root
    if isinstance(root, MappingNode):
        listed = root.get("events")
        for key, _ in root.entries if listed is not None else ():
            if key.text != "events" and not key.text.startswith("x-"):
                message = f"unknown key `{shown(key.text)}` in a file of events"
                expected = "`events`, or a name that begins with `x-`"
                faults.add(key.source, key.span, message, expected=expected, name=key.text, names=["events"])
    if isinstance(listed, SequenceNode):
        return listed.items
    at = listed or root
    policy = isinstance(root, MappingNode) and root.get("interlock") is not None
    message = "this is a policy, not a file of events" if policy else "there is no list of events here"
    faults.add(at.source, at.span, message, expected="a list: each event begins with `- `")
    return []


def _is_sound(node: Node) -> bool:
    """Return whether no fault of the notation is reported of any value of `node`."""
    match node:
        case ScalarNode():
            return node.sound
        case SequenceNode():
            return all(map(_is_sound, node.items))
        case MappingNode():
            return all(key.sound and _is_sound(value) for key, value in node.entries)
