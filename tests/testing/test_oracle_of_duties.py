"""The naive oracle passes the conformance rows of duties by itself, without the engine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from interlock.policy import Policy, decode_all
from interlock.record import Event, read_events
from interlock.terms import parse_instant
from interlock.testing import oracle
from interlock.testing.conformance import Row, load_rows
from tests.conftest import REPOSITORY, SHARED

FOLDERS = (SHARED / "conformance", REPOSITORY / "conformance")
LENGTH = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def rows(verb: str, topic: str) -> Iterator[Row]:
    for folder in FOLDERS:
        if folder.is_dir():
            yield from (row for row in load_rows(folder) if row.verb == verb and topic in row.topic)


def read(row: Row) -> tuple[tuple[Policy, ...], tuple[Event, ...]]:
    policies = decode_all([(file.name, file.text.encode()) for file in row.policies])
    lines = "".join(json.dumps(event) + "\n" for event in row.events)
    return policies, tuple(read_events([("events.jsonl", lines.encode())]))


def length(text: str) -> timedelta:
    match = LENGTH.fullmatch(text)
    assert match is not None
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def fits(wanted: Mapping[str, Any], given: oracle.Standing) -> bool:
    return (
        (given.duty, given.state) == (wanted["id"], wanted["state"])
        and wanted.get("instance", given.instance) == given.instance
        and ("due" not in wanted or given.due == parse_instant(wanted["due"]))
        and ("late_by" not in wanted or given.late_by == length(wanted["late_by"]))
    )


def unlike(expect: Mapping[str, Any], given: Sequence[oracle.Standing]) -> Iterator[str]:
    """Each must be there; of the duties named nothing else may be but what is done or not triggered."""
    left = list(given)
    for wanted in expect["duties"]:
        found = next((one for one in left if fits(wanted, one)), None)
        if found is None:
            yield f"{wanted} is not among {left}"
        else:
            left.remove(found)
    named = {wanted["id"] for wanted in expect["duties"]}
    allowed = {"done", "not-triggered", *expect.get("may_also", [])}
    yield from (f"{one} is not wanted" for one in left if one.duty in named and one.state not in allowed)


def test_there_are_rows_of_duties_to_pass() -> None:
    if not SHARED.is_dir():
        pytest.skip(f"the shared conformance rows are not at {SHARED}")
    assert len(list(rows("duties", "duties"))) >= 45


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in rows("duties", "")])
def test_the_oracle_says_how_duties_stand(row: Row) -> None:
    policies, events = read(row)
    answer = oracle.duties(policies, events, parse_instant(row.question["as_of"]))
    assert isinstance(answer, list)
    assert list(unlike(row.expect, answer)) == []


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in rows("decide", "duties")])
def test_the_oracle_holds_by_an_overdue_duty(row: Row) -> None:
    policies, events = read(row)
    asked = row.question
    question = oracle.OracleQuestion(model=asked["model"], action=asked["action"], as_of=parse_instant(asked["as_of"]))
    answer = oracle.decide(policies, events, question)
    assert isinstance(answer, oracle.OracleDecision)
    assert answer.outcome == row.expect["outcome"]
    assert answer.by_default == row.expect.get("by_default", answer.by_default)


def unlike_replay(expect: Mapping[str, Any], given: Sequence[oracle.OracleBreach]) -> Iterator[str]:
    """Each breach must be there, and none about another id."""
    left = list(given)
    for wanted in expect["breaches"]:
        found = next(
            (
                one
                for one in left
                if wanted.get("id", one.id) == one.id
                and wanted.get("kind", one.kind) == one.kind
                and ("late_by" not in wanted or one.late_by == length(wanted["late_by"]))
            ),
            None,
        )
        if found is None:
            yield f"{wanted} is not among {left}"
        else:
            left.remove(found)
    named = [wanted.get("id") for wanted in expect["breaches"]]
    yield from (f"{one} is not wanted" for one in left if None not in named and one.id not in named)


def test_there_are_rows_of_replays_to_pass() -> None:
    if not SHARED.is_dir():
        pytest.skip(f"the shared conformance rows are not at {SHARED}")
    assert len(list(rows("replay", "replay"))) >= 16


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in rows("replay", "")])
def test_the_oracle_finds_what_departs(row: Row) -> None:
    policies, events = read(row)
    asked = row.question.get("as_of")
    answer = oracle.replay(policies, events, parse_instant(asked) if asked is not None else None)
    assert isinstance(answer, oracle.OracleReplay)
    assert list(unlike_replay(row.expect, answer.breaches)) == []
