"""Use cases and wiring: the only place that joins effects to the core and reads the clock.

Each function is one thing that a person asks of interlock. They take paths and texts, return values of the core, and
raise its refusals; printing and exit codes are the caller's.
"""

from __future__ import annotations

from interlock.app._clock import Clock, system_clock
from interlock.app._decisions import check_policies, decide_on_files
from interlock.app._errors import FileRefused, OptionRefused, WorkspaceRefused
from interlock.app._questions import TypedQuestion

__all__ = [
    "Clock",
    "FileRefused",
    "OptionRefused",
    "TypedQuestion",
    "WorkspaceRefused",
    "check_policies",
    "decide_on_files",
    "system_clock",
]
