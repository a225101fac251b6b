"""The same rule in several engines, each beside those that give as much: bare decision, deciding rule, full trace."""

from __future__ import annotations

import importlib.metadata
import random
import time
from collections.abc import Callable, Sequence

import pytest

from benchmarks import our_rule
from benchmarks.conftest import Measure
from benchmarks.rule_engines import ENGINES, TRACE, Case, Engine, expected
from interlock.record import read_events

pytestmark = [
    pytest.mark.benchmark(timer=time.process_time),
    pytest.mark.filterwarnings("ignore"),  # what other engines warn about is theirs to mend
]

Leave = Callable[[str, str, str], None]
SEED = 7
CHECKED = 1000
BUDGET = 0.1
"""CPU seconds that one round should take at most; slow engines are asked about fewer cases."""
VERSION = importlib.metadata.version("interlock")


def _cases(number: int) -> list[Case]:
    chance = random.Random(SEED)  # noqa: S311 - repeatable on purpose
    return [{"cbrn": chance.random(), "asl3": chance.random() < 0.5} for _ in range(number)]


def _fitting(answer_all: Callable[[Sequence[Case]], list[str]], cases: Sequence[Case]) -> int:
    """Return how many cases fit into a round."""
    start = time.process_time()
    answer_all(cases)
    each = (time.process_time() - start) / len(cases)
    return min(100_000, max(200, int(BUDGET / max(each, 1e-8))))


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
def test_one_rule(measure: Measure, leave: Leave, engine: Engine) -> None:
    try:
        version = engine.version
    except importlib.metadata.PackageNotFoundError:
        leave(engine.tier, engine.name, "not installed")
        raise
    answer_all = engine.answer_all()
    checked = _cases(CHECKED)
    wrong = sum(given != expected(case) for given, case in zip(answer_all(checked), checked, strict=True))
    if wrong:
        leave(engine.tier, engine.name, f"mismatched, {wrong} of {CHECKED} answers are wrong")
    number = _fitting(answer_all, checked[:200])
    measure(
        answer_all,
        _cases(number),
        rounds=7,
        each=number,
        part=engine.tier,
        name=engine.name,
        version=version,
        note=engine.note,
    )


def test_one_rule_in_interlock(measure: Measure) -> None:
    answer_all = our_rule.deciding()
    cases = _cases(CHECKED)
    records = [read_events([("case.jsonl", our_rule.record_of(case))]) for case in cases]
    assert answer_all(records) == [expected(case) for case in cases]
    measure(
        answer_all,
        records[:300],
        rounds=7,
        each=300,
        part=TRACE,
        name="interlock, events at hand",
        version=VERSION,
        note="the whole decision",
    )


def test_one_rule_in_interlock_on_folded_cases(measure: Measure) -> None:
    """As near as ours comes to being handed two values: the facts are folded, every condition is read again."""
    answer_all = our_rule.answering_folded()
    cases = _cases(CHECKED)
    folded = our_rule.folded_cases(read_events([("case.jsonl", our_rule.record_of(c))]) for c in cases)
    assert answer_all(folded) == [expected(case) for case in cases]
    measure(
        answer_all,
        folded[:300],
        rounds=7,
        each=300,
        part=TRACE,
        name="interlock, facts folded",
        version=VERSION,
        note="traces of every condition; not what would release it, nor until when the answer is good",
    )


def test_one_rule_in_interlock_from_bytes(measure: Measure) -> None:
    answer = our_rule.answering()
    cases = _cases(CHECKED)
    assert [answer(case) for case in cases] == [expected(case) for case in cases]
    measure(
        lambda: [answer(case) for case in cases[:200]],
        rounds=7,
        each=200,
        part=TRACE,
        name="interlock, from a record in JSON",
        version=VERSION,
        note="the whole decision; writes, reads and checks the events of each case",
    )
