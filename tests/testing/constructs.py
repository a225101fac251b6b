"""What of the language a policy or a record uses: keys of forms, leaves, words of closed lists, kinds of events.

A construct is named by a path such as `duty.every.anchor=schedule`. The walk follows the declarations by which a
policy file is decoded, so that a key added there is asked for here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from interlock.policy._commitment_forms import InstancesShape
from interlock.policy._condition_forms import FORMS, ConditionShape, UndefinedShape
from interlock.policy._forms import CLAUSE_KEYS, Form, Key, Section
from interlock.policy._item_forms import TermReadingsShape
from interlock.policy._leaf_forms import FRESH, LEAF_FORMS, OF, WITHIN_LAST, FreshnessShape, RolesShape
from interlock.policy._policy_form import POLICY
from interlock.policy._shapes import Choice, ListOf
from interlock.record import EVENT_KINDS
from interlock.terms import DEPLOYMENT_CLASSES

_SHARED: Final = {key.name for key in (OF, FRESH, WITHIN_LAST)}
_BESIDE_READINGS: Final = {"id", "ruled-by"}
_INSTANCES: Final = (
    "developer",
    "issuer",
    "each model",
    "each lineage",
    "each deployment",
    "each incident",
    "each document",
)
_ROLES: Final = ("one", "list", "any-of", "n of")


def declared() -> frozenset[str]:
    """Return every construct of a policy file that is declared."""
    found = {word for key in POLICY.keys for word in _declared_by(key, "policy")}
    found |= {word for key in CLAUSE_KEYS for word in _declared_by(key, "item")}
    found |= {f"condition.{name}" for name in FORMS}
    for name, form in LEAF_FORMS.items():
        keys = form.keys if isinstance(form, Form) else ()
        found |= {word for key in keys if key.name not in {name, *_SHARED} for word in _declared_by(key, name)}
    found |= {f"leaf.of={word}" for word in _words_of(OF)} | {"leaf.fresh", "leaf.within-last"}
    found |= {f"fresh.{name}" for name in ("for", "growth")} | {f"roles={word}" for word in _ROLES}
    found |= {"readings.id", "readings.ruled-by", "undefined.before", "undefined.before.first", "undefined.before.of"}
    return frozenset(found)


def _declared_by(key: Key[Any], owner: str) -> Iterator[str]:
    path = f"{owner}.{key.name}"
    yield path
    holds = key.holds.item if isinstance(key.holds, ListOf) else key.holds
    match holds:
        case Section():
            yield from (word for inner in holds.form.keys for word in _declared_by(inner, holds.kind))
        case Form():
            yield from (word for inner in holds.keys for word in _declared_by(inner, path))
        case Choice():
            yield from (f"{path}={word}" for word in holds.values)
        case InstancesShape():
            yield from (f"{path}={word}" for word in _INSTANCES)
        case _:
            pass


def _words_of(key: Key[Any]) -> tuple[str, ...]:
    return tuple(key.holds.values) if isinstance(key.holds, Choice) else ()


# What a file uses


def used_in_policy(stated: Mapping[str, Any]) -> Iterator[str]:
    """Yield the constructs that a policy file uses, given its values."""
    yield from _in_form(stated, POLICY, "policy")


def _in_form(stated: Mapping[str, Any], form: Form[Any], owner: str) -> Iterator[str]:
    for name, value in stated.items():
        if name in {key.name for key in form.keys}:
            yield from _in_key(value, form.declared[name], owner)
        elif name in form.declared:
            yield from _in_key(value, form.declared[name], "item")


def _in_key(value: Any, key: Key[Any], owner: str) -> Iterator[str]:
    path = f"{owner}.{key.name}"
    yield path
    if isinstance(key.holds, ListOf):
        for part in value:
            yield from _in_shape(part, key.holds.item, path)
    else:
        yield from _in_shape(value, key.holds, path)


def _in_shape(value: Any, shape: Any, path: str) -> Iterator[str]:
    match shape:
        case Section():
            for item in value.values():
                yield from _in_form(item, shape.form, shape.kind)
        case Form():
            yield from _in_form(value, shape, path)
        case Choice():
            yield f"{path}={str(value).lower() if isinstance(value, bool) else value}"
        case InstancesShape():
            yield f"{path}={'each document' if value.startswith('each document') else value}"
        case RolesShape():
            yield f"roles={_form_of_roles(value)}"
        case FreshnessShape() if isinstance(value, Mapping):
            yield from (f"fresh.{name}" for name in value)
        case TermReadingsShape():
            for part in value.values():
                yield from _in_condition(part)
        case UndefinedShape():
            yield from _in_undefined(value)
        case ConditionShape():
            yield from _in_condition(value)
        case _:
            pass


def _form_of_roles(value: Any) -> str:
    if isinstance(value, Mapping):
        return "any-of" if "any-of" in value else "n of"
    return "list" if isinstance(value, list) else "one"


def _in_condition(stated: Mapping[str, Any]) -> Iterator[str]:
    name = "event" if "event" in stated else next(key for key in stated if key in FORMS)
    yield f"condition.{name}"
    value, form = stated[name], LEAF_FORMS.get(name)
    if name == "readings":
        yield from _in_readings(value)
    elif name == "undefined":
        yield from _in_undefined(value)
    elif form is None:
        parts = value["of"] if name == "at-least" else value if isinstance(value, list) else [value]
        yield from (word for part in parts for word in _in_condition(part))
    else:
        keys = form.declared if isinstance(form, Form) else {}
        for key in stated.keys() - {name, *_SHARED} & keys.keys():
            yield from _in_key(stated[key], keys[key], name)
        yield from _in_shared(stated)


def _in_shared(stated: Mapping[str, Any]) -> Iterator[str]:
    if "of" in stated and "notified" not in stated:  # which names its document so
        yield f"leaf.of={stated['of']}"
    for key in (FRESH, WITHIN_LAST):
        if key.name in stated:
            yield f"leaf.{key.name}"
            yield from _in_shape(stated[key.name], key.holds, f"leaf.{key.name}")


def _in_readings(stated: Mapping[str, Any]) -> Iterator[str]:
    for name, part in stated.items():
        if name in _BESIDE_READINGS:
            yield f"readings.{name}"
        else:
            yield from _in_condition(part)
    if "ruled-by" in stated:
        yield f"roles={_form_of_roles(stated['ruled-by'])}"


def _in_undefined(stated: Mapping[str, Any]) -> Iterator[str]:
    before = stated.get("before")
    if before is not None:
        yield "undefined.before"
        yield from (f"undefined.before.{name}" for name in before)
        if "of" in before:
            yield from _in_condition(before["of"])


# What a record uses

CLOSED_FIELDS: Final = {
    ("claim.assessed", "state"): ("supported", "unsupported", "defeated"),
    ("review.received", "endorses"): ("yes", "no", "not-asked"),
    ("model.deployed", "class"): DEPLOYMENT_CLASSES[:-1],  # `release-weights` is an event of its own
}
"""The fields of events that hold a word of a closed list on which an answer may hang."""


def declared_of_events() -> frozenset[str]:
    """Return every kind of event, and each word of their closed lists."""
    words = {f"{kind}.{name}={word}" for (kind, name), words in CLOSED_FIELDS.items() for word in words}
    return frozenset({*EVENT_KINDS, *words})


def used_in_event(stated: Mapping[str, Any]) -> Iterator[str]:
    """Yield what an event uses, given its values."""
    kind = stated["event"]
    yield kind
    for name, value in stated.get("data", {}).items():
        if (kind, name) in CLOSED_FIELDS:
            yield f"{kind}.{name}={value}"
