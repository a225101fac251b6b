from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.casebook import Boundaries, PolicyCase, TestedCasebook, boundary_casebook, read_casebook, run_cases
from interlock.engine import Question
from interlock.policy import Policy, decode
from interlock.record import Counts, EvaluationCompleted
from interlock.terms import format_instant
from interlock.testing.strategies import cases as drawn_cases
from interlock.testing.strategies import timelines
from tests.casebook.books import BODY, HEADER, policy

HALCYON = Path(__file__).resolve().parents[2] / "src/interlock/library/halcyon/policy.yaml"


def cases_of(boundaries: Boundaries) -> tuple[PolicyCase, ...]:
    return read_casebook(boundaries.text, file="acme.cases.yaml").cases if boundaries.cases else ()


def failures(boundaries: Boundaries, changed: Policy) -> list[str]:
    """Return what the cases that fail under a policy say."""
    casebook = read_casebook(boundaries.text, file="acme.cases.yaml")
    return [run.case.says for run in run_cases(casebook, [changed]) if not run.passed]


@pytest.fixture(scope="module")
def halcyon() -> str:
    return HALCYON.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def of_halcyon(halcyon: str) -> Boundaries:
    return boundary_casebook(decode(halcyon, file="policy.yaml"))


def test_drafted_cases_pass_when_they_are_run_back(halcyon: str, of_halcyon: Boundaries) -> None:
    assert of_halcyon.cases > 80
    assert failures(of_halcyon, decode(halcyon, file="policy.yaml")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("autonomy.task-success, at-least: 50%", "autonomy.task-success, at-least: 51%"),
        ("autonomy.task-success, at-least: 50%", "autonomy.task-success, at-least: 49%"),
        ("at-least: 60%, confidence: 95%", "at-least: 60%, confidence: 90%"),
        ("at-least: 60%, confidence: 95%", "at-least: 60%"),
        ("at-least: 200000 USD", "at-least: 200001 USD"),
        ("at-least: 200000 USD", "more-than: 200000 USD"),
        ("at-least: 300 hours", "at-least: 299 hours"),
        ("growth: 4x}\n  cyber", "growth: 5x}\n  cyber"),
        ("tools]\n    fresh: {for: 6 months", "tools]\n    fresh: {for: 7 months"),
        ("two-party-control: {attested-by: rso, fresh: 12 months}", "two-party-control: {attested-by: rso}"),
        ("no-exfiltration, fresh: 12 months", "no-exfiltration, fresh: 11 months"),
        ("for-at-most: 90 days", "for-at-most: 89 days"),
        ("growth: 4x, time: 6 months, whichever", "growth: 4x, time: 5 months, whichever"),
        ("growth: 4x, time: 6 months, whichever", "growth: 3x, time: 6 months, whichever"),
        ("whichever: first}\n    within: 30 days", "whichever: first}\n    within: 31 days"),
        ("public-deployment}\n    within: 30 days", "public-deployment}\n    within: 29 days"),
        ("within: 10 business days", "within: 10 days"),
        ("time: 1 month", "time: 2 months"),
        ("at-least: 20%", "more-than: 20%"),
        ("measured-every: 3 months", "measured-every: 4 months"),
        ("    otherwise: {forbids: [train]}\n", ""),
        # controls
        ("      two-party-control: {attested-by: rso, fresh: 12 months}\n", ""),
        ("      misuse-classifiers: {attested-by: rso, fresh: 6 months}\n", ""),
        (
            (
                "      jailbreak-red-team: {attested-by: reviewer, effort: {at-least: 300 hours}, "
                "outcome: no-universal-jailbreak}\n"
            ),
            "",
        ),
    ],
)
def test_a_changed_bound_or_a_deleted_control_fails_a_drafted_case(
    halcyon: str, of_halcyon: Boundaries, old: str, new: str
) -> None:
    assert halcyon.count(old) >= 1
    assert failures(of_halcyon, decode(halcyon.replace(old, new, 1), file="policy.yaml"))


def verdicts(body: str) -> list[tuple[int, int, str]]:
    """Return of each case of counts its successes, its trials and the answer."""
    boundaries = boundary_casebook(policy(body))
    found = []
    for run in run_cases(read_casebook(boundaries.text, file="acme.cases.yaml"), [policy(body)]):
        results = [event.payload.result for event in run.case.events if isinstance(event.payload, EvaluationCompleted)]
        if results and isinstance(results[0], Counts) and "turns" in run.case.says + " turns":
            answer = run.case.says.rsplit("is ", 1)[1]
            found.append((results[0].successes, results[0].trials, answer))
    return found


PLAIN = """\
measures: {{run: {{statistic: proportion, unit: task, suite: acme/run}}}}
thresholds: {{danger: {{reached-when: {{measure: run, {asked}}}}}}}
restrictions: {{hold: {{forbids: [train], when: {{reached: danger}}}}}}
"""


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        # 50 of 100 is the bound itself: at least reaches it there, more than does not.
        ("at-least: 50%", [(49, "inactive by evidence"), (50, "active by evidence"), (51, "active by evidence")]),
        ("more-than: 50%", [(50, "inactive by evidence"), (51, "active by evidence"), (52, "active by evidence")]),
        ("at-most: 50%", [(50, "active by evidence"), (51, "inactive by evidence"), (52, "inactive by evidence")]),
        ("below: 50%", [(49, "active by evidence"), (50, "inactive by evidence"), (51, "inactive by evidence")]),
        # One-sided Clopper-Pearson at 95 %: P(X >= 59 | 100, 1/2) = 0.0443 <= 0.05 < 0.0666 = P(X >= 58), so 59 is the
        # fewest with L >= 50 %; by symmetry 41 is the most with U <= 50 %, and P(X <= 41) < 0.05 makes U < 50 % there.
        (
            "at-least: 50%, confidence: 95%",
            [
                (41, "inactive by evidence"),
                (42, "active by default"),
                (43, "active by default"),
                (58, "active by default"),
                (59, "active by evidence"),
                (60, "active by evidence"),
            ],
        ),
    ],
)
def test_the_smallest_count_that_turns_a_measure_has_cases_around_it(
    asked: str, expected: list[tuple[int, str]]
) -> None:
    assert verdicts(PLAIN.format(asked=asked)) == [(k, 100, answer) for k, answer in expected]


def asked_at(boundaries: Boundaries, words: str) -> list[str]:
    return [
        format_instant(case.ask.as_of)
        for case in cases_of(boundaries)
        if words in case.says and not isinstance(case.ask, Question) and case.ask.as_of is not None
    ]


def test_a_deadline_is_asked_about_a_second_before_at_and_a_second_after() -> None:
    body = "duties: {report: {must: report, when: {event: training.started}, within: 10 days}}\n"
    boundaries = boundary_casebook(policy(body))
    # The event is of 2 January, so the tenth day after it is 12 January, which is over as the 13th begins.
    assert asked_at(boundaries, "the time for duty `report`") == [
        "2025-01-12T23:59:59Z",
        "2025-01-13T00:00:00Z",
        "2025-01-13T00:00:01Z",
    ]
    states = [case.says.rsplit("is ", 1)[1] for case in cases_of(boundaries) if "the time for duty" in case.says]
    assert states == ["open", "overdue", "overdue"]


def test_a_hold_within_which_what_goes_on_must_cease_is_replayed_around_its_end() -> None:
    body = """\
measures: {run: {statistic: proportion, unit: task, suite: acme/run}}
restrictions:
  hold: {forbids: [train], when: {measure: run, at-least: 50%, confidence: 95%}, cease-within: 24 hours}
"""
    boundaries = boundary_casebook(policy(body))
    ends = [case.says for case in cases_of(boundaries) if "24 hours" in case.says]
    assert [says.rsplit(": ", 1)[1] for says in ends] == [
        "no departure from `hold`",
        "past-cease-within of `hold`",
        "past-cease-within of `hold`",
    ]


ASSESS = "duties: {assess: {must: assess, for: each model, every: {time: 1 month}}}\n"


def hold(when: str, until: str = "") -> str:
    ends = f", until: {until}" if until else ""
    return f"restrictions: {{hold: {{forbids: [train], when: {when}{ends}}}}}\n"


@pytest.mark.parametrize(
    ("about", "parts"),
    [
        ("`share` of 20%", [hold("{quantity: share, at-least: 20%}")]),
        ("`a` of 5 (asked: below 5)", [hold("{all: [{quantity: a, below: 5}, {judged: b, by: board}]}")]),
        ("`a` of 5 (asked: below 5)", [hold("{all: [{quantity: a, below: 5}, {undefined: {owed: a test}}]}")]),
        (
            "the 30 days for which `plan` must have been public",
            [hold("{not: {published: plan, for-at-least: 30 days}}"), "documents: {plan: {sections: [one]}}\n"],
        ),
        (
            "the first day of the 30 days before its publication in which the time must end that `plan` covers",
            [hold("{not: {published: plan, coverage-within: 30 days}}"), "documents: {plan: {sections: [one]}}\n"],
        ),
        (
            "the first day of the 1 month before its publication in which the time must end that `plan` covers",
            [hold("{published: plan, for-at-least: 2 days, coverage-within: 1 month}"), "documents: {plan: {}}\n"],
        ),
        ("the 6 months since `assess` was done", [hold("{elapsed: 6 months, since: assess}"), ASSESS]),
        (
            "growth of `effective-compute` since `assess` was done of 4x",
            [hold("{growth: effective-compute, since: assess, at-least: 4x}"), ASSESS],
        ),
        ("the end of the 3 months", [hold("{not: {judged: safe, by: board, fresh: 3 months}}")]),
        ("the end of the 2 weeks", [hold("{event: training.started, within-last: 2 weeks}")]),
        (
            "a lower bound of 2x on `gain`",
            [
                "measures: {gain: {statistic: uplift, suite: acme/gain}}\n",
                "thresholds: {danger: {reached-when: {measure: gain, more-than: 2x, confidence: 90%}}}\n",
                hold("{reached: danger}"),
            ],
        ),
        (
            "a millionth less than 2x the compute since `gain`",
            [
                "measures: {gain: {statistic: mean, suite: acme/gain, fresh: {growth: 2x}}}\n",
                hold("{not: {measure: gain, at-most: 30%}}"),
            ],
        ),
        (
            "the 60 days of permission `ease`",
            [
                "standards:\n",
                "  usual: {controls: {locks: {attested-by: rso}}}\n",
                "  interim: {controls: {seals: {attested-by: rso}}}\n",
                hold("{judged: dangerous, by: board}", until="{meets: usual}"),
                "permissions:\n",
                "  ease: {replaces: {usual: interim}, when: {judged: fit, by: board}, for-at-most: 60 days}\n",
            ],
        ),
        (
            "`size` of 1e26 FLOP",
            [
                "terms:\n",
                "  big: {readings: {a: {quantity: size, more-than: 1e26 FLOP}, b: {judged: big, by: board}}}\n",
                hold("{term: big}"),
            ],
        ),
        (
            "the time for duty `tell`, extended by 15 days",
            [
                "duties:\n  tell:\n    must: tell\n    for: each incident\n",
                "    when: {event: incident.determined}\n    within: 72 hours\n    clock: discovery\n",
                "    extended: {by: 15 days, when: {judged: hard, by: board}}\n",
            ],
        ),
    ],
)
def test_every_sort_of_bound_has_cases_that_pass_and_differ(about: str, parts: list[str]) -> None:
    body = "".join(parts)
    boundaries = boundary_casebook(policy(body))
    told = [case.says for case in cases_of(boundaries) if about.lower() in case.says.lower()]
    assert told, (boundaries.text, boundaries.left_out)
    assert failures(boundaries, policy(body)) == []


def test_what_can_not_be_isolated_is_listed_with_the_reason() -> None:
    body = """\
measures: {run: {statistic: proportion, unit: task, suite: acme/run}}
thresholds:
  danger: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}
  unread: {reached-when: {measure: run, at-least: 10%}}
restrictions:
  hold: {forbids: [train], when: {all: [{reached: danger}, {undefined: {owed: a test}}]}}
  buffer: {forbids: [store], when: {not: {ruled-out: danger, ahead: 6x}}, modality: aim}
amendments: {approved-by: [board], notice: 14 days}
"""
    found = boundary_casebook(policy(body)).left_out
    assert {(one.about, one.why) for one in found if "`danger`" not in one.about} == {
        (
            "the notice of 14 days of an amendment",
            "an amendment is judged by two versions of the policy, and one is given",
        ),
        (
            "`ahead` of restriction `buffer`",
            "a margin of compute is stated by the evidence's plan, not by the policy alone",
        ),
        ("`run` in threshold `unread`", "no restriction, pledge or duty reads it"),
    }
    listed = boundary_casebook(policy(body)).text
    assert "# No cases for" in listed
    assert all(f"# - {about}: {why}" in listed for about, why in ((one.about, one.why) for one in found))


def test_a_policy_without_bounds_has_no_cases() -> None:
    boundaries = boundary_casebook(policy("restrictions: {hold: {forbids: [train], when: {judged: a, by: board}}}\n"))
    assert (boundaries.cases, boundaries.left_out) == (0, ())


def test_drafting_twice_gives_the_same_text() -> None:
    assert boundary_casebook(policy()).text == boundary_casebook(decode(HEADER + BODY, file="other.yaml")).text


@pytest.mark.slow
@settings(max_examples=12)
@given(st.one_of(drawn_cases(most_events=1), timelines(most_events=1)))
def test_of_any_policy_the_drafted_cases_pass(drawn: object) -> None:
    for one in drawn.policies:  # type: ignore[attr-defined]  # what both strategies draw
        boundaries = boundary_casebook(one)
        if boundaries.cases:
            tested = TestedCasebook.of(read_casebook(boundaries.text, file="drawn.cases.yaml"), [one])
            assert [run.case.says for run in tested.failed] == []
            assert tested.coverage.seen <= tested.coverage.demanded
