"""One choice at a time: how the cases of this package are drawn, and the names that policies and events share.

Plain functions over one source of choices are many times quicker than strategies nested in strategies, and shrink as
well: the first of the options is the simplest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from random import Random
from typing import Any, Final, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")

ISSUER: Final = "Orrin"
STRANGER: Final = "Brook"
MODELS: Final = ("m1", "m2", "m3")
STRANGE_MODEL: Final = "x1"
DIGESTS: Final = tuple(f"sha256:{character * 64}" for character in "abc")
ROLES: Final = ("rso", "ceo", "board")
QUESTIONS: Final = ("danger", "calm")
COMPUTE: Final = "effective-compute"
QUANTITIES: Final = (COMPUTE, "training-compute")
COMPUTES: Final = ("1e25 FLOP", "2e25 FLOP", "4e25 FLOP", "9e25 FLOP")
CLAIM: Final = "safe"
DOCUMENTS: Final = ("plan", "report")
SECTIONS: Final = ("measures", "forecast")
READINGS: Final = ("broad", "narrow", "strict")
CONTROLS: Final = ("badge", "vault")
SUITES: Final = {"score": "lab/score", "faults": "lab/faults", "grade": "lab/grade"}
PERIODS: Final = ("1 month", "30 days", "3 months", "6 months", "36 hours", "10 business days")
COVERAGE_PERIODS: Final = ("1 month", "14 days", "1 day", "3 months", "10 business days")
INSTANTS: Final = (
    "2025-01-05T12:00:00Z",
    "2025-01-15T12:00:00Z",
    "2025-01-31T12:00:00Z",
    "2025-02-01T12:00:00Z",
    "2025-02-15T12:00:00Z",
    "2025-02-28T12:00:00Z",
    "2025-03-01T12:00:00Z",
    "2025-03-03T12:00:00Z",
    "2025-03-31T12:00:00Z",
    "2025-04-15T12:00:00Z",
    "2025-05-01T12:00:00Z",
    "2025-06-01T12:00:00Z",
    "2025-07-15T12:00:00Z",
    "2025-08-01T12:00:00Z",
    "2025-11-01T12:00:00Z",
)
"""A month or a named period apart, so that periods end at the very instants at which other things happen."""


class Theme(Enum):
    """What a case is mostly about, so that its events speak to its conditions."""

    EVIDENCE = "evidence"
    ROLES = "roles"
    FACTS = "facts"
    WINDOWS = "windows"
    RECORD = "record"
    WORDS = "words"
    ALL = "all"


@cache
def _numbers_below(number: int) -> st.SearchStrategy[int]:
    return st.integers(0, number - 1)


def drawing(draw: st.DrawFn) -> Chooser:
    """Return what chooses by a `draw` function of hypothesis: it shrinks, but often draws nearly the same again."""
    return Chooser(lambda number: draw(_numbers_below(number)))


def rolling(seed: int) -> Chooser:
    """Return what chooses by a seeded generator: the same for the same seed, and unlike for different ones."""
    return Chooser(Random(seed).randrange)  # noqa: S311 - examples for tests


@dataclass(frozen=True, slots=True)
class Chooser:
    """Chooses by `below`, which returns some whole number from 0 to below the one given."""

    below: Callable[[int], int]

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options; the first is the simplest."""
        return options[self.below(len(options))] if len(options) > 1 else options[0]

    def one_in(self, number: int) -> bool:
        """Return true about once in `number` times."""
        return self.below(number) == number - 1

    def number(self, least: int, most: int) -> int:
        """Return a whole number from `least` to `most`."""
        return least + self.below(most - least + 1)

    def some(self, options: Sequence[T], least: int, most: int) -> list[T]:
        """Return `least` to `most` different options, in any order."""
        left = list(options)
        number = self.number(least, min(most, len(left)))
        return [left.pop(self.below(len(left))) for _ in range(number)]


def stated(**entries: Any) -> dict[str, Any]:
    """Return the entries that aren't None, with `-` for `_` in their keys."""
    return {key.replace("_", "-"): value for key, value in entries.items() if value is not None}
