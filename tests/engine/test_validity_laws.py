"""Laws of `valid_until`: the answer is the same up to it, and another at it, with no further event (LANGUAGE 4.4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from interlock.engine import Decision, Question, Refused, decide
from interlock.terms import Quantity
from interlock.testing.strategies import Drawn, cases

MOMENT = timedelta(microseconds=1)
NOT_AN_ANSWER_ITSELF = ("comes into force", "too many changes to look further")


def answered(drawn: Drawn, question: Question) -> str:
    """Return the answer in words, a refusal being one."""
    try:
        decision = decide(drawn.policies, drawn.events, question)
    except Refused:
        return "refused"
    return f"{decision.outcome} {'by default' if decision.by_default else 'by evidence'}"


def decided(drawn: Drawn, at_compute: Quantity | None) -> Decision:
    """Return the decision on what is drawn, at a compute; what is refused is not of interest."""
    stated = drawn.question
    question = Question(
        model=stated.model,
        action=stated.action,
        as_of=stated.as_of,
        known_at=stated.known_at,
        weights=stated.weights,
        at_compute=at_compute,
    )
    try:
        return decide(drawn.policies, drawn.events, question)
    except Refused:
        assume(False)  # noqa: FBT003 - hypothesis's own
        raise


@given(cases(most_events=12), st.timedeltas(timedelta(), timedelta(days=900)))
def test_the_answer_is_good_until_that_instant(drawn: Drawn, later: timedelta) -> None:
    decision = decided(drawn, drawn.question.at_compute)
    question, validity = decision.question, decision.valid_until
    named = {one.subject.weights for one in drawn.events if one.subject.model == question.model}
    # a checkpoint that is named only later would be asked about then, and no longer what is asked about now
    assume(question.weights is not None or named <= {None})
    # nor can a compute be supposed any longer once more than that is measured
    assume(question.at_compute is None or not any(one.measured for one in drawn.events))
    now = answered(drawn, question)
    if validity is None or validity.time is None:
        assert answered(drawn, replace(question, as_of=question.as_of + later)) == now
        return
    end = validity.time
    assert end > question.as_of
    for instant in (min(question.as_of + later, end - MOMENT), end - MOMENT):
        assert answered(drawn, replace(question, as_of=instant)) == now
    if not validity.leaf.endswith(NOT_AN_ANSWER_ITSELF):
        assert answered(drawn, replace(question, as_of=end)) != now


def flop(level: Fraction) -> Quantity:
    return Quantity(level, "compute", f"{level} FLOP")


@given(cases(most_events=12), st.sampled_from([10**25, 4 * 10**25, 10**26]), st.fractions(1, 20, max_denominator=7))
def test_the_answer_is_good_up_to_that_compute(drawn: Drawn, supposed: int, more: Fraction) -> None:
    decision = decided(drawn, flop(Fraction(supposed)))
    question, validity = decision.question, decision.valid_until
    now = answered(drawn, question)
    if validity is None or validity.effective_compute is None:
        assert answered(drawn, replace(question, at_compute=flop(supposed * more))) == now
        return
    level = validity.effective_compute.magnitude
    assert level > supposed
    for compute in (min(supposed * more, level - 1), level - 1):
        assert answered(drawn, replace(question, at_compute=flop(compute))) == now
    assert answered(drawn, replace(question, at_compute=flop(level))) != now
