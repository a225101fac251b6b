"""The record: events, each checked against its kind, and what was known of them at a time.

Events are facts about models, developers and the world, on lines of JSON or in YAML. A history is what a record says at
a time of knowledge: corrections applied, in the order of what happened. Knows no policy.

>>> from interlock.record import history, read_events
>>> from interlock.terms import parse_instant
>>> line = b'{"event": "training.started", "occurred": "2025-03-01T12:00:00Z", "subject": {"model": "halcyon-4"}}'
>>> events = read_events([("events.jsonl", line)])
>>> [event.kind for event in history(events, parse_instant("2025-03-02T00:00:00Z")).events]
['training.started']
>>> history(events, parse_instant("2025-02-01T00:00:00Z")).events
()
"""

from __future__ import annotations

from interlock.record._event_nodes import read_event_nodes
from interlock.record._events import Event, Subject
from interlock.record._files import read_events
from interlock.record._history import History, history
from interlock.record._kinds import EVENT_KINDS
from interlock.record._payloads import (
    AheadBound,
    ClaimAssessed,
    Cluster,
    Clusters,
    ControlAttested,
    Counts,
    DeterminationMade,
    DocumentActed,
    DutyPerformed,
    Estimate,
    EvaluationCompleted,
    EvaluationPlan,
    EvaluationWithdrawn,
    EventCorrected,
    ExcuseClaimed,
    GoalGraded,
    GoalRevised,
    IncidentReported,
    ModelRegistered,
    OtherPayload,
    PartyNotified,
    Payload,
    PolicyNamed,
    QuantityMeasured,
    Reference,
    ReviewActed,
    RoleAssigned,
    TermRuled,
)
from interlock.record._reader import read_event
from interlock.record._topics import Topic

__all__ = [
    "EVENT_KINDS",
    "AheadBound",
    "ClaimAssessed",
    "Cluster",
    "Clusters",
    "ControlAttested",
    "Counts",
    "DeterminationMade",
    "DocumentActed",
    "DutyPerformed",
    "Estimate",
    "EvaluationCompleted",
    "EvaluationPlan",
    "EvaluationWithdrawn",
    "Event",
    "EventCorrected",
    "ExcuseClaimed",
    "GoalGraded",
    "GoalRevised",
    "History",
    "IncidentReported",
    "ModelRegistered",
    "OtherPayload",
    "PartyNotified",
    "Payload",
    "PolicyNamed",
    "QuantityMeasured",
    "Reference",
    "ReviewActed",
    "RoleAssigned",
    "Subject",
    "TermRuled",
    "Topic",
    "history",
    "read_event",
    "read_event_nodes",
    "read_events",
]
