"""Provenance findings: what a reader of the evidence should know about how its rows came about.

None of these changes a count. What bars a log from use is decided in `_summary`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from interlock.evidence._log import EvaluationLog, Finding, Row, Score, ScoreEdit, ScoreValue, Unchanged
from interlock.evidence._protocols import EvaluationProtocol
from interlock.evidence._tries import NO_ANSWER_LETTER, passes
from interlock.terms import format_instant


def provenance_findings(log: EvaluationLog, protocol: EvaluationProtocol, scorer: str) -> tuple[Finding, ...]:
    """Return the findings about `log` as read by `protocol`, those of its reader first, each kind once."""
    return (*log.findings, *_about_rows(log), *_about_scores(log, protocol, scorer), *_about_match(log, protocol))


def _about_rows(log: EvaluationLog) -> Iterator[Finding]:
    retried = sum(1 for row in log.rows if row.retries)
    if retried:
        detail = f"{_count(retried, 'try', 'tries')} ran again after an error, which can shift what is measured"
        yield Finding("retried", detail)
    limits = Counter(row.limit for row in log.rows if row.limit is not None)
    if limits:
        kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(limits.items()))
        yield Finding("limit-reached", f"{_count(limits.total(), 'try', 'tries')} ended at a limit ({kinds})")
    carried = [row.completed for row in carried_rows(log) if row.completed is not None]
    if carried:
        first = format_instant(min(carried))
        detail = f"{_count(len(carried), 'try', 'tries')} ended before this run began; the evidence ages from {first}"
        yield Finding("carried-over", detail)


def carried_rows(log: EvaluationLog) -> tuple[Row, ...]:
    """Return the rows that ended before the run began: taken over from an earlier run by a retry."""
    start = log.created
    if start is None:
        return ()
    return tuple(row for row in log.rows if row.completed is not None and row.completed < start)


def _about_scores(log: EvaluationLog, protocol: EvaluationProtocol, scorer: str) -> Iterator[Finding]:
    scores = [row.scores[scorer] for row in log.rows if scorer in row.scores]
    edited = [score for score in scores if score.history]
    if edited:
        lowered = sum(1 for score in edited if passes(original_value(score)) and not passes(score.value))
        authors = sorted({edit.author for score in edited for edit in score.history if edit.author is not None})
        by = f" by {', '.join(authors)}" if authors else ""
        detail = f"{_count(len(edited), 'score was', 'scores were')} edited{by}, {lowered} from passed to not passed"
        yield Finding("score-edited", detail)
    declined = sum(1 for score in scores if _declined(score)) if protocol.no_answer_fails else 0
    if declined:
        answers = _count(declined, "refusal or empty answer counts", "refusals or empty answers count")
        yield Finding("no-answer-counted", f"{answers} as failed, as the protocol states")


def original_value(score: Score) -> ScoreValue:
    """Return the value before any edit."""
    first = score.history[0] if score.history else None
    return score.value if first is None or isinstance(first.value, Unchanged) else first.value


def edits_of(score: Score) -> tuple[ScoreEdit, ...]:
    """Return the edits of a score: its history without the leading entry that keeps the original."""
    keeps_original = len(score.history) > 1 and score.history[0].author is None
    return score.history[1:] if keeps_original else score.history


def _declined(score: Score) -> bool:
    if passes(score.value):
        return False
    return score.value == NO_ANSWER_LETTER or score.reason in {"refusal", "no_response"}


def _about_match(log: EvaluationLog, protocol: EvaluationProtocol) -> Iterator[Finding]:
    unmentioned = sorted(name for name in log.passed_args if name not in protocol.args)
    if unmentioned:
        yield Finding(
            "arguments-not-in-protocol", f"the protocol does not mention the task arguments {', '.join(unmentioned)}"
        )
    planned, size = log.scope.sample_count, log.scope.suite_size
    if protocol.subset_allowed and planned is not None and size is not None and planned < size:
        yield Finding(
            "subset", f"the run was over {planned} of the {size} samples of the suite, as the protocol allows"
        )


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
