"""Duty reports put together by hand, for tests of what is made of them: each states only what matters to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, Final

from interlock.engine import (
    DutyDispute,
    DutyReport,
    DutyStanding,
    DutyState,
    Finding,
    GoalStanding,
    GrowthReading,
    Node,
    PledgeStanding,
)
from interlock.policy import Policy, decode
from interlock.record import Event, Subject, read_events
from interlock.terms import Truth, digest_of_bytes, parse_instant

POLICY: Final = """\
interlock: 1
policy: acme-scaling-policy
version: "1"
issuer: Acme AI
title: Acme Scaling Policy
effective: 2026-01-01
calendar: {time-zone: ZONE}
roles:
  ceo: {title: Chief Executive Officer, side: developer}
  rso: {title: Responsible Scaling Officer, side: developer}
documents: {capability-report: {submitted-by: rso}}
restrictions:
  hold-release: {forbids: [release-weights], when: {event: weights.stored}}
duties:
  assess:
    must: assess dangerous capabilities
    for: each model
    every: {growth: 4x, time: 6 months, whichever: first, anchor: completion}
    within: 30 days
    source: {section: "3.2", page: 6}
  review:
    must: review the policy
    every: {time: 12 months, anchor: schedule}
  publish-report:
    must: publish capability-report
    when: {event: model.deployed, class-at-least: deploy.external.limited}
    within: 30 days
    done-when: {published: capability-report}
  tell-the-public:
    must: tell the public
    when: {event: model.deployed}
    within: 72 hours
    modality: aim
pledges:
  alignment-compute:
    maintain: {quantity: alignment-compute-share, at-least: 20%}
    measured-every: 3 months
"""
AS_OF: Final = "2026-11-25T09:00:00Z"


def policy(zone: str = "UTC", **renamed: str) -> Policy:
    """Return the policy in a time zone, some of its texts replaced (by their words, `_` for a space)."""
    text = POLICY.replace("ZONE", zone)
    for old, new in renamed.items():
        text = text.replace(old.replace("_", " "), new)
    return decode(text.encode(), file="policy.yaml")


def standing(
    duty: str, state: DutyState, *, of: Policy | None = None, model: str = "m-1", **stated: Any
) -> DutyStanding:
    """Return an instance about a model; instants are given as texts."""
    whose = of or policy()
    for name in ("triggered", "due", "done", "period_ends"):
        if isinstance(stated.get(name), str):
            stated[name] = parse_instant(stated[name])
    return DutyStanding(
        policy=whose,
        duty=whose.duties[duty],
        instance=stated.pop("instance", model),
        subject=Subject(model=model),
        state=state,
        **stated,
    )


def overdue(duty: str, due: str, *, as_of: str = AS_OF, **stated: Any) -> DutyStanding:
    """Return an overdue instance, as late as it is by `as_of`."""
    late: timedelta = parse_instant(as_of) - parse_instant(due)
    return standing(duty, DutyState.OVERDUE, due=due, late_by=late, **stated)


def growth(ratio: str | None, lower: str, upper: str, *, limit: int = 4, evidence: Sequence[int] = ()) -> GrowthReading:
    """Return the reading of a growth clock that runs since 15 January 2026."""
    known = ratio is not None
    return GrowthReading(
        since=parse_instant("2026-01-15"),
        limit=Fraction(limit),
        ratio=Fraction(ratio) if ratio is not None else None,
        lower=Fraction(lower) if known else None,
        upper=Fraction(upper) if known else None,
        evidence=tuple(evidence),
    )


def pledge(state: str, *, of: Policy | None = None, measure_by: str | None = None) -> PledgeStanding:
    """Return how the pledge stands."""
    whose = of or policy()
    value = {"kept": Truth.TRUE, "lapsed": Truth.FALSE, "unmeasured": Truth.UNKNOWN}[state]
    one = whose.pledges["alignment-compute"]
    reason = "missing" if value is Truth.UNKNOWN else None
    return PledgeStanding(
        policy=whose,
        pledge=one,
        instance="Acme AI",
        state=state,
        maintain=Node(about=one.maintain, value=value, reason=reason),
        measure_by=None if measure_by is None else parse_instant(measure_by),
    )


def report(
    *duties: DutyStanding,
    as_of: str = AS_OF,
    known: int = 3,
    pledges: Sequence[PledgeStanding] = (),
    findings: Sequence[Finding] = (),
    goals: Sequence[GoalStanding] = (),
    disputes: Sequence[DutyDispute] = (),
) -> DutyReport:
    """Return a report by the policy of its first duty, on so many events known."""
    at: datetime = parse_instant(as_of)
    whose = duties[0].policy if duties else policy()
    return DutyReport(
        as_of=at,
        known_at=at,
        events=tuple(digest_of_bytes(bytes([number])) for number in range(known)),
        versions=(whose,),
        duties=tuple(duties),
        pledges=tuple(pledges),
        goals=tuple(goals),
        findings=tuple(findings),
        disputes=tuple(disputes),
    )


def measurements(*stated: tuple[str, str, str, str], model: str = "m-1") -> tuple[Event, ...]:
    """Return measurements of effective compute: day, value, lower and upper bound, in FLOP."""
    lines = [
        f'{{"event": "quantity.measured", "occurred": "{day}T00:00:00Z", "subject": {{"model": "{model}"}}, "data": '
        f'{{"quantity": "effective-compute", "value": "{value} FLOP", "lower": "{lower} FLOP", '
        f'"upper": "{upper} FLOP"}}}}'
        for day, value, lower, upper in stated
    ]
    return read_events([("measurements.jsonl", "\n".join(lines).encode())])
