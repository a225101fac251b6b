"""The leaves about duties: done, overdue, and what has passed or grown since a duty was last completed (2, 4.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from interlock.policy import Done, Elapsed, Freshness, Growth, Overdue, Scope
from interlock.record import Event
from interlock.terms import Truth
from interlock.testing.oracle._case import Case, Interval
from interlock.testing.oracle._evidence import Value, resting_on, unknown
from interlock.testing.oracle._standing import Standing
from interlock.testing.oracle._tails import compare_interval

COMPLETED = ("done", "done-late")
BLOCKING = ("open", "overdue", "excused", "unknown")

Completions = Callable[[Case, str, Scope], Sequence[datetime]]
"""When a duty was completed for whom a leaf speaks about, in no order."""


# The state of a duty: such a leaf rests on no event


def done(case: Case, leaf: Done) -> Value:
    """True once one is completed, under this version, and none of any version is left to do."""
    standings = _standings(case, leaf.duty, leaf.of)
    states = {one.state for one in standings}
    if "unknown" in states:
        return unknown("missing")
    completed = any(one.state in COMPLETED and one.version == case.policy.version for one in standings)
    return resting_on(Truth.of(completed and states.isdisjoint(BLOCKING)), [])


def overdue(case: Case, leaf: Overdue) -> Value:
    """True if some instance of any version is overdue, else unknown if some is `unknown`."""
    states = {one.state for one in _standings(case, leaf.duty, leaf.of)}
    if "overdue" in states:
        return resting_on(Truth.TRUE, [])
    return unknown("missing") if "unknown" in states else resting_on(Truth.FALSE, [])


def _standings(case: Case, duty: str, of: Scope) -> Sequence[Standing]:
    """Return the instances of a duty that concern whom the leaf speaks about; the world has no duties."""
    scope = case.about if of is Scope.THIS else of
    if case.book is None or scope is Scope.WORLD:
        return []
    model = case.model if case.model and scope is not Scope.DEVELOPER else None
    return case.book.standings(case.policy, duty, model, case.developer(case.model), case.now)


# Since the last completion


def performed(case: Case, duty: str) -> list[datetime]:
    """Return when the duty was performed, by an event about the model or its developer, whenever that was.

    For a duty of each lineage it may be about any model of the lineage.
    """
    models = {case.model} if case.about is Scope.THIS else set()
    if case.policy.duties[duty].instances == "each lineage" and models:
        models |= {model for model in case.named_by_events() if case.path(model)[0] == case.path(case.model)[0]}
    developer = case.developer(case.model) if case.about is not Scope.WORLD else None
    return [
        event.occurred
        for event in case.events
        if event.kind == "duty.performed"
        and event.text_of("duty") == duty
        and _is_about(event, models, developer)
    ]


def _is_about(event: Event, models: set[str], developer: str | None) -> bool:
    if event.subject.model is not None:
        return event.subject.model in models
    return event.subject.developer is not None and event.subject.developer == developer


def elapsed(case: Case, leaf: Elapsed, limits: Sequence[Freshness], completions: Completions) -> Value:
    """2: that long since its last completion; never completed: unknown."""
    calendar = case.policy.calendar
    found = completions(case, leaf.since, leaf.of)
    if not found:
        return unknown("missing")
    last, periods = max(found), [limit.period for limit in limits if limit.period is not None]
    if any(case.now >= calendar.anniversary(last, period) for period in periods):
        return unknown("stale")
    return resting_on(Truth.of(calendar.anniversary(last, leaf.period) <= case.now), [])


def growth(case: Case, leaf: Growth, limits: Sequence[Freshness], completions: Completions) -> Value:
    """2: the ratio of the latest value to that at the last completion, by the bounds of both."""
    events = case.latest_measured(leaf.quantity, case.model, case.now)
    now = case.amount(leaf.quantity, case.model, case.now)
    if leaf.quantity == "effective-compute" and case.compute_now(case.model) != now:
        events, now = [], case.compute_now(case.model)
    if not all(case.young(event, limits) for event in events):
        return unknown("stale")
    then = _then(case, leaf, completions)
    if now is None or then is None or now.dimension != then.dimension:
        return unknown("missing")
    lower, upper = ratio(now, then)
    truth = compare_interval(lower, upper, leaf.comparison.comparator, leaf.comparison.bound.magnitude)
    return unknown("imprecise") if truth is Truth.UNKNOWN else resting_on(truth, events)


def _then(case: Case, leaf: Growth, completions: Completions) -> Interval | None:
    """Return the value at the last completion, or the largest of those of the developer's models at theirs."""
    cases = [case]
    if leaf.against == "most-capable-assessed":
        cases = [case.of_model(model) for model in case.models_of(Scope.ANY_MODEL)]
    amounts = []
    for one in cases:
        found = completions(one, leaf.since, leaf.of)
        if found:
            amounts.append(one.amount(leaf.quantity, one.model, max(found)))
    return largest([amount for amount in amounts if amount is not None])


def ratio(now: Interval, then: Interval) -> tuple[Fraction | None, Fraction | None]:
    """Return the least and the greatest growth that two intervals leave open; None is an open side."""
    lower = now.lower / then.upper if now.lower is not None and then.upper is not None and then.upper > 0 else None
    upper = now.upper / then.lower if now.upper is not None and then.lower is not None and then.lower > 0 else None
    return lower, upper


def largest(amounts: Sequence[Interval]) -> Interval | None:
    """Return the interval of the largest of several amounts: the largest lower and the largest upper bound."""
    if not amounts or len({amount.dimension for amount in amounts}) != 1:
        return None
    uppers = [amount.upper for amount in amounts]
    return Interval(
        lower=max((amount.lower for amount in amounts if amount.lower is not None), default=None),
        upper=None if None in uppers else max(upper for upper in uppers if upper is not None),
        stated=max(amount.stated for amount in amounts),
        dimension=amounts[0].dimension,
    )
