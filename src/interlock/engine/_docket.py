"""Dockets: the instances of a duty through time, stepped from one instant that touches them to the next.

A docket is kept for each subject of a duty within the span in which its version is in force. Stepping it opens
instances when triggers become true and periods end, and completes them; what an instance comes to at a time (due,
overdue, excused …) is read off it by `_standing`. All rules are those of LANGUAGE 4.5 and 9.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from interlock.engine._combination import Use
from interlock.engine._docket_step import Step
from interlock.engine._duty_results import GrowthReading
from interlock.engine._freshness import Interval
from interlock.engine._growth_clock import compute_of, growth_reading, largest
from interlock.engine._reading import ISSUER, LISTED_EVIDENCE, WITHDRAWN, topics_of_duty, topics_read
from interlock.engine._rulings import ruling_on
from interlock.engine._scopes import DutyScope, DutySubject, subjects_of
from interlock.engine._sheet import Cycle, Sheet
from interlock.engine._state import LAST_INSTANT, ORDER, subject_key
from interlock.engine._timeline import Course
from interlock.engine._trace import earliest
from interlock.engine._triggers import trigger_of
from interlock.policy import (
    AllOf,
    Condition,
    Duty,
)
from interlock.record import Event, Topic
from interlock.terms import Period, Truth

if TYPE_CHECKING:
    from interlock.engine._applied import AppliedPolicy

MOST_SHEETS: Final = 256
"""So many sheets of a docket are kept, the latest of them."""


@dataclass(slots=True, kw_only=True)
class Courses:
    """The conditions of a duty followed in one scope. `trigger` is None where nothing has to become true."""

    trigger: Course | None
    done: Course | None
    excused: Course | None
    extended: Course | None

    def all(self) -> Iterable[Course]:
        """Return those that are there."""
        return (course for course in (self.trigger, self.done, self.excused, self.extended) if course is not None)


@dataclass(slots=True)
class DutyTrack:
    """All dockets of a duty, within the span in which the policy's version is in force."""

    applied: AppliedPolicy
    duty: Duty
    dockets: list[Docket] = field(init=False)

    def __post_init__(self) -> None:
        """Open a docket for each subject."""
        self.dockets = [
            Docket(applied=self.applied, duty=self.duty, subject=subject)
            for subject in subjects_of(self.applied, self.duty)
        ]

    def touch(self, event: Event, topics: frozenset[Topic]) -> bool:
        """Take in an event that has joined the state; return False where it may have brought a subject of its own."""
        read = topics_of_duty(self.applied.policy, self.duty)
        if topics.isdisjoint(read):
            return True
        if self.duty.instances not in {None, "each model", "each lineage", "developer", "issuer"}:
            return False
        for docket in self.dockets:
            docket.take_in(event, topics)
        return True


@dataclass(slots=True, kw_only=True)
class Docket:
    """The instances of a duty for one subject, through time as far as it was followed."""

    applied: AppliedPolicy
    duty: Duty
    subject: DutySubject
    courses: list[Courses] = field(init=False)
    instants: list[datetime] = field(init=False)
    performed: list[Event] = field(init=False)
    triggers: dict[datetime, list[Event]] = field(init=False)
    times: list[datetime] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    is_cut: bool = False
    ends: dict[tuple[datetime | None, datetime | None, int], datetime | None] = field(default_factory=dict)
    references: dict[tuple[str, datetime], Interval | None] = field(default_factory=dict)
    """The effective computes that growth is measured from, by scope and instant."""

    def __post_init__(self) -> None:
        """Follow the duty's conditions in every scope, and note what completes it."""
        self.courses = [self._courses(scope) for scope in self.subject.scopes]
        topics = topics_of_duty(self.applied.policy, self.duty)
        instants = {scope.begins for scope in self.subject.scopes}
        instants |= set() if self.subject.closes is None else {self.subject.closes}
        for scope in self.subject.scopes:
            for timeline in scope.timelines:
                instants.update(timeline.instants(topics))
        facts = self.applied.state.facts
        found = [
            event for owner in self.subject.owners for event in facts.get((owner, ("performed", self.duty.id)), ())
        ]
        self.performed = sorted(found, key=lambda event: (event.occurred, event.recorded, event.index))
        self.triggers = {}
        for event in self.subject.triggers or ():
            if event.occurred >= self.subject.scopes[0].begins:
                self.triggers.setdefault(event.occurred, []).append(event)
        instants.update((*(event.occurred for event in self.performed), *self.triggers))
        self.instants = sorted(instants)

    def _courses(self, scope: DutyScope) -> Courses:
        duty = self.duty
        applies_to = None if duty.instances == ISSUER else self.applied.policy.applies_to
        trigger = applies_to if self.subject.triggers is not None else duty.when
        if trigger is not None and applies_to is not None and trigger is not applies_to:
            trigger = AllOf(parts=(applies_to, trigger))
        elif trigger is None:
            trigger = applies_to

        def follow(condition: Condition | None, use: Use) -> Course | None:
            if condition is None:
                return None
            topics = topics_read(self.applied.policy, condition)
            instants = sorted({i for timeline in scope.timelines for i in timeline.instants(topics)})
            return Course(condition, use, scope.timelines, topics, instants, scope.begins)

        return Courses(
            trigger=follow(trigger, Use.RESTRICTING),
            done=follow(duty.done_when, Use.RELEASING),
            excused=follow(duty.excused_when, Use.RELEASING),
            extended=follow(None if duty.extended is None else duty.extended.when, Use.RELEASING),
        )

    def opened_by(self, event: Event) -> Truth:
        """Return whether an event opens an instance, as read at its own instant."""
        trigger = trigger_of(self.applied.policy, self.duty)
        if trigger is None:
            return Truth.UNKNOWN
        if trigger.readings is None:
            return trigger.value(event, None, self.subject.sees)
        model = event.subject.model
        if model is None:
            timeline = self.applied.of_developer(self.subject.scopes[0].timelines[0].developer)
        else:
            timeline = self.applied.newest(model, ships=False)
        ruled = ruling_on(timeline.case(event.occurred), trigger.readings).reading
        return trigger.value(event, ruled, self.subject.sees)

    # Through time

    def take_in(self, event: Event, topics: frozenset[Topic]) -> None:
        """Take in an event that has joined the state and that may concern it."""
        key, duty = subject_key(event.subject), self.duty
        concerned = any(key in timeline.subjects() for scope in self.subject.scopes for timeline in scope.timelines)
        if key in self.subject.owners and ("performed", duty.id) in topics:
            insort(self.performed, event, key=ORDER)
            concerned = True
        trigger = trigger_of(self.applied.policy, duty)
        if self.subject.triggers is not None and trigger is not None and not topics.isdisjoint(trigger.topics):
            in_time = self.applied.is_in_span(event.occurred) and event.occurred >= self.subject.scopes[0].begins
            if in_time and trigger.may_open(event, self.subject.sees):
                self.triggers.setdefault(event.occurred, []).append(event)
                concerned = True
        if not (concerned or WITHDRAWN in topics or LISTED_EVIDENCE in topics):
            return
        place = bisect_left(self.instants, event.occurred)
        if place == len(self.instants) or self.instants[place] != event.occurred:
            self.instants.insert(place, event.occurred)
        for course in (course for courses in self.courses for course in courses.all()):
            if not topics.isdisjoint(course.topics):
                course.touch(event.occurred)
        self.touch(event.occurred)

    def at(self, instant: datetime) -> Sheet:
        """Return the docket after all that happened up to the instant."""
        while (due := self._next()) is not None and due <= instant:
            before = self.sheets[-1] if self.sheets else Sheet()
            self.sheets.append(Step(self, before, due).sheet())
            self.times.append(due)
            if len(self.times) > MOST_SHEETS:
                del self.times[: MOST_SHEETS // 2]
                del self.sheets[: MOST_SHEETS // 2]
                self.is_cut = True
        if self.is_cut and instant < self.times[0]:
            # So long ago is seldom asked: it is stepped again from the beginning.
            return Docket(applied=self.applied, duty=self.duty, subject=self.subject).at(instant)
        place = bisect_right(self.times, instant) - 1
        return self.sheets[place] if place >= 0 else Sheet()

    def next_after(self, instant: datetime, *, certain: bool = False) -> datetime | None:
        """Return when, with no further event, an instance could open or be completed after the instant.

        With `certain` the periods whose instances would only be in doubt for want of an event are left out.
        """
        sheet = self.at(instant)
        if certain:
            cycles = {place: cycle for place, cycle in sheet.cycles.items() if not self._is_in_doubt(place, instant)}
            sheet = replace(sheet, cycles=cycles)
        return earliest((*self._timers(sheet, instant),))

    def _is_in_doubt(self, place: int, at: datetime) -> bool:
        """Return whether the trigger is unknown and nothing but an event can settle it."""
        trigger = self.courses[place].trigger
        return trigger is not None and trigger.value(at) is Truth.UNKNOWN and trigger.changes_at(at) is None

    def touch(self, instant: datetime) -> None:
        """Take in that an event it reads occurred then: it is stepped again from there on."""
        place = bisect_left(self.times, instant)
        del self.times[place:]
        del self.sheets[place:]
        self.is_cut = self.is_cut and place > 0
        self.references = {key: then for key, then in self.references.items() if key[1] < instant}

    def _next(self) -> datetime | None:
        if not self.times:
            return self.instants[0] if self.instants else None
        last = self.times[-1]
        following = bisect_right(self.instants, last)
        recorded = self.instants[following] if following < len(self.instants) else None
        return earliest((recorded, *self._timers(self.sheets[-1], last)))

    def _timers(self, sheet: Sheet, after: datetime) -> Iterable[datetime]:
        until = self.applied.until
        if until is not None and until > after:
            yield until
        for course in (course for courses in self.courses for course in (courses.trigger, courses.done) if course):
            changes_at = course.changes_at(after)
            if changes_at is not None and changes_at > after:
                yield changes_at
        for cycle in sheet.cycles.values():
            end = self.period_end(cycle)
            if cycle.running and end is not None and end > after:
                yield end

    # What a step reads

    @property
    def is_scheduled(self) -> bool:
        """Whether periods follow a fixed schedule, which the later of two clocks can't."""
        every = self.duty.every
        if every is None or every.time is None or every.anchor != "schedule":
            return False
        return every.whichever == "first" or every.growth is None

    def period_end(self, cycle: Cycle) -> datetime | None:
        """Return when the running period is over by time."""
        key = (cycle.start, cycle.first, cycle.index)
        if key not in self.ends:
            if len(self.ends) > MOST_SHEETS:
                self.ends.clear()
            self.ends[key] = self._period_end(cycle)
        return self.ends[key]

    def _period_end(self, cycle: Cycle) -> datetime | None:
        every, calendar = self.duty.every, self.applied.policy.calendar
        if every is None or every.time is None or cycle.start is None or cycle.first is None:
            return None
        if self.is_scheduled:
            length = Period((cycle.index + 1) * every.time.number, every.time.unit)
            end = calendar.end_of_period(cycle.first, length)
        else:
            end = calendar.end_of_period(cycle.start, every.time)
        # The last instant of the calendar stands for all that is beyond it: such a period has no end.
        return None if end == LAST_INSTANT else end

    def growth(self, scope: DutyScope, cycle: Cycle, at: datetime) -> GrowthReading | None:
        """Return how far the growth clock of the running period is; None where there is none."""
        every, since = self.duty.every, cycle.completed or cycle.first
        if every is None or every.growth is None or since is None:
            return None
        key = (scope.name, since)
        if key not in self.references:
            self.references[key] = self._compute(scope, since)
        return growth_reading(self.references[key], self._compute(scope, at), since, every.growth)

    def _compute(self, scope: DutyScope, at: datetime) -> Interval | None:
        timelines = scope.timelines
        if not timelines[0].model:
            models = [m for m in self.applied.models() if self.applied.developer_of(m) == timelines[0].developer]
            timelines = tuple(self.applied.newest(model, ships=False) for model in models)
        there = (one for one in timelines if one.view(at).model(one.model) is not None)
        return largest([compute_of(one, at) for one in there])
