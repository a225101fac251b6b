"""No question, no answer: what can't be asked is refused with what to do, never decided (LANGUAGE 4.4)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from interlock.engine import Refused, decide
from tests.engine.cases import (
    W1,
    W2,
    Given,
    answer,
    asked,
    compute,
    decided,
    evaluated,
    event,
    judged,
    policy,
    read,
    registered,
    value,
    when,
)

POLICY = policy(
    """
measures:
  run: {statistic: proportion, suite: acme/run, fresh: {growth: 4x}}
restrictions:
  hold: {forbids: [deploy.external], when: {judged: risky, by: rso}}
  size: {forbids: [train], when: {measure: run, at-least: 50%, confidence: 95%}}
"""
)


def refusal(given: list[Given], as_of: str = "2025-02-01", **question: Any) -> tuple[str, str | None]:
    with pytest.raises(Refused) as caught:
        decided(POLICY, given, as_of, registers=False, **question)
    assert re.fullmatch(r"[^A-Z].*[^.]", caught.value.message), "lower case, one sentence, no final period"
    return caught.value.message, caught.value.advice


# The action


def test_an_action_outside_the_ontology_is_refused_with_the_nearest() -> None:
    message, advice = refusal([registered()], action="deploy.extrnal.public")
    assert message.startswith("`deploy.extrnal.public` is not an action; expected one of train, store, deploy,")
    assert advice == "did you mean `deploy.external.public`?"


def test_an_action_that_is_like_none_is_refused_without_a_guess() -> None:
    message, advice = refusal([registered()], action="zzz")
    assert message.startswith("`zzz` is not an action")
    assert advice is None


def test_an_action_is_checked_before_all_else() -> None:
    with pytest.raises(Refused, match="is not an action"):
        decide([], [], asked("2025-02-01", action="fly"))


# The model


def test_a_model_that_no_event_registers_is_refused() -> None:
    message, advice = refusal([evaluated("2025-01-03", 2)])
    assert message == "no event known registers model `m` by 2025-02-01T12:00:00Z"
    assert advice == "record a model.registered event for it"


def test_a_mistyped_model_is_refused_with_the_nearest_registered_one() -> None:
    _, advice = refusal(
        [registered("halcyon-4"), event("training.started", "2025-01-03", model="halcyon-44")], model="halcyon-44"
    )
    assert advice == "did you mean `halcyon-4`?"


def test_a_registration_that_comes_later_or_is_not_known_yet_registers_nothing() -> None:
    later = registered(on="2025-02-02")
    assert "no event known registers" in refusal([later], known_at="2025-03-01")[0]
    unknown = event("model.registered", "2025-01-02", recorded="2025-02-02")
    assert "no event known registers" in refusal([unknown])[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (registered(parent="p1"), registered(on="2025-01-03", parent="p2")),
        (registered(developer="Acme"), registered(on="2025-01-03", developer="Borg")),
    ],
    ids=["parents", "developers"],
)
def test_registrations_that_disagree_are_refused(one: Given, other: Given) -> None:
    message, advice = refusal([one, other])
    assert message == "events 0, 1 register model `m` with different parents or developers"
    assert advice == "correct one with an event.corrected event"


def test_registrations_that_agree_are_one() -> None:
    decision = decided(POLICY, [registered(), registered(on="2025-01-03")], "2025-02-01", registers=False)
    assert answer(decision) == "held by default"


def test_registrations_of_an_ancestor_that_disagree_are_refused() -> None:
    refusal(
        [
            registered("p", parent="g1"),
            registered("p", on="2025-01-03", parent="g2"),
            registered("m", on="2025-01-04", parent="p"),
        ]
    )


def test_parents_in_a_circle_are_refused() -> None:
    message, advice = refusal([registered("p", parent="m"), registered("m", parent="p")])
    assert message == "the recorded parents of model `m` form a cycle through `m`"
    assert advice == "correct the registration with an event.corrected event"


def test_a_circle_further_up_is_refused_as_well() -> None:
    message, _ = refusal([registered("q", parent="p"), registered("p", parent="q"), registered("m", parent="p")])
    assert message == "the recorded parents of model `m` form a cycle through `p`"


def test_a_circle_that_is_known_to_come_does_not_refuse_the_question_of_today() -> None:
    given = [registered(), registered("p", on="2025-03-01", parent="m"), registered("m", on="2025-03-02", parent="p")]
    decision = decided(POLICY, given, "2025-02-01", known_at="2025-04-01", registers=False)
    assert answer(decision) == "held by default"


# The weights


def test_weights_that_no_event_of_the_model_names_are_refused() -> None:
    given = [registered(weights=W1), registered("other", weights=W2)]
    message, advice = refusal(given, weights=W2)
    assert message == f"no event known names weights `{W2}` of model `m`"
    assert advice is not None


def test_weights_that_are_no_digest_are_refused() -> None:
    message, _ = refusal([registered(weights=W1)], weights="latest")
    assert message.startswith("`latest` is not a digest; expected `sha256:`")


def test_weights_are_named_by_then_or_not_at_all() -> None:
    given = [registered(weights=W1), event("training.continued", "2025-03-01", weights=W2)]
    assert "no event known names weights" in refusal(given, weights=W2, known_at="2025-04-01")[0]


def test_without_weights_the_newest_checkpoint_by_first_naming_is_asked_about() -> None:
    given = [
        registered(weights=W1),
        event("training.continued", "2025-01-03", weights=W2),
        event("weights.stored", "2025-01-04", weights=W1),  # named again, not newer
    ]
    assert decided(POLICY, given, "2025-02-01", registers=False).question.weights == W2
    assert decided(POLICY, given, "2025-02-01", registers=False, weights=W1).question.weights == W1
    assert decided(POLICY, [registered()], "2025-02-01", registers=False).question.weights is None


def test_of_two_first_named_at_one_instant_the_later_recorded_is_newer_then_the_later_given() -> None:
    one = event("weights.stored", "2025-01-03", weights=W1, recorded="2025-01-05")
    other = event("weights.stored", "2025-01-03", weights=W2, recorded="2025-01-04")
    assert decided(POLICY, [registered(), one, other], "2025-02-01", registers=False).question.weights == W1
    together = [
        registered(),
        event("weights.stored", "2025-01-03", weights=W1),
        event("weights.stored", "2025-01-03", weights=W2),
    ]
    assert decided(POLICY, together, "2025-02-01", registers=False).question.weights == W2


# The policies


def test_no_policy_is_no_question() -> None:
    with pytest.raises(Refused, match=r"no version of a policy given \(none\) is in force"):
        decide([], read([registered()]), asked("2025-02-01"))


def test_a_policy_that_commits_to_nothing_is_refused() -> None:
    empty = policy("")
    with pytest.raises(
        Refused, match="`acme` 1 commits to nothing: it has no restriction, duty, pledge or goal"
    ) as caught:
        decided(empty, [], "2025-02-01")
    assert caught.value.advice == "an empty policy permits nothing; encode what it commits to"


@pytest.mark.parametrize(
    "section",
    [
        "duties: {assess: {must: assess, every: {time: 6 months}}}",
        "pledges: {share: {maintain: {quantity: share, at-least: 20%}}}",
        "goals: {level: {by: 2027-06-30}}",
    ],
)
def test_a_policy_that_restricts_nothing_but_commits_to_something_answers(section: str) -> None:
    decision = decided(section, [], "2025-02-01")
    assert (answer(decision), decision.unrestricted) == ("permitted", True)


def test_an_empty_policy_is_refused_also_beside_another() -> None:
    with pytest.raises(Refused, match="commits to nothing"):
        decided([POLICY, policy("", name="empty")], [], "2025-02-01")


def test_a_policy_without_applies_to_binds_its_issuers_models_alone() -> None:
    message, advice = refusal([registered(developer="Borg")])
    assert message == "no policy given binds `Borg`, the developer of model `m`"
    assert advice == "give a policy that the developer issued, or a law with `applies-to`"


def test_a_model_whose_registration_names_no_developer_is_the_issuers() -> None:
    assert answer(decided(POLICY, [registered(developer=None)], "2025-02-01", registers=False)) == "held by default"


# The compute


def test_a_compute_of_another_unit_is_refused() -> None:
    message, _ = refusal([registered()], at_compute="5")
    assert message == "`5` is not an effective compute; expected a number of FLOP such as `1e26 FLOP`"


def test_a_compute_below_what_is_recorded_is_refused() -> None:
    given = [registered(), compute("2025-01-03", "1e25 FLOP", lower="9e24 FLOP", upper="2e25 FLOP")]
    message, advice = refusal(given, at_compute="1.9e25 FLOP")
    assert message == "an effective compute of 1.9e25 FLOP is below what is recorded of model `m`"
    assert advice == "compute does not run backwards; ask about the recorded value or more"
    assert decided(POLICY, given, "2025-02-01", registers=False, at_compute="2e25 FLOP").question.at_compute is not None


def test_a_compute_below_a_recorded_value_with_an_open_upper_side_is_refused() -> None:
    refusal([registered(), compute("2025-01-03", "1e26 FLOP", lower="9e25 FLOP")], at_compute="1e20 FLOP")


def test_a_compute_below_what_is_recorded_of_the_parent_is_refused() -> None:
    given = [
        registered("p"),
        compute("2025-01-03", "1e26 FLOP", model="p"),
        registered("m", on="2025-01-04", parent="p"),
    ]
    refusal(given, at_compute="1e20 FLOP")


# Time


def test_what_is_recorded_later_changes_no_earlier_answer() -> None:
    early, late = judged("2025-01-03", "risky", value=False), judged("2025-01-04", "risky", recorded="2025-03-01")
    action = "deploy.external.public"
    assert answer(decided(POLICY, [early], "2025-02-01", action=action)) == "permitted"
    assert answer(decided(POLICY, [early, late], "2025-02-01", action=action)) == "permitted"
    assert answer(decided(POLICY, [early, late], "2025-02-01", action=action, known_at="2025-03-01")) == "held"


def test_known_at_is_as_of_unless_it_is_asked_otherwise() -> None:
    decision = decided(POLICY, [], "2025-02-01")
    assert decision.question.known_at == decision.question.as_of
    assert value(when(decision, "size")) == "unknown: missing"
