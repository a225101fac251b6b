"""Triggers that are events: each event that matches opens an instance of the duty (LANGUAGE 4.5).

A term that means an event stands for it. So do readings all of which are events: each event is read at its own
instant, by the reading ruled by then; a later ruling settles nothing about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from interlock.engine._leaves import matches
from interlock.engine._reading import event_trigger
from interlock.policy import Duty, Happened, Policy, Readings, Scope
from interlock.record import Event, Topic
from interlock.terms import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTrigger:
    """The event leaves that may open an instance: one, or one for each of the readings of a disputed text."""

    leaves: tuple[Happened, ...]
    readings: Readings | None = None

    @property
    def of(self) -> Scope:
        """About whom the events are; the same for every reading."""
        return self.leaves[0].of

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics of the events that may open an instance."""
        return tuple(dict.fromkeys(("kind", leaf.kind) for leaf in self.leaves))

    def may_open(self, event: Event) -> bool:
        """Return whether the event may open an instance under some reading."""
        return any(_value(event, leaf) is not Truth.FALSE for leaf in self.leaves)

    def value(self, event: Event, ruled: str | None) -> Truth:
        """Return whether the event opens an instance: under the reading ruled by then, else as all readings agree."""
        if self.readings is not None and ruled is not None:
            names = [name for name, _ in self.readings.readings]
            return _value(event, self.leaves[names.index(ruled)])
        return agreed(_value(event, leaf) for leaf in self.leaves)


def trigger_of(policy: Policy, duty: Duty) -> EventTrigger | None:
    """Return the event trigger of a one-off duty; None where its trigger is another condition, or none."""
    found = event_trigger(policy, duty)
    match found:
        case None:
            return None
        case Happened():
            return EventTrigger(leaves=(found,))
        case Readings():
            leaves = tuple(part for _, part in found.readings if isinstance(part, Happened))
            return EventTrigger(leaves=leaves, readings=found)


def agreed(values: Iterable[Truth]) -> Truth:
    """Return the value on which all readings agree, else unknown."""
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else Truth.UNKNOWN


def _value(event: Event, leaf: Happened) -> Truth:
    return matches(event, leaf) if event.kind == leaf.kind else Truth.FALSE
