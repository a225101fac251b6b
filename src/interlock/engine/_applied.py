"""Policies applied: one version over the facts known, with the timelines of all that it speaks of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from interlock.engine._case import Case
from interlock.engine._docket import DutyTrack
from interlock.engine._reading import ISSUER, LISTED_EVIDENCE, REGISTRATION, WITHDRAWN, leaves_of, reads_duties
from interlock.engine._scopes import Keeps
from interlock.engine._state import FIRST_INSTANT, ORDER, WORLD, Model, State, SubjectKey, subject_key
from interlock.engine._timeline import NO_MODEL, Timeline
from interlock.engine._versions import spans_of
from interlock.policy import Growth, Leaf, Policy, Ratio, Scope
from interlock.record import Event, History, Topic

_OF_ONE = ("each model", "each deployment")
"""What duties may be for that concerns a single model."""


@dataclass(slots=True, kw_only=True)
class AppliedPolicy:
    """A policy version over a state, in force from `since` until `until` (None: with no end known).

    `earlier` are the versions of the same policy that were in force before it.
    """

    policy: Policy
    state: State
    since: datetime = FIRST_INSTANT
    until: datetime | None = None
    rulings: Mapping[str, str] = field(default_factory=dict)
    """Readings that are assumed to be ruled from the beginning, by the name of the disputed text."""
    earlier: tuple[AppliedPolicy, ...] = ()
    timelines: dict[tuple[str, str | None, bool, bool], Timeline] = field(default_factory=dict)
    duties: dict[str, DutyTrack] = field(default_factory=dict)
    watching: dict[SubjectKey, list[str]] = field(default_factory=dict)
    reading: dict[SubjectKey, list[Timeline]] = field(default_factory=dict)

    @property
    def spans_models(self) -> bool:
        """Whether some leaf of the policy looks at other models than the one asked about and its ancestors."""
        return _spans_models(self.policy)

    def is_in_span(self, instant: datetime) -> bool:
        """Return whether the version is in force at the instant."""
        return self.since <= instant and (self.until is None or instant < self.until)

    # Whom it speaks of

    def developer_of(self, model: str) -> str:
        """Return the developer of a model: as registered, else the issuer of the policy."""
        known = self.state.models.get(model)
        return self.policy.issuer if known is None or known.developer is None else known.developer

    def binds(self, model: str) -> bool:
        """Return whether the policy binds the developer of a model."""
        return self.policy.applies_to is not None or self.developer_of(model) == self.policy.issuer

    def models(self) -> list[str]:
        """Return the models that some event is about and that the policy binds, in the order of their first event."""
        bound = (model for model in self.state.models.values() if self.binds(model.id))
        return [model.id for model in sorted(bound, key=lambda model: (model.first, model.id))]

    def developers(self) -> list[str]:
        """Return the developers that the policy binds: its issuer, or with `applies-to` those of registered models."""
        if self.policy.applies_to is None:
            return [self.policy.issuer]
        registered = (model for model in self.models() if self.state.models[model].registrations)
        return list(dict.fromkeys(self.developer_of(model) for model in registered))

    def issuers(self) -> tuple[SubjectKey, ...]:
        """Return the issuer, where it owes duties of its own whomever the policy binds; nobody else."""
        owes = any(duty.instances == ISSUER for duty in self.policy.duties.values())
        return (("developer", self.policy.issuer),) if owes else ()

    def begins(self, model: str) -> datetime:
        """Return the first instant at which the version can ask something of the model."""
        return max(self.since, self.state.models[model].first)

    def facts(self, *topics: Topic) -> list[Event]:
        """Return the facts on these topics about whom the policy binds and about the world, as they happened."""
        subjects: list[SubjectKey] = [WORLD, *(("developer", developer) for developer in self.developers())]
        subjects += [one for one in self.issuers() if one not in subjects]
        subjects += [("model", model) for model in self.models()]
        found = [
            event for subject in subjects for topic in topics for event in self.state.facts.get((subject, topic), ())
        ]
        return sorted(found, key=ORDER)

    # Timelines

    def case(self, timeline: Timeline, at: datetime) -> Case:
        """Return the case of a timeline at an instant."""
        view = timeline.view(at)
        model = view.model(timeline.model) or Model(timeline.model, developer=timeline.developer)
        weights = model.newest if timeline.newest else timeline.weights
        return Case(
            policy=self.policy,
            view=view,
            model=model,
            weights=weights,
            ships=timeline.ships,
            at=at,
            timeline=timeline,
            rulings=self.rulings,
        )

    def timeline(self, model: str, weights: str | None, *, ships: bool) -> Timeline:
        """Return the timeline of a checkpoint of a model."""
        return self._timeline(model, weights, newest=False, ships=ships)

    def newest(self, model: str, *, ships: bool) -> Timeline:
        """Return the timeline of a model at whatever its newest checkpoint is at each instant."""
        return self._timeline(model, None, newest=True, ships=ships)

    def of_developer(self, developer: str) -> Timeline:
        """Return the timeline of a developer by itself."""
        key = (NO_MODEL, developer, False, False)
        if key not in self.timelines:
            self.timelines[key] = self._added(Timeline(applied=self, model=NO_MODEL, developer=developer))
        return self.timelines[key]

    def narrowed(
        self,
        model: str | None,
        weights: str | None,
        keeps: Keeps,
        *,
        developer: str | None = None,
        of_incident: bool = False,
    ) -> Timeline:
        """Return a timeline of the model, or of the developer by itself, that sees only what `keeps` lets through."""
        if model is None:
            return Timeline(applied=self, model=NO_MODEL, developer=developer or self.policy.issuer, keeps=keeps)
        return Timeline(
            applied=self,
            model=model,
            developer=self.developer_of(model),
            weights=weights,
            newest=weights is None,
            keeps=keeps,
            of_incident=of_incident,
        )

    def duty(self, name: str) -> DutyTrack:
        """Return the instances of a duty through time."""
        if name not in self.duties:
            self.duties[name] = DutyTrack(self, self.policy.duties[name])
        return self.duties[name]

    # What joins

    def watchers(self, subject: SubjectKey) -> list[str]:
        """Return the models whose timelines read facts about the subject."""
        if subject not in self.watching:
            models = self.models()
            self.watching[subject] = [m for m in models if subject in self.newest(m, ships=False).subjects()]
        return self.watching[subject]

    def touch(self, event: Event, topics: frozenset[Topic]) -> None:
        """Take in an event that has joined the state: what reads it is looked at again from its instant on."""
        for one in (*self.earlier, self):
            one._touch(event, topics)  # noqa: SLF001 - of this class

    def _touch(self, event: Event, topics: frozenset[Topic]) -> None:
        subject = subject_key(event.subject)
        reads_all = self.spans_models or WITHDRAWN in topics or LISTED_EVIDENCE in topics
        for timeline in self.timelines.values() if reads_all else self._reading(subject):
            timeline.touch(topics, event.occurred)
        if REGISTRATION in topics:
            self.state.computes.clear()
        for name, track in list(self.duties.items()):
            if not track.touch(event, topics):
                del self.duties[name]

    def _reading(self, subject: SubjectKey) -> list[Timeline]:
        """Return the timelines that read facts about the subject."""
        if subject not in self.reading:
            self.reading[subject] = [one for one in self.timelines.values() if subject in one.subjects()]
        return self.reading[subject]

    def _added(self, timeline: Timeline) -> Timeline:
        """Take in a timeline that there was not before."""
        for subject in timeline.subjects():
            if subject in self.reading:
                self.reading[subject].append(timeline)
        return timeline

    def forget(self, model: str | None) -> None:
        """Forget the timelines whose path the registration of a model may have changed."""
        for one in (*self.earlier, self):
            one._forget(model)  # noqa: SLF001 - of this class

    def _forget(self, model: str | None) -> None:
        for key in [
            key for key, timeline in self.timelines.items() if key[0] == model or self._descends(timeline, model)
        ]:
            del self.timelines[key]
        for timeline in self.timelines.values():
            timeline.forget_subjects()
        self.watching.clear()
        self.reading.clear()
        self.duties.clear()

    def _descends(self, timeline: Timeline, model: str | None) -> bool:
        return model is not None and ("model", model) in timeline.subjects()

    def _timeline(self, model: str, weights: str | None, *, newest: bool, ships: bool) -> Timeline:
        key = (model, weights, newest, ships)
        if key not in self.timelines:
            timeline = Timeline(
                applied=self,
                model=model,
                developer=self.developer_of(model),
                weights=weights,
                newest=newest,
                ships=ships,
            )
            self.timelines[key] = self._added(timeline)
        return self.timelines[key]


def applied_line(
    line: Sequence[Policy],
    known: History,
    state: State,
    as_of: datetime,
    *,
    past_ties: bool = False,
    rulings: Mapping[str, str] | None = None,
) -> list[AppliedPolicy]:
    """Return each stretch in which a version of one policy is in force, applied to a state, that began by `as_of`.

    `rulings` are readings assumed to be ruled from the beginning.
    """
    found: list[AppliedPolicy] = []
    for span in spans_of(line, known.events, as_of, past_ties=past_ties):
        earlier = tuple(found)
        found.append(
            AppliedPolicy(
                policy=span.policy,
                state=state,
                since=span.since,
                until=span.until,
                rulings=rulings or {},
                earlier=earlier,
            )
        )
    return found


@lru_cache(maxsize=256)
def _spans_models(policy: Policy) -> bool:
    return any(leaf.of in {Scope.LINEAGE, Scope.ANY_MODEL} or _reads_others(policy, leaf) for leaf in leaves_of(policy))


def _reads_others(policy: Policy, leaf: Leaf) -> bool:
    """Return whether the leaf reads a duty that events about other models may open or complete."""
    if isinstance(leaf, Ratio) or (isinstance(leaf, Growth) and leaf.against != "this"):
        return True
    return any(policy.duties[name].instances not in {None, *_OF_ONE} for name in reads_duties(leaf))
