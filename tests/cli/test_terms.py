"""`terms`: what a person reads of words in dispute and of rulings, what a program gets, and with which exit code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from interlock.cli._page import text_of
from interlock.cli._term_page import may_rule, term_page
from interlock.engine import TermReport, terms
from interlock.policy import Roles, decode
from interlock.record import read_events
from interlock.terms import parse_instant
from tests.app.disputes import BY_ANYONE, BY_NOBODY_NAMED, BY_THE_BOARD, EVENTS, POLICY, RULINGS, files_in
from tests.cli.commands import FILES, Ran, run

HOSTILE = "\x1b[31mred\x1b[0m <b>bold</b> \u202e"


def ask(folder: Path, *options: str, events: str = EVENTS, policy: str = POLICY) -> Ran:
    policies, happened = files_in(folder, events, policy)
    return run("terms", "--policy", str(policies[0]), "--events", str(happened[0]), "--as-of", "2026-06-10", *options)


def words(text: str) -> str:
    return " ".join(text.split())


def about(shown: str, term: str) -> str:
    """Return what the page says of one term."""
    [block] = [block for block in shown.split("\n\n")[1:] if block.splitlines()[0].partition(" (")[0].endswith(term)]
    return words(block)


# What a person reads


def test_a_plain_term_is_shown_in_words_and_as_the_language_writes_it(tmp_path: Path) -> None:
    assert about(ask(tmp_path).out, "external-use") == (
        "external-use (section 1.1, page 2) means: an event `model.deployed` with class `deploy.external.limited` or "
        "above is recorded {event: model.deployed, class-at-least: deploy.external.limited}"
    )


def test_an_open_text_says_who_may_rule_and_what_hangs_on_each_reading(tmp_path: Path) -> None:
    shown = about(ask(tmp_path).out, "frontier-model")
    assert shown.startswith("? open: frontier-model (section 1.2, page 3)")
    assert (
        "read as `by-compute`: training compute is more than 1e26 FLOP "
        "{quantity: training-compute, more-than: 1e26 FLOP} held under it: train of m-1"
    ) in shown
    assert "{judged: exceeds-public-frontier, by: [rso]} nothing more is held under it" in shown
    assert "may rule: Board of Directors (`board`)" in shown
    assert shown.endswith("? no ruling binds for m-1: where its readings differ it is contested; what hangs on it "
                          "stands above")  # fmt: skip


def test_who_disputes_a_text_and_where_is_told_in_words_and_as_data(tmp_path: Path) -> None:
    readings = "    readings:\n      by-compute:"
    said = "    disputed: [{by: 'J. Doe, 2026-02-03', reading: by-compute, where: p. 4, says: compute was meant}]\n"
    assert readings in POLICY
    policy = POLICY.replace(readings, said + readings, 1)
    shown = about(ask(tmp_path, policy=policy).out, "frontier-model")
    assert "disputed by J. Doe, 2026-02-03, who reads it as `by-compute`: compute was meant (p. 4)" in shown
    listed = json.loads(ask(tmp_path, "--json", policy=policy).out)["terms"]
    assert [term["disputed"] for term in listed if term["id"] == "frontier-model"] == [
        [{"by": "J. Doe, 2026-02-03", "reading": "by-compute", "where": "p. 4", "says": "compute was meant"}]
    ]
    assert {str(term["disputed"]) for term in listed if term["id"] != "frontier-model"} == {"[]"}


def test_how_many_duties_are_asked_under_each_reading_is_said(tmp_path: Path) -> None:
    shown = about(ask(tmp_path).out, "deployment")
    assert "class-at-least: deploy.internal.research} nothing more is held under it; 1 instance of duties has" in shown
    assert "class-at-least: deploy.external.limited} nothing more is held under it; 0 instances of duties have" in shown
    assert "may rule: anyone: the policy does not say who may rule" in shown


def test_rulings_stand_in_order_with_who_when_why_their_state_and_whom_they_favour(tmp_path: Path) -> None:
    shown = about(ask(tmp_path, events=EVENTS + RULINGS).out, "frontier-model")
    assert shown.startswith("✓ ruled on: frontier-model")
    aside = (
        "2026-04-01T00:00:00Z (recorded 2026-04-05T00:00:00Z): ruled to be read as `by-judgement` for Acme AI, by "
        "Responsible Scaling Officer (`rso`), tomas (side: developer) why: compute is a poor measure ! set aside: "
        "whoever ruled may not (event 5)"
    )
    binds = (
        "2026-05-01T00:00:00Z: ruled to be read as `by-compute` for Acme AI, by Board of Directors (`board`), clara "
        "(side: oversight) why: the text says so ✓ it binds; in favour of restriction (event 6)"
    )
    assert f"{aside} {binds}" in shown
    anyone = about(ask(tmp_path, events=EVENTS + RULINGS).out, "deployment")
    assert "for model m-1, by ann why: outside only ✓ it binds; in favour of the developer (event 7)" in anyone


@pytest.mark.parametrize(
    ("ruling", "said"),
    [
        (BY_THE_BOARD.replace("2026-05-01", "2026-05-02").replace("by-compute", "by-judgement"), "· a later one has"),
        (BY_THE_BOARD.replace("by-compute", "by-vote"), "! set aside: the text has no such reading"),
    ],
)
def test_a_ruling_without_force_says_why(tmp_path: Path, ruling: str, said: str) -> None:
    assert said in about(ask(tmp_path, events=EVENTS + BY_THE_BOARD + ruling).out, "frontier-model")


def test_two_rulings_of_one_instant_that_disagree_leave_it_open(tmp_path: Path) -> None:
    events = EVENTS + BY_ANYONE + BY_ANYONE.replace("narrow", "wide")
    done = ask(tmp_path, events=events)
    shown = about(done.out, "deployment")
    assert done.exit == 1
    assert shown.startswith("? open: deployment")
    assert shown.count("? without effect: it does not suffice, or another contradicts it") == 2


def test_readings_that_stand_in_a_condition_are_listed_under_their_name(tmp_path: Path) -> None:
    inline = POLICY.replace(
        "when: {term: frontier-model}",
        "when: {readings: {id: danger, a: {judged: danger, by: [rso]}, b: {event: weights.stored}}}",
    )
    shown = about(ask(tmp_path, policy=inline).out, "danger")
    assert shown.startswith("? open: danger (stands in a condition)")
    assert "read as `b`: an event `weights.stored` is recorded" in shown
    assert "held under it: train of m-1" in shown


def test_who_may_rule_says_how_many_of_the_roles_it_takes() -> None:
    policy = decode(POLICY.encode(), file="p.yaml")
    both = "Board of Directors (`board`) and Long-Term Benefit Trust (`trust`)"
    assert may_rule(Roles(names=("board", "trust"), needed=2), policy) == f"{both}, together"
    assert may_rule(Roles(names=("board", "trust"), needed=1), policy) == f"1 of {both}"


def test_a_text_of_a_law_that_binds_nobody_yet_is_neither_open_nor_ruled_on() -> None:
    law = POLICY.replace("effective:", "applies-to: {quantity: training-compute, of: any-model, more-than: 9e26 FLOP}\n"
                         "effective:")  # fmt: skip
    nobody = terms([decode(law.encode(), file="p.yaml")], read_events([("e.yaml", b"[]")]), parse_instant("2026-06-10"))
    shown = page(nobody)
    assert "in dispute: frontier-model" in shown
    assert "✓" not in shown


def page(found: TermReport, width: int = 80) -> str:
    return text_of(term_page(found), width)


@pytest.mark.parametrize("width", [45, 60, 80, 100])
def test_the_page_fits_its_columns(tmp_path: Path, width: int) -> None:
    policies, events = files_in(tmp_path, EVENTS + RULINGS)
    found = terms(
        [decode(policies[0].read_bytes(), file="p.yaml")],
        read_events([("e.yaml", events[0].read_bytes())]),
        parse_instant("2026-06-10"),
    )
    longest = max(page(found, width).splitlines(), key=len)
    assert len(longest) <= width or len(longest.split()) == 1


def test_what_could_steer_a_terminal_is_shown_by_number() -> None:
    """Files that hold such characters are refused; the page relies on nobody for that."""
    events = read_events([("e.yaml", (EVENTS + BY_ANYONE).encode())])
    found = terms([decode(POLICY.encode(), file="p.yaml")], events, parse_instant("2026-06-10"))
    *others, deployment = found.terms
    [ruling] = deployment.rulings
    hostile = replace(ruling, reason=HOSTILE, event=replace(ruling.event, actor=HOSTILE))
    shown = page(replace(found, terms=(*others, replace(deployment, rulings=(hostile,), open_for=(HOSTILE,)))))
    assert not {"\x1b", "\u202e"} & set(shown)
    assert words(shown).count("<U+001B>[31mred<U+001B>[0m <b>bold</b> <U+202E>") == 3


# What a program gets


def test_as_json_the_shape_is_that_of_the_engine(tmp_path: Path) -> None:
    done = ask(tmp_path, "--json", events=EVENTS + RULINGS)
    value = json.loads(done.out)
    assert (done.exit, value["shape"]) == (1, "interlock.terms/1")
    term = value["terms"][1]
    assert (term["id"], term["ruled_by"], term["open_for"]) == ("frontier-model", ["board"], [])
    assert [one["state"] for one in term["rulings"]] == ["set-aside", "binds"]


def test_with_policies_alone_the_texts_are_listed_and_no_record_is_said(tmp_path: Path) -> None:
    policies, _ = files_in(tmp_path)
    done = run("terms", "--policy", str(policies[0]))
    assert (done.exit, done.err) == (0, "")
    assert "no record was given, so nothing is said of rulings" in words(done.out)
    assert "in dispute: frontier-model" in done.out
    assert "open" not in done.out
    assert "held under it" not in done.out
    assert "✓" not in done.out
    value = json.loads(run("terms", "--policy", str(policies[0]), "--json").out)
    assert (value["events"], value["as_of"], value["terms"][1]["rulings"]) == (None, None, None)


@pytest.mark.parametrize(
    ("events", "code"),
    [
        (EVENTS, 1),
        (EVENTS + BY_THE_BOARD, 1),
        (EVENTS + BY_THE_BOARD + BY_ANYONE, 0),
        (EVENTS + BY_NOBODY_NAMED + BY_THE_BOARD + BY_ANYONE, 1),
    ],
    ids=["open", "one open", "ruled", "set aside"],
)
def test_something_open_or_set_aside_is_1_and_else_0(tmp_path: Path, events: str, code: int) -> None:
    assert ask(tmp_path, events=events).exit == code


@pytest.mark.parametrize(
    "arguments",
    [
        ("--as-of", "soon"),
        ("--as-of", "2025-01-01"),
        ("--as-of", "2026-06-10", "--known-at", "2026-02-30"),
        ("--as-of", "2026-06-10", "--nonsense"),
        ("--as-of", "2026-06-10", "--workspace", "here"),
        (),
    ],
    ids=" ".join,
)
def test_what_can_not_be_asked_is_refused(tmp_path: Path, arguments: Sequence[str]) -> None:
    policies, events = files_in(tmp_path)
    done = run("terms", "--policy", str(policies[0]), "--events", str(events[0]), *arguments)
    assert (done.exit, done.out) == (2, "")


def test_events_alone_and_a_time_without_events_are_refused(tmp_path: Path) -> None:
    policies, events = files_in(tmp_path)
    assert run("terms", "--events", str(events[0]), "--as-of", "2026-06-10").exit == 2
    timed = run("terms", "--policy", str(policies[0]), "--as-of", "2026-06-10")
    assert (timed.exit, timed.out) == (2, "")
    assert "add `--events FILE`" in timed.err


def test_another_policy_file_than_the_one_adopted_is_refused_with_5(tmp_path: Path) -> None:
    changed = EVENTS.replace('version: "1"', f'version: "1", digest: "sha256:{"0" * 64}"')
    assert ask(tmp_path, events=changed).exit == 5


def test_several_files_may_follow_one_option(tmp_path: Path) -> None:
    policies, events = files_in(tmp_path)
    (tmp_path / "r.yaml").write_text(RULINGS, encoding="utf-8")
    names = ("--events", str(events[0]), str(tmp_path / "r.yaml"))
    done = run("terms", "--policy", str(policies[0]), *names, "--as-of", "2026-06-10")
    assert "✓ ruled on: frontier-model" in done.out


def test_in_a_workspace_its_record_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policies, events = files_in(tmp_path)
    assert run("init", str(tmp_path / "ws"), "--policy", str(policies[0])).exit == 0
    monkeypatch.chdir(tmp_path / "ws")
    assert run("record", str(events[0])).exit == 0
    inside = run("terms", "--as-of", "2026-06-10", "--known-at", "9999-01-01")
    assert (inside.exit, "? open: frontier-model" in inside.out) == (1, True)


def test_the_example_is_asked() -> None:
    assert run("terms", *FILES, "--as-of", "2026-11-25").err == ""
