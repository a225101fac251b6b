"""Other people's formats, read into interlock's own values.

`read_inspect_log` reads the logs of Inspect AI (`.eval` and `.json`) without needing Inspect AI. A file is untrusted:
it has one reading within stated `Limits`, or it is refused with the reason.
"""

from __future__ import annotations

from interlock.integrations._errors import LogRefusedError
from interlock.integrations._inspect_log import Progress, read_inspect_log
from interlock.integrations._limits import Limits

__all__ = ["Limits", "LogRefusedError", "Progress", "read_inspect_log"]
