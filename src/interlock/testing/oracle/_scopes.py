"""For what a duty has instances: models, lineages, developers, deployments, incidents and documents (1 and 4.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from interlock.policy import Condition, Duty, Happened, Policy, Readings, TermHolds
from interlock.record import Event
from interlock.testing.oracle._case import Case, Focus
from interlock.testing.oracle._policy_conditions import term_condition
from interlock.testing.oracle._standing import Whose
from interlock.testing.oracle._versions import Span


@dataclass(frozen=True, kw_only=True)
class DutyScope:
    """One thing that a duty is for.

    `name` names its instances, `begins` is when it comes to be, `models` are those of which its conditions are asked
    (none: of the developer alone), `rank` says which of two scopes comes first. `weights` is the digest that its
    conditions are about where that is not the newest checkpoint. From `closes` on nothing new opens for it.
    `own_events`: it sees only the trigger events that are about whose it is.
    """

    name: str
    whose: Whose
    begins: datetime
    developer: str
    models: tuple[str, ...] = ()
    focus: Focus | None = None
    weights: str | None = None
    rank: tuple[datetime, datetime, int] | None = None
    closes: datetime | None = None
    own_events: bool = False

    @property
    def order(self) -> tuple[object, ...]:
        """What puts scopes in order: when the event they come from occurred and was recorded, then the name."""
        return (self.rank or (self.begins, self.begins, 0), self.name)


@dataclass(frozen=True, kw_only=True)
class EventTrigger:
    """The event of which each occurrence opens an instance; or readings, each of which is one: by their names.

    `readings` are those whose rulings decide between them; None where the text has one reading.
    """

    leaves: Mapping[str, Happened]
    readings: Readings | None = None


def trigger_event(duty: Duty, policy: Policy) -> EventTrigger | None:
    """Return the event of which each occurrence opens an instance of its own, where the trigger is one.

    A term that stands for an event is that event, and so are readings that are all events.
    """
    special = duty.instances is not None and duty.instances.startswith(
        ("each deployment", "each incident", "each document")
    )
    if special or duty.every is not None or duty.when is None:
        return None
    trigger = _stands_for(policy, duty.when)
    if isinstance(trigger, Happened):
        return EventTrigger(leaves={"": trigger})
    if not isinstance(trigger, Readings):
        return None
    read = {name: _stands_for(policy, part) for name, part in trigger.readings}
    leaves = {name: leaf for name, leaf in read.items() if isinstance(leaf, Happened)}
    return EventTrigger(leaves=leaves, readings=trigger) if len(leaves) == len(read) else None


def _stands_for(policy: Policy, condition: Condition) -> Condition:
    """Return what a condition is that is a term alone, about whom and how old whatever else does not say."""
    while isinstance(condition, TermHolds) and condition == TermHolds(term=condition.term):
        condition = term_condition(policy, condition.term)
    return condition


def scopes_of(duty: Duty, span: Span, case: Case) -> list[DutyScope]:
    """Return all that a duty is for by `case.now`, of what is known then."""
    match (duty.instances or _default(duty, case.policy)).split():
        case ["each", "model"]:
            return list(_models(case))
        case ["each", "lineage"]:
            return list(_lineages(case))
        case ["developer"]:
            return list(_developers(case, span))
        case ["issuer"]:
            issuer = case.policy.issuer
            own = Whose(kind="developer", name=issuer)
            return [DutyScope(name=issuer, whose=own, begins=span.start, developer=issuer)]
        case ["each", "deployment"]:
            return list(_deployments(case))
        case ["each", "incident"]:
            return list(_incidents(case))
        case ["each", "document", document]:
            return list(_documents(case, document))
        case ["subject"]:
            return [*_models(case, own_events=True), *_developers(case, span, own_events=True)]
        case _:
            return [*_models(case), *_developers_without_models(case, span)]


def _default(duty: Duty, policy: Policy) -> str:
    """1: by default the trigger's subject; without a trigger each model if compute matters, else the developer."""
    if trigger_event(duty, policy) is not None:
        return "subject"
    if duty.when is not None:
        return "each model or developer"
    return "each model" if duty.every is not None and duty.every.growth is not None else "developer"


def bound_models(case: Case) -> list[str]:
    """Return the models named by events that the policy binds: its issuer's, or any that `applies-to` may bind."""
    law = case.policy.applies_to is not None
    return [model for model in case.named_by_events() if law or case.developer(model) == case.policy.issuer]


def bound_developers(case: Case) -> list[str]:
    """Return the issuer, or for a law the developers of registered models."""
    if case.policy.applies_to is None:
        return [case.policy.issuer]
    return sorted({case.developer(model) for model in case.registered_models()})


def _first(events: Sequence[Event], model: str) -> datetime:
    return min(event.occurred for event in events if event.subject.model == model)


def _models(case: Case, *, own_events: bool = False) -> Iterator[DutyScope]:
    for model in bound_models(case):
        yield DutyScope(
            name=model,
            whose=Whose(kind="model", name=model),
            begins=_first(case.events, model),
            developer=case.developer(model),
            models=(model,),
            own_events=own_events,
        )


def _lineages(case: Case) -> Iterator[DutyScope]:
    roots = {model: case.path(model)[0] for model in bound_models(case)}
    for root in sorted(set(roots.values())):
        models = tuple(model for model, its_root in roots.items() if its_root == root)
        yield DutyScope(
            name=root,
            whose=Whose(kind="lineage", name=root),
            begins=min(_first(case.events, model) for model in models),
            developer=case.developer(root),
            models=models,
        )


def _developers(case: Case, span: Span, *, own_events: bool = False) -> Iterator[DutyScope]:
    for developer in bound_developers(case):
        yield DutyScope(
            name=developer,
            whose=Whose(kind="developer", name=developer),
            begins=span.start,
            developer=developer,
            own_events=own_events,
        )


def _developers_without_models(case: Case, span: Span) -> Iterator[DutyScope]:
    """Yield the developer's scope, in which nothing opens any more once it has a model."""
    for scope in _developers(case, span):
        firsts = [_first(case.events, m) for m in bound_models(case) if case.developer(m) == scope.developer]
        yield DutyScope(
            name=scope.name,
            whose=scope.whose,
            begins=scope.begins,
            developer=scope.developer,
            closes=min(firsts, default=None),
        )


def _deployments(case: Case) -> Iterator[DutyScope]:
    bound = bound_models(case)
    for event in case.events:
        if event.kind == "model.deployed" and event.subject.model in bound:
            yield _of_event(case, event, event.digest, Focus(kind="deployment", named=event.index), case.policy.issuer)


def _incidents(case: Case) -> Iterator[DutyScope]:
    """Yield for each developer each incident that is about it, one of its models or the world."""
    developers = {*bound_developers(case), *(case.developer(model) for model in bound_models(case))}
    for developer in sorted(developers):
        concerning = [event for event in case.events if concerns(case, event, developer)]
        reports = [event for event in concerning if event.kind.startswith("incident.")]
        for incident in dict.fromkeys(event.text_of("id") for event in reports):
            earliest = next(event for event in reports if event.text_of("id") == incident)
            if incident is not None:
                yield _of_event(case, earliest, incident, Focus(kind="incident", named=incident), developer)


def _documents(case: Case, document: str) -> Iterator[DutyScope]:
    developers = {*bound_developers(case), *(case.developer(model) for model in bound_models(case))}
    for developer in sorted(developers):
        submissions = [
            event
            for event in case.events
            if event.kind == "document.submitted"
            and event.text_of("document") == document
            and concerns(case, event, developer)
        ]
        for digest in dict.fromkeys(event.text_of("digest") for event in submissions):
            earliest = next(event for event in submissions if event.text_of("digest") == digest)
            if digest is not None:
                focus = Focus(kind="document", named=digest, document=document)
                yield _of_event(case, earliest, digest, focus, developer)


def concerns(case: Case, event: Event, developer: str) -> bool:
    """Return whether an event is about the developer, one of its models or the world."""
    if event.subject.model is not None:
        return event.subject.model in bound_models(case) and case.developer(event.subject.model) == developer
    return event.subject.developer in (None, developer)


def _of_event(case: Case, event: Event, name: str, focus: Focus, developer: str) -> DutyScope:
    """Return the scope that an event begins; one about the world is the developer's."""
    model = event.subject.model
    return DutyScope(
        name=name,
        whose=Whose(kind="developer", name=developer) if model is None else Whose(kind="model", name=model),
        begins=event.occurred,
        developer=developer if model is None else case.developer(model),
        models=() if model is None else (model,),
        focus=focus,
        weights=event.subject.weights if focus.kind == "deployment" else None,
        rank=(event.occurred, event.recorded, event.index),
    )


def issuer_of(policy: Policy) -> Whose:
    """Return the developer that a policy without any instance is answered for."""
    return Whose(kind="developer", name=policy.issuer)
