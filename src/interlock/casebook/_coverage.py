"""Coverage: which states of a policy's items its cases have seen, of those that there are to see.

Restrictions, permissions, thresholds, standards with their controls, duties, pledges, terms, and the parts of every
`all`, `any`, `not` and `at-least`. What only the conditions of duties read is not counted: their states are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from interlock.casebook._observing import observed
from interlock.casebook._points import THRESHOLD_STATES, Point, branches_of, truth_words
from interlock.casebook._possible import of_standard, possible
from interlock.casebook._running import CaseRun
from interlock.engine import DutyState
from interlock.policy import (
    Condition,
    Duty,
    Leaf,
    Meets,
    Policy,
    Presumption,
    Reached,
    Readings,
    Restriction,
    RuledOut,
    TermHolds,
    conditions_within,
)
from interlock.terms import Truth

_HUNDRED: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageItem:
    """An item, or a part of one, with its states in order, and how many cases saw each."""

    kind: str
    id: str
    part: str
    states: Mapping[str, int]

    @property
    def missing(self) -> tuple[str, ...]:
        """The states that no case saw."""
        return tuple(state for state, cases in self.states.items() if not cases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the cases of a policy have seen of it."""

    policy: Policy
    items: tuple[CoverageItem, ...] = field(default=())

    @property
    def demanded(self) -> int:
        """How many states there are to see."""
        return sum(len(item.states) for item in self.items)

    @property
    def seen(self) -> int:
        """How many of them were seen."""
        return sum(1 for item in self.items for cases in item.states.values() if cases)

    @property
    def percent(self) -> float:
        """How many of a hundred, rounded down to a tenth, so that only all of it is 100."""
        return self.seen * _HUNDRED * 10 // self.demanded / 10 if self.demanded else float(_HUNDRED)


def coverage_of(policy: Policy, runs: Iterable[CaseRun]) -> Coverage:
    """Return what the cases that were answered saw of the policy."""
    counts: dict[Point, int] = {}
    for run in runs:
        if run.answer is not None:
            for point in observed(run.answer, run.case, policy):
                counts[point] = counts.get(point, 0) + 1
    items: dict[tuple[str, str, str], dict[str, int]] = {}
    for point in demanded(policy):
        items.setdefault((point.kind, point.id, point.part), {})[point.state] = counts.get(point, 0)
    return Coverage(
        policy=policy,
        items=tuple(
            CoverageItem(kind=kind, id=name, part=part, states=states) for (kind, name, part), states in items.items()
        ),
    )


def demanded(policy: Policy) -> Iterator[Point]:
    """Yield every point of a policy that there is to see, in the order of the file."""
    reach = _Reach(policy)
    for restriction in policy.restrictions.values():
        yield from _points("restriction", restriction.id, _states(restriction, policy))
    for permission in policy.permissions.values():
        yield from _points("permission", permission.id, ("in force", "not in force"))
    for name in (one for one in policy.thresholds if ("threshold", one) in reach.owners):
        values = possible(policy.thresholds[name].reached_when, policy)
        states = (word for value, word in THRESHOLD_STATES.items() if value in values)
        yield from _points("threshold", name, tuple(states))
    for name in (one for one in policy.standards if ("standard", one) in reach.owners):
        yield from _standard(name, policy)
    for duty in policy.duties.values():
        yield from _points("duty", duty.id, _duty_states(duty))
    for pledge in policy.pledges.values():
        yield from _points("pledge", pledge.id, ("kept", "lapsed", "unmeasured"))
    for term in (one for one in policy.terms.values() if ("term", one.id) in reach.owners):
        if term.means is not None:
            yield from _points("term", term.id, truth_words(possible(term.means, policy)))
    for readings in reach.readings:
        ruled = [f"ruled {reading}" for reading, _ in readings.readings]
        yield from _points("term", readings.id, [*ruled, "contested"])
    for (kind, name), conditions in reach.owners.items():
        for label, condition in conditions:
            for branch in branches_of(condition, label):
                values = possible(branch.part, policy)
                yield from _points("part", f"{kind} {name}", truth_words(values), part=branch.label)


def _points(kind: str, name: str, states: Iterable[str], *, part: str = "") -> Iterator[Point]:
    return (Point(kind, name, part, state) for state in states)


def _states(restriction: Restriction, policy: Policy) -> Iterator[str]:
    values = possible(restriction.when, policy)
    if policy.applies_to is not None:
        values |= possible(policy.applies_to, policy)
    by_default = "active" if policy.presumption(restriction) is Presumption.ACTIVE else "inactive"
    if Truth.TRUE in values:
        yield "active by evidence"
    if Truth.UNKNOWN in values and by_default == "active":
        yield "active by default"
    if restriction.until is not None and Truth.TRUE in possible(restriction.until, policy):
        yield "released"
    lifting = (one for one in policy.permissions.values() if restriction.id in one.lifts)
    if any(Truth.TRUE in possible(permission.when, policy) for permission in lifting):
        yield "lifted"
    if Truth.FALSE in values:
        yield "inactive by evidence"
    if Truth.UNKNOWN in values and by_default == "inactive":
        yield "inactive by default"


def _standard(name: str, policy: Policy) -> Iterator[Point]:
    words = {Truth.TRUE: "met", Truth.FALSE: "not met", Truth.UNKNOWN: "open"}
    values = of_standard(name, policy)
    yield from _points("standard", name, [word for value, word in words.items() if value in values])
    for control in policy.standards[name].controls:
        yield from _points("standard", name, truth_words(frozenset(Truth)), part=f"control {control}")


def _duty_states(duty: Duty) -> Iterator[str]:
    has_end = duty.within is not None or duty.every is not None
    yield DutyState.NOT_TRIGGERED.value
    if duty.within is not None or duty.every is None:
        # Without a time to do it in, a recurring duty is overdue as soon as it opens.
        yield DutyState.OPEN.value
    yield DutyState.DONE.value
    if has_end:
        yield from (DutyState.DONE_LATE.value, DutyState.OVERDUE.value)
    if duty.excused_when is not None:
        yield DutyState.EXCUSED.value


class _Reach:
    """The items that restrictions, permissions and pledges read, each with its own conditions."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.owners: dict[tuple[str, str], Sequence[tuple[str, Condition]]] = {}
        self.readings: list[Readings] = []
        for restriction in policy.restrictions.values():
            until = () if restriction.until is None else (("until", restriction.until),)
            self._take("restriction", restriction.id, (("when", restriction.when), *until))
        for permission in policy.permissions.values():
            self._take("permission", permission.id, (("when", permission.when),))
            for replacement in permission.replaces.values():
                self._take("standard", replacement, ())
        for pledge in policy.pledges.values():
            self._take("pledge", pledge.id, (("maintain", pledge.maintain),))
        if policy.applies_to is not None:
            self._take("policy", policy.id, (("applies-to", policy.applies_to),))

    def _take(self, kind: str, name: str, conditions: Sequence[tuple[str, Condition]]) -> None:
        if (kind, name) in self.owners:
            return
        self.owners[kind, name] = conditions
        for _, condition in conditions:
            for part in conditions_within(condition):
                if isinstance(part, Leaf):
                    self._follow(part)
                elif isinstance(part, Readings):
                    self.readings.append(part)

    def _follow(self, leaf: Leaf) -> None:
        match leaf:
            case Reached(threshold=name) | RuledOut(threshold=name):
                self._take("threshold", name, (("reached-when", self.policy.thresholds[name].reached_when),))
            case Meets(standard=name):
                self._take("standard", name, ())
            case TermHolds(term=name):
                term = self.policy.terms[name]
                means = (("means", term.means), ("readings", term.readings))
                self._take("term", name, [(label, one) for label, one in means if one is not None])
            case _:
                return
