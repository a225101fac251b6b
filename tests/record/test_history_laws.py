"""Laws of histories, over random records: later knowledge changes nothing, and the order of lines says nothing."""

from __future__ import annotations

import random
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.notation import FaultsError
from interlock.record import EvaluationWithdrawn, Event, EventCorrected, History, history
from interlock.terms import format_instant
from tests.record.samples import Object, at, changed, correction, evaluation, event, noon, read

START = at("01-01")


def day(number: int) -> datetime:
    return START + timedelta(days=number)


@st.composite
def records(draw: st.DrawFn) -> list[Object]:
    """Draw up to ten sound events, corrections and withdrawals among them, with days up to 20."""
    made: list[Object] = []
    for index in range(draw(st.integers(1, 10))):
        occurred, recorded = draw(st.integers(0, 20)), draw(st.integers(0, 20))
        head = {"occurred": format_instant(day(occurred)), "recorded": format_instant(day(recorded))}
        sort = draw(st.sampled_from(["evaluation", "withdrawal", "written", "referred", "undone", "document"]))
        target = draw(st.integers(0, max(index - 1, 0)))
        other = draw(st.integers(0, max(index - 1, 0)))
        written: Object = evaluation(draw(st.integers(0, 40)), occurred=head["occurred"])
        one = {
            "evaluation": evaluation(draw(st.integers(0, 40)), **head),
            "withdrawal": event("evaluation.withdrawn", {"evaluation": target, "reason": "x"}, **head),
            "written": correction(target, written, **head),
            "referred": correction(target, other, **head),
            "undone": correction(target, correction(other, written), **head),
            "document": {**changed("document.submitted", evidence=[target]), **head},
        }[sort]
        made.append(one if _is_sound([*made, one]) else evaluation(index, **head))
    return made


def _is_sound(events: list[Object]) -> bool:
    try:
        read(*events)
    except FaultsError:
        return False
    return True


def told(said: History, names: dict[int, Any] | None = None) -> tuple[Any, ...]:
    """Return what a history says, each index put into other words by `names`."""

    def name(index: int) -> Any:
        return index if names is None else names[index]

    return (
        [(one.occurred, one.recorded, one.source) for one in said.events],
        sorted((name(index), name(one.index)) for index, one in said.superseded.items()),
        sorted((name(index), sorted(name(one.index) for one in found)) for index, found in said.withdrawn.items()),
        sorted((name(index), sorted(map(name, found))) for index, found in said.evidence.items()),
        sorted(name(one.index) for one in said.corrections),
    )


@given(records(), st.integers(0, 20), st.integers(0, 40))
def test_an_event_recorded_later_changes_no_earlier_history(made: list[Object], known: int, successes: int) -> None:
    before = told(history(read(*made), day(known)))
    later = {"occurred": noon("01-02"), "recorded": format_instant(day(known + 1))}
    for added in (
        evaluation(successes, **later),
        event("evaluation.withdrawn", {"evaluation": 0, "reason": "x"}, **later),
        correction(0, evaluation(successes), **later),
        correction(len(made) - 1, 0, **later),
    ):
        if _is_sound([*made, added]):
            assert told(history(read(*made, added), day(known))) == before


@given(records(), st.integers(0, 20))
def test_a_history_is_that_of_the_events_known_by_then_alone(made: list[Object], known: int) -> None:
    events = read(*made)
    assert told(history(events, day(known))) == told(
        history([one for one in events if one.recorded <= day(known)], day(known))
    )


@given(records(), st.integers(0, 20), st.randoms(use_true_random=False))
def test_the_order_of_lines_says_nothing(made: list[Object], known: int, chance: random.Random) -> None:
    """Apart from indices, and ties between what was recorded at one instant, which are made distinct here."""
    made = [one | {"recorded": format_instant(_apart(one, place))} for place, one in enumerate(made)]
    order = list(range(len(made)))
    chance.shuffle(order)
    place_of = {old: new for new, old in enumerate(order)}
    moved = [_renumbered(made[old], place_of) for old in order]
    there = {new: old for old, new in place_of.items()}
    straight, shuffled = history(read(*made), day(known)), history(read(*moved), day(known))
    assert told(shuffled, there)[1:] == told(straight)[1:]
    assert [there[one.index] for one in shuffled.events] == [one.index for one in straight.events]


def _apart(one: Object, place: int) -> datetime:
    return datetime.fromisoformat(one["recorded"]) + timedelta(minutes=place)


def _renumbered(one: Object, place_of: dict[int, int]) -> Object:
    data = dict(one["data"])
    for name in ("evaluation", "event", "by"):
        if isinstance(data.get(name), int):
            data[name] = place_of[data[name]]
    if isinstance(data.get("by"), dict):
        data["by"] = _renumbered(data["by"], place_of)
    if "evidence" in data:
        data["evidence"] = [place_of[index] for index in data["evidence"]]
    return one | {"data": data}


@given(records(), st.integers(0, 20))
def test_undoing_a_correction_restores_what_was_said_before_it(made: list[Object], successes: int) -> None:
    """Whatever the record, a new correction of its first event and the undoing of that one leave it as it was."""
    kinds = [one["event"] for one in made]
    later = {"occurred": noon("03-01"), "recorded": noon("03-01")}
    undone = {"occurred": noon("03-02"), "recorded": noon("03-02")}
    events = read(*made)
    target = next((one.index for one in history(events, at("02-28")).events if one.index < len(made)), None)
    if target is None or kinds[target] != "evaluation.completed":
        return
    added = (correction(target, evaluation(successes), **later), correction(len(made), target, **undone))
    before, after = history(events, at("02-28")), history(read(*made, *added), at("03-03"))
    assert told(after)[0] == told(before)[0]
    assert {index: one.index for index, one in after.superseded.items() if index < len(made)} == {
        index: one.index for index, one in before.superseded.items()
    }


@given(records(), st.integers(0, 20))
def test_what_is_superseded_does_not_stand_and_what_supersedes_it_is_in_effect(made: list[Object], known: int) -> None:
    events = read(*made)
    said = history(events, day(known))
    in_effect = {one.index for one in said.corrections}
    assert all(one.index in in_effect for one in said.superseded.values())
    assert not in_effect & said.superseded.keys()
    plain = {one.index for one in said.given if one.kind != "event.corrected"}
    assert {one.index for one in said.events if one.index in plain} == plain - said.superseded.keys()
    written = {one.index for one in said.events} - plain
    assert written <= in_effect
    indices = [one.index for one in said.events]
    assert len(set(indices)) == len(indices)


@given(records(), st.integers(0, 20))
def test_events_are_in_the_order_of_what_happened(made: list[Object], known: int) -> None:
    said = history(read(*made), day(known))
    keys = [(one.occurred, one.recorded, one.index) for one in said.events]
    assert keys == sorted(keys)
    assert [one.index for one in said.given] == sorted(one.index for one in said.given)


@given(records(), st.integers(0, 20))
def test_every_standing_withdrawal_is_listed(made: list[Object], known: int) -> None:
    """None is lost where the evaluation it names is known: it would leave a ruling-out standing."""
    said = history(read(*made), day(known))
    given_then = {one.index for one in said.given}
    for one in said.events:
        if isinstance(one.payload, EvaluationWithdrawn) and one.payload.evaluation in given_then:
            assert isinstance(one.payload.evaluation, int)
            assert one in said.withdrawn[one.payload.evaluation]


def _many(number: int) -> list[Event]:
    made: list[Object] = [
        evaluation(index % 41, occurred=noon(f"{index % 12 + 1:02d}-{index % 28 + 1:02d}")) for index in range(195)
    ]
    made += [correction(index, evaluation(1)) for index in range(3)]
    made += [event("evaluation.withdrawn", {"evaluation": index, "reason": "x"}) for index in (1, 9)]
    events = read(*made)
    copies = (number + len(events) - 1) // len(events)
    return [_copy(one, place) for place, one in enumerate(list(events) * copies)][:number]


def _copy(one: Event, index: int) -> Event:
    payload = one.payload
    if isinstance(payload, EventCorrected):
        payload = EventCorrected(event=index - 195, reason="x", by=payload.by)
    return Event(
        index=index,
        kind=one.kind,
        occurred=one.occurred,
        recorded=one.recorded,
        subject=one.subject,
        payload=payload,
        source=one.source,
    )


@pytest.mark.parametrize(("number", "seconds"), [(200, 0.005), (100_000, 4.0)])
def test_a_history_is_quick(number: int, seconds: float) -> None:
    """Measured here: 0.2 ms and 0.25 s; the bounds leave room for a loaded machine and still catch a quadratic fold."""
    events = _many(number)
    taken = []
    for _ in range(5 if number < 1000 else 1):
        begun = time.process_time()
        said = history(events, at("12-31"))
        taken.append(time.process_time() - begun)
        assert len(said.given) == number
        assert said.superseded
    assert min(taken) < seconds
