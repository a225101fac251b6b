"""Calendar feeds, read back by the library that other programs use: what RFC 5545 asks, and what a reader relies on."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest

from interlock.engine import DutyReport, DutyStanding, DutyState
from interlock.integrations import calendar_feed
from interlock.policy import Policy
from tests.app.standings import AS_OF, growth, overdue, pledge, policy, report, standing

STATES = [
    standing("assess", DutyState.OPEN, model="open", due="2026-12-20", triggered="2026-11-19"),
    standing("assess", DutyState.OPEN, model="undated", triggered="2026-11-01", reason="growth-unknown"),
    overdue("assess", "2026-11-22", model="overdue", triggered="2026-10-23"),
    standing("assess", DutyState.DONE, model="done", due="2026-11-20", done="2026-11-18T10:00:00.5Z"),
    standing("assess", DutyState.DONE_LATE, model="late", due="2026-11-20", done="2026-11-23T10:00:00Z"),
    standing("assess", DutyState.DONE, model="early", done="2026-11-18"),
    standing("assess", DutyState.EXCUSED, model="excused", due="2026-12-20", triggered="2026-11-19"),
    standing("assess", DutyState.SUPERSEDED, model="superseded", due="2026-12-20", triggered="2026-11-19"),
    standing("assess", DutyState.UNKNOWN, model="unknown", triggered="2026-11-19", reason="trigger-unknown"),
    standing("assess", DutyState.NOT_TRIGGERED, model="period", period_ends="2027-05-02"),
    standing("publish-report", DutyState.NOT_TRIGGERED, model="nothing"),
    standing("tell-the-public", DutyState.OPEN, model="timed", due="2026-11-28T14:30:00Z", triggered="2026-11-25"),
]


def read(found: DutyReport) -> Any:
    """Return the feed as another program reads it."""
    calendar = icalendar.Calendar.from_ical(calendar_feed(found, product="0"))
    assert isinstance(calendar, icalendar.Calendar)
    assert [part.errors for part in calendar.walk() if part.errors] == []
    return calendar


def entry(kind: str, *duties: DutyStanding, **stated: Any) -> Any:
    """Return the one entry of a kind in a feed of these duties."""
    [found] = read(report(*duties, **stated)).walk(kind)
    return found


def about(calendar: Any, kind: str, model: str) -> list[Any]:
    return [one for one in calendar.walk(kind) if f"About: {model}\n" in str(one["DESCRIPTION"])]


# What the standard asks


def test_the_feed_has_what_the_standard_requires_of_each_part() -> None:
    """RFC 5545, 3.6, 3.6.1, 3.6.2 and 3.6.6."""
    calendar = read(report(*STATES, pledges=[pledge("kept", measure_by="2027-01-01")]))
    assert (str(calendar["VERSION"]), str(calendar["PRODID"])) == ("2.0", "-//interlock//0//EN")
    events, tasks, alarms = (calendar.walk(kind) for kind in ("VEVENT", "VTODO", "VALARM"))
    assert all({"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= set(event) for event in events)
    assert all({"UID", "DTSTAMP", "SUMMARY"} <= set(task) for task in tasks)
    assert all({"ACTION", "TRIGGER", "DESCRIPTION"} <= set(alarm) for alarm in alarms)
    assert {str(event["STATUS"]) for event in events} <= {"CONFIRMED", "TENTATIVE", "CANCELLED"}
    assert {str(task["STATUS"]) for task in tasks} <= {"NEEDS-ACTION", "COMPLETED", "CANCELLED"}
    assert (len(events), len(tasks)) == (9, 9)
    assert alarms


def test_lines_end_as_the_standard_says_and_are_folded() -> None:
    """RFC 5545, 3.1: CRLF, and at most 75 octets."""
    content = calendar_feed(report(*STATES), product="0")
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert not re.search(rb"(?<!\r)\n", content)
    assert max(len(line) for line in lines) <= 75


def test_no_two_entries_share_a_uid() -> None:
    calendar = read(report(*STATES, pledges=[pledge("kept", measure_by="2027-01-01")]))
    uids = [str(one["UID"]) for kind in ("VEVENT", "VTODO") for one in calendar.walk(kind)]
    assert len(set(uids)) == len(uids)


def test_two_instances_of_one_name_that_opened_at_once_are_told_apart() -> None:
    twice = [standing("publish-report", DutyState.OPEN, due="2026-12-20", triggered="2026-11-20") for _ in range(2)]
    uids = [str(one["UID"]) for one in read(report(*twice)).walk("VEVENT")]
    assert len(set(uids)) == 2


def test_the_same_report_gives_the_same_bytes() -> None:
    assert calendar_feed(report(*STATES), product="0") == calendar_feed(report(*STATES), product="0")


def test_the_stamp_is_the_time_that_the_report_is_for() -> None:
    stamps = {one["DTSTAMP"].dt for one in read(report(*STATES)).walk("VEVENT")}
    assert stamps == {datetime(2026, 11, 25, 9, tzinfo=UTC)}


# Times


def test_what_ends_with_a_day_is_an_all_day_entry_on_that_day() -> None:
    """Due at the midnight that ends 19 December."""
    event = entry("VEVENT", STATES[0])
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 12, 19), date(2026, 12, 20))
    assert entry("VTODO", STATES[0])["DUE"].dt == date(2026, 12, 19)


def test_the_day_is_that_of_the_policys_time_zone() -> None:
    """19 December ends in New York at 05:00 UTC, and at midnight UTC it does not."""
    there = policy("America/New_York")
    at_its_end = standing("assess", DutyState.OPEN, of=there, due="2026-12-20T05:00:00Z", triggered="2026-11-19")
    assert entry("VEVENT", at_its_end)["DTSTART"].dt == date(2026, 12, 19)
    assert "the end of 2026-12-19\\, America/New_York" in entry("VEVENT", at_its_end)["DESCRIPTION"].to_ical().decode()
    before = standing("assess", DutyState.OPEN, of=there, due="2026-12-20T00:00:00Z", triggered="2026-11-19")
    assert entry("VEVENT", before)["DTSTART"].dt == datetime(2026, 12, 20, tzinfo=UTC)


def test_what_ends_within_a_day_is_a_point_in_time() -> None:
    event = entry("VEVENT", STATES[-1])
    assert event["DTSTART"].dt == datetime(2026, 11, 28, 14, 30, tzinfo=UTC)
    assert "DTEND" not in event


def test_the_end_of_the_calendar_is_a_day_too() -> None:
    """A period that ends beyond the year 9999 ends at its last instant."""
    event = entry("VEVENT", standing("assess", DutyState.OPEN, due="9999-12-31T23:59:59.999999Z"))
    assert event["DTSTART"].dt == date(9999, 12, 31)


# Identity and change


def moved(by_days: int, known: int) -> Any:
    due = datetime(2026, 12, 20, tzinfo=UTC) + timedelta(days=by_days)
    return entry(
        "VEVENT", standing("assess", DutyState.OPEN, due=f"{due:%Y-%m-%d}", triggered="2026-11-19"), known=known
    )


@pytest.mark.parametrize("by_days", [-1, 1])
def test_an_entry_keeps_its_uid_when_its_due_time_moves_and_its_sequence_rises(by_days: int) -> None:
    """What moves it is recorded: there is one event more."""
    before, after = moved(0, known=3), moved(by_days, known=4)
    assert before["UID"] == after["UID"]
    assert after["DTSTART"].dt - before["DTSTART"].dt == timedelta(days=by_days)
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])


def test_a_uid_is_of_policy_duty_instance_and_opening() -> None:
    base = STATES[0]
    renamed = policy(**{"acme-scaling-policy": "other-policy"})
    others = [
        standing("assess", DutyState.OPEN, model="other", due="2026-12-20", triggered="2026-11-19"),
        standing("assess", DutyState.OPEN, model="open", due="2026-12-20", triggered="2026-11-20"),
        standing("publish-report", DutyState.OPEN, model="open", due="2026-12-20", triggered="2026-11-19"),
        standing("assess", DutyState.OPEN, of=renamed, model="open", due="2026-12-20", triggered="2026-11-19"),
    ]
    uids = {str(entry("VEVENT", one)["UID"]) for one in (base, *others)}
    assert len(uids) == 5
    done = standing("assess", DutyState.DONE, model="open", due="2026-12-20", triggered="2026-11-19", done="2026-11-25")
    assert entry("VEVENT", done)["UID"] == entry("VEVENT", base)["UID"]


def test_what_is_superseded_is_cancelled_under_its_uid_and_a_later_sequence() -> None:
    """Also where no event says so: a version may come into force by its day alone."""
    superseded = standing("assess", DutyState.SUPERSEDED, model="open", due="2026-12-20", triggered="2026-11-19")
    before, after = entry("VEVENT", STATES[0]), entry("VEVENT", superseded)
    assert (str(before["STATUS"]), str(after["STATUS"])) == ("CONFIRMED", "CANCELLED")
    assert before["UID"] == after["UID"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert str(entry("VTODO", superseded)["STATUS"]) == "CANCELLED"


# Alarms


def alarms_of(component: Any) -> list[timedelta]:
    return [alarm["TRIGGER"].dt for alarm in component.walk("VALARM")]


def test_an_entry_is_announced_14_3_and_1_day_before() -> None:
    assert alarms_of(entry("VEVENT", STATES[0])) == [timedelta(days=-14), timedelta(days=-3), timedelta(days=-1)]
    assert alarms_of(entry("VTODO", STATES[0])) == []  # once, not twice


@pytest.mark.parametrize("state", [DutyState.DONE, DutyState.DONE_LATE, DutyState.SUPERSEDED])
def test_what_is_over_is_announced_no_more(state: DutyState) -> None:
    over = standing("assess", state, due="2026-12-20", triggered="2026-11-19", done="2026-11-20")
    assert alarms_of(entry("VEVENT", over)) == []


@pytest.mark.parametrize("state", [DutyState.OPEN, DutyState.UNKNOWN, DutyState.EXCUSED])
def test_what_is_excused_or_in_doubt_is_announced_all_the_same(state: DutyState) -> None:
    """An excuse may end, and then it was due all along."""
    assert alarms_of(entry("VEVENT", standing("assess", state, due="2026-12-20", triggered="2026-11-19")))


def test_what_is_past_is_announced_no_more() -> None:
    assert alarms_of(entry("VEVENT", overdue("assess", "2026-11-22", triggered="2026-10-23"))) == []


# States


def test_the_summary_says_the_state_in_a_word() -> None:
    calendar = read(report(*STATES))
    words = {str(event["SUMMARY"]).partition(":")[0] for event in calendar.walk("VEVENT")}
    assert words == {"Due", "Due (aim)", "Overdue", "Done", "Done late", "Excused", "Superseded", "Period ends"}
    assert {str(task["SUMMARY"]).partition(":")[0] for task in about(calendar, "VTODO", "unknown")} == {
        "Due, if it applies"
    }


def test_a_task_that_is_done_says_when() -> None:
    [task] = about(read(report(*STATES)), "VTODO", "done")
    assert (str(task["STATUS"]), int(task["PERCENT-COMPLETE"])) == ("COMPLETED", 100)
    assert task["COMPLETED"].dt == datetime(2026, 11, 18, 10, tzinfo=UTC)


def test_what_has_no_due_time_is_a_task_without_one() -> None:
    """So it is not lost: a feed of events alone would not show that there is something to do."""
    calendar = read(report(*STATES))
    for model in ("undated", "unknown"):
        [task] = about(calendar, "VTODO", model)
        assert "DUE" not in task
        assert str(task["STATUS"]) == "NEEDS-ACTION"
        assert about(calendar, "VEVENT", model) == []


def test_a_running_period_is_announced_at_its_end() -> None:
    calendar = read(report(STATES[9]))
    [event] = calendar.walk("VEVENT")
    assert event["DTSTART"].dt == date(2027, 5, 1)
    assert "due within 30 days from then" in str(event["DESCRIPTION"])
    assert len(alarms_of(event)) == 3
    assert calendar.walk("VTODO") == []


def test_the_end_of_the_next_period_is_the_same_entry_moved() -> None:
    after = standing("assess", DutyState.NOT_TRIGGERED, model="period", period_ends="2027-07-02")
    assert entry("VEVENT", STATES[9])["UID"] == entry("VEVENT", after)["UID"]


def test_a_period_in_doubt_by_growth_still_ends_by_time() -> None:
    doubtful = standing(
        "assess", DutyState.OPEN, reason="growth-unknown", triggered="2026-11-01", period_ends="2027-05-02",
        growth=growth(None, "", ""), model="period",
    )  # fmt: skip
    assert entry("VEVENT", doubtful)["UID"] == entry("VEVENT", STATES[9])["UID"]
    assert "DUE" not in entry("VTODO", doubtful)


def test_a_pledge_is_measured_again_by_its_day() -> None:
    [event] = read(report(pledges=[pledge("kept", measure_by="2027-01-01"), pledge("unmeasured")])).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Measure again: alignment-compute (acme-scaling-policy)"
    assert event["DTSTART"].dt == date(2026, 12, 31)


# Texts


def secret(name: str) -> DutyReport:
    found = policy(**{"assess dangerous capabilities": f"look into {name}"})
    return report(
        standing("assess", DutyState.OPEN, of=found, model=name, due="2026-12-20", triggered="2026-11-19", reason=name),
        standing("assess", DutyState.NOT_TRIGGERED, of=found, model=name, period_ends="2027-05-02"),
        pledges=[pledge("kept", of=found, measure_by="2027-01-01")],
    )


def test_no_summary_or_alarm_tells_more_than_names_of_the_policy() -> None:
    calendar = read(secret("orion-7"))
    shown = [str(one["SUMMARY"]) for kind in ("VEVENT", "VTODO") for one in calendar.walk(kind)]
    shown += [str(alarm["DESCRIPTION"]) for alarm in calendar.walk("VALARM")]
    assert len(shown) == 13  # two events, a task, a measurement, and three alarms of each event
    assert not [text for text in shown if "orion" in text]
    assert {str(one["CLASS"]) for kind in ("VEVENT", "VTODO") for one in calendar.walk(kind)} == {"PRIVATE"}
    assert "orion-7" in str(calendar.walk("VTODO")[0]["DESCRIPTION"])


@pytest.mark.parametrize("name", ["a\nEND:VCALENDAR", "a\r\nBEGIN:VEVENT", "a;b,c\\d", "a\x07b", "a\u202eb", "é" * 200])
def test_no_text_breaks_out_of_its_property(name: str) -> None:
    """An instance may be named by who records it, an incident for one."""
    found = report(standing("publish-report", DutyState.OPEN, instance=name, due="2026-12-20", triggered="2026-11-19"))
    calendar = read(found)
    assert (len(calendar.walk("VCALENDAR")), len(calendar.walk("VEVENT")), len(calendar.walk("VTODO"))) == (1, 1, 1)
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", calendar_feed(found, product="0"))


def test_the_feed_is_named_after_the_policies() -> None:
    renamed: Policy = policy(**{"acme-scaling-policy": "other-policy"})
    one = report(standing("assess", DutyState.OPEN, of=renamed, due="2026-12-20"), as_of=AS_OF)
    assert str(read(one)["NAME"]) == "interlock: other-policy"
