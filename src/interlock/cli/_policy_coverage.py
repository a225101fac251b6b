"""`interlock policy coverage`: which items encode which clauses of a policy's text, and what is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from interlock import __version__
from interlock.cli._exits import DONE, FOUND
from interlock.cli._output import print_json
from interlock.cli._page import BLANK, Line, Mark, Span, faint, line, print_page, strong
from interlock.cli._questions import AsJson
from interlock.cli._table import Cell, table_row

if TYPE_CHECKING:
    from interlock.policy import Unencoded
    from interlock.policy.clauses import CitingItem, ClauseCoverage, CoverageFinding, MappedClause, Tally

_COLUMNS: Final = (20, 22, 36)
_BELOW: Final = 2
File = Annotated[
    Path, typer.Argument(metavar="POLICY", help="A policy file, or interlock://ID@VERSION.", show_default=False)
]
InventoryFile = Annotated[
    Path | None,
    typer.Option("--inventory", metavar="FILE", help="The clauses of its text; by default NAME.clauses.tsv beside it."),
]


def coverage(policy: File, inventory: InventoryFile = None, as_json: AsJson = False) -> int:
    """Say which items encode each clause of a policy's text, or why none does, and check that none is forgotten.

    Exit code: 0 nothing amiss, 1 a finding, 2 a rejected file.
    """
    from interlock.app.clause_coverage import coverage_on_files
    from interlock.policy.clauses import clause_coverage_to_json

    covered = coverage_on_files(policy, inventory)
    if as_json:
        print_json(clause_coverage_to_json(covered, engine=__version__))
    else:
        print_page(_page(covered))
    return FOUND if covered.findings else DONE


def _page(covered: ClauseCoverage) -> Iterator[Line]:
    policy = covered.policy
    yield line(strong(covered.inventory.file), f" {policy.id} {policy.version} of {policy.issuer}")
    yield BLANK
    yield from table_row([[faint("clause")], [faint("meant as, of whom")], [faint("encoded by")]], _COLUMNS)
    for section, clauses in covered.sections:
        yield line(strong(f"section {section}"))
        for mapped in clauses:
            yield from _clause(mapped)
    yield BLANK
    yield _tally("clauses", covered.all_clauses)
    yield _tally("must-clauses", covered.must_clauses)
    yield BLANK
    yield from _findings(covered)


def _clause(mapped: MappedClause) -> Iterator[Line]:
    clause = mapped.clause
    encoded: list[Cell] = [_item(item) for item in mapped.items]
    encoded += [_reason(part, rest=bool(mapped.items)) for part in mapped.left_out]
    first, *others = encoded or [[Span("nothing", Mark.BAD)]]
    yield from table_row([[clause.id], [f"{clause.modality}, {clause.actor}"], first], _COLUMNS)
    for cell in others:
        yield from table_row([[], [], cell], _COLUMNS)


def _item(item: CitingItem) -> Cell:
    return [item.name, faint(f" ({', '.join(item.weaker)})" if item.weaker else "")]


def _reason(part: Unencoded, *, rest: bool) -> Cell:
    said = "not encoded: " if not rest else "left out: "
    return [Span(said, Mark.OPEN), " ".join(part.why.split())]


def _tally(of: str, tally: Tally) -> Line:
    in_part = f" ({tally.in_part} in part)" if tally.in_part else ""
    left = f"{tally.unencoded} left out with a reason, {tally.unmapped} unmapped"
    return line(strong(f"{tally.clauses} {of}"), f": {tally.encoded} encoded{in_part}, {tally.share:g} %; {left}")


def _findings(covered: ClauseCoverage) -> Iterator[Line]:
    if not covered.findings:
        yield line(Span("✓", Mark.GOOD), " no finding")
        return
    count = len(covered.findings)
    yield line(Span("✗", Mark.BAD), f" {count} finding{'' if count == 1 else 's'}")
    for finding in covered.findings:
        yield from _finding(finding)


def _finding(finding: CoverageFinding) -> Iterator[Line]:
    place = f"{finding.span.file}:{finding.span.line}:{finding.span.column}"
    yield line(Span(finding.check.value, Mark.BAD), faint(f" {place}"), indent=_BELOW)
    yield line(finding.message, indent=2 * _BELOW, hang=0)
    if finding.meant is not None:
        yield line(f"did you mean `{finding.meant}`?", indent=2 * _BELOW)
