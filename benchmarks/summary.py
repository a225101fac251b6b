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
PARTS: Final = ("decoding", "deciding", "command", *TIERS)
"""What a whole run measures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measurement: `median` and `best` are CPU seconds for one of what the row names."""

    part: str
    name: str
    version: str
    median: float
    best: float
    rounds: int
    aim: float | None = None
    note: str = ""


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
        _beside(decoding, next(row for row in decoding if row.name.startswith(OURS))),
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
        if row.part in TIERS or (row.part == "decoding" and row.aim is None):
            continue
        aim = "" if row.aim is None else f"< {_time(row.aim)}"
        met = "" if row.aim is None else "yes" if row.median < row.aim else f"**no**, {row.median / row.aim:.1f} times"
        lines.append(f"| {row.name} | {aim} | {_time(row.median)} | {_time(row.best)} | {row.rounds} | {met} |")
    return "\n".join(lines)


def _tier(tier: str, rows: Sequence[Row], left: Sequence[Left]) -> str:
    ours = [row for row in rows if row.part == TIERS[-1] and row.name in _IN_EVERY_TIER]
    others = [row for row in rows if row.part == tier and row not in ours]
    lacking = [f"- {one.name}: {one.why}" for one in left if one.part == tier]
    table = _beside([*others, *ours], next(row for row in ours if row.name == _IN_EVERY_TIER[0]))
    return f"### {tier.capitalize()}\n\n{table}" + ("\n\nNot timed:\n\n" + "\n".join(lacking) if lacking else "")


def _beside(rows: Sequence[Row], ours: Row) -> str:
    """Return a table of the rows, the quickest first, each with its ratio to `ours`."""
    lines = ["| | version | median | beside ours | |", "| --- | --- | ---: | ---: | --- |"]
    for row in sorted(rows, key=lambda row: row.median):
        ratio = "1" if row is ours else _ratio(row.median / ours.median)
        lines.append(f"| {row.name} | {row.version} | {_time(row.median)} | {ratio} | {row.note} |")
    return "\n".join(lines)


def _ratio(ratio: float) -> str:
    return f"{ratio:.1f}" if ratio >= 1 else f"1/{1 / ratio:.1f}"


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

## What is aimed at
"""
_DECODING: Final = """\
The generated policy of 500 items, some 80 KB. `compose` gives a tree of nodes with their places, and no more: no
duplicate key is noticed, no name looked up, no unit checked. Our decoder composes with the same parser and does the
rest; its time contains that of `compose` in C.
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
