"""The page of a status: four numbers, then what they are made of, on one screen of 80 columns and 40 rows.

A list that is too long for the screen is cut, and the last row says how many more there are and which command lists
them. A mark beside a number is never good where something of it is not known, nor where there was nothing to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Final

from interlock.app.compute_clocks import Projection
from interlock.app.due_dates import due_date
from interlock.app.status import (
    SOON,
    AwaitedSignOff,
    DecisionChange,
    DutyChange,
    Expiry,
    RunningClock,
    Share,
    Status,
)
from interlock.app.terms import hangs_on
from interlock.cli._answer import decided_by
from interlock.cli._dispute_words import assumption_lines
from interlock.cli._duty_words import (
    day_words,
    due_words,
    growth_words,
    left_words,
    pledge_span,
    state_span,
    weaker_words,
    why_words,
)
from interlock.cli._goal_words import goal_day_words, goal_span
from interlock.cli._page import BLANK, Line, Mark, Span, Words, faint, line, strong, text_of, unbroken
from interlock.cli._term_page import may_rule
from interlock.cli._wording import role_titles
from interlock.engine import Decision, DutyStanding, DutyState, GoalStanding, PledgeStanding, TermStanding
from interlock.terms import ACTIONS, format_instant, leaf_actions

MOST_ROWS: Final = 40
_LONGEST_LISTS: Final = (8, 6, 5, 4, 3, 2, 1)
_LABEL: Final = 22


def status_page(status: Status, *, width: int) -> list[Line]:
    """Return the page, its lists as long as one screen lets them be."""
    made: list[Line] = []
    for most in _LONGEST_LISTS:
        for spaced in (True, False):
            made = list(_page(status, most, spaced=spaced))
            if text_of(made, width).count("\n") <= MOST_ROWS:
                return made
    return made


def _page(status: Status, most: int, *, spaced: bool) -> Iterator[Line]:
    yield from assumption_lines(status.assumed)
    versions = ", ".join(f"{one.id} {one.version}" for one in status.report.versions)
    yield line(strong("Status"), f" as of {format_instant(status.now.as_of)}, by {versions}", hang=0)
    yield from _numbers(status)
    for title, lists, command in _sections(status):
        rows = list(lists)
        if not rows:
            continue
        if spaced:
            yield BLANK
        yield line(strong(title))
        shown = rows if len(rows) <= most else rows[: max(most - 1, 1)]
        for row in shown:
            yield from row
        if len(rows) > len(shown):
            yield line(faint(f"and {len(rows) - len(shown)} more: {command}"), indent=2)


Row = Sequence[Line]


def _sections(status: Status) -> Iterator[tuple[str, Iterable[Row], str]]:
    """Yield each section's title, its rows, and the command that lists all of it."""
    yield "Overdue", map(_overdue(status), status.overdue), "interlock duties"
    yield f"Due within {SOON.days} days", map(_due(status), status.clocks), "interlock duties --all"
    yield "Pledges", map(_pledge, status.pledges), "interlock duties"
    yield "Goals", map(_goal(status), status.goals), "interlock duties"
    yield "Held", _held(status), "interlock decide"
    yield f"Open terms: {len(status.open_terms)}", map(_open_term, status.open_terms), "interlock terms"
    yield "Sign-offs awaited", map(_sign_off, status.sign_offs), "interlock explain"
    yield "Good until", map(_expiry, status.expiries), "interlock decide"
    yield f"Changed since {format_instant(status.before.as_of)}", _changes(status), "interlock status --json"
    yield "Worth knowing", _notes(status), "interlock duties"


# Numbers


def _numbers(status: Status) -> Iterator[Line]:
    unknown = sum(standing.state is DutyState.UNKNOWN for standing in status.report.duties)
    binding = sum(standing.duty.clause.binds for standing in status.overdue)
    weaker = status.overdue_share.count - binding
    words = _of(status.overdue_share, "duty to be done", "duties to be done")
    words += f"; {weaker} of them {'does' if weaker == 1 else 'do'} not bind" if weaker else ""
    words += f"; {unknown} not known" if unknown else ""
    yield _number("Overdue", status.overdue_share, words, Mark.BAD, unsettled=bool(unknown))
    words = _of(status.due_share, "clock that runs", "clocks that run")
    words += f"; {status.undated} without a date" if status.undated else ""
    yield _number(f"Due within {SOON.days} days", status.due_share, words, Mark.OPEN, unsettled=bool(status.undated))
    yield _held_number(status)
    words = _of(status.sign_off_share, "word of a role that is asked for", "words of roles that are asked for")
    yield _number("Sign-offs awaited", status.sign_off_share, words, Mark.OPEN, unsettled=bool(status.now.refused))


def _held_number(status: Status) -> Line:
    by_default = sum(decision.by_default for decision in status.held)
    by_evidence = len(status.held) - by_default
    permitted = [d for d in status.now.decisions.values() if not d.held and d.by_default]
    words = _of(status.held_share, "action asked about", "actions asked about")
    if by_evidence and by_default:
        words += f": {by_evidence} by evidence, {by_default} by the burden of proof"
    elif status.held:
        words += ", by evidence" if by_evidence else ", by the burden of proof"
    words += f"; {len(permitted)} permitted by the burden of proof" if permitted else ""
    refused = len(status.now.refused)
    words += f"; {refused} could not be asked" if refused else ""
    return _number("Held actions", status.held_share, words, Mark.BAD, unsettled=bool(refused or permitted))


_SYMBOLS: Final = {Mark.BAD: "✗", Mark.OPEN: "!"}


def _number(label: str, share: Share, words: str, mark: Mark, *, unsettled: bool) -> Line:
    """Return a number with its mark: good only where it is 0 of some, and all of them are known."""
    if share.count:
        span = Span(f"{_SYMBOLS[mark]} ", mark)
    elif unsettled:
        span = Span("? ", Mark.OPEN)
    else:
        span = Span("✓ ", Mark.GOOD) if share.out_of else Span("· ", Mark.FAINT)
    return line(span, unbroken(f"{label:<{_LABEL}}"), strong(f"{share.count}"), f" {words}", indent=2, hang=_LABEL + 2)


def _of(share: Share, one: str, several: str) -> str:
    return f"of {share.out_of} {one if share.out_of == 1 else several}"


# Duties


def _overdue(status: Status) -> Callable[[DutyStanding], Row]:
    as_of = status.report.as_of

    def row(standing: DutyStanding) -> Row:
        return [line(state_span(standing), " ", *_name(standing), f": {due_words(standing, as_of)}", indent=2)]

    return row


def _due(status: Status) -> Callable[[RunningClock], Row]:
    def row(clock: RunningClock) -> Row:
        return [line(*_clock_mark(clock), *_name(clock.standing), f": {clock_words(clock, status)}", indent=2)]

    return row


def _clock_mark(clock: RunningClock) -> tuple[Words, ...]:
    """Return the state; a running period is no state that asks for anything, so it is called what it is."""
    if clock.first is None:
        return (Span(f"? {clock.standing.state.value}", Mark.OPEN), " ")
    if clock.standing.state is DutyState.NOT_TRIGGERED:
        return (Span("! period runs", Mark.OPEN), " ")
    return (Span(f"! {clock.standing.state.value}", Mark.OPEN), " ")


def _name(standing: DutyStanding) -> tuple[Words, ...]:
    weaker = weaker_words(standing.duty.clause)
    return (strong(standing.duty.id), f" ({standing.instance}{f'; {weaker}' if weaker else ''})")


def clock_words(clock: RunningClock, status: Status) -> str:
    """Return when a clock runs out, what comes first before the rest, and for a compute clock on what that is based."""
    standing, as_of = clock.standing, status.report.as_of
    by_time = ""
    if clock.due is not None:
        due = due_date(clock.due, standing.policy.calendar)
        by_time = f"{day_words(due)}, {left_words(due, as_of)}"
    if clock.projection is not None:
        by_growth = projection_words(clock.projection, as_of)
        return f"{by_growth}; by time {by_time}" if by_time else by_growth
    return by_time or (why_words(standing.reason) if standing.reason else "the policy states no time")


def projection_words(projection: Projection, as_of: datetime) -> str:
    """Return when growth is projected to reach its limit, and the basis of that; else why it is not."""
    reading = projection.reading
    if reading.ratio is None:
        return f"growth {growth_words(reading)}, so there is no projection"
    basis = f"{growth_words(reading)} since {reading.since:%Y-%m-%d}"
    if projection.expected is None:
        return f"growth {basis}; no projection, as {projection.why_not}"
    latest = "no end in sight" if projection.latest is None else f"{projection.latest}"
    first = projection.expected if projection.earliest is None else projection.earliest
    by = f"projected by {projection.measurements} measurements, {basis}"
    return f"about {projection.expected} ({first} to {latest}){_passed(projection.expected, first, as_of)}, {by}"


def _passed(expected: date, first: date, as_of: datetime) -> str:
    """Return what to do where a projected day is past: the clock may have run out, and nobody measured."""
    if first > as_of.date():
        return ""
    what = "which is past" if expected <= as_of.date() else "which its upper bound may have reached"
    return f", {what} (measure again)"


def _pledge(standing: PledgeStanding) -> Row:
    by = standing.measure_by
    measured = "" if by is None else f": measure again by {format_instant(by)}"
    return [line(pledge_span(standing), " ", strong(standing.pledge.id), f" ({standing.instance}){measured}", indent=2)]


# Goals and words


def _goal(status: Status) -> Callable[[GoalStanding], Row]:
    def row(standing: GoalStanding) -> Row:
        words = goal_day_words(standing, status.report.as_of)
        return [line(goal_span(standing), " ", strong(standing.goal.id), f": {words}", indent=2)]

    return row


def _open_term(standing: TermStanding) -> Row:
    readings = standing.readings
    ruled_by = may_rule(None if readings is None else readings.ruled_by, standing.policy)
    hangs = "" if hangs_on(standing) else "; nothing hangs on it, on this record"
    whom = ", ".join(standing.open_for)
    words = f": no ruling for {whom}; may rule: {ruled_by}{hangs}"
    return [line(Span("? ", Mark.OPEN), strong(standing.id), words, indent=2)]


# Decisions


def _held(status: Status) -> Iterator[Row]:
    models = dict.fromkeys(decision.question.model for decision in status.held)
    for model in models:
        held = [decision for decision in status.held if decision.question.model == model]
        rows = []
        for by_default, how in ((False, "by evidence"), (True, "by the burden of proof")):
            actions = [decision.question.action for decision in held if decision.by_default is by_default]
            if actions:
                rows.append(line(Span("✗ ", Mark.BAD), strong(model), f" {how}: {action_list(actions)}", indent=2))
        yield rows


def action_list(actions: Iterable[str]) -> str:
    """Return actions as a list, a parent in place of all its children; `all actions` where they are that."""
    left = dict.fromkeys(actions)
    listed: list[str] = []
    for action in ACTIONS:
        children = leaf_actions(action)
        if len(children) > 1 and all(child in left for child in children):
            listed.append(action)
            for child in children:
                del left[child]
    return ", ".join(sorted([*listed, *left], key=ACTIONS.index))


def _sign_off(awaited: AwaitedSignOff) -> Row:
    who = role_titles([awaited.role], [awaited.policy])
    what = awaited.how or awaited.condition
    if awaited.how is not None and not awaited.condition.startswith(("{approved", "{judged")):
        what = f"{awaited.how}: {awaited.condition}"
    for_what = f", for {action_list(awaited.actions)} of {awaited.model}"
    return [line(Span("! ", Mark.OPEN), strong(who), f": {what}{for_what}", indent=2)]


def _expiry(expiry: Expiry) -> Row:
    validity = expiry.validity
    ends = [] if validity.time is None else [format_instant(validity.time)]
    ends += [] if validity.effective_compute is None else [f"{validity.effective_compute}"]
    who = role_titles(validity.who, [case.policy for case in expiry.decision.policies])
    renewed = f"; {who} can renew it" if who else ""
    what = f"{action_list(expiry.actions)} of {expiry.model} {_outcome(expiry.decision)}{renewed}"
    return [line(strong(" or ".join(ends)), f": {what}", indent=2)]


def _outcome(decision: Decision) -> str:
    return f"{decision.outcome} {decided_by(decision)}"


# Changes


def _changes(status: Status) -> Iterator[Row]:
    for change in status.decision_changes:
        yield [line(_decision_change(change), indent=2)]
    for duty_change in status.duty_changes:
        yield [line(*_duty_change(duty_change, status), indent=2)]
    if status.before.no_report is not None:
        yield [line(f"duties are not compared: {status.before.no_report}", indent=2)]
    elif not status.decision_changes and not status.duty_changes:
        yield [line("no answer and no duty", indent=2)]


def _decision_change(change: DecisionChange) -> str:
    was = "not asked before" if change.was is None else _outcome(change.was)
    return f"{action_list(change.actions)} of {change.model}: {was} → {_outcome(change.now)}"


def _duty_change(change: DutyChange, status: Status) -> tuple[Words, ...]:
    was, now = change.was, change.now
    if now is None:
        return () if was is None else (*_name(was), f": {was.state.value} → no more")
    before = "new" if was is None else was.state.value
    if was is not None and was.state is now.state:
        before = "no due time" if was.due is None else f"due {day_words(due_date(was.due, was.policy.calendar))}"
    return (*_name(now), f": {before} → {now.state.value}, {due_words(now, status.report.as_of)}".rstrip(", "))


def _notes(status: Status) -> Iterator[Row]:
    findings = status.report.findings
    if findings:
        ids = ", ".join(dict.fromkeys(finding.id for finding in findings))
        yield [line(f"{len(findings)} finding{'s' if len(findings) > 1 else ''}: {ids} (interlock duties)", indent=2)]
    if status.no_terms is not None:
        yield [line(Span("? ", Mark.OPEN), f"open terms are not known: {status.no_terms}", indent=2)]
    for reason in dict.fromkeys(status.now.refused.values()):
        number = sum(one == reason for one in status.now.refused.values())
        yield [line(Span("? ", Mark.OPEN), f"{number} not decided: {reason}", indent=2)]
