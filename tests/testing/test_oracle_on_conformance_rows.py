"""The naive oracle passes every supported conformance row by itself, without the engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from interlock.policy import Policy, decode_all
from interlock.record import Event, read_events
from interlock.terms import InterlockError, parse_instant
from interlock.testing.conformance import Row, is_reason, load_rows, waits_for
from interlock.testing.oracle import OracleDecision, OracleQuestion, OracleRefusal, decide
from tests.conftest import REPOSITORY, SHARED

FOLDERS = (SHARED / "conformance", REPOSITORY / "conformance")


def decisions() -> Iterator[Row]:
    """The rows of both folders that ask for a decision which this version can give."""
    for folder in FOLDERS:
        if folder.is_dir():
            yield from (row for row in load_rows(folder) if row.verb == "decide" and waits_for(row) is None)


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


def test_there_are_rows_to_pass() -> None:
    if not SHARED.is_dir():
        pytest.skip(f"the shared conformance rows are not at {SHARED}")
    assert len(list(decisions())) > 200


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in decisions()])
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
