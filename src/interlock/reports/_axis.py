"""The axis of time: where an instant stands between two, and which days are marked on it.

Places are reckoned in whole tenths of a unit by integer arithmetic, so that the same replay gives the same picture on
every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import Final

_MICROSECOND: Final = timedelta(microseconds=1)
_MOST_TICKS: Final = 9
_MONTHS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 12_000)
_LENGTHS: Final = (
    (timedelta(hours=1), "%H:%M"),
    (timedelta(hours=3), "%d %b %H:%M"),
    (timedelta(hours=6), "%d %b %H:%M"),
    (timedelta(days=1), "%d %b"),
    (timedelta(days=2), "%d %b"),
    (timedelta(days=7), "%d %b"),
)
_NAMES: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A marked instant and its label."""

    at: datetime
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The stretch of time from `start` to `end`, drawn over `width` units from `left`."""

    start: datetime
    end: datetime
    left: int
    width: int

    @classmethod
    def over(cls, instants: list[datetime], *, left: int, width: int) -> Axis:
        """Return an axis over all the instants, at least a day long, with a little room on both sides."""
        first, last = min(instants), max(instants)
        length = max(last - first, timedelta(days=1))
        room = length / 40
        try:
            return cls(start=first - room, end=first + length + room, left=left, width=width)
        except OverflowError:
            return cls(start=first, end=max(last, first + _MICROSECOND), left=left, width=width)

    def place(self, instant: datetime) -> str:
        """Return where an instant stands, as a decimal; one outside stands at the near end."""
        return decimal(self.tenths(instant))

    def tenths(self, instant: datetime) -> int:
        """Return where an instant stands, in tenths of a unit."""
        inside = min(max(instant, self.start), self.end)
        passed, whole = (inside - self.start) // _MICROSECOND, (self.end - self.start) // _MICROSECOND
        return self.left * 10 + self.width * 10 * passed // whole

    def ticks(self) -> tuple[Tick, ...]:
        """Return the instants to mark: few enough that their labels do not meet."""
        for length, form in _LENGTHS:
            if (self.end - self.start) // length <= _MOST_TICKS:
                return tuple(self._by_length(length, form))
        number = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
        return tuple(self._by_months(next(months for months in _MONTHS if number // months <= _MOST_TICKS)))

    def _by_length(self, length: timedelta, form: str) -> Iterator[Tick]:
        midnight = datetime(self.start.year, self.start.month, self.start.day, tzinfo=UTC)
        at = midnight + -(-(self.start - midnight) // length) * length
        while at <= self.end:
            yield Tick(at=at, label=_label(at, form))
            at += length

    def _by_months(self, months: int) -> Iterator[Tick]:
        index = self.start.year * 12 + self.start.month - 1
        index += -index % months
        while (at := _month(index)) is not None and at <= self.end:
            if at >= self.start:
                year = f"{at.year:04d}"
                yield Tick(at=at, label=year if months >= _A_YEAR else f"{_NAMES[at.month - 1]} {year}")
            index += months


_A_YEAR: Final = 12


def _month(index: int) -> datetime | None:
    year, month = divmod(index, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC) if 1 <= year <= MAXYEAR else None


def _label(at: datetime, form: str) -> str:
    """Return a label in English whatever the locale."""
    return at.strftime(form.replace("%b", _NAMES[at.month - 1]))


def decimal(tenths: int) -> str:
    """Return a number of tenths as a decimal: `12.5`, `12`."""
    whole, part = divmod(tenths, 10)
    return f"{whole}.{part}" if part else str(whole)
