"""The decision: what is refused, which versions are in force, what is held and whether by default (4.4, 4.7, 9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import combinations

from interlock.policy import Overdue, Policy, Restriction
from interlock.record import Event, PolicyNamed
from interlock.terms import ACTIONS, Quantity, Truth, leaf_actions
from interlock.testing.oracle._case import Asked, Case
from interlock.testing.oracle._conditions import (
    RELEASE,
    NotEvaluatedError,
    evaluate,
    named_as_active,
    state,
    when,
)
from interlock.testing.oracle._duties import DutyBook
from interlock.testing.oracle._ground import Forced, Known
from interlock.testing.oracle._knowledge import CircularCorrectionsError, Knowledge, known_by
from interlock.testing.oracle._versions import starts_of

DUTY = "duty "
"""What begins the name of a restriction that a duty makes while it is overdue: no identifier has a space."""


@dataclass(frozen=True, kw_only=True)
class OracleQuestion:
    """May this model, at this digest, be used so, at this time, by what was known at that time?"""

    model: str
    action: str
    as_of: datetime
    known_at: datetime | None = None
    weights: str | None = None
    at_compute: Quantity | None = None


@dataclass(frozen=True, kw_only=True)
class OracleRestriction:
    """What becomes of one restriction that forbids the action asked."""

    policy: str
    id: str
    item: str
    state: str
    binds: bool
    when: Truth
    until: Truth | None


@dataclass(frozen=True, kw_only=True)
class OracleDecision:
    """What the oracle decides."""

    outcome: str
    by_default: bool
    unrestricted: bool
    restrictions: tuple[OracleRestriction, ...]
    reasons: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def states(self) -> dict[str, str]:
        """The state of each restriction by its id; where policies share an id, that of the last one."""
        return {restriction.id: restriction.state for restriction in self.restrictions}


@dataclass(frozen=True, kw_only=True)
class OracleRefusal:
    """A question that can't be asked, and the exit code that says so."""

    exit: int
    why: str = field(compare=False)


class RefusedError(Exception):
    """The question can't be asked."""

    def __init__(self, why: str, exit_code: int = 2) -> None:
        super().__init__(why)
        self.answer = OracleRefusal(exit=exit_code, why=why)


@dataclass(frozen=True)
class _Supposed:
    """What is taken in place of what the events show: values and rulings at the instant asked about, or from ever."""

    values: Mapping[str, Truth] = field(default_factory=dict)
    rulings: Mapping[str, str] = field(default_factory=dict)
    forced: Forced = field(default_factory=dict)


NOTHING = _Supposed()


def decide(
    policies: Sequence[Policy],
    events: Sequence[Event],
    question: OracleQuestion,
    *,
    supposing: Mapping[str, Truth] | None = None,
    ruling: Mapping[str, str] | None = None,
    forcing: Forced | None = None,
) -> OracleDecision | OracleRefusal:
    """4.4: held iff a binding restriction that forbids the action is active, else permitted; or refused.

    `supposing` gives leaves, by their texts, other values at the instant asked about than the events show, and `ruling`
    gives terms a reading there. `forcing` gives terms of policies a reading from the beginning.
    """
    try:
        return _decide(policies, events, question, _Supposed(supposing or {}, ruling or {}, forcing or {}))
    except RefusedError as refused:
        return refused.answer
    except CircularCorrectionsError:
        return OracleRefusal(exit=2, why="corrections correct one another in a circle")
    except NotEvaluatedError as error:
        return OracleRefusal(exit=2, why=f"not evaluated: {error}")


def _decide(
    policies: Sequence[Policy], events: Sequence[Event], question: OracleQuestion, supposed: _Supposed
) -> OracleDecision:
    knowledge = known_by(events, question.known_at or question.as_of)
    in_force = policies_in_force(policies, knowledge.events, question.as_of)
    check_digests(policies, knowledge.events)
    return decide_under(in_force, _book(policies, knowledge, question, supposed), question, supposed=supposed)


def _book(policies: Sequence[Policy], knowledge: Knowledge, question: OracleQuestion, supposed: _Supposed) -> DutyBook:
    compute = (question.model, question.at_compute) if question.at_compute is not None else None
    known = Known(
        knowledge=knowledge,
        as_of=question.as_of,
        known_at=question.known_at or question.as_of,
        supposed=compute,
        forced=supposed.forced,
    )
    return DutyBook(policies, known)


def cases_asked(policies: Sequence[Policy], events: Sequence[Event], question: OracleQuestion) -> list[Case]:
    """Return the case of each policy in force that binds the model asked, or raise RefusedError."""
    knowledge = known_by(events, question.known_at or question.as_of)
    in_force = policies_in_force(policies, knowledge.events, question.as_of)
    return _bound(in_force, _book(policies, knowledge, question, NOTHING), question, NOTHING)


def decide_under(
    in_force: Sequence[Policy],
    book: DutyBook,
    question: OracleQuestion,
    *,
    supposed: _Supposed = NOTHING,
    may_be_unnamed: bool = False,
) -> OracleDecision:
    """Decide under the versions given, or raise RefusedError.

    `may_be_unnamed`: the digest asked may be one that no event names, as that of an act that is the first to name it.
    """
    bound = _bound(in_force, book, question, supposed, may_be_unnamed=may_be_unnamed)
    forbidding = list(_forbidding(bound, question.action))
    return OracleDecision(
        outcome=outcome(bound, question.action),
        by_default=by_default(bound, question.action),
        unrestricted=not any(restriction.clause.binds for _, restriction in forbidding),
        restrictions=tuple(
            OracleRestriction(
                policy=case.policy.id,
                id=one.id.removeprefix(DUTY),
                item="duty" if one.id.startswith(DUTY) else "restriction",
                state=state(case, one),
                binds=one.clause.binds,
                when=when(case, one).truth,
                until=evaluate(case, one.until, RELEASE).truth if one.until is not None else None,
            )
            for case, one in forbidding
        ),
        reasons=frozenset(reason for case, restriction in forbidding for reason in _reasons(case, restriction)),
    )


# What can be asked


def _bound(
    in_force: Sequence[Policy],
    book: DutyBook,
    question: OracleQuestion,
    supposed: _Supposed,
    *,
    may_be_unnamed: bool = False,
) -> list[Case]:
    """Return the case of each policy that binds the model's developer; there must be one, and each must commit."""
    if question.action not in ACTIONS:
        raise RefusedError("the action is outside the ontology")
    cases = [
        replace(
            _case(policy, book.known, question, may_be_unnamed=may_be_unnamed),
            supposed=supposed.values,
            supposed_rulings=supposed.rulings,
            book=book,
        )
        for policy in in_force
    ]
    bound = [case for case in cases if binds(case)]
    if not bound:
        raise RefusedError("no policy binds the model's developer")
    for case in bound:
        check_commits(case.policy)
    return bound


def _case(policy: Policy, known: Known, question: OracleQuestion, *, may_be_unnamed: bool) -> Case:
    """Return the case of one policy at the instant asked about, or refuse the question (4.4)."""
    asked = Asked(
        model=question.model,
        action=question.action,
        as_of=question.as_of,
        known_at=known.known_at,
        weights=question.weights,
        at_compute=question.at_compute,
    )
    case = Case(
        policy=policy,
        knowledge=known.knowledge,
        asked=asked,
        model=question.model,
        weights=None,
        now=question.as_of,
        forced=known.forced_in(policy),
    )
    check_registration(case)
    digests = case.checkpoints(question.model)
    if question.weights is not None and question.weights not in digests and not may_be_unnamed:
        raise RefusedError("no event about the model names these weights")
    newest = digests[-1] if digests else None
    weights = question.weights if question.weights is not None else newest
    case = replace(case, weights=weights, asked=replace(asked, weights=weights))
    check_compute(case)
    return case


def check_registration(case: Case) -> None:
    """4.4: the model is registered, and its line has one parent each, one developer each and no circle."""
    if not case.registrations(case.model):
        raise RefusedError("no event registers the model")
    path = case.path(case.model)
    for model in path:
        said = case.registrations(model)
        for named in ({one.parent for one in said}, {one.developer for one in said}):
            if len(named - {None}) > 1:
                raise RefusedError("registrations disagree")
    if case.parent(path[0]) is not None:
        raise RefusedError("a model descends from itself")


def check_compute(case: Case) -> None:
    """A compute that is supposed is no less than what was measured last."""
    supposed, measured = case.asked.at_compute, case.compute(case.model, case.now)
    if supposed is None or measured is None:
        return
    if supposed.dimension != measured.dimension or supposed.magnitude < measured.stated:
        raise RefusedError("the compute supposed is below what was measured")


def check_digests(policies: Sequence[Policy], known: Sequence[Event]) -> None:
    """4.7: a digest in an event that differs from the given file's refuses the command with exit 5."""
    for policy in policies:
        for event in known:
            said = event.payload
            named = isinstance(said, PolicyNamed) and (said.policy, said.version) == (policy.id, policy.version)
            if named and isinstance(said, PolicyNamed) and said.digest not in {None, policy.digest}:
                raise RefusedError("an event states another digest of the policy", exit_code=5)


def check_commits(policy: Policy) -> None:
    """4.4: a policy that commits to nothing, to no restriction, duty, pledge or goal, answers nothing."""
    if not (policy.restrictions or policy.duties or policy.pledges or policy.goals):
        raise RefusedError("the policy is empty")


# Versions in force


def policies_in_force(policies: Sequence[Policy], known: Sequence[Event], as_of: datetime) -> list[Policy]:
    """4.7: of each policy the version with the latest start by then; before the first version, refused."""
    found = []
    for policy_id in dict.fromkeys(policy.id for policy in policies):
        starts = [
            (start, version)
            for version in policies
            if version.id == policy_id
            for start in starts_of(version, known)
            if start <= as_of
        ]
        if not starts:
            continue
        last = max(start for start, _ in starts)
        newest = [version for start, version in starts if start == last]
        if any(version is not newest[0] for version in newest):
            raise RefusedError("two versions come into force at one instant")
        found.append(newest[0])
    if not found:
        raise RefusedError("no version of a policy is in force yet")
    return found


def binds(case: Case) -> bool:
    """1: a policy binds its issuer; with `applies-to`, whom that says, which is then part of every `when`."""
    return case.policy.applies_to is not None or case.developer(case.model) == case.policy.issuer


def restrictions_of(policy: Policy) -> Iterator[Restriction]:
    """Return the restrictions of a policy, and what its duties forbid while they are overdue (1: `otherwise`)."""
    yield from policy.restrictions.values()
    for duty in policy.duties.values():
        if duty.otherwise_forbids:
            yield Restriction(
                id=DUTY + duty.id, forbids=duty.otherwise_forbids, when=Overdue(duty=duty.id), clause=duty.clause
            )


# Outcome and default


def _forbidding(bound: Sequence[Case], action: str) -> Iterator[tuple[Case, Restriction]]:
    """4.4: forbidding a parent forbids every child, asking for a parent asks for all its children."""
    asked = set(leaf_actions(action))
    for case in bound:
        for restriction in restrictions_of(case.policy):
            if any(asked & set(leaf_actions(forbidden)) for forbidden in restriction.forbids):
                yield case, restriction


def outcome(bound: Sequence[Case], action: str) -> str:
    """4.4: held iff a binding restriction that forbids the action is active."""
    binding = [(case, one) for case, one in _forbidding(bound, action) if one.clause.binds]
    return "held" if any(state(case, one) == "active" for case, one in binding) else "permitted"


def by_default(bound: Sequence[Case], action: str) -> bool:
    """9: whether the outcome would differ had some set of the unknown `when`s been read the other way.

    Of those that could make it differ: of binding restrictions on the action, and of whatever an `active` leaf names.
    """
    actual = outcome(bound, action)
    relevant = {
        (number, one.id)
        for number, case in enumerate(bound)
        for one in restrictions_of(case.policy)
        if _may_decide(case.policy, one, action)
    }
    unknown = [
        (number, one.id)
        for number, case in enumerate(bound)
        for one in restrictions_of(case.policy)
        if (number, one.id) in relevant and when(case, one).truth is Truth.UNKNOWN
    ]
    for size in range(1, len(unknown) + 1):
        for chosen in combinations(unknown, size):
            otherwise = [
                replace(case, reversed_whens=frozenset(one for n, one in chosen if n == number))
                for number, case in enumerate(bound)
            ]
            if outcome(otherwise, action) != actual:
                return True
    return False


def _may_decide(policy: Policy, restriction: Restriction, action: str) -> bool:
    asked = set(leaf_actions(action))
    forbids = any(asked & set(leaf_actions(forbidden)) for forbidden in restriction.forbids)
    return (restriction.clause.binds and forbids) or restriction.id in named_as_active(policy)


def _reasons(case: Case, restriction: Restriction) -> frozenset[str]:
    """Return every reason that stands somewhere in what was evaluated for a restriction."""
    found = when(case, restriction).reasons
    if restriction.until is not None:
        found |= evaluate(case, restriction.until, RELEASE).reasons
    for permission in case.policy.permissions.values():
        if restriction.id in permission.lifts:
            found |= evaluate(case, permission.when, RELEASE).reasons
    return found
