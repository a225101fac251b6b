"""The rule of `rule_engines` in interlock: the same cases, as a record of events, asked of the engine in three ways."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from benchmarks.rule_engines import PAUSE, PROCEED, Answering, Case
from interlock.engine import PolicyCase, Question, answer_of, decide, exit_code
from interlock.policy import Policy, decode
from interlock.record import Event, read_events

Record = tuple[Event, ...]
Folded = tuple[PolicyCase, ...]

_POLICY: Final = """\
interlock: 1
policy: one-rule
version: "1"
issuer: Fern
title: Pause at a score of 0.5 until the safeguard is in place
effective: 2025-01-01
burden-of-proof: BURDEN
roles: {rso: {title: Responsible Scaling Officer, side: developer}}
measures: {cbrn: {statistic: mean, unit: question, suite: fern/cbrn}}
thresholds: {cbrn: {reached-when: {measure: cbrn, at-least: 0.5}}}
standards: {safeguards: {controls: {asl3: {attested-by: rso}}}}
restrictions: {hold: {forbids: [train], when: {reached: cbrn}, until: {meets: safeguards}}}
"""
_KNOWN: Final = (
    {"event": "policy.adopted", "occurred": "2025-01-01T00:00:00Z", "subject": {"developer": "Fern"},
     "data": {"policy": "one-rule", "version": "1"}},
    {"event": "model.registered", "occurred": "2025-01-02T00:00:00Z", "subject": {"model": "fern-1"}, "data": {}},
)  # fmt: skip


def record_of(case: Case) -> bytes:
    """Return the record of a case: an event for each thing that it states, as it states it."""
    given: list[dict[str, Any]] = [*_KNOWN]
    if "cbrn" in case:
        data = {"measure": "cbrn", "suite": "fern/cbrn", "estimate": case["cbrn"], "method": "mean of scores",
                "log": "sha256:" + "0" * 64}  # fmt: skip
        given.append({"event": "evaluation.completed", "occurred": "2025-02-01T00:00:00Z",
                      "subject": {"model": "fern-1"}, "data": data})  # fmt: skip
    if "asl3" in case:
        given.append({"event": "control.attested", "occurred": "2025-02-02T00:00:00Z", "role": "rso",
                      "subject": {"model": "fern-1"}, "data": {"control": "asl3", "value": case["asl3"]}})  # fmt: skip
    return "".join(json.dumps(event) + "\n" for event in given).encode()


def _policies(burden: str) -> list[Policy]:
    return [decode(_POLICY.replace("BURDEN", burden).encode(), file="one-rule.yaml")]


def _question() -> Question:
    return Question(model="fern-1", action="train", as_of=datetime(2025, 3, 1, tzinfo=UTC))


def answering(burden: str = "developer", *, whole_words: bool = False) -> Answering:
    """Return what reads the record of a case and decides; with `whole_words` it says by what it answers so."""
    policies, question = _policies(burden), _question()
    words = {0: PROCEED, 1: PAUSE, 3: PAUSE, 6: PROCEED}
    if whole_words:
        words |= {3: f"{PAUSE}, by default", 6: f"{PROCEED}, by default"}

    def answer(case: Case) -> str:
        return words[exit_code(decide(policies, read_events([("case.jsonl", record_of(case))]), question))]

    return answer


def deciding() -> Callable[[Sequence[Record]], list[str]]:
    """Return what decides cases whose events were read before."""
    policies, question = _policies("developer"), _question()

    def answer_all(records: Sequence[Record]) -> list[str]:
        return [PAUSE if decide(policies, record, question).held else PROCEED for record in records]

    return answer_all


def folded_cases(records: Iterable[Record]) -> list[Folded]:
    """Return the policy's case for each record, its facts folded."""
    policies, question = _policies("developer"), _question()
    return [decide(policies, record, question).policies for record in records]


def answering_folded() -> Callable[[Sequence[Folded]], list[str]]:
    """Return what answers folded cases, reading every condition again."""

    def answer(bound: Folded) -> str:
        return PAUSE if answer_of([replace(one, case=one.case.read()) for one in bound]).outcome == "held" else PROCEED

    return lambda folded: [answer(bound) for bound in folded]
