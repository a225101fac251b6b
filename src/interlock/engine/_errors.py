"""What the engine refuses.

EngineError
├── Refused          a question that can't be asked: no question, no answer (LANGUAGE 4.4)
└── DigestMismatch   an event states another digest for a policy than its file has (LANGUAGE 4.7)
"""

from __future__ import annotations

from interlock.terms import InterlockError


class EngineError(InterlockError):
    """The base of the engine's refusals."""


class Refused(EngineError):  # noqa: N818 - a refusal is an answer of the language, not a fault of the program
    """A question that can't be asked is refused, never decided."""


class DigestMismatch(EngineError):  # noqa: N818 - named for what was found
    """A policy file is not the one that an event names."""
