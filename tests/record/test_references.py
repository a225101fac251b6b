"""References between events: an ignored one could leave a ruling-out standing, so each must resolve."""

from __future__ import annotations

import pytest

from interlock.record import EvaluationWithdrawn, history
from interlock.terms import digest_of_json
from tests.record.samples import (
    OTHER_DIGEST,
    Object,
    at,
    changed,
    correction,
    evaluation,
    event,
    faults_of,
    noon,
    read,
)


def withdrawal(of: int | str, /, **data: object) -> Object:
    return event("evaluation.withdrawn", {"evaluation": of, "reason": "grader fault", **data})


def test_a_withdrawal_names_an_evaluation_by_index_or_digest() -> None:
    first, second = evaluation(8), evaluation(32)
    assert history(read(first, second, withdrawal(1)), at("12-31")).withdrawn.keys() == {1}
    by_digest = read(first, second, withdrawal(digest_of_json(second), **{"replaced-by": 0}))
    assert history(by_digest, at("12-31")).withdrawn == {1: (by_digest[2],)}
    assert by_digest[2].payload == EvaluationWithdrawn(
        evaluation=digest_of_json(second), reason="grader fault", replaced_by=0
    )


def test_a_reference_may_name_a_later_line() -> None:
    assert history(read(withdrawal(1), evaluation(8)), at("12-31")).withdrawn.keys() == {1}


def test_a_digest_names_all_identical_events() -> None:
    """One copy left in the evidence would leave standing what was withdrawn."""
    twice = read(evaluation(8), evaluation(8), withdrawal(digest_of_json(evaluation(8))))
    assert history(twice, at("12-31")).withdrawn.keys() == {0, 1}


@pytest.mark.parametrize("reference", [2, 9, OTHER_DIGEST, digest_of_json(evaluation(9))])
def test_a_withdrawal_of_nothing_is_a_fault(reference: int | str) -> None:
    found = faults_of(evaluation(8), withdrawal(reference))
    assert found == [f"2: `evaluation`: there is no event `{reference}`"]


@pytest.mark.parametrize("kind", ["evaluation.planned", "evaluation.started", "model.registered", "control.attested"])
def test_a_withdrawal_of_what_is_no_evaluation_is_a_fault(kind: str) -> None:
    assert faults_of(event(kind), withdrawal(0)) == [f"2: `evaluation`: event `0` is `{kind}`"]
    assert faults_of(evaluation(8), withdrawal(1)) == ["2: `evaluation`: event `1` is `evaluation.withdrawn`"]


def test_a_withdrawal_about_another_model_than_the_evaluation_is_a_fault() -> None:
    """It is most likely an index that is off by one."""
    other = evaluation(8, subject={"model": "halcyon-3"})
    assert faults_of(evaluation(8), other, withdrawal(1)) == ["3: event `1` is an evaluation of `halcyon-3`"]
    same = evaluation(8, subject={"model": "halcyon-4", "weights": OTHER_DIGEST})
    assert history(read(same, withdrawal(0)), at("12-31")).withdrawn.keys() == {0}


def test_what_replaces_a_withdrawn_evaluation_is_another_evaluation() -> None:
    assert faults_of(evaluation(8), withdrawal(0, **{"replaced-by": 0})) == [
        "2: `replaced-by` names the evaluation that is withdrawn"
    ]
    assert faults_of(evaluation(8), withdrawal(0, **{"replaced-by": 1})) == [
        "2: `replaced-by`: event `1` is `evaluation.withdrawn`"
    ]
    assert faults_of(evaluation(8), withdrawal(0, **{"replaced-by": 5})) == ["2: `replaced-by`: there is no event `5`"]


def test_the_evidence_of_a_submission_is_evaluations() -> None:
    sound = read(
        evaluation(8), evaluation(9), changed("document.submitted", evidence=[1, digest_of_json(evaluation(8))])
    )
    assert history(sound, at("12-31")).evidence == {2: (1, 0)}
    assert faults_of(event("model.registered"), changed("document.submitted", evidence=[0, 7])) == [
        "2: `evidence[0]`: event `0` is `model.registered`",
        "2: `evidence[1]`: there is no event `7`",
    ]


def test_references_within_an_event_written_out_are_followed_too() -> None:
    inner = withdrawal(7)
    assert faults_of(evaluation(8), withdrawal(0), correction(1, inner)) == [
        "3: `data.by.evaluation`: there is no event `7`".replace("data.", "")
    ]
    nested = correction(1, {**correction(8, evaluation(8))})
    assert faults_of(evaluation(8), correction(0, evaluation(9)), nested) == ["3: `by.event`: there is no event `8`"]


def test_an_evaluation_written_out_in_a_correction_is_named_by_the_correction() -> None:
    events = read(evaluation(8), correction(0, evaluation(9)), withdrawal(1))
    assert history(events, at("12-31")).withdrawn.keys() == {1}
    assert faults_of(evaluation(8), correction(0, evaluation(9)), withdrawal(digest_of_json(evaluation(9)))) == [
        f"3: `evaluation`: there is no event `{digest_of_json(evaluation(9))}`"
    ]


def test_a_reference_to_an_event_that_has_faults_itself_adds_no_fault() -> None:
    assert faults_of(evaluation(41), withdrawal(0)) == ["1: `successes` is 41 of 40 trials"]
    assert faults_of(evaluation(41), withdrawal(digest_of_json(evaluation(41)))) == [
        "1: `successes` is 41 of 40 trials"
    ]


def test_a_reference_is_followed_only_to_what_is_known() -> None:
    late = evaluation(8, occurred=noon("03-01"), recorded=noon("06-01"))
    events = read(late, withdrawal(0), changed("document.submitted", evidence=[0]))
    then, later = history(events, at("04-01")), history(events, at("06-01"))
    assert (then.withdrawn, then.evidence) == ({}, {2: ()})
    assert (set(later.withdrawn), later.evidence) == ({0}, {2: (0,)})
