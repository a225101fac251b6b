"""Laws of replays over random records: what a replay says of a time is what would have been said at that time."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from hypothesis import assume, given
from hypothesis import strategies as st

from interlock.engine import Decision, DigestMismatch, Hold, Question, Refused, Replay, decide, duties, replay
from interlock.engine._replay_readers import forbidden_actions
from interlock.engine._replay_runs import action_of
from interlock.record import Event, history
from interlock.terms import format_instant
from interlock.testing.strategies import Drawn, read
from tests.engine.cases import Given
from tests.engine.drawn_records import seeded_record

MICROSECOND: Final = timedelta(microseconds=1)
MOST_LOOKED_AT: Final = 8
SEEDS: Final = st.integers(min_value=0, max_value=10**9)


def drawn_record(seed: int, suits: Callable[[Drawn], bool] = lambda _: True) -> tuple[Drawn, Replay]:
    """Return the record of a seed with its replay; records that are refused say nothing."""
    drawn = seeded_record(seed)
    assume(drawn is not None and drawn.events and suits(drawn))
    assert drawn is not None
    try:
        return drawn, replay(drawn.policies, drawn.events)
    except (Refused, DigestMismatch):
        assume(condition=False)
        raise


def instants_of(drawn: Drawn, shown: Replay, seed: int) -> list[datetime]:
    """Return some of the instants at which something happens, the last before each, and some in between."""
    found = {instant for event in drawn.events for instant in (event.occurred, event.recorded)}
    found |= {moment.at for moment in shown.history}
    ordered = sorted(found)
    between = [earlier + (later - earlier) / 2 for earlier, later in pairwise(ordered)]
    every = sorted({*ordered, *(instant - MICROSECOND for instant in ordered), *between})
    every = [instant for instant in every if instant <= shown.as_of]
    step = max(1, len(every) // MOST_LOOKED_AT)
    return every[seed % step :: step]


def asked(drawn: Drawn, events: Iterable[Event], **about: Any) -> Decision | None:
    """Return the decision, or None where the question can't be asked."""
    try:
        return decide(drawn.policies, list(events), Question(**about))
    except Refused:
        return None


def held_at(shown: Replay, model: str, action: str, instant: datetime) -> list[Hold]:
    return [
        one
        for one in shown.holds
        if (one.model, one.action) == (model, action)
        and one.start <= instant
        and (one.end is None or instant < one.end)
    ]


def says(drawn: Drawn, word: str) -> bool:
    """Return whether some policy uses a word of the language."""
    return any(f'"{word}"' in json.dumps(document) for document in drawn.policy_documents)


@given(SEEDS)
def test_an_action_was_held_when_a_decision_of_that_time_holds_it(seed: int) -> None:
    drawn, shown = drawn_record(seed)
    models = sorted({event.subject.model for event in drawn.events if event.subject.model is not None})
    actions = sorted({action for policy in drawn.policies for action in forbidden_actions(policy)})
    for place, instant in enumerate(instants_of(drawn, shown, seed)):
        for model in models:
            # A few actions at each instant, others at the next.
            for action in actions[place % 3 :: 3]:
                about = {"model": model, "action": action, "as_of": instant, "known_at": instant}
                decision = asked(drawn, drawn.events, **about)
                if decision is None:
                    continue
                found = held_at(shown, model, action, instant)
                assert [True] * decision.held == [True for _ in found], (format_instant(instant), model, action)
                # Where restrictions depend on each other's states `by_default` asks for more than each one's reading.
                if found and not says(drawn, "active"):
                    assert decision.by_default == found[0].by_default, (format_instant(instant), model, action)


def known_before(drawn: Drawn, act: Event) -> list[Event]:
    """Return the events of which an act is judged; one that names its weights, if none does, makes them the newest."""
    instant, weights = act.occurred, act.subject.weights
    events = [
        event
        for event in drawn.events
        if event.recorded < instant
        and (event.occurred != instant or event.kind in {"policy.adopted", "event.corrected"})
    ]
    named = {
        event.subject.weights
        for event in history(events, instant).events
        if event.subject.model == act.subject.model and event.occurred < instant
    }
    if weights is None or weights in named:
        return events
    naming = {
        "event": "reply.made",
        "occurred": format_instant(instant - MICROSECOND),
        "subject": {"model": act.subject.model, "weights": weights},
        "data": {"to": "a question", "text": "an answer"},
    }
    return [*events, replace(read([naming])[0], index=len(drawn.events))]


@given(SEEDS)
def test_every_act_is_judged_by_the_decision_just_before_it(seed: int) -> None:
    drawn, shown = drawn_record(seed)
    found = {(one.evidence, one.policy, one.id) for one in shown.breaches if one.kind == "held-action"}
    for act in history(drawn.events, shown.as_of).events:
        action = action_of(act)
        if action is None or act.subject.model is None or act.occurred > shown.as_of:
            continue
        if act.kind == "training.continued" and says(drawn, "cease-within"):
            continue
        about = {"model": act.subject.model, "action": action, "weights": act.subject.weights}
        decision = asked(drawn, known_before(drawn, act), as_of=act.occurred, known_at=act.occurred, **about)
        standings = () if decision is None else decision.restrictions
        expected = {
            ((act.index,), one.policy.id, one.id.removeprefix("duty:"))
            for one in standings
            if one.state == "active" and one.restriction.clause.binds
        }
        assert {one for one in found if one[0] == (act.index,)} == expected, act.index
        if decision is None:
            assert any(one.id == "act-not-judged" and one.evidence == (act.index,) for one in shown.findings)


@given(SEEDS)
def test_what_was_held_by_a_time_is_the_same_however_much_later_the_replay_ends(seed: int) -> None:
    drawn, shown = drawn_record(seed)
    for end in instants_of(drawn, shown, seed)[::4]:
        try:
            shorter = replay(drawn.policies, drawn.events, end)
        except Refused:
            continue
        cut = [one if one.end is None or one.end <= end else replace(one, end=None) for one in shown.holds]
        assert list(shorter.holds) == [one for one in cut if one.start <= end], format_instant(end)


@given(SEEDS)
def test_the_history_of_each_duty_is_what_duties_says_at_each_instant(seed: int) -> None:
    # Whom a law binds, and which models are one lineage, is told by all that is known at the end.
    drawn, shown = drawn_record(seed, lambda one: not says(one, "applies-to") and not says(one, "each lineage"))
    for instant in instants_of(drawn, shown, seed):
        try:
            report = duties(drawn.policies, drawn.events, instant, known_at=shown.as_of)
        except Refused:
            continue
        expected = Counter(
            (one.policy.id, one.duty.id, one.instance, one.state.value)
            for one in report.duties
            if one.state.value != "not-triggered"
        )
        states: Counter[tuple[str, ...]] = Counter()
        for moment in shown.history:
            for one in moment.changes:
                if one.item == "duty" and moment.at <= instant:
                    about = (one.policy, one.id, one.about or "")
                    states.update([(*about, one.now)] if one.now is not None else [])
                    states.subtract([(*about, one.was)] if one.was is not None else [])
        assert +states == expected, format_instant(instant)


def apart(events: list[Given]) -> list[Given]:
    """Return the events each at an instant of its own, so that no two share a place in time."""
    moved = copy.deepcopy(events)
    for place, event in enumerate(moved):
        for name in ("occurred", "recorded"):
            if name in event:
                event[name] = event[name].removesuffix("Z") + f".{place:06}Z"
    return moved


def shuffled(events: list[Given], order: list[int]) -> list[Given]:
    """Return the events in another order, with what names one by its index naming it by its new one."""
    place = {old: new for new, old in enumerate(order)}

    def renamed(reference: Any) -> Any:
        return place[reference] if isinstance(reference, int) else reference

    def rename(event: Given) -> None:
        data = event.get("data", {})
        for name in ("evaluation", "event", "by"):
            if event["event"] in {"evaluation.withdrawn", "event.corrected"} and name in data:
                data[name] = renamed(data[name])
        if "evidence" in data:
            data["evidence"] = [renamed(reference) for reference in data["evidence"]]
        if isinstance(data.get("by"), dict):
            rename(data["by"])

    moved = copy.deepcopy([events[old] for old in order])
    for event in moved:
        rename(event)
    return moved


def shown_without_indices(drawn: Drawn, events: list[Given]) -> Any:
    try:
        shown = replay(drawn.policies, read(events))
    except (Refused, DigestMismatch) as refused:
        return type(refused)
    return (
        shown.holds,
        sorted(repr(replace(one, evidence=())) for one in shown.breaches),
        shown.loosenings,
        [(one.at, sorted(map(repr, one.changes))) for one in shown.history],
        sorted(one.id for one in shown.findings),
    )


@given(SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_the_file_changes_nothing_but_indices(seed: int, random: Any) -> None:
    drawn = seeded_record(seed)
    assume(drawn is not None)
    assert drawn is not None
    events = apart(drawn.event_objects)
    assume(replace(drawn, event_objects=events).is_sound)
    order = list(range(len(events)))
    random.shuffle(order)
    assert shown_without_indices(drawn, shuffled(events, order)) == shown_without_indices(drawn, events)
