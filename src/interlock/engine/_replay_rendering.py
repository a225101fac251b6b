"""Replays as data: the shape `interlock.replay/1` (LANGUAGE 8), field order fixed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from interlock.engine._duty_rendering import duty_change_to_json, duty_to_json, pledge_to_json
from interlock.engine._json import LANGUAGE, findings_to_json, policy_to_json, source_to_json
from interlock.engine._replay_results import Breach, Change, Hold, Loosening, Moment, Replay, ReplayCut
from interlock.terms import digest_of_json, format_duration, format_instant

SHAPE: Final = "interlock.replay/1"


def replay_to_json(replay: Replay, *, engine: str) -> dict[str, Any]:
    """Return the replay as JSON values; `engine` names the version of interlock that made it."""
    under = replay.under
    in_force = replay.duties.versions
    return {
        "shape": SHAPE,
        "language": LANGUAGE,
        "engine": engine,
        "kind": replay.kind,
        "only": None if replay.only is None else list(replay.only),
        "policy": policy_to_json(in_force[0] if under is None else under),
        "policies": [policy_to_json(policy) for policy in replay.policies],
        "events": {"count": len(replay.events), "digest": digest_of_json(list(replay.events))},
        "identities": "asserted",
        "as_of": format_instant(replay.as_of),
        "history": [_moment(moment) for moment in replay.history],
        "holds": [_hold(hold) for hold in replay.holds],
        "breaches": [_breach(breach) for breach in replay.breaches],
        "readings": [_cut(cut) for cut in replay.readings],
        "retroactive_loosenings": [_loosening(loosening) for loosening in replay.loosenings],
        "duties": [duty_to_json(standing) for standing in replay.duties.duties],
        "pledges": [pledge_to_json(standing) for standing in replay.duties.pledges],
        "findings": findings_to_json(replay.findings),
    }


def _moment(moment: Moment) -> dict[str, Any]:
    return {
        "at": format_instant(moment.at),
        "cause": moment.cause,
        "events": list(moment.events),
        "changes": [_change(change) for change in moment.changes],
    }


def _change(change: Change) -> dict[str, Any]:
    shown: dict[str, Any] = {"item": change.item, "policy": change.policy, "id": change.id, "about": change.about}
    if change.item in {"restriction", "hold-of-duty"}:
        shown |= {"ships": change.ships, "by_default": change.by_default}
    return shown | {"was": change.was, "now": change.now}


def _hold(hold: Hold) -> dict[str, Any]:
    return {
        "model": hold.model,
        "action": hold.action,
        "start": format_instant(hold.start),
        "end": _instant(hold.end),
        "by_default": hold.by_default,
        "restrictions": list(hold.restrictions),
    }


def _breach(breach: Breach) -> dict[str, Any]:
    return {
        "kind": breach.kind,
        "policy": breach.policy,
        "version": breach.version,
        "id": breach.id,
        "at": format_instant(breach.at),
        "about": breach.about,
        "action": breach.action,
        "late_by": None if breach.late_by is None else format_duration(breach.late_by),
        "by_default": breach.by_default,
        "reading": breach.reading,
        "detail": breach.detail,
        "source": source_to_json(breach.clause),
        "evidence": list(breach.evidence),
    }


def _cut(cut: ReplayCut) -> dict[str, Any]:
    return {
        "policy": cut.policy,
        "term": cut.term,
        "reading": cut.reading,
        "only_here": [_breach(breach) for breach in cut.only_here],
        "not_here": cut.not_here,
        "duties": [duty_change_to_json(change) for change in cut.duties],
    }


def _loosening(loosening: Loosening) -> dict[str, Any]:
    return {
        "at": format_instant(loosening.at),
        "policy": loosening.policy,
        "was": loosening.was,
        "now": loosening.now,
        "model": loosening.model,
        "action": loosening.action,
        "restrictions": list(loosening.restrictions),
    }


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else format_instant(instant)
