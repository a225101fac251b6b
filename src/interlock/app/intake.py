"""Intake: evaluation logs become `evaluation.completed` events, appended to a workspace's record in one batch.

The measure's definition comes from the workspace's policies, the suite and elicitation of a log from its protocols. A
log is refused, and with it the batch, where no protocol names it, where the protocol's suite is not the measure's, or
where `interlock.evidence` finds that it does not say what the measure asks. All refusals are reported at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from interlock.app.clock import Clock
from interlock.app.errors import LogsRefused, OptionRefused, RecordRefused
from interlock.app.recording import append
from interlock.app.workspaces import Workspace
from interlock.evidence import (
    Assertion,
    CountingRule,
    EvaluationLog,
    EvaluationProtocol,
    EvaluationSummary,
    EvidenceRefusedError,
    Finding,
    UnitPasses,
    protocol_for,
    summarise,
)
from interlock.integrations import LogRefusedError, read_inspect_log
from interlock.policy import Measure, Policy
from interlock.record import EvaluationCompleted, EvaluationPlan, Event, History, history, read_events
from interlock.statistics import binomial_bounds
from interlock.terms import InterlockError, format_instant, nearest

Progress = Callable[[Path, int, int], None]
"""Told while a log is read: which, how many of its parts are done, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRequest:
    """What is asked of an intake: the logs, what they ran on, and the measure that they speak to.

    `under` names the policy version whose definition of the measure is meant, as POLICY@VERSION, where several differ.
    `occurred` is used where a log does not say when its run ended. With `incomplete` a run that was not brought to its
    end is recorded as an assertion, which can show that a threshold is reached and never rule it out.
    """

    logs: tuple[Path, ...]
    model: str
    measure: str
    weights: str | None = None
    plan: str | None = None
    actor: str | None = None
    under: str | None = None
    occurred: datetime | None = None
    incomplete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEvidence:
    """One log that was read, with the protocol that speaks for it, and what it comes to."""

    path: Path
    log: EvaluationLog
    protocol: EvaluationProtocol
    summary: EvaluationSummary

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is worth knowing about the log."""
        return self.summary.findings


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedEvidence:
    """Logs and the events that record them, in the same order, and the measure that they speak to.

    `plan_known` is whether the plan named is on the record; None where none is named.
    """

    record: Path
    measure: Measure
    logs: tuple[LogEvidence, ...]
    events: tuple[Event, ...]
    plan_known: bool | None


def add_evidence(
    workspace: Workspace, request: EvidenceRequest, clock: Clock, progress: Progress | None = None
) -> AddedEvidence:
    """Append what the logs say to the record, all of them or none."""
    events = read_events([(str(workspace.record), workspace.store(clock).read().content)])
    measure = measure_of(workspace.policies(), request.measure, request.under)
    _check_model(events, request, workspace.settings.developer)
    _check_checkpoint(events, request)
    logs = read_logs(request, measure, workspace.settings.protocols, progress)
    _check_digests(history(events, clock()), request, logs)
    recorded = append(workspace, [event_of(one, request) for one in logs], clock)
    return AddedEvidence(
        record=workspace.record,
        measure=measure,
        logs=logs,
        events=recorded.events,
        plan_known=None if request.plan is None else _is_planned(events, request),
    )


def _is_planned(events: Sequence[Event], request: EvidenceRequest) -> bool:
    return any(
        isinstance(event.payload, EvaluationPlan)
        and (event.subject.model, event.payload.id, event.payload.measure)
        == (request.model, request.plan, request.measure)
        for event in events
    )


# The measure


def measure_of(policies: Iterable[Policy], name: str, under: str | None) -> Measure:
    """Return the measure's definition, on which all versions given (or the one named by `under`) agree."""
    versions = [policy for policy in policies if under in {None, f"{policy.id}@{policy.version}"}]
    if not versions:
        raise OptionRefused(f"--under: the workspace has no policy version `{under}`", advice="write POLICY@VERSION")
    found = [(policy, policy.measures[name]) for policy in versions if name in policy.measures]
    if not found:
        known = sorted({known for policy in versions for known in policy.measures})
        close = nearest(name, known)
        advice = f"did you mean `{close}`?" if close else f"the measures are {', '.join(known) or 'none'}"
        raise OptionRefused(f"--measure: no policy of the workspace has a measure `{name}`", advice=advice)
    meanings = {_meaning(measure) for _, measure in found}
    if len(meanings) > 1:
        editions = ", ".join(f"{policy.id}@{policy.version}" for policy, _ in found)
        msg = f"the versions {editions} define `{name}` in different ways"
        raise OptionRefused(msg, advice="name the one that the run was made for by --under POLICY@VERSION")
    return found[-1][1]


def _meaning(measure: Measure) -> tuple[object, ...]:
    return (measure.statistic, measure.suite, measure.cluster, measure.unit_passes)


def rule_of(measure: Measure) -> CountingRule:
    """Return how the measure counts, in the words of `interlock.evidence`."""
    passes = measure.unit_passes
    return CountingRule(
        measure=measure.id,
        statistic=measure.statistic,
        cluster_key=measure.cluster,
        unit_passes=None if passes is None else UnitPasses(at_least=passes.at_least, of=passes.of),
    )


# What the logs ran on


def _check_model(events: Sequence[Event], request: EvidenceRequest, developer: str | None) -> None:
    models = {event.subject.model for event in events if event.kind == "model.registered"}
    if request.model not in models:
        close = nearest(request.model, [model for model in models if model is not None])
        line = f'{{"event": "model.registered", "occurred": "TIME", "subject": {{"model": "{request.model}"}}'
        line += f', "data": {{"developer": "{developer}"}}}}' if developer else "}"
        meant = f"did you mean `{close}`? if not, " if close else ""
        advice = f"{meant}register it first, by a line for `interlock record`:\n{line}"
        raise RecordRefused(f"no event on the record registers model `{request.model}`", advice=advice)


def _check_checkpoint(events: Sequence[Event], request: EvidenceRequest) -> None:
    """Refuse evidence without a checkpoint where there are several, since it would count for the earliest."""
    named = [event.subject.weights for event in events if event.subject.model == request.model]
    checkpoints = list(dict.fromkeys(weights for weights in named if weights is not None))
    if request.weights is None and len(checkpoints) > 1:
        msg = (
            f"model `{request.model}` has {len(checkpoints)} checkpoints, and the evidence does not say which it ran on"
        )
        raise RecordRefused(msg, advice="name it by --weights DIGEST; they are\n" + "\n".join(checkpoints))


def _check_digests(known: History, request: EvidenceRequest, logs: Sequence[LogEvidence]) -> None:
    """Refuse a log that is evidence for the measure already, on whatever checkpoint, unless that was withdrawn."""
    counted = {
        event.payload.log: event.index
        for event in known.events
        if isinstance(event.payload, EvaluationCompleted)
        and event.payload.measure == request.measure
        and event.index not in known.withdrawn
    }
    seen: dict[str, Path] = {}
    for one in logs:
        digest = one.log.digest
        if digest in counted:
            msg = f"`{one.path}` is on the record already, as event {counted[digest]}; nothing was recorded"
            advice = "leave it out; if that event is wrong, record an evaluation.withdrawn first"
            raise RecordRefused(msg, advice=advice)
        if digest in seen:
            raise RecordRefused(f"`{one.path}` is the same log as `{seen[digest]}`", advice="name each log once")
        seen[digest] = one.path


# The logs


def read_logs(
    request: EvidenceRequest,
    measure: Measure,
    protocols: Sequence[EvaluationProtocol],
    progress: Progress | None = None,
) -> tuple[LogEvidence, ...]:
    """Return what each log comes to; LogsRefused with the reasons of all that are no evidence for the measure."""
    read: list[LogEvidence] = []
    refused: list[tuple[Path, InterlockError]] = []
    for path in request.logs:
        try:
            read.append(_read_log(path, request, measure, protocols, progress))
        except (EvidenceRefusedError, LogRefusedError) as error:
            refused.append((path, error))
    if refused:
        raise LogsRefused(tuple(refused), read=len(read))
    return tuple(read)


def _read_log(
    path: Path,
    request: EvidenceRequest,
    measure: Measure,
    protocols: Sequence[EvaluationProtocol],
    progress: Progress | None,
) -> LogEvidence:
    told = None if progress is None else lambda done, total: progress(path, done, total)
    log = read_inspect_log(path, progress=told)
    protocol = _protocol(log, measure, protocols)
    summary = summarise(
        log,
        protocol=protocol,
        rule=rule_of(measure),
        plan=request.plan,
        occurred=request.occurred,
        incomplete=_ASSERTION if request.incomplete else None,
    )
    return LogEvidence(path=path, log=log, protocol=protocol, summary=summary)


def _protocol(log: EvaluationLog, measure: Measure, protocols: Sequence[EvaluationProtocol]) -> EvaluationProtocol:
    try:
        protocol = protocol_for(log, protocols)
    except EvidenceRefusedError as error:
        advice = (error.advice or "").replace("suite: SUITE", f"suite: {measure.suite}").replace(": - {", ":\n- {")
        raise EvidenceRefusedError(error.reasons, advice=advice, findings=error.findings) from None
    if protocol.suite != measure.suite:
        detail = (
            f"the protocol of task `{log.task}` is the suite `{protocol.suite}`, "
            f"and `{measure.id}` is measured by `{measure.suite}`"
        )
        advice = "name the measure that the log speaks to, or mend the protocol if it names the wrong suite"
        raise EvidenceRefusedError((Finding("other-suite", detail),), advice=advice)
    return protocol


def _bounds(successes: int, trials: int) -> tuple[Fraction, Fraction]:
    bounds = binomial_bounds(successes, trials, Fraction(95, 100))
    return bounds.lower, bounds.upper


_ASSERTION: Final = Assertion(confidence="95%", bounds=_bounds)


def event_of(one: LogEvidence, request: EvidenceRequest) -> dict[str, Any]:
    """Return the event that records what a log comes to, without `recorded`, which is for the store to set."""
    subject = {"model": request.model, **({} if request.weights is None else {"weights": request.weights})}
    return {
        "event": "evaluation.completed",
        "occurred": format_instant(one.summary.occurred),
        **({} if request.actor is None else {"actor": request.actor}),
        "subject": subject,
        "data": {**one.summary.data, "x-file": one.path.name},
    }
