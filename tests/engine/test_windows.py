"""Windows of permissions over time: how they open, end, resume and are renewed (LANGUAGE 4.4 and 9)."""

from __future__ import annotations

from typing import Any

import pytest

from interlock.engine import Decision, Window
from interlock.terms import format_instant
from tests.engine.cases import (
    LATER_PLAN,
    PLAN,
    W1,
    W2,
    Given,
    decided,
    evaluated,
    event,
    judged,
    policy,
    registered,
    state,
)


def rules(when: str, limits: str = "", more: str = "", header: str = "") -> str:
    return f"""
{header}
measures:
  run: {{statistic: proportion, suite: acme/run, fresh: 2 months}}
thresholds:
  strong: {{reached-when: {{measure: run, at-least: 50%, confidence: 95%}}}}
documents: {{plan: {{}}}}
restrictions:
  hold: {{forbids: [train, deploy], when: {{event: model.registered}}}}
  other: {{forbids: [store], when: {{event: model.registered}}}}
permissions:
  interim: {{lifts: [hold], when: {when}{limits}}}
{more}
"""


OK = "{judged: ok, by: board}"


def ok(on: str, *, value: bool = True, **more: Any) -> Given:
    return judged(on, "ok", value=value, by="board", **more)


def decides(body: str, given: list[Given], as_of: str, **question: Any) -> Decision:
    return decided(policy(body), given, as_of, **question)


def states(body: str, given: list[Given], *days: str, **question: Any) -> list[str]:
    return [state(decides(body, given, day, **question)) for day in days]


def window(body: str, given: list[Given], as_of: str) -> tuple[str | None, int]:
    """Return the start of the last window and how many have opened."""
    (lift,) = decides(body, given, as_of).restrictions[0].lifts
    assert isinstance(lift.window, Window)
    start = lift.window.start
    return None if start is None else format_instant(start), lift.window.opened


# Without windows


def test_a_permission_without_limits_is_in_force_exactly_while_its_condition_is_true() -> None:
    given = [ok("2025-02-01"), ok("2025-03-01", value=False), ok("2025-04-01")]
    assert states(rules(OK), given, "2025-01-31", "2025-02-02", "2025-03-02", "2025-04-02", "2029-01-01") == [
        "active",
        "lifted",
        "active",
        "lifted",
        "lifted",
    ]
    assert decides(rules(OK), given, "2025-02-02").restrictions[0].lifts[0].window is None


# The end of a window


LIMITED = ", for-at-most: 30 days"


def test_a_window_ends_that_long_after_its_condition_became_true() -> None:
    given = [ok("2025-02-01")]
    assert states(rules(OK, LIMITED), given, "2025-02-01T11:59:59Z", "2025-02-01T12:00:00Z") == ["active", "lifted"]
    ends = ("2025-03-03T11:59:59.999999Z", "2025-03-03T12:00:00Z")
    assert states(rules(OK, LIMITED), given, *ends) == ["lifted", "active"]


def test_days_are_those_of_the_policys_time_zone() -> None:
    new_york = "calendar: {time-zone: America/New_York}"
    # noon on February 20 is 07:00 there; thirty days later, with clocks forward, 07:00 is 11:00Z
    ends = ("2025-03-22T10:59:59Z", "2025-03-22T11:00:00Z")
    assert states(rules(OK, LIMITED, header=new_york), [ok("2025-02-20")], *ends) == ["lifted", "active"]


def test_the_window_opens_when_the_last_condition_comes_true_not_with_the_first() -> None:
    both = "{all: [{judged: ok, by: board}, {judged: fine, by: ceo}]}"
    given = [ok("2025-02-01"), judged("2025-02-20", "fine", by="ceo")]
    assert window(rules(both, LIMITED), given, "2025-02-25") == ("2025-02-20T12:00:00Z", 1)


def test_a_condition_repeated_while_it_holds_lengthens_nothing() -> None:
    given = [ok("2025-02-01"), ok("2025-02-20"), ok("2025-03-10")]
    assert window(rules(OK, LIMITED), given, "2025-03-12") == ("2025-02-01T12:00:00Z", 1)
    assert states(rules(OK, LIMITED), given, "2025-03-02", "2025-03-12") == ["lifted", "active"]


def test_a_lapse_within_its_span_only_suspends_a_window() -> None:
    # the turn back rests on the board's new word, so where a renewal is left it is one
    given = [ok("2025-02-01"), ok("2025-02-10", value=False), ok("2025-02-12")]
    no_renewal = rules(OK, LIMITED + ", renewals: {at-most: 0}")
    assert states(no_renewal, given, "2025-02-09", "2025-02-11", "2025-02-13", "2025-03-03") == [
        "lifted",
        "active",
        "lifted",
        "active",
    ]
    assert window(no_renewal, given, "2025-02-13") == ("2025-02-01T12:00:00Z", 1)


# Renewals


def test_a_new_window_opens_when_the_condition_turns_true_on_new_events() -> None:
    given = [ok("2025-02-01"), ok("2025-03-10", value=False), ok("2025-03-20")]
    assert window(rules(OK, LIMITED), given, "2025-03-21") == ("2025-03-20T12:00:00Z", 2)
    assert states(rules(OK, LIMITED), given, "2025-03-19", "2025-03-21", "2025-04-19") == ["active", "lifted", "active"]


@pytest.mark.parametrize(("renewals", "expected"), [(0, 1), (1, 2), (2, 3), (3, 3)])
def test_no_more_renewals_than_are_allowed(renewals: int, expected: int) -> None:
    given = [ok(f"2025-{month:02d}-{day:02d}", value=day == 20) for month in (2, 4, 6) for day in (10, 20)]
    body = rules(OK, f"{LIMITED}, renewals: {{at-most: {renewals}}}")
    assert window(body, given, "2025-06-21")[1] == expected
    assert states(body, given, "2025-06-21") == ["lifted" if expected == 3 else "active"]


def test_renewals_without_a_limit_in_time_leave_the_window_open() -> None:
    body = rules(OK, ", renewals: {at-most: 1}")
    given = [
        ok("2025-02-01"),
        ok("2025-03-01", value=False),
        ok("2025-04-01"),
        ok("2025-05-01", value=False),
        ok("2025-06-01"),
    ]
    assert states(body, given, "2025-02-02", "2025-03-02", "2025-04-02", "2025-05-02", "2025-06-02", "2030-01-01") == [
        "lifted",
        "active",
        "lifted",
        "active",
        "lifted",
        "lifted",
    ]
    assert window(body, given, "2025-06-02") == ("2025-04-01T12:00:00Z", 2)


def test_a_renewal_needs_every_event_it_rests_on_to_be_newer_than_the_last_window() -> None:
    both = "{all: [{judged: ok, by: board}, {judged: fine, by: ceo}]}"
    fine = judged("2025-02-01", "fine", by="ceo")
    turned = [ok("2025-03-10", value=False), ok("2025-03-20")]
    assert window(rules(both, LIMITED), [ok("2025-02-01"), fine, *turned], "2025-03-21")[1] == 1
    again = judged("2025-03-19", "fine", by="ceo")
    assert window(rules(both, LIMITED), [ok("2025-02-01"), fine, again, *turned], "2025-03-21")[1] == 2
    # an event at the very start of the last window is not newer
    at_start = [fine, ok("2025-02-01"), ok("2025-02-10", value=False), ok("2025-03-20")]
    assert window(rules("{any: [{judged: ok, by: board}]}", LIMITED), at_start, "2025-03-21")[1] == 2
    assert window(rules(both, LIMITED), at_start, "2025-03-21")[1] == 1


def test_of_alternatives_one_that_rests_on_new_events_is_enough() -> None:
    either = "{any: [{judged: ok, by: board}, {judged: fine, by: ceo}]}"
    given = [
        judged("2025-02-01", "fine", by="ceo"),
        judged("2025-03-01", "fine", by="ceo", value=False),
        ok("2025-03-20"),
        judged("2025-03-20", "fine", by="ceo"),
    ]
    assert window(rules(either, LIMITED), given, "2025-03-21")[1] == 2
    same_word_again = [*given[:2], event("event.corrected", "2025-03-21", event=2, reason="error", by_=1)]
    assert window(rules(either, LIMITED), same_word_again, "2025-03-22")[1] == 1


def test_a_leaf_over_several_models_rests_on_what_is_said_of_each_that_it_is_true_of() -> None:
    body = rules("{judged: ok, by: board, of: any-model}", ", for-at-most: 30 days")
    first = [registered("m2"), ok("2025-02-01"), ok("2025-02-01", model="m2")]
    lapse = [ok("2025-02-10", value=False), ok("2025-02-10", value=False, model="m2")]
    assert window(body, [*first, *lapse, ok("2025-02-20")], "2025-04-01") == ("2025-02-20T12:00:00Z", 2)
    # turned true again by m2's old plan and m's new one: not all that it rests on is new
    plan = [
        event("document.submitted", "2025-02-01", document="plan", digest=PLAN, by="rso", model="m2"),
        event("document.submitted", "2025-02-20", document="plan", digest=LATER_PLAN, by="rso"),
    ]
    approved = rules("{approved: plan, by: board, of: any-model}", ", for-at-most: 30 days")

    def word(on: str, digest: str, kind: str, model: str) -> Given:
        return event(f"document.{kind}", on, document="plan", digest=digest, by="board", actor="bea", model=model)

    words = [
        word("2025-02-02", PLAN, "approved", "m2"),
        word("2025-02-10", PLAN, "rejected", "m2"),
        word("2025-02-21", LATER_PLAN, "approved", "m"),
    ]
    again = word("2025-02-21", PLAN, "approved", "m2")
    assert window(approved, [registered("m2"), *plan, *words], "2025-04-01") == ("2025-02-21T12:00:00Z", 2)
    assert window(approved, [registered("m2"), *plan, *words, again], "2025-04-01") == ("2025-02-02T12:00:00Z", 1)


def test_a_standard_asked_of_any_model_rests_on_every_control() -> None:
    body = rules(
        "{meets: secure, of: any-model}",
        ", for-at-most: 30 days",
        more="standards: {secure: {controls: {vault: {attested-by: rso}, guard: {attested-by: rso}}}}\n",
    )

    def attested(on: str, control: str, *, value: bool = True) -> Given:
        return event("control.attested", on, control=control, value=value, by="rso", actor="rolf")

    first = [attested("2025-02-01", "vault"), attested("2025-02-01", "guard")]
    lapse = attested("2025-02-10", "guard", value=False)
    assert window(body, [*first, lapse, attested("2025-03-20", "guard")], "2025-04-01") == ("2025-02-01T12:00:00Z", 1)
    renewed = [attested("2025-03-20", "vault"), attested("2025-03-20", "guard")]
    assert window(body, [*first, lapse, *renewed], "2025-04-01") == ("2025-03-20T12:00:00Z", 2)


def test_a_renewal_by_approval_needs_a_new_submission_and_new_words() -> None:
    body = rules("{approved: plan, by: [ceo, board]}", ", for-at-most: 30 days, renewals: {at-most: 1}")

    def submits(on: str, digest: str) -> Given:
        return event("document.submitted", on, document="plan", digest=digest)

    def approve(on: str, digest: str) -> list[Given]:
        return [
            event("document.approved", on, by=role, actor=role, document="plan", digest=digest)
            for role in ("ceo", "board")
        ]

    first = [submits("2025-02-01", PLAN), *approve("2025-02-02", PLAN)]
    assert window(body, first, "2025-02-03") == ("2025-02-02T12:00:00Z", 1)
    assert window(body, [*first, *approve("2025-03-10", PLAN)], "2025-03-11") == ("2025-02-02T12:00:00Z", 1)
    second = [*first, submits("2025-03-10", LATER_PLAN), *approve("2025-03-12", LATER_PLAN)]
    assert window(body, second, "2025-03-13") == ("2025-03-12T12:00:00Z", 2)
    third = [*second, submits("2025-04-20", PLAN), *approve("2025-04-22", PLAN)]
    assert states(body, third, "2025-04-23") == ["active"]


# Turns that no event marks


def test_a_condition_that_goes_stale_between_two_events_has_turned() -> None:
    """No event falls on the day on which the ruling-out goes stale; the next one opens a second window all the same."""
    body = rules("{ruled-out: strong}", ", for-at-most: 6 months, renewals: {at-most: 1}")
    given = [evaluated("2025-02-01", 2), evaluated("2025-05-01", 2)]
    # stale from April 1: untrue until May 1
    assert states(body, given, "2025-03-31", "2025-04-02", "2025-05-02") == ["lifted", "active", "lifted"]
    assert window(body, given, "2025-05-02") == ("2025-05-01T12:00:00Z", 2)
    in_time = [evaluated("2025-02-01", 2), evaluated("2025-03-15", 2)]
    assert window(body, in_time, "2025-05-02") == ("2025-02-01T12:00:00Z", 1)


def test_a_condition_that_comes_true_by_itself_opens_a_window_then() -> None:
    body = rules("{published: plan, for-at-least: 30 days}", LIMITED)
    given = [event("document.published", "2025-02-01", document="plan", digest=PLAN)]
    assert window(body, given, "2025-03-02") == (None, 0)
    assert window(body, given, "2025-06-01") == ("2025-03-03T12:00:00Z", 1)
    assert states(body, given, "2025-03-02", "2025-03-04", "2025-04-03") == ["active", "lifted", "active"]


@pytest.mark.parametrize(
    "events",
    [
        [],
        # a word that counts for nothing: the board's `no`
        [ok("2025-01-10", value=False)],
        [ok("2025-03-02", value=False)],
    ],
    ids=["none", "an-earlier-no", "a-later-no"],
)
def test_no_window_is_renewed_by_the_absence_of_events_alone(events: list[Given]) -> None:
    """True again since an incident is long ago: no event speaks for it, so there is nothing newer to rest on."""
    quiet = "{any: [{not: {event: incident.determined, within-last: 10 days}}, {judged: ok, by: board}]}"
    body = rules(quiet, ", for-at-most: 30 days, renewals: {at-most: 5}")
    given = [*events, event("incident.determined", "2025-03-01", id="i", kind="k")]
    assert window(body, given, "2025-03-12") == ("2025-01-02T12:00:00Z", 1)
    assert states(body, given, "2025-01-20", "2025-03-12") == ["lifted", "active"]


# Several permissions


def test_a_permission_may_hang_on_the_windows_of_another() -> None:
    more = "  second: {lifts: [other], when: {in-force: interim}, for-at-most: 10 days}"
    body = rules(OK, LIMITED, more)
    given = [ok("2025-02-01")]

    def other(day: str) -> str:
        return state(decides(body, given, day, action="store"), "other")

    days = ("2025-01-31", "2025-02-10", "2025-02-11T11:59:59Z", "2025-02-11T12:00:00Z", "2025-02-20")
    assert [other(day) for day in days] == ["active", "lifted", "lifted", "active", "active"]


def test_the_order_in_the_file_is_no_matter_to_permissions_that_hang_together() -> None:
    body = """
restrictions:
  hold: {forbids: [train], when: {event: model.registered}}
permissions:
  third: {lifts: [hold], when: {not: {in-force: second}}, for-at-most: 60 days, renewals: {at-most: 0}}
  second: {replaces: {a: b}, when: {in-force: first}, for-at-most: 20 days}
  first: {replaces: {b: c}, when: {judged: ok, by: board}, for-at-most: 10 days}
standards:
  a: {controls: {x: {attested-by: rso}}}
  b: {controls: {y: {attested-by: rso}}}
  c: {controls: {z: {attested-by: rso}}}
"""
    given = [ok("2025-02-01")]
    # first runs from February 1 to 11, and second with it; third is in force before and after that
    assert states(body, given, "2025-01-31", "2025-02-05", "2025-02-12") == ["lifted", "active", "lifted"]
    # it began with the registration on January 2, and lasts sixty days
    assert states(body, given, "2025-03-02", "2025-03-03T11:59:59Z", "2025-03-03T12:00:00Z") == [
        "lifted",
        "lifted",
        "active",
    ]


def test_a_restriction_that_is_lifted_is_not_active_for_another() -> None:
    body = """
restrictions:
  hold: {forbids: [train], when: {active: other}}
  other: {forbids: [store], when: {event: model.registered}}
permissions:
  interim: {lifts: [other], when: {judged: ok, by: board}, for-at-most: 30 days}
"""
    given = [ok("2025-02-01")]
    assert states(body, given, "2025-01-31", "2025-02-10", "2025-03-10") == ["active", "inactive", "active"]


def test_a_window_runs_before_the_restriction_it_lifts_is_active() -> None:
    body = """
restrictions:
  hold: {forbids: [train], when: {judged: risky, by: rso}}
permissions:
  interim: {lifts: [hold], when: {judged: ok, by: board}, for-at-most: 30 days}
"""
    given = [ok("2025-02-01"), judged("2025-03-10", "risky")]
    assert states(body, given, "2025-03-11") == ["active"]


# Knowledge


def test_windows_are_read_with_present_knowledge() -> None:
    """The board's refusal was recorded late: known now, it turned the condition then, and the window is a renewal."""
    given = [ok("2025-02-01"), ok("2025-02-10", value=False, recorded="2025-04-01"), ok("2025-02-25")]
    body = rules(OK, LIMITED)
    assert states(body, given, "2025-03-10") == ["active"]
    assert states(body, given, "2025-03-10", known_at="2025-05-01") == ["lifted"]


def test_events_before_the_model_was_registered_can_open_no_window_before_that() -> None:
    given = [
        {**ok("2025-01-10"), "subject": {"developer": "Acme"}},
        registered(on="2025-02-01"),
    ]
    body = rules(OK, LIMITED)
    (lift,) = decides(body, given, "2025-02-20", registers=False).restrictions[0].lifts
    assert lift.window is not None
    assert lift.window.start is not None
    assert format_instant(lift.window.start) == "2025-02-01T12:00:00Z"


def test_a_new_checkpoint_of_the_model_turns_what_rests_on_its_digest() -> None:
    body = rules("{approved: plan, by: board}", LIMITED)
    given = [
        registered(weights=W1),
        event("document.submitted", "2025-02-01", weights=W1, document="plan", digest=PLAN),
        event("document.approved", "2025-02-02", by="board", weights=W1, document="plan", digest=PLAN),
        event("training.continued", "2025-02-10", weights=W2),
    ]
    assert states(body, given, "2025-02-20", weights=W1, registers=False) == ["lifted"]
    assert states(body, given, "2025-02-20", weights=W2, registers=False) == ["active"]


def test_a_compute_asked_for_is_of_now_and_opens_no_window_in_the_past() -> None:
    grows = """
measures:
  run: {statistic: proportion, suite: acme/run, fresh: {growth: 4x}}
thresholds:
  strong: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}
restrictions:
  hold: {forbids: [train], when: {event: model.registered}}
permissions:
  interim: {lifts: [hold], when: {ruled-out: strong}, for-at-most: 30 days}
"""
    measured = event("quantity.measured", "2025-01-20", quantity="effective-compute", value="1e24 FLOP")
    given = [measured, evaluated("2025-02-01", 2)]
    assert states(grows, given, "2025-02-10", at_compute="3e24 FLOP") == ["lifted"]
    assert states(grows, given, "2025-02-10", at_compute="4e24 FLOP") == ["active"]
    (lift,) = decides(grows, given, "2025-02-10", at_compute="4e24 FLOP").restrictions[0].lifts
    assert lift.window is not None
    assert lift.window.opened == 1


def test_a_compute_asked_for_can_open_a_window_now() -> None:
    body = """
restrictions:
  hold: {forbids: [train], when: {event: model.registered}}
permissions:
  interim: {lifts: [hold], when: {quantity: effective-compute, at-least: 1e25 FLOP}, for-at-most: 30 days}
"""
    given = [event("quantity.measured", "2025-01-20", quantity="effective-compute", value="1e24 FLOP")]
    assert states(body, given, "2025-02-10") == ["active"]
    assert states(body, given, "2025-02-10", at_compute="1e25 FLOP") == ["lifted"]
