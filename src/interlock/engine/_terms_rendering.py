"""Terms as data: the shape `interlock.terms/1`, field order fixed."""

from __future__ import annotations

from typing import Any, Final

from interlock.engine._json import LANGUAGE, policy_to_json, source_to_json
from interlock.engine._terms import RulingStanding, TermReport, TermStanding
from interlock.policy import Readings, condition_text
from interlock.terms import digest_of_json, format_instant

SHAPE: Final = "interlock.terms/1"


def terms_to_json(report: TermReport, *, engine: str) -> dict[str, Any]:
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
        "terms": [_term(standing) for standing in report.terms],
    }


def _term(standing: TermStanding) -> dict[str, Any]:
    readings = standing.readings
    return {
        "id": standing.id,
        "policy": standing.policy.id,
        "version": standing.policy.version,
        "inline": standing.term is None,
        "source": None if standing.term is None else source_to_json(standing.term.clause),
        "means": None if standing.means is None else condition_text(standing.means),
        "readings": [] if readings is None else _readings(readings, standing),
        "ruled_by": None if readings is None or readings.ruled_by is None else list(readings.ruled_by.names),
        "disputed": [
            {"by": one.by, "reading": one.reading, "where": one.where, "says": one.says} for one in standing.disputed
        ],
        "open_for": list(standing.open_for),
        "rulings": [_ruling(ruling) for ruling in standing.rulings],
        "cuts": [
            {"model": cut.model, "action": cut.action, "held_under": [name for name, held in cut.held.items() if held]}
            for cut in standing.cuts
        ],
    }


def _readings(readings: Readings, standing: TermStanding) -> list[dict[str, Any]]:
    return [
        {"reading": name, "condition": condition_text(part), "duties_asked": standing.asked.get(name, 0)}
        for name, part in readings.readings
    ]


def _ruling(ruling: RulingStanding) -> dict[str, Any]:
    event, about = ruling.event, ruling.about
    return {
        "reading": ruling.reading,
        "at": format_instant(event.occurred),
        "recorded": format_instant(event.recorded),
        "by": event.actor,
        "role": event.role,
        "side": ruling.side,
        "about": {"model": about.model, "developer": about.developer},
        "reason": ruling.reason,
        "state": ruling.state,
        "favours": ruling.favours,
        "evidence": [event.index],
    }
