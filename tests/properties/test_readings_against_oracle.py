"""Which way each reading cuts is what the naive oracle answers with that reading ruled from the beginning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings

from interlock.engine import Breach, Decision, DigestMismatch, Refused, duties, replay
from interlock.testing import oracle
from interlock.testing.strategies import Drawn, Theme, cases, seeded_case, seeded_timeline
from tests.properties.drawn import MANY, decided, oracle_question_of
from tests.properties.reduction import reduced

FEW = settings(MANY, max_examples=MANY.max_examples // 5)
"""Each example is decided once for each reading of each text."""
SEEDS = MANY.max_examples // 2
"""How many cases a block has, of timelines a fifth; a longer profile has more."""
BLOCKS = 3
EVENTS = 12
FOR_REPLAYS = 100
"""Of so many examples one is a replay: the oracle replays each timeline once for each reading."""

Cuts = dict[tuple[str, str, str], tuple[object, ...]]
"""By policy, term and reading: what the answer is under it."""


# Decisions


def cuts_of(drawn: Drawn) -> tuple[Cuts, Cuts]:
    """What the engine and what the oracle say of every reading that the engine's decision lists."""
    decision = decided(drawn)
    if not isinstance(decision, Decision):
        return {}, {}
    now = oracle.readings_now(drawn.policies, drawn.events, oracle_question_of(drawn))
    engine: Cuts = {}
    naive: Cuts = {}
    for dispute in decision.disputes:
        key = (dispute.policy, dispute.term)
        for cut in dispute.cuts:
            engine[*key, cut.reading] = (dispute.ruling.reading, cut.value, cut.outcome, cut.by_default)
            ruled, values = now[key]
            under = oracle_under(drawn, key, cut.reading)
            naive[*key, cut.reading] = (ruled, values[cut.reading], under.outcome, under.by_default)
    return engine, naive


def oracle_under(drawn: Drawn, dispute: tuple[str, str], reading: str) -> oracle.OracleDecision:
    asked = oracle_question_of(drawn)
    answer = oracle.decide(drawn.policies, drawn.events, asked, forcing={dispute: reading})
    assert isinstance(answer, oracle.OracleDecision)
    return answer


def unlisted(drawn: Drawn) -> list[tuple[str, str, str]]:
    """The readings that would change the answer and that the engine's decision does not list."""
    decision = decided(drawn)
    if not isinstance(decision, Decision):
        return []
    listed = {(one.policy, one.term) for one in decision.disputes}
    admitted = oracle.readings_now(drawn.policies, drawn.events, oracle_question_of(drawn))
    found = []
    for key, (_, values) in admitted.items():
        for reading in values:
            under = None if key in listed else oracle_under(drawn, key, reading)
            if under is not None and (under.outcome, under.by_default) != (decision.outcome, decision.by_default):
                found.append((*key, reading))
    return found


def cut_otherwise(drawn: Drawn) -> bool:
    engine, naive = cuts_of(drawn)
    return engine != naive or bool(unlisted(drawn))


@FEW
@given(cases(themes=(Theme.WORDS,)))
def test_each_reading_cuts_as_the_oracle_decides_under_it(drawn: Drawn) -> None:
    engine, naive = cuts_of(drawn)
    assert engine == naive
    assert unlisted(drawn) == []


@pytest.mark.slow
@pytest.mark.parametrize("block", range(BLOCKS))
def test_readings_of_seeded_cases_cut_as_the_oracle_decides(block: int) -> None:
    seeds = range(block * SEEDS, (block + 1) * SEEDS)
    drawn = [one for one in (seeded_case(seed, themes=(Theme.WORDS, Theme.ALL)) for seed in seeds) if one is not None]
    assert_none(drawn, cut_otherwise)


def assert_none(drawn: list[Drawn], differ: Callable[[Drawn], bool]) -> None:
    first = next((one for one in drawn if differ(one)), None)
    assert first is None, str(reduced(first, differ))


# Duties

States = Counter[tuple[str, str, str]]
"""How many instances of a duty, of whom, are in which state."""


def states_of(drawn: Drawn, policy: str, forcing: dict[tuple[str, str], str]) -> States:
    asked = drawn.question
    found = oracle.duties(drawn.policies, drawn.events, asked.as_of, asked.known_at, forcing=forcing)
    assert not isinstance(found, oracle.OracleRefusal)
    return Counter(
        (one.duty, one.instance, one.state) for one in found if one.policy == policy and one.state != "not-triggered"
    )


def duties_cut_otherwise(drawn: Drawn) -> bool:
    """Whether the engine lists other changes under some reading than the oracle finds."""
    asked = drawn.question
    try:
        report = duties(drawn.policies, drawn.events, asked.as_of, known_at=asked.known_at)
    except (Refused, DigestMismatch):
        return False
    listed = {(one.policy, one.term): {cut.reading: cut.changes for cut in one.cuts} for one in report.disputes}
    for (policy, term), readings in oracle.disputes(report.versions).items():
        was = states_of(drawn, policy, {})
        for reading in readings:
            would_be = states_of(drawn, policy, {(policy, term): reading})
            changes = listed.get((policy, term), {}).get(reading, ())
            lost = Counter((one.duty, one.instance, state) for one in changes for state in one.states)
            won = Counter((one.duty, one.instance, state) for one in changes for state in one.would_be)
            if was - would_be != lost - won or would_be - was != won - lost:
                return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize("block", range(BLOCKS))
def test_duties_change_under_each_reading_as_the_oracle_says(block: int) -> None:
    seeds = range(block * SEEDS // 5, (block + 1) * SEEDS // 5)
    assert_none([one for one in map(seeded_timeline, seeds) if one is not None], duties_cut_otherwise)


# Replays

Standing = list[tuple[str, tuple[str, ...]]]
"""Under which readings a departure stands, for each term that matters to it."""


def in_order(text: str | None) -> Standing:
    """What the words of a departure say: `launch: broad, narrow; large: none`."""
    parts = [part.split(": ") for part in text.split("; ")] if text is not None else []
    return sorted((term, tuple(sorted(set(names.split(", ")) - {"none"}))) for term, names in parts)


def replays_cut_otherwise(drawn: Drawn) -> bool:
    """Whether a departure stands under other readings, or one reading makes others, than the oracle finds."""
    try:
        found = replay(drawn.policies, drawn.events, drawn.question.as_of)
    except (Refused, DigestMismatch):
        return False
    naive = oracle.replay_cuts(drawn.policies, drawn.events, drawn.question.as_of)
    assert isinstance(naive, oracle.OracleCuts)
    standing = [(place(one), in_order(one.reading)) for one in found.breaches]
    expected = {
        where: sorted((term, tuple(sorted(names))) for (_, term), names in cut.items())
        for where, cut in naive.standing.items()
    }
    only_here = {((cut.policy, cut.term), cut.reading): {place(one) for one in cut.only_here} for cut in found.readings}
    return any(expected[where] != words for where, words in standing) or any(
        only_here.get(key, set()) != places for key, places in naive.only_here.items()
    )


def place(breach: Breach) -> oracle.Place:
    return (breach.kind, breach.policy, breach.id, breach.at, breach.about, breach.action)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(BLOCKS))
def test_departures_stand_under_the_readings_that_the_oracle_says(block: int) -> None:
    number = MANY.max_examples // FOR_REPLAYS
    seeds = range(block * number, (block + 1) * number)
    drawn = [one for one in (seeded_timeline(seed, most_events=EVENTS) for seed in seeds) if one is not None]
    assert_none(drawn, replays_cut_otherwise)
