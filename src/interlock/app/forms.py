"""In which forms a policy is said; a module of its own, so that a command's options load nothing else."""

from __future__ import annotations

from enum import StrEnum


class Form(StrEnum):
    """How a policy is said."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
