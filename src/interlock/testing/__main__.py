"""Runs conformance rows as a program: `python -m interlock.testing FOLDER… [-- COMMAND…]`.

Prints a line for each miss and the totals per topic. Exit 0 when every row passes, 1 on a miss or where no row was
run, 2 on wrong usage. Without COMMAND the `interlock` command of this environment is asked, one process for each row.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import groupby
from pathlib import Path

from interlock.testing.conformance import Answer, Result, load_rows, run_row

_TIME_LIMIT = 120


def ask(command: Sequence[str], arguments: Sequence[str]) -> Answer:
    """Return the answer of a process."""
    done = subprocess.run(  # noqa: S603 - the command is the caller's own
        [*command, *arguments], capture_output=True, check=False, encoding="utf-8", timeout=_TIME_LIMIT
    )
    return Answer(exit=done.returncode, out=done.stdout, err=done.stderr)


def report(results: Sequence[Result]) -> Sequence[str]:
    """Return the lines to print: misses, then totals per topic, then the whole."""
    lines = [f"MISS {one.row.name}: {'; '.join(one.misses)} -- {one.row.says}" for one in results if one.misses]
    for topic, group in groupby(results, key=lambda one: one.row.topic):
        run = list(group)
        lines.append(f"{topic}: {sum(one.passed for one in run)}/{len(run)}")
    lines.append(f"{sum(one.passed for one in results)}/{len(results)} conformance rows")
    return lines


def main(arguments: Sequence[str]) -> int:
    """Run the rows of the folders named and return the exit code."""
    own, _, command = (list(part) for part in _split(arguments))
    parser = argparse.ArgumentParser(prog="python -m interlock.testing", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", nargs="+", type=Path)
    parser.add_argument("--only", default="", help="only the topics and ids that contain this text")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(own)
    program = command or [str(Path(sys.executable).with_name("interlock"))]
    results: list[Result] = []
    for folder in options.folder:
        if not folder.is_dir():
            parser.error(f"`{folder}` is not a folder of conformance rows")
        rows = [row for row in load_rows(folder) if options.only in row.topic or options.only in row.id]
        with ThreadPoolExecutor(options.jobs) as pool:
            results += pool.map(partial(run_row, run=partial(ask, program)), rows)
    print("\n".join(report(results)))  # noqa: T201 - a program
    return int(any(one.misses for one in results) or not any(one.passed for one in results))


def _split(arguments: Sequence[str]) -> tuple[Sequence[str], str, Sequence[str]]:
    if "--" not in arguments:
        return arguments, "", []
    at = list(arguments).index("--")
    return arguments[:at], "--", arguments[at + 1 :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
