"""What conditions name, and the instants at which what they come to could change (2, 4.4 and 9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import datetime

from interlock.policy import (
    Active,
    Condition,
    Done,
    Elapsed,
    Growth,
    InForce,
    Leaf,
    Meets,
    Overdue,
    Policy,
    Ratio,
    Reached,
    RuledOut,
    TermHolds,
    leaves,
)
from interlock.record import ControlAttested, Event
from interlock.terms import Period
from interlock.testing.oracle._policy_conditions import term_condition


def asks_about_duties(policy: Policy, condition: Condition) -> bool:
    """Return whether a condition asks about a duty, by itself or by what it names."""
    return any(isinstance(leaf, Done | Overdue | Elapsed | Growth) for leaf in named_leaves(policy, [condition]))


def asks_how_duties_stand(policy: Policy, conditions: Sequence[Condition]) -> bool:
    """Return whether conditions ask for the state of a duty, by themselves or by what they name."""
    return any(isinstance(leaf, Done | Overdue) for leaf in named_leaves(policy, conditions))


def named_leaves(policy: Policy, conditions: Sequence[Condition]) -> list[Leaf]:
    """Return the leaves of conditions with those of all that they name."""
    found: list[Leaf] = []
    left = list(conditions)
    while left:
        for leaf in leaves(left.pop()):
            if leaf not in found:
                found.append(leaf)
                left += _named_by(policy, leaf)
    return found


def _named_by(policy: Policy, leaf: Leaf) -> list[Condition]:
    permissions = policy.permissions.values()
    named: list[Condition | None] = []
    match leaf:
        case Reached() | RuledOut():
            named = [policy.thresholds[leaf.threshold].reached_when]
        case TermHolds() | Ratio():
            named = [term_condition(policy, leaf.term)]
        case Meets():
            named = [one.when for one in permissions if one.replaces]
        case InForce():
            named = [policy.permissions[leaf.permission].when]
        case Active():
            restriction = policy.restrictions[leaf.restriction]
            named = [restriction.when, restriction.until, policy.applies_to]
            named += [one.when for one in permissions if leaf.restriction in one.lifts]
        case Elapsed() | Growth():
            named = [policy.duties[leaf.since].done_when]
        case _:
            pass
    return [condition for condition in named if condition is not None]


def turning_points(policy: Policy, known: Sequence[Event], until: datetime) -> set[datetime]:
    """Return the events and the ends of periods at which a condition that asks about no duty could change.

    A window may open when a period or another window ends, and its own end is one period later: so the set is closed
    once for each permission that has `for-at-most`.
    """
    calendar, permissions = policy.calendar, policy.permissions.values()
    found = {event.occurred for event in known if event.occurred <= until}
    periods = {period for condition in _dated(policy) for period in periods_in(condition)}
    found |= {calendar.anniversary(event.occurred, period) for event in known for period in periods}
    for event in known:
        if isinstance(event.payload, ControlAttested) and event.payload.expires is not None:
            found.add(event.payload.expires)
    lengths = {permission.for_at_most for permission in permissions if permission.for_at_most is not None}
    for _ in range(sum(permission.for_at_most is not None for permission in permissions)):
        found |= {calendar.anniversary(start, length) for start in found if start <= until for length in lengths}
    return found


def _dated(policy: Policy) -> Iterator[object]:
    """Yield what holds the periods that age facts: everything but the lengths of duties, cessation and notice."""
    yield replace(policy, duties={}, restrictions={}, amendments=None)
    for restriction in policy.restrictions.values():
        yield (restriction.when, restriction.until)
    for duty in policy.duties.values():
        yield (duty.when, duty.done_when, duty.excused_when, duty.extended.when if duty.extended else None)


def periods_in(item: object) -> Iterator[Period]:
    """Yield every period that stands anywhere in a policy."""
    if isinstance(item, Period):
        yield item
    elif isinstance(item, Mapping):
        for part in item.values():
            yield from periods_in(part)
    elif isinstance(item, tuple | list):
        for part in item:
            yield from periods_in(part)
    elif is_dataclass(item) and not isinstance(item, type):
        for name in fields(item):
            yield from periods_in(getattr(item, name.name))
