"""Words for duties: states with their marks, due times with the days left or late, growth clocks, pledges.

A state is a word and a mark, never a colour alone. What is not known has the mark of what is open, whatever its state.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Final

from interlock.app.due_dates import DueDate, due_date, expected_due
from interlock.cli._page import Mark, Span
from interlock.cli._wording import reason_words
from interlock.engine import DutyStanding, DutyState, GrowthReading, PledgeStanding
from interlock.policy import Clause
from interlock.terms import format_duration

_MARKS: Final = {
    DutyState.NOT_TRIGGERED: ("·", Mark.FAINT),
    DutyState.OPEN: ("·", Mark.STRONG),
    DutyState.DONE: ("✓", Mark.GOOD),
    DutyState.DONE_LATE: ("✗", Mark.BAD),
    DutyState.OVERDUE: ("✗", Mark.BAD),
    DutyState.EXCUSED: ("·", Mark.STRONG),
    DutyState.SUPERSEDED: ("!", Mark.OPEN),
    DutyState.UNKNOWN: ("?", Mark.OPEN),
}
_REASONS: Final = {
    "trigger-unknown": "it is not known whether it applies",
    "growth-unknown": "it is not known how far compute has grown",
    "extended": "its time is extended",
    "as-agreed": "its time is as agreed",
    "as-notified": "its time is as notified",
    "excused": "its excuse holds",
    "version-superseded": "the version of the policy that asks for it is no longer in force",
}
_PLEDGES: Final = {"kept": ("✓", Mark.GOOD), "lapsed": ("✗", Mark.BAD), "unmeasured": ("?", Mark.OPEN)}
_MOST_DIGITS: Final = 6
_WEAKER_OVERDUE: Final = {DutyState.OVERDUE, DutyState.DONE_LATE}


def state_span(standing: DutyStanding) -> Span:
    """Return the state as a mark and a word; a weaker duty that is late departs from nothing, and so is not marked."""
    symbol, mark = _MARKS[standing.state]
    if standing.state in _WEAKER_OVERDUE and not standing.duty.clause.binds:
        symbol, mark = "·", Mark.FAINT
    elif is_unsettled(standing):
        symbol, mark = "?", Mark.OPEN
    return Span(f"{symbol} {standing.state.value}", mark)


def pledge_span(standing: PledgeStanding) -> Span:
    """Return the state of a pledge as a mark and a word."""
    symbol, mark = _PLEDGES[standing.state]
    if standing.state == "lapsed" and not standing.pledge.clause.binds:
        symbol, mark = "·", Mark.FAINT
    return Span(f"{symbol} {standing.state}", mark)


def is_unsettled(standing: DutyStanding) -> bool:
    """Return whether it is not known when an instance is due, or whether it applies at all."""
    growth = standing.growth
    unread = growth is not None and growth.ratio is None and standing.due is None
    provisional = standing.state is DutyState.OPEN and standing.due is None and standing.reason is not None
    return standing.state is DutyState.UNKNOWN or (not _is_over(standing) and (unread or provisional))


def _is_over(standing: DutyStanding) -> bool:
    return standing.state in {DutyState.DONE, DutyState.DONE_LATE, DutyState.SUPERSEDED}


def weaker_words(clause: Clause) -> str:
    """Return how a clause is weaker than one that binds; empty for one that does."""
    return ", ".join(word for word in (clause.modality, clause.binding) if word not in {"must", "unilateral"})


def why_words(reason: str) -> str:
    """Return why a state is not simply what the clock says, by its name and in words."""
    meaning = _REASONS.get(reason)
    return reason_words(reason) if meaning is None else f"{reason}: {meaning}"


# Times


def due_words(standing: DutyStanding, as_of: datetime) -> str:
    """Return when an instance is due or was, and how many whole days are left or late."""
    due = _on(standing, standing.due)
    match standing.state:
        case DutyState.OVERDUE if due is not None:
            return f"{day_words(due)}, {late_words(standing)}"
        case DutyState.DONE_LATE if due is not None:
            return f"{late_words(standing)}; due {day_words(due)}, done {_done_words(standing)}"
        case DutyState.DONE:
            return f"done {_done_words(standing)}"
        case DutyState.NOT_TRIGGERED:
            return _period_words(standing, as_of)
        case DutyState.SUPERSEDED:
            return "" if due is None else f"was due {day_words(due)}"
        case _:
            return _left_words(due, as_of, standing)


def late_words(standing: DutyStanding) -> str:
    """Return how late an instance is: in whole days after the due day, and exactly."""
    if standing.late_by is None or standing.days_late is None:
        return "late"
    days = _days(standing.days_late) if standing.days_late else "less than a day"
    return f"late by {days} ({format_duration(standing.late_by)})"


def _left_words(due: DueDate | None, as_of: datetime, standing: DutyStanding) -> str:
    if due is None:
        return _undated_words(standing, as_of)
    return f"{day_words(due)}, {left_words(due, as_of)}"


def _undated_words(standing: DutyStanding, as_of: datetime) -> str:
    """Return what is known of a due time that is not: that of a period which runs on, if it is not over by growth."""
    if not is_unsettled(standing):
        return "no date: the policy states no time"
    by_time = _on(standing, expected_due(standing))
    if by_time is None:
        return "no date: it is not known"
    return f"not known; by time {day_words(by_time)}, {left_words(by_time, as_of)}"


def left_words(due: DueDate, as_of: datetime) -> str:
    """Return how much time is left: in whole days, or exactly on the last day."""
    if due.instant <= as_of:
        return "which is past"
    days = due.days_left(as_of)
    if days == 0:
        return f"today, {format_duration(due.instant - as_of)} left"
    return f"{_days(days)} left"


def _period_words(standing: DutyStanding, as_of: datetime) -> str:
    ends, due = _on(standing, standing.period_ends), _on(standing, expected_due(standing))
    if ends is None or due is None:
        return ""
    if due.instant == ends.instant:
        return _left_words(due, as_of, standing)
    return f"period ends {day_words(ends)}, {left_words(ends, as_of)}; then due {day_words(due)}"


def day_words(due: DueDate) -> str:
    """Return the last day, or the local time where it is over within one; with the time zone unless it is UTC."""
    zone = due.calendar.time_zone
    if not due.ends_day:
        return f"{due.local:%Y-%m-%d %H:%M} {zone}"
    return f"{due.day}" if zone == "UTC" else f"{due.day} {zone}"


def _done_words(standing: DutyStanding) -> str:
    if standing.done is None:
        return "at an unknown time"
    calendar = standing.policy.calendar
    zone = "" if calendar.time_zone == "UTC" else f" {calendar.time_zone}"
    return f"{calendar.day_of(standing.done)}{zone}"


def _on(standing: DutyStanding, instant: datetime | None) -> DueDate | None:
    return None if instant is None else due_date(instant, standing.policy.calendar)


def _days(number: int) -> str:
    if number == 0:
        return "less than a day"
    return f"{number} day{'' if number == 1 else 's'}"


# Growth


def growth_words(growth: GrowthReading) -> str:
    """Return how far a growth clock is, its bounds rounded outward: a ratio, its interval, and the limit."""
    limit = f"{_plain(growth.limit)}x"
    if growth.ratio is None:
        return f"not known, of {limit}"
    digits = _digits(growth)
    lower = "?" if growth.lower is None else f"{_rounded(growth.lower, digits, up=False)}x"
    upper = "?" if growth.upper is None else f"{_rounded(growth.upper, digits, up=True)}x"
    over = growth.upper is not None and growth.upper >= growth.limit
    counts = ", which counts as reached" if over and growth.ratio < growth.limit else ""
    return f"{_nearest(growth.ratio, digits)}x [{lower}–{upper}] of {limit}{counts}"  # noqa: RUF001 - a range


def _digits(growth: GrowthReading) -> int:
    """Return how many digits show on which side of the limit every number lies."""
    values = [value for value in (growth.ratio, growth.upper) if value is not None and value < growth.limit]
    for digits in range(1, _MOST_DIGITS):
        if all(_rounded(value, digits, up=True) != _rounded(growth.limit, digits, up=True) for value in values):
            return digits
    return _MOST_DIGITS


def _nearest(value: Fraction, digits: int) -> str:
    return _decimal(round(value * 10**digits), digits)


def _rounded(value: Fraction, digits: int, *, up: bool) -> str:
    scaled = value * 10**digits
    return _decimal(-(-scaled // 1) if up else scaled // 1, digits)


def _decimal(scaled: int, digits: int) -> str:
    whole, part = divmod(scaled, 10**digits)
    return f"{whole}.{part:0{digits}d}"


def _plain(value: Fraction) -> str:
    return _nearest(value, _MOST_DIGITS).rstrip("0").rstrip(".")
