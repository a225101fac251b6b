"""An answer does not hang on what was asked before it in the same process: nothing is remembered across records."""

from __future__ import annotations

import gc
import json
import random
from datetime import timedelta
from typing import Any, Final

import pytest

from interlock.engine import Question, decide
from interlock.library import bundled_policies
from interlock.policy import Judged, Policy, conditions_within, decode
from interlock.record import Event, read_events

NAMES: Final = ("anthropic-rsp@1.0", "anthropic-rsp@2.2")
ACTIONS: Final = ("train", "store", "deploy.internal.wide", "deploy.external.public", "release-weights")
RECORDS: Final = 6


def words_of(policy: Policy) -> list[tuple[str, dict[str, Any], str]]:
    """Every judgement and attestation that the policy asks for, each way."""
    conditions = [c for one in policy.restrictions.values() for c in (one.when, one.until) if c is not None]
    conditions += [one.means for one in policy.terms.values() if one.means is not None]
    asked = [part for c in conditions for part in conditions_within(c) if isinstance(part, Judged)]
    judged = {(leaf.question, role) for leaf in asked for role in leaf.by.names}
    words: list[tuple[str, dict[str, Any], str]] = [
        ("determination.made", {"judged": question, "value": value}, role)
        for question, role in sorted(judged)
        for value in (True, False)
    ]
    controls = [control for standard in policy.standards.values() for control in standard.controls.values()]
    return words + [
        ("control.attested", {"control": control.id, "value": True}, role)
        for control in controls
        for role in control.attested_by.names
    ]


def record(policy: Policy, seed: int) -> tuple[Event, ...]:
    """A random record about two models, dense or sparse."""
    draw = random.Random(seed)  # noqa: S311 - the same records in every run
    told: list[tuple[str, dict[str, Any], str | None, str]] = [
        ("model.registered", {"developer": policy.issuer}, None, model) for model in "ab"
    ]
    density = draw.random()
    told += [(*word, draw.choice("aab")) for word in words_of(policy) if draw.random() < density]
    lines = []
    for place, (kind, data, role, model) in enumerate(told):
        day = (policy.effective + timedelta(days=2 + place)).isoformat()
        who = {} if role is None else {"role": role, "actor": role}
        lines.append(
            json.dumps({"event": kind, "occurred": f"{day}T00:00:00Z", "subject": {"model": model}, "data": data} | who)
        )
    return read_events([("events.jsonl", "\n".join(lines).encode())])


def answer(policy: Policy, events: tuple[Event, ...], action: str) -> tuple[object, ...]:
    question = Question(model="a", action=action, as_of=events[-1].occurred + timedelta(days=1))
    decision = decide([policy], events, question)
    states = [(standing.id, standing.state) for standing in decision.restrictions]
    return decision.outcome, decision.by_default, states, [[change.leaf for change in one] for one in decision.release]


@pytest.mark.parametrize("name", NAMES)
def test_the_same_question_has_the_same_answer_however_often_and_after_whatever_it_is_asked(name: str) -> None:
    (bundled,) = [policy for policy in bundled_policies() if policy.name == name]
    policy = decode(bundled.read(), file=name)
    asked = [(seed, action) for seed in range(RECORDS) for action in ACTIONS]
    first = {one: answer(policy, record(policy, one[0]), one[1]) for one in asked}
    assert len({str(one) for one in first.values()}) > 3, "the records differ in what they come to"
    gc.collect()
    random.Random(1).shuffle(asked)  # noqa: S311 - the same order in every run
    again = decode(bundled.read(), file=name)
    for one in asked:
        assert answer(policy, record(policy, one[0]), one[1]) == first[one], one
        assert answer(again, record(again, one[0]), one[1]) == first[one], one
