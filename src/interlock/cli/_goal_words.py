"""Words for goals: state, day and grade, and how they came to be what they are.

A goal holds nothing and departs from nothing, so none is ever marked as a departure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from interlock.cli._duty_words import weaker_words
from interlock.cli._page import BLANK, Line, Mark, Span, faint, line, strong
from interlock.cli._wording import role_titles
from interlock.engine import GoalStanding, GoalStep
from interlock.policy import Policy
from interlock.terms import format_instant

_GRADED: Final = "graded"


def goal_lines(goals: Sequence[GoalStanding], as_of: datetime, *, several: bool) -> Iterator[Line]:
    """Yield the section of goals, each with its history."""
    if not goals:
        return
    yield BLANK
    yield line(strong("Goals"))
    for standing in goals:
        goal, policy = standing.goal, standing.policy
        whose = f"{policy.id}: " if several else ""
        yield line(goal_span(standing), " ", strong(goal.id), f" {goal_day_words(standing, as_of)}", indent=2)
        yield line(f"{whose}{_roles_words(standing)}", faint(_place_words(standing)), indent=4)
        weaker = weaker_words(goal.clause)
        if weaker:
            yield line(faint(f"{weaker}: it holds nothing, and departs from nothing"), indent=4)
        for step in standing.history:
            yield line(faint(_step_words(step, policy)), indent=4)


def goal_span(standing: GoalStanding) -> Span:
    """Return the state as a mark and a word."""
    if standing.state == _GRADED:
        return Span(f"· {standing.state}", Mark.STRONG)
    return Span(f"! {standing.state}", Mark.OPEN) if standing.is_past else Span(f"· {standing.state}", Mark.STRONG)


def goal_day_words(standing: GoalStanding, as_of: datetime) -> str:
    """Return the day that a goal is for, if it has one, how far off it is, whether it was moved, and the grade."""
    grade = "" if standing.grade is None else f", graded `{standing.grade}`"
    if standing.due is None:
        return f"without a day{grade}"
    stated, moved = standing.goal.by, ""
    if standing.due != stated:
        moved = ", a day that an event set" if stated is None else f", moved from {stated.isoformat()}"
    return f"by {standing.due.isoformat()}{_away(standing, standing.due, as_of)}{moved}{grade}"


def _away(standing: GoalStanding, due: date, as_of: datetime) -> str:
    if standing.grade is not None:
        return ""
    if standing.is_past:
        return ", which is past"
    days = (due - standing.policy.calendar.day_of(as_of)).days
    return ", today" if days == 0 else f", {days} day{'' if days == 1 else 's'} left"


def _roles_words(standing: GoalStanding) -> str:
    goal, policies = standing.goal, [standing.policy]
    graded = "whom the policy does not name" if goal.graded_by is None else role_titles([goal.graded_by], policies)
    reviewed = "" if goal.reviewed_by is None else f", reviewed by {role_titles([goal.reviewed_by], policies)}"
    return f"graded by {graded}{reviewed}"


def _place_words(standing: GoalStanding) -> str:
    clause = standing.goal.clause
    place = ", ".join(f"{name} {text}" for name, text in (("section", clause.section), ("page", clause.page)) if text)
    return f" ({place})" if place else ""


def _step_words(step: GoalStep, policy: Policy) -> str:
    role = None if step.role is None else role_titles([step.role], [policy])
    by = ", ".join(one for one in (role, step.actor) if one)
    who = f", by {by}" if by else ""
    why = f": {step.reason}" if step.reason else ""
    event = f" (event {', '.join(map(str, step.evidence))})" if step.evidence else ""
    return f"{format_instant(step.at)} {step.what} {step.text}{who}{why}{event}"
