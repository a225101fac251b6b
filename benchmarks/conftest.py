"""Gathers what the benchmarks measured and, after a whole run, writes docs/quality/benchmarks.md."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from typing import Any, Final

import pytest

from benchmarks.summary import PAGE, Left, Row, is_whole, page

Measure = Callable[..., None]
ROWS: Final = pytest.StashKey[list[Row]]()
LEFT: Final = pytest.StashKey[list[Left]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[ROWS] = []
    config.stash[LEFT] = []


@pytest.fixture
def rows(request: pytest.FixtureRequest) -> list[Row]:
    """The measurements of this run."""
    return request.config.stash[ROWS]


@pytest.fixture
def leave(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Return what notes that something is not timed, and skips the benchmark."""

    def leave_out(part: str, name: str, why: str) -> None:
        request.config.stash[LEFT].append(Left(part=part, name=name, why=why))
        pytest.skip(why)

    return leave_out


@pytest.fixture
def measure(benchmark: Any, rows: list[Row]) -> Measure:
    """Return what times a call by the benchmark's clock and keeps the row; `each` calls are made in one."""

    def run(
        call: Callable[..., object],
        *arguments: object,
        rounds: int = 15,
        warmup: int = 2,
        each: int = 1,
        before: Callable[[], object] | None = None,
        **named: Any,
    ) -> None:
        def setup() -> tuple[tuple[object, ...], dict[str, object]]:
            if before is not None:
                before()
            return arguments, {}

        benchmark.group = named["part"]
        benchmark.pedantic(call, setup=setup, rounds=rounds, warmup_rounds=warmup)
        stats = benchmark.stats.stats
        rows.append(Row(median=stats.median / each, best=stats.min / each, rounds=stats.rounds, **named))

    return run


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    measured, left = session.config.stash[ROWS], session.config.stash[LEFT]
    if exitstatus != 0 or not measured:
        return
    if is_whole(measured):
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        text = page(measured, left, importlib.metadata.version("interlock"))
        PAGE.write_text(text, encoding="utf-8")
        print(f"\n\n{text}\nwritten: {PAGE}")
    else:
        print(f"\nonly a part was run: {PAGE.name} stays as it is")
