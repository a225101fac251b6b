"""The engine decides every random case as the naive oracle does, which was written from the text alone."""

from __future__ import annotations

from hypothesis import given

from interlock.testing import oracle
from interlock.testing.strategies import Drawn, cases
from tests.properties.drawn import MANY, decided, oracle_question_of

Answer = int | tuple[str, bool, bool, dict[str, str]]


def by_the_engine(drawn: Drawn) -> Answer:
    decision = decided(drawn)
    if isinstance(decision, int):
        return decision
    states = {restriction.id: restriction.state for restriction in decision.restrictions}
    return decision.outcome, decision.by_default, decision.unrestricted, states


def by_the_oracle(drawn: Drawn) -> Answer:
    answer = oracle.decide(drawn.policies, drawn.events, oracle_question_of(drawn))
    if isinstance(answer, oracle.OracleRefusal):
        return answer.exit
    return answer.outcome, answer.by_default, answer.unrestricted, answer.states


@MANY
@given(cases())
def test_the_engine_decides_as_the_oracle_does(drawn: Drawn) -> None:
    assert by_the_oracle(drawn) == by_the_engine(drawn)
