"""What an event is a fact on: its kind, and the name that its payload concerns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from interlock.record._payloads import (
    ClaimAssessed,
    ControlAttested,
    DeterminationMade,
    DocumentActed,
    DutyPerformed,
    EvaluationCompleted,
    EvaluationPlan,
    EvaluationWithdrawn,
    ExcuseClaimed,
    GoalGraded,
    GoalRevised,
    IncidentReported,
    OtherPayload,
    PartyNotified,
    Payload,
    QuantityMeasured,
    ReviewActed,
    TermRuled,
)

Topic = tuple[str, str]
"""The sort of a fact and the name it concerns."""

_DOCUMENT_SORTS: Final = {
    "document.submitted": "submitted",
    "document.approved": "voted",
    "document.rejected": "voted",
    "document.published": "published",
}
EFFECTIVE_COMPUTE: Final = "effective-compute"
"""The quantity that growth is measured in; a training event may state the one it came to."""

_TOPICS: Final[dict[type, Callable[[str, Any], Topic | None]]] = {
    EvaluationCompleted: lambda _kind, payload: ("evaluation", payload.measure),
    EvaluationPlan: lambda kind, payload: ("plan", payload.id) if kind == "evaluation.planned" else None,
    QuantityMeasured: lambda _kind, payload: ("quantity", payload.quantity),
    DeterminationMade: lambda _kind, payload: ("judged", payload.judged),
    ControlAttested: lambda _kind, payload: ("attested", payload.control),
    ClaimAssessed: lambda _kind, payload: ("argued", payload.claim),
    DocumentActed: lambda kind, payload: (_DOCUMENT_SORTS[kind], payload.document),
    ReviewActed: lambda kind, payload: ("reviewed", payload.document) if kind == "review.received" else None,
    TermRuled: lambda _kind, payload: ("ruled", payload.term),
    GoalGraded: lambda _kind, payload: ("goal", payload.goal),
    GoalRevised: lambda _kind, payload: ("goal", payload.goal),
    PartyNotified: lambda _kind, payload: ("notified", payload.document),
    DutyPerformed: lambda _kind, payload: ("performed", payload.duty),
    ExcuseClaimed: lambda _kind, payload: ("excused", payload.duty),
    IncidentReported: lambda _kind, payload: ("incident", payload.id),
    EvaluationWithdrawn: lambda _kind, _payload: ("withdrawn", ""),
    OtherPayload: lambda _kind, payload: (
        ("quantity", EFFECTIVE_COMPUTE) if EFFECTIVE_COMPUTE in payload.fields else None
    ),
}


def topics_of(kind: str, payload: Payload) -> tuple[Topic, ...]:
    """Return the topics of an event: its kind, and what its payload concerns where that has a name."""
    read = _TOPICS.get(type(payload))
    topic = None if read is None else read(kind, payload)
    return (("kind", kind),) if topic is None else (("kind", kind), topic)
