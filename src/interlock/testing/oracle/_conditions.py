"""What conditions come to: connectives, thresholds, standards, terms, restrictions and permissions (2, 4.3, 4.4, 9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
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
    Reached,
    Restriction,
    RuledOut,
    Scope,
    TermHolds,
    Undefined,
    condition_text,
    leaves,
)
from interlock.record import ControlAttested, Event
from interlock.terms import Period, Truth
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
from interlock.testing.oracle._policy_conditions import conditions_of
from interlock.testing.oracle._since import Completion

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
    `limits` are the age limits of the leaves that enclose it.
    """

    positive: bool = True
    reaching: bool = False
    restricts: bool = True
    limits: tuple[Freshness, ...] = ()

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
        case Measured() if case.about in (Scope.DEVELOPER, Scope.WORLD):
            return unknown("missing")  # evaluations are about models: there are none about the developer or the world
        case Leaf() if condition.of in MANY_MODELS and not isinstance(condition, Happened | Published | Notified):
            if not case.models_of(condition.of):
                return unknown("missing")  # a developer has no lineage, and perhaps no model yet
            if isinstance(condition, RuledOut):
                # not reached by any of them
                return negation(evaluate(case, _opposite(condition), replace(setting, positive=not setting.positive)))
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
            return _reached(_about(case, leaf), leaf.threshold, limits)
        case RuledOut():
            return negation(_leaf(case, _opposite(leaf), setting))
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
            return facts.approved(case, leaf, limits)
        case Published() | Notified() | Happened():
            return _happening(case, leaf, limits)
        case Done() | Overdue() | Elapsed() | Growth():
            return _about_duty(case, leaf, limits)
        case Active():
            case = replace(case, focus=None)
            return resting_on(Truth.of(state(case, case.policy.restrictions[leaf.restriction]) == "active"), [])
        case InForce():
            return _in_force(case, case.policy.permissions[leaf.permission])
        case TermHolds():
            return _term(_about(case, leaf), leaf.term, replace(setting, limits=tuple(limits)))
        case Undefined():
            return unknown("undefined")
        case _:
            raise NotEvaluatedError(type(leaf).__name__)


def _happening(case: Case, leaf: Published | Notified | Happened, limits: Sequence[Freshness]) -> Value:
    match leaf:
        case Published():
            return facts.published(case, leaf, limits)
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
    if leaf.ahead is not None:
        raise NotEvaluatedError("ruled-out ahead")
    return Reached(threshold=leaf.threshold, of=leaf.of, fresh=leaf.fresh, within_last=leaf.within_last)


def _about(case: Case, leaf: Leaf) -> Case:
    """Return the case for what a leaf encloses: about whom the leaf speaks, unless what it encloses says otherwise."""
    return case if leaf.of is Scope.THIS else replace(case, about=leaf.of)


def _reached(case: Case, threshold: str, limits: Sequence[Freshness]) -> Value:
    """2: the threshold's condition is true."""
    return evaluate(case, case.policy.thresholds[threshold].reached_when, Setting(reaching=True, limits=tuple(limits)))


def _measured(case: Case, leaf: Measured, setting: Setting) -> Value:
    if case.about in (Scope.DEVELOPER, Scope.WORLD):
        return unknown("missing")  # evaluations are about models
    if setting.reaching:
        return measured_in_threshold(case, leaf, setting.limits, reaching=setting.direction)
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


def _term(case: Case, term: str, setting: Setting) -> Value:
    """2: a term stands for what it means, where it stands."""
    means = case.policy.terms[term].means
    if means is None:
        raise NotEvaluatedError("readings")
    return evaluate(case, means, setting)


def completions(case: Case, duty: str, of: Scope) -> list[Completion]:
    """Return when a duty was completed for the model: when it was performed, and when its `done-when` came true.

    The latter in this very case, from the registration of the model on; of a developer alone what is true without any
    event has always been so.
    """
    case = case if of is Scope.THIS else replace(case, about=of)
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
        case TermHolds():
            named = [policy.terms[leaf.term].means]
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
