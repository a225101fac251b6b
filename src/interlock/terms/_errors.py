"""The base of every error that interlock raises on purpose.

A caller catches `InterlockError` to tell a refusal, which names its cause and its cure, from a bug.
Messages are one sentence in lower case; `advice` says what to do and is shown apart from the message.
"""

from __future__ import annotations


class InterlockError(Exception):
    """A refusal: what was wrong and where, and in `advice` what to do about it."""

    def __init__(self, message: str, *, advice: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class MalformedError(InterlockError):
    """A text that does not say what its place asks for: a date, a quantity, a digest, an identifier."""
