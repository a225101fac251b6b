"""What a log becomes as the `data` of an event, and every reason why it becomes none."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.evidence import (
    Assertion,
    CountingRule,
    EvaluationLog,
    EvidenceRefusedError,
    Finding,
    OtherScore,
    RunStatus,
    Scope,
    Score,
    ScoreEdit,
    Unchanged,
    UnitPasses,
    Unscored,
    summarise,
)
from interlock.evidence._reasons import _ADVICE
from tests.evidence.builders import COMPLETED, CREATED, PROTOCOL, RULE, log_of, row, with_row, without_row

MIXED = {"a": ["C"], "b": ["I"], "c": ["I"]}


def refusal(log: EvaluationLog, **arguments: object) -> EvidenceRefusedError:
    """Return the refusal of a log."""
    options = {"protocol": PROTOCOL, "rule": RULE} | arguments
    with pytest.raises(EvidenceRefusedError) as caught:
        summarise(log, **options)  # type: ignore[arg-type] # the options of `summarise`, as each test gives them
    assert caught.value.advice, "a refusal says what to do"
    return caught.value


def test_one_epoch_gives_successes_and_trials() -> None:
    summary = summarise(log_of(MIXED), protocol=PROTOCOL, rule=RULE, plan="plan-7")
    expected = {
        "measure": "autonomy.task-success",
        "suite": "acme/autonomy",
        "elicitation": ["tools"],
        "log": "sha256:" + "0" * 64,
        "plan": "plan-7",
        "successes": 1,
        "trials": 3,
        "x-task": "acme/autonomy",
        "x-task-version": "1",
        "x-model": "acme/model",
        "x-run": "run-1",
        "x-status": "success",
        "x-scorer": "match",
        "x-epochs": 1,
        "x-tries": {"planned": 3, "recorded": 3, "scored": 3},
        "x-created": "2025-03-01T12:00:00Z",
        "x-findings": [],
    }
    assert summary.data == expected
    assert summary.occurred == COMPLETED
    assert summary.findings == ()


def test_several_epochs_give_one_cluster_for_each_sample() -> None:
    data = summarise(log_of({"a": ["C", "I"], "b": ["C", "C"]}), protocol=PROTOCOL, rule=RULE).data
    assert data["clusters"] == [{"id": "a", "successes": 1, "trials": 2}, {"id": "b", "successes": 2, "trials": 2}]
    assert "trials" not in data
    assert "successes" not in data


def test_numbers_and_truth_values_count_as_passes_and_fails() -> None:
    log = log_of({"a": [1], "b": [1.0], "c": [True], "d": [0], "e": [0.0], "f": [False], "g": ["I"], "h": ["C"]})
    data = summarise(log, protocol=PROTOCOL, rule=RULE).data
    assert (data["successes"], data["trials"]) == (4, 8)  # 1, 1.0, true and C


def test_a_unit_that_names_its_cluster_is_clustered_by_the_samples_metadata() -> None:
    log = log_of({"a": ["C"], "b": ["I"], "c": ["C"]})
    for index, family in enumerate(("web", "pwn", "web")):
        log = with_row(log, index, metadata={"family": family})
    rule = CountingRule(measure="m", cluster_key="family")
    data = summarise(log, protocol=PROTOCOL, rule=rule).data
    assert data["clusters"] == [{"id": "web", "successes": 2, "trials": 2}, {"id": "pwn", "successes": 0, "trials": 1}]
    assert data["x-cluster-key"] == "family"


def test_a_sample_without_the_cluster_key_refuses_the_log() -> None:
    log = with_row(log_of({"a": ["C"], "b": ["I"]}), 0, metadata={"family": "web"})
    error = refusal(log, rule=CountingRule(measure="m", cluster_key="family"))
    assert error.reason_ids == ("no-cluster-key",)
    assert "`b`" in str(error)


def test_a_sample_in_two_clusters_refuses_the_log() -> None:
    log = log_of({"a": ["C", "C"]})
    log = with_row(with_row(log, 0, metadata={"family": "web"}), 1, metadata={"family": "pwn"})
    assert refusal(log, rule=CountingRule(measure="m", cluster_key="family")).reason_ids == ("cluster-disagrees",)


TWO_OF_THREE = CountingRule(measure="m", unit_passes=UnitPasses(at_least=2, of=3))


def test_unit_passes_counts_units_not_tries() -> None:
    log = log_of({"a": ["C", "I", "C"], "b": ["C", "I", "I"], "c": ["I", "I", "I"]})
    data = summarise(log, protocol=PROTOCOL, rule=TWO_OF_THREE).data
    assert (data["successes"], data["trials"]) == (1, 3)  # only a passes twice
    assert data["x-unit-passes"] == {"at-least": 2, "of": 3}


def test_units_of_a_family_are_clustered() -> None:
    log = log_of({"a": ["C", "C", "C"], "b": ["I", "I", "I"]})
    log = replace(log, rows=tuple(replace(one, metadata={"family": "web"}) for one in log.rows))
    rule = replace(TWO_OF_THREE, cluster_key="family")
    assert summarise(log, protocol=PROTOCOL, rule=rule).data["clusters"] == [{"id": "web", "successes": 1, "trials": 2}]


def test_a_unit_that_has_its_passes_needs_no_further_tries() -> None:
    log = without_row(log_of({"a": ["C", "C", "I"], "b": ["I", "I", "I"]}), 2)
    data = summarise(log, protocol=PROTOCOL, rule=TWO_OF_THREE).data
    assert (data["successes"], data["trials"]) == (1, 2)


def test_a_unit_with_too_few_tries_is_never_a_failure() -> None:
    error = refusal(log_of({"a": ["C", "C"], "b": ["I", "I"]}), rule=TWO_OF_THREE)
    assert error.reason_ids == ("unscored",)
    assert "1 of 2 units are undecided (too-few-tries 1)" in str(error)


def test_a_run_with_more_tries_than_asked_is_refused() -> None:
    """Passing twice in four tries is easier than in three: the number would not be the measure's."""
    assert "too-many-tries" in refusal(log_of({"a": ["C", "I", "I", "C"]}), rule=TWO_OF_THREE).reason_ids


@pytest.mark.parametrize(("at_least", "of"), [(0, 1), (2, 1), (-1, 3)])
def test_unit_passes_that_no_run_can_mean_are_refused(at_least: int, of: int) -> None:
    with pytest.raises(ValueError, match=f"{at_least} of {of}"):
        UnitPasses(at_least=at_least, of=of)


UNDECIDED = {
    "missing": without_row(log_of(MIXED), 1),
    "nan": with_row(log_of(MIXED), 1, scores={"match": Score(value=Unscored())}),
    "no score of this scorer": with_row(log_of(MIXED), 1, scores={}),
    "error": with_row(log_of(MIXED), 1, error="out of memory"),
    "error with a failing score": with_row(log_of(MIXED), 1, error="out of memory", scores={"match": Score(value="I")}),
    "stopped by an operator": with_row(log_of(MIXED), 1, limit="operator"),
    "another model answered": with_row(log_of(MIXED), 1, substitutes=("acme/small",)),
    "the grader failed": with_row(log_of(MIXED), 1, scores={"match": Score(value="I", reason="grader_failed")}),
    "no answer": with_row(log_of(MIXED), 1, scores={"match": Score(value="N")}),
    "refusal": with_row(log_of(MIXED), 1, scores={"match": Score(value="I", reason="refusal")}),
    "empty answer": with_row(log_of(MIXED), 1, scores={"match": Score(value=0, reason="no_response")}),
}


@pytest.mark.parametrize("case", UNDECIDED)
def test_an_undecided_try_is_neither_dropped_nor_a_failure(case: str) -> None:
    error = refusal(UNDECIDED[case])
    assert error.reason_ids == ("unscored",)
    assert "1 of 3 tries are undecided" in str(error)


def test_a_protocol_may_state_that_no_answer_is_a_failure() -> None:
    protocol = replace(PROTOCOL, no_answer_fails=True)
    for case in ("no answer", "refusal", "empty answer"):
        summary = summarise(UNDECIDED[case], protocol=protocol, rule=RULE)
        assert (summary.data["successes"], summary.data["trials"]) == (1, 3)
        assert [finding.id for finding in summary.findings] == ["no-answer-counted"]


def test_a_passing_try_stays_a_pass_whatever_the_scorer_says_of_it() -> None:
    log = with_row(log_of(MIXED), 0, scores={"match": Score(value="C", reason="refusal")})
    assert summarise(log, protocol=PROTOCOL, rule=RULE).data["successes"] == 1


NOT_BINARY = ["P", 0.5, 2, -1, "yes", "", OtherScore("{...}")]


@pytest.mark.parametrize("value", NOT_BINARY, ids=str)
def test_a_score_that_is_neither_pass_nor_fail_refuses_the_log(value: float | str | OtherScore) -> None:
    error = refusal(log_of({"a": ["C"], "b": [value]}))
    assert error.reason_ids == ("not-binary",)
    assert "inspect score" in (error.advice or "")


def test_a_score_of_many_refuses_even_a_unit_that_has_its_passes() -> None:
    assert "not-binary" in refusal(log_of({"a": ["C", "C", "P"]}), rule=TWO_OF_THREE).reason_ids


@pytest.mark.parametrize("status", [RunStatus.STARTED, RunStatus.ERROR, RunStatus.CANCELLED])
def test_a_run_that_did_not_succeed_is_no_evidence_even_with_every_score(status: RunStatus) -> None:
    error = refusal(log_of(MIXED, status=status))
    assert error.reason_ids == ("not-finished",)
    assert "3 of 3 tries recorded" in str(error)


def test_an_invalidated_run_is_no_evidence() -> None:
    assert refusal(log_of(MIXED, invalidated=True)).reason_ids == ("invalidated",)


def test_an_invalidated_sample_bars_the_run_though_the_run_is_not_marked() -> None:
    assert "invalidated" in refusal(with_row(log_of(MIXED), 1, invalidated=True)).reason_ids


@pytest.mark.parametrize("contradiction", ["summaries-disagree", "start-disagrees"])
def test_a_log_that_contradicts_itself_is_no_evidence(contradiction: str) -> None:
    log = log_of(MIXED, findings=(Finding(contradiction, "they disagree"),))
    assert refusal(log).reason_ids == (contradiction,)


def test_a_part_of_the_suite_is_evidence_only_where_the_protocol_allows_it() -> None:
    scope = Scope(samples=("a", "b", "c"), epochs=1, stated_tries=3, suite_size=100)
    log = log_of(MIXED, scope=scope)
    error = refusal(log)
    assert error.reason_ids == ("subset",)
    assert "3 of the 100 samples" in str(error)
    allowed = summarise(log, protocol=replace(PROTOCOL, subset_allowed=True), rule=RULE)
    assert allowed.data["trials"] == 3
    assert [finding.id for finding in allowed.findings] == ["subset"]


def test_results_that_speak_of_another_number_of_tries_are_a_contradiction() -> None:
    scope = Scope(samples=("a", "b", "c"), epochs=1, stated_tries=4, suite_size=3)
    assert refusal(log_of(MIXED, scope=scope)).reason_ids == ("scope-disagrees",)


def test_a_log_that_does_not_say_what_it_set_out_to_do_is_no_evidence() -> None:
    scope = Scope(samples=None, epochs=1, stated_tries=None, suite_size=3)
    assert refusal(log_of(MIXED, scope=scope)).reason_ids == ("scope-unknown",)


def test_an_older_log_without_a_list_of_samples_is_counted_by_its_stated_tries() -> None:
    scope = Scope(samples=None, epochs=1, stated_tries=3, suite_size=3)
    log = log_of(MIXED, scope=scope)
    assert summarise(log, protocol=PROTOCOL, rule=RULE).data["trials"] == 3
    lacking = refusal(without_row(log, 1))
    assert lacking.reason_ids == ("unscored",)
    assert "no-record 1" in str(lacking)


def test_stated_tries_that_no_number_of_samples_makes_are_a_contradiction() -> None:
    scope = Scope(samples=None, epochs=2, stated_tries=3, suite_size=1)
    assert "scope-disagrees" in refusal(log_of({"a": ["C", "C"]}, scope=scope)).reason_ids


UNPLANNED = {
    "an unlisted sample": log_of(MIXED, rows=(*log_of(MIXED).rows, row("d", "I"))),
    "an epoch too many": log_of(MIXED, rows=(*log_of(MIXED).rows, row("a", "I", 2))),
    "more samples than stated": log_of(MIXED, scope=Scope(samples=None, epochs=1, stated_tries=2, suite_size=2)),
}


@pytest.mark.parametrize("case", UNPLANNED)
def test_tries_beyond_the_plan_refuse_the_log(case: str) -> None:
    """Tries could be added until the bound falls below a threshold."""
    assert refusal(UNPLANNED[case]).reason_ids == ("unplanned-tries",)


def test_of_several_scorers_none_counts_until_the_protocol_names_one() -> None:
    scores = {"match": Score(value="C"), "judge": Score(value="I")}
    log = log_of({"a": ["C"]}, scorers=("judge", "match"))
    log = with_row(log, 0, scores=scores)
    assert refusal(log).reason_ids == ("several-scorers",)
    assert summarise(log, protocol=replace(PROTOCOL, scorer="judge"), rule=RULE).data["successes"] == 0
    assert summarise(log, protocol=replace(PROTOCOL, scorer="match"), rule=RULE).data["successes"] == 1
    unknown = refusal(log, protocol=replace(PROTOCOL, scorer="other"))
    assert unknown.reason_ids == ("unknown-scorer",)
    assert "`judge`, `match`" in str(unknown)


def test_a_scorer_that_never_scored_does_not_leave_the_field_to_another() -> None:
    log = log_of(MIXED, declared_scorers=("match", "judge"))
    assert refusal(log).reason_ids == ("several-scorers",)


def test_a_log_without_scores_or_samples_is_no_evidence() -> None:
    unscored = replace(log_of(MIXED), scorers=(), rows=tuple(replace(one, scores={}) for one in log_of(MIXED).rows))
    assert refusal(unscored).reason_ids == ("no-scores",)
    assert refusal(log_of(MIXED, rows=(), scorers=())).reason_ids == ("no-records",)
    empty = Scope(samples=(), epochs=1, stated_tries=0, suite_size=0)
    assert refusal(log_of({}, scope=empty)).reason_ids == ("no-records",)


@pytest.mark.parametrize("statistic", ["rate", "mean", "median", "quantity", "uplift", "time-horizon"])
def test_only_a_proportion_is_counted_from_a_log(statistic: str) -> None:
    assert refusal(log_of(MIXED), rule=CountingRule(measure="m", statistic=statistic)).reason_ids == (
        "not-a-proportion",
    )


def test_every_reason_is_told_at_once() -> None:
    log = log_of({"a": ["C"], "b": ["P"], "c": [Unscored()]}, invalidated=True, status=RunStatus.ERROR, completed=None)
    assert refusal(log).reason_ids == ("invalidated", "not-finished", "no-completion-time", "not-binary", "unscored")


def edited(*history: ScoreEdit, value: str = "I") -> EvaluationLog:
    """Return a log whose first score has that history."""
    return with_row(log_of(MIXED), 0, scores={"match": Score(value=value, history=history)})


ORIGINAL = ScoreEdit(value="C", author=None)


def test_an_edited_score_counts_as_edited_and_is_a_finding() -> None:
    summary = summarise(
        edited(ORIGINAL, ScoreEdit(value="I", author="ann", reason="wrong grade")), protocol=PROTOCOL, rule=RULE
    )
    assert summary.data["successes"] == 0
    [finding] = summary.findings
    assert finding == Finding("score-edited", "1 score was edited by ann, 1 from passed to not passed")
    assert summary.data["x-findings"] == [{"id": finding.id, "detail": finding.detail}]


def test_an_edit_that_leaves_the_value_unchanged_is_no_contradiction() -> None:
    log = edited(ORIGINAL, ScoreEdit(value=Unchanged(), author="ann"), value="C")
    assert summarise(log, protocol=PROTOCOL, rule=RULE).data["successes"] == 1


@pytest.mark.parametrize(
    "history", [(ORIGINAL, ScoreEdit(value="I", author=None)), (ScoreEdit(value="I", author=None),)]
)
def test_an_edit_by_nobody_refuses_the_log(history: tuple[ScoreEdit, ...]) -> None:
    assert refusal(edited(*history)).reason_ids == ("edit-without-author",)


def test_a_score_that_its_history_does_not_end_with_refuses_the_log() -> None:
    log = edited(ORIGINAL, ScoreEdit(value="C", author="ann"), value="I")
    assert refusal(log).reason_ids == ("edit-disagrees",)


def test_the_end_of_the_run_is_asked_for_only_where_the_log_is_silent() -> None:
    silent = log_of(MIXED, completed=None)
    later = COMPLETED + timedelta(days=90)
    assert refusal(silent).reason_ids == ("no-completion-time",)
    assert summarise(silent, protocol=PROTOCOL, rule=RULE, occurred=later).occurred == later
    assert refusal(log_of(MIXED), occurred=later).reason_ids == ("occurred-disagrees",)
    assert refusal(silent, occurred=CREATED - timedelta(seconds=1)).reason_ids == ("occurred-disagrees",)
    assert summarise(log_of(MIXED), protocol=PROTOCOL, rule=RULE, occurred=COMPLETED).occurred == COMPLETED


def test_tries_taken_over_from_an_earlier_run_age_the_evidence() -> None:
    """A retry keeps the tries of the run before it: their age counts, not the day of the retry."""
    old = datetime(2024, 6, 1, tzinfo=UTC)
    log = with_row(with_row(log_of(MIXED), 0, completed=old), 1, completed=COMPLETED)
    summary = summarise(log, protocol=PROTOCOL, rule=RULE)
    assert summary.occurred == old
    assert [finding.id for finding in summary.findings] == ["carried-over"]
    assert "2024-06-01T00:00:00Z" in summary.findings[0].detail


def test_where_the_log_does_not_say_when_it_began_the_first_try_ages_the_evidence() -> None:
    first = CREATED + timedelta(minutes=5)
    log = with_row(with_row(log_of(MIXED, created=None), 0, completed=first), 1, completed=COMPLETED)
    summary = summarise(log, protocol=PROTOCOL, rule=RULE)
    assert summary.occurred == first
    assert "x-created" not in summary.data


def test_retries_limits_and_unmentioned_arguments_are_findings() -> None:
    log = with_row(with_row(log_of(MIXED), 0, retries=2), 1, limit="token")
    log = replace(log, passed_args={"attempts": 1}, findings=(Finding("merged-shards", "merged"),))
    summary = summarise(log, protocol=PROTOCOL, rule=RULE)
    expected = ["merged-shards", "retried", "limit-reached", "arguments-not-in-protocol"]
    assert [finding.id for finding in summary.findings] == expected
    assert "token 1" in summary.findings[2].detail
    assert summary.data["trials"] == 3


def halves(successes: int, trials: int) -> tuple[Fraction, Fraction]:
    """Return bounds that are no bounds, but easy to follow: half the share below, and half the rest above."""
    share = Fraction(successes, trials)
    return share / 2, (share + 1) / 2


ASSERTION = Assertion(confidence="95%", bounds=halves)


def test_an_incomplete_run_can_be_asserted_with_each_undecided_try_against_each_bound() -> None:
    log = without_row(log_of({"a": ["C"], "b": ["C"], "c": ["I"]}, status=RunStatus.STARTED), 2)
    summary = summarise(log, protocol=PROTOCOL, rule=RULE, incomplete=ASSERTION)
    # 2 of 3 passed for sure: lower 2/3 / 2 = 1/3, rounded down; all 3 may have: upper (1 + 1) / 2
    assert summary.data["estimate"] == "66.6666%"
    assert summary.data["lower"] == "33.3333%"
    assert summary.data["upper"] == "100%"
    assert summary.data["confidence"] == "95%"
    assert summary.data.keys().isdisjoint({"method", "successes", "trials", "clusters"})
    assert [finding.id for finding in summary.findings] == ["asserted-not-finished", "asserted-unscored"]


def test_an_asserted_bound_is_rounded_outward() -> None:
    log = without_row(log_of({"a": ["C"], "b": ["I"], "c": ["I"], "d": ["I"]}), 3)

    def thirds(successes: int, _trials: int) -> tuple[Fraction, Fraction]:
        return Fraction(successes, 3), Fraction(successes, 3)

    data = summarise(log, protocol=PROTOCOL, rule=RULE, incomplete=Assertion(confidence="95%", bounds=thirds)).data
    assert (data["lower"], data["upper"]) == ("33.3333%", "66.6667%")  # 1/3 down, 2/3 up


def test_a_whole_run_is_counted_though_an_assertion_is_allowed() -> None:
    data = summarise(log_of(MIXED), protocol=PROTOCOL, rule=RULE, incomplete=ASSERTION).data
    assert data["trials"] == 3
    assert "estimate" not in data


@pytest.mark.parametrize(
    "log",
    [
        log_of(MIXED, invalidated=True),
        log_of(MIXED, findings=(Finding("summaries-disagree", "they disagree"),)),
        log_of({"a": ["C"], "b": ["P"]}),
        without_row(log_of({"a": ["C", "C"], "b": ["C", "C"]}), 0),
        log_of(MIXED, rows=(), scorers=(), status=RunStatus.CANCELLED),
    ],
    ids=["invalidated", "contradicts itself", "not binary", "clustered", "empty"],
)
def test_an_assertion_does_not_mend_what_is_wrong_otherwise(log: EvaluationLog) -> None:
    refusal(log, incomplete=ASSERTION)


TRIES = st.sampled_from(["C", "I", None, Unscored()])


@given(
    table=st.lists(st.lists(TRIES, min_size=3, max_size=3), min_size=1, max_size=3),
    at_least=st.integers(1, 3),
    by_unit=st.booleans(),
)
def test_whatever_is_counted_would_be_the_same_however_the_undecided_tries_had_gone(
    table: list[list[str | Unscored | None]], at_least: int, *, by_unit: bool
) -> None:
    """The law behind every refusal: no count hangs on a try that was not brought to its end."""
    rule = CountingRule(measure="m", unit_passes=UnitPasses(at_least=at_least, of=3) if by_unit else None)
    whole = log_of({str(number): ["I", "I", "I"] for number in range(len(table))})
    places = [(str(number), epoch + 1) for number in range(len(table)) for epoch in range(3)]
    values = dict(zip(places, itertools.chain.from_iterable(table), strict=True))

    def log_with(chosen: dict[tuple[str, int], str | Unscored | None]) -> EvaluationLog:
        rows = tuple(row(sample, value, epoch) for (sample, epoch), value in chosen.items() if value is not None)
        return replace(whole, rows=rows, scorers=("match",) if rows else ())

    open_places = [place for place, value in values.items() if value is None or isinstance(value, Unscored)]
    endings = [values | dict.fromkeys(open_places, end) for end in ("C", "I")]
    endings += [values | dict(zip(open_places, itertools.cycle("CI"), strict=False))]
    counted = [summarise(log_with(ending), protocol=PROTOCOL, rule=rule).data for ending in endings]
    results = [(data.get("clusters"), data.get("successes"), data.get("trials")) for data in counted]
    try:
        data = summarise(log_with(values), protocol=PROTOCOL, rule=rule).data
    except EvidenceRefusedError:
        assert open_places, "a whole log is never refused"
    else:
        assert results == [(data.get("clusters"), data.get("successes"), data.get("trials"))] * len(endings)
        assert by_unit or not open_places


def test_every_advice_is_reached_by_some_reason_of_these_tests() -> None:
    """Guards the table of advice against reasons that no longer exist."""
    logs: list[tuple[EvaluationLog, dict[str, object]]] = [
        (log_of({"a": ["C"], "b": ["P"]}, invalidated=True, status=RunStatus.ERROR, completed=None), {}),
        (UNDECIDED["nan"], {}),
        (log_of(MIXED, rows=(), scorers=()), {}),
        (log_of(MIXED, scorers=()), {}),
        (log_of(MIXED, declared_scorers=("match", "judge")), {}),
        (log_of(MIXED), {"protocol": replace(PROTOCOL, scorer="other")}),
        (log_of(MIXED), {"rule": CountingRule(measure="m", statistic="mean")}),
        (log_of(MIXED), {"rule": CountingRule(measure="m", cluster_key="family")}),
        (log_of(MIXED), {"occurred": CREATED}),
        (log_of(MIXED, scope=Scope(samples=("a", "b", "c"), epochs=1, stated_tries=9, suite_size=9)), {}),
        (log_of(MIXED, scope=Scope(samples=None, epochs=1, stated_tries=None, suite_size=9)), {}),
        (UNPLANNED["an unlisted sample"], {}),
        (edited(ORIGINAL, ScoreEdit(value="P", author=None), value="I"), {}),
        (log_of({"a": ["C", "I", "I", "C"]}), {"rule": TWO_OF_THREE}),
    ]
    contradictions = tuple(Finding(name, "they disagree") for name in ("summaries-disagree", "start-disagrees"))
    logs.append((log_of(MIXED, findings=contradictions), {}))
    split = with_row(with_row(log_of({"a": ["C", "C"]}), 0, metadata={"f": "x"}), 1, metadata={"f": "y"})
    logs.append((split, {"rule": CountingRule(measure="m", cluster_key="f")}))
    reached = {name for log, options in logs for name in refusal(log, **options).reason_ids}
    assert reached == set(_ADVICE)
