"""`interlock policy show`, `list` and `schema`, and references in the place of policy files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.commands import FILES, HALCYON, QUESTION, run

REFERENCE = "interlock://halcyon-scaling-policy@1.0"
POLICY = str(HALCYON / "policy.yaml")


def test_show_begins_with_the_standing_of_the_encoding() -> None:
    done = run("policy", "show", REFERENCE)
    assert done.exit == 0
    assert done.out.startswith("! Unofficial encoding by the example of interlock, reviewed by nobody named;\n")


def test_show_prints_markdown_and_a_page() -> None:
    markdown, page = (run("policy", "show", POLICY, "--format", form) for form in ("markdown", "html"))
    assert (markdown.exit, markdown.err, page.exit, page.err) == (0, "", 0, "")
    assert markdown.out.startswith("# Halcyon Scaling Policy\n\n> **Unofficial encoding")
    assert page.out.startswith("<!DOCTYPE html>\n<html")


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_show_writes_what_it_would_print(form: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for _ in range(2):
        done = run("policy", "show", POLICY, "--format", form, "--out", str(out))
        assert (done.exit, done.err) == (0, "")
        assert done.out.startswith("✓ written halcyon-scaling-policy 1.0 in words, to")
    assert out.read_text(encoding="utf-8") == run("policy", "show", POLICY, "--format", form, "--out", "-").out


def test_show_never_writes_over_a_policy(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_bytes((HALCYON / "policy.yaml").read_bytes())
    for form in ("text", "markdown", "html"):
        done = run("policy", "show", str(path), "--format", form, "--out", str(path))
        assert (done.exit, done.out) == (2, "")
        assert "is there already" in done.err
    assert path.read_bytes() == (HALCYON / "policy.yaml").read_bytes()


@pytest.mark.parametrize("more", [("--format", "html"), ("--out", "x.json")], ids=" ".join)
def test_show_as_json_goes_to_standard_output_alone(more: tuple[str, ...]) -> None:
    done = run("policy", "show", POLICY, "--json", *more)
    assert (done.exit, done.out) == (2, "")


def test_show_as_json_has_the_source_mark_and_note_of_each_item() -> None:
    value = json.loads(run("policy", "show", "interlock://anthropic-rsp@1.0", "--json").out)
    sections = {section["title"]: section["items"] for section in value["sections"]}
    [one] = [item for item in sections["Measures"] if item["id"] == "autonomy.tasks-passed"]
    assert one["source"].startswith(
        "section Appendices, ASL-3 Evaluations for Autonomous Capabilities, page 15 to 20, clauses RSP10-156, "
    )
    assert one["mark"] == "read"
    assert one["note"].startswith("A task passes with one success in ten tries")
    controls = json.loads(run("policy", "show", POLICY, "--json").out)["sections"]
    parts = [part["id"] for section in controls for item in section["items"] for part in item["parts"]]
    assert parts == ["two-party-control", "weights-red-team", "misuse-classifiers", "jailbreak-red-team"]


def test_list_names_each_policy_and_how_to_read_one() -> None:
    done = run("policy", "list")
    assert (done.exit, done.err) == (0, "")
    assert "interlock://anthropic-rsp@1.0\n  Anthropic's Responsible Scaling Policy, of Anthropic" in done.out
    assert "effective from 2026-07-01\n  Unofficial encoding by the example of interlock" in done.out
    assert done.out.endswith("\n  interlock policy show interlock://anthropic-rsp@1.0\n")
    assert max(len(row) for row in done.out.splitlines()) <= 80
    value = json.loads(run("policy", "list", "--json").out)
    assert [one["reference"] for one in value["policies"]] == sorted(one["reference"] for one in value["policies"])


def test_schema_prints_and_writes_the_schema(tmp_path: Path) -> None:
    printed = run("policy", "schema")
    assert printed.exit == 0
    assert json.loads(printed.out)["$id"] == "urn:interlock:policy:1"
    out = tmp_path / "policy.schema.json"
    assert run("policy", "schema", "--out", str(out)).exit == 0
    assert out.read_text(encoding="utf-8") == printed.out
    out.write_text("something else", encoding="utf-8")
    assert run("policy", "schema", "--out", str(out)).exit == 2


@pytest.mark.parametrize(
    "command",
    [
        ("policy", "check", "FILE"),
        ("policy", "show", "FILE"),
        ("decide", "--policy", "FILE", *FILES[2:], *QUESTION),
        ("explain", "--policy", "FILE", *FILES[2:], *QUESTION),
        ("duties", "--policy", "FILE", *FILES[2:], "--as-of", "2026-11-25"),
        ("replay", "--policy", "FILE", *FILES[2:], "--as-of", "2026-11-25"),
        ("replay", "--policy", "FILE", *FILES[2:], "--under", REFERENCE),
        ("status", "--policy", "FILE", *FILES[2:], "--as-of", "2026-11-25"),
    ],
    ids=["check", "show", "decide", "explain", "duties", "replay", "replay-under", "status"],
)
def test_a_reference_does_what_its_file_does(command: tuple[str, ...]) -> None:
    by_file, by_reference = (
        run(*(path if part == "FILE" else part for part in command)) for path in (POLICY, REFERENCE)
    )
    assert by_reference.exit == by_file.exit != 70
    if command[0] == "policy":
        return
    # only the command to type next names what was given
    file = [row for row in by_file.out.splitlines() if POLICY not in row]
    reference = [row for row in by_reference.out.splitlines() if REFERENCE not in row]
    assert reference[:8] == file[:8]
    assert len(file) > 3


def test_the_next_command_names_the_reference_as_it_is_typed() -> None:
    out = run("decide", "--policy", REFERENCE, *FILES[2:], *QUESTION).out
    assert f"interlock explain --policy {REFERENCE}" in " ".join(out.replace("\\\n", " ").split())


def test_init_copies_a_bundled_policy(tmp_path: Path) -> None:
    done = run("init", str(tmp_path / "ws"), "--policy", "interlock://anthropic-rsp@1.0")
    assert done.exit == 0
    assert [file.name for file in (tmp_path / "ws" / "policies").iterdir()] == ["anthropic-rsp@1.0.yaml"]


def test_an_unknown_reference_is_refused_with_the_nearest() -> None:
    done = run("policy", "check", "interlock://halcyon-scaling-polcy@1.0")
    assert (done.exit, done.out) == (2, "")
    assert "did you mean `interlock://halcyon-scaling-policy@1.0`?" in " ".join(done.err.split())
