"""What is to be known of a replay that ships with interlock: its sources, what is assumed, and the reply to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from interlock.terms import format_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A text that the replay rests on: who published it and when, where it was read, and how far it was checked.

    `published` is None where the day was not learned.
    """

    id: str
    title: str
    publisher: str
    published: date | None
    url: str | None = None
    read: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The assumed instant that all reconstructed times are relative to: what is taken to have been then, and why."""

    at: datetime
    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the developer said of it, in the words of whoever made the replay; `source` is the id of where.

    `on` is None where the day was not learned.
    """

    by: str
    on: date | None
    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a bundled replay says of itself.

    `status` says who holds what of it, beginning with `admitted`, `alleged`, `disputed` or `not alleged`; `contested`
    whether it is disputed that what happened departs from the text. `policies` are references to those that judge it,
    and `items` names what of them the public record of it is about. With `under` it is a counterfactual, judged by that
    policy, and `not_in_force` says when that text was in force. `reconstructed` says that its times were not published
    but are relative to `anchor`. `notes` are what to know before reading it; `limits` what it can't show beside what no
    replay can.
    """

    name: str
    title: str
    status: str
    contested: bool
    policies: tuple[str, ...]
    items: tuple[str, ...]
    under: str | None = None
    not_in_force: str | None = None
    reconstructed: bool
    anchor: Anchor | None = None
    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    reply: Reply | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values, field order fixed."""
        anchor, reply = self.anchor, self.reply
        return {
            "name": self.name,
            "title": self.title,
            "status": self.status,
            "contested": self.contested,
            "policies": list(self.policies),
            "items": list(self.items),
            "under": self.under,
            "not_in_force": self.not_in_force,
            "reconstructed": self.reconstructed,
            "anchor": None
            if anchor is None
            else {"at": format_instant(anchor.at), "what": anchor.what, "why": anchor.why},
            "sources": [_source(source) for source in self.sources],
            "notes": list(self.notes),
            "limits": list(self.limits),
            "reply": None
            if reply is None
            else {"by": reply.by, "on": _day(reply.on), "text": reply.text, "source": reply.source},
        }


def _source(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "published": _day(source.published),
        "url": source.url,
        "read": source.read,
        "mark": source.mark,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
