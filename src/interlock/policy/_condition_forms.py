"""Conditions from nodes: connectives and leaves are told apart by their key (LANGUAGE 2).

A condition that says nothing, or two things at once, is a fault; so are `all: []` and `any: []`, which would be
decided by no evidence at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from interlock.notation import MappingNode, Node, ScalarNode, Span, shown
from interlock.policy._conditions import AllOf, AnyOf, AtLeast, Condition, Not, Readings, Undefined
from interlock.policy._forms import Form, Key, Values
from interlock.policy._leaf_forms import ACTION, FRESH, LEAF_FORMS, LEAF_KEYS, OF, ROLES, WITHIN_LAST
from interlock.policy._reading import Reading, one_of
from interlock.policy._shapes import IDENTIFIER, TEXT, ListOf, Shape, Whole, got

_ID: Final = "id"
_RULED_BY: Final = "ruled-by"
_AT_LEAST: Final = "at-least"


@dataclass(frozen=True, slots=True)
class ConditionShape:
    """A connective over conditions, or a leaf."""

    words: str = "a condition such as {reached: …}, {meets: …} or {all: [conditions]}"

    def read(self, node: Node, reading: Reading) -> Condition | None:
        """Return the condition; every fault within it is added."""
        if isinstance(node, ScalarNode) and not node.sound:
            return None
        if not isinstance(node, MappingNode) or not node.entries:
            what = "an empty mapping" if isinstance(node, MappingNode) else got(node)
            reading.fault(node, f"{what} is no condition", expected=self.words)
            return None
        shape = self._shape(node, reading)
        if shape is None:
            return None
        reading.conditions[reading.owner] += 1
        reading.depth += 1
        condition = shape.read(node, reading)
        reading.depth -= 1
        return condition

    def _shape(self, node: MappingNode, reading: Reading) -> Shape[Condition] | None:
        """Return the connective or leaf that the keys of `node` tell."""
        telling = [key for key, _ in node.entries if key.text in FORMS and key.text != _AT_LEAST]
        if not telling and isinstance(node.get(_AT_LEAST), MappingNode):
            return FORMS[_AT_LEAST]
        # Fields of an event may be called as leaves are: `{event: quantity.measured, quantity: …}`.
        chosen = next((key for key in telling if key.text == "event"), telling[0] if telling else None)
        if chosen is None:
            first = next((key for key, _ in node.entries if key.text not in LEAF_KEYS), node.entries[0][0])
            if first.sound:
                message = f"`{shown(first.text)}` is no condition"
                reading.fault(first, message, expected=one_of(FORMS), name=first.text, names=FORMS)
            return None
        other = next((key for key in telling if key is not chosen), None)
        if other is not None and chosen.text != "event":
            message = f"a condition says one thing, and this says both `{chosen.text}` and `{other.text}`"
            reading.fault(other, message, expected="one of them, or both under {all: […]} or {any: […]}")
            return None
        return FORMS[chosen.text]


CONDITION: Final[Shape[Condition]] = ConditionShape()
_CONDITIONS: Final[ListOf[Condition]] = ListOf(CONDITION, distinct=False)
_ALL: Final = Key("all", _CONDITIONS, required=True, says="conditions that must all be true")
_ANY: Final = Key("any", _CONDITIONS, required=True, says="conditions of which one must be true")
_NOT: Final = Key("not", CONDITION, required=True, says="a condition that must be false")
_NUMBER: Final = Key("n", Whole(1), required=True, says="how many of the conditions must be true")
_OF: Final = Key("of", _CONDITIONS, required=True, says="the conditions")


@dataclass(frozen=True, slots=True)
class _Counted:
    number: int
    parts: tuple[Condition, ...]


def _counted(values: Values) -> _Counted | None:
    number, parts = values.need(_NUMBER), values.need(_OF)
    if number > len(parts):
        message = f"`{number}` of {len(parts)} conditions can't be true"
        values.fault(_NUMBER.name, message, expected=f"a whole number from 1 to {len(parts)}")
        return None
    return _Counted(number, parts)


_COUNTED: Final = Key(_AT_LEAST, Form(_AT_LEAST, (_NUMBER, _OF), _counted), required=True, says="some of several")


def _at_least(values: Values) -> Condition:
    counted = values.need(_COUNTED)
    return AtLeast(number=counted.number, parts=counted.parts, span=values.node.span)


def read_readings(
    node: MappingNode, reading: Reading, *, name: str, span: Span, inline: bool = False
) -> Readings | None:
    """Return the readings that a mapping names, under the identifier `name`; there must be two or more.

    Where they stand `inline` in a condition, `id` and `ruled-by` beside them are no readings.
    """
    read: dict[str, Condition] = {}
    beside = (_ID, _RULED_BY) if inline else ()
    named = [(key, value) for key, value in node.entries if key.text not in beside]
    for key, value in named:
        identifier, condition = IDENTIFIER.read(key, reading), CONDITION.read(value, reading)
        if identifier is not None and condition is not None:
            read[identifier] = condition
    if len(named) < 2:  # noqa: PLR2004 - one reading is no dispute
        reading.fault(node, "a text of one reading is not in dispute", expected="two or more readings, each by a name")
        return None
    if len(read) < len(named):
        return None
    return Readings(id=name, readings=tuple(read.items()), span=span)


@dataclass(frozen=True, slots=True)
class ReadingsShape:
    """`{id: NAME, ruled-by: ROLES, a: condition, b: condition}`: the tests that a disputed text admits."""

    words: str = "a mapping such as {id: …, broad: condition, narrow: condition}"

    def read(self, node: Node, reading: Reading) -> Readings | None:
        """Return the readings. One name may stand in several places, but only for the same readings."""
        if not isinstance(node, MappingNode):
            reading.fault(node, f"this is {got(node)}", expected=self.words)
            return None
        id_node = node.get(_ID)
        if id_node is None:
            reading.fault(node, "`readings` has no `id`", expected="`id`: the name that a ruling will use")
        name = None if id_node is None else IDENTIFIER.read(id_node, reading)
        by_node = node.get(_RULED_BY)
        ruled_by = None if by_node is None else ROLES.read(by_node, reading)
        read = read_readings(node, reading, name=name or _ID, span=node.span, inline=True)
        if name is None or read is None or id_node is None or (by_node is not None and ruled_by is None):
            return None
        read = replace(read, ruled_by=ruled_by)
        known = reading.readings.setdefault(name, read)
        if known != read or name in reading.names.get("term", {}):
            message = f"the readings `{name}` are defined twice"
            reading.fault(id_node, message, expected="a name of its own for each set of readings")
            return None
        return read


_READINGS: Final = Key("readings", ReadingsShape(), required=True, says="the tests that a disputed text admits")
_FIRST: Final = Key("first", ACTION, says="the action before which it is owed")
_OF_CASE: Final = Key("of", CONDITION, says="the case in which it is owed")
_BEFORE: Final = Key(
    "before",
    Form(
        "before",
        (_FIRST, _OF_CASE),
        lambda values: tuple((key.name, values.read[key.name]) for key in (_FIRST, _OF_CASE) if values.get(key)),
    ),
    says="before what it is owed",
)
_OWED: Final = Key("owed", TEXT, required=True, says="what the text owes, in its words")
_UNDEFINED_FORM: Final = Form(
    "undefined",
    (_OWED, _BEFORE),
    lambda values: Undefined(
        owed=values.need(_OWED), before=values.need(_BEFORE) if values.get(_BEFORE) else (), span=values.node.span
    ),
)


@dataclass(frozen=True, slots=True)
class UndefinedShape:
    """`{owed: TEXT, before: {first: ACTION, of: condition}}`; what is not defined yet decides nothing."""

    words: str = "a mapping such as {owed: to be defined}"

    def read(self, node: Node, reading: Reading) -> Undefined | None:
        """Return what is owed. Nothing depends on the case in which it is owed, so that makes no cycle."""
        outer, reading.recording = reading.recording, False
        undefined = _UNDEFINED_FORM.read(node, reading)
        reading.recording = outer
        return undefined


UNDEFINED: Final = Key(
    "undefined", UndefinedShape(), required=True, says="what the policy's text owes and does not say"
)


def _undefined(values: Values) -> Condition:
    return replace(
        values.need(UNDEFINED),
        of=values.need(OF),
        fresh=values.get(FRESH),
        within_last=values.get(WITHIN_LAST),
        span=values.node.span,
    )


FORMS: Final[Mapping[str, Shape[Condition]]] = {
    "all": Form("all", (_ALL,), lambda values: AllOf(parts=values.need(_ALL), span=values.node.span)),
    "any": Form("any", (_ANY,), lambda values: AnyOf(parts=values.need(_ANY), span=values.node.span)),
    "not": Form("not", (_NOT,), lambda values: Not(part=values.need(_NOT), span=values.node.span)),
    _AT_LEAST: Form(_AT_LEAST, (_COUNTED,), _at_least),
    "readings": Form("readings", (_READINGS,), lambda values: values.need(_READINGS)),
    **LEAF_FORMS,
    "undefined": Form("undefined", (UNDEFINED, OF, FRESH, WITHIN_LAST), _undefined),
}
"""Every condition by the key that tells it."""
