"""What the text of a policy owes: definitions that it promises before a moment, once that moment has come (LANGUAGE 2).

`{undefined: {owed: …, before: {first: ACTION, of: condition}}}` is due at the first act of that action, or of a child
of it, of a model for which the condition holds, or may hold where the burden is the developer's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from interlock.engine._applied import AppliedPolicy
from interlock.engine._case import Case
from interlock.engine._combination import Use
from interlock.engine._errors import Refused
from interlock.engine._findings import Finding
from interlock.engine._reading import all_parts_of
from interlock.engine._replay_runs import action_of
from interlock.engine._support import check_conditions
from interlock.engine._timeline import Timeline
from interlock.policy import Burden, Condition, Policy, Undefined
from interlock.record import Event
from interlock.terms import Truth, format_instant, leaf_actions, ships


def undefined_in(policy: Policy) -> Iterator[Undefined]:
    """Yield everything that the policy's text owes and does not say."""
    return (part for part in all_parts_of(policy) if isinstance(part, Undefined))


def owed_before(undefined: Undefined) -> tuple[str | None, Condition | None]:
    """Return before which action it is owed, and in which case; None where the text names none."""
    stated = dict(undefined.before)
    first, case = stated.get("first"), stated.get("of")
    return (first if isinstance(first, str) else None, case if isinstance(case, Condition) else None)


def owed_by(applied: AppliedPolicy, as_of: datetime, events: Iterable[Event]) -> Iterator[Finding]:
    """Yield what a version owed and had not defined when the moment came, up to `as_of`."""
    acts = [event for event in events if event.occurred <= as_of and applied.is_in_span(event.occurred)]
    for undefined in undefined_in(applied.policy):
        if not undefined.before:
            continue
        first, case = owed_before(undefined)
        if first is not None:
            yield from _before_act(applied, undefined, set(leaf_actions(first)), case, acts)
        elif case is not None and applied.is_in_span(as_of):
            yield from _in_case(applied, undefined, case, as_of)


def owed_before_action(policy_case: Case, action: str) -> Iterator[Finding]:
    """Yield what the policy owes before an action that is asked about, in a case in which it owes it."""
    policy = policy_case.policy
    for undefined in undefined_in(policy):
        first, case = owed_before(undefined)
        if first is None or set(leaf_actions(first)).isdisjoint(leaf_actions(action)):
            continue
        if _may_hold(policy_case, case):
            detail = f"`{policy.id}` {policy.version} owes before the first {first}: {undefined.owed}"
            yield Finding("still-owed", detail)


def _before_act(
    applied: AppliedPolicy, undefined: Undefined, actions: set[str], case: Condition | None, acts: Iterable[Event]
) -> Iterator[Finding]:
    policy = applied.policy
    for act in acts:
        action, model = action_of(act), act.subject.model
        if action not in actions or model is None or not applied.binds(model):
            continue
        weights = act.subject.weights
        timeline = (
            applied.newest(model, ships=ships(action))
            if weights is None
            else applied.timeline(model, weights, ships=ships(action))
        )
        if _may_hold_at(timeline, act.occurred, case):
            detail = (
                f"`{policy.id}` {policy.version} owed before the first {action} and had not defined: {undefined.owed}; "
                f"event {act.index} is that act of model `{model}`, {format_instant(act.occurred)}"
            )
            yield Finding("owed-before-act", detail, (act.index,))
            return


def _in_case(applied: AppliedPolicy, undefined: Undefined, case: Condition, as_of: datetime) -> Iterator[Finding]:
    policy = applied.policy
    for model in applied.models():
        if applied.begins(model) <= as_of and _may_hold_at(applied.newest(model, ships=False), as_of, case):
            detail = f"`{policy.id}` {policy.version} owes, now that the case of model `{model}` is given: "
            yield Finding("still-owed", detail + undefined.owed)
            return


def _may_hold_at(timeline: Timeline, at: datetime, condition: Condition | None) -> bool:
    """Return whether a condition may hold in the case of an instant; so too where there is none to be asked about."""
    try:
        case = timeline.case(at)
    except Refused:
        return timeline.applied.policy.burden is Burden.DEVELOPER
    return _may_hold(case, condition)


def _may_hold(case: Case, condition: Condition | None) -> bool:
    """Return whether a condition holds, or may where the burden is the developer's; so too where it can't be told."""
    if condition is None:
        return True
    try:
        check_conditions(case.policy, [condition])
        value = case.condition(condition, Use.RESTRICTING).value
    except Refused:
        value = Truth.UNKNOWN
    return value is Truth.TRUE or (value is Truth.UNKNOWN and case.policy.burden is Burden.DEVELOPER)
