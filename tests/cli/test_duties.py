"""`duties`: what a person reads, what a program gets, and with which exit code."""

from __future__ import annotations

import json
import os
import pty
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.cli import _duty_asking
from interlock.cli._duty_asking import DutiesRequest, read_duties_plainly
from interlock.cli._duty_page import duty_page
from interlock.cli._page import print_page, text_of
from interlock.engine import DutyReport, DutyState, Finding
from tests.app.standings import POLICY, growth, overdue, pledge, policy, report, standing
from tests.cli.commands import Ran, parsed, run

EVENTS = """\
- {event: policy.adopted, occurred: 2026-01-01T00:00:00Z, subject: {developer: Acme AI}, data: {policy: acme-scaling-policy, version: "1"}}
- {event: model.registered, occurred: 2026-02-01T00:00:00Z, subject: {model: m-1}}
- {event: model.deployed, occurred: 2026-03-01T12:00:00Z, subject: {model: m-1}, data: {class: deploy.external.public}}
- {event: quantity.measured, occurred: 2026-03-01T12:00:00Z, subject: {developer: Acme AI}, data: {quantity: alignment-compute-share, value: 25%}}
"""  # noqa: E501 - an event on a line


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "p.yaml").write_text(POLICY.replace("ZONE", "UTC"), encoding="utf-8")
    (tmp_path / "e.yaml").write_text(EVENTS, encoding="utf-8")
    return tmp_path


def ask(folder: Path, as_of: str, *options: str) -> Ran:
    return run(
        "duties", "--policy", str(folder / "p.yaml"), "--events", str(folder / "e.yaml"), "--as-of", as_of, *options
    )


def page(found: DutyReport, *, show_all: bool = False, width: int = 80) -> str:
    return text_of(duty_page(found, show_all=show_all, width=width), width)


def words(text: str) -> str:
    return " ".join(text.split())


# Times in words


@pytest.mark.parametrize(
    ("as_of", "exit_code", "said"),
    [
        ("2026-03-30", 0, "· open publish-report (m-1) 2026-03-31, 1 day left"),
        ("2026-03-31", 0, "· open publish-report (m-1) 2026-03-31, today, P1D left"),
        ("2026-03-31T23:59:59Z", 0, "· open publish-report (m-1) 2026-03-31, today, PT1S left"),
        ("2026-04-01T09:00:00Z", 1, "✗ overdue publish-report (m-1) 2026-03-31, late by 1 day (PT9H)"),
        ("2026-04-03T12:00:00Z", 1, "✗ overdue publish-report (m-1) 2026-03-31, late by 3 days (P2DT12H)"),
    ],
)
def test_a_day_earlier_and_later_is_said_in_words_and_by_the_exit_code(
    folder: Path, as_of: str, exit_code: int, said: str
) -> None:
    """Deployed on 1 March: 30 days after that day the last one is 31 March."""
    done = ask(folder, as_of)
    assert (done.exit, done.err) == (exit_code, "")
    assert said in words(done.out)


def test_three_days_late_is_said_as_late_by_3_days_and_never_as_done() -> None:
    three: dict[str, Any] = {"due": "2026-11-19", "late_by": timedelta(days=3), "days_late": 3}
    late = page(report(standing("assess", DutyState.DONE_LATE, done="2026-11-22", **three)))
    assert "✗ done-late assess (m-1) late by 3 days (P3D); due 2026-11-18, done 2026-11-22" in words(late)
    over = page(report(standing("assess", DutyState.OVERDUE, **three)))
    assert "✗ overdue assess (m-1) 2026-11-18, late by 3 days (P3D)" in words(over)
    assert "✓" not in late + over


def test_another_time_zone_than_utc_is_named() -> None:
    there = policy("America/New_York")
    shown = page(report(standing("assess", DutyState.OPEN, of=there, due="2026-11-28T05:00:00Z")))
    assert "2026-11-27 America/New_York, 2 days left" in words(shown)
    timed = page(report(standing("tell-the-public", DutyState.OPEN, of=there, due="2026-11-28T14:30:00Z")))
    assert "2026-11-28 09:30 America/New_York, 3 days left" in words(timed)
    assert "UTC" not in page(report(standing("assess", DutyState.OPEN, due="2026-11-28")))


def test_a_running_period_says_when_it_ends_and_what_is_due_then() -> None:
    running = [
        standing("assess", DutyState.NOT_TRIGGERED, period_ends="2026-12-02"),
        standing("review", DutyState.NOT_TRIGGERED, period_ends="2026-12-02"),
    ]
    shown = words(page(report(*running), show_all=True))
    assert "assess (m-1) period ends 2026-12-01, 6 days left; then due 2026-12-31" in shown
    assert "review (m-1) 2026-12-01, 6 days left" in shown


def test_an_excuse_for_what_is_past_says_that_it_is_past() -> None:
    shown = words(page(report(standing("assess", DutyState.EXCUSED, due="2026-11-10", reason="excused"))))
    assert "· excused assess (m-1) 2026-11-09, which is past" in shown
    assert "excused: its excuse holds" in shown


# States


def test_every_state_has_its_word_and_a_mark() -> None:
    found = report(*(standing("assess", state, model=state.value, due="2026-11-20") for state in DutyState))
    shown = words(page(found, show_all=True))
    marks = {"open": "·", "overdue": "✗", "done": "✓", "done-late": "✗", "excused": "·", "superseded": "!"}
    marks |= {"unknown": "?", "not-triggered": "·"}
    assert {state.value for state in DutyState} == set(marks)
    for state, mark in marks.items():
        assert f"{mark} {state} assess" in shown


@pytest.mark.parametrize(
    "doubtful",
    [
        standing("assess", DutyState.UNKNOWN, reason="trigger-unknown"),
        standing("assess", DutyState.OPEN, reason="trigger-unknown"),
        standing("assess", DutyState.OPEN, reason="growth-unknown", growth=growth(None, "", "")),
    ],
    ids=["unknown", "trigger", "growth"],
)
def test_what_is_not_known_is_not_shown_as_fine(doubtful: Any) -> None:
    shown = page(report(doubtful))
    assert f"? {doubtful.state.value} " in shown
    assert "no date: it is not known" in words(shown)
    assert "✓" not in shown


def test_a_clock_in_doubt_by_growth_says_when_it_ends_by_time() -> None:
    doubtful = standing(
        "assess", DutyState.OPEN, reason="growth-unknown", growth=growth(None, "", ""), period_ends="2026-12-02"
    )
    shown = words(page(report(doubtful)))
    assert "not known; by time 2026-12-31, 36 days left" in shown
    assert "growth of compute not known, of 4x, since 2026-01-15" in shown


def test_a_duty_without_a_time_says_that_the_policy_states_none() -> None:
    assert "no date: the policy states no time" in words(page(report(standing("assess", DutyState.OPEN))))


def test_a_weaker_duty_is_named_as_such_and_never_marked_as_a_departure(folder: Path) -> None:
    """Deployed on 1 March at noon, to be told within 72 hours: an aim."""
    done = ask(folder, "2026-03-05")
    assert done.exit == 0
    assert "· overdue tell-the-public (m-1) 2026-03-04 12:00 UTC, late by less than a day (PT12H)" in words(done.out)
    assert "aim: it is tracked, and departs from nothing" in words(done.out)


def test_what_an_overdue_duty_forbids_is_said() -> None:
    forbidding = policy(
        **{"    within: 30 days\n    source": "    within: 30 days\n    otherwise: {forbids: [train]}\n    source"}
    )
    shown = words(page(report(overdue("assess", "2026-11-22", of=forbidding))))
    assert "while it is overdue, held: train" in shown
    assert "held: train" not in page(report(standing("assess", DutyState.OPEN, of=forbidding)))


# Growth


@pytest.mark.parametrize(
    ("ratio", "lower", "upper", "said"),
    [
        ("3.4", "2.9", "3.9", "3.4x [2.9x–3.9x] of 4x"),  # noqa: RUF001 - a range
        ("3.4", "2.94", "3.81", "3.4x [2.9x–3.9x] of 4x"),  # noqa: RUF001 - outward
        ("3.4", "2.9", "3.96", "3.40x [2.90x–3.96x] of 4x"),  # noqa: RUF001 - 4.0 would read as reached
        ("3.4", "2.9", "3.9999", "3.4000x [2.9000x–3.9999x] of 4x"),  # noqa: RUF001 - likewise
        ("3.4", "2.9", "4", "3.4x [2.9x–4.0x] of 4x, which counts as reached"),  # noqa: RUF001
        ("4.2", "3.9", "4.5", "4.2x [3.9x–4.5x] of 4x"),  # noqa: RUF001
        (None, "", "", "not known, of 4x"),
    ],
)
def test_a_growth_clock_shows_its_interval_outward_and_on_the_right_side_of_the_limit(
    ratio: str | None, lower: str, upper: str, said: str
) -> None:
    clock = standing("assess", DutyState.NOT_TRIGGERED, growth=growth(ratio, lower, upper, evidence=(3, 7)))
    shown = words(page(report(clock), show_all=True))
    assert f"growth of compute {said}, since 2026-01-15 (events 3, 7)" in shown


# What is listed


def test_without_all_what_is_done_and_not_triggered_is_counted_and_not_listed() -> None:
    found = report(
        standing("assess", DutyState.OPEN, due="2026-12-20"),
        standing("publish-report", DutyState.NOT_TRIGGERED),
        standing("assess", DutyState.DONE, model="long-ago", done="2026-01-10"),
        standing("assess", DutyState.DONE, model="of-late", done="2026-11-20"),
    )
    short, full = page(found), page(found, show_all=True)
    assert "2 more are done or not triggered: add --all" in short
    assert "long-ago" not in short
    assert "of-late" in short
    assert "long-ago" in full
    assert "publish-report" in full
    assert "add --all" not in full


def test_the_gravest_comes_first() -> None:
    found = report(
        standing("assess", DutyState.DONE, model="g", done="2026-11-20"),
        standing("assess", DutyState.SUPERSEDED, model="f"),
        standing("assess", DutyState.OPEN, model="e", due="2026-12-20"),
        standing("assess", DutyState.OPEN, model="d", due="2026-12-01"),
        overdue("tell-the-public", "2026-11-01", model="c"),
        overdue("assess", "2026-11-20", model="b"),
        overdue("assess", "2026-11-10", model="a"),
    )
    assert [name for name in words(page(found)).split() if name.startswith("(") and len(name) == 3] == [
        f"({letter})" for letter in "abcdefg"
    ]


def test_a_policy_without_duties_has_none_and_nothing_is_marked_as_well() -> None:
    shown = page(report())
    assert shown == "Duties as of 2026-11-25T09:00:00Z\n  no duty, by acme-scaling-policy 1\n"


def test_pledges_and_findings_stand_beneath() -> None:
    found = report(
        standing("assess", DutyState.OPEN, due="2026-12-20"),
        pledges=[pledge("kept", measure_by="2027-01-01"), pledge("lapsed"), pledge("unmeasured")],
        findings=[Finding("adoption-not-recorded", "no event records the adoption")],
    )
    shown = words(page(found))
    assert "✓ kept alignment-compute (Acme AI)" in shown
    assert "good until 2027-01-01T00:00:00Z; measure again by then" in shown
    assert "✗ lapsed alignment-compute" in shown
    assert "? unmeasured alignment-compute" in shown
    assert "missing: nothing that counts is recorded" in shown
    assert shown.endswith("Findings adoption-not-recorded: no event records the adoption")


# How it is laid out


MANY = report(
    overdue("assess", "2026-11-22", model="a-model-with-quite-a-long-name"),
    standing("assess", DutyState.DONE_LATE, due="2026-11-10", done="2026-11-13", reason="extended"),
    standing("assess", DutyState.NOT_TRIGGERED, period_ends="2026-12-02", growth=growth("3.4", "2.9", "3.9")),
    standing("tell-the-public", DutyState.UNKNOWN, of=policy("America/Argentina/ComodRivadavia"), reason="contested"),
    pledges=[pledge("unmeasured")],
    findings=[Finding("adoption-not-recorded", "no event records the adoption of the policy; " * 3)],
)


@pytest.mark.parametrize("width", [45, 60, 80, 100])
def test_the_page_fits_its_columns(width: int) -> None:
    shown = page(MANY, show_all=True, width=width)
    assert max(len(row) for row in shown.splitlines()) <= width


def test_columns_stand_under_their_heads() -> None:
    rows = page(MANY, show_all=True).splitlines()
    head = next(row for row in rows if row.split() == ["state", "duty", "due"])
    for mark in ("✗ overdue", "✗ done-late", "· not-triggered"):
        row = next(row for row in rows if row.startswith(f"  {mark}"))
        assert row[head.index("duty") :].startswith("assess")


def test_a_terminal_without_colour_gets_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")

    def sent() -> str:
        leader, follower = pty.openpty()
        with os.fdopen(follower, "w", encoding="utf-8") as stream:
            print_page(duty_page(report(overdue("assess", "2026-11-22")), show_all=False, width=80), stream)
        text = os.read(leader, 10_000).decode()
        os.close(leader)
        return text

    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[1;31m" in sent()
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in sent()
    assert "✗ overdue" in sent()


# Options and exit codes


def test_as_json_the_shape_is_that_of_the_language(folder: Path) -> None:
    done = ask(folder, "2026-04-02", "--json")
    value = json.loads(done.out)
    assert (done.exit, value["shape"]) == (1, "interlock.duties/1")
    assert value["engine"].startswith("interlock ")
    [late] = [one for one in value["duties"] if one["id"] == "publish-report" and one["instance"] == "m-1"]
    assert (late["state"], late["due"], late["late_by"]) == ("overdue", "2026-04-01T00:00:00Z", "P1D")


def test_nothing_found_is_0(folder: Path) -> None:
    done = ask(folder, "2026-03-02")
    assert (done.exit, done.err) == (0, "")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--as-of", "soon"),
        ("--as-of", "2025-01-01"),
        ("--as-of", "2026-03-02", "--known-at", "2026-02-30"),
        ("--as-of", "2026-03-02", "--nonsense"),
        ("--as-of", "2026-03-02", "--workspace", "here"),
        ("--as-of", "2026-03-02", "--json", "--ics", "-"),
        ("--as-of", "2026-03-02", "--ics", "/no/such/folder/duties.ics"),
    ],
    ids=" ".join,
)
def test_what_can_not_be_asked_is_refused(folder: Path, arguments: Sequence[str]) -> None:
    done = run("duties", "--policy", str(folder / "p.yaml"), "--events", str(folder / "e.yaml"), *arguments)
    assert (done.exit, done.out) == (2, "")
    assert done.err.startswith(("error: ", '{\n  "shape": "interlock.error/1"'))


def test_another_policy_file_than_the_one_adopted_is_refused_with_5(folder: Path) -> None:
    events = EVENTS.replace('version: "1"', f'version: "1", digest: "sha256:{"0" * 64}"')
    (folder / "e.yaml").write_text(events, encoding="utf-8")
    assert ask(folder, "2026-03-02").exit == 5


def test_several_files_may_follow_one_option(folder: Path) -> None:
    lines = (folder / "e.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "e.yaml").write_text("".join(lines[:2]), encoding="utf-8")
    (folder / "f.yaml").write_text("".join(lines[2:]), encoding="utf-8")
    text = POLICY.replace("ZONE", "UTC").replace("acme-scaling-policy", "other-policy")
    (folder / "q.yaml").write_text(text, encoding="utf-8")
    names = [str(folder / name) for name in ("p.yaml", "q.yaml", "e.yaml", "f.yaml")]
    asked = ("duties", "--policy", *names[:2], "--events", *names[2:], "--as-of", "2026-04-02")
    done = run(*asked)
    assert done.exit == 1
    assert "acme-scaling-policy: publish capability-report" in words(done.out)
    assert "other-policy: publish capability-report" in words(done.out)
    assert run(*asked, "--help").exit == 0  # by the parser, which reads several values too


def test_in_a_workspace_its_record_is_read(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("init", str(tmp_path / "ws"), "--policy", str(folder / "p.yaml")).exit == 0
    monkeypatch.chdir(tmp_path / "ws")
    assert run("record", str(folder / "e.yaml")).exit == 0
    known = ("--as-of", "2026-04-02", "--known-at", "9999-01-01")  # what was recorded just now too
    inside = run("duties", *known)
    assert (inside.exit, inside.out) == (1, ask(folder, *known[1:]).out)
    assert run("duties").exit == 1  # as of now


def test_the_calendar_goes_to_a_file_beside_the_page(folder: Path) -> None:
    done = ask(folder, "2026-03-02", "--ics", str(folder / "duties.ics"))
    assert done.exit == 0
    assert "publish-report" in done.out
    assert words(done.out).endswith(f"✓ written the calendar, to {folder / 'duties.ics'}")
    calendar = icalendar.Calendar.from_ical((folder / "duties.ics").read_bytes())
    assert calendar.walk("VEVENT")


def test_the_calendar_alone_goes_to_standard_output(folder: Path) -> None:
    done = ask(folder, "2026-04-02", "--ics", "-")
    assert done.exit == 1
    assert done.out.startswith("BEGIN:VCALENDAR\r\n")
    assert done.out.endswith("END:VCALENDAR\r\n")
    both = ask(folder, "2026-04-02", "--ics", str(folder / "duties.ics"), "--json")
    assert json.loads(both.out)["shape"] == "interlock.duties/1"
    assert (folder / "duties.ics").read_text(encoding="utf-8") == done.out.replace("\r\n", "\n")


def test_without_its_library_the_calendar_is_refused_and_the_rest_works(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    done = ask(folder, "2026-03-02", "--ics", "-")
    assert (done.exit, done.out) == (2, "")
    assert "interlock[calendar]" in done.err
    assert ask(folder, "2026-03-02").exit == 0


# Arguments


OPTIONS = ["--policy", "--events", "--as-of", "--known-at", "--workspace", "--ics", "--all", "--json", "--reading"]
ODD = st.sampled_from([*OPTIONS, "--help", "--policy=x", "--al", "--", "-", "-x", "a.yaml"])


@st.composite
def argument_lists(draw: st.DrawFn) -> list[str]:
    single = ["--as-of", "--known-at", "--workspace", "--ics"]
    options = [
        [name, draw(st.sampled_from(["2026-11-25", "-", "a"]))] for name in draw(st.sets(st.sampled_from(single)))
    ]
    values = st.lists(st.sampled_from(["a.yaml", "b.yaml", "-"]), min_size=1, max_size=3)
    options += [["--policy", *draw(values)] for _ in range(draw(st.integers(0, 2)))]
    options += [["--events", *draw(values)] for _ in range(draw(st.integers(0, 2)))]
    options += [["--reading", *draw(values)] for _ in range(draw(st.integers(0, 2)))]
    options += [[flag] for flag in draw(st.lists(st.sampled_from(["--all", "--json"]), max_size=3))]
    arguments = [part for option in draw(st.permutations(options)) for part in option]
    for _ in range(draw(st.integers(0, 2))):
        arguments.insert(draw(st.integers(0, len(arguments))), draw(ODD))
    return ["duties", *arguments]


@settings(max_examples=100)
@given(arguments=argument_lists())
def test_what_is_read_plainly_the_parser_reads_in_the_same_way(arguments: list[str]) -> None:
    plain = read_duties_plainly(arguments)
    if plain is None:
        return
    with pytest.MonkeyPatch.context() as monkeypatch:
        [request] = parsed(arguments, monkeypatch, _duty_asking, "answer_duties")
    assert stated(request) == stated(plain)


def stated(request: DutiesRequest) -> Any:
    files = [list(request.policies), list(request.events)]
    return (request.times, files, request.workspace, request.calendar, request.show_all, request.as_json)


def test_plain_arguments_are_read_plainly() -> None:
    arguments = ["duties", "--policy", "p", "q", "--events", "e", "--as-of", "2026-11-25", "--ics", "-", "--all"]
    request = read_duties_plainly(arguments)
    assert request is not None
    assert [str(path) for path in request.policies] == ["p", "q"]
    assert read_duties_plainly([*arguments, "--help"]) is None
    assert read_duties_plainly(["decide"]) is None
