"""Other people's formats, read into interlock's own values or written from them.

`read_inspect_log` reads the logs of Inspect AI (`.eval` and `.json`) without needing Inspect AI. A file is untrusted:
it has one reading within stated `Limits`, or it is refused with the reason. `calendar_feed` writes what is due as an
iCalendar file, by a library that is optional.
"""

from __future__ import annotations

from interlock.integrations._calendar_feed import calendar_feed
from interlock.integrations._errors import LibraryMissingError, LogRefusedError
from interlock.integrations._inspect_log import Progress, read_inspect_log
from interlock.integrations._limits import Limits

__all__ = ["LibraryMissingError", "Limits", "LogRefusedError", "Progress", "calendar_feed", "read_inspect_log"]
