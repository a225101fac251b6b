"""Instants: points in time as UTC datetimes, read from and written as RFC 3339.

A time without an offset is refused, since it could be hours off; a bare date is the start of that day, UTC
(LANGUAGE 9). Sub-second digits beyond microseconds are refused rather than dropped, and so are leap seconds.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from interlock.terms._errors import MalformedError

_INSTANT: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?([Zz]|[+-]\d{2}:\d{2}))?",
    re.ASCII,
)
_MINUTES_IN_A_DAY: Final = 24 * 60


def parse_date(text: str) -> date:
    """Return the calendar day that `text` (YYYY-MM-DD) names; MalformedError where it does not exist."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) is None:
        msg = f"`{text}` is not a date; expected YYYY-MM-DD"
        raise MalformedError(msg)
    try:
        return date.fromisoformat(text)
    except ValueError:
        msg = f"`{text}` is not a day of the calendar"
        raise MalformedError(msg) from None


def parse_instant(text: str) -> datetime:
    """Return the UTC instant that an RFC 3339 `text` names; a bare date is the start of that day, UTC."""
    match = _INSTANT.fullmatch(text)
    if match is None:
        msg = f"`{text}` is not an instant; expected YYYY-MM-DDTHH:MM:SSZ (with Z or an offset such as +02:00)"
        raise MalformedError(msg)
    day, hour, minute, second, fraction, offset = match.groups()
    start = parse_date(day)
    if hour is None:
        return datetime(start.year, start.month, start.day, tzinfo=UTC)
    try:
        local = datetime(
            start.year,
            start.month,
            start.day,
            int(hour),
            int(minute),
            int(second),
            int((fraction or "0").ljust(6, "0")),
            tzinfo=UTC,
        )
        return local - _offset(offset)
    except (ValueError, OverflowError):
        msg = f"`{text}` is not an instant of the calendar"
        raise MalformedError(msg) from None


def _offset(text: str) -> timedelta:
    if text in {"Z", "z"}:
        return timedelta()
    minutes = int(text[1:3]) * 60 + int(text[4:6])
    if minutes >= _MINUTES_IN_A_DAY or int(text[4:6]) > 59:  # noqa: PLR2004 - minutes of an hour
        raise ValueError(text)
    return timedelta(minutes=minutes if text[0] == "+" else -minutes)


def format_instant(instant: datetime) -> str:
    """Return `instant` in UTC as RFC 3339 with `Z`, with microseconds only where there are some."""
    utc = instant.astimezone(UTC)
    text = f"{utc.year:04d}-{utc.month:02d}-{utc.day:02d}T{utc.hour:02d}:{utc.minute:02d}:{utc.second:02d}"
    fraction = f".{utc.microsecond:06d}".rstrip("0") if utc.microsecond else ""
    return f"{text}{fraction}Z"
