"""Forms: mappings with declared keys, and what is built of them; every item of a policy file is a form.

A key is declared once: its name, what it holds, whether it is required, its default, and what it says. Unknown,
missing and conflicting keys are faults; only a mapping without any fault is built.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final, Generic, TypeVar, cast

from interlock.notation import NOWHERE, MappingNode, Node, ScalarNode, Span, shown
from interlock.policy._model import Clause
from interlock.policy._reading import Owner, Reading, one_of
from interlock.policy._shapes import IDENTIFIER, LINE, TEXT, ListOf, Shape, choice, got
from interlock.terms import nearest

_MISSPELLED: Final = 20
"""How many unknown keys are compared with those declared: a person does not misspell more in one place."""
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Key(Generic[T_co]):
    """One key of a form; a key with a default is never missing."""

    name: str
    holds: Shape[T_co]
    required: bool = False
    default: T_co | None = None
    says: str = ""


@dataclass(slots=True)
class Values:
    """The values of a form's keys while it is built, by key; `id` and `clause` are those of an item."""

    node: MappingNode
    reading: Reading
    read: dict[str, object]
    id: str = ""
    clause: Clause = field(default_factory=Clause)

    def get(self, key: Key[T]) -> T | None:
        """Return the value of a key, its default, or None."""
        return cast("T | None", self.read.get(key.name, key.default))

    def need(self, key: Key[T]) -> T:
        """Return the value of a key that is required or has a default."""
        return cast("T", self.read.get(key.name, key.default))

    def fault(self, key: str, message: str, *, expected: str | None = None) -> None:
        """Add a fault at the value of the key named `key`, or at the whole mapping where it has none."""
        self.reading.fault(self.node.get(key) or self.node, message, expected=expected)


@dataclass(frozen=True, slots=True)
class Group:
    """Keys of which exactly one must stand, or at least one."""

    keys: tuple[str, ...]
    exactly: bool = True


@dataclass(frozen=True)
class Form(Generic[T]):
    """A mapping with declared keys. `item` marks one that bears a name and may carry source, note and modality.

    `open_keys` stands for every key that begins with its name.
    """

    noun: str
    keys: tuple[Key[object], ...]
    build: Callable[[Values], T | None]
    groups: tuple[Group, ...] = ()
    item: bool = False
    open_keys: Key[object] | None = None
    declared: Mapping[str, Key[object]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Index the keys by name."""
        keys = (*self.keys, *CLAUSE_KEYS) if self.item else self.keys
        object.__setattr__(self, "declared", {key.name: key for key in keys})

    @property
    def words(self) -> str:
        """What is expected."""
        required = [key.name for key in self.keys if key.required] or [key.name for key in self.keys]
        return f"a mapping such as {{{required[0]}: …}}"

    def read(self, node: Node, reading: Reading) -> T | None:
        """Return what is built of the mapping, or None after adding its faults."""
        return self.read_named(node, reading, name="", span=NOWHERE)

    def read_named(self, node: Node, reading: Reading, *, name: str, span: Span) -> T | None:
        """Like `read`, for the item that the file calls `name` at `span`."""
        if isinstance(node, ScalarNode) and not node.sound:
            return None
        if not isinstance(node, MappingNode):
            stated = got(node)
            what = "is empty" if stated == "nothing" else f"is given as {stated}"
            reading.fault(node, f"{self._called(name)} {what}", expected=self.words)
            return None
        read = self._read_keys(node, reading)
        whole = len(read) == len(node.entries)
        whole = self._check_missing(node, reading, name, span) and whole
        for group in self.groups:
            whole = self._check_group(group, node, reading, name, span) and whole
        if not whole:
            return None
        clause = _clause(read, node.span if span is NOWHERE else span) if self.item else Clause()
        return self.build(Values(node, reading, read, name, clause))

    def _called(self, name: str) -> str:
        if self.noun == "policy":
            return "the policy"
        return f"the {self.noun} `{shown(name)}`" if name else f"`{self.noun}`"

    def _read_keys(self, node: MappingNode, reading: Reading) -> dict[str, object]:
        read: dict[str, object] = {}
        for key_node, value_node in node.entries:
            key = self.declared.get(key_node.text)
            if key is None and self.open_keys is not None and key_node.text.startswith(self.open_keys.name):
                key = replace(self.open_keys, name=key_node.text)
            if key is None:
                self._report_unknown(key_node, reading)
                continue
            if self.item:
                reading.key = key.name
            value = key.holds.read(value_node, reading)
            if value is not None:
                read[key.name] = value
        return read

    def _report_unknown(self, key: ScalarNode, reading: Reading) -> None:
        if key.sound:
            message = f"unknown key `{shown(key.text)}`"
            reading.fault(key, message, expected=one_of(self.declared), name=key.text, names=self.declared)

    def _misspelled(self, node: MappingNode, reading: Reading) -> set[str | None]:
        """Return the keys that unknown ones stand for, it seems: a misspelled key is one fault, not two."""
        if reading.faults.full:  # only the number of faults still grows
            return set()
        unknown = (key for key in node.keys() if key not in self.declared)  # noqa: SIM118 - a node is no mapping
        return {nearest(key, self.declared) for key in islice(unknown, _MISSPELLED)}

    def _check_missing(self, node: MappingNode, reading: Reading, name: str, span: Span) -> bool:
        there = set(node.keys())
        missing = [key for key in self.keys if key.required and key.name not in there]
        for key in missing:
            if key.name not in self._misspelled(node, reading):
                message = f"{self._called(name)} has no `{key.name}`"
                place = node if span is NOWHERE else span
                reading.fault(place, message, expected=_asked(key))
        return not missing

    def _check_group(self, group: Group, node: MappingNode, reading: Reading, name: str, span: Span) -> bool:
        there = [key for key, _ in node.entries if key.text in group.keys]
        if len(there) == 1 or (there and not group.exactly):
            return True
        wanted = f"{'exactly' if group.exactly else 'at least'} one of: {', '.join(group.keys)}"
        if there:
            reading.fault(there[1], f"{self._called(name)} says both {_both(there)}", expected=wanted)
        elif self._misspelled(node, reading).isdisjoint(group.keys):
            listed = ", ".join(f"`{key}`" for key in group.keys)
            place = node if span is NOWHERE else span
            reading.fault(place, f"{self._called(name)} has none of {listed}", expected=wanted)
        return False


def _asked(key: Key[object]) -> str:
    """Return what a key that is missing is for, and what it holds."""
    return f"`{key.name}`{f' ({key.says})' if key.says not in {'', key.name} else ''}: {key.holds.words}"


def _both(keys: list[ScalarNode]) -> str:
    return " and ".join(f"`{key.text}`" for key in keys[:2])


@dataclass(frozen=True)
class Section(Generic[T]):
    """A section of a policy file: `least` or more items of one form by name."""

    kind: str
    form: Form[T]
    least: int = 0

    @property
    def words(self) -> str:
        """What is expected."""
        return f"a mapping from the name of each {self.kind} to what it says"

    def read(self, node: Node, reading: Reading) -> dict[str, T] | None:
        """Return the items in the order of the file; None if any is faulty."""
        if isinstance(node, ScalarNode) and not node.sound:
            return None
        if not isinstance(node, MappingNode):
            reading.fault(node, f"this is {got(node)}", expected=self.words)
            return None
        if len(node.entries) < self.least:
            reading.fault(node, f"there is no {self.kind} here", expected=self.words)
            return None
        items: dict[str, T] = {}
        for name, item_node in node.entries:
            outer, reading.owner = reading.owner, Owner(self.kind, name.text)
            identifier = IDENTIFIER.read(name, reading)
            item = self.form.read_named(item_node, reading, name=name.text, span=name.span)
            reading.owner = outer
            if identifier is not None and item is not None:
                items[identifier] = item
        return items if len(items) == len(node.entries) else None


MODALITIES: Final = ("must", "should", "expected", "aim", "may", "recommended")
BINDINGS: Final = ("unilateral", "conditional", "recommendation")
_SECTION: Final = Key("section", LINE, says="section of the policy's text")
_PAGE: Final = Key("page", LINE, says="page of the policy's text")
CLAUSES: Final = Key("clauses", ListOf(LINE), default=(), says="ids of the clauses in the inventory of the text")
_SOURCE_NOTE: Final = Key("note", TEXT, says="what to know about the place")


@dataclass(frozen=True, slots=True)
class _Place:
    section: str | None
    page: str | None
    clauses: tuple[str, ...]
    note: str | None


_SOURCE: Final = Key(
    "source",
    Form(
        "source",
        (_SECTION, _PAGE, CLAUSES, _SOURCE_NOTE),
        lambda values: _Place(values.get(_SECTION), values.get(_PAGE), values.need(CLAUSES), values.get(_SOURCE_NOTE)),
        groups=(Group(("section", "page", "clauses", "note"), exactly=False),),
    ),
    says="where the policy's text says it",
)
_NOTE: Final = Key("note", TEXT, says="a remark of whoever encoded the text")
_MARK: Final = Key("mark", LINE, says="how far the encoding was verified")
_MODALITY: Final = Key("modality", choice("a modality", *MODALITIES), default="must", says="how firmly it is meant")
_BINDING: Final = Key("binding", choice("a binding", *BINDINGS), default="unilateral", says="on what it depends")
CLAUSE_KEYS: Final[tuple[Key[object], ...]] = (_SOURCE, _NOTE, _MARK, _MODALITY, _BINDING)
"""The keys that every item may carry."""


def _clause(read: Mapping[str, object], span: Span) -> Clause:
    place = cast("_Place | None", read.get(_SOURCE.name))
    return Clause(
        modality=str(read.get(_MODALITY.name, _MODALITY.default)),
        binding=str(read.get(_BINDING.name, _BINDING.default)),
        section=place.section if place else None,
        page=place.page if place else None,
        clauses=place.clauses if place else (),
        source_note=place.note if place else None,
        note=cast("str | None", read.get(_NOTE.name)),
        mark=cast("str | None", read.get(_MARK.name)),
        span=span,
    )
