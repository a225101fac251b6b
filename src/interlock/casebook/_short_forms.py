"""Short forms of events, for cases written by hand, rewritten into the form that the record reads.

- `training.started: {…}` stands for `event: training.started` with `data: {…}`
- `model: halcyon-4` (with `weights:`) and `developer: Halcyon AI` stand for `subject: {…}`
- a day stands for its first instant, UTC
- `sha256:WORD` stands for the digest of that word
- `name: WORD` names the event, and other events name it by that word where they would state an index
- what an event does not say is taken from `defaults`: `subject`, `actor`, `role`, and by role its actor (`actors`)

Nodes are rewritten, not values, so that every fault stands where a person wrote what is at fault.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from interlock.casebook._fields import Reader, got, listed
from interlock.notation import MappingNode, Node, ScalarNode, SequenceNode, shown
from interlock.record import EVENT_KINDS
from interlock.terms import MalformedError, digest_of_bytes, format_instant, parse_instant

_HEAD: Final = ("event", "occurred", "recorded", "actor", "role", "subject", "data")
_SUBJECT: Final = ("model", "weights", "developer", "world")
_SHORT: Final = ("name", *_SUBJECT)
_TIMES: Final = ("occurred", "recorded")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WORD: Final = re.compile(r"sha256:([a-z][a-z0-9.-]{0,31})", re.ASCII)
_REFERENCES: Final[Mapping[str, tuple[str, ...]]] = {
    "evaluation.withdrawn": ("evaluation", "replaced-by"),
    "event.corrected": ("event", "by"),
    "document.submitted": ("evidence",),
}
DEFAULTS: Final = ("subject", *_SUBJECT, "actor", "role", "actors")


def digest_of_word(text: str) -> str:
    """Return the digest that `sha256:WORD` stands for; any other text as it is."""
    word = _WORD.fullmatch(text)
    return text if word is None else digest_of_bytes(word[1].encode())


@dataclass(frozen=True, slots=True)
class EventDefaults:
    """What events are taken to say where they don't."""

    subject: Node | None = None
    actor: Node | None = None
    role: Node | None = None
    actors: Mapping[str, Node] = field(default_factory=dict)

    @property
    def model(self) -> str | None:
        """The model that the default subject names."""
        named = self.subject.get("model") if isinstance(self.subject, MappingNode) else None
        return named.text if isinstance(named, ScalarNode) else None


def read_defaults(found: Mapping[str, Node], reader: Reader) -> EventDefaults:
    """Return the defaults for events that a file states."""
    actors = {}
    if "actors" in found:
        entries = reader.entries(found["actors"], "`actors`", "a mapping from the name of each role to its actor")
        actors = {key.text: value for key, value in entries}
    return EventDefaults(
        subject=found.get("subject") or _gathered(found, next(iter(found.values()), None)),
        actor=found.get("actor"),
        role=found.get("role"),
        actors=actors,
    )


@dataclass(slots=True)
class ShortForms:
    """Rewrites the events of one case; `names` are those of events so far, by index."""

    reader: Reader
    defaults: EventDefaults
    names: dict[str, int] = field(default_factory=dict)

    def for_a_case(self) -> ShortForms:
        """Return the same for the events of a case, which may name those of the background."""
        return ShortForms(self.reader, self.defaults, dict(self.names))

    def rewritten(self, nodes: Sequence[Node], *, first: int = 0) -> list[Node]:
        """Return the events as the record reads them; `first` is the index of the first of them."""
        for index, node in enumerate(nodes, start=first):
            self._take_name(node, index)
        return [self._event(node) for node in nodes]

    def _take_name(self, node: Node, index: int) -> None:
        stated = node.get("name") if isinstance(node, MappingNode) else None
        name = None if stated is None else self.reader.text(stated, "a word that names the event")
        if stated is None or name is None:
            return
        if name in self.names:
            self.reader.fault(stated, f"`{shown(name)}` names another event already", "a name of its own")
        elif name.isdigit() or name.startswith("sha256:"):
            self.reader.fault(stated, f"`{shown(name)}` would name an event by its index or digest", "a word")
        self.names.setdefault(name, index)

    def _event(self, node: Node) -> Node:
        if not isinstance(node, MappingNode):
            self.reader.fault(node, f"an event is {got(node)}", "a mapping such as {training.started: {}, occurred: …}")
            return _mapping(node, [])
        entries: list[tuple[ScalarNode, Node]] = []
        stated: dict[str, Node] = {}
        kind = node.get("event")
        for key, value in node.entries:
            if key.text in _HEAD or key.text.startswith("x-"):
                entries.append((key, value))
            elif key.text in _SHORT:
                stated[key.text] = value
            elif key.text in EVENT_KINDS and kind is None and node.get("data") is None:
                kind = _scalar(key, key.text)
                entries += [(_scalar(key, "event"), kind), (_scalar(key, "data"), _data(value))]
            else:
                self._report_key(key, kind)
        self._add_subject(node, entries, stated)
        self._add_actor(entries)
        name = kind.text if isinstance(kind, ScalarNode) else ""
        return _mapping(node, [(key, self._value(key.text, value, name)) for key, value in entries])

    def _report_key(self, key: ScalarNode, kind: Node | None) -> None:
        if not key.sound:
            return
        if kind is not None and key.text in EVENT_KINDS:
            self.reader.fault(key, "an event is of two kinds", "one kind of event, with its `data`")
            return
        names = (*_HEAD, *_SHORT, *EVENT_KINDS)
        expected = f"a kind of event with its data, or {listed((*_HEAD, *_SHORT))}"
        self.reader.fault(key, f"an event has no `{shown(key.text)}`", expected, name=key.text, names=names)

    def _add_subject(
        self, node: MappingNode, entries: list[tuple[ScalarNode, Node]], stated: Mapping[str, Node]
    ) -> None:
        subject = _gathered(stated, node)
        if subject is not None and node.get("subject") is not None:
            self.reader.fault(node, "the event states its subject twice", "`subject`, or `model` and the like")
        elif subject is None and node.get("subject") is None:
            subject = self.defaults.subject
        if subject is not None:
            entries.append((_scalar(node, "subject"), subject))

    def _add_actor(self, entries: list[tuple[ScalarNode, Node]]) -> None:
        there = {key.text: value for key, value in entries}
        role = there.get("role") or self.defaults.role
        actor = self.defaults.actors.get(role.text) if isinstance(role, ScalarNode) else None
        for name, value in (("role", role), ("actor", actor or self.defaults.actor)):
            if name not in there and value is not None:
                entries.append((_scalar(value, name), value))

    def _value(self, key: str, value: Node, kind: str) -> Node:
        if key in _TIMES:
            return _instant(value)
        if key == "data" and isinstance(value, MappingNode):
            named = _REFERENCES.get(kind, ())
            return _mapping(
                value,
                [(name, self._reference(one) if name.text in named else _digests(one)) for name, one in value.entries],
            )
        return _digests(value)

    def _reference(self, value: Node) -> Node:
        """Return a reference with the name of an event replaced by its index; an event written out rewritten."""
        match value:
            case ScalarNode():
                index = self.names.get(value.text)
                if index is not None:
                    return _number(value, index)
                if isinstance(value.value, str) and not value.text.startswith("sha256:"):
                    message = f"no event of this case is named `{shown(value.text)}`"
                    expected = "the `name` of an event, its index from 0 (the background first), or its digest"
                    self.reader.fault(value, message, expected, name=value.text, names=self.names)
                return _digests(value)
            case SequenceNode():
                return _sequence(value, [self._reference(item) for item in value.items])
            case MappingNode():
                return self._event(value)


def _gathered(stated: Mapping[str, Node], at: Node | None) -> Node | None:
    """Return the subject that short forms state, or None where they state none."""
    parts = [(name, stated[name]) for name in _SUBJECT if name in stated]
    return _mapping(at, [(_scalar(value, name), value) for name, value in parts]) if parts and at is not None else None


def _data(value: Node) -> Node:
    """Return the data of an event; nothing at all stands for none."""
    return _mapping(value, []) if isinstance(value, ScalarNode) and value.plain and value.value is None else value


def _instant(value: Node) -> Node:
    if not isinstance(value, ScalarNode) or not _DAY.fullmatch(value.text):
        return value
    try:
        return _scalar(value, format_instant(parse_instant(value.text)))
    except MalformedError:
        return value


def _digests(value: Node) -> Node:
    """Return a value with the digests in it that stand for words written out."""
    match value:
        case ScalarNode():
            written = digest_of_word(value.text)
            return value if written == value.text else _scalar(value, written)
        case SequenceNode():
            return _sequence(value, [_digests(item) for item in value.items])
        case MappingNode():
            return _mapping(value, [(key, _digests(item)) for key, item in value.entries])


def _scalar(at: Node, text: str) -> ScalarNode:
    return ScalarNode(source=at.source, start=at.start, end=at.end, text=text, plain=False)


def _number(at: Node, number: int) -> ScalarNode:
    return ScalarNode(source=at.source, start=at.start, end=at.end, text=str(number), plain=True)


def _sequence(at: Node, items: list[Node]) -> SequenceNode:
    return SequenceNode(source=at.source, start=at.start, end=at.end, items=items)


def _mapping(at: Node, entries: list[tuple[ScalarNode, Node]]) -> MappingNode:
    return MappingNode(source=at.source, start=at.start, end=at.end, entries=entries)
