"""When versions come into force, and for which spans of time each is (4.7 and 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from interlock.policy import Policy
from interlock.record import Event, PolicyNamed


@dataclass(frozen=True, kw_only=True)
class Span:
    """A stretch of time for which one version is in force; `end` is when another follows, None if none does."""

    start: datetime
    end: datetime | None
    version: Policy

    def holds_at(self, instant: datetime) -> bool:
        """Return whether the version is in force then."""
        return self.start <= instant and (self.end is None or instant < self.end)


def starts_of(version: Policy, known: Sequence[Event]) -> list[datetime]:
    """4.7 and 9: the later of its effective day and each adoption; without one, its effective day."""
    effective = version.calendar.start_of_day(version.effective)
    adoptions = [
        max(effective, event.occurred)
        for event in known
        if event.kind == "policy.adopted"
        and isinstance(event.payload, PolicyNamed)
        and (event.payload.policy, event.payload.version) == (version.id, version.version)
        and event.subject.model is None
        and event.subject.developer in (None, version.issuer)
    ]
    return adoptions or [effective]


def spans_of(versions: Sequence[Policy], known: Sequence[Event]) -> list[Span]:
    """Return the spans of the versions of one policy; a version that starts again while in force goes on."""
    starts = sorted({(start, number) for number, version in enumerate(versions) for start in starts_of(version, known)})
    begun: list[tuple[datetime, int]] = []
    for start, number in starts:
        if not begun or begun[-1][1] != number:
            begun.append((start, number))
    ends = [start for start, _ in begun[1:]]
    return [
        Span(start=start, end=end, version=versions[number])
        for (start, number), end in zip(begun, [*ends, None], strict=True)
        if end is None or start < end
    ]


def two_start_together(versions: Sequence[Policy], known: Sequence[Event], by: datetime) -> bool:
    """Return whether two versions come into force at one instant by then, so that neither follows the other."""
    starts = [start for version in versions for start in set(starts_of(version, known)) if start <= by]
    return len(starts) != len(set(starts))
