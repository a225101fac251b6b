"""How long a decision takes in process: a policy of 60 items, a record of 200 events.

Verdicts on an evaluation are remembered between decisions. `afresh` forgets them before each round: that is what the
first decision of a process costs, and what the aim is held to.
"""

from __future__ import annotations

import importlib.metadata
import time
from dataclasses import replace

import pytest

from benchmarks import generated
from benchmarks.conftest import Measure
from interlock.assessment import assess
from interlock.engine import Decision, Question, answer_of, decide, decision_to_json
from interlock.policy import decode
from interlock.record import read_events

pytestmark = pytest.mark.benchmark(timer=time.process_time)

POLICY = decode(generated.policy_text(60).encode(), file="policy.yaml")
LINES = generated.lines(generated.events(200, blocks=5))
EVENTS = read_events([("events.jsonl", LINES)])
QUESTION = Question(model=generated.MODEL, action=generated.ACTION, as_of=generated.AS_OF)
VERSION = importlib.metadata.version("interlock")


def _decided() -> Decision:
    return decide([POLICY], EVENTS, QUESTION)


def _check_worth_timing() -> None:
    """Restrictions are active, released and inactive, some conditions are unknown, and permissions have windows."""
    decision = _decided()
    assert len(EVENTS) == 200
    assert {standing.state for standing in decision.restrictions} >= {"active", "released", "inactive"}
    assert any(standing.is_open for standing in decision.restrictions)
    assert decision.release
    assert any(policy_case.tracked for policy_case in decision.policies)


def test_deciding_afresh(measure: Measure) -> None:
    _check_worth_timing()
    measure(
        _decided,
        before=assess.cache_clear,
        part="deciding",
        name="a decision, 60 items and 200 events, with the fold, afresh",
        version=VERSION,
        aim=0.005,
    )


def test_deciding_again(measure: Measure) -> None:
    measure(
        _decided,
        part="deciding",
        name="the same, with the verdicts of the last decision remembered",
        version=VERSION,
        aim=0.005,
    )


def test_answering_on_a_folded_case(measure: Measure) -> None:
    decision = _decided()

    def answer() -> object:
        """Read every restriction again from the state, nothing observed taken over."""
        bound = [replace(one, case=one.case.read()) for one in decision.policies]
        return answer_of(bound)

    measure(
        answer,
        part="deciding",
        name="the answer with its traces on a folded case, all read again",
        version=VERSION,
        aim=0.001,
    )


def test_reading_the_events(measure: Measure) -> None:
    measure(
        lambda: read_events([("events.jsonl", LINES)]),
        part="deciding",
        name="reading and checking 200 events",
        version=VERSION,
    )


def test_writing_the_decision(measure: Measure) -> None:
    decision = _decided()
    measure(
        lambda: decision_to_json(decision, engine=VERSION),
        part="deciding",
        name="the decision as JSON values",
        version=VERSION,
    )
