"""A replay finds the departures and the loosenings that the naive oracle finds by judging every instant anew."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from interlock.engine import DigestMismatch, Refused, replay
from interlock.testing import oracle
from interlock.testing.strategies import Drawn, seeded_timeline
from tests.properties.drawn import MANY
from tests.properties.reduction import reduced

BLOCKS = 4
SEEDS = MANY.max_examples // 40
"""How many timelines a block has: the oracle decides anew at every instant, so that each takes it a while."""
EVENTS = 14

Departure = tuple[str, str, str, datetime, str | None, str | None, timedelta | None, bool]
"""Kind, policy, id, when, about what, which action, late by, and whether by default."""
Loosened = tuple[datetime, str, str, str, str, str]
"""When, which policy, which version followed which, and of which model which action."""
Answer = int | tuple[list[Departure], list[Loosened]]
"""Departures and loosenings in a certain order, or the exit code of a refusal."""


def by_the_engine(drawn: Drawn) -> Answer:
    try:
        found = replay(drawn.policies, drawn.events, drawn.question.as_of)
    except Refused:
        return 2
    except DigestMismatch:
        return 5
    breaches = [
        (one.kind, one.policy, one.id, one.at, one.about, one.action, one.late_by, one.by_default)
        for one in found.breaches
    ]
    loosenings = [(one.at, one.policy, one.was, one.now, one.model, one.action) for one in found.loosenings]
    return sorted(breaches, key=str), sorted(loosenings)


def by_the_oracle(drawn: Drawn) -> Answer:
    found = oracle.replay(drawn.policies, drawn.events, drawn.question.as_of)
    if isinstance(found, oracle.OracleRefusal):
        return found.exit
    breaches = [
        (one.kind, one.policy, one.id, one.at, one.about, one.action, one.late_by, one.by_default)
        for one in found.breaches
    ]
    loosenings = [(one.at, one.policy, one.was, one.now, one.model, one.action) for one in found.loosenings]
    return sorted(breaches, key=str), sorted(loosenings)


def differ(drawn: Drawn) -> bool:
    return by_the_oracle(drawn) != by_the_engine(drawn)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(BLOCKS))
def test_replays_of_seeded_timelines_depart_where_the_oracle_says(block: int) -> None:
    """The same timelines in every run, and more various than hypothesis draws them."""
    seeds = range(block * SEEDS, (block + 1) * SEEDS)
    drawn = [one for one in (seeded_timeline(seed, most_events=EVENTS) for seed in seeds) if one is not None]
    assert len(drawn) > SEEDS // 2
    first = next((one for one in drawn if differ(one)), None)
    if first is not None:
        small = reduced(first, differ)
        assert by_the_oracle(small) == by_the_engine(small), str(small)
