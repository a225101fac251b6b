"""Which way each reading cuts: every answer asked anew with a reading taken as ruled from the beginning (2 and 4.8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from interlock.policy import Condition, Policy, Readings, conditions_within
from interlock.record import Event
from interlock.terms import Truth
from interlock.testing.oracle._conditions import WHEN, evaluate
from interlock.testing.oracle._decision import OracleQuestion, OracleRefusal, cases_asked
from interlock.testing.oracle._policy_conditions import commitments_of, conditions_of, term_condition
from interlock.testing.oracle._replay import OracleBreach, replay
from interlock.testing.oracle._rulings import ruled

Dispute = tuple[str, str]
"""A policy and the term of it that admits several readings."""
Place = tuple[str, str, str, datetime, str | None, str | None]
"""What makes a departure the same under two readings: its kind, policy, id, instant, about what, and action."""


@dataclass(frozen=True, kw_only=True)
class OracleCuts:
    """Under which readings the departures of a replay stand, and which there would be under one reading alone.

    `standing` gives for each departure the readings, by dispute, under which it stands, of those disputes that matter
    to it. `only_here` has an entry for each reading of each dispute.
    """

    standing: Mapping[Place, Mapping[Dispute, frozenset[str]]]
    only_here: Mapping[tuple[Dispute, str], frozenset[Place]]


def disputes(policies: Sequence[Policy]) -> dict[Dispute, tuple[str, ...]]:
    """Return the disputed terms of the policies, each with the readings that some version admits."""
    found: dict[Dispute, dict[str, None]] = {}
    for policy in policies:
        for node in _readings(policy):
            found.setdefault((policy.id, node.id), {}).update(dict.fromkeys(name for name, _ in node.readings))
    return {dispute: tuple(names) for dispute, names in found.items()}


def _readings(policy: Policy) -> Iterator[Readings]:
    whole: list[Condition] = [*conditions_of(policy), *commitments_of(policy)]
    whole += [term_condition(policy, term) for term in policy.terms]
    for condition in whole:
        for node in conditions_within(condition):
            if isinstance(node, Readings):
                yield node


def readings_now(
    policies: Sequence[Policy], events: Sequence[Event], question: OracleQuestion
) -> dict[Dispute, tuple[str | None, dict[str, Truth]]]:
    """Return which reading is ruled at the instant asked about, and what each comes to by itself as a `when`."""
    return {
        (case.policy.id, node.id): (
            ruled(case, node),
            {name: evaluate(case, part, WHEN).truth for name, part in node.readings},
        )
        for case in cases_asked(policies, events, question)
        for node in _readings(case.policy)
    }


def replay_cuts(
    policies: Sequence[Policy], events: Sequence[Event], as_of: datetime | None = None
) -> OracleCuts | OracleRefusal:
    """Return how the departures of a replay hang on the readings of disputed terms."""
    actual = replay(policies, events, as_of)
    if isinstance(actual, OracleRefusal):
        return actual
    here = {place_of(one) for one in actual.breaches}
    named = disputes(policies)
    under: dict[Dispute, dict[str, frozenset[Place]]] = {dispute: {} for dispute in named}
    for dispute, names in named.items():
        for name in names:
            found = replay(policies, events, as_of, forcing={dispute: name})
            if isinstance(found, OracleRefusal):
                return found
            under[dispute][name] = frozenset(place_of(one) for one in found.breaches)
    standing = {
        place: {
            dispute: frozenset(name for name, places in cut.items() if place in places)
            for dispute, cut in under.items()
            if any(place not in places for places in cut.values())
        }
        for place in here
    }
    only_here = {(dispute, name): places - here for dispute, cut in under.items() for name, places in cut.items()}
    return OracleCuts(standing=standing, only_here=only_here)


def place_of(breach: OracleBreach) -> Place:
    """Return what makes a departure the same under two readings."""
    return (breach.kind, breach.policy, breach.id, breach.at, breach.about, breach.action)
