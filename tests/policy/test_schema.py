"""The schema for editors: what the decoder takes fits it, what a schema can refuse is refused, and it is up to date."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import interlock.policy._commitment_forms
import interlock.policy._condition_forms
import interlock.policy._item_forms
import interlock.policy._leaf_forms
import interlock.policy._shapes
from interlock.notation import FaultsError
from interlock.notation._scalars import resolve
from interlock.policy import _schema_scalars as scalars
from interlock.policy import decode, policy_schema
from interlock.policy._forms import Form, Key, Section
from interlock.policy._policy_form import POLICY
from interlock.policy._schema import _SHAPES, _Schemas
from interlock.policy._shapes import CONFIDENCE, FACTOR, ListOf, MapOf
from interlock.terms import MalformedError, PeriodUnit
from interlock.terms._quantities import _WORDS
from interlock.testing.strategies import seeded_case, seeded_timeline
from tests.conftest import REPOSITORY
from tests.policy.files import SOUND, language_example
from tests.policy.test_conformance_files import files_of, rows
from tests.policy.whole import WHOLE, paths_of, plain, root_of
from tests.policy.whole import Path as ValuePath

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")

SCHEMA = policy_schema()
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
FILE = REPOSITORY / "docs" / "reference" / "policy.schema.json"

BEYOND_A_SCHEMA = {
    "sound": "it is sound",
    "undefined-threshold": "which names a file defines",
    "undefined-role": "which names a file defines",
    "undefined-restriction": "which names a file defines",
    "undefined-document": "which names a file defines",
    "duplicate-key": "a reader keeps one of them before a schema is asked",
    "unit-proportion": "which statistic a measure elsewhere has",
    "octal": "a reader makes a number of it before a schema is asked",
    "tag": "a reader drops it before a schema is asked",
    "cycle-terms": "what rests on what",
    "cycle-active": "what rests on what",
}
"""The rejected files that no schema can refuse, with what it would have to know."""


def faults(value: object) -> list[str]:
    return [f"{list(error.absolute_path)}: {error.message}" for error in VALIDATOR.iter_errors(value)]


def with_dates(text: str) -> object:
    """Return what a reader of YAML 1.1 makes of a file: numbers, truth values and dates of its own."""
    return yaml.safe_load(text)


def as_an_editor(node: Any) -> object:
    """Return what an editor reads, which takes what the decoder refuses: tags, octals, keys that stand twice."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: as_an_editor(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [as_an_editor(item) for item in node.value]
    if node.style is not None or re.fullmatch("[-+]?[0-9]+", node.value) is None:
        value = node.value if node.style else resolve(node.value)
        return float(value) if isinstance(value, Decimal) else value
    return int(node.value)


# What the decoder takes


def test_it_is_a_schema_of_draft_07_that_stands_by_itself() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == "urn:interlock:policy:1"
    references = set(_values(SCHEMA, "$ref"))
    assert references
    assert all(str(reference).startswith("#/definitions/") for reference in references)
    for reference in references:
        found: Any = SCHEMA
        for part in str(reference).removeprefix("#/").split("/"):
            found = found[part]
        assert found


def _values(value: object, name: str) -> Iterator[object]:
    if isinstance(value, dict):
        if name in value:
            yield value[name]
        for inner in value.values():
            yield from _values(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, name)


def policy_files() -> list[Path]:
    """Return the policy files of the repository."""
    folders = [REPOSITORY / "conformance", REPOSITORY / "examples", REPOSITORY / "src" / "interlock" / "library"]
    files = [file for folder in folders for file in sorted(folder.rglob("*.yaml"))]
    return [file for file in files if re.search("^interlock: 1$", file.read_text(encoding="utf-8"), re.MULTILINE)]


@pytest.mark.parametrize("file", policy_files(), ids=lambda file: str(file.relative_to(REPOSITORY)))
def test_every_policy_of_the_repository_fits(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert faults(plain(root_of(text))) == []
    assert faults(with_dates(text)) == []


def test_there_are_policies_to_look_at() -> None:
    assert len(policy_files()) > 10


def test_every_policy_of_the_conformance_rows_fits(shared: Path) -> None:
    checked = 0
    for file in sorted((shared / "conformance").glob("*.yaml")):
        for row in rows(file) if file.name != "rejected.yaml" else []:
            for _, content in files_of(row, shared / "conformance"):
                assert faults(plain(root_of(content.decode()))) == [], row["id"]
                checked += 1
    assert checked > 200


@pytest.mark.parametrize("text", [SOUND, WHOLE], ids=["sound", "whole"])
def test_all_that_the_language_can_say_fits(text: str) -> None:
    assert faults(plain(root_of(text))) == []
    assert faults(with_dates(text)) == []


def test_the_example_of_the_language_fits(shared: Path) -> None:
    assert faults(plain(root_of(language_example(shared)))) == []


@pytest.mark.parametrize("draw", [seeded_case, seeded_timeline])
def test_policies_drawn_at_random_fit(draw: Any) -> None:
    drawn = [case for seed in range(60) if (case := draw(seed)) is not None]
    documents = [document for case in drawn for document in case.policy_documents]
    assert len(documents) > 50
    for document in documents:
        assert faults(document) == []


OTHERS: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(
            "run",
            "assess",
            "7",
            "1.5",
            7,
            1.5,
            0,
            -1,
            True,
            "true",
            None,
            "",
            " ",
            "two\nlines",
            "Upper",
            "a_b",
            "a.b-c",
        ),
        *(
            "6 months",
            "1 business day",
            "06 months",
            "6 month",
            "0 days",
            "50%",
            "0%",
            "100%",
            "1e1%",
            "4x",
            "1x",
            "1.0x",
        ),
        *("1e26 FLOP", "2024-02-29", "2025-02-29", "2025-11-31", "UTC", "each document plan", "each model", "train"),
        *(
            [],
            ["rso"],
            ["rso", "rso"],
            {},
            {"any-of": ["rso"]},
            {"n": 1, "of": ["rso"]},
            {"n": 1},
            {"any-of": ["rso"], "n": 1},
        ),
        *({"for": "6 months"}, {"growth": "4x"}, {"all": []}, {"any": [{"reached": "t-run"}]}, {"reached": "t-run"}),
        *({"reached": "t-run", "meets": "security"}, {"event": "model.deployed", "class": "deploy.internal.wide"}),
        *({"event": "goal.graded", "x-why": 3}, {"event": "goal.graded", "class": "train"}, {"by": "rso"}),
        *(
            {"measure": "run", "at-least": "50%"},
            {"measure": "run"},
            {"at-least": {"n": 1, "of": [{"done": "assess"}]}},
        ),
        *(
            {"readings": {"id": "r", "a": {"done": "assess"}}},
            {"undefined": {"owed": "x"}},
            {"quantity": "q", "below": 3},
        ),
    ]
)


@settings(max_examples=150)
@given(st.data())
def test_what_the_decoder_takes_is_never_refused(data: st.DataObject) -> None:
    """A whole policy with one value put in the place of another, or left out: whatever decodes must fit."""
    document: Any = plain(root_of(WHOLE))
    path: ValuePath = data.draw(st.sampled_from(list(paths_of(document))))
    holder = document
    for part in path[:-1]:
        holder = holder[part]
    if data.draw(st.booleans()):
        del holder[path[-1]]
    else:
        holder[path[-1]] = copy.deepcopy(data.draw(OTHERS))
    try:
        decode(json.dumps(document, ensure_ascii=False), file="policy.yaml")
    except FaultsError:
        return
    assert faults(document) == []


# What is refused


def test_every_rejected_file_that_a_schema_can_refuse_is_refused(shared: Path) -> None:
    seen, refused = set(), 0
    for row in rows(shared / "conformance" / "rejected.yaml"):
        seen.add(row["id"])
        found = []
        for _, content in files_of(row, shared / "conformance"):
            found += faults(as_an_editor(yaml.compose(content, yaml.BaseLoader)))
        assert bool(found) == (row["id"] not in BEYOND_A_SCHEMA), (row["id"], found)
        refused += bool(found)
    assert set(BEYOND_A_SCHEMA) <= seen
    assert refused >= 12


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("issuer: Brook\n", "", "'issuer' is a required property"),
        ("issuer: Brook", "isuer: Brook", "'isuer' was unexpected"),
        ("effective: 2025-01-01", "effective: 2025-02-29", "does not match"),
        ("effective: 2025-01-01", "effective: 2025", "should not be valid under"),
        ("interlock: 1", "interlock: 2", "is not one of"),
        ("suite: brook/run,", "suite: [brook/run],", "is not of type"),
        ("within: 30 days", "within: 30 dayz", "does not match"),
        ("within: 30 days", "within: 30", "is not of type 'string'"),
        ("growth: 4x, time", "growth: 1x, time", "does not match"),
        ("confidence: 95%", "confidence: 100%", "does not match"),
        ("at-least: 50%, confidence", "at-least: 50 percent, confidence", "does not match"),
        ("{reached: t-run}", "{all: []}", "should be non-empty"),
        ("{reached: t-run}", "{any: []}", "should be non-empty"),
        ("{reached: t-run}", "{}", "should be non-empty"),
        ("{reached: t-run}", "{reachd: t-run}", "'reachd' was unexpected"),
        ("{reached: t-run}", "{fresh: 6 months}", "'fresh' was unexpected"),
        ("{reached: t-run}", "{at-least: 5%}", "is not of type 'object'"),
        ("{reached: t-run}", "{reached: t-run, meets: security}", "'meets' was unexpected"),
        ("{reached: t-run}", "{reached: t-run, scope: this}", "'scope' was unexpected"),
        ("{reached: t-run}", "{reached: t-run, of: everyone}", "is not one of"),
        ("{reached: t-run}", "{at-least: {n: 0, of: [{reached: t-run}]}}", "less than the minimum"),
        ("{reached: t-run}", "{judged: dangerous}", "'by' is a required property"),
        ("{reached: t-run}", "{judged: dangerous, by: {n: 2}}", "'of' is a required property"),
        ("{reached: t-run}", "{judged: dangerous, by: []}", "should be non-empty"),
        ("{reached: t-run}", "{measure: run}", "is not valid under any of the given schemas"),
        ("{reached: t-run}", "{measure: run, at-least: 5%, below: 9%}", "is valid under each of"),
        ("{reached: t-run}", "{event: model.deploid}", "is not one of"),
        ("{reached: t-run}", "{event: model.deployed, severity: high}", "'severity' does not match any of the regexes"),
        ("{reached: t-run}", "{event: document.submitted, sections: a}", "False schema does not allow"),
        ("{reached: t-run}", "{readings: {id: r, one: {reached: t-run}}}", "does not have enough properties"),
        ("forbids: [train]", "forbids: train", "is not of type 'array'"),
        ("forbids: [train]", "forbids: [train, train]", "has non-unique elements"),
        ("  hold-training:", "  Hold_training:", "does not match"),
        ("lifts: [hold-training]\n", "note: x\n", "is not valid under any of the given schemas"),
        ("kind: security\n", "kind: safety\n", "is not one of"),
        ("published: true", "published: 'true'", "is not of type 'boolean'"),
        ("renewals: {at-most: 1}", "renewals: {at-most: one}", "is not of type 'integer'"),
        ("horizon: {statistic: time-horizon, at: 50%,", "horizon: {statistic: time-horizon,", "'at' is a required"),
        ("run: {statistic: proportion,", "run: {statistic: proportion, at: 50%,", "False schema does not allow"),
        ("large: {means: {", "large: {ruled-by: rso, means: {", "'readings' is a dependency of 'ruled-by'"),
        ("must: assess capabilities", "must: a\n    for: each modell", "does not match"),
    ],
)
def test_a_mistake_is_refused_where_it_stands(old: str, new: str, says: str) -> None:
    assert old in SOUND
    found = faults(plain(root_of(SOUND.replace(old, new, 1))))
    assert any(says in fault for fault in found), found
    with pytest.raises(FaultsError):
        decode(SOUND.replace(old, new, 1), file="policy.yaml")


# The patterns, against the parsers

PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "0",
                "1",
                "2",
                "9",
                "10",
                "100",
                "31",
                "30",
                "29",
                "02",
                "2024",
                "2100",
                "2000",
                "0000",
                "-",
                ".",
                "+",
                " ",
                "  ",
            ),
            *("e3", "E-2", "%", "x", "\n", "a", "b-c", "A", "٣", *sorted(_WORDS), *(f"{u.value}s" for u in PeriodUnit)),
        ]
    ),
    max_size=6,
).map("".join)
DAYS = st.from_regex(r"\A(19|20|21|00|24)(00|04|23|96)-(0|1)[0-9]-[0-3][0-9]\Z")


@settings(max_examples=400)
@given(st.sampled_from(sorted(scalars.PARSED.items(), key=lambda one: one[1][0])), PIECES | DAYS)
def test_each_pattern_takes_what_its_parser_takes(parser: Any, text: str) -> None:
    parse, (name, schema) = parser
    try:
        parse(text)
        taken = True
    except MalformedError:
        taken = False
    fits = jsonschema.Draft7Validator(schema).is_valid(text)
    # whether a time zone exists no pattern tells, and `$` lets a last line break by in Python
    assert fits == taken or (fits and (name == "time-zone" or text.endswith("\n")))


@pytest.mark.parametrize("pattern", sorted(schema["pattern"] for _, schema in scalars.PARSED.values()))
@settings(max_examples=60)
@given(data=st.data())
def test_what_a_pattern_makes_up_is_parsed(pattern: str, data: st.DataObject) -> None:
    [(parse, (name, schema))] = [one for one in scalars.PARSED.items() if one[1][1]["pattern"] == pattern]
    text = data.draw(st.from_regex(pattern.replace("^", r"\A").replace("$", r"\Z")))
    if name == "time-zone" or len(text) > schema.get("maxLength", 999):
        return
    assert parse(text) is not None


@pytest.mark.parametrize("unit", sorted(_WORDS))
def test_every_unit_fits(unit: str) -> None:
    [schema] = [schema for name, schema in scalars.PARSED.values() if name == "quantity"]
    assert jsonschema.Draft7Validator(schema).is_valid(f"1.5 {unit}")


@pytest.mark.parametrize("shape", [CONFIDENCE, FACTOR], ids=["share", "factor"])
@pytest.mark.parametrize(
    "text", ["0", "0.0", "0.01", "0.5", "1", "1.0", "1.01", "4", "9.99", "10", "50", "99.9", "100", "101"]
)
def test_bounds_lie_where_the_decoder_has_them(shape: Any, text: str) -> None:
    unit = "%" if shape is CONFIDENCE else "x"
    key = f"confidence: {text}{unit}" if shape is CONFIDENCE else "confidence: 95%"
    changed = SOUND.replace("confidence: 95%", key)
    if shape is FACTOR:
        changed = changed.replace("every: {growth: 4x", f"every: {{growth: {text}x")
    try:
        decode(changed, file="policy.yaml")
        sound = True
    except FaultsError:
        sound = False
    assert (faults(plain(root_of(changed))) == []) == sound


# Every shape and key


def test_every_shape_of_the_language_has_its_schema() -> None:
    modules = (
        interlock.policy._shapes,
        interlock.policy._leaf_forms,
        interlock.policy._condition_forms,
        interlock.policy._item_forms,
        interlock.policy._commitment_forms,
    )
    kinds = {
        kind
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and callable(getattr(kind, "read", None)) and kind.__name__ != "Shape"
    }
    assert len(kinds) > 15
    assert kinds - set(_SHAPES) == set()


def test_a_shape_without_a_schema_is_an_error() -> None:
    class Unheard:
        words = "what nobody declared"

        def read(self, node: object, reading: object) -> None:
            """Read nothing."""

    with pytest.raises(TypeError, match="Unheard has no schema"):
        _Schemas().of(Unheard())


def _keys(form: Form[Any]) -> Iterator[Key[Any]]:
    for key in form.declared.values():
        yield key
        held = key.holds
        while isinstance(held, ListOf | MapOf):
            held = held.item if isinstance(held, ListOf) else held.value
        if isinstance(held, Section):
            yield from _keys(held.form)
        elif isinstance(held, Form):
            yield from _keys(held)


def test_every_key_says_in_an_editor_what_it_is() -> None:
    described = set(_values(SCHEMA, "description"))
    keys = list(_keys(POLICY))
    assert len(keys) > 100
    for key in keys:
        assert key.says, key.name
        assert key.says in described


# Up to date


def test_the_file_of_the_documentation_is_up_to_date() -> None:
    """Rewrite it with `interlock policy schema --out docs/reference/policy.schema.json`."""
    assert json.loads(FILE.read_text(encoding="utf-8")) == SCHEMA


def test_it_is_the_same_each_time_and_names_no_host() -> None:
    text = json.dumps(policy_schema())
    assert text == json.dumps(SCHEMA)
    assert {part.split("/")[2] for part in text.split('"') if "://" in part} == {"json-schema.org"}
