"""Casebooks as text: cases that were drafted by the program, written as a person would write them.

What is drafted are plain values; texts are quoted wherever some reader of YAML could take them for something else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9./_-]*(?: [A-Za-z0-9./_-]+)*|sha256:[a-z0-9.-]+", re.ASCII)
_NUMBERED: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:e[0-9]+)?(?:%|x| [A-Za-z]+)", re.ASCII)
_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)?", re.ASCII)
_NOT_TEXT: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
Plain = Mapping[str, Any]
"""A mapping of plain values: texts, whole numbers, truth values, lists and mappings of such."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A case that is drafted: everything but what is expected, unless that is known already."""

    says: str
    source: str | None
    events: tuple[Plain, ...]
    ask: Plain
    expect: Plain = field(default_factory=lambda: {"refused": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What the cases of a draft have in common."""

    defaults: Plain
    events: tuple[Plain, ...]


def casebook_text(background: Background, drafts: Sequence[Draft], *, head: Sequence[str] = (), tail: str = "") -> str:
    """Return the text of a casebook; `head` are lines before the cases, `tail` is a comment after them."""
    lines = [*head, f"defaults: {flow(background.defaults)}", "events:"]
    lines += [f"  - {flow(event)}" for event in background.events]
    lines += ["cases:"]
    for draft in drafts:
        lines += _case(draft)
    return "\n".join([*lines, *(f"# {line}".rstrip() for line in tail.splitlines()), ""])


def _case(draft: Draft) -> list[str]:
    lines = [f"  - says: {json.dumps(draft.says, ensure_ascii=False)}"]
    if draft.source is not None:
        lines.append(f"    source: {json.dumps(draft.source, ensure_ascii=False)}")
    if draft.events:
        lines.append("    events:")
        lines += [f"      - {flow(event)}" for event in draft.events]
    return [*lines, f"    ask: {flow(draft.ask)}", f"    expect: {flow(draft.expect)}"]


def flow(value: Any) -> str:
    """Return a plain value on one line of YAML."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case Mapping():
            return f"{{{', '.join(f'{_text(key)}: {flow(item)}' for key, item in value.items())}}}"
        case list() | tuple():
            return f"[{', '.join(flow(item) for item in value)}]"
        case _:
            return str(value)


def _text(text: str) -> str:
    for pattern in (_WORD, _NUMBERED, _INSTANT):
        if pattern.fullmatch(text) and text.lower() not in _NOT_TEXT:
            return text
    return json.dumps(text, ensure_ascii=False)
