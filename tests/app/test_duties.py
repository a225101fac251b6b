from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from interlock.app.duties import (
    TypedTimes,
    duties_in_workspace,
    duties_on_files,
    is_departure,
    is_listed,
    something_is_found,
)
from interlock.app.errors import OptionRefused
from interlock.app.recording import record_files
from interlock.app.workspaces import open_workspace
from interlock.engine import DutyState, Finding, Refused, duties_to_json
from interlock.notation import FaultsError
from interlock.terms import format_instant, parse_instant
from tests.app.builders import clock_at, write
from tests.app.standings import AS_OF, POLICY, overdue, pledge, policy, report, standing

EVENTS = """\
- {event: model.registered, occurred: 2026-02-01T00:00:00Z, subject: {model: m-1}}
- event: model.deployed
  occurred: 2026-03-01T12:00:00Z
  subject: {model: m-1}
  data: {class: deploy.external.public}
"""
DUE = "2026-04-01T00:00:00Z"  # 30 days after 1 March is 31 March, which is then over


@pytest.fixture
def files(tmp_path: Path) -> tuple[list[Path], list[Path]]:
    text = POLICY.replace("ZONE", "UTC")
    return [write(tmp_path, "p.yaml", text)], [write(tmp_path, "e.yaml", EVENTS)]


def state_of(files: tuple[list[Path], list[Path]], at: str, duty: str = "publish-report") -> DutyState:
    found = duties_on_files(*files, TypedTimes(as_of=at)).result
    [instance] = [one for one in found.duties if one.duty.id == duty and one.instance == "m-1"]
    return instance.state


# What is asked


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2026-02-28", None),
        ("2026-03-01T12:00:00Z", DutyState.OPEN),
        ("2026-03-31", DutyState.OPEN),
        ("2026-03-31T23:59:59Z", DutyState.OPEN),
        (DUE, DutyState.OVERDUE),
        ("2026-04-02", DutyState.OVERDUE),
    ],
)
def test_a_duty_is_overdue_at_the_end_of_its_last_day_and_not_a_second_before(
    files: tuple[list[Path], list[Path]], at: str, state: DutyState | None
) -> None:
    if state is None:
        found = duties_on_files(*files, TypedTimes(as_of=at)).result
        assert {one.state for one in found.duties if one.duty.id == "publish-report"} == {DutyState.NOT_TRIGGERED}
    else:
        assert state_of(files, at) is state


def test_a_date_alone_is_the_start_of_that_day_in_utc(files: tuple[list[Path], list[Path]]) -> None:
    found = duties_on_files(*files, TypedTimes(as_of="2026-04-02")).result
    assert format_instant(found.as_of) == "2026-04-02T00:00:00Z"
    assert found.known_at == found.as_of


def test_what_was_known_may_be_of_another_time(files: tuple[list[Path], list[Path]]) -> None:
    found = duties_on_files(*files, TypedTimes(as_of="2026-04-02", known_at="2026-02-15")).result
    assert len(found.events) == 1  # the deployment was not known
    assert not any(one.state is DutyState.OVERDUE for one in found.duties)


def test_files_need_a_time(files: tuple[list[Path], list[Path]]) -> None:
    with pytest.raises(OptionRefused, match="needs `--as-of`"):
        duties_on_files(*files, TypedTimes())


@pytest.mark.parametrize(("option", "text"), [("as_of", "soon"), ("known_at", "2026-02-30")])
def test_a_malformed_time_is_refused_by_its_option(
    files: tuple[list[Path], list[Path]], option: str, text: str
) -> None:
    stated: dict[str, Any] = {"as_of": "2026-04-02", option: text}
    with pytest.raises(OptionRefused, match=f"--{option.replace('_', '-')}: "):
        duties_on_files(*files, TypedTimes(**stated))


def test_one_kind_of_file_without_the_other_is_refused(files: tuple[list[Path], list[Path]]) -> None:
    with pytest.raises(OptionRefused, match="`--policy` is given without `--events`"):
        duties_on_files(files[0], [], TypedTimes(as_of="2026-04-02"))
    with pytest.raises(OptionRefused, match="`--events` is given without `--policy`"):
        duties_on_files([], files[1], TypedTimes(as_of="2026-04-02"))


def test_a_faulty_file_lists_no_duty(files: tuple[list[Path], list[Path]]) -> None:
    files[1][0].write_text(EVENTS.replace("deploy.external.public", "deploy.externally"), encoding="utf-8")
    with pytest.raises(FaultsError):
        duties_on_files(*files, TypedTimes(as_of="2026-04-02"))


def test_before_any_version_is_in_force_nothing_can_be_asked(files: tuple[list[Path], list[Path]]) -> None:
    with pytest.raises(Refused, match="in force"):
        duties_on_files(*files, TypedTimes(as_of="2025-12-31"))


def test_a_workspace_and_its_files_give_the_same_report(files: tuple[list[Path], list[Path]], tmp_path: Path) -> None:
    (tmp_path / "interlock.yaml").write_text("policies: [p.yaml]\n", encoding="utf-8")
    workspace = open_workspace(tmp_path)
    record_files(workspace, files[1], clock_at("2026-03-02T00:00:00Z"))
    inside = duties_in_workspace(workspace, TypedTimes(), clock_at("2026-04-02T09:00:00Z")).result
    outside = duties_on_files(files[0], [workspace.record], TypedTimes(as_of="2026-04-02T09:00:00Z")).result
    assert format_instant(inside.as_of) == "2026-04-02T09:00:00Z"
    assert duties_to_json(inside, engine="x") == duties_to_json(outside, engine="x")


# What is found


def test_only_a_late_duty_that_binds_departs() -> None:
    assert is_departure(overdue("assess", "2026-11-22"))
    assert is_departure(standing("assess", DutyState.DONE_LATE, due="2026-11-10", done="2026-11-13"))
    assert not is_departure(overdue("tell-the-public", "2026-11-22"))  # an aim
    assert not is_departure(standing("assess", DutyState.OPEN, due="2026-12-10"))
    assert not is_departure(standing("assess", DutyState.EXCUSED, due="2026-11-10"))


def test_what_makes_the_exit_code_1() -> None:
    open_one = standing("assess", DutyState.OPEN, due="2026-12-10")
    finding = Finding("adoption-not-recorded", "no event records it")
    aim = policy(**{"    measured-every: 3 months": "    measured-every: 3 months\n    modality: aim"})
    assert not something_is_found(report(open_one, pledges=[pledge("kept")]))
    assert something_is_found(report(open_one, overdue("assess", "2026-11-22")))
    assert something_is_found(report(open_one, findings=[finding]))
    assert something_is_found(report(open_one, pledges=[pledge("lapsed")]))
    assert something_is_found(report(open_one, pledges=[pledge("unmeasured")]))
    assert not something_is_found(report(open_one, overdue("tell-the-public", "2026-11-22")))
    assert not something_is_found(report(open_one, pledges=[pledge("lapsed", of=aim)]))


@pytest.mark.parametrize(
    ("state", "done", "listed"),
    [
        (DutyState.OVERDUE, None, True),
        (DutyState.OPEN, None, True),
        (DutyState.UNKNOWN, None, True),
        (DutyState.EXCUSED, None, True),
        (DutyState.SUPERSEDED, None, True),
        (DutyState.NOT_TRIGGERED, None, False),
        (DutyState.DONE, "2026-11-11T09:00:01Z", True),
        (DutyState.DONE, "2026-11-11T09:00:00Z", False),
    ],
)
def test_what_asks_for_attention_is_listed_and_what_was_done_in_the_last_14_days(
    state: DutyState, done: str | None, *, listed: bool
) -> None:
    assert is_listed(standing("assess", state, done=done), parse_instant(AS_OF)) is listed


def test_what_makes_the_exit_code_1_is_always_listed() -> None:
    """A duty done late long ago still departs, so it must not be out of sight."""
    late = standing("assess", DutyState.DONE_LATE, due="2025-01-01", done="2025-01-04")
    assert is_departure(late)
    assert is_listed(late, parse_instant(AS_OF))
