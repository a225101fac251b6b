"""A reading: what the decoder knows of a file while it reads it, names first, and the references it meets.

The names of all items are gathered before any item is read, so that a reference is checked where it stands. What
refers to what is kept apart from the items, so that a cycle is found also where an item has another fault.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from interlock.notation import FaultCollector, MappingNode, Node, ScalarNode, Source, Span, shown
from interlock.terms import nearest

SECTIONS: Final[Mapping[str, str]] = {
    "roles": "role",
    "measures": "measure",
    "thresholds": "threshold",
    "standards": "standard",
    "restrictions": "restriction",
    "permissions": "permission",
    "duties": "duty",
    "pledges": "pledge",
    "terms": "term",
    "documents": "document",
    "claims": "claim",
    "goals": "goal",
}
"""The sections of a policy file and the word for one item of each."""
_LISTED: Final = 40
"""How many valid names a fault lists."""
_MISSPELLED: Final = 40
"""How many unknown sections are compared with the known ones: the header's keys and what a person misspells."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The item being read: the word for its kind, and its name."""

    kind: str
    name: str = ""

    def __str__(self) -> str:
        """Return the item as faults name it."""
        return f"{self.kind} `{self.name}`" if self.name else self.kind


@dataclass(frozen=True, slots=True)
class Reference:
    """One item names another: under which of its keys, as which aspect of it, how deep in a condition, and where."""

    owner: Owner
    key: str
    target: Owner
    depth: int
    span: Span


@dataclass(frozen=True, slots=True)
class Replacement:
    """A permission replaces one standard by another, and where the file says so."""

    permission: str
    old: str
    new: str
    span: Span


HEADER: Final = Owner("applies-to")
"""The owner of what stands outside of all items; of the header's keys only `applies-to` holds a condition."""


@dataclass(slots=True)
class Reading:
    """The file being read, the names it defines by kind, and what was met so far."""

    source: Source
    faults: FaultCollector
    names: Mapping[str, Mapping[str, Span]] = field(default_factory=dict)
    statistics: Mapping[str, str] = field(default_factory=dict)
    owner: Owner = HEADER
    key: str = ""
    depth: int = 0
    recording: bool = True
    references: list[Reference] = field(default_factory=list)
    replacements: list[Replacement] = field(default_factory=list)
    conditions: Counter[Owner] = field(default_factory=Counter)
    readings: dict[str, object] = field(default_factory=dict)

    def fault(
        self,
        place: Node | Span,
        message: str,
        *,
        expected: str | None = None,
        name: str | None = None,
        names: Iterable[str] = (),
    ) -> None:
        """Add a fault at a node or a span."""
        span = place if isinstance(place, Span) else place.span
        self.faults.add(self.source, span, message, expected=expected, name=name, names=names)

    def resolve(self, node: ScalarNode, kind: str, *, target: Owner | None) -> str | None:
        """Return the name that `node` holds if the policy defines it; otherwise add a fault and return None.

        `target` is what the reference is kept as; None for one on which no state depends.
        """
        defined = self.names.get(kind, {})
        if node.text not in defined:
            other = next((one for one, names in self.names.items() if node.text in names), None)
            what = f"is a {other} of this policy, not a {kind}" if other else f"is not a {kind} of this policy"
            self.fault(
                node,
                f"`{shown(node.text)}` {what}",
                expected=one_of(defined) if defined else f"the name of a {kind}, and the policy has none",
                name=node.text,
                names=defined,
            )
            return None
        if target is not None and self.recording:
            self.references.append(Reference(self.owner, self.key, target, self.depth, node.span))
        return node.text


def one_of(names: Collection[str]) -> str:
    """Return the valid names as a fault lists them; only those that are listed are looked at."""
    listed = [shown(name) for name in islice(names, _LISTED)]
    if len(listed) == 1:
        return f"`{listed[0]}`"
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"one of: {', '.join(listed)}{more}"


def names_defined(root: MappingNode) -> dict[str, dict[str, Span]]:
    """Return the names that a policy file defines, by kind, whether or not their items are sound."""
    defined: dict[str, dict[str, Span]] = {kind: {} for kind in (*SECTIONS.values(), "control")}
    unknown = [key.text for key, _ in root.entries if key.text not in SECTIONS]
    # A misspelled section is one fault, not one for each reference into it.
    meant = {name: nearest(name, SECTIONS) for name in unknown[:_MISSPELLED]}
    for key, section in root.entries:
        name = key.text if key.text in SECTIONS else meant.get(key.text)
        if name is not None:
            defined[SECTIONS[name]] |= _keys(section)
    for standard in _items(root.get("standards")):
        if isinstance(standard, MappingNode):
            defined["control"] |= _keys(standard.get("controls"))
    return defined


def statistics_stated(root: MappingNode) -> dict[str, str]:
    """Return the statistic that each measure states, whether or not the measure is sound."""
    stated = {}
    measures = root.get("measures")
    for key, measure in measures.entries if isinstance(measures, MappingNode) else ():
        statistic = measure.get("statistic") if isinstance(measure, MappingNode) else None
        if isinstance(statistic, ScalarNode):
            stated[key.text] = statistic.text
    return stated


def _keys(node: Node | None) -> dict[str, Span]:
    return {key.text: key.span for key, _ in node.entries} if isinstance(node, MappingNode) else {}


def _items(node: Node | None) -> list[Node]:
    return [item for _, item in node.entries] if isinstance(node, MappingNode) else []
