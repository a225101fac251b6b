"""Refusals of this package, beside those of the packages that it joins.

InterlockError
├── FileRefused        a file that can't be read as it was named
├── LogsRefused        logs that are no evidence for the measure, each with its reasons
├── OptionRefused      an option of a question that does not say what it asks for
├── RecordRefused      events that are sound by themselves, and yet are not to be put on the record
└── WorkspaceRefused   no workspace, an unsound one, or one that can't be made there
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from interlock.terms import InterlockError


class FileRefused(InterlockError):  # noqa: N818 - a refusal, by house rule named for what happened
    """A file is missing, unreadable, a folder, too large, or named twice."""


class LogsRefused(InterlockError):  # noqa: N818 - as above
    """Logs that can't be read, or are no evidence for the measure: `refusals` by file; none of the batch is recorded.

    `read` is the number of the other logs, which were sound.
    """

    def __init__(self, refusals: Sequence[tuple[Path, InterlockError]], *, read: int) -> None:
        self.refusals = tuple(refusals)
        self.read = read
        message = "; ".join(f"`{path}`: {error.message}" for path, error in self.refusals)
        super().__init__(
            message, advice="\n".join(dict.fromkeys(e.advice for _, e in self.refusals if e.advice)) or None
        )


class OptionRefused(InterlockError):  # noqa: N818 - as above
    """An option is missing, or its text is malformed; the message names the option."""


class WorkspaceRefused(InterlockError):  # noqa: N818 - as above
    """There is no workspace here, its settings have a fault, or one can't be made in this folder."""


class RecordRefused(InterlockError):  # noqa: N818 - as above
    """Events are on the record already, are stamped wrongly, or would leave a record that can't be read."""
