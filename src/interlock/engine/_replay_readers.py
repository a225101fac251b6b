"""What a policy can hold, and which facts can change what it holds: read off the policy once, for replays."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from interlock.engine._case import restriction_named
from interlock.engine._reading import conditions_of, duty_restrictions, parts_read, reads_duties, topics_read
from interlock.policy import Policy, Restriction
from interlock.record import Topic
from interlock.terms import leaf_actions, ships


@lru_cache(maxsize=256)
def binding_restrictions(policy: Policy) -> tuple[Restriction, ...]:
    """Return the restrictions that can hold an action, those of overdue duties among them.

    In an excerpt one that is only referred to forbids nothing.
    """
    every = (*policy.restrictions.values(), *duty_restrictions(policy).values())
    return tuple(restriction for restriction in every if restriction.forbids and restriction.clause.binds)


@lru_cache(maxsize=256)
def forbidden_actions(policy: Policy) -> Mapping[str, tuple[str, ...]]:
    """Return the leaf actions that a policy can hold, with the binding restrictions of each."""
    found: dict[str, list[str]] = {}
    for restriction in binding_restrictions(policy):
        for forbidden in restriction.forbids:
            for action in leaf_actions(forbidden):
                names = found.setdefault(action, [])
                if restriction.id not in names:
                    names.append(restriction.id)
    return {action: tuple(names) for action, names in found.items()}


@lru_cache(maxsize=256)
def readers(policy: Policy) -> Mapping[Topic, tuple[str, ...]]:
    """Return the binding restrictions whose states facts on each topic can change."""
    found: dict[Topic, list[str]] = {}
    for restriction in binding_restrictions(policy):
        conditions = conditions_of(restriction)
        conditions += [p.when for p in policy.permissions.values() if restriction.id in p.lifts]
        conditions += [] if policy.applies_to is None else [policy.applies_to]
        topics = frozenset[Topic]().union(*(topics_read(policy, condition) for condition in conditions))
        for topic in topics:
            found.setdefault(topic, []).append(restriction.id)
    return {topic: tuple(names) for topic, names in found.items()}


@lru_cache(maxsize=256)
def duties_read(policy: Policy) -> tuple[str, ...]:
    """Return the duties on whose instances the states of binding restrictions depend."""
    conditions = [c for restriction in binding_restrictions(policy) for c in conditions_of(restriction)]
    conditions += [permission.when for permission in policy.permissions.values()]
    return tuple(dict.fromkeys(name for part in parts_read(policy, *conditions) for name in reads_duties(part)))


@lru_cache(maxsize=256)
def duties_span(policy: Policy, *earlier: Policy) -> bool:
    """Return whether an event about one model can change, by way of a duty, what is held of another.

    What earlier versions left overdue counts too.
    """
    read = duties_read(policy)
    duties = (one.duties[name] for one in (policy, *earlier) for name in read if name in one.duties)
    return any(duty.instances not in {None, "each model", "each deployment"} for duty in duties)


@lru_cache(maxsize=4096)
def ways_read(policy: Policy, name: str) -> tuple[bool, ...]:
    """Return whether the restriction forbids actions that ship, actions that do not, or both."""
    actions = [action for forbidden in restriction_named(policy, name).forbids for action in leaf_actions(forbidden)]
    return tuple(dict.fromkeys(ships(action) for action in actions))
