"""Duties that recur: their periods, walked instant after instant, with what opens and what is completed (4.5 and 9).

At each instant come first the trigger and what opens by it, then the performances, then `done-when`. Every chain of
periods that is about the same model or developer is walked together, since a performance completes the oldest open
instance of its subject.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from interlock.policy import Every
from interlock.record import Event
from interlock.terms import Period, Truth
from interlock.testing.oracle._calendar import end_of_period, extended
from interlock.testing.oracle._due import Instance, due
from interlock.testing.oracle._ground import Ground
from interlock.testing.oracle._scopes import DutyScope
from interlock.testing.oracle._since import ratio


@dataclass(kw_only=True)
class Running:
    """The period that runs: on a schedule the `number`-th from `first`, and whether it was opened or done already.

    `grown` is when its growth was first reached, `unknown_since` since when that is unknown.
    """

    start: datetime
    first: datetime
    number: int = 0
    settled: bool = False
    grown: datetime | None = None
    unknown_since: datetime | None = None


@dataclass(kw_only=True, eq=False)
class Chain:
    """The periods of one thing that a duty is for, one after another."""

    ground: Ground
    scope: DutyScope
    running: Running | None = None
    open: list[Instance] = field(default_factory=list)
    closed: list[Instance] = field(default_factory=list)
    first: datetime | None = None
    reference: datetime | None = None
    completed: datetime | None = None
    was_false: bool = True
    doubted: datetime | None = None
    """Since when, just before the instant looked at, it was unknown whether the running period is over."""

    @property
    def every(self) -> Every:
        """How often the duty comes round."""
        assert self.ground.duty.every is not None
        return self.ground.duty.every

    @property
    def scheduled(self) -> bool:
        """Whether periods end on a fixed schedule; one of growth alone, or of both at the last, can't."""
        every = self.every
        last = every.growth is not None and every.whichever == "last"
        return every.anchor == "schedule" and every.time is not None and not last

    def end(self) -> datetime | None:
        """Return when the running period ends by time."""
        if self.running is None or self.every.time is None:
            return None
        calendar, time = self.ground.span.version.calendar, self.every.time
        if not self.scheduled:
            return end_of_period(calendar, self.running.start, time)
        return end_of_period(calendar, self.running.first, Period((self.running.number + 1) * time.number, time.unit))

    # The trigger, and what opens by it

    def turn(self, now: datetime) -> None:
        """Look at the trigger at an instant, and open what is to be opened."""
        if now < self.scope.begins:
            return
        closed = self.scope.closes is not None and now >= self.scope.closes
        trigger = Truth.FALSE if closed else self.ground.trigger(self.scope, now).truth
        if trigger is Truth.FALSE:
            self.running, self.was_false = None, True
            self.open = [one for one in self.open if not one.awaiting]
            for one in self.closed:
                one.awaiting = False
            return
        if self.was_false:
            self.was_false = False
            self.begin(now)
        if trigger is Truth.TRUE:
            for one in (*self.open, *self.closed):
                self._becomes_true(one, now)
        self.open_due(now)

    def begin(self, now: datetime) -> None:
        """Begin a first period."""
        self.running, self.first = Running(start=now, first=now), now
        if self.reference is None or self.completed is None:
            self.reference = now

    def _becomes_true(self, instance: Instance, now: datetime) -> None:
        """9: a trigger that was unknown when the period ended: once it is true, the duty is due from then."""
        if instance.awaiting:
            instance.awaiting = False
            instance.provisional, instance.triggered = False, now
            instance.set_due = self._counted(now)

    def open_due(self, now: datetime) -> None:
        """Open every instance that is to be opened at an instant."""
        doubt = self.unknown_growth(now)
        self.doubted = doubt.opening if doubt is not None else None
        self._note_growth(now)
        if self.scheduled:
            self._open_on_schedule(now)
        elif self.running is not None:
            self._open_after_completion(now)

    def _note_growth(self, now: datetime) -> None:
        if self.running is None:
            return
        growth = self.growth(now)
        if growth is Truth.TRUE and self.running.grown is None:
            self.running.grown = now
        if growth is not Truth.UNKNOWN:
            self.running.unknown_since = None
        elif self.running.unknown_since is None:
            self.running.unknown_since = now

    def _open_after_completion(self, now: datetime) -> None:
        assert self.running is not None
        end, grown = self.end(), self.running.grown
        time_over, growth_over = end is not None and end <= now, grown is not None
        both = self.every.time is not None and self.every.growth is not None
        needs_both = both and self.every.whichever == "last"
        if not (time_over and growth_over if needs_both else time_over or growth_over):
            return
        by_time = time_over and (self.every.whichever == "first" or grown is None or (end is not None and grown <= end))
        self._open(now, by_time=by_time)
        self.running = None

    def _open_on_schedule(self, now: datetime) -> None:
        running, end = self.running, self.end()
        while running is not None and end is not None and end <= now:
            if not running.settled:
                self._open(now, by_time=True)
            running = replace(running, start=end, number=running.number + 1, settled=False)
            self.running = running
            end = self.end()
        if running is not None and running.grown is not None and not self.open:
            self._open(now, by_time=False)
            running.settled = True

    def _open(self, now: datetime, *, by_time: bool) -> None:
        assert self.running is not None
        unknown = self.ground.trigger(self.scope, now).truth is Truth.UNKNOWN
        start = self.doubted if self.doubted is not None else now  # it may be due since then
        self.open.append(
            Instance(
                scope=self.scope,
                opening=start,
                triggered=start if unknown else now,
                provisional=unknown,
                awaiting=unknown,
                period=self.running.start,
                set_due=self._after_last_day(now) if by_time else self._counted(now),
            )
        )

    def _after_last_day(self, end: datetime) -> datetime:
        """4.5: `within` counts from the period's last day; without it the duty is due at the period's end."""
        within = self.ground.duty.within
        return end if within is None else extended(self.ground.span.version.calendar, end, within)

    def _counted(self, start: datetime) -> datetime:
        within = self.ground.duty.within
        return start if within is None else end_of_period(self.ground.span.version.calendar, start, within)

    def growth(self, now: datetime) -> Truth:
        """9: upper now over lower at the last completion, else at the first period's start; at the number: over."""
        if self.every.growth is None or self.reference is None:
            return Truth.FALSE
        at_present = self.ground.compute(self.scope, now)
        then = self.ground.compute(self.scope, self.reference)
        if at_present is None or then is None or at_present.dimension != then.dimension:
            return Truth.UNKNOWN
        _, grown = ratio(at_present, then)
        return Truth.UNKNOWN if grown is None else Truth.of(grown >= self.every.growth)

    # What completes

    def complete(self, instance: Instance | None, now: datetime) -> None:
        """Complete an open instance, or the running period before it opens, and begin what follows."""
        if instance is not None:
            self.open.remove(instance)
            instance.done = now
            self.closed.append(instance)
        elif (early := self.early(now)) is not None:
            self.closed.append(early)
        self.completed = self.reference = now
        if not self.scheduled:
            if not self.open:  # where another is open nothing runs until that one is completed too
                self.running = None if self.was_false else Running(start=now, first=now)
        elif self.running is not None:
            self.running.grown = self.running.unknown_since = None
            self.running.settled |= instance is None
        self.open_due(now)

    def early(self, now: datetime) -> Instance | None:
        """Return what the running period is that is done before it opens; none if it was settled already."""
        unknown = self.unknown_growth(now)
        if unknown is not None:
            unknown.done = now
            return unknown
        if self.running is None or self.running.settled:
            return None
        return Instance(scope=self.scope, opening=self.running.start, triggered=None, early=True, done=now)

    def unknown_growth(self, now: datetime) -> Instance | None:
        """4.5: while growth is unknown the duty may be due: from when that is so, or from the period's end."""
        running, every, end = self.running, self.every, self.end()
        if running is None or running.grown is not None or running.unknown_since is None:
            return None
        start = max(running.start, running.unknown_since)
        if every.time is not None and every.whichever == "last":
            if end is None or now < end:
                return None
            start = max(start, end)
        if self.scheduled:
            if self.open:
                return None
            start = max(start, self.completed or start)
        return Instance(scope=self.scope, opening=start, triggered=start, provisional=True, period=running.start)

    def mark(self, instance: Instance | None) -> datetime:
        """Return the instant than which all that `done-when` rests on must be newer."""
        if self.scheduled:
            assert self.first is not None
            return max(self.first, self.completed or self.first)
        if instance is not None and instance.period is not None:
            return instance.period
        assert self.running is not None
        return self.running.start


def walk(ground: Ground, scopes: Sequence[DutyScope], performances: Sequence[Event], now: datetime) -> list[Chain]:
    """Walk the chains of all scopes of one subject up to now; what is left open is in `open`."""
    chains = [Chain(ground=ground, scope=scope) for scope in sorted(scopes, key=lambda scope: scope.order)]
    begin, last = max(ground.span.start, min(scope.begins for scope in scopes)), ground.last(now)
    begins = {max(ground.span.start, scope.begins) for scope in scopes}
    ahead = {*ground.instants(begin, last), *(start for start in begins if start <= last)} if begin <= last else set()
    while ahead:
        instant = min(ahead)
        ahead.remove(instant)
        for chain in chains:
            chain.turn(instant)
        for event in performances:
            if event.occurred == instant:
                _perform(chains, event)
        for chain in chains:
            _done_when(chain, instant)
        ends = (chain.end() for chain in chains)
        ahead |= {end for end in ends if end is not None and instant < end <= last}
    if ground.span.end is not None and ground.span.end <= now:
        _supersede(ground, chains)
        _finish(ground, chains, performances, now)
    return chains


def _perform(chains: Sequence[Chain], event: Event) -> None:
    """Complete the oldest open instance of the subject, else the running period that began first."""
    named = event.text_of("instance")
    mine = [chain for chain in chains if named in (None, chain.scope.name)]
    for_oldest = [(one.order, chain, one) for chain in mine for one in chain.open if one.opening <= event.occurred]
    if for_oldest:
        _, chain, instance = min(for_oldest, key=lambda found: found[0])
        chain.complete(instance, event.occurred)
        return
    running = [
        ((chain.running.settled, chain.running.start, chain.scope.order), chain)
        for chain in mine
        if chain.running is not None and chain.running.start <= event.occurred
    ]
    if running:
        min(running, key=lambda found: found[0])[1].complete(None, event.occurred)


def _done_when(chain: Chain, now: datetime) -> None:
    """4.5: complete by `done-when` where it rests on what is newer than the period's start."""
    if chain.ground.duty.done_when is None or now < chain.scope.begins:
        return
    instance = min(chain.open, key=lambda one: one.order, default=None)
    if instance is None and chain.running is None:
        return
    if _holds_newly(chain, chain.mark(instance), now):
        chain.complete(instance, now)


def _holds_newly(chain: Chain, mark: datetime, now: datetime) -> bool:
    value = chain.ground.done_when(chain.scope, now)
    newer = {event.index for event in chain.ground.known.knowledge.events if event.occurred > mark}
    return value.truth is Truth.TRUE and any(support and support <= newer for support in value.supports)


def _supersede(ground: Ground, chains: Sequence[Chain]) -> None:
    """4.5: what is open when another version follows is superseded, unless it was overdue by then."""
    end = ground.span.end
    assert end is not None
    last = ground.last(end)
    for chain in chains:
        unknown = chain.unknown_growth(last)
        if unknown is not None:
            chain.open.append(unknown)
        for one in chain.open:
            _, held = due(ground, one, last)
            one.superseded = held is None or held > end
        chain.closed += [one for one in chain.open if one.superseded]
        chain.open = [one for one in chain.open if not one.superseded]
        chain.running, chain.was_false = None, True


def _finish(ground: Ground, chains: Sequence[Chain], performances: Sequence[Event], now: datetime) -> None:
    """Complete what was overdue when another version followed."""
    assert ground.span.end is not None
    for instant in sorted({*ground.instants(ground.span.end, now), *_instants(performances, ground.span.end, now)}):
        for event in performances:
            if event.occurred == instant:
                _perform(chains, event)
        for chain in chains:
            _done_when(chain, instant)


def _instants(performances: Sequence[Event], start: datetime, end: datetime) -> Iterator[datetime]:
    return (event.occurred for event in performances if start <= event.occurred <= end)
