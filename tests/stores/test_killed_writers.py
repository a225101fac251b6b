"""A writer that is killed at any point leaves whole batches, to readers and to the next writer."""

from __future__ import annotations

import signal
from functools import partial
from pathlib import Path

import pytest

from tests.stores.systems import Calls, batch, in_a_process, kill_self, store


def calls_of_an_append(folder: Path, *, short: bool) -> list[str]:
    dry = Calls(short=short)
    folder.mkdir()
    torn(folder)
    store(folder, dry).append(batch(1))
    return dry.made


def torn(folder: Path) -> None:
    """Leave a whole batch and a part of another, so that the next append has something to cut off."""
    store(folder).append(batch(0))
    with (folder / "events.jsonl").open("ab") as file:
        file.write(b'{"event":"reply.made","x-batch":"1 of 2"}\n{"event":"re')


@pytest.mark.parametrize("short", [False, True], ids=["whole writes", "short writes"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_writer_killed_at_any_call_leaves_all_of_its_batch_or_nothing(
    tmp_path: Path, when: str, *, short: bool
) -> None:
    made = calls_of_an_append(tmp_path / "dry", short=short)
    assert {"lock", "write", "sync", "truncate", "close", "open .jsonl"} <= set(made)
    counts = []
    for place, name in enumerate(made):
        folder = tmp_path / f"{place}"
        folder.mkdir()
        torn(folder)
        system = Calls(at=place, short=short)
        setattr(system, when, kill_self)
        assert in_a_process(partial(store(folder, system).append, batch(1))) == signal.SIGKILL, name
        read = store(folder).read()
        counts.append(read.count)
        assert read.count in {3, 6}, name
        assert read.count == 3 or read.ignored == 0
        # whoever writes next finds the store as if nothing had happened
        assert store(folder).append(batch(2)) == read.count
        after = store(folder).read()
        assert (after.count, after.ignored) == (read.count + 3, 0)
        assert after.content.startswith(read.content)
    assert counts == sorted(counts), "once the batch is there it stays"
    assert set(counts) == {3, 6}


def test_a_writer_killed_while_it_makes_the_file_leaves_an_empty_store(tmp_path: Path) -> None:
    dry = Calls()
    (tmp_path / "dry").mkdir()
    store(tmp_path / "dry", dry).append(batch(0))
    assert "open_folder" in dry.made
    for place in range(len(dry.made)):
        folder = tmp_path / f"{place}"
        folder.mkdir()
        system = Calls(at=place, before=kill_self)
        assert in_a_process(partial(store(folder, system).append, batch(0))) == signal.SIGKILL
        count = store(folder).read().count
        assert count in {0, 3}
        assert store(folder).append(batch(1, 1)) == count


def test_a_file_cut_at_any_byte_holds_whole_batches(tmp_path: Path) -> None:
    """And they are those whose last brace is still there."""
    path = tmp_path / "events.jsonl"
    ends, counts = [0], [0]
    for number, size in enumerate((1, 3, 2, 1)):
        store(tmp_path).append(batch(number, size))
        ends.append(path.stat().st_size - 1)  # the line end is not needed
        counts.append(counts[-1] + size)
    content = path.read_bytes()
    for cut in range(len(content) + 1):
        path.write_bytes(content[:cut])
        whole = max(place for place, end in enumerate(ends) if end <= cut)
        read = store(tmp_path).read()
        assert read.count == counts[whole], cut
        assert len(read.content) + read.ignored == cut
        if cut % 7 == 0:
            assert store(tmp_path).append(batch(9, 2)) == counts[whole]
            after = store(tmp_path).read()
            assert (after.count, after.ignored) == (counts[whole] + 2, 0)
            assert after.content.startswith(read.content)
