"""Texts as YAML takes them on one line: plain where every reader of YAML reads the same text, otherwise in quotes."""

from __future__ import annotations

import json
from typing import Final

from interlock.notation._scalars import refusal, resolve

_SPECIAL: Final = frozenset(',[]{}:#"`\\|>@')
"""What may end a plain text or stand for something, within brackets or at its beginning."""


def quoted(text: str) -> str:
    """Return `text` as it may stand anywhere in YAML, also within brackets; one that could be a number is quoted.

    >>> print(quoted("Board of Directors"), quoted("2.10"), quoted("no"), quoted("part: two"))
    Board of Directors "2.10" "no" "part: two"
    """
    return text if _is_plain(text) else json.dumps(text, ensure_ascii=False)


def _is_plain(text: str) -> bool:
    if not text.isprintable() or text != text.strip() or not text[:1].isalnum() or not _SPECIAL.isdisjoint(text):
        return False
    return refusal(text) is None and isinstance(resolve(text), str)
