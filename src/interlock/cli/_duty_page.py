"""The page of duties: a row for each instance, what must be done under it; pledges, goals and findings beneath."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from interlock.app.duties import is_listed
from interlock.cli._dispute_words import duty_dispute_lines
from interlock.cli._duty_words import (
    due_words,
    growth_words,
    is_unsettled,
    pledge_span,
    state_span,
    weaker_words,
    why_words,
)
from interlock.cli._goal_words import goal_lines
from interlock.cli._page import BLANK, Line, faint, line, strong
from interlock.cli._table import table_row
from interlock.cli._wording import reason_words
from interlock.engine import DutyReport, DutyStanding, DutyState, PledgeStanding
from interlock.policy import Clause, in_words
from interlock.terms import Truth, format_instant

_STATE: Final = 16
_NARROWEST_TABLE: Final = 60
_ORDER: Final = (
    DutyState.OVERDUE,
    DutyState.UNKNOWN,
    DutyState.OPEN,
    DutyState.SUPERSEDED,
    DutyState.EXCUSED,
    DutyState.DONE_LATE,
    DutyState.DONE,
    DutyState.NOT_TRIGGERED,
)
_LAST: Final = datetime.max.replace(tzinfo=UTC)


def duty_page(report: DutyReport, *, show_all: bool, width: int) -> Iterator[Line]:
    """Yield the page of a report, for so many columns."""
    listed = [standing for standing in report.duties if show_all or is_listed(standing, report.as_of)]
    known = "" if report.known_at == report.as_of else f", by what was known at {format_instant(report.known_at)}"
    yield line(strong("Duties"), f" as of {format_instant(report.as_of)}{known}")
    yield line(_counted(report), indent=2)
    several = len({version.id for version in report.versions}) > 1
    if listed:
        yield BLANK
        if width >= _NARROWEST_TABLE:
            yield from table_row([(faint("state"),), (faint("duty"),), (faint("due"),)], _widths(width))
        for standing in sorted(listed, key=_place):
            yield from _duty(standing, report.as_of, width, several=several)
    left = len(report.duties) - len(listed)
    if left:
        are = "is" if left == 1 else "are"
        yield BLANK
        yield line(f"{left} more {are} done or not triggered: add --all", indent=2)
    yield from _pledges(report.pledges, several=several)
    yield from goal_lines(report.goals, report.as_of, several=several)
    yield from duty_dispute_lines(report)
    yield from _findings(report)


def _widths(width: int) -> tuple[int, int, int]:
    rest = width - 2 - _STATE
    return _STATE, rest // 2 - 2, rest - rest // 2 + 2


def _counted(report: DutyReport) -> str:
    by = ", ".join(f"{version.id} {version.version}" for version in report.versions)
    if not report.duties:
        return f"no duty, by {by}"
    counts = Counter(standing.state for standing in report.duties)
    states = ", ".join(f"{counts[state]} {state.value}" for state in _ORDER if counts[state])
    return f"{states}; by {by}"


def _place(standing: DutyStanding) -> tuple[int, bool, datetime, str, str]:
    """Order by state, what binds first, then by the due time; those of which that is not known before."""
    due = standing.due or standing.period_ends
    unsettled = datetime.min.replace(tzinfo=UTC) if is_unsettled(standing) else _LAST
    return (
        _ORDER.index(standing.state),
        not standing.duty.clause.binds,
        due or unsettled,
        standing.duty.id,
        standing.instance,
    )


def _duty(standing: DutyStanding, as_of: datetime, width: int, *, several: bool) -> Iterator[Line]:
    """Yield an instance: a row of the table, or in a narrow terminal its cells one below the other."""
    duty, indent = standing.duty, 2 + _STATE
    cells = [(state_span(standing),), (strong(duty.id), f" ({standing.instance})"), (due_words(standing, as_of),)]
    if width >= _NARROWEST_TABLE:
        yield from table_row(cells, _widths(width))
    else:
        indent = 4
        yield line(*cells[0], " ", *cells[1], indent=2)
        yield line(*cells[2], indent=indent)
    whose = f"{standing.policy.id}: " if several else ""
    yield line(f"{whose}{duty.must}", faint(_place_words(duty.clause)), indent=indent)
    for text in _details(standing):
        yield line(faint(text), indent=indent)


def _details(standing: DutyStanding) -> Iterator[str]:
    weaker = weaker_words(standing.duty.clause)
    if weaker:
        yield f"{weaker}: it is tracked, and departs from nothing"
    if standing.growth is not None:
        since = f"since {standing.growth.since:%Y-%m-%d}"
        yield f"growth of compute {growth_words(standing.growth)}, {since}{_by_events(standing.growth.evidence)}"
    if standing.state is DutyState.OVERDUE and standing.duty.clause.binds and standing.duty.otherwise_forbids:
        yield f"while it is overdue, held: {', '.join(standing.duty.otherwise_forbids)}"
    if standing.reason is not None:
        yield why_words(standing.reason)


def _by_events(indices: Sequence[int]) -> str:
    if not indices:
        return ""
    return f" (event{'' if len(indices) == 1 else 's'} {', '.join(map(str, indices))})"


def _place_words(clause: Clause) -> str:
    place = ", ".join(f"{name} {text}" for name, text in (("section", clause.section), ("page", clause.page)) if text)
    return f" ({place})" if place else ""


def _pledges(pledges: Sequence[PledgeStanding], *, several: bool) -> Iterator[Line]:
    if not pledges:
        return
    yield BLANK
    yield line(strong("Pledges"))
    for standing in pledges:
        pledge, policy = standing.pledge, standing.policy
        whose = f"{policy.id}: " if several else ""
        yield line(pledge_span(standing), " ", strong(pledge.id), f" ({standing.instance})", indent=2)
        yield line(
            f"{whose}keeps it so that {in_words(pledge.maintain, policy)}", faint(_place_words(pledge.clause)), indent=4
        )
        for text in _pledge_details(standing):
            yield line(faint(text), indent=4)


def _pledge_details(standing: PledgeStanding) -> Iterator[str]:
    weaker = weaker_words(standing.pledge.clause)
    if weaker:
        yield f"{weaker}: it is tracked, and departs from nothing"
    if standing.maintain.value is Truth.UNKNOWN and standing.maintain.reason:
        yield reason_words(standing.maintain.reason)
    if standing.measure_by is not None:
        yield f"what shows it is good until {format_instant(standing.measure_by)}; measure again by then"


def _findings(report: DutyReport) -> Iterator[Line]:
    if not report.findings:
        return
    yield BLANK
    yield line(strong("Findings"))
    for finding in report.findings:
        yield line(f"{finding.id}: {finding.detail}", indent=2)
