"""Inventories of clauses: what is not an inventory is refused with every fault at its place; no clause gets lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.notation import Fault, FaultsError
from interlock.policy._forms import MODALITIES
from interlock.policy.clauses import read_inventory
from interlock.policy.clauses._inventories import CLAUSE_MODALITIES, MOST_CLAUSES
from tests.conftest import REPOSITORY

HEADER = "id\tsection\tpage\tmodality\tactor\n"
FOLDER = REPOSITORY / "src" / "interlock" / "library" / "policies"
BUNDLED = sorted(FOLDER.glob("*.clauses.tsv"))
WORDS_OF_FACTS = {"def": "definition", "expect": "expected", "recommend": "recommended"}


def faults_of(content: bytes | str) -> list[Fault]:
    with pytest.raises(FaultsError) as refused:
        read_inventory(content, file="p.clauses.tsv")
    assert refused.value.total == len(refused.value.faults)
    return list(refused.value.faults)


def test_a_clause_has_an_id_a_place_a_modality_and_an_actor_and_perhaps_a_page() -> None:
    inventory = read_inventory(
        f"{HEADER}RSP-1\t3.2(1)\t4\tmust\tCEO+RSO\n22757.12(c)(1)\t22757.12\t\tmay\tlarge developer\n",
        file="p.clauses.tsv",
    )
    assert inventory.file == "p.clauses.tsv"
    assert list(inventory.clauses) == ["RSP-1", "22757.12(c)(1)"]
    first, second = inventory.clauses.values()
    assert (first.section, first.page, first.modality, first.actor) == ("3.2(1)", "4", "must", "CEO+RSO")
    assert (second.page, second.span.line, second.span.column) == (None, 3, 1)


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("\t1\t2\tmust\tcompany", 1, "the clause has no id"),
        ("A\t\t2\tmust\tcompany", 3, "the clause has no section"),
        ("A\t1\t2\t\tcompany", 7, "the clause has no modality"),
        ("A\t1\t2\tmust\t", 12, "the clause has no actor"),
        ("A 1\t1\t2\tmust\tcompany", 1, "`A 1` is not the id of a clause"),
        ("A,B\t1\t2\tmust\tcompany", 1, "`A,B` is not the id of a clause"),
        ("A\u00a0B\t1\t2\tmust\tcompany", 1, "`A\u00a0B` is not the id of a clause"),
        (f"{'A' * 65}\t1\t2\tmust\tcompany", 1, "is not the id of a clause"),
        ("A\t1\t2\tshall\tcompany", 7, "`shall` is not a modality of a clause"),
        ("A\t1\t2\tMust\tcompany", 7, "`Must` is not a modality of a clause"),
        ("A\t1\t2\texpect\tcompany", 7, "`expect` is not a modality of a clause"),
        ("X-1\t1\t2\tmust\tcompany", 1, "the clause `X-1` is in line 2 already"),
    ],
)
def test_a_row_that_states_no_clause_is_a_fault_at_its_cell(row: str, column: int, says: str) -> None:
    [fault] = faults_of(f"{HEADER}X-1\t1\t2\tmust\tcompany\n{row}\n")
    assert (fault.span.file, fault.span.line, fault.span.column) == ("p.clauses.tsv", 3, column)
    assert says in fault.message
    assert fault.expected


def test_a_modality_that_is_nearly_one_is_told_the_one_that_was_meant() -> None:
    assert [fault.nearest for fault in faults_of(f"{HEADER}A\t1\t\texpect\tx\nB\t1\t\tMUST\tx\nC\t1\t\tzzz\tx\n")] == [
        "expected",
        "must",
        None,
    ]


def test_faults_of_notation_and_of_meaning_are_told_together_in_the_order_of_the_file() -> None:
    places = [
        (fault.span.line, fault.span.column)
        for fault in faults_of(f"{HEADER}A\t1\t\tnone\tx\nB\t1\nA\t1\t \tmust\t\nA\t1\t\tmust\tx\x1b\n\n")
    ]
    assert places == [(2, 6), (3, 1), (4, 1), (4, 5), (4, 12), (5, 1), (5, 12), (6, 1)]


def test_two_rows_without_an_id_are_two_missing_ids_and_no_clause_that_stands_there_twice() -> None:
    says = [fault.message for fault in faults_of(f"{HEADER}\t1\t\tmust\tx\n\t1\t\tmust\tx\n")]
    assert says == ["the clause has no id", "the clause has no id"]


def test_an_inventory_beyond_every_text_is_refused_at_once() -> None:
    rows = "".join(f"A-{number}\t1\t2\tmust\tcompany\n" for number in range(MOST_CLAUSES + 1))
    [fault] = faults_of(HEADER + rows)
    assert fault.message == "the table has more than 5000 rows"
    assert len(read_inventory(HEADER + rows[: rows.rindex("A-")], file="p.clauses.tsv").clauses) == MOST_CLAUSES
    [fault] = faults_of(b"\x00" * 1_000_001)
    assert fault.message == "the file is larger than 1 MB"


def test_an_inventory_of_nothing_says_that_every_clause_is_forgotten_so_it_is_refused() -> None:
    for content in ("", "\n", HEADER, f"{HEADER}\n"):
        assert faults_of(content)


def test_the_modalities_of_clauses_are_those_of_items_and_the_definition() -> None:
    assert {*MODALITIES, "definition"} == set(CLAUSE_MODALITIES)


# The inventories that ship


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.name)
def test_each_inventory_that_ships_is_sound_and_holds_no_words_of_the_text(path: Path) -> None:
    """No cell is as long as a sentence: sections and actors are names."""
    inventory = read_inventory(path.read_bytes(), file=path.name)
    assert all(len(f"{clause.section}{clause.actor}") < 60 for clause in inventory.clauses.values())


def test_there_are_inventories_that_ship() -> None:
    assert len(BUNDLED) >= 4


@pytest.mark.parametrize(
    ("facts", "inventory"),
    [
        ("rsp_1.0", "anthropic-rsp@1.0"),
        ("rsp_2.2", "anthropic-rsp@2.2"),
        ("rsp_3.4", "anthropic-rsp@3.4"),
        ("pf_v2", "openai-preparedness@2"),
    ],
)
def test_no_clause_that_was_counted_in_the_text_is_lost(facts: str, inventory: str) -> None:
    """Held to the tables that readers of the texts made, whose paraphrases are left behind."""
    path = REPOSITORY.parent / "shared" / "facts" / "clauses" / f"{facts}.tsv"
    if not path.is_file():
        pytest.skip(f"there is no {path}")
    stated = [line.split("\t")[:5] for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    read = read_inventory((FOLDER / f"{inventory}.clauses.tsv").read_bytes(), file=inventory)
    assert len(stated) > 150
    assert [[one.id, one.section, one.page, one.modality, one.actor] for one in read.clauses.values()] == [
        [name, section, page, WORDS_OF_FACTS.get(modality, modality), actor]
        for name, section, page, modality, actor in stated
    ]
