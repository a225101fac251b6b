"""Retroactive loosening: an amendment permits what was held on the same evidence (LANGUAGE 4.8)."""

from __future__ import annotations

from typing import Final

import pytest

from interlock.policy import Policy
from interlock.terms import format_instant
from tests.engine.cases import W1, W2, Given, evaluated, event, judged, policy, registered
from tests.engine.changes import hold
from tests.engine.duty_cases import WIDE, incident, performed
from tests.engine.replay_cases import DANGER, IF_DANGER, UNLESS_DONE, adopted, continued, replayed, said_nothing

START: Final = "2025-03-01T00:00:00Z"
LATER: Final = said_nothing("2025-06-01")
ALWAYS: Final = "{event: model.registered}"
NEVER: Final = f"{{not: {ALWAYS}}}"
SAFE: Final = judged("2025-02-01", "danger", value=False)
UNSAFE: Final = judged("2025-02-01", "danger")


def pair(old: str, new: str, **header: str) -> list[Policy]:
    return [policy(old, **header), policy(new, version="2", effective="2025-03-01", **header)]


def loosened(rules: list[Policy], given: list[Given], *, registers: bool = True) -> list[tuple[str, str, str]]:
    shown = replayed(rules, [*given, LATER], registers=registers)
    return [(format_instant(one.at), one.model, one.action) for one in shown.loosenings]


M_TRAIN: Final = [(START, "m", "train")]


@pytest.mark.parametrize(
    ("old", "new", "given", "expected"),
    [
        (hold(ALWAYS), hold(NEVER), [], M_TRAIN),
        (hold(NEVER), hold(ALWAYS), [], []),
        (hold(ALWAYS), hold(ALWAYS), [], []),
        (hold(ALWAYS), hold(ALWAYS).replace("train", "store"), [], M_TRAIN),
        (hold(ALWAYS), hold(ALWAYS, ", modality: aim"), [], M_TRAIN),
        (hold(ALWAYS, ", modality: aim"), hold(NEVER), [], []),
        (DANGER, IF_DANGER, [], M_TRAIN),
        (DANGER, IF_DANGER, [SAFE], []),
        (DANGER, IF_DANGER, [UNSAFE], []),
        (IF_DANGER, DANGER, [], []),
        (IF_DANGER, hold(NEVER), [UNSAFE], M_TRAIN),
        (IF_DANGER, hold(NEVER), [SAFE], []),
    ],
    ids=[
        "no longer held",
        "newly held",
        "equal",
        "another action",
        "no longer binding",
        "never binding",
        "burden moved, unknown",
        "burden moved, safe",
        "burden moved, unsafe",
        "burden moved back",
        "held by evidence",
        "not held by evidence",
    ],
)
def test_what_was_held_and_becomes_permitted_on_the_same_evidence_is_found(
    old: str, new: str, given: list[Given], expected: list[tuple[str, str, str]]
) -> None:
    assert loosened(pair(old, new), given) == expected


def test_it_names_the_versions_and_what_had_held() -> None:
    old = "restrictions:\n" + "".join(f"  {name}: {{forbids: [train], when: {ALWAYS}}}\n" for name in ("a", "b"))
    (one,) = replayed(pair(old, hold(NEVER)), [LATER]).loosenings
    assert (one.policy, one.was, one.now, one.restrictions) == ("acme", "1", "2", ("a", "b"))


def test_each_model_and_each_action_is_looked_at() -> None:
    old = hold(DANGER.partition("when: ")[2].removesuffix("}}\n")).replace("[train]", "[train, deploy.internal]")
    given = [registered("n"), registered("s"), judged("2025-02-01", "danger", value=False, model="s")]
    assert loosened(pair(old, hold(NEVER)), given) == [
        (START, model, action)
        for model in ("m", "n")
        for action in ("train", "deploy.internal.research", "deploy.internal.wide")
    ]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        (judged("2025-02-28T23:59:59.999999Z", "danger", value=False), False),
        # What occurs or is recorded at the start or after it is not the evidence known at the adoption.
        (judged(START, "danger", value=False), True),
        (judged("2025-02-01", "danger", value=False, recorded=START), True),
        (judged("2025-02-01", "danger", value=False, recorded="2025-04-01"), True),
    ],
)
def test_the_evidence_is_that_known_just_before(word: Given, found: bool) -> None:  # noqa: FBT001 - a column
    assert loosened(pair(DANGER, hold(NEVER)), [word]) == (M_TRAIN if found else [])


def test_what_evidence_released_is_no_loosening_and_what_it_forgets_is() -> None:
    # The new version reads another question, which nobody has answered, and gives the burden to the challenger.
    assert loosened(pair(DANGER, IF_DANGER.replace("danger", "alarm")), [UNSAFE]) == M_TRAIN
    # Or it asks for less evidence than there is.
    until = hold(ALWAYS, ", until: {all: [{judged: a, by: rso}, {judged: b, by: rso}]}")
    less = hold(ALWAYS, ", until: {judged: a, by: rso}")
    assert loosened(pair(until, less), [judged("2025-02-01", "a")]) == M_TRAIN
    assert loosened(pair(until, less), [judged("2025-02-01", "a"), judged("2025-02-01", "b")]) == []


def test_what_runs_out_at_the_very_start_has_run_out_under_both() -> None:
    fresh = hold("{not: {judged: safe, by: rso, fresh: 28 days}}")
    # 28 days from the start of 1 February are the start of 1 March: held under the old one, though by default.
    assert loosened(pair(fresh, hold(NEVER)), [judged("2025-02-01T00:00:00Z")]) == M_TRAIN
    assert loosened(pair(fresh, hold(NEVER)), [judged("2025-02-01T00:00:01Z")]) == []


def test_it_is_asked_at_the_newest_checkpoint() -> None:
    measures = (
        "measures: {run: {statistic: proportion, suite: acme/run}}\n"
        "thresholds: {danger: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}}\n"
    )
    old = measures + hold("{reached: danger}").replace("train", WIDE)
    ruled_out = [evaluated("2025-02-01", 0, weights=W1)]
    assert loosened(pair(old, hold(NEVER)), ruled_out) == []
    assert loosened(pair(old, hold(NEVER)), [*ruled_out, continued("2025-02-02", weights=W2)]) == [(START, "m", WIDE)]


def test_a_model_that_is_not_registered_yet_is_not_asked_about() -> None:
    given = [registered("n", on="2025-03-01"), event("training.started", "2025-02-01", model="n")]
    assert loosened(pair(hold(ALWAYS), hold(NEVER)), given) == M_TRAIN
    late = [registered(on="2025-01-02") | {"recorded": "2025-04-01T12:00:00Z"}]
    assert loosened(pair(hold(ALWAYS), hold(NEVER)), late, registers=False) == []


def test_a_model_about_which_nothing_can_be_asked_is_left_out() -> None:
    twice = [registered("n", parent="m"), registered("n", on="2025-01-03", parent="o")]
    assert loosened(pair(hold(ALWAYS), hold(NEVER)), twice) == M_TRAIN


def test_another_developers_model_is_left_out() -> None:
    assert loosened(pair(hold(ALWAYS), hold(NEVER)), [registered("x", developer="Other")]) == M_TRAIN


def test_an_overdue_duty_that_an_amendment_releases_is_a_loosening() -> None:
    duty = UNLESS_DONE
    overdue = [incident("discovered", "2025-02-01")]
    assert loosened(pair(duty, hold(NEVER)), overdue) == M_TRAIN
    assert loosened(pair(duty, hold(NEVER)), [*overdue, performed("2025-02-20")]) == []
    # It still stands, so it still holds.
    assert loosened(pair(duty, duty + "permissions: {}\n"), overdue) == []
    # Also over more than one amendment: the third version releases what the first left overdue.
    third = policy(hold(NEVER), version="3", effective="2025-05-01")
    three = [*pair(duty, duty + "permissions: {}\n"), third]
    assert loosened(three, overdue) == [("2025-05-01T00:00:00Z", "m", "train")]


def test_each_amendment_is_compared_with_the_one_before_it() -> None:
    rules = [*pair(hold(ALWAYS), hold(NEVER)), policy(hold(ALWAYS), version="3", effective="2025-04-01")]
    rules.append(policy(hold(NEVER), version="4", effective="2025-05-01"))
    assert loosened(rules, []) == [(START, "m", "train"), ("2025-05-01T00:00:00Z", "m", "train")]


def test_a_version_adopted_again_is_no_loosening() -> None:
    again = [adopted("2025-01-01", "1"), adopted("2025-03-01", "1")]
    assert loosened([policy(hold(ALWAYS))], again) == []


def test_each_policy_is_compared_with_its_own_versions() -> None:
    law = policy(hold(ALWAYS), name="act")
    shown = replayed([*pair(hold(ALWAYS), hold(NEVER)), law], [LATER])
    # Still held by the law, the developer's own policy was loosened all the same.
    assert [(one.policy, one.action) for one in shown.loosenings] == [("acme", "train")]


def test_a_law_is_loosened_for_whom_it_applies_to() -> None:
    applies = "applies-to: {quantity: training-compute, more-than: 1e26 FLOP}\n"
    large = event("quantity.measured", "2025-02-01", quantity="training-compute", value="2e26 FLOP")
    rules = pair(applies + hold(ALWAYS), applies.replace("1e26", "3e26") + hold(ALWAYS), issuer="State")
    assert loosened(rules, [large]) == M_TRAIN
    small = event("quantity.measured", "2025-02-01", quantity="training-compute", value="1e26 FLOP")
    assert loosened(rules, [small]) == []


def test_a_loosening_is_no_departure_by_itself() -> None:
    assert replayed(pair(hold(ALWAYS), hold(NEVER)), [LATER]).breaches == ()


def test_an_adoption_counts_as_the_final_record_has_it() -> None:
    rules = [policy(DANGER), policy(hold(NEVER), version="2")]
    given = [adopted("2025-01-01", "1"), adopted("2025-03-01", "2", recorded="2025-04-01")]
    # By the evidence known on 1 March, though that adoption was recorded a month later.
    said = judged("2025-03-15", "danger", value=False)
    assert loosened(rules, [*given, said]) == [("2025-03-01T12:00:00Z", "m", "train")]
