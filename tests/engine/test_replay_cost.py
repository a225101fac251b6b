"""What a replay evaluates: only what an event or a due timer touches, so that its cost grows with the record.

Evaluations of restrictions (`Replay.evaluations`) and steps of dockets are counted; time is never measured.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest

from interlock.engine import _docket_step, _sheet
from interlock.policy import Policy
from interlock.terms import format_instant, parse_instant
from tests.engine.cases import Given, compute, evaluated, event, judged, policy, registered
from tests.engine.changes import hold
from tests.engine.duty_cases import deployed, incident, performed
from tests.engine.replay_cases import DANGER, UNLESS_DONE, corrected, replayed, said_nothing, started

END: Final = "2026-01-01"
ALWAYS: Final = "{event: model.registered}"


def at(number: int, hours: int = 0) -> str:
    """Return an instant: each number is six hours after the one before."""
    return format_instant(parse_instant("2025-01-03T00:00:00Z") + timedelta(hours=6 * number + hours))


def evaluations(rules: Policy | str | list[Policy], given: list[Given], end: str = END) -> int:
    return replayed(rules, given, end).evaluations


def added(rules: Policy | str | list[Policy], given: list[Given], more: list[Given]) -> int:
    """Return how many evaluations are added by more events."""
    return evaluations(rules, [*given, *more]) - evaluations(rules, given)


@pytest.fixture(name="steps")
def counted_steps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list with one entry, which counts the steps of dockets."""
    count = [0]
    step = _docket_step.Step.sheet

    def counting(self: _docket_step.Step) -> _sheet.Sheet:
        count[0] += 1
        return step(self)

    monkeypatch.setattr(_docket_step.Step, "sheet", counting)
    return count


# What adds none


@pytest.mark.parametrize(
    "unread",
    [
        said_nothing("2025-03-01"),
        judged("2025-03-01", "something-else"),
        event("control.attested", "2025-03-01", by="rso", control="lock", value=True),
        evaluated("2025-03-01", 3),
        compute("2025-03-01", "1e25 FLOP"),
        performed("2025-03-01", "unknown-duty"),
        said_nothing("2025-03-01", weights="sha256:" + "1" * 64),
        event("training.paused", "2025-03-01"),
    ],
    ids=lambda one: str(one["event"]) + "-of-weights" * ("weights" in one["subject"]),
)
def test_an_event_that_no_restriction_reads_adds_no_evaluation(unread: Given) -> None:
    given = [judged("2025-02-01", "danger")]
    # One at the registration, one at the word.
    assert evaluations(DANGER, given) == 2
    assert added(DANGER, given, [unread]) == 0


def test_an_event_that_one_restriction_reads_adds_an_evaluation_of_it_alone() -> None:
    rules = "restrictions:\n" + "".join(
        f"  {name}: {{forbids: [train], when: {{judged: {name}, by: rso}}}}\n" for name in ("a", "b", "c")
    )
    assert added(rules, [], [judged("2025-03-01", "b")]) == 1
    # One that forbids actions that ship and others that do not is read for each.
    both = hold("{judged: danger, by: rso}").replace("[train]", "[train, deploy]")
    assert added(both, [], [judged("2025-03-01", "danger")]) == 2


def test_several_events_of_one_instant_add_one_evaluation() -> None:
    words = [judged("2025-03-01", "danger", by=role) for role in ("ceo", "rso", "board")]
    assert added(hold("{judged: danger, by: [ceo, rso, board]}"), [], words) == 1


def test_an_event_about_one_model_adds_none_for_another() -> None:
    others = [registered(f"n{number}") for number in range(20)]
    for about in ({"model": "m"}, {"model": "n3"}):
        assert added(DANGER, others, [judged("2025-03-01", "danger", **about)]) == 1  # type: ignore[arg-type]
    # One about their developer or the world adds one for each.
    assert added(DANGER, others, [judged("2025-03-01", "danger", model=None, developer="Acme")]) == 21
    assert added(DANGER, others, [judged("2025-03-01", "danger", model=None, world=True)]) == 21
    # One about another developer's model, or about that developer, adds none.
    strangers = [*others, registered("x", developer="Other")]
    assert added(DANGER, strangers, [judged("2025-03-01", "danger", model="x")]) == 0
    assert added(DANGER, strangers, [judged("2025-03-01", "danger", model=None, developer="Other")]) == 0


def test_a_registration_adds_evaluations_of_its_own_model_alone() -> None:
    others = [registered(f"n{number}") for number in range(20)]
    assert added(DANGER, others, [registered("another", on="2025-03-01")]) == 1
    assert added(UNLESS_DONE, others, [registered("another", on="2025-03-01")]) == 1


def test_an_event_about_one_models_duty_adds_none_for_another() -> None:
    others = [registered(f"n{number}") for number in range(20)]
    # One at the incident, one as the duty falls due three days later, one as it is done.
    found = [incident("discovered", "2025-03-01"), performed("2025-03-10")]
    assert added(UNLESS_DONE, others, found) == 3


def test_an_act_adds_an_evaluation_of_each_restriction_that_forbids_it() -> None:
    rules = (
        f"restrictions:\n  a: {{forbids: [train], when: {ALWAYS}}}\n  b: {{forbids: [train, store], when: {ALWAYS}}}\n"
    )
    assert added(rules, [], [started("2025-03-01")]) == 2
    assert added(rules, [], [event("weights.shared", "2025-03-01")]) == 0


def test_a_timer_adds_one_and_only_as_it_runs_out() -> None:
    rules = hold("{not: {judged: safe, by: rso, fresh: 30 days}}")
    word = [judged("2025-03-01")]
    # 30 days from 1 March at noon: 31 March at noon.
    ends = ("2025-03-31T11:59:59Z", "2025-03-31T12:00:00Z", "2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z")
    assert [evaluations(rules, word, end) for end in ends] == [2, 3, 3, 3]


def test_a_version_that_comes_into_force_adds_one_for_each_model_and_restriction() -> None:
    models = [registered(f"n{number}") for number in range(9)]
    rules = [policy(DANGER), policy(hold(ALWAYS), version="2", effective="2025-06-01")]
    assert evaluations(rules, models) - evaluations(rules[:1], models) == 10


# How it grows


def growth(rules: Policy | str, record: Any, numbers: tuple[int, int, int] = (40, 80, 160)) -> tuple[int, int]:
    """Return by how many evaluations the record grows as it doubles and as it doubles again."""
    small, middle, large = (evaluations(rules, record(number)) for number in numbers)
    return middle - small, large - middle


@pytest.mark.parametrize(
    ("rules", "record", "each"),
    [
        # a word and an act of training: one evaluation each
        (
            DANGER,
            lambda n: [x for i in range(n) for x in (judged(at(i), "danger", value=i % 2 > 0), started(at(i, 3)))],
            2,
        ),
        # an incident and a performance: one evaluation each, and none falls due
        (
            UNLESS_DONE,
            lambda n: [x for i in range(n) for x in (incident("discovered", at(i), f"i{i}"), performed(at(i, 2)))],
            2,
        ),
        # a model with its registration and a word
        (
            DANGER,
            lambda n: [x for i in range(n) for x in (registered(f"n{i}"), judged(at(i), "danger", model=f"n{i}"))],
            2,
        ),
        # nothing that anything reads
        (DANGER, lambda n: [said_nothing(at(i)) for i in range(n)], 0),
        # a word that is recorded a day late
        (DANGER, lambda n: [judged(at(i), "danger", value=i % 2 > 0, recorded=at(i + 4)) for i in range(n)], 1),
    ],
    ids=["words and acts", "duties", "models", "silence", "recorded late"],
)
def test_the_evaluations_grow_with_the_record(rules: str, record: Any, each: int) -> None:
    assert growth(rules, record) == (40 * each, 80 * each)


def test_a_condition_that_spans_models_is_evaluated_for_each_of_them_at_each_event() -> None:
    rules = hold("{judged: danger, by: rso, of: any-model}")
    models = [registered(f"n{number}") for number in range(9)]
    assert added(rules, models, [judged("2025-03-01", "danger", model="n3")]) == 10


def test_a_correction_adds_an_evaluation_of_everything() -> None:
    models = [registered(f"n{number}") for number in range(9)]
    slip = [said_nothing("2025-02-01"), corrected("2025-03-01", 10, said_nothing("2025-02-02"))]
    # Once as it is recorded; what it says is older.
    assert added(DANGER, models, slip) == 10


@pytest.mark.parametrize(
    ("lines", "record"),
    [
        (
            "when: {event: incident.discovered}, within: 3 days",
            lambda n: [x for i in range(n) for x in (incident("discovered", at(i), f"i{i}"), performed(at(i, 2)))],
        ),
        (
            "when: {event: incident.discovered}, within: 3 days",
            lambda n: [incident("discovered", at(i), f"i{i}") for i in range(n)],
        ),
        ("for: each model, every: {time: 1 day}", lambda n: [performed(at(i)) for i in range(n)]),
        pytest.param(
            "for: each deployment, when: {event: model.deployed}, within: 3 days",
            lambda n: [deployed(at(i)) for i in range(n)],
            marks=pytest.mark.xfail(reason="each deployment has all of them stepped again from the beginning"),
        ),
    ],
    ids=["done", "left undone", "recurring", "each deployment"],
)
def test_the_steps_of_dockets_grow_with_the_record(steps: list[int], lines: str, record: Any) -> None:
    rules = f"duties: {{d: {{must: do it, {lines}, otherwise: {{forbids: [train]}}}}}}\n"
    counts = []
    for number in (20, 40, 80):
        steps[0] = 0
        # The end follows the record: what is left undone recurs for as long as it is looked at.
        evaluations(rules, record(number), at(number + 20))
        counts.append(steps[0])
    small, middle, large = counts
    assert small > 0
    # As the record doubles and doubles again the steps do: what is added doubles too, but for a few at the ends.
    assert large - middle <= 2 * (middle - small) + 5


def test_an_event_about_another_models_duty_adds_few_steps(steps: list[int]) -> None:
    found = [x for i in range(40) for x in (incident("discovered", at(i), f"i{i}"), performed(at(i, 2)))]
    counts = []
    for others in (0, 1):
        steps[0] = 0
        elsewhere = [registered("n"), *(incident("discovered", at(300 + i), f"n{i}", model="n") for i in range(others))]
        evaluations(UNLESS_DONE, [*found, *elsewhere])
        counts.append(steps[0])
    # The docket of `m` is not stepped again for what befalls `n`, whose own has two steps of each kind.
    assert counts[1] - counts[0] <= 12
