"""A status as data, in the shape `interlock.status/1`; field order fixed. Duties are as in `interlock.duties/1`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from interlock.app.assumptions import with_assumptions
from interlock.app.compute_clocks import Projection
from interlock.app.due_dates import due_date
from interlock.app.status import (
    SOON,
    AwaitedSignOff,
    DecisionChange,
    DutyChange,
    Expiry,
    RunningClock,
    Share,
    Status,
)
from interlock.app.terms import hangs_on
from interlock.engine import Decision, DutyStanding, TermStanding, duties_to_json
from interlock.terms import format_instant

SHAPE: Final = "interlock.status/1"

Rendered = Mapping[int, dict[str, Any]]
"""The standings of a report as JSON values, by their identity."""


def status_to_json(status: Status, *, engine: str) -> dict[str, Any]:
    """Return the status as JSON values, nothing of it cut; `engine` names the version of interlock."""
    report = status.report
    made = duties_to_json(report, engine=engine)
    duties = {id(standing): entry for standing, entry in zip(report.duties, made["duties"], strict=True)}
    pledges = {id(standing): entry for standing, entry in zip(report.pledges, made["pledges"], strict=True)}
    goals = {id(standing): entry for standing, entry in zip(report.goals, made["goals"], strict=True)}
    value = {
        "shape": SHAPE,
        "engine": engine,
        "policies": made["policies"],
        "events": made["events"],
        "as_of": made["as_of"],
        "since": format_instant(status.before.as_of),
        "numbers": _numbers(status),
        "overdue": [duties[id(standing)] for standing in status.overdue],
        "due": [_clock(clock, duties, report.as_of) for clock in status.clocks],
        "pledges": [pledges[id(standing)] for standing in status.pledges],
        "goals": [goals[id(standing)] for standing in status.goals],
        "open_terms": [_open_term(standing) for standing in status.open_terms],
        "open_terms_not_known": status.no_terms,
        "held": [_held(decision) for decision in status.held],
        "sign_offs": [_sign_off(awaited) for awaited in status.sign_offs],
        "expiries": [_expiry(expiry) for expiry in status.expiries],
        "changes": [
            *(_decision_change(change) for change in status.decision_changes),
            *(_duty_change(change) for change in status.duty_changes),
        ],
        "not_compared": status.before.no_report,
        "not_decided": [
            {"model": model, "action": action, "why": why} for (model, action), why in status.now.refused.items()
        ],
        "findings": made["findings"],
    }
    return with_assumptions(value, status.assumed)


def _numbers(status: Status) -> dict[str, Any]:
    by_default = sum(decision.by_default for decision in status.held)
    return {
        "overdue": _share(status.overdue_share),
        "due": {**_share(status.due_share), "within_days": SOON.days, "undated": status.undated},
        "held": {**_share(status.held_share), "by_default": by_default},
        "sign_offs": _share(status.sign_off_share),
    }


def _share(share: Share) -> dict[str, Any]:
    return {"count": share.count, "of": share.out_of}


def _clock(clock: RunningClock, duties: Rendered, as_of: datetime) -> dict[str, Any]:
    due = None if clock.due is None else due_date(clock.due, clock.standing.policy.calendar)
    return {
        **duties[id(clock.standing)],
        "first": _instant(clock.first),
        "falls_due": _instant(clock.due),
        "days_left": None if due is None else due.days_left(as_of),
        "projection": None if clock.projection is None else _projection(clock.projection),
    }


def _projection(projection: Projection) -> dict[str, Any]:
    return {
        "measurements": projection.measurements,
        "expected": _day(projection.expected),
        "earliest": _day(projection.earliest),
        "latest": _day(projection.latest),
        "why_not": projection.why_not,
    }


def _open_term(standing: TermStanding) -> dict[str, Any]:
    readings = standing.readings
    named = () if readings is None else readings.readings
    ruled_by = None if readings is None else readings.ruled_by
    return {
        "policy": standing.policy.id,
        "term": standing.id,
        "open_for": list(standing.open_for),
        "readings": [name for name, _ in named],
        "ruled_by": None if ruled_by is None else list(ruled_by.names),
        "something_hangs_on_it": hangs_on(standing),
    }


def _held(decision: Decision) -> dict[str, Any]:
    active = [one.id for one in decision.restrictions if one.state == "active" and one.restriction.clause.binds]
    question = decision.question
    return {"model": question.model, "action": question.action, **_answer(decision), "restrictions": active}


def _answer(decision: Decision) -> dict[str, Any]:
    return {"outcome": decision.outcome, "by_default": decision.by_default}


def _sign_off(awaited: AwaitedSignOff) -> dict[str, Any]:
    return {
        "role": awaited.role,
        "policy": awaited.policy.id,
        "leaf": awaited.condition,
        "how": awaited.how,
        "model": awaited.model,
        "actions": list(awaited.actions),
    }


def _expiry(expiry: Expiry) -> dict[str, Any]:
    validity = expiry.validity
    compute = validity.effective_compute
    return {
        "model": expiry.model,
        "actions": list(expiry.actions),
        **_answer(expiry.decision),
        "time": _instant(validity.time),
        "effective_compute": None if compute is None else compute.text,
        "leaf": validity.leaf,
        "who": list(validity.who),
    }


def _decision_change(change: DecisionChange) -> dict[str, Any]:
    return {
        "of": "decision",
        "model": change.model,
        "actions": list(change.actions),
        "was": None if change.was is None else _answer(change.was),
        "now": _answer(change.now),
    }


def _duty_change(change: DutyChange) -> dict[str, Any]:
    standing = change.now or change.was
    named = (
        {}
        if standing is None
        else {"policy": standing.policy.id, "id": standing.duty.id, "instance": standing.instance}
    )
    return {"of": "duty", **named, "was": _state(change.was), "now": _state(change.now)}


def _state(standing: DutyStanding | None) -> dict[str, Any] | None:
    return None if standing is None else {"state": standing.state.value, "due": _instant(standing.due)}


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else format_instant(instant)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
