"""Triggers that are events: each event that matches opens an instance of the duty (LANGUAGE 4.5).

A term that means an event stands for it. So do readings all of which are events: each event is read at its own
instant, by the reading ruled by then; a later ruling settles nothing about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from interlock.engine._leaves import matches
from interlock.engine._reading import event_trigger
from interlock.engine._state import SubjectKey, subject_key
from interlock.policy import Duty, Happened, Policy, Readings
from interlock.record import Event, Topic
from interlock.terms import Truth

Seen = tuple[frozenset[SubjectKey], ...]
"""Whose events each leaf of a trigger sees, in the order of the leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTrigger:
    """The event leaves that may open an instance: one, or one for each of the readings of a disputed text."""

    leaves: tuple[Happened, ...]
    readings: Readings | None = None

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics of the events that may open an instance."""
        return tuple(dict.fromkeys(("kind", leaf.kind) for leaf in self.leaves))

    def may_open(self, event: Event, seen: Seen) -> bool:
        """Return whether the event may open an instance under some reading; `seen` is whose events each leaf sees."""
        return any(_value(event, leaf, keys) is not Truth.FALSE for leaf, keys in zip(self.leaves, seen, strict=True))

    def value(self, event: Event, ruled: str | None, seen: Seen) -> Truth:
        """Return whether the event opens an instance: under the reading ruled by then, else as all readings agree."""
        values = [_value(event, leaf, keys) for leaf, keys in zip(self.leaves, seen, strict=True)]
        if self.readings is not None and ruled is not None:
            return values[[name for name, _ in self.readings.readings].index(ruled)]
        return agreed(values)


def trigger_of(policy: Policy, duty: Duty) -> EventTrigger | None:
    """Return the event trigger of a one-off duty; None where its trigger is another condition, or none."""
    found = event_trigger(policy, duty)
    return None if found is None else EventTrigger(leaves=found[0], readings=found[1])


def agreed(values: Iterable[Truth]) -> Truth:
    """Return the value on which all readings agree, else unknown."""
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else Truth.UNKNOWN


def _value(event: Event, leaf: Happened, seen: frozenset[SubjectKey]) -> Truth:
    return matches(event, leaf) if event.kind == leaf.kind and subject_key(event.subject) in seen else Truth.FALSE
