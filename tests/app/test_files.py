from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from interlock.app import _files
from interlock.app._files import read_files
from interlock.app.errors import FileRefused


def test_files_keep_the_names_and_the_order_that_they_were_given_in(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / name).write_text(name)
    assert read_files([tmp_path / "b", tmp_path / "a"]) == [(f"{tmp_path}/b", b"b"), (f"{tmp_path}/a", b"a")]


def test_a_missing_file_is_refused_with_what_to_check(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="no such file") as caught:
        read_files([tmp_path / "absent.yaml"])
    assert "folder you are in" in (caught.value.advice or "")


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="is a folder, not a file"):
        read_files([tmp_path])


def test_a_name_with_a_null_character_is_refused() -> None:
    with pytest.raises(FileRefused):
        read_files([Path("a\0b")])


@pytest.mark.skipif(os.geteuid() == 0, reason="everything is readable to root")
def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("x")
    path.chmod(0)
    with pytest.raises(FileRefused, match="permission denied"):
        read_files([path])


def test_a_file_named_twice_is_refused_also_through_a_link(tmp_path: Path) -> None:
    """Its events would count twice."""
    (tmp_path / "events.jsonl").write_text("")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "events.jsonl")
    with pytest.raises(FileRefused, match="is the same file as"):
        read_files([tmp_path / "events.jsonl", tmp_path / "link.jsonl"])


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_files, "MOST_BYTES", 3)
    (tmp_path / "three").write_text("123")
    (tmp_path / "four").write_text("1234")
    assert read_files([tmp_path / "three"])[0][1] == b"123"
    with pytest.raises(FileRefused, match="larger than"):
        read_files([tmp_path / "four"])


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b' {"event": 1}\n', "standard-input.jsonl"),
        (b"- event: x\n", "standard-input.yaml"),
        (b"", "standard-input.yaml"),
    ],
)
def test_the_standard_input_is_named_by_what_it_holds(
    content: bytes, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert read_files([Path("-")]) == [(name, content)]


def test_the_standard_input_is_read_once() -> None:
    with pytest.raises(FileRefused, match="the same file"):
        read_files([Path("-"), Path("-")])
