"""Excerpts: a policy with only some of its items, for replays that are about these and nothing else (LANGUAGE 4.8).

A public record of an episode tells of some items of a policy. Of the others it is silent, and silence would be alleged
to depart from them. So a replay may be restricted to the items that the record is about. Only replays are: a decision
asks for everything that a policy says, and never looks at an excerpt.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeVar

from interlock.engine._errors import Refused
from interlock.engine._reading import (
    conditions_of,
    conditions_of_duty,
    parts_read,
    reads_duties,
    standards_in_place_of,
)
from interlock.policy import Condition, Duty, Meets, Permission, Policy, Restriction, Undefined
from interlock.terms import nearest

AMENDMENTS: Final = "amendments"
"""What names the rule on amendments, which has no name of its own."""
T = TypeVar("T")


def names_in(policy: Policy) -> tuple[str, ...]:
    """Return what a replay may be restricted to: the names of commitments, and of definitions that the text may owe."""
    sections: tuple[Iterable[str], ...] = (
        policy.restrictions,
        policy.permissions,
        policy.duties,
        policy.pledges,
        policy.goals,
        policy.terms,
        policy.standards,
        policy.thresholds,
        () if policy.amendments is None else (AMENDMENTS,),
    )
    return tuple(dict.fromkeys(name for section in sections for name in section))


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A policy with only some of its items; `names` are those that are looked at, those that were named first.

    What is kept beside them, because one of them refers to it, holds nothing and is not to be told of.
    """

    policy: Policy
    names: tuple[str, ...]


def excerpt(policy: Policy, names: Sequence[str]) -> Excerpt:
    """Return the policy with the items named, each permission that bears on them, and what they refer to.

    A restriction without the permissions that lift it, or that put another standard in the place of one that it needs,
    would hold too much; so these are looked at as if they were named. Thresholds, terms and owed standards to which
    nothing that is kept refers are left out: what the text owes in them is not what the replay is about. Everything
    else stays as it is, and `digest` that of the file.
    """
    read = _Read.of(policy, frozenset(names))
    lifting = [one.id for one in read.permissions() if read.bears(one) and one.id not in names]
    looked_at = {*names, *lifting}
    duties = {duty.id: _quiet(duty, looked_at) for duty in policy.duties.values() if read.duty(duty)}
    restrictions = {
        one.id: one if one.id in looked_at else replace(one, forbids=())
        for one in policy.restrictions.values()
        if read.restriction(one)
    }
    kept = replace(
        policy,
        restrictions=restrictions,
        permissions={one.id: _lifting(one, restrictions) for one in read.permissions()},
        duties=duties,
        pledges=_named(policy.pledges, names),
        goals=_named(policy.goals, names),
        amendments=policy.amendments if AMENDMENTS in names else None,
        thresholds={i: one for i, one in policy.thresholds.items() if read.keeps(i, one.reached_when)},
        terms={i: one for i, one in policy.terms.items() if read.keeps(i, one.means, one.readings)},
        standards={i: one for i, one in policy.standards.items() if one.undefined is None or i in read.standards},
    )
    return Excerpt(policy=kept, names=(*(name for name in names if name in names_in(policy)), *lifting))


def _named(items: Mapping[str, T], names: Collection[str]) -> dict[str, T]:
    return {name: item for name, item in items.items() if name in names}


def _quiet(duty: Duty, looked_at: Collection[str]) -> Duty:
    """Return the duty; one that is only referred to forbids nothing while it is overdue."""
    return duty if duty.id in looked_at else replace(duty, otherwise_forbids=())


def _lifting(permission: Permission, restrictions: Collection[str]) -> Permission:
    return replace(permission, lifts=tuple(name for name in permission.lifts if name in restrictions))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What the items named depend on: their conditions with all parts by identity, and the duties and standards."""

    policy: Policy
    names: frozenset[str]
    parts: frozenset[int]
    duties: frozenset[str]
    standards: frozenset[str]

    @classmethod
    def of(cls, policy: Policy, names: frozenset[str]) -> _Read:
        """Return what the items of these names depend on, through all items that they name."""
        roots = _roots(policy, names)
        while True:
            parts = tuple(parts_read(policy, *roots))
            needed = {part.standard for part in parts if isinstance(part, Meets)} | (names & policy.standards.keys())
            standards = {one for name in needed for one in standards_in_place_of(policy, name)}
            behind = [one for one in _kept_behind(policy, parts, standards) if one not in roots]
            if not behind:
                break
            roots += behind
        return cls(
            policy=policy,
            names=names,
            parts=frozenset(id(part) for part in parts),
            duties=frozenset(name for part in parts for name in reads_duties(part)),
            standards=frozenset(standards),
        )

    def restriction(self, one: Restriction) -> bool:
        """Return whether a restriction is named or referred to."""
        return one.id in self.names or id(one.when) in self.parts

    def duty(self, one: Duty) -> bool:
        """Return whether a duty is named or referred to."""
        return one.id in self.names or one.id in self.duties

    def permissions(self) -> Iterator[Permission]:
        """Yield the permissions that are named or on which something that is kept depends."""
        for one in self.policy.permissions.values():
            if one.id in self.names or id(one.when) in self.parts:
                yield one

    def bears(self, permission: Permission) -> bool:
        """Return whether a permission lifts something named, or replaces a standard that something kept needs."""
        return not self.names.isdisjoint(permission.lifts) or not self.standards.isdisjoint(permission.replaces)

    def keeps(self, name: str, *conditions: Condition | None) -> bool:
        """Return whether a definition stays: it is named, or its condition is one that something kept depends on."""
        return name in self.names or any(id(condition) in self.parts for condition in conditions)


def _roots(policy: Policy, names: Collection[str]) -> list[Condition]:
    """Return the conditions of the items named, and of the permissions that lift them."""
    roots: list[Condition] = [] if policy.applies_to is None else [policy.applies_to]
    for restriction in _named(policy.restrictions, names).values():
        roots += conditions_of(restriction)
    for permission in policy.permissions.values():
        if permission.id in names or not set(permission.lifts).isdisjoint(names):
            roots.append(permission.when)
    for duty in _named(policy.duties, names).values():
        roots += conditions_of_duty(duty)
    roots += [pledge.maintain for pledge in _named(policy.pledges, names).values()]
    for term in _named(policy.terms, names).values():
        roots += [condition for condition in (term.means, term.readings) if condition is not None]
    return roots + [threshold.reached_when for threshold in _named(policy.thresholds, names).values()]


def _kept_behind(policy: Policy, parts: Iterable[Condition], standards: Iterable[str]) -> Iterator[Condition]:
    """Yield the conditions that are kept although the value of none of the parts depends on them.

    They are those of a duty of which only completions are read, what the text owes in a standard, and the cases in
    which it owes something.
    """
    yield from (one for one in (policy.standards[name].undefined for name in standards) if one is not None)
    for part in parts:
        for name in reads_duties(part):
            yield from conditions_of_duty(policy.duties[name])
        if isinstance(part, Undefined):
            yield from (case for _, case in part.before if isinstance(case, Condition))


# What a replay asks


class Told(Protocol):
    """What a replay tells of an item of a policy."""

    @property
    def policy(self) -> str:
        """The id of the policy."""

    @property
    def id(self) -> str:
        """The name of the item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a replay judges by: the policies given, or excerpts of those that have an item in `only`.

    `whole` and `whole_under` are the same policies as they are in their files, `every` all that were given.
    """

    policies: tuple[Policy, ...]
    under: Policy | None
    only: tuple[str, ...] | None
    whole: tuple[Policy, ...]
    whole_under: Policy | None
    every: tuple[Policy, ...]
    looked_at: frozenset[tuple[str, str]] = frozenset()
    """The id of a policy and the name of an item of it, each."""

    @property
    def given(self) -> tuple[Policy, ...]:
        """The policies to judge by, and the one that judges throughout."""
        return (*self.policies, *(() if self.under is None else (self.under,)))

    def named(self, policy: str, item: str) -> bool:
        """Return whether an item of a policy is one that is looked at."""
        return (policy, item) in self.looked_at

    def looks_at(self, told: Told) -> bool:
        """Return whether the item that something is told of is one that is looked at."""
        return self.named(told.policy, told.id)


def ask(policies: Sequence[Policy], under: Policy | None, only: Sequence[str]) -> Asked:
    """Return what to judge by; without names in `only` everything that the policies say.

    Raises Refused where no policy that judges has an item of one of the names, with the nearest one.
    """
    every = (*policies, *(() if under is None else (under,)))
    if not only:
        return Asked(
            policies=tuple(policies), under=under, only=None, whole=tuple(policies), whole_under=under, every=every
        )
    judging = [policy for policy in every if under is None or policy == under or policy.id != under.id]
    _check_names(judging, only)
    names = tuple(dict.fromkeys(only))
    ids = {policy.id for policy in judging if not set(names).isdisjoint(names_in(policy))}
    whole = tuple(policy for policy in policies if policy.id in ids)
    excerpts = [excerpt(policy, names) for policy in whole]
    supposed = None if under is None else excerpt(under, names)
    each = [*excerpts, *([] if supposed is None else [supposed])]
    return Asked(
        policies=tuple(one.policy for one in excerpts),
        under=None if supposed is None else supposed.policy,
        only=tuple(dict.fromkeys((*names, *(name for one in each for name in one.names)))),
        whole=whole,
        whole_under=under,
        every=every,
        looked_at=frozenset((one.policy.id, name) for one in each for name in one.names),
    )


def _check_names(policies: Sequence[Policy], names: Iterable[str]) -> None:
    known = list(dict.fromkeys(name for policy in policies for name in names_in(policy)))
    unknown = next((name for name in names if name not in known), None)
    if unknown is None:
        return
    close = nearest(unknown, known)
    said = ", ".join(dict.fromkeys(f"`{policy.id}` {policy.version}" for policy in policies))
    msg = f"`{unknown}` names nothing that a replay under {said} can be restricted to"
    raise Refused(
        msg, advice=f"did you mean `{close}`?" if close else "name an item that `interlock policy show` lists"
    )
