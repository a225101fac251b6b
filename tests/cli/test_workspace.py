"""`init`, `record` and `evidence add`: from an empty folder to a decision by evidence."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from interlock.cli import _evidence, _init
from tests.cli.commands import HALCYON, Ran, run

POLICY = str(HALCYON / "policy.yaml")
EVENTS = str(HALCYON / "events.yaml")
FIRST = "sha256:7760fe42cfa1ac0b9d2d8bcabfb5a913f3a65169c5cff2f6a883ce006a044896"
EVENT = '{"event": "model.registered", "occurred": "2026-10-01T08:00:00Z", "subject": {"model": "m-1"}}\n'


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    assert run("init", str(tmp_path / "ws"), "--policy", POLICY).exit == 0
    monkeypatch.chdir(tmp_path / "ws")
    return tmp_path / "ws"


def add(*arguments: str) -> Ran:
    return run("evidence", "add", *arguments, "--model", "halcyon-4", "--weights", FIRST)


def commands_in(page: str) -> list[list[str]]:
    """Return the commands that a page shows, as a shell reads them."""
    rows = page.replace("\\\n", "").splitlines()
    return [shlex.split(row) for row in rows if row.lstrip().startswith(("interlock ", "cd "))]


# init


def test_init_asks_nothing_without_a_terminal(tmp_path: Path) -> None:
    done = run("init", str(tmp_path / "ws"))
    assert (done.exit, done.err) == (0, "")
    assert sorted(path.name for path in (tmp_path / "ws").iterdir()) == ["events.jsonl", "interlock.yaml", "policies"]
    assert "interlock policy check" in done.out


def test_init_copies_several_policies_and_says_what_to_type_next(tmp_path: Path) -> None:
    other = tmp_path / "v2.yaml"
    text = Path(POLICY).read_text(encoding="utf-8")
    other.write_text(
        text.replace('version: "1.0"', 'version: "2.0"').replace("2026-07-01", "2027-07-01"), encoding="utf-8"
    )
    done = run("init", str(tmp_path / "ws"), "--policy", POLICY, str(other))
    assert done.exit == 0
    assert sorted(path.name for path in (tmp_path / "ws/policies").iterdir()) == ["policy.yaml", "v2.yaml"]
    assert ["cd", str(tmp_path / "ws")] in commands_in(done.out)
    assert "interlock record -" in done.out


def test_init_as_json(tmp_path: Path) -> None:
    done = run("init", str(tmp_path / "ws"), "--policy", POLICY, "--json")
    value = json.loads(done.out)
    assert (value["shape"], value["developer"]) == ("interlock.workspace/1", "Halcyon AI")
    assert [(one["id"], one["version"]) for one in value["policies"]] == [("halcyon-scaling-policy", "1.0")]


def test_init_refuses_a_folder_that_is_not_empty(workspace: Path) -> None:
    before = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    done = run("init", str(workspace))
    assert (done.exit, done.out) == (2, "")
    assert "is a workspace already" in " ".join(done.err.split())
    assert {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()} == before


def test_on_a_terminal_init_asks_for_what_is_not_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_init, "is_terminal", lambda _: True)
    assert run("init", str(tmp_path / "one"), given=f"{POLICY}\n").exit == 0
    assert (tmp_path / "one/policies/policy.yaml").exists()
    done = run("init", str(tmp_path / "two"), given="\nAcme\n")
    assert done.exit == 0
    assert 'developer: "Acme"' in (tmp_path / "two/interlock.yaml").read_text(encoding="utf-8")
    assert "Policy file" not in done.out
    silent = run("init", str(tmp_path / "three"), "--json", given="")
    assert silent.exit == 0


def test_an_end_of_input_at_a_question_makes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_init, "is_terminal", lambda _: True)
    done = run("init", str(tmp_path / "ws"), given="")
    assert (done.exit, done.out) == (130, "")
    assert not (tmp_path / "ws").exists()


# record


@pytest.mark.usefixtures("workspace")
def test_record_says_where_the_events_are_and_what_to_type_next() -> None:
    done = run("record", EVENTS)
    assert (done.exit, done.err) == (0, "")
    assert done.out == (
        "✓ recorded 21 events, 0 to 20, in events.jsonl\n"
        "  21 of them stated when they were recorded, and are marked as imported\n"
        "  next:\n"
        "    interlock decide --model halcyon-4 --action train\n"
    )


@pytest.mark.usefixtures("workspace")
def test_record_takes_the_standard_input() -> None:
    done = run("record", "-", given=EVENT)
    assert done.exit == 0
    assert done.out.startswith("✓ recorded event 0 in events.jsonl\n")
    assert "imported" not in done.out


@pytest.mark.usefixtures("workspace")
def test_record_as_json_gives_index_and_digest() -> None:
    value = json.loads(run("record", "-", "--json", given=EVENT).out)
    [event] = value["events"]
    assert (value["shape"], value["record"]) == ("interlock.recorded/1", "events.jsonl")
    assert list(event) == ["index", "digest", "event", "occurred", "recorded", "imported"]
    assert (event["index"], event["event"], event["imported"]) == (0, "model.registered", False)


def test_a_fault_in_what_is_recorded_is_drawn_and_keeps_all_out(workspace: Path) -> None:
    done = run("record", "-", given=EVENT + EVENT.replace("occurred", "occurrd"))
    assert (done.exit, done.out) == (2, "")
    assert "standard-input.jsonl:2:" in done.err
    assert "did you mean `occurred`?" in done.err
    assert (workspace / "events.jsonl").read_bytes() == b""


def test_record_outside_a_workspace_says_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("record", EVENTS)
    assert (done.exit, done.out) == (2, "")
    assert "interlock init DIR" in done.err


# evidence add


def test_from_an_empty_folder_to_a_decision_by_evidence(workspace: Path) -> None:
    """What is missing is said at each step, and the next step is the command that was shown."""
    assert run("record", EVENTS).exit == 0
    log = str(HALCYON / "logs/autonomy.eval")
    refused = add(log, "--measure", "autonomy.task-success")
    assert (refused.exit, refused.out) == (2, "")
    [line] = [row.strip() for row in refused.err.splitlines() if row.lstrip().startswith("- {task: ")]
    settings = workspace / "interlock.yaml"
    stated = line.replace("[TECHNIQUE]", "[chain-of-thought, tools]")
    text = settings.read_text(encoding="utf-8").replace("protocols: []", f"protocols:\n  {stated}")
    settings.write_text(text, encoding="utf-8")
    added = add(log, "--measure", "autonomy.task-success", "--plan", "autonomy-plan-1")
    assert (added.exit, added.err) == (0, "")
    [command] = commands_in(added.out)
    assert command[:2] == ["interlock", "explain"]
    explained = run(*command[1:])
    assert "3/40 of halcyon/autonomy" in explained.out


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of the demonstration's, with nothing recorded of its logs."""
    run("demo", "--into", str(tmp_path / "ws"))
    monkeypatch.chdir(tmp_path / "ws")
    Path("events.jsonl").write_bytes(b"")
    assert run("record", EVENTS).exit == 0
    return tmp_path / "ws"


@pytest.mark.usefixtures("installed")
def test_the_table_shows_log_task_counts_elicitation_and_findings() -> None:
    done = add("logs/cyber.eval", "--measure", "cyber.task-success")
    assert done.exit == 0
    assert done.out.split("\n\n")[1] == (
        "  log         task           n   epochs  passed    event\n"
        "  cyber.eval  halcyon/cyber  40  1       34 of 40  21\n"
        "    elicitation  tools\n"
        "    model        mockllm/model, as the log names it\n"
        "    findings     none"
    )


@pytest.mark.usefixtures("installed")
def test_a_plan_that_is_not_on_the_record_is_told() -> None:
    done = add("logs/cyber.eval", "--measure", "cyber.task-success", "--plan", "cyber-plan-9")
    assert "no plan `cyber-plan-9` for this measure is on the record" in " ".join(done.out.split())


@pytest.mark.usefixtures("installed")
def test_evidence_as_json() -> None:
    done = add("logs/cyber.eval", "--measure", "cyber.task-success", "--json")
    value = json.loads(done.out)
    assert (done.err, value["shape"], value["measure"], value["plan_known"]) == (
        "",
        "interlock.evidence/1",
        "cyber.task-success",
        None,
    )
    [one] = value["evidence"]
    assert (one["index"], one["file"], one["task"], one["samples"], one["epochs"]) == (
        21,
        "logs/cyber.eval",
        "halcyon/cyber",
        40,
        1,
    )
    assert (one["data"]["successes"], one["data"]["trials"], one["findings"]) == (34, 40, [])


def test_every_refused_log_is_named_with_its_reason(installed: Path) -> None:
    (installed / "broken.eval").write_text("no log", encoding="utf-8")
    before = (installed / "events.jsonl").read_bytes()
    done = add("logs/cyber.eval", "logs/autonomy.eval", "broken.eval", "--measure", "cyber.task-success")
    assert (done.exit, done.out) == (2, "")
    assert "error: logs/autonomy.eval: the protocol of task `halcyon/autonomy`" in done.err
    assert "error: broken.eval: the file is neither a ZIP archive nor a JSON object" in " ".join(done.err.split())
    assert done.err.endswith("nothing was recorded; the other 1 were sound\n")
    assert (installed / "events.jsonl").read_bytes() == before


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "option", [("--occurred", "yesterday"), ("--weights", "sha256:1"), ("--measure", "unknown"), ("--under", "x@1")]
)
def test_a_malformed_option_exits_2(option: tuple[str, str]) -> None:
    arguments = {"--measure": "cyber.task-success", "--model": "halcyon-4", "--weights": FIRST} | dict([option])
    done = run("evidence", "add", "logs/cyber.eval", *(part for pair in arguments.items() for part in pair))
    assert (done.exit, done.out) == (2, "")
    assert option[0] in done.err or option[1] in done.err


def name_in_protocols(folder: Path, entry: str) -> None:
    settings = folder / "interlock.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + f"  - {entry}\n", encoding="utf-8")


def test_clusters_and_assertions_are_shown_as_what_they_are(installed: Path, shared: Path) -> None:
    """A run of two epochs gives clusters; one that was cancelled is an assertion at most, and only where asked for."""
    folder = shared / "data/inspect"
    tiny = next(folder.glob("*_tiny_*.eval"))
    name_in_protocols(installed, "{task: tiny, suite: halcyon/cyber, elicitation: []}")
    assert "of 40 in 20 clusters" in add(str(tiny), "--measure", "cyber.task-success").out
    log = json.loads((folder / "data_arc_sonnet.json").read_text(encoding="utf-8"))
    (installed / "cancelled.json").write_text(json.dumps(log | {"status": "cancelled"}), encoding="utf-8")
    entry = "{task: inspect_evals/arc_easy, suite: halcyon/cyber, elicitation: [], subset: allowed}"
    name_in_protocols(installed, entry)
    refused = add("cancelled.json", "--measure", "cyber.task-success")
    assert (refused.exit, refused.out) == (2, "")
    asserted = add("cancelled.json", "--measure", "cyber.task-success", "--incomplete")
    assert asserted.exit == 0
    assert "asserted" in asserted.out.splitlines()[3]
    assert "asserted-not-finished" in asserted.out


@pytest.mark.usefixtures("installed")
def test_a_bar_shows_the_progress_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as terminal:
        terminal.setattr(_evidence, "is_terminal", lambda _: True)
        shown = add("logs/cyber.eval", "--measure", "cyber.task-success")
    assert shown.exit == 0
    assert "\u2501" not in shown.out
    assert add("logs/autonomy.eval", "--measure", "autonomy.task-success").err == ""


# demo


def test_the_demonstration_says_all_that_a_newcomer_needs() -> None:
    done = run("demo")
    assert (done.exit, done.err) == (0, "")
    shown = " ".join(done.out.split())
    for said in (
        "✓ PERMITTED by evidence: train of halcyon-4",
        "good until 2027-05-24T09:20:55Z or an effective compute of 8.4e25 FLOP, whichever comes first",
        "an evaluator can renew it",
        "✗ HELD by evidence: deploy.external.public of halcyon-4",
        "34/40 of halcyon/cyber on halcyon-4",
        "85% observed, bounds 72.52% to 93.26% (each one-sided at 95%); asked: at least 60%",
        "What would make it PERMITTED (any one of these)",
        "Chief Executive Officer (`ceo`): approval of the latest interim-plan",
        "✗ HELD by the burden of proof: deploy.internal.wide of halcyon-4",
        "it ran on another checkpoint, and does not reach the one asked about",
    ):
        assert said in shown
    assert commands_in(done.out) == [["interlock", "demo", "--into", "halcyon"]]
    assert max(map(len, done.out.splitlines())) <= 80


def test_the_demonstration_as_json_is_the_list_of_the_same_decisions() -> None:
    done = run("demo", "--json")
    decisions = json.loads(done.out)
    assert (done.exit, done.err) == (0, "")
    assert [(d["shape"], d["question"]["action"], d["outcome"], d["by_default"]) for d in decisions] == [
        ("interlock.decision/1", "train", "permitted", False),
        ("interlock.decision/1", "deploy.external.public", "held", False),
        ("interlock.decision/1", "deploy.internal.wide", "held", True),
    ]


def test_what_the_demonstration_shows_next_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    [command] = commands_in(run("demo").out)
    made = run(*command[1:])
    assert made.exit == 0
    step, *following = commands_in(made.out)
    assert step == ["cd", "halcyon"]
    monkeypatch.chdir(tmp_path / "halcyon")
    ran = [run(*one[1:]) for one in following]
    assert [one.exit for one in ran] == [3, 0, 0, 0]
    assert ran[2].out.startswith("✓ PERMITTED by evidence: deploy.external.public of halcyon-4")


def test_a_demonstration_installed_as_json(tmp_path: Path) -> None:
    done = run("demo", "--into", str(tmp_path / "ws"), "--json")
    assert json.loads(done.out)["shape"] == "interlock.workspace/1"
