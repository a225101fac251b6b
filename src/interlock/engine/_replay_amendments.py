"""Amendments in a replay: whether they kept to the rule of the version before, and what they loosened.

LANGUAGE 1 (`amendments`) and 4.8.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from interlock.engine._applied import AppliedPolicy
from interlock.engine._errors import Refused
from interlock.engine._reading import DUTY_PREFIX
from interlock.engine._replay_readers import forbidden_actions
from interlock.engine._replay_results import Breach, Loosening
from interlock.engine._signoff import Word, by_roles, latest, word_of
from interlock.engine._state import State
from interlock.policy import AmendmentRule, Policy
from interlock.record import DocumentActed, Event, History, PartyNotified, PolicyNamed
from interlock.terms import Truth, format_instant, ships


def amendment_breaches(spans: Sequence[AppliedPolicy], known: History) -> Iterator[Breach]:
    """Yield a departure for each version that came into force against the rule of the one before it."""
    for before, after in pairwise(spans):
        rule = before.policy.amendments
        if rule is None or not rule.clause.binds:
            continue
        parts = list(_parts_not_shown(rule, before.policy, after.policy, after.since, known))
        if parts:
            old, new = before.policy, after.policy
            detail = (
                f"`{new.id}` {new.version} came into force {format_instant(after.since)} in place of {old.version} "
                f"without what {old.version} asks of an amendment: {'; '.join(why for why, _ in parts)}"
            )
            yield Breach(
                kind="amendment",
                policy=old.id,
                version=old.version,
                id=old.id,
                at=after.since,
                about=None,
                action=None,
                late_by=None,
                by_default=False,
                reading=None,
                detail=detail,
                clause=rule.clause,
                evidence=tuple(dict.fromkeys(event.index for _, events in parts for event in events)),
            )


Part = tuple[str, tuple[Event, ...]]


def _parts_not_shown(rule: AmendmentRule, old: Policy, new: Policy, start: datetime, known: History) -> Iterator[Part]:
    facts = [e for e in known.events if e.subject.model is None and e.subject.developer in {None, old.issuer}]
    before = [event for event in facts if event.occurred < start]
    if rule.approved_by is not None:
        yield from _not_approved(rule, old, new, before)
    for role in rule.consulted:
        if not any(_consults(event, role, old) for event in before):
            yield f"no event shows that {role} was consulted", ()
    published = [event for event in facts if event.occurred <= start and _publishes(event, new)]
    if (rule.published or rule.notice is not None) and not published:
        yield "no event shows that it was published", ()
    elif rule.notice is not None:
        first = min(published, key=lambda event: event.occurred)
        if old.calendar.end_of_period(first.occurred, rule.notice) > start:
            yield f"it was published {format_instant(first.occurred)}, less than {rule.notice} before", (first,)


def _not_approved(rule: AmendmentRule, old: Policy, new: Policy, before: Sequence[Event]) -> Iterator[Part]:
    roles = rule.approved_by
    if roles is None:
        return
    about = [event for event in before if isinstance(event.payload, DocumentActed) and event.payload.document == old.id]
    submitted = any(event.kind == "document.submitted" and _digest(event) == new.digest for event in about)
    votes = [
        event
        for event in about
        if event.kind in {"document.approved", "document.rejected"} and (not submitted or _digest(event) == new.digest)
    ]

    def read(event: Event) -> Word:
        return Word(role=event.role or "", value=Truth.of(event.kind == "document.approved"), events=(event,))

    words = [word_of(role, [votes], read) for role in roles.names]
    if by_roles("amendment", roles, words).value is not Truth.TRUE:
        names = ", ".join(roles.names)
        number = "" if roles.needed == len(roles.names) else f"{roles.needed} of "
        yield f"no event shows the approval of {number}{names}", latest(votes)


def _digest(event: Event) -> str | None:
    return event.payload.digest if isinstance(event.payload, DocumentActed) else None


def _consults(event: Event, role: str, policy: Policy) -> bool:
    if isinstance(event.payload, PartyNotified):
        return event.payload.party == role and event.payload.document == policy.id
    if event.kind in {"review.requested", "review.received"}:
        return event.role == role and event.text_of("document") == policy.id
    return False


def _publishes(event: Event, policy: Policy) -> bool:
    named = event.payload
    if event.kind == "policy.published" and isinstance(named, PolicyNamed):
        return (named.policy, named.version) == (policy.id, policy.version)
    if event.kind == "document.published" and isinstance(named, DocumentActed):
        return named.document == policy.id and named.digest == policy.digest
    return False


def loosenings(spans: Sequence[AppliedPolicy], moment: datetime, state: State) -> Iterator[Loosening]:
    """Yield what a version that comes into force at `moment` permits and the one before it held, by the state then."""
    for place, (before, after) in enumerate(pairwise(spans)):
        if after.since != moment:
            continue
        earlier = _applied_to(state, spans[:place])
        old = replace(_fresh(before, state), until=None, earlier=earlier)
        new = replace(_fresh(after, state), until=None, earlier=_applied_to(state, spans[: place + 1]))
        for model in old.models():
            if not state.models[model].registrations:
                continue
            for action in forbidden_actions(before.policy):
                held = _held(old, model, action, moment)
                if held and new.binds(model) and _held(new, model, action, moment) == ():
                    yield Loosening(
                        at=moment,
                        policy=before.policy.id,
                        was=before.policy.version,
                        now=after.policy.version,
                        model=model,
                        action=action,
                        restrictions=held,
                    )


def _applied_to(state: State, spans: Iterable[AppliedPolicy]) -> tuple[AppliedPolicy, ...]:
    """Return the stretches in which versions were in force, each applied to the state with those before it."""
    found: list[AppliedPolicy] = []
    for one in spans:
        found.append(replace(_fresh(one, state), earlier=tuple(found)))
    return tuple(found)


def _fresh(applied: AppliedPolicy, state: State) -> AppliedPolicy:
    """Return the version applied to a state, with nothing remembered of another."""
    return replace(applied, state=state, timelines={}, duties={}, watching={}, reading={})


def _held(applied: AppliedPolicy, model: str, action: str, at: datetime) -> tuple[str, ...] | None:
    """Return the restrictions that hold an action of a model, or None where the question can't be asked."""
    names = forbidden_actions(applied.policy).get(action, ())
    try:
        case = applied.newest(model, ships=ships(action)).case(at)
        active = [name for name in names if case.restriction(name).state == "active"]
    except Refused:
        return None
    return tuple(name.removeprefix(DUTY_PREFIX) for name in active)
