"""Terms: what is read where, what is open, and that nothing is said of rulings where there is no record."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.app.duties import TypedTimes
from interlock.app.errors import OptionRefused
from interlock.app.recording import record_files
from interlock.app.terms import (
    hangs_on,
    has_record,
    report_to_json,
    something_is_open,
    terms_in_workspace,
    terms_of_policies,
    terms_on_files,
)
from interlock.app.workspaces import open_workspace
from interlock.engine import Refused, TermReport, TermStanding
from interlock.notation import FaultsError
from tests.app.builders import clock_at
from tests.app.disputes import BY_ANYONE, BY_NOBODY_NAMED, BY_THE_BOARD, EVENTS, POLICY, RULINGS, files_in

AT = "2026-06-10"


def report(folder: Path, events: str = EVENTS, policy: str = POLICY, at: str = AT) -> TermReport:
    return terms_on_files(*files_in(folder, events, policy), TypedTimes(as_of=at))


def named(found: TermReport, name: str) -> TermStanding:
    return next(one for one in found.terms if one.id == name)


def test_every_term_is_listed_and_those_in_dispute_have_their_readings(tmp_path: Path) -> None:
    found = report(tmp_path)
    assert [one.id for one in found.terms] == ["external-use", "frontier-model", "deployment"]
    assert [one.readings is None for one in found.terms] == [True, False, False]


def test_a_text_on_which_nobody_ruled_is_open_and_what_hangs_on_it_is_found(tmp_path: Path) -> None:
    found = report(tmp_path)
    frontier, deployment = named(found, "frontier-model"), named(found, "deployment")
    assert frontier.open_for == deployment.open_for == ("m-1",)
    [cut] = frontier.cuts
    assert (cut.model, cut.action, cut.held) == ("m-1", "train", {"by-compute": True, "by-judgement": False})
    assert hangs_on(deployment)  # no action, but a duty
    assert (deployment.cuts, deployment.asked) == ((), {"wide": 1, "narrow": 0})
    assert something_is_open(found)


def test_where_all_is_ruled_on_by_whom_it_is_for_nothing_is_open(tmp_path: Path) -> None:
    assert not something_is_open(report(tmp_path, EVENTS + BY_THE_BOARD + BY_ANYONE))


def test_a_duty_that_hangs_on_an_open_text_is_something_open(tmp_path: Path) -> None:
    assert something_is_open(report(tmp_path, EVENTS + BY_THE_BOARD))


def test_an_open_text_on_which_nothing_hangs_is_nothing_found(tmp_path: Path) -> None:
    """Neither compute nor judgement says that it is one, and nothing was deployed."""
    events = EVENTS.replace("value: 2e26 FLOP", "value: 1e25 FLOP").split("- event: model.deployed")[0]
    found = report(tmp_path, events)
    assert [one.is_open for one in found.terms] == [False, True, True]
    assert not any(hangs_on(one) for one in found.terms)
    assert not something_is_open(found)


@pytest.mark.parametrize("ruling", [BY_NOBODY_NAMED, BY_THE_BOARD.replace("by-compute", "by-vote")])
def test_a_ruling_that_is_set_aside_is_found_whatever_else_was_ruled(tmp_path: Path, ruling: str) -> None:
    assert something_is_open(report(tmp_path, EVENTS + BY_THE_BOARD + BY_ANYONE + ruling))


def test_a_ruling_binds_from_its_instant_on(tmp_path: Path) -> None:
    events = EVENTS + RULINGS
    assert named(report(tmp_path, events, at="2026-04-30"), "frontier-model").is_open
    assert not named(report(tmp_path, events, at="2026-05-01"), "frontier-model").is_open


def test_what_was_not_known_yet_is_not_ruled(tmp_path: Path) -> None:
    files = files_in(tmp_path, EVENTS + RULINGS)
    found = terms_on_files(*files, TypedTimes(as_of=AT, known_at="2026-04-04"))
    assert named(found, "frontier-model").rulings == ()


def test_a_workspace_and_its_files_give_the_same_report(tmp_path: Path) -> None:
    policies, events = files_in(tmp_path, EVENTS + RULINGS)
    (tmp_path / "interlock.yaml").write_text("policies: [p.yaml]\n", encoding="utf-8")
    workspace = open_workspace(tmp_path)
    record_files(workspace, events, clock_at("2026-06-09T00:00:00Z"))
    inside = terms_in_workspace(workspace, TypedTimes(), clock_at("2026-06-10T00:00:00Z"))
    outside = terms_on_files(policies, [workspace.record], TypedTimes(as_of=AT))
    assert report_to_json(inside, engine="x") == report_to_json(outside, engine="x")


# Without a record


def test_policies_alone_list_their_texts_and_say_nothing_of_rulings(tmp_path: Path) -> None:
    policies, _ = files_in(tmp_path)
    found = terms_of_policies(policies, TypedTimes())
    assert not has_record(found)
    assert not something_is_open(found)
    value = report_to_json(found, engine="x")
    assert (value["as_of"], value["known_at"], value["events"]) == (None, None, None)
    term = value["terms"][1]
    assert [one["reading"] for one in term["readings"]] == ["by-compute", "by-judgement"]
    assert (term["open_for"], term["rulings"], term["cuts"]) == (None, None, None)
    assert {one["duties_asked"] for one in term["readings"]} == {None}


@pytest.mark.parametrize("stated", [TypedTimes(as_of=AT), TypedTimes(known_at=AT)])
def test_a_time_without_a_record_is_refused(tmp_path: Path, stated: TypedTimes) -> None:
    policies, _ = files_in(tmp_path)
    with pytest.raises(OptionRefused, match="is the time of a record, and none is given"):
        terms_of_policies(policies, stated)


# Refusals


def test_files_need_a_time_and_a_sound_record(tmp_path: Path) -> None:
    with pytest.raises(OptionRefused, match="needs `--as-of`"):
        terms_on_files(*files_in(tmp_path), TypedTimes())
    with pytest.raises(OptionRefused, match="`--events` is given without `--policy`"):
        terms_on_files([], files_in(tmp_path)[1], TypedTimes(as_of=AT))
    with pytest.raises(FaultsError):
        report(tmp_path, EVENTS + "- {event: term.ruled}\n")


def test_before_any_version_is_in_force_nothing_can_be_asked(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="in force"):
        report(tmp_path, at="2025-12-31")
