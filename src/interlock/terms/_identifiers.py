"""Identifiers: the names that items of a policy and models go by, and the nearest valid name to a wrong one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Final

from interlock.terms._errors import MalformedError

_IDENTIFIER: Final = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*", re.ASCII)
_MAXIMUM_LENGTH: Final = 128


def parse_identifier(text: str) -> str:
    """Return `text` if it is an identifier: lower-case letters and digits in parts joined by `-` or `.`."""
    if len(text) > _MAXIMUM_LENGTH or _IDENTIFIER.fullmatch(text) is None:
        shown = text[:_MAXIMUM_LENGTH].encode("unicode_escape").decode("ascii")
        msg = f"`{shown}` is not an identifier; expected lower-case letters and digits in parts joined by `-` or `.`"
        raise MalformedError(msg)
    return text


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the valid name that `name` most likely meant, in whatever case, or None where none is close."""
    by_lower = {valid.casefold(): valid for valid in sorted(names, reverse=True)}
    close = difflib.get_close_matches(name[:_MAXIMUM_LENGTH].casefold(), by_lower, n=1, cutoff=0.65)
    return by_lower[close[0]] if close else None
