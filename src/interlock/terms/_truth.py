"""The three truth values of strong Kleene logic (LANGUAGE 4.1; Kleene 1952, section 64)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """True, false, or unknown: neither is shown by what is recorded."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    # Members are single objects; hashing them by name would be noticed in every decision.
    __hash__ = object.__hash__

    def __invert__(self) -> Truth:
        """Return the negation; unknown stays unknown."""
        return _NEGATION[self]

    @classmethod
    def of(cls, value: bool) -> Truth:  # noqa: FBT001 - a conversion
        """Return the truth value of a Python bool."""
        return cls.TRUE if value else cls.FALSE


_NEGATION = {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE, Truth.UNKNOWN: Truth.UNKNOWN}


def all_of(values: Iterable[Truth]) -> Truth:
    """Return false if any value is false, else unknown if any is unknown, else true (also of nothing)."""
    result = Truth.TRUE
    for value in values:
        if value is Truth.FALSE:
            return Truth.FALSE
        if value is Truth.UNKNOWN:
            result = Truth.UNKNOWN
    return result


def any_of(values: Iterable[Truth]) -> Truth:
    """Return true if any value is true, else unknown if any is unknown, else false (also of nothing)."""
    result = Truth.FALSE
    for value in values:
        if value is Truth.TRUE:
            return Truth.TRUE
        if value is Truth.UNKNOWN:
            result = Truth.UNKNOWN
    return result


def at_least(number: int, values: Iterable[Truth]) -> Truth:
    """Return true if `number` values are true, false if too few are left that could be, else unknown."""
    listed = tuple(values)
    if sum(value is Truth.TRUE for value in listed) >= number:
        return Truth.TRUE
    return Truth.FALSE if sum(value is not Truth.FALSE for value in listed) < number else Truth.UNKNOWN
