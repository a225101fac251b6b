"""Words in dispute wherever an answer hangs on them, and answers that assume a reading, which always say so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from interlock.app.status import Status
from interlock.app.survey import TypedSpan, status_on_files
from interlock.cli._duty_page import duty_page
from interlock.cli._goal_words import goal_day_words
from interlock.cli._page import text_of
from interlock.cli._status_page import MOST_ROWS, status_page
from interlock.engine import DutyReport, duties
from interlock.policy import decode
from interlock.record import read_events
from interlock.terms import parse_instant
from tests.app.disputes import BY_ANYONE, BY_THE_BOARD, EVENTS, POLICY, REVISED, RULINGS, TRAINED, files_in
from tests.cli.commands import Ran, run
from tests.reports.pages import read_page, rows_of

QUESTION = ("--model", "m-1", "--action", "train")
ASSUMED = {"policy": "acme-scaling-policy", "term": "frontier-model", "reading": "by-judgement"}
LATER = "2026-06-10"
BY_JUDGEMENT = ("--reading", "frontier-model=by-judgement")


def ask(folder: Path, verb: str, *options: str, events: str = EVENTS, policy: str = POLICY, at: str = LATER) -> Ran:
    policies, happened = files_in(folder, events, policy)
    files = ("--policy", str(policies[0]), "--events", str(happened[0]))
    asked = QUESTION if verb in {"decide", "explain"} else ()
    return run(verb, *files, *asked, "--as-of", at, *options)


def words(text: str) -> str:
    return " ".join(text.split())


def said(folder: Path, verb: str, *options: str, **stated: str) -> str:
    done = ask(folder, verb, *options, **stated)
    assert done.err == ""
    return words(done.out)


# Decisions


def test_an_answer_that_hangs_on_an_open_text_says_how_each_reading_would_cut(tmp_path: Path) -> None:
    for verb in ("decide", "explain"):
        shown = said(tmp_path, verb)
        assert ("frontier-model: contested · `by-compute` would: held · `by-judgement` would: permitted") in shown, verb


def test_an_answer_under_a_ruling_says_who_ruled_when_and_why_and_how_the_other_reading_would_cut(
    tmp_path: Path,
) -> None:
    line = (
        "frontier-model: `by-compute` is ruled by Board of Directors (`board`), clara, 2026-05-01T00:00:00Z · "
        "`by-judgement` would: permitted"
    )
    assert line in said(tmp_path, "decide", events=EVENTS + RULINGS)
    assert f"{line} why: the text says so" in said(tmp_path, "explain", events=EVENTS + RULINGS)


def test_readings_that_agree_are_said_to_agree(tmp_path: Path) -> None:
    events = EVENTS.replace("value: 2e26 FLOP", "value: 1e25 FLOP")
    shown = said(tmp_path, "decide", events=events)
    assert "frontier-model: not ruled on, and here its readings agree" in shown


def test_an_outcome_under_a_reading_says_whether_the_burden_of_proof_gave_it(tmp_path: Path) -> None:
    events = EVENTS.replace("judged: exceeds-public-frontier, value: false", "judged: something-else, value: false")
    assert "`by-judgement` would: held by the burden of proof" in said(tmp_path, "decide", events=events)


def test_an_answer_that_hangs_on_no_text_says_nothing_of_words(tmp_path: Path) -> None:
    plain = POLICY.replace("when: {term: frontier-model}", "when: {term: external-use}")
    for verb in ("decide", "explain"):
        assert "dispute" not in said(tmp_path, verb, policy=plain)


def test_the_trace_shows_each_reading_and_the_ruling(tmp_path: Path) -> None:
    open_text = said(tmp_path, "explain")
    assert (
        "? unknown `frontier-model`, by its readings: (contested: the readings of the text disagree) "
        "✓ true read as `by-compute` ✓ true training compute is more than 1e26 FLOP"
    ) in open_text
    assert "✗ false read as `by-judgement`" in open_text
    ruled = said(tmp_path, "explain", events=EVENTS + RULINGS)
    assert "✓ true `by-compute` is ruled by board, 2026-05-01T00:00:00Z: the text says so" in ruled


def test_a_ruling_that_would_turn_the_answer_says_by_whom(tmp_path: Path) -> None:
    how = "a ruling that `frontier-model` has the reading `by-judgement`, by"
    assert f"1. {how} Board of Directors (`board`)" in said(tmp_path, "explain")
    anyone = POLICY.replace("    ruled-by: [board]\n", "")
    shown = said(tmp_path, "explain", policy=anyone)
    assert f"1. {how} anyone: the policy does not say who may rule" in shown
    for ruled_by, words_for in (("[board, rso]", "and"), ("{any-of: [board, rso]}", "or")):
        several = POLICY.replace("ruled-by: [board]", f"ruled-by: {ruled_by}")
        shown = said(tmp_path, "explain", policy=several)
        assert f"1. {how} Board of Directors (`board`) {words_for} " in shown


def test_each_of_several_policies_names_the_text_that_is_its_own(tmp_path: Path) -> None:
    policies, events = files_in(tmp_path)
    other = tmp_path / "q.yaml"
    other.write_text(POLICY.replace("acme-scaling-policy", "other-policy"), encoding="utf-8")
    files = ("--policy", str(policies[0]), str(other), "--events", str(events[0]))
    shown = words(run("decide", *files, *QUESTION, "--as-of", LATER).out)
    assert "frontier-model of acme-scaling-policy: contested" in shown
    assert "frontier-model of other-policy: contested" in shown
    refused = run("decide", *files, *QUESTION, "--as-of", LATER, *BY_JUDGEMENT)
    assert (refused.exit, refused.out) == (2, "")
    assert "--reading other-policy:frontier-model=…" in words(refused.err)


# Answers that assume a reading


@pytest.mark.parametrize("verb", ["decide", "explain", "duties", "status", "replay"])
def test_an_answer_that_assumes_a_reading_says_so_first(tmp_path: Path, verb: str) -> None:
    shown = said(tmp_path, verb, *BY_JUDGEMENT)
    assert shown.lower().startswith("! hypothetical: as if `frontier-model` of acme-scaling-policy had been ruled to")
    assert "hypothetical" not in said(tmp_path, verb).lower()


@pytest.mark.parametrize("verb", ["decide", "explain", "duties", "status", "replay"])
def test_as_json_an_answer_that_assumes_a_reading_says_so_near_its_beginning(tmp_path: Path, verb: str) -> None:
    value: dict[str, Any] = json.loads(ask(tmp_path, verb, "--json", *BY_JUDGEMENT).out)
    assert value["assumed_readings"] == [ASSUMED]
    assert list(value).index("assumed_readings") <= 3
    plain = json.loads(ask(tmp_path, verb, "--json").out)
    assert "assumed_readings" not in plain
    assert plain.keys() == value.keys() - {"assumed_readings"}


@pytest.mark.parametrize("verb", ["decide", "explain", "duties", "status", "replay"])
@pytest.mark.parametrize("reading", ["frontier-modle=by-compute", "frontier-model=by-compte", "frontier-model", "="])
def test_a_reading_that_is_none_is_refused_and_answers_nothing(tmp_path: Path, verb: str, reading: str) -> None:
    done = ask(tmp_path, verb, "--reading", reading)
    assert (done.exit, done.out) == (2, "")
    assert done.err.startswith("error: --reading: ")


def test_the_exit_code_is_that_of_the_answer_that_is_assumed(tmp_path: Path) -> None:
    assert ask(tmp_path, "decide").exit == 3
    assert ask(tmp_path, "decide", *BY_JUDGEMENT).exit == 0
    assert ask(tmp_path, "decide", "--reading", "frontier-model=by-compute").exit == 1


def test_the_command_that_explains_assumes_the_same(tmp_path: Path) -> None:
    assert "--reading frontier-model=by-judgement" in said(tmp_path, "decide", *BY_JUDGEMENT)
    assert "`by-judgement` is assumed to be ruled" in said(tmp_path, "decide", *BY_JUDGEMENT)


def test_several_readings_may_be_assumed(tmp_path: Path) -> None:
    shown = said(tmp_path, "duties", *BY_JUDGEMENT, "deployment=wide", "--all")
    assert shown.count("HYPOTHETICAL") == 2
    assert "✗ overdue report-deployment" in shown


def test_the_page_of_a_replay_that_assumes_a_reading_says_so_above_all(tmp_path: Path) -> None:
    ask(tmp_path, "replay", "--html", str(tmp_path / "r.html"), *BY_JUDGEMENT)
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    notice = "Hypothetical: as if `frontier-model` of acme-scaling-policy had been ruled to be read as `by-judgement`"
    assert page.index("<h1>") < page.index(notice) < page.index("<dl")


def test_the_list_of_replays_assumes_nothing() -> None:
    assert run("replay", "list", *BY_JUDGEMENT).exit == 2


# Duties and goals


def test_duties_that_hang_on_a_text_say_what_they_would_be_under_each_reading(tmp_path: Path) -> None:
    shown = said(tmp_path, "duties")
    assert (
        "Words in dispute deployment: no ruling "
        "under `wide`: report-deployment of m-1 would be overdue; it is open "
        "under `narrow`: report-deployment of m-1 would be not-triggered; it is open"
    ) in shown
    assert "of Acme AI would be" not in shown  # what stands for nobody yet is no change
    assert "deployment: ruled on by event 7" in said(tmp_path, "duties", events=EVENTS + RULINGS)


def test_duties_that_hang_on_no_text_say_nothing_of_words(tmp_path: Path) -> None:
    plain = POLICY.replace("when: {term: deployment}", "when: {term: external-use}")
    assert "dispute" not in said(tmp_path, "duties", policy=plain)


def test_goals_are_listed_with_day_grade_roles_and_history(tmp_path: Path) -> None:
    shown = said(tmp_path, "duties", events=EVENTS + REVISED)
    assert (
        "Goals · ungraded security-level-4 by 2026-07-31, 51 days left, moved from 2026-06-30 graded by Responsible "
        "Scaling Officer (`rso`), reviewed by Long-Term Benefit Trust (`trust`) (section 5) aim: it holds nothing, "
        "and departs from nothing 2026-01-01T00:00:00Z set by 2026-06-30, in 1 2026-05-04T00:00:00Z revised to "
        "2026-07-31, by Responsible Scaling Officer (`rso`), tomas: vendors were late (event 5)"
    ) in shown


@pytest.mark.parametrize(
    ("as_of", "day"),
    [
        ("2026-06-29", "by 2026-06-30, 1 day left"),
        ("2026-06-30", "by 2026-06-30, today"),
        ("2026-07-01", "by 2026-06-30, which is past"),
    ],
)
def test_a_goal_is_past_at_the_end_of_its_day(as_of: str, day: str) -> None:
    report = reported(EVENTS, as_of)
    assert goal_day_words(report.goals[0], report.as_of) == day


GRADED = """\
- event: goal.graded
  occurred: 2026-06-20T00:00:00Z
  actor: tomas
  role: rso
  subject: {developer: Acme AI}
  data: {goal: security-level-4, grade: mostly met, reason: two controls are missing}
"""


def test_a_goal_without_a_day_says_so_and_who_set_one_later(tmp_path: Path) -> None:
    bare = POLICY.replace("security-level-4: {by: 2026-06-30, ", "security-level-4: {")
    assert bare != POLICY
    shown = said(tmp_path, "duties", policy=bare, at="2029-01-01")
    assert "· ungraded security-level-4 without a day graded by" in shown
    assert "goal-past-its-day" not in shown
    revised = """\
- event: goal.revised
  occurred: 2026-03-01T00:00:00Z
  subject: {developer: Acme AI}
  data: {goal: security-level-4, by: 2026-12-31, reason: a plan was made}
"""
    shown = said(tmp_path, "duties", policy=bare, events=EVENTS + revised, at="2026-12-31")
    assert "security-level-4 by 2026-12-31, today, a day that an event set" in shown


def test_a_graded_goal_shows_its_grade_and_no_mark_of_praise(tmp_path: Path) -> None:
    shown = said(tmp_path, "duties", events=EVENTS + GRADED, at="2026-08-10")
    assert "· graded security-level-4 by 2026-06-30, graded `mostly met`" in shown
    assert "graded mostly met, by Responsible Scaling Officer (`rso`), tomas: two controls are missing" in shown
    assert "✓" not in shown
    assert "goal-grade-not-reviewed" in shown


def reported(events: str, as_of: str) -> DutyReport:
    happened = read_events([("e.yaml", events.encode())])
    return duties([decode(POLICY.encode(), file="p.yaml")], happened, parse_instant(as_of))


@pytest.mark.parametrize("width", [45, 60, 80, 100])
def test_the_page_of_duties_fits_its_columns(width: int) -> None:
    shown = text_of(duty_page(reported(EVENTS + REVISED, "2026-08-10"), show_all=True, width=width), width)
    assert max(len(row) for row in shown.splitlines()) <= width


# Status


def status(folder: Path, events: str, as_of: str) -> Status:
    return status_on_files(*files_in(folder, events), TypedSpan(as_of=as_of))


def test_a_status_names_and_counts_open_terms_and_who_may_rule(tmp_path: Path) -> None:
    shown = said(tmp_path, "status")
    assert (
        "Open terms: 2 ? frontier-model: no ruling for m-1; may rule: Board of Directors (`board`) "
        "? deployment: no ruling for m-1; may rule: anyone: the policy does not say who may rule"
    ) in shown
    assert "Open terms" not in said(tmp_path, "status", events=EVENTS + RULINGS)


def test_an_open_term_on_which_nothing_hangs_is_listed_last_and_as_such(tmp_path: Path) -> None:
    events = EVENTS.replace("value: 2e26 FLOP", "value: 1e25 FLOP")
    shown = said(tmp_path, "status", events=events)
    assert "frontier-model: no ruling for m-1; may rule: Board of Directors (`board`); nothing hangs on it" in shown
    assert shown.index("? deployment: ") < shown.index("? frontier-model: ")


def test_a_status_lists_goals_whose_day_is_past_or_was_moved_and_no_others(tmp_path: Path) -> None:
    assert "Goals" not in said(tmp_path, "status")
    assert "Goals ! ungraded security-level-4: by 2026-06-30, which is past" in said(
        tmp_path, "status", at="2026-07-02"
    )
    moved = said(tmp_path, "status", events=EVENTS + REVISED)
    assert "Goals · ungraded security-level-4: by 2026-07-31, 51 days left, moved from 2026-06-30" in moved


def test_a_status_as_json_has_goals_and_open_terms(tmp_path: Path) -> None:
    value = json.loads(ask(tmp_path, "status", "--json", events=EVENTS + REVISED).out)
    assert [(one["id"], one["by"]) for one in value["goals"]] == [("security-level-4", "2026-07-31")]
    assert value["open_terms"][0] == {
        "policy": "acme-scaling-policy",
        "term": "frontier-model",
        "open_for": ["m-1"],
        "readings": ["by-compute", "by-judgement"],
        "ruled_by": ["board"],
        "something_hangs_on_it": True,
    }
    assert value["open_terms_not_known"] is None


def test_a_status_still_fits_one_screen(tmp_path: Path) -> None:
    found = status(tmp_path, EVENTS + REVISED, "2026-08-10")
    shown = text_of(status_page(found, width=80), 80)
    assert shown.count("\n") <= MOST_ROWS
    assert max(len(row) for row in shown.splitlines()) <= 80


# Replays


def test_a_departure_that_hangs_on_a_reading_says_so_and_what_others_would_make_of_it(tmp_path: Path) -> None:
    shown = said(tmp_path, "replay", events=EVENTS + BY_THE_BOARD + BY_ANYONE + TRAINED)
    assert (
        "held-action, 2026-05-03, decided by evidence, a departure only read as `by-compute` (frontier-model)" in shown
    )
    assert "? `frontier-model` of acme-scaling-policy read as `by-judgement`: 1 of those above would be none" in shown
    assert (
        "? `deployment` of acme-scaling-policy read as `wide`: 1 more duty-overdue, 2026-04-01: duty "
        "`report-deployment` of m-1 was overdue"
    ) in shown
    assert "Departures under this encoding: 1" in shown


def test_the_page_of_a_replay_has_the_same_and_numbers_no_departure_that_is_none(tmp_path: Path) -> None:
    events = EVENTS + BY_THE_BOARD + BY_ANYONE + TRAINED
    ask(tmp_path, "replay", "--html", str(tmp_path / "r.html"), events=events)
    page = read_page((tmp_path / "r.html").read_bytes())
    [departure] = rows_of(page, "departures")
    assert "a departure only read as `by-compute` (frontier-model)." in departure[4]
    [only_here] = rows_of(page, "readings")
    assert only_here[0] == "wide (deployment of acme-scaling-policy)"
    assert only_here[1].startswith("duty-overdue: duty `report-deployment` of m-1 was overdue")
    assert only_here[-1] == "event 4"
    assert "4" in [row[0] for row in rows_of(page, "events")]


def test_a_replay_without_words_in_dispute_says_nothing_of_readings(tmp_path: Path) -> None:
    plain = POLICY.replace("{term: deployment}", "{term: external-use}").replace(
        "{term: frontier-model}", "{term: external-use}"
    )
    assert "readings" not in said(tmp_path, "replay", policy=plain)
