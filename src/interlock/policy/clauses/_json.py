"""Clause coverage as data: the shape `interlock.coverage/1`, field order fixed."""

from __future__ import annotations

from typing import Any, Final

from interlock.policy.clauses._citations import CitingItem
from interlock.policy.clauses._coverage import ClauseCoverage, CoverageFinding, MappedClause, Tally

SHAPE: Final = "interlock.coverage/1"


def clause_coverage_to_json(coverage: ClauseCoverage, *, engine: str) -> dict[str, Any]:
    """Return the clauses with what encodes them, the tallies and the findings as JSON values."""
    policy = coverage.policy
    return {
        "shape": SHAPE,
        "engine": engine,
        "policy": {"id": policy.id, "version": policy.version, "digest": policy.digest, "file": policy.file},
        "inventory": coverage.inventory.file,
        "all_clauses": _tally(coverage.all_clauses),
        "must_clauses": _tally(coverage.must_clauses),
        "clauses": [_clause(one) for one in coverage.clauses],
        "findings": [_finding(finding) for finding in coverage.findings],
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "clauses": tally.clauses,
        "encoded": tally.encoded,
        "in_part": tally.in_part,
        "unencoded": tally.unencoded,
        "unmapped": tally.unmapped,
        "percent": tally.share,
    }


def _clause(mapped: MappedClause) -> dict[str, Any]:
    clause = mapped.clause
    return {
        "id": clause.id,
        "section": clause.section,
        "page": clause.page,
        "modality": clause.modality,
        "actor": clause.actor,
        "items": [_item(item) for item in mapped.items],
        "unencoded": [{"section": part.section, "why": part.why} for part in mapped.left_out],
    }


def _item(item: CitingItem) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "id": item.id,
        "within": item.within,
        "modality": item.clause.modality,
        "binding": item.clause.binding,
    }


def _finding(finding: CoverageFinding) -> dict[str, Any]:
    return {
        "check": finding.check.value,
        "clauses": list(finding.clauses),
        "item": None if finding.item is None else _item(finding.item),
        "file": finding.span.file,
        "line": finding.span.line,
        "column": finding.span.column,
        "message": finding.message,
        "nearest": finding.meant,
    }
