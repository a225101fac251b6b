"""Each test asks for verdicts anew: remembered ones would hide a change of the program made between two tests."""

from __future__ import annotations

import pytest

from interlock.assessment import assess


@pytest.fixture(autouse=True)
def forget_verdicts() -> None:
    """Forget what earlier tests made `assess` remember."""
    assess.cache_clear()
