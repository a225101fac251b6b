"""What it costs to follow duties: steps of dockets and readings of conditions, counted, not timed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest

from interlock.engine import _docket_step, _timeline
from interlock.policy import Policy
from tests.engine.cases import Given, decided, event, judged, registered
from tests.engine.duty_cases import deployed, duty, incident, instances, performed, states

UPON: Final = duty("when: {event: model.deployed}", "within: 3 days")


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> Iterator[list[int]]:
    """Count how often a method is called."""
    calls = [0]
    original: Callable[..., Any] = getattr(owner, name)

    def called(*given: Any, **more: Any) -> Any:
        calls[0] += 1
        return original(*given, **more)

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, called)
        yield calls


def at(number: int) -> str:
    """Return the instant of the event of that number, one each 10 minutes from 1 March on."""
    day, minutes = divmod(number * 10, 24 * 60)
    return f"2025-03-{1 + day:02d}T{minutes // 60:02d}:{minutes % 60:02d}:00Z"


def steps(monkeypatch: pytest.MonkeyPatch, rules: Policy, given: list[Given]) -> int:
    with counted(monkeypatch, _docket_step.Step, "sheet") as calls:
        instances(rules, given, "2026-01-01")
    return calls[0]


def readings(monkeypatch: pytest.MonkeyPatch, rules: Policy, given: list[Given]) -> int:
    with counted(monkeypatch, _timeline.Course, "_node") as calls:
        instances(rules, given, "2026-01-01")
    return calls[0]


def test_two_thousand_instances_of_a_duty_per_event_take_a_step_for_each_event(monkeypatch: pytest.MonkeyPatch) -> None:
    given = [deployed(at(number)) for number in range(2000)]
    # the model's docket and its developer's take one for each deployment and one for the registration, and the
    # developer's one for the first instant of the version
    assert steps(monkeypatch, UPON, given) == 2 * (2000 + 1) + 1


def test_performances_add_a_step_each(monkeypatch: pytest.MonkeyPatch) -> None:
    given = [deployed(at(number)) for number in range(200)]
    done = [performed(at(200 + number)) for number in range(200)]
    assert steps(monkeypatch, UPON, [*given, *done]) == steps(monkeypatch, UPON, given) + 2 * 200
    # each is done 2,000 minutes after it opened
    assert {state for _, state in states(UPON, [*given, *done], "2025-03-20")} == {"done"}


def test_events_that_a_duty_does_not_read_cost_it_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    given = [deployed(at(number)) for number in range(20)]
    other = [event("training.continued", at(number)) for number in range(500)]
    other += [judged(at(number), "unrelated") for number in range(500)]
    assert steps(monkeypatch, UPON, [*given, *other]) == steps(monkeypatch, UPON, given)
    each = duty("for: each model", "when: {judged: risky, by: rso}", "within: 3 days")
    told = [judged(at(number), "risky", value=bool(number % 2)) for number in range(20)]
    assert readings(monkeypatch, each, [*told, *other]) == readings(monkeypatch, each, told)


def test_a_condition_is_read_once_for_each_event_that_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    each = duty("for: each model", "when: {judged: risky, by: rso}", "within: 3 days")

    def told(number: int) -> list[Given]:
        return [judged(at(place), "risky", value=bool(place % 2)) for place in range(number)]

    assert readings(monkeypatch, each, told(400)) - readings(monkeypatch, each, told(200)) == 200


def test_a_model_costs_no_more_for_the_events_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = duty("for: each model", "when: {judged: risky, by: rso}", "within: 3 days")

    def fleet(number: int) -> list[Given]:
        models = [registered(f"m{place}") for place in range(number)]
        return [*models, *(judged(at(place), "risky", model=f"m{place}") for place in range(number))]

    few, many = (readings(monkeypatch, rules, fleet(number)) for number in (20, 40))
    # each model is read at its registration and at its own word
    assert many - few == 2 * 20


@pytest.mark.parametrize(
    ("rules", "one"),
    [
        pytest.param(
            duty("for: each incident", "when: {event: incident.discovered}", "within: 3 days"),
            lambda number: incident("discovered", at(number), f"i{number}"),
            id="each incident",
        ),
        pytest.param(
            duty("for: each deployment", "when: {event: model.deployed}", "within: 3 days"),
            lambda number: deployed(at(number)),
            id="each deployment",
        ),
        pytest.param(
            duty("for: each document report", "when: {event: document.submitted, document: report}", "within: 3 days"),
            lambda number: event("document.submitted", at(number), document="report", digest=f"sha256:{number:064d}"),
            id="each document",
        ),
    ],
)
def test_each_incident_deployment_or_document_costs_no_more_for_the_others(
    monkeypatch: pytest.MonkeyPatch, rules: Policy, one: Callable[[int], Given]
) -> None:
    few, many = (readings(monkeypatch, rules, [one(place) for place in range(number)]) for number in (20, 40))
    assert many == 2 * few, "each is read once for what concerns it"


def test_a_schedule_takes_a_step_for_each_period(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = duty("for: developer", "every: {time: 1 day, anchor: schedule}", "within: 1 day")
    # the first instant, the registration, and the end of each period: with 2 January, the 3rd … 31 December
    assert steps(monkeypatch, rules, []) == 2 + 364


def test_while_an_instance_is_open_no_period_costs_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = duty("for: developer", "every: {time: 1 second}", "within: 1 day")
    # the first instant, the end of the first period, and the registration
    assert steps(monkeypatch, rules, []) == 3


def test_asking_again_costs_no_further_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """A decision reads the same dockets for `overdue`, for its open duties and for how long it is good."""
    rules = duty("for: each model", "when: {event: model.deployed}", "within: 3 days", "otherwise: {forbids: [train]}")
    given = [deployed(at(number)) for number in range(100)]
    with counted(monkeypatch, _docket_step.Step, "sheet") as calls:
        decision = decided(rules, given, "2025-03-01T16:30:00Z")
        assert decision.outcome == "permitted"
        assert len(decision.duties) == 100
        assert decision.valid_until is not None
    assert calls[0] == 101
