"""A replay with what it was made of: its events, what is to be known of it, and the names translated for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from interlock.engine import Replay, Rulings
from interlock.policy import Policy
from interlock.record import Event, History, history
from interlock.reports._about import About


@dataclass(frozen=True, slots=True, kw_only=True)
class Renaming:
    """A name in the events that was read as another: of a measure, a question, a control or another item."""

    sort: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A reply on record: to what, by whom, when, and the event that states it."""

    to: str
    by: str
    at: datetime
    text: str
    event: int


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """What a page or a terminal shows of a replay; `events` are all that were given, by index.

    `assumed` are readings of disputed texts that are taken as ruled from the beginning: with any it is hypothetical.
    """

    replay: Replay
    events: tuple[Event, ...]
    about: About | None = None
    renamed: tuple[Renaming, ...] = ()
    assumed: Rulings = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What the replay is called."""
        if self.about is not None:
            return self.about.title
        named = [f"{policy.id} {policy.version}" for policy in self.judging]
        return f"Replay of {', '.join(named)}"

    @property
    def judging(self) -> tuple[Policy, ...]:
        """The policy versions that judged: with `under` it takes the place of every version of the same policy."""
        replay = self.replay
        if replay.under is None:
            return replay.policies
        others = [policy for policy in replay.policies if policy.id != replay.under.id]
        return (replay.under, *others)

    @property
    def not_in_force(self) -> str | None:
        """When the text was in force by which a counterfactual that ships with interlock is judged; None of others."""
        about, under = self.about, self.replay.under
        if about is None or under is None or about.under is None:
            return None
        return about.not_in_force if about.under.endswith(f"/{under.id}@{under.version}") else None

    @cached_property
    def known(self) -> History:
        """What was known of the events at the end, corrections applied."""
        return history(self.events, self.replay.duties.known_at)

    @property
    def replies(self) -> tuple[Said, ...]:
        """The replies on record by the time that the replay ends, in the order of what happened."""
        known = self.known.events
        return tuple(_said(one) for one in known if one.kind == "reply.made" and one.occurred <= self.replay.as_of)


def _said(event: Event) -> Said:
    by = event.actor or event.subject.developer or "the developer"
    return Said(
        to=event.text_of("to") or "",
        by=by,
        at=event.occurred,
        text=event.text_of("text") or "",
        event=event.index,
    )
