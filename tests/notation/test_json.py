"""Strict JSON: what the standard reader lets through is refused, with line and column."""

from __future__ import annotations

import copy
import json
import pickle
import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.notation import ExactFloat, Fault, FaultCollector, FaultsError, Source, parse_json, parse_json_lines
from interlock.notation._json_faults import find_faults
from interlock.terms import digest_of_json


def faults_of(text: str | bytes) -> tuple[Fault, ...]:
    with pytest.raises(FaultsError) as refused:
        parse_json_lines(text, "events.jsonl")
    return tuple(refused.value.faults)


def test_each_line_is_a_value_with_its_place() -> None:
    first, second = parse_json_lines('{"a": 1}\n\n  {"b": [true, null, "x"]}\r\n', "events.jsonl")
    assert first.value == {"a": 1}
    assert second.value == {"b": [True, None, "x"]}
    assert (second.span.line, second.span.column) == (3, 3)
    assert second.line_text.strip() == '{"b": [true, null, "x"]}'


@pytest.mark.parametrize(
    ("line", "column", "says"),
    [
        ('{"a": 1, "a": 2}', 10, "the key `a` stands here twice"),
        ('{"a": {"b": 1, "\\u0062": 2}}', 16, "the key `b` stands here twice"),
        ('{"a": NaN}', 7, "`NaN` is not a number of JSON"),
        ('{"a": [-Infinity]}', 8, "`-Infinity` is not a number of JSON"),
        ('{"a": 9007199254740992}', 7, "can't be carried exactly"),
        ('{"a": -9007199254740992}', 7, "can't be carried exactly"),
        ('{"a": 1e999}', 7, "can't be carried exactly"),
        ('{"a": 1e400}', 7, "can't be carried exactly"),
        (f'{{"a": 0.{"1" * 63}}}', 7, "can't be carried exactly"),
        ('{"a": 1e-400}', 7, "can't be carried exactly"),
        ('{"a": 1e-999}', 7, "can't be carried exactly"),
        ('{"a": 0e99999999999}', 7, "can't be carried exactly"),
        ('{"a": "\\ud800"}', 7, "half of a character"),
        ('{"\\udfff": 1}', 2, "half of a character"),
        ("[" * 65 + "]" * 65, 65, "nests more than 64 deep"),
        ('{"a" 1}', 6, "`1` can't stand here"),
        ('{"a": 1,}', 9, "`}` can't stand here"),
        ("{a: 1}", 2, "`a` can't stand here"),
        ("{'a': 1}", 2, "`'a'` can't stand here"),
        ("[1, 2", 6, "the text ends too early"),
        ("[1 2]", 4, "`2` can't stand here"),
        ("[1]]", 4, "the value ends before this"),
        ("[01]", 2, "`01` can't stand here"),
        ("[1.]", 2, "`1.` can't stand here"),
        ("[.5]", 2, "`.5` can't stand here"),
        ("[+1]", 2, "`+1` can't stand here"),
        ("[tru]", 2, "`tru` can't stand here"),
        ('["\t"]', 2, "raw control character"),
        ('["\\x"]', 2, "wrong escape"),
        ('["abc', 2, "this text has no end"),
        ("# remark", 1, "`#` can't stand here"),
    ],
)
def test_each_fault_names_line_and_column(line: str, column: int, says: str) -> None:
    (fault,) = faults_of(f'{{"fine": 1}}\n{line}\n')
    assert says in fault.message
    assert (2, column) == (fault.span.line, fault.span.column)
    assert line == fault.line_text


def test_the_faults_of_all_lines_are_reported_at_once() -> None:
    faults = faults_of('{"a": NaN, "a": 1}\n{"b": 1}\n{"c"\n')
    assert [fault.span.line for fault in faults] == [1, 1, 3]


def test_a_text_over_several_lines_names_its_lines() -> None:
    with pytest.raises(FaultsError) as refused:
        parse_json('{\n  "a": 1,\n  "a": 2\n}\n', file="log.json")
    (fault,) = refused.value.faults
    assert (fault.span.line, fault.span.column, fault.line_text) == (3, 3, '  "a": 2')
    assert parse_json('[1,\n {"b": 2}]', file="log.json").value == [1, {"b": 2}]


def test_bytes_that_are_not_utf8_are_refused() -> None:
    (fault,) = faults_of(b'{"a": 1}\n{"a": "\xe9"}\n')
    assert (fault.span.line, fault.span.column) == (2, 8)


def test_a_hundred_thousand_brackets_are_refused_within_a_second() -> None:
    start = time.perf_counter()
    (fault,) = faults_of('{"a": ' * 100_000)
    assert "nests more than 64 deep" in fault.message
    assert time.perf_counter() - start < 1


def test_brackets_within_texts_are_no_nesting() -> None:
    (value,) = parse_json_lines(json.dumps({"a": "[" * 100}), "events.jsonl")
    assert value.value["a"] == "[" * 100


def test_a_number_keeps_its_text_and_stays_a_float() -> None:
    """0.1 is 1/10, though no double is; canonical JSON and other writers see the double."""
    number = parse_json('{"a": 0.10}', file="f.json").value["a"]
    assert isinstance(number, ExactFloat)
    assert Fraction(1, 10) == number.exact
    assert number == 0.1
    assert (str(number), json.dumps(number)) == ("0.10", "0.1")
    assert digest_of_json({"a": 0.1}) == digest_of_json({"a": number})
    for copied in (copy.deepcopy(number), pickle.loads(pickle.dumps(number))):  # noqa: S301 - our own bytes
        assert (number, number.exact) == (copied, copied.exact)


def test_an_exact_float_is_exact_where_doubles_are_not() -> None:
    assert Fraction(10) ** 26 == ExactFloat("1e26").exact
    assert int(float("1e26")) != 10**26


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(_JSON | st.text('{}[]",:01eE.-+ \\nul', max_size=30))
def test_the_reader_with_places_refuses_exactly_what_is_refused(value: object) -> None:
    """The fast reader and the one that knows places must agree, or a text would be refused without a fault."""
    text = value if isinstance(value, str) else json.dumps(value)
    faults = FaultCollector()
    find_faults(Source("f.json", text), faults)
    try:
        read = parse_json(text, file="f.json").value
    except FaultsError as refused:
        assert list(faults) == list(refused.faults)  # noqa: PT017 - both outcomes are fine if they agree
    else:
        assert not len(faults)
        assert json.loads(text) == read


@given(st.binary(max_size=100) | st.text(max_size=100))
def test_no_text_raises_anything_but_faults(content: bytes | str) -> None:
    try:
        parse_json_lines(content, "events.jsonl")
    except FaultsError as refused:
        assert refused.draw()  # noqa: PT017 - both outcomes are fine; nothing else may be raised
