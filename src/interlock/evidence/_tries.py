"""What one try shows: passed, failed, undecided, or a score that is not one of two.

A try passes when its score is `C`, 1 or true, and fails when it is `I`, 0 or false. Everything that was not brought to
its end is undecided, never a failure: no score, an error, an invalidation, a grader that failed, an operator who
stopped it, a model that answered in place of the one under test. An undecided try might have been a success, so it can
neither be dropped nor counted as a failure without hiding capability. A refusal or an empty answer is undecided too
(a model that declines may well be able), unless the protocol states `no-answer: failed`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, assert_never

from interlock.evidence._log import OtherScore, Row, Score, ScoreValue, Unscored

_NO_ANSWER: Final = frozenset({"refusal", "no_response"})
_FAILED_INSTRUMENT: Final = frozenset({"grader_failed", "scoring_failed"})
_LETTERS: Final = {"C": True, "I": False}
NO_ANSWER_LETTER: Final = "N"


class Outcome(Enum):
    """What a try or a unit shows."""

    PASSED = auto()
    FAILED = auto()
    UNDECIDED = auto()
    NOT_BINARY = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """The outcome of one sample in one epoch; `why` says in a word why it is undecided, or shows a score of many."""

    sample: str
    epoch: int
    outcome: Outcome
    why: str = ""


def judge(row: Row, scorer: str, *, no_answer_fails: bool) -> Try:
    """Return what `row` shows by the scores of `scorer`."""
    score = row.scores.get(scorer)
    why = _unfinished(row) or _unscored(score)
    if score is None or why is not None:
        return Try(sample=row.sample, epoch=row.epoch, outcome=Outcome.UNDECIDED, why=why or "no-score")
    outcome, word = _verdict(score, no_answer_fails=no_answer_fails)
    return Try(sample=row.sample, epoch=row.epoch, outcome=outcome, why=word)


def _unfinished(row: Row) -> str | None:
    if row.invalidated:
        return "invalidated"
    if row.error is not None:
        return "error"
    if row.limit == "operator":
        return "stopped-by-operator"
    return "other-model" if row.substitutes else None


def _unscored(score: Score | None) -> str | None:
    if score is None or isinstance(score.value, Unscored):
        return "no-score"
    return "grader-failed" if score.reason in _FAILED_INSTRUMENT else None


def _verdict(score: Score, *, no_answer_fails: bool) -> tuple[Outcome, str]:
    if score.value == NO_ANSWER_LETTER:
        return (Outcome.FAILED, "") if no_answer_fails else (Outcome.UNDECIDED, "no-answer")
    passed = passes(score.value)
    if passed is None:
        return Outcome.NOT_BINARY, _shown(score.value)
    if passed:
        return Outcome.PASSED, ""
    if score.reason in _NO_ANSWER and not no_answer_fails:
        return Outcome.UNDECIDED, "no-answer"
    return Outcome.FAILED, ""


def passes(value: ScoreValue) -> bool | None:
    """Return whether a score is a pass or a fail; None where it is neither."""
    match value:
        case bool():
            return value
        case int() | float():
            return bool(value) if value in {0, 1} else None
        case str():
            return _LETTERS.get(value)
        case Unscored() | OtherScore():
            return None
        case _ as never:
            assert_never(never)


def _shown(value: ScoreValue) -> str:
    text = value.text if isinstance(value, OtherScore) else str(value)
    return text[:40].encode("unicode_escape").decode("ascii")
