"""Quantities: exact numbers with the unit in which a policy or an event states them (LANGUAGE 1).

Magnitudes are rationals, so `50%` is 1/2 and `0.1` is 1/10. Units of one dimension compare after conversion;
units of different dimensions never compare.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from interlock.terms._errors import MalformedError
from interlock.terms._identifiers import nearest

_SCALES: Final[dict[str, tuple[str, Fraction]]] = {
    "%": ("share", Fraction(1, 100)),
    "x": ("factor", Fraction(1)),
    "FLOP": ("compute", Fraction(1)),
    "second": ("time", Fraction(1)),
    "minute": ("time", Fraction(60)),
    "hour": ("time", Fraction(3600)),
    "day": ("time", Fraction(86_400)),
    "week": ("time", Fraction(604_800)),
    "person": ("people", Fraction(1)),
    "employee": ("people", Fraction(1)),
    "token": ("tokens", Fraction(1)),
    "parameter": ("parameters", Fraction(1)),
} | {code: (f"money in {code}", Fraction(1)) for code in ("USD", "EUR", "GBP", "CNY", "JPY", "KRW", "CAD", "INR")}
_WORDS: Final = {
    **{unit: unit for unit in _SCALES},
    **{f"{unit}s": unit for unit in _SCALES if unit.islower() and unit not in {"x", "person"}},
    "people": "person",
}
_MEANT: Final = {
    "percent": "%",
    "pct": "%",
    "times": "x",
    "fold": "x",
    "flops": "FLOP",
    "flop": "FLOP",
    "FLOPS": "FLOP",
}
"""What units that people write most likely stand for, where no spelling is near."""
PLAIN: Final = "number"
_NUMBER: Final = r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?"
_QUANTITY: Final = re.compile(rf"({_NUMBER}) ?([A-Za-z%]+)?", re.ASCII)
_MAXIMUM_LENGTH: Final = 64


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact `magnitude` in the base unit of its `dimension`, and `text`, the words it was stated in."""

    magnitude: Fraction
    dimension: str
    text: str

    def __str__(self) -> str:
        """Return the quantity as it was stated."""
        return self.text


def parse_quantity(text: str) -> Quantity:
    """Return the quantity that `text` states, such as `1e26 FLOP`, `50%`, `4x`, `500000 USD` or a bare number."""
    match = _QUANTITY.fullmatch(text) if len(text) <= _MAXIMUM_LENGTH else None
    if match is None:
        shown = text[:_MAXIMUM_LENGTH]
        msg = f"`{shown}` is not a quantity; expected a number and its unit, such as `50%` or `1e26 FLOP`"
        raise MalformedError(msg)
    magnitude = Fraction(match[1])
    if match[2] is None:
        return Quantity(magnitude, PLAIN, text)
    unit = _WORDS.get(match[2])
    if unit is None:
        close = _MEANT.get(match[2]) or nearest(match[2], _WORDS)
        msg = f"`{match[2]}` is not a unit" + (f"; did you mean `{close}`" if close else "")
        raise MalformedError(msg)
    dimension, scale = _SCALES[unit]
    return Quantity(magnitude * scale, dimension, text)
