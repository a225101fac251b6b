"""The leaves about duties: done, overdue, and what has passed or grown since a duty was last completed (2, 4.5).

Done and overdue rest on no event; the others on those of the last completion, growth on the latest measurement too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import product

from interlock.policy import Done, Elapsed, Freshness, Growth, Overdue, Ratio, Scope
from interlock.record import Event
from interlock.terms import Truth
from interlock.testing.oracle._case import Case, Interval, Supports
from interlock.testing.oracle._evidence import Value, resting_on, unknown
from interlock.testing.oracle._standing import Standing
from interlock.testing.oracle._tails import compare_interval

COMPLETED = ("done", "done-late")
BLOCKING = ("open", "overdue", "excused", "unknown")


@dataclass(frozen=True, kw_only=True)
class Completion:
    """When a duty was completed, and the sets of events on any one of which that rests."""

    at: datetime
    supports: Supports


Completions = Callable[[Case, str, Scope], Sequence[Completion]]
"""When a duty was completed for whom a leaf speaks about, in no order."""


# The state of a duty


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


def performed(case: Case, duty: str) -> list[Completion]:
    """Return when the duty was performed, by an event about the model or its developer, whenever that was.

    For a duty of each lineage it may be about any model of the lineage.
    """
    models = {case.model} if case.about is Scope.THIS else set()
    if case.policy.duties[duty].instances == "each lineage" and models:
        models |= {model for model in case.named_by_events() if case.path(model)[0] == case.path(case.model)[0]}
    developer = case.developer(case.model) if case.about is not Scope.WORLD else None
    if case.policy.duties[duty].instances == "issuer":
        models, developer = set(), case.policy.issuer
    return [
        Completion(at=event.occurred, supports=frozenset({frozenset({event.index})}))
        for event in case.events
        if event.kind == "duty.performed" and event.text_of("duty") == duty and _is_about(event, models, developer)
    ]


def _is_about(event: Event, models: set[str], developer: str | None) -> bool:
    if event.subject.model is not None:
        return event.subject.model in models
    return event.subject.developer is not None and event.subject.developer == developer


def elapsed(case: Case, leaf: Elapsed, limits: Sequence[Freshness], completions: Completions) -> Value:
    """2: that long since its last completion; never completed: unknown."""
    last = _last(case, completions(case, leaf.since, leaf.of), limits)
    if isinstance(last, Value):
        return last
    over = case.policy.calendar.anniversary(last.at, leaf.period) <= case.now
    return Value(truth=Truth.of(over), supports=last.supports)


def _last(case: Case, found: Sequence[Completion], limits: Sequence[Freshness]) -> Completion | Value:
    """Return the last completion, by whatever made it one; the unknown value where none is young enough."""
    if not found:
        return unknown("missing")
    last = max(one.at for one in found)
    if not all(_young(case, last, limit) for limit in limits):
        return unknown("stale")
    supports = (support for one in found if one.at == last for support in one.supports)
    return Completion(at=last, supports=frozenset(supports))


def _young(case: Case, completed: datetime, limit: Freshness) -> bool:
    if limit.period is not None and case.now >= case.policy.calendar.anniversary(completed, limit.period):
        return False
    if limit.growth is None:
        return True
    now, then = case.compute_now(case.model), case.compute(case.model, completed)
    if now is None or then is None or now.dimension != then.dimension:
        return False
    _, grown = ratio(now, then)
    return grown is not None and grown < limit.growth


def growth(case: Case, leaf: Growth, limits: Sequence[Freshness], completions: Completions) -> Value:
    """2: the ratio of the latest value to that at the last completion, by the bounds of both."""
    events = case.latest_measured(leaf.quantity, case.model, case.now)
    now = case.amount(leaf.quantity, case.model, case.now)
    if leaf.quantity == "effective-compute" and case.compute_now(case.model) != now:
        events, now = [], case.compute_now(case.model)
    if not all(case.young(event, limits) for event in events):
        return unknown("stale")
    cases = [case]
    if leaf.against == "most-capable-assessed":
        cases = [case.of_model(model) for model in case.models_of(Scope.ANY_MODEL)]
    lasts = [(one, _last(one, completions(one, leaf.since, leaf.of), limits)) for one in cases]
    known = [(one, last) for one, last in lasts if isinstance(last, Completion)]
    if not known:
        return unknown("missing")
    amounts = [one.amount(leaf.quantity, one.model, last.at) for one, last in known]
    then = largest([amount for amount in amounts if amount is not None])
    if now is None or then is None or now.dimension != then.dimension:
        return unknown("missing")
    lower, upper = ratio(now, then)
    truth = compare_interval(lower, upper, leaf.comparison.comparator, leaf.comparison.bound.magnitude)
    measured = frozenset(event.index for event in events)
    supports = frozenset(measured.union(*chosen) for chosen in product(*(last.supports for _, last in known)))
    return unknown("imprecise") if truth is Truth.UNKNOWN else Value(truth=truth, supports=supports)


def beside(case: Case, other: Case, leaf: Ratio, limits: Sequence[Freshness]) -> Value:
    """Ours: the ratio of the latest values of two models, by the bounds of both."""
    amounts, events = [], []
    for one in (case, other):
        measured = one.latest_measured(leaf.quantity, one.model, one.now)
        amount = one.amount(leaf.quantity, one.model, one.now)
        if leaf.quantity == "effective-compute" and one.compute_now(one.model) != amount:
            measured, amount = [], one.compute_now(one.model)
        if amount is None:
            return unknown("missing")
        if not all(one.young(event, limits) for event in measured):
            return unknown("stale")
        amounts.append(amount)
        events += measured
    own, others = amounts
    if own.dimension != others.dimension:
        return unknown("missing")
    lower, upper = ratio(own, others)
    truth = compare_interval(lower, upper, leaf.comparison.comparator, leaf.comparison.bound.magnitude)
    measured_by = frozenset(event.index for event in events)
    return unknown("imprecise") if truth is Truth.UNKNOWN else Value(truth=truth, supports=frozenset({measured_by}))


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
