"""The refusals of the statistics.

InterlockError
└── StatisticsError    numbers that no observation can have, or that are too large to decide upon
"""

from __future__ import annotations

from interlock.terms import InterlockError


class StatisticsError(InterlockError):
    """Numbers that are no count, exposure, share or confidence, or that lie beyond the limits of the exact tests."""
