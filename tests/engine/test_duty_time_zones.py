"""Duties in the policy's time zone: days end at its midnights, also where its clocks change (LANGUAGE 1).

Los Angeles is 8 hours behind UTC, 7 in daylight saving time, from 9 March to 2 November 2025, each at 2:00. Auckland is
12 hours ahead, 13 in daylight saving time, to 6 April and from 28 September 2025.
"""

from __future__ import annotations

from typing import Final

import pytest

from interlock.policy import Policy
from tests.engine.cases import Given, decided, event, judged, registered, value, when
from tests.engine.duty_cases import (
    check_flip,
    deployed,
    due,
    duty,
    instances,
    just_before,
    only,
    performed,
    running,
    states,
)

ANGELES: Final = "America/Los_Angeles"
AUCKLAND: Final = "Pacific/Auckland"
CAIRO: Final = "Africa/Cairo"
OVERDUE: Final = ("open", "overdue")


def in_zone(zone: str, *lines: str, calendar: str = "", more: str = "", **header: str) -> Policy:
    return duty(*lines, more=f"calendar: {{time-zone: {zone}{calendar}}}\n{more}", **header)


def upon(zone: str, within: str, *lines: str, calendar: str = "") -> Policy:
    return in_zone(zone, "when: {event: model.deployed}", f"within: {within}", *lines, calendar=calendar)


@pytest.mark.parametrize(
    ("zone", "opens", "within", "end"),
    [
        # noon of 8 March: the 9th, which has 23 hours, ends at midnight in daylight saving time
        (ANGELES, "2025-03-08T20:00:00Z", "1 day", "2025-03-10T07:00:00Z"),
        (ANGELES, "2025-03-07T20:00:00Z", "1 day", "2025-03-09T08:00:00Z"),
        (ANGELES, "2025-03-08T20:00:00Z", "3 days", "2025-03-12T07:00:00Z"),
        # a day is no 24 hours there
        (ANGELES, "2025-03-08T20:00:00Z", "24 hours", "2025-03-09T20:00:00Z"),
        # the last second of the 9th, and the first of the 10th
        (ANGELES, "2025-03-10T06:59:59Z", "1 day", "2025-03-11T07:00:00Z"),
        (ANGELES, "2025-03-10T07:00:00Z", "1 day", "2025-03-12T07:00:00Z"),
        # noon of 1 November: the 2nd has 25 hours
        (ANGELES, "2025-11-01T19:00:00Z", "1 day", "2025-11-03T08:00:00Z"),
        (ANGELES, "2025-11-01T19:00:00Z", "24 hours", "2025-11-02T19:00:00Z"),
        # half past one comes twice on the 2nd
        (ANGELES, "2025-11-02T08:30:00Z", "1 day", "2025-11-04T08:00:00Z"),
        (ANGELES, "2025-11-02T09:30:00Z", "1 day", "2025-11-04T08:00:00Z"),
        (ANGELES, "2025-11-02T08:30:00Z", "24 hours", "2025-11-03T08:30:00Z"),
        (ANGELES, "2025-10-02T19:00:00Z", "1 month", "2025-11-03T08:00:00Z"),
        (ANGELES, "2025-02-09T20:00:00Z", "1 month", "2025-03-10T07:00:00Z"),
        (ANGELES, "2025-02-23T20:00:00Z", "2 weeks", "2025-03-10T07:00:00Z"),
        # five in the afternoon of Friday the 7th, a Saturday in UTC: Monday the 10th
        (ANGELES, "2025-03-08T01:00:00Z", "1 business day", "2025-03-11T07:00:00Z"),
        # four in the afternoon of Sunday the 9th, still Sunday: Monday the 10th
        (ANGELES, "2025-03-09T23:00:00Z", "1 business day", "2025-03-11T07:00:00Z"),
        # noon of 5 April in Auckland: the 6th has 25 hours
        (AUCKLAND, "2025-04-04T23:00:00Z", "1 day", "2025-04-06T12:00:00Z"),
        # the first instant of the 5th, and the one before
        (AUCKLAND, "2025-04-04T11:00:00Z", "1 day", "2025-04-06T12:00:00Z"),
        (AUCKLAND, "2025-04-04T10:59:59Z", "1 day", "2025-04-05T11:00:00Z"),
        # noon of 27 September: the 28th has 23 hours
        (AUCKLAND, "2025-09-27T00:00:00Z", "1 day", "2025-09-28T11:00:00Z"),
        (AUCKLAND, "2025-09-27T00:00:00Z", "24 hours", "2025-09-28T00:00:00Z"),
        # a leap day as it is seen there: 29 February 2028 from 11:00 UTC of the 28th on, a year later 28 February
        (AUCKLAND, "2028-02-28T11:00:00Z", "1 year", "2029-02-28T11:00:00Z"),
        # the last instant of January there, one month: the end of 28 February
        (AUCKLAND, "2025-01-31T10:59:59Z", "1 month", "2025-02-28T11:00:00Z"),
        # in Cairo the clocks go back from midnight to eleven: the 30th of October is over when midnight comes again
        (CAIRO, "2025-10-29T12:00:00Z", "1 day", "2025-10-30T22:00:00Z"),
        # and on 25 April midnight is skipped: the 24th is over at its end
        (CAIRO, "2025-04-23T12:00:00Z", "1 day", "2025-04-24T22:00:00Z"),
    ],
)
def test_a_day_is_over_at_midnight_in_the_policys_time_zone(zone: str, opens: str, within: str, end: str) -> None:
    check_flip(upon(zone, within), [deployed(opens)], at=end, becomes=OVERDUE)


def test_holidays_are_days_of_the_policys_time_zone() -> None:
    rules = upon(ANGELES, "1 business day", calendar=", holidays: [2025-03-10]")
    # Friday the 7th, then Tuesday the 11th
    check_flip(rules, [deployed("2025-03-08T01:00:00Z")], at="2025-03-12T07:00:00Z", becomes=OVERDUE)


def test_a_version_begins_at_midnight_of_its_time_zone() -> None:
    rules = in_zone(ANGELES, "when: {event: model.deployed}", "within: 1 day", effective="2025-03-09")
    assert instances(rules, [deployed("2025-03-09T07:59:59Z")], "2025-03-09T09:00:00Z") == []
    assert due(rules, [deployed("2025-03-09T08:00:00Z")], "2025-03-09T09:00:00Z") == "2025-03-11T07:00:00Z"


def test_an_extension_counts_days_of_the_policys_time_zone() -> None:
    rules = upon(ANGELES, "1 day", "extended: {by: 1 day, when: {judged: complicated, by: rso}}")
    given = [deployed("2025-03-07T20:00:00Z"), judged("2025-03-07T21:00:00Z", "complicated")]
    # the last day is the 8th; a day more is the 9th, over in daylight saving time
    check_flip(rules, given, at="2025-03-10T07:00:00Z", becomes=OVERDUE)
    hours = upon(ANGELES, "1 day", "extended: {by: 24 hours, when: {judged: complicated, by: rso}}")
    check_flip(hours, given, at="2025-03-10T08:00:00Z", becomes=OVERDUE)


def test_an_agreed_day_is_one_of_the_policys_time_zone() -> None:
    rules = upon(ANGELES, "3 days", "or-as-agreed: {document: schedule, with: board}")
    digest = f"sha256:{'a' * 64}"
    given = [
        deployed("2025-03-08T20:00:00Z"),
        event(
            "document.submitted",
            "2025-03-08T21:00:00Z",
            document="schedule",
            digest=digest,
            schedule={"d": "2025-03-09"},
        ),
        event("document.approved", "2025-03-08T22:00:00Z", by="board", document="schedule", digest=digest),
    ]
    check_flip(rules, given, at="2025-03-10T07:00:00Z", becomes=OVERDUE)


@pytest.mark.parametrize(
    ("as_of", "days_late"),
    [
        # due at the end of 9 March; the 10th is the first day late, up to midnight there
        ("2025-03-10T07:00:01Z", 1),
        ("2025-03-11T07:00:00Z", 1),
        ("2025-03-11T07:00:01Z", 2),
    ],
)
def test_days_late_are_days_of_the_policys_time_zone(as_of: str, days_late: int) -> None:
    assert only(upon(ANGELES, "1 day"), [deployed("2025-03-08T20:00:00Z")], as_of).days_late == days_late


# Periods


def test_periods_end_at_midnight_in_the_policys_time_zone() -> None:
    rules = in_zone(ANGELES, "for: developer", "every: {time: 1 month, anchor: schedule}", "within: 1 day")
    found = instances(rules, [], "2025-12-05", registers=False)
    # 1 January and a month is 1 February and so on: over at 8:00, in daylight saving time at 7:00
    assert [str(one.triggered)[5:13] for one in found] == [
        "02-02 08",
        "03-02 08",
        "04-02 07",
        "05-02 07",
        "06-02 07",
        "07-02 07",
        "08-02 07",
        "09-02 07",
        "10-02 07",
        "11-02 07",
        "12-02 08",
    ]


def test_a_period_counts_from_the_local_day_of_the_completion() -> None:
    rules = in_zone(AUCKLAND, "for: each model", "every: {time: 1 month}", "within: 3 days")
    given = [performed("2025-02-28T11:00:00Z")]
    # that is 1 March in Auckland: the period ends with 1 April
    assert running(rules, given, "2025-03-01") == "2025-04-01T11:00:00Z"
    # and 3 days more with 4 April
    check_flip(rules, given, at="2025-04-04T11:00:00Z", becomes=OVERDUE)
    before = [performed("2025-02-28T10:59:59Z")]
    # 28 February there, to 28 March
    assert running(rules, before, "2025-03-01") == "2025-03-28T11:00:00Z"


def test_a_period_of_hours_runs_to_the_second_over_a_change_of_clocks() -> None:
    rules = in_zone(ANGELES, "for: each model", "every: {time: 24 hours}", "within: 24 hours")
    given = [registered(on="2025-03-08T20:00:00Z")]
    check_flip(rules, given, at="2025-03-09T20:00:00Z", becomes=("not-triggered", "open"), registers=False)
    check_flip(rules, given, at="2025-03-10T20:00:00Z", becomes=OVERDUE, registers=False)


# Elapsed


@pytest.mark.parametrize(
    ("completed", "period", "reached"),
    [
        # half past two of the 9th does not exist: taken as if the clocks had not changed yet
        ("2025-03-08T10:30:00Z", "1 day", "2025-03-09T10:30:00Z"),
        # noon to noon over a day of 23 hours
        ("2025-03-08T20:00:00Z", "1 day", "2025-03-09T19:00:00Z"),
        # half past one of 2 November comes twice: the first time counts
        ("2025-11-01T08:30:00Z", "1 day", "2025-11-02T08:30:00Z"),
        ("2025-11-01T19:00:00Z", "1 day", "2025-11-02T20:00:00Z"),
        ("2025-09-01T19:00:00Z", "6 months", "2026-03-01T20:00:00Z"),
        ("2025-03-08T20:00:00Z", "24 hours", "2025-03-09T20:00:00Z"),
    ],
)
def test_elapsed_counts_to_the_same_local_time_of_day(completed: str, period: str, reached: str) -> None:
    more = f"restrictions: {{hold: {{forbids: [train], when: {{elapsed: {period}, since: d}}}}}}\n"
    rules = in_zone(ANGELES, "when: {event: model.deployed}", more=more)
    given: list[Given] = [performed(completed)]
    assert value(when(decided(rules, given, just_before(reached)))) == "false"
    assert value(when(decided(rules, given, reached))) == "true"


def test_two_policies_of_different_zones_end_the_same_day_at_different_instants() -> None:
    given = [deployed("2025-03-01T12:00:00Z")]
    # 1 March in Los Angeles; 2 March, at one in the morning, in Auckland
    assert due(upon(ANGELES, "3 days"), given, "2025-03-02") == "2025-03-05T08:00:00Z"
    assert due(upon(AUCKLAND, "3 days"), given, "2025-03-02") == "2025-03-05T11:00:00Z"
    assert states(upon(AUCKLAND, "3 days"), given, "2025-03-05T10:59:59Z") == [("m", "open")]
