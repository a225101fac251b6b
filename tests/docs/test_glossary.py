"""The glossary's words are those of the types and keys: each that it names exists, and none is defined twice."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from interlock.engine import Question, decide, decision_to_json, duties, duties_to_json, replay, replay_to_json
from interlock.policy._condition_forms import _UNDEFINED_FORM, FORMS
from interlock.policy._leaf_forms import LEAF_KEYS
from interlock.record import EVENT_KINDS
from interlock.terms import parse_instant
from tests.docs.answers import events_of, events_stated
from tests.docs.frame import completed
from tests.docs.pages import DOCS
from tests.docs.tables import forms
from tests.docs.test_reference import GOALS_AND_WORDS, RULED, _keys

_ROW = re.compile(
    r"^\| (?P<words>[^|]+) \| (?P<means>[^|]+) \| `(?P<type>[^`|]+)` \| (?:`(?P<key>[^`|]+)`)? ?\|$", re.MULTILINE
)
HEADS = {"event", "occurred", "recorded", "subject", "weights", "role", "protocols"}
VALUES = {"held", "permitted"}


@dataclass(frozen=True)
class Row:
    """A row of the glossary."""

    words: tuple[str, ...]
    type: str
    key: str | None


def rows() -> list[Row]:
    """Return the rows of the glossary."""
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    return [Row(tuple(match["words"].split(", ")), match["type"], match["key"]) for match in _ROW.finditer(text)]


def keys() -> Iterator[str]:
    """Yield every key of policy files, conditions, events and results."""
    yield from HEADS | VALUES | set(FORMS) | set(LEAF_KEYS)
    for form in forms().values():
        yield from (key.name for key in form)
    for fields in EVENT_KINDS.values():
        yield from fields
    policies, events, day = [completed("").decode()], events_of(""), parse_instant("2026-03-01")
    question = Question(model="halcyon-1", action="train", as_of=day)
    yield from _keys(decision_to_json(decide(policies, events, question), engine="docs"))
    disputed, ruled = [completed(GOALS_AND_WORDS).decode()], (*events, *events_stated(RULED))
    question = Question(model="halcyon-1", action="store", as_of=day)
    yield from _keys(decision_to_json(decide(disputed, ruled, question), engine="docs"))
    yield from _UNDEFINED_FORM.declared
    due = [completed("duties:\n  assess: {must: assess, every: {time: 6 months}}\n").decode()]
    yield from _keys(duties_to_json(duties(due, events, day), engine="docs"))
    yield from _keys(replay_to_json(replay(due, events, day), engine="docs"))


def test_every_row_is_read() -> None:
    table_rows = re.findall(
        r"^\| (?!word \| means|---)", (DOCS / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(rows()) == len(table_rows)
    assert len(rows()) > 60


def test_every_type_exists_in_its_package() -> None:
    for row in rows():
        package, _, name = row.type.rpartition(".")
        assert name in importlib.import_module(f"interlock.{package}").__all__, row


def test_every_key_exists() -> None:
    known = set(keys())
    assert [row for row in rows() if row.key is not None and row.key not in known] == []


def test_no_word_is_defined_twice() -> None:
    words = [word for row in rows() for word in row.words]
    assert sorted({word for word in words if words.count(word) > 1}) == []
