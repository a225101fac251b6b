"""The ground on which one duty of one span is decided: its conditions at each instant, in the case of what it is for.

Everything is evaluated by the oracle of conditions at the instant asked about, on what is known of the facts by then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from interlock.policy import Burden, Condition, Duty, Happened, Policy, Scope
from interlock.record import Event
from interlock.terms import Quantity, Truth
from interlock.testing.oracle._case import Asked, Case, Interval
from interlock.testing.oracle._conditions import RELEASE, WHEN, Setting, evaluate
from interlock.testing.oracle._evidence import Value, resting_on, unknown
from interlock.testing.oracle._facts import all_values, any_values, matches
from interlock.testing.oracle._knowledge import Knowledge
from interlock.testing.oracle._rulings import ruled
from interlock.testing.oracle._scopes import DutyScope, EventTrigger, trigger_event
from interlock.testing.oracle._since import largest
from interlock.testing.oracle._standing import Book
from interlock.testing.oracle._versions import Span

INSTANT = timedelta(microseconds=1)
"""The least step of time: what holds one instant before an end holds just before it."""
Forced = Mapping[tuple[str, str], str]
"""The reading that is taken as ruled from the beginning, by policy and term."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known, when that was, and what is asked: the duties as of a time.

    `supposed` is a model and the compute that a question supposes it to have at that time. `forced` gives, by policy
    and term, readings to take as ruled from the beginning.
    """

    knowledge: Knowledge
    as_of: datetime
    known_at: datetime
    supposed: tuple[str, Quantity] | None = None
    forced: Forced = field(default_factory=dict)

    def forced_in(self, policy: Policy) -> dict[str, str]:
        """Return the readings to take as ruled in a policy, by term."""
        return {term: reading for (name, term), reading in self.forced.items() if name == policy.id}

    def case(
        self,
        span: Span,
        book: Book | None,
        *,
        model: str = "",
        alone: str | None = None,
        now: datetime | None = None,
        weights: str | None = None,
    ) -> Case:
        """Return the case of a model, at these weights or its newest checkpoint then, or of a developer alone."""
        asked = Asked(
            model=model, action="train", as_of=self.as_of, known_at=self.known_at, weights=None, at_compute=None
        )
        case = Case(
            policy=span.version,
            knowledge=self.knowledge,
            asked=asked,
            model=model,
            weights=None,
            now=now or self.as_of,
            alone=alone,
            book=book,
            forced=self.forced_in(span.version),
        )
        weights = weights or case.newest_checkpoint(model)
        return replace(case, weights=weights, asked=replace(asked, weights=weights))


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One duty of one span; `moments` are the instants at which anything could change."""

    known: Known
    span: Span
    duty: Duty
    moments: Sequence[datetime]
    book: Book
    memo: dict[object, Value] = field(default_factory=dict, compare=False, repr=False)
    windows: dict[object, dict[object, object]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def by_event(self) -> EventTrigger | None:
        """The event of which each occurrence opens an instance, where the trigger is one."""
        return trigger_event(self.duty, self.span.version)

    @property
    def law(self) -> Condition | None:
        """Whom the policy binds, where that matters: what its issuer owes it owes whomever else it binds."""
        return None if self.duty.instances == "issuer" else self.span.version.applies_to

    @property
    def unknown_state(self) -> str:
        """4.5: what a duty is whose trigger or growth is unknown."""
        return "open" if self.span.version.burden is Burden.DEVELOPER else "unknown"

    def instants(self, start: datetime, end: datetime) -> list[datetime]:
        """Return every instant from `start` to `end`, both included, at which anything could change, and `start`."""
        return sorted({start, *(moment for moment in self.moments if start < moment <= end)}) if start <= end else []

    def last(self, now: datetime) -> datetime:
        """Return the last instant up to now that is within the span."""
        end = self.span.end
        return now if end is None or now < end else end - INSTANT

    # Cases

    def cases(self, scope: DutyScope, now: datetime) -> list[Case]:
        """Return the case of each model that exists by then, or that of the developer alone."""
        if not scope.models:
            return [self._case(scope, now, alone=scope.developer)]
        cases = [self._case(scope, now, model=model) for model in scope.models]
        return [case for case in cases if any(event.subject.model == case.model for event in case.events)]

    def _case(self, scope: DutyScope, now: datetime, *, model: str = "", alone: str | None = None) -> Case:
        case = self.known.case(self.span, self.book, model=model, alone=alone, now=now, weights=scope.weights)
        return replace(case, focus=scope.focus, memo=self.windows.setdefault((model, alone), {}))

    # Conditions

    def trigger(self, scope: DutyScope, now: datetime) -> Value:
        """Return what the trigger comes to: `applies-to` and `when`, in the case of some model of the scope."""
        parts = [part for part in (self.law, self.duty.when) if part is not None]
        return self._any("when", scope, now, parts, WHEN)

    def shown_by(self, scope: DutyScope, now: datetime) -> Value:
        """Return what the trigger comes to, where any one event is enough of those that a leaf about events matches."""
        parts = [part for part in (self.law, self.duty.when) if part is not None]
        return self._any("shown", scope, now, parts, WHEN, each_alone=True)

    def event_trigger(self, scope: DutyScope, event: Event, now: datetime) -> Value:
        """Return what an event comes to as a trigger: it matches, and `applies-to` is true.

        Which reading of the trigger counts is what was ruled when the event occurred; no later ruling changes that.
        """
        match = any_values([self._match(case, event) for case in self.cases(scope, event.occurred)])
        law = self.law
        if law is None:
            return match
        return all_values([match, self._any("applies", scope, now, [law], WHEN)])

    def _match(self, case: Case, event: Event) -> Value:
        """Return whether an event is the trigger, in a case at the event's own instant."""
        trigger = self.by_event
        assert trigger is not None
        read = {name: _shows(case, leaf, event) for name, leaf in trigger.leaves.items()}
        # What was ruled of whom the event is about, whoever owes the duty; an event of the world is the developer's.
        about = event.subject.model
        alone = case.developer(case.model) if about is None else None
        case = self.known.case(self.span, self.book, model=about or "", alone=alone, now=event.occurred)
        name = ruled(case, trigger.readings) if trigger.readings is not None else None
        if name is not None:
            return _resting(read[name], event)
        agreed = set(read.values())
        return _resting(agreed.pop(), event) if len(agreed) == 1 else unknown("contested")

    def trigger_events(self, scope: DutyScope) -> list[Event]:
        """Return the events within the span that may be the trigger, as it shows them to the scope."""
        return [
            event
            for event in self.known.knowledge.events
            if event.occurred <= self.known.as_of
            and event.occurred >= scope.begins
            and self.span.holds_at(event.occurred)
            and (not scope.own_events or _is_own(scope, event))
            and any(self._match(case, event).truth is not Truth.FALSE for case in self.cases(scope, event.occurred))
        ]

    def done_when(self, scope: DutyScope, now: datetime) -> Value:
        """Return what `done-when` comes to."""
        parts = [part for part in (self.duty.done_when,) if part is not None]
        return self._any("done", scope, now, parts, RELEASE) if parts else resting_on(Truth.FALSE, [])

    def excused(self, scope: DutyScope, now: datetime) -> bool:
        """Return whether `excused-when` is true."""
        parts = [part for part in (self.duty.excused_when,) if part is not None]
        return bool(parts) and self._any("excused", scope, now, parts, RELEASE).truth is Truth.TRUE

    def extended(self, scope: DutyScope, now: datetime) -> bool:
        """Return whether the condition of the extension is true."""
        parts = [self.duty.extended.when] if self.duty.extended is not None else []
        return bool(parts) and self._any("extended", scope, now, parts, RELEASE).truth is Truth.TRUE

    def _any(
        self,
        role: str,
        scope: DutyScope,
        now: datetime,
        parts: Sequence[Condition],
        setting: Setting,
        *,
        each_alone: bool = False,
    ) -> Value:
        """Return whether all the parts are true in some of the scope's cases."""
        key = (role, scope, now)
        if key not in self.memo:
            alone = each_alone or self.duty.every is not None
            self.memo[key] = any_values(
                [
                    all_values([evaluate(replace(case, each_alone=alone), part, setting) for part in parts])
                    for case in self.cases(scope, now)
                ]
            )
        return self.memo[key]

    # Compute

    def compute(self, scope: DutyScope, now: datetime) -> Interval | None:
        """Return the effective compute: of a lineage or a developer the largest of its models.

        Of a developer with no model that has any, what was measured about the developer itself.
        """
        cases = self.cases(scope, now)
        if not scope.models:
            models = [model for model in cases[0].named_by_events() if cases[0].developer(model) == scope.developer]
            own = [self._compute_of(self._case(scope, now, model=model)) for model in models]
            if any(interval is not None for interval in own):
                return largest([interval for interval in own if interval is not None])
        found = [self._compute_of(case) for case in cases]
        return largest([interval for interval in found if interval is not None])

    def _compute_of(self, case: Case) -> Interval | None:
        """Return the compute of a model; what a question supposes matters only where nothing is left to do it in."""
        supposed = self.known.supposed
        asked = supposed is not None and supposed[0] == case.model and case.now == self.known.as_of
        if supposed is None or not asked or self.duty.within is not None:
            return case.compute_now(case.model)
        return replace(case, asked=replace(case.asked, at_compute=supposed[1])).compute_now(case.model)


def _shows(case: Case, leaf: Happened, event: Event) -> Truth:
    """Return whether an event that a leaf shows to the case is of its kind and matches it."""
    of = Scope.THIS if case.alone is not None and leaf.of is Scope.LINEAGE else leaf.of  # its models are seen too
    if event.kind != leaf.kind or event not in case.visible(of, happenings=True):
        return Truth.FALSE
    return matches(event, leaf)


def _resting(truth: Truth, event: Event) -> Value:
    return unknown("missing") if truth is Truth.UNKNOWN else resting_on(truth, [event])


def _is_own(scope: DutyScope, event: Event) -> bool:
    """Whether an event is about the scope's model, or for a developer's scope about the developer or the world."""
    if scope.models:
        return event.subject.model in scope.models
    return event.subject.model is None and event.subject.developer in (None, scope.developer)
