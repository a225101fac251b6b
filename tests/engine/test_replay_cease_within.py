"""What is going on when a hold begins: the time to cease, and departures by going on (LANGUAGE 1, 4.8)."""

from __future__ import annotations

from typing import Final

import pytest

from interlock.policy import Policy
from interlock.terms import format_instant
from tests.engine.cases import W1, W2, Given, evaluated, event, judged, policy
from tests.engine.changes import hold
from tests.engine.duty_cases import PUBLIC, WIDE, deployed, incident
from tests.engine.replay_cases import (
    IF_DANGER,
    UNLESS_DONE,
    adopted,
    changes,
    continued,
    corrected,
    departures,
    finding_ids,
    paused,
    replayed,
    said_nothing,
    started,
)

TWO_DAYS: Final = ", cease-within: 2 days"
CEASING: Final = "burden-of-proof: challenger\n" + hold("{judged: danger, by: rso}", TWO_DAYS)
HELD: Final = judged("2025-03-01", "danger")
DEADLINE: Final = "2025-03-04T00:00:00Z"
"""2 days from 1 March at noon are over with 3 March."""
LATER: Final = said_nothing("2025-06-01")
WENT_ON: Final = ("past-cease-within", "hold", DEADLINE)


def released(occurred: str) -> Given:
    return judged(occurred, "danger", value=False)


def ceasing(when: str = "{judged: danger, by: rso}", action: str = WIDE, period: str = "2 days") -> str:
    return "burden-of-proof: challenger\n" + hold(when, f", cease-within: {period}").replace("train", action)


# Versions


@pytest.mark.parametrize("action", ["store", "deploy.internal.wide", "train"])
def test_what_went_on_before_a_version_came_into_force_has_its_time_to_cease_under_it(action: str) -> None:
    acts = {
        "store": event("weights.stored", "2025-01-20"),
        "deploy.internal.wide": event("model.deployed", "2025-01-20", class_=WIDE),
        "train": started("2025-01-20"),
    }
    rules = policy(hold("{not: {event: weights.deleted}}", TWO_DAYS).replace("train", action), effective="2025-03-01")
    shown = replayed(rules, [acts[action], LATER])
    assert departures(shown) == [("past-cease-within", "hold", "2025-03-04T00:00:00Z")]
    first = policy("restrictions: {other: {forbids: [share-weights], when: {judged: x, by: rso}}}")
    second = policy(
        hold("{not: {event: weights.deleted}}", TWO_DAYS).replace("train", action), version="2", effective="2025-03-01"
    )
    shown = replayed([first, second], [acts[action], LATER])
    assert departures(shown) == [("past-cease-within", "hold", "2025-03-04T00:00:00Z")]


# Training


def test_training_that_goes_on_past_its_time_to_cease_departs_once() -> None:
    given = [started("2025-02-01"), HELD, continued("2025-03-02"), continued("2025-03-10"), continued("2025-04-01")]
    assert departures(replayed(CEASING, given)) == [WENT_ON]
    # Whether or not an event says that it goes on.
    shown = replayed(CEASING, [started("2025-02-01"), HELD, LATER])
    assert departures(shown) == [WENT_ON]
    assert [(one.about, one.action, one.evidence, one.late_by) for one in shown.breaches] == [
        ("m", "train", (1,), None)
    ]
    assert finding_ids(shown) == []


@pytest.mark.parametrize(
    ("pause", "departs"),
    [("2025-03-02", False), ("2025-03-03T23:59:59.999999Z", False), (DEADLINE, True), ("2025-03-10", True)],
)
def test_a_pause_at_the_very_deadline_is_too_late(pause: str, departs: bool) -> None:  # noqa: FBT001 - a column
    given = [started("2025-02-01"), HELD, continued("2025-03-02T00:00:00Z"), paused(pause), LATER]
    assert departures(replayed(CEASING, given)) == ([WENT_ON] if departs else [])


@pytest.mark.parametrize(
    ("end", "departs"),
    [
        ("2025-03-03T23:59:59.999999Z", False),
        # At the deadline it is judged as an act would be: what is recorded at that very instant does not count.
        (DEADLINE, True),
        ("2025-03-10", True),
    ],
)
def test_a_hold_that_ends_before_the_deadline_leaves_no_departure(end: str, departs: bool) -> None:  # noqa: FBT001 - a column
    shown = replayed(CEASING, [started("2025-02-01"), HELD, released(end), LATER])
    assert departures(shown) == ([WENT_ON] if departs else [])


def test_a_hold_that_runs_out_at_the_very_deadline_has_ended() -> None:
    # The hold begins on 1 March and runs out 60 hours later, the time to cease after 60 hours too.
    rules = ceasing("{event: incident.discovered, within-last: 60 hours}", "train", "60 hours")
    given = [started("2025-02-01"), incident("discovered", "2025-03-01"), LATER]
    assert departures(replayed(rules, given)) == []
    longer = ceasing("{event: incident.discovered, within-last: 61 hours}", "train", "60 hours")
    assert departures(replayed(longer, given)) == [("past-cease-within", "hold", "2025-03-04T00:00:00Z")]


def test_a_hold_that_is_interrupted_gives_its_time_anew() -> None:
    given = [started("2025-02-01"), HELD, released("2025-03-03"), judged("2025-03-03T18:00:00Z", "danger"), LATER]
    # From 3 March on: 2 days are over with 5 March.
    assert departures(replayed(CEASING, given)) == [("past-cease-within", "hold", "2025-03-06T00:00:00Z")]


def test_a_hold_that_time_ends_and_an_event_renews_at_one_instant_is_not_interrupted() -> None:
    rules = ceasing("{event: incident.discovered, within-last: 24 hours}", "train")
    given = [started("2025-02-01"), *(incident("discovered", f"2025-03-0{day}", f"i{day}") for day in (1, 2, 3)), LATER]
    assert departures(replayed(rules, given)) == [WENT_ON]
    # With an hour between two of them it is.
    given[2] = incident("discovered", "2025-03-02T13:00:00Z", "i2")
    assert departures(replayed(rules, given)) == []


def test_training_that_starts_anew_under_a_hold_departs_whatever_the_time_to_cease() -> None:
    given = [
        started("2025-02-01"),
        HELD,
        paused("2025-03-02"),
        started("2025-03-03"),
        continued("2025-03-03T18:00:00Z"),
        LATER,
    ]
    # Neither the start nor what goes on with it was going on when the hold began.
    assert departures(replayed(CEASING, given)) == [
        ("held-action", "hold", "2025-03-03T12:00:00Z"),
        ("held-action", "hold", "2025-03-03T18:00:00Z"),
    ]
    # And so does a start while it goes on anyway; going on past the deadline is a departure of its own.
    again = [started("2025-02-01"), HELD, started("2025-03-02"), LATER]
    assert departures(replayed(CEASING, again)) == [("held-action", "hold", "2025-03-02T12:00:00Z"), WENT_ON]


def test_training_paused_before_the_hold_was_not_going_on() -> None:
    given = [started("2025-02-01"), paused("2025-02-20"), HELD, continued("2025-03-02"), LATER]
    assert departures(replayed(CEASING, given)) == [("held-action", "hold", "2025-03-02T12:00:00Z")]


def test_training_that_starts_at_the_instant_of_the_evidence_was_going_on() -> None:
    # The act of that instant is judged before the evidence: it was permitted, and has time to cease.
    given = [started("2025-03-01"), HELD, continued("2025-03-02"), LATER]
    assert departures(replayed(CEASING, given)) == [WENT_ON]


def test_training_that_starts_at_the_instant_at_which_time_begins_the_hold_was_not() -> None:
    rules = hold("{not: {judged: safe, by: rso, fresh: 30 days}}", TWO_DAYS)
    given = [judged("2025-02-01"), started("2025-03-03"), continued("2025-03-03T18:00:00Z"), LATER]
    # 30 days from 1 February end on 3 March at noon: the start itself was held.
    assert departures(replayed(rules, given)) == [
        ("held-action", "hold", "2025-03-03T12:00:00Z"),
        ("held-action", "hold", "2025-03-03T18:00:00Z"),
    ]


def test_a_continuation_that_begins_what_goes_on_counts_like_a_start() -> None:
    assert departures(replayed(CEASING, [continued("2025-02-01"), HELD, LATER])) == [WENT_ON]


def test_a_continuation_within_the_time_is_excused_though_the_hold_ends_at_that_very_instant() -> None:
    given = [started("2025-02-01"), HELD, continued("2025-03-02"), released("2025-03-02"), LATER]
    assert departures(replayed(CEASING, given)) == []


def test_the_hold_is_known_from_its_recording_on_and_gives_its_time_from_then() -> None:
    late = judged("2025-03-01", "danger", recorded="2025-03-20")
    given = [started("2025-02-01"), late, continued("2025-03-10"), LATER]
    # 2 days from 20 March are over with 22 March.
    assert departures(replayed(CEASING, given)) == [("past-cease-within", "hold", "2025-03-23T00:00:00Z")]


def test_a_pause_that_is_recorded_late_was_in_time_all_the_same() -> None:
    given = [started("2025-02-01"), HELD, paused("2025-03-02", recorded="2025-04-01"), LATER]
    assert departures(replayed(CEASING, given)) == []
    # One that is corrected to have been too late was not.
    slow = corrected("2025-04-01", 3, paused("2025-03-10"))
    assert departures(replayed(CEASING, [started("2025-02-01"), HELD, paused("2025-03-02"), slow, LATER])) == [WENT_ON]


def test_a_deadline_after_the_end_of_the_replay_is_no_departure_yet() -> None:
    given = [started("2025-02-01"), HELD, continued("2025-03-02")]
    assert departures(replayed(CEASING, given, "2025-03-03T23:59:59.999999Z")) == []
    assert departures(replayed(CEASING, given, DEADLINE)) == [WENT_ON]


def test_whether_by_default_is_as_it_was_at_the_deadline() -> None:
    rules = hold("{not: {judged: safe, by: rso, fresh: 30 days}}", ", cease-within: 10 days")
    # From 3 March at noon (30 days from 1 February) on by default; 10 days are over with 13 March.
    stale = [judged("2025-02-01"), started("2025-02-10"), LATER]
    unsafe = [*stale, judged("2025-03-05", value=False)]
    for given, by_default in ((stale, True), (unsafe, False)):
        shown = replayed(rules, given)
        assert departures(shown) == [("past-cease-within", "hold", "2025-03-14T00:00:00Z")]
        assert [one.by_default for one in shown.breaches] == [by_default]


@pytest.mark.parametrize(
    ("period", "deadline"),
    [
        ("36 hours", "2025-03-03T00:00:00Z"),
        # Saturday 1 March: the first business day after it is Monday 3 March.
        ("1 business day", "2025-03-04T00:00:00Z"),
        ("1 month", "2025-04-02T00:00:00Z"),
    ],
)
def test_the_time_to_cease_is_a_period_like_any(period: str, deadline: str) -> None:
    shown = replayed(ceasing(action="train", period=period), [started("2025-02-01"), HELD, LATER])
    assert departures(shown) == [("past-cease-within", "hold", deadline)]


# Without a time to cease


def test_without_a_time_to_cease_going_on_is_a_finding_and_each_continuation_departs() -> None:
    given = [started("2025-02-01"), HELD, continued("2025-03-02"), continued("2025-03-03"), paused("2025-03-04"), LATER]
    shown = replayed(IF_DANGER, given)
    assert departures(shown) == [
        ("held-action", "hold", "2025-03-02T12:00:00Z"),
        ("held-action", "hold", "2025-03-03T12:00:00Z"),
    ]
    assert [(f.id, f.evidence) for f in shown.findings if f.id == "continues-under-hold"] == [
        ("continues-under-hold", (1,))
    ]
    # Paused before it, or at the very instant at which it begins, nothing goes on under it.
    for pause in ("2025-02-20", "2025-03-01"):
        assert finding_ids(replayed(IF_DANGER, [started("2025-02-01"), paused(pause), HELD, LATER])) == []


def test_every_hold_that_begins_while_it_goes_on_is_a_finding() -> None:
    given = [started("2025-02-01"), HELD, released("2025-03-10"), judged("2025-04-01", "danger"), LATER]
    assert finding_ids(replayed(IF_DANGER, given)) == ["continues-under-hold"] * 2


# Deployments and stored weights


def withdrawn(occurred: str, class_: str = WIDE) -> Given:
    return event("model.withdrawn", occurred, class_=class_)


@pytest.mark.parametrize(
    ("end", "departs"),
    [
        ([], True),
        ([withdrawn("2025-03-03")], False),
        ([withdrawn("2025-03-03T23:59:59.999999Z")], False),
        ([withdrawn(DEADLINE)], True),
        ([withdrawn("2025-03-03", PUBLIC)], True),
    ],
    ids=["never", "in time", "just in time", "at the deadline", "another class"],
)
def test_a_deployment_that_is_not_withdrawn_in_time_departs(end: list[Given], departs: bool) -> None:  # noqa: FBT001 - a column
    given = [deployed("2025-02-01"), deployed("2025-02-01", PUBLIC), HELD, *end, LATER]
    shown = replayed(ceasing(), given)
    assert departures(shown) == ([WENT_ON] if departs else [])
    assert [one.action for one in shown.breaches] == [WIDE] * departs


def test_each_class_that_goes_on_departs_by_itself() -> None:
    rules = ceasing(action="deploy")
    shown = replayed(rules, [deployed("2025-02-01"), deployed("2025-02-10", PUBLIC), HELD, LATER])
    assert sorted((one.kind, one.action or "", one.evidence) for one in shown.breaches) == [
        ("past-cease-within", PUBLIC, (2,)),
        ("past-cease-within", WIDE, (1,)),
    ]


def test_a_deployment_within_the_time_to_cease_is_an_act_that_departs() -> None:
    shown = replayed(ceasing(), [HELD, deployed("2025-03-02"), LATER])
    # It was not going on when the hold began, so there is no time to cease it either.
    assert departures(shown) == [("held-action", "hold", "2025-03-02T12:00:00Z")]


def test_weights_go_on_being_stored_until_they_are_deleted() -> None:
    given = [event("weights.stored", "2025-02-01"), HELD, LATER]
    assert departures(replayed(ceasing(action="store"), given)) == [WENT_ON]
    deleted = [*given, event("weights.deleted", "2025-03-02")]
    assert departures(replayed(ceasing(action="store"), deleted)) == []


def test_what_is_done_at_once_does_not_go_on() -> None:
    for action, kind in (("share-weights", "weights.shared"), ("release-weights", "weights.released")):
        assert departures(replayed(ceasing(action=action), [event(kind, "2025-02-01"), HELD, LATER])) == []


MEASURED: Final = """\
measures: {run: {statistic: proportion, suite: acme/run}}
thresholds: {danger: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}}
"""


def test_a_deployment_goes_on_with_its_own_checkpoint_whatever_is_trained_meanwhile() -> None:
    rules = MEASURED + hold("{reached: danger}", TWO_DAYS).replace("train", WIDE)
    given = [
        evaluated("2025-01-10", 0, weights=W1),
        deployed("2025-02-01", weights=W1),
        continued("2025-02-10", weights=W2),
        LATER,
    ]
    # W2 is held, for it was never evaluated; W1, which is deployed, is ruled out.
    shown = replayed(rules, given)
    assert departures(shown) == []
    assert "continues-under-hold" not in finding_ids(shown)
    # Once W1 is withdrawn from the evidence it is held too, and has to cease.
    gone = event("evaluation.withdrawn", "2025-03-01", evaluation=1, reason="a bug")
    assert departures(replayed(rules, [*given, gone])) == [WENT_ON]


def test_a_new_deployment_of_the_class_goes_on_with_the_new_checkpoint() -> None:
    rules = MEASURED + hold("{reached: danger}", TWO_DAYS).replace("train", WIDE)
    given = [
        evaluated("2025-01-10", 0, weights=W1),
        evaluated("2025-01-11", 0, weights=W2),
        deployed("2025-02-01", weights=W1),
        deployed("2025-02-15", weights=W2),
        event("evaluation.withdrawn", "2025-03-01", evaluation=1, reason="a bug"),
        LATER,
    ]
    # What is no longer ruled out is no longer deployed.
    assert departures(replayed(rules, given)) == []
    # W2 is, and goes on past its time.
    other = [*given[:4], event("evaluation.withdrawn", "2025-03-01", evaluation=2, reason="a bug"), LATER]
    assert departures(replayed(rules, other)) == [WENT_ON]


def test_a_hold_of_the_deployed_checkpoint_alone_is_no_change_of_the_models_own() -> None:
    rules = MEASURED + hold("{reached: danger}", TWO_DAYS).replace("train", WIDE)
    given = [
        evaluated("2025-01-10", 0, weights=W1),
        deployed("2025-02-01", weights=W1),
        evaluated("2025-02-10", 0, weights=W2),
        event("evaluation.withdrawn", "2025-03-01", evaluation=1, reason="a bug"),
        LATER,
    ]
    shown = replayed(rules, given)
    assert departures(shown) == [WENT_ON]
    assert [at for at, _, _ in changes(shown, "restriction")] == ["2025-01-02T12:00:00Z", "2025-01-10T12:00:00Z"]


# Versions


def versions(*bodies: str) -> list[Policy]:
    days = ("2025-01-01", "2025-03-03", "2025-03-04")
    return [
        policy(body, version=str(number), effective=day)
        for number, (body, day) in enumerate(zip(bodies, days, strict=False), start=1)
    ]


ONE_DAY: Final = CEASING.replace("2 days", "1 day")
THIRTY_DAYS: Final = CEASING.replace("2 days", "30 days")


def test_a_hold_keeps_the_time_to_cease_of_the_version_under_which_it_began() -> None:
    given = [started("2025-02-01"), HELD, continued("2025-03-03"), LATER]
    for second in (CEASING, ONE_DAY, THIRTY_DAYS, IF_DANGER):
        shown = replayed(versions(CEASING, second), given)
        assert departures(shown) == [WENT_ON]
        assert [one.version for one in shown.breaches] == ["1"]


def test_a_hold_that_began_without_time_to_cease_gets_none_by_a_later_version() -> None:
    given = [started("2025-02-01"), HELD, continued("2025-03-10"), LATER]
    shown = replayed(versions(IF_DANGER, THIRTY_DAYS), given)
    assert departures(shown) == [("held-action", "hold", "2025-03-10T12:00:00Z")]
    assert finding_ids(shown) == ["continues-under-hold"]


def test_a_hold_that_another_version_interrupts_gives_its_time_anew() -> None:
    given = [started("2025-02-01"), HELD, LATER]
    # Under the second version, in force on 3 March alone, it is another action that is forbidden.
    shown = replayed(versions(CEASING, CEASING.replace("train", "store"), CEASING), given)
    # From the third version on, 4 March: 2 days are over with 6 March.
    assert departures(shown) == [("past-cease-within", "hold", "2025-03-07T00:00:00Z")]


def test_a_version_that_forbids_what_goes_on_begins_the_hold() -> None:
    rules = versions(CEASING.replace("train", "store"), CEASING)
    # The restriction is active all along; what it forbids is another action from 3 March on.
    given = [started("2025-03-02"), judged("2025-02-01", "danger"), continued("2025-03-05T18:00:00Z"), LATER]
    # 2 days from the start of 3 March are over with 5 March.
    assert departures(replayed(rules, given)) == [("past-cease-within", "hold", "2025-03-06T00:00:00Z")]


def test_a_hold_that_begins_with_a_version_on_a_day_without_events_gives_its_time_from_then() -> None:
    given = [started("2025-02-01"), judged("2025-02-10", "danger"), LATER]
    shown = replayed(versions(CEASING.replace("danger", "alarm"), CEASING), given)
    assert departures(shown) == [("past-cease-within", "hold", "2025-03-06T00:00:00Z")]


def test_an_adoption_that_only_moves_the_start_of_the_version_interrupts_nothing() -> None:
    rules = policy(CEASING)
    given = [started("2025-02-01"), HELD, adopted("2025-03-02", "1"), LATER]
    assert departures(replayed(rules, given)) == [WENT_ON]


# Several


def test_each_restriction_and_each_policy_gives_its_own_time() -> None:
    own = policy(CEASING)
    law = policy(CEASING.replace("2 days", "5 days"), name="act")
    shown = replayed([own, law], [started("2025-02-01"), HELD, LATER])
    assert [(one.policy, one.kind, format_instant(one.at)) for one in shown.breaches] == [
        ("acme", "past-cease-within", DEADLINE),
        ("act", "past-cease-within", "2025-03-07T00:00:00Z"),
    ]


def test_an_overdue_duty_gives_no_time_to_cease() -> None:
    given = [started("2025-02-01"), incident("discovered", "2025-03-01"), continued("2025-03-10"), LATER]
    shown = replayed(UNLESS_DONE, given)
    assert departures(shown, "held-action") == [("held-action", "d", "2025-03-10T12:00:00Z")]
    (finding,) = [one for one in shown.findings if one.id == "continues-under-hold"]
    assert finding.detail == (
        "`train` of m was going on when `d` began to hold it, 2025-03-05T00:00:00Z; "
        "the policy states no time to cease within"
    )
