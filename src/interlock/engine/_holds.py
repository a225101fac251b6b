"""Holds over time, and the acts that departed from them (LANGUAGE 4.8).

Takes in what the walk of a replay finds, in the order of time: restrictions that turn and acts with what was active
just before them. An action that was going on when a hold began may go on for the restriction's `cease-within`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from interlock.engine._applied import AppliedPolicy
from interlock.engine._case import RestrictionStanding, restriction_named
from interlock.engine._findings import Finding
from interlock.engine._reading import DUTY_PREFIX
from interlock.engine._replay_results import Breach, Change, Hold
from interlock.engine._replay_walk import Judged, Key, Turn, action_of, forbidden_actions
from interlock.policy import Policy, Restriction
from interlock.record import Event, History
from interlock.terms import format_instant, ships

_ENDS = {"training.paused": "train", "weights.deleted": "store", "model.withdrawn": None}
_GOES_ON = {"train", "store"}
_ACTIVE = "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of time, half-open; `end` is None where it lasts to the end of the replay."""

    start: datetime
    end: datetime | None
    event: int | None = None

    def has(self, instant: datetime) -> bool:
        """Return whether the instant falls into it."""
        return self.start <= instant and (self.end is None or instant < self.end)


@dataclass(slots=True, kw_only=True)
class Holds:
    """All that the walk told, and what follows from it."""

    as_of: datetime
    known: History
    turns: list[Turn] = field(default_factory=list)
    acts: list[Judged] = field(default_factory=list)
    versions: list[tuple[datetime, AppliedPolicy | None, AppliedPolicy]] = field(default_factory=list)

    def turned(self, turn: Turn) -> None:
        """Take in a restriction that came to another state."""
        self.turns.append(turn)

    def judge(self, judged: Judged) -> None:
        """Take in an act with the restrictions that were active just before it."""
        self.acts.append(judged)

    def began(self, moment: datetime, before: AppliedPolicy | None, after: AppliedPolicy) -> None:
        """Take in that a version came into force, as far as was known."""
        self.versions.append((moment, before, after))

    # Over time

    def changes(self) -> Iterator[tuple[datetime, Change]]:
        """Yield every change of a restriction's state and of the version in force."""
        for moment, before, after in self.versions:
            yield (
                moment,
                Change(
                    item="version",
                    policy=after.policy.id,
                    id=after.policy.id,
                    about=None,
                    was=None if before is None else before.policy.version,
                    now=after.policy.version,
                ),
            )
        for turn in self.turns:
            was = None if turn.was is None else turn.was.state
            if was is None and turn.now.state == "inactive":
                continue
            is_duty = turn.key.restriction.startswith(DUTY_PREFIX)
            yield (
                turn.at,
                Change(
                    item="hold-of-duty" if is_duty else "restriction",
                    policy=turn.key.policy,
                    id=turn.key.restriction.removeprefix(DUTY_PREFIX),
                    about=turn.key.model,
                    was=was,
                    now=turn.now.state,
                    by_default=turn.now.state == _ACTIVE and turn.now.by_default,
                    ships=turn.key.ships,
                ),
            )

    def stretches(self) -> tuple[Hold, ...]:
        """Return for each model and action the stretches of time in which it was held."""
        active: dict[Key, bool] = {}
        opened: dict[tuple[str, str], tuple[datetime, bool, tuple[str, ...]]] = {}
        found: list[Hold] = []
        by_instant: dict[datetime, list[Turn]] = {}
        for turn in self.turns:
            by_instant.setdefault(turn.at, []).append(turn)
        policies: dict[str, Policy] = {}
        for instant, turns in by_instant.items():
            for turn in turns:
                policies[turn.key.policy] = turn.policy
                if turn.now.state == _ACTIVE:
                    active[turn.key] = turn.now.by_default
                else:
                    active.pop(turn.key, None)
            for model in dict.fromkeys(turn.key.model for turn in turns):
                self._turn_holds(model, instant, policies, active, opened, found)
        for (model, action), (start, by_default, names) in opened.items():
            found.append(
                Hold(model=model, action=action, start=start, end=None, by_default=by_default, restrictions=names)
            )
        return tuple(sorted(found, key=lambda hold: (hold.model, hold.action, hold.start)))

    @staticmethod
    def _turn_holds(
        model: str,
        instant: datetime,
        policies: dict[str, Policy],
        active: dict[Key, bool],
        opened: dict[tuple[str, str], tuple[datetime, bool, tuple[str, ...]]],
        found: list[Hold],
    ) -> None:
        actions: dict[str, list[Key]] = {action: [] for (name, action) in opened if name == model}
        for policy in policies.values():
            for action, names in forbidden_actions(policy).items():
                holding = (Key(policy.id, model, name, ships(action)) for name in names)
                actions.setdefault(action, []).extend(key for key in holding if key in active)
        for action, keys in actions.items():
            place = (model, action)
            before = opened.get(place)
            names = tuple(key.restriction.removeprefix(DUTY_PREFIX) for key in keys)
            by_default = all(active[key] for key in keys)
            if before is not None and (not keys or (before[1], before[2]) != (by_default, names)):
                start, was_default, was_names = opened.pop(place)
                if start < instant:
                    found.append(
                        Hold(
                            model=model,
                            action=action,
                            start=start,
                            end=instant,
                            by_default=was_default,
                            restrictions=was_names,
                        )
                    )
                before = None
            if keys and before is None:
                opened[place] = (instant, by_default, names)

    # Departures

    def breaches(self) -> Iterator[Breach]:
        """Yield the held actions that took place and those that went on for too long."""
        going_on = self._going_on()
        held = self._active_stretches()
        for judged in self.acts:
            for policy, standing in judged.active:
                if not self._may_go_on(judged, policy, standing, going_on, held):
                    yield self._held_action(judged, policy, standing)
        yield from self._past_cease_within(going_on, held)

    def _held_action(self, judged: Judged, policy: Policy, standing: RestrictionStanding) -> Breach:
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

    def _may_go_on(
        self,
        judged: Judged,
        policy: Policy,
        standing: RestrictionStanding,
        going_on: dict[tuple[str, str], list[Stretch]],
        held: dict[Key, list[tuple[Stretch, Policy, bool]]],
    ) -> bool:
        """Return whether the act only went on with what was going on when the hold began, which has time to cease.

        Past that time it is the departure of having gone on, which is not counted again for every act.
        """
        act, model = judged.act, judged.act.subject.model or ""
        if act.kind != "training.continued" or standing.restriction.cease_within is None:
            return False
        key = Key(policy.id, model, standing.id, ships(judged.action))
        stretch = next((one for one, _, _ in held.get(key, ()) if one.has(act.occurred)), None)
        run = next((one for one in going_on.get((model, judged.action), ()) if one.has(act.occurred)), None)
        return stretch is not None and run is not None and run.start <= stretch.start and run.start < act.occurred

    def _past_cease_within(
        self,
        going_on: dict[tuple[str, str], list[Stretch]],
        held: dict[Key, list[tuple[Stretch, Policy, bool]]],
    ) -> Iterator[Breach]:
        for key, stretches in held.items():
            for stretch, policy, by_default in stretches:
                restriction = restriction_named(policy, key.restriction)
                if restriction.cease_within is None:
                    continue
                deadline = policy.calendar.end_of_period(stretch.start, restriction.cease_within)
                if deadline > self.as_of or not stretch.has(deadline):
                    continue
                for action in _actions_of(policy, key):
                    for run in going_on.get((key.model, action), ()):
                        went_on = run.start <= stretch.start and (run.end is None or run.end >= deadline)
                        if went_on and (run.end is None or run.end > stretch.start):
                            yield self._went_on(key, policy, restriction, stretch, run, deadline, action, by_default)

    @staticmethod
    def _went_on(
        key: Key,
        policy: Policy,
        restriction: Restriction,
        stretch: Stretch,
        run: Stretch,
        deadline: datetime,
        action: str,
        by_default: bool,  # noqa: FBT001 - a field of the result
    ) -> Breach:
        detail = (
            f"`{action}` of {key.model} was going on when it was held, {format_instant(stretch.start)}, and went on "
            f"past the {restriction.cease_within} that it had to cease"
        )
        return Breach(
            kind="past-cease-within",
            policy=policy.id,
            version=policy.version,
            id=key.restriction.removeprefix(DUTY_PREFIX),
            at=deadline,
            about=key.model,
            action=action,
            late_by=None,
            by_default=by_default,
            reading=None,
            detail=detail,
            clause=restriction.clause,
            evidence=() if run.event is None else (run.event,),
        )

    def findings(self) -> Iterator[Finding]:
        """Yield what went on under a hold that gives no time to cease, and acts that no question can be asked about."""
        for judged in self.acts:
            if judged.refused is not None:
                detail = f"event {judged.act.index} ({judged.act.kind}) can't be judged: {judged.refused}"
                yield Finding("act-not-judged", detail, (judged.act.index,))
        going_on = self._going_on()
        for key, stretches in self._active_stretches().items():
            for stretch, policy, _ in stretches:
                restriction = restriction_named(policy, key.restriction)
                if restriction.cease_within is not None:
                    continue
                for action in _actions_of(policy, key):
                    for run in going_on.get((key.model, action), ()):
                        if run.start <= stretch.start and (run.end is None or run.end > stretch.start):
                            detail = (
                                f"`{action}` of {key.model} was going on when `{key.restriction}` began to hold it, "
                                f"{format_instant(stretch.start)}; the policy states no time to cease within"
                            )
                            yield Finding("continues-under-hold", detail, () if run.event is None else (run.event,))

    def _going_on(self) -> dict[tuple[str, str], list[Stretch]]:
        """Return for each model and action the stretches in which it went on, as the final record has it."""
        found: dict[tuple[str, str], list[Stretch]] = {}
        open_since: dict[tuple[str, str], Event] = {}
        for event in self.known.events:
            model = event.subject.model
            if event.occurred > self.as_of or model is None:
                continue
            action = action_of(event)
            if action is not None and (action in _GOES_ON or action.startswith("deploy.")):
                open_since.setdefault((model, action), event)
            if event.kind in _ENDS:
                ended = _ENDS[event.kind] or event.text_of("class") or ""
                begun = open_since.pop((model, ended), None)
                if begun is not None:
                    stretch = Stretch(start=begun.occurred, end=event.occurred, event=begun.index)
                    found.setdefault((model, ended), []).append(stretch)
        for place, begun in open_since.items():
            found.setdefault(place, []).append(Stretch(start=begun.occurred, end=None, event=begun.index))
        return found

    def _active_stretches(self) -> dict[Key, list[tuple[Stretch, Policy, bool]]]:
        """Return for each restriction the stretches in which it was active, with the version it was active under."""
        found: dict[Key, list[tuple[Stretch, Policy, bool]]] = {}
        since: dict[Key, tuple[datetime, Policy, bool]] = {}
        for turn in self.turns:
            if turn.now.state == _ACTIVE:
                since.setdefault(turn.key, (turn.at, turn.policy, turn.now.by_default))
            elif turn.key in since:
                start, policy, by_default = since.pop(turn.key)
                found.setdefault(turn.key, []).append((Stretch(start=start, end=turn.at), policy, by_default))
        for key, (start, policy, by_default) in since.items():
            found.setdefault(key, []).append((Stretch(start=start, end=None), policy, by_default))
        return found


def _actions_of(policy: Policy, key: Key) -> list[str]:
    names = forbidden_actions(policy)
    return [action for action, holding in names.items() if key.restriction in holding and ships(action) is key.ships]
