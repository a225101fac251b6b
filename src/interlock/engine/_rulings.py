"""Readings: what a disputed text comes to under the tests that it admits, and the rulings that settle it (LANGUAGE 2).

Without a ruling all readings are evaluated: where they agree, that value; else unknown, contested. A ruling binds from
its instant on. Who may rule is whom the policy names (`ruled-by`), else anyone, with a finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from interlock.engine._findings import Finding
from interlock.engine._leaves import facts_about
from interlock.engine._signoff import Word, by_roles, latest_among, word_of
from interlock.engine._trace import Node, earliest, parent_node
from interlock.engine._triggers import agreed
from interlock.policy import Readings, Scope
from interlock.record import Event, TermRuled
from interlock.terms import Truth, format_instant

if TYPE_CHECKING:
    from interlock.engine._case import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Which reading is ruled, None where none is; by which events, and what is to be known of those that rule."""

    reading: str | None
    events: tuple[Event, ...] = ()
    findings: tuple[Finding, ...] = field(default=(), compare=False)

    @property
    def words(self) -> str:
        """The words that name the ruling."""
        if not self.events:
            return f"`{self.reading}` is assumed to be ruled"
        last = self.events[-1]
        reason = f": {last.payload.reason}" if isinstance(last.payload, TermRuled) else ""
        return f"`{self.reading}` is ruled by {_who(last)}, {format_instant(last.occurred)}{reason}"


def ruling_on(case: Case, readings: Readings) -> Ruling:
    """Return the ruling that binds the case: the latest that names a reading of the text by one who may rule."""
    names = {name for name, _ in readings.readings}
    assumed = case.rulings.get(readings.id)
    if assumed in names:
        return Ruling(reading=assumed)
    facts = facts_about(case, case.subjects(Scope.THIS), ("ruled", readings.id))
    if not facts:
        return Ruling(reading=None)
    unknown = [event for about_one in facts for event in about_one if _reading(event) not in names]
    known = [[event for event in about_one if _reading(event) in names] for about_one in facts]
    findings = [*_unknown_readings(unknown, readings), *_recorded_late(known)]
    ruling = _latest(known, readings) if readings.ruled_by is None else _by_whom_it_is_for(known, readings)
    return replace(ruling, findings=(*findings, *ruling.findings))


def _latest(facts: Sequence[Sequence[Event]], readings: Readings) -> Ruling:
    last = latest_among(facts, lambda _event: True)
    if not last:
        return Ruling(reading=None)
    indices = tuple(event.index for event in last)
    if len({_reading(event) for event in last}) > 1:
        detail = f"rulings on `{readings.id}` of the same instant disagree, so that none binds"
        return Ruling(reading=None, findings=(Finding("rulings-disagree", detail, indices),))
    detail = f"`{readings.id}` is ruled by {_who(last[-1])}; the policy does not say who may rule"
    return Ruling(reading=_reading(last[-1]), events=last, findings=(Finding("ruling-by-anyone", detail, indices),))


def _by_whom_it_is_for(facts: Sequence[Sequence[Event]], readings: Readings) -> Ruling:
    roles = readings.ruled_by
    if roles is None:
        return Ruling(reading=None)
    others = [event for about_one in facts for event in about_one if event.role not in roles.names]
    findings = tuple(_set_aside(others, readings))
    ruled: dict[str, Node] = {}
    for name, _ in readings.readings:

        def read(event: Event, name: str = name) -> Word:
            return Word(role=event.role or "", value=Truth.of(_reading(event) == name), events=(event,))

        node = by_roles(f"ruling on {readings.id}", roles, [word_of(role, facts, read) for role in roles.names])
        if node.value is Truth.TRUE:
            ruled[name] = node
    if len(ruled) != 1:
        return Ruling(reading=None, findings=(*findings, *_disagreeing(ruled, readings)))
    ((name, node),) = ruled.items()
    return Ruling(reading=name, events=node.evidence, findings=findings)


def _disagreeing(ruled: Mapping[str, Node], readings: Readings) -> Iterable[Finding]:
    if ruled:
        indices = tuple(event.index for node in ruled.values() for event in node.evidence)
        names = " and ".join(f"`{name}`" for name in ruled)
        detail = f"those who may rule on `{readings.id}` have ruled {names}, so that no ruling binds"
        yield Finding("rulings-disagree", detail, indices)


def _reading(event: Event) -> str:
    return event.payload.reading if isinstance(event.payload, TermRuled) else ""


def _who(event: Event) -> str:
    return event.role or event.actor or "someone unnamed"


def _unknown_readings(events: Iterable[Event], readings: Readings) -> Iterable[Finding]:
    for event in events:
        detail = (
            f"event {event.index} rules that `{readings.id}` has the reading `{_reading(event)}`, which the text does "
            f"not admit; its readings are {', '.join(f'`{name}`' for name, _ in readings.readings)}"
        )
        yield Finding("speaks-to-nothing", detail, (event.index,))


def _recorded_late(facts: Iterable[Iterable[Event]]) -> Iterable[Finding]:
    for event in (event for about_one in facts for event in about_one):
        if event.recorded > event.occurred:
            detail = (
                f"event {event.index} rules from {format_instant(event.occurred)} on and was recorded "
                f"{format_instant(event.recorded)}"
            )
            yield Finding("ruling-recorded-late", detail, (event.index,))


def _set_aside(events: Iterable[Event], readings: Readings) -> Iterable[Finding]:
    for event in events:
        detail = f"event {event.index} rules on `{readings.id}` as {_who(event)}, who may not; it is set aside"
        yield Finding("ruling-set-aside", detail, (event.index,))


def readings_node(readings: Readings, parts: Sequence[Node], ruling: Ruling) -> Node:
    """Return what the readings come to, given each reading's node in order; the trace shows every reading."""
    named = {name: part for (name, _), part in zip(readings.readings, parts, strict=True)}
    if ruling.reading is not None:
        ruled = named[ruling.reading]
        node = parent_node(readings, ruled.value, (ruled,), reason=ruled.reason)
    else:
        value = agreed(part.value for part in parts)
        reason = "contested" if len({part.value for part in parts}) > 1 else None
        node = parent_node(readings, value, parts, reason=reason)
    return replace(
        node,
        detail=lambda: (*_ruled_child(ruling), *(_reading_child(name, part) for name, part in named.items())),
        changes_at=earliest(part.changes_at for part in node.parts),
        findings=ruling.findings,
        who=() if readings.ruled_by is None else readings.ruled_by.names,
    )


def _ruled_child(ruling: Ruling) -> tuple[Node, ...]:
    if ruling.reading is None:
        return ()
    return (Node(about=ruling.words, value=Truth.TRUE, evidence=ruling.events),)


def _reading_child(name: str, part: Node) -> Node:
    return Node(about=f"read as `{name}`", value=part.value, reason=part.reason, parts=(part,))
