"""The walk of a replay: what was held at each time, on what was recorded by then (LANGUAGE 4.8).

Events join in the order in which they were both so and recorded, timers run out in between, and acts are judged just
before the events of their instant. Only what an event or a due timer touches is evaluated again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from operator import attrgetter

from interlock.engine._applied import AppliedPolicy
from interlock.engine._case import Case
from interlock.engine._disputes import Rulings, assumed_for
from interlock.engine._errors import Refused
from interlock.engine._item_standings import RestrictionStanding
from interlock.engine._reading import (
    LISTED_EVIDENCE,
    NEW_CHECKPOINT,
    WITHDRAWN,
)
from interlock.engine._replay_order import Order, Queue
from interlock.engine._replay_readers import (
    binding_restrictions,
    duties_read,
    duties_span,
    forbidden_actions,
    readers,
    ways_read,
)
from interlock.engine._replay_runs import TRAIN, Run, action_of, goes_on
from interlock.engine._replay_versions import Regime
from interlock.engine._state import FIRST_INSTANT, State, fold, subject_key
from interlock.engine._timeline import Timeline
from interlock.engine._trace import earliest
from interlock.engine._versions import spans_of
from interlock.policy import Policy
from interlock.record import (
    DocumentActed,
    EvaluationCompleted,
    EvaluationWithdrawn,
    Event,
    History,
    Topic,
    history,
)
from interlock.terms import ships


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """A restriction of a policy over a model, read for actions that ship or for those that do not.

    It is read at the model's newest checkpoint, or at the one with which an action that is `going_on` was last done.
    """

    policy: str
    model: str
    restriction: str
    ships: bool
    going_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A restriction's state as last evaluated, and when it could change by itself."""

    state: str
    by_default: bool
    changes_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A restriction that came to another state at an instant; `was` is None for the first.

    `by_event` says whether what was recorded at that instant turned it, of which an act at that instant is not judged,
    or the time that had come.
    """

    at: datetime
    by_event: bool
    key: Key
    was: Standing | None
    now: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """A version that came into force at an instant, as far as was known then, or None where it couldn't be told."""

    at: datetime
    by_event: bool
    policy: str
    was: Policy | None
    now: Policy | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An act with the binding restrictions that were active for it just before it."""

    act: Event
    action: str
    active: tuple[tuple[Policy, RestrictionStanding], ...]
    refused: str | None = None


@dataclass(slots=True, kw_only=True)
class Walk:
    """A walk through a record: give it the policies and the final history, then run it once.

    `turned` is called with every restriction that changes, `judged` with every act, `succeeded` with every version that
    comes into force as far as was known, and `passed` at every instant at which one does by the final record, with the
    state just before it; all in the order of time. `first` is from when a version under which it is replayed is in
    force.
    """

    lines: Sequence[Sequence[Policy]]
    known: History
    events: Sequence[Event]
    first: datetime
    as_of: datetime
    under: Policy | None
    runs: Sequence[Run]
    turned: Callable[[Turn], None]
    judged: Callable[[Judged], None]
    succeeded: Callable[[Succession], None]
    passed: Callable[[datetime, State], None]
    rulings: Rulings = field(default_factory=dict)
    evaluations: int = 0
    order: Order = field(init=False)
    state: State = field(init=False)
    regimes: list[Regime] = field(init=False)
    standings: dict[Key, Standing] = field(default_factory=dict)
    timers: list[tuple[datetime, Key]] = field(default_factory=list)
    dirty: dict[Key, None] = field(default_factory=dict)
    going_on: dict[str, dict[str, str | None]] = field(default_factory=dict)
    """By model and action the weights digest with which an action that goes on was last done; not of training."""
    lists_evidence: bool = False
    by_event: bool = False
    """Whether what is evaluated now follows from what was recorded at this very instant."""

    def __post_init__(self) -> None:
        """Start with nothing recorded."""
        nothing = History(known_at=FIRST_INSTANT, events=(), given=(), superseded={}, withdrawn={}, evidence={})
        self.state = State(nothing, brief=True)
        self.order = Order(self.events, self.as_of)
        self.regimes = [
            Regime(
                line=line,
                under=self.under if self._is_under(line) else None,
                first=self.first,
                rulings=assumed_for(line[0].id, self.rulings),
            )
            for line in self.lines
        ]

    def _is_under(self, line: Sequence[Policy]) -> bool:
        return self.under is not None and line[0].id == self.under.id

    # The order of time

    def run(self) -> None:
        """Walk all instants up to `as_of`."""
        done = [event for event in self.known.events if event.occurred <= self.as_of and action_of(event) is not None]
        acts, starts = Queue(done, attrgetter("occurred")), set(self._starts())
        ends = self._ends()
        for moment in sorted({*self.order.moments(), *(event.occurred for event in done), *starts, *ends}):
            self._pass_time(moment)
            if moment in starts:
                self.passed(moment, self.state)
            for event in acts.up_to(moment):
                self._judge(event)
                self._follow(event)
            self._evaluate(moment)
            self.by_event = True
            for run in ends.get(moment, ()):
                self._follow_no_longer(run, moment)
            self._take_in(moment)
        self._pass_time(self.as_of)

    def _ends(self) -> dict[datetime, list[Run]]:
        """Return by instant what ends then and does not begin anew at that very instant."""
        begun = {(run.model, run.action, run.start) for run in self.runs if run.end is None or run.start < run.end}
        found: dict[datetime, list[Run]] = {}
        for run in self.runs:
            if run.end is not None and (run.model, run.action, run.end) not in begun:
                found.setdefault(run.end, []).append(run)
        return found

    def _starts(self) -> Iterator[datetime]:
        """Yield the instants at which versions come into force as the record finally has it."""
        for line in self.lines:
            if not self._is_under(line):
                yield from (span.since for span in spans_of(line, self.known.events, self.as_of, past_ties=True))

    def _pass_time(self, up_to: datetime) -> None:
        """Let time pass: versions come into force, and what could change by itself is looked at when it could."""
        self.by_event = False
        while (due := self._next_due()) is not None and due <= up_to:
            while self.timers and self.timers[0][0] == due:
                _, key = heappop(self.timers)
                standing = self.standings.get(key)
                if standing is not None and standing.changes_at == due:
                    self.dirty[key] = None
            self._advance(due)
            self._evaluate(due)

    def _next_due(self) -> datetime | None:
        timer = self.timers[0][0] if self.timers else None
        return earliest((timer, *(regime.changes_at for regime in self.regimes)))

    # What joins

    def _take_in(self, moment: datetime) -> None:
        """Take in what becomes known at the moment."""
        joined, adopted = list(self.order.joining.up_to(moment)), list(self.order.adopting.up_to(moment))
        if moment in self.order.anew:
            self._put_together(moment)
        else:
            superseded = self.state.record.superseded
            standing = [event for event in adopted if event.index not in superseded]
            for regime in self.regimes if standing else ():
                regime.know((*regime.adoptions, *standing))
            for event in joined:
                if event.index not in superseded:
                    self._join(event, moment)
        self._advance(moment)
        self._evaluate(moment)

    def _join(self, event: Event, moment: datetime) -> None:
        name = event.subject.model
        model = None if name is None else self.state.models.get(name)
        topics = set(event.topics)
        if model is None or model.is_first_to_name(event):
            topics |= set() if event.subject.weights is None else {NEW_CHECKPOINT}
        self.lists_evidence |= isinstance(event.payload, DocumentActed) and bool(event.payload.evidence)
        if self.lists_evidence and isinstance(event.payload, EvaluationCompleted | EvaluationWithdrawn):
            topics.add(LISTED_EVIDENCE)
        is_first = name is not None and (model is None or event.occurred < model.first)
        self._note_in_record(event)
        self.state.join(event)
        for regime in self.regimes:
            if regime.current is not None:
                self._touch(regime.current, event, frozenset(topics), is_first=is_first)
                if event.kind == "model.registered":
                    self._drop_unbound(regime.current, event.subject.model or "", moment)

    def _note_in_record(self, event: Event) -> None:
        record, uncorrected = self.state.record, self.order.uncorrected
        for index in self.order.withdrawn_by.get(event.index, ()):
            known = record.withdrawn.get(index, ())
            if event not in known:
                record.withdrawn[index] = (*known, event)
        if event.index in uncorrected.evidence and event.index not in record.evidence:
            record.evidence[event.index] = uncorrected.evidence[event.index]

    def _touch(self, applied: AppliedPolicy, event: Event, topics: frozenset[Topic], *, is_first: bool) -> None:
        """Look again at what the event may change; with `is_first` it is the first that is about its model."""
        policy, name = applied.policy, event.subject.model
        if is_first or event.kind == "model.registered":
            applied.forget(name)
        applied.touch(event, topics)
        names = {restriction for topic in topics for restriction in readers(policy).get(topic, ())}
        # What an earlier version left overdue holds on while the duty stands, by what that version reads.
        earlier = tuple({one.policy for one in applied.earlier})
        left = {restriction for one in earlier for topic in topics for restriction in readers(one).get(topic, ())}
        names |= left & {restriction.id for restriction in binding_restrictions(policy)}
        spans = applied.spans_models or duties_span(policy, *earlier)
        spans = spans or WITHDRAWN in topics or LISTED_EVIDENCE in topics
        if event.kind == "model.registered" or (is_first and duties_read(policy)):
            # What is asked of a model, or of a developer that has none, counts from the first event about it.
            names = {restriction.id for restriction in binding_restrictions(policy)}
            spans = spans or (bool(duties_read(policy)) and self._is_earliest(applied, name))
        if not names:
            return
        for model in self._models(applied) if spans else applied.watchers(subject_key(event.subject)):
            if self.state.models[model].registrations:
                self._mark(applied, model, names)

    def _is_earliest(self, applied: AppliedPolicy, name: str | None) -> bool:
        """Return whether no model that the policy binds was there before this one."""
        return next(iter(applied.models()), None) == name

    def _models(self, applied: AppliedPolicy) -> list[str]:
        return [name for name in applied.models() if self.state.models[name].registrations]

    def _mark(self, applied: AppliedPolicy, model: str, names: Iterable[str]) -> None:
        self.dirty |= dict.fromkeys(key for name in names for key in self._keys(applied.policy, model, name))

    def _keys(self, policy: Policy, model: str, name: str) -> Iterator[Key]:
        """Yield the keys under which a restriction is read for a model."""
        yield from (Key(policy.id, model, name, one) for one in ways_read(policy, name))
        for action in self.going_on.get(model, ()):
            if name in forbidden_actions(policy).get(action, ()):
                yield Key(policy.id, model, name, ships(action), action)

    def _follow(self, act: Event) -> None:
        """Follow what holds the action from now on, at the checkpoint with which it is done."""
        action, name = action_of(act), act.subject.model
        if name is None or action is None or action == TRAIN or not goes_on(action):
            return
        model = self.state.models.get(name)
        newest = None if model is None else model.newest
        self.going_on.setdefault(name, {})[action] = act.subject.weights or newest
        if model is None or not model.registrations:
            return
        for applied in (regime.current for regime in self.regimes):
            if applied is not None and applied.binds(name):
                for restriction in forbidden_actions(applied.policy).get(action, ()):
                    self.dirty[Key(applied.policy.id, name, restriction, ships(action), action)] = None

    def _follow_no_longer(self, run: Run, moment: datetime) -> None:
        going_on = self.going_on.get(run.model, {})
        if run.action not in going_on:
            return
        for key in [key for key in self._keys_held(run.model) if key.going_on == run.action]:
            self._drop(key, moment)
        del going_on[run.action]

    def _keys_held(self, model: str) -> list[Key]:
        """Return the keys under which something was found of a model."""
        current = (regime.current for regime in self.regimes)
        policies = [one.policy for one in current if one is not None]
        names = ((policy, restriction.id) for policy in policies for restriction in binding_restrictions(policy))
        return [key for policy, name in names for key in self._keys(policy, model, name) if key in self.standings]

    def _put_together(self, moment: datetime) -> None:
        """Put together anew what is known."""
        record = history(self.events, moment)
        self.state = fold(record, moment)
        self.state.brief = True
        self.lists_evidence |= bool(record.evidence)
        for regime in self.regimes:
            regime.know(event for event in record.events if event.kind == "policy.adopted")

    # Versions

    def _advance(self, moment: datetime) -> None:
        """Take in which versions are in force at the moment, as far as is known."""
        for regime in self.regimes:
            before = regime.current
            if regime.changes_at is None or regime.changes_at > moment or not regime.advance(moment, self.state):
                continue
            was, now = (None if one is None else one.policy for one in (before, regime.current))
            if was is not now:
                self.succeeded(Succession(at=moment, by_event=self.by_event, policy=regime.id, was=was, now=now))
            self._renew(regime, moment)

    def _renew(self, regime: Regime, moment: datetime) -> None:
        """Look again at all that the policy holds, and at no more than that."""
        wanted: set[Key] = set()
        if regime.current is not None:
            names = [restriction.id for restriction in binding_restrictions(regime.current.policy)]
            for model in self._models(regime.current):
                wanted |= {key for name in names for key in self._keys(regime.current.policy, model, name)}
        for key in [key for key in self.standings if key.policy == regime.id and key not in wanted]:
            self._drop(key, moment)
        self.dirty = {key: None for key in self.dirty if key.policy != regime.id} | dict.fromkeys(wanted)

    def _drop_unbound(self, applied: AppliedPolicy, model: str, moment: datetime) -> None:
        """Drop what was held of a model whose registration, as it is known now, says that another developer's it is."""
        if applied.binds(model):
            return
        for key in [key for key in self._keys_held(model) if key.policy == applied.policy.id]:
            self._drop(key, moment)

    def _drop(self, key: Key, moment: datetime) -> None:
        was = self.standings.pop(key)
        self.dirty.pop(key, None)
        gone = Standing(state="inactive", by_default=False, changes_at=None)
        self.turned(Turn(at=moment, by_event=self.by_event, key=key, was=was, now=gone))

    # Evaluation

    def _evaluate(self, moment: datetime) -> None:
        if not self.dirty:
            return
        keys, self.dirty = self.dirty, {}
        current = {regime.id: regime.current for regime in self.regimes if regime.current is not None}
        cases: dict[tuple[str, str, bool, str], Case | None] = {}
        for key in sorted(keys):
            place = (key.policy, key.model, key.ships, key.going_on)
            if place not in cases:
                cases[place] = self._case(current[key.policy], key, moment)
            self._evaluate_one(key, cases[place], moment)

    def _case(self, applied: AppliedPolicy, key: Key, moment: datetime) -> Case | None:
        """Return the case in which a restriction is read, or None where there is none that can be asked about."""
        timeline = applied.newest(key.model, ships=key.ships)
        if key.going_on:
            timeline = applied.timeline(key.model, self.going_on[key.model][key.going_on], ships=key.ships)
        try:
            return timeline.case(moment)
        except Refused:
            return None

    def _evaluate_one(self, key: Key, case: Case | None, moment: datetime) -> None:
        self.evaluations += 1
        was = self.standings.get(key)
        # What can't be asked is held, and by default.
        state, by_default, changes_at = "active", True, None
        if case is not None:
            with suppress(Refused):
                found = case.restriction(key.restriction)
                state, by_default, changes_at = found.state, found.is_open, found.changes_at
        now = Standing(state=state, by_default=by_default, changes_at=changes_at)
        self.standings[key] = now
        if changes_at is not None and changes_at <= self.as_of and (was is None or was.changes_at != changes_at):
            heappush(self.timers, (changes_at, key))
        if was is None or (was.state, was.by_default) != (state, by_default):
            self.turned(Turn(at=moment, by_event=self.by_event, key=key, was=was, now=now))

    def _judge(self, act: Event) -> None:
        action, name = action_of(act), act.subject.model
        if action is None or name is None:
            return
        model = self.state.models.get(name)
        if model is None or not model.registrations:
            self.judged(Judged(act=act, action=action, active=(), refused="its model was not registered"))
            return
        active: list[tuple[Policy, RestrictionStanding]] = []
        refused: str | None = "no policy in force bound its developer"
        for applied in (regime.current for regime in self.regimes):
            if applied is not None and applied.binds(name):
                try:
                    standings = self._standings_for(applied, act, action)
                except Refused as error:
                    refused = str(error)
                    break
                refused = None
                active += [(applied.policy, standing) for standing in standings if standing.state == "active"]
        self.judged(Judged(act=act, action=action, active=tuple(active), refused=refused))

    def _standings_for(self, applied: AppliedPolicy, act: Event, action: str) -> list[RestrictionStanding]:
        names = forbidden_actions(applied.policy).get(action, ())
        case = self._timeline_of(applied, act, ships(action)).case(act.occurred)
        self.evaluations += len(names)
        return [case.restriction(name) for name in names]

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
