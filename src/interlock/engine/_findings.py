"""Findings: what is worth knowing beside an answer; none of them changes it (LANGUAGE 4.8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A finding by its id, with a sentence about this case and the indices of the events it rests on."""

    id: str
    detail: str
    evidence: tuple[int, ...] = ()


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings without repetition, by id, detail and evidence."""
    return tuple(sorted(set(findings)))
