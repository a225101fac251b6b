"""The page of an encoding says of every clause what encodes it, in words; no page is out of date."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import encoding_pages
from encoding_pages import BLOCK, INDEX, Encoding, index_table, main, page_of, pages
from generated_block import MarkersError
from interlock.notation import FaultsError
from interlock.policy import decode
from interlock.policy.clauses import citing_items, clause_coverage, read_inventory
from tests.policy.whole import WHOLE

POLICY = """\
interlock: 1
policy: acme
version: "1"
issuer: Acme
title: A policy | with a bar
effective: 2025-01-01
source: {title: "A policy, first edition", url: "https://www.acme.example/policy", retrieved: 2026-11-24}
encoding: {by: the tests, status: unofficial}
unencoded:
  - {section: "9", why: No event could show it, clauses: [AC-8, AC-2]}
roles: {board: {title: Board, side: oversight}}
thresholds:
  danger:
    reached-when: {judged: dangerous, by: board}
    source: {section: "1", clauses: [AC-1, AC-4]}
    mark: read
    note: "Of *any* model. Choice: the Board judges. Vague: what is dangerous."
standards:
  secure:
    source: {section: "2", clauses: [AC-2]}
    mark: secondary source
    controls:
      locked-doors: {attested-by: board, source: {section: "2", clauses: [AC-3]}}
restrictions:
  hold: {forbids: [train], when: {term: large}, source: {section: "1", clauses: [AC-4]}, mark: read}
terms:
  large:
    readings:
      wide: {judged: wide, by: board}
      narrow: {judged: narrow, by: board}
    ruled-by: [board]
    disputed: [{by: "a reader, 2026", reading: wide, where: "https://acme.example/read", says: it is wide}]
    source: {section: "1", clauses: [AC-4]}
    note: "Disputed: how large."
goals: {better: {by: 2026-01-01, modality: aim, source: {section: "3", clauses: [AC-5]}}}
"""
INVENTORY = """\
id\tsection\tpage\tmodality\tactor
AC-1\t1\t2\tdefinition\tcompany
AC-2\t2\t2\tmust\tcompany
AC-3\t2\t3\tmust\tcompany
AC-4\t1\t4\tmust\tCEO+RSO
AC-5\t3\t4\taim\tcompany
AC-6\t3\t4\tmay\tcompany
AC-8\t9\t\tmay\tcompany
"""


def encoding(policy: str = POLICY) -> Encoding:
    coverage = clause_coverage(
        decode(policy, file="interlock://acme@1"), read_inventory(INVENTORY, file="acme@1.clauses.tsv")
    )
    return Encoding(reference="interlock://acme@1", name="acme@1", coverage=coverage, cases=41)


def rows(page: str, clause: str) -> list[list[str]]:
    """Return the rows of a clause, cell by cell; an escaped bar is no border."""
    lines = page.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| `{clause}` |"))
    found = [lines[start]]
    for line in lines[start + 1 :]:
        if not line.startswith("|  |"):
            break
        found.append(line)
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in found]


def section(page: str, title: str) -> str:
    return page.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0].strip()


def test_every_clause_has_its_rows_under_its_section_with_what_encodes_it_in_words() -> None:
    page = page_of(encoding())
    assert re.findall(r"^### Section (.+)$", page, re.MULTILINE) == ["1", "2", "3", "9"]
    assert rows(page, "AC-3") == [
        [
            "`AC-3`",
            "3",
            "must, company",
            "control locked-doors of secure",
            "Locked doors: attested by the Board.",
            "no mark",
        ]
    ]
    assert [row[3] for row in rows(page, "AC-4")] == ["threshold danger", "restriction hold", "term large"]
    assert rows(page, "AC-5")[0][3] == "goal better (aim)"


def test_an_item_is_said_once_and_named_with_the_clause_where_that_is() -> None:
    page = page_of(encoding())
    [said] = rows(page, "AC-1")
    assert said[4].startswith("Reached when it is shown that")
    assert said[4].endswith("(Of \\*any\\* model.)")
    assert rows(page, "AC-4")[0] == ["`AC-4`", "4", "must, CEO+RSO", "threshold danger", "as at `AC-1`", "read"]


def test_what_is_left_out_stands_in_the_table_and_in_a_list_of_its_own() -> None:
    page = page_of(encoding())
    assert rows(page, "AC-8") == [["`AC-8`", "", "may, company", "**not encoded**", "No event could show it.", ""]]
    assert rows(page, "AC-2")[1] == ["", "", "", "left out", "No event could show it.", ""]
    assert rows(page, "AC-6") == [["`AC-6`", "4", "may, company", "**nothing**", "", ""]]
    assert section(page, "What is left out") == "- Section 9 (`AC-8`, `AC-2`): No event could show it."


def test_disputes_and_choices_are_told_with_their_sources() -> None:
    page = page_of(encoding())
    disputed = section(page, "Readings in dispute")
    assert "1. wide: " in disputed
    assert "Ruled between by the Board." in disputed
    assert "- a reader, 2026, who reads it as `wide`: it is wide. https\\://acme.example/read" in disputed
    assert section(page, "What the encoder chose") == "- threshold danger: the Board judges."
    assert section(page, "Where the text sets no test") == "- threshold danger: what is dangerous."
    assert section(page, "What readers read otherwise") == "- term large: how large."


def test_the_header_says_which_edition_and_that_nobody_but_the_encoder_answers_for_it() -> None:
    page = page_of(encoding())
    assert page.startswith("# A policy \\| with a bar 1: clause by clause\n")
    assert "**Unofficial encoding by the tests" in page
    assert "Acme has not adopted it" in page
    assert "A policy, first edition, effective from 2025-01-01" in page
    assert "of 6 items 3 without a mark, 2 marked `read`, 1 marked `secondary source`" in page
    assert "| all clauses | 7 | 5 (71.4 %) | 1 | 1 | 1 |" in page
    assert "Items by kind: threshold 1, standard 1, control 1, restriction 1, term 1, goal 1. Cases: 41." in page


def test_every_kind_of_item_has_its_words() -> None:
    """A kind without a title would have none, and the page would not be written."""
    policy = decode(WHOLE, file="p.yaml")
    words = encoding_pages._words(policy)
    items = list(citing_items(policy))
    assert len(items) > 20
    assert {(item.kind, item.within, item.id) for item in items} <= set(words)


def test_the_index_lists_every_encoding_and_keeps_what_people_wrote() -> None:
    found = pages([encoding()], f"# Mine\n\n{BLOCK.empty()}\nmore\n")
    assert set(found) == {INDEX, "acme@1.md"}
    assert found[INDEX].startswith("# Mine\n")
    assert found[INDEX].endswith("\nmore\n")
    assert index_table([encoding()]) in found[INDEX]
    assert (
        "[A policy \\| with a bar 1](acme@1.md) | Acme | `interlock://acme@1` | 7 | 5 (71.4 %) | 6 | 41 |"
        in found[INDEX]
    )
    with pytest.raises(MarkersError):
        pages([encoding()], "# Mine\n")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / INDEX).write_text(BLOCK.empty(), encoding="utf-8")
    monkeypatch.setattr(encoding_pages, "FOLDER", tmp_path)
    monkeypatch.setattr(encoding_pages, "encodings", lambda: iter([encoding()]))
    return tmp_path


def test_what_is_missing_or_stale_is_found_and_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 1
    assert not (folder / "acme@1.md").exists()
    assert main([]) == 0
    assert main(["--check"]) == 0
    capsys.readouterr()
    page = folder / "acme@1.md"
    page.write_text(page.read_text(encoding="utf-8") + "more\n", encoding="utf-8")
    assert main(["--check"]) == 1
    assert "acme@1.md: out of date" in capsys.readouterr().err
    assert main([]) == 0
    assert main(["--check"]) == 0


def test_what_people_wrote_beside_the_pages_is_left_alone(folder: Path) -> None:
    """A page of somebody's own was once removed as one of no encoding."""
    assert main([]) == 0
    own = folder / "how-acme-was-encoded.md"
    own.write_text("# How Acme was encoded\n", encoding="utf-8")
    assert main(["--check"]) == 0
    assert main([]) == 0
    assert own.read_text(encoding="utf-8") == "# How Acme was encoded\n"
    (folder / "acme@1.md").write_text("mine", encoding="utf-8")
    assert main([]) == 1
    assert (folder / "acme@1.md").read_text(encoding="utf-8") == "mine"


def test_a_page_of_an_encoding_that_is_gone_is_told_and_never_removed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([]) == 0
    left = folder / "gone@1.md"
    left.write_text(page_of(encoding()), encoding="utf-8")
    for arguments in (["--check"], []):
        assert main(arguments) == 1
        assert "gone@1.md: there is no such encoding" in capsys.readouterr().err
        assert left.exists()


def test_an_encoding_with_a_fault_leaves_every_page_as_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise FaultsError([], total=1)

    monkeypatch.setattr(encoding_pages, "encodings", broken)
    assert main([]) == 1
    assert capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == [INDEX]
