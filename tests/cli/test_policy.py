from __future__ import annotations

import json
from pathlib import Path

from tests.cli.commands import FILES, HALCYON, run

POLICY = HALCYON / "policy.yaml"


def broken(folder: Path, name: str) -> Path:
    text = POLICY.read_text(encoding="utf-8")
    for old, new in (
        ("forbids: [train, store]", "forbidz: [train, store]"),
        ("{reached: cyber-3}", "{reached: cyber-4}"),
    ):
        text = text.replace(old, new, 1)
    path = folder / name
    path.write_text(text.replace("policy: halcyon-scaling-policy", f"policy: {path.stem}"), encoding="utf-8")
    return path


def test_sound_files_get_a_line_each(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(POLICY.read_text(encoding="utf-8").replace('version: "1.0"', 'version: "2.0"'), encoding="utf-8")
    done = run("policy", "check", str(POLICY), str(other))
    assert (done.exit, done.err) == (0, "")
    assert [line.split(":")[-1].strip() for line in done.out.replace("\n  ", " ").splitlines()] == [
        "halcyon-scaling-policy 1.0 of Halcyon AI",
        "halcyon-scaling-policy 2.0 of Halcyon AI",
    ]


def test_all_faults_of_all_files_are_drawn_at_once(tmp_path: Path) -> None:
    one, two = broken(tmp_path, "one.yaml"), broken(tmp_path, "two.yaml")
    done = run("policy", "check", str(one), str(two))
    assert done.exit == 2
    places = [line.split()[0] for line in done.out.splitlines() if line.startswith(str(tmp_path))]
    assert [place.count("one.yaml") for place in places] == [1, 1, 0, 0]
    assert "did you mean `forbids`?" in done.out
    assert "did you mean `cyber-3`?" in done.out
    assert done.out.endswith("4 faults; nothing of the files of this run is used\n")


def test_faults_as_json_have_their_places(tmp_path: Path) -> None:
    path = broken(tmp_path, "one.yaml")
    done = run("policy", "check", str(path), "--json")
    value = json.loads(done.out)
    assert (done.exit, done.err, value["shape"]) == (2, "", "interlock.check/1")
    assert [list(fault) for fault in value["faults"]] == [
        ["file", "line", "column", "expected", "nearest", "message"]
    ] * 2
    lines = path.read_text(encoding="utf-8").splitlines()
    assert ["forbidz" in lines[value["faults"][0]["line"] - 1], "cyber-4" in lines[value["faults"][1]["line"] - 1]] == [
        True,
        True,
    ]


def test_sound_files_as_json_have_no_faults() -> None:
    done = run("policy", "check", str(POLICY), "--json")
    assert (done.exit, json.loads(done.out)) == (0, {"shape": "interlock.check/1", "faults": []})


def test_a_missing_file_is_refused_and_not_called_sound(tmp_path: Path) -> None:
    done = run("policy", "check", str(POLICY), str(tmp_path / "none.yaml"))
    assert (done.exit, done.out) == (2, "")
    assert "no such file" in done.err


def test_show_says_what_a_restriction_comes_to_where_nothing_is_shown() -> None:
    done = run("policy", "show", str(POLICY))
    shown = " ".join(done.out.split())
    assert (done.exit, done.err) == (0, "")
    assert (
        "hold-external-deployment (section 4.2, page 8) External deployment and releasing weights are held unless the "
        "developer can show that `cyber-3` is ruled out; if they cannot show that, then"
    ) in shown
    assert "presumed active where `when` is unknown" in shown
    assert "tell-the-regulator (section 5.3, page 10) Aim (never holds an action):" in shown
    assert max(len(row) for row in done.out.splitlines() if "sha256:" not in row and "/" not in row) <= 80


def test_show_as_json_holds_the_same_sentences() -> None:
    done = run("policy", "show", str(POLICY), "--json")
    value = json.loads(done.out)
    assert (value["shape"], value["id"], value["version"]) == ("interlock.policy/1", "halcyon-scaling-policy", "1.0")
    sections = {section["title"]: section["items"] for section in value["sections"]}
    assert [item["id"] for item in sections["Restrictions"]] == [
        "hold-training",
        "secure-weights",
        "hold-internal-use",
        "hold-external-deployment",
        "tell-the-regulator",
    ]
    assert sections["Restrictions"][0]["source"] == "section 3.1, page 6"


def test_show_of_a_rejected_file_exits_2(tmp_path: Path) -> None:
    done = run("policy", "show", str(broken(tmp_path, "one.yaml")))
    assert (done.exit, done.out) == (2, "")


def test_a_policy_may_come_from_the_standard_input() -> None:
    done = run("policy", "check", "-", given=POLICY.read_text(encoding="utf-8"))
    assert done.exit == 0
    decided = run(
        "decide", "--policy", "-", *FILES[2:], "--model", "halcyon-4", "--action", "train", "--as-of", "2026-11-25",
        given=POLICY.read_text(encoding="utf-8"),
    )  # fmt: skip
    assert decided.exit == 3
