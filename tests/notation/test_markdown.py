"""Blocks marked `interlock` are read at their places, and none of them is passed over in silence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.notation import (
    Fault,
    FaultCollector,
    MappingNode,
    is_markdown,
    read_markdown,
    read_markdown_blocks,
    yaml_values,
)
from interlock.notation._markdown import MAXIMUM_BYTES, MAXIMUM_LINES
from interlock.notation._markdown_fences import is_nearly

SECTIONS = ("roles", "duties")
HEADER = "```interlock\npolicy: p\nroles: {a: 1}\n```\n\n"
"""A sound block before what is tested, of five lines."""


def read(text: str | bytes) -> tuple[MappingNode | None, tuple[Fault, ...]]:
    faults = FaultCollector()
    root = read_markdown(text, file="p.md", faults=faults, sections=SECTIONS)
    return root, tuple(faults)


def values(text: str | bytes) -> object:
    root, faults = read(text)
    assert [fault.draw() for fault in faults] == []
    assert root is not None
    return yaml_values(root)


def fault_of(text: str) -> Fault:
    _, faults = read(text)
    assert len(faults) == 1, [fault.draw() for fault in faults]
    return faults[0]


@pytest.mark.parametrize(
    ("file", "expected"),
    [("p.md", True), ("P.MD", True), ("a/b.markdown", True), ("p.yaml", False), ("md", False), ("p.md.yaml", False)],
)
def test_markdown_is_told_by_the_ending_of_the_name(file: str, *, expected: bool) -> None:
    assert is_markdown(file) is expected


# What is read


def test_sections_of_several_blocks_are_one() -> None:
    text = HEADER + "~~~~ interlock  \nduties: {d: 1}\nroles:\n  b: 2\n~~~~\n\n```interlock\nroles: {c: 3}\n```\n"
    assert values(text) == {"policy": "p", "roles": {"a": 1, "b": 2, "c": 3}, "duties": {"d": 1}}


@pytest.mark.parametrize(
    "prose",
    [
        "```yaml\nroles: {b: 2}\n```\n",
        "```\ninterlock\n```\n",
        "<!--\n```interlock\nroles: {b: 2}\n```\n-->\n",
        "````markdown\n```interlock\nroles: {b: 2}\n```\n````\n",
        "~~~markdown\n```interlock\nroles: {b: 2}\n```\n~~~\n",
        "An inline ``interlock`` and ```interlock```.\n\n``` interlock ```\n",
        "~~interlock~~\n",
        "---\ntitle: x\n---\n\n# interlock\n\n| interlock |\n| --- |\n",
        '```text title="interlock-policy"\nx\n```\n',
        "```lock\n```\n\n```inter\n```\n",
    ],
)
def test_what_is_prose_says_nothing(prose: str) -> None:
    assert values(prose + "\n" + HEADER + prose) == {"policy": "p", "roles": {"a": 1}}


def test_blocks_in_lists_and_within_html_that_has_ended_are_read() -> None:
    text = (
        HEADER
        + "1. one\n\n   ```interlock\n   roles:\n     b: |\n       two\n         lines\n   ```\n"
        + "- ```interlock\n  duties: {d: 1}\n  ```\n\n<details>\n\n```interlock\nroles: {c: 3}\n```\n\n</details>\n"
    )
    assert values(text) == {
        "policy": "p",
        "roles": {"a": 1, "b": "two\n  lines\n", "c": 3},
        "duties": {"d": 1},
    }


def test_byte_order_mark_and_line_ends_of_other_systems_change_nothing() -> None:
    text = HEADER + "- x\n\n  ```interlock\n  roles: {b: 2}\n  ```\n"
    assert values(("\ufeff" + text.replace("\n", "\r\n")).encode()) == values(text)


def test_places_are_those_of_the_markdown() -> None:
    text = HEADER + "prose\n\n  - x\n\n    ```interlock\n    roles:\n      b: {c: 'd'}\n    ```\n"
    root, _ = read(text)
    assert root is not None
    roles = root.get("roles")
    assert isinstance(roles, MappingNode)
    name, item = roles.entries[1]
    # five lines of the first block, then `prose`, an empty line, the item, an empty line, the fence and `roles:`
    assert (name.span.line, name.span.column) == (12, 7)
    assert (item.span.line, item.span.column, item.span.end_column) == (12, 10, 18)
    assert item.source.line_text(item.span.line) == "      b: {c: 'd'}"


def test_the_blocks_are_given_with_their_fences() -> None:
    faults = FaultCollector()
    blocks = read_markdown_blocks(
        HEADER + "- x\n\n  ```interlock\n  roles: {b: 2}\n  ```\n", file="p.md", faults=faults
    )
    assert [(one.fence.opening, one.fence.closing, one.fence.indent) for one in blocks] == [(1, 4, 0), (8, 10, 2)]
    assert [list(one.root.keys()) for one in blocks] == [["policy", "roles"], ["roles"]]


# What is refused


@pytest.mark.parametrize(
    "info",
    [
        "interlok",
        "Interlock",
        "INTERLOCK",
        "interlock-policy",
        "interlock policy",
        "inter-lock",
        "inter lock",
        "itnerlock",
        "{interlock}",
        ".interlock",
        "{.interlock}",
        "yaml interlock",
        "inter\\lock",
        "&#105;nterlock",
        "\u0456nterlock",  # a Cyrillic letter
        "inter\u200block",  # a space of no width
        "\uff49nterlock",  # a full-width letter
    ],
)
def test_a_mark_that_is_nearly_the_right_one_is_refused(info: str) -> None:
    fault = fault_of(f"{HEADER}```{info}\nroles: {{b: 2}}\n```\n")
    assert (fault.span.line, fault.span.column) == (6, 1)
    assert "nearly `interlock`" in fault.message


@pytest.mark.parametrize("info", ["interlock", "", "yaml", "python", "lock", "interleave", "intercom", "mermaid"])
def test_other_marks_are_those_of_other_languages(info: str) -> None:
    assert not is_nearly(info)


@pytest.mark.parametrize(
    ("rest", "line", "says"),
    [
        ("```interlock\nroles: {b: 2}\n", 6, "never closed"),
        ("- ```interlock\n  roles: {b: 2}\n\nprose\n", 6, "never closed"),
        ("```interlock\nroles: {b: 2}\n    ```\n", 6, "never closed"),
        ("```interlock\nroles: {b: 2}\n\n```interlock\nroles: {c: 3}\n```\n", 9, "begins at line 6 is not closed"),
        ("```python\nx\n\n```interlock\nroles: {b: 2}\n```\n", 9, "begins at line 6 is not closed"),
        ("````md\n```interlock\nroles: {b: 2}\n```\n", 7, "begins at line 6 is not closed"),
        ("```md\n```text\n~~~interlock\n```\n", 8, "begins at line 6 is not closed"),
        ("<!--\n```interlock\nroles: {b: 2}\n```\n", 7, "comment that begins at line 6 is never closed"),
        ("<div>\n```interlock\nroles: {b: 2}\n```\n</div>\n", 7, "as part of the HTML"),
        ("    ```interlock\n    roles: {b: 2}\n    ```\n", 6, "as part of the text"),
        ("``interlock\nroles: {b: 2}\n``\n", 6, "as part of the text"),
        (":::interlock\nroles: {b: 2}\n:::\n", 6, "as part of the text"),
        (f"{'> ' * 30}```interlock\n", 6, "as part of the text"),
        ("> ```interlock\n> roles: {b: 2}\n> ```\n", 6, "in a quotation"),
        ("- > ```interlock\n  > roles: {b: 2}\n  > ```\n", 6, "in a quotation"),
        ("  ```interlock\nroles: {b: 2}\n  ```\n", 7, "less indented than the fence"),
        ("-\t```interlock\n\troles: {b: 2}\n\t```\n", 7, "less indented than the fence"),
        ("```interlock\n```\n", 6, "says nothing"),
        ("```interlock\n\n  # only this\n```\n", 6, "says nothing"),
        ("```interlock\n- a\n```\n", 7, "is a list"),
        ("```interlock\na\n```\n", 7, "is a text"),
        ("```interlock\npolicy: q\n```\n", 7, "`policy` stands here and on line 2"),
        ("```interlock\nroles: {a: 2}\n```\n", 7, "`a` of `roles` stands here and on line 3"),
        ("```interlock\nroles:\n```\n", 7, "`roles` stands on line 3 too"),
        ("```interlock\nroles: {b: 1, b: 2}\n```\n", 7, "stands here twice"),
        ("```interlock\nroles: {b: no}\n```\n", 7, "truth value"),
        ("```interlock\nroles: {b: *x}\n```\n", 7, "has no anchor before it"),
        ("```interlock\nroles: {b: !t x}\n```\n", 7, "tag"),
        ("```interlock\nroles: {b: 2}\n---\nroles: {c: 3}\n```\n", 8, "second document"),
        ("```interlock\nroles: {b: 2\n```\n", 8, ""),
        ("```interlock\nroles:\n\tb: 2\n```\n", 8, "tab"),
        ("prose \u202e\n", 6, "U+202E"),
        ("```interlock\nroles: {b: 2} # \u202e\n```\n", 7, "U+202E"),
    ],
)
def test_what_could_leave_something_out_is_refused_at_its_place(rest: str, line: int, says: str) -> None:
    fault = fault_of(HEADER + rest)
    assert fault.span.line == line
    assert fault.line_text == (HEADER + rest).split("\n")[line - 1]
    assert says in fault.message


@pytest.mark.parametrize("text", ["", "# A title\n", "```yaml\npolicy: p\n```\n"])
def test_a_file_without_a_block_is_refused(text: str) -> None:
    fault = fault_of(text)
    assert "no block marked `interlock`" in fault.message
    assert fault.expected is not None


def test_an_item_named_in_three_blocks_is_told_at_each_further_place() -> None:
    _, faults = read(HEADER + "```interlock\nroles: {a: 2}\n```\n" * 2)
    assert [(fault.span.line, "and on line 3" in fault.message) for fault in faults] == [(7, True), (10, True)]


def test_faults_of_all_blocks_are_told_at_once() -> None:
    _, faults = read("```interlok\n```\n\n```interlock\n- a\n```\n\n```interlock\na: {b\n```\n\n```interlock\n")
    assert [fault.span.line for fault in faults] == [1, 5, 10, 12]


def test_a_fault_of_another_file_hides_nothing() -> None:
    faults = FaultCollector()
    for file in ("a.md", "b.md"):
        read_markdown("prose\n", file=file, faults=faults, sections=())
    assert [fault.span.file for fault in faults] == ["a.md", "b.md"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x" * (MAXIMUM_BYTES + 1), "larger than 1 MB"),
        ("\n" * MAXIMUM_LINES, f"more than {MAXIMUM_LINES} lines"),
        ("\xff".encode("latin-1"), "not UTF-8"),
    ],
)
def test_what_is_too_large_or_no_text_is_refused(text: str | bytes, says: str) -> None:
    root, faults = read(text)
    assert root is None
    assert says in faults[0].message


def test_aliases_of_several_blocks_are_counted_together() -> None:
    """600 blocks of 1 000 values each, most of them aliases, are more than the 100 000 of a file."""
    row = f"[{', '.join(['1'] * 31)}]"
    block = f"```interlock\nk-NUMBER: [&a {row}, {', '.join(['*a'] * 30)}]\n```\n"
    _, faults = read("".join(block.replace("NUMBER", str(number)) for number in range(600)))
    assert len(faults) == 1
    assert "more than 100000 values" in faults[0].message


_LINES = (
    "```interlock",
    "~~~interlock",
    "````interlock",
    "```",
    "~~~",
    "````",
    "```yaml",
    "<!--",
    "-->",
    "<div>",
    "> ",
    "- x",
    "1. y",
    "    code",
    "prose",
    "",
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(("", " ", "  ", "   ", "    ", "> ")), st.sampled_from(_LINES)), max_size=8),
    st.sampled_from(("", "  ", "    ", "> ")),
    st.lists(st.tuples(st.sampled_from(("", "  ")), st.sampled_from(_LINES)), max_size=6),
)
def test_a_block_is_read_or_refused_or_plainly_prose(
    before: list[tuple[str, str]], pad: str, after: list[tuple[str, str]]
) -> None:
    """Where nothing is refused, its role is there, or something opened before it that may hold its fence."""
    lines = [*(f"{p}{line}" for p, line in before), f"{pad}```interlock", f"{pad}roles: {{role: 1}}", f"{pad}```"]
    text = "\n".join([*lines, *(f"{p}{line}" for p, line in after)])
    root, faults = read(text)
    if faults or root is None:
        assert faults
        return
    roles = root.get("roles")
    is_read = isinstance(roles, MappingNode) and roles.get("role") is not None
    assert is_read or any(line in {"<!--", "~~~", "````", "```", "```yaml"} for _, line in before)
