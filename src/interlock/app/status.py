"""The state of things on one page: what is overdue, what falls due, what is held, who must sign, what changed.

Computed from what was decided at two times, and nothing else: no clock is read here. Numbers carry their denominators,
and what is not known is listed as such, never left out: nothing looks well because nobody looked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from interlock.app.compute_clocks import Projection, project
from interlock.app.due_dates import expected_due
from interlock.app.terms import hangs_on
from interlock.engine import (
    Decision,
    DutyReport,
    DutyStanding,
    DutyState,
    GoalStanding,
    Node,
    PledgeStanding,
    Rulings,
    TermReport,
    TermStanding,
    Validity,
)
from interlock.policy import Policy
from interlock.record import Event

SOON: Final = timedelta(days=14)
"""What falls due within this is listed."""
_AWAITING: Final = "awaiting "

Question = tuple[str, str]
"""A model and an action."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What was decided at one time, by what was known then.

    `decisions` are the answers by model and action, `refused` the questions that had none, with the reasons. `report`
    is None, with `no_report` saying why, where the duties could not be asked about.
    """

    as_of: datetime
    decisions: Mapping[Question, Decision]
    refused: Mapping[Question, str]
    report: DutyReport | None
    no_report: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A number and the number that it is out of."""

    count: int
    out_of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningClock:
    """A duty that falls due: at `due`, or by growth of compute as projected; None where that is not known.

    `first` is the earliest instant at which it may be due; None where none can be said.
    """

    standing: DutyStanding
    due: datetime | None
    projection: Projection | None
    first: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitedSignOff:
    """A role's word that would help to release what is held: on which condition, by what, for which actions."""

    role: str
    policy: Policy
    condition: str
    how: str | None
    model: str
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """Until when the same answer on some actions with a model is good, and who can renew it."""

    model: str
    actions: tuple[str, ...]
    decision: Decision
    validity: Validity


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionChange:
    """Actions with a model on which the answer changed alike; `was` is None where there was none."""

    model: str
    actions: tuple[str, ...]
    was: Decision | None
    now: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyChange:
    """An instance that opened, changed its state, or whose due time moved; `was` is None where there was none.

    `now` is None where the instance is no more.
    """

    was: DutyStanding | None
    now: DutyStanding | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The state of things at `now.as_of`, beside that at `before.as_of`."""

    now: Picture
    before: Picture
    report: DutyReport
    overdue: tuple[DutyStanding, ...]
    overdue_share: Share
    clocks: tuple[RunningClock, ...]
    """Those due within `SOON`, by their first instant, then those of which that is not known."""
    due_share: Share
    undated: int
    """How many of `clocks` have no first instant."""
    pledges: tuple[PledgeStanding, ...]
    """Those not shown to be kept, and those that must be measured again within `SOON`."""
    held: tuple[Decision, ...]
    held_share: Share
    sign_offs: tuple[AwaitedSignOff, ...]
    sign_off_share: Share
    expiries: tuple[Expiry, ...]
    decision_changes: tuple[DecisionChange, ...]
    duty_changes: tuple[DutyChange, ...]
    goals: tuple[GoalStanding, ...] = ()
    """Those whose day is over without a grade, and those whose day was moved."""
    open_terms: tuple[TermStanding, ...] = ()
    """The disputed texts that no ruling settles, those on which something hangs first."""
    no_terms: str | None = None
    """Why it can't be said which texts are open."""
    assumed: Rulings = field(default_factory=dict)
    """Readings taken as ruled from the beginning: with any the status is hypothetical."""


def status_of(
    now: Picture,
    before: Picture,
    report: DutyReport,
    events: Sequence[Event],
    *,
    words: TermReport | str | None = None,
    assumed: Rulings | None = None,
) -> Status:
    """Return the status: `report` is that of `now`, `events` are the events known, by which compute is projected.

    `words` says how the disputed texts stand, or why that can't be asked; `assumed` are readings taken as ruled.
    """
    running = [clock for standing in report.duties if (clock := _clock(standing, events, report.as_of)) is not None]
    soon = [clock for clock in running if clock.first is not None and clock.first <= report.as_of + SOON]
    undated = [clock for clock in running if clock.first is None]
    counting = [standing for standing in report.duties if standing.state in _RUNNING_OUT]
    overdue = [standing for standing in counting if standing.state is DutyState.OVERDUE]
    decisions = tuple(now.decisions.values())
    sign_offs = tuple(_sign_offs(now.decisions))
    return Status(
        now=now,
        before=before,
        report=report,
        overdue=tuple(sorted(overdue, key=_lateness)),
        overdue_share=Share(count=len(overdue), out_of=len(counting)),
        clocks=(*sorted(soon, key=_first), *undated),
        due_share=Share(count=len(soon), out_of=len(running)),
        undated=len(undated),
        pledges=tuple(one for one in report.pledges if _needs_a_look(one, report.as_of)),
        held=tuple(decision for decision in decisions if decision.held),
        held_share=Share(count=sum(decision.held for decision in decisions), out_of=len(decisions)),
        sign_offs=sign_offs,
        sign_off_share=Share(count=len(sign_offs), out_of=_words_asked(now.decisions)),
        expiries=tuple(_expiries(now.decisions)),
        decision_changes=tuple(_decision_changes(now.decisions, before.decisions)),
        duty_changes=() if before.report is None else tuple(_duty_changes(report, before.report)),
        goals=tuple(goal for goal in report.goals if needs_attention(goal)),
        open_terms=tuple(_open_terms(words, assumed or {})) if isinstance(words, TermReport) else (),
        no_terms=words if isinstance(words, str) else None,
        assumed=assumed or {},
    )


_RUNNING_OUT: Final = {DutyState.OPEN, DutyState.OVERDUE, DutyState.EXCUSED, DutyState.UNKNOWN}
"""The states of an instance whose time can be over: it opened, and nothing ended it."""


# Clocks


def _clock(standing: DutyStanding, events: Sequence[Event], as_of: datetime) -> RunningClock | None:
    """Return the clock of an instance that is neither over nor overdue, or of the running period of a duty."""
    is_period = standing.state is DutyState.NOT_TRIGGERED
    if is_period and standing.period_ends is None and standing.growth is None:
        return None
    if not is_period and standing.state not in _RUNNING_OUT - {DutyState.OVERDUE}:
        return None
    due = expected_due(standing)
    if standing.growth is None or standing.due is not None:
        return RunningClock(standing=standing, due=due, projection=None, first=due)
    projection = project(standing.growth, events, as_of)
    first = _first_instant(due, projection, standing)
    return RunningClock(standing=standing, due=due, projection=projection, first=first)


def _first_instant(due: datetime | None, projection: Projection, standing: DutyStanding) -> datetime | None:
    """Return the first instant at which a duty with a growth clock may be due, None where none can be said."""
    every = standing.duty.every
    day = projection.earliest
    grown = None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)
    if every is not None and every.time is not None and every.whichever == "last":
        return due if due is None or grown is None else max(due, grown)
    if grown is None:
        return due if projection.stands_still else None
    return grown if due is None else min(due, grown)


def _first(clock: RunningClock) -> datetime:
    return clock.first or datetime.max.replace(tzinfo=UTC)


def _lateness(standing: DutyStanding) -> tuple[bool, datetime]:
    """Order what binds before what does not, the longest overdue first."""
    return not standing.duty.clause.binds, standing.due or datetime.max.replace(tzinfo=UTC)


def _needs_a_look(standing: PledgeStanding, as_of: datetime) -> bool:
    ends = standing.measure_by
    return standing.state != "kept" or (ends is not None and ends <= as_of + SOON)


# Goals and words


def needs_attention(goal: GoalStanding) -> bool:
    """Return whether a goal's day is over without a grade, or its day was moved by an event."""
    return (goal.is_past and goal.grade is None) or any(step.what == "revised" for step in goal.history)


def _open_terms(words: TermReport, assumed: Rulings) -> list[TermStanding]:
    found = [one for one in words.terms if one.is_open and (one.policy.id, one.id) not in assumed]
    return sorted(found, key=lambda one: not hangs_on(one))


# Sign-offs


def _sign_offs(decisions: Mapping[Question, Decision]) -> Iterator[AwaitedSignOff]:
    """Yield the words of roles that would help to release a held action, by role in the order of the policies."""
    found: dict[tuple[str, str, str, str], tuple[Policy, str | None, list[str]]] = {}
    for (model, action), decision in decisions.items():
        for policy, role, condition, how in _awaited(decision) if decision.held else ():
            entry = found.setdefault((role, policy.id, condition, model), (policy, how, []))
            if action not in entry[2]:
                entry[2].append(action)
    for (role, _, condition, model), (policy, how, actions) in sorted(found.items(), key=lambda item: item[0]):
        yield AwaitedSignOff(
            role=role, policy=policy, condition=condition, how=how, model=model, actions=tuple(actions)
        )


def _awaited(decision: Decision) -> Iterator[tuple[Policy, str, str, str | None]]:
    """Yield role, condition and what it takes, from the ways to release the action and from what its traces await."""
    nodes = {
        node.condition: standing.policy
        for standing in decision.restrictions
        if standing.state == "active" and standing.restriction.clause.binds
        for node in standing.nodes()
    }
    for change in (change for changes in decision.release for change in changes):
        policy = nodes.get(change.leaf)
        for role in change.who if policy is not None else ():
            if policy is not None and role in policy.roles:
                yield policy, role, change.leaf, change.how
    for standing in decision.restrictions:
        if standing.state == "active" and standing.restriction.clause.binds:
            for node in standing.nodes():
                yield from ((standing.policy, role, node.condition, None) for role in _spoken_for(node))


def _spoken_for(node: Node) -> list[str]:
    """Return the roles whose words the node itself, and none of its parts, awaits."""
    if node.parts or node.reason is None or not node.reason.startswith(_AWAITING):
        return []
    return node.reason.removeprefix(_AWAITING).split(", ")


def _words_asked(decisions: Mapping[Question, Decision]) -> int:
    """Return how many words of roles the conditions of all the decisions ask for, given or not."""
    asked: dict[tuple[str, str, str], int] = {}
    for (model, _), decision in decisions.items():
        for standing in decision.restrictions:
            for node in standing.nodes() if standing.restriction.clause.binds else ():
                roles = [role for role in node.who if role in standing.policy.roles]
                if roles and not node.parts:
                    spoken = len(node.children)
                    asked[model, standing.policy.id, node.condition] = max(len(roles), spoken)
    return sum(asked.values())


# What ends


def _expiries(decisions: Mapping[Question, Decision]) -> Iterator[Expiry]:
    """Yield until when answers are good, what is permitted before what is held, and the first to end first.

    Actions of a model that end alike are together.
    """
    together: dict[tuple[object, ...], list[Decision]] = {}
    for decision in decisions.values():
        validity = decision.valid_until
        if validity is not None:
            compute = None if validity.effective_compute is None else validity.effective_compute.magnitude
            ends = (validity.time, compute, validity.leaf, validity.who)
            together.setdefault((decision.question.model, *ends, _answer(decision)), []).append(decision)
    latest = datetime.max.replace(tzinfo=UTC)
    found = [
        Expiry(
            model=alike[0].question.model,
            actions=tuple(decision.question.action for decision in alike),
            decision=alike[0],
            validity=alike[0].valid_until,
        )
        for alike in together.values()
        if alike[0].valid_until is not None
    ]
    yield from sorted(found, key=lambda expiry: (expiry.decision.held, expiry.validity.time or latest))


# What changed


def _answer(decision: Decision) -> tuple[str, bool]:
    return decision.outcome, decision.by_default


def _decision_changes(
    now: Mapping[Question, Decision], before: Mapping[Question, Decision]
) -> Iterator[DecisionChange]:
    together: dict[tuple[object, ...], list[Question]] = {}
    for question, decision in now.items():
        was = before.get(question)
        if was is None or _answer(was) != _answer(decision):
            key = (question[0], None if was is None else _answer(was), _answer(decision))
            together.setdefault(key, []).append(question)
    for questions in together.values():
        yield DecisionChange(
            model=questions[0][0],
            actions=tuple(action for _, action in questions),
            was=before.get(questions[0]),
            now=now[questions[0]],
        )


InstanceKey = tuple[str, str, str, datetime | None]


def _duty_changes(now: DutyReport, before: DutyReport) -> Iterator[DutyChange]:
    """Yield what became of instances. A period that runs is no instance yet, so its end alone changes nothing."""
    was, after = _instances(before.duties), _instances(now.duties)
    for key, standing in after.items():
        earlier = was.get(key)
        if earlier is None or (earlier.state, earlier.due) != (standing.state, standing.due):
            yield DutyChange(was=earlier, now=standing)
    for key, standing in was.items():
        if key not in after:
            yield DutyChange(was=standing, now=None)


def _instances(duties: Iterable[DutyStanding]) -> dict[InstanceKey, DutyStanding]:
    return {
        (standing.policy.id, standing.duty.id, standing.instance, standing.triggered): standing
        for standing in duties
        if standing.state is not DutyState.NOT_TRIGGERED
    }
