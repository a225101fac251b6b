"""Replays a record in a process of its own and prints what that took.

    python -m benchmarks.replay_process POLICY EVENTS

Memory is that of this program alone, as the kernel counts it from its start on: what `getrusage` gives as a child's
maximum is at least what its parent had.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from pathlib import Path
from typing import Final

from interlock.engine import replay, replay_to_json
from interlock.policy import decode
from interlock.record import read_events

_KIB: Final = 1024


def peak_memory() -> int:
    """Return the most memory that this program has had, in bytes."""
    status = Path("/proc/self/status")
    if status.is_file() and (found := re.search(r"VmHWM:\s+(\d+) kB", status.read_text())):
        return int(found[1]) * _KIB
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * _KIB


def main(policy_file: str, events_file: str) -> None:
    """Replay, write the result out, and print the CPU seconds of each step, the peak memory and what was found."""
    policy = decode(Path(policy_file).read_bytes(), file=policy_file)
    start = time.process_time()
    events = read_events([(events_file, Path(events_file).read_bytes())])
    was_read = time.process_time()
    replayed = replay([policy], events)
    was_replayed = time.process_time()
    text = json.dumps(replay_to_json(replayed, engine="0"))
    written = time.process_time()
    took = {
        "reading": was_read - start,
        "replaying": was_replayed - was_read,
        "writing": written - was_replayed,
        "memory": peak_memory(),
        "characters": len(text),
        "breaches": sorted({breach.kind for breach in replayed.breaches}),
        "holds": len(replayed.holds),
    }
    print(json.dumps(took))


if __name__ == "__main__":
    main(*sys.argv[1:])
