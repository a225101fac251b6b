from __future__ import annotations

import shutil
from datetime import datetime
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import pytest

from interlock.app.clock import system_clock
from interlock.app.decisions import TypedQuestion, decide_in_workspace
from interlock.app.demonstration import AS_OF, QUESTIONS, RECORDED, Demonstration, demonstrate, install
from interlock.app.errors import WorkspaceRefused
from interlock.app.recording import record_files
from interlock.app.workspaces import open_workspace
from interlock.engine import decision_to_json
from interlock.terms import parse_instant
from tests.app.builders import HALCYON, clock_at


@pytest.fixture(scope="module")
def played() -> Demonstration:
    return demonstrate()


def test_one_action_is_held_by_evidence_one_permitted_one_held_by_the_burden_of_proof(played: Demonstration) -> None:
    answers = [(d.question.action, d.outcome, d.by_default) for d in played.decisions]
    assert answers == [
        ("train", "permitted", False),
        ("deploy.external.public", "held", False),
        ("deploy.internal.wide", "held", True),
    ]


def test_the_evidence_is_what_the_logs_hold(played: Demonstration) -> None:
    """3 of 40 and 34 of 40 is how the logs were written."""
    counts = [(e.source["data"]["successes"], e.source["data"]["trials"]) for e in played.evaluations]
    assert counts == [(3, 40), (34, 40)]


def test_what_was_held_can_be_released_by_two_people_and_by_an_evaluation(played: Demonstration) -> None:
    _, public, _ = played.decisions
    assert {who for changes in public.release for change in changes for who in change.who} == {
        "ceo",
        "reviewer",
        "evaluator",
    }


def test_training_is_permitted_until_the_evaluation_goes_stale(played: Demonstration) -> None:
    """Six months after the run ended, or at 4x the lower bound of effective compute then known, 2.1e25 FLOP."""
    train = played.decisions[0]
    assert train.valid_until is not None
    ended = played.evaluations[0].occurred
    assert train.valid_until.time == ended.replace(year=ended.year + 1, month=ended.month - 6)
    assert train.valid_until.effective_compute is not None
    assert train.valid_until.effective_compute.magnitude == 4 * Fraction("2.1e25")


def test_the_times_of_the_demonstration_follow_one_another(played: Demonstration) -> None:
    """Were the logs written anew, these times would have to move."""
    for evaluation in played.evaluations:
        assert evaluation.occurred <= RECORDED < parse_instant(AS_OF)


def test_no_clock_is_read(monkeypatch: pytest.MonkeyPatch, played: Demonstration) -> None:
    def stopped() -> datetime:
        raise AssertionError("the clock was read")

    monkeypatch.setattr("interlock.app.clock.system_clock", stopped)
    again = demonstrate()
    assert [decision_to_json(d, engine="x") for d in again.decisions] == [
        decision_to_json(d, engine="x") for d in played.decisions
    ]


def test_installed_it_gives_the_same_answers(tmp_path: Path, played: Demonstration) -> None:
    install(tmp_path / "halcyon")
    workspace = open_workspace(tmp_path / "halcyon")
    for question, decision in zip(QUESTIONS, played.decisions, strict=True):
        found = decide_in_workspace(workspace, question, system_clock).result
        assert (found.outcome, found.by_default) == (decision.outcome, decision.by_default)
        assert found.valid_until == decision.valid_until


def test_the_approval_beside_it_lifts_what_was_held_for_ninety_days(tmp_path: Path) -> None:
    install(tmp_path / "halcyon")
    workspace = open_workspace(tmp_path / "halcyon")
    record_files(workspace, [tmp_path / "halcyon/approval.yaml"], clock_at("2026-11-24T12:00:00Z"))
    public = TypedQuestion(model="halcyon-4", action="deploy.external.public", as_of=AS_OF)
    decision = decide_in_workspace(workspace, public, system_clock).result
    assert (decision.outcome, decision.by_default) == ("permitted", False)
    assert decision.valid_until is not None
    assert decision.valid_until.time == parse_instant("2027-02-22T09:40:00Z")


def test_it_is_not_installed_over_anything(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(WorkspaceRefused):
        install(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_the_files_for_people_to_copy_are_those_of_the_package(repository: Path) -> None:
    examples = repository / "examples/halcyon"
    shipped = sorted(path.relative_to(HALCYON) for path in HALCYON.rglob("*") if path.is_file())
    assert len(shipped) == 7
    for path in shipped:
        assert (examples / path).read_bytes() == (HALCYON / path).read_bytes(), f"copy {path} from one to the other"


def test_the_example_is_a_workspace_that_its_own_commands_fill(repository: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(repository / "examples/halcyon", tmp_path / "halcyon"))
    workspace = open_workspace(folder)
    recorded = record_files(workspace, [folder / "events.yaml"], clock_at("2026-11-24T12:00:00Z"))
    assert len(recorded.events) == 21
    assert [policy.issuer for policy in workspace.policies()] == ["Halcyon AI"]


def test_the_data_is_found_as_package_data() -> None:
    assert (files("interlock") / "library" / "halcyon" / "policy.yaml").is_file()
