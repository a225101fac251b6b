"""Sheets: what a docket holds at an instant, the instances of a duty and where its triggers and periods stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from interlock.record import Event
from interlock.terms import Truth

GROWTH_UNKNOWN: Final = "growth-unknown"
TRIGGER_UNKNOWN: Final = "trigger-unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One instance of a duty, as far as it has come.

    From `opening` on completions count. `triggered` is when it became certain that it is owed, None while that is not:
    `doubt` then says what is unknown. `base` is the instant from which `within` counts, with `of_period` the end of the
    period whose last day counts. A period that was completed early has neither `triggered` nor `base`.
    """

    scope: int
    opening: datetime
    triggered: datetime | None = None
    base: datetime | None = None
    of_period: bool = False
    doubt: str | None = None
    done: datetime | None = None
    superseded: datetime | None = None
    event: Event | None = None
    evidence: tuple[int, ...] = ()

    @property
    def is_live(self) -> bool:
        """Whether it can still be completed."""
        return self.done is None and self.superseded is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a one-off trigger last came to, and the instance in doubt that it keeps while it is unknown."""

    value: Truth = Truth.FALSE
    doubtful: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """Where a recurring duty stands: the running period and the instance that it opened.

    `first` is where the periods started, `index` counts those of a schedule, `completed` is the last completion.
    `settled` says that the running period of a schedule has had its instance already, `grown` that the running period
    was over by growth at some instant.
    """

    running: bool = False
    first: datetime | None = None
    start: datetime | None = None
    index: int = 0
    current: int | None = None
    settled: bool = False
    grown: bool = False
    completed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A docket at an instant: its instances by number, and where its triggers and periods stand."""

    instances: dict[int, Instance] = field(default_factory=dict)
    number: int = 0
    runs: dict[int, Run] = field(default_factory=dict)
    """By scope, or by the index of a trigger event that has not opened its instance yet."""
    cycles: dict[int, Cycle] = field(default_factory=dict)
