"""Events as JSON objects for tests, each sound unless a test says otherwise, and their reading."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest

from interlock.notation import FaultsError
from interlock.record import Event, read_events
from interlock.terms import parse_instant

Object = dict[str, Any]

DIGEST = f"sha256:{'a' * 64}"
OTHER_DIGEST = f"sha256:{'b' * 64}"
MARCH = "2025-03-01T12:00:00Z"

REQUIRED: Mapping[str, Object] = {
    "policy.published": {"policy": "p", "version": "1"},
    "policy.adopted": {"policy": "p", "version": "1"},
    "role.assigned": {"role": "rso", "holder": "Zoë Ng"},
    "model.registered": {},
    "quantity.measured": {"quantity": "training-compute", "value": "1e26 FLOP"},
    "evaluation.planned": {"id": "p1", "measure": "run", "suite": "acme/run"},
    "evaluation.started": {"id": "p1", "measure": "run", "suite": "acme/run"},
    "evaluation.completed": {"measure": "run", "suite": "acme/run", "successes": 3, "trials": 5},
    "evaluation.withdrawn": {"evaluation": 0, "reason": "grader fault"},
    "determination.made": {"judged": "capable", "value": True},
    "claim.assessed": {"claim": "no-sabotage", "state": "supported"},
    "control.attested": {"control": "split-keys", "value": False},
    "document.submitted": {"document": "plan", "digest": DIGEST},
    "document.approved": {"document": "plan", "digest": DIGEST},
    "document.rejected": {"document": "plan", "digest": DIGEST},
    "document.published": {"document": "plan", "digest": DIGEST},
    "party.notified": {"party": "regulator", "document": "plan"},
    "review.requested": {"document": "plan", "digest": DIGEST},
    "review.received": {"document": "plan", "digest": DIGEST},
    "duty.performed": {"duty": "report"},
    "excuse.claimed": {"duty": "report", "reason": "no change"},
    "training.started": {},
    "training.continued": {},
    "training.paused": {},
    "weights.stored": {},
    "weights.deleted": {},
    "weights.shared": {},
    "weights.released": {},
    "model.deployed": {"class": "deploy.external.public"},
    "model.withdrawn": {"class": "deploy.external.public"},
    "permission.invoked": {"permission": "interim", "reason": "board minute"},
    "incident.suspected": {"id": "i-1", "kind": "weight-theft"},
    "incident.discovered": {"id": "i-1", "kind": "weight-theft"},
    "incident.determined": {"id": "i-1", "kind": "weight-theft"},
    "competitor.reported": {"what": "a larger model"},
    "term.ruled": {"term": "frontier", "reading": "by-compute", "reason": "board minute"},
    "goal.graded": {"goal": "security", "grade": "B", "reason": "audit"},
    "goal.revised": {"goal": "security", "by": "2027-06-30", "reason": "supplier late"},
    "reply.made": {"to": "review 3", "text": "We disagree.\nSee the appendix."},
    "event.corrected": {"event": 0, "reason": "typing error", "by": 1},
    "decision.recorded": {"outcome": "held", "valid_until": None},
}
"""The required data of each kind."""

OPTIONAL: Mapping[str, Object] = {
    "policy.published": {"digest": DIGEST},
    "policy.adopted": {"digest": DIGEST},
    "model.registered": {"parent": "halcyon-3", "developer": "Halcyon AI"},
    "quantity.measured": {"lower": "9e25 FLOP", "upper": "1.3e26 FLOP", "estimator": "logbook"},
    "evaluation.planned": {
        "suite-digest": DIGEST,
        "trials": 40,
        "stopping": "after 40",
        "due": MARCH,
        "ahead": [{"margin": "6x", "bound": "10%"}],
    },
    "evaluation.started": {"suite-digest": DIGEST, "trials": 40, "stopping": "after 40", "due": MARCH},
    "evaluation.completed": {"plan": "p1", "elicitation": ["best-of-n"], "log": DIGEST},
    "evaluation.withdrawn": {"replaced-by": 1},
    "determination.made": {"dissent": "one of three"},
    "claim.assessed": {"case": "case 4"},
    "control.attested": {"effort": "500000 USD", "outcome": "no-exfiltration", "expires": MARCH},
    "document.submitted": {
        "sections": ["measures"],
        "redacted": ["annex"],
        "coverage": "all",
        "evidence": [0],
        "schedule": {"report": "2025-06-30", "assess": MARCH},
    },
    "document.approved": {"sections": ["measures"], "redacted": True, "coverage": "all"},
    "document.rejected": {"sections": ["measures"], "redacted": False, "coverage": "all"},
    "document.published": {"sections": [], "redacted": [], "coverage": "all"},
    "party.notified": {"digest": DIGEST},
    "review.requested": {"endorses": "not-asked"},
    "review.received": {"endorses": "yes"},
    "duty.performed": {"instance": "halcyon-4"},
    "excuse.claimed": {"until": MARCH, "instance": "halcyon-4"},
    "training.started": {"effective-compute": "1e25 FLOP"},
    "training.continued": {"effective-compute": "1e25 FLOP"},
    "training.paused": {"effective-compute": "1e25 FLOP"},
    "incident.suspected": {"severity": "high"},
    "incident.discovered": {"severity": 3},
    "incident.determined": {"severity": "high"},
    "competitor.reported": {"hazard": "cyber.uplift", "source": "press"},
}
"""The optional data of the kinds that have some."""

ABOUT_DEVELOPER = {"policy.published", "policy.adopted", "role.assigned", "goal.graded", "goal.revised"}


def event(kind: str, data: Object | None = None, /, **head: Any) -> Object:
    """Return a sound event of the kind; `data` replaces its data, `head` its other fields."""
    subject = {"developer": "Halcyon AI"} if kind in ABOUT_DEVELOPER else {"model": "halcyon-4"}
    stated = dict(REQUIRED[kind]) if data is None else data
    return {"event": kind, "occurred": MARCH, "subject": subject, "data": stated, **head}


def changed(kind: str, /, **data: Any) -> Object:
    """Return a sound event of the kind with some data added or replaced; `_` in a name stands for `-`."""
    return event(kind, {**REQUIRED[kind], **{name.rstrip("_").replace("_", "-"): v for name, v in data.items()}})


def evaluation(successes: int, trials: int = 40, /, **head: Any) -> Object:
    """Return a completed evaluation with these counts."""
    data = {"measure": "run", "suite": "acme/run", "successes": successes, "trials": trials}
    return event("evaluation.completed", data, **head)


def correction(target: int | str, by: int | str | Object, /, **head: Any) -> Object:
    """Return a correction of `target`."""
    return event("event.corrected", {"event": target, "reason": "typing error", "by": by}, **head)


def lines(events: Sequence[Any]) -> bytes:
    """Return events as JSON Lines."""
    return "".join(f"{json.dumps(one)}\n" for one in events).encode()


def read(*events: Any) -> tuple[Event, ...]:
    """Return the events as read from a file of JSON Lines."""
    return read_events([("events.jsonl", lines(events))])


def faults_of(*events: Any) -> list[str]:
    """Return the faults of the events, each as `line: message`."""
    with pytest.raises(FaultsError) as caught:
        read(*events)
    return [f"{fault.span.line}: {fault.message}" for fault in caught.value.faults]


def at(day: str) -> datetime:
    """Return noon of a day of 2025 given as MM-DD."""
    return parse_instant(noon(day))


def noon(day: str) -> str:
    """Return noon of a day of 2025 given as MM-DD, as text."""
    return f"2025-{day}T12:00:00Z"
