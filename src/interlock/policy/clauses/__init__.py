r"""The clauses of a policy's text: the inventory of them all, the items that cite each, and what was forgotten.

`clause_coverage` holds an encoding to an inventory of its text (docs/reference/policy-coverage.md). Apart from
`interlock.policy`, since no decision needs it. Pure: reads no file.

>>> from interlock.policy import decode
>>> from interlock.policy.clauses import clause_coverage, read_inventory
>>> policy = decode(
...     '''
... interlock: 1
... policy: example
... version: "1"
... issuer: Example
... title: One document
... effective: 2025-01-01
... documents: {report: {source: {section: "1", clauses: [EX-1]}}}
... ''',
...     file="example.yaml",
... )
>>> rows = ["id section page modality actor", "EX-1 1 1 must company", "EX-2 1 2 may company"]
>>> inventory = read_inventory("\n".join(rows).replace(" ", "\t"), file="example.clauses.tsv")
>>> [finding.message for finding in clause_coverage(policy, inventory).findings]
['no item cites the may-clause `EX-2`, and no reason leaves it out']
"""

from __future__ import annotations

from interlock.policy.clauses._citations import CitingItem, citing_items
from interlock.policy.clauses._coverage import (
    Check,
    ClauseCoverage,
    CoverageFinding,
    MappedClause,
    Tally,
    clause_coverage,
)
from interlock.policy.clauses._inventories import InventoriedClause, Inventory, read_inventory
from interlock.policy.clauses._json import clause_coverage_to_json

__all__ = [
    "Check",
    "CitingItem",
    "ClauseCoverage",
    "CoverageFinding",
    "InventoriedClause",
    "Inventory",
    "MappedClause",
    "Tally",
    "citing_items",
    "clause_coverage",
    "clause_coverage_to_json",
    "read_inventory",
]
