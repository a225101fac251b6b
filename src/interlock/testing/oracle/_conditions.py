"""What conditions come to: connectives, thresholds, standards, terms, restrictions and permissions (2, 4.3, 4.4, 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import assert_never

from interlock.policy import (
    Active,
    AllOf,
    AnyOf,
    Approved,
    Argued,
    AtLeast,
    Attested,
    Condition,
    Done,
    Elapsed,
    Freshness,
    Growth,
    Happened,
    InForce,
    Judged,
    Leaf,
    Measured,
    Meets,
    Not,
    Notified,
    Overdue,
    Permission,
    Policy,
    Presumption,
    Published,
    QuantityIs,
    Ratio,
    Reached,
    Readings,
    Restriction,
    Reviewed,
    RuledOut,
    Scope,
    TermHolds,
    Undefined,
    condition_text,
    leaves,
)
from interlock.terms import Truth
from interlock.testing.oracle import _documents as documents
from interlock.testing.oracle import _facts as facts
from interlock.testing.oracle import _since as since
from interlock.testing.oracle._case import Case
from interlock.testing.oracle._evidence import (
    Value,
    measured_elsewhere,
    measured_in_threshold,
    resting_on,
    unknown,
)
from interlock.testing.oracle._facts import all_values, any_of_models, any_values, at_least_values, negation, within
from interlock.testing.oracle._policy_conditions import conditions_of, term_condition
from interlock.testing.oracle._rulings import ruled
from interlock.testing.oracle._since import Completion
from interlock.testing.oracle._turning import asks_about_duties, asks_how_duties_stand, turning_points

LONG_AGO, LAST = datetime(1000, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
"""Before any event, and after every one."""
MANY_MODELS = (Scope.LINEAGE, Scope.ANY_MODEL)


class NotEvaluatedError(Exception):
    """The question bears on a construct that this version of the language's evaluation leaves out: refused."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Where in its item a condition stands.

    `positive` is false under an odd number of negations. `reaching`: inside a threshold's `reached-when`.
    `restricts`: whether it restricts by being true, as `when` does and `until` and permissions don't.
    `limits` are the age limits of the leaves that enclose it. `ahead` is the margin by which it must be ruled out.
    """

    positive: bool = True
    reaching: bool = False
    restricts: bool = True
    limits: tuple[Freshness, ...] = ()
    ahead: Fraction | None = None

    @property
    def direction(self) -> Truth:
        """The value of a leaf here that makes the whole true."""
        return Truth.of(self.positive)


WHEN = Setting()
RELEASE = Setting(restricts=False)


def evaluate(case: Case, condition: Condition, setting: Setting) -> Value:
    """2 and 4.1: what a condition comes to in strong Kleene logic."""
    match condition:
        case AllOf():
            return all_values([evaluate(case, part, setting) for part in condition.parts])
        case AnyOf():
            return any_values([evaluate(case, part, setting) for part in condition.parts])
        case AtLeast():
            return at_least_values(condition.number, [evaluate(case, part, setting) for part in condition.parts])
        case Not():
            return negation(evaluate(case, condition.part, replace(setting, positive=not setting.positive)))
        case Readings():
            return _read(case, condition, setting)
        case Measured() if case.about in (Scope.DEVELOPER, Scope.WORLD):
            return unknown("missing")  # evaluations are about models: there are none about the developer or the world
        case Leaf() if condition.of in MANY_MODELS and not isinstance(condition, Happened | Published | Notified):
            if not case.models_of(condition.of):
                return unknown("missing")  # a developer has no lineage, and perhaps no model yet
            if isinstance(condition, RuledOut):
                # not reached by any of them
                return negation(evaluate(case, _opposite(condition), _ahead_of(setting, condition)))
            alone = replace(condition, of=Scope.THIS)
            return any_of_models([evaluate(case.of_model(m), alone, setting) for m in case.models_of(condition.of)])
        case Leaf():
            return _leaf(case, condition, setting)
        case _:
            raise NotEvaluatedError(type(condition).__name__)


def _leaf(case: Case, leaf: Leaf, setting: Setting) -> Value:
    limits = within(leaf, setting.limits)
    supposed = case.supposes(condition_text(leaf))
    if supposed is not None:
        return resting_on(supposed, [])
    match leaf:
        case Reached():
            return _reached(_about(case, leaf), leaf.threshold, limits, setting.ahead)
        case RuledOut():
            return negation(_leaf(case, _opposite(leaf), _ahead_of(setting, leaf)))
        case Measured():
            return _measured(_about(case, leaf), leaf, setting)
        case QuantityIs():
            return facts.quantity(case, leaf, limits)
        case Meets():
            return _meets(_about(case, leaf), leaf.standard, limits)
        case Attested():
            return facts.attested(case, leaf, limits)
        case Judged():
            return facts.judged(case, leaf, limits)
        case Argued():
            return facts.argued(case, leaf, limits)
        case Approved():
            return documents.approved(case, leaf, limits)
        case Reviewed():
            return documents.reviewed(case, leaf, limits)
        case Published() | Notified() | Happened():
            return _happening(case, leaf, limits)
        case Done() | Overdue() | Elapsed() | Growth():
            return _about_duty(case, leaf, limits)
        case Active():
            case = replace(case, focus=None)
            return resting_on(Truth.of(state(case, case.policy.restrictions[leaf.restriction]) == "active"), [])
        case InForce():
            return _in_force(case, case.policy.permissions[leaf.permission])
        case TermHolds() | Ratio():
            return _by_term(case, leaf, replace(setting, limits=tuple(limits)))
        case Undefined():
            return unknown("undefined")
        case _:
            raise NotEvaluatedError(type(leaf).__name__)


def _happening(case: Case, leaf: Published | Notified | Happened, limits: Sequence[Freshness]) -> Value:
    match leaf:
        case Published():
            return documents.published(case, leaf, limits)
        case Notified():
            return facts.notified(case, leaf, limits)
        case Happened():
            return facts.happened(case, leaf, limits)
        case _:
            assert_never(leaf)


def _about_duty(case: Case, leaf: Done | Overdue | Elapsed | Growth, limits: Sequence[Freshness]) -> Value:
    match leaf:
        case Done():
            return since.done(case, leaf)
        case Overdue():
            return since.overdue(case, leaf)
        case Elapsed():
            return since.elapsed(case, leaf, limits, completions)
        case Growth():
            return since.growth(case, leaf, limits, completions)
        case _:
            assert_never(leaf)


def _opposite(leaf: RuledOut) -> Reached:
    """Return the leaf that a `ruled-out` leaf is the negation of."""
    return Reached(threshold=leaf.threshold, of=leaf.of, fresh=leaf.fresh, within_last=leaf.within_last)


def _ahead_of(setting: Setting, leaf: RuledOut) -> Setting:
    """Return where the opposite of a `ruled-out` leaf stands; of two margins the larger counts."""
    margins = [margin for margin in (setting.ahead, leaf.ahead) if margin is not None]
    return replace(setting, positive=not setting.positive, ahead=max(margins, default=None))


def _read(case: Case, readings: Readings, setting: Setting) -> Value:
    """2: what the reading comes to that is ruled; else what all of them do where they agree, else contested."""
    parts = dict(readings.readings)
    name = ruled(case, readings)
    if name is not None:
        return evaluate(case, parts[name], setting)
    values = [evaluate(case, part, setting) for part in parts.values()]
    if len({value.truth for value in values}) > 1:
        return unknown("contested", *(reason for value in values for reason in value.reasons))
    return facts.each_of(values)


def _about(case: Case, leaf: Leaf) -> Case:
    """Return the case for what a leaf encloses: about whom the leaf speaks, unless what it encloses says otherwise."""
    return case if leaf.of is Scope.THIS else replace(case, about=leaf.of)


def _reached(case: Case, threshold: str, limits: Sequence[Freshness], ahead: Fraction | None) -> Value:
    """2: the threshold's condition is true."""
    setting = Setting(reaching=True, limits=tuple(limits), ahead=ahead)
    return evaluate(case, case.policy.thresholds[threshold].reached_when, setting)


def _measured(case: Case, leaf: Measured, setting: Setting) -> Value:
    if case.about in (Scope.DEVELOPER, Scope.WORLD):
        return unknown("missing")  # evaluations are about models
    if setting.reaching:
        return measured_in_threshold(case, leaf, setting.limits, reaching=setting.direction, ahead=setting.ahead)
    restricting = setting.direction if setting.restricts else ~setting.direction
    return measured_elsewhere(case, leaf, setting.limits, restricting=restricting)


def _meets(case: Case, standard: str, limits: Sequence[Freshness]) -> Value:
    """2 and 9: with `replaces` in force, the replacement; else every control; an undefined standard is unknown."""
    replacements = [
        permission.replaces[standard]
        for permission in case.policy.permissions.values()
        if standard in permission.replaces and in_force(replace(case, focus=None), permission)
    ]
    if replacements:
        return all_values([_meets(case, replacement, limits) for replacement in replacements])
    defined = case.policy.standards[standard]
    if defined.undefined is not None:
        return unknown("undefined")
    return all_values([facts.control_met(case, control, limits) for control in defined.controls.values()])


def _by_term(case: Case, leaf: TermHolds | Ratio, setting: Setting) -> Value:
    """2: what the term comes to; ours: whether a ratio holds beside any other model of the developer where it does."""
    if isinstance(leaf, TermHolds):
        return _term(_about(case, leaf), leaf.term, setting)
    if not case.model:
        return unknown("missing")
    pairs = []
    for other in (case.of_model(model) for model in case.models_of(Scope.ANY_MODEL) if model != case.model):
        term = _term(other, leaf.term, setting)
        pairs.append(all_values([since.beside(case, other, leaf, setting.limits), term]))
    return any_of_models(pairs) if pairs else resting_on(Truth.FALSE, [])


def _term(case: Case, term: str, setting: Setting) -> Value:
    """2: a term stands for what it means, or for its readings, where it stands."""
    return evaluate(case, term_condition(case.policy, term), setting)


def completions(case: Case, duty: str, of: Scope) -> list[Completion]:
    """Return when a duty was completed for the model: when it was performed, and when its `done-when` came true.

    The latter in this very case, from the registration of the model on; of a developer alone what is true without any
    event has always been so.
    """
    case = case if of is Scope.THIS else replace(case, about=of)
    if case.policy.duties[duty].instances == "issuer":
        case = replace(case, model="", weights=None, alone=case.policy.issuer, about=Scope.THIS, focus=None)
    found = since.performed(case, duty)
    done_when, began = case.policy.duties[duty].done_when, _began(case)
    if done_when is None or began is None:
        return found
    was_true = False
    for instant in (began, *instants(case, done_when)):
        if instant >= began:
            key = ("done", duty, case.model, case.weights, case.alone, case.about, case.focus, instant)
            if key not in case.memo:
                case.memo[key] = evaluate(case.at(instant), done_when, RELEASE)
            value = case.memo[key]
            assert isinstance(value, Value)
            if value.truth is Truth.TRUE and not was_true:
                found.append(Completion(at=instant, supports=value.supports))
            was_true = value.truth is Truth.TRUE
    return found


def _began(case: Case) -> datetime | None:
    if case.alone is not None:
        return LONG_AGO
    firsts = [event.occurred for event in case.events if event.subject.model == case.model]
    return case.registered_at(case.model) or min(firsts, default=None)


# What restrictions come to: sections 4.3 and 4.4


def when(case: Case, restriction: Restriction) -> Value:
    """1 and 4.7: a law's restriction holds where its `applies-to` and its `when` do."""
    own = evaluate(case, restriction.when, WHEN)
    if case.policy.applies_to is None:
        return own
    return all_values([evaluate(case, case.policy.applies_to, WHEN), own])


def counts_as_true(case: Case, restriction: Restriction) -> bool:
    """4.3: unknown counts by the burden or `presume`, or the other way for by_default."""
    truth = when(case, restriction).truth
    if truth is not Truth.UNKNOWN:
        return truth is Truth.TRUE
    presumed = case.policy.presumption(restriction) is Presumption.ACTIVE
    return presumed is not (restriction.id in case.reversed_whens)


def state(case: Case, restriction: Restriction) -> str:
    """4.4: active iff `when` counts as true, `until` is not true and no permission in force lifts it."""
    counts = counts_as_true(case, restriction)
    released = restriction.until is not None and evaluate(case, restriction.until, RELEASE).truth is Truth.TRUE
    lifting = [permission for permission in case.policy.permissions.values() if restriction.id in permission.lifts]
    lifted = any(in_force(case, permission) for permission in lifting)
    if not counts:
        return "inactive"
    if released:
        return "released"
    return "lifted" if lifted else "active"


def named_as_active(policy: Policy) -> set[str]:
    """Return the restrictions that some condition of the policy asks about by `active`."""
    every = (leaf for condition in conditions_of(policy) for leaf in leaves(condition))
    return {leaf.restriction for leaf in every if isinstance(leaf, Active)}


# Permissions and their windows (4.4, 9)


def _in_force(case: Case, permission: Permission) -> Value:
    if in_force(replace(case, focus=None), permission):
        return resting_on(Truth.TRUE, [])
    return resting_on(Truth.FALSE, [])


def in_force(case: Case, permission: Permission) -> bool:
    """4.4: while its `when` is true; with `for-at-most`, only that long after the last window opened."""
    key = (permission.id, case.model, case.weights, case.alone, case.about, case.now, case.reversed_whens)
    if key not in case.memo:
        case.memo[key] = _decide_in_force(case, permission)
    return bool(case.memo[key])


def _decide_in_force(case: Case, permission: Permission) -> bool:
    true_now = evaluate(case, permission.when, RELEASE).truth is Truth.TRUE
    if permission.for_at_most is None and permission.renewals is None:
        return true_now
    starts = windows(case, permission)
    if not true_now or not starts:
        return False
    return permission.for_at_most is None or case.now < case.policy.calendar.anniversary(
        starts[-1], permission.for_at_most
    )


def windows(case: Case, permission: Permission) -> list[datetime]:
    """9: one opens each time `when` turns from not true to true with every event it rests on newer than the last start.

    The first opens the first time that `when` is true, or with the registration of the model where it is true before;
    each later one is a renewal and needs an event to rest on.
    """
    registered = case.registered_at(case.model)
    starts: list[datetime] = []
    was_true = False
    for instant in instants(case, permission.when):
        if registered is not None and instant < registered:
            continue
        value = evaluate(case.at(instant), permission.when, RELEASE)
        is_true = value.truth is Truth.TRUE
        if is_true and not was_true:
            renewals_left = permission.renewals is None or len(starts) <= permission.renewals
            if not starts or (renewals_left and _rests_on_newer(case, value, starts[-1])):
                starts.append(instant)
        was_true = is_true
    return starts


def _rests_on_newer(case: Case, value: Value, start: datetime) -> bool:
    newer = {event.index for event in case.known if event.occurred > start}
    return any(support and support <= newer for support in value.supports)


def instants(case: Case, condition: Condition) -> list[datetime]:
    """Return every instant up to now at which a condition of the policy could change."""
    turning = case.knowledge.turning
    if case.policy not in turning:
        turning[case.policy] = frozenset(turning_points(case.policy, case.known, LAST))
    found = set(turning[case.policy])
    if case.book is not None and asks_about_duties(case.policy, condition):
        found |= set(case.book.moments(case.policy, case.now, states=asks_how_duties_stand(case.policy, [condition])))
    return sorted({instant for instant in found if instant < case.now} | {case.now})
