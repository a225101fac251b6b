"""The axis of time: every instant stands within it, in order, and few enough days are marked on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.reports._axis import Axis

INSTANTS = st.datetimes().map(lambda one: one.replace(tzinfo=UTC))


@given(st.lists(INSTANTS, min_size=1, max_size=6))
def test_instants_stand_within_the_axis_in_their_order(instants: list[datetime]) -> None:
    axis = Axis.over(instants, left=260, width=720)
    places = [axis.tenths(instant) for instant in sorted(instants)]
    assert places == sorted(places)
    assert all(2600 <= place <= 9800 for place in places)
    assert all(Fraction(axis.place(instant)) * 10 == axis.tenths(instant) for instant in instants)


@given(st.lists(INSTANTS, min_size=1, max_size=4))
def test_a_few_instants_are_marked_each_within_the_axis(instants: list[datetime]) -> None:
    axis = Axis.over(instants, left=260, width=720)
    ticks = axis.ticks()
    assert len(ticks) <= 11
    assert all(axis.start <= tick.at <= axis.end for tick in ticks)
    assert len({tick.at for tick in ticks}) == len(ticks)


@pytest.mark.parametrize(
    ("days", "labels"),
    [
        (1, ["31 Dec 00:00", "31 Dec 03:00"]),
        (6, ["31 Dec", "01 Jan"]),
        (120, ["Jan 2025", "Feb 2025"]),
        (1200, ["Jan 2025", "Jul 2025"]),
        (9000, ["2025", "2030"]),
    ],
)
def test_labels_are_in_english_and_as_fine_as_there_is_room(days: int, labels: list[str]) -> None:
    start = datetime(2024, 12, 31, tzinfo=UTC)
    axis = Axis.over([start, start + timedelta(days=days)], left=0, width=100)
    assert [tick.label for tick in axis.ticks()][:2] == labels


def test_what_lies_outside_stands_at_the_near_end() -> None:
    axis = Axis(start=datetime(2025, 1, 1, tzinfo=UTC), end=datetime(2025, 1, 3, tzinfo=UTC), left=10, width=100)
    assert axis.place(datetime(2020, 1, 1, tzinfo=UTC)) == "10"
    assert axis.place(datetime(2025, 1, 2, tzinfo=UTC)) == "60"
    assert axis.place(datetime(2030, 1, 1, tzinfo=UTC)) == "110"
