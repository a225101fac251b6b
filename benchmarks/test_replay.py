"""How much a replay takes, in CPU and in memory, and how long duties and the status of a long record take.

A replay is made in a process of its own, which reads the files, replays and writes the result out; times are those of
the step alone. The record is as dense at every length, so that what grows faster than the number of events shows.
"""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

import pytest

from benchmarks import generated, long_record
from benchmarks.conftest import Measure
from benchmarks.summary import Row
from interlock.app.survey import TypedSpan, status_on_files
from interlock.engine import duties
from interlock.policy import decode
from interlock.record import read_events
from interlock.terms import parse_instant

pytestmark = pytest.mark.benchmark(timer=time.process_time)

VERSION: Final = importlib.metadata.version("interlock")
LARGE: Final = 100_000
SECONDS: Final = 60.0
"""What a replay of the large record is aimed to take."""
GIBIBYTE: Final = float(2**30)
STATUS: Final = 5_000


def written(folder: Path, events: Sequence[dict[str, Any]]) -> tuple[Path, Path]:
    policy, record = folder / "policy.yaml", folder / "events.jsonl"
    policy.write_text(long_record.POLICY, encoding="utf-8")
    record.write_bytes(generated.lines(list(events)))
    return policy, record


def replayed(policy: Path, record: Path) -> dict[str, Any]:
    """Return what a process that replays the record says it took."""
    command = [sys.executable, "-m", "benchmarks.replay_process", str(policy), str(record)]
    done = subprocess.run(command, capture_output=True, check=True, text=True, cwd=Path(__file__).parents[1])
    took: dict[str, Any] = json.loads(done.stdout)
    return took


@pytest.mark.parametrize(
    ("count", "reaching", "rounds"), [(10_000, 0.0, 3), (LARGE, 0.0, 1), (10_000, 0.01, 1), (30_000, 0.01, 1)]
)
def test_replaying(benchmark: Any, rows: list[Row], tmp_path: Path, count: int, reaching: float, rounds: int) -> None:
    files = written(tmp_path, long_record.events(count, reaching=reaching))
    took: list[dict[str, Any]] = []
    benchmark.pedantic(lambda: took.append(replayed(*files)), rounds=rounds)
    assert {"held-action", "duty-late", "duty-overdue"} <= set(took[0]["breaches"])
    assert took[0]["holds"] > long_record.MODELS
    seconds = [one["replaying"] for one in took]
    benchmark.extra_info["cpu"] = f"{median(seconds):.1f} s"
    what = f"{count:,} events" + (", where one run in a hundred reaches a threshold" if reaching else "")
    aimed = count == LARGE

    def row(name: str, values: Sequence[float], aim: float | None = None, unit: str = "s") -> Row:
        return Row(
            part="replay",
            name=name,
            version=VERSION,
            median=median(values),
            best=min(values),
            rounds=len(values),
            aim=aim,
            unit=unit,
        )

    rows.append(row(f"a replay of {what}", seconds, aim=SECONDS if aimed else None))
    rows.append(row(f"… for a thousand of {what}", [1_000 * second / count for second in seconds]))
    if reaching:
        return
    rows.append(row(f"… reading and checking {what}", [one["reading"] for one in took]))
    memory = [float(one["memory"]) for one in took]
    rows.append(row(f"… peak memory, {what}", memory, aim=GIBIBYTE if aimed else None, unit="B"))


def test_duties_of_a_long_record(measure: Measure) -> None:
    given = long_record.events(STATUS)
    policy = decode(long_record.POLICY.encode(), file="policy.yaml")
    events = read_events([("events.jsonl", generated.lines(given))])
    as_of = parse_instant(given[-1]["recorded"])
    standings = duties([policy], events, as_of).duties
    assert {standing.state.value for standing in standings} >= {"open", "done", "overdue", "not-triggered"}
    measure(
        lambda: duties([policy], events, as_of),
        rounds=5,
        part="replay",
        name=f"every duty, {STATUS:,} events",
        version=VERSION,
    )


def test_status_of_a_long_record(measure: Measure, tmp_path: Path) -> None:
    given = long_record.events(STATUS)
    policy, record = written(tmp_path, given)
    typed = TypedSpan(as_of=given[-1]["recorded"])
    questions = len(status_on_files([policy], [record], typed).now.decisions)
    measure(
        lambda: status_on_files([policy], [record], typed),
        rounds=1,
        warmup=0,
        part="replay",
        name=f"the status on files, {STATUS:,} events, {questions} questions at two times",
        version=VERSION,
    )
