"""Duties: what must be done, by when and how late it is, on files alone or in a workspace (LANGUAGE 4.5 and 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from interlock.app._given import Given, check_both, given_by_files, given_by_workspace
from interlock.app._questions import read_as_of, read_instant
from interlock.app.assumptions import Under, assumptions_of
from interlock.app.clock import Clock
from interlock.engine import DutyReport, DutyStanding, DutyState, duties

if TYPE_CHECKING:
    from interlock.app.workspaces import Workspace

RECENTLY: Final = timedelta(days=14)
"""How long a duty that is done is listed beside those that are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedTimes:
    """The times of a question about duties as typed, None where an option was left out; and readings to be assumed."""

    as_of: str | None = None
    known_at: str | None = None
    readings: tuple[str, ...] = ()
    """Each `TERM=READING`."""


def duties_on_files(policies: Sequence[Path], events: Sequence[Path], typed: TypedTimes) -> Under[DutyReport]:
    """Return how the duties stand by the files alone; refused as `decide_on_files` is."""
    check_both(policies, events)
    as_of = read_as_of(typed.as_of, now=None)
    return _duties(given_by_files(policies, events), as_of, typed)


def duties_in_workspace(workspace: Workspace, typed: TypedTimes, clock: Clock) -> Under[DutyReport]:
    """Return how the duties stand by the workspace's policies and record; now, where no time is stated."""
    as_of = read_as_of(typed.as_of, now=clock())
    return _duties(given_by_workspace(workspace, clock), as_of, typed)


def _duties(given: Given, as_of: datetime, typed: TypedTimes) -> Under[DutyReport]:
    known_at = read_instant("--known-at", typed.known_at)
    assumed = assumptions_of(typed.readings, given.policies)
    report = duties(given.policies, given.events, as_of, known_at=known_at, rulings=assumed)
    return Under(result=report, assumed=assumed)


def is_departure(standing: DutyStanding) -> bool:
    """Return whether a duty that binds is overdue or was done late (LANGUAGE 4.8); a weaker one never departs."""
    return standing.duty.clause.binds and standing.state in {DutyState.OVERDUE, DutyState.DONE_LATE}


def something_is_found(report: DutyReport) -> bool:
    """Return whether there is a departure, a binding pledge that is not shown to be kept, or a finding: exit code 1."""
    pledges = (one for one in report.pledges if one.pledge.clause.binds)
    return (
        any(is_departure(standing) for standing in report.duties)
        or any(one.state != "kept" for one in pledges)
        or bool(report.findings)
    )


def is_listed(standing: DutyStanding, as_of: datetime) -> bool:
    """Return whether an instance is listed where not all are: what asks for attention, or was done of late.

    One that makes a departure always is.
    """
    match standing.state:
        case DutyState.NOT_TRIGGERED:
            return False
        case DutyState.DONE | DutyState.DONE_LATE:
            return is_departure(standing) or (standing.done is not None and standing.done > as_of - RECENTLY)
        case _:
            return True
