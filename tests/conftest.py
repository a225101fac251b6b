"""What every test may ask for, and how many examples property tests try."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

_ROOT = Path(__file__).resolve().parents[1]
# the mutation run copies the tests into mutants/
REPOSITORY = _ROOT.parent if _ROOT.name == "mutants" else _ROOT
SHARED = REPOSITORY.parent / "shared"

# No deadline: a shared machine is slow now and then, and a test that fails by the clock says nothing about the code.
settings.register_profile("quick", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The same examples for each mutant: whether one survives must not hang on luck.
settings.register_profile("mutation", parent=settings.get_profile("quick"), derandomize=True, database=None)
# The same examples for each run of a submission: new ones are looked for at the desk and by `make check-slow`.
settings.register_profile("ci", parent=settings.get_profile("quick"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "quick")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of this repository."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of conformance rows and real logs beside the repository; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"the shared conformance rows and logs are not at {SHARED}")
    return SHARED
