"""Fuzz for some minutes, or make the corpus small again: fuzz/run.py [--minutes N] [--minimise] [TARGET…].

What is found on the way is kept in `.fuzz/`, outside the repository: `.fuzz/TARGET` holds the inputs that reach
something new, `.fuzz/found` those that broke a promise, took too long or too much. `--minimise` writes into
`fuzz/corpus` the smallest set of files that reaches as much as all of them do.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent
sys.path.insert(0, str(ROOT))

from fuzz.targets import TARGETS  # noqa: E402 - found only now
from fuzz.words import dictionary  # noqa: E402 - likewise

WORK: Final = ROOT / ".fuzz"
CORPUS: Final = HERE / "corpus"
_LIMITS: Final = ("-timeout=10", "-rss_limit_mb=1500", "-max_len=4096")
_KEPT: Final = 30_000
"""How many bytes of the corpus each target may keep."""
_BY_HAND: Final = ("seed-", "found-")
"""How the names of those begin that people put there: what is sound, and what once broke a promise."""
_SUMMARY: Final = re.compile(r"#(\d+)\s+DONE\s+cov: (\d+) ft: (\d+) corp: (\d+)")


def main() -> int:
    """Return 0 where nothing was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--minimise", action="store_true")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; default: all")
    given = parser.parse_args()
    unknown = set(given.targets) - set(TARGETS)
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    (WORK / "found").mkdir(parents=True, exist_ok=True)
    (WORK / "dictionary").write_text(dictionary(), encoding="utf-8")
    return max([_minimise(name) if given.minimise else _fuzz(name, given.minutes) for name in given.targets or TARGETS])


def _harness(name: str, *options: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return subprocess.run(  # noqa: S603 - our own script
        [str(HERE / "harness.py"), *_LIMITS, *options],
        cwd=ROOT,
        env={**os.environ, "PATH": path, "FUZZ_TARGET": name},
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
    )


def _fuzz(name: str, minutes: float) -> int:
    (WORK / name).mkdir(exist_ok=True)
    done = _harness(
        name,
        f"-max_total_time={int(minutes * 60)}",
        f"-dict={WORK / 'dictionary'}",
        f"-artifact_prefix={WORK / 'found'}/{name}-",
        str(WORK / name),
        str(CORPUS / name),
    )
    told = _SUMMARY.search(done.stderr)
    if told is not None and done.returncode == 0:
        print(f"{name}: {told[1]} runs in {minutes:g} minutes, {told[2]} edges, {told[4]} inputs; nothing found")
        return 0
    print(f"{name}: found something; the input is in {WORK / 'found'}\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return 1


def _minimise(name: str) -> int:
    """Keep in the corpus the smallest files that together reach what all reach, up to a number of bytes."""
    smallest = WORK / f"{name}.smallest"
    shutil.rmtree(smallest, ignore_errors=True)
    smallest.mkdir()
    sources = [folder for folder in (CORPUS / name, WORK / name) if folder.is_dir()]
    done = _harness(name, "-merge=1", str(smallest), *map(str, sources))
    if done.returncode:
        print(f"{name}: {done.stderr[-2000:]}")
        return 1
    seeds = sorted(path for path in (CORPUS / name).iterdir() if path.name.startswith(_BY_HAND))
    room = _KEPT - sum(path.stat().st_size for path in seeds)
    for path in (CORPUS / name).iterdir():
        if path not in seeds:
            path.unlink()
    known = {path.read_bytes() for path in seeds}
    for path in sorted(smallest.iterdir(), key=lambda path: (path.stat().st_size, path.name)):
        content = path.read_bytes()
        if content not in known and len(content) <= room:
            (CORPUS / name / path.name[:16]).write_bytes(content)
            room -= len(content)
    kept = list((CORPUS / name).iterdir())
    print(f"{name}: {len(kept)} files, {sum(path.stat().st_size for path in kept)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
