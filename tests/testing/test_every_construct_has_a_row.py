"""Every construct of the language stands in some conformance row, of the public suite or of this repository."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from interlock.notation import parse_yaml, yaml_values
from interlock.policy import decode_all
from interlock.terms import InterlockError
from interlock.testing.conformance import Row, load_rows
from tests.conftest import REPOSITORY
from tests.testing.constructs import declared, declared_of_events, used_in_event, used_in_policy

_SAME_AS_OF_A_RESTRICTION: Final = "actions are read of a duty as of a restriction, whose every word has a row"
WITHOUT_A_ROW: Final = {
    r"threshold\.hazard=.*": "no answer hangs on which hazard a threshold is a level of",
    r"standard\.kind=.*": "no answer hangs on what a standard guards",
    r"duty\.otherwise\.forbids=.*": _SAME_AS_OF_A_RESTRICTION,
}
"""Constructs for which a row makes no sense, as patterns, and why."""
UNREAD: Final = {"evaluation.finished"}
"""What a row states to have it refused."""


@pytest.fixture(scope="module")
def used(shared: Path) -> frozenset[str]:
    """What the rows use, whose policies are sound: a rejected file shows no meaning."""
    rows = [row for folder in (shared, REPOSITORY) for row in load_rows(folder / "conformance")]
    return frozenset(word for row in rows if row.verb != "check" for word in _used(row))


def _used(row: Row) -> Iterator[str]:
    try:
        decode_all([(file.name, file.text.encode()) for file in row.policies])
    except InterlockError:
        return
    for file in row.policies:
        yield from used_in_policy(yaml_values(parse_yaml(file.text, file=file.name)))
    for event in row.events:
        yield from used_in_event(event)


def _is_left_out(construct: str) -> bool:
    return any(re.fullmatch(pattern, construct) for pattern in WITHOUT_A_ROW)


def test_every_key_leaf_and_word_of_a_policy_stands_in_a_row(used: frozenset[str]) -> None:
    constructs = declared()
    assert len(constructs) > 250
    assert sorted(one for one in constructs - used if not _is_left_out(one)) == []


def test_every_kind_of_event_and_word_of_one_stands_in_a_row(used: frozenset[str]) -> None:
    constructs = declared_of_events()
    assert len(constructs) > 50
    assert sorted(constructs - used) == []


def test_whatever_a_policy_of_a_row_uses_is_declared(used: frozenset[str]) -> None:
    """The walk through a policy and the list of constructs name things alike."""
    assert sorted(used - declared() - declared_of_events() - UNREAD) == []


def test_nothing_is_left_out_that_does_not_exist() -> None:
    assert [one for one in WITHOUT_A_ROW if not any(re.fullmatch(one, construct) for construct in declared())] == []
