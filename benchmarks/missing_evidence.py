"""What engines answer when evidence is missing or nonsense: prints the table of docs/explanation/missing-evidence.md.

    .venv-bench/bin/python -m benchmarks.missing_evidence

The safe answer is `pause`, or an error; `proceed` lets an action through on evidence that is not there.
"""

from __future__ import annotations

import importlib.metadata
import platform
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from benchmarks.our_rule import answering
from benchmarks.rule_engines import ENGINES, PROCEED, Answering, Case, expected

CASES: Final[dict[str, Case]] = {
    "no score": {"asl3": False},
    "no word on the safeguard": {"cbrn": 0.9},
    "score null": {"cbrn": None, "asl3": False},
    "score NaN": {"cbrn": float("nan"), "asl3": False},
    'score `"0.9"`': {"cbrn": "0.9", "asl3": False},
    "nothing": {},
}

SOUND: Final[tuple[Case, ...]] = tuple(
    {"cbrn": score, "asl3": guard} for score in (0.0, 0.4999, 0.5, 1.0) for guard in (False, True)
)


def main() -> None:
    """Print the table as Markdown, with the versions asked and what is not installed."""
    warnings.simplefilter("ignore")
    print("| engine | licence | " + " | ".join(CASES) + " |")
    print("| --- | --- |" + " --- |" * len(CASES))
    row(f"**interlock {_ours()}**, burden on the developer", "Apache-2.0", lambda: _interlock("developer"))
    row(f"**interlock {_ours()}**, burden on the challenger", "Apache-2.0", lambda: _interlock("challenger"))
    lacking: dict[str, None] = {}
    for engine in ENGINES:
        if not engine.asked:
            continue
        try:
            name = f"{engine.name} ({engine.distribution} {engine.version})"
        except importlib.metadata.PackageNotFoundError:
            lacking[engine.distribution or engine.name] = None
            continue
        row(name, engine.licence, engine.build)
    today = datetime.now(tz=UTC).date()
    print(f"\nAsked on {today} with Python {platform.python_version()}.", end="")
    print(f" Not installed: {', '.join(lacking)}." if lacking else "")


def row(name: str, licence: str, build: Callable[[], Answering]) -> None:
    """Print an engine's answers, if it has the rule right; one that lets the action through stands out."""
    answer = build()
    for case in SOUND:
        if _asked(answer, case).strip("*").split(",")[0] != expected(case):
            print(f"| {name} | {licence} |" + " mismatched |" * len(CASES), flush=True)
            return
    answers = [_asked(answer, case) for case in CASES.values()]
    print(f"| {name} | {licence} | " + " | ".join(answers) + " |", flush=True)


def _asked(answer: Answering, case: Case) -> str:
    try:
        given = answer(dict(case))
    except BaseException as error:  # a panic of a native engine is no Exception, and an answer too
        if isinstance(error, KeyboardInterrupt):
            raise
        return "error"
    return f"**{given}**" if given.startswith(PROCEED) else given


def _interlock(burden: str) -> Answering:
    return answering(burden, whole_words=True)


def _ours() -> str:
    return importlib.metadata.version("interlock")


if __name__ == "__main__":
    main()
