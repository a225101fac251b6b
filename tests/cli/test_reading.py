"""How arguments are read: several values after one option, and the quick reading beside the parser's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from interlock.cli import _decide
from interlock.cli._asking import Request
from interlock.cli._quick import read_plainly
from interlock.cli._spreading import spread_values
from tests.cli.commands import parsed


@pytest.mark.parametrize(
    ("given_", "spread"),
    [
        ("decide --policy a b --events e", "decide --policy a --policy b --events e"),
        (
            "decide --policy a --policy b --events e f g",
            "decide --policy a --policy b --events e --events f --events g",
        ),
        ("decide --policy=a b --json", "decide --policy=a --policy b --json"),
        ("decide --policy a - --json", "decide --policy a --policy - --json"),
        ("decide --model m x", "decide --model m x"),
        ("decide --reading t=a p:u=b", "decide --reading t=a --reading p:u=b"),
        ("explain --events e f --model m", "explain --events e --events f --model m"),
        ("init dir --policy a b", "init dir --policy a --policy b"),
        ("init --policy a dir", "init --policy a dir"),
        ("init --policy a dir --policy b c", "init --policy a dir --policy b --policy c"),
        ("decide --policy a -- b c", "decide --policy a -- b c"),
        ("record a b", "record a b"),
        ("policy check a b", "policy check a b"),
        ("", ""),
    ],
)
def test_further_values_get_a_mention_of_their_own(given_: str, spread: str) -> None:
    assert spread_values(given_.split()) == spread.split()


OPTIONS = ["--policy", "--events", "--model", "--action", "--as-of", "--known-at", "--weights", "--workspace", "--json"]
OPTIONS += ["--reading"]
WORDS = st.sampled_from([*OPTIONS, "--help", "-h", "--policy=x", "--model=m", "--jso", "--", "-", "-x", "a.yaml", "m"])


@st.composite
def argument_lists(draw: st.DrawFn) -> list[str]:
    """Return mostly sound arguments of a question, in any order, now and then with something unsound among them."""
    names = ["--as-of", "--known-at", "--weights", "--at-compute", "--workspace"]
    options: list[list[str]] = [["--model", "m"], ["--action", draw(st.sampled_from(["train", "x"]))]]
    options += [
        [name, draw(st.sampled_from(["a", "2026-11-25", "-", ""]))] for name in draw(st.sets(st.sampled_from(names)))
    ]
    values = st.lists(st.sampled_from(["a.yaml", "b.yaml", "-", "dir/../c"]), min_size=1, max_size=3)
    options += [["--policy", *draw(values)] for _ in range(draw(st.integers(0, 2)))]
    options += [["--events", *draw(values)] for _ in range(draw(st.integers(0, 2)))]
    options += [["--reading", *draw(values)] for _ in range(draw(st.integers(0, 2)))]
    options += [["--json"]] * draw(st.integers(0, 2))
    arguments = [part for option in draw(st.permutations(options)) for part in option]
    for _ in range(draw(st.integers(0, 2))):
        arguments.insert(draw(st.integers(0, len(arguments))), draw(WORDS))
    return [draw(st.sampled_from(["decide", "explain"])), *arguments]


@settings(max_examples=150)
@given(arguments=argument_lists())
@example(arguments=["decide", "--model", "m", "--action", "train", "--policy", "a", "--policy", "--events", "e"])
@example(arguments=["decide", "--model", "m", "--action", "train", "--json", "--json"])
@example(arguments=["decide", "--model", "m", "--model", "n", "--action", "train"])
def test_what_is_read_plainly_the_parser_reads_in_the_same_way(arguments: list[str]) -> None:
    plain = read_plainly(arguments)
    if plain is None:
        return
    with pytest.MonkeyPatch.context() as monkeypatch:
        verb, request = parsed(arguments, monkeypatch, _decide, "answer")
    assert (verb, stated(request)) == (arguments[0], stated(plain))


def stated(request: Request) -> Any:
    typed = request.question
    return (typed, list(request.policies), list(request.events), request.workspace, request.as_json)


def test_the_arguments_of_a_gate_are_read_plainly() -> None:
    """Otherwise the quick reading would never be used, and the test above would say nothing."""
    arguments = "decide --policy p.yaml q.yaml --events e.jsonl --model m --action train --as-of 2026-11-25 --json"
    request = read_plainly(arguments.split())
    assert request is not None
    assert [str(path) for path in request.policies] == ["p.yaml", "q.yaml"]
    assert request.as_json


@pytest.mark.parametrize(
    "arguments", ["decide", "decide --model m", "decide --model m --action a --help", "record x", "decide m a", ""]
)
def test_what_is_not_plain_is_left_to_the_parser(arguments: str) -> None:
    assert read_plainly(arguments.split()) is None


def test_the_command_that_asks_again_asks_the_same() -> None:
    arguments = (
        "decide --policy p.yaml q.yaml --events e.jsonl --model m --action train --weights w --as-of 2026-11-25 "
        "--known-at 2026-11-26 --at-compute 1e26 --reading t=a p:u=b"
    )
    request = read_plainly(arguments.split())
    assert request is not None
    again = read_plainly(request.arguments("decide")[1:])
    assert again is not None
    assert stated(again) == stated(request)
