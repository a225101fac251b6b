"""Refusals of this package.

InterlockError
├── FileRefused        a file that can't be read as it was named
├── OptionRefused      an option of a question that does not say what it asks for
└── WorkspaceRefused   no workspace, an unsound one, or one that can't be made there
"""

from __future__ import annotations

from interlock.terms import InterlockError


class FileRefused(InterlockError):  # noqa: N818 - a refusal, by house rule named for what happened
    """A file is missing, unreadable, a folder, too large, or named twice."""


class OptionRefused(InterlockError):  # noqa: N818 - as above
    """An option is missing, or its text is malformed; the message names the option."""


class WorkspaceRefused(InterlockError):  # noqa: N818 - as above
    """There is no workspace here, its settings have a fault, or one can't be made in this folder."""
