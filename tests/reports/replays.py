"""Replays put together by hand, for tests of what pages and terminals make of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from interlock.engine import (
    Breach,
    DutyReport,
    DutyStanding,
    DutyState,
    Finding,
    Hold,
    Loosening,
    Moment,
    Replay,
    ReplayChange,
)
from interlock.policy import Clause, Policy, decode
from interlock.record import Event, Subject, read_events
from interlock.reports import About, Anchor, Replayed, Reply, Source
from interlock.terms import parse_instant

POLICY: Final = """\
interlock: 1
policy: acme-policy
version: "1"
issuer: Acme
title: Acme's Policy
effective: 2025-01-01
encoding: {by: a reader, status: unofficial}
unencoded: [{section: "7", why: it commits to nothing}]
roles: {rso: {title: Safety Officer, side: developer}}
restrictions:
  hold-training: {forbids: [train], when: {judged: dangerous, by: [rso]}, source: {section: "3", page: 6}}
duties:
  assess: {must: assess, for: each model, every: {time: 3 months, anchor: completion}, source: {section: "2", page: 4}}
"""
EVENTS: Final = """\
- {event: policy.adopted, occurred: 2025-01-01T00:00:00Z, subject: {developer: Acme},
   data: {policy: acme-policy, version: "1"}}
- {event: model.registered, occurred: 2025-01-10T00:00:00Z, subject: {model: m}, data: {developer: Acme},
   x-source: {id: statement, says: "that there is a model"}}
- {event: evaluation.planned, occurred: 2025-02-01T00:00:00Z, subject: {model: m},
   data: {id: plan-1, measure: harm, suite: acme/harm}}
- {event: training.started, occurred: 2025-03-01T12:00:00Z, subject: {model: m}}
- {event: duty.performed, occurred: 2025-04-14T00:00:00Z, subject: {model: m}, data: {duty: assess}}
- {event: evaluation.completed, occurred: 2025-04-14T00:00:00Z, subject: {model: m},
   data: {measure: harm, suite: acme/harm, plan: plan-1, successes: 0, trials: 10}}
- {event: reply.made, occurred: 2025-05-01T00:00:00Z, actor: Acme, subject: {developer: Acme},
   data: {to: assess, text: "It was worth the wait.\\nIt is better now."}}
"""
AS_OF: Final = "2025-06-01T00:00:00Z"
LATE: Final = timedelta(days=3)


def at(text: str) -> datetime:
    """Return an instant."""
    return parse_instant(text)


def acme() -> Policy:
    """Return the policy."""
    return decode(POLICY.encode(), file="acme.yaml")


def events() -> tuple[Event, ...]:
    """Return the events."""
    return read_events([("events.yaml", EVENTS.encode())])


def breach(**changed: Any) -> Breach:
    """Return a departure: a duty done three days late, but for what is changed."""
    base = Breach(
        kind="duty-late",
        policy="acme-policy",
        version="1",
        id="assess",
        at=at("2025-04-14T00:00:00Z"),
        about="m",
        action=None,
        late_by=LATE,
        by_default=False,
        reading=None,
        detail="due 2025-04-11, done 2025-04-14",
        clause=Clause(section="2", page="4"),
        evidence=(4,),
    )
    return replace(base, **changed)


def held(**changed: Any) -> Breach:
    """Return a departure: training that took place while held by the burden of proof, but for what is changed."""
    base = breach(
        kind="held-action",
        id="hold-training",
        at=at("2025-03-01T12:00:00Z"),
        action="train",
        late_by=None,
        by_default=True,
        detail="training.started while `hold-training` was active",
        clause=Clause(section="3", page="6"),
        evidence=(3,),
    )
    return replace(base, **changed)


def duties(policy: Policy, **changed: Any) -> DutyReport:
    """Return how the duty stands: one period done late, the next one running."""
    duty, subject = policy.duties["assess"], Subject(model="m")
    late = DutyStanding(
        policy=policy,
        duty=duty,
        instance="m",
        subject=subject,
        state=DutyState.DONE_LATE,
        triggered=at("2025-04-11T00:00:00Z"),
        due=at("2025-04-11T00:00:00Z"),
        done=at("2025-04-14T00:00:00Z"),
        late_by=LATE,
        evidence=(4,),
    )
    running = DutyStanding(
        policy=policy,
        duty=duty,
        instance="m",
        subject=subject,
        state=DutyState.NOT_TRIGGERED,
        period_ends=at("2025-07-15T00:00:00Z"),
    )
    report = DutyReport(
        as_of=at(AS_OF),
        known_at=at(AS_OF),
        events=tuple(event.digest for event in events()),
        versions=(policy,),
        duties=(late, running),
        pledges=(),
        goals=(),
        findings=(),
    )
    return replace(report, **changed)


def small(**changed: Any) -> Replay:
    """Return a replay with a departure of each of two sorts, a finding and a hold, but for what is changed."""
    policy = acme()
    hold = Hold(
        model="m",
        action="train",
        start=at("2025-01-10T00:00:00Z"),
        end=None,
        by_default=True,
        restrictions=("hold-training",),
    )
    base = Replay(
        kind="adherence",
        policies=(policy,),
        under=None,
        as_of=at(AS_OF),
        events=tuple(event.digest for event in events()),
        history=history(),
        holds=(hold,),
        breaches=(held(), breach()),
        readings=(),
        loosenings=(),
        duties=duties(policy),
        findings=(Finding("under-elicited", "event 5 does not declare tools", (5,)),),
        evaluations=12,
    )
    return replace(base, **changed)


def history() -> tuple[Moment, ...]:
    """Return what changed when."""
    version = ReplayChange(item="version", policy="acme-policy", id="1", about=None, was=None, now="1")
    held_now = ReplayChange(
        item="restriction", policy="acme-policy", id="hold-training", about="m", was=None, now="active", by_default=True
    )
    late = ReplayChange(item="duty", policy="acme-policy", id="assess", about="m", was="overdue", now="done-late")
    return (
        Moment(at=at("2025-01-01T00:00:00Z"), cause="policy.adopted", events=(0,), changes=(version,)),
        Moment(at=at("2025-01-10T00:00:00Z"), cause="model.registered", events=(1,), changes=(held_now,)),
        Moment(at=at("2025-04-14T00:00:00Z"), cause="duty.performed", events=(4,), changes=(late,)),
    )


def loosening() -> Loosening:
    """Return a retroactive loosening."""
    return Loosening(
        at=at("2025-05-01T00:00:00Z"),
        policy="acme-policy",
        was="1",
        now="2",
        model="m",
        action="train",
        restrictions=("hold-training",),
    )


def about(**changed: Any) -> About:
    """Return what is to be known of a reconstructed replay, but for what is changed."""
    base = About(
        name="acme-2025",
        title="What Acme reported",
        status="admitted by Acme",
        contested=False,
        policies=("interlock://acme-policy@1",),
        items=("assess",),
        reconstructed=True,
        anchor=Anchor(at=at("2025-01-10T00:00:00Z"), what="the first evaluation", why="No day was published."),
        sources=(
            Source(
                id="statement",
                title="Acme's statement",
                publisher="Acme",
                published=at("2025-05-01T00:00:00Z").date(),
                url="https://acme.example/statement",
                read="Read there.",
                mark="read",
            ),
        ),
        notes=("Acme reported this itself.",),
        limits=("Nothing is known of the model.",),
        reply=Reply(by="Acme", on=at("2025-05-01T00:00:00Z").date(), text="It did no harm.", source="statement"),
    )
    return replace(base, **changed)


_OUTER: Final = ("about", "renamed", "events", "assumed")


def replayed(**changed: Any) -> Replayed:
    """Return the replay with its events, and whatever is changed of it; the rest of `changed` changes the replay."""
    outer: dict[str, Any] = {name: changed.pop(name) for name in _OUTER if name in changed}
    stated: dict[str, Any] = {"replay": small(**changed), "events": events()}
    return Replayed(**(stated | outer))
