"""The engine decides every random case as the naive oracle does, which was written from the text alone."""

from __future__ import annotations

import pytest
from hypothesis import given

from interlock.engine import decision_to_json
from interlock.testing import oracle
from interlock.testing.strategies import Drawn, cases, seeded_case
from tests.properties.drawn import MANY, decided, oracle_question_of
from tests.properties.reduction import reduced

SEEDS = MANY.max_examples
"""How many cases a block has; a longer profile has more."""
BLOCKS = 5

Restrictions = dict[str, tuple[str, str, str | None]]
"""By id: the state, and what `when` and `until` come to."""
Answer = int | tuple[str, bool, bool, Restrictions]
"""Outcome, by_default, unrestricted and the restrictions, or the exit code of a refusal."""


def by_the_engine(drawn: Drawn) -> Answer:
    decision = decided(drawn)
    if isinstance(decision, int):
        return decision
    shown = decision_to_json(decision, engine="test")["restrictions"]
    restrictions = {one["id"]: (one["state"], one["when"], one["until"]) for one in shown}
    return decision.outcome, decision.by_default, decision.unrestricted, restrictions


def by_the_oracle(drawn: Drawn) -> Answer:
    answer = oracle.decide(drawn.policies, drawn.events, oracle_question_of(drawn))
    if isinstance(answer, oracle.OracleRefusal):
        return answer.exit
    restrictions = {
        one.id: (one.state, one.when.value, one.until.value if one.until is not None else None)
        for one in answer.restrictions
    }
    return answer.outcome, answer.by_default, answer.unrestricted, restrictions


def differ(drawn: Drawn) -> bool:
    return by_the_oracle(drawn) != by_the_engine(drawn)


@MANY
@given(cases())
def test_the_engine_decides_as_the_oracle_does(drawn: Drawn) -> None:
    assert by_the_oracle(drawn) == by_the_engine(drawn)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(BLOCKS))
def test_the_engine_decides_seeded_cases_as_the_oracle_does(block: int) -> None:
    """The same cases in every run, and more various than hypothesis draws them."""
    seeds = range(block * SEEDS, (block + 1) * SEEDS)
    drawn = [one for one in map(seeded_case, seeds) if one is not None]
    assert len(drawn) > SEEDS // 2
    first = next((one for one in drawn if differ(one)), None)
    if first is not None:
        small = reduced(first, differ)
        assert by_the_oracle(small) == by_the_engine(small), str(small)
