"""Findings of a replay: what is worth knowing of the evidence over time, beside the departures (LANGUAGE 4.8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from fractions import Fraction

from interlock.engine._applied import AppliedPolicy
from interlock.engine._combination import buffer_finding, findings_about_evaluation, is_registered, other_suite
from interlock.engine._findings import Finding
from interlock.engine._reading import leaves_of, parts_read
from interlock.engine._state import View
from interlock.policy import Measured, Policy, RuledOut
from interlock.record import Counts, EvaluationCompleted, EvaluationPlan, Event, History

_PLANNED = ("measure", "suite", "suite_digest", "trials", "stopping")


def findings_of(applied: Sequence[AppliedPolicy], known: History, as_of: datetime) -> Iterator[Finding]:
    """Yield findings about every evaluation under the version in force when it ran, and about plans that changed."""
    so_far = [event for event in known.events if event.occurred <= as_of]
    for one in applied:
        for event in so_far:
            completed = event.payload
            if isinstance(completed, EvaluationCompleted) and one.is_in_span(event.occurred):
                yield from _about_evaluation(one, event, completed)
    yield from _changed_plans(so_far)


def _about_evaluation(applied: AppliedPolicy, event: Event, completed: EvaluationCompleted) -> Iterator[Finding]:
    policy, view = applied.policy, View(applied.state, event.occurred)
    measure = policy.measures.get(completed.measure)
    if measure is None or (event.subject.model is not None and event.subject.model not in applied.models()):
        return
    if completed.suite != measure.suite:
        yield other_suite(event, completed, measure)
        return
    yield from findings_about_evaluation(measure, event, completed, registered=is_registered(view, event, completed))
    for margin in _margins(policy, measure.id):
        yield from buffer_finding(view, event, completed, margin)


def _margins(policy: Policy, measure: str) -> Iterator[Fraction]:
    for leaf in leaves_of(policy):
        if isinstance(leaf, RuledOut) and leaf.ahead is not None:
            condition = policy.thresholds[leaf.threshold].reached_when
            if any(isinstance(part, Measured) and part.measure == measure for part in parts_read(policy, condition)):
                yield leaf.ahead


def _changed_plans(events: Sequence[Event]) -> Iterator[Finding]:
    """Yield a finding for each plan that was changed after it was registered, by a later plan or by the run itself."""
    first: dict[tuple[str | None, str], Event] = {}
    for event in events:
        told = event.payload
        if isinstance(told, EvaluationPlan):
            planned = first.setdefault((event.subject.model, told.id), event)
            changed = _changed(planned.payload, told) if isinstance(planned.payload, EvaluationPlan) else []
        elif isinstance(told, EvaluationCompleted) and told.plan is not None:
            planned = first.get((event.subject.model, told.plan), event)
            changed = _changed_by_run(planned.payload, told) if isinstance(planned.payload, EvaluationPlan) else []
        else:
            continue
        if changed:
            detail = f"event {event.index} changes the plan of event {planned.index}: {', '.join(changed)}"
            yield Finding("protocol-changed-after-registration", detail, (planned.index, event.index))


def _changed(planned: EvaluationPlan, later: EvaluationPlan) -> list[str]:
    pairs = ((name, getattr(planned, name), getattr(later, name)) for name in _PLANNED)
    return [
        f"{name.replace('_', '-')} {was} became {now}" for name, was, now in pairs if now is not None and was != now
    ]


def _changed_by_run(planned: EvaluationPlan, run: EvaluationCompleted) -> list[str]:
    trials = run.result.trials if isinstance(run.result, Counts) and planned.stopping is None else None
    pairs = (
        ("measure", planned.measure, run.measure),
        ("suite", planned.suite, run.suite),
        ("trials", planned.trials, trials),
    )
    return [
        f"{name} {was} became {now}" for name, was, now in pairs if was is not None and now is not None and was != now
    ]
