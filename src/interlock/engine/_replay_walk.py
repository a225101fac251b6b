"""The walk of a replay: what was held at each time, on what was recorded by then (LANGUAGE 4.8).

Events join in the order in which they were both so and recorded, timers run out in between, and acts are judged just
before the events of their instant. Only what an event or a due timer touches is evaluated again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from heapq import heappop, heappush
from typing import Final

from interlock.engine._applied import AppliedPolicy
from interlock.engine._case import Case, RestrictionStanding, restriction_named
from interlock.engine._errors import Refused
from interlock.engine._reading import (
    LISTED_EVIDENCE,
    NEW_CHECKPOINT,
    conditions_of,
    duty_restrictions,
    parts_read,
    reads_duties,
    topics_read,
)
from interlock.engine._state import FIRST_INSTANT, State, fold, subject_key
from interlock.engine._timeline import Timeline
from interlock.engine._versions import Span, spans_of
from interlock.policy import Policy, Restriction
from interlock.record import (
    DocumentActed,
    EvaluationCompleted,
    EvaluationWithdrawn,
    Event,
    History,
    Topic,
    history,
)
from interlock.terms import leaf_actions, ships

ACTS: Final[Mapping[str, str | None]] = {
    "training.started": "train",
    "training.continued": "train",
    "weights.stored": "store",
    "weights.shared": "share-weights",
    "weights.released": "release-weights",
    "model.deployed": None,
}
"""The kinds of events that are acts, with their actions; a deployment is its class's."""


def action_of(event: Event) -> str | None:
    """Return the action that an event is an act of, or None where it is none."""
    if event.kind not in ACTS:
        return None
    return ACTS[event.kind] or event.text_of("class")


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """A restriction of a policy over a model, read for actions that ship or for those that do not."""

    policy: str
    model: str
    restriction: str
    ships: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A restriction's state as last evaluated, and when it could change by itself."""

    state: str
    by_default: bool
    since: datetime
    changes_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A restriction that came to another state at an instant; `was` is None for the first."""

    at: datetime
    key: Key
    was: Standing | None
    now: Standing
    policy: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An act with the binding restrictions that were active for it just before it."""

    act: Event
    action: str
    active: tuple[tuple[Policy, RestrictionStanding], ...]
    refused: str | None = None


@dataclass(slots=True)
class Regime:
    """The versions of one policy as the walk knows them, and the one in force."""

    line: Sequence[Policy]
    under: Policy | None
    adoptions: list[Event] = field(default_factory=list)
    current: AppliedPolicy | None = None

    def spans(self, up_to: datetime, first: datetime) -> list[Span]:
        """Return the stretches of time in which versions are in force, by the adoptions known."""
        if self.under is not None:
            return [Span(policy=self.under, since=first, until=None)]
        return spans_of(self.line, self.adoptions, up_to, past_ties=True)


@lru_cache(maxsize=256)
def binding_restrictions(policy: Policy) -> tuple[Restriction, ...]:
    """Return the restrictions that can hold an action, those of overdue duties among them."""
    every = (*policy.restrictions.values(), *duty_restrictions(policy).values())
    return tuple(restriction for restriction in every if restriction.clause.binds)


@lru_cache(maxsize=256)
def forbidden_actions(policy: Policy) -> Mapping[str, tuple[str, ...]]:
    """Return the leaf actions that a policy can hold, with the binding restrictions of each."""
    found: dict[str, list[str]] = {}
    for restriction in binding_restrictions(policy):
        for forbidden in restriction.forbids:
            for action in leaf_actions(forbidden):
                names = found.setdefault(action, [])
                if restriction.id not in names:
                    names.append(restriction.id)
    return {action: tuple(names) for action, names in found.items()}


@lru_cache(maxsize=256)
def readers(policy: Policy) -> Mapping[Topic, tuple[str, ...]]:
    """Return the binding restrictions whose states facts on each topic can change."""
    found: dict[Topic, list[str]] = {}
    for restriction in binding_restrictions(policy):
        conditions = conditions_of(restriction)
        conditions += [p.when for p in policy.permissions.values() if restriction.id in p.lifts]
        conditions += [] if policy.applies_to is None else [policy.applies_to]
        topics = frozenset[Topic]().union(*(topics_read(policy, condition) for condition in conditions))
        for topic in topics:
            found.setdefault(topic, []).append(restriction.id)
    return {topic: tuple(names) for topic, names in found.items()}


@lru_cache(maxsize=256)
def duties_read(policy: Policy) -> tuple[str, ...]:
    """Return the duties on whose instances the states of binding restrictions depend."""
    conditions = [c for restriction in binding_restrictions(policy) for c in conditions_of(restriction)]
    conditions += [permission.when for permission in policy.permissions.values()]
    return tuple(dict.fromkeys(name for part in parts_read(policy, *conditions) for name in reads_duties(part)))


@lru_cache(maxsize=256)
def _duties_span(policy: Policy) -> bool:
    """Return whether an event about one model can change, by way of a duty, what is held of another."""
    duties = (policy.duties[name] for name in duties_read(policy))
    return any(duty.instances not in {None, "each model", "each deployment"} for duty in duties)


@dataclass(slots=True, kw_only=True)
class Walk:
    """A walk through a record: give it the policies and the final history, then run it once.

    `turned` is called with every restriction that changes, `judged` with every act, `began` with every version that
    comes into force as far as was known, and `passed` at every instant at which one does by the final record, with the
    state just before it; all in the order of time.
    """

    lines: Sequence[Sequence[Policy]]
    known: History
    events: Sequence[Event]
    as_of: datetime
    under: Policy | None
    turned: Callable[[Turn], None]
    judged: Callable[[Judged], None]
    began: Callable[[datetime, AppliedPolicy | None, AppliedPolicy], None]
    passed: Callable[[datetime, State], None]
    evaluations: int = 0
    state: State = field(init=False)
    regimes: list[Regime] = field(init=False)
    standings: dict[Key, Standing] = field(default_factory=dict)
    timers: list[tuple[datetime, Key]] = field(default_factory=list)
    dirty: dict[Key, None] = field(default_factory=dict)
    lists_evidence: bool = False

    def __post_init__(self) -> None:
        """Start with nothing recorded."""
        self.state = State(_record(FIRST_INSTANT), brief=True)
        self.regimes = [
            Regime(line=line, under=self.under if self.under is not None and line[0].id == self.under.id else None)
            for line in self.lines
        ]

    # The order of time

    def run(self) -> None:
        """Walk all instants up to `as_of`."""
        joining = sorted(
            (event for event in self.events if _joins(event) <= self.as_of and event.kind != "event.corrected"),
            key=lambda event: (_joins(event), event.occurred, event.index),
        )
        corrections = sorted(
            (event for event in self.events if event.kind == "event.corrected" and event.recorded <= self.as_of),
            key=lambda event: event.recorded,
        )
        acts = [event for event in self.known.events if event.occurred <= self.as_of and action_of(event) is not None]
        adoptions = sorted(
            (e for e in self.events if e.kind == "policy.adopted" and e.recorded <= self.as_of),
            key=lambda event: event.recorded,
        )
        first = min((event.occurred for event in self.events), default=self.as_of)
        moments = sorted({*map(_joins, joining), *(e.occurred for e in acts), *(e.recorded for e in corrections)})
        starts = set(self._starts(first))
        moments = sorted({*moments, *(e.recorded for e in adoptions), *starts})
        join = _Queue(joining, _joins)
        act = _Queue(acts, lambda event: event.occurred)
        correct = _Queue(corrections, lambda event: event.recorded)
        adopt = _Queue(adoptions, lambda event: event.recorded)
        for moment in moments:
            self._run_timers(moment)
            if moment in starts:
                self.passed(moment, self.state)
            self._switch(moment, first)
            for event in act.up_to(moment):
                self._judge(event)
            adopted = list(adopt.up_to(moment))
            if adopted:
                for regime in self.regimes:
                    regime.adoptions += adopted
                self._switch(moment, first)
            corrected = list(correct.up_to(moment))
            joined = list(join.up_to(moment))
            if corrected:
                self._rebuild(moment)
            else:
                self._join(joined)
            self._evaluate(moment)
        self._run_timers(self.as_of)

    def _starts(self, first: datetime) -> Iterator[datetime]:
        """Yield the instants at which versions come into force as the record finally has it."""
        for regime in self.regimes:
            if regime.under is not None:
                yield first
            else:
                yield from (s.since for s in spans_of(regime.line, self.known.events, self.as_of, past_ties=True))

    def _run_timers(self, up_to: datetime) -> None:
        while self.timers and self.timers[0][0] <= up_to:
            due, key = heappop(self.timers)
            standing = self.standings.get(key)
            if standing is not None and standing.changes_at == due:
                self.dirty[key] = None
            if not self.timers or self.timers[0][0] != due:
                self._evaluate(due)

    # What joins

    def _join(self, events: Iterable[Event]) -> None:
        for event in events:
            if event.index not in self.state.record.superseded:
                self._join_one(event)

    def _join_one(self, event: Event) -> None:
        topics = set(event.topics)
        name = event.subject.model
        model = None if name is None else self.state.models.get(name)
        is_new = name is not None and model is None
        if event.subject.weights is not None and (model is None or event.subject.weights not in model.order):
            topics.add(NEW_CHECKPOINT)
        self.lists_evidence |= isinstance(event.payload, DocumentActed) and bool(event.payload.evidence)
        if self.lists_evidence and isinstance(event.payload, EvaluationCompleted | EvaluationWithdrawn):
            topics.add(LISTED_EVIDENCE)
        self._note_in_record(event)
        self.state.join(event)
        touched = frozenset(topics)
        for regime in self.regimes:
            if regime.current is not None:
                self._touch(regime.current, event, touched, is_new=is_new)

    def _note_in_record(self, event: Event) -> None:
        record = self.state.record
        if isinstance(event.payload, EvaluationWithdrawn):
            for index, withdrawals in self.known.withdrawn.items():
                if any(withdrawal.index == event.index for withdrawal in withdrawals):
                    record.withdrawn[index] = (*record.withdrawn.get(index, ()), event)
        if event.index in self.known.evidence:
            record.evidence[event.index] = self.known.evidence[event.index]

    def _touch(self, applied: AppliedPolicy, event: Event, topics: frozenset[Topic], *, is_new: bool) -> None:
        reads_all = applied.spans_models or _duties_span(applied.policy)
        if is_new or event.kind == "model.registered":
            applied.forget(event.subject.model)
        applied.touch(event, topics)
        names = {name for topic in topics for name in readers(applied.policy).get(topic, ())}
        if event.kind == "model.registered":
            names = {restriction.id for restriction in binding_restrictions(applied.policy)}
        if not names:
            return
        for model in self._models(applied) if reads_all else applied.watchers(subject_key(event.subject)):
            if self.state.models[model].registrations:
                self._mark(applied, model, names)

    def _models(self, applied: AppliedPolicy) -> list[str]:
        return [name for name in applied.models() if self.state.models[name].registrations]

    def _mark(self, applied: AppliedPolicy, model: str, names: Iterable[str]) -> None:
        for name in names:
            for ships_it in _ships(applied.policy, name):
                self.dirty[Key(applied.policy.id, model, name, ships_it)] = None

    def _rebuild(self, moment: datetime) -> None:
        """Take in corrections: what is known is put together anew."""
        record = history(self.events, moment)
        self.state = fold(replace(record, events=tuple(e for e in record.events if e.occurred <= moment)))
        self.state.brief = True
        for regime in self.regimes:
            if regime.current is not None:
                now = regime.current
                regime.current = AppliedPolicy(
                    policy=now.policy, state=self.state, since=now.since, until=now.until, earlier=()
                )
                for model in self._models(regime.current):
                    self._mark(regime.current, model, (r.id for r in binding_restrictions(now.policy)))

    # Versions

    def _switch(self, moment: datetime, first: datetime) -> None:
        for regime in self.regimes:
            spans = regime.spans(moment, first)
            now = spans[-1] if spans and spans[-1].since <= moment else None
            current = regime.current
            if now is None or (current is not None and current.policy == now.policy and current.since == now.since):
                continue
            earlier = () if current is None else (*current.earlier, replace(current, until=now.since))
            regime.current = AppliedPolicy(policy=now.policy, state=self.state, since=now.since, earlier=earlier)
            for key in [key for key in self.standings if key.policy == now.policy.id]:
                if key.restriction not in {r.id for r in binding_restrictions(now.policy)}:
                    self._drop(key, moment, now.policy)
            self.began(moment, current, regime.current)
            for model in self._models(regime.current):
                self._mark(regime.current, model, (r.id for r in binding_restrictions(now.policy)))
        self._evaluate(moment)

    def _drop(self, key: Key, moment: datetime, policy: Policy) -> None:
        was = self.standings.pop(key)
        gone = Standing(state="inactive", by_default=False, since=moment, changes_at=None)
        self.turned(Turn(at=moment, key=key, was=was, now=gone, policy=policy))

    # Evaluation

    def _evaluate(self, moment: datetime) -> None:
        if not self.dirty:
            return
        keys, self.dirty = self.dirty, {}
        current = {regime.current.policy.id: regime.current for regime in self.regimes if regime.current is not None}
        cases: dict[tuple[str, str, bool], Case | None] = {}
        for key in sorted(keys):
            applied = current[key.policy]
            place = (key.policy, key.model, key.ships)
            if place not in cases:
                cases[place] = self._case(applied, key, moment)
            self._evaluate_one(key, applied, cases[place], moment)

    @staticmethod
    def _case(applied: AppliedPolicy, key: Key, moment: datetime) -> Case | None:
        """Return the case in which a restriction is read, or None where there is none that can be asked about."""
        try:
            return applied.newest(key.model, ships=key.ships).case(moment)
        except Refused:
            return None

    def _evaluate_one(self, key: Key, applied: AppliedPolicy, case: Case | None, moment: datetime) -> None:
        self.evaluations += 1
        was = self.standings.get(key)
        # What can't be asked is held, and by default.
        state, by_default, changes_at = "active", True, None
        if case is not None:
            with suppress(Refused):
                found = case.restriction(key.restriction)
                state, by_default, changes_at = found.state, found.is_open, found.changes_at
        same = was is not None and (was.state, was.by_default) == (state, by_default)
        since = was.since if was is not None and was.state == state else moment
        now = Standing(state=state, by_default=by_default, since=since, changes_at=changes_at)
        self.standings[key] = now
        if changes_at is not None and changes_at <= self.as_of and (was is None or was.changes_at != changes_at):
            heappush(self.timers, (changes_at, key))
        if not same:
            self.turned(Turn(at=moment, key=key, was=was, now=now, policy=applied.policy))

    def _judge(self, act: Event) -> None:
        action, name = action_of(act), act.subject.model
        if action is None or name is None:
            return
        model = self.state.models.get(name)
        if model is None or not model.registrations:
            self.judged(Judged(act=act, action=action, active=(), refused="its model was not registered"))
            return
        active: list[tuple[Policy, RestrictionStanding]] = []
        bound = False
        for regime in self.regimes:
            applied = regime.current
            if applied is None or name not in applied.models():
                continue
            bound = True
            names = forbidden_actions(applied.policy).get(action, ())
            if names:
                case = self._timeline_of(applied, act, ships(action)).case(act.occurred)
                standings = [case.restriction(one) for one in names]
                self.evaluations += len(standings)
                active += [(applied.policy, standing) for standing in standings if standing.state == "active"]
        refused = None if bound else "no policy in force bound its developer"
        self.judged(Judged(act=act, action=action, active=tuple(active), refused=refused))

    def _timeline_of(self, applied: AppliedPolicy, act: Event, ships_it: bool) -> Timeline:  # noqa: FBT001
        weights, model = act.subject.weights, self.state.models[act.subject.model or ""]
        if weights is None or weights == model.newest:
            return applied.newest(model.id, ships=ships_it)
        return Timeline(
            applied=applied,
            model=model.id,
            developer=applied.developer_of(model.id),
            weights=weights,
            ships=ships_it,
            fleeting=True,
        )


@lru_cache(maxsize=4096)
def _ships(policy: Policy, name: str) -> tuple[bool, ...]:
    """Return whether the restriction forbids actions that ship, actions that do not, or both."""
    actions = [action for forbidden in restriction_named(policy, name).forbids for action in leaf_actions(forbidden)]
    return tuple(dict.fromkeys(ships(action) for action in actions))


def _joins(event: Event) -> datetime:
    """Return when an event is part of what is known to have happened: once it is so and recorded."""
    return max(event.occurred, event.recorded)


def _record(known_at: datetime) -> History:
    return History(known_at=known_at, events=(), given=(), superseded={}, withdrawn={}, evidence={})


@dataclass(slots=True)
class _Queue:
    """Events in the order of an instant of theirs, taken up to a moment at a time."""

    events: Sequence[Event]
    when: Callable[[Event], datetime]
    place: int = 0

    def up_to(self, moment: datetime) -> Iterator[Event]:
        """Yield the events that are next, up to and including those of the moment."""
        while self.place < len(self.events) and self.when(self.events[self.place]) <= moment:
            self.place += 1
            yield self.events[self.place - 1]
