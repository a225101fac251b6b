"""The page that `make bench` writes: what was measured, beside what was aimed at and beside other engines.

Rows come from the benchmarks through `conftest`; nothing is timed here. A page is written from a whole run only.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.rule_engines import TIERS

PAGE: Final = Path(__file__).parents[1] / "docs" / "quality" / "benchmarks.md"
OURS: Final = "interlock"
_IN_EVERY_TIER: Final = ("interlock, events at hand", "interlock, facts folded")
BUSINESS_DAYS: Final = "five business days later"
MONTHS: Final = "a month later"
SCHEDULE: Final = "a quarter of forty on a schedule"
DATES: Final = (BUSINESS_DAYS, MONTHS, SCHEDULE)
PARTS: Final = ("decoding", "deciding", "encodings", "command", "replay", *DATES, *TIERS)
"""What a whole run measures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measurement: `median` and `best` are CPU seconds for one of what the row names, or with `unit` B bytes."""

    part: str
    name: str
    version: str
    median: float
    best: float
    rounds: int
    aim: float | None = None
    note: str = ""
    unit: str = "s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What could not be measured, and why."""

    part: str
    name: str
    why: str


def is_whole(rows: Iterable[Row]) -> bool:
    """Return whether every part of a run was measured."""
    return {row.part for row in rows} >= set(PARTS)


def page(rows: Sequence[Row], left: Sequence[Left], versions: str) -> str:
    """Return the page."""
    decoding = [row for row in rows if row.part == "decoding"]
    parts = [
        _HEAD.format(machine=_machine(), versions=versions),
        _aims(rows),
        "## Reading YAML beside other readers\n\n" + _DECODING,
        _beside(decoding, _ours(decoding)),
        "## When a period is over, beside other libraries\n\n" + _DATES,
        *(_dates(part, rows, left) for part in DATES),
        "## One rule in several engines\n\n" + _ENGINES,
        *(_tier(tier, rows, left) for tier in TIERS),
    ]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _machine() -> str:
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.processor(),
    )
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    day = datetime.now(tz=UTC).date()
    return (
        f"{day}, {model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, "
        f"load average {load}"
    )


def _aims(rows: Sequence[Row]) -> str:
    lines = ["| what | aim | median | best | rounds | met |", "| --- | ---: | ---: | ---: | ---: | --- |"]
    for row in rows:
        if row.part in (*TIERS, *DATES) or (row.part == "decoding" and row.aim is None):
            continue
        aim = "" if row.aim is None else f"< {_amount(row.aim, row.unit)}"
        met = "" if row.aim is None else "yes" if row.median < row.aim else f"**no**, {row.median / row.aim:.1f} times"
        lines.append(f"| {row.name} | {aim} | {_amounts(row)} | {row.rounds} | {met} |")
    return "\n".join(lines)


def _dates(part: str, rows: Sequence[Row], left: Sequence[Left]) -> str:
    these = [row for row in rows if row.part == part]
    return f"### {part.capitalize()}\n\n{_beside(these, _ours(these))}" + _lacking(part, left)


def _ours(rows: Iterable[Row]) -> Row:
    return next(row for row in rows if row.name.startswith(OURS))


def _lacking(part: str, left: Sequence[Left]) -> str:
    lines = [f"- {one.name}: {one.why}" for one in left if one.part == part]
    return "\n\nNot timed:\n\n" + "\n".join(lines) if lines else ""


def _tier(tier: str, rows: Sequence[Row], left: Sequence[Left]) -> str:
    ours = [row for row in rows if row.part == TIERS[-1] and row.name in _IN_EVERY_TIER]
    others = [row for row in rows if row.part == tier and row not in ours]
    table = _beside([*others, *ours], next(row for row in ours if row.name == _IN_EVERY_TIER[0]))
    return f"### {tier.capitalize()}\n\n{table}" + _lacking(tier, left)


def _beside(rows: Sequence[Row], ours: Row) -> str:
    """Return a table of the rows, the quickest first, each with its ratio to `ours`."""
    lines = ["| | version | median | beside ours | |", "| --- | --- | ---: | ---: | --- |"]
    for row in sorted(rows, key=lambda row: row.median):
        ratio = "1" if row is ours else _ratio(row.median / ours.median)
        lines.append(f"| {row.name} | {row.version} | {_time(row.median)} | {ratio} | {row.note} |")
    return "\n".join(lines)


def _ratio(ratio: float) -> str:
    return f"{ratio:.1f}" if ratio >= 1 else f"1/{1 / ratio:.1f}"


def _amounts(row: Row) -> str:
    return f"{_amount(row.median, row.unit)} | {_amount(row.best, row.unit)}"


def _amount(amount: float, unit: str) -> str:
    return _time(amount) if unit == "s" else f"{amount / 2**20:,.0f} MiB"


def _time(seconds: float) -> str:
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


_HEAD: Final = """\
# Benchmarks

`make bench` writes this page. It runs in an environment of its own (`locks/bench.lock`), since some of the engines
beside ours are under licences that the product keeps away from. No test of the test suite looks at a clock.

- Measured: {machine}.
- interlock {versions}.
- All times are CPU time of one process and one thread; the median over the rounds counts. The machine is shared: a
  ratio below 2 says nothing.
- Replays are of a generated record of twenty models, ten thousand events a year, recorded up to 30 hours late
  (`benchmarks/long_record.py`). Memory is the most that a fresh process had that read, replayed and wrote the result.

## What is aimed at
"""
_DECODING: Final = """\
The generated policy of 500 items, some 80 KB. `compose` gives a tree of nodes with their places, and no more: no
duplicate key is noticed, no name looked up, no unit checked. Our decoder composes with the same parser and does the
rest; its time contains that of `compose` in C.
"""
_DATES: Final = """\
Each row is for one answer. The others are given a local date and give one; a calendar is given an instant and gives the
one at which the last day is over, in a time zone with its changes of clocks. Before anything is timed, every answer is
checked to be about the same day.
"""
_ENGINES: Final = """\
Pause if the score is at least 0.5 and the safeguard is not in place, else proceed. Every answer is checked on the same
random cases before anything is timed; an engine with a wrong answer is not timed. Times are for one case.

Engines are compared within what they give. interlock has one way to decide, which gives the full trace with what would
release the action, who can, and until when the answer is good; it stands in every table, and ratios are to that. It
reads a record of events over time with their actors, digests and instants, where the others are handed two values:
`facts folded` is what is left once that is done. Who has evidence over time must do that work somewhere; who has two
values and one rule needs none of it.
"""
