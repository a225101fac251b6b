"""Stretches of holds: from when to when actions were held, and which restrictions held what was going on.

Put together from what the walk of a replay tells, in the order of time. At one instant what time brings comes first,
then the acts of that instant, then what is recorded at it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from interlock.engine._case import restriction_named
from interlock.engine._reading import DUTY_PREFIX
from interlock.engine._replay_readers import forbidden_actions
from interlock.engine._replay_results import Hold
from interlock.engine._replay_runs import TRAIN, Run
from interlock.engine._replay_walk import Key, Succession, Turn
from interlock.policy import Policy, Restriction
from interlock.terms import ships

Place = tuple[datetime, bool]
"""An instant, and whether it is after the acts of that instant, when what was recorded at it counts."""


def _place_of(told: Turn | Succession) -> Place:
    return told.at, told.by_event


@dataclass(slots=True, kw_only=True)
class Stretch:
    """A restriction that held an action that may go on, from one place on to another or to the end of the replay.

    `policy` is the version under which it began. `readings` say from which places on it was by default or not, `breaks`
    are places at which it did not hold though it did after all that happened at that instant.
    """

    key: Key
    action: str
    policy: Policy
    start: Place
    end: Place | None = None
    readings: list[tuple[Place, bool]] = field(default_factory=list)
    breaks: list[Place] = field(default_factory=list)

    @property
    def restriction(self) -> Restriction:
        """The restriction as it read when it began to hold."""
        return restriction_named(self.policy, self.key.restriction)

    @property
    def name(self) -> str:
        """The name of the restriction, or of the duty that forbids."""
        return self.key.restriction.removeprefix(DUTY_PREFIX)

    @property
    def is_momentary(self) -> bool:
        """Whether it was over by all that happened at the instant at which it began."""
        return self.end is not None and self.end[0] == self.start[0]

    def holds(self, place: Place) -> bool:
        """Return whether it holds at the place."""
        return self.start <= place and (self.end is None or place < self.end) and place not in self.breaks

    def by_default(self, place: Place) -> bool:
        """Return whether it is by default that it holds at the place."""
        return next((reading for at, reading in reversed(self.readings) if at <= place), False)

    def found_going_on(self, run: Run) -> bool:
        """Return whether the run was going on when this began: it began before, or then without being held itself."""
        return (run.start, False) < self.start and (run.end is None or run.end > self.start[0])


@dataclass(slots=True)
class Sweep:
    """A sweep over all that the walk told. `holds` are of every action at the newest checkpoint of each model."""

    holds: list[Hold] = field(default_factory=list)
    stretches: dict[tuple[Key, str], list[Stretch]] = field(default_factory=dict)
    _versions: dict[str, Policy | None] = field(default_factory=dict)
    _active: dict[str, dict[Key, bool]] = field(default_factory=dict)
    _open: dict[str, dict[tuple[Key, str], Stretch]] = field(default_factory=dict)
    _held: dict[str, dict[str, Hold]] = field(default_factory=dict)

    def over(self, turns: Iterable[Turn], successions: Iterable[Succession]) -> None:
        """Sweep over all turns and successions of versions, each in the order of time."""
        told: list[Turn | Succession] = sorted((*successions, *turns), key=_place_of)
        for at, of_instant in groupby(told, key=lambda one: one.at):
            touched: dict[str, None] = {}
            for place, of_place in groupby(of_instant, key=_place_of):
                models = dict.fromkeys(model for one in of_place for model in self._take_in(one))
                touched |= models
                for model in models:
                    self._move_stretches(model, place)
            for model in touched:
                self._move_holds(model, at)
        self.holds += (hold for held in self._held.values() for hold in held.values())
        self.holds.sort(key=attrgetter("model", "action", "start"))

    def _take_in(self, one: Turn | Succession) -> list[str]:
        """Take in what turned and return the models for which it may hold anything else."""
        if isinstance(one, Succession):
            self._versions[one.policy] = one.now
            return list(self._active)
        active = self._active.setdefault(one.key.model, {})
        if one.now.state == "active":
            active[one.key] = one.now.by_default
        else:
            active.pop(one.key, None)
        return [one.key.model]

    def _holding(self, model: str) -> Iterator[tuple[Key, str, Policy]]:
        """Yield what holds which actions of a model, in the order of the policies and of their restrictions."""
        active = self._active.get(model, {})
        for policy in self._versions.values():
            if policy is None or not active:
                continue
            for action, names in forbidden_actions(policy).items():
                for name in names:
                    for going_on in dict.fromkeys(("", "" if action == TRAIN else action)):
                        key = Key(policy.id, model, name, ships(action), going_on)
                        if key in active:
                            yield key, action, policy

    def _move_stretches(self, model: str, place: Place) -> None:
        active, opened = self._active.get(model, {}), self._open.setdefault(model, {})
        holding = {
            (key, action): policy for key, action, policy in self._holding(model) if key.going_on or action == TRAIN
        }
        for ended in [one for one in opened if one not in holding]:
            opened.pop(ended).end = place
        for one, policy in holding.items():
            if one not in opened:
                opened[one] = self._begun(one, policy, place)
            stretch, reading = opened[one], active[one[0]]
            if not stretch.readings or stretch.readings[-1][1] is not reading:
                stretch.readings.append((place, reading))

    def _begun(self, one: tuple[Key, str], policy: Policy, place: Place) -> Stretch:
        """Return the stretch that begins at the place, or goes on where it only broke at this instant."""
        found = self.stretches.setdefault(one, [])
        instant, by_event = place
        if by_event and found and found[-1].end == (instant, False):
            found[-1].end = None
            found[-1].breaks.append((instant, False))
        else:
            found.append(Stretch(key=one[0], action=one[1], policy=policy, start=place))
        return found[-1]

    def _move_holds(self, model: str, at: datetime) -> None:
        active, held = self._active.get(model, {}), self._held.setdefault(model, {})
        holding: dict[str, list[Key]] = {action: [] for action in held}
        for key, action, _ in self._holding(model):
            if not key.going_on:
                holding.setdefault(action, []).append(key)
        for action, keys in holding.items():
            names = tuple(key.restriction.removeprefix(DUTY_PREFIX) for key in keys)
            by_default = all(active[key] for key in keys)
            before = held.get(action)
            if before is not None and (before.by_default, before.restrictions) == (by_default, names):
                continue
            if before is not None:
                self.holds.append(replace(held.pop(action), end=at))
            if keys:
                held[action] = Hold(
                    model=model, action=action, start=at, end=None, by_default=by_default, restrictions=names
                )
