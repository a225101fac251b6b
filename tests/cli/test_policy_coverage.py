from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import HALCYON, Ran, run

POLICY = """\
interlock: 1
policy: acme
version: "1"
issuer: Acme
title: One restriction
effective: 2025-01-01
unencoded:
  - {section: "9", why: No event could show it., clauses: [AC-008, AC-002]}
roles: {board: {title: Board, side: oversight}}
thresholds:
  danger: {reached-when: {judged: dangerous, by: board}, source: {section: "1", clauses: [AC-001]}}
standards:
  secure:
    source: {section: "2", clauses: [AC-002]}
    controls:
      locks: {attested-by: board, source: {section: "2", clauses: [AC-003]}}
restrictions:
  hold: {forbids: [train], when: {reached: danger}, source: {section: "1", clauses: [AC-004]}}
"""
INVENTORY = """\
id\tsection\tpage\tmodality\tactor
AC-001\t1\t2\tdefinition\tcompany
AC-004\t1\t2\tmust\tcompany
AC-002\t2\t2\tmust\tcompany
AC-003\t2\t3\tmust\tcompany
AC-008\t9\t\tmay\tBoard
"""


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    path = tmp_path / "acme.yaml"
    path.write_text(POLICY, encoding="utf-8")
    (tmp_path / "acme.clauses.tsv").write_text(INVENTORY, encoding="utf-8")
    return path


def spoil(acme: Path, old: str, new: str) -> None:
    for path in (acme, acme.with_name("acme.clauses.tsv")):
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def refusal(done: Ran) -> str:
    assert (done.exit, done.out) == (2, "")
    return " ".join(done.err.split())


def test_each_clause_stands_beside_what_encodes_it_or_why_nothing_does(
    acme: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(acme.parent)
    done = run("policy", "coverage", "acme.yaml")
    assert (done.exit, done.err) == (0, "")
    assert done.out.splitlines() == [
        "acme.clauses.tsv acme 1 of Acme",
        "",
        "  clause              meant as, of whom     encoded by",
        "section 1",
        "  AC-001              definition, company   threshold danger",
        "  AC-004              must, company         restriction hold",
        "section 2",
        "  AC-002              must, company         standard secure",
        "                                            left out: No event could show it.",
        "  AC-003              must, company         control locks of secure",
        "section 9",
        "  AC-008              may, Board            not encoded: No event could show",
        "                                            it.",
        "",
        "5 clauses: 4 encoded (1 in part), 80 %; 1 left out with a reason, 0 unmapped",
        "3 must-clauses: 3 encoded (1 in part), 100 %; 0 left out with a reason, 0",
        "  unmapped",
        "",
        "✓ no finding",
    ]


def test_a_finding_has_its_check_its_place_and_what_to_do_and_fails_the_command(
    acme: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(acme.parent)
    spoil(acme, "clauses: [AC-003]", "clauses: [AC-03]")
    spoil(acme, "effective:", "goals: {better: {by: 2026-01-01, modality: aim}}\neffective:")
    done = run("policy", "coverage", "acme.yaml")
    assert (done.exit, done.err) == (1, "")
    assert "AC-003              must, company         nothing\n" in done.out
    assert done.out[done.out.index("✗") :].splitlines() == [
        "✗ 3 findings",
        "  unmapped acme.clauses.tsv:5:1",
        "    no item cites the must-clause `AC-003`, and no reason leaves it out",
        "  unknown-clause acme.yaml:17:7",
        "    `control locks of secure` cites `AC-03`, and the inventory has no such",
        "    clause",
        "    did you mean `AC-003`?",
        "  cites-no-clause acme.yaml:6:9",
        "    `goal better` cites no clause of the inventory",
    ]


def test_json_is_the_same_in_every_run_and_tells_the_findings(acme: Path) -> None:
    spoil(acme, "must\tcompany\nAC-002", "should\tcompany\nAC-002")
    done = run("policy", "coverage", str(acme), "--json")
    assert (done.exit, done.err) == (1, "")
    assert run("policy", "coverage", str(acme), "--json") == done
    value = json.loads(done.out)
    assert value["shape"] == "interlock.coverage/1"
    assert [one["check"] for one in value["findings"]] == ["promoted"]
    assert value["all_clauses"] == {
        "clauses": 5,
        "encoded": 4,
        "in_part": 1,
        "unencoded": 1,
        "unmapped": 0,
        "percent": 80,
    }


def test_another_inventory_may_be_named(acme: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.tsv"
    other.write_text(INVENTORY + "AC-009\t9\t\tmay\tBoard\n", encoding="utf-8")
    done = run("policy", "coverage", str(acme), "--inventory", str(other))
    assert done.exit == 1
    assert "AC-009" in done.out


def test_a_policy_in_markdown_or_on_standard_input_is_covered_likewise(acme: Path) -> None:
    markdown, inventory = acme.with_name("acme.md"), acme.with_name("acme.clauses.tsv")
    markdown.write_text(f"# Acme\n\n```interlock\n{POLICY}```\n", encoding="utf-8")
    assert run("policy", "coverage", str(markdown)).exit == 0
    named = run("policy", "coverage", "-", "--inventory", str(inventory), given=POLICY)
    assert (named.exit, named.err) == (0, "")
    assert "`-` has no folder" in refusal(run("policy", "coverage", "-", given=POLICY))


def test_without_an_inventory_there_is_nothing_to_hold_a_policy_to(acme: Path) -> None:
    acme.with_name("acme.clauses.tsv").unlink()
    said = refusal(run("policy", "coverage", str(acme)))
    assert "there is no inventory of the clauses of" in said
    assert "write it, a row for each clause" in said
    assert "ships with interlock" in refusal(run("policy", "coverage", f"interlock://{HALCYON.name}-scaling-policy"))


def test_a_file_that_can_not_be_read_is_refused(acme: Path, tmp_path: Path) -> None:
    assert "can't be read" in refusal(run("policy", "coverage", str(tmp_path / "gone.yaml")))
    assert "can't be read" in refusal(run("policy", "coverage", str(acme), "--inventory", str(tmp_path / "gone.tsv")))
    assert "is a folder" in refusal(run("policy", "coverage", str(acme), "--inventory", str(tmp_path)))
    assert "no policy `interlock://acme` ships" in refusal(run("policy", "coverage", "interlock://acme"))


def test_an_inventory_that_can_not_be_read_is_no_missing_one(acme: Path) -> None:
    beside = acme.with_name("acme.clauses.tsv")
    beside.unlink()
    beside.mkdir()
    said = refusal(run("policy", "coverage", str(acme)))
    assert "is a folder" in said
    assert "there is no inventory" not in said


def test_the_faults_of_policy_and_inventory_are_told_together(acme: Path) -> None:
    """Whoever encodes a text writes both."""
    spoil(acme, "side: oversight", "side: overseeing")
    spoil(acme, "\tmay\t", "\tmight\t")
    done = run("policy", "coverage", str(acme))
    said = refusal(done)
    assert "`overseeing`" in said
    assert "`might` is not a modality of a clause" in said
    assert "2 faults" in said
    value = json.loads(run("policy", "coverage", str(acme), "--json").err)
    assert [Path(one["file"]).name for one in value["faults"]] == ["acme.yaml", "acme.clauses.tsv"]


def test_a_sound_policy_is_no_answer_where_the_inventory_is_not_sound(acme: Path) -> None:
    acme.with_name("acme.clauses.tsv").write_bytes(b"\xff\xfe")
    assert "1 fault; nothing of the files of this run is used" in refusal(run("policy", "coverage", str(acme)))


def test_no_decision_loads_what_only_coverage_needs() -> None:
    """A gate asks before each action; what it does not need would cost it some milliseconds each time."""
    loads = "import sys, interlock.cli._asking; print('interlock.policy.clauses' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", loads], capture_output=True, check=True, encoding="utf-8")
    assert done.stdout == "False\n"


def test_a_huge_inventory_is_refused_with_what_to_do(acme: Path) -> None:
    acme.with_name("acme.clauses.tsv").write_bytes(INVENTORY.encode() + b"x" * 1_000_000)
    said = refusal(run("policy", "coverage", str(acme)))
    assert "the file is larger than 1 MB" in said
    assert "expected a smaller file" in said
