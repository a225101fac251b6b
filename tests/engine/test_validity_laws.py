"""Laws of `valid_until`: the answer is the same up to it, and another at it, with no further event (LANGUAGE 4.4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from interlock.engine import Decision, Question, Refused, decide
from interlock.terms import Quantity
from interlock.testing.strategies import Drawn, cases

MOMENT = timedelta(microseconds=1)
MADE_ELSEWHERE = ("comes into force", "too many changes to look further")


def answered(drawn: Drawn, question: Question) -> str:
    """Return the answer in words, a refusal being one."""
    try:
        decision = decide(drawn.policies, drawn.events, question)
    except Refused:
        return "refused"
    return f"{decision.outcome} {'by default' if decision.by_default else 'by evidence'}"


def asked(drawn: Drawn) -> tuple[Decision, Question]:
    """Return the decision on what is drawn, and its question with all that was filled in; drops what is refused."""
    stated = drawn.question
    question = Question(
        model=stated.model,
        action=stated.action,
        as_of=stated.as_of,
        known_at=stated.known_at,
        weights=stated.weights,
        at_compute=stated.at_compute,
    )
    try:
        decision = decide(drawn.policies, drawn.events, question)
    except Refused:
        assume(False)  # noqa: FBT003 - hypothesis's own
        raise
    # a checkpoint that is named only later would be asked about then, and no longer what is asked about now
    named = {one.subject.weights for one in drawn.events if one.subject.model == question.model}
    assume(decision.question.weights is not None or named <= {None})
    return decision, decision.question


@given(cases(), st.timedeltas(timedelta(), timedelta(days=900)))
def test_the_answer_is_good_until_then(drawn: Drawn, later: timedelta) -> None:
    decision, question = asked(drawn)
    end = None if decision.valid_until is None else decision.valid_until.time
    at = question.as_of + later
    if end is not None:
        assert end > question.as_of
        at = min(at, end - MOMENT)
        assert answered(drawn, replace(question, as_of=end - MOMENT)) == answered(drawn, question)
    assert answered(drawn, replace(question, as_of=at)) == answered(drawn, question)


@given(cases())
def test_at_that_instant_it_is_another_answer(drawn: Drawn) -> None:
    decision, question = asked(drawn)
    assume(decision.valid_until is not None and decision.valid_until.time is not None)
    assert decision.valid_until is not None
    assert decision.valid_until.time is not None
    if not decision.valid_until.leaf.endswith(MADE_ELSEWHERE):
        assert answered(drawn, replace(question, as_of=decision.valid_until.time)) != answered(drawn, question)


@given(cases(), st.sampled_from(["1e23 FLOP", "9e24 FLOP", "5e25 FLOP", "3e27 FLOP"]))
def test_the_answer_is_good_up_to_that_compute(drawn: Drawn, other: str) -> None:
    decision, question = asked(drawn)
