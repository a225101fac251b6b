from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import pytest

from interlock.app.errors import FileRefused, RecordRefused
from interlock.app.recording import record_files
from interlock.app.workspaces import Workspace, open_workspace
from interlock.notation import FaultsError
from interlock.stores import DamagedError, LockedError
from interlock.terms import InterlockError, digest_of_json, format_instant
from tests.app.builders import HALCYON, NOON, clock_at, workspace_in, write

REGISTERED = '{"event": "model.registered", "occurred": "2026-10-01T08:00:00Z", "subject": {"model": "m-1"}}\n'
STARTED = '{"event": "training.started", "occurred": "2026-10-02T08:00:00Z", "subject": {"model": "m-1"}}\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspace_in(tmp_path / "ws")


def stored(workspace: Workspace) -> list[dict[str, object]]:
    return [json.loads(line) for line in workspace.record.read_text(encoding="utf-8").splitlines()]


def test_recorded_is_set_from_the_clock(workspace: Workspace, tmp_path: Path) -> None:
    recorded = record_files(workspace, [write(tmp_path, "e.jsonl", REGISTERED + STARTED)], clock_at(NOON))
    assert [format_instant(event.recorded) for event in recorded.events] == [NOON, NOON]
    assert [line["recorded"] for line in stored(workspace)] == [NOON, NOON]
    assert all("x-imported" not in line for line in stored(workspace))


def test_a_time_of_recording_that_a_file_states_is_kept_and_marked(workspace: Workspace, tmp_path: Path) -> None:
    text = STARTED.replace('"occurred"', '"recorded": "2026-10-03T00:00:00Z", "occurred"')
    [event] = record_files(workspace, [write(tmp_path, "e.jsonl", text)], clock_at(NOON)).events
    assert format_instant(event.recorded) == "2026-10-03T00:00:00Z"
    assert stored(workspace)[0]["x-imported"] is True


def test_a_mark_of_import_in_a_file_is_not_believed(workspace: Workspace, tmp_path: Path) -> None:
    text = STARTED.replace('"occurred"', '"x-imported": true, "occurred"')
    [event] = record_files(workspace, [write(tmp_path, "e.jsonl", text)], clock_at(NOON)).events
    assert "x-imported" not in event.source


def test_several_files_are_one_batch_and_indices_go_on(workspace: Workspace, tmp_path: Path) -> None:
    record_files(workspace, [write(tmp_path, "a.jsonl", REGISTERED)], clock_at(NOON))
    recorded = record_files(workspace, [HALCYON / "events.yaml", write(tmp_path, "b.jsonl", STARTED)], clock_at(NOON))
    assert [event.index for event in recorded.events] == list(range(1, 23))


def test_one_unsound_event_keeps_all_out(workspace: Workspace, tmp_path: Path) -> None:
    bad = STARTED.replace("training.started", "training.begun")
    with pytest.raises(FaultsError) as caught:
        record_files(workspace, [write(tmp_path, "e.jsonl", REGISTERED + bad)], clock_at(NOON))
    assert [(Path(fault.span.file).name, fault.span.line) for fault in caught.value.faults] == [("e.jsonl", 2)]
    assert stored(workspace) == []


def test_a_file_without_events_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(RecordRefused, match="there is no event"):
        record_files(workspace, [write(tmp_path, "e.jsonl", "\n")], clock_at(NOON))


def test_recording_the_same_file_again_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    """Whoever was interrupted, and does not know whether the batch got in, can just repeat the command."""
    file = write(tmp_path, "e.jsonl", REGISTERED + STARTED)
    record_files(workspace, [file], clock_at(NOON))
    with pytest.raises(RecordRefused, match="on the record already, as event 0"):
        record_files(workspace, [file], clock_at("2026-11-25T00:00:00Z"))
    assert len(stored(workspace)) == 2


def test_an_event_twice_in_one_batch_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(RecordRefused, match="in what is to be recorded"):
        record_files(workspace, [write(tmp_path, "e.jsonl", STARTED + STARTED)], clock_at(NOON))
    assert stored(workspace) == []


def test_a_clock_behind_the_record_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    """An event stamped earlier than one that stands before it would change what was known before."""
    record_files(workspace, [write(tmp_path, "a.jsonl", REGISTERED)], clock_at(NOON))
    with pytest.raises(RecordRefused, match="clock says 2026-11-24T11:59:59Z"):
        record_files(workspace, [write(tmp_path, "b.jsonl", STARTED)], clock_at("2026-11-24T11:59:59Z"))
    assert len(stored(workspace)) == 1
    record_files(workspace, [tmp_path / "b.jsonl"], clock_at(NOON))
    assert len(stored(workspace)) == 2


def test_an_event_that_says_it_was_recorded_later_than_now_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    text = STARTED.replace('"occurred"', '"recorded": "2026-11-24T12:00:01Z", "occurred"')
    with pytest.raises(RecordRefused, match="later than now"):
        record_files(workspace, [write(tmp_path, "e.jsonl", text)], clock_at(NOON))
    assert stored(workspace) == []


def test_an_index_refers_to_the_record(workspace: Workspace, tmp_path: Path) -> None:
    record_files(workspace, [write(tmp_path, "a.jsonl", REGISTERED + STARTED)], clock_at(NOON))
    correction = {
        "event": "event.corrected",
        "occurred": "2026-11-24T11:00:00Z",
        "subject": {"model": "m-1"},
        "data": {"event": 1, "reason": "wrong day", "by": json.loads(STARTED) | {"occurred": "2026-10-03T08:00:00Z"}},
    }
    [event] = record_files(workspace, [write(tmp_path, "b.jsonl", json.dumps(correction))], clock_at(NOON)).events
    assert event.index == 2
    wrong = json.dumps(correction | {"data": correction["data"] | {"event": 9}})  # type: ignore[operator] # a dict
    with pytest.raises(FaultsError):
        record_files(workspace, [write(tmp_path, "c.jsonl", wrong)], clock_at(NOON))


def test_a_record_changed_by_hand_is_not_written_to(workspace: Workspace, tmp_path: Path) -> None:
    record_files(workspace, [write(tmp_path, "a.jsonl", REGISTERED + STARTED)], clock_at(NOON))
    lines = workspace.record.read_text(encoding="utf-8").splitlines(keepends=True)
    workspace.record.write_text(lines[1], encoding="utf-8")
    with pytest.raises(DamagedError):
        record_files(workspace, [write(tmp_path, "b.jsonl", STARTED)], clock_at("2026-11-25T00:00:00Z"))


def test_a_workspace_without_its_record_file_begins_one(workspace: Workspace, tmp_path: Path) -> None:
    workspace.record.unlink()
    record_files(workspace, [write(tmp_path, "a.jsonl", REGISTERED)], clock_at(NOON))
    assert len(stored(workspace)) == 1


def _write_one(folder: str, number: int, results: multiprocessing.Queue[str]) -> None:
    path = Path(folder) / f"in-{number}.jsonl"
    path.write_text(STARTED.replace("m-1", f"m-{number}"), encoding="utf-8")
    try:
        record_files(open_workspace(Path(folder) / "ws"), [path], clock_at(NOON))
        results.put("recorded")
    except LockedError:
        results.put("locked")
    except InterlockError as error:
        results.put(error.message)


@pytest.mark.slow
def test_of_writers_at_once_each_records_its_event_or_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[str] = context.Queue()
    writers = [context.Process(target=_write_one, args=(str(tmp_path), number, results)) for number in range(4)]
    for writer in writers:
        writer.start()
    said = [results.get(timeout=60) for _ in writers]
    for writer in writers:
        writer.join()
    assert set(said) <= {"recorded", "locked"}
    assert said.count("recorded") == len(stored(workspace)) >= 1


def test_a_missing_file_is_refused_before_anything_is_stored(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(FileRefused):
        record_files(workspace, [write(tmp_path, "a.jsonl", REGISTERED), tmp_path / "none.jsonl"], clock_at(NOON))
    assert stored(workspace) == []


def test_a_digest_of_an_event_of_the_same_batch_is_refused_with_the_reason(
    workspace: Workspace, tmp_path: Path
) -> None:
    """The digest that the file knows is not the one that the event has once its recording is stamped."""
    digest = digest_of_json(json.loads(STARTED))
    correction = {
        "event": "event.corrected",
        "occurred": "2026-11-24T11:00:00Z",
        "subject": {"model": "m-1"},
        "data": {"event": digest, "reason": "wrong day", "by": json.loads(STARTED)},
    }
    with pytest.raises(RecordRefused, match="as they would be stored") as caught:
        record_files(workspace, [write(tmp_path, "e.jsonl", STARTED + json.dumps(correction))], clock_at(NOON))
    assert "record what is referred to first" in (caught.value.advice or "")
    assert stored(workspace) == []
