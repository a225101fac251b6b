"""Casebooks: what a policy must come to in cases that its readers agree on, as unit tests are to a program.

A file of cases is read with every fault of it, each case is asked of the engine and held against what it expects, and
coverage says which states of the policy's items no case has seen. `boundary_casebook` writes the cases at the very
bounds of a policy's numbers and periods, with the answers of now for a person to review. Pure: reads no file.

>>> from interlock.casebook import read_casebook, run_cases
>>> from interlock.policy import decode
>>> policy = decode(
...     '''
... interlock: 1
... policy: example
... version: "1"
... issuer: Example
... title: One restriction
... effective: 2025-01-01
... roles: {board: {title: Board, side: oversight}}
... restrictions:
...   hold: {forbids: [train], when: {judged: dangerous, by: board}}
... ''',
...     file="example.yaml",
... )
>>> casebook = read_casebook(
...     '''
... defaults: {model: m, as-of: 2025-03-01}
... events: [{model.registered: {}, occurred: 2025-02-01}]
... cases:
...   - says: Training is held while the board has not spoken.
...     ask: {decide: {action: train}}
...     expect: {outcome: held, by-default: true, because: hold, reasons: awaiting board}
... ''',
...     file="example.cases.yaml",
... )
>>> [run.passed for run in run_cases(casebook, [policy])]
[True]
"""

from __future__ import annotations

from interlock.casebook._boundaries import MARK, Boundaries, boundary_casebook
from interlock.casebook._checks import Mismatch
from interlock.casebook._coverage import Coverage, CoverageItem, coverage_of
from interlock.casebook._junit import junit
from interlock.casebook._model import Casebook, FileNamed, PolicyCase
from interlock.casebook._reading import check_names, read_casebook
from interlock.casebook._rendering import casebooks_to_json
from interlock.casebook._running import CaseRun, run_case, run_cases
from interlock.casebook._tested import TestedCasebook

__all__ = [
    "MARK",
    "Boundaries",
    "CaseRun",
    "Casebook",
    "Coverage",
    "CoverageItem",
    "FileNamed",
    "Mismatch",
    "PolicyCase",
    "TestedCasebook",
    "boundary_casebook",
    "casebooks_to_json",
    "check_names",
    "coverage_of",
    "junit",
    "read_casebook",
    "run_case",
    "run_cases",
]
