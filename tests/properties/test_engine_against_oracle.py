"""The engine decides every random case as the naive oracle does, which was written from the text alone."""

from __future__ import annotations

from hypothesis import given

from interlock.engine import DigestMismatch, Question, Refused, decide
from interlock.testing import oracle
from interlock.testing.strategies import Drawn, cases


def by_the_engine(drawn: Drawn) -> object:
    asked = drawn.question
    question = Question(
        model=asked.model,
        action=asked.action,
        as_of=asked.as_of,
        known_at=asked.known_at,
        weights=asked.weights,
        at_compute=asked.at_compute,
    )
    try:
        decision = decide(drawn.policies, drawn.events, question)
    except Refused:
        return 2
    except DigestMismatch:
        return 5
    states = {restriction.id: restriction.state for restriction in decision.restrictions}
    return decision.outcome, decision.by_default, decision.unrestricted, states


def by_the_oracle(drawn: Drawn) -> object:
    asked = drawn.question
    question = oracle.OracleQuestion(
        model=asked.model,
        action=asked.action,
        as_of=asked.as_of,
        known_at=asked.known_at,
        weights=asked.weights,
        at_compute=asked.at_compute,
    )
    answer = oracle.decide(drawn.policies, drawn.events, question)
    if isinstance(answer, oracle.OracleRefusal):
        return answer.exit
    return answer.outcome, answer.by_default, answer.unrestricted, answer.states


@given(cases())
def test_the_engine_decides_as_the_oracle_does(drawn: Drawn) -> None:
    assert by_the_oracle(drawn) == by_the_engine(drawn)
