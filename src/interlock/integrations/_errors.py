"""Refusals of this package.

InterlockError
├── LibraryMissingError   an optional library that is not installed
└── LogRefusedError       a file that can't be read as an evaluation log
"""

from __future__ import annotations

from interlock.terms import InterlockError


class LibraryMissingError(InterlockError):
    """A library that only some uses need is not installed; the advice names the extra that brings it."""


class LogRefusedError(InterlockError):
    """A file is not an evaluation log that this reader follows; `member` names the part of an archive at fault."""

    def __init__(self, message: str, *, advice: str | None = None, member: str | None = None) -> None:
        super().__init__(message if member is None else f"`{shown(member)}`: {message}", advice=advice)
        self.member = member


def shown(text: str) -> str:
    """Return a text from a file as it may be shown: on one line, cut short, without control characters."""
    return "".join(character if character.isprintable() else "?" for character in text[:120])
