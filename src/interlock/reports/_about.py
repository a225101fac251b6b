"""What is to be known of a replay that ships with interlock: its sources, what is assumed, and the reply to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from interlock.terms import format_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A text that the replay rests on: who published it and when, where it was read, and how far it was checked."""

    id: str
    title: str
    publisher: str
    published: date
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
    """What the developer said of it, in the words of whoever made the replay; `source` is the id of where."""

    by: str
    on: date
    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a bundled replay says of itself.

    `reconstructed` says that its times were not published but are relative to `anchor`. `notes` are
    what to know before reading it; `limits` what it can't show beside what no replay can.
    """

    name: str
    title: str
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
            "reconstructed": self.reconstructed,
            "anchor": None
            if anchor is None
            else {"at": format_instant(anchor.at), "what": anchor.what, "why": anchor.why},
            "sources": [_source(source) for source in self.sources],
            "notes": list(self.notes),
            "limits": list(self.limits),
            "reply": None
            if reply is None
            else {"by": reply.by, "on": reply.on.isoformat(), "text": reply.text, "source": reply.source},
        }


def _source(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "published": source.published.isoformat(),
        "url": source.url,
        "read": source.read,
        "mark": source.mark,
    }
