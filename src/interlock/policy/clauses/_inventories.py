"""Inventories of clauses: every clause of a policy's text by an id, as a table beside the encoding.

Implements docs/reference/policy-coverage.md: `id section page modality actor`, with tabs, and no words of the text.
An inventory with a fault is refused whole, since a clause that is lost from it is a promise that nobody looks for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from interlock.notation import NOWHERE, Cell, FaultCollector, Span, Table, read_table, shown

MUST: Final = "must"
DEFINITION: Final = "definition"
CLAUSE_MODALITIES: Final = (MUST, "should", "expected", "aim", "may", "recommended", DEFINITION)
"""How firmly a clause is meant, in the words that items use; a `definition` only says what words mean."""
_COLUMNS: Final = ("id", "section", "page", "modality", "actor")
_MOST_BYTES: Final = 1_000_000
MOST_CLAUSES: Final = 5_000
"""Many times the clauses of the longest policy there is; checks compare ids, and a hostile file would take long."""
_ID: Final = re.compile(r"[^\s,]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoriedClause:
    """A clause of the text: its id, its place, how firmly it is meant, and who is to act; `page` may be unstated."""

    id: str
    section: str
    page: str | None
    modality: str
    actor: str
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """The clauses of a text by id, in its order."""

    file: str
    clauses: Mapping[str, InventoriedClause]


def read_inventory(content: bytes | str, *, file: str) -> Inventory:
    """Return the clauses that an inventory states; FaultsError with all its faults if it has any."""
    faults = FaultCollector()
    table = read_table(
        content, file=file, columns=_COLUMNS, faults=faults, most_bytes=_MOST_BYTES, most_rows=MOST_CLAUSES
    )
    clauses: dict[str, InventoriedClause] = {}
    if table is not None:
        for row in table.rows:
            _check_row(row, table, clauses, faults)
            clauses.setdefault(row["id"].text, _clause(row))
    faults.check()
    return Inventory(file=file, clauses=clauses)


def _clause(row: Mapping[str, Cell]) -> InventoriedClause:
    return InventoriedClause(
        id=row["id"].text,
        section=row["section"].text,
        page=row["page"].text or None,
        modality=row["modality"].text,
        actor=row["actor"].text,
        span=row["id"].span,
    )


def _check_row(
    row: Mapping[str, Cell], table: Table, earlier: Mapping[str, InventoriedClause], faults: FaultCollector
) -> None:
    for column in ("id", "section", "modality", "actor"):
        if not row[column].text:
            faults.add(table.source, row[column].span, f"the clause has no {column}", expected=_EXPECTED[column])
    identifier, modality = row["id"], row["modality"]
    if identifier.text in earlier and identifier.text:
        line = earlier[identifier.text].span.line
        message = f"the clause `{shown(identifier.text)}` is in line {line} already"
        faults.add(table.source, identifier.span, message, expected="each clause once")
    if identifier.text and _ID.fullmatch(identifier.text) is None:
        message = f"`{shown(identifier.text)}` is not the id of a clause"
        faults.add(table.source, identifier.span, message, expected=_EXPECTED["id"])
    if modality.text and modality.text not in CLAUSE_MODALITIES:
        message = f"`{shown(modality.text)}` is not a modality of a clause"
        faults.add(
            table.source,
            modality.span,
            message,
            expected=_EXPECTED["modality"],
            name=modality.text,
            names=CLAUSE_MODALITIES,
        )


_EXPECTED: Final[Mapping[str, str]] = {
    "id": "an id of at most 64 characters without blanks and commas, such as `RSP-007` or `22757.12(c)(1)`",
    "section": "the section of the policy's text",
    "modality": f"one of: {', '.join(CLAUSE_MODALITIES)}",
    "actor": "who is to act, such as `company`",
}
