"""Replays under each reading of a disputed text: which departures stand under which (LANGUAGE 2 and 4.8).

A departure stands under a reading if the replay has it with that reading ruled from the beginning, other texts as they
are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from interlock.engine._disputes import Rulings
from interlock.engine._duties import changes_between
from interlock.engine._reading import conditions_of, conditions_of_duty, readings_read
from interlock.engine._replay_results import Breach, Replay, ReplayCut
from interlock.policy import Condition, Policy, Readings

_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A reading of a disputed text of a policy."""

    policy: str
    term: str
    name: str


def under_each_reading(
    policies: Sequence[Policy], once: Replay, again: Callable[[Rulings], Replay]
) -> tuple[tuple[Breach, ...], tuple[ReplayCut, ...]]:
    """Return the departures, each with the readings under which it stands, and those that only a reading would make.

    `again` replays with readings assumed to be ruled. It is called once for each reading of each text on which the
    policies' restrictions or duties may depend.
    """
    ruled = {one: again({(one.policy, one.term): one.name}) for one in _disputed(policies)}
    found = {one: _by_key(shown.breaches) for one, shown in ruled.items()}
    own = _by_key(once.breaches) if found else {}
    named = tuple(replace(breach, reading=_standing_under(_key(breach), found)) for breach in once.breaches)
    cuts = tuple(
        ReplayCut(
            policy=one.policy,
            term=one.term,
            reading=one.name,
            only_here=tuple(
                replace(breach, reading=f"{one.term}: {one.name}") for key, breach in there.items() if key not in own
            ),
            not_here=sum(key not in there for key in own),
            duties=tuple(changes_between(one.policy, once.duties, ruled[one].duties)),
        )
        for one, there in found.items()
    )
    return named, cuts


def _disputed(policies: Iterable[Policy]) -> list[_Reading]:
    """Return each reading of each text that bears on something, once for all versions of a policy."""
    found: dict[_Reading, None] = {}
    for policy in policies:
        for readings in _bearing(policy):
            found |= dict.fromkeys(_Reading(policy.id, readings.id, name) for name, _ in readings.readings)
    return list(found)


def _bearing(policy: Policy) -> Iterable[Readings]:
    conditions: list[Condition] = [] if policy.applies_to is None else [policy.applies_to]
    for restriction in policy.restrictions.values():
        conditions += conditions_of(restriction)
    conditions += [permission.when for permission in policy.permissions.values()]
    conditions += [condition for duty in policy.duties.values() for condition in conditions_of_duty(duty)]
    return readings_read(policy, *conditions)


def _by_key(breaches: Iterable[Breach]) -> dict[_Key, Breach]:
    return {_key(breach): breach for breach in breaches}


def _key(breach: Breach) -> _Key:
    """Return what makes a departure the same under another reading: what departed, from what, when, by which act."""
    own = breach.evidence[:1] if breach.action is not None else ()
    return (breach.kind, breach.policy, breach.version, breach.id, breach.at, breach.about, breach.action, own)


def _standing_under(key: _Key, found: dict[_Reading, dict[_Key, Breach]]) -> str | None:
    """Return under which readings a departure stands, for each text that matters to it; None where none does."""
    words = []
    for term in dict.fromkeys((one.policy, one.term) for one in found):
        readings = {one.name: there for one, there in found.items() if (one.policy, one.term) == term}
        standing = [name for name, there in readings.items() if key in there]
        if len(standing) < len(readings):
            words.append(f"{term[1]}: {', '.join(standing) or 'none'}")
    return "; ".join(words) or None
