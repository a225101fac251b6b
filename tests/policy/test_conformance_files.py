"""The public conformance rows: every policy of theirs decodes, and every rejected file is rejected where they say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from interlock.notation import FaultsError
from interlock.policy import decode, decode_all


def rows(file: Path) -> list[dict[str, Any]]:
    read = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - makes texts and nothing else
    found: list[dict[str, Any]] = read.get("rows") or []
    return found


def files_of(row: dict[str, Any], folder: Path) -> list[tuple[str, bytes]]:
    """Return the row's policy files, edited as it says."""
    entries = row["policy"] if isinstance(row["policy"], list) else [row["policy"]]
    files = []
    for entry in entries:
        edits = entry.get("patch", []) if isinstance(entry, dict) else row.get("patch", []) if len(entries) == 1 else []
        name = entry["file"] if isinstance(entry, dict) else entry
        text = (folder / "policies" / name).read_text(encoding="utf-8")
        for edit in edits:
            assert edit["old"] in text
            text = text.replace(edit["old"], edit["new"], 1)
        files.append((name, text.encode()))
    return files


def test_every_policy_of_the_rows_decodes(shared: Path) -> None:
    found = sorted((shared / "conformance" / "policies").glob("*.yaml"))
    assert len(found) >= 10
    for file in found:
        assert decode(file.read_bytes(), file=file.name).file == file.name


def test_every_edited_policy_of_the_rows_decodes(shared: Path) -> None:
    checked = 0
    for file in sorted((shared / "conformance").glob("*.yaml")):
        for row in rows(file) if file.name != "rejected.yaml" else []:
            files = files_of(row, shared / "conformance")
            assert len(files) == len(decode_all(files)), row["id"]
            checked += 1
    assert checked > 200


def test_every_rejected_row_is_rejected_with_its_faults(shared: Path) -> None:
    checked = 0
    for row in rows(shared / "conformance" / "rejected.yaml"):
        files = files_of(row, shared / "conformance")
        if row["expect"]["exit"] == "0":
            assert decode_all(files)
            continue
        with pytest.raises(FaultsError) as refused:
            decode_all(files)
        wanted = row["expect"].get("faults", [])
        for fault in wanted:
            found = [drawn for drawn in refused.value.faults if drawn.span.line == int(fault["line"])]
            assert any(fault["contains"] in drawn.draw() for drawn in found), row["id"]
        # one mistake of a person is one fault, so that none is hidden among what follows from it
        assert len(refused.value.faults) == max(len(wanted), 1), row["id"]
        checked += 1
    assert checked > 20
