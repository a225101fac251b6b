"""Corrections supersede and never edit: what stands, what is superseded, and what may not be said."""

from __future__ import annotations

import dataclasses

import pytest

from interlock.record import EventCorrected, history
from interlock.terms import MalformedError, digest_of_json
from tests.record.samples import (
    MARCH,
    Object,
    at,
    correction,
    evaluation,
    event,
    faults_of,
    noon,
    read,
)

LATER = at("12-31")


def standing(*events: Object) -> list[tuple[int, str | None]]:
    """Return the index of each event that stands, and its successes if it has some."""
    return [(one.index, one.text_of("successes")) for one in history(read(*events), LATER).events]


def superseded(*events: Object) -> dict[int, int]:
    return {index: one.index for index, one in history(read(*events), LATER).superseded.items()}


def test_an_event_written_out_stands_in_the_place_with_the_index_of_its_correction() -> None:
    events = (evaluation(8), evaluation(9), correction(0, evaluation(32)))
    assert standing(*events) == [(1, "9"), (2, "32")]
    assert superseded(*events) == {0: 2}


def test_an_event_referred_to_stands_by_itself() -> None:
    events = (evaluation(8), evaluation(9), correction(0, 1))
    assert standing(*events) == [(1, "9")]
    assert standing(evaluation(8), evaluation(9), correction(0, digest_of_json(evaluation(9)))) == [(1, "9")]


def test_a_correction_is_no_fact_of_the_case() -> None:
    events = read(evaluation(8), correction(0, evaluation(32)))
    said = history(events, LATER)
    assert [one.kind for one in said.events] == ["evaluation.completed"]
    assert said.corrections == (events[1],)
    assert said.given == events


def test_a_correction_counts_from_when_it_is_recorded_whatever_it_says_occurred() -> None:
    """It is about the record, so `occurred` of the correction, before or after, moves nothing."""
    for occurred in (noon("01-01"), noon("11-01")):
        fixed = evaluation(32, occurred=noon("02-01"))
        events = read(
            evaluation(8, occurred=noon("03-01")), correction(0, fixed, occurred=occurred, recorded=noon("05-01"))
        )
        before, after = history(events, at("04-30")), history(events, at("05-01"))
        assert [one.text_of("successes") for one in before.events] == ["8"]
        assert [(one.text_of("successes"), one.occurred) for one in after.events] == [("32", at("02-01"))]


def test_an_event_written_out_was_recorded_with_its_correction_whatever_it_says() -> None:
    """A plan must not come to be registered before the run by a correction that is entered after it."""
    earlier = evaluation(32, recorded=noon("03-02"))
    events = read(evaluation(8, recorded=noon("03-02")), correction(0, earlier, recorded=noon("05-01")))
    assert history(events, LATER).events[0].recorded == at("05-01")
    assert faults_of(evaluation(8), correction(0, evaluation(32, recorded=noon("05-02")), recorded=noon("05-01"))) == [
        "2: the replacing event is recorded after its correction, which is of 2025-05-01T12:00:00Z"
    ]


def test_a_correction_by_digest_supersedes_all_identical_events() -> None:
    assert standing(evaluation(8), evaluation(8), correction(digest_of_json(evaluation(8)), evaluation(9))) == [
        (2, "9")
    ]


def test_a_correction_undone_restores_what_it_superseded() -> None:
    events = (evaluation(8), correction(0, evaluation(32)), correction(1, 0))
    assert standing(*events) == [(0, "8")]
    assert superseded(*events) == {1: 2}
    by_digest = (evaluation(8), correction(0, evaluation(32)), correction(1, digest_of_json(evaluation(8))))
    assert standing(*by_digest) == [(0, "8")]


def test_undoing_the_undoing_corrects_again() -> None:
    events = (evaluation(8), correction(0, evaluation(32)), correction(1, 0), correction(2, 1))
    assert standing(*events) == [(1, "32")]
    assert superseded(*events) == {2: 3, 0: 1}


def test_a_correction_replaced_by_an_event_passes_on_what_it_superseded() -> None:
    """Restoring the first event, which both corrections say is wrong, is what no one asked for."""
    events = (evaluation(8), correction(0, evaluation(32)), correction(1, evaluation(9)))
    assert standing(*events) == [(2, "9")]
    assert superseded(*events) == {0: 2, 1: 2}
    again = (*events, correction(2, evaluation(10)))
    assert standing(*again) == [(3, "10")]
    assert superseded(*again) == {0: 3, 1: 3, 2: 3}
    referred = (evaluation(8), correction(0, evaluation(32)), evaluation(9), correction(1, 2))
    assert standing(*referred) == [(2, "9")]


def test_a_correction_replaced_by_a_correction_says_anew_what_is_superseded() -> None:
    """The first named the wrong event: that one is restored, the right one superseded."""
    events = (
        evaluation(8),
        evaluation(9),
        correction(0, evaluation(32)),
        correction(2, correction(1, evaluation(32))),
    )
    assert standing(*events) == [(0, "8"), (3, "32")]
    assert superseded(*events) == {2: 3, 1: 3}
    apart = (
        evaluation(8),
        evaluation(9),
        correction(0, evaluation(32)),
        correction(1, evaluation(32)),
        correction(2, 3),
    )
    assert standing(*apart) == [(0, "8"), (3, "32")]
    assert superseded(*apart) == {1: 3, 2: 4}


def test_of_several_corrections_of_one_event_the_last_recorded_holds() -> None:
    first = correction(0, evaluation(32), recorded=noon("05-01"))
    second = correction(0, evaluation(9), recorded=noon("06-01"))
    assert standing(evaluation(8), first, second) == [(2, "9")]
    assert standing(evaluation(8), second, first) == [(1, "9")]
    assert superseded(evaluation(8), first, second) == {0: 2, 1: 2}
    same = correction(0, evaluation(9), recorded=noon("05-01"))
    assert standing(evaluation(8), first, same) == [(2, "9")]


def test_a_correction_after_one_that_was_undone_holds() -> None:
    events = (evaluation(8), correction(0, evaluation(32)), correction(1, 0), correction(0, evaluation(10)))
    assert standing(*events) == [(3, "10")]


def test_a_withdrawal_corrected_restores_the_evaluation() -> None:
    withdrawn = event("evaluation.withdrawn", {"evaluation": 0, "reason": "x"})
    other = event("evaluation.withdrawn", {"evaluation": 1, "reason": "x"})
    said = history(read(evaluation(8), evaluation(9), withdrawn, correction(2, other)), LATER)
    assert {index: [one.index for one in found] for index, found in said.withdrawn.items()} == {1: [3]}


def test_a_withdrawal_reaches_what_is_written_out_in_the_place_of_the_evaluation() -> None:
    """The run is the same: a corrected record of it would else bring a withdrawn ruling-out back."""
    withdrawn = event("evaluation.withdrawn", {"evaluation": 0, "reason": "x"})
    events = (evaluation(8), withdrawn, correction(0, evaluation(7)), correction(2, evaluation(6)))
    said = history(read(*events), LATER)
    assert {index: [one.index for one in found] for index, found in said.withdrawn.items()} == {0: [1], 3: [1]}
    twice = (
        evaluation(8),
        withdrawn,
        correction(0, evaluation(7)),
        {**withdrawn, "data": {"evaluation": 2, "reason": "y"}},
    )
    said = history(read(*twice), LATER)
    assert {index: sorted(one.index for one in found) for index, found in said.withdrawn.items()} == {0: [1], 2: [1, 3]}


def test_a_withdrawal_does_not_reach_an_evaluation_that_stands_by_itself() -> None:
    withdrawn = event("evaluation.withdrawn", {"evaluation": 0, "reason": "x"})
    said = history(read(evaluation(8), evaluation(9), withdrawn, correction(0, 1)), LATER)
    assert said.withdrawn.keys() == {0}


def test_another_kind_written_out_is_not_withdrawn() -> None:
    withdrawn = event("evaluation.withdrawn", {"evaluation": 0, "reason": "x"})
    fixed = correction(2, event("training.paused"))
    said = history(read(evaluation(8), withdrawn, event("training.started"), fixed), LATER)
    assert said.withdrawn.keys() == {0}


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([correction(0, event("training.started"))], "1: the correction corrects itself"),
        ([event("training.started"), correction(0, 1)], "2: the event is replaced by its own correction"),
        ([event("training.started"), correction(0, 0)], "2: the event is replaced by itself"),
        ([event("training.started"), correction(5, 0)], "2: `event`: there is no event `5`"),
        ([event("training.started"), correction(0, 5)], "2: `by`: there is no event `5`"),
        (
            [event("training.started"), event("training.paused"), correction(0, evaluation(8)), correction(1, 2)],
            "4: the event is replaced by a correction, and is none itself",
        ),
        (
            [event("training.started"), correction(2, 0), correction(1, 0)],
            "2: this correction is corrected, in a circle, by itself",
        ),
        (
            [event("training.started"), event("training.paused"), correction(0, 1), correction(1, 0)],
            "3: the events named here are replaced by one another in a circle",
        ),
        (
            [evaluation(8), correction(0, event("training.started"))],
            "2: the evaluation `0` is replaced by what is none",
        ),
        (
            [evaluation(8), event("training.paused"), correction(0, 1)],
            "3: the evaluation `0` is replaced by what is none",
        ),
        (
            [evaluation(8), correction(0, evaluation(9)), correction(1, event("training.paused"))],
            "3: the evaluation `0` is replaced by what is none",
        ),
        (
            [evaluation(8), event("training.paused"), correction(0, evaluation(9)), correction(2, 1)],
            "4: the evaluation `0` is replaced by what is none",
        ),
        ([event("training.started"), correction(0, {"event": "training.paused"})], "2: the event has no `occurred`"),
        (
            [event("training.started"), correction(0, event("training.paused"), recorded="today")],
            "2: `recorded`: `today` is not an instant",
        ),
        (
            [event("training.started"), correction(0, event("training.paused"), occurred="today")],
            "2: `occurred`: `today` is not an instant",
        ),
        (
            [evaluation(8), correction(0, correction(0, event("training.paused")))],
            "2: the evaluation `0` is replaced by what is none",
        ),
    ],
)
def test_a_correction_that_makes_no_sense_is_a_fault(events: list[Object], said: str) -> None:
    assert said in faults_of(*events)


def test_a_correction_may_be_written_out_in_a_correction_of_the_same_event() -> None:
    inner = correction(0, event("training.paused"), recorded=MARCH)
    assert standing(event("training.started"), correction(0, inner)) == [(1, None)]


def test_replacement_by_the_same_event_twice_is_no_circle() -> None:
    events = (
        event("training.started"),
        event("training.paused"),
        event("weights.stored"),
        correction(0, 2),
        correction(1, 2),
    )
    assert [index for index, _ in standing(*events)] == [2]
    chain = (
        event("training.started"),
        event("training.paused"),
        event("weights.stored"),
        correction(0, 1),
        correction(1, 2),
    )
    assert [index for index, _ in standing(*chain)] == [2]


def test_other_kinds_may_be_corrected_into_another_kind() -> None:
    assert standing(event("training.started"), correction(0, event("training.continued"))) == [(1, None)]


def test_a_circle_among_events_that_no_file_held_is_refused() -> None:
    """`read_events` refuses it; events made otherwise can't slip past."""
    first, second, third = read(event("training.started"), correction(0, event("training.paused")), correction(1, 0))
    back = EventCorrected(event=0, reason="x", by=0)
    circling = dataclasses.replace(
        first, kind="event.corrected", payload=EventCorrected(event=2, reason="x", by=1), source={}
    )
    with pytest.raises(MalformedError, match=r"the corrections `0`, `2` correct one another in a circle"):
        history([circling, second, dataclasses.replace(third, payload=back)], LATER)
