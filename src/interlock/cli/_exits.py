"""Exit codes beside those of a decision, which `interlock.engine.exit_code` gives (LANGUAGE 8)."""

from __future__ import annotations

from typing import Final

DONE: Final = 0
"""Nothing was asked that could be permitted or held, and nothing was found."""
FOUND: Final = 1
"""Something was found: a duty that is late, or a finding."""
REFUSED: Final = 2
"""Wrong usage, a rejected file, or a question that can't be asked."""
NOT_VERIFIED: Final = 5
"""A digest or the ledger does not verify."""
INTERNAL: Final = 70
"""A fault of the program, or output that could not be written."""
INTERRUPTED: Final = 130
"""Stopped from the keyboard: 128 and the number of the signal, as shells report it."""
CUT_OFF: Final = 141
"""Whoever read the output stopped reading: likewise."""
