"""Calendar feeds of duties, for a program that reads one from standard output or a server that gives out a file."""

from __future__ import annotations

from pathlib import Path

from interlock import __version__
from interlock.app._files import write_file
from interlock.engine import DutyReport
from interlock.integrations import calendar_feed


def calendar_of(report: DutyReport) -> bytes:
    """Return the report as a calendar feed; LibraryMissingError where the library for it is not installed."""
    return calendar_feed(report, product=__version__)


def write_calendar(report: DutyReport, path: Path) -> None:
    """Write the calendar feed to a file in one step; FileRefused where it can't be written."""
    write_file(path, calendar_of(report))
