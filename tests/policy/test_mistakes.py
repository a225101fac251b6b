"""Each construct of the language is refused where its likeliest mistake is made, at its line and in words that help.

The mistakes stand in `mistakes.yaml`. A key of a form, a leaf, or a field of an event that has none fails here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from interlock.notation import Fault, FaultsError, parse_yaml, yaml_values
from interlock.policy import decode
from interlock.policy._condition_forms import FORMS
from interlock.policy._forms import Form
from interlock.policy._reading import SECTIONS
from interlock.record import read_events
from interlock.record._kinds import KINDS
from interlock.record._reader import _HEAD, _SUBJECT
from tests.docs.tables import forms
from tests.policy.files import line_of
from tests.record.samples import REQUIRED, event

_FILE: Final = Path(__file__).with_name("mistakes.yaml")
MISTAKES: Final[Mapping[str, Any]] = yaml_values(parse_yaml(_FILE.read_bytes(), file=_FILE.name))
CONTEXT: Final[str] = MISTAKES["context"]
SECTION_OF: Final = {item: section for section, item in SECTIONS.items()} | {
    "item": "restrictions",
    "control": "standards",
}
SHARED: Final = ("of", "fresh", "within-last")
"""The keys of every leaf, which stand in the table once, as those of `leaf`."""
NESTED: Final = frozenset(
    {
        "fresh.for",
        "fresh.growth",
        "by.any-of",
        "by.n",
        "by.of",
        "at-least.n",
        "at-least.of",
        "readings.id",
        "readings.ruled-by",
        "undefined.owed",
        "undefined.before",
        "before.first",
        "before.of",
        "event.event",
        "event.class-at-least",
        "event.class",
    }
)
"""What stands within a condition and is no leaf, or is read otherwise than by declared keys."""


def header_with(line: str) -> str:
    """Return the sound file with a line of its header, or a whole section, written otherwise."""
    key = line.partition(":")[0]
    lines = CONTEXT.rstrip("\n").split("\n")
    place = next((i for i, one in enumerate(lines) if one.startswith(f"{key}:")), None)
    if key == "isuer":
        place = next(i for i, one in enumerate(lines) if one.startswith("issuer:"))
    if place is None:
        return "\n".join([*lines, line]) + "\n"
    end = next((i for i in range(place + 1, len(lines)) if not lines[i].startswith(" ")), len(lines))
    return "\n".join([*lines[:place], line, *lines[end:]]) + "\n"


def with_item(section: str, item: str) -> str:
    return CONTEXT.replace(f"\n{section}:\n", f"\n{section}:\n  item: {item}\n")


def with_condition(condition: str) -> str:
    return with_item("restrictions", f"{{forbids: [train], when: {condition}}}")


def faults_of(text: str) -> Sequence[Fault]:
    with pytest.raises(FaultsError) as refused:
        decode(text, file="policy.yaml")
    return refused.value.faults


def check(text: str, written: str, marked: str, says: str) -> None:
    """Hold the one fault of `text` to the line, the place and the words."""
    faults = [fault for fault in faults_of(text) if not _follows(fault, written)]
    assert [fault.message for fault in faults] == [faults[0].message]
    (fault,) = faults
    assert fault.span.line == line_of(text, written)
    assert fault.line_text[fault.span.column - 1 :].startswith(marked)
    assert says in " ".join(fault.draw().split())


def _follows(fault: Fault, written: str) -> bool:
    """Return whether the fault is of another line: a section that is spoilt takes its names away from the others."""
    return written not in fault.line_text


def test_the_file_that_is_spoilt_is_sound() -> None:
    assert decode(CONTEXT, file="policy.yaml").id == "brook-mistakes"


@pytest.mark.parametrize(("construct", "row"), MISTAKES["header"].items(), ids=MISTAKES["header"])
def test_a_mistake_in_the_header_is_told(construct: str, row: Sequence[str]) -> None:
    assert construct
    check(header_with(row[0]), *row)


@pytest.mark.parametrize(("construct", "row"), MISTAKES["items"].items(), ids=MISTAKES["items"])
def test_a_mistake_in_an_item_is_told(construct: str, row: Sequence[str]) -> None:
    check(with_item(SECTION_OF[construct.partition(".")[0]], row[0]), *row)


@pytest.mark.parametrize(("construct", "row"), MISTAKES["conditions"].items(), ids=MISTAKES["conditions"])
def test_a_mistake_in_a_condition_is_told(construct: str, row: Sequence[str]) -> None:
    assert construct
    check(with_condition(row[0]), *row)


def rows_of_events() -> Iterator[tuple[str, str, Any, str]]:
    for kinds, fields in MISTAKES["events"].items():
        for kind in kinds.split(", "):
            for field, (value, says) in fields.items():
                yield kind, field, value, says


def said_of(stated: Mapping[str, Any]) -> list[str]:
    with pytest.raises(FaultsError) as refused:
        read_events([("events.jsonl", json.dumps(stated).encode())])
    return [" ".join(fault.draw().split()) for fault in refused.value.faults]


@pytest.mark.parametrize(("kind", "field", "value", "says"), [*rows_of_events()], ids=lambda value: str(value)[:30])
def test_a_mistake_in_the_data_of_an_event_is_told(kind: str, field: str, value: Any, says: str) -> None:
    (said,) = said_of(event(kind, data=value if field == "data" else {**REQUIRED[kind], field: value}))
    assert says in said


@pytest.mark.parametrize(("field", "row"), MISTAKES["heads"].items(), ids=MISTAKES["heads"])
def test_a_mistake_in_the_head_of_an_event_is_told(field: str, row: Sequence[Any]) -> None:
    kind = "reply.made" if field == "data" else "determination.made"
    (said, *_) = said_of({**event(kind), field.partition(".")[0]: row[0]})
    assert row[1] in said


# Nothing is without its mistake


def test_every_key_of_every_form_has_its_mistake() -> None:
    keys = {f"{form}.{key.name}" for form, keys in forms().items() for key in keys}
    assert len(keys) > 100
    assert keys == {*MISTAKES["header"], *MISTAKES["items"]}


def test_every_condition_and_every_key_of_it_has_its_mistake() -> None:
    named = {name: form for name, form in FORMS.items() if isinstance(form, Form)}
    assert len(named) > 20
    own = {f"{name}.{key}" for name, form in named.items() for key in form.declared if key not in SHARED}
    own |= {"notified.of", *NESTED, *(f"leaf.{key}" for key in SHARED)}
    assert own <= set(MISTAKES["conditions"])
    assert {row.partition(".")[0] for row in MISTAKES["conditions"]} >= set(FORMS)


def test_every_field_of_every_kind_of_event_has_its_mistake() -> None:
    expected = {(kind, field) for kind, row in KINDS.items() if row.fields for field in row.fields.names}
    assert len(expected) > 80
    assert expected <= {(kind, field) for kind, field, _, _ in rows_of_events()}
    assert set(KINDS) == {kind for kind, *_ in rows_of_events()}
    assert set(_HEAD.names) | {f"subject.{field}" for field in _SUBJECT.names} == set(MISTAKES["heads"])
