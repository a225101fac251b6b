"""Projections of compute clocks: a line through logarithms, its ends by the bounds, none where there is no trend."""

from __future__ import annotations

from datetime import date

import pytest

from interlock.app.compute_clocks import Projection, project
from interlock.record import Event, read_events
from interlock.terms import parse_instant
from tests.app.standings import growth, measurements

# 100 days apart; the day of the year is 15, 65 and 115
EVENTS = measurements(
    ("2026-01-15", "1e25", "9e24", "1.1e25"),
    ("2026-03-06", "2e25", "1.9e25", "2.1e25"),
    ("2026-04-25", "4e25", "3.9e25", "4.1e25"),
)
AS_OF = parse_instant("2026-05-01")


def projected(
    ratio: str | None, lower: str, upper: str, *, limit: int = 64, evidence: tuple[int, ...] = (0, 2)
) -> Projection:
    return project(growth(ratio, lower, upper, limit=limit, evidence=evidence), EVENTS, AS_OF)


def test_the_line_runs_through_the_logarithms() -> None:
    """64 is 4 cubed: after 4x in 100 days it takes 300, to day 315. It is 8 squared, so 200; and 2 to the 6th, 600."""
    projection = projected("4", "2", "8")
    assert projection.expected == date(2026, 11, 11)
    assert projection.earliest == date(2026, 8, 3)  # day 215
    assert projection.latest == date(2027, 9, 7)  # day 615, 250 of the year after
    assert projection.why_not is None


def test_all_measurements_between_the_first_and_the_last_are_counted() -> None:
    assert projected("4", "2", "8").measurements == 3
    assert projected("4", "2", "8", evidence=(1, 2)).measurements == 2


def test_a_lower_bound_that_shows_no_growth_leaves_no_end_in_sight() -> None:
    projection = projected("4", "1", "8")
    assert (projection.expected, projection.latest) == (date(2026, 11, 11), None)


def test_one_measurement_is_no_trend() -> None:
    projection = projected("1", "0.9", "1.1", evidence=(2, 2))
    assert (projection.expected, projection.earliest, projection.measurements) == (None, None, 1)
    assert projection.why_not == "one measurement alone shows no trend"


def test_no_measurement_is_no_trend() -> None:
    assert projected("1", "1", "1", evidence=()).why_not == "there is no measurement"
    assert project(growth("2", "2", "2", evidence=(7,)), (), AS_OF).why_not == "there is no measurement"


def test_growth_that_is_not_known_is_not_projected() -> None:
    projection = projected(None, "", "")
    assert (projection.expected, projection.earliest) == (None, None)
    assert projection.why_not == "its growth is not known"


@pytest.mark.parametrize(("upper", "still"), [("1", True), ("1.5", False)])
def test_where_nothing_grew_there_is_no_projection(upper: str, still: bool) -> None:  # noqa: FBT001 - a parameter
    """An upper bound above 1 leaves it open whether it grows, and so has an earliest day."""
    projection = projected("1", "0.8", upper)
    assert projection.expected is None
    assert projection.why_not == "3 measurements show no growth"
    assert projection.stands_still is still
    assert (projection.earliest is None) is still


def test_a_growth_beyond_the_calendar_has_no_day() -> None:
    projection = project(growth("1.0000001", "1", "1.0000001", limit=10**9, evidence=(0, 2)), EVENTS, AS_OF)
    assert (projection.expected, projection.why_not) == (None, "growth is too slow for a day to be told")


def test_a_measurement_of_another_model_is_none_of_this_one() -> None:
    """Its index follows on: the events of one file are numbered together."""
    lines = "\n".join(
        f'{{"event": "quantity.measured", "occurred": "2026-0{month}-01T00:00:00Z", "subject": {{"model": "{model}"}}, '
        f'"data": {{"quantity": "effective-compute", "value": "{month}e25 FLOP"}}}}'
        for model, month in (("m-1", 1), ("m-2", 2), ("m-1", 3))
    )
    events = read_events([("e.jsonl", lines.encode())])
    assert project(growth("3", "3", "3", evidence=(0, 2)), events, AS_OF).measurements == 2


def test_training_that_states_its_compute_is_a_measurement() -> None:
    lines = "\n".join(
        f'{{"event": "training.continued", "occurred": "2026-0{month}-01T00:00:00Z", "subject": {{"model": "m-1"}}, '
        f'"data": {{"effective-compute": "{month}e25 FLOP"}}}}'
        for month in (1, 2, 3)
    )
    events: tuple[Event, ...] = read_events([("e.jsonl", lines.encode())])
    assert project(growth("3", "3", "3", evidence=(0, 2)), events, AS_OF).measurements == 3
