"""One-off duties: when the time is over, to the second, for every unit of time (LANGUAGE 1 and 4.5)."""

from __future__ import annotations

import pytest

from interlock.policy import Policy
from tests.engine.cases import event, registered
from tests.engine.duty_cases import (
    check_flip,
    deployed,
    due,
    duty,
    instances,
    just_before,
    only,
    performed,
    report,
    shown,
    states,
    triggered,
)

WHEN = "when: {event: model.deployed}"


def within(period: str, calendar: str = "", **header: str) -> Policy:
    more = f"calendar: {calendar}\n" if calendar else ""
    return duty(WHEN, f"within: {period}", more=more, **header)


SATURDAY = "2025-03-01T12:00:00Z"
DUE = [
    # Days end after their last one: the 1st and three days is the 4th, over at the midnight after it.
    pytest.param("1 day", SATURDAY, "2025-03-03T00:00:00Z", id="1 day"),
    pytest.param("3 days", SATURDAY, "2025-03-05T00:00:00Z", id="3 days"),
    pytest.param("1 day", "2025-03-01T00:00:00Z", "2025-03-03T00:00:00Z", id="from the first instant of a day"),
    pytest.param("1 day", "2025-03-01T23:59:59.999999Z", "2025-03-03T00:00:00Z", id="from the last instant of a day"),
    pytest.param("2 weeks", SATURDAY, "2025-03-16T00:00:00Z", id="2 weeks"),
    pytest.param("1 month", SATURDAY, "2025-04-02T00:00:00Z", id="1 month"),
    pytest.param("1 year", SATURDAY, "2026-03-02T00:00:00Z", id="1 year"),
    # A month that has no such day ends on its last: 31 January and a month is 28 February, in 2024 the 29th.
    pytest.param("1 month", "2025-01-31T09:00:00Z", "2025-03-01T00:00:00Z", id="1 month from the 31st"),
    pytest.param("1 month", "2024-01-31T09:00:00Z", "2024-03-01T00:00:00Z", id="1 month from the 31st, leap year"),
    pytest.param("6 months", "2025-08-31T09:00:00Z", "2026-03-01T00:00:00Z", id="6 months from the 31st"),
    pytest.param("1 year", "2024-02-29T09:00:00Z", "2025-03-01T00:00:00Z", id="1 year from a leap day"),
    pytest.param("4 years", "2024-02-29T09:00:00Z", "2028-03-01T00:00:00Z", id="4 years from a leap day"),
    pytest.param("1 day", "2024-02-28T09:00:00Z", "2024-03-01T00:00:00Z", id="a leap day is a day"),
    # From a Saturday the first business day is Monday the 3rd, the fifth Friday the 7th.
    pytest.param("1 business day", SATURDAY, "2025-03-04T00:00:00Z", id="1 business day from a Saturday"),
    pytest.param("5 business days", SATURDAY, "2025-03-08T00:00:00Z", id="5 business days from a Saturday"),
    # From Monday the 3rd itself, which does not count, the fifth is Monday the 10th.
    pytest.param("5 business days", "2025-03-03T09:00:00Z", "2025-03-11T00:00:00Z", id="5 business days from a Monday"),
    # Hours, minutes and seconds run to the second.
    pytest.param("30 hours", SATURDAY, "2025-03-02T18:00:00Z", id="30 hours"),
    pytest.param("72 hours", SATURDAY, "2025-03-04T12:00:00Z", id="72 hours are no 3 days"),
    pytest.param("90 minutes", SATURDAY, "2025-03-01T13:30:00Z", id="90 minutes"),
    pytest.param("45 seconds", SATURDAY, "2025-03-01T12:00:45Z", id="45 seconds"),
    pytest.param("1 second", "2025-03-01T12:00:00.000001Z", "2025-03-01T12:00:01.000001Z", id="to the microsecond"),
]


@pytest.mark.parametrize(("period", "opens", "end"), DUE)
def test_a_duty_is_overdue_at_the_instant_its_time_is_over_and_not_a_microsecond_earlier(
    period: str, opens: str, end: str
) -> None:
    rules = within(period, effective="2023-01-01")
    given = [registered(on="2024-01-01"), deployed(opens)]
    assert due(rules, given, opens, registers=False) == end
    check_flip(rules, given, at=end, becomes=("open", "overdue"), registers=False)


@pytest.mark.parametrize(("period", "opens", "end"), DUE)
def test_what_is_done_a_microsecond_before_is_done_in_time_and_at_the_instant_it_is_late(
    period: str, opens: str, end: str
) -> None:
    rules = within(period, effective="2023-01-01")
    given = [registered(on="2024-01-01"), deployed(opens)]
    in_time = only(rules, [*given, performed(just_before(end))], "2030-01-01", registers=False)
    assert shown(in_time) == ("done", end, None)
    assert shown(only(rules, [*given, performed(end)], "2030-01-01", registers=False)) == ("done-late", end, "PT0S")


def test_it_opens_at_the_very_instant_of_its_trigger() -> None:
    rules = within("3 days")
    given = [deployed("2025-03-01T12:00:00Z")]
    assert instances(rules, given, "2025-03-01T11:59:59.999999Z") == []
    assert triggered(rules, given, "2025-03-01T12:00:00Z") == "2025-03-01T12:00:00Z"


@pytest.mark.parametrize(
    ("calendar", "period", "end"),
    [
        # 3, 5, 6, 7 and 10 March: the 4th is a holiday
        ("{holidays: [2025-03-04]}", "5 business days", "2025-03-11T00:00:00Z"),
        # a holiday on a weekend moves nothing, nor does one after the end
        ("{holidays: [2025-03-02, 2025-03-08]}", "5 business days", "2025-03-08T00:00:00Z"),
        # Sunday the 2nd and Monday the 3rd
        ("{business-week: [sun, mon, tue, wed, thu]}", "2 business days", "2025-03-04T00:00:00Z"),
        # the first Monday after a Saturday is the 3rd, the second the 10th
        ("{business-week: [mon]}", "2 business days", "2025-03-11T00:00:00Z"),
        # other units know no holidays
        ("{holidays: [2025-03-04]}", "3 days", "2025-03-05T00:00:00Z"),
    ],
)
def test_business_days_are_those_of_the_policys_calendar(calendar: str, period: str, end: str) -> None:
    check_flip(within(period, calendar), [deployed(SATURDAY)], at=end, becomes=("open", "overdue"))


def test_without_a_period_it_is_never_due() -> None:
    rules = duty(WHEN)
    assert shown(only(rules, [deployed("2025-03-01")], "9999-12-31")) == ("open", None, None)
    assert shown(only(rules, [deployed("2025-03-01"), performed("2999-01-01")], "9999-12-31")) == ("done", None, None)


# Lateness


@pytest.mark.parametrize(
    ("as_of", "late_by", "days_late"),
    [
        # due at the end of 4 March: at midnight the time is over, and what passes of the 5th makes it a day late
        ("2025-03-05T00:00:00Z", "PT0S", 0),
        ("2025-03-05T00:00:00.000001Z", "PT0.000001S", 1),
        ("2025-03-05T23:59:59Z", "PT23H59M59S", 1),
        ("2025-03-06T00:00:00Z", "P1D", 1),
        ("2025-03-09T12:30:00Z", "P4DT12H30M", 5),
        # 361 days from 5 March 2025 to 1 March 2026
        ("2026-03-01T00:00:00Z", "P361D", 361),
    ],
)
def test_lateness_is_exact_and_in_words_whole_days_after_the_due_day(as_of: str, late_by: str, days_late: int) -> None:
    given = [deployed("2025-03-01")]
    overdue = only(within("3 days"), given, as_of)
    assert (shown(overdue), overdue.days_late) == (("overdue", "2025-03-05T00:00:00Z", late_by), days_late)
    late = only(within("3 days"), [*given, performed(as_of)], "2030-01-01")
    assert (shown(late), late.days_late) == (("done-late", "2025-03-05T00:00:00Z", late_by), days_late)


def test_of_a_duty_in_hours_the_day_on_which_its_time_was_over_is_no_whole_day_late() -> None:
    # due at 18:00 on 2 March
    overdue = only(within("30 hours"), [deployed(SATURDAY)], "2025-03-02T23:00:00Z")
    assert (shown(overdue)[2], overdue.days_late) == ("PT5H", 0)
    assert only(within("30 hours"), [deployed(SATURDAY)], "2025-03-03T00:00:00Z").days_late == 0
    assert only(within("30 hours"), [deployed(SATURDAY)], "2025-03-03T00:00:00.000001Z").days_late == 1


def test_what_is_in_time_has_no_lateness() -> None:
    for given in ([deployed(SATURDAY)], [deployed(SATURDAY), performed("2025-03-02")]):
        standing = only(within("3 days"), given, "2025-03-02")
        assert (standing.late_by, standing.days_late) == (None, None)


# Several instances


def test_each_event_opens_an_instance_with_its_own_time() -> None:
    given = [deployed("2025-03-01"), deployed("2025-03-02")]
    found = instances(within("3 days"), given, "2025-03-05T00:00:00Z")
    assert [shown(one) for one in found] == [
        ("overdue", "2025-03-05T00:00:00Z", "PT0S"),
        ("open", "2025-03-06T00:00:00Z", None),
    ]


def test_what_was_done_late_stays_late_and_what_was_done_in_time_stays_done() -> None:
    given = [deployed("2025-03-01"), performed("2025-03-10T00:00:00Z")]
    for as_of in ("2025-03-10T00:00:00Z", "2026-01-01", "9999-01-01"):
        # from 5 to 10 March
        assert shown(only(within("3 days"), given, as_of)) == ("done-late", "2025-03-05T00:00:00Z", "P5D")
    assert states(within("3 days"), [deployed("2025-03-01"), performed("2025-03-02")], "9999-01-01")[0] == ("m", "done")


def test_before_it_was_done_it_was_overdue() -> None:
    given = [deployed("2025-03-01"), performed("2025-03-10T00:00:00Z")]
    check_flip(within("3 days"), given, at="2025-03-10T00:00:00Z", becomes=("overdue", "done-late"))


def test_the_report_says_as_of_when_and_by_what_knowledge() -> None:
    adopted = event("policy.adopted", "2025-01-01", developer="Acme", policy="acme", version="1")
    found = report(within("3 days"), [adopted], "2025-03-01")
    assert found.as_of == found.known_at
    assert len(found.events) == 2  # the registration and the adoption
