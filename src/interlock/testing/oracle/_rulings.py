"""The readings that a disputed text admits, and which of them is ruled at an instant (2 and 9)."""

from __future__ import annotations

from collections.abc import Sequence

from interlock.policy import Readings
from interlock.record import Event
from interlock.terms import Truth
from interlock.testing.oracle._case import Case, latest
from interlock.testing.oracle._facts import Word, enough_distinct


def ruled(case: Case, readings: Readings) -> str | None:
    """Return the reading that a ruling binds the text to at the case's instant; None where none does.

    Rulings about the model, its developer or the world bind, the latest first. Those that name no reading of the text
    are set aside, and with `ruled-by` those of other roles. Where the latest disagree none binds.
    """
    admitted = [name for name, _ in readings.readings]
    supposed = case.supposed_rulings.get(readings.id) if case.now == case.asked.as_of else None
    for fixed in (case.forced.get(readings.id), supposed):
        if fixed in admitted:
            return fixed
    said = [
        event
        for event in case.facts()
        if event.kind == "term.ruled" and event.text_of("term") == readings.id and event.text_of("reading") in admitted
    ]
    if readings.ruled_by is None:
        named = {event.text_of("reading") for event in latest(said)}
    else:
        roles, needed = readings.ruled_by.names, readings.ruled_by.needed
        named = {name for name in admitted if enough_distinct([_word(said, role, name) for role in roles], needed)}
    return named.pop() if len(named) == 1 else None


def _word(said: Sequence[Event], role: str, reading: str) -> Word:
    """Return whether a role's latest ruling names a reading."""
    words = latest(event for event in said if event.role == role)
    names_it = bool(words) and all(event.text_of("reading") == reading for event in words)
    return Word(truth=Truth.of(names_it), events=tuple(words))
