"""What the page and the Markdown of a policy share: the labels at its head, and what a name looks like in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from interlock.policy import Item, Section

NAME: Final = re.compile(r"(?<![`\\])`([a-z0-9]+(?:[.-][a-z0-9]+)*)`(?!`)")
"""A name between backticks, as sentences set names off; it can hold no sign of any markup."""


def labelled(head: Section) -> Iterator[tuple[str, str, Item]]:
    """Yield each item of the first section with its label, and its sentence without that label."""
    for place, item in enumerate(head.items):
        label = "Policy" if place == 0 else item.id.replace("-", " ").capitalize()
        said = item.sentence.removeprefix(f"{label}: ")
        yield label, f"{said[:1].upper()}{said[1:]}", item
