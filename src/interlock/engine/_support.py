"""What of the language this engine evaluates: a construct it does not is refused where it bears on the question."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from interlock.engine._errors import Refused
from interlock.engine._observers import EVALUATED
from interlock.engine._reading import conditions_of, conditions_of_duty, duty_restrictions, parts_read
from interlock.policy import (
    Active,
    Condition,
    Done,
    Duty,
    Happened,
    InForce,
    Leaf,
    Measured,
    Overdue,
    Policy,
    Ratio,
    Restriction,
    Scope,
    TermHolds,
    Undefined,
    condition_text,
)
from interlock.terms import leaf_actions

_SPANNING = (Scope.LINEAGE, Scope.ANY_MODEL)


@lru_cache(maxsize=1024)
def bearing(policy: Policy, action: str) -> tuple[Restriction, ...]:
    """Return the restrictions that forbid some leaf of `action`, in the order of the file; then those of duties."""
    asked = set(leaf_actions(action))
    return tuple(
        restriction
        for restriction in (*policy.restrictions.values(), *duty_restrictions(policy).values())
        if any(asked & set(leaf_actions(forbidden)) for forbidden in restriction.forbids)
    )


@lru_cache(maxsize=1024)
def check_supported(policy: Policy, action: str) -> None:
    """Raise Refused where deciding `action` would need a construct that this engine does not evaluate."""
    conditions = [] if policy.applies_to is None else [policy.applies_to]
    for restriction in bearing(policy, action):
        conditions += conditions_of(restriction)
        conditions += [p.when for p in policy.permissions.values() if restriction.id in p.lifts]
    check_conditions(policy, conditions)


@lru_cache(maxsize=256)
def check_duties_supported(policy: Policy) -> None:
    """Raise Refused where a duty or a pledge would need a construct that this engine does not evaluate."""
    conditions = [] if policy.applies_to is None else [policy.applies_to]
    conditions += [condition for duty in policy.duties.values() for condition in conditions_of_duty(duty)]
    conditions += [pledge.maintain for pledge in policy.pledges.values()]
    check_conditions(policy, conditions)


@lru_cache(maxsize=1024)
def is_supported(policy: Policy, duty: Duty) -> bool:
    """Return whether the engine evaluates all that the duty's conditions read."""
    conditions = [] if policy.applies_to is None else [policy.applies_to]
    try:
        check_conditions(policy, [*conditions, *conditions_of_duty(duty)])
    except Refused:
        return False
    return True


def check_conditions(policy: Policy, conditions: Sequence[Condition]) -> None:
    """Raise Refused where the conditions would need a construct that this engine does not evaluate."""
    for part in parts_read(policy, *conditions):
        _check(policy, part)


def _check(policy: Policy, part: Condition) -> None:
    if isinstance(part, Measured) and policy.measures[part.measure].sequential:
        _refuse(f"measure `{part.measure}`, whose bounds are to hold at all looks at once,", policy)
    if _spans(part) and isinstance(part, TermHolds | Ratio) and _spans_again(policy, part):
        _refuse(f"`{condition_text(part)}`, whose meaning looks at several models itself,", policy)
    if isinstance(part, Leaf) and (type(part) not in EVALUATED or _says_more_than_evaluated(part)):
        _refuse(f"`{condition_text(part)}`", policy)


def _spans(part: Condition) -> bool:
    return isinstance(part, Leaf) and (part.of in _SPANNING or isinstance(part, Ratio))


def _spans_again(policy: Policy, term: TermHolds | Ratio) -> bool:
    """Return whether a term asked of several models means something of several: whose checkpoint would count?"""
    return any(_spans(part) for part in parts_read(policy, term) if part is not term)


def _says_more_than_evaluated(leaf: Leaf) -> bool:
    """Return whether the leaf states a scope or an age that its evaluation would have to ignore."""
    if isinstance(leaf, Happened) and leaf.kind == "event.corrected":
        return True
    if leaf.of is not Scope.THIS and isinstance(leaf, Active | InForce | Undefined):
        return True
    if leaf.of in {Scope.DEVELOPER, Scope.WORLD} and isinstance(leaf, TermHolds):
        return True
    aged = leaf.fresh is not None or leaf.within_last is not None
    return aged and isinstance(leaf, Active | InForce | Undefined | Done | Overdue)


def _refuse(what: str, policy: Policy) -> None:
    msg = f"{what} of `{policy.id}` {policy.version} is not evaluated by this version of interlock"
    raise Refused(msg, advice="an answer that left it out could permit what the policy holds, so none is given")
