"""The kinds of events and the fields of their data, as far as a condition may ask for them (LANGUAGE 3.1).

A policy speaks of events without knowing how they are recorded, so the names stand here once more; a test holds this
table to the readers of events.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_DOCUMENT: Final = ("document", "digest", "sections", "redacted", "coverage")
_PLAN: Final = ("id", "measure", "suite", "suite-digest", "trials", "stopping", "due")
_REVIEW: Final = ("document", "digest", "endorses")
_INCIDENT: Final = ("id", "kind", "severity")
_POLICY: Final = ("policy", "version", "digest")

EVENT_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "policy.published": _POLICY,
    "policy.adopted": _POLICY,
    "role.assigned": ("role", "holder"),
    "model.registered": ("parent", "developer"),
    "quantity.measured": ("quantity", "value", "lower", "upper", "estimator"),
    "evaluation.planned": (*_PLAN, "ahead"),
    "evaluation.started": _PLAN,
    "evaluation.completed": (
        "measure",
        "suite",
        "plan",
        "elicitation",
        "log",
        "successes",
        "trials",
        "clusters",
        "estimate",
        "lower",
        "upper",
        "confidence",
        "method",
    ),
    "evaluation.withdrawn": ("evaluation", "reason", "replaced-by"),
    "determination.made": ("judged", "value", "dissent"),
    "claim.assessed": ("claim", "state", "case"),
    "control.attested": ("control", "value", "effort", "outcome", "expires"),
    "document.submitted": (*_DOCUMENT, "evidence", "schedule"),
    "document.approved": _DOCUMENT,
    "document.rejected": _DOCUMENT,
    "document.published": _DOCUMENT,
    "party.notified": ("party", "document", "digest"),
    "review.requested": _REVIEW,
    "review.received": _REVIEW,
    "duty.performed": ("duty", "instance"),
    "excuse.claimed": ("duty", "reason", "until", "instance"),
    "training.started": ("effective-compute",),
    "training.continued": ("effective-compute",),
    "training.paused": ("effective-compute",),
    "weights.stored": (),
    "weights.deleted": (),
    "weights.shared": (),
    "weights.released": (),
    "model.deployed": ("class",),
    "model.withdrawn": ("class",),
    "permission.invoked": ("permission", "reason"),
    "incident.suspected": _INCIDENT,
    "incident.discovered": _INCIDENT,
    "incident.determined": _INCIDENT,
    "competitor.reported": ("what", "hazard", "source"),
    "term.ruled": ("term", "reading", "reason"),
    "goal.graded": ("goal", "grade", "reason"),
    "goal.revised": ("goal", "by", "reason"),
    "reply.made": ("to", "text"),
    "event.corrected": ("event", "reason", "by"),
    "decision.recorded": (),
}
"""The kinds of events, in the order of the language's table, and the fields of each."""

LISTED_FIELDS: Final = frozenset({"sections", "redacted", "evidence", "schedule", "elicitation", "clusters", "ahead"})
"""Fields that hold lists or mappings; a condition can't match them with one value."""

NAMING_FIELDS: Final[Mapping[str, str]] = {
    "role": "role",
    "measure": "measure",
    "claim": "claim",
    "control": "control",
    "document": "document",
    "party": "role",
    "duty": "duty",
    "permission": "permission",
    "term": "term",
    "goal": "goal",
}
"""Fields that name an item of a policy, and the kind of that item."""
EXTENSION: Final = "x-"
"""Fields that begin so are carried by every kind (LANGUAGE 3.1)."""
