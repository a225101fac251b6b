"""Scopes: for what a duty has instances, and in which case its conditions are read for each (LANGUAGE 1 `for`, 4.5).

Every scope of one duty that has the same subject stands on one list, since one performance completes the oldest
instance of its subject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from interlock.engine._leaves import matches
from interlock.engine._reading import EACH_DOCUMENT, INCIDENT_KINDS
from interlock.engine._state import ORDER, WORLD, SubjectKey, subject_key
from interlock.engine._timeline import Timeline
from interlock.policy import Duty, Happened, Scope
from interlock.record import DocumentActed, Event, IncidentReported, ModelRegistered, Subject, Topic
from interlock.terms import Truth

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

    `triggers` are the events that open instances where the trigger is a bare event leaf, about whom `sees` names; None
    for other triggers. From
    `closes` on nothing opens: a developer stands for its models only while it has none.
    """

    subject: Subject
    owners: frozenset[SubjectKey]
    scopes: tuple[DutyScope, ...]
    triggers: tuple[Event, ...] | None = None
    sees: frozenset[SubjectKey] = frozenset()
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
    if _is_bare_event(duty):
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


def _is_bare_event(duty: Duty) -> bool:
    return isinstance(duty.when, Happened) and duty.every is None


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


def _sees(applied: AppliedPolicy, duty: Duty, own: tuple[SubjectKey, ...], developer: str) -> frozenset[SubjectKey]:
    """Return about whom events may open instances for whom `own` names, where the trigger is a bare event leaf."""
    leaf = duty.when
    if not isinstance(leaf, Happened) or not _is_bare_event(duty):
        return frozenset()
    is_default = duty.instances is None
    subjects = own if is_default else (*own, ("developer", developer), WORLD)
    if not is_default and leaf.of in {Scope.LINEAGE, Scope.ANY_MODEL}:
        subjects = (*subjects, *(("model", model) for model in applied.models()))
    if leaf.of is Scope.DEVELOPER:
        return frozenset(subject for subject in subjects if subject == ("developer", developer))
    if leaf.of is Scope.WORLD:
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
    sees, leaf = _sees(applied, duty, own, developer), duty.when
    if not isinstance(leaf, Happened) or not _is_bare_event(duty):
        return DutySubject(subject=subject, owners=owners, scopes=(scope,))
    found = [
        event
        for key in sees
        for event in applied.state.facts.get((key, ("kind", leaf.kind)), ())
        if matches(event, leaf) is not Truth.FALSE and applied.is_in_span(event.occurred)
    ]
    triggers = tuple(sorted(found, key=ORDER))
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
    seen = [model]
    while (parent := _parent(applied, seen[-1])) is not None and parent not in seen:
        seen.append(parent)
    return seen[-1]


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
            if applied.is_in_span(event.occurred):
                timeline = applied.narrowed(model, event.subject.weights, _only_deployment(event))
                yield (
                    Subject(model=model),
                    DutyScope(name=event.digest, begins=event.occurred, timelines=(timeline,), event=event),
                )


def _only_deployment(deployment: Event) -> Keeps:
    return lambda topic, event: topic != ("kind", "model.deployed") or event is deployment


def _incidents(applied: AppliedPolicy) -> Iterator[tuple[Subject, DutyScope]]:
    first: dict[str, Event] = {}
    for event in applied.facts(*(("kind", kind) for kind in INCIDENT_KINDS)):
        if isinstance(event.payload, IncidentReported):
            first.setdefault(event.payload.id, event)
    for id, event in first.items():  # noqa: A001 - the field's name
        if applied.is_in_span(event.occurred):
            subject, keeps = applied.owner(event), _only_incident(id)
            timeline = applied.narrowed(subject.model, None, keeps, developer=subject.developer)
            yield (
                subject,
                DutyScope(name=id, begins=event.occurred, timelines=(timeline,), event=event, incident=id),
            )


def _only_incident(id: str) -> Keeps:  # noqa: A002 - the field's name
    def keeps(topic: Topic, event: Event) -> bool:
        is_incident = topic[0] == "kind" and topic[1] in INCIDENT_KINDS
        return not is_incident or (isinstance(event.payload, IncidentReported) and event.payload.id == id)

    return keeps


def _submissions(applied: AppliedPolicy, document: str) -> Iterator[tuple[Subject, DutyScope]]:
    seen: set[str] = set()
    for event in applied.facts(("submitted", document)):
        digest = event.payload.digest if isinstance(event.payload, DocumentActed) else ""
        if digest in seen or not applied.is_in_span(event.occurred):
            continue
        seen.add(digest)
        subject, keeps = applied.owner(event), _only_digest(document, digest)
        timeline = applied.narrowed(subject.model, event.subject.weights, keeps, developer=subject.developer)
        yield subject, DutyScope(name=digest, begins=event.occurred, timelines=(timeline,), event=event)


def _only_digest(document: str, digest: str) -> Keeps:
    def keeps(_topic: Topic, event: Event) -> bool:
        return event.text_of("document") != document or event.text_of("digest") == digest

    return keeps
