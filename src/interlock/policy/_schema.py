"""The JSON Schema of policy files (draft-07), for editors: what the declarations say, as far as a schema can.

Made of the declarations alone; each kind of shape has its schema in one place, `_SHAPES`. A file that the decoder
takes fits the schema. The other way round does not hold: a schema knows no names that a file defines, no cycles, and
no units that fit a statistic. Conditions are told apart by `if` and not by `oneOf`, so that an editor speaks of the one
that is meant. `markdownDescription`, `defaultSnippets` and `patternErrorMessage` are for editors alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from interlock.policy import _schema_scalars as scalars
from interlock.policy._commitment_forms import DUTY, InstancesShape, ReplacementsShape
from interlock.policy._condition_forms import (
    _UNDEFINED_FORM,
    CONDITION,
    FORMS,
    ConditionShape,
    ReadingsShape,
    UndefinedShape,
)
from interlock.policy._event_kinds import EVENT_FIELDS, EXTENSION
from interlock.policy._forms import CLAUSE_KEYS, Form, Group, Key, Section
from interlock.policy._item_forms import MEASURE, TERM, TermReadingsShape, UnitShape
from interlock.policy._leaf_forms import (
    _FRESHNESS,
    _ROLE_LIST,
    _SOME_ROLES,
    COMPARATORS,
    FRESH,
    OF,
    ROLES,
    WITHIN_LAST,
    EventShape,
    FieldText,
    FreshnessShape,
    RolesShape,
    Unmatched,
    _event_form,
)
from interlock.policy._policy_form import LANGUAGE_VERSION, POLICY
from interlock.policy._shapes import (
    IDENTIFIER,
    LINE,
    PERIOD,
    Bounded,
    Choice,
    Flag,
    ListOf,
    MapOf,
    Name,
    Parsed,
    Shape,
    Text,
    Whole,
)

Json = dict[str, Any]
Schema = Json | bool
"""`False` is the schema of what can hold nothing."""

SCHEMA_ID: Final = f"urn:interlock:policy:{LANGUAGE_VERSION}"
_DRAFT: Final = "http://json-schema.org/draft-07/schema#"
_AT_LEAST: Final = "at-least"
_SHARED: Final[Mapping[str, tuple[Key[Any], ...]]] = {
    "item": CLAUSE_KEYS,
    "leaf": (OF, FRESH, WITHIN_LAST, *COMPARATORS),
}
"""Keys that many forms have, by where their schemas are defined once."""
_PLACES: Final = {
    id(key): f"#/definitions/{place}/properties/{key.name}" for place, keys in _SHARED.items() for key in keys
}


def policy_schema() -> Json:
    """Return the schema of a policy file, as JSON; the same each time."""
    schemas = _Schemas()
    root = schemas.form(POLICY)
    for place, keys in _SHARED.items():
        schemas.definitions[place] = {"properties": {key.name: schemas.described(key) for key in keys}}
    return {
        "$schema": _DRAFT,
        "$id": SCHEMA_ID,
        "title": f"A policy in version {LANGUAGE_VERSION} of the interlock language",
        "description": "What a scaling policy commits its issuer to. `interlock policy check` tells the rest.",
        **root,
        "definitions": dict(sorted(schemas.definitions.items())),
    }


@dataclass(slots=True)
class _Schemas:
    """Makes schemas of shapes, and keeps those that stand in more than one place under their names."""

    definitions: dict[str, Json] = field(default_factory=dict)

    def of(self, shape: Shape[object]) -> Schema:
        """Return the schema of a shape; TypeError where its kind has none, which a test would find."""
        make = _SHAPES.get(type(shape))
        if make is None:
            msg = f"{type(shape).__name__} has no schema"
            raise TypeError(msg)
        return make(self, shape)

    def define(self, name: str, make: Callable[[], Json]) -> Json:
        """Return a reference to the definition of that name, made where it is not there yet."""
        if name not in self.definitions:
            self.definitions[name] = {}  # a condition refers to itself
            self.definitions[name] = make()
        return {"$ref": f"#/definitions/{name}"}

    def key(self, key: Key[object]) -> Schema:
        """Return the schema of a key's value, or a reference to where it is defined once."""
        place = _PLACES.get(id(key))
        return self.described(key) if place is None else {"$ref": place}

    def described(self, key: Key[object]) -> Schema:
        """Return the schema of a key's value with what the key says; False where it can hold nothing."""
        schema = self.of(key.holds)
        if isinstance(schema, bool):
            return schema
        default = _default(key)
        required = " Required." if key.required else ""
        by_default = "" if default is None else f" By default `{_written(default)}`."
        # Editors list the words of an enumeration by themselves.
        expected = "" if "enum" in schema else f" Expected: {key.holds.words}."
        return {
            "description": key.says,
            "markdownDescription": f"{_sentence(key.says)}{expected}{required}{by_default}",
            **({} if default is None else {"default": default}),
            # Draft-07 passes over what stands beside `$ref`.
            **({"allOf": [schema]} if "$ref" in schema else schema),
        }

    def form(self, form: Form[Any]) -> Json:
        """Return the schema of a mapping with declared keys."""
        keys = {key.name: self.key(key) for key in form.declared.values()}
        required = [key.name for key in form.keys if key.required]
        more = [*(_group(group) for group in form.groups), *(rule for one, rule in _RULES if one is form)]
        return {
            "type": "object",
            "properties": keys,
            "additionalProperties": False,
            **({"required": required} if required else {}),
            **({"allOf": more} if len(more) > 1 else more[0] if more else {}),
        }

    def condition(self) -> Json:
        """Return the schema of conditions: the key that tells one leads to the schema of that one."""
        kinds = {
            name: self.define(f"condition-{name}", partial(self.of_condition, form)) for name, form in FORMS.items()
        }
        others = [{"if": _told_by(name), "then": schema} for name, schema in kinds.items() if name != "event"]
        return {
            "type": "object",
            "properties": {
                name: {"description": says, "markdownDescription": _sentence(says)} for name, says in _telling_keys()
            },
            # An event's fields may be named as leaves are.
            "if": _told_by("event"),
            "then": kinds["event"],
            "else": {
                "if": {"anyOf": [_told_by(name) for name in kinds if name != "event"]},
                "then": {"allOf": others},
                "else": _nothing_told(kinds),
            },
        }

    def of_condition(self, form: Shape[Any]) -> Json:
        """Return the schema of one kind of condition."""
        schema = self.form(form) if isinstance(form, Form) else self.of(form)
        assert isinstance(schema, dict)  # noqa: S101 - no kind of condition can hold nothing
        return schema

    def event(self) -> Json:
        """Return the schema of a condition on events: which fields may stand there, by the kind of event."""
        alike: dict[tuple[str, ...], list[str]] = {}
        fields: dict[str, Schema] = {}
        for kind in EVENT_FIELDS:
            form = _event_form(kind)
            alike.setdefault(tuple(form.declared), []).append(kind)
            fields |= {key.name: self.key(key) for key in form.keys if key.name not in fields}
        return {
            "type": "object",
            "properties": fields,
            "patternProperties": {f"^{EXTENSION}": self.of(FieldText())},
            "required": ["event"],
            "allOf": [_only(names, kinds) for names, kinds in alike.items()],
        }

    def readings(self, *, inline: bool) -> Json:
        """Return the schema of two or more readings by name; inline ones have an `id`, and may say who rules."""
        named: Json = {
            "type": "object",
            "propertyNames": self.of(IDENTIFIER),
            "additionalProperties": self.of(CONDITION),
        }
        if not inline:
            return {**named, "minProperties": 2}
        beside: Json = {"id": self.of(IDENTIFIER), "ruled-by": self.of(ROLES)}
        return {
            **named,
            "properties": beside,
            "required": ["id"],
            "minProperties": 3,
            "dependencies": {"ruled-by": {"minProperties": 4}},
        }

    def listed(self, shape: ListOf[Any]) -> Json:
        """Return the schema of a list."""
        return {
            "type": "array",
            "items": self.of(shape.item),
            **({"minItems": shape.least} if shape.least else {}),
            **({"uniqueItems": True} if shape.distinct else {}),
        }

    def section(self, shape: Section[Any]) -> Json:
        """Return the schema of items by name."""
        return {
            "type": "object",
            "propertyNames": self.of(IDENTIFIER),
            "additionalProperties": self.define(shape.kind, lambda: self.form(shape.form)),
            **({"minProperties": shape.least} if shape.least else {}),
        }

    def mapped(self, key: Shape[Any], value: Shape[Any]) -> Json:
        """Return the schema of a mapping that is not empty."""
        return {
            "type": "object",
            "propertyNames": self.of(key),
            "additionalProperties": self.of(value),
            "minProperties": 1,
        }

    def roles(self) -> Json:
        """Return the schema of who must speak."""
        return _by_type(self.of(IDENTIFIER), object=self.form(_SOME_ROLES), array=self.listed(_ROLE_LIST))

    def freshness(self) -> Json:
        """Return the schema of how old what counts may be."""
        return _by_type(self.of(PERIOD), object=self.form(_FRESHNESS))

    def unit(self) -> Json:
        """Return the schema of what one observation is."""
        line = self.of(LINE)
        clustered = {"type": "object", "additionalProperties": line, "minProperties": 1, "maxProperties": 1}
        return _by_type(line, object=clustered)


def _parsed(schemas: _Schemas, shape: Parsed[Any]) -> Json:
    name, schema = scalars.PARSED[shape.parse]
    return schemas.define(name, lambda: schema)


def _text(schemas: _Schemas, shape: Text) -> Json:
    name = "text" if shape.several_lines else "line"
    return schemas.define(name, lambda: scalars.text(shape.words, several_lines=shape.several_lines))


def _name(schemas: _Schemas, _: Name) -> Json:
    return {"allOf": [schemas.of(IDENTIFIER)]}


def _choice(_: _Schemas, shape: Choice[Any]) -> Json:
    return {"enum": [read for word in shape.values for read in _as_read(word)]}


def _instances(_: _Schemas, shape: InstancesShape) -> Json:
    words = [word for word in shape.words.removeprefix("one of: ").split(", ") if not word.endswith("NAME")]
    pattern = f"(?:{'|'.join(words)}|each document {scalars.NAME_PATTERN})"
    return {
        **scalars.patterned(pattern, shape.words),
        "defaultSnippets": [{"label": word, "body": word} for word in words],
    }


_SHAPES: Final[Mapping[type, Callable[[_Schemas, Any], Schema]]] = {
    Text: _text,
    Parsed: _parsed,
    Bounded: lambda _, shape: scalars.patterned(scalars.BOUNDED[shape.dimension], shape.words),
    Whole: lambda _, shape: {"type": "integer", "minimum": shape.least},
    Flag: lambda _, __: {"type": "boolean"},
    Choice: _choice,
    Name: _name,
    ListOf: _Schemas.listed,
    MapOf: lambda schemas, shape: schemas.mapped(shape.key, shape.value),
    Form: _Schemas.form,
    Section: _Schemas.section,
    ConditionShape: lambda schemas, _: schemas.define("condition", schemas.condition),
    ReadingsShape: lambda schemas, _: schemas.readings(inline=True),
    TermReadingsShape: lambda schemas, _: schemas.readings(inline=False),
    UndefinedShape: lambda schemas, _: schemas.define("undefined", lambda: schemas.form(_UNDEFINED_FORM)),
    EventShape: lambda schemas, _: schemas.event(),
    FieldText: lambda schemas, shape: schemas.define("field", lambda: scalars.field_text(shape.words)),
    Unmatched: lambda _, __: False,
    RolesShape: lambda schemas, _: schemas.define("roles", schemas.roles),
    FreshnessShape: lambda schemas, _: schemas.define("freshness", schemas.freshness),
    UnitShape: lambda schemas, _: schemas.unit(),
    InstancesShape: _instances,
    ReplacementsShape: lambda schemas, _: schemas.mapped(IDENTIFIER, IDENTIFIER),
}
"""The schema of each kind of shape."""

_DUE_BY: Final = ("within", "every", "or-as-agreed", "or-as-notified")
_RULES: Final[tuple[tuple[Form[Any], Json], ...]] = (
    (
        _SOME_ROLES,
        {
            "if": {"required": ["any-of"]},
            "then": {"properties": {"n": False, "of": False}},
            "else": {"required": ["n", "of"]},
        },
    ),
    (
        MEASURE,
        {
            "if": {"properties": {"statistic": {"const": "time-horizon"}}, "required": ["statistic"]},
            "then": {"required": ["at"]},
            "else": {"properties": {"at": False}},
        },
    ),
    (TERM, {"dependencies": {"ruled-by": ["readings"], "disputed": ["readings"]}}),
    (
        DUTY,
        {
            "dependencies": {"extended": {"anyOf": [{"required": [key]} for key in _DUE_BY]}},
            "not": {"required": ["or-as-agreed", "or-as-notified"]},
        },
    ),
)
"""What a form asks beyond its keys and groups, as far as a schema can say it: rules of its `build`."""


def _group(group: Group) -> Json:
    return {"oneOf" if group.exactly else "anyOf": [{"required": [key]} for key in group.keys]}


def _only(names: Iterable[str], kinds: Sequence[str]) -> Json:
    """Return that conditions on events of these kinds have no other keys."""
    told = {"const": kinds[0]} if len(kinds) == 1 else {"enum": kinds}
    then = {"properties": dict.fromkeys(names, True), "patternProperties": {f"^{EXTENSION}": True}}
    return {"if": {"properties": {"event": told}}, "then": {**then, "additionalProperties": False}}


def _told_by(name: str) -> Json:
    """Return what a condition has that the key of that name tells: `at-least` also compares, and then holds a text."""
    mapping = {"properties": {name: {"type": "object"}}} if name == _AT_LEAST else {}
    return {"required": [name], **mapping}


def _nothing_told(names: Iterable[str]) -> Json:
    """Return a schema that takes nothing where no key tells a condition, and by which an editor names the wrong key."""
    keys: Json = {**dict.fromkeys(names, True), _AT_LEAST: {"type": "object"}}
    return {"properties": keys, "additionalProperties": False, "minProperties": 1}


def _telling_keys() -> Iterable[tuple[str, str]]:
    """Yield the key that tells each condition, and what it says."""
    for name, form in FORMS.items():
        declared = form if isinstance(form, Form) else _event_form(next(iter(EVENT_FIELDS)))
        yield name, declared.declared[name].says


def _by_type(otherwise: Schema, **types: Json) -> Json:
    """Return the schema of what may be of several types: one each for mappings and lists, and one for what is left."""
    schema: Schema = otherwise
    for name, one in types.items():
        schema = {"if": {"type": name}, "then": one, "else": schema}
    assert isinstance(schema, dict)  # noqa: S101 - there is at least one type beside what is left
    return {"type": ["string", "number", *types], **schema}


def _as_read(word: str) -> Iterable[object]:
    """Yield a word as editors may read it, where it stands without quotes."""
    yield word
    if word.isdigit():
        yield int(word)


def _default(key: Key[object]) -> object:
    """Return a default that can be written as one word."""
    holds, default = key.holds, key.default
    if default is None:
        return None
    if isinstance(holds, Choice):
        return next(word for word, value in holds.values.items() if value == default)
    return default if isinstance(default, str | bool) else None


def _written(default: object) -> str:
    return str(default).lower() if isinstance(default, bool) else str(default)


def _sentence(says: str) -> str:
    return f"{says[:1].upper()}{says[1:]}."
