"""Findings about what events name: names that no policy knows, roles without their holder, other checkpoints.

An event about something that no policy given knows is silent there (LANGUAGE 3.1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from interlock.engine._findings import Finding
from interlock.engine._freshness import EFFECTIVE_COMPUTE
from interlock.engine._reading import leaves_of, readings_of
from interlock.policy import Growth, Happened, Judged, Policy, QuantityIs, Ratio
from interlock.record import (
    ClaimAssessed,
    ControlAttested,
    DeterminationMade,
    DocumentActed,
    EvaluationCompleted,
    EvaluationPlan,
    Event,
    EventCorrected,
    GoalGraded,
    GoalRevised,
    PartyNotified,
    QuantityMeasured,
    ReviewActed,
    RoleAssigned,
    TermRuled,
)
from interlock.terms import nearest


def findings_about_names(policies: Sequence[Policy], events: Iterable[Event]) -> Iterator[Finding]:
    """Yield a finding for each event whose name none of the policies knows, with the nearest that one does."""
    known: dict[str, set[str]] = {}
    for event in events:
        named = _name_in(event)
        if named is None:
            continue
        sort, name = named
        if sort not in known:
            known[sort] = {known_name for policy in policies for known_name in _KNOWN[sort](policy)}
        if name not in known[sort]:
            close = nearest(name, known[sort])
            detail = f"event {event.index} speaks of {sort} `{name}`, which no policy given knows"
            yield Finding("speaks-to-nothing", detail + (f"; did it mean `{close}`?" if close else ""), (event.index,))


def findings_about_holders(events: Iterable[Event]) -> Iterator[Finding]:
    """Yield a finding for each word in a role that was assigned before, by an actor to whom it never was."""
    holders: dict[str, set[str]] = {}
    for event in events:
        if isinstance(event.payload, RoleAssigned):
            holders.setdefault(event.payload.role, set()).add(event.payload.holder)
        elif event.role is not None and event.actor not in holders.get(event.role, {event.actor}):
            actor = "an unnamed actor" if event.actor is None else f"`{event.actor}`"
            detail = f"event {event.index} is a word of `{event.role}` by {actor}, to whom the role was not assigned"
            yield Finding("not-the-holder", detail, (event.index,))


def findings_about_weights(evidence: Iterable[Event], weights: str | None) -> Iterator[Finding]:
    """Yield a finding for each word that names another checkpoint than the one asked about and yet counts."""
    for event in evidence:
        named = event.subject.weights
        if isinstance(event.payload, _WORDS) and named is not None and named != weights:
            detail = f"event {event.index} ({event.kind}) names weights {named[:15]}…, not those asked about"
            yield Finding("word-on-other-weights", detail, (event.index,))


def findings_about_corrections(superseded: Mapping[int, Event]) -> Iterator[Finding]:
    """Yield a finding for each event that a correction supersedes."""
    for index, correction in superseded.items():
        reason = correction.payload.reason if isinstance(correction.payload, EventCorrected) else ""
        detail = f"event {index} is superseded by event {correction.index}: {reason}"
        yield Finding("event-corrected", detail, (index, correction.index))


_WORDS: Final = (DeterminationMade, ControlAttested, ClaimAssessed)


def _name_in(event: Event) -> tuple[str, str] | None:
    match event.payload:
        case EvaluationCompleted(measure=name) | EvaluationPlan(measure=name):
            return "measure", name
        case DeterminationMade(judged=name):
            return "question", name
        case QuantityMeasured(quantity=name):
            return "quantity", name
        case ControlAttested(control=name):
            return "control", name
        case ClaimAssessed(claim=name):
            return "claim", name
        case DocumentActed(document=name) | PartyNotified(document=name) | ReviewActed(document=name):
            return "document", name
        case TermRuled(term=name):
            return "term", name
        case GoalGraded(goal=name) | GoalRevised(goal=name):
            return "goal", name
        case _:
            return _name_in_fields(event)


def _name_in_fields(event: Event) -> tuple[str, str] | None:
    sort = _FIELDS.get(event.kind)
    name = None if sort is None else event.text_of(sort)
    return None if sort is None or name is None else (sort, name)


_FIELDS: Final = {
    "duty.performed": "duty",
    "excuse.claimed": "duty",
    "permission.invoked": "permission",
}


def _quantities(policy: Policy) -> set[str]:
    named = {leaf.quantity for leaf in leaves_of(policy) if isinstance(leaf, QuantityIs | Growth | Ratio)}
    return {EFFECTIVE_COMPUTE, *named}


def _questions(policy: Policy) -> set[str]:
    """Return the questions that judgements are asked on, also where only the event of one is looked for."""
    asked = {leaf.question for leaf in leaves_of(policy) if isinstance(leaf, Judged)}
    happened = (dict(leaf.fields) for leaf in leaves_of(policy) if isinstance(leaf, Happened))
    return asked | {fields["judged"] for fields in happened if "judged" in fields}


_KNOWN: Final[dict[str, Callable[[Policy], Iterable[str]]]] = {
    "measure": lambda policy: policy.measures,
    "question": _questions,
    "quantity": _quantities,
    "control": lambda policy: {name for s in policy.standards.values() for name in s.controls},
    "claim": lambda policy: policy.claims,
    # An amendment rule speaks of the policy itself as a document.
    "document": lambda policy: {policy.id, *policy.documents},
    "duty": lambda policy: policy.duties,
    "permission": lambda policy: policy.permissions,
    "term": lambda policy: {*policy.terms, *readings_of(policy)},
    "goal": lambda policy: policy.goals,
}
