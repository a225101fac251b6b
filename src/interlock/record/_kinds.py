"""The kinds of events: whom each may be about, its fields with their readers, and what it is built into.

The table of LANGUAGE 3.1, row by row. An event is checked against its kind alone, never against a policy.
Additions: `document.submitted` may list in `evidence` the evaluations that it rests on, and state in `schedule` when
duties are due as agreed; `duty.performed` and `excuse.claimed` may name the `instance` they are about;
`evaluation.planned` may state in `ahead` how its bound scales by a margin of effective compute.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from interlock.record._fields import Fields
from interlock.record._payloads import (
    ClaimAssessed,
    ControlAttested,
    DeterminationMade,
    DocumentActed,
    DutyPerformed,
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
    ReviewActed,
    RoleAssigned,
    TermRuled,
)
from interlock.record._plans import ahead_bounds
from interlock.record._problems import At
from interlock.record._results import RESULT_FIELDS, check_interval, result_of
from interlock.record._values import (
    Reader,
    choice,
    day_or_instant_as_stated,
    deployment_class,
    digest,
    effort,
    hazard,
    instant,
    label,
    label_or_number,
    list_of,
    map_of,
    name,
    quantity,
    reference,
    reference_or_event,
    text,
    trials,
    truth,
    truth_or_labels,
)

MODEL: Final = frozenset({"model"})
DEVELOPER: Final = frozenset({"developer"})
ANYONE: Final = frozenset({"model", "developer", "world"})
_DEVELOPER_OR_WORLD: Final = ANYONE - MODEL
_MODEL_OR_DEVELOPER: Final = ANYONE - {"world"}

CORRECTION: Final = "event.corrected"
EVALUATION: Final = "evaluation.completed"

Build = Callable[[Mapping[str, Any], At], Payload | None]
"""Takes the fields of an event, with None for one that could not be read; returns None where a problem forbids it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table; `fields` is None where the data may be any object."""

    about: frozenset[str]
    fields: Fields | None
    build: Build


def _into(payload: Callable[..., Payload]) -> Build:
    """Return the building of a type whose fields are named as the event's are."""

    def build(fields: Mapping[str, Any], _at: At) -> Payload | None:
        stated = {name.replace("-", "_"): value for name, value in fields.items()}
        return None if None in stated.values() else payload(**stated)

    return build


def _other(fields: Mapping[str, Any], _at: At) -> Payload | None:
    return OtherPayload(fields=dict(fields))


def _quantity_measured(fields: Mapping[str, Any], at: At) -> Payload | None:
    check_interval("value", fields, at)
    return _into(QuantityMeasured)(fields, at)


def _evaluation_completed(fields: Mapping[str, Any], at: At) -> Payload | None:
    result = result_of(fields, at)
    stated = {name: value for name, value in fields.items() if name not in RESULT_FIELDS}
    return None if result is None else _into(EvaluationCompleted)({**stated, "result": result}, at)


def _kind(
    build: Build,
    about: frozenset[str] = ANYONE,
    *,
    optional: Mapping[str, Reader] | None = None,
    **required: Reader,
) -> Kind:
    """Return a row; a required field whose name is a word of Python ends in `_`, and `_` within one stands for `-`."""
    fields = {field.rstrip("_").replace("_", "-"): reader for field, reader in required.items()}
    return Kind(about, Fields(fields, optional or {}), build)


_POLICY_NAMED: Final = _kind(
    _into(PolicyNamed), _DEVELOPER_OR_WORLD, policy=name, version=label, optional={"digest": digest}
)
_PLANNED: Final = {"suite-digest": digest, "trials": trials, "stopping": text, "due": instant}


def _plan(optional: Mapping[str, Reader]) -> Kind:
    return _kind(_into(EvaluationPlan), MODEL, id=name, measure=name, suite=name, optional=optional)


_ACTED: Final = {"sections": list_of(label), "redacted": truth_or_labels, "coverage": text}
_DOCUMENT: Final = _kind(_into(DocumentActed), document=name, digest=digest, optional=_ACTED)
_REVIEW: Final = _kind(
    _into(ReviewActed), document=name, digest=digest, optional={"endorses": choice("yes", "no", "not-asked")}
)
_TRAINING: Final = _kind(_other, MODEL, optional={"effective-compute": quantity})
_WEIGHTS: Final = _kind(_other, MODEL)
_DEPLOYMENT: Final = _kind(_other, MODEL, class_=deployment_class)
_INCIDENT: Final = _kind(_into(IncidentReported), id=name, kind=name, optional={"severity": label_or_number})

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "policy.published": _POLICY_NAMED,
        "policy.adopted": _POLICY_NAMED,
        "role.assigned": _kind(_into(RoleAssigned), _DEVELOPER_OR_WORLD, role=name, holder=label),
        "model.registered": _kind(_into(ModelRegistered), MODEL, optional={"parent": name, "developer": label}),
        "quantity.measured": _kind(
            _quantity_measured,
            quantity=name,
            value=quantity,
            optional={"lower": quantity, "upper": quantity, "estimator": text},
        ),
        "evaluation.planned": _plan({**_PLANNED, "ahead": ahead_bounds}),
        "evaluation.started": _plan(_PLANNED),
        EVALUATION: _kind(
            _evaluation_completed,
            MODEL,
            measure=name,
            suite=name,
            optional={"plan": name, "elicitation": list_of(name), "log": digest, **RESULT_FIELDS},
        ),
        "evaluation.withdrawn": _kind(
            _into(EvaluationWithdrawn),
            MODEL,
            evaluation=reference,
            reason=text,
            optional={"replaced-by": reference},
        ),
        "determination.made": _kind(_into(DeterminationMade), judged=name, value=truth, optional={"dissent": text}),
        "claim.assessed": _kind(
            _into(ClaimAssessed),
            claim=name,
            state=choice("supported", "unsupported", "defeated"),
            optional={"case": label},
        ),
        "control.attested": _kind(
            _into(ControlAttested),
            _MODEL_OR_DEVELOPER,
            control=name,
            value=truth,
            optional={"effort": effort, "outcome": name, "expires": instant},
        ),
        "document.submitted": _kind(
            _into(DocumentActed),
            document=name,
            digest=digest,
            optional={**_ACTED, "evidence": list_of(reference), "schedule": map_of(name, day_or_instant_as_stated)},
        ),
        "document.approved": _DOCUMENT,
        "document.rejected": _DOCUMENT,
        "document.published": _DOCUMENT,
        "party.notified": _kind(_into(PartyNotified), party=name, document=name, optional={"digest": digest}),
        "review.requested": _REVIEW,
        "review.received": _REVIEW,
        "duty.performed": _kind(_into(DutyPerformed), duty=name, optional={"instance": label}),
        "excuse.claimed": _kind(
            _into(ExcuseClaimed), duty=name, reason=text, optional={"until": instant, "instance": label}
        ),
        "training.started": _TRAINING,
        "training.continued": _TRAINING,
        "training.paused": _TRAINING,
        "weights.stored": _WEIGHTS,
        "weights.deleted": _WEIGHTS,
        "weights.shared": _WEIGHTS,
        "weights.released": _WEIGHTS,
        "model.deployed": _DEPLOYMENT,
        "model.withdrawn": _DEPLOYMENT,
        "permission.invoked": _kind(_other, _MODEL_OR_DEVELOPER, permission=name, reason=text),
        "incident.suspected": _INCIDENT,
        "incident.discovered": _INCIDENT,
        "incident.determined": _INCIDENT,
        "competitor.reported": _kind(_other, what=text, optional={"hazard": hazard, "source": text}),
        "term.ruled": _kind(_into(TermRuled), term=name, reading=name, reason=text),
        "goal.graded": _kind(_into(GoalGraded), DEVELOPER, goal=name, grade=label_or_number, reason=text),
        "goal.revised": _kind(_into(GoalRevised), DEVELOPER, goal=name, by=day_or_instant_as_stated, reason=text),
        "reply.made": _kind(_other, to=label, text=text),
        CORRECTION: _kind(_into(EventCorrected), event=reference, reason=text, by=reference_or_event),
        "decision.recorded": Kind(ANYONE, None, _other),
    }
)
"""The rows of the table by the kind's name."""

EVENT_KINDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {kind: frozenset() if row.fields is None else row.fields.names for kind, row in KINDS.items()}
)
"""The names of the data fields of each kind of event."""
