"""Validity: the first instant or compute level at which, with no further event, the answer could change (LANGUAGE 4.4).

The case is read again at each instant at which something in the traces can change, until the answer does. Where another
version comes into force the search ends: the answer is then another policy's to give.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from interlock.engine._case import check_compute
from interlock.engine._errors import Refused
from interlock.engine._item_standings import RestrictionStanding
from interlock.engine._trace import Node, earliest
from interlock.engine._windows import moved_windows
from interlock.terms import Quantity

if TYPE_CHECKING:
    from interlock.engine._decision import Answer, PolicyCase
    from interlock.engine._question import Question
    from interlock.record import Event, History

MOST_INSTANTS: Final = 1000
"""After so many instants without a change the last of them is given, which is safe: the answer held up to there."""

AnswerOf = Callable[[Sequence["PolicyCase"]], "Answer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """Until when, and up to which effective compute, the answer is good; which leaf ends it, and who can renew that."""

    time: datetime | None
    effective_compute: Quantity | None
    leaf: str
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What ends an answer: an instant or a level, and by what."""

    time: datetime | None = None
    level: Fraction | None = None
    leaf: str = ""
    who: tuple[str, ...] = ()


def valid_until(
    bound: Sequence[PolicyCase],
    starts: Sequence[tuple[datetime, str]],
    known: History,
    question: Question,
    answer_of: AnswerOf,
) -> Validity | None:
    """Return how long the answer is good, or None where nothing known can end it.

    `starts` are the instants at which other versions come into force, with words that name them.
    """
    by_time = _by_time(bound, starts, [e for e in known.events if e.occurred > question.as_of], answer_of)
    by_compute = _by_compute(bound, answer_of)
    if by_time is None and by_compute is None:
        return None
    first = by_time or by_compute or Ending()
    level = None if by_compute is None else by_compute.level
    return Validity(
        time=None if by_time is None else by_time.time,
        effective_compute=None if level is None else compute(level),
        leaf=first.leaf,
        who=first.who,
    )


def compute(level: Fraction) -> Quantity:
    """Return an effective compute of `level` FLOP, in words that read back exactly where a decimal can."""
    if level.denominator != 1:
        return Quantity(level, "compute", f"{float(level):.6g} FLOP")
    digits = str(level.numerator)
    mantissa = digits.rstrip("0") or "0"
    fraction = f".{mantissa[1:]}" if len(mantissa) > 1 else ""
    return Quantity(level, "compute", f"{mantissa[0]}{fraction}e{len(digits) - 1} FLOP")


def _by_time(
    bound: Sequence[PolicyCase], starts: Sequence[tuple[datetime, str]], pending: list[Event], answer_of: AnswerOf
) -> Ending | None:
    answer, walker = answer_of(bound), _Walker(bound=tuple(bound), pending=pending)
    start, words = min(starts, default=(None, ""))
    due: datetime | None = None
    for _ in range(MOST_INSTANTS):
        due = walker.due()
        if start is not None and (due is None or start <= due):
            return Ending(time=start, leaf=words)
        if due is None:
            return None
        before = walker.bound
        try:
            walker.go_to(due)
            changed = answer_of(walker.bound) != answer
        except Refused as refused:
            return Ending(time=due, leaf=f"an event on the record, after which the question is refused: {refused}")
        if changed:
            return _cause(before, due)
    return Ending(time=due, leaf="too many changes to look further")


@dataclass(slots=True, kw_only=True)
class _Walker:
    """The cases of all policies, moved forward in time without further events but those already on the record."""

    bound: tuple[PolicyCase, ...]
    pending: list[Event]

    def due(self) -> datetime | None:
        """Return the next instant at which anything can change."""
        standings = (standing for policy_case in self.bound for standing in policy_case.standings())
        windows = (
            policy_case.case.timeline.window_changes_at(permission, policy_case.case.at)
            for policy_case in self.bound
            for permission in policy_case.tracked
        )
        recorded = self.pending[0].occurred if self.pending else None
        return earliest((recorded, *(standing.changes_at for standing in standings), *windows))

    def go_to(self, instant: datetime) -> None:
        """Read every case at `instant`, with the events on the record that occur then."""
        happening = [event for event in self.pending if event.occurred == instant]
        self.pending = self.pending[len(happening) :]
        self.bound = tuple(_moved(policy_case, instant) for policy_case in self.bound)


def _moved(policy_case: PolicyCase, instant: datetime) -> PolicyCase:
    case = policy_case.case.later(instant)
    if case.at_compute is not None:
        check_compute(case)
        case = case.read(windows=moved_windows(case, policy_case.tracked))
    return replace(policy_case, case=case)


def _by_compute(bound: Sequence[PolicyCase], answer_of: AnswerOf) -> Ending | None:
    answer = answer_of(bound)
    level: Fraction | None = None
    for _ in range(MOST_INSTANTS):
        standings = [standing for policy_case in bound for standing in policy_case.standings()]
        following = earliest(standing.changes_at_compute for standing in standings)
        if following is None:
            return None
        level, asked = following, compute(following)
        bound = [_at_level(one, asked) for one in bound]
        if answer_of(bound) != answer:
            roots = [root for standing in standings for root in standing.roots() if root.changes_at_compute == level]
            cause = _innermost_at(roots[0], level)
            return Ending(level=level, leaf=cause.condition, who=cause.who)
    return Ending(level=level, leaf="too many changes to look further")


def _at_level(policy_case: PolicyCase, level: Quantity) -> PolicyCase:
    """Return the case as it would be at that effective compute, with the windows that it would open."""
    case = policy_case.case
    moved = case.read(at_compute=level, earlier=case)
    windows = moved_windows(moved, policy_case.tracked)
    if windows:
        moved = case.read(at_compute=level, windows=windows, earlier=case)
    return replace(policy_case, case=moved)


def _innermost_at(node: Node, level: Fraction) -> Node:
    """Return the innermost node of which `level` is the next at which it could change."""
    inner = next((part for part in node.parts if part.changes_at_compute == level), None)
    return node if inner is None else _innermost_at(inner, level)


def _cause(before: Sequence[PolicyCase], due: datetime) -> Ending:
    standings = [standing for policy_case in before for standing in policy_case.standings()]
    for standing in standings:
        node = _deepest(standing, due)
        if node is not None:
            return Ending(time=due, leaf=node.condition, who=node.who)
    for standing in standings:
        for lifting in standing.lifts:
            if lifting.ends == due:
                return Ending(time=due, leaf=f"{{in-force: {lifting.permission.id}}}", who=lifting.who)
    return Ending(time=due, leaf="an event on the record that occurs then")


def _deepest(standing: RestrictionStanding, due: datetime) -> Node | None:
    """Return the innermost node that changes at `due` of its own accord."""
    for node in standing.nodes():
        if node.changes_at == due and all(part.changes_at != due for part in node.parts):
            return node
    return None
