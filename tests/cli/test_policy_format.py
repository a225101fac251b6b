from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from interlock.policy import formatted
from tests.cli.commands import HALCYON, run

POLICY = HALCYON / "policy.yaml"
PAGE = """\
# Ours

```interlock
{policy}```
"""


@pytest.fixture
def crooked(tmp_path: Path) -> Path:
    path = tmp_path / "crooked.yaml"
    path.write_text(POLICY.read_text(encoding="utf-8").replace("side: developer", "side:  developer"), encoding="utf-8")
    return path


@pytest.fixture
def canonical(tmp_path: Path) -> Path:
    path = tmp_path / "canonical.yaml"
    path.write_bytes(formatted(POLICY.read_bytes(), file="canonical.yaml"))
    return path


def test_the_text_of_one_file_is_printed_and_the_file_left_alone(crooked: Path, canonical: Path) -> None:
    before = crooked.read_bytes()
    done = run("policy", "format", str(crooked))
    assert (done.exit, done.out, done.err) == (0, canonical.read_text(encoding="utf-8"), "")
    assert crooked.read_bytes() == before


def test_the_standard_input_is_formatted(canonical: Path) -> None:
    done = run("policy", "format", "-", given=POLICY.read_text(encoding="utf-8"))
    assert (done.exit, done.out) == (0, canonical.read_text(encoding="utf-8"))


def test_check_lists_what_would_change_and_writes_nothing(crooked: Path, canonical: Path) -> None:
    before = crooked.read_bytes()
    done = run("policy", "format", "--check", str(crooked), str(canonical))
    assert done.exit == 1
    assert done.out.split() == ["✗", "would", "change", str(crooked), "✓", "canonical", str(canonical)]
    assert crooked.read_bytes() == before
    assert run("policy", "format", "--check", str(canonical)).exit == 0


def test_write_rewrites_what_differs_and_touches_nothing_else(crooked: Path, canonical: Path) -> None:
    crooked.chmod(0o640)
    text, settled = canonical.read_bytes(), canonical.stat()
    done = run("policy", "format", "--write", str(crooked), str(canonical))
    assert done.exit == 0
    assert crooked.read_bytes() == text
    assert stat.S_IMODE(crooked.stat().st_mode) == 0o640
    assert (canonical.stat().st_ino, canonical.stat().st_mtime_ns) == (settled.st_ino, settled.st_mtime_ns)
    assert sorted(path.name for path in crooked.parent.iterdir()) == ["canonical.yaml", "crooked.yaml"]
    assert run("policy", "format", "--check", str(crooked)).exit == 0


def test_a_markdown_file_is_rewritten_block_by_block(tmp_path: Path, crooked: Path, canonical: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(PAGE.format(policy=crooked.read_text(encoding="utf-8")), encoding="utf-8")
    assert run("policy", "format", "--write", str(path)).exit == 0
    assert path.read_text(encoding="utf-8") == PAGE.format(policy=canonical.read_text(encoding="utf-8"))


def test_nothing_is_rewritten_where_one_file_is_rejected(tmp_path: Path, crooked: Path) -> None:
    rejected = tmp_path / "rejected.yaml"
    rejected.write_text(POLICY.read_text(encoding="utf-8").replace("forbids: [train,", "forbidz:  [train,"))
    before = crooked.read_bytes(), rejected.read_bytes()
    done = run("policy", "format", "--write", str(crooked), str(rejected))
    assert (done.exit, done.out) == (2, "")
    assert "did you mean `forbids`?" in done.err
    assert (crooked.read_bytes(), rejected.read_bytes()) == before


def test_two_files_with_the_same_version_may_be_formatted_at_once(crooked: Path, canonical: Path) -> None:
    """They are no set of versions of one policy here; only `check` and what decides must refuse them."""
    assert run("policy", "format", "--check", str(crooked), str(canonical)).exit == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("a.yaml", "b.yaml"), "add --check or --write"),
        (("--check", "--write", "a.yaml"), "give one of them"),
        (("--write", "-"), "the standard input can't be written anew"),
        (("--write", "interlock://halcyon-scaling-policy@1.0"), "can't be written anew"),
        (("no-such-file.yaml",), "can't be read"),
    ],
)
def test_what_can_not_be_done_is_refused(arguments: tuple[str, ...], says: str) -> None:
    done = run("policy", "format", *arguments)
    assert (done.exit, done.out) == (2, "")
    assert says in done.err


def test_the_result_as_json(crooked: Path, canonical: Path) -> None:
    checked = json.loads(run("policy", "format", "--check", str(crooked), str(canonical), "--json").out)
    assert checked == {
        "shape": "interlock.format/1",
        "files": [{"file": str(crooked), "changes": True}, {"file": str(canonical), "changes": False}],
    }
    printed = json.loads(run("policy", "format", str(crooked), "--json").out)
    assert printed["files"] == [{"file": str(crooked), "changes": True, "text": canonical.read_text(encoding="utf-8")}]
