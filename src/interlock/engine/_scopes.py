"""Scopes: for what a duty has instances, and in which case its conditions are read for each (LANGUAGE 1 `for`, 4.5).

Every scope of one duty that has the same subject stands on one list, since one performance completes the oldest
instance of its subject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from interlock.engine._reading import EACH_DOCUMENT, INCIDENT_KINDS
from interlock.engine._state import ORDER, WORLD, SubjectKey, subject_key
from interlock.engine._timeline import Timeline
from interlock.engine._triggers import Seen, trigger_of
from interlock.policy import Duty, Scope
from interlock.record import DocumentActed, Event, IncidentReported, ModelRegistered, Subject, Topic

if TYPE_CHECKING:
    from interlock.engine._applied import AppliedPolicy

Keeps = Callable[[Topic, Event], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyScope:
    """One model, lineage, developer, deployment, incident or document that a duty is for.

    `timelines` are those its conditions are read in, several for a lineage; it is there from `begins` on. `event` is
    the deployment or submission, `incident` the incident's id.
    """

    name: str
    begins: datetime
    timelines: tuple[Timeline, ...]
    event: Event | None = None
    incident: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutySubject:
    """All scopes of a duty with one subject. `owners` are those whose performances count.

    `triggers` are the events that may open instances where the trigger is an event, about whom `sees` names for each
    reading of it; None for other triggers. From `closes` on nothing opens: a developer stands for its models only while
    it has none.
    """

    subject: Subject
    owners: frozenset[SubjectKey]
    scopes: tuple[DutyScope, ...]
    triggers: tuple[Event, ...] | None = None
    sees: Seen = ()
    closes: datetime | None = None


def subjects_of(applied: AppliedPolicy, duty: Duty) -> list[DutySubject]:
    """Return the subjects of a duty with their scopes, over all that is known."""
    match duty.instances:
        case "each model":
            return [_of_model(applied, duty, model) for model in applied.models()]
        case "each lineage":
            return _lineages(applied, duty)
        case "developer":
            return [_of_developer(applied, duty, developer) for developer in applied.developers()]
        case "issuer":
            return [_of_developer(applied, duty, applied.policy.issuer)]
        case "each deployment":
            return _by_subject(_deployments(applied))
        case "each incident":
            return _by_subject(_incidents(applied))
        case str() as words:
            return _by_subject(_submissions(applied, words.removeprefix(EACH_DOCUMENT)))
        case None:
            return _default(applied, duty)


def _default(applied: AppliedPolicy, duty: Duty) -> list[DutySubject]:
    models = [_of_model(applied, duty, model) for model in applied.models()]
    developers = [_of_developer(applied, duty, developer) for developer in applied.developers()]
    if trigger_of(applied.policy, duty) is not None:
        return [*models, *developers]
    if duty.when is None:
        return models if duty.every is not None and duty.every.growth is not None else developers
    return [*models, *_while_without_models(applied, developers)]


def _while_without_models(applied: AppliedPolicy, developers: Iterable[DutySubject]) -> Iterator[DutySubject]:
    """Yield the developers that had no model when the version came into force, up to when they have one."""
    for developer in developers:
        name = developer.subject.developer
        firsts = (applied.state.models[m].first for m in applied.models() if applied.developer_of(m) == name)
        first = min(firsts, default=None)
        if first is None or first > applied.since:
            yield replace(developer, closes=first)


def _of_model(applied: AppliedPolicy, duty: Duty, model: str) -> DutySubject:
    timeline = applied.newest(model, ships=False)
    scope = DutyScope(name=model, begins=applied.begins(model), timelines=(timeline,))
    own: tuple[SubjectKey, ...] = (("model", model),)
    return _subject(applied, duty, scope, own, subject=Subject(model=model), owners=frozenset(own))


def _of_developer(applied: AppliedPolicy, duty: Duty, developer: str) -> DutySubject:
    timeline = applied.of_developer(developer)
    scope = DutyScope(name=developer, begins=applied.since, timelines=(timeline,))
    own: tuple[SubjectKey, ...] = (("developer", developer), WORLD)
    if duty.instances is not None:
        own = (*own, *(("model", model) for model in applied.models() if applied.developer_of(model) == developer))
    owners = frozenset({("developer", developer)})
    return _subject(applied, duty, scope, own, subject=Subject(developer=developer), owners=owners)


def _sees(
    applied: AppliedPolicy, duty: Duty, own: tuple[SubjectKey, ...], developer: str, of: Scope
) -> frozenset[SubjectKey]:
    """Return about whom events of a scope may open instances for whom `own` names."""
    is_default = duty.instances is None
    subjects = own if is_default else (*own, ("developer", developer), WORLD)
    if not is_default and of is Scope.ANY_MODEL:
        subjects = (*subjects, *(("model", m) for m in applied.models() if applied.developer_of(m) == developer))
    if not is_default and of is Scope.LINEAGE:
        subjects = (*subjects, *_relatives(applied, [name for kind, name in own if kind == "model"]))
    if of is Scope.DEVELOPER:
        return frozenset(subject for subject in subjects if subject == ("developer", developer))
    if of is Scope.WORLD:
        return frozenset(subject for subject in subjects if subject == WORLD)
    return frozenset(subjects)


def _subject(
    applied: AppliedPolicy,
    duty: Duty,
    scope: DutyScope,
    own: tuple[SubjectKey, ...],
    *,
    subject: Subject,
    owners: frozenset[SubjectKey],
) -> DutySubject:
    """Return a subject with one scope, and the events that may open its instances where the trigger is an event."""
    developer = scope.timelines[0].developer
    trigger = trigger_of(applied.policy, duty)
    if trigger is None:
        return DutySubject(subject=subject, owners=owners, scopes=(scope,))
    sees = tuple(_sees(applied, duty, own, developer, leaf.of) for leaf in trigger.leaves)
    found = [
        event
        for key in frozenset[SubjectKey]().union(*sees)
        for topic in trigger.topics
        for event in applied.state.facts.get((key, topic), ())
        if trigger.may_open(event, sees) and applied.is_in_span(event.occurred)
    ]
    # One event may be on two topics that readings name.
    triggers = tuple(sorted({event.index: event for event in found}.values(), key=ORDER))
    return DutySubject(subject=subject, owners=owners, scopes=(scope,), triggers=triggers, sees=sees)


def _lineages(applied: AppliedPolicy, duty: Duty) -> list[DutySubject]:
    members: dict[str, list[str]] = {}
    for model in applied.models():
        members.setdefault(_root(applied, model), []).append(model)
    subjects = []
    for root, models in members.items():
        timelines = tuple(applied.newest(model, ships=False) for model in models)
        scope = DutyScope(name=root, begins=min(map(applied.begins, models)), timelines=timelines)
        own = tuple(("model", model) for model in models)
        subject = _subject(applied, duty, scope, own, subject=Subject(model=root), owners=frozenset(own))
        subjects.append(subject)
    return subjects


def _root(applied: AppliedPolicy, model: str) -> str:
    return _line(applied, model)[-1]


def _line(applied: AppliedPolicy, model: str) -> list[str]:
    """Return the model and its ancestors, as far as they are no circle."""
    line = [model]
    while (parent := _parent(applied, line[-1])) is not None and parent not in line:
        line.append(parent)
    return line


def _relatives(applied: AppliedPolicy, models: Iterable[str]) -> Iterator[SubjectKey]:
    """Yield the ancestors and the descendants of the models."""
    names = set(models)
    for name in names:
        yield from (("model", ancestor) for ancestor in _line(applied, name))
    for known in applied.state.models:
        if not names.isdisjoint(_line(applied, known)):
            yield ("model", known)


def _parent(applied: AppliedPolicy, model: str) -> str | None:
    known = applied.state.models.get(model)
    said = [] if known is None else [event.payload for event in known.registrations]
    return next((payload.parent for payload in said if isinstance(payload, ModelRegistered) and payload.parent), None)


def _by_subject(found: Iterator[tuple[Subject, DutyScope]]) -> list[DutySubject]:
    scopes: dict[Subject, list[DutyScope]] = {}
    for subject, scope in found:
        scopes.setdefault(subject, []).append(scope)
    return [
        DutySubject(subject=subject, owners=frozenset({subject_key(subject)}), scopes=tuple(listed))
        for subject, listed in scopes.items()
    ]


def _deployments(applied: AppliedPolicy) -> Iterator[tuple[Subject, DutyScope]]:
    for model in applied.models():
        for event in applied.state.facts.get((("model", model), ("kind", "model.deployed")), ()):
            if _is_before_end(applied, event):
                timeline = applied.narrowed(model, event.subject.weights, _only_deployment(event))
                yield Subject(model=model), _begun_by(applied, event, event.digest, timeline)


def _is_before_end(applied: AppliedPolicy, event: Event) -> bool:
    return applied.until is None or event.occurred < applied.until


def _begun_by(
    applied: AppliedPolicy, event: Event, name: str, timeline: Timeline, *, incident: str | None = None
) -> DutyScope:
    """Return the scope that an event begins; what an earlier version has seen begin is there from the start."""
    begins = max(applied.since, event.occurred)
    return DutyScope(name=name, begins=begins, timelines=(timeline,), event=event, incident=incident)


def _only_deployment(deployment: Event) -> Keeps:
    return lambda topic, event: topic != ("kind", "model.deployed") or event is deployment


def concerns(applied: AppliedPolicy, event: Event, developer: str) -> bool:
    """Return whether an event about whom the policy binds is about the developer, a model of its, or the world."""
    if event.subject.model is not None:
        return applied.developer_of(event.subject.model) == developer
    return event.subject.developer in {None, developer}


def _firsts(applied: AppliedPolicy, names: Callable[[Event], str], *topics: Topic) -> Iterator[tuple[str, str, Event]]:
    """Yield for each developer each name that the facts on the topics give, with the first fact that gives it."""
    facts = applied.facts(*topics)
    for developer in applied.developers():
        first: dict[str, Event] = {}
        for event in facts:
            if concerns(applied, event, developer):
                first.setdefault(names(event), event)
        for name, event in first.items():
            if _is_before_end(applied, event):
                yield developer, name, event


def _subject_of(event: Event, developer: str) -> Subject:
    """Return whose an event is: its model, else the developer, as are those about the world."""
    return Subject(developer=developer) if event.subject.model is None else Subject(model=event.subject.model)


def _incidents(applied: AppliedPolicy) -> Iterator[tuple[Subject, DutyScope]]:
    topics = [("kind", kind) for kind in INCIDENT_KINDS]
    for developer, name, event in _firsts(applied, _incident_of, *topics):
        keeps = _only_incident(name)
        timeline = applied.narrowed(event.subject.model, None, keeps, developer=developer, of_incident=True)
        yield _subject_of(event, developer), _begun_by(applied, event, name, timeline, incident=name)


def _incident_of(event: Event) -> str:
    return event.payload.id if isinstance(event.payload, IncidentReported) else ""


def _only_incident(id: str) -> Keeps:  # noqa: A002 - the field's name
    def keeps(topic: Topic, event: Event) -> bool:
        is_incident = topic[0] == "kind" and topic[1] in INCIDENT_KINDS
        return not is_incident or (isinstance(event.payload, IncidentReported) and event.payload.id == id)

    return keeps


def _submissions(applied: AppliedPolicy, document: str) -> Iterator[tuple[Subject, DutyScope]]:
    for developer, digest, event in _firsts(applied, _digest_of, ("submitted", document)):
        keeps = _only_digest(document, digest)
        timeline = applied.narrowed(event.subject.model, event.subject.weights, keeps, developer=developer)
        yield _subject_of(event, developer), _begun_by(applied, event, digest, timeline)


def _digest_of(event: Event) -> str:
    return event.payload.digest if isinstance(event.payload, DocumentActed) else ""


def _only_digest(document: str, digest: str) -> Keeps:
    def keeps(_topic: Topic, event: Event) -> bool:
        return event.text_of("document") != document or event.text_of("digest") == digest

    return keeps
