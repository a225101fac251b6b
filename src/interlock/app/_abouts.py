"""What is to be known of a bundled replay, read from its `about.yaml`.

The files are part of the package: one that lacks something is a fault of interlock, not of a person's files.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from interlock.notation import parse_yaml, yaml_values
from interlock.reports import About, Anchor, Reply, Source
from interlock.terms import parse_date, parse_instant


def read_about(content: bytes, *, file: str, name: str) -> About:
    """Return what the file says; KeyError or FaultsError where it lacks something."""
    stated = yaml_values(parse_yaml(content, file=file))
    anchor, reply = stated.get("anchor"), stated.get("reply")
    return About(
        name=name,
        title=stated["title"],
        status=_line(stated["status"]),
        contested=stated["contested"] is True,
        policies=tuple(stated["policies"]),
        items=tuple(stated["items"]),
        under=stated.get("under"),
        not_in_force=None if stated.get("under") is None else _line(stated["not-in-force"]),
        reconstructed=stated["reconstructed"] is True,
        anchor=None if anchor is None else _anchor(anchor),
        sources=tuple(_source(source) for source in stated["sources"]),
        notes=tuple(_line(note) for note in stated.get("notes", ())),
        limits=tuple(_line(limit) for limit in stated.get("limits", ())),
        reply=None if reply is None else _reply(reply),
    )


def _anchor(stated: dict[str, Any]) -> Anchor:
    return Anchor(at=parse_instant(stated["at"]), what=_line(stated["what"]), why=_line(stated["why"]))


def _source(stated: dict[str, Any]) -> Source:
    return Source(
        id=stated["id"],
        title=stated["title"],
        publisher=stated["publisher"],
        published=_day(stated.get("published")),
        url=stated.get("url"),
        read=_line(stated["read"]),
        mark=stated["mark"],
    )


def _reply(stated: dict[str, Any]) -> Reply:
    return Reply(by=stated["by"], on=_day(stated.get("day")), text=_line(stated["text"]), source=stated["source"])


def _day(stated: str | None) -> date | None:
    return None if stated is None else parse_date(stated)


def _line(text: str) -> str:
    """Return a text that the file breaks into lines as one."""
    return " ".join(text.split())
