"""Duties as data: the shape `interlock.duties/1` (LANGUAGE 8), field order fixed."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from interlock.engine._duty_results import (
    DutyChange,
    DutyDispute,
    DutyReport,
    DutyStanding,
    GoalStanding,
    GrowthReading,
    PledgeStanding,
)
from interlock.engine._json import LANGUAGE, findings_to_json, node_to_json, policy_to_json, source_to_json
from interlock.terms import digest_of_json, format_duration, format_instant

SHAPE: Final = "interlock.duties/1"


def duties_to_json(report: DutyReport, *, engine: str) -> dict[str, Any]:
    """Return the report as JSON values; `engine` names the version of interlock that made it."""
    return {
        "shape": SHAPE,
        "language": LANGUAGE,
        "engine": engine,
        "policies": [policy_to_json(version) for version in report.versions],
        "events": {"count": len(report.events), "digest": digest_of_json(list(report.events))},
        "identities": "asserted",
        "as_of": format_instant(report.as_of),
        "known_at": format_instant(report.known_at),
        "duties": [duty_to_json(standing) for standing in report.duties],
        "pledges": [pledge_to_json(standing) for standing in report.pledges],
        "goals": [_goal(standing) for standing in report.goals],
        "readings": [_dispute(dispute) for dispute in report.disputes],
        "findings": findings_to_json(report.findings),
    }


def _goal(standing: GoalStanding) -> dict[str, Any]:
    goal = standing.goal
    return {
        "id": goal.id,
        "policy": standing.policy.id,
        "version": standing.policy.version,
        "state": standing.state,
        "by": None if standing.due is None else standing.due.isoformat(),
        "past_its_day": standing.is_past,
        "grade": standing.grade,
        "graded_by": goal.graded_by,
        "reviewed_by": goal.reviewed_by,
        "modality": goal.clause.modality,
        "binding": goal.clause.binding,
        "source": source_to_json(goal.clause),
        "history": [
            {
                "at": format_instant(step.at),
                "what": step.what,
                "text": step.text,
                "role": step.role,
                "actor": step.actor,
                "reason": step.reason,
                "evidence": list(step.evidence),
            }
            for step in standing.history
        ],
    }


def _dispute(dispute: DutyDispute) -> dict[str, Any]:
    return {
        "policy": dispute.policy,
        "term": dispute.term,
        "rulings": list(dispute.rulings),
        "cuts": [
            {
                "reading": cut.reading,
                "changes": [duty_change_to_json(change) for change in cut.changes],
            }
            for cut in dispute.cuts
        ],
    }


def duty_change_to_json(change: DutyChange) -> dict[str, Any]:
    """Return how a duty's instances are and would be as JSON values."""
    return {
        "duty": change.duty,
        "instance": change.instance,
        "states": list(change.states),
        "would_be": list(change.would_be),
    }


def duty_to_json(standing: DutyStanding) -> dict[str, Any]:
    """Return one instance of a duty as JSON values."""
    duty = standing.duty
    return {
        "id": duty.id,
        "policy": standing.policy.id,
        "version": standing.policy.version,
        "instance": standing.instance,
        "must": duty.must,
        "state": standing.state.value,
        "triggered": _instant(standing.triggered),
        "due": _instant(standing.due),
        "done": _instant(standing.done),
        "late_by": None if standing.late_by is None else format_duration(standing.late_by),
        "days_late": standing.days_late,
        "period_ends": _instant(standing.period_ends),
        "growth": None if standing.growth is None else _growth(standing.growth),
        "modality": duty.clause.modality,
        "binding": duty.clause.binding,
        "source": source_to_json(duty.clause),
        "reason": standing.reason,
        "evidence": list(standing.evidence),
    }


def pledge_to_json(standing: PledgeStanding) -> dict[str, Any]:
    """Return a pledge with what it comes to as JSON values."""
    clause = standing.pledge.clause
    return {
        "id": standing.pledge.id,
        "policy": standing.policy.id,
        "version": standing.policy.version,
        "instance": standing.instance,
        "state": standing.state,
        "measure_by": _instant(standing.measure_by),
        "modality": clause.modality,
        "binding": clause.binding,
        "source": source_to_json(clause),
        "trace": node_to_json(standing.maintain),
    }


def _growth(reading: GrowthReading) -> dict[str, Any]:
    return {
        "since": format_instant(reading.since),
        "ratio": factor_text(reading.ratio),
        "lower": factor_text(reading.lower),
        "upper": factor_text(reading.upper),
        "limit": factor_text(reading.limit),
        "evidence": list(reading.evidence),
    }


def factor_text(factor: Fraction | None) -> str | None:
    """Return a factor in two decimals at most, such as `3.4x`; None where it is unknown."""
    if factor is None:
        return None
    hundredths = round(factor * 100)
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") + "x"


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else format_instant(instant)
