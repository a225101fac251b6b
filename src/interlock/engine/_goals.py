"""Goals: where each stands, and how its day and its grade came to be what they are (LANGUAGE 1 and 3.1).

A goal holds nothing and makes no departure; what is worth knowing of it is a finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise

from interlock.engine._applied import AppliedPolicy
from interlock.engine._duty_results import GoalStanding, GoalStep
from interlock.engine._findings import Finding
from interlock.engine._state import WORLD, View
from interlock.policy import Goal, Policy
from interlock.record import Event, GoalGraded, GoalRevised
from interlock.terms import Calendar, format_instant

GRADED, UNGRADED = "graded", "ungraded"


def goals_of(spans: Sequence[AppliedPolicy], as_of: datetime) -> Iterator[GoalStanding]:
    """Yield the goals of the version in force, each with its history under all versions that have been."""
    if spans:
        for goal in spans[-1].policy.goals.values():
            yield _standing(spans, goal, as_of)


def dropped_goals(spans: Sequence[AppliedPolicy]) -> Iterator[Finding]:
    """Yield a finding for each goal that a version no longer has, without a grade at that time."""
    for before, after in pairwise(spans):
        for name in before.policy.goals:
            if name not in after.policy.goals and not _graded(_facts(before, name, after.since)):
                detail = (
                    f"goal `{name}` of `{before.policy.id}` {before.policy.version} is none of {after.policy.version} "
                    f"any more, and was not graded by {format_instant(after.since)}"
                )
                yield Finding("goal-dropped", detail)


def _standing(spans: Sequence[AppliedPolicy], goal: Goal, as_of: datetime) -> GoalStanding:
    applied = spans[-1]
    policy = applied.policy
    facts = _facts(applied, goal.id, as_of)
    begun = next(span.since for span in spans if goal.id in span.policy.goals)
    facts = [event for event in facts if event.occurred >= begun]
    due = _due(facts, goal, policy.calendar)
    graded = _graded(facts)
    counted = [event for event in graded if _may_grade(event, goal)]
    grade = counted[-1].payload if counted else None
    steps = [*_versions(spans, goal), *_events(facts)]
    return GoalStanding(
        policy=policy,
        goal=goal,
        state=GRADED if counted else UNGRADED,
        due=due,
        is_past=_is_over(due, policy.calendar, as_of),
        grade=str(grade.grade) if isinstance(grade, GoalGraded) else None,
        history=tuple(sorted(steps, key=lambda step: (step.at, step.evidence))),
        findings=tuple(_findings(policy, goal, facts, due, as_of)),
    )


def _facts(applied: AppliedPolicy, goal: str, at: datetime) -> list[Event]:
    view = View(applied.state, at)
    found = [
        event
        for subject in (("developer", applied.policy.issuer), WORLD)
        for event in view.about(subject, ("goal", goal))
    ]
    return sorted(found, key=lambda event: (event.occurred, event.recorded, event.index))


def _graded(facts: Iterable[Event]) -> list[Event]:
    return [event for event in facts if isinstance(event.payload, GoalGraded)]


def _may_grade(event: Event, goal: Goal) -> bool:
    return goal.graded_by is None or event.role == goal.graded_by


def _due(facts: Iterable[Event], goal: Goal, calendar: Calendar) -> date | None:
    revised = [event.payload for event in facts if isinstance(event.payload, GoalRevised)]
    return _revised_to(revised[-1], calendar) if revised else goal.by


def _revised_to(said: GoalRevised, calendar: Calendar) -> date:
    return calendar.day_of(said.by) if isinstance(said.by, datetime) else said.by


def _is_over(day: date | None, calendar: Calendar, at: datetime) -> bool:
    """Return whether the day is over; what has no day never is."""
    return day is not None and calendar.end_of_day(day) <= at


def _versions(spans: Sequence[AppliedPolicy], goal: Goal) -> Iterator[GoalStep]:
    """Yield the versions that set the goal or changed its day."""
    known: Goal | None = None
    for span in spans:
        same = span.policy.goals.get(goal.id)
        if same is not None and (known is None or same.by != known.by):
            what = "set" if known is None else "amended"
            by = "without a day" if same.by is None else f"by {same.by.isoformat()}"
            yield GoalStep(at=span.since, what=what, text=f"{by}, in {span.policy.version}")
        known = same


def _events(facts: Iterable[Event]) -> Iterator[GoalStep]:
    for event in facts:
        said = event.payload
        if isinstance(said, GoalGraded):
            what, text, reason = "graded", str(said.grade), said.reason
        elif isinstance(said, GoalRevised):
            by = format_instant(said.by) if isinstance(said.by, datetime) else said.by.isoformat()
            what, text, reason = "revised", f"to {by}", said.reason
        else:
            continue
        yield GoalStep(
            at=event.occurred,
            what=what,
            text=text,
            role=event.role,
            actor=event.actor,
            reason=reason,
            evidence=(event.index,),
        )


def _findings(
    policy: Policy, goal: Goal, facts: Sequence[Event], due: date | None, as_of: datetime
) -> Iterator[Finding]:
    words = f"goal `{goal.id}` of `{policy.id}` {policy.version}"
    before = goal.by
    for event in facts:
        said = event.payload
        if isinstance(said, GoalRevised):
            late = _is_over(before, policy.calendar, event.occurred)
            id_ = "goal-revised-after-its-day" if late else "goal-revised"
            moved = "given the day" if before is None else "moved to"
            before = _revised_to(said, policy.calendar)
            yield Finding(id_, f"{words} was {moved} {before.isoformat()}: {said.reason}", (event.index,))
        elif isinstance(said, GoalGraded) and not _may_grade(event, goal) and event.role != goal.reviewed_by:
            detail = (
                f"event {event.index} grades {words} as {event.role or 'no role'}; it is graded by {goal.graded_by}"
            )
            yield Finding("goal-graded-by-another", detail, (event.index,))
    grades = [event for event in _graded(facts) if _may_grade(event, goal)]
    if not grades and due is not None and _is_over(due, policy.calendar, as_of):
        yield Finding("goal-past-its-day", f"{words} was due by {due.isoformat()} and has no grade")
    if grades and goal.reviewed_by is not None:
        last = grades[-1]
        reviews = (e for e in _graded(facts) if e.role == goal.reviewed_by and e.occurred >= last.occurred)
        if not any(True for _ in reviews):
            detail = f"the grade of {words} (event {last.index}) was not reviewed by {goal.reviewed_by}"
            yield Finding("goal-grade-not-reviewed", detail, (last.index,))
