from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.casebook.books import BACKGROUND, BODY, HEADER
from tests.cli.commands import HALCYON, run

PASSING = (
    "  - {says: Held while nothing is shown, source: '3.1', ask: {decide: {action: train}}, expect: {outcome: held}}\n"
)
FAILING = "  - {says: Free & <easy>, ask: {decide: {action: train}}, expect: {outcome: permitted, because: grace}}\n"


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    path = tmp_path / "acme.yaml"
    path.write_text(HEADER + BODY, encoding="utf-8")
    return path


def write(policy: Path, cases: str, name: str = "acme.cases.yaml", head: str = "") -> Path:
    path = policy.with_name(name)
    path.write_text(f"{head}{BACKGROUND}cases:\n{cases}", encoding="utf-8")
    return path


def test_the_bundled_policy_passes_its_cases_and_they_see_all_of_it() -> None:
    done = run("policy", "test", str(HALCYON / "policy.yaml"), "--min-coverage", "100")
    assert (done.exit, done.err) == (0, "")
    assert "Coverage 100 % (68 of 68 states seen)" in done.out
    assert done.out.endswith("✓ 35 cases, all passed\n")


def test_a_case_gets_a_line_and_a_failed_one_what_was_got_and_why(acme: Path) -> None:
    write(acme, PASSING + FAILING)
    done = run("policy", "test", str(acme))
    assert (done.exit, done.err) == (1, "")
    cases = done.out[done.out.index("  ✓ Held") : done.out.index("\nCoverage")].splitlines()
    assert cases == [
        "  ✓ Held while nothing is shown (3.1)",
        "  ✗ Free & <easy>",
        "      outcome: expected permitted",
        "               got held",
        "      because: expected grace",
        "               got hold",
        "      `hold` is active by default",
        "      {measure: run, at-least: 50%, confidence: 95%} is unknown (missing)",
    ]
    assert done.out.endswith("✗ 2 cases, 1 failed\n")
    assert "threshold danger              open                    reached, ruled out\n" in done.out


def test_coverage_that_is_short_fails_the_run(acme: Path) -> None:
    write(acme, PASSING)
    done = run("policy", "test", str(acme), "--min-coverage", "90")
    assert done.exit == 1
    assert "less than 90 %" in done.out
    assert run("policy", "test", str(acme), "--min-coverage", "5").exit == 0
    assert run("policy", "test", str(acme), "--min-coverage", "101").exit == 2


def test_json_holds_every_case_and_the_coverage(acme: Path) -> None:
    write(acme, PASSING + FAILING)
    done = run("policy", "test", str(acme), "--json")
    found = json.loads(done.out)
    assert (done.exit, found["shape"], found["passed"], found["failed"]) == (1, "interlock.policy-test/1", 1, 1)
    [book] = found["casebooks"]
    assert book["policy"]["id"] == "acme"
    assert book["cases"][1]["mismatches"] == [
        {"what": "outcome", "expected": "permitted", "got": "held"},
        {"what": "because", "expected": "grace", "got": "hold"},
    ]
    assert (book["cases"][0]["line"], book["cases"][0]["asks"], book["cases"][0]["source"]) == (6, "decide", "3.1")
    first = book["coverage"]["items"][0]
    assert first == {
        "kind": "restriction",
        "id": "hold",
        "part": None,
        "states": {
            "active by evidence": 0,
            "active by default": 2,
            "released": 0,
            "lifted": 0,
            "inactive by evidence": 0,
        },
    }


def test_junit_names_each_case_and_each_failure(acme: Path, tmp_path: Path) -> None:
    write(acme, PASSING + FAILING)
    report = tmp_path / "report.xml"
    assert run("policy", "test", str(acme), "--junit", str(report)).exit == 1
    root = ET.parse(report).getroot()  # noqa: S314 - as above
    assert (root.attrib["tests"], root.attrib["failures"]) == ("2", "1")
    passed, failed = root.iter("testcase")
    assert (passed.attrib["name"], list(passed)) == ("Held while nothing is shown", [])
    assert failed.attrib["name"] == "Free & <easy>"
    assert failed[0].attrib["message"] == "outcome: expected permitted, got held"
    assert run("policy", "test", str(acme), "--junit", str(report)).exit == 1
    assert run("policy", "test", str(acme), "--junit", str(acme)).exit == 2
    assert acme.read_text(encoding="utf-8") == HEADER + BODY


def test_faults_of_all_files_are_shown_at_once(acme: Path, tmp_path: Path) -> None:
    cases = write(acme, PASSING.replace("outcome", "outcom"))
    other = tmp_path / "other.yaml"
    other.write_text(HEADER + BODY.replace("forbids", "forbidz", 1), encoding="utf-8")
    write(other, PASSING, "other.cases.yaml")
    done = run("policy", "test", str(acme), str(other))
    assert (done.exit, done.out) == (2, "")
    assert f"{cases}:6:" in done.err
    assert "did you mean `outcome`?" in done.err
    assert "did you mean `forbids`?" in done.err


def test_cases_elsewhere_are_named_and_run_under_another_policy(acme: Path, tmp_path: Path) -> None:
    cases = write(acme, PASSING, "elsewhere.yaml", head="policy: acme.yaml\n")
    assert run("policy", "test", "--cases", str(cases)).exit == 0
    lenient = tmp_path / "lenient.yaml"
    lenient.write_text(HEADER + BODY.replace("forbids: [train]", "forbids: [share-weights]"), encoding="utf-8")
    assert run("policy", "test", str(lenient), "--cases", str(cases)).exit == 1
    assert run("policy", "test", str(acme), "--cases", str(cases)).exit == 0


def test_a_file_of_cases_may_be_named_in_place_of_its_policy(acme: Path) -> None:
    assert run("policy", "test", str(write(acme, PASSING))).exit == 0


def test_a_bundled_policy_may_be_named_by_its_reference(tmp_path: Path) -> None:
    cases = tmp_path / "halcyon.cases.yaml"
    text = (HALCYON / "policy.cases.yaml").read_text(encoding="utf-8")
    reference = "policy: interlock://halcyon-scaling-policy@1.0"
    cases.write_text(text.replace("policy: policy.yaml", reference, 1), encoding="utf-8")
    assert run("policy", "test", "--cases", str(cases)).exit == 0


def test_the_cases_of_a_bundled_policy_are_found_beside_it() -> None:
    """With or without its version, and as a file of cases for another policy."""
    done = run("policy", "test", "interlock://halcyon-scaling-policy@1.0")
    assert (done.exit, done.err) == (0, "")
    assert done.out.startswith("interlock://halcyon-scaling-policy@1.0.cases.yaml ")
    assert done.out.endswith("✓ 35 cases, all passed\n")
    assert run("policy", "test", "interlock://halcyon-scaling-policy").out == done.out
    cases = "interlock://halcyon-scaling-policy@1.0"
    assert run("policy", "test", str(HALCYON / "policy.yaml"), "--cases", cases).exit == 0
    assert run("policy", "test", "--cases", cases).exit == 0


@pytest.mark.parametrize(
    ("head", "exits", "said"),
    [
        ("versions: [interlock://halcyon-scaling-policy@1.0]\n", 0, ""),
        ("versions: [../halcyon/policy.yaml]\n", 2, "name the file `../halcyon/policy.yaml`, and no such policy ships"),
        ("versions: [gone.yaml]\n", 2, "name the file `gone.yaml`, and no such policy ships"),
        ("versions: [other@1.yaml]\n", 0, ""),
    ],
)
def test_versions_that_the_cases_of_a_bundled_policy_name_are_bundled_beside_it(
    head: str, exits: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "acme@1.yaml").write_text(HEADER + BODY, encoding="utf-8")
    (folder / "other@1.yaml").write_text((HEADER + BODY).replace("policy: acme", "policy: other"), encoding="utf-8")
    write(folder / "acme@1.yaml", PASSING, "acme@1.cases.yaml", head)
    for path in ("halcyon", "replays"):
        (tmp_path / path).symlink_to(HALCYON.parent / path)
    monkeypatch.setattr("interlock.library._policies._library", lambda: tmp_path)
    done = run("policy", "test", "interlock://acme@1")
    assert (done.exit, done.out == "") == (exits, exits == 2)
    assert said in " ".join(done.err.split())


def test_other_versions_count_from_their_day(acme: Path, tmp_path: Path) -> None:
    second = (HEADER + BODY).replace('version: "1"', 'version: "2"').replace("2025-01-01", "2025-02-15")
    (tmp_path / "second.yaml").write_text(second.replace("forbids: [train]", "forbids: [share-weights]"), "utf-8")
    later = "  - {says: later, ask: {decide: {action: train}}, expect: {outcome: permitted}}\n"
    write(acme, later, head="versions: [second.yaml]\n")
    done = run("policy", "test", str(acme), "--json")
    assert (done.exit, json.loads(done.out)["casebooks"][0]["versions"][0]["version"]) == (0, "2")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "nothing is named that could be tested"),
        (("POLICY",), "there are no cases of"),
        (("gone.yaml",), "can't be read"),
        (("-",), "`-` has no folder in which its cases could be"),
        (("interlock://gone@1.0",), "no policy `interlock://gone@1.0` ships with interlock"),
        (("--boundaries",), "drafts cases of one POLICY"),
        (("POLICY", "--boundaries", "--min-coverage", "3"), "drafts cases of one POLICY"),
    ],
)
def test_what_can_not_be_run_is_refused(acme: Path, arguments: tuple[str, ...], message: str) -> None:
    done = run("policy", "test", *(str(acme) if one == "POLICY" else one for one in arguments))
    assert (done.exit, done.out) == (2, "")
    assert message in " ".join(done.err.split())


def test_cases_that_belong_to_another_policy_are_refused(acme: Path, tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(HEADER + BODY, encoding="utf-8")
    write(acme, PASSING, head="policy: other.yaml\n")
    done = run("policy", "test", str(acme))
    assert (done.exit, done.out) == (2, "")
    assert "holds the cases of `other.yaml`" in " ".join(done.err.split())


def test_drafted_boundaries_pass_as_they_were_written(acme: Path, tmp_path: Path) -> None:
    drafted = tmp_path / "bounds" / "acme-bounds.cases.yaml"
    drafted.parent.mkdir()
    done = run("policy", "test", str(acme), "--boundaries", "--write", str(drafted))
    assert done.exit == 0
    assert f"cases written to {drafted}" in " ".join(done.out.split())
    assert "policy: ../acme.yaml" in drafted.read_text(encoding="utf-8")
    assert run("policy", "test", "--cases", str(drafted)).exit == 0
    again = drafted.read_bytes()
    assert run("policy", "test", str(acme), "--write", str(drafted)).exit == 0
    assert drafted.read_bytes() == again


def test_drafted_cases_are_never_written_over_cases_of_a_person(acme: Path) -> None:
    cases = write(acme, PASSING)
    before = cases.read_bytes()
    assert run("policy", "test", str(acme), "--boundaries", "--write", str(cases)).exit == 2
    assert run("policy", "test", str(acme), "--boundaries", "--write", str(acme)).exit == 2
    assert cases.read_bytes() == before


def test_without_a_file_drafted_cases_go_to_the_screen_or_into_json(acme: Path) -> None:
    shown = run("policy", "test", str(acme), "--boundaries")
    assert shown.out.startswith("# Boundary cases of acme 1")
    found = json.loads(run("policy", "test", str(acme), "--boundaries", "--json").out)
    assert found["shape"] == "interlock.policy-boundaries/1"
    assert found["text"] == shown.out
    assert found["cases"] == shown.out.count("  - says:")
