"""Writes the page of each bundled encoding, or checks them: `python tools/encoding_pages.py [--check]`.

For every bundled policy with an inventory of clauses, docs/encodings/ID@VERSION.md says clause by clause which items
encode it, in the items' own words, what is left out and why, what readers dispute, and what the encoder chose; and the
table of docs/encodings/index.md says how many of each there are. With `--check` it writes nothing and exits 1 when a
page is not what it would write, or was written by it for an encoding that is gone. What people wrote there is neither
removed nor written over. An encoding with a fault is refused.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from generated_block import GeneratedBlock, MarkersError
from interlock.casebook import read_casebook
from interlock.library import BundledPolicy, bundled_policies
from interlock.policy import Item, Policy, decode, describe, encoding_sentence
from interlock.policy.clauses import (
    CitingItem,
    ClauseCoverage,
    MappedClause,
    Tally,
    citing_items,
    clause_coverage,
    read_inventory,
)
from interlock.reports._policy_markdown import escaped
from interlock.terms import InterlockError

REPOSITORY: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = REPOSITORY / "docs" / "encodings"
INDEX: Final = "index.md"
BLOCK: Final = GeneratedBlock(name="encodings", author="tools/encoding_pages.py")
_INVENTORY: Final = ".clauses.tsv"
_CASES: Final = ".cases.yaml"
_KINDS: Final[Mapping[str, str]] = {
    "Restrictions": "restriction",
    "Permissions": "permission",
    "Duties": "duty",
    "Pledges": "pledge",
    "Goals": "goal",
    "Thresholds": "threshold",
    "Measures": "measure",
    "Standards": "standard",
    "Terms": "term",
    "Documents": "document",
    "Claims": "claim",
    "Roles": "role",
    "Amendments": "amendments",
}
"""The kind of the items under each title of a description."""
_LABEL: Final = re.compile(r"(?:^|(?<=[.;?] ))(Choice|Vague|Disputed):\s*")
_LABELS: Final[Mapping[str, str]] = {
    "Choice": "What the encoder chose",
    "Vague": "Where the text sets no test",
    "Disputed": "What readers read otherwise",
}
_UNMARKED: Final = "no mark"
_WRITTEN: Final = f"Written by {BLOCK.author}"
"""What every page that this script writes says; a page without it is somebody's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """A bundled encoding with what is told of it: its clauses, its items in plain words, and its cases."""

    reference: str
    name: str
    coverage: ClauseCoverage
    cases: int

    @property
    def policy(self) -> Policy:
        """The policy that it encodes."""
        return self.coverage.policy

    @property
    def items(self) -> tuple[CitingItem, ...]:
        """The items that encode something: roles only say who acts."""
        return tuple(item for item in citing_items(self.policy) if item.kind != "role")


def encodings() -> Iterator[Encoding]:
    """The bundled policies that have an inventory, read; InterlockError where a file of theirs has a fault."""
    for one in bundled_policies():
        inventory = one.read_beside(_INVENTORY)
        if inventory is not None:
            yield _encoding(one, inventory)


def _encoding(one: BundledPolicy, inventory: bytes) -> Encoding:
    cases = one.read_beside(_CASES)
    return Encoding(
        reference=one.reference,
        name=one.name,
        coverage=clause_coverage(
            decode(one.read(), file=one.reference), read_inventory(inventory, file=f"{one.reference}{_INVENTORY}")
        ),
        cases=0 if cases is None else len(read_casebook(cases, file=f"{one.reference}{_CASES}").cases),
    )


# The page of one


def page_of(encoding: Encoding) -> str:
    """The whole page of an encoding."""
    parts = (
        _header(encoding),
        _counts(encoding),
        _clauses(encoding),
        _left_out(encoding),
        _disputed(encoding),
        _notes(encoding),
    )
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def _header(encoding: Encoding) -> Iterator[str]:
    policy = encoding.policy
    yield f"# {escaped(policy.title)} {escaped(policy.version)}: clause by clause"
    yield ""
    yield f"[All encodings](index.md). {_WRITTEN} from `{encoding.reference}`; do not edit."
    yield ""
    yield (
        f"**{escaped(encoding_sentence(policy))}.** {escaped(policy.issuer)} answers for its text, and not for what "
        "stands here. Where the two differ, the text is right, and this is to be mended: "
        "[how to dispute an item](index.md#dispute-an-item)."
    )
    yield ""
    edition = policy.source
    yield f"- **Text:** {escaped(edition.get('title', policy.title))}, effective from {policy.effective}"
    if "url" in edition:
        read = f", looked at on {edition['retrieved']}" if "retrieved" in edition else ""
        yield f"- **Published at:** {escaped(edition['url'])}{read}"
    yield f"- **Name:** `{encoding.reference}`; `interlock policy show {encoding.reference}` says all of it"
    yield f"- **Compared with the text:** {_marks(encoding.items)}"
    yield ""


def _marks(items: Sequence[CitingItem]) -> str:
    counts = Counter(item.clause.mark for item in items)
    said = {mark: "without a mark" if mark is None else f"marked `{escaped(mark)}`" for mark in counts}
    listed = ", ".join(f"{count} {said[mark]}" for mark, count in counts.most_common())
    return f"of {len(items)} items {listed or 'none'}. `read` says word for word, in a stored copy of a third party"


def _counts(encoding: Encoding) -> Iterator[str]:
    coverage = encoding.coverage
    yield "## Counts"
    yield ""
    yield "| | clauses | encoded | of them in part | left out with a reason | unmapped |"
    yield "| --- | --- | --- | --- | --- | --- |"
    yield _tally_row("all clauses", coverage.all_clauses)
    yield _tally_row("meant as must", coverage.must_clauses)
    yield ""
    kinds = Counter(item.kind for item in encoding.items)
    yield f"Items by kind: {', '.join(f'{kind} {count}' for kind, count in kinds.items())}. Cases: {encoding.cases}."
    yield ""


def _tally_row(of: str, tally: Tally) -> str:
    cells = (of, tally.clauses, f"{tally.encoded} ({tally.share:g} %)", tally.in_part, tally.unencoded, tally.unmapped)
    return _row(str(cell) for cell in cells)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


# Clause by clause


def _clauses(encoding: Encoding) -> Iterator[str]:
    yield "## Clause by clause"
    yield ""
    yield (
        "The ids and what each clause is meant as come from the inventory; the words are those of the items. An item "
        "is said once, where it first stands."
    )
    yield ""
    words, said = _words(encoding.policy), dict[str, str]()
    for section, clauses in _by_section(encoding.coverage.clauses).items():
        yield f"### Section {escaped(section)}"
        yield ""
        yield "| clause | page | meant as | item | in plain words | mark |"
        yield "| --- | --- | --- | --- | --- | --- |"
        for mapped in clauses:
            yield from _rows(mapped, words, said)
        yield ""


def _by_section(clauses: Iterable[MappedClause]) -> dict[str, list[MappedClause]]:
    """The clauses of each section under one heading, also where the text comes back to it."""
    sections: dict[str, list[MappedClause]] = {}
    for mapped in clauses:
        sections.setdefault(mapped.clause.section, []).append(mapped)
    return sections


def _words(policy: Policy) -> dict[tuple[str, str | None, str], str]:
    """What each item says in a sentence, by kind, standard and id."""
    words: dict[tuple[str, str | None, str], str] = {}
    for section in describe(policy):
        kind = _KINDS.get(section.title)
        for item in section.items if kind is not None else ():
            assert kind is not None  # noqa: S101 - there would be no item
            words[kind, None, item.id] = item.sentence
            words |= {("control", item.id, part.id): _control_words(part) for part in item.parts}
    return words


def _control_words(control: Item) -> str:
    """What a control asks for is in its name alone; the sentence says who attests it."""
    name = control.id.replace("-", " ").replace(".", " ")
    return f"{capital(name)}: {control.sentence[:1].lower()}{control.sentence[1:]}"


def _rows(
    mapped: MappedClause, words: Mapping[tuple[str, str | None, str], str], said: dict[str, str]
) -> Iterator[str]:
    clause = mapped.clause
    first = (f"`{clause.id}`", escaped(clause.page or ""), escaped(f"{clause.modality}, {clause.actor}"))
    for item in mapped.items:
        remark = _unlabelled(item.clause.note)
        sentence = f"{escaped(words[item.kind, item.within, item.id])}.{f' ({escaped(remark)})' if remark else ''}"
        if item.name in said:
            sentence = f"as at `{said[item.name]}`"
        said.setdefault(item.name, clause.id)
        weaker = f" ({', '.join(item.weaker)})" if item.weaker else ""
        yield _row((*first, escaped(f"{item.name}{weaker}"), sentence, escaped(item.clause.mark or _UNMARKED)))
        first = ("", "", "")
    for part in mapped.left_out:
        yield _row((*first, "left out" if mapped.items else "**not encoded**", f"{escaped(part.why)}.", ""))
        first = ("", "", "")
    if not mapped.is_mapped:
        yield _row((*first, "**nothing**", "", ""))


# What is left out, disputed, chosen


def _left_out(encoding: Encoding) -> Iterator[str]:
    yield "## What is left out"
    yield ""
    parts = encoding.policy.unencoded
    for part in parts:
        clauses = f" ({', '.join(f'`{name}`' for name in part.clauses)})" if part.clauses else ""
        yield f"- Section {escaped(part.section)}{clauses}: {escaped(part.why)}."
    if not parts:
        yield "Nothing."
    yield ""


def _disputed(encoding: Encoding) -> Iterator[str]:
    terms = [term for term in encoding.policy.terms.values() if term.readings is not None]
    yield "## Readings in dispute"
    yield ""
    described = {
        item.id: item for section in describe(encoding.policy) if section.title == "Terms" for item in section.items
    }
    for term in terms:
        yield f"### {escaped(term.id)}"
        yield ""
        yield from _term(described[term.id], readings=len(term.readings.readings) if term.readings is not None else 0)
        for one in term.disputed:
            how = f", who reads it as `{escaped(one.reading)}`" if one.reading is not None else ""
            yield f"- {escaped(one.by)}{how}: {escaped(one.says)}. {escaped(one.where)}"
        if term.disputed:
            yield ""
    if not terms:
        yield "None is encoded."
        yield ""


def _term(item: Item, *, readings: int) -> Iterator[str]:
    """The readings of a term in words, and who rules between them: with these a description begins its details."""
    place = f" {escaped(capital(item.source))}." if item.source else ""
    yield f"{escaped(item.sentence)}.{place}"
    yield ""
    for number, detail in enumerate(item.details[: readings + 1]):
        yield f"{number + 1}. {escaped(detail)}" if number < readings else f"\n{escaped(capital(detail))}."
    yield ""
    if item.note is not None:
        yield escaped(item.note)
        yield ""


def capital(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def _notes(encoding: Encoding) -> Iterator[str]:
    notes = [
        (item, label, said) for item in citing_items(encoding.policy) for label, said in _labelled(item.clause.note)
    ]
    for label, title in _LABELS.items():
        of_label = [f"- {escaped(item.name)}: {escaped(said)}" for item, found, said in notes if found == label]
        if of_label:
            yield f"## {title}"
            yield ""
            yield from of_label
            yield ""


def _labelled(note: str | None) -> Iterator[tuple[str, str]]:
    """What a note says under each label, in its order."""
    _, *parts = _parts(note)
    for label, said in zip(parts[::2], parts[1::2], strict=True):
        yield label, said.strip()


def _unlabelled(note: str | None) -> str:
    """What a note says before its first label: it belongs to the words of the item."""
    return _parts(note)[0].strip()


def _parts(note: str | None) -> list[str]:
    return _LABEL.split(" ".join((note or "").split()))


# All of them


def index_table(found: Sequence[Encoding]) -> str:
    """The table of all encodings."""
    rows = [
        _row(
            (
                f"[{escaped(one.policy.title)} {escaped(one.policy.version)}]({one.name}.md)",
                escaped(one.policy.issuer),
                f"`{one.reference}`",
                str(one.coverage.all_clauses.clauses),
                f"{one.coverage.all_clauses.encoded} ({one.coverage.all_clauses.share:g} %)",
                str(len(one.items)),
                str(one.cases),
            )
        )
        for one in found
    ]
    return "\n".join(
        [
            "| text | of | name | clauses | encoded | items | cases |",
            "| --- | --- | --- | --- | --- | --- | --- |",
            *rows,
        ]
    )


def pages(found: Sequence[Encoding], index: str) -> dict[str, str]:
    """Every page by the name of its file; MarkersError where the index has no place for its table."""
    return {f"{one.name}.md": page_of(one) for one in found} | {INDEX: BLOCK.replaced(index, index_table(found))}


def main(arguments: Sequence[str]) -> int:
    """Write or check the pages; the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page is out of date")
    check: bool = parser.parse_args(arguments).check
    try:
        wanted = pages(tuple(encodings()), (FOLDER / INDEX).read_text(encoding="utf-8"))
    except (InterlockError, MarkersError) as error:
        print(f"{FOLDER.name}: {error}", file=sys.stderr)
        return 1
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    stale = sorted(name for name in wanted if wanted[name] != there.get(name))
    left_over = sorted(name for name, page in there.items() if name not in wanted and _WRITTEN in page)
    own = sorted(name for name in stale if name in there and name != INDEX and _WRITTEN not in there[name])
    for name in own:
        print(f"{FOLDER.name}/{name}: somebody else wrote this page; give it another name", file=sys.stderr)
    for name in left_over:
        print(f"{FOLDER.name}/{name}: there is no such encoding; remove the page", file=sys.stderr)
    for name in (name for name in stale if name not in own):
        if check:
            print(f"{FOLDER.name}/{name}: out of date; run `make encodings`", file=sys.stderr)
        else:
            (FOLDER / name).write_text(wanted[name], encoding="utf-8")
            print(f"{FOLDER.name}/{name}: written")
    return 1 if own or left_over or (check and stale) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
