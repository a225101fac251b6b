from __future__ import annotations

import sys
from pathlib import Path

import pytest

from interlock.app.calendars import calendar_of, write_calendar
from interlock.app.errors import FileRefused
from interlock.engine import DutyReport, DutyState
from interlock.integrations import LibraryMissingError
from tests.app.standings import report, standing


@pytest.fixture
def found() -> DutyReport:
    return report(standing("assess", DutyState.OPEN, due="2026-12-10"))


def test_a_calendar_is_written_whole_and_leaves_nothing_beside_it(found: DutyReport, tmp_path: Path) -> None:
    for _ in range(2):
        write_calendar(found, tmp_path / "duties.ics")
        assert [path.name for path in tmp_path.iterdir()] == ["duties.ics"]
        assert (tmp_path / "duties.ics").read_bytes() == calendar_of(found)


def test_a_calendar_that_can_not_be_written_is_refused(found: DutyReport, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="can't be written"):
        write_calendar(found, tmp_path / "none" / "duties.ics")
    with pytest.raises(FileRefused, match="can't be written"):
        write_calendar(found, tmp_path)


def test_without_its_library_the_extra_is_named(
    found: DutyReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)  # as if it were not installed
    with pytest.raises(LibraryMissingError, match="`icalendar`") as caught:
        write_calendar(found, tmp_path / "duties.ics")
    assert "interlock[calendar]" in (caught.value.advice or "")
    assert list(tmp_path.iterdir()) == []
