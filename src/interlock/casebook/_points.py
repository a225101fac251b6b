"""Points: the states of items and of parts of conditions that coverage counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from interlock.policy import AllOf, AnyOf, AtLeast, Condition, Leaf, Not, Readings, condition_text
from interlock.terms import Truth

THRESHOLD_STATES: Final = {Truth.TRUE: "reached", Truth.FALSE: "ruled out", Truth.UNKNOWN: "open"}
_LONGEST: Final = 60


class Point(NamedTuple):
    """One state of an item, or of a `part` of it."""

    kind: str
    id: str
    part: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A part of a connective, by where it stands in the item's condition."""

    label: str
    part: Condition


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """Return the parts of a connective, in order; none of a leaf."""
    match condition:
        case AllOf(parts=parts) | AnyOf(parts=parts) | AtLeast(parts=parts):
            return parts
        case Not(part=part):
            return (part,)
        case Readings(readings=readings):
            return tuple(part for _, part in readings)
        case Leaf():
            return ()


def branches_of(condition: Condition, label: str) -> Iterator[Branch]:
    """Yield every part of every connective within the condition, outermost first."""
    for place, part in enumerate(parts_of(condition)):
        below = branch_label(label, condition, place, part)
        yield Branch(label=below, part=part)
        yield from branches_of(part, below)


def branch_label(label: str, condition: Condition, place: int, part: Condition) -> str:
    """Return how a part of a connective is named: `when.any[2] {reached: autonomy-3}`."""
    stem = label.split(" ", maxsplit=1)[0]
    text = condition_text(part) if isinstance(part, Leaf) else ""
    shortened = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return f"{stem}.{_word(condition, place)} {shortened}".rstrip()


def _word(condition: Condition, place: int) -> str:
    match condition:
        case AllOf():
            return f"all[{place + 1}]"
        case AnyOf():
            return f"any[{place + 1}]"
        case AtLeast(number=number):
            return f"at-least-{number}[{place + 1}]"
        case Readings(readings=readings):
            return f"readings[{readings[place][0]}]"
        case _:
            return "not"


def truth_words(values: frozenset[Truth]) -> tuple[str, ...]:
    """Return truth values by their words, always in the same order."""
    return tuple(value.value for value in (Truth.TRUE, Truth.FALSE, Truth.UNKNOWN) if value in values)
