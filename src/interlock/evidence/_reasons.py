"""Reasons why a log is no evidence for a measure, each with what a person can do about it.

A log is evidence only if it is whole: the run ended in success, was not invalidated, does not contradict itself, and
every try that it set out to make has a score that is a pass or a fail. `_summary` asks for all reasons at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from interlock.evidence._findings import edits_of
from interlock.evidence._log import EvaluationLog, Finding, RunStatus, Unchanged
from interlock.evidence._protocols import EvaluationProtocol
from interlock.evidence._trials import PROPORTION, CountingRule, Trial
from interlock.evidence._tries import Outcome, Try
from interlock.terms import format_instant

_CHANGED: Final = "ask who changed the file, and have it written anew from the original run"
_ADVICE: Final = {
    "invalidated": "run the invalidated samples again (`inspect eval-retry`) and add the log of that run",
    "not-finished": "finish the run (`inspect eval-retry`) and add the log of that run, or record this one as an "
    "assertion, which can show that a threshold is reached but never rule it out",
    "unscored": "run the undecided tries again (`inspect eval-retry`) or score them (`inspect score`); add that log",
    "summaries-disagree": _CHANGED,
    "start-disagrees": _CHANGED,
    "scope-disagrees": _CHANGED,
    "unplanned-tries": _CHANGED,
    "edit-disagrees": _CHANGED,
    "scope-unknown": "run it again with a current version of Inspect AI, which records what it set out to do",
    "not-a-proportion": "record an estimate with its bounds, method and log instead",
    "no-records": "add the log with its samples (a run with `--no-log-samples` keeps none)",
    "no-scores": "score the log (`inspect score`) and add the scored log",
    "several-scorers": "name the one that counts by `scorer:` in the protocol",
    "unknown-scorer": "name a scorer of the log by `scorer:` in the protocol",
    "not-binary": "score the log with a scorer that gives a pass or a fail (`inspect score`), and add the scored log",
    "edit-without-author": "make the edit again with its provenance, or add the log as it was before",
    "subset": "run the whole suite, or state `subset: allowed` in the protocol if a part may stand for it",
    "too-many-tries": "run as many epochs as the measure's `unit-passes` says",
    "no-cluster-key": "give each sample that metadata and run again",
    "cluster-disagrees": "give each sample one value of it and run again",
    "no-completion-time": "state when the run ended by `--occurred`",
    "occurred-disagrees": "leave `--occurred` out where the log says when its run ended",
}
_READERS: Final = frozenset({"summaries-disagree", "start-disagrees"})
"""Findings of the reader that bar a log: the file contradicts itself."""


def advice_on(reasons: Sequence[Finding]) -> str:
    """Return what a person can do about the reasons, each advice once."""
    return "; ".join(dict.fromkeys(_ADVICE[reason.id] for reason in reasons))


def chosen_scorer(log: EvaluationLog, protocol: EvaluationProtocol) -> str | Finding:
    """Return the scorer whose scores count, or the reason why none does."""
    if protocol.scorer in log.scorers:
        return protocol.scorer
    if protocol.scorer is not None and log.rows:
        detail = f"the protocol counts the scorer `{protocol.scorer}`, and the log has scores of {_names(log.scorers)}"
        return Finding("unknown-scorer", detail)
    if not log.rows:
        return Finding("no-records", "the log holds no sample, so nothing of it can be counted")
    if not log.scorers:
        return Finding("no-scores", "the log holds no scores")
    if len(log.scorers) > 1 or len(log.declared_scorers) > 1:
        names = _names((*log.scorers, *log.declared_scorers))
        return Finding(
            "several-scorers", f"the run has the scorers {names}, and the protocol does not say which counts"
        )
    return log.scorers[0]


def about_run(log: EvaluationLog) -> Iterator[Finding]:
    """Yield what bars the run as a whole: contradictions in the file, invalidation, an end other than success."""
    yield from (finding for finding in log.findings if finding.id in _READERS)
    if log.invalidated or any(row.invalidated for row in log.rows):
        number = sum(1 for row in log.rows if row.invalidated)
        detail = f"the run was invalidated ({number} of its {len(log.rows)} recorded tries are marked)"
        yield Finding("invalidated", detail)
    if log.status is not RunStatus.SUCCESS:
        how = "was interrupted" if log.status is RunStatus.STARTED else f"ended with the status `{log.status}`"
        planned = "an unknown number of" if log.scope.try_count is None else log.scope.try_count
        yield Finding("not-finished", f"the run {how}, with {len(log.rows)} of {planned} tries recorded")


def about_scope(log: EvaluationLog, protocol: EvaluationProtocol, rule: CountingRule) -> Iterator[Finding]:
    """Yield what is wrong between the tries that were planned, those recorded, and what the measure asks."""
    scope = log.scope
    if rule.statistic != PROPORTION:
        detail = (
            f"the measure `{rule.measure}` is a {rule.statistic}, and a log gives counts, which estimate a proportion"
        )
        yield Finding("not-a-proportion", detail)
    if scope.sample_count is None:
        yield Finding("scope-unknown", "the log does not say how many tries the run set out to make")
        return
    if scope.stated_tries not in {None, scope.try_count}:
        detail = f"the log plans {scope.try_count} tries, and its results speak of {scope.stated_tries}"
        yield Finding("scope-disagrees", detail)
    if scope.suite_size is not None and scope.sample_count < scope.suite_size and not protocol.subset_allowed:
        yield Finding("subset", f"the run was over {scope.sample_count} of the {scope.suite_size} samples of the suite")
    if rule.unit_passes is not None and scope.epochs > rule.unit_passes.of:
        detail = f"the run makes {scope.epochs} tries of each unit, and `unit-passes` asks for {rule.unit_passes.of}"
        yield Finding("too-many-tries", detail)
    yield from _about_unplanned(log, scope.sample_count)


def _about_unplanned(log: EvaluationLog, planned: int) -> Iterator[Finding]:
    known = None if log.scope.samples is None else frozenset(log.scope.samples)
    for row in log.rows:
        if row.epoch > log.scope.epochs or (known is not None and row.sample not in known):
            yield Finding("unplanned-tries", f"the run did not set out to try `{row.sample}` in epoch {row.epoch}")
            return
    if len({row.sample for row in log.rows}) > planned:
        yield Finding("unplanned-tries", f"the log has more than the {planned} samples that the run set out to try")


def about_time(log: EvaluationLog, occurred: datetime | None) -> Iterator[Finding]:
    """Yield what is wrong with the time from which the evidence ages."""
    if occurred is None:
        if log.completed is None:
            yield Finding("no-completion-time", "the log does not say when its run ended")
        return
    stated = format_instant(occurred)
    if log.completed is not None and occurred != log.completed:
        ended = format_instant(log.completed)
        yield Finding("occurred-disagrees", f"the log says that its run ended at {ended}, not at {stated}")
    if log.completed is None and log.created is not None and occurred < log.created:
        began = format_instant(log.created)
        yield Finding("occurred-disagrees", f"the log says that its run began at {began}, after {stated}")


def about_edits(log: EvaluationLog, scorer: str) -> Iterator[Finding]:
    """Yield what is wrong with the edits of scores: an edit by nobody, a value that its history does not end with."""
    edited = [(row, row.scores[scorer]) for row in log.rows if scorer in row.scores and row.scores[scorer].history]
    anonymous = sum(1 for _, score in edited if any(edit.author is None for edit in edits_of(score)))
    if anonymous:
        yield Finding("edit-without-author", f"edits that say no author changed the scores of {anonymous} tries")
    for row, score in edited:
        values = [edit.value for edit in score.history if not isinstance(edit.value, Unchanged)]
        if values and values[-1] != score.value:
            detail = f"the score of `{row.sample}` in epoch {row.epoch} is not the one that its history ends with"
            yield Finding("edit-disagrees", detail)
            return


def about_values(judged: Sequence[Try], scorer: str) -> Iterator[Finding]:
    """Yield whether some scores are neither a pass nor a fail."""
    many = [one for one in judged if one.outcome is Outcome.NOT_BINARY]
    if many:
        shown = _names(sorted({one.why for one in many})[:3])
        detail = f"`{scorer}` gives {len(many)} scores that are neither a pass nor a fail, such as {shown}"
        yield Finding("not-binary", detail)


def about_trials(trials: Sequence[Trial], rule: CountingRule) -> Iterator[Finding]:
    """Yield whether some trials are undecided, and why."""
    undecided = Counter(trial.why for trial in trials if trial.outcome is Outcome.UNDECIDED)
    if undecided:
        kinds = ", ".join(f"{why} {number}" for why, number in sorted(undecided.items()))
        what = "tries" if rule.unit_passes is None else "units"
        detail = f"{undecided.total()} of {len(trials)} {what} are undecided ({kinds}), and might have passed"
        yield Finding("unscored", detail)


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in dict.fromkeys(names)) or "none"
