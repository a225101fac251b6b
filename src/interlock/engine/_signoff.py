"""Sign-off: what the words of roles come to, by distinct actors (LANGUAGE 2, ROLES, and 9).

A role's word is its latest; an older one counts no more. All of a list, any of them, or n of them must speak, and no
actor counts twice, nor does one that the event does not name where several must speak.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from operator import attrgetter

from interlock.engine._trace import Node, earliest
from interlock.policy import Condition, Roles
from interlock.record import Event
from interlock.terms import Truth, at_least


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What one role says: a truth value and its reason, until when and which compute, and the events it rests on."""

    role: str
    value: Truth
    reason: str | None = None
    events: tuple[Event, ...] = ()
    ends: datetime | None = None
    ends_at_compute: Fraction | None = None

    @property
    def actors(self) -> frozenset[str | None]:
        """The actors who gave this word; several only where they gave it at the same instant."""
        return frozenset(event.actor for event in self.events)


def latest(facts: Iterable[Event]) -> tuple[Event, ...]:
    """Return the facts at the latest place by (occurred, recorded), of which there may be several."""
    last: list[Event] = []
    for event in facts:
        place = (event.occurred, event.recorded)
        if last and place < (last[0].occurred, last[0].recorded):
            continue
        if last and place > (last[0].occurred, last[0].recorded):
            last = []
        last.append(event)
    return tuple(last)


def latest_among(facts: Iterable[Sequence[Event]], wanted: Callable[[Event], bool]) -> tuple[Event, ...]:
    """Return the wanted facts at the latest place, of lists that are each in the order in which things happened."""
    tails: list[Event] = []
    for about_one in facts:
        place: tuple[datetime, datetime] | None = None
        for event in reversed(about_one):
            if place is not None and (event.occurred, event.recorded) != place:
                break
            if wanted(event):
                place = (event.occurred, event.recorded)
                tails.append(event)
    last = latest(tails)
    return last if len(last) < 2 else tuple(sorted(last, key=attrgetter("index")))  # noqa: PLR2004 - nothing to order


def word_of(role: str, facts: Iterable[Sequence[Event]], read: Callable[[Event], Word]) -> Word | None:
    """Return the role's latest word, or None where it has not spoken; disagreement at one instant is no word.

    `facts` are lists in the order in which things happened, one for each subject.
    """
    last = latest_among(facts, lambda event: event.role == role)
    if not last:
        return None
    if len(last) == 1:
        return replace(read(last[0]), events=tuple(last))
    words = [read(event) for event in last]
    together = replace(
        words[0],
        events=tuple(last),
        ends=earliest(word.ends for word in words),
        ends_at_compute=earliest(word.ends_at_compute for word in words),
    )
    if len({word.value for word in words}) > 1:
        return replace(together, value=Truth.UNKNOWN, reason="contradicted")
    return together


def by_roles(about: Condition | str, roles: Roles, words: Sequence[Word | None], *, nothing: str | None = None) -> Node:
    """Return what the words of `roles` (None: not spoken) come to.

    True if as many as needed say so by that many distinct actors; false if too few are left that could; else
    unknown, awaiting those that have not said so. `nothing` is the reason where no role has spoken at all.
    """
    spoken = [word for word in words if word is not None]
    value = at_least(roles.needed, (Truth.UNKNOWN if word is None else word.value for word in words))
    reason = None
    if value is Truth.TRUE and not _distinct(roles.needed, [word for word in spoken if word.value is Truth.TRUE]):
        value = Truth.UNKNOWN
        reason = _awaiting(word.role for word in spoken if word.value is Truth.TRUE)
    elif value is Truth.UNKNOWN:
        reason = _open_reason(roles, words, spoken, nothing)
    return Node(
        about=about,
        value=value,
        reason=reason,
        evidence=tuple(
            event for word in spoken if value is Truth.UNKNOWN or word.value is value for event in word.events
        ),
        detail=lambda: tuple(_child(name, word) for name, word in zip(roles.names, words, strict=True)),
        changes_at=earliest(word.ends for word in spoken),
        changes_at_compute=earliest(word.ends_at_compute for word in spoken),
        who=tuple(
            name for name, word in zip(roles.names, words, strict=True) if word is None or word.value is not Truth.TRUE
        )
        or roles.names,
    )


def _open_reason(roles: Roles, words: Sequence[Word | None], spoken: Sequence[Word], nothing: str | None) -> str:
    if not spoken and nothing is not None:
        return nothing
    unheard = [name for name, word in zip(roles.names, words, strict=True) if word is None]
    if not unheard:
        return next(word.reason or "missing" for word in spoken if word.value is Truth.UNKNOWN)
    return _awaiting(
        name for name, word in zip(roles.names, words, strict=True) if word is None or word.value is Truth.UNKNOWN
    )


def _awaiting(names: Iterable[str]) -> str:
    return f"awaiting {', '.join(names)}"


def _distinct(needed: int, words: Sequence[Word]) -> bool:
    """Return whether `needed` of the words can be counted by as many distinct, named actors."""
    if needed == 1:
        return True
    given: dict[str, Word] = {}

    def place(word: Word, tried: set[str]) -> bool:
        for actor in sorted(actor for actor in word.actors if actor is not None):
            if actor in tried:
                continue
            tried.add(actor)
            holder = given.get(actor)
            if holder is None or place(holder, tried):
                given[actor] = word
                return True
        return False

    return sum(place(word, set()) for word in words) >= needed


def _child(role: str, word: Word | None) -> Node:
    if word is None:
        return Node(about=f"{role} has not spoken", value=Truth.UNKNOWN, reason=f"awaiting {role}")
    said = ", ".join(f"event {event.index} by {event.actor or 'an unnamed actor'}" for event in word.events)
    return Node(about=f"{role}: {said}", value=word.value, reason=word.reason, evidence=word.events)
