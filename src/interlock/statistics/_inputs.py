"""What the exact tests accept: whole counts, exact rationals, a confidence strictly between 0 and 1.

The limits keep the time of one test bounded whatever a file says; LANGUAGE 1 quantities have at most 3,600 bits.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from interlock.statistics._errors import StatisticsError

MAXIMUM_COUNT: Final = 1_000_000_000
_MAXIMUM_BITS: Final = 4096


def check_count(name: str, count: int) -> None:
    """Refuse a `count` that is no whole number from 0 to MAXIMUM_COUNT."""
    if type(count) is not int:
        msg = f"expected a whole number of {name}, got `{count!r}`"
        raise StatisticsError(msg)
    if not 0 <= count <= MAXIMUM_COUNT:
        shown = str(count) if abs(count) < 10**20 else "a number of more than 20 digits"
        msg = f"expected from 0 to {MAXIMUM_COUNT} {name}, got `{shown}`"
        raise StatisticsError(msg)


def check_rational(name: str, number: object) -> None:
    """Refuse a `number` that is not exact, such as a float, or has more digits than any quantity of a file."""
    if not isinstance(number, int | Fraction):
        msg = f"expected an exact rational as {name}, got `{number!r}`"
        raise StatisticsError(msg)
    if max(number.numerator.bit_length(), number.denominator.bit_length()) > _MAXIMUM_BITS:
        msg = f"expected a {name} of at most {_MAXIMUM_BITS} bits above and below the line, got more"
        raise StatisticsError(msg)


def check_confidence(confidence: Fraction) -> None:
    """Refuse a `confidence` that is not strictly between 0 and 1."""
    check_rational("confidence", confidence)
    if not 0 < confidence < 1:
        msg = f"expected a confidence above 0 % and below 100 %, got `{str(confidence)[:50]}`"
        raise StatisticsError(msg)
