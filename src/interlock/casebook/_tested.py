"""A casebook that was run: its cases with their answers, and what they saw of the policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interlock.casebook._coverage import Coverage, coverage_of
from interlock.casebook._model import Casebook
from interlock.casebook._reading import check_names
from interlock.casebook._running import CaseRun, run_cases
from interlock.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class TestedCasebook:
    """A casebook run by a policy and perhaps other versions of it."""

    __test__ = False  # no test of pytest's

    casebook: Casebook
    policies: tuple[Policy, ...]
    """The policy under test first."""
    runs: tuple[CaseRun, ...]
    coverage: Coverage

    @classmethod
    def of(cls, casebook: Casebook, policies: Sequence[Policy]) -> TestedCasebook:
        """Return the casebook run; FaultsError where it names an item or a version that no policy has."""
        check_names(casebook, policies)
        runs = run_cases(casebook, policies)
        return cls(casebook=casebook, policies=tuple(policies), runs=runs, coverage=coverage_of(policies[0], runs))

    @property
    def failed(self) -> tuple[CaseRun, ...]:
        """The cases that are not as expected."""
        return tuple(run for run in self.runs if not run.passed)
