"""Tested casebooks as data: the shape `interlock.policy-test/1`, field order fixed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from interlock.casebook._coverage import Coverage, CoverageItem
from interlock.casebook._running import CaseRun
from interlock.casebook._tested import TestedCasebook
from interlock.policy import Policy

SHAPE: Final = "interlock.policy-test/1"


def casebooks_to_json(tested: Sequence[TestedCasebook], *, engine: str) -> dict[str, Any]:
    """Return the casebooks with every case and their coverage as JSON values."""
    runs = [run for one in tested for run in one.runs]
    return {
        "shape": SHAPE,
        "engine": engine,
        "passed": sum(run.passed for run in runs),
        "failed": sum(not run.passed for run in runs),
        "casebooks": [_casebook(one) for one in tested],
    }


def _casebook(tested: TestedCasebook) -> dict[str, Any]:
    policy, *versions = tested.policies
    return {
        "file": tested.casebook.file,
        "policy": _policy(policy),
        "versions": [_policy(version) for version in versions],
        "cases": [_run(run) for run in tested.runs],
        "coverage": _coverage(tested.coverage),
    }


def _policy(policy: Policy) -> dict[str, Any]:
    return {"id": policy.id, "version": policy.version, "digest": policy.digest}


def _run(run: CaseRun) -> dict[str, Any]:
    return {
        "says": run.case.says,
        "line": run.case.line,
        "source": run.case.source,
        "asks": run.case.asks,
        "passed": run.passed,
        "refused": run.refusal,
        "mismatches": [{"what": one.what, "expected": one.expected, "got": one.got} for one in run.mismatches],
        "why": list(run.why),
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "percent": coverage.percent,
        "seen": coverage.seen,
        "demanded": coverage.demanded,
        "items": [_item(item) for item in coverage.items],
    }


def _item(item: CoverageItem) -> dict[str, Any]:
    return {"kind": item.kind, "id": item.id, "part": item.part or None, "states": dict(item.states)}
