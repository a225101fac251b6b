from __future__ import annotations

import pytest

from interlock.casebook import CaseRun
from tests.casebook.books import BODY, HEADER, cases_run, policy, run, run_of

ASK = "{decide: {action: train}}"
HELD = f"[{run_of(90)}]"
FREE = f"[{run_of(5)}]"
SECURED = (
    f"[{run_of(90)}, {{control.attested: {{control: locks, value: true}}, role: rso, occurred: 2025-02-21}}, "
    "{control.attested: {control: audit, value: true, effort: 100 hours}, role: board, occurred: 2025-02-21}]"
)
GRACE = (
    f"[{run_of(90)}, {{determination.made: {{judged: safe-for-now, value: true}}, role: board, occurred: 2025-02-21}}]"
)


def said(one: CaseRun) -> list[tuple[str, str, str]]:
    return [(mismatch.what, mismatch.expected, mismatch.got) for mismatch in one.mismatches]


@pytest.mark.parametrize(
    ("events", "expect"),
    [
        ("[]", "{outcome: held, by-default: true, because: hold, reasons: missing}"),
        (HELD, "{outcome: held, by-default: false, because: {only: [hold]}, restrictions: {hold: active by evidence}}"),
        ("[]", "{restrictions: {hold: active by default}}"),
        (FREE, "{outcome: permitted, because: {only: []}, restrictions: {hold: inactive by evidence}}"),
        (SECURED, "{outcome: permitted, because: {only: [hold]}, restrictions: {hold: released}}"),
        (GRACE, "{outcome: permitted, because: {only: [grace]}, restrictions: {hold: lifted}}"),
    ],
)
def test_a_decision_that_is_as_expected_passes(events: str, expect: str) -> None:
    assert said(run(ASK, expect, events)) == []


@pytest.mark.parametrize(
    ("events", "expect", "mismatch"),
    [
        ("[]", "{outcome: permitted}", ("outcome", "permitted", "held")),
        ("[]", "{by-default: false}", ("by-default", "false", "true")),
        (HELD, "{because: grace}", ("because", "grace", "hold")),
        (SECURED, "{because: {only: []}}", ("because", "only nothing", "hold")),
        (GRACE, "{because: hold}", ("because", "hold", "grace")),
        ("[]", "{reasons: stale}", ("reasons", "stale", "missing, awaiting board, awaiting rso")),
        ("[]", "{findings: point-estimate}", ("findings", "point-estimate", "nothing")),
        (
            HELD,
            "{restrictions: {hold: active by default}}",
            ("restriction hold", "active by default", "active by evidence"),
        ),
        (FREE, "{restrictions: {hold: released}}", ("restriction hold", "released", "inactive by evidence")),
        ("[]", "{restrictions: {assess: active}}", ("restriction assess", "active", "not about this action")),
        ("[]", "{refused: true}", ("question", "refused", "an answer")),
    ],
)
def test_a_decision_that_is_otherwise_fails_with_what_was_got(
    events: str, expect: str, mismatch: tuple[str, str, str]
) -> None:
    one = run(ASK, expect, events)
    assert said(one) == [mismatch]
    assert not one.passed


def test_a_failed_case_says_the_first_reason_down_to_the_leaf() -> None:
    assert run(ASK, "{outcome: permitted}").why == (
        "`hold` is active by default",
        "{measure: run, at-least: 50%, confidence: 95%} is unknown (missing)",
    )
    assert run(ASK, "{outcome: held}", SECURED).why == (
        "`hold` is released",
        "locks attested by rso is true",
    )


def test_a_refused_question_can_be_expected_and_only_then_passes() -> None:
    ask = "{decide: {action: train, model: nobody}}"
    assert run(ask, "{refused: true}").passed
    assert run(ask, "{refused: registers model}").passed
    assert said(run(ask, "{refused: in force}"))[0][0] == "refusal"
    [(what, _, got)] = said(run(ask, "{outcome: held}"))
    assert what == "question"
    assert got.startswith("refused: no event known registers model `nobody`")
    assert not run("{decide: {action: fly}}", "{outcome: permitted}").passed


DONE = "{duty.performed: {duty: assess}, occurred: 2025-05-05}"
LATE = "{duty.performed: {duty: assess}, occurred: 2025-05-20T06:00:00Z}"
DUTIES = "{duties: {as-of: 2025-05-21}}"


@pytest.mark.parametrize(
    ("events", "expect"),
    [
        ("[]", "{duties: {assess: overdue}, pledges: {effort: unmeasured}}"),
        (f"[{DONE}]", "{duties: {assess: done}}"),
        (f"[{DONE}]", "{duties: {assess: [done]}}"),
        (f"[{DONE}]", "{duties: {assess: {only: [done, not-triggered]}}}"),
        (f"[{LATE}]", "{duties: {assess: {state: done-late, instance: m, late-by: P8DT6H}}}"),
        (f"[{LATE}]", "{duties: {assess: {late-by: 9 days, due: 2025-05-12}}}"),
    ],
)
def test_duties_that_are_as_expected_pass(events: str, expect: str) -> None:
    assert said(run(DUTIES, expect, events)) == []


@pytest.mark.parametrize(
    ("events", "expect"),
    [
        ("[]", "{duties: {assess: open}}"),
        ("[]", "{duties: {assess: {state: overdue, instance: other}}}"),
        ("[]", "{duties: {assess: {due: 2025-05-13}}}"),
        ("[]", "{duties: {assess: {late-by: P1D}}}"),
        (f"[{DONE}]", "{duties: {assess: {only: [done]}}}"),
        (f"[{DONE}]", "{duties: {assess: [done, done]}}"),
        ("[]", "{pledges: {effort: kept}}"),
        ("[]", "{duties: {assess: {only: []}}}"),
    ],
)
def test_duties_that_are_otherwise_fail(events: str, expect: str) -> None:
    assert len(said(run(DUTIES, expect, events))) == 1


def test_one_instance_that_is_done_does_not_hide_another_that_is_overdue() -> None:
    ask, events = "{duties: {as-of: 2025-12-01}}", f"[{DONE}]"
    assert not run(ask, "{duties: {assess: done}}", events).passed
    assert not run(ask, "{duties: {assess: overdue}}", events).passed
    assert run(ask, "{duties: {assess: [overdue, done]}}", events).passed


START = "{training.started: {}, occurred: 2025-02-10}"


def test_a_replay_is_held_against_its_departures() -> None:
    ask = "{replay: {as-of: 2025-02-11}}"
    whole = "{departures: {only: [{kind: held-action, id: hold, at: 2025-02-10, by-default: true}]}}"
    assert run(ask, whole, f"[{START}]").passed
    assert run(ask, "{departures: {only: []}}").passed
    [(what, expected, got)] = said(run(ask, "{departures: {only: []}}", f"[{START}]"))
    assert (what, expected) == ("departures", "only no departure")
    assert got.startswith("held-action `hold`, 2025-02-10T00:00:00Z")
    assert not run(ask, "{departures: [{kind: held-action, by-default: false}]}", f"[{START}]").passed
    twice = "{departures: [{kind: held-action}, {kind: held-action}]}"
    assert not run(ask, twice, f"[{START}]").passed


def test_a_replay_under_another_version_is_asked_by_its_label_or_its_name() -> None:
    lenient = policy(BODY.replace("forbids: [train]", "forbids: [share-weights]"), HEADER.replace('"1"', '"2"'))
    for name in ("'2'", "acme@2"):
        ask = f"{{replay: {{as-of: 2025-02-11, under: {name}}}}}"
        assert run(ask, "{departures: {only: []}}", f"[{START}]", policy(), lenient).passed


def test_no_case_passes_by_expecting_nothing() -> None:
    """Whatever is expected of a decision, some answer contradicts it."""
    runs = cases_run(
        "".join(
            f"  - {{says: {number}, events: {events}, ask: {ASK}, expect: {expect}}}\n"
            for number, (events, expect) in enumerate(
                [
                    (FREE, "{outcome: held}"),
                    (HELD, "{outcome: permitted}"),
                    (HELD, "{by-default: true}"),
                    (FREE, "{because: hold}"),
                    (HELD, "{reasons: stale}"),
                ]
            )
        )
    ).runs
    assert [one.passed for one in runs] == [False] * 5
