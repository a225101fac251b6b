"""The engine says how duties and pledges stand as the naive oracle does, and holds what overdue ones forbid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given

from interlock.engine import DigestMismatch, Refused, decision_to_json, duties
from interlock.testing import oracle
from interlock.testing.strategies import Drawn, seeded_timeline, timelines
from tests.properties.drawn import MANY, decided, oracle_question_of
from tests.properties.reduction import reduced

SEEDS = MANY.max_examples * 3 // 20
"""How many timelines a block has; a longer profile has more."""
BLOCKS = 5


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What is compared of an instance: of a running period also when it ends."""

    policy: str
    version: str
    duty: str
    instance: str
    state: str
    triggered: datetime | None
    due: datetime | None
    done: datetime | None
    late_by: timedelta | None
    ends: datetime | None


Pledged = tuple[str, str, str, str]
"""Policy, pledge, for whom, and its state."""
Answer = int | tuple[list[Shown], list[Pledged]]
"""Duties and pledges in a certain order, or the exit code of a refusal."""


def compared(instances: Iterator[Shown], drawn: Drawn) -> list[Shown]:
    """The instances in an order; of whom it is said that a law asks nothing of anybody is left open."""
    laws = {policy.id for policy in drawn.policies if policy.applies_to is not None}
    nobody = "not-triggered"
    return sorted(
        (
            replace(one, instance="")
            if (one.policy in laws and one.state == nobody and one.ends is None)
            else replace(one, ends=one.ends if one.state == nobody else None)
            for one in instances
        ),
        key=str,
    )


def by_the_engine(drawn: Drawn) -> Answer:
    try:
        report = duties(drawn.policies, drawn.events, drawn.question.as_of, known_at=drawn.question.known_at)
    except Refused:
        return 2
    except DigestMismatch:
        return 5
    shown = (
        Shown(
            policy=one.policy.id,
            version=one.policy.version,
            duty=one.duty.id,
            instance=one.instance,
            state=one.state.value,
            triggered=one.triggered,
            due=one.due,
            done=one.done,
            late_by=one.late_by,
            ends=one.period_ends,
        )
        for one in report.duties
    )
    pledged = [(one.policy.id, one.pledge.id, one.instance, one.state) for one in report.pledges]
    return compared(shown, drawn), sorted(pledged)


def by_the_oracle(drawn: Drawn) -> Answer:
    asked = (drawn.policies, drawn.events, drawn.question.as_of, drawn.question.known_at)
    standings, pledged = oracle.duties(*asked), oracle.pledges(*asked)
    if isinstance(standings, oracle.OracleRefusal) or isinstance(pledged, oracle.OracleRefusal):
        assert isinstance(standings, oracle.OracleRefusal)
        return standings.exit
    shown = (
        Shown(
            policy=one.policy,
            version=one.version,
            duty=one.duty,
            instance=one.instance,
            state=one.state,
            triggered=one.triggered,
            due=one.due,
            done=one.done,
            late_by=one.late_by,
            ends=one.period_ends,
        )
        for one in standings
    )
    return compared(shown, drawn), sorted(pledged)


def differ(drawn: Drawn) -> bool:
    return by_the_oracle(drawn) != by_the_engine(drawn)


@MANY
@given(timelines())
def test_duties_stand_as_the_oracle_says(drawn: Drawn) -> None:
    assert by_the_oracle(drawn) == by_the_engine(drawn)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(BLOCKS))
def test_duties_of_seeded_timelines_stand_as_the_oracle_says(block: int) -> None:
    """The same timelines in every run, and more various than hypothesis draws them."""
    drawn = some_timelines(block)
    first = next((one for one in drawn if differ(one)), None)
    if first is not None:
        small = reduced(first, differ)
        assert by_the_oracle(small) == by_the_engine(small), str(small)


def some_timelines(block: int) -> list[Drawn]:
    seeds = range(block * SEEDS, (block + 1) * SEEDS)
    drawn = [one for one in map(seeded_timeline, seeds) if one is not None]
    assert len(drawn) > SEEDS // 2
    return drawn


# What overdue duties forbid

Restrictions = dict[tuple[str, str, str], tuple[str, str, str | None]]
"""By policy, item (a restriction or a duty) and id: the state, and what `when` and `until` come to."""
Decided = int | tuple[str, bool, bool, Restrictions]
"""Outcome, by_default, unrestricted and the restrictions, or the exit code of a refusal."""


def decided_by_the_engine(drawn: Drawn) -> Decided:
    decision = decided(drawn)
    if isinstance(decision, int):
        return decision
    shown = decision_to_json(decision, engine="test")
    only = shown["policy"]["id"] if "policy" in shown else ""
    restrictions = {
        (one.get("policy", only), one.get("item", "restriction"), one["id"]): (one["state"], one["when"], one["until"])
        for one in shown["restrictions"]
    }
    return decision.outcome, decision.by_default, decision.unrestricted, restrictions


def decided_by_the_oracle(drawn: Drawn) -> Decided:
    answer = oracle.decide(drawn.policies, drawn.events, oracle_question_of(drawn))
    if isinstance(answer, oracle.OracleRefusal):
        return answer.exit
    restrictions = {
        (one.policy, one.item, one.id): (
            one.state,
            one.when.value,
            one.until.value if one.until is not None else None,
        )
        for one in answer.restrictions
    }
    return answer.outcome, answer.by_default, answer.unrestricted, restrictions


def decide_otherwise(drawn: Drawn) -> bool:
    return decided_by_the_oracle(drawn) != decided_by_the_engine(drawn)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(BLOCKS))
def test_seeded_timelines_are_decided_as_the_oracle_does(block: int) -> None:
    first = next((one for one in some_timelines(block) if decide_otherwise(one)), None)
    if first is not None:
        small = reduced(first, decide_otherwise)
        assert decided_by_the_oracle(small) == decided_by_the_engine(small), str(small)
