"""How wide a terminal draws a text, by the width that Unicode gives its characters."""

from __future__ import annotations

import unicodedata


def width(character: str) -> int:
    """Return how many columns a character takes."""
    if unicodedata.category(character) in {"Mn", "Me", "Cf"} or unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def columns(text: str) -> int:
    """Return how many columns a text takes."""
    return sum(map(width, text))
