"""`interlock replay`: on files, in a workspace, of what ships with it; as a timeline, as JSON, as a page."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from typer.main import get_command

from interlock.cli import _replaying
from interlock.cli._application import build
from interlock.cli._replaying import ReplayRequest, read_replay_plainly
from interlock.cli._spreading import spread_values
from interlock.library import replay_names
from tests.cli.commands import FILES, Ran, run, spawn
from tests.cli.test_weight import HEAVY, loaded_by
from tests.reports.pages import read_page, rows_of

POLICY = """\
interlock: 1
policy: acme-policy
version: "VERSION"
issuer: Acme
title: Acme's Policy
effective: EFFECTIVE
encoding: {by: a reader, status: unofficial}
burden-of-proof: developer
roles: {rso: {title: Safety Officer, side: developer}}
restrictions:
  hold-training:
    forbids: [train]
    when: {not: {judged: QUESTION, by: rso}}
    source: {section: "3", page: 6}
duties:
  assess:
    must: assess
    for: each model
    every: {time: 3 months, anchor: completion}
    source: {section: "2", page: 4}
"""
ADOPTED = {"event": "policy.adopted", "occurred": "2025-01-01T00:00:00Z", "subject": {"developer": "Acme"},
           "data": {"policy": "acme-policy", "version": "1"}}  # fmt: skip
REGISTERED = {"event": "model.registered", "occurred": "2025-01-10T00:00:00Z", "subject": {"model": "m"},
              "data": {"developer": "Acme"}}  # fmt: skip
JUDGED = {"event": "determination.made", "occurred": "2025-01-11T00:00:00Z", "actor": "ann", "role": "rso",
          "subject": {"model": "m"}, "data": {"judged": "safe", "value": True}}  # fmt: skip
TRAINED = {"event": "training.started", "occurred": "2025-02-01T12:00:00Z", "subject": {"model": "m"}}
ASSESSED = {"event": "duty.performed", "occurred": "2025-04-09T00:00:00Z", "subject": {"model": "m"},
            "data": {"duty": "assess"}}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, the current one, with two versions of a policy that ask for the same judgement by another name."""
    for version, effective, question in (("1", "2025-01-01", "safe"), ("2", "2026-01-01", "harmless")):
        text = POLICY.replace("VERSION", version).replace("EFFECTIVE", effective).replace("QUESTION", question)
        (tmp_path / f"v{version}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def replay(*arguments: str, events: Sequence[object] = (ADOPTED, REGISTERED, JUDGED, TRAINED, ASSESSED)) -> Ran:
    """Return what the command makes of the events, under version 1 unless policies are named."""
    Path("e.jsonl").write_text("".join(f"{json.dumps(event)}\n" for event in events), encoding="utf-8")
    policies = () if "--policy" in arguments else ("--policy", "v1.yaml")
    return run("replay", *policies, "--events", "e.jsonl", *arguments)


def words(text: str) -> str:
    """Return a page's words as one line."""
    return " ".join(text.split())


def value_of(done: Ran) -> Any:
    return json.loads(done.out)


# Exit codes, and what is said


def test_nothing_found_ends_with_zero_and_says_no_more_than_that(folder: Path) -> None:
    """Assessed on 9 April: the three months from 10 January end with 10 April."""
    assert folder.is_dir()
    done = replay()
    assert (done.exit, done.err) == (0, "")
    assert "No departure was found under this encoding" in done.out
    assert "Silence is not innocence" in done.out
    assert "complian" not in done.out.lower()


def test_a_departure_ends_with_one_and_says_under_which_encoding_and_what_decided(folder: Path) -> None:
    """Without the judgement it is open whether training was safe; the burden of proof held it."""
    assert folder.is_dir()
    done = replay(events=(ADOPTED, REGISTERED, TRAINED, ASSESSED))
    assert done.exit == 1
    said = words(done.out)
    assert "Departures under this encoding: 1" in said
    assert (
        "✗ 1 departure under this encoding: train of m took place while `hold-training` held it, "
        "decided by the burden of proof" in said
    )
    assert "unofficial encoding, by a reader, reviewed by nobody named" in said
    assert "adherence: each time is judged by the policy version in force then" in said
    assert "section 3, page 6" in said


def test_a_duty_done_late_is_shown_with_how_late(folder: Path) -> None:
    """Due at the end of 10 April 2025, which is the midnight after; done three days later."""
    assert folder.is_dir()
    late = ASSESSED | {"occurred": "2025-04-14T00:00:00Z"}
    done = replay("--json", events=(ADOPTED, REGISTERED, JUDGED, TRAINED, late))
    assert done.exit == 1
    [breach] = value_of(done)["breaches"]
    assert (breach["kind"], breach["id"], breach["late_by"]) == ("duty-late", "assess", "P3D")
    assert "done late, by 3 days" in words(replay(events=(ADOPTED, REGISTERED, JUDGED, TRAINED, late)).out)


def test_a_finding_alone_ends_with_one(folder: Path) -> None:
    assert folder.is_dir()
    unknown = JUDGED | {"data": {"judged": "sound", "value": True}}
    done = replay(events=(ADOPTED, REGISTERED, JUDGED, unknown, TRAINED, ASSESSED))
    assert done.exit == 1
    assert "No departure was found under this encoding" in done.out
    assert "! speaks-to-nothing" in done.out


def test_another_policy_file_than_the_events_name_ends_with_five(folder: Path) -> None:
    assert folder.is_dir()
    other = ADOPTED | {"data": {"policy": "acme-policy", "version": "1", "digest": f"sha256:{'0' * 64}"}}
    done = replay(events=(other, REGISTERED))
    assert (done.exit, done.out) == (5, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--as-of", "yesterday"), "--as-of: `yesterday` is not an instant"),
        (("--under", "acme-policy@3"), "no policy file given holds `acme-policy@3`"),
        (("--under", "acme"), "expected POLICY@VERSION"),
        (("--map", "none.yaml"), "`none.yaml` can't be read"),
        (("--html", "nowhere/page.html"), "`nowhere/page.html` can't be written"),
        (("--html", "e.jsonl"), "`e.jsonl` is there already, and is no page"),
        (("--html", "-", "--json"), "both go to standard output"),
        (("--workspace", "."), "files and `--workspace` are 2 places to look in"),
        (("--policy", "v1.yaml", "v3.yaml"), "`v3.yaml` can't be read"),
    ],
)
def test_what_can_t_be_replayed_is_refused_with_two(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    assert folder.is_dir()
    done = replay(*arguments)
    assert (done.exit, done.out) == (2, "")
    assert said in words(done.err)


def test_a_refused_page_leaves_the_file_as_it_was(folder: Path) -> None:
    before = (folder / "v1.yaml").read_bytes()
    assert replay("--html", "./v1.yaml").exit == 2
    assert (folder / "v1.yaml").read_bytes() == before


def test_files_of_one_kind_alone_are_refused(folder: Path) -> None:
    assert folder.is_dir()
    done = run("replay", "--policy", "v1.yaml")
    assert done.exit == 2
    assert "`--policy` is given without `--events`" in done.err


# Three forms of one replay


def test_timeline_json_and_page_tell_of_the_same_departures(folder: Path) -> None:
    late = ASSESSED | {"occurred": "2025-04-14T06:00:00Z"}
    happened = (ADOPTED, REGISTERED, TRAINED, late)
    done = replay("--json", "--html", "page.html", events=happened)
    text = replay(events=happened)
    breaches = value_of(done)["breaches"]
    assert len(breaches) == 2
    rows = rows_of(read_page((folder / "page.html").read_bytes()), "departures")
    assert [row[1].split(":")[0] for row in rows] == [f"✗ {breach['kind']}" for breach in breaches]
    for number, (breach, row) in enumerate(zip(breaches, rows, strict=True), start=1):
        assert f"`{breach['id']}`" in row[1]
        assert row[3] == f"decided by {'the burden of proof' if breach['by_default'] else 'evidence'}"
        assert f"✗ {number} departure under this encoding: " in words(text.out)
        assert row[1].partition(": ")[2] in words(text.out)


def test_json_says_with_what_standing_each_policy_was_encoded(folder: Path) -> None:
    assert folder.is_dir()
    assert value_of(replay("--json"))["encodings"] == [
        {"policy": "acme-policy", "version": "1", "status": "unofficial", "by": "a reader", "reviewed_by": []}
    ]


def test_the_page_is_named_where_it_was_written_but_not_in_json(folder: Path) -> None:
    assert folder.is_dir()
    assert "The same as a page: page.html" in replay("--html", "page.html").out
    assert "page.html" not in replay("--html", "page.html", "--json").out


def test_a_page_goes_over_an_older_page_or_to_standard_output(folder: Path) -> None:
    assert replay("--html", "page.html").exit == 0
    assert replay("--html", "page.html", "--as-of", "2025-03-01").exit == 0
    done = replay("--html", "-", "--as-of", "2025-03-01")
    assert done.exit == 0
    assert done.out.encode() == (folder / "page.html").read_bytes()


def test_the_same_files_give_the_same_bytes(folder: Path) -> None:
    first = replay("--json", "--html", "one.html")
    assert first.out == replay("--json", "--html", "two.html").out
    assert (folder / "one.html").read_bytes() == (folder / "two.html").read_bytes()


def test_an_end_that_is_not_stated_is_the_last_instant_on_record(folder: Path) -> None:
    assert folder.is_dir()
    assert "5, as of 2025-04-09" in words(replay().out)
    assert "as of 2025-03-01" in words(replay("--as-of", "2025-03-01").out)


def test_a_timeline_fits_eighty_columns(folder: Path) -> None:
    assert folder.is_dir()
    for done in (replay(events=(ADOPTED, REGISTERED, TRAINED)), run("replay", "anthropic-2024"), run("replay", "list")):
        rows = done.out.splitlines()
        assert len(rows) > 2
        assert [row for row in rows if len(row) > 80] == []


# Counterfactuals


def test_another_version_throughout_is_a_counterfactual_and_says_so(folder: Path) -> None:
    """Version 2 asks for a judgement that nobody made: under it training was held by the burden of proof."""
    assert folder.is_dir()
    done = replay("--policy", "v1.yaml", "v2.yaml", "--under", "acme-policy@2")
    assert done.exit == 1
    said = words(done.out)
    assert "counterfactual: judged as if acme-policy 2 had been in force throughout" in said
    assert "train of m took place while `hold-training` held it, decided by the burden of proof" in said
    assert "A counterfactual is no forecast" in said
    assert value_of(replay("--policy", "v1.yaml", "v2.yaml", "--under", "acme-policy@2", "--json"))["kind"] == (
        "counterfactual"
    )


def test_a_map_lets_events_speak_to_a_policy_that_calls_things_otherwise(folder: Path) -> None:
    (folder / "map.yaml").write_text("questions: {safe: harmless}\n", encoding="utf-8")
    arguments = ("--policy", "v1.yaml", "v2.yaml", "--under", "acme-policy@2", "--map", "map.yaml")
    done = replay(*arguments, "--json")
    value = value_of(done)
    assert value["breaches"] == []
    assert value["renamed"] == [{"sort": "question", "old": "safe", "new": "harmless"}]
    said = words(replay(*arguments).out)
    assert "translated question safe in the events, read as harmless" in said
    assert "Names in the events were translated, so they are not the record as it stands" in said


def test_a_faulty_map_is_drawn_with_the_place_and_ends_with_two(folder: Path) -> None:
    (folder / "map.yaml").write_text("questions: {saef: safe}\n", encoding="utf-8")
    done = replay("--map", "map.yaml")
    assert (done.exit, done.out) == (2, "")
    assert "map.yaml:1:13: no event names the question `saef`" in done.err
    assert "did you mean `safe`?" in done.err


# Restricted to some items


def test_of_items_that_are_not_named_nothing_is_said(folder: Path) -> None:
    """Training departs from the one; the assessment, four days late, from the other."""
    assert folder.is_dir()
    late = ASSESSED | {"occurred": "2025-04-14T00:00:00Z"}
    happened = (ADOPTED, REGISTERED, TRAINED, late)
    assert len(value_of(replay("--json", events=happened))["breaches"]) == 2
    for name in ("hold-training", "assess"):
        done = replay("--only", name, "--json", events=happened)
        value = value_of(done)
        assert done.exit == 1
        assert value["only"] == [name]
        assert [breach["id"] for breach in value["breaches"]] == [name]
        assert {duty["id"] for duty in value["duties"]} <= {name}
    said = words(replay("--only", "assess", "--html", "page.html", events=happened).out)
    assert "looked at only `assess`; nothing is said of the rest of the policy" in said
    assert "Items of the policy that it is not restricted to were not looked at" in said
    assert "nothing is said of the rest of the policy" in read_page((folder / "page.html").read_bytes()).text


def test_without_items_all_are_looked_at_and_json_says_null(folder: Path) -> None:
    assert folder.is_dir()
    assert value_of(replay("--json"))["only"] is None
    assert "looked at" not in replay().out


def test_several_items_may_follow_one_option(folder: Path) -> None:
    assert folder.is_dir()
    assert value_of(replay("--only", "assess", "hold-training", "--json"))["only"] == ["assess", "hold-training"]


def test_an_item_that_the_policy_has_not_is_refused_with_the_nearest(folder: Path) -> None:
    assert folder.is_dir()
    done = replay("--only", "assess", "hold-trainings")
    assert (done.exit, done.out) == (2, "")
    assert "`hold-trainings` names nothing that a replay under `acme-policy` 1 can be restricted to" in words(done.err)
    assert "did you mean `hold-training`?" in words(done.err)


# What ships with it


def test_anthropic_2024_reports_the_four_shortfalls_and_nothing_else() -> None:
    done = run("replay", "anthropic-2024", "--json")
    value = value_of(done)
    assert done.exit == 1
    [breach] = value["breaches"]
    assert (breach["kind"], breach["id"]) == ("duty-late", "evaluate-every-three-months")
    assert (breach["late_by"], breach["by_default"]) == ("P3D", False)
    assert sorted(finding["id"] for finding in value["findings"]) == [
        "buffer-not-designed",
        "protocol-changed-after-registration",
        "under-elicited",
    ]
    assert value["retroactive_loosenings"] == []


def test_anthropic_2024_says_in_each_form_that_its_times_are_reconstructed(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = run("replay", "anthropic-2024", "--html", str(page))
    said = words(done.out)
    assert "times reconstructed: they were not published" in said
    assert "relative to an assumed anchor, 2024-06-01" in said
    about = value_of(run("replay", "anthropic-2024", "--json"))["about"]
    assert about["reconstructed"] is True
    assert about["anchor"]["at"] == "2024-06-01T00:00:00Z"
    assert "the times were not published" in read_page(page.read_bytes()).all("header")[0].text


def test_anthropic_2024_prints_the_reply_to_each_shortfall() -> None:
    said = words(run("replay", "anthropic-2024").out)
    found = (
        "evaluate-every-three-months",
        "protocol-changed-after-registration",
        "under-elicited",
        "buffer-not-designed",
    )
    for name in found:
        assert f"Anthropic to {name}:" in said
    assert "Anthropic, 2024-10-15, in our words:" in said


def test_a_bundled_replay_takes_the_same_options(tmp_path: Path) -> None:
    done = run("replay", "anthropic-2024", "--as-of", "2024-09-04", "--html", str(tmp_path / "page.html"), "--json")
    [breach] = value_of(done)["breaches"]
    assert (breach["kind"], breach["late_by"]) == ("duty-overdue", "P2D")


def test_the_bundled_replays_are_listed() -> None:
    done = run("replay", "list")
    assert done.exit == 0
    assert "anthropic-2024" in done.out
    assert "reconstructed" in done.out
    value = value_of(run("replay", "list", "--json"))
    assert value["shape"] == "interlock.replays/1"
    assert [about["name"] for about in value["replays"]] == list(replay_names())
    assert "disputed: " in done.out
    assert "counterfactual: " in done.out


def test_a_counterfactual_that_ships_says_in_its_first_line_that_the_text_was_not_in_force_then() -> None:
    done = run("replay", "openai-deep-research-2025")
    assert done.out.splitlines()[0].startswith("! Counterfactual: the text was not in force then. SB 53 was signed in")
    about = value_of(run("replay", "openai-deep-research-2025", "--json"))["about"]
    assert (about["under"], about["contested"]) == ("interlock://california-sb-53@2025", False)


def test_a_duty_that_stands_otherwise_under_another_reading_is_shown_as_text_and_on_the_page(tmp_path: Path) -> None:
    done = run("replay", "anthropic-mythos-2026", "--html", str(tmp_path / "page.html"))
    said = "duty `analyse-publicly-deployed-model` of claude-mythos-preview would be not triggered; it is done"
    assert f"read as `general-public`: 1 duty would stand otherwise {said}" in words(done.out)
    assert said in read_page((tmp_path / "page.html").read_bytes()).by_id("readings").text


def test_an_option_takes_the_place_of_what_a_bundled_replay_says_of_itself() -> None:
    """Under the reading that asks for nothing there is no departure; other items are looked at where they are named."""
    ruled = "cyber-misalignment-answered=only-with-long-range-autonomy"
    assert value_of(run("replay", "openai-gpt-5-3-codex-2026", "--reading", ruled, "--json"))["breaches"] == []
    value = value_of(run("replay", "openai-gpt-5-3-codex-2026", "--only", "cyber-critical-halt", "--json"))
    assert (value["only"], value["breaches"]) == (["cyber-critical-halt"], [])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("replay antropic-2024", "did you mean `anthropic-2024`?"),
        ("replay x", "see `interlock replay list`"),
        ("replay anthropic-2024 --policy p.yaml --events e.jsonl", "are 2 places to look in"),
        ("replay anthropic-2024 --workspace .", "are 2 places to look in"),
        ("replay list --as-of 2024-01-01", "takes no options but `--json`"),
        ("replay list --only assess", "takes no options but `--json`"),
        ("replay anthropic-2024 --only evaluate-every-three-month", "did you mean `evaluate-every-three-months`?"),
        ("replay anthropic-2024 x", "unexpected"),
    ],
)
def test_a_bundled_replay_that_there_is_not_is_refused(arguments: str, said: str) -> None:
    done = run(*shlex.split(arguments))
    assert (done.exit, done.out) == (2, "")
    assert said in words(done.err)


# In a workspace


def test_a_workspace_is_replayed_up_to_now(folder: Path) -> None:
    """Whatever today is, it is past April 2025, when the assessment was due that nobody made."""
    happened = [event | {"recorded": event["occurred"]} for event in (ADOPTED, REGISTERED)]
    Path("e.jsonl").write_text("".join(f"{json.dumps(event)}\n" for event in happened), encoding="utf-8")
    assert run("init", str(folder / "ws"), "--policy", "v1.yaml").exit == 0
    assert run("record", "e.jsonl", "--workspace", str(folder / "ws")).exit == 0
    done = run("replay", "--workspace", str(folder / "ws"), "--json")
    assert done.exit == 1
    assert [breach["kind"] for breach in value_of(done)["breaches"]] == ["duty-overdue"]
    early = run("replay", "--workspace", str(folder / "ws"), "--as-of", "2025-02-01", "--json")
    assert (early.exit, value_of(early)["breaches"]) == (0, [])


# How arguments are read, and what is loaded


WORDS = st.sampled_from(["--help", "--policy=x", "--", "-", "-x", "a.yaml", "anthropic-2024", "list", "--all"])


@st.composite
def argument_lists(draw: st.DrawFn) -> list[str]:
    """Return mostly sound arguments of `replay`, now and then with something unsound among them."""
    options: list[list[str]] = [
        [name, draw(st.sampled_from(["a", "2026-11-25", "p@1", "-"]))]
        for name in draw(st.sets(st.sampled_from(["--as-of", "--under", "--map", "--html", "--workspace"])))
    ]
    values = st.lists(st.sampled_from(["a.yaml", "b.yaml", "-"]), min_size=1, max_size=3)
    options += [["--policy", *draw(values)] for _ in range(draw(st.integers(0, 2)))]
    options += [["--events", *draw(values)] for _ in range(draw(st.integers(0, 2)))]
    options += [["--reading", *draw(values)] for _ in range(draw(st.integers(0, 2)))]
    options += [["--only", *draw(values)] for _ in range(draw(st.integers(0, 2)))]
    options += [["--json"]] * draw(st.integers(0, 2))
    arguments = [part for option in draw(st.permutations(options)) for part in option]
    arguments = [*draw(st.sampled_from([[], ["anthropic-2024"], ["list"]])), *arguments]
    for _ in range(draw(st.integers(0, 2))):
        arguments.insert(draw(st.integers(0, len(arguments))), draw(WORDS))
    return ["replay", *arguments]


@settings(max_examples=100)
@given(arguments=argument_lists())
@example(arguments=["replay", "anthropic-2024", "--json"])
@example(arguments=["replay", "--policy", "a", "b", "--events", "e", "--under", "p@1", "--map", "m", "--html", "h"])
def test_what_is_read_plainly_the_parser_reads_in_the_same_way(arguments: list[str]) -> None:
    plain = read_replay_plainly(arguments)
    if plain is None:
        return
    asked: list[ReplayRequest] = []

    def show(request: ReplayRequest) -> int:
        asked.append(request)
        return 0

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(_replaying, "show", show)
        command = get_command(build())
        command.main(args=spread_values(arguments), prog_name="interlock", standalone_mode=False)
    [parsed] = asked
    assert stated(parsed) == stated(plain)


def stated(request: ReplayRequest) -> Any:
    rest = (request.html, request.workspace, request.as_json, request.name)
    return (request.typed, list(request.policies), list(request.events), rest)


def test_a_replay_s_arguments_are_read_plainly() -> None:
    """Otherwise the quick reading would never be used, and the test above would say nothing."""
    request = read_replay_plainly(
        ["replay", "--policy", "p.yaml", "q.yaml", "--events", "e.jsonl", "--under", "p@2", "--json"]
    )
    assert request is not None
    assert [str(path) for path in request.policies] == ["p.yaml", "q.yaml"]
    assert (request.under, request.as_json, request.name) == ("p@2", True, None)
    bundled = read_replay_plainly(["replay", "anthropic-2024"])
    assert bundled is not None
    assert bundled.name == "anthropic-2024"


@pytest.mark.parametrize(
    "arguments", ["", "decide", "replay --help", "replay --json=1", "replay a b", "replay --under"]
)
def test_what_is_not_plain_is_left_to_the_parser(arguments: str) -> None:
    assert read_replay_plainly(arguments.split()) is None


@pytest.mark.parametrize("arguments", [(*FILES, "--json"), FILES, ("anthropic-2024",)], ids=["json", "text", "bundled"])
def test_a_replay_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    code, names = loaded_by("replay", *arguments)
    assert code in {0, 1}
    assert names & HEAVY == set()


def test_the_command_has_help() -> None:
    done = spawn("replay", "--help")
    assert done.exit == 0
    for option in ("--policy", "--events", "--as-of", "--under", "--only", "--map", "--html", "--workspace", "--json"):
        assert option in done.out
