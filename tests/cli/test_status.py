"""`status`: four numbers and what they are made of, on one screen; nothing looks well because nobody looked."""

from __future__ import annotations

import io
import json
import os
import pty
from collections.abc import Sequence
from pathlib import Path

import pytest

from interlock.app.status import Picture, Status, status_of
from interlock.app.survey import TypedSpan, status_on_files
from interlock.cli._page import print_page, text_of
from interlock.cli._status_page import MOST_ROWS, action_list, status_page
from interlock.engine import DutyStanding, DutyState, Finding
from interlock.record import Event
from interlock.terms import ACTIONS, LEAF_ACTIONS, leaf_actions
from tests.app.standings import growth, measurements, overdue, pledge, policy, report, standing
from tests.app.test_status import ATTESTED, EVENTS, POLICY, of_duties
from tests.cli.commands import FILES, run

NUMBERS = ("Overdue", "Due within 14 days", "Held actions", "Sign-offs awaited")


def page(status: Status, width: int = 80) -> str:
    return text_of(status_page(status, width=width), width)


def words(text: str) -> str:
    return " ".join(text.split())


def numbers(shown: str) -> dict[str, tuple[str, str]]:
    """Return mark and words of each of the four numbers, which stand below the title."""
    found: dict[str, tuple[str, str]] = {}
    label = ""
    for row in shown.splitlines()[1:]:
        if row.startswith(" " * 20):
            found[label] = (found[label][0], f"{found[label][1]} {row.strip()}")
        elif row.startswith("  ") and len(found) < len(NUMBERS):
            label = next(one for one in NUMBERS if row[4:].startswith(one))
            found[label] = (row[2], row[4:].removeprefix(label).strip())
        else:
            return found
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "p.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "e.yaml").write_text(EVENTS + ATTESTED, encoding="utf-8")
    return tmp_path


def files(folder: Path) -> Sequence[str]:
    return ("--policy", str(folder / "p.yaml"), "--events", str(folder / "e.yaml"))


# One screen


@pytest.mark.parametrize("as_of", ["2026-11-22", "2026-11-25", "2027-06-01"])
def test_the_example_fits_a_screen_of_80_by_40(as_of: str) -> None:
    done = run("status", *FILES, "--as-of", as_of)
    rows = done.out.splitlines()
    assert done.err == ""
    assert len(rows) <= 40
    assert max(len(row) for row in rows) <= 80
    assert [label for label in NUMBERS if label in done.out] == list(NUMBERS)


CROWD = [
    *(overdue("assess", f"2026-11-{day:02}", model=f"model-number-{day}") for day in range(1, 22)),
    *(standing("assess", DutyState.OPEN, model=f"next-{day}", due=f"2026-12-{day:02}") for day in range(1, 9)),
    *(standing("assess", DutyState.UNKNOWN, model=f"doubtful-{day}", reason="trigger-unknown") for day in range(9)),
]


def test_long_lists_are_cut_and_the_last_row_says_how_many_more_and_where(folder: Path) -> None:
    decided = status_on_files(
        [folder / "p.yaml"], [folder / "e.yaml"], TypedSpan(as_of="2026-11-25", since="2026-11-16")
    )
    now = report(*CROWD, pledges=[pledge("unmeasured")] * 9, findings=[Finding("a-finding", "said")])
    crowded = status_of(decided.now, decided.before, now, ())
    shown = page(crowded)
    assert shown.count("\n") <= MOST_ROWS
    listed = sum(row.startswith("  ✗ overdue assess") for row in shown.splitlines())
    assert 0 < listed < 21
    assert f"and {21 - listed} more: interlock duties" in shown
    assert max(len(row) for row in shown.splitlines()) <= 80


def test_where_there_is_room_nothing_is_cut() -> None:
    assert " more: " not in page(of_duties(overdue("assess", "2026-11-22"), standing("assess", DutyState.OPEN)))


# Numbers


def test_the_numbers_have_denominators(folder: Path) -> None:
    done = run("status", *files(folder), "--as-of", "2026-11-24")
    told = {label: said for label, (_, said) in numbers(done.out).items()}
    assert told["Overdue"] == "0 of 1 duty to be done"
    assert told["Due within 14 days"] == "1 of 1 clock that runs"
    assert told["Held actions"] == "1 of 9 actions asked about, by the burden of proof"
    assert told["Sign-offs awaited"] == "1 of 4 words of roles that are asked for"


def test_nothing_is_marked_as_well_where_there_was_nothing_to_look_at() -> None:
    """No duty, no model, no question: 0 of 0 is no good news."""
    marks = {mark for mark, _ in numbers(page(of_duties())).values()}
    assert marks == {"·"}
    assert "0 of 0 duties to be done" in page(of_duties())


def test_nothing_overdue_is_good_only_where_all_is_known() -> None:
    fine = standing("assess", DutyState.OPEN, due="2026-12-25")
    doubtful = standing("assess", DutyState.UNKNOWN, model="m-2", reason="trigger-unknown")
    assert numbers(page(of_duties(fine)))["Overdue"][0] == "✓"
    mark, said = numbers(page(of_duties(fine, doubtful)))["Overdue"]
    assert (mark, said) == ("?", "0 of 2 duties to be done; 1 not known")
    assert numbers(page(of_duties(doubtful, overdue("assess", "2026-11-22"))))["Overdue"][0] == "✗"


@pytest.mark.parametrize(
    "clock",
    [
        standing("assess", DutyState.NOT_TRIGGERED, period_ends="2027-05-01", growth=growth("1", "0.9", "1.1")),
        standing("assess", DutyState.OPEN, reason="growth-unknown", growth=growth(None, "", "")),
    ],
    ids=["one measurement", "unknown growth"],
)
def test_a_clock_that_can_not_be_told_is_not_shown_as_fine(clock: DutyStanding) -> None:
    shown = page(of_duties(clock))
    mark, said = numbers(shown)["Due within 14 days"]
    assert (mark, said) == ("?", "0 of 1 clock that runs; 1 without a date")
    assert f"? {clock.state.value} assess (m-1)" in shown


def test_questions_that_were_refused_are_no_answers() -> None:
    now = report()
    picture = Picture(as_of=now.as_of, decisions={}, refused={("m-1", "train"): "too odd"}, report=now)
    shown = page(status_of(picture, picture, now, ()))
    assert numbers(shown)["Held actions"] == ("?", "0 of 0 actions asked about; 1 could not be asked")
    assert numbers(shown)["Sign-offs awaited"][0] == "?"
    assert "? 1 not decided: too odd" in shown


def test_a_permit_by_the_burden_of_proof_is_no_good_news(folder: Path) -> None:
    text = POLICY.replace("effective: 2026-01-01", "effective: 2026-01-01\nburden-of-proof: challenger", 1)
    (folder / "p.yaml").write_text(text, encoding="utf-8")
    done = run("status", *files(folder), "--as-of", "2026-11-24")
    mark, said = numbers(done.out)["Held actions"]
    assert (mark, said) == ("?", "0 of 9 actions asked about; 1 permitted by the burden of proof")


def test_what_does_not_bind_is_named_apart() -> None:
    shown = page(of_duties(overdue("assess", "2026-11-22"), overdue("tell-the-public", "2026-11-22")))
    assert numbers(shown)["Overdue"][1] == "2 of 2 duties to be done; 1 of them does not bind"
    assert "· overdue tell-the-public (m-1; aim)" in shown


# Clocks


def compute(*, period_ends: str | None = "2027-04-15", events: Sequence[Event] = (), **stated: object) -> str:
    ratio = growth("2", "2", "2", evidence=(0, 1))
    running = standing("assess", DutyState.NOT_TRIGGERED, period_ends=period_ends, growth=stated.get("growth", ratio))
    return words(page(of_duties(running, events=events)))


def test_a_compute_clock_has_a_day_an_interval_and_its_basis_in_words() -> None:
    """2x in 100 days to 24 August; 4x after 200, on 2 December. 8/5 by the lower bound: after 295; 5/2: after 151."""
    events = measurements(
        ("2026-05-16", "1e25", "8e24", "1e25"), ("2026-07-01", "1.5e25", "1e25", "2e25"),
        ("2026-08-24", "2e25", "1.6e25", "2e25"),
    )  # fmt: skip
    shown = compute(events=events, growth=growth("2", "1.6", "2.5", evidence=(0, 2)))
    # 100 ln 4 / ln 1.6 = 294.95 and 100 ln 4 / ln 2.5 = 151.29 days after 16 May
    assert (
        "! period runs assess (m-1): about 2026-12-02 (2026-10-14 to 2027-03-06), which its upper bound may have "
        "reached (measure again), projected by 3 measurements, 2.0x [1.6x–2.5x] of 4x since 2026-01-15; "  # noqa: RUF001
        "by time 2027-05-14, 170 days left"
    ) in shown


def test_a_projected_day_that_is_past_says_to_measure_again() -> None:
    events = measurements(("2026-04-15", "1e25", "1e25", "1e25"), ("2026-07-24", "2e25", "2e25", "2e25"))
    assert "about 2026-11-01 (2026-11-01 to 2026-11-01), which is past (measure again)" in compute(events=events)


def test_a_compute_clock_without_an_end_in_sight_says_so() -> None:
    events = measurements(("2026-05-16", "1e25", "1e25", "1e25"), ("2026-08-24", "2e25", "1e25", "2e25"))
    shown = compute(events=events, growth=growth("2", "1", "2", evidence=(0, 1)))
    assert "about 2026-12-02 (2026-12-02 to no end in sight), projected by 2 measurements" in shown


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        (growth("1", "0.9", "1.1", evidence=(0,)), "no projection, as one measurement alone shows no trend"),
        (growth("1", "1", "1"), "no projection, as there is no measurement"),
        (growth(None, "", ""), "growth not known, of 4x, so there is no projection"),
    ],
)  # fmt: skip
def test_where_there_is_no_projection_it_is_said_why(reading: object, said: str) -> None:
    events = measurements(("2026-05-16", "1e25", "1e25", "1e25"))
    assert said in compute(events=events, growth=reading)


def test_time_clocks_are_said_with_their_days_and_zone() -> None:
    there = policy("America/New_York")
    shown = words(page(of_duties(standing("assess", DutyState.OPEN, of=there, due="2026-11-28T05:00:00Z"))))
    assert "! open assess (m-1): 2026-11-27 America/New_York, 2 days left" in shown


def test_a_clock_that_only_its_trigger_holds_back_says_so() -> None:
    shown = words(page(of_duties(standing("assess", DutyState.UNKNOWN, reason="trigger-unknown"))))
    assert "? unknown assess (m-1): trigger-unknown: it is not known whether it applies" in shown
    assert "the policy states no time" in page(of_duties(standing("assess", DutyState.OPEN)))


# Lists


def test_held_actions_are_listed_by_model_and_how_they_are_held(folder: Path) -> None:
    (folder / "e.yaml").write_text(EVENTS, encoding="utf-8")
    shown = run("status", *files(folder), "--as-of", "2026-11-24").out
    assert "  ✗ m-1 by evidence: deploy.external\n" in shown
    assert "  ✗ m-1 by the burden of proof: train\n" in shown


def test_sign_offs_are_listed_by_who_must_give_them(folder: Path) -> None:
    (folder / "e.yaml").write_text(EVENTS, encoding="utf-8")
    shown = words(run("status", *files(folder), "--as-of", "2026-11-24").out)
    assert "! Chief Executive Officer (`ceo`): approval of the latest interim-plan, for deploy.external of m-1" in shown
    assert "! Chief Executive Officer (`ceo`): a determination that dangerous is false, for train of m-1" in shown
    assert "(`rso`): an attestation as asked: fence attested by rso, for deploy.external of m-1" in shown


def test_what_expires_is_listed_with_who_can_renew_it(folder: Path) -> None:
    shown = words(run("status", *files(folder), "--as-of", "2026-11-24").out)
    assert (
        "Good until 2027-01-20T00:00:00Z: deploy.external of m-1 permitted by evidence; "
        "Responsible Scaling Officer (`rso`) can renew it"
    ) in shown


def test_changes_are_said_from_what_to_what(folder: Path) -> None:
    shown = words(run("status", *files(folder), "--as-of", "2026-11-26", "--since", "2026-11-14").out)
    assert "Changed since 2026-11-14T00:00:00Z" in shown
    assert "deploy.external of m-1: held by evidence → permitted by evidence" in shown
    assert "publish-report (m-1): new → overdue, 2026-11-25, late by" in shown


def test_a_due_time_that_moved_is_said() -> None:
    before = standing("assess", DutyState.OPEN, due="2026-12-01", triggered="2026-11-01")
    after = standing("assess", DutyState.OPEN, due="2026-12-16", triggered="2026-11-01")
    gone = standing("review", DutyState.UNKNOWN, triggered="2026-11-01")
    shown = words(page(of_duties(after, before=report(before, gone))))
    assert "assess (m-1): due 2026-11-30 → open, 2026-12-15, 20 days left" in shown
    assert "review (m-1): unknown → no more" in shown


def test_no_change_is_said_too(folder: Path) -> None:
    shown = run("status", *files(folder), "--as-of", "2026-11-24", "--since", "2026-11-24").out
    assert "Changed since 2026-11-24T00:00:00Z\n  no answer and no duty\n" in shown
    early = words(run("status", *files(folder), "--as-of", "2026-11-24", "--since", "2025-11-24").out)
    assert "duties are not compared: no version of a policy given (`acme`) is in force" in early


def test_pledges_and_findings_are_shown() -> None:
    now = report(pledges=[pledge("unmeasured"), pledge("kept", measure_by="2026-12-01")],
                 findings=[Finding("adoption-not-recorded", "x"), Finding("duty-superseded", "y")])  # fmt: skip
    picture = Picture(as_of=now.as_of, decisions={}, refused={}, report=now)
    shown = page(status_of(picture, picture, now, ()))
    assert "  ? unmeasured alignment-compute (Acme AI)\n" in shown
    assert "  ✓ kept alignment-compute (Acme AI): measure again by 2026-12-01T00:00:00Z\n" in shown
    assert "  2 findings: adoption-not-recorded, duty-superseded (interlock duties)\n" in shown


@pytest.mark.parametrize("action", ACTIONS)
def test_all_children_of_an_action_are_named_by_it(action: str) -> None:
    assert action_list(leaf_actions(action)) == action


def test_actions_stay_in_the_order_of_the_language() -> None:
    assert action_list(LEAF_ACTIONS) == "train, store, deploy, release-weights, share-weights"
    assert action_list(["release-weights", "deploy.external.public", "train"]) == (
        "train, deploy.external.public, release-weights"
    )


# Output and exit codes


def terminal(status: Status) -> str:
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w", encoding="utf-8") as stream:
        print_page(status_page(status, width=80), stream)
    sent = os.read(leader, 100_000).decode()
    os.close(leader)
    return sent


def test_a_terminal_without_colour_gets_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    status = of_duties(overdue("assess", "2026-11-22"))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" in terminal(status)
    monkeypatch.setenv("NO_COLOR", "1")
    plain = io.StringIO()
    print_page(status_page(status, width=80), plain)
    assert terminal(status).replace("\r\n", "\n") == plain.getvalue()
    assert "✗ overdue assess" in plain.getvalue()


def test_as_json_nothing_is_cut_and_the_numbers_are_those_of_the_page(folder: Path) -> None:
    done = run("status", *files(folder), "--as-of", "2026-11-26", "--since", "2026-11-14", "--json")
    value = json.loads(done.out)
    assert (done.exit, value["shape"]) == (1, "interlock.status/1")
    assert (value["as_of"], value["since"]) == ("2026-11-26T00:00:00Z", "2026-11-14T00:00:00Z")
    assert value["numbers"] == {
        "overdue": {"count": 1, "of": 1},
        "due": {"count": 0, "of": 0, "within_days": 14, "undated": 0},
        "held": {"count": 1, "of": 9, "by_default": 1},
        "sign_offs": {"count": 1, "of": 4},
    }
    assert [(one["id"], one["late_by"]) for one in value["overdue"]] == [("publish-report", "PT0S")]
    assert [(one["action"], one["by_default"], one["restrictions"]) for one in value["held"]] == [
        ("train", True, ["hold-training"])
    ]
    assert [(one["role"], one["model"], one["actions"]) for one in value["sign_offs"]] == [("ceo", "m-1", ["train"])]
    assert [one["who"] for one in value["expiries"]] == [["rso"]]
    assert [one["of"] for one in value["changes"]] == ["decision", "duty"]
    assert value["changes"][1]["was"] is None
    assert (value["not_compared"], value["not_decided"]) == (None, [])


def test_a_projection_is_in_the_json_with_its_basis(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(
        POLICY.replace("duties:\n", "duties:\n  assess: {must: assess, for: each model, every: {growth: 4x}}\n"),
        encoding="utf-8",
    )
    measured = "".join(
        f"- {{event: quantity.measured, occurred: 2026-{day}T00:00:00Z, subject: {{model: m-1}}, "
        f"data: {{quantity: effective-compute, value: {value} FLOP}}}}\n"
        for day, value in (("11-01", "1e25"), ("11-06", "1.5e25"), ("11-11", "2e25"))
    )
    (tmp_path / "e.yaml").write_text(EVENTS + measured, encoding="utf-8")
    value = json.loads(run("status", *files(tmp_path), "--as-of", "2026-11-15", "--json").out)
    [clock] = [one for one in value["due"] if one["id"] == "assess"]
    assert (clock["state"], clock["growth"]["ratio"]) == ("not-triggered", "2x")
    assert clock["projection"] == {  # 2x in ten days, so 4x in twenty
        "measurements": 3, "expected": "2026-11-21", "earliest": "2026-11-21", "latest": "2026-11-21", "why_not": None
    }  # fmt: skip
    assert (clock["first"], clock["falls_due"], clock["days_left"]) == ("2026-11-21T00:00:00Z", None, None)


@pytest.mark.parametrize(("as_of", "code"), [("2026-11-25", 1), ("2026-11-26", 1)])
def test_the_exit_code_is_that_of_duties(folder: Path, as_of: str, code: int) -> None:
    """Here the adoption is not recorded, which is a finding."""
    assert run("status", *files(folder), "--as-of", as_of).exit == code
    assert run("duties", *files(folder), "--as-of", as_of).exit == code
    adopted = (
        "- {event: policy.adopted, occurred: 2026-01-01T00:00:00Z, subject: {developer: Acme AI}, "
        'data: {policy: acme, version: "1"}}\n'
    )
    (folder / "e.yaml").write_text(EVENTS + ATTESTED + adopted, encoding="utf-8")
    expected = 0 if as_of == "2026-11-25" else 1  # the 25th is the last day of publish-report
    assert run("status", *files(folder), "--as-of", as_of).exit == expected
    assert run("duties", *files(folder), "--as-of", as_of).exit == expected


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--as-of", "soon"),
        ("--as-of", "2026-11-25", "--since", "last week"),
        ("--as-of", "2026-11-25", "--since", "2026-11-26"),
        ("--as-of", "2025-01-01"),
        ("--as-of", "2026-11-25", "--workspace", "here"),
        ("--as-of", "2026-11-25", "--nonsense"),
    ],
    ids=" ".join,
)
def test_what_can_not_be_asked_is_refused(folder: Path, arguments: Sequence[str]) -> None:
    done = run("status", *files(folder), *arguments)
    assert (done.exit, done.out) == (2, "")
    assert done.err.startswith("error: ")


def test_several_files_may_follow_one_option(folder: Path) -> None:
    (folder / "e.yaml").write_text(EVENTS, encoding="utf-8")
    (folder / "f.yaml").write_text(ATTESTED, encoding="utf-8")
    done = run("status", *files(folder), str(folder / "f.yaml"), "--as-of", "2026-11-24")
    assert "deploy.external of m-1 permitted by evidence" in words(done.out)


def test_in_a_workspace_its_record_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("demo", "--into", str(tmp_path / "ws")).exit == 0
    outside = run("status", "--workspace", str(tmp_path / "ws"), "--as-of", "2026-11-25")
    monkeypatch.chdir(tmp_path / "ws")
    inside = run("status", "--as-of", "2026-11-25")
    assert (inside.exit, inside.out) == (outside.exit, outside.out)
    assert "train, store of halcyon-4 permitted by evidence; an evaluator can renew it" in words(inside.out)
    assert run("status").exit in {0, 1}  # as of now
