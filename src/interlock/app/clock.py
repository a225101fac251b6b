"""The clock: the one place that asks what time it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present instant, in UTC."""


def system_clock() -> datetime:
    """Return the present instant by the machine's clock, in UTC to the microsecond."""
    return datetime.now(UTC)
