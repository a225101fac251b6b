from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from interlock.app.errors import LogsRefused, OptionRefused, RecordRefused
from interlock.app.intake import EvidenceRequest, add_evidence, measure_of
from interlock.app.recording import record_files
from interlock.app.workspaces import Workspace, open_workspace
from interlock.policy import decode
from interlock.terms import digest_of_bytes
from tests.app.builders import FIRST_CHECKPOINT, HALCYON, NOON, SECOND_CHECKPOINT, clock_at, workspace_in, write

AUTONOMY = HALCYON / "logs/autonomy.eval"
CYBER = HALCYON / "logs/cyber.eval"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = workspace_in(tmp_path / "ws")
    record_files(made, [HALCYON / "events.yaml"], clock_at(NOON))
    return made


def request(*logs: Path, **changes: Any) -> EvidenceRequest:
    fields: dict[str, Any] = {"model": "halcyon-4", "measure": "autonomy.task-success", "weights": FIRST_CHECKPOINT}
    return EvidenceRequest(logs=logs, **{**fields, **changes})


def add(workspace: Workspace, asked: EvidenceRequest) -> list[dict[str, Any]]:
    """Return the events added, as they stand in the record."""
    events = add_evidence(workspace, asked, clock_at(NOON)).events
    lines = workspace.record.read_text(encoding="utf-8").splitlines()
    return [json.loads(lines[event.index]) for event in events]


def count(workspace: Workspace) -> int:
    return len(workspace.record.read_text(encoding="utf-8").splitlines())


def test_a_log_becomes_an_event_with_its_counts_and_the_digest_of_its_bytes(workspace: Workspace) -> None:
    """3 of 40 is how the example's log was written."""
    [event] = add(workspace, request(AUTONOMY, plan="autonomy-plan-1", actor="evals-team"))
    assert event["event"] == "evaluation.completed"
    assert event["subject"] == {"model": "halcyon-4", "weights": FIRST_CHECKPOINT}
    assert (event["actor"], event["recorded"]) == ("evals-team", NOON)
    data = event["data"]
    assert (data["successes"], data["trials"], data["suite"]) == (3, 40, "halcyon/autonomy")
    assert data["elicitation"] == ["chain-of-thought", "tools"]
    assert data["log"] == digest_of_bytes(AUTONOMY.read_bytes())
    assert (data["plan"], data["x-file"]) == ("autonomy-plan-1", "autonomy.eval")


@pytest.mark.parametrize(
    ("plan", "known"), [(None, None), ("autonomy-plan-1", True), ("cyber-plan-1", False), ("plan-9", False)]
)
def test_whether_the_plan_is_on_the_record_is_told(
    workspace: Workspace, plan: str | None, *, known: bool | None
) -> None:
    """A plan for another measure registers nothing for this one."""
    assert add_evidence(workspace, request(AUTONOMY, plan=plan), clock_at(NOON)).plan_known is known


def test_a_log_that_no_protocol_names_is_refused_with_the_line_to_add(tmp_path: Path) -> None:
    workspace = workspace_in(tmp_path / "ws", protocols=False)
    record_files(workspace, [HALCYON / "events.yaml"], clock_at(NOON))
    with pytest.raises(LogsRefused) as caught:
        add(workspace, request(AUTONOMY))
    line = (caught.value.advice or "").splitlines()[-1]
    assert line == (
        "- {task: halcyon/autonomy, args: {tools: true, reasoning: chain-of-thought}, "
        "suite: halcyon/autonomy, elicitation: [TECHNIQUE]}"
    )
    assert count(workspace) == 21
    # the line, once its placeholder is filled in, is all that was missing
    settings = tmp_path / "ws/interlock.yaml"
    text = settings.read_text(encoding="utf-8").replace(
        "protocols: []", f"protocols:\n  {line.replace('TECHNIQUE', 'tools')}"
    )
    settings.write_text(text, encoding="utf-8")
    assert add(open_workspace(tmp_path / "ws"), request(AUTONOMY))[0]["data"]["elicitation"] == ["tools"]


def test_a_log_of_another_suite_is_refused(workspace: Workspace) -> None:
    with pytest.raises(LogsRefused, match="measured by `halcyon/autonomy`"):
        add(workspace, request(CYBER))
    assert count(workspace) == 21


def test_one_refused_log_keeps_the_others_out_and_all_refusals_are_told(workspace: Workspace, tmp_path: Path) -> None:
    broken = write(tmp_path, "broken.eval", "no log")
    with pytest.raises(LogsRefused) as caught:
        add(workspace, request(AUTONOMY, CYBER, broken, tmp_path / "absent.eval"))
    assert [path.name for path, _ in caught.value.refusals] == ["cyber.eval", "broken.eval", "absent.eval"]
    assert caught.value.read == 1
    assert count(workspace) == 21


def test_a_log_is_evidence_for_a_measure_once(workspace: Workspace, tmp_path: Path) -> None:
    add(workspace, request(AUTONOMY))
    copy = Path(shutil.copy(AUTONOMY, tmp_path / "renamed.eval"))
    with pytest.raises(RecordRefused, match="on the record already, as event 21"):
        add(workspace, request(copy))
    with pytest.raises(RecordRefused, match="is the same log as"):
        add(workspace, request(CYBER, CYBER, measure="cyber.task-success"))
    assert count(workspace) == 22


def test_a_log_that_was_recorded_for_the_wrong_checkpoint_can_be_added_again(
    workspace: Workspace, tmp_path: Path
) -> None:
    add(workspace, request(AUTONOMY, weights=SECOND_CHECKPOINT))
    withdrawal = {
        "event": "evaluation.withdrawn",
        "occurred": "2026-11-24T11:00:00Z",
        "subject": {"model": "halcyon-4"},
        "data": {"evaluation": 21, "reason": "it ran on the first checkpoint"},
    }
    record_files(workspace, [write(tmp_path, "w.jsonl", json.dumps(withdrawal))], clock_at(NOON))
    assert add(workspace, request(AUTONOMY))[0]["subject"]["weights"] == FIRST_CHECKPOINT


def test_an_unregistered_model_is_refused_with_the_nearest_and_the_line_to_record(workspace: Workspace) -> None:
    with pytest.raises(RecordRefused, match="registers model `halcyon-5`") as caught:
        add(workspace, request(AUTONOMY, model="halcyon-5"))
    advice = (caught.value.advice or "").splitlines()
    assert "did you mean `halcyon-4`?" in advice[0]
    assert json.loads(advice[1])["subject"] == {"model": "halcyon-5"}


def test_evidence_must_name_its_checkpoint_where_there_are_several(workspace: Workspace) -> None:
    """Without one it would count for the earliest, which may not be the one that was evaluated."""
    with pytest.raises(RecordRefused, match="2 checkpoints") as caught:
        add(workspace, request(AUTONOMY, weights=None))
    assert FIRST_CHECKPOINT in (caught.value.advice or "")


def test_evidence_of_a_model_without_checkpoints_needs_none(tmp_path: Path) -> None:
    workspace = workspace_in(tmp_path / "ws")
    line = '{"event": "model.registered", "occurred": "2026-10-01T08:00:00Z", "subject": {"model": "halcyon-4"}}'
    record_files(workspace, [write(tmp_path, "e.jsonl", line)], clock_at(NOON))
    assert add(workspace, request(AUTONOMY, weights=None))[0]["subject"] == {"model": "halcyon-4"}


def test_an_unknown_measure_is_refused_with_the_nearest(workspace: Workspace) -> None:
    with pytest.raises(OptionRefused, match=r"has a measure `autonomy\.task-succes`") as caught:
        add(workspace, request(AUTONOMY, measure="autonomy.task-succes"))
    assert caught.value.advice == "did you mean `autonomy.task-success`?"


def test_versions_that_define_the_measure_differently_must_be_told_apart() -> None:
    text = (HALCYON / "policy.yaml").read_text(encoding="utf-8")
    old = decode(text, file="old.yaml")
    new = decode(
        text.replace('version: "1.0"', 'version: "2.0"').replace(
            "suite: halcyon/autonomy", "suite: halcyon/autonomy-2"
        ),
        file="new.yaml",
    )
    same = decode(text.replace('version: "1.0"', 'version: "1.1"'), file="same.yaml")
    assert measure_of([old, same], "autonomy.task-success", None).suite == "halcyon/autonomy"
    with pytest.raises(OptionRefused, match="in different ways") as caught:
        measure_of([old, new], "autonomy.task-success", None)
    assert "--under" in (caught.value.advice or "")
    chosen = measure_of([old, new], "autonomy.task-success", "halcyon-scaling-policy@2.0")
    assert chosen.suite == "halcyon/autonomy-2"
    with pytest.raises(OptionRefused, match="no policy version"):
        measure_of([old, new], "autonomy.task-success", "halcyon-scaling-policy@3.0")


def test_progress_is_told_up_to_the_last_part(workspace: Workspace) -> None:
    told: list[tuple[str, int, int]] = []
    add_evidence(
        workspace, request(AUTONOMY), clock_at(NOON), lambda path, done, total: told.append((path.name, done, total))
    )
    assert told[-1][1] == told[-1][2] > 40
    assert {name for name, _, _ in told} == {"autonomy.eval"}


def test_every_real_log_is_read_or_refused_with_what_to_do(workspace: Workspace, shared: Path) -> None:
    """No protocol names any of them, so each is refused with the line to add."""
    logs = sorted((shared / "data/inspect").iterdir())
    assert len(logs) >= 10
    with pytest.raises(LogsRefused) as caught:
        add(workspace, request(*logs))
    assert [path for path, _ in caught.value.refusals] == logs
    assert all("- {task: " in (error.advice or "") for _, error in caught.value.refusals)
    assert count(workspace) == 21
