"""What a condition reads: the permissions and the topics of facts that its value can depend on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from interlock.engine._freshness import EFFECTIVE_COMPUTE
from interlock.policy import (
    Active,
    Approved,
    Argued,
    Attested,
    Condition,
    Done,
    Duty,
    Elapsed,
    Growth,
    Happened,
    InForce,
    Judged,
    Leaf,
    Measured,
    Meets,
    Notified,
    Overdue,
    Permission,
    Policy,
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
    conditions_within,
)
from interlock.record import Topic

LISTED_EVIDENCE: Final[Topic] = ("listed-evidence", "")
"""The topic of evaluations once some document has listed evaluations that it rests on."""

GROWTH: Final[Topic] = ("quantity", EFFECTIVE_COMPUTE)
"""The topic of what growth is measured by."""

DUTY_PREFIX: Final = "duty:"
EACH_DOCUMENT: Final = "each document "
INCIDENT_CLOCKS: Final = {
    "suspicion": "incident.suspected",
    "discovery": "incident.discovered",
    "determination": "incident.determined",
}
INCIDENT_KINDS: Final = tuple(INCIDENT_CLOCKS.values())

REGISTRATION: Final[Topic] = ("kind", "model.registered")
WITHDRAWN: Final[Topic] = ("withdrawn", "")
NEW_CHECKPOINT: Final[Topic] = ("new-checkpoint", "")
"""The topic of events that name a weights digest for the first time."""


def permissions_read(policy: Policy, condition: Condition) -> tuple[str, ...]:
    """Return the permissions on which the condition may depend, in the order met."""
    found = dict.fromkeys(name for part in parts_read(policy, condition) for name in _permissions_of(policy, part))
    return tuple(found)


def limited_permissions(policy: Policy) -> tuple[Permission, ...]:
    """Return the permissions with windows, each after those that it depends on."""
    ordered: dict[str, Permission] = {}
    for permission in policy.permissions.values():
        _place(policy, permission, ordered)
    return tuple(p for p in ordered.values() if p.for_at_most is not None or p.renewals is not None)


def _place(policy: Policy, permission: Permission, ordered: dict[str, Permission]) -> None:
    """Put the permission after all that its condition can depend on; cycles were refused with the file."""
    if permission.id in ordered:
        return
    for needed in permissions_read(policy, permission.when):
        _place(policy, policy.permissions[needed], ordered)
    ordered[permission.id] = permission


def topics_read(policy: Policy, condition: Condition) -> frozenset[Topic]:
    """Return the topics of all facts on which the condition may depend, through all items that it names."""
    return _topics_of_condition(policy, _Same(condition))


@lru_cache(maxsize=1024)
def _topics_of_condition(policy: Policy, condition: _Same) -> frozenset[Topic]:
    found: set[Topic] = set()
    for part in parts_read(policy, condition.one):
        if isinstance(part, Leaf):
            found |= leaf_topics(policy, part)
        elif isinstance(part, Readings):
            found |= {("ruled", part.id), REGISTRATION}
    return frozenset(found)


_LEAVES_REMEMBERED: Final = 4096
_topics: dict[tuple[int, int], tuple[Policy, Leaf, frozenset[Topic]]] = {}
"""What leaves read, by the identity of policy and leaf, which stay alive with it."""


def leaf_topics(policy: Policy, leaf: Leaf) -> frozenset[Topic]:
    """Return the topics of the facts that the leaf itself reads; registrations are always among them."""
    known = _topics.get((id(policy), id(leaf)))
    if known is not None:
        return known[2]
    topics = {REGISTRATION, *_topics_of(policy, leaf)}
    if _reads_growth(policy, leaf):
        topics.add(GROWTH)
    if len(_topics) >= _LEAVES_REMEMBERED:
        _topics.clear()
    found = frozenset(topics)
    _topics[id(policy), id(leaf)] = (policy, leaf, found)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """A condition, looked up by identity: comparing conditions by value costs more than it saves."""

    one: Condition

    def __hash__(self) -> int:
        return id(self.one)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.one is self.one


def _reads_growth(policy: Policy, part: Condition) -> bool:
    """Return whether something that the part counts ages with effective compute."""
    limits = [part.fresh] if isinstance(part, Leaf) else []
    match part:
        case Measured(measure=name):
            limits.append(policy.measures[name].fresh)
        case Meets(standard=name):
            standards = (policy.standards[s] for s in standards_in_place_of(policy, name))
            limits += [control.fresh for standard in standards for control in standard.controls.values()]
        case Attested(control=name):
            limits += [control.fresh for control in policy.controls_named(name)]
        case _:
            pass
    return any(limit is not None and limit.growth is not None for limit in limits)


def parts_read(policy: Policy, *conditions: Condition) -> Iterator[Condition]:
    """Yield every condition that the value of `conditions` may depend on, through all items that they name, once."""
    seen: set[int] = set()
    pending = list(conditions)
    while pending:
        for part in conditions_within(pending.pop()):
            if id(part) not in seen:
                seen.add(id(part))
                yield part
                pending += _behind(policy, part)


def _behind(policy: Policy, part: Condition) -> list[Condition]:
    behind: list[Condition] = [policy.permissions[name].when for name in _permissions_of(policy, part)]
    match part:
        case Reached(threshold=name) | RuledOut(threshold=name):
            behind.append(policy.thresholds[name].reached_when)
        case TermHolds(term=name) | Ratio(term=name):
            term = policy.terms[name]
            behind += [c for c in (term.means, term.readings) if c is not None]
        case Active(restriction=name):
            behind += conditions_of(policy.restrictions[name])
        case Done(duty=name) | Overdue(duty=name):
            behind += conditions_of_duty(policy.duties[name])
            behind += [] if policy.applies_to is None else [policy.applies_to]
        case Elapsed(since=name) | Growth(since=name):
            behind += _done_when(policy, name)
        case _:
            pass
    return behind


def conditions_of(restriction: Restriction) -> list[Condition]:
    """Return the restriction's own conditions."""
    return [restriction.when] if restriction.until is None else [restriction.when, restriction.until]


def event_trigger(policy: Policy, duty: Duty) -> tuple[tuple[Happened, ...], Readings | None] | None:
    """Return the event leaves that open an instance of a one-off duty each time, also where a term stands for them.

    Several are the readings of a disputed text, each of which is such a leaf; None where the trigger is none.
    """
    trigger = None if duty.every is not None else _meant(policy, duty.when)
    if isinstance(trigger, Readings):
        parts = [_meant(policy, part) for _, part in trigger.readings]
        events = tuple(part for part in parts if isinstance(part, Happened))
        return (events, trigger) if len(events) == len(parts) else None
    return ((trigger,), None) if isinstance(trigger, Happened) else None


def _meant(policy: Policy, condition: Condition | None) -> Condition | None:
    """Return what a condition comes to where it is a bare term."""
    while isinstance(condition, TermHolds) and condition.of is Scope.THIS:
        if condition.fresh is not None or condition.within_last is not None:
            break
        term = policy.terms[condition.term]
        condition = term.means or term.readings
    return condition


def reads_duties(part: Condition) -> tuple[str, ...]:
    """Return the duties whose instances or completions the condition itself reads."""
    match part:
        case Done(duty=name) | Overdue(duty=name) | Elapsed(since=name) | Growth(since=name):
            return (name,)
        case _:
            return ()


def conditions_of_duty(duty: Duty) -> list[Condition]:
    """Return the duty's own conditions."""
    extension = None if duty.extended is None else duty.extended.when
    return [c for c in (duty.when, duty.done_when, duty.excused_when, extension) if c is not None]


def _done_when(policy: Policy, duty: str) -> list[Condition]:
    done_when = policy.duties[duty].done_when
    return [] if done_when is None else [done_when]


def _topics_of_completions(policy: Policy, duty: str) -> set[Topic]:
    """Return the topics of the facts that completions of the duty are read off."""
    found = (topics_read(policy, condition) for condition in _done_when(policy, duty))
    return {("performed", duty)}.union(*found)


ISSUER: Final = "issuer"
"""What a duty is for that is owed once, by the issuer of the policy, whomever the policy binds."""


def topics_of_duty(policy: Policy, duty: Duty) -> frozenset[Topic]:
    """Return the topics of all facts on which the instances of the duty may depend."""
    topics: set[Topic] = {REGISTRATION, ("performed", duty.id), ("excused", duty.id)}
    conditions = [*conditions_of_duty(duty), *([] if policy.applies_to is None else [policy.applies_to])]
    for condition in conditions:
        topics |= topics_read(policy, condition)
    if duty.every is not None and duty.every.growth is not None:
        topics.add(GROWTH)
    if duty.schedule_document is not None:
        sort = "voted" if duty.agreed_document is not None else "notified"
        topics |= {("submitted", duty.schedule_document), (sort, duty.schedule_document)}
    if duty.clock in INCIDENT_CLOCKS:
        topics.add(("kind", INCIDENT_CLOCKS[duty.clock]))
    match duty.instances:
        case "each deployment":
            topics.add(("kind", "model.deployed"))
        case "each incident":
            topics |= {("kind", kind) for kind in INCIDENT_KINDS}
        case str() as words if words.startswith(EACH_DOCUMENT):
            topics.add(("submitted", words.removeprefix(EACH_DOCUMENT)))
        case _:
            pass
    return frozenset(topics)


def _permissions_of(policy: Policy, part: Condition) -> list[str]:
    match part:
        case InForce(permission=name):
            return [name]
        case Active(restriction=name):
            return [permission.id for permission in policy.permissions.values() if name in permission.lifts]
        case Meets(standard=name):
            standards = standards_in_place_of(policy, name)
            return [p.id for p in policy.permissions.values() if any(s in p.replaces for s in standards)]
        case _:
            return []


def standards_in_place_of(policy: Policy, standard: str) -> tuple[str, ...]:
    """Return the standard and all that may come to stand for it by permissions."""
    names = [standard]
    for name in names:
        for permission in policy.permissions.values():
            replacement = permission.replaces.get(name)
            if replacement is not None and replacement not in names:
                names.append(replacement)
    return tuple(names)


def _topics_of(policy: Policy, part: Condition) -> set[Topic]:
    if not isinstance(part, Leaf):
        return set()
    match part:
        case Measured(measure=name):
            return {("evaluation", name), ("kind", "evaluation.planned"), WITHDRAWN, NEW_CHECKPOINT}
        case QuantityIs(quantity=name) | Ratio(quantity=name):
            return {("quantity", name)}
        case Judged(question=name):
            return {("judged", name)}
        case Attested(control=name):
            return {("attested", name)}
        case Argued(claim=name):
            return {("argued", name)}
        case Approved(document=name):
            voted = {("submitted", name), ("voted", name), ("reviewed", name)}
            return {*voted, LISTED_EVIDENCE, WITHDRAWN, NEW_CHECKPOINT}
        case Reviewed(document=name):
            return {("submitted", name), ("reviewed", name), LISTED_EVIDENCE, WITHDRAWN, NEW_CHECKPOINT}
        case Published(document=name):
            return {("published", name), ("submitted", name)}
        case Notified(document=name):
            return {("notified", name), ("submitted", name), NEW_CHECKPOINT}
        case Happened(kind=name):
            return {("kind", name)}
        case Done(duty=name) | Overdue(duty=name):
            return set(topics_of_duty(policy, policy.duties[name]))
        case Elapsed(since=name):
            return _topics_of_completions(policy, name)
        case Growth(since=name, quantity=quantity):
            return {("quantity", quantity), *_topics_of_completions(policy, name)}
        case Meets(standard=name):
            standards = (policy.standards[s] for s in standards_in_place_of(policy, name))
            return {("attested", control) for standard in standards for control in standard.controls}
        case _:
            return set()


@lru_cache(maxsize=256)
def duty_restrictions(policy: Policy) -> Mapping[str, Restriction]:
    """Return what overdue duties forbid, as restrictions named `duty:ID`: active while the duty is overdue."""
    return {
        f"{DUTY_PREFIX}{duty.id}": Restriction(
            id=f"{DUTY_PREFIX}{duty.id}",
            forbids=duty.otherwise_forbids,
            when=Overdue(duty=duty.id, span=duty.clause.span),
            clause=duty.clause,
        )
        for duty in policy.duties.values()
        if duty.otherwise_forbids
    }


def leaves_of(policy: Policy) -> Iterator[Leaf]:
    """Yield the leaves of every condition of the policy."""
    return (part for part in all_parts_of(policy) if isinstance(part, Leaf))


@lru_cache(maxsize=256)
def readings_of(policy: Policy) -> Mapping[str, Readings]:
    """Return the readings of the policy by the name that a ruling uses, in the order met."""
    found: dict[str, Readings] = {}
    for part in all_parts_of(policy):
        if isinstance(part, Readings):
            found.setdefault(part.id, part)
    return found


def readings_read(policy: Policy, *conditions: Condition) -> tuple[Readings, ...]:
    """Return the readings on which the conditions may depend, through all items that they name, each once."""
    found = {part.id: part for part in parts_read(policy, *conditions) if isinstance(part, Readings)}
    return tuple(found.values())


def all_parts_of(policy: Policy) -> Iterator[Condition]:
    """Yield every condition of the policy with all its parts, those of the cases in which a definition is owed too."""
    conditions: list[Condition] = [threshold.reached_when for threshold in policy.thresholds.values()]
    conditions += [condition for r in policy.restrictions.values() for condition in conditions_of(r)]
    conditions += [permission.when for permission in policy.permissions.values()]
    conditions += [pledge.maintain for pledge in policy.pledges.values()]
    for term in policy.terms.values():
        conditions += [c for c in (term.means, term.readings) if c is not None]
    for duty in policy.duties.values():
        conditions += conditions_of_duty(duty)
    conditions += [] if policy.applies_to is None else [policy.applies_to]
    conditions += [standard.undefined for standard in policy.standards.values() if standard.undefined is not None]
    for condition in conditions:
        for part in conditions_within(condition):
            yield part
            if isinstance(part, Undefined):
                conditions += [case for _, case in part.before if isinstance(case, Condition)]
