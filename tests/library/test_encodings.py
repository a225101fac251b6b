"""The bundled encodings of real texts: whole, canonical, marked, held by cases, and in their own words.

Over every policy of policies/. Whether an item says what its clause says is for readers; that none was forgotten, none
cites a place where its clauses are not, and none took over words that others wrote, is held here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from interlock.casebook import read_casebook
from interlock.library import BundledPolicy, bundled_policies
from interlock.policy import Policy, decode, formatted
from interlock.policy.clauses import CitingItem, Inventory, citing_items, clause_coverage
from interlock.policy.clauses import read_inventory as inventory_of
from tests.cli.commands import run
from tests.conftest import REPOSITORY

FOLDER: Final = REPOSITORY / "src" / "interlock" / "library" / "policies"
FILES: Final = tuple(sorted(path for path in FOLDER.glob("*.yaml") if not path.name.endswith(".cases.yaml")))
NAMES: Final = tuple(path.name.removesuffix(".yaml") for path in FILES)
FACTS: Final = REPOSITORY.parent / "shared" / "facts" / "clauses"
FEWEST_CASES: Final = 40
WORDS_IN_COMMON: Final = 8
MARKS: Final = {"read", "secondary source"}
OPEN: Final = ("Choice:", "Disputed:")

each = pytest.mark.parametrize("name", NAMES)


def bundled(name: str) -> BundledPolicy:
    [one] = [one for one in bundled_policies() if one.name == name]
    return one


def policy_of(name: str) -> Policy:
    one = bundled(name)
    return decode(one.read(), file=one.reference)


def inventory(name: str) -> Inventory:
    content = bundled(name).read_beside(".clauses.tsv")
    assert content is not None, f"{name} has no inventory of its clauses"
    return inventory_of(content, file=f"{name}.clauses.tsv")


def encoding_items(policy: Policy) -> list[CitingItem]:
    """Return the items that encode something: roles only say who acts."""
    return [item for item in citing_items(policy) if item.kind != "role"]


def test_the_five_texts_are_encoded() -> None:
    assert set(NAMES) >= {
        "anthropic-rsp@1.0",
        "anthropic-rsp@2.2",
        "anthropic-rsp@3.4",
        "california-sb-53@2025",
        "openai-preparedness@2",
    }
    assert {path.name.removesuffix(".clauses.tsv") for path in FOLDER.glob("*.clauses.tsv")} == set(NAMES)
    assert {path.name.removesuffix(".cases.yaml") for path in FOLDER.glob("*.cases.yaml")} == set(NAMES)


@each
def test_a_name_leads_to_the_encoding_that_ships_for_it(name: str) -> None:
    assert bundled(name).read() == (FOLDER / f"{name}.yaml").read_bytes()


@each
def test_an_encoding_stands_in_the_canonical_form(name: str) -> None:
    content = (FOLDER / f"{name}.yaml").read_bytes()
    assert formatted(content, file=f"{name}.yaml") == content


@each
def test_an_encoding_says_that_it_is_unofficial_and_which_edition_was_read(name: str) -> None:
    policy = policy_of(name)
    assert policy.encoding["status"] == "unofficial"
    assert {"title", "url", "retrieved"} <= set(policy.source)
    assert (FOLDER / f"{name}.yaml").read_text(encoding="utf-8").startswith("#")


@each
def test_every_clause_is_encoded_or_left_out_with_a_reason_and_no_firmness_is_changed(name: str) -> None:
    coverage = clause_coverage(policy_of(name), inventory(name))
    assert [finding.message for finding in coverage.findings] == []
    assert coverage.must_clauses.clauses > 20


@each
def test_every_item_says_how_far_it_was_compared_with_the_text(name: str) -> None:
    items = encoding_items(policy_of(name))
    assert len(items) > 50
    assert [item.name for item in items if item.clause.mark not in MARKS] == []


@each
def test_every_item_says_where_the_text_says_it(name: str) -> None:
    assert [item.name for item in encoding_items(policy_of(name)) if item.clause.section is None] == []


@each
def test_an_item_cites_a_clause_of_its_own_page_or_section(name: str) -> None:
    """Loosely: of several clauses one must stand there, and a section is its number."""
    clauses = inventory(name).clauses
    astray = []
    for item in encoding_items(policy_of(name)):
        cited = [clauses[one] for one in item.clause.clauses]
        if item.clause.page is not None and all(one.page is not None for one in cited):
            places = [pages(one.page) for one in cited]
            here = pages(item.clause.page)
        else:
            places = [numbers(one.section) for one in cited]
            here = numbers(item.clause.section)
        if here and not any(place & here for place in places):
            where = [f"{one.section}, page {one.page}" for one in cited]
            astray.append((item.name, item.clause.section, item.clause.page, where))
    assert astray == []


def pages(text: str | None) -> set[str]:
    """Return the pages that a text such as `3 to 5, 8-9` names; those of a summary without numbers are `pdf2`."""
    found: set[int] = set()
    for first, last in re.findall(r"(?:pdf)?(\d+)(?:\s*(?:-|to)\s*(\d+))?", text or ""):
        found |= set(range(int(first), int(last or first) + 1))
    return {str(page) for page in found}


def numbers(text: str | None) -> set[str]:
    """Return the numbers of a section up to the first bracket: `22757.12` of `22757.12(c)(1)`."""
    return set(re.findall(r"\d+(?:\.\d+)?", text or ""))


def test_pages_and_sections_are_read_as_they_are_written() -> None:
    assert pages("3 to 5, 8-9, 21") == {"3", "4", "5", "8", "9", "21"}
    assert pages("pdf2") == {"2"}
    assert numbers("22757.12(c)(1), 22757.11") == {"22757.12", "1", "22757.11"}


@each
def test_a_text_with_readings_says_who_disputes_it_or_that_the_encoder_could_not_choose(name: str) -> None:
    terms = [term for term in policy_of(name).terms.values() if term.readings is not None]
    silent = [
        term.id for term in terms if not term.disputed and not any(one in (term.clause.note or "") for one in OPEN)
    ]
    assert silent == []


# Cases


@pytest.mark.slow
@each
def test_readers_of_the_text_agree_on_at_least_forty_cases_and_all_of_them_pass(name: str) -> None:
    content = bundled(name).read_beside(".cases.yaml")
    assert content is not None, f"{name} has no cases"
    casebook = read_casebook(content, file=f"{name}.cases.yaml")
    assert len(casebook.cases) >= FEWEST_CASES
    assert [case.says for case in casebook.cases if case.source is None] == []
    done = run("policy", "test", f"interlock://{name}")
    failed = [line for line in done.out.splitlines() if line.startswith("  ✗")]
    assert (done.exit, done.err, failed) == (0, "", [])


# In their own words


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+(?:'[a-z]+)?", text.lower())


def runs_of(words: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield every run of as many words as may not be in common."""
    for start in range(len(words) - WORDS_IN_COMMON + 1):
        yield tuple(words[start : start + WORDS_IN_COMMON])


@functools.cache
def paraphrases() -> dict[tuple[str, ...], str]:
    """Return the runs of words of those who took stock of the texts, each with the clause that it is of."""
    if not FACTS.is_dir():
        pytest.skip(f"there are no paraphrases in {FACTS}")
    found: dict[tuple[str, ...], str] = {}
    for path in sorted(FACTS.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            cells = line.split("\t")
            found |= dict.fromkeys(runs_of(words_of(cells[-1])), cells[0])
    return found


def test_there_are_paraphrases_to_hold_encodings_to() -> None:
    assert len(paraphrases()) > 2_000


@each
@pytest.mark.parametrize("ending", [".yaml", ".cases.yaml", ".clauses.tsv"])
def test_no_words_are_taken_over_from_those_who_took_stock_of_the_texts(name: str, ending: str) -> None:
    """Fewer than eight in a row: an encoding says it anew."""
    path: Path = FOLDER / f"{name}{ending}"
    if not path.is_file():
        pytest.fail(f"there is no {path.name}")
    theirs = paraphrases()
    taken = [
        (theirs[one], " ".join(one)) for one in runs_of(words_of(path.read_text(encoding="utf-8"))) if one in theirs
    ]
    assert taken == []


def test_words_in_a_row_are_found_across_lines_and_signs() -> None:
    """Ten words hold three runs of eight."""
    found = list(runs_of(words_of('note: >-\n  One, two: three four\n  five "six" seven eight nine')))
    assert len(found) == 3
    assert found[1] == ("one", "two", "three", "four", "five", "six", "seven", "eight")
