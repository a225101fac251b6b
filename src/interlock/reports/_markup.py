"""A small writer of HTML and SVG: elements as values, every text and attribute escaped, the same bytes each time.

There is no way to put markup in by text: what is not an element is text. Control and bidirectional characters, which
could make a line look other than it reads, are written by number. Links are written only to https addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

from interlock.notation import shown

_LONGEST: Final = 20_000
_VOID: Final = frozenset({"meta", "br"})
_HTTPS: Final = re.compile(r"https://[A-Za-z0-9.-]+(?::\d+)?(?:/[^\s\"'<>\\]*)?")


@dataclass(frozen=True, slots=True)
class Element:
    """An element with its attributes, in the order given, and what is in it."""

    tag: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple[Element | str, ...]
    is_raw: bool = False
    """Whether its text is written as it is: for the style sheet alone, which is a constant of this package."""


Content = Element | str | None


def element(tag: str, *children: Content | Iterable[Content], **attributes: object) -> Element:
    """Return an element; `None` children are left out, and lists of children are set one after the other.

    An attribute's name may end in `_` (`class_`), and `_` within it stands for `-`; one that is None is left out.
    """
    stated = tuple(
        (name.rstrip("_").replace("_", "-"), str(value)) for name, value in attributes.items() if value is not None
    )
    return Element(tag, stated, tuple(_flat(children)))


def _flat(children: Iterable[Content | Iterable[Content]]) -> Iterator[Element | str]:
    for child in children:
        if child is None:
            continue
        if isinstance(child, Element | str):
            yield child
        else:
            yield from _flat(child)


def lines(text: str) -> list[Element | str]:
    """Return a text with the breaks between its lines."""
    parts: list[Element | str] = []
    for place, line in enumerate(text.splitlines()):
        if place:
            parts.append(element("br"))
        parts.append(line)
    return parts


def link(words: str, address: str | None) -> Element | str:
    """Return a link to an https address; only the words where it is none, lest a text smuggle in a script."""
    if address is None or _HTTPS.fullmatch(address) is None:
        return words if address is None else f"{words} ({address})"
    return element("a", words, href=address, rel="noreferrer")


def stylesheet(text: str) -> Element:
    """Return the style sheet, written as it is."""
    return Element("style", (), (text,), is_raw=True)


def markup(one: Element) -> str:
    """Return an element as HTML."""
    return "".join(_written(one))


def _written(one: Element) -> Iterator[str]:
    yield f"<{one.tag}"
    for name, value in one.attributes:
        yield f' {name}="{_escaped(value)}"'
    yield ">"
    if one.tag in _VOID:
        return
    for child in one.children:
        if isinstance(child, Element):
            yield from _written(child)
        else:
            yield child if one.is_raw else _escaped(child)
    yield f"</{one.tag}>"


def _escaped(text: str) -> str:
    return escape(shown(text, length=_LONGEST), quote=True)
