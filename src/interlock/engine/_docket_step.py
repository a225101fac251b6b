"""Steps of a docket: what opens and what is completed at one instant, openings before completions (LANGUAGE 4.5, 9)."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from interlock.engine._due import INSTANT_BEFORE, due_of
from interlock.engine._duty_results import GrowthReading
from interlock.engine._growth_clock import is_over
from interlock.engine._scopes import DutyScope
from interlock.engine._sheet import GROWTH_UNKNOWN, TRIGGER_UNKNOWN, Cycle, Instance, Run, Sheet
from interlock.engine._state import FIRST_INSTANT
from interlock.engine._timeline import ANY_OF_LINEAGE, Course
from interlock.engine._trace import Node
from interlock.engine._windows import new_support
from interlock.policy import (
    AllOf,
    AnyOf,
    AtLeast,
    Done,
    Elapsed,
    Growth,
    Happened,
    Not,
    Notified,
    Overdue,
    Published,
    Ratio,
    RuledOut,
)
from interlock.record import DutyPerformed, Event
from interlock.terms import Truth, all_of, any_of

if TYPE_CHECKING:
    from interlock.engine._docket import Docket


def known_since(node: Node, value: Truth) -> datetime | None:
    """Return the first instant by which enough was recorded to give the node its value; None where none need be."""
    match node.about:
        case Not():
            return known_since(node.parts[0], ~value)
        case AllOf() | AnyOf() | AtLeast():
            giving = sorted(known_since(part, value) or FIRST_INSTANT for part in node.parts if part.value is value)
            needed = 1 if isinstance(node.about, AnyOf) is (value is Truth.TRUE) else len(node.parts)
            if isinstance(node.about, AtLeast):
                number = node.about.number
                needed = number if value is Truth.TRUE else len(node.parts) - number + 1
            return giving[needed - 1] if len(giving) >= needed else None
        case Done() | Overdue() | Elapsed() | Growth():
            return None
        case Happened() | Published() | Notified():
            return min((event.recorded for event in node.evidence), default=None)
        case _ if _is_any_of_models(node):
            giving = sorted(known_since(part, value) or FIRST_INSTANT for part in node.parts if part.value is value)
            return giving[0 if value is Truth.TRUE else -1] if giving else None
        case _ if node.evidence or not node.parts:
            return max((event.recorded for event in node.evidence), default=None)
        case _:
            known = [since for part in node.parts if (since := known_since(part, part.value)) is not None]
            return max(known, default=None)


def _is_any_of_models(node: Node) -> bool:
    """Return whether the node says that something is true of any of several models, each with a part of its own."""
    if isinstance(node.about, RuledOut) or not node.parts:
        return False
    return (
        node.about == ANY_OF_LINEAGE
        or isinstance(node.about, Ratio)
        or all(part.about is node.about for part in node.parts)
    )


def _rests_on_new(node: Node, since: datetime) -> bool:
    """Return whether the node is true by evidence all of which is newer; of a lineage that about one model suffices."""
    nodes = node.parts if node.about == ANY_OF_LINEAGE else (node,)
    return any(new_support(one, since, Truth.TRUE, any_event=True) for one in nodes)


@dataclass(slots=True)
class Step:
    """One step of a docket: what happens at an instant, openings before completions."""

    docket: Docket
    before: Sheet
    at: datetime
    instances: dict[int, Instance] = field(init=False)
    runs: dict[int, Run] = field(init=False)
    cycles: dict[int, Cycle] = field(init=False)
    number: int = field(init=False)

    def __post_init__(self) -> None:
        """Start from the sheet before."""
        self.instances, self.number = dict(self.before.instances), self.before.number
        self.runs, self.cycles = dict(self.before.runs), dict(self.before.cycles)

    def sheet(self) -> Sheet:
        """Return the sheet after this instant."""
        docket, until = self.docket, self.docket.applied.until
        if until is not None and self.at >= until:
            if not self.docket.times or self.docket.times[-1] < until:
                self._supersede(until)
        elif docket.subject.closes is not None and self.at >= docket.subject.closes:
            for place in range(len(docket.subject.scopes)):
                self._drop_doubtful(place)
            self._stop()
        elif docket.subject.triggers is not None:
            self._note_trigger_events()
        else:
            for place, scope in enumerate(docket.subject.scopes):
                if scope.begins <= self.at:
                    self._open(place, scope)
        self._complete()
        before = self.before
        return Sheet(
            instances=before.instances if self.instances == before.instances else self.instances,
            number=self.number,
            runs=before.runs if self.runs == before.runs else self.runs,
            cycles=before.cycles if self.cycles == before.cycles else self.cycles,
        )

    def _supersede(self, until: datetime) -> None:
        for number, one in self.instances.items():
            if one.is_live:
                due = due_of(self.docket, one, until)
                if due is None or until < due:
                    self.instances[number] = replace(one, superseded=until)
        self._stop()

    def _stop(self) -> None:
        """Follow no trigger and no period any longer; what is open can still be completed, by new evidence too."""
        self.runs.clear()
        self.cycles = {place: replace(cycle, running=False, current=None) for place, cycle in self.cycles.items()}

    def _add(self, instance: Instance) -> int:
        self.number += 1
        self.instances[self.number] = instance
        return self.number

    # One-off duties

    def _open(self, place: int, scope: DutyScope) -> None:
        trigger = self.docket.courses[place].trigger
        node = None if trigger is None else trigger.at(self.at)
        value = Truth.TRUE if trigger is None else Truth.FALSE if node is None else node.value
        if self.docket.duty.every is not None:
            self._recur(place, scope, value)
        else:
            run = self.runs.get(place, Run())
            if place not in self.runs and value is Truth.TRUE and self._was_true_before(trigger, scope):
                # It was so before this version asked for anything: only what becomes so is owed under it.
                run = Run(value=value)
            self.runs[place] = self._followed(run, value, place, node, scope.event)

    def _was_true_before(self, trigger: Course | None, scope: DutyScope) -> bool:
        """Return whether what an event began before this version was in force had its trigger true by then."""
        since = self.docket.applied.since
        if scope.event is None or scope.event.occurred >= since:
            return False
        if trigger is None:
            return True
        case = scope.timelines[0].case(since - INSTANT_BEFORE)
        return case.condition(trigger.condition, trigger.use).value is Truth.TRUE

    def _note_trigger_events(self) -> None:
        for event in self.docket.triggers.get(self.at, ()):
            self.runs[event.index] = Run()
        by_index = self.docket.applied.state.by_index
        applies = self.docket.courses[0].trigger
        for index, run in list(self.runs.items()):
            event = by_index[index]
            node = None if applies is None else applies.at(self.at)
            guard = Truth.TRUE if applies is None else Truth.FALSE if node is None else node.value
            stated = self.docket.opened_by(event)
            after = self._followed(run, all_of((stated, guard)), 0, node, event)
            if after.value is Truth.TRUE:
                del self.runs[index]
            else:
                self.runs[index] = after

    def _followed(self, run: Run, value: Truth, place: int, node: Node | None, event: Event | None) -> Run:
        """Return the run after the trigger came to `value`: it opens on true, doubts on unknown, and drops on false."""
        evidence = () if node is None else tuple(e.index for part in node.walk() for e in part.evidence)
        if event is not None:
            evidence = (event.index, *(index for index in evidence if index != event.index))
        if value is run.value:
            return run
        if value is Truth.TRUE:
            certain = Instance(
                scope=place,
                opening=self.at,
                triggered=self.at,
                base=self._base(node, event),
                event=event,
                evidence=evidence,
            )
            if run.doubtful is None:
                self._add(certain)
            else:
                doubted = self.instances[run.doubtful]
                rests_on = tuple(dict.fromkeys((*evidence, *doubted.evidence)))
                self.instances[run.doubtful] = replace(
                    certain, opening=doubted.opening, done=doubted.done, evidence=rests_on
                )
            return Run(value=value)
        if value is Truth.UNKNOWN:
            doubtful = Instance(scope=place, opening=self.at, doubt=TRIGGER_UNKNOWN, event=event, evidence=evidence)
            return Run(value=value, doubtful=self._add(doubtful))
        if run.doubtful is not None:
            del self.instances[run.doubtful]
        return Run(value=value)

    def _base(self, node: Node | None, event: Event | None) -> datetime:
        """Return the instant from which the time to do it counts, by the clocks that need no incident."""
        if self.docket.duty.clock != "awareness":
            return self.at
        if event is not None and self.docket.subject.triggers is not None:
            return max(self.at, event.recorded)
        known = None if node is None else known_since(node, Truth.TRUE)
        return self.at if known is None else max(self.at, known)

    # Recurring duties

    def _recur(self, place: int, scope: DutyScope, trigger: Truth) -> None:
        cycle = self.cycles.get(place, Cycle())
        if trigger is Truth.FALSE:
            self._drop_doubtful(place)
            if cycle.running:
                self.cycles[place] = replace(cycle, running=False, current=None)
            return
        if not cycle.running:
            cycle = Cycle(running=True, first=self.at, start=self.at, completed=cycle.completed)
        if trigger is Truth.TRUE:
            self._make_certain(place)
        self.cycles[place] = cycle
        self._run_on(place, scope, trigger)

    def _drop_doubtful(self, place: int) -> None:
        for number, one in list(self.instances.items()):
            if one.scope == place and one.doubt is not None and one.is_live:
                del self.instances[number]

    def _make_certain(self, place: int) -> None:
        """Make what opened while the trigger was unknown due from now, when it became true."""
        for number, one in self.instances.items():
            if one.scope == place and one.doubt == TRIGGER_UNKNOWN and one.superseded is None:
                self.instances[number] = replace(one, doubt=None, triggered=self.at, base=self.at)

    def _run_on(self, place: int, scope: DutyScope, trigger: Truth) -> None:
        cycle = self.cycles[place]
        end = self.docket.period_end(cycle)
        reading = self.docket.growth(scope, cycle, self.at)
        if self.docket.is_scheduled:
            while end is not None and end <= self.at:
                cycle = self._end_of_scheduled(place, cycle, end, trigger)
                end = self.docket.period_end(cycle)
            if reading is not None:
                cycle = self._grown(place, cycle, is_over(reading), trigger)
        else:
            cycle = self._anchored(place, cycle, end, reading, trigger)
        self.cycles[place] = cycle

    def _anchored(
        self, place: int, cycle: Cycle, end: datetime | None, reading: GrowthReading | None, trigger: Truth
    ) -> Cycle:
        current = None if cycle.current is None else self.instances.get(cycle.current)
        if current is not None and current.doubt != GROWTH_UNKNOWN:
            return cycle
        every = self.docket.duty.every
        over_by_time = None if end is None else Truth.of(end <= self.at)
        over_by_growth = None if reading is None else Truth.TRUE if cycle.grown else is_over(reading)
        cycle = replace(cycle, grown=over_by_growth is Truth.TRUE)
        parts = [part for part in (over_by_time, over_by_growth) if part is not None]
        over = all_of(parts) if every is not None and every.whichever == "last" else any_of(parts)
        if over is Truth.TRUE:
            at_end = end is not None and end == self.at and over_by_time is Truth.TRUE
            return replace(cycle, current=self._open_period(place, cycle.current, trigger, of_period=at_end))
        return self._doubt_growth(place, cycle, over)

    def _end_of_scheduled(self, place: int, cycle: Cycle, end: datetime, trigger: Truth) -> Cycle:
        if not cycle.settled:
            self._open_period(place, cycle.current, trigger, of_period=True, at=end)
        elif cycle.current is not None and self.instances[cycle.current].is_live:
            del self.instances[cycle.current]
        return replace(cycle, index=cycle.index + 1, start=end, settled=False, current=None)

    def _grown(self, place: int, cycle: Cycle, over: Truth, trigger: Truth) -> Cycle:
        if any(one.scope == place and one.is_live and one.doubt != GROWTH_UNKNOWN for one in self.instances.values()):
            return cycle
        if over is Truth.TRUE:
            self._open_period(place, cycle.current, trigger, of_period=False)
            return replace(cycle, settled=True, current=None)
        return self._doubt_growth(place, cycle, over)

    def _doubt_growth(self, place: int, cycle: Cycle, over: Truth) -> Cycle:
        """Keep an instance in doubt while it is unknown whether the period is over by growth."""
        if over is Truth.UNKNOWN and cycle.current is None:
            doubtful = Instance(scope=place, opening=self.at, doubt=GROWTH_UNKNOWN)
            return replace(cycle, current=self._add(doubtful))
        if over is Truth.FALSE and cycle.current is not None:
            self.instances.pop(cycle.current, None)
            return replace(cycle, current=None)
        return cycle

    def _open_period(
        self, place: int, number: int | None, trigger: Truth, *, of_period: bool, at: datetime | None = None
    ) -> int:
        """Open the instance of a period that is over, or make the one in doubt certain; return its number."""
        at = at or self.at
        opening = self.instances[number].opening if number is not None and number in self.instances else at
        opened = Instance(scope=place, opening=opening, triggered=at, base=at, of_period=of_period)
        if trigger is Truth.UNKNOWN:
            opened = Instance(scope=place, opening=opening, doubt=TRIGGER_UNKNOWN)
        if number is None or number not in self.instances:
            return self._add(opened)
        self.instances[number] = opened
        return number

    # Completions

    def _complete(self) -> None:
        place = bisect_left(self.docket.performed, self.at, key=lambda event: event.occurred)
        for event in self.docket.performed[place:]:
            if event.occurred != self.at:
                break
            named = event.payload.instance if isinstance(event.payload, DutyPerformed) else None
            self._completed_by(event, named)
        for number, courses in enumerate(self.docket.courses):
            if courses.done is not None:
                self._completed_by_condition(number, courses.done)

    def _completed_by(self, event: Event, named: str | None) -> None:
        live = [number for number, one in self.instances.items() if one.is_live and self._is_named(one.scope, named)]
        if live:
            oldest = min(live, key=lambda number: (self.instances[number].opening, number))
            self._finish(oldest, (event.index,))
            return
        # Of the periods that run, the one that began first and has not had its completion yet.
        running = [
            (cycle.settled, cycle.start or self.at, place)
            for place, cycle in self.cycles.items()
            if cycle.running and self._is_named(place, named)
        ]
        if running:
            *_, place = min(running)
            self._finish_early(place, (event.index,))

    def _is_named(self, place: int, named: str | None) -> bool:
        return named is None or self.docket.subject.scopes[place].name == named

    def _completed_by_condition(self, place: int, course: Course) -> None:
        node = course.at(self.at)
        if node is None or node.value is not Truth.TRUE:
            return
        evidence = tuple(event.index for part in node.walk() for event in part.evidence)
        cycle = self.cycles.get(place)
        live = [number for number, one in self.instances.items() if one.is_live and one.scope == place]
        if self.docket.duty.every is None:
            for number in live:
                self._finish(number, evidence)
        elif cycle is not None:
            since = (cycle.completed or cycle.first) if self.docket.is_scheduled else cycle.start
            if since is not None and _rests_on_new(node, since):
                if live:
                    self._finish(min(live, key=lambda number: (self.instances[number].opening, number)), evidence)
                elif cycle.running:
                    self._finish_early(place, evidence)

    def _finish(self, number: int, evidence: tuple[int, ...]) -> None:
        one = self.instances[number]
        self.instances[number] = replace(one, done=self.at, evidence=(*one.evidence, *evidence))
        cycle = self.cycles.get(one.scope)
        if cycle is None:
            return
        was_current = cycle.current == number
        cycle = replace(cycle, completed=self.at)
        if was_current and self.docket.is_scheduled:
            cycle = replace(cycle, current=None, settled=True)
        elif not self.docket.is_scheduled and (was_current or cycle.current is None):
            cycle = replace(cycle, current=None, start=self.at, grown=False)
        self.cycles[one.scope] = cycle
        self._go_on(one.scope)

    def _finish_early(self, place: int, evidence: tuple[int, ...]) -> None:
        cycle = self.cycles[place]
        if not (self.docket.is_scheduled and cycle.settled):
            self._add(Instance(scope=place, opening=cycle.start or self.at, done=self.at, evidence=evidence))
        following = {"settled": True} if self.docket.is_scheduled else {"start": self.at, "grown": False}
        self.cycles[place] = replace(cycle, completed=self.at, **following)
        self._go_on(place)

    def _go_on(self, place: int) -> None:
        """Look at the period that a completion starts: its growth may be unknown from its first instant on."""
        cycle, trigger = self.cycles[place], self.docket.courses[place].trigger
        value = Truth.TRUE if trigger is None else trigger.value(self.at)
        if cycle.running and value is not Truth.FALSE:
            self._run_on(place, self.docket.subject.scopes[place], value)
