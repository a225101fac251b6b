"""The naive oracle passes every conformance row by itself, without the engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from interlock.policy import Policy, decode_all
from interlock.record import Event, read_events
from interlock.terms import InterlockError, format_duration, format_instant, parse_instant
from interlock.testing.conformance import Row, is_reason, load_rows, unlike_breaches, unlike_duties
from interlock.testing.oracle import (
    OracleBreach,
    OracleDecision,
    OracleQuestion,
    OracleRefusal,
    OracleReplay,
    Standing,
    decide,
    duties,
    replay,
)
from tests.conftest import REPOSITORY, SHARED

FOLDERS = (SHARED / "conformance", REPOSITORY / "conformance")
REFUSED_BY_THE_ENGINE_ALONE = {
    "record-decisions/age-of-what-counts-no-facts",
    "word-decisions/term-of-the-developer",
    "word-decisions/term-of-several-of-several",
}
"""What no answer may leave out: the oracle does not look for that."""


def asking(verb: str) -> list[Row]:
    """The rows of both folders that ask so."""
    rows = (row for folder in FOLDERS if folder.is_dir() for row in load_rows(folder))
    return [row for row in rows if row.verb == verb and row.name not in REFUSED_BY_THE_ENGINE_ALONE]


def read(row: Row) -> tuple[tuple[Policy, ...], tuple[Event, ...]]:
    policies = decode_all([(file.name, file.text.encode()) for file in row.policies])
    lines = "".join(json.dumps(event) + "\n" for event in row.events)
    return policies, tuple(read_events([("events.jsonl", lines.encode())]))


def question(row: Row) -> OracleQuestion:
    asked = row.question
    return OracleQuestion(
        model=asked["model"],
        action=asked["action"],
        as_of=parse_instant(asked["as_of"]),
        known_at=parse_instant(asked["known_at"]) if "known_at" in asked else None,
        weights=asked.get("weights"),
    )


def exit_of(answer: OracleDecision | OracleRefusal) -> int:
    """Section 8: 0 and 1 by evidence, 3 held by default, 6 permitted by default, else that of the refusal."""
    if isinstance(answer, OracleRefusal):
        return answer.exit
    return {("permitted", False): 0, ("held", False): 1, ("held", True): 3, ("permitted", True): 6}[
        answer.outcome, answer.by_default
    ]


def unlike(expect: dict[str, Any], answer: OracleDecision) -> Iterator[str]:
    for name in ("outcome", "by_default", "unrestricted"):
        if name in expect and getattr(answer, name) != expect[name]:
            yield f"{name} {getattr(answer, name)}, wanted {expect[name]}"
    for restriction, state in expect.get("restrictions", {}).items():
        if answer.states.get(restriction) != state:
            yield f"restriction {restriction} {answer.states.get(restriction)}, wanted {state}"
    for reason in expect.get("reasons", []):
        if not any(is_reason(given, reason) for given in answer.reasons):
            yield f"reason {reason} missing among {sorted(answer.reasons)}"


def instance(standing: Standing) -> dict[str, Any]:
    """An instance of a duty, as an answer states it."""
    return {
        "id": standing.duty,
        "instance": standing.instance,
        "state": standing.state,
        "due": None if standing.due is None else format_instant(standing.due),
        "late_by": None if standing.late_by is None else format_duration(standing.late_by),
    }


def departure(breach: OracleBreach) -> dict[str, Any]:
    """A departure, as an answer states it."""
    late_by = None if breach.late_by is None else format_duration(breach.late_by)
    return {"kind": breach.kind, "id": breach.id, "late_by": late_by}


@pytest.mark.parametrize(("verb", "number"), [("decide", 280), ("duties", 160), ("replay", 85)])
def test_there_are_rows_to_pass(shared: Path, verb: str, number: int) -> None:
    assert (shared / "conformance").is_dir()
    assert len(asking(verb)) >= number


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in asking("decide")])
def test_the_oracle_passes(row: Row) -> None:
    try:
        policies, events = read(row)
    except InterlockError:
        # a rejected file refuses the question, whoever would have decided it
        assert row.expect == {"exit": 2}
        return
    answer = decide(policies, events, question(row))
    assert row.expect.get("exit", exit_of(answer)) == exit_of(answer)
    if isinstance(answer, OracleDecision):
        assert list(unlike(dict(row.expect), answer)) == []
    else:
        assert set(row.expect) == {"exit"}


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in asking("duties")])
def test_the_oracle_says_how_duties_stand(row: Row) -> None:
    policies, events = read(row)
    answer = duties(policies, events, parse_instant(row.question["as_of"]))
    assert not isinstance(answer, OracleRefusal)
    assert list(unlike_duties(row.expect, [instance(one) for one in answer])) == []


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in asking("replay")])
def test_the_oracle_finds_what_departs(row: Row) -> None:
    policies, events = read(row)
    answer = replay(policies, events, parse_instant(row.question["as_of"]) if row.question else None)
    assert isinstance(answer, OracleReplay)
    assert list(unlike_breaches(row.expect, [departure(one) for one in answer.breaches])) == []
