"""From a log to the `data` of an `evaluation.completed` event (LANGUAGE 3.1), or a refusal with every reason.

Which way a missing or undecided try would have gone is unknown, and which way is the dangerous one depends on the
policy, so no count is right for it: a log with such a try is refused. The one way round is explicit: an `Assertion`
records an incomplete run of independent trials as an estimate without a method, in which undecided trials count as
failed for the lower bound and as passed for the upper. By LANGUAGE 3.2 such an estimate can show that a threshold is
reached, never rule it out.
Used by `app` when evidence is added; the arguments are plain values, so no policy is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from interlock.evidence._errors import EvidenceRefusedError
from interlock.evidence._findings import carried_rows, provenance_findings
from interlock.evidence._log import EvaluationLog, Finding
from interlock.evidence._protocols import EvaluationProtocol
from interlock.evidence._reasons import (
    about_edits,
    about_run,
    about_scope,
    about_time,
    about_trials,
    about_values,
    advice_on,
    chosen_scorer,
)
from interlock.evidence._trials import CountingRule, Trial, clusters_by_key, count, grouped, planned_tries, trials_of
from interlock.evidence._tries import Outcome, judge
from interlock.terms import format_instant

_MENDED_BY_ASSERTION: Final = frozenset({"not-finished", "unscored"})
_MILLION: Final = 10**6

BoundsOf = Callable[[int, int], tuple[Fraction, Fraction]]
"""One-sided lower and upper bounds on a proportion, from successes and trials."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """The wish to record an incomplete run as an asserted estimate; `bounds` hold at `confidence`, such as `95%`."""

    confidence: str
    bounds: BoundsOf


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationSummary:
    """The `data` and the `occurred` of an event, and the findings, which `data` carries too as `x-findings`."""

    data: Mapping[str, object]
    occurred: datetime
    findings: tuple[Finding, ...]


def summarise(
    log: EvaluationLog,
    *,
    protocol: EvaluationProtocol,
    rule: CountingRule,
    plan: str | None = None,
    occurred: datetime | None = None,
    incomplete: Assertion | None = None,
) -> EvaluationSummary:
    """Return what `log` says about the measure of `rule`, as an event's `data`.

    `plan` is the id of the run's registered plan. `occurred` is used only where the log does not say when its run
    ended. EvidenceRefusedError states every reason why the log is no evidence for the measure.
    """
    reasons = [*about_run(log), *about_scope(log, protocol, rule), *about_time(log, occurred)]
    scorer = chosen_scorer(log, protocol)
    if isinstance(scorer, Finding):
        raise _refusal([*reasons, scorer], log.findings)
    findings = provenance_findings(log, protocol, scorer)
    trials = _trials(log, protocol, rule, scorer, reasons)
    ended = _ended(log, occurred)
    asserted = incomplete if reasons and _can_be_asserted(reasons, trials) else None
    if ended is None or (reasons and asserted is None):
        raise _refusal(reasons, findings)
    if asserted is not None:
        findings += tuple(Finding(f"asserted-{reason.id}", reason.detail) for reason in reasons)
    result = _counts(trials) if asserted is None else _asserted(trials, asserted)
    data = {
        "measure": rule.measure,
        "suite": protocol.suite,
        "elicitation": list(protocol.elicitation),
        "log": log.digest,
        **({} if plan is None else {"plan": plan}),
        **result,
        **_provenance(log, rule, scorer),
        "x-findings": [{"id": finding.id, "detail": finding.detail} for finding in findings],
    }
    return EvaluationSummary(data=data, occurred=ended, findings=findings)


def _refusal(reasons: Sequence[Finding], findings: Sequence[Finding]) -> EvidenceRefusedError:
    rest = tuple(finding for finding in findings if finding not in reasons)
    return EvidenceRefusedError(tuple(reasons), advice=advice_on(reasons), findings=rest)


def _trials(
    log: EvaluationLog, protocol: EvaluationProtocol, rule: CountingRule, scorer: str, reasons: list[Finding]
) -> tuple[Trial, ...]:
    """Return the trials by the scores of `scorer`, and add what bars them to `reasons`."""
    judged = [judge(row, scorer, no_answer_fails=protocol.no_answer_fails) for row in log.rows]
    reasons += [*about_edits(log, scorer), *about_values(judged, scorer)]
    clusters = None if rule.cluster_key is None else clusters_by_key(log.rows, rule.cluster_key)
    if isinstance(clusters, Finding):
        reasons.append(clusters)
        return ()
    trials = trials_of(planned_tries(log, judged), rule, clusters)
    reasons += about_trials(trials, rule)
    return trials


def _can_be_asserted(reasons: Sequence[Finding], trials: Sequence[Trial]) -> bool:
    independent = bool(trials) and all(trial.cluster is None for trial in trials)
    return independent and all(reason.id in _MENDED_BY_ASSERTION for reason in reasons)


def _counts(trials: Sequence[Trial]) -> dict[str, object]:
    if trials[0].cluster is None:
        return {"successes": count(trials, Outcome.PASSED), "trials": len(trials)}
    clusters = [{"id": one.id, "successes": one.successes, "trials": one.trials} for one in grouped(trials)]
    return {"clusters": clusters}


def _asserted(trials: Sequence[Trial], assertion: Assertion) -> dict[str, object]:
    passed = count(trials, Outcome.PASSED)
    possible = passed + count(trials, Outcome.UNDECIDED)
    lower, _ = assertion.bounds(passed, len(trials))
    _, upper = assertion.bounds(possible, len(trials))
    return {
        "estimate": _percent_down(Fraction(passed, len(trials))),
        "lower": _percent_down(lower),
        "upper": _percent_up(upper),
        "confidence": assertion.confidence,
    }


def _percent_down(share: Fraction) -> str:
    return _percent(share.numerator * _MILLION // share.denominator)


def _percent_up(share: Fraction) -> str:
    return _percent(-(-share.numerator * _MILLION // share.denominator))


def _percent(millionths: int) -> str:
    whole, rest = divmod(millionths, _MILLION // 100)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".") + "%"


def _ended(log: EvaluationLog, occurred: datetime | None) -> datetime | None:
    """Return from when the evidence ages: the end of the run, or of the first try taken over from an earlier run.

    Where the log does not say when its run began, any try may have been taken over.
    """
    end = log.completed or occurred
    if end is None:
        return None
    doubtful = carried_rows(log) if log.created is not None else log.rows
    return min([end, *(row.completed for row in doubtful if row.completed is not None)])


def _provenance(log: EvaluationLog, rule: CountingRule, scorer: str) -> dict[str, object]:
    """Return the fields beginning `x-`, which the record carries and no decision reads."""
    scored = sum(1 for row in log.rows if scorer in row.scores)
    fields: dict[str, object] = {
        "x-task": log.task,
        "x-task-version": log.task_version,
        "x-model": log.model,
        "x-run": log.run,
        "x-status": str(log.status),
        "x-scorer": scorer,
        "x-epochs": log.scope.epochs,
        "x-tries": {"planned": log.scope.try_count, "recorded": len(log.rows), "scored": scored},
    }
    if log.created is not None:
        fields["x-created"] = format_instant(log.created)
    if rule.cluster_key is not None:
        fields["x-cluster-key"] = rule.cluster_key
    if rule.unit_passes is not None:
        fields["x-unit-passes"] = {"at-least": rule.unit_passes.at_least, "of": rule.unit_passes.of}
    return fields
