"""The file store: what it keeps, what it adds, and whom it refuses."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from interlock.record import read_events
from interlock.stores import (
    DamagedError,
    EventStore,
    JsonLinesStore,
    LockedError,
    StoredEvents,
    StoreError,
    UncertainError,
    UnwritableError,
)
from tests.stores.systems import NOON, Calls, FullDisk, batch, failing, in_a_process, store


def stored(path: Path) -> list[Any]:
    return [json.loads(line) for line in store(path).read().content.splitlines()]


def test_a_store_has_the_port(tmp_path: Path) -> None:
    port: EventStore = store(tmp_path)
    assert port.read() == StoredEvents(content=b"", count=0)


def test_events_are_kept_in_order_and_appending_tells_the_index_of_the_first(tmp_path: Path) -> None:
    indices = [store(tmp_path).append(batch(number, size)) for number, size in enumerate((1, 3, 2))]
    assert indices == [0, 1, 4]
    read = store(tmp_path).read()
    assert (read.count, read.ignored) == (6, 0)
    assert [one["data"]["text"] for one in stored(tmp_path)] == [
        "0 of 1",
        "0 of 3",
        "1 of 3",
        "2 of 3",
        "0 of 2",
        "1 of 2",
    ]


def test_no_events_change_nothing_and_tell_the_next_index(tmp_path: Path) -> None:
    assert store(tmp_path).append([]) == 0
    store(tmp_path).append(batch(0))
    before = (tmp_path / "events.jsonl").read_bytes()
    assert store(tmp_path).append([]) == 3
    assert (tmp_path / "events.jsonl").read_bytes() == before


def test_recorded_is_the_instant_of_the_clock_read_while_no_one_else_writes(tmp_path: Path) -> None:
    def clock() -> datetime:
        with pytest.raises(LockedError):
            store(tmp_path).append(batch(9))
        return datetime(2025, 4, 1, 8, 30, 0, 250, tzinfo=UTC)

    JsonLinesStore(tmp_path / "events.jsonl", clock=clock).append(batch(0, 2))
    assert [one["recorded"] for one in stored(tmp_path)] == ["2025-04-01T08:30:00.00025Z"] * 2


def test_an_event_with_its_own_recorded_keeps_it_and_is_marked_imported(tmp_path: Path) -> None:
    store(tmp_path).append([{"event": "a", "recorded": "2024-01-01T00:00:00Z"}])
    assert stored(tmp_path) == [{"event": "a", "recorded": "2024-01-01T00:00:00Z", "x-imported": True}]


def test_marks_that_an_event_brings_from_another_store_are_replaced(tmp_path: Path) -> None:
    store(tmp_path).append([{"event": "a", "x-imported": True, "x-batch": "1 of 9", "x-lab": "north"}])
    assert stored(tmp_path) == [{"event": "a", "x-lab": "north", "recorded": "2025-03-01T12:00:00Z"}]


def test_a_stranger_reads_the_file_as_json_lines(tmp_path: Path) -> None:
    """Whatever texts hold, a line ends where an event ends, for readers of bytes and of text alike."""
    odd = 'a\nb\r\u2028\u2029\x85\x7f\x1c"\\}\',"x-batch":"1 of 2"}'
    store(tmp_path).append([{"event": odd, "data": {"x-batch": "2 of 3"}}, {"event": "b"}])
    store(tmp_path).append([{"event": "c", "last": {"x-batch": "2 of 3"}}])
    text = (tmp_path / "events.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line)["event"] for line in text.splitlines()] == [odd, "b", "c"]
    assert store(tmp_path).read().count == 3


def test_what_is_stored_is_read_as_a_record(tmp_path: Path) -> None:
    made = {
        "event": "evaluation.completed",
        "occurred": "2025-02-01T12:00:00Z",
        "subject": {"model": "m"},
        "data": {"measure": "run", "suite": "a/b", "estimate": 0.25, "confidence": "95%"},
    }
    withdrawn = {**made, "event": "evaluation.withdrawn", "data": {"evaluation": 0, "reason": "grader fault"}}
    store(tmp_path).append([made, withdrawn])
    events = read_events([("events.jsonl", store(tmp_path).read().content)])
    assert [(one.index, one.kind, one.recorded) for one in events] == [
        (0, "evaluation.completed", NOON),
        (1, "evaluation.withdrawn", NOON),
    ]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {1, 2}, "\ud800", b"x"])
def test_what_is_no_json_is_refused_and_nothing_of_the_batch_is_stored(tmp_path: Path, value: object) -> None:
    store(tmp_path).append(batch(0, 1))
    with pytest.raises(StoreError, match="can't be written as JSON"):
        store(tmp_path).append([{"event": "a"}, {"event": value}])
    assert store(tmp_path).read().count == 1


def test_a_check_sees_everything_as_it_will_be_stored_and_can_refuse_it(tmp_path: Path) -> None:
    store(tmp_path).append(batch(0))
    seen: list[bytes] = []
    store(tmp_path).append(batch(1), check=seen.append)
    assert seen == [store(tmp_path).read().content]

    def refuse(content: bytes) -> None:
        raise ValueError(len(content))

    with pytest.raises(ValueError, match=r"\d+"):
        store(tmp_path).append(batch(2), check=refuse)
    assert store(tmp_path).read().content == seen[0]


def test_a_second_writer_is_refused_at_once_and_told_who_writes(tmp_path: Path) -> None:
    def second(_content: bytes) -> None:
        with pytest.raises(LockedError, match=f"is being written by process {os.getpid()}") as caught:
            store(tmp_path).append(batch(2))
        assert caught.value.holder == os.getpid()
        link = tmp_path / "other.jsonl"
        link.symlink_to(tmp_path / "events.jsonl")
        with pytest.raises(LockedError):
            JsonLinesStore(link, clock=lambda: NOON).append(batch(2))
        (tmp_path / "events.jsonl.lock").write_bytes(b"\xff")
        with pytest.raises(LockedError, match="by another process") as caught:
            store(tmp_path).append(batch(2))
        assert caught.value.holder is None
        assert store(tmp_path).read().count == 3  # a reader needs no lock

    store(tmp_path).append(batch(0))
    store(tmp_path).append(batch(1), check=second)
    assert store(tmp_path).read().count == 6


def test_the_lock_of_a_writer_that_was_killed_is_free(tmp_path: Path) -> None:
    def die(_content: bytes) -> None:
        os._exit(7)

    assert in_a_process(lambda: store(tmp_path).append(batch(0), check=die)) == -7
    assert store(tmp_path).append(batch(1)) == 0


def test_two_processes_that_write_lose_and_split_nothing(tmp_path: Path) -> None:
    def write(numbers: range) -> None:
        for number in numbers:
            while True:
                try:
                    store(tmp_path).append(batch(number, 2))
                    break
                except LockedError:
                    time.sleep(0.001)

    child = os.fork()
    if child == 0:
        try:
            write(range(30))
            os._exit(0)
        except BaseException:  # noqa: BLE001 - nothing of the test runner may run in the child
            os._exit(1)
    write(range(100, 130))
    assert os.waitpid(child, 0)[1] == 0
    numbers = [int(one["data"]["to"]) for one in stored(tmp_path)]
    assert numbers[::2] == numbers[1::2]
    assert sorted(numbers[::2]) == [*range(30), *range(100, 130)]


def test_a_reader_beside_a_writer_sees_whole_batches_and_never_fewer_than_before(tmp_path: Path) -> None:
    """The writer is killed now and then, so that tails are cut off while they are read."""

    def write() -> None:
        for number in range(60):
            system = Calls(at=9 if number % 3 == 0 else -1, before=_leave)
            try:
                store(tmp_path, system).append(batch(number, 4))
            except _Left:
                continue

    child = os.fork()
    if child == 0:
        try:
            write()
            os._exit(0)
        except BaseException:  # noqa: BLE001 - nothing of the test runner may run in the child
            os._exit(1)
    counts = [0]
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        counts.append(store(tmp_path).read().count)
    counts.append(store(tmp_path).read().count)
    assert counts == sorted(counts)
    assert all(count % 4 == 0 for count in counts)
    assert counts[-1] > 0


class _Left(BaseException):
    """The writer goes away in the middle."""


def _leave() -> None:
    raise _Left


def test_a_file_that_changes_at_every_reading_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"

    class Restless(Calls):
        def read(self, descriptor: int, size: int, offset: int) -> bytes:
            path.write_bytes(f'{{"n":{len(self.made)}}}\n'.encode())
            return super().read(descriptor, size, offset)

    path.write_bytes(b"{}\n")
    with pytest.raises(StoreError, match="changes while it is read"):
        store(tmp_path, Restless()).read()


def test_ten_thousand_events_are_stored_and_read(tmp_path: Path) -> None:
    assert store(tmp_path).append(batch(0, 10_000)) == 0
    assert store(tmp_path).append(batch(1, 1)) == 10_000
    begun = time.process_time()
    read = store(tmp_path).read()
    assert time.process_time() - begun < 2  # measured here: 30 ms
    assert (read.count, read.ignored) == (10_001, 0)


def test_a_folder_that_takes_no_files_is_a_refusal_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnwritableError, match="no such file or directory"):
        store(tmp_path / "absent").append(batch(0))
    assert store(tmp_path / "absent").read().count == 0
    for number in (13, 30):  # no permission, a file system that is mounted for reading only
        for place in (0, 1):  # the lock's file, then the events'
            with pytest.raises(UnwritableError, match=os.strerror(number).lower()) as caught:
                store(tmp_path, Calls(at=place if place == 0 else 4, before=failing(number))).append(batch(0))
            assert "none of them is" in caught.value.message


@pytest.mark.skipif(os.getuid() == 0 and not Path("/proc/self").exists(), reason="no user to become")
def test_a_read_only_folder_can_be_read_and_not_written(tmp_path: Path) -> None:
    """Root may write anywhere, so a process of root's becomes another user first."""
    store(tmp_path).append(batch(0))
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o755)
    tmp_path.chmod(0o555)

    def attempt() -> None:
        if os.getuid() == 0:
            os.setuid(65534)
        assert store(tmp_path).read().count == 3
        with pytest.raises(UnwritableError, match="permission denied"):
            store(tmp_path).append(batch(1))

    try:
        assert in_a_process(attempt) == 0
    finally:
        tmp_path.chmod(0o755)
    assert store(tmp_path).read().count == 3


def test_a_path_that_is_a_folder_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").mkdir()
    with pytest.raises(StoreError, match="can't be read: is a directory"):
        store(tmp_path).read()
    with pytest.raises(UnwritableError, match="is a directory"):
        store(tmp_path).append(batch(0))


def test_a_lock_that_the_system_does_not_give_is_a_refusal(tmp_path: Path) -> None:
    system = Calls(at=1, before=failing(37))  # no locks available
    with pytest.raises(UnwritableError, match="no locks available"):
        store(tmp_path, system).append(batch(0))


def test_a_full_disk_leaves_nothing_of_the_batch_wherever_it_fills(tmp_path: Path) -> None:
    store(tmp_path).append(batch(0))
    whole = (tmp_path / "events.jsonl").read_bytes()
    room = 0
    while True:
        system = FullDisk(room)
        try:
            store(tmp_path, system).append(batch(1, 2))
            break
        except UnwritableError as error:
            assert "no space left on device" in error.message  # noqa: PT017 - room is found by trying
            assert (tmp_path / "events.jsonl").read_bytes().startswith(whole)
            assert store(tmp_path).read().content == whole
            room += 1
    assert store(tmp_path).read().count == 5
    assert room > len(whole) / 3
    assert store(tmp_path).append(batch(2)) == 5


def test_an_interrupted_writer_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C while the lines are written: the tail is cut off on the way out."""
    store(tmp_path).append(batch(0))
    before = (tmp_path / "events.jsonl").read_bytes()
    with pytest.raises(_Left):
        store(tmp_path, Calls(at=7, after=_leave)).append(batch(1))
    assert (tmp_path / "events.jsonl").read_bytes() == before


def test_every_call_that_fails_leaves_all_or_nothing_and_the_error_says_which(tmp_path: Path) -> None:
    """For each call in turn: an error other than UncertainError means that nothing is stored, now and later."""
    dry = Calls()
    (tmp_path / "dry").mkdir()
    store(tmp_path / "dry", dry).append(batch(0))
    outcomes = []
    for place in range(len(dry.made)):
        folder = tmp_path / f"{place}"
        folder.mkdir()
        system = Calls(at=place)
        # a close that fails has closed nevertheless
        setattr(system, "after" if dry.made[place] == "close" else "before", failing(5))
        try:
            store(folder, system).append(batch(0))
            outcomes.append("stored")
        except UncertainError:
            outcomes.append("uncertain")
        except UnwritableError:
            outcomes.append("refused")
        count = store(folder).read().count
        assert count == {"stored": 3, "uncertain": 3, "refused": 0}[outcomes[-1]]
        assert store(folder).append(batch(1)) == count
        assert store(folder).read().count == count + 3
    syncs = [outcome for name, outcome in zip(dry.made, outcomes, strict=True) if name == "sync"]
    assert syncs == ["refused", "refused", "uncertain"]  # of the folder, before the brace, after it
    assert set(outcomes) == {"stored", "uncertain", "refused"}


def test_writes_that_take_less_than_offered_are_continued(tmp_path: Path) -> None:
    store(tmp_path, Calls(short=True)).append(batch(0))
    store(tmp_path, Calls(short=True)).append(batch(1))
    store(tmp_path / ".." / tmp_path.name).append(batch(2))
    assert [one["data"]["to"] for one in stored(tmp_path)] == ["0"] * 3 + ["1"] * 3 + ["2"] * 3


def test_a_batch_whose_line_end_is_missing_is_whole_and_the_next_begins_a_line(tmp_path: Path) -> None:
    """Also what a person leaves who writes a file by hand."""
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"event": "a"}\n\n  {"event": "b"}')
    assert store(tmp_path).read() == StoredEvents(content=b'{"event": "a"}\n\n  {"event": "b"}', count=2)
    assert store(tmp_path).append(batch(0, 2)) == 2
    assert [one["event"] for one in map(json.loads, filter(None, path.read_bytes().split(b"\n")))] == [
        "a",
        "b",
        "reply.made",
        "reply.made",
    ]


def test_lines_that_another_program_wrote_anew_still_tell_their_batch(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"x-batch": "1 of 2", "event": "a"}\r\n{"event": "b", "x-batch": "2 of 2" }\r\n')
    assert store(tmp_path).read().count == 2
    path.write_bytes(b'{"x-batch": "1 of 2", "event": "a"}\r\n')
    assert store(tmp_path).read() == StoredEvents(content=b"", count=0, ignored=37)
    path.write_bytes(b'{"data": {"x-batch": 1}, "event": "a"}\n')
    assert store(tmp_path).read().count == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[]\n", "line 1 of .* is damaged: it is not an object"),
        (b'{"event": "a"\n{"event": "b"}\n', "line 1 of .*: it is not an object"),
        (b'{"event":"a","x-batch":"1 of 2"}\n{"event":"b"}\n', "line 2 of .*: a batch before it is not complete"),
        (b'{"event":"a","x-batch":"1 of 2"}\n\n', "line 2 of .*: a batch before it is not complete"),
        (b'{"event":"a","x-batch":"2 of 2"}\n', "line 1 of .*: it is event 2 of 2 of a batch, and does not follow"),
        (b'{"event":"a","x-batch":"1 of 3"}\n{"event":"b","x-batch":"3 of 3"}\n', "line 2 of .*: it is event 3 of 3"),
        (b'{"event":"a","x-batch":"1 of 3"}\n{"event":"b","x-batch":"2 of 2"}\n', "line 2 of .*: it is event 2 of 2"),
        (b'{"event":"a","x-batch":"1 of 3"}\n{"event":"b","x-batch":"1 of 3"}\n', "line 2 of .*: it is event 1 of 3"),
        (b'{"x-batch":"first","event":"a"}\n', "line 1 of .*: its `x-batch` is not one that a store writes"),
        (b'{"x-batch":3,"event":"a"}\n', "line 1 of .*: its `x-batch` is not one that a store writes"),
        (b'{"x-batch" "1 of 2"}\n', "line 1 of .*: it is not JSON"),
        (b"a note to myself", "line 1 of .*: it is not the beginning of an object"),
        (b'{"event":"a"}\n\x00\x00\x00', "line 2 of .*: it is not the beginning of an object"),
    ],
)
def test_a_file_that_no_killed_writer_leaves_is_refused_and_never_cut(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(content)
    with pytest.raises(DamagedError, match=said):
        store(tmp_path).read()
    with pytest.raises(DamagedError, match=said):
        store(tmp_path).append(batch(0))
    assert path.read_bytes() == content


def test_a_null_mark_is_none(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_bytes(b'{"x-batch": null, "event": "a"}\n')
    assert store(tmp_path).read().count == 1
