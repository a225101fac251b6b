"""Each test computes: what an earlier one had remembered would hide what it claims."""

from __future__ import annotations

import pytest

from interlock.statistics import _binomial, _bounds, _poisson

REMEMBERING = (
    _binomial._compare_lower,
    _binomial._compare_upper,
    _poisson._compare_lower,
    _poisson._compare_upper,
    _bounds._least_share,
    _bounds._rate_bounds,
)


@pytest.fixture(autouse=True)
def forget() -> None:
    """Empty every cache of the statistics."""
    for function in REMEMBERING:
        function.cache_clear()
