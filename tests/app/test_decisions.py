from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from interlock.app.decisions import TypedQuestion, decide_in_workspace, decide_on_files
from interlock.app.errors import FileRefused, OptionRefused
from interlock.app.recording import record_files
from interlock.engine import DigestMismatch, Refused, decision_to_json
from interlock.notation import FaultsError
from interlock.terms import format_instant
from tests.app.builders import HALCYON, NOON, clock_at, workspace_in, write

POLICY, EVENTS = HALCYON / "policy.yaml", HALCYON / "events.yaml"


def typed(**changes: str) -> TypedQuestion:
    stated: dict[str, Any] = {"model": "halcyon-4", "action": "train", "as_of": "2026-11-25", **changes}
    return TypedQuestion(**stated)


def test_a_date_alone_is_the_start_of_that_day_in_utc() -> None:
    decision = decide_on_files([POLICY], [EVENTS], typed()).result
    assert format_instant(decision.question.as_of) == "2026-11-25T00:00:00Z"
    assert format_instant(decision.question.knowledge) == "2026-11-25T00:00:00Z"


def test_a_question_on_files_needs_a_time() -> None:
    """Without one, two people would get different answers from the same files."""
    with pytest.raises(OptionRefused, match="needs `--as-of`"):
        decide_on_files([POLICY], [EVENTS], TypedQuestion(model="halcyon-4", action="train"))


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("as_of", "yesterday"),
        ("as_of", "2026-02-30"),
        ("as_of", "2026-11-25T12:00:00"),
        ("known_at", "25.11.2026"),
        ("weights", "sha256:12"),
        ("at_compute", "lots"),
    ],
)
def test_a_malformed_option_is_refused_by_its_name(option: str, text: str) -> None:
    with pytest.raises(OptionRefused, match=f"--{option.replace('_', '-')}: "):
        decide_on_files([POLICY], [EVENTS], typed(**{option: text}))


@pytest.mark.parametrize(("policies", "events"), [([POLICY], []), ([], [EVENTS])])
def test_one_kind_of_file_without_the_other_is_refused(policies: list[Path], events: list[Path]) -> None:
    with pytest.raises(OptionRefused, match="without"):
        decide_on_files(policies, events, typed())


def test_faults_of_policies_and_events_are_reported_together(tmp_path: Path) -> None:
    policy = write(tmp_path, "p.yaml", "interlock: 1\n")
    events = write(tmp_path, "e.jsonl", '{"event": "nothing"}\n')
    with pytest.raises(FaultsError) as caught:
        decide_on_files([policy], [events], typed())
    assert {Path(fault.span.file).name for fault in caught.value.faults} == {"p.yaml", "e.jsonl"}


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_no_events_are_no_answer(tmp_path: Path, text: str) -> None:
    with pytest.raises(Refused, match="registers model"):
        decide_on_files([POLICY], [write(tmp_path, "e.jsonl", text)], typed())


def test_a_policy_file_other_than_the_one_adopted_is_refused(tmp_path: Path) -> None:
    text = EVENTS.read_text(encoding="utf-8").replace(
        'version: "1.0"}', f'version: "1.0", digest: "sha256:{"0" * 64}"}}', 1
    )
    with pytest.raises(DigestMismatch):
        decide_on_files([POLICY], [write(tmp_path, "e.yaml", text)], typed())


def test_a_workspace_and_its_files_give_the_same_decision(tmp_path: Path) -> None:
    workspace = workspace_in(tmp_path / "ws")
    record_files(workspace, [EVENTS], clock_at(NOON))
    inside = decide_in_workspace(workspace, typed(), clock_at("2030-01-01T00:00:00Z")).result
    outside = decide_on_files([tmp_path / "ws/policies/policy.yaml"], [workspace.record], typed()).result
    assert decision_to_json(inside, engine="x") == decision_to_json(outside, engine="x")


def test_in_a_workspace_the_time_is_now_by_default(tmp_path: Path) -> None:
    workspace = workspace_in(tmp_path / "ws")
    record_files(workspace, [EVENTS], clock_at(NOON))
    question = TypedQuestion(model="halcyon-4", action="train")
    decision = decide_in_workspace(workspace, question, clock_at("2026-11-24T12:00:01Z")).result
    assert format_instant(decision.question.as_of) == "2026-11-24T12:00:01Z"
    with pytest.raises(Refused):
        decide_in_workspace(workspace, question, clock_at("2026-06-01T00:00:00Z"))


def test_an_empty_record_refuses(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="registers model"):
        decide_in_workspace(workspace_in(tmp_path / "ws"), typed(), clock_at(NOON))


def test_a_missing_events_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused):
        decide_on_files([POLICY], [tmp_path / "none.jsonl"], typed())
