"""Disputed texts: which way each reading would have cut, had it been ruled from the beginning (LANGUAGE 2).

An answer is worked out anew for each reading of each text that it may depend on, the other texts as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from interlock.engine._rulings import Ruling
from interlock.terms import Truth

Rulings = Mapping[tuple[str, str], str]
"""Readings assumed to be ruled from the beginning, by the policy's id and the name of the disputed text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What a reading comes to by itself, and what the answer would be under it."""

    reading: str
    value: Truth
    outcome: str
    by_default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A disputed text that an answer may depend on: the ruling that binds it, if any, and what each reading cuts."""

    policy: str
    term: str
    ruling: Ruling
    cuts: tuple[Cut, ...]


def assumed_for(policy: str, rulings: Rulings | None) -> dict[str, str]:
    """Return the readings assumed of the texts of one policy."""
    return {term: reading for (name, term), reading in (rulings or {}).items() if name == policy}
