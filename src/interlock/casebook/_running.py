"""The running of cases: each is asked of the engine, and its answer held against what is expected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from interlock.casebook._checks import Mismatch, check_decision, check_duties, check_replay
from interlock.casebook._deciding import first_reason
from interlock.casebook._model import (
    AskedDuties,
    AskedReplay,
    Casebook,
    ExpectedDecision,
    ExpectedDuties,
    ExpectedRefusal,
    ExpectedReplay,
    PolicyCase,
)
from interlock.engine import Decision, DutyReport, EngineError, Question, Replay, decide, duties, replay
from interlock.policy import Policy

Answer = Decision | DutyReport | Replay


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRun:
    """A case with its answer, or the words of its refusal, and in what that is not as expected."""

    case: PolicyCase
    answer: Answer | None
    refusal: str | None
    mismatches: tuple[Mismatch, ...]
    why: tuple[str, ...]
    """Of a failed case: the first reason in the answer's trace."""

    @property
    def passed(self) -> bool:
        """Whether all is as expected."""
        return not self.mismatches


def run_cases(casebook: Casebook, policies: Sequence[Policy]) -> tuple[CaseRun, ...]:
    """Return every case of a casebook run by `policies`, the one under test first and other versions after it."""
    return tuple(run_case(case, policies) for case in casebook.cases)


def run_case(case: PolicyCase, policies: Sequence[Policy]) -> CaseRun:
    """Return the case run."""
    try:
        answer = answer_to(case, policies)
    except EngineError as error:
        return CaseRun(case=case, answer=None, refusal=error.message, mismatches=tuple(_refused(case, error)), why=())
    mismatches = tuple(_mismatches(case, answer))
    return CaseRun(
        case=case,
        answer=answer,
        refusal=None,
        mismatches=mismatches,
        why=tuple(first_reason(answer)) if mismatches else (),
    )


def answer_to(case: PolicyCase, policies: Sequence[Policy]) -> Answer:
    """Return the engine's answer to what a case asks; its refusals are raised."""
    match case.ask:
        case Question():
            return decide(policies, case.events, case.ask)
        case AskedDuties():
            return duties(policies, case.events, case.ask.as_of, known_at=case.ask.known_at)
        case AskedReplay():
            under = None if case.ask.under is None else _version(case.ask.under, policies)
            return replay(policies, case.events, case.ask.as_of, under=under)


def _version(name: str, policies: Sequence[Policy]) -> Policy:
    return next(policy for policy in policies if name in {policy.version, f"{policy.id}@{policy.version}"})


def _refused(case: PolicyCase, error: EngineError) -> Iterable[Mismatch]:
    if not isinstance(case.expect, ExpectedRefusal):
        advice = "" if error.advice is None else f" ({error.advice})"
        yield Mismatch(what="question", expected="an answer", got=f"refused: {error.message}{advice}")
    elif case.expect.saying is not None and case.expect.saying not in error.message:
        yield Mismatch(what="refusal", expected=case.expect.saying, got=error.message)


def _mismatches(case: PolicyCase, answer: Answer) -> Iterable[Mismatch]:
    match case.expect, answer:
        case ExpectedDecision() as expect, Decision():
            return check_decision(expect, answer)
        case ExpectedDuties() as expect, DutyReport():
            return check_duties(expect, answer)
        case ExpectedReplay() as expect, Replay():
            return check_replay(expect, answer)
        case _:
            return (Mismatch(what="question", expected="refused", got="an answer"),)
