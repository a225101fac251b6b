"""The leaves that read facts: quantities, judgements, attestations, approvals, publications and events (2 and 9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, product
from typing import assert_never

from interlock.policy import (
    Argued,
    Attested,
    Control,
    Freshness,
    Happened,
    Judged,
    Leaf,
    Notified,
    QuantityIs,
    Roles,
    Scope,
)
from interlock.record import (
    ClaimAssessed,
    ControlAttested,
    DeterminationMade,
    Event,
    PartyNotified,
)
from interlock.terms import Truth, at_least, classes_at_least
from interlock.testing.oracle._case import Case, Supports, hull, latest
from interlock.testing.oracle._evidence import Value, resting_on, unknown
from interlock.testing.oracle._tails import compare_interval


def within(leaf: Leaf, inherited: Sequence[Freshness]) -> list[Freshness]:
    """2: `fresh` or `within-last` on any leaf limits the age of what it counts."""
    own = [leaf.fresh] if leaf.fresh is not None else []
    last = [Freshness(period=leaf.within_last)] if leaf.within_last is not None else []
    return [*own, *last, *inherited]


# Quantities


def quantity(case: Case, leaf: QuantityIs, limits: Sequence[Freshness]) -> Value:
    """2: the latest measurement decides, by its interval where it has one; several at one place by their hull."""
    bound, comparator = leaf.comparison.bound, leaf.comparison.comparator
    supposed, scope = case.asked.at_compute, case.about if leaf.of is Scope.THIS else leaf.of
    of_asked = scope is Scope.THIS and case.model == case.asked.model and case.now == case.asked.as_of
    if supposed is not None and leaf.quantity == "effective-compute" and of_asked:
        if supposed.dimension != bound.dimension:
            return unknown("missing")
        truth = compare_interval(supposed.magnitude, supposed.magnitude, comparator, bound.magnitude)
        return resting_on(truth, [])
    measured = latest(
        event
        for event in case.visible(leaf.of)
        if event.measured is not None and event.measured.quantity == leaf.quantity
    )
    if not measured:
        return unknown("missing")
    if not all(case.young(event, limits) for event in measured):
        return unknown("stale")
    interval = hull(measured)
    if interval is None or interval.dimension != bound.dimension:
        return unknown("missing" if interval is not None else "contradicted")
    truth = compare_interval(interval.lower, interval.upper, comparator, bound.magnitude)
    return unknown("imprecise") if truth is Truth.UNKNOWN else resting_on(truth, measured)


# What roles say


@dataclass(frozen=True, kw_only=True)
class Word:
    """What a role's latest word comes to, the events that say it, and why it is unknown; no reason: not spoken."""

    truth: Truth
    events: tuple[Event, ...] = ()
    reason: str | None = None


def latest_word(
    case: Case, events: Iterable[Event], limits: Sequence[Freshness], read: Callable[[Event], Word]
) -> Word:
    """Return a role's latest word: unknown where it is too old, or where several at one place disagree."""
    words = latest(events)
    if not words:
        return Word(truth=Truth.UNKNOWN)
    if not all(case.young(event, limits) for event in words):
        return Word(truth=Truth.UNKNOWN, reason="stale")
    said = [read(event) for event in words]
    if len({word.truth for word in said}) > 1:
        return Word(truth=Truth.UNKNOWN, reason="contradicted")
    return Word(truth=said[0].truth, events=tuple(words), reason=said[0].reason)


def enough_distinct(words: Sequence[Word], needed: int) -> bool:
    """2: `needed` true words by that many distinct actors; one without an actor is distinct from nobody."""
    true = [word for word in words if word.truth is Truth.TRUE]
    if needed == 1:
        return bool(true)
    return any(
        None not in actors and len(set(actors)) == needed
        for some in combinations(true, needed)
        for actors in product(*({event.actor for event in word.events} for word in some))
    )


def combine_roles(roles: Roles, words: Mapping[str, Word]) -> Value:
    """2 and 9: true by enough distinct actors, false only when too few are left, else unknown."""
    listed = [words[name] for name in roles.names]
    if enough_distinct(listed, roles.needed):
        return resting_on(Truth.TRUE, [e for word in listed if word.truth is Truth.TRUE for e in word.events])
    if sum(word.truth is not Truth.FALSE for word in listed) < roles.needed:
        return resting_on(Truth.FALSE, [e for word in listed if word.truth is Truth.FALSE for e in word.events])
    open_roles = [name for name in roles.names if words[name].truth is Truth.UNKNOWN]
    if sum(word.truth is Truth.TRUE for word in listed) >= roles.needed:
        true = [name for name in roles.names if words[name].truth is Truth.TRUE]
        return unknown("awaiting " + ", ".join(true))
    reasons = [words[name].reason for name in open_roles]
    known_reasons = {reason for reason in reasons if reason is not None}
    if len(known_reasons) > 0 and None not in reasons:
        return unknown(*known_reasons)
    return unknown("awaiting " + ", ".join(open_roles))


def judged(case: Case, leaf: Judged, limits: Sequence[Freshness]) -> Value:
    """2: each named role's latest determination is true; one false: false."""

    def word(role: str) -> Word:
        said = (
            event
            for event in case.visible(leaf.of)
            if isinstance(event.payload, DeterminationMade)
            and event.payload.judged == leaf.question
            and event.role == role
        )
        return latest_word(case, said, limits, _determination)

    return combine_roles(leaf.by, {role: word(role) for role in leaf.by.names})


def _determination(event: Event) -> Word:
    assert isinstance(event.payload, DeterminationMade)
    return Word(truth=Truth.of(event.payload.value))


def attested(case: Case, leaf: Attested, limits: Sequence[Freshness]) -> Value:
    """2 and 9: a bare `attested` leaf asks what every control of that name asks, beside its own age."""
    controls = case.policy.controls_named(leaf.control)
    limits = [*limits, *(control.fresh for control in controls if control.fresh is not None)]
    sets = [leaf.by] if leaf.by is not None else [control.attested_by for control in controls]
    return all_values([_attested_by(case, leaf.control, controls, roles, leaf.of, limits) for roles in sets])


def control_met(case: Case, control: Control, limits: Sequence[Freshness]) -> Value:
    """1: a control of a standard asks only what it says itself."""
    supposed = case.supposes(control_text(control))
    if supposed is not None:
        return resting_on(supposed, [])
    own = [control.fresh] if control.fresh is not None else []
    return _attested_by(case, control.id, [control], control.attested_by, Scope.THIS, [*own, *limits])


def control_text(control: Control) -> str:
    """Return how a control is named where it stands in for a leaf."""
    roles = control.attested_by
    return f"{control.id} attested by " + (
        roles.names[0] if len(roles.names) == 1 else f"{roles.needed} of {', '.join(roles.names)}"
    )


def _attested_by(
    case: Case, control: str, asks: Sequence[Control], roles: Roles, of: Scope, limits: Sequence[Freshness]
) -> Value:
    said = [
        event
        for event in case.visible(of)
        if isinstance(event.payload, ControlAttested) and event.payload.control == control
    ]
    if not said:
        return unknown("missing")
    if all(event.role not in roles.names for event in said):
        return resting_on(Truth.FALSE, said)

    def word(role: str) -> Word:
        mine = [event for event in said if event.role == role]
        expired = any(
            isinstance(event.payload, ControlAttested)
            and event.payload.expires is not None
            and event.payload.expires <= case.now
            for event in latest(mine)
        )
        if expired:
            return Word(truth=Truth.UNKNOWN, reason="stale")
        return latest_word(case, mine, limits, lambda event: _attestation(event, asks))

    return combine_roles(roles, {role: word(role) for role in roles.names})


def _attestation(event: Event, asks: Sequence[Control]) -> Word:
    """2: a short effort or another outcome is false; where one is asked and unstated, unknown."""
    said = event.payload
    assert isinstance(said, ControlAttested)
    unstated = False
    for ask in asks:
        if ask.outcome is not None:
            if said.outcome is None:
                unstated = True
            elif said.outcome != ask.outcome:
                return Word(truth=Truth.FALSE)
        if ask.effort is not None:
            if said.effort is None or said.effort.dimension != ask.effort.bound.dimension:
                unstated = True
            else:
                spent: Fraction = said.effort.magnitude
                if compare_interval(spent, spent, ask.effort.comparator, ask.effort.bound.magnitude) is Truth.FALSE:
                    return Word(truth=Truth.FALSE)
    if not said.value:
        return Word(truth=Truth.FALSE)
    return Word(truth=Truth.UNKNOWN, reason="missing") if unstated else Word(truth=Truth.TRUE)


def argued(case: Case, leaf: Argued, limits: Sequence[Freshness]) -> Value:
    """2: the claim's latest assessment is `supported`; `defeated`: false; otherwise unknown.

    Only those to whom the claim is argued can find it supported; anyone may find that it is not.
    """
    to = case.policy.claims[leaf.claim].argued_to
    said = [
        event
        for event in case.visible(leaf.of)
        if isinstance(event.payload, ClaimAssessed)
        and event.payload.claim == leaf.claim
        and (event.payload.state != "supported" or not to or event.role in to)
    ]
    word = latest_word(case, said, limits, _assessment)
    if word.truth is Truth.UNKNOWN:
        return unknown(word.reason or "missing")
    return resting_on(word.truth, word.events)


def _assessment(event: Event) -> Word:
    assert isinstance(event.payload, ClaimAssessed)
    decides = {"supported": Truth.TRUE, "defeated": Truth.FALSE}
    return Word(truth=decides.get(event.payload.state, Truth.UNKNOWN), reason="missing")


# Notices and events


def notified(case: Case, leaf: Notified, limits: Sequence[Freshness]) -> Value:
    """2: recorded; nothing recorded, or another party: false."""
    seen = list(case.visible(leaf.of, happenings=True))
    found = [
        event
        for event in seen
        if isinstance(event.payload, PartyNotified)
        and (event.payload.party, event.payload.document) == (leaf.party, leaf.document)
        and case.young(event, limits)
    ]
    if leaf.latest:
        last = latest(event for event in seen if _is_submission(case, event, leaf.document))
        if len({event.text_of("digest") for event in last}) > 1:
            return unknown("contradicted")
        found = [notice for notice in found if any(_tells_of(notice, submission) for submission in last)]
    return resting_on_events(case, Truth.of(bool(found)), found)


def _is_submission(case: Case, event: Event, document: str) -> bool:
    """Whether an event submits the document for the checkpoint asked about, another model's counting as it stands."""
    if event.kind != "document.submitted" or event.text_of("document") != document:
        return False
    if event.subject.model is None or event.subject.model != case.model:
        return True
    return case.position(case.model, event.subject.weights) == case.position(case.model, case.weights)


def _tells_of(notice: Event, submission: Event) -> bool:
    """Ours: a notice is of that text by its digest; one that states none, if it is no older."""
    digest = notice.text_of("digest")
    return notice.occurred >= submission.occurred if digest is None else digest == submission.text_of("digest")


def happened(case: Case, leaf: Happened, limits: Sequence[Freshness]) -> Value:
    """2: some event of the kind matches every field; unknown where only what it leaves unstated is in the way."""
    seen = case.visible(leaf.of, happenings=True)
    young = [event for event in seen if event.kind == leaf.kind and case.young(event, limits)]
    matching = {Truth.TRUE: [], Truth.UNKNOWN: [], Truth.FALSE: []}  # type: dict[Truth, list[Event]]
    for event in young:
        matching[matches(event, leaf)].append(event)
    if matching[Truth.TRUE]:
        return resting_on_events(case, Truth.TRUE, matching[Truth.TRUE])
    return unknown("missing") if matching[Truth.UNKNOWN] else resting_on(Truth.FALSE, [])


def resting_on_events(case: Case, truth: Truth, events: Sequence[Event]) -> Value:
    """Return a value that rests on all of the events, or where the case says so on each of them alone."""
    if case.each_alone and events:
        return Value(truth=truth, supports=frozenset(frozenset({event.index}) for event in events))
    return resting_on(truth, events)


def matches(event: Event, leaf: Happened) -> Truth:
    """2: whether the event matches every field of the leaf; unknown where it leaves one unstated."""
    answers = []
    for name, wanted in leaf.fields:
        stated = event.text_of(name)
        answers.append(Truth.UNKNOWN if stated is None else Truth.of(stated == wanted))
    if leaf.class_at_least is not None:
        stated = event.text_of("class")
        high = classes_at_least(leaf.class_at_least)
        answers.append(Truth.UNKNOWN if stated is None else Truth.of(stated in high))
    return at_least(len(answers), answers)


# Kleene's conjunction, with what it rests on


def all_values(values: Sequence[Value]) -> Value:
    """4.1: false if some part is, else unknown if some part is, else true."""
    return at_least_values(len(values), values)


def any_values(values: Sequence[Value]) -> Value:
    """4.1: true if some part is, else unknown if some part is, else false."""
    return at_least_values(1, values)


def any_of_models(values: Sequence[Value]) -> Value:
    """2: true if it is of some model. The one leaf rests on the evidence about each model that makes it so."""
    value = any_values(values)
    return replace(value, supports=_together([one for one in values if one.truth is value.truth]))


def each_of(values: Sequence[Value]) -> Value:
    """2: what several readings all come to. It rests on what each of them does."""
    reasons = frozenset(reason for value in values for reason in value.reasons)
    return Value(truth=values[0].truth, supports=_together(values), reasons=reasons)


def _together(values: Sequence[Value]) -> Supports:
    """Return the supports of several values at once."""
    chosen = product(*(value.supports for value in values))
    return frozenset(frozenset[int]().union(*supports) for supports in chosen)


def negation(value: Value) -> Value:
    """4.1: true of what is false; unknown stays unknown."""
    return Value(truth=~value.truth, supports=value.supports, reasons=value.reasons)


def at_least_values(number: int, values: Sequence[Value]) -> Value:
    """2: `number` of the parts. It rests on as many true parts, or on as many false ones as leave too few."""
    truth = at_least(number, (value.truth for value in values))
    reasons = frozenset(reason for value in values for reason in value.reasons)
    match truth:
        case Truth.UNKNOWN:
            return Value(truth=truth, reasons=reasons)
        case Truth.TRUE:
            size = number
        case Truth.FALSE:
            size = len(values) - number + 1
        case _:
            assert_never(truth)
    alike = [value for value in values if value.truth is truth]
    supports = frozenset(
        frozenset[int]().union(*chosen)
        for some in combinations(alike, size)
        for chosen in product(*(value.supports for value in some))
    )
    return Value(truth=truth, supports=supports, reasons=reasons)
