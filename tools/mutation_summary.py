"""Writes the results of the last mutation run into docs/quality/mutation.md.

Run as `mutmut results --all true | python tools/mutation_summary.py`; `make check-slow` does. A mutant is a small
change to the program, such as `<` for `<=`. A killed mutant made a test fail; a survivor did not, and so names an
assertion that is missing, or a change that makes no difference. The score is killed over all. Rewrites the generated
block and leaves what people wrote around it, such as why a survivor makes no difference. Exits 1 when the score is
below the floor in pyproject.toml, or when there are no results.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from generated_block import GeneratedBlock

REPOSITORY = Path(__file__).resolve().parents[1]
BLOCK = GeneratedBlock(name="mutation results", author="tools/mutation_summary.py")
HEADING: Final = "# Mutation testing\n\n"

# A mutant that hangs or crashes the tests has been noticed by them.
KILLED: Final = frozenset({"killed", "timeout", "segfault", "caught by type check"})
# Left out of the score: marked in the source as not to be mutated.
SKIPPED: Final = "skipped"
RESULT: Final = re.compile(r"\s*(?P<mutant>(?P<module>[\w.]+)\.[^.\s]+__mutmut_\d+): (?P<status>[a-z ]+)")

Results = Mapping[str, Mapping[str, str]]


def read_results(lines: Iterable[str]) -> Results:
    """The status of each mutant, by module."""
    results: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for line in lines:
        if (match := RESULT.fullmatch(line.rstrip())) and match["status"] != SKIPPED:
            results[match["module"]][match["mutant"]] = match["status"]
    return results


def score(statuses: Iterable[str]) -> float:
    """The killed, in per cent of all; there must be at least one."""
    counts = Counter(status in KILLED for status in statuses)
    return 100 * counts[True] / counts.total()


def table(results: Results) -> str:
    """A row for each module and one for all of them."""
    rows = ["| module | mutants | killed | survived | not reached by a test | score |", "|---|--:|--:|--:|--:|--:|"]
    everything = {mutant: status for mutants in results.values() for mutant, status in mutants.items()}
    for name, mutants in [*sorted(results.items()), ("**all**", everything)]:
        killed = sum(status in KILLED for status in mutants.values())
        missed = sum(status == "no tests" for status in mutants.values())
        survived = len(mutants) - killed - missed
        rows.append(f"| {name} | {len(mutants)} | {killed} | {survived} | {missed} | {score(mutants.values()):.1f} % |")
    return "\n".join(rows)


def survivors(results: Results) -> str:
    """The mutants that no test noticed, by module."""
    lines = ["## Survivors", "", "`.venv/bin/mutmut show NAME` shows the change."]
    for module, mutants in sorted(results.items()):
        alive = [f"- `{mutant}`: {status}" for mutant, status in mutants.items() if status not in KILLED]
        if alive:
            lines += ["", f"### {module}", "", *alive]
    return "\n".join(lines)


def main() -> int:
    """Write the page from the results on standard input; the exit code."""
    results = read_results(sys.stdin)
    if not results:
        print("mutation: there are no results; run `make check-slow`", file=sys.stderr)
        return 1
    floor: float = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["interlock"][
        "mutation-score-floor"
    ]
    path = REPOSITORY / "docs" / "quality" / "mutation.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    page = path.read_text(encoding="utf-8") if path.exists() else HEADING + BLOCK.empty()
    path.write_text(BLOCK.replaced(page, f"{table(results)}\n\n{survivors(results)}"), encoding="utf-8")
    reached = score(status for mutants in results.values() for status in mutants.values())
    print(f"mutation: score {reached:.1f} %, floor {floor} %; see {path.relative_to(REPOSITORY)}")
    return 0 if reached >= floor else 1


if __name__ == "__main__":
    sys.exit(main())
