"""Recurring duties by time: periods, their ends, and what completes them (LANGUAGE 4.5 and 9)."""

from __future__ import annotations

from typing import Any, Final

import pytest

from interlock.policy import Policy
from interlock.terms import parse_instant
from tests.engine.cases import Given, event, judged, registered
from tests.engine.duty_cases import (
    check_flip,
    deployed,
    due,
    duty,
    findings,
    instances,
    just_before,
    only,
    performed,
    report,
    running,
    shown,
    states,
    triggered,
)

OPENS: Final = ("not-triggered", "open")
OPENS_BESIDE: Final = (None, "open")
"""On a schedule the next period runs on while an instance is open."""
OVERDUE: Final = ("open", "overdue")


def every(time: str, *lines: str, anchor: str = "completion", **more: str) -> Policy:
    """A duty for each model; `m` is registered at noon on 2025-01-02."""
    return duty("for: each model", f"every: {{time: {time}, anchor: {anchor}}}", *lines, **more)


# The first period


@pytest.mark.parametrize(
    ("time", "within", "opens", "end"),
    [
        # 6 months from 2 January end with 2 July; 30 days after that day end with 1 August
        ("6 months", "30 days", "2025-07-03T00:00:00Z", "2025-08-02T00:00:00Z"),
        ("6 months", "1 month", "2025-07-03T00:00:00Z", "2025-08-03T00:00:00Z"),
        # hours count from the end itself
        ("6 months", "12 hours", "2025-07-03T00:00:00Z", "2025-07-03T12:00:00Z"),
        # 2 July is a Wednesday: Thursday, Friday and Monday the 7th
        ("6 months", "3 business days", "2025-07-03T00:00:00Z", "2025-07-08T00:00:00Z"),
        ("10 days", "1 day", "2025-01-13T00:00:00Z", "2025-01-14T00:00:00Z"),
        ("2 weeks", "1 week", "2025-01-17T00:00:00Z", "2025-01-24T00:00:00Z"),
        ("1 year", "1 year", "2026-01-03T00:00:00Z", "2027-01-03T00:00:00Z"),
        # 2 January 2025 is a Thursday; the fifth business day after it is Thursday the 9th
        ("5 business days", "1 day", "2025-01-10T00:00:00Z", "2025-01-11T00:00:00Z"),
        # a period in hours ends to the second; its last instant is on the 3rd, and a day after that ends with the 4th
        ("36 hours", "1 day", "2025-01-04T00:00:00Z", "2025-01-05T00:00:00Z"),
        ("36 hours", "6 hours", "2025-01-04T00:00:00Z", "2025-01-04T06:00:00Z"),
        ("90 minutes", "30 seconds", "2025-01-02T13:30:00Z", "2025-01-02T13:30:30Z"),
    ],
)
def test_it_opens_when_the_period_ends_and_is_overdue_when_its_time_after_the_last_day_is_over(
    time: str, within: str, opens: str, end: str
) -> None:
    rules = every(time, f"within: {within}")
    check_flip(rules, [], at=opens, becomes=OPENS)
    assert (triggered(rules, [], opens), due(rules, [], opens)) == (opens, end)
    check_flip(rules, [], at=end, becomes=OVERDUE)


@pytest.mark.parametrize("anchor", ["completion", "schedule"])
def test_without_a_period_to_do_it_in_it_is_due_when_it_opens(anchor: str) -> None:
    rules = every("6 months", anchor=anchor)
    before = just_before("2025-07-03T00:00:00Z")
    assert states(rules, [], before) == [("m", "not-triggered")]
    assert shown(instances(rules, [], "2025-07-03T00:00:00Z")[0]) == ("overdue", "2025-07-03T00:00:00Z", "PT0S")


def test_while_the_period_runs_it_says_when_it_ends() -> None:
    assert running(every("6 months", "within: 30 days"), [], "2025-03-01") == "2025-07-03T00:00:00Z"


def test_the_first_period_starts_with_the_first_event_of_the_model_registered_or_not() -> None:
    rules = every("6 months", "within: 30 days")
    seen = [event("training.started", "2025-01-10"), registered(on="2025-02-20")]
    # 6 months from 10 January
    check_flip(rules, seen, at="2025-07-11T00:00:00Z", becomes=OPENS, registers=False)


def test_the_first_period_starts_with_the_version_where_the_model_is_older() -> None:
    rules = every("6 months", "within: 30 days", effective="2025-02-01")
    # 6 months from midnight of 1 February end with 1 August
    check_flip(rules, [], at="2025-08-02T00:00:00Z", becomes=OPENS)


def test_the_period_of_a_developer_starts_with_the_version() -> None:
    rules = duty("for: developer", "every: {time: 6 months}", "within: 30 days")
    check_flip(rules, [], at="2025-07-02T00:00:00Z", becomes=OPENS, registers=False)
    # `every` alone is for the developer by default
    by_default = duty("every: {time: 6 months}", "within: 30 days")
    assert states(by_default, [], "2025-07-02T00:00:00Z") == [("Acme", "open")]


# Completion is the anchor


def test_the_next_period_starts_at_the_completion() -> None:
    rules, given = every("6 months", "within: 30 days"), [performed("2025-07-20")]
    assert states(rules, given, "2025-07-20") == [("m", "done"), ("m", "not-triggered")]
    assert running(rules, given, "2025-07-20") == "2026-01-21T00:00:00Z"
    check_flip(rules, given, at="2026-01-21T00:00:00Z", becomes=OPENS)
    # 30 days after 20 January 2026
    check_flip(rules, given, at="2026-02-20T00:00:00Z", becomes=OVERDUE)


def test_a_late_completion_is_late_and_starts_the_next_period_too() -> None:
    rules, given = every("6 months", "within: 30 days"), [performed("2025-09-10")]
    # due on 2 August at midnight; to noon of 10 September it is 39 days and 12 hours
    assert shown(instances(rules, given, "2025-09-10")[0]) == ("done-late", "2025-08-02T00:00:00Z", "P39DT12H")
    assert running(rules, given, "2025-09-10") == "2026-03-11T00:00:00Z"


def test_an_early_performance_completes_the_running_period_and_starts_the_next() -> None:
    rules, given = every("6 months", "within: 30 days"), [performed("2025-03-01")]
    early = only(rules, given, "2025-03-01")
    assert (shown(early), early.triggered) == (("done", None, None), None)
    assert states(rules, given, "2025-07-03T00:00:00Z") == [("m", "done"), ("m", "not-triggered")]
    # 6 months from 1 March end with 1 September
    check_flip(rules, given, at="2025-09-02T00:00:00Z", becomes=OPENS)


def test_a_performance_at_the_very_end_of_the_period_completes_what_opens_then() -> None:
    rules, given = every("6 months", "within: 30 days"), [performed("2025-07-03T00:00:00Z")]
    assert shown(only(rules, given, "2025-07-03T00:00:00Z")) == ("done", "2025-08-02T00:00:00Z", None)
    assert running(rules, given, "2025-07-03T00:00:00Z") == "2026-01-04T00:00:00Z"


def test_a_performance_at_the_start_of_the_first_period_completes_it() -> None:
    rules, given = every("6 months", "within: 30 days"), [performed("2025-01-02T12:00:00Z")]
    assert states(rules, given, "2025-01-03") == [("m", "done"), ("m", "not-triggered")]
    assert running(rules, given, "2025-01-03") == "2025-07-03T00:00:00Z"


def test_a_performance_before_the_first_period_completes_nothing() -> None:
    rules, given = every("6 months", "within: 30 days", effective="2025-02-01"), [performed("2025-01-20")]
    assert states(rules, given, "2025-03-01") == [("m", "not-triggered")]
    assert running(rules, given, "2025-03-01") == "2025-08-02T00:00:00Z"


def test_while_an_instance_is_open_no_other_opens() -> None:
    assert states(every("6 months", "within: 30 days"), [], "2035-01-01") == [("m", "overdue")]


def test_a_chain_of_completions_drifts_with_them() -> None:
    given = [performed("2025-02-01"), performed("2025-03-15"), performed("2025-04-20")]
    rules = every("1 month", "within: 20 days")
    # done early on 1 February; the next period ends with 1 March, it is open from the 2nd and done on the 15th; the one
    # after ends with 15 April, open from the 16th and done on the 20th; and the next ends with 20 May
    assert states(rules, given, "2025-05-01") == [*[("m", "done")] * 3, ("m", "not-triggered")]
    assert running(rules, given, "2025-05-01") == "2025-05-21T00:00:00Z"


# A fixed schedule


def test_on_a_schedule_a_late_completion_moves_nothing() -> None:
    rules, given = every("6 months", "within: 30 days", anchor="schedule"), [performed("2025-09-10")]
    assert running(rules, given, "2025-09-10") == "2026-01-03T00:00:00Z"
    check_flip(rules, given, at="2026-01-03T00:00:00Z", becomes=OPENS_BESIDE)
    check_flip(rules, given, at="2026-02-02T00:00:00Z", becomes=OVERDUE)  # 2 January and 30 days: 1 February


def test_on_a_schedule_an_early_performance_completes_the_period_it_falls_in() -> None:
    rules, given = every("6 months", "within: 30 days", anchor="schedule"), [performed("2025-03-01")]
    for as_of in ("2025-03-01", "2025-07-02"):
        assert [state for _, state in states(rules, given, as_of)] == ["done"]
    # it does not open at the end of the period; the next one runs to 2 January
    assert states(rules, given, "2025-07-03T00:00:00Z") == [("m", "done"), ("m", "not-triggered")]
    check_flip(rules, given, at="2026-01-03T00:00:00Z", becomes=OPENS_BESIDE)


def test_on_a_schedule_a_second_early_performance_completes_nothing_more() -> None:
    rules = every("6 months", "within: 30 days", anchor="schedule")
    given = [performed("2025-03-01"), performed("2025-04-01")]
    assert [state for _, state in states(rules, given, "2025-04-02")] == ["done"]
    assert findings(rules, given, "2025-04-02") == ["performance-of-nothing"]
    # and the next period opens none the less
    check_flip(rules, given, at="2026-01-03T00:00:00Z", becomes=OPENS_BESIDE)


def test_on_a_schedule_each_period_opens_whether_the_last_was_done_or_not() -> None:
    rules = every("6 months", "within: 30 days", anchor="schedule")
    found = instances(rules, [], "2026-07-10")
    # ends of periods: 2 July, 2 January, 2 July; each with 30 days
    assert [shown(one)[:2] for one in found] == [
        ("overdue", "2025-08-02T00:00:00Z"),
        ("overdue", "2026-02-02T00:00:00Z"),
        ("open", "2026-08-02T00:00:00Z"),
    ]


def test_on_a_schedule_performances_complete_the_oldest_first() -> None:
    rules = every("6 months", "within: 30 days", anchor="schedule")
    given = [performed("2026-07-10"), performed("2026-07-11")]
    assert [one.state.value for one in instances(rules, given, "2026-07-10")] == ["done-late", "overdue", "open"]
    assert [one.state.value for one in instances(rules, given, "2026-07-11")] == ["done-late", "done-late", "open"]


def test_on_a_schedule_a_month_without_such_a_day_does_not_shift_the_later_ends() -> None:
    rules = every("1 month", "within: 1 day", anchor="schedule")
    first = [registered(on="2025-01-31")]
    found = instances(rules, first, "2025-05-01", registers=False)
    # 28 February, 31 March, 30 April: each counted from 31 January
    assert [str(one.triggered)[:10] for one in found] == ["2025-03-01", "2025-04-01", "2025-05-01"]


def test_by_completion_the_day_of_the_completion_counts() -> None:
    first = [registered(on="2025-01-31"), performed("2025-02-28")]
    # a month from 28 February ends with 28 March
    rules = every("1 month", "within: 1 day")
    assert running(rules, first, "2025-03-01", registers=False) == "2025-03-29T00:00:00Z"


def test_a_performance_at_the_end_of_a_scheduled_period_completes_what_opens_and_not_the_next_period() -> None:
    rules = every("6 months", "within: 30 days", anchor="schedule")
    given = [performed("2025-07-03T00:00:00Z")]
    assert states(rules, given, "2025-07-03T00:00:00Z") == [("m", "done"), ("m", "not-triggered")]
    check_flip(rules, given, at="2026-01-03T00:00:00Z", becomes=OPENS_BESIDE)


# A trigger


WHEN: Final = "when: {judged: frontier, by: rso}"


def frontier(on: str, *, value: bool = True) -> Given:
    return judged(on, "frontier", value=value)


def test_periods_run_from_when_the_trigger_becomes_true() -> None:
    rules = every("6 months", WHEN, "within: 30 days")
    given = [frontier("2025-01-02T12:00:00Z", value=False), frontier("2025-03-10")]
    assert states(rules, given, "2025-03-09") == [("m", "not-triggered")]
    check_flip(rules, given, at="2025-09-11T00:00:00Z", becomes=OPENS)


def test_a_trigger_that_becomes_false_ends_the_running_period_without_an_opening() -> None:
    rules = every("6 months", WHEN, "within: 30 days")
    given = [frontier("2025-01-02T12:00:00Z"), frontier("2025-06-01", value=False)]
    assert running(rules, given, "2025-05-31") == "2025-07-03T00:00:00Z"
    assert states(rules, given, "2026-01-01") == [("m", "not-triggered")]
    again = [*given, frontier("2025-12-01")]
    check_flip(rules, again, at="2026-06-02T00:00:00Z", becomes=OPENS)  # 6 months from 1 December


def test_what_was_open_when_the_trigger_became_false_stays_open_and_becomes_overdue() -> None:
    rules = every("6 months", WHEN, "within: 30 days")
    given = [frontier("2025-01-02T12:00:00Z"), frontier("2025-07-10", value=False)]
    check_flip(rules, given, at="2025-08-02T00:00:00Z", becomes=OVERDUE)
    assert only(rules, [*given, performed("2025-09-01")], "2026-09-01").state.value == "done-late"


def test_an_event_starts_the_periods_once_and_later_ones_change_nothing() -> None:
    rules = every("6 months", "when: {event: training.started}", "within: 30 days")
    given = [event("training.started", "2025-02-10"), event("training.started", "2025-05-10")]
    assert states(rules, given, "2025-02-09") == [("m", "not-triggered")]
    check_flip(rules, given, at="2025-08-11T00:00:00Z", becomes=OPENS)


# By evidence


def test_evidence_completes_a_period_only_if_it_is_newer_than_the_periods_start() -> None:
    rules = every("6 months", "within: 30 days", "done-when: {judged: assessed, by: rso}")
    old = judged("2025-01-02T12:00:00Z", "assessed")
    # at the very start it is not newer
    assert states(rules, [old], "2025-06-01") == [("m", "not-triggered")]
    check_flip(rules, [old], at="2025-07-03T00:00:00Z", becomes=OPENS)
    assert states(rules, [old, judged("2025-07-10", "assessed")], "2025-07-10") == [
        ("m", "done"),
        ("m", "not-triggered"),
    ]


def test_each_period_needs_evidence_of_its_own() -> None:
    rules = every("6 months", "within: 30 days", "done-when: {judged: assessed, by: rso}")
    given = [judged("2025-07-10", "assessed")]
    # the period from 10 July ends with 10 January; what completed the first one does not complete it
    check_flip(rules, given, at="2026-01-11T00:00:00Z", becomes=OPENS)
    check_flip(rules, given, at="2026-02-10T00:00:00Z", becomes=OVERDUE)
    second = [*given, judged("2026-02-01", "assessed")]
    assert states(rules, second, "2026-02-02") == [("m", "done"), ("m", "done"), ("m", "not-triggered")]


@pytest.mark.parametrize(
    ("condition", "evidence"),
    [
        ("{published: report}", {"kind": "document.published", "document": "report"}),
        ("{event: training.paused}", {"kind": "training.paused"}),
        ("{notified: board, of: report}", {"kind": "party.notified", "party": "board", "document": "report"}),
    ],
)
def test_each_period_may_be_completed_by_one_new_publication_notice_or_event(
    condition: str, evidence: dict[str, str]
) -> None:
    rules = every("6 months", "within: 30 days", f"done-when: {condition}")

    def made(on: str, number: int) -> Given:
        data: dict[str, Any] = {key: text for key, text in evidence.items() if key != "kind"}
        if "document.published" in evidence.values():
            data["digest"] = f"sha256:{number:064d}"
        return event(evidence["kind"], on, **data)

    given = [made("2025-07-10", 1), made("2026-01-20", 2)]
    assert states(rules, given, "2025-07-11") == [("m", "done"), ("m", "not-triggered")]
    check_flip(rules, given, at="2026-01-11T00:00:00Z", becomes=OPENS)
    assert states(rules, given, "2026-01-21") == [("m", "done"), ("m", "done"), ("m", "not-triggered")]


def test_early_evidence_completes_the_running_period() -> None:
    rules = every("6 months", "within: 30 days", "done-when: {judged: assessed, by: rso}")
    given = [judged("2025-03-01", "assessed")]
    assert states(rules, given, "2025-03-01") == [("m", "done"), ("m", "not-triggered")]
    assert running(rules, given, "2025-03-01") == "2025-09-02T00:00:00Z"


def test_on_a_schedule_evidence_must_be_newer_than_the_last_completion() -> None:
    rules = every("6 months", "within: 30 days", "done-when: {judged: assessed, by: rso}", anchor="schedule")
    given = [judged("2025-07-10", "assessed")]
    check_flip(rules, given, at="2026-01-03T00:00:00Z", becomes=OPENS_BESIDE)
    check_flip(rules, given, at="2026-02-02T00:00:00Z", becomes=OVERDUE)


def test_of_conditions_together_all_evidence_must_be_new() -> None:
    rules = every(
        "6 months",
        "within: 30 days",
        "done-when: {all: [{judged: assessed, by: rso}, {judged: reviewed, by: board}]}",
    )
    given = [judged("2025-07-10", "assessed"), judged("2025-07-11", "reviewed", by="board")]
    assert states(rules, given, "2025-07-12") == [("m", "done"), ("m", "not-triggered")]
    half = [*given, judged("2026-01-20", "assessed")]
    assert states(rules, half, "2026-01-21") == [("m", "done"), ("m", "open")]
    both = [*half, judged("2026-01-22", "reviewed", by="board")]
    assert states(rules, both, "2026-01-23") == [("m", "done"), ("m", "done"), ("m", "not-triggered")]


def test_a_performance_completes_a_duty_with_a_condition_too() -> None:
    rules = every("6 months", "within: 30 days", "done-when: {judged: assessed, by: rso}")
    assert states(rules, [performed("2025-07-10")], "2025-07-10") == [("m", "done"), ("m", "not-triggered")]


# Several periods of one subject


def test_each_early_performance_is_of_the_period_that_began_first() -> None:
    """Two deployments of one model: the first performance is for the older period, the second for the other one."""
    rules = duty("for: each deployment", "every: {time: 3 months, anchor: completion}", "within: 30 days")
    given = [deployed("2025-02-01"), deployed("2025-02-10"), performed("2025-03-01"), performed("2025-03-05")]
    # 3 months from 1 and from 5 March end with 1 and with 5 June
    ends = [one.period_ends for one in report(rules, given, "2025-03-06").duties if one.period_ends is not None]
    assert ends == [parse_instant("2025-06-02T00:00:00Z"), parse_instant("2025-06-06T00:00:00Z")]


def test_at_one_instant_two_early_performances_are_of_two_periods_of_a_schedule() -> None:
    rules = duty("for: each deployment", "every: {time: 3 months, anchor: schedule}", "within: 30 days")
    given = [deployed("2025-02-01"), deployed("2025-02-01"), performed("2025-02-01"), performed("2025-02-01")]
    assert [one.state.value for one in instances(rules, given, "2025-06-15")] == ["done", "done"]
    assert [one.state.value for one in instances(rules, given[:3], "2025-06-15")] == ["done", "overdue"]


def test_which_of_two_clocks_counts_says_nothing_of_a_schedule_by_time_alone() -> None:
    every = "every: {time: 3 months, anchor: schedule, whichever: WHICH}"
    first, last = (
        states(duty("for: developer", every.replace("WHICH", which)), [], "2025-10-01") for which in ("first", "last")
    )
    assert first == last
    # from 1 January: the periods that ended with 1 April and 1 July, and the one that runs
    assert first == [("Acme", "overdue"), ("Acme", "overdue"), ("Acme", "not-triggered")]
