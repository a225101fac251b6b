"""Identifiers are plain names, and a wrong one is answered with the nearest right one."""

from __future__ import annotations

import pytest

from interlock.terms import InterlockError, MalformedError, nearest, parse_identifier


@pytest.mark.parametrize("text", ["a", "7", "asl-3", "autonomy.task-success", "a" * 128, "cbrn.biological-2"])
def test_an_identifier_is_lower_case_words_joined_by_dots_and_hyphens(text: str) -> None:
    assert parse_identifier(text) == text


@pytest.mark.parametrize(
    "text",
    ["", "A", "a b", "a_b", "-a", "a-", "a--b", "a.-b", ".a", "a/b", "é", "а", "a\u202eb", "a\n", "a" * 129],  # noqa: RUF001
)
def test_anything_else_is_no_identifier(text: str) -> None:
    with pytest.raises(MalformedError, match="is not an identifier; expected lower-case letters and digits"):
        parse_identifier(text)


def test_a_refusal_shows_invisible_characters_as_escapes() -> None:
    with pytest.raises(MalformedError) as refusal:
        parse_identifier("board\u202e")
    assert r"`board\u202e`" in refusal.value.message


def test_the_nearest_name_is_given_where_one_is_close() -> None:
    names = {"red-team-report", "board", "rso"}
    assert nearest("red-team-raport", names) == "red-team-report"
    assert nearest("bord", names) == "board"
    assert nearest("quantum-chromodynamics", names) is None
    assert nearest("board", []) is None


def test_the_nearest_name_does_not_hang_on_the_order_of_the_names() -> None:
    # both are one letter away
    assert nearest("aab", ["aax", "aay"]) == nearest("aab", ["aay", "aax"])


def test_a_refusal_keeps_its_advice_apart_from_its_message() -> None:
    refusal = InterlockError("no such thing", advice="name another")
    assert (str(refusal), refusal.message, refusal.advice) == ("no such thing", "no such thing", "name another")
    assert InterlockError("no such thing").advice is None
