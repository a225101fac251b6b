"""Excuses: while one is true the duty is excused; when it fails, the duty was due all along (LANGUAGE 1, 4.3, 9)."""

from __future__ import annotations

from typing import Any, Final

import pytest

from interlock.policy import Policy
from tests.engine.cases import Given, event, judged, registered
from tests.engine.duty_cases import (
    check_flip,
    deployed,
    duty,
    incident,
    instances,
    only,
    performed,
    shown,
    states,
)

END: Final = "2025-03-05T00:00:00Z"
UPON: Final = deployed("2025-03-01")


def excused(*lines: str, when: str = "{judged: minor, by: rso}", **more: str) -> Policy:
    return duty("when: {event: model.deployed}", "within: 3 days", f"excused-when: {when}", *lines, **more)


def minor(on: str, *, value: bool = True, **about: Any) -> Given:
    return judged(on, "minor", value=value, **about)


def claim(on: str, until: str | None = None, **about: Any) -> Given:
    ends: dict[str, Any] = {} if until is None else {"until": until}
    return event("excuse.claimed", on, duty="d", reason="no material change", **ends, **about)


# While it is true


def test_an_excuse_that_becomes_true_excuses_an_open_duty() -> None:
    given = [UPON, minor("2025-03-02")]
    check_flip(excused(), given, at="2025-03-02T12:00:00Z", becomes=("open", "excused"))
    assert shown(only(excused(), given, END)) == ("excused", END, None)
    assert shown(only(excused(), given, "2030-01-01")) == ("excused", END, None)


def test_an_excuse_that_becomes_true_later_excuses_an_overdue_duty() -> None:
    check_flip(excused(), [UPON, minor("2025-03-10")], at="2025-03-10T12:00:00Z", becomes=("overdue", "excused"))


def test_an_excuse_that_was_true_before_excuses_from_the_opening_on() -> None:
    assert shown(only(excused(), [minor("2025-02-01"), UPON], "2025-03-01"))[0] == "excused"


def test_when_the_excuse_fails_the_duty_was_due_all_along() -> None:
    given = [UPON, minor("2025-03-02"), minor("2025-04-01", value=False)]
    check_flip(excused(), given, at="2025-04-01T12:00:00Z", becomes=("excused", "overdue"))
    # from 5 March at midnight to 1 April at noon: 27 days and 12 hours
    assert shown(only(excused(), given, "2025-04-01")) == ("overdue", END, "P27DT12H")


def test_when_the_excuse_fails_in_time_the_duty_is_open_again() -> None:
    given = [UPON, minor("2025-03-02"), minor("2025-03-03", value=False)]
    check_flip(excused(), given, at="2025-03-03T12:00:00Z", becomes=("excused", "open"))
    check_flip(excused(), given, at=END, becomes=("open", "overdue"))


def test_an_excuse_may_end_by_its_age() -> None:
    rules = excused(when="{judged: minor, by: rso, fresh: 30 days}")
    given = [UPON, minor("2025-03-02T09:00:00Z")]
    check_flip(rules, given, at="2025-04-01T09:00:00Z", becomes=("excused", "overdue"))


@pytest.mark.parametrize(
    "words",
    [
        [],
        [minor("2025-03-02", by="ceo")],
        [minor("2025-03-02"), minor("2025-03-02", value=False)],
    ],
    ids=["none", "of another role", "contradicting"],
)
def test_an_excuse_that_is_not_known_to_be_true_excuses_nothing(words: list[Given]) -> None:
    check_flip(excused(), [UPON, *words], at=END, becomes=("open", "overdue"))


def test_an_unknown_excuse_excuses_nothing_under_the_challengers_burden_either() -> None:
    rules = excused(more="burden-of-proof: challenger\n")
    check_flip(rules, [UPON], at=END, becomes=("open", "overdue"))


def test_an_excuse_for_another_model_excuses_nothing() -> None:
    given = [registered("m2"), UPON, minor("2025-03-02", model="m2")]
    check_flip(excused(), given, at=END, becomes=("open", "overdue"))


# Precedence


def test_done_in_time_it_is_done_whatever_the_excuse() -> None:
    given = [UPON, performed("2025-03-02"), minor("2025-03-03")]
    assert states(excused(), given, "2025-06-01")[0] == ("m", "done")


def test_done_late_it_is_excused_while_the_excuse_is_true_and_late_again_after() -> None:
    given = [UPON, minor("2025-03-02"), performed("2025-03-10T00:00:00Z"), minor("2025-04-01", value=False)]
    assert shown(only(excused(), given, "2025-03-11"))[0] == "excused"
    # from 5 to 10 March
    assert shown(only(excused(), given, "2025-04-02")) == ("done-late", END, "P5D")


def test_what_is_in_doubt_may_be_excused_too() -> None:
    rules = duty("when: {judged: risky, by: rso}", "within: 3 days", "excused-when: {judged: minor, by: rso}")
    assert shown(only(rules, [], "2025-02-01"))[0] == "open"
    assert shown(only(rules, [minor("2025-01-20")], "2025-02-01"))[0] == "excused"


def test_an_excuse_completes_nothing() -> None:
    given = [UPON, minor("2025-03-02"), performed("2025-03-03"), deployed("2025-03-04"), performed("2025-03-05")]
    assert [one.state.value for one in instances(excused(), given, "2025-03-05")] == ["done", "done"]


# Claims


def test_a_claim_is_a_note_and_excuses_nothing_by_itself() -> None:
    check_flip(excused(), [UPON, claim("2025-03-02")], at=END, becomes=("open", "overdue"))


def test_a_claim_with_an_end_ends_the_excuse_then() -> None:
    given = [UPON, minor("2025-03-02"), claim("2025-03-02", "2025-04-01T00:00:00Z")]
    check_flip(excused(), given, at="2025-04-01T00:00:00Z", becomes=("excused", "overdue"))


def test_a_claim_without_an_end_leaves_the_excuse_to_its_condition() -> None:
    given = [UPON, minor("2025-03-02"), claim("2025-03-02")]
    assert shown(only(excused(), given, "2030-01-01"))[0] == "excused"


def test_the_latest_claim_says_when_the_excuse_ends() -> None:
    first = claim("2025-03-02", "2025-04-01T00:00:00Z")
    extended = [UPON, minor("2025-03-02"), first, claim("2025-03-20", "2025-05-01T00:00:00Z")]
    check_flip(excused(), extended, at="2025-05-01T00:00:00Z", becomes=("excused", "overdue"))
    shortened = [UPON, minor("2025-03-02"), first, claim("2025-03-20", "2025-03-25T00:00:00Z")]
    check_flip(excused(), shortened, at="2025-03-25T00:00:00Z", becomes=("excused", "overdue"))


def test_a_claim_that_comes_after_the_end_of_the_last_excuses_from_then_on() -> None:
    given = [UPON, minor("2025-03-02"), claim("2025-03-02", "2025-04-01T00:00:00Z"), claim("2025-04-10")]
    check_flip(excused(), given, at="2025-04-01T00:00:00Z", becomes=("excused", "overdue"))
    check_flip(excused(), given, at="2025-04-10T12:00:00Z", becomes=("overdue", "excused"))


def test_of_two_claims_at_one_instant_the_earlier_end_counts() -> None:
    both = [claim("2025-03-02", "2025-04-01T00:00:00Z"), claim("2025-03-02", "2025-05-01T00:00:00Z")]
    for given in ([UPON, minor("2025-03-02"), *both], [UPON, minor("2025-03-02"), *both[::-1]]):
        check_flip(excused(), given, at="2025-04-01T00:00:00Z", becomes=("excused", "overdue"))


def test_a_claim_of_another_duty_or_about_another_subject_ends_nothing() -> None:
    others = [
        event("excuse.claimed", "2025-03-02", duty="e", reason="-", until="2025-03-03T00:00:00Z"),
        claim("2025-03-02", "2025-03-03T00:00:00Z", model="m2"),
        claim("2025-03-02", "2025-03-03T00:00:00Z", developer="Other"),
    ]
    given = [UPON, registered("m2"), minor("2025-03-02"), *others]
    assert shown(only(excused(), given, "2025-06-01"))[0] == "excused"


def test_a_claim_that_names_its_instance_ends_that_excuse_alone() -> None:
    rules = duty(
        "for: each incident",
        "when: {event: incident.discovered}",
        "within: 3 days",
        "excused-when: {judged: minor, by: rso}",
    )
    given = [
        incident("discovered", "2025-03-01", "i1"),
        incident("discovered", "2025-03-01", "i2"),
        minor("2025-03-01"),
        claim("2025-03-02", "2025-03-20T00:00:00Z", instance="i2"),
    ]
    assert states(rules, given, "2025-03-19") == [("i1", "excused"), ("i2", "excused")]
    check_flip(rules, given, at="2025-03-20T00:00:00Z", becomes=("excused", "overdue"))
    assert states(rules, given, "2025-03-20") == [("i1", "excused"), ("i2", "overdue")]


def test_a_recurring_duty_may_be_excused() -> None:
    rules = duty(
        "for: each model", "every: {time: 6 months}", "within: 30 days", "excused-when: {judged: minor, by: rso}"
    )
    given = [minor("2025-07-10"), minor("2025-09-01", value=False)]
    check_flip(rules, given, at="2025-07-10T12:00:00Z", becomes=("open", "excused"))
    check_flip(rules, given, at="2025-09-01T12:00:00Z", becomes=("excused", "overdue"))
    # 2 August to noon of 1 September
    assert shown(only(rules, given, "2025-09-01"))[2] == "P30DT12H"
