"""Numbers as JSON has them that keep the decimal text they were written in.

A double can't hold most decimals, and a bound of a policy is decided exactly. So a number with a fraction or an
exponent is a float, as every JSON writer expects, that also carries its text.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Final, Self

LARGEST_INTEGER: Final = 2**53 - 1
"""The largest integer that every JSON reader takes exactly, and that RFC 8785 has a canonical form for."""
_LONGEST: Final = 64
_LONGEST_INTEGER: Final = 17
_EXPONENT: Final = re.compile(r"[eE][-+]?0*([0-9]+)", re.ASCII)
_LARGEST_EXPONENT: Final = 400
_ZERO: Final = re.compile(r"[-+]?[0.]+(?:[eE].*)?", re.ASCII)


class ExactFloat(float):
    """A float that knows the decimal `text` it was read from; `exact` is the number that text states."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Self:
        """Read a decimal number; ValueError where it is too long or no double is near it."""
        exponent = _EXPONENT.search(text)
        beyond = exponent is not None and (len(exponent[1]) > 3 or int(exponent[1]) > _LARGEST_EXPONENT)  # noqa: PLR2004 - digits of 400
        if len(text) > _LONGEST or beyond:
            raise ValueError(text)
        number = super().__new__(cls, text)
        if not math.isfinite(number) or (not number and _ZERO.fullmatch(text) is None):
            raise ValueError(text)
        number.text = text
        return number

    def __reduce__(self) -> tuple[type[ExactFloat], tuple[str]]:
        """Return how to copy the number with its text."""
        return ExactFloat, (self.text,)

    def __str__(self) -> str:
        """Return the text that the number was read from."""
        return self.text

    @property
    def exact(self) -> Fraction:
        """The number that the text states, exactly."""
        return Fraction(self.text)


def read_integer(text: str) -> int:
    """Return the integer that `text` states; ValueError beyond what every JSON reader takes exactly."""
    number = int(text) if len(text) <= _LONGEST_INTEGER else LARGEST_INTEGER + 1
    if abs(number) > LARGEST_INTEGER:
        raise ValueError(text)
    return number
