"""Name maps: which names in events are read as which others, for a replay under a policy that calls things otherwise.

    measures: {autonomy.task-success: autonomy.tasks}      # the name in the events: the name in the policy
    controls: {two-person-rule: two-party-control}

Strict: a sort that is not among those below, a name that no event states, and one that no policy given knows are
faults, reported at their place with the nearest name. Names are translated before the engine sees the events; an
event keeps the digest of what was given, and so do references to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cached_property
from typing import Any, Final

from interlock.notation import FaultCollector, MappingNode, Node, ScalarNode, read_yaml, shown
from interlock.policy import Growth, Judged, Policy, QuantityIs, Ratio
from interlock.record import Event, EventCorrected, read_event
from interlock.reports import Renaming

_EFFECTIVE_COMPUTE: Final = "effective-compute"
"""The quantity that every policy knows: evidence ages by it."""
_DOCUMENTED: Final = (
    "document.submitted",
    "document.approved",
    "document.rejected",
    "document.published",
    "review.requested",
    "review.received",
    "party.notified",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sort:
    """A sort of names: what one is called, where events state one, and which a policy knows.

    `named_by` is the data field of events of `kinds` that names one; `keyed` the field of further kinds whose keys do.
    """

    noun: str
    named_by: str
    kinds: tuple[str, ...]
    known: Callable[[Policy], Iterable[str]]
    keyed: Mapping[str, str] = field(default_factory=dict)


SORTS: Final[Mapping[str, _Sort]] = {
    "measures": _Sort(
        noun="measure",
        named_by="measure",
        kinds=("evaluation.planned", "evaluation.started", "evaluation.completed"),
        known=lambda policy: policy.measures,
    ),
    "questions": _Sort(
        noun="question",
        named_by="judged",
        kinds=("determination.made",),
        known=lambda policy: [part.question for part in _parts(policy) if isinstance(part, Judged)],
    ),
    "controls": _Sort(
        noun="control",
        named_by="control",
        kinds=("control.attested",),
        known=lambda policy: [name for standard in policy.standards.values() for name in standard.controls],
    ),
    # A policy is itself a document that is approved and published.
    "documents": _Sort(
        noun="document",
        named_by="document",
        kinds=_DOCUMENTED,
        known=lambda policy: [*policy.documents, policy.id],
    ),
    "duties": _Sort(
        noun="duty",
        named_by="duty",
        kinds=("duty.performed", "excuse.claimed"),
        known=lambda policy: policy.duties,
        keyed={"document.submitted": "schedule"},
    ),
    "quantities": _Sort(
        noun="quantity",
        named_by="quantity",
        kinds=("quantity.measured",),
        known=lambda policy: [
            _EFFECTIVE_COMPUTE,
            *(part.quantity for part in _parts(policy) if isinstance(part, QuantityIs | Growth | Ratio)),
        ],
    ),
}
"""The sorts of names that a map may translate, by the key of the file."""


def _parts(value: object) -> Iterator[object]:
    """Yield a value and everything within it: items of policies and the conditions in them."""
    yield value
    if is_dataclass(value):
        inner: Iterable[object] = (getattr(value, one.name) for one in fields(value))
    elif isinstance(value, Mapping):
        inner = value.values()
    elif isinstance(value, tuple):
        inner = value
    else:
        return
    for part in inner:
        yield from _parts(part)


# Reading


def read_name_map(
    content: bytes, *, file: str, policies: Sequence[Policy], events: Sequence[Event]
) -> tuple[Renaming, ...]:
    """Return the names to translate, in the order of the file; FaultsError with every fault of it."""
    faults = FaultCollector()
    root = read_yaml(content, file=file, faults=faults)
    faults.check()
    renamed: list[Renaming] = []
    if not isinstance(root, MappingNode):
        _fault(root, "the file is not a mapping", f"the keys {', '.join(SORTS)}", faults)
        faults.check()
        return ()
    for key, node in root.entries:
        sort = SORTS.get(key.text)
        if sort is None:
            message = f"a map has no `{shown(key.text)}`"
            expected = f"one of {', '.join(SORTS)}"
            faults.add(root.source, key.span, message, expected=expected, name=key.text, names=SORTS)
        elif not isinstance(node, MappingNode):
            _fault(node, f"`{key.text}` is not a mapping", "{name in the events: name in the policy}", faults)
        else:
            renamed += _read_names(sort, node, policies, events, faults)
    faults.check()
    return tuple(renamed)


def _read_names(
    sort: _Sort, node: MappingNode, policies: Sequence[Policy], events: Sequence[Event], faults: FaultCollector
) -> Iterator[Renaming]:
    stated = {name for event in events for name in _stated(sort, event.kind, event.source.get("data", {}))}
    known = {name for policy in policies for name in sort.known(policy)}
    for old, new_node in node.entries:
        new = new_node.value if isinstance(new_node, ScalarNode) else None
        if old.text not in stated:
            message = f"no event names the {sort.noun} `{shown(old.text)}`"
            expected = f"a {sort.noun} that an event names"
            faults.add(old.source, old.span, message, expected=expected, name=old.text, names=stated)
        if not isinstance(new, str):
            _fault(new_node, "this is not a name", f"a {sort.noun} of a policy given", faults)
        elif new not in known:
            message = f"no policy given knows the {sort.noun} `{shown(new)}`"
            expected = f"a {sort.noun} of a policy given"
            faults.add(new_node.source, new_node.span, message, expected=expected, name=new, names=known)
        else:
            yield Renaming(sort=sort.noun, old=old.text, new=new)


def _fault(node: Node | None, message: str, expected: str, faults: FaultCollector) -> None:
    if node is not None:
        faults.add(node.source, node.span, message, expected=expected)


def _stated(sort: _Sort, kind: str, data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of a sort that the data of an event states."""
    if kind in sort.kinds:
        yield data[sort.named_by]
    yield from data.get(sort.keyed.get(kind, ""), ())
    by = data.get("by")
    if kind == _CORRECTION and isinstance(by, dict):
        yield from _stated(sort, by.get("event", ""), by.get("data", {}))


_CORRECTION: Final = "event.corrected"


# Translating


@dataclass(frozen=True, kw_only=True)
class _Translated(Event):
    """An event whose names were translated; its digest is that of what was given."""

    given: Event

    @cached_property
    def digest(self) -> str:
        """The digest of the event as it was given."""
        return self.given.digest


def translate(events: Sequence[Event], renamed: Iterable[Renaming]) -> tuple[Event, ...]:
    """Return the events with their names translated, each with the index and the digest that it had."""
    names: dict[str, dict[str, str]] = {}
    for one in renamed:
        names.setdefault(one.sort, {})[one.old] = one.new
    return tuple(_translate(event, names) for event in events)


def _translate(event: Event, names: Mapping[str, Mapping[str, str]]) -> Event:
    source = _translated_source(event.source, names)
    return event if source == event.source else _standing_for(read_event(source, index=event.index), event)


def _standing_for(translated: Event, given: Event) -> Event:
    """Return the translated event with the digests of the given one, also those of events written out in it."""
    payload = translated.payload
    if isinstance(payload, EventCorrected) and isinstance(given.payload, EventCorrected):
        inner, given_inner = payload.by, given.payload.by
        if isinstance(inner, Event) and isinstance(given_inner, Event):
            payload = replace(payload, by=_standing_for(inner, given_inner))
    stated = {one.name: getattr(translated, one.name) for one in fields(translated)}
    return _Translated(**{**stated, "payload": payload, "given": given})


def _translated_source(source: Mapping[str, Any], names: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Return the JSON object of an event with its names translated, and those of an event written out in it."""
    kind, data = source["event"], dict(source.get("data", {}))
    for sort in SORTS.values():
        translated = names.get(sort.noun, {})
        if kind in sort.kinds:
            data[sort.named_by] = translated.get(data[sort.named_by], data[sort.named_by])
        keyed = sort.keyed.get(kind)
        if keyed in data:
            data[keyed] = {translated.get(name, name): value for name, value in data[keyed].items()}
    if kind == _CORRECTION and isinstance(data.get("by"), dict):
        data["by"] = _translated_source(data["by"], names)
    return {**source, "data": data} if "data" in source else dict(source)
