"""Durations: exact lengths of time as ISO 8601 writes them (ISO 8601-1:2019, 5.5.2)."""

from __future__ import annotations

from datetime import timedelta

_HOUR, _MINUTE = 3600, 60


def format_duration(length: timedelta) -> str:
    """Return a length of time in days, hours, minutes and seconds; a negative one begins with a minus.

    >>> format_duration(timedelta(days=2, hours=12, minutes=30))
    'P2DT12H30M'
    >>> format_duration(timedelta(0))
    'PT0S'
    """
    sign, length = ("-", -length) if length < timedelta(0) else ("", length)
    hours, rest = divmod(length.seconds, _HOUR)
    minutes, seconds = divmod(rest, _MINUTE)
    fraction = f".{length.microseconds:06d}".rstrip("0") if length.microseconds else ""
    days = f"{length.days}D" if length.days else ""
    time = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M")) if number)
    time += f"{seconds}{fraction}S" if seconds or fraction else ""
    if not (days or time):
        return "PT0S"
    return f"{sign}P{days}{f'T{time}' if time else ''}"
