"""Leaves over facts: what attestations, judgements, approvals, quantities and events come to (LANGUAGE 2 and 9).

Each function answers one leaf for a case. A fact counts while it is young enough under every limit that applies: the
leaf's own `fresh` and `within-last`, those of the leaf that contains it, and a control's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from interlock.assessment import compare_bounds
from interlock.engine._findings import Finding
from interlock.engine._freshness import EFFECTIVE_COMPUTE, Age, Interval, latest_quantity
from interlock.engine._signoff import Word, by_roles, latest_among, word_of
from interlock.engine._state import SubjectKey
from interlock.engine._trace import Node, earliest, parent_node
from interlock.policy import (
    Argued,
    Attested,
    Comparator,
    Control,
    Freshness,
    Happened,
    Judged,
    Leaf,
    QuantityIs,
    Roles,
    Scope,
)
from interlock.record import (
    ClaimAssessed,
    ControlAttested,
    DeterminationMade,
    Event,
    Topic,
)
from interlock.terms import Quantity, Truth, all_of, classes_at_least

if TYPE_CHECKING:
    from interlock.engine._case import Case

Limits = tuple[Freshness | None, ...]
_CLAIM_STATES: Final = {"supported": Truth.TRUE, "defeated": Truth.FALSE}


_WITHOUT_LIMIT: Final = Age(stale=False)


def limits_of(leaf: Leaf) -> Limits:
    """Return the limits on age that the leaf itself states."""
    if leaf.fresh is None and leaf.within_last is None:
        return ()
    return (leaf.fresh, None if leaf.within_last is None else Freshness(period=leaf.within_last))


def facts_about(case: Case, subjects: Iterable[SubjectKey], topic: Topic) -> list[list[Event]]:
    """Return the facts on a topic about each of the subjects that has any, in the order in which they happened."""
    return [facts for subject in subjects if (facts := case.view.about(subject, topic))]


def age_of(case: Case, event: Event, limits: Limits) -> Age:
    """Return the age of a fact under all limits."""
    if not limits:
        return _WITHOUT_LIMIT
    return case.clock.age(event, case.path.asked.generation, limits)


# Sign-offs


def judged(case: Case, leaf: Judged, limits: Limits) -> Node:
    """Return what the named roles' latest determinations come to."""
    facts = facts_about(case, case.subjects(own_scope(leaf)), ("judged", leaf.question))
    bounds = (*limits, *limits_of(leaf))

    def read(event: Event) -> Word:
        value = event.payload.value if isinstance(event.payload, DeterminationMade) else False
        return aged(case, event, Truth.of(value), bounds)

    return by_roles(leaf, leaf.by, [word_of(role, facts, read) for role in leaf.by.names])


def argued(case: Case, leaf: Argued, limits: Limits) -> Node:
    """Return how the claim's latest assessment leaves it; only those it is argued to can find it supported."""
    facts = facts_about(case, case.subjects(own_scope(leaf)), ("argued", leaf.claim))
    claim = case.policy.claims.get(leaf.claim)
    who = () if claim is None else claim.argued_to

    def counts(event: Event) -> bool:
        return not who or event.role in who or _claim_value(event) is not Truth.TRUE

    last = latest_among(facts, counts)
    bounds = (*limits, *limits_of(leaf))
    aside = tuple(_assessed_by_another(leaf, who, (e for found in facts for e in found if not counts(e))))
    if not last:
        nothing = f"awaiting {', '.join(who)}" if aside else "missing"
        return Node(about=leaf, value=Truth.UNKNOWN, reason=nothing, findings=aside, who=who)
    words = [aged(case, event, _claim_value(event), bounds) for event in last]
    value, reason = words[0].value, words[0].reason
    if len({word.value for word in words}) > 1:
        value, reason = Truth.UNKNOWN, "contradicted"
    return Node(
        about=leaf,
        value=value,
        reason=reason or (f"awaiting {', '.join(who)}" if value is Truth.UNKNOWN and who else None),
        evidence=last,
        changes_at=earliest(word.ends for word in words),
        changes_at_compute=earliest(word.ends_at_compute for word in words),
        findings=aside,
        who=who,
    )


def _assessed_by_another(leaf: Argued, who: Sequence[str], events: Iterable[Event]) -> Iterable[Finding]:
    for event in events:
        role = f"as {event.role}" if event.role else "in no role"
        detail = f"event {event.index} finds `{leaf.claim}` supported {role}; it is argued to {', '.join(who)}"
        yield Finding("assessed-by-another", detail, (event.index,))


def _claim_value(event: Event) -> Truth:
    state = event.payload.state if isinstance(event.payload, ClaimAssessed) else ""
    return _CLAIM_STATES.get(state, Truth.UNKNOWN)


def aged(case: Case, event: Event, value: Truth, limits: Limits) -> Word:
    """Return the word that an event gives, unknown where it is too old."""
    age = age_of(case, event, limits)
    if age.stale:
        return Word(role=event.role or "", value=Truth.UNKNOWN, reason="stale", events=(event,))
    return Word(role=event.role or "", value=value, events=(event,), ends=age.ends, ends_at_compute=age.ends_at_compute)


def own_scope(leaf: Leaf) -> Scope:
    """Return the scope within one model's case: leaves that span models are asked for each model as `this`."""
    return Scope.THIS if leaf.of is Scope.LINEAGE or leaf.of is Scope.ANY_MODEL else leaf.of


# Attestations


def bare_attested(case: Case, leaf: Attested, limits: Limits) -> Node:
    """Return what attestations of the control come to, under the requirements of every control of that name.

    A leaf that names no roles asks for those of every such control.
    """
    controls = case.policy.controls_named(leaf.control)
    asked = dict.fromkeys([leaf.by] if leaf.by is not None else [control.attested_by for control in controls])
    bounds, subjects = (*limits, *limits_of(leaf)), case.subjects(own_scope(leaf))
    nodes = [attested(case, leaf.control, roles, controls, bounds, subjects) for roles in asked]
    if len(nodes) == 1:
        return replace(nodes[0], about=leaf)
    node = parent_node(leaf, all_of(each.value for each in nodes), nodes)
    who = dict.fromkeys(role for each in nodes for role in each.who)
    events = {event.index: event for each in nodes for event in each.evidence}
    return replace(node, who=tuple(who), evidence=tuple(events.values()))


def attested(
    case: Case,
    control: str,
    roles: Roles,
    requirements: Sequence[Control],
    limits: Limits,
    subjects: Iterable[SubjectKey],
) -> Node:
    """Return whether the control is attested by the roles as every requirement asks."""
    facts = facts_about(case, subjects, ("attested", control))
    about = f"{control} attested by {_role_words(roles)}"
    if facts and not latest_among(facts, lambda event: event.role in roles.names):
        others = latest_among(facts, lambda _event: True)
        return Node(about=about, value=Truth.FALSE, reason="wrong-role", evidence=others, who=roles.names)
    bounds = (*limits, *(requirement.fresh for requirement in requirements))

    def read(event: Event) -> Word:
        return _attestation(case, event, requirements, bounds)

    return by_roles(about, roles, [word_of(role, facts, read) for role in roles.names], nothing="missing")


def _attestation(case: Case, event: Event, requirements: Sequence[Control], limits: Limits) -> Word:
    said = event.payload
    word = aged(case, event, Truth.TRUE, limits)
    if not isinstance(said, ControlAttested) or word.value is Truth.UNKNOWN:
        return word
    if said.expires is not None and said.expires <= case.at:
        return Word(role=word.role, value=Truth.UNKNOWN, reason="stale", events=(event,))
    value, reason = _worth(said, requirements)
    return replace(word, value=value, reason=reason, ends=earliest((word.ends, said.expires)))


def _worth(said: ControlAttested, requirements: Sequence[Control]) -> tuple[Truth, str | None]:
    if not said.value:
        return Truth.FALSE, None
    results = [_effort(said.effort, requirement) for requirement in requirements]
    results += [_outcome(said.outcome, requirement.outcome) for requirement in requirements]
    if Truth.FALSE in results:
        return Truth.FALSE, "short-of-what-is-asked"
    return (Truth.UNKNOWN, "missing") if Truth.UNKNOWN in results else (Truth.TRUE, None)


def _effort(effort: Quantity | None, requirement: Control) -> Truth:
    if requirement.effort is None:
        return Truth.TRUE
    bound = requirement.effort.bound
    if effort is None or effort.dimension != bound.dimension:
        return Truth.UNKNOWN
    sign = (effort.magnitude > bound.magnitude) - (effort.magnitude < bound.magnitude)
    return compare_bounds(requirement.effort.comparator, lambda: sign, lambda: sign)


def _outcome(outcome: str | None, asked: str | None) -> Truth:
    if asked is None:
        return Truth.TRUE
    return Truth.UNKNOWN if outcome is None else Truth.of(outcome == asked)


def _role_words(roles: Roles) -> str:
    return roles.names[0] if len(roles.names) == 1 else f"{roles.needed} of {', '.join(roles.names)}"


# Events and quantities


def young(case: Case, facts: Iterable[Event], limits: Limits) -> list[tuple[Event, Age]]:
    """Return the facts that are young enough under all limits, each with its age."""
    ages = ((event, age_of(case, event, limits)) for event in facts)
    return [(event, age) for event, age in ages if not age.stale]


def existence(leaf: Leaf, facts: Sequence[tuple[Event, Age]], *, who: tuple[str, ...] = ()) -> Node:
    """Return true if there is such a fact, until the last of them is too old; false without any."""
    ends = [age.ends for _, age in facts]
    lasting = None if None in ends else max((end for end in ends if end is not None), default=None)
    computes = [age.ends_at_compute for _, age in facts]
    return Node(
        about=leaf,
        value=Truth.of(bool(facts)),
        evidence=tuple(event for event, _ in facts),
        changes_at=lasting,
        changes_at_compute=None if None in computes else max((c for c in computes if c is not None), default=None),
        who=who,
    )


def happened(case: Case, leaf: Happened, limits: Limits) -> Node:
    """Return whether some event matches; one that does not state a field asked for leaves it open."""
    subjects = case.onlookers(leaf.of, leaf.kind)
    facts = [event for kind in facts_about(case, subjects, ("kind", leaf.kind)) for event in kind]
    found = [(event, match) for event in facts if (match := matches(event, leaf)) is not Truth.FALSE]
    bounds = (*limits, *limits_of(leaf))
    matching = young(case, (event for event, match in found if match is Truth.TRUE), bounds)
    if matching:
        return existence(leaf, matching)
    silent = young(case, (event for event, match in found if match is Truth.UNKNOWN), bounds)
    if not silent:
        return Node(about=leaf, value=Truth.FALSE)
    node = existence(leaf, silent)
    return replace(node, value=Truth.UNKNOWN, reason="missing")


def matches(event: Event, leaf: Happened) -> Truth:
    """Return whether the event is one that the leaf asks for; unknown where it does not state a field asked for."""
    result = Truth.TRUE
    for name, asked in leaf.fields:
        stated = event.text_of(name)
        if stated is None:
            result = Truth.UNKNOWN
        elif stated != asked:
            return Truth.FALSE
    if leaf.class_at_least is not None:
        stated = event.text_of("class")
        if stated is None:
            return Truth.UNKNOWN
        if stated not in classes_at_least(leaf.class_at_least):
            return Truth.FALSE
    return result


def quantity(case: Case, leaf: QuantityIs, limits: Limits) -> Node:
    """Return what the latest measurement of the quantity says, by its interval where it has one."""
    facts = [case.view.about(subject, ("quantity", leaf.quantity)) for subject in case.subjects(own_scope(leaf))]
    asked = leaf.quantity == EFFECTIVE_COMPUTE and case.at_compute is not None and own_scope(leaf) is Scope.THIS
    interval = latest_quantity(facts, case.at)
    if asked and case.at_compute is not None:
        level = case.at_compute.magnitude
        interval = Interval(lower=level, upper=level, dimension="compute", evidence=())
    if interval is None:
        return Node(about=leaf, value=Truth.UNKNOWN, reason="missing", who=("developer",))
    ages = [age_of(case, event, (*limits, *limits_of(leaf))) for event in interval.evidence]
    if any(age.stale for age in ages):
        return Node(about=leaf, value=Truth.UNKNOWN, reason="stale", evidence=interval.evidence, who=("developer",))
    return _compared(leaf, interval, ages)


def _compared(leaf: QuantityIs, interval: Interval, ages: Sequence[Age]) -> Node:
    bound = leaf.comparison.bound
    findings: tuple[Finding, ...] = ()
    if interval.dimension == bound.dimension:
        value = compare_bounds(
            leaf.comparison.comparator,
            lambda: _sign(interval.lower, bound.magnitude),
            lambda: _sign(interval.upper, bound.magnitude),
        )
        reason = "imprecise" if value is Truth.UNKNOWN else None
    else:
        value, reason = Truth.UNKNOWN, "missing"
        indices = tuple(event.index for event in interval.evidence)
        detail = f"the latest measurement of `{leaf.quantity}` can't be compared with {bound}"
        findings = (Finding("unit-mismatch", detail, indices),)
    return Node(
        about=leaf,
        value=value,
        reason=reason,
        evidence=interval.evidence,
        changes_at=earliest(age.ends for age in ages),
        changes_at_compute=earliest((_level(leaf, interval), *(age.ends_at_compute for age in ages))),
        findings=findings,
        who=("developer",),
    )


def _level(leaf: QuantityIs, interval: Interval) -> Fraction | None:
    """Return the next whole FLOP at which a growing effective compute could change the comparison."""
    if leaf.quantity != EFFECTIVE_COMPUTE or own_scope(leaf) is not Scope.THIS:
        return None
    strict = leaf.comparison.comparator in {Comparator.MORE_THAN, Comparator.AT_MOST}
    level = leaf.comparison.bound.magnitude + (1 if strict else 0)
    return level if interval.upper is not None and interval.upper < level else None


def _sign(value: Fraction | None, bound: Fraction) -> int | None:
    return None if value is None else (value > bound) - (value < bound)
