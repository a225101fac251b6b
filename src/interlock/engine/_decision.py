"""Decisions: permitted or held, by evidence or by the burden of proof, with all that it follows from (LANGUAGE 4.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import product
from typing import Final

from interlock.engine._applied import applied_line
from interlock.engine._case import Case, check_compute, restriction_named
from interlock.engine._combination import Use
from interlock.engine._disputes import Cut, Dispute, Rulings, assumed_for
from interlock.engine._duties import open_duties
from interlock.engine._duty_results import DutyStanding
from interlock.engine._errors import Refused
from interlock.engine._findings import Finding, in_order
from interlock.engine._item_standings import RestrictionStanding
from interlock.engine._names import (
    findings_about_corrections,
    findings_about_holders,
    findings_about_names,
    findings_about_weights,
)
from interlock.engine._owed import owed_before_action
from interlock.engine._question import Question
from interlock.engine._reading import conditions_of, limited_permissions, parts_read, permissions_read, readings_read
from interlock.engine._release import Change, Flips, flips
from interlock.engine._rulings import ruling_on
from interlock.engine._state import Model, State, View, fold
from interlock.engine._support import bearing, check_supported, is_supported
from interlock.engine._validity import Validity, valid_until
from interlock.engine._versions import InForceVersion, check_commits, check_digests, in_force, starts_of
from interlock.engine._windows import moved_windows
from interlock.policy import Active, Measured, Permission, Policy, Restriction
from interlock.record import EvaluationCompleted, Event, History, ModelRegistered, history
from interlock.terms import ACTIONS, MalformedError, Truth, format_instant, leaf_actions, nearest, parse_digest, ships

PERMITTED: Final = "permitted"
HELD: Final = "held"
MOST_FLIPPED_AT_ONCE: Final = 12
"""Beyond this many unknown restrictions that depend on each other, `by_default` is true without looking further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyCase:
    """One policy that binds the model, with its case and the restrictions that bear on the action.

    `binding` are those that can hold the action (LANGUAGE 4.6), `reading` says on whose states theirs depend,
    `tracked` the permissions with windows that any of them depends on.
    """

    version: InForceVersion
    case: Case
    restrictions: tuple[Restriction, ...]
    tracked: tuple[Permission, ...]
    binding: tuple[Restriction, ...]
    reading: Reading

    @property
    def policy(self) -> Policy:
        """The version in force."""
        return self.version.policy

    def standings(self) -> tuple[RestrictionStanding, ...]:
        """Return the restrictions' standings, in the order of the file."""
        return tuple(self.case.restriction(restriction.id) for restriction in self.restrictions)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The answer to a question with its reasons. `question` has its weights and known-at filled in.

    What would change the answer, until when it is good and the findings are worked out once, when first read.
    """

    question: Question
    policies: tuple[PolicyCase, ...]
    history: History
    outcome: str
    by_default: bool
    restrictions: tuple[RestrictionStanding, ...]
    starts: tuple[tuple[datetime, str], ...]
    """The instants after the question's at which another version comes into force, with words for each."""
    again: Callable[[Rulings], Answer] = field(repr=False, compare=False)
    """Answers the question anew with readings assumed to be ruled from the beginning."""

    @property
    def held(self) -> bool:
        """Whether the action is held."""
        return self.outcome == HELD

    @property
    def unrestricted(self) -> bool:
        """Whether no binding restriction could ever forbid the action."""
        return not any(standing.restriction.clause.binds for standing in self.restrictions)

    @cached_property
    def flips(self) -> Flips:
        """The smallest sets of changes that would turn the answer."""
        return flips(self.policies, to_permitted=self.held)

    @property
    def release(self) -> tuple[tuple[Change, ...], ...]:
        """The sets of `flips`, smallest first."""
        return self.flips.sets

    @property
    def release_truncated(self) -> bool:
        """Whether there are more sets than those given."""
        return self.flips.truncated

    @cached_property
    def duties(self) -> tuple[DutyStanding, ...]:
        """What is still to be done about the model: open, overdue, excused and unknown instances of duties."""
        return tuple(
            standing
            for case in (policy_case.case for policy_case in self.policies)
            for standing in open_duties(case.timeline.applied, case.model.id, case.developer, case.at)
        )

    @cached_property
    def disputes(self) -> tuple[Dispute, ...]:
        """The disputed texts that the answer may depend on, and which way each reading would have cut."""
        return tuple(dispute for policy_case in self.policies for dispute in _disputes(policy_case, self.again))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is worth knowing beside the answer."""
        return in_order(_findings(self))

    @cached_property
    def valid_until(self) -> Validity | None:
        """Until when, and up to which compute, the answer is good; None where nothing known can end it."""
        return valid_until(self.policies, self.starts, self.history, self.question, answer_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The bare answer, which `valid_until` watches."""

    outcome: str
    by_default: bool


def decide(
    policies: Sequence[Policy], events: Sequence[Event], question: Question, *, rulings: Rulings | None = None
) -> Decision:
    """Return the decision on `question` under the versions in force, by the events known.

    `rulings` are readings to be assumed ruled from the beginning, as if nobody had ruled otherwise. Raises Refused for
    a question that can't be asked, DigestMismatch where an event names another policy file. The cost grows linearly
    with the events and with the restrictions that bear on the action.
    """
    _check_action(question.action)
    known = history(events, question.knowledge)
    check_digests(policies, known.events)
    versions = _versions(policies, known, question)
    state = fold(known)
    model = _model(View(state, question.as_of), question, events)
    question = _completed(question, model)

    def bound_under(assumed: Rulings) -> tuple[PolicyCase, ...]:
        cases = (_policy_case(version, policies, state, model, question, assumed) for version in versions)
        return tuple(case for case in cases if case is not None)

    bound = bound_under(rulings or {})
    if not bound:
        msg = f"no policy given binds `{model.developer}`, the developer of model `{model.id}`"
        raise Refused(msg, advice="give a policy that the developer issued, or a law with `applies-to`")
    answer = answer_of(bound)
    return Decision(
        question=question,
        policies=bound,
        history=known,
        outcome=answer.outcome,
        by_default=answer.by_default,
        restrictions=tuple(standing for policy_case in bound for standing in policy_case.standings()),
        starts=tuple(_coming(policies, known, question)),
        again=lambda assumed: answer_of(bound_under({**(rulings or {}), **assumed})),
    )


# The question


def _check_action(action: str) -> None:
    if action not in ACTIONS:
        close = nearest(action, ACTIONS)
        msg = f"`{action}` is not an action; expected one of {', '.join(ACTIONS)}"
        raise Refused(msg, advice=f"did you mean `{close}`?" if close else None)


def _by_id(policies: Sequence[Policy]) -> dict[str, list[Policy]]:
    by_id: dict[str, list[Policy]] = {}
    for policy in policies:
        by_id.setdefault(policy.id, []).append(policy)
    return by_id


def _coming(policies: Sequence[Policy], known: History, question: Question) -> list[tuple[datetime, str]]:
    """Return the instants after the question's at which a version comes into force, with words for each."""
    return [
        (start, f"{version.id} {version.version} comes into force")
        for versions in _by_id(policies).values()
        for start, version in starts_of(versions, known.events)
        if start > question.as_of
    ]


def _versions(policies: Sequence[Policy], known: History, question: Question) -> list[InForceVersion]:
    by_id = _by_id(policies)
    found = [in_force(versions, known.events, question.as_of) for versions in by_id.values()]
    versions = [version for version in found if version is not None]
    if not versions:
        names = ", ".join(f"`{name}`" for name in by_id) or "none"
        msg = f"no version of a policy given ({names}) is in force at {format_instant(question.as_of)}"
        raise Refused(msg, advice="ask about a later time, or give the version that was in force then")
    for version in versions:
        check_commits(version.policy)
    return versions


def _model(view: View, question: Question, events: Iterable[Event]) -> Model:
    model = view.model(question.model)
    if model is None or not model.registrations:
        msg = f"no event known registers model `{question.model}` by {format_instant(question.as_of)}"
        raise Refused(msg, advice=_advice_on_model(view, question, events))
    return model


def _advice_on_model(view: View, question: Question, events: Iterable[Event]) -> str:
    later = [
        event.recorded
        for event in events
        if isinstance(event.payload, ModelRegistered)
        and event.subject.model == question.model
        and event.occurred <= question.as_of
    ]
    if later:
        return f"it is on the record since {format_instant(min(later))}; ask with a known-at of then or later"
    close = nearest(question.model, [other.id for other in view.registered()])
    return f"did you mean `{close}`?" if close else "record a model.registered event for it"


def _completed(question: Question, model: Model) -> Question:
    weights = question.weights
    if weights is None:
        weights = model.newest
    else:
        try:
            parse_digest(weights)
        except MalformedError as error:
            raise Refused(error.message) from None
        if weights not in model.order:
            msg = f"no event known names weights `{weights}` of model `{model.id}`"
            raise Refused(msg, advice="record the checkpoint first, for instance with a training.continued event")
    return replace(question, weights=weights, known_at=question.knowledge)


def _policy_case(
    version: InForceVersion,
    policies: Sequence[Policy],
    state: State,
    model: Model,
    question: Question,
    rulings: Rulings,
) -> PolicyCase | None:
    policy = version.policy
    if policy.applies_to is None and (model.developer or policy.issuer) != policy.issuer:
        return None
    restrictions = bearing(policy, question.action)
    check_supported(policy, question.action)
    line = [one for one in policies if one.id == policy.id]
    assumed = assumed_for(policy.id, rulings)
    applied = applied_line(line, state.record, state, question.as_of, past_ties=True, rulings=assumed)[-1]
    timeline = applied.timeline(model.id, question.weights, ships=ships(leaf_actions(question.action)[0]))
    case = timeline.case(question.as_of)
    tracked = _tracked(policy, question.action)
    if question.at_compute is not None:
        case = case.read(at_compute=question.at_compute)
        check_compute(case)
        case = case.read(windows=moved_windows(case, tracked))
    binding = tuple(restriction for restriction in restrictions if restriction.clause.binds)
    return PolicyCase(
        version=version,
        case=case,
        restrictions=restrictions,
        tracked=tracked,
        binding=binding,
        reading=reading_of(policy, tuple(restriction.id for restriction in binding)),
    )


@lru_cache(maxsize=256)
def _tracked(policy: Policy, action: str) -> tuple[Permission, ...]:
    """Return the permissions with windows on which the action's restrictions depend, each after its own."""
    restrictions = bearing(policy, action)
    needed = {p.id for p in policy.permissions.values() if any(r.id in p.lifts for r in restrictions)}
    conditions = [condition for restriction in restrictions for condition in conditions_of(restriction)]
    conditions += [policy.permissions[name].when for name in needed]
    for condition in conditions:
        needed.update(permissions_read(policy, condition))
    return tuple(permission for permission in limited_permissions(policy) if permission.id in needed)


# The answer


def answer_of(bound: Sequence[PolicyCase]) -> Answer:
    """Return the bare answer: held if any binding restriction of any policy is active, and whether by default."""
    held = any(_holds(policy_case.case, policy_case.binding) for policy_case in bound)
    if held:
        # Held for good if one policy holds whatever is read; each policy is read by itself.
        by_default = all(_could_be(policy_case, held=False) for policy_case in bound)
    else:
        by_default = any(_could_be(policy_case, held=True) for policy_case in bound)
    return Answer(outcome=HELD if held else PERMITTED, by_default=by_default)


def _holds(case: Case, binding: Iterable[Restriction]) -> bool:
    return any(case.restriction(restriction.id).state == "active" for restriction in binding)


def _could_be(policy_case: PolicyCase, *, held: bool) -> bool:
    """Return whether some reading of the unknown `when`s gives this outcome under this policy."""
    case, binding = policy_case.case, policy_case.binding
    names = policy_case.reading.names
    if not policy_case.reading.entangled:
        # No restriction depends on another's state: to hold, read all as active; to permit, read all as inactive.
        standings = [case.restriction(name) for name in names]
        return any(_would_hold(standing, unknown_counts=held) for standing in standings) == held
    if _holds(case, binding) == held:
        return True
    unknown = [name for name in names if case.restriction(name).is_open]
    if len(unknown) > MOST_FLIPPED_AT_ONCE:
        return True
    readings: Iterable[Mapping[str, bool]] = (
        dict(zip(unknown, values, strict=True)) for values in product((False, True), repeat=len(unknown))
    )
    return any(_holds(case.read(presumed=reading, earlier=case), binding) == held for reading in readings)


def _would_hold(standing: RestrictionStanding, *, unknown_counts: bool) -> bool:
    """Return whether the restriction would be active if an unknown `when` counted so."""
    counts = unknown_counts if standing.is_open else standing.counts
    released = standing.until is not None and standing.until.value is Truth.TRUE
    return counts and not released and standing.lifted_by is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The restrictions on whose states an answer depends, and whether some state depends on another's."""

    names: tuple[str, ...]
    entangled: bool


@lru_cache(maxsize=1024)
def reading_of(policy: Policy, restrictions: tuple[str, ...]) -> Reading:
    """Return the restrictions named and all on whose state they depend, in the order met."""
    names = dict.fromkeys(restrictions)
    conditions = [condition for name in restrictions for condition in conditions_of(restriction_named(policy, name))]
    conditions += [p.when for p in policy.permissions.values() if any(name in p.lifts for name in restrictions)]
    active = [part.restriction for part in parts_read(policy, *conditions) if isinstance(part, Active)]
    return Reading(names=tuple(names | dict.fromkeys(active)), entangled=bool(active))


def _disputes(policy_case: PolicyCase, again: Callable[[Rulings], Answer]) -> Iterator[Dispute]:
    policy, case = policy_case.policy, policy_case.case
    conditions = [] if policy.applies_to is None else [policy.applies_to]
    for restriction in policy_case.restrictions:
        conditions += conditions_of(restriction)
        conditions += [p.when for p in policy.permissions.values() if restriction.id in p.lifts]
    for readings in readings_read(policy, *conditions):
        cuts = []
        for name, part in readings.readings:
            answer = again({(policy.id, readings.id): name})
            value = case.condition(part, Use.RESTRICTING).value
            cuts.append(Cut(reading=name, value=value, outcome=answer.outcome, by_default=answer.by_default))
        yield Dispute(policy=policy.id, term=readings.id, ruling=ruling_on(case, readings), cuts=tuple(cuts))


# Findings


def _findings(decision: Decision) -> Iterable[Finding]:
    as_of = decision.question.as_of
    events = [event for event in decision.history.events if event.occurred <= as_of]
    for policy_case in decision.policies:
        yield from policy_case.version.findings
        policy = policy_case.policy
        left_out = [f"`{duty.id}`" for duty in policy.duties.values() if not is_supported(policy, duty)]
        if left_out:
            detail = f"duties {', '.join(left_out)} of `{policy.id}` are not evaluated and no part of this answer"
            yield Finding("duties-not-evaluated", detail)
        yield from owed_before_action(policy_case.case, decision.question.action)
        yield from _digest_not_evaluated(policy_case, decision.question)
    for standing in decision.restrictions:
        for node in standing.nodes():
            yield from node.findings
            yield from findings_about_weights(node.evidence, decision.question.weights)
    yield from findings_about_names([policy_case.policy for policy_case in decision.policies], events)
    yield from findings_about_holders(events)
    yield from findings_about_corrections(decision.history.superseded)


def _digest_not_evaluated(policy_case: PolicyCase, question: Question) -> Iterable[Finding]:
    """Yield the finding of a decision on shipping a checkpoint that no admissible evaluation ran on (LANGUAGE 9)."""
    case = policy_case.case
    if not case.ships:
        return
    relevant = _measures_read(policy_case) or list(case.policy.measures)
    lacking = [name for name in relevant if not _has_own_evaluation(case, name)]
    if lacking or not relevant:
        what = question.weights or f"model {question.model}"
        measures = f"of {', '.join(lacking)} " if lacking else ""
        yield Finding("digest-not-evaluated", f"no evaluation {measures}ran on {what} itself")


def _measures_read(policy_case: PolicyCase) -> list[str]:
    found: dict[str, None] = {}
    policy = policy_case.policy
    for restriction in policy_case.restrictions:
        for condition in conditions_of(restriction):
            for part in parts_read(policy, condition):
                if isinstance(part, Measured):
                    found[part.measure] = None
    return list(found)


def _has_own_evaluation(case: Case, measure: str) -> bool:
    suite = case.policy.measures[measure].suite
    return any(
        isinstance(event.payload, EvaluationCompleted)
        and event.payload.suite == suite
        and case.model.position(event.subject.weights) == case.path.asked.position
        and not case.view.is_withdrawn(event)
        for event in case.view.about(("model", case.model.id), ("evaluation", measure))
    )
