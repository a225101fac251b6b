"""Holds over time, and the acts that departed from them (LANGUAGE 4.8).

Takes in what the walk of a replay finds, in the order of time: restrictions that turn, versions that succeed each
other, and acts with what was active just before them. An action that was going on when a hold began may go on for the
restriction's `cease-within`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, TypeVar

from interlock.engine._findings import Finding
from interlock.engine._hold_stretches import Stretch, Sweep
from interlock.engine._item_standings import RestrictionStanding
from interlock.engine._reading import DUTY_PREFIX
from interlock.engine._replay_results import Breach, Change, Hold
from interlock.engine._replay_runs import TRAIN, Run
from interlock.engine._replay_walk import Judged, Key, Succession, Turn
from interlock.policy import Policy
from interlock.terms import Period, format_instant

VERSION: Final = "version"
"""What a change of the version in force is one of."""
_ACTIVE = "active"
T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Holds:
    """All that the walk told, and what follows from it. `runs` are the actions that went on, by the final record."""

    as_of: datetime
    runs: Sequence[Run]
    turns: list[Turn] = field(default_factory=list)
    acts: list[Judged] = field(default_factory=list)
    versions: list[Succession] = field(default_factory=list)
    _swept: Sweep | None = None

    def turned(self, turn: Turn) -> None:
        """Take in a restriction that came to another state."""
        self.turns.append(turn)

    def judge(self, judged: Judged) -> None:
        """Take in an act with the restrictions that were active just before it."""
        self.acts.append(judged)

    def succeeded(self, succession: Succession) -> None:
        """Take in that a version came into force, as far as was known."""
        self.versions.append(succession)

    # Over time

    def changes(self) -> Iterator[tuple[datetime, Change]]:
        """Yield every change of the version in force and of a restriction's state, as they were after each instant."""
        for at, versions in groupby(self.versions, key=attrgetter("at")):
            for policy, found in _by(versions, attrgetter("policy")).items():
                was, now = found[0].was, found[-1].now
                if was is not now:
                    yield at, _change_of_version(policy, was, now)
        newest = (turn for turn in self.turns if not turn.key.going_on)
        for at, turns in groupby(newest, key=attrgetter("at")):
            for key, of_key in _by(turns, attrgetter("key")).items():
                change = _change_of_state(key, of_key[0], of_key[-1])
                if change is not None:
                    yield at, change

    def stretches(self) -> tuple[Hold, ...]:
        """Return for each model and action the stretches of time in which it was held."""
        return tuple(self._sweep().holds)

    def _sweep(self) -> Sweep:
        if self._swept is None:
            self._swept = Sweep()
            self._swept.over(self.turns, self.versions)
        return self._swept

    # Departures

    def breaches(self) -> Iterator[Breach]:
        """Yield the held actions that took place and those that went on for too long."""
        of_act = {act.index: run for run in self.runs for act in run.acts}
        for judged in self.acts:
            run = of_act.get(judged.act.index)
            for policy, standing in judged.active:
                if run is None or not self._may_go_on(judged, policy, standing, run):
                    yield _held_action(judged, policy, standing)
        for stretch, run, cease_within in self._found_going_on():
            if cease_within is None:
                continue
            deadline = stretch.policy.calendar.end_of_period(stretch.start[0], cease_within)
            went_on = run.end is None or run.end >= deadline
            if went_on and deadline <= self.as_of and stretch.holds((deadline, False)):
                yield _went_on(stretch, run, deadline, cease_within)

    def _may_go_on(self, judged: Judged, policy: Policy, standing: RestrictionStanding, run: Run) -> bool:
        """Return whether the act only went on with what was going on when the hold began, which has time to cease.

        Past that time it is the departure of having gone on, which is not counted again for every act.
        """
        act = judged.act
        if act.kind != "training.continued":
            return False
        key = Key(policy.id, run.model, standing.id, ships=False)
        stretches, place = self._sweep().stretches.get((key, TRAIN), []), (act.occurred, False)
        last = bisect_right(stretches, place, key=attrgetter("start")) - 1
        if last < 0 or not stretches[last].holds(place):
            return False
        return stretches[last].restriction.cease_within is not None and stretches[last].found_going_on(run)

    def _found_going_on(self) -> Iterator[tuple[Stretch, Run, Period | None]]:
        """Yield every stretch of a hold that found its action going on, with the time that is given to cease."""
        of_place: dict[tuple[str, str], list[Run]] = {}
        for run in self.runs:
            of_place.setdefault((run.model, run.action), []).append(run)
        for (key, action), stretches in self._sweep().stretches.items():
            runs = of_place.get((key.model, action), [])
            for stretch in stretches:
                last = bisect_left(runs, stretch.start, key=lambda run: (run.start, False)) - 1
                if last >= 0 and stretch.found_going_on(runs[last]):
                    yield stretch, runs[last], stretch.restriction.cease_within

    def findings(self) -> Iterator[Finding]:
        """Yield what went on under a hold that gives no time to cease, and acts that no question can be asked about."""
        for judged in self.acts:
            if judged.refused is not None:
                detail = f"event {judged.act.index} ({judged.act.kind}) can't be judged: {judged.refused}"
                yield Finding("act-not-judged", detail, (judged.act.index,))
        for stretch, run, cease_within in self._found_going_on():
            if cease_within is None and not stretch.is_momentary:
                detail = (
                    f"`{stretch.action}` of {run.model} was going on when `{stretch.name}` began to hold it, "
                    f"{format_instant(stretch.start[0])}; the policy states no time to cease within"
                )
                yield Finding("continues-under-hold", detail, (run.acts[0].index,))


def _by(told: Iterator[T], key: Callable[[T], Any]) -> dict[Any, list[T]]:
    found: dict[Any, list[T]] = {}
    for one in told:
        found.setdefault(key(one), []).append(one)
    return found


def _change_of_version(policy: str, was: Policy | None, now: Policy | None) -> Change:
    return Change(
        item=VERSION,
        policy=policy,
        id=policy,
        about=None,
        was=None if was is None else was.version,
        now=None if now is None else now.version,
    )


def _change_of_state(key: Key, first: Turn, last: Turn) -> Change | None:
    """Return what changed from before the first turn to after the last, or None where nothing did that counts."""
    was, now = first.was, last.now
    by_default = now.state == _ACTIVE and now.by_default
    if was is None and now.state == "inactive":
        return None
    if was is not None and (was.state, was.state == _ACTIVE and was.by_default) == (now.state, by_default):
        return None
    return Change(
        item="hold-of-duty" if key.restriction.startswith(DUTY_PREFIX) else "restriction",
        policy=key.policy,
        id=key.restriction.removeprefix(DUTY_PREFIX),
        about=key.model,
        was=None if was is None else was.state,
        now=now.state,
        by_default=by_default,
        ships=key.ships,
    )


def _held_action(judged: Judged, policy: Policy, standing: RestrictionStanding) -> Breach:
    act, by_default = judged.act, standing.is_open
    how = "by default" if by_default else "by evidence"
    weights = "" if act.subject.weights is None else f" ({act.subject.weights[:15]}…)"
    detail = (
        f"{act.kind} of {act.subject.model}{weights} while `{judged.action}` was held {how}: "
        f"{standing.when.condition} was {standing.when.value.value}"
        + (f" ({standing.when.reason})" if standing.when.reason else "")
    )
    return Breach(
        kind="held-action",
        policy=policy.id,
        version=policy.version,
        id=standing.id.removeprefix(DUTY_PREFIX),
        at=act.occurred,
        about=act.subject.model,
        action=judged.action,
        late_by=None,
        by_default=by_default,
        reading=None,
        detail=detail,
        clause=standing.restriction.clause,
        evidence=(act.index,),
    )


def _went_on(stretch: Stretch, run: Run, deadline: datetime, cease_within: Period) -> Breach:
    detail = (
        f"`{run.action}` of {run.model} was going on when it was held, {format_instant(stretch.start[0])}, and went on "
        f"past the {cease_within} that it had to cease"
    )
    return Breach(
        kind="past-cease-within",
        policy=stretch.policy.id,
        version=stretch.policy.version,
        id=stretch.name,
        at=deadline,
        about=run.model,
        action=run.action,
        late_by=None,
        by_default=stretch.by_default((deadline, False)),
        reading=None,
        detail=detail,
        clause=stretch.restriction.clause,
        evidence=(run.acts[0].index,),
    )
