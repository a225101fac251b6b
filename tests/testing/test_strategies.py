"""Random cases reach what they are for: every outcome, state and reason; and the oracle knows nothing of the engine."""

from __future__ import annotations

import ast
import importlib.util
from collections import Counter
from pathlib import Path

import pytest

from interlock.testing import oracle
from interlock.testing.strategies import seeded_case
from tests.properties.drawn import oracle_question_of

SEEDS = 600


@pytest.fixture(scope="module")
def reached() -> Counter[str]:
    """How often each answer and each state comes up among seeded cases."""
    found: Counter[str] = Counter()
    for seed in range(SEEDS):
        drawn = seeded_case(seed)
        if drawn is None:
            found["unreadable"] += 1
            continue
        answer = oracle.decide(drawn.policies, drawn.events, oracle_question_of(drawn))
        if isinstance(answer, oracle.OracleRefusal):
            found["refused"] += 1
            continue
        default = "by default" if answer.by_default else "by evidence"
        found["unrestricted" if answer.unrestricted else f"{answer.outcome} {default}"] += 1
        found.update(restriction.state for restriction in answer.restrictions)
        found.update(f"when {restriction.when.value}" for restriction in answer.restrictions)
        found.update(reason.split()[0] for reason in answer.reasons)
        now = oracle.readings_now(drawn.policies, drawn.events, oracle_question_of(drawn))
        found["a reading is ruled"] += any(ruled is not None for ruled, _ in now.values())
    return found


@pytest.mark.parametrize(
    ("what", "least"),
    [
        ("held by evidence", 40),
        ("held by default", 20),
        ("permitted by evidence", 10),
        ("permitted by default", 20),
        ("unrestricted", 5),
        ("refused", 5),
        ("active", 100),
        ("inactive", 100),
        ("released", 10),
        ("lifted", 10),
        ("when true", 100),
        ("when false", 50),
        ("when unknown", 100),
        *((reason, 1) for reason in ("under-elicited", "asserted", "not-registered", "incomplete", "wrong-role")),
        ("buffer-not-designed", 1),
        ("a reading is ruled", 20),
        ("contested", 40),
        *((reason, 5) for reason in ("stale", "imprecise", "missing", "contradicted", "awaiting", "undefined")),
    ],
)
def test_cases_reach(reached: Counter[str], what: str, least: int) -> None:
    assert reached[what] >= least, dict(reached)


def test_nearly_every_case_can_be_read(reached: Counter[str]) -> None:
    assert reached["unreadable"] < SEEDS // 20


def test_the_same_seed_gives_the_same_case() -> None:
    assert str(seeded_case(3)) == str(seeded_case(3))
    assert str(seeded_case(3)) != str(seeded_case(4))


def test_the_oracle_is_independent_of_the_engine() -> None:
    """It is a second reading of the text: it imports nothing that the engine's answers come from."""
    spec = importlib.util.find_spec("interlock.testing.oracle")
    assert spec is not None
    assert spec.origin is not None
    modules = sorted(Path(spec.origin).parent.glob("*.py"))
    assert len(modules) >= 7
    imported = {
        node.module
        for path in modules
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module is not None
    }
    own = {name for name in imported if name.startswith("interlock")}
    assert {name.split(".")[1] for name in own} == {"policy", "record", "terms", "testing"}
