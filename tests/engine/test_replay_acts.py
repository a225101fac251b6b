"""Acts in a replay: each is judged by the decision just before it, on what was recorded by then (LANGUAGE 4.8)."""

from __future__ import annotations

from typing import Any, Final

import pytest

from interlock.engine import Replay
from interlock.policy import Policy
from interlock.terms import LEAF_ACTIONS, format_instant
from tests.engine.cases import W1, W2, W3, Given, evaluated, event, judged, policy, registered
from tests.engine.changes import hold
from tests.engine.replay_cases import (
    DANGER,
    IF_DANGER,
    adopted,
    continued,
    departed_at,
    departures,
    finding_ids,
    held,
    paused,
    replayed,
    said_nothing,
    started,
)

ALWAYS: Final = "{event: model.registered}"
"""True of every model that is registered."""

ACTS: Final = {
    "training.started": "train",
    "training.continued": "train",
    "weights.stored": "store",
    "weights.shared": "share-weights",
    "weights.released": "release-weights",
}
CLASSES: Final = tuple(action for action in LEAF_ACTIONS if action.startswith("deploy."))
PUBLIC: Final = "deploy.external.public"


def forbidding(*actions: str, when: str = ALWAYS, more: str = "") -> str:
    return f"restrictions: {{hold: {{forbids: [{', '.join(actions)}], when: {when}{more}}}}}\n"


def deployed(occurred: str, class_: str = PUBLIC, **about: Any) -> Given:
    return event("model.deployed", occurred, class_=class_, **about)


def act_of(action: str, occurred: str = "2025-03-01") -> list[Given]:
    if action in CLASSES:
        return [deployed(occurred, action)]
    return [event(kind, occurred) for kind, done in ACTS.items() if done == action]


def whether_by_default(shown: Replay) -> list[tuple[str, bool]]:
    return [(one.id, one.by_default) for one in shown.breaches]


# Which events are acts


@pytest.mark.parametrize("action", LEAF_ACTIONS)
def test_each_act_departs_from_what_forbids_its_action_and_from_nothing_else(action: str) -> None:
    given = act_of(action)
    assert given
    shown = replayed(forbidding(action), given)
    assert [(one.kind, one.id, one.action, one.about, one.late_by) for one in shown.breaches] == [
        ("held-action", "hold", action, "m", None)
    ] * len(given)
    others = [other for other in LEAF_ACTIONS if other != action]
    assert departures(replayed(forbidding(*others), given)) == []


@pytest.mark.parametrize(
    ("parent", "departs"),
    [
        ("deploy", CLASSES),
        ("deploy.internal", ("deploy.internal.research", "deploy.internal.wide")),
        ("deploy.external", ("deploy.external.trusted", "deploy.external.limited", PUBLIC)),
    ],
)
def test_forbidding_a_parent_forbids_every_child(parent: str, departs: tuple[str, ...]) -> None:
    days = {action: f"2025-03-{day:02}" for day, action in enumerate(LEAF_ACTIONS, start=1)}
    given = [one for action, day in days.items() for one in act_of(action, day)]
    shown = replayed(forbidding(parent), given)
    assert [one.action for one in shown.breaches] == list(departs)


@pytest.mark.parametrize(
    "no_act",
    [
        paused("2025-03-01"),
        event("weights.deleted", "2025-03-01"),
        event("model.withdrawn", "2025-03-01", class_=PUBLIC),
        said_nothing("2025-03-01"),
        evaluated("2025-03-01", 3),
    ],
    ids=lambda one: str(one["event"]),
)
def test_what_ends_an_action_and_what_is_said_of_a_model_are_no_acts(no_act: Given) -> None:
    shown = replayed(forbidding("train", "store", "deploy", "release-weights", "share-weights"), [no_act])
    assert departures(shown) == []
    assert "act-not-judged" not in finding_ids(shown)


def test_each_restriction_that_forbids_an_act_is_a_departure_of_its_own() -> None:
    rules = f"""\
restrictions:
  one: {{forbids: [train], when: {ALWAYS}}}
  two: {{forbids: [train], when: {{judged: danger, by: rso}}}}
  idle: {{forbids: [train], when: {{not: {ALWAYS}}}}}
  other: {{forbids: [store], when: {ALWAYS}}}
"""
    assert whether_by_default(replayed(rules, [started("2025-03-01")])) == [("one", False), ("two", True)]


@pytest.mark.parametrize("weaker", [", modality: aim", ", modality: recommended", ", binding: conditional"])
def test_what_does_not_bind_makes_no_departure(weaker: str) -> None:
    shown = replayed(forbidding("train", more=weaker), [started("2025-03-01")])
    assert departures(shown) == []
    assert held(shown) == []


def test_one_that_is_released_or_lifted_makes_no_departure() -> None:
    until = replayed(
        forbidding("train", more=", until: {judged: safe, by: rso}"),
        [
            started("2025-02-01"),
            judged("2025-02-10"),
            started("2025-03-01"),
            judged("2025-03-10", value=False),
            started("2025-04-01"),
        ],
    )
    assert departed_at(until) == ["2025-02-01T12:00:00Z", "2025-04-01T12:00:00Z"]
    lifted = "permissions: {p: {lifts: [hold], when: {judged: safe, by: rso}}}\n" + forbidding("train")
    assert departed_at(replayed(lifted, [judged("2025-02-10"), started("2025-03-01")])) == []
    assert departed_at(replayed(lifted, [started("2025-02-09"), judged("2025-02-10")])) == ["2025-02-09T12:00:00Z"]


def test_by_default_says_that_the_evidence_was_unknown_at_the_act() -> None:
    given = [started("2025-02-01"), judged("2025-02-10", "danger"), started("2025-03-01")]
    assert whether_by_default(replayed(DANGER, given)) == [("hold", True), ("hold", False)]
    # Under the challenger's burden what is unknown holds nothing.
    assert departed_at(replayed(IF_DANGER, given)) == ["2025-03-01T12:00:00Z"]


# Which checkpoint


MEASURED: Final = """\
measures: {run: {statistic: proportion, suite: acme/run}}
thresholds: {danger: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}}
"""
REACHED: Final = MEASURED + forbidding(PUBLIC, when="{reached: danger}")
"""0 of 40 rules 50% out (the upper bound at 95% is 1 - 0.05^(1/40), some 7%), 40 of 40 reaches it."""


def test_an_act_that_states_its_weights_is_judged_for_them() -> None:
    given = [
        evaluated("2025-02-01", 0, weights=W1),
        continued("2025-02-10", weights=W2),
        deployed("2025-03-01", weights=W1),
        deployed("2025-03-02", weights=W2),
    ]
    # A ruling-out reaches only its own digest where the action ships: W2 was never evaluated.
    shown = replayed(REACHED, given)
    assert departures(shown) == [("held-action", "hold", "2025-03-02T12:00:00Z")]
    assert shown.breaches[0].by_default


def test_an_act_without_weights_is_judged_for_the_newest_named_before_it() -> None:
    ruled_out = [evaluated("2025-02-01", 0, weights=W1)]
    assert departed_at(replayed(REACHED, [*ruled_out, deployed("2025-03-01")])) == []
    newer = [*ruled_out, continued("2025-02-10", weights=W2)]
    assert departed_at(replayed(REACHED, [*newer, deployed("2025-03-01")])) == ["2025-03-01T12:00:00Z"]
    # One that is named at the very instant of the act, or recorded later, was not named before it.
    at_once = [*ruled_out, continued("2025-03-01", weights=W2)]
    assert departed_at(replayed(REACHED, [*at_once, deployed("2025-03-01")])) == []
    late = [*ruled_out, continued("2025-02-10", weights=W2, recorded="2025-03-02")]
    assert departed_at(replayed(REACHED, [*late, deployed("2025-03-01")])) == []


def test_an_act_with_weights_never_named_before_is_judged_for_a_new_checkpoint() -> None:
    ruled_out = [evaluated("2025-02-01", 0, weights=W1), deployed("2025-03-01", weights=W3)]
    assert whether_by_default(replayed(REACHED, ruled_out)) == [("hold", True)]
    reached = [evaluated("2025-02-01", 40, weights=W1), deployed("2025-03-01", weights=W3)]
    # Reached reaches every later checkpoint.
    assert whether_by_default(replayed(REACHED, reached)) == [("hold", False)]
    trained = [evaluated("2025-02-01", 0, weights=W1), continued("2025-03-01", weights=W3)]
    # For training a ruling-out reaches later checkpoints of the same model.
    assert departures(replayed(MEASURED + hold("{reached: danger}"), trained)) == []


# What can't be asked


@pytest.mark.parametrize(
    "registration",
    [
        [],
        [registered(on="2025-04-01")],
        [registered(on="2025-03-01")],
        [registered(on="2025-01-02") | {"recorded": "2025-03-01T12:00:00Z"}],
        [registered(on="2025-01-02") | {"recorded": "2025-04-01T12:00:00Z"}],
    ],
    ids=["never", "later", "at that instant", "recorded at that instant", "recorded later"],
)
def test_an_act_of_a_model_that_was_not_registered_is_not_judged_and_a_finding(registration: list[Given]) -> None:
    shown = replayed(forbidding("train"), [*registration, started("2025-03-01")], "2025-05-01", registers=False)
    assert departures(shown) == []
    assert finding_ids(shown) == ["act-not-judged"] + (["continues-under-hold"] if registration else [])
    assert "its model was not registered" in next(f.detail for f in shown.findings if f.id == "act-not-judged")


def test_an_act_before_the_first_version_is_not_judged_and_a_finding() -> None:
    rules = policy(forbidding("train"), effective="2025-03-01")
    shown = replayed(rules, [started("2025-02-28T23:59:59.999999Z"), started("2025-03-01T00:00:00Z")])
    assert departures(shown) == [("held-action", "hold", "2025-03-01T00:00:00Z")]
    assert finding_ids(shown) == ["act-not-judged", "continues-under-hold"]


def test_an_act_of_another_developer_is_not_judged_and_a_finding() -> None:
    given = [registered("x", developer="Other"), started("2025-03-01", model="x"), started("2025-03-01")]
    shown = replayed(forbidding("train"), given)
    assert [one.about for one in shown.breaches] == ["m"]
    assert [f.evidence for f in shown.findings if f.id == "act-not-judged"] == [(2,)]


# The very instant


def test_evidence_of_the_very_instant_of_an_act_does_not_count_for_it() -> None:
    at = "2025-03-01T12:00:00Z"
    # Neither to hold it nor to release it.
    assert departures(replayed(IF_DANGER, [judged(at, "danger"), started(at)])) == []
    assert departed_at(replayed(DANGER, [judged(at, "danger", value=False), started(at)])) == [at]
    just_before = "2025-03-01T11:59:59.999999Z"
    assert departed_at(replayed(IF_DANGER, [judged(just_before, "danger"), started(at)])) == [at]
    assert departures(replayed(DANGER, [judged(just_before, "danger", value=False), started(at)])) == []
    # And evidence that is recorded at that very instant was not recorded before it.
    recorded = judged("2025-02-01", "danger", recorded=at)
    assert departures(replayed(IF_DANGER, [recorded, started(at)])) == []
    assert departed_at(replayed(IF_DANGER, [judged("2025-02-01", "danger", recorded=just_before), started(at)])) == [at]


def test_freshness_that_ends_at_the_very_instant_of_an_act_has_ended() -> None:
    rules = hold("{not: {judged: safe, by: rso, fresh: 30 days}}")
    # 30 days from 1 March at noon end on 31 March at noon.
    given = [judged("2025-03-01"), started("2025-03-31T11:59:59.999999Z"), started("2025-03-31T12:00:00Z")]
    shown = replayed(rules, given)
    assert departures(shown) == [("held-action", "hold", "2025-03-31T12:00:00Z")]
    assert shown.breaches[0].by_default
    renewed = [judged("2025-03-01"), judged("2025-03-31"), started("2025-03-31T12:00:00Z")]
    # A new word at that very instant comes too late for the act, and in time for all that follows.
    assert departed_at(replayed(rules, renewed)) == ["2025-03-31T12:00:00Z"]
    assert held(replayed(rules, renewed)) == [("2025-01-02T12:00:00Z", "2025-03-01T12:00:00Z", "default")]


def test_a_permission_that_ends_at_the_very_instant_of_an_act_has_ended() -> None:
    rules = "permissions: {p: {lifts: [hold], when: {judged: safe, by: rso}, for-at-most: 90 days}}\n" + forbidding(
        "train"
    )
    # 90 days from 1 March at noon: 30 left in March, 30 in April, 30 in May: 30 May at noon.
    given = [judged("2025-03-01"), started("2025-05-30T11:59:59.999999Z"), started("2025-05-30T12:00:00Z")]
    assert departed_at(replayed(rules, given)) == ["2025-05-30T12:00:00Z"]


@pytest.mark.parametrize(
    ("zone", "midnight"), [("UTC", "2025-03-01T00:00:00Z"), ("America/New_York", "2025-03-01T05:00:00Z")]
)
def test_a_version_is_in_force_from_the_very_midnight_of_its_effective_day(zone: str, midnight: str) -> None:
    lines = f"calendar: {{time-zone: {zone}}}\n"
    old = policy(lines + hold(f"{{not: {ALWAYS}}}"), effective="2024-12-01")
    new = policy(lines + forbidding("train"), version="2", effective="2025-03-01")
    shown = replayed([old, new], [started("2025-03-01T04:59:59Z"), started(midnight), started("2025-03-02")])
    expected = [midnight, "2025-03-02T12:00:00Z"]
    assert departed_at(shown) == (expected if zone != "UTC" else [midnight, "2025-03-01T04:59:59Z", expected[1]])


@pytest.mark.parametrize(
    ("recorded", "departs"),
    [("2025-02-20", False), ("2025-03-01T11:59:59.999999Z", False), ("2025-03-01", True), ("2025-03-05", True)],
)
def test_an_adoption_of_the_very_instant_of_an_act_counts_if_it_was_recorded_before(
    recorded: str,
    departs: bool,  # noqa: FBT001 - a column of the table
) -> None:
    old, new = policy(forbidding("train")), policy(forbidding("store"), version="2")
    given = [adopted("2025-01-01", "1"), adopted("2025-03-01", "2", recorded=recorded), started("2025-03-01")]
    assert departed_at(replayed([old, new], given)) == (["2025-03-01T12:00:00Z"] if departs else [])


# Whose facts


def test_facts_of_one_model_never_reach_another() -> None:
    given = [
        registered("n"),
        judged("2025-02-01", "danger", model="n"),
        judged("2025-02-01", "danger", value=False),
        started("2025-03-01"),
        started("2025-03-01", model="n"),
    ]
    shown = replayed(DANGER, given)
    assert [(one.about, one.by_default) for one in shown.breaches] == [("n", False)]
    assert held(shown, model="n") == [
        ("2025-01-02T12:00:00Z", "2025-02-01T12:00:00Z", "default"),
        ("2025-02-01T12:00:00Z", None, "evidence"),
    ]
    assert held(shown) == [("2025-01-02T12:00:00Z", "2025-02-01T12:00:00Z", "default")]


def test_facts_of_a_developer_and_of_the_world_hold_for_each_of_its_models() -> None:
    words = (judged("2025-02-01", "danger", developer="Acme"), judged("2025-02-01", "danger", world=True))
    for word in words:
        given = [registered("n"), word, started("2025-03-01"), started("2025-03-01", model="n")]
        assert [one.about for one in replayed(IF_DANGER, given).breaches] == ["m", "n"]


def test_facts_of_another_developer_reach_no_model() -> None:
    given = [judged("2025-02-01", "danger", developer="Other"), started("2025-03-01")]
    assert departures(replayed(IF_DANGER, given)) == []


# Several policies


def law(when: str = "{quantity: training-compute, more-than: 1e26 FLOP}", more: str = "") -> Policy:
    return policy(f"applies-to: {when}\n{more}" + forbidding("train"), name="act", issuer="State")


def measured(value: str, on: str = "2025-02-01", model: str = "m") -> Given:
    return event("quantity.measured", on, model=model, quantity="training-compute", value=value)


def test_each_policy_that_binds_a_developer_judges_by_itself() -> None:
    own = policy(IF_DANGER)
    given = [measured("2e26 FLOP"), judged("2025-02-20", "danger"), started("2025-02-10"), started("2025-03-01")]
    shown = replayed([own, law()], given)
    assert [(one.policy, one.id, format_instant(one.at)) for one in shown.breaches] == [
        ("act", "hold", "2025-02-10T12:00:00Z"),
        ("acme", "hold", "2025-03-01T12:00:00Z"),
        ("act", "hold", "2025-03-01T12:00:00Z"),
    ]


@pytest.mark.parametrize(
    ("value", "burden", "departs"),
    [
        ("2e26 FLOP", "developer", [False]),
        ("1e26 FLOP", "developer", []),
        (None, "developer", [True]),
        (None, "challenger", []),
    ],
)
def test_a_law_binds_whom_it_applies_to_and_where_that_is_unknown_by_the_burden_of_proof(
    value: str | None, burden: str, departs: list[bool]
) -> None:
    given = [started("2025-03-01"), *([] if value is None else [measured(value)])]
    shown = replayed(law(more=f"burden-of-proof: {burden}\n"), given)
    assert [one.by_default for one in shown.breaches] == departs


def test_a_law_binds_models_of_several_developers_each_by_its_own_facts() -> None:
    given = [
        registered("x", developer="Other"),
        registered("y", developer="Third"),
        measured("2e26 FLOP"),
        measured("2e26 FLOP", model="x"),
        measured("1e25 FLOP", model="y"),
        *(started("2025-03-01", model=model) for model in ("m", "x", "y")),
    ]
    assert [one.about for one in replayed(law(), given).breaches] == ["m", "x"]


# Names


def test_a_name_that_no_policy_knows_is_silent_and_a_finding() -> None:
    shown = replayed(IF_DANGER, [judged("2025-02-01", "dangr"), started("2025-03-01")])
    assert departures(shown) == []
    assert [(f.id, f.evidence) for f in shown.findings if f.id == "speaks-to-nothing"] == [("speaks-to-nothing", (1,))]
    assert "did it mean `danger`?" in next(f.detail for f in shown.findings if f.id == "speaks-to-nothing")


def test_a_name_that_an_earlier_version_knows_does_not_speak_to_nothing() -> None:
    old, new = policy(IF_DANGER), policy(forbidding("store"), version="2", effective="2025-06-01")
    shown = replayed([old, new], [judged("2025-02-01", "danger")], "2025-07-01")
    assert "speaks-to-nothing" not in finding_ids(shown)


# The end of the replay


def test_the_default_end_is_the_last_instant_on_record_whenever_it_is_asked() -> None:
    given = [started("2025-03-01"), judged("2025-02-01", "danger", recorded="2025-09-01T00:00:00Z")]
    assert format_instant(replayed(DANGER, given).as_of) == "2025-09-01T00:00:00Z"
    future = [started("2999-03-01")]
    assert format_instant(replayed(DANGER, future).as_of) == "2999-03-01T12:00:00Z"
    assert departed_at(replayed(DANGER, future)) == ["2999-03-01T12:00:00Z"]


def test_what_occurs_or_is_recorded_after_the_end_plays_no_part() -> None:
    given = [
        started("2025-03-01"),
        started("2025-05-01"),
        judged("2025-02-01", "danger", value=False, recorded="2025-05-01"),
        started("2025-03-02", recorded="2025-05-01"),
    ]
    shown = replayed(DANGER, given, "2025-04-01")
    assert departed_at(shown) == ["2025-03-01T12:00:00Z"]
    assert held(shown) == [("2025-01-02T12:00:00Z", None, "default")]
    # The act of 2 March is known only once it is recorded; then it is judged by what was recorded at its time.
    assert departed_at(replayed(DANGER, given)) == [
        "2025-03-01T12:00:00Z",
        "2025-03-02T12:00:00Z",
        "2025-05-01T12:00:00Z",
    ]
