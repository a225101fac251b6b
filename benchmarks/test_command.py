"""How much CPU `interlock decide --json` takes on files, with a policy of 60 items and 200 events."""

from __future__ import annotations

import importlib.metadata
import json
import resource
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from benchmarks import generated
from benchmarks.summary import Row

ROUNDS = 15


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("command", ["decide", "--version"])
def test_the_command(benchmark: Any, rows: list[Row], tmp_path: Path, command: str) -> None:
    policy, events = tmp_path / "policy.yaml", tmp_path / "events.jsonl"
    policy.write_text(generated.policy_text(60))
    events.write_bytes(generated.lines(generated.events(200, blocks=5)))
    asked = ["--policy", str(policy), "--events", str(events), "--model", generated.MODEL, "--action", generated.ACTION]
    asked += ["--as-of", generated.AS_OF.isoformat(), "--json"]
    program = [str(Path(sys.executable).with_name("interlock")), command, *(asked if command == "decide" else [])]
    used: list[float] = []

    def run() -> None:
        before = _cpu()
        done = subprocess.run(program, capture_output=True, check=False, text=True)
        used.append(_cpu() - before)
        if command == "decide":
            assert done.returncode in {0, 1, 3, 6}, done.stderr
            assert json.loads(done.stdout)["outcome"] == "held"
        else:
            assert done.returncode == 0, done.stderr

    run()  # the first start reads the program from disk
    used.clear()
    benchmark.pedantic(run, rounds=ROUNDS)
    benchmark.extra_info["cpu"] = f"{median(used):.3f} s"
    aim = 0.4 if command == "decide" else None
    rows.append(
        Row(
            part="command",
            name=f"`interlock {command}{' --json' if command == 'decide' else ''}`",
            version=importlib.metadata.version("interlock"),
            median=median(used),
            best=min(used),
            rounds=ROUNDS,
            aim=aim,
        )
    )
