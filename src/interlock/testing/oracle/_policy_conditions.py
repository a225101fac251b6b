"""The conditions of a policy, by what rests on them."""

from __future__ import annotations

from interlock.policy import Condition, Measured, Policy, leaves


def conditions_of(policy: Policy) -> list[Condition]:
    """Return every condition of the policy's items that a decision can rest on."""
    whole: list[Condition | None] = [
        *(threshold.reached_when for threshold in policy.thresholds.values()),
        *(restriction.when for restriction in policy.restrictions.values()),
        *(restriction.until for restriction in policy.restrictions.values()),
        *(permission.when for permission in policy.permissions.values()),
        *(term_condition(policy, term) for term in policy.terms),
        policy.applies_to,
    ]
    return [condition for condition in whole if condition is not None]


def duty_conditions_of(policy: Policy) -> list[Condition]:
    """Return every condition on which the duties of a policy rest."""
    duties = policy.duties.values()
    whole: list[Condition | None] = [
        *(condition for duty in duties for condition in (duty.when, duty.done_when, duty.excused_when)),
        *(duty.extended.when for duty in duties if duty.extended is not None),
        policy.applies_to,
    ]
    return [condition for condition in whole if condition is not None]


def commitments_of(policy: Policy) -> list[Condition]:
    """Return every condition of the policy's duties and pledges."""
    return [*duty_conditions_of(policy), *(pledge.maintain for pledge in policy.pledges.values())]


def measured_conditions(policy: Policy, measure: str) -> list[Measured]:
    """Return every measured leaf on `measure` that stands anywhere in the policy."""
    every = [*conditions_of(policy), *commitments_of(policy)]
    found = (leaf for condition in every for leaf in leaves(condition))
    return [leaf for leaf in found if isinstance(leaf, Measured) and leaf.measure == measure]


def term_condition(policy: Policy, term: str) -> Condition:
    """Return what a term stands for: its meaning, or the readings that it admits."""
    named = policy.terms[term]
    stands_for = named.means if named.means is not None else named.readings
    assert stands_for is not None
    return stands_for
