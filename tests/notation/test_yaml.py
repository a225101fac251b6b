"""YAML beyond the 1.2 core schema is refused, with the place of every fault."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from interlock.notation import (
    Fault,
    FaultsError,
    MappingNode,
    ScalarNode,
    SequenceNode,
    _yaml,
    parse_yaml,
    parse_yaml_items,
    yaml_values,
)


def faults_of(content: str | bytes) -> tuple[Fault, ...]:
    with pytest.raises(FaultsError) as refused:
        parse_yaml(content, file="f.yaml")
    return tuple(refused.value.faults)


def scalar(text: str) -> ScalarNode:
    root = parse_yaml(f"key: {text}\n", file="f.yaml")
    assert isinstance(root, MappingNode)
    node = root.get("key")
    assert isinstance(node, ScalarNode)
    return node


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("Null", None),
        ("true", True),
        ("FALSE", False),
        ("12", 12),
        ("-3", -3),
        ("+4", 4),
        ("0", 0),
        ("2.10", Decimal("2.10")),
        (".5", Decimal("0.5")),
        ("1e26", Decimal("1e26")),
        # no double holds this sum of digits; a decimal does
        ("0.1000000000000000055511151231257827", Decimal("0.1000000000000000055511151231257827")),
        ("2025-01-01", "2025-01-01"),
        ("2025-01-01T12:00:00Z", "2025-01-01T12:00:00Z"),
        ("yes please", "yes please"),
        ("sha256:00ff", "sha256:00ff"),
        ('"true"', "true"),
        ("'12'", "12"),
        ('"no"', "no"),
        ('"<<"', "<<"),
    ],
)
def test_scalars_resolve_as_the_core_schema_says(text: str, value: object) -> None:
    found = scalar(text).value
    assert value == found
    assert type(value) is type(found)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        *((word, "truth value") for word in ("yes", "No", "on", "OFF", "y", "N")),
        ("012", "octal"),
        ("00", "octal"),
        ("-017", "octal"),
        ("01.5", "octal"),
        ("0o17", "octal"),
        ("0x1F", "not in decimal"),
        ("0b101", "not in decimal"),
        ("1:30", "base of sixty"),
        ("12:30:45", "base of sixty"),
        ("190:20:30.15", "base of sixty"),
        ("1_000", "number in some YAML"),
        ("1_000.5", "number in some YAML"),
        (".inf", "not a finite number"),
        ("-.Inf", "not a finite number"),
        (".NaN", "not a finite number"),
        ("=", "merges or stands for values"),
        ("9" * 65, "more than 64 characters"),
    ],
)
def test_a_scalar_that_yaml_versions_read_differently_is_refused_with_the_cure(text: str, says: str) -> None:
    (fault,) = faults_of(f"key: {text}\n")
    assert says in fault.message
    assert (1, 6, 6 + len(text)) == (fault.span.line, fault.span.column, fault.span.end_column)
    assert fault.expected is not None
    assert "in quotes for the text" in fault.expected
    assert text == scalar(f'"{text}"').value


@pytest.mark.parametrize(
    ("content", "line", "column", "says"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, 1, "the key `a` stands here twice"),
        ('a: 1\n"a": 3\n', 2, 1, "the key `a` stands here twice"),
        ("- {x: 1, x: 2}\n", 1, 10, "the key `x` stands here twice"),
        ("a: !!str b\n", 1, 4, "the tag `!!str` is not allowed"),
        ("a: !thing {b: c}\n", 1, 4, "the tag `!thing` is not allowed"),
        ("a: ! b\n", 1, 4, "the tag `!` is not allowed"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, 4, "the tag `!!python/object/apply:os.system` is not allowed"),
        ("a: &x {b: c}\n<<: *x\n", 2, 1, "`<<` merges"),
        ("a: &x [*x]\n", 1, 8, "the alias `*x` stands within what it stands for"),
        ("a: *x\n", 1, 4, "the alias `*x` has no anchor before it"),
        ("a: &x 1\nb: &x 2\n", 2, 4, "the anchor `x` is set twice"),
        ("? [a]\n: b\n", 1, 3, "a key must be text"),
        ("? {a: b}\n: b\n", 1, 3, "a key must be text"),
        ("~: b\n", 1, 1, "the key `~` is not text"),
        ("true: b\n", 1, 1, "the key `true` is not text"),
        ("no: b\n", 1, 1, "`no` is a truth value"),
        ("a: b\n---\nc: d\n", 2, 1, "a second document begins here"),
        ("%YAML 1.1\n---\na: b\n", 1, 1, "directives are not allowed"),
        ("%TAG ! tag:x,2025:\n---\na: b\n", 1, 1, "directives are not allowed"),
        ("", 1, 1, "the file says nothing"),
        ("# only a remark\n", 1, 1, "the file says nothing"),
        ("a: b: c\n", 1, 5, "a second colon can't stand here"),
        ("a: [b\n", 1, 4, "the brackets that open here have no end"),
        ('a: "b\n', 1, 4, "the quote that opens here has no end"),
        ("a: b\n\tc: d\n", 2, 1, "a tab stands where only spaces may"),
        ("a: b\u202e\n", 1, 5, "U+202E RIGHT-TO-LEFT OVERRIDE is not allowed"),
        ("# remark \u2066\na: b\n", 1, 10, "U+2066 LEFT-TO-RIGHT ISOLATE is not allowed"),
        ("a: b\x07\n", 1, 5, "U+0007 is not allowed"),
        ("a: b\x85c\n", 1, 5, "U+0085 is not allowed"),
        ("a: b\rc: d\n", 1, 5, "U+000D is not allowed"),
        ('a: "\\u202e"\n', 1, 4, "U+202E RIGHT-TO-LEFT OVERRIDE is not allowed, not even as an escape"),
        ('a: "\\0"\n', 1, 4, "U+0000 is not allowed, not even as an escape"),
        (b"a: b\nc: \xff\n", 2, 4, "byte 0xff is not UTF-8"),
        ("a: b".encode("utf-16"), 1, 1, "byte 0xff is not UTF-8"),
    ],
)
@pytest.mark.parametrize("loader", [yaml.CBaseLoader, yaml.BaseLoader])
def test_each_fault_of_notation_names_its_place(
    content: str | bytes, line: int, column: int, says: str, loader: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With libyaml and without; where the text is no YAML at all, the two differ in what they call the fault."""
    monkeypatch.setattr(_yaml, "_LOADER", loader)
    (fault,) = faults_of(content)
    assert says in fault.message
    assert (line, column) == (fault.span.line, fault.span.column)


def test_a_tab_for_indentation_is_told_what_to_use() -> None:
    (fault,) = faults_of("a:\n\t- b\n")
    assert fault.expected == "spaces before a key, since YAML does not indent with tabs"


def test_all_faults_of_a_text_are_reported_at_once_in_order() -> None:
    faults = faults_of("a: 012\nb: !x yes\na: 1:30\n")
    assert [(f.span.line, f.span.column) for f in faults] == [(1, 4), (2, 4), (2, 4), (3, 1), (3, 4)]


def test_what_is_read_differently_as_a_value_may_be_a_key_of_one_letter() -> None:
    assert yaml_values(parse_yaml("{n: 2}", file="f.yaml")) == {"n": 2}


def test_a_byte_order_mark_shifts_no_column() -> None:
    (fault,) = faults_of("\ufeffa: no\n".encode())
    assert (fault.span.line, fault.span.column) == (1, 4)


def test_windows_line_ends_count_as_one() -> None:
    (fault,) = faults_of("a: 1\r\nb: no\r\n")
    assert (fault.span.line, fault.span.column, fault.line_text) == (2, 4, "b: no")


def test_a_forbidden_character_hides_no_other_fault_and_makes_none() -> None:
    """The name still matches, so that a person is told of one fault and not of what follows from it."""
    (fault,) = faults_of("hold\u202e-training: 1\nb: 2\n")
    assert "U+202E" in fault.message
    (first, second) = faults_of("hold\u202e-training: 1\nhold-training: 2\n")
    assert "U+202E" in first.message
    assert second.message == "the key `hold-training` stands here twice"


def test_aliases_within_bounds_stand_for_their_nodes() -> None:
    text = "base: &base {time: 6 months}\nfirst: *base\nsecond: [*base, *base]\n"
    months = {"time": "6 months"}
    assert yaml_values(parse_yaml(text, file="f.yaml")) == {"base": months, "first": months, "second": [months, months]}


def test_nodes_know_where_they_stand() -> None:
    root = parse_yaml("a:\n  - b\n  - {c: long text}\n", file="f.yaml")
    assert isinstance(root, MappingNode)
    items = root.get("a")
    assert isinstance(items, SequenceNode)
    assert (items.items[1].span.line, items.items[1].span.column, items.items[1].span.end_column) == (3, 5, 19)
    # what goes on over several lines is marked on its first alone
    assert (items.span.line, items.span.column, items.span.end_column) == (2, 3, 6)


def quickly(content: str | bytes) -> Fault:
    start = time.perf_counter()
    faults = faults_of(content)
    assert time.perf_counter() - start < 1
    assert len(faults) == 1
    assert len(faults[0].draw()) < 1000
    return faults[0]


def test_nesting_of_a_hundred_thousand_is_refused_within_a_second() -> None:
    assert "nests more than 64 deep" in quickly("[" * 100_000).message
    assert "nests more than 64 deep" in quickly("{a: " * 100_000).message
    assert "nests more than 64 deep" in quickly("- " * 100_000).message
    assert "nests more than 64 deep" in quickly("".join(f"{' ' * i}a:\n" for i in range(3000))).message


def test_exponential_aliases_are_refused_within_a_second() -> None:
    """Nine levels of ten aliases each: a thousand million nodes, if they were expanded."""
    levels = [f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 10)}]" for i in range(1, 10)]
    fault = quickly("l0: &l0 [x]\n" + "\n".join(levels))
    assert "more than 100000 values, aliases expanded" in fault.message


def test_aliases_that_nest_deeply_are_refused() -> None:
    levels = [f"l{i}: &l{i} [*l{i - 1}]" for i in range(1, 2000)]
    fault = quickly("l0: &l0 [x]\n" + "\n".join(levels))
    assert "nests more than 64 deep" in fault.message


def test_a_file_of_eleven_megabytes_is_refused_before_it_is_read() -> None:
    assert "larger than 10 MB" in quickly(b"a: " + b"x" * 11_000_000).message


def test_a_long_scalar_costs_no_backtracking() -> None:
    start = time.perf_counter()
    parse_yaml(f"a: 1{'_' * 1_000_000}x\n", file="f.yaml")
    assert time.perf_counter() - start < 1


@given(
    st.one_of(st.binary(max_size=200), st.text(max_size=200), st.text("ab:-[]{},&*!|>'\"#\n\t ?~0:.\\", max_size=80))
)
def test_no_text_raises_anything_but_faults(content: bytes | str) -> None:
    try:
        node = parse_yaml(content, file="f.yaml")
    except FaultsError as refused:
        assert refused.faults  # noqa: PT017 - both outcomes are fine; nothing else may be raised
        assert refused.draw()  # noqa: PT017 - as above
    else:
        assert node.span.line >= 1


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53) + 1, 2**53 - 1)
        | st.text(st.characters(codec="ascii"), max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3),
        max_leaves=8,
    )
)
def test_a_json_text_reads_alike_as_yaml(value: object) -> None:
    """YAML 1.2 contains JSON."""
    import json  # noqa: PLC0415 - for this test alone

    text = json.dumps(value)
    if any(ord(c) < 32 or ord(c) == 127 for c in _texts(value)):
        return
    assert value == yaml_values(parse_yaml(text, file="f.yaml"))


def _texts(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(map(_texts, value))
    return "".join(map(_texts, value.values())) if isinstance(value, dict) else ""


def test_events_as_yaml_come_with_their_places() -> None:
    items = parse_yaml_items(
        "- {event: a, occurred: 2025-03-01T12:00:00Z, value: 1e26}\n-\n  event: b\n", file="e.yaml"
    )
    first, second = items
    assert first.value == {"event": "a", "occurred": "2025-03-01T12:00:00Z", "value": 1e26}
    assert str(first.value["value"]) == "1e26"
    assert (first.span.line, first.span.column) == (1, 3)
    assert (second.span.line, second.line_text) == (3, "  event: b")


def test_events_as_yaml_must_be_a_list() -> None:
    with pytest.raises(FaultsError, match="the file is not a list"):
        parse_yaml_items("event: a\n", file="e.yaml")


def test_numbers_that_json_cannot_carry_are_faults() -> None:
    node = parse_yaml("[9007199254740992, 1e999, 1e-999, 3]", file="f.yaml")
    with pytest.raises(FaultsError) as refused:
        yaml_values(node)
    assert [fault.span.column for fault in refused.value.faults] == [2, 20, 27]
