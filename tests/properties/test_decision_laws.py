"""Laws that every decision keeps, whatever the policy and the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from interlock.engine import HELD, Change, Decision
from interlock.notation import FaultsError
from interlock.record import Event
from interlock.terms import Truth, format_instant
from interlock.testing import oracle
from interlock.testing.strategies import Drawn, Theme, cases, evidence_cases, read
from tests.properties.drawn import MANY, bytes_of, decided, oracle_question_of, rendered

DAY = timedelta(days=1)
REFERRING = ("evaluation.withdrawn", "event.corrected")
"""Kinds of events that refer to others by their place in the file."""
UNMENTIONED: tuple[dict[str, Any], ...] = (
    {"event": "determination.made", "subject": {"model": "m1"}, "role": "rso", "actor": "rolf"}
    | {"data": {"judged": "asked-nowhere", "value": True}},
    {"event": "quantity.measured", "subject": {"model": "m1"}, "data": {"quantity": "parameters", "value": "1e12"}},
    {"event": "evaluation.completed", "subject": {"model": "x1"}}
    | {"data": {"measure": "score", "suite": "lab/score", "successes": 40, "trials": 40}},
    {"event": "determination.made", "subject": {"model": "x1"}, "role": "rso", "actor": "rolf"}
    | {"data": {"judged": "danger", "value": True}},
    {"event": "control.attested", "subject": {"developer": "Brook"}, "role": "rso", "actor": "rolf"}
    | {"data": {"control": "badge", "value": True}},
    {"event": "model.registered", "subject": {"model": "x2"}, "data": {"developer": "Brook", "parent": "x1"}},
)
"""Facts about what no random policy asks, and about another developer and its models."""
SPOILT: tuple[dict[str, Any], ...] = (
    {"elicitation": []},
    {"method": None},
    {"log": None},
    {"plan": None},
    {"plan": "never-entered"},
)
"""What makes an evaluation inadequate; None takes the field away."""


def asking(drawn: Drawn, **changes: Any) -> Drawn:
    return replace(drawn, question=replace(drawn.question, **changes))


# What is known


@MANY
@given(cases(), cases())
def test_what_is_recorded_later_never_changes_what_was_known(drawn: Drawn, other: Drawn) -> None:
    """3.2: nothing that is recorded after known-at reaches the answer, whenever it occurred; not one byte changes."""
    recorded = format_instant((drawn.question.known_at or drawn.question.as_of) + DAY)
    late = [
        event | {"recorded": recorded}
        for event in other.event_objects
        if event["event"] not in REFERRING and "evidence" not in event["data"]
    ]
    assert bytes_of(decided(drawn)) == bytes_of(decided(drawn, read([*drawn.event_objects, *late])))


@MANY
@given(cases(), st.sampled_from(UNMENTIONED), st.sampled_from(["2025-01-02", "2025-02-15", "2025-06-01"]))
def test_an_unmentioned_fact_changes_only_the_count_of_events_and_findings(
    drawn: Drawn, fact: dict[str, Any], day: str
) -> None:
    event = fact | {"occurred": f"{day}T12:00:00Z"}
    before, after = rendered(decided(drawn)), rendered(decided(drawn, read([*drawn.event_objects, event])))
    for answer in (before, after):
        for shown in ("events", "findings"):
            answer.pop(shown, None)
    assert before == after


@MANY
@given(cases())
def test_the_same_files_give_the_same_bytes(drawn: Drawn) -> None:
    """4.9, for values read anew."""
    again = replace(drawn)
    assert again.policies is not drawn.policies
    assert bytes_of(decided(drawn)) == bytes_of(decided(again))


@MANY
@given(cases(), cases())
def test_a_decision_leaves_no_trace_for_the_next(first: Drawn, second: Drawn) -> None:
    """4.9: nothing is kept between two decisions that could change the later one."""
    alone = bytes_of(decided(second))
    decided(first)
    assert alone == bytes_of(decided(second))


@MANY
@given(cases(themes=(Theme.WORDS,)), cases(themes=(Theme.WORDS,)))
def test_a_ruling_settles_nothing_before_it(drawn: Drawn, other: Drawn) -> None:
    """2: what is ruled later, though it is known already, changes neither the answer nor what it is for.

    How long the answer is good for it may change: the ruling is an event that is known to come.
    """
    asked = asking(drawn, known_at=drawn.question.as_of + 2 * DAY)
    later = format_instant(drawn.question.as_of + DAY)
    rulings = [event for event in other.event_objects if event["event"] == "term.ruled"]
    late = [event | {"occurred": later, "recorded": later} for event in rulings]
    before, after = rendered(decided(asked)), rendered(decided(asked, read([*asked.event_objects, *late])))
    for answer in (before, after):
        for shown in ("events", "valid_until"):
            answer.pop(shown, None)
    assert before == after


# Release


def releasable(drawn: Drawn) -> tuple[Drawn, Decision]:
    """The case as release sets can be tried on it by giving leaves other values, and its decision.

    Windows are taken out, since they need new events and not only other values. So are scopes, and age limits on what
    encloses leaves, since the text of a leaf doesn't say under which of them its value is meant.
    """
    plain = replace(drawn, policy_documents=[by_its_text_alone(document) for document in drawn.policy_documents])
    decision = decided(plain)
    assume(isinstance(decision, Decision) and decision.release)
    assert isinstance(decision, Decision)
    return plain, decision


def by_its_text_alone(node: Any) -> Any:
    if isinstance(node, list):
        return [by_its_text_alone(part) for part in node]
    if not isinstance(node, dict):
        return node
    encloses = not node.keys().isdisjoint({"reached", "ruled-out", "meets", "term"})
    without = {"for-at-most", "renewals"} | ({"fresh", "within-last"} if encloses else set())
    scopes = ("developer", "world", "lineage", "any-model")
    return {
        key: by_its_text_alone(value)
        for key, value in node.items()
        if key not in without and not (key == "of" and value in scopes)
    }


def supposing(drawn: Drawn, changes: Sequence[Change]) -> oracle.OracleDecision:
    """What the oracle decides where leaves have these values, and texts are ruled so, at the time asked about."""
    values = {change.leaf: Truth(change.to) for change in changes if not change.is_ruling}
    ruled = {change.leaf: change.to for change in changes if change.is_ruling}
    answer = oracle.decide(drawn.policies, drawn.events, oracle_question_of(drawn), supposing=values, ruling=ruled)
    assert isinstance(answer, oracle.OracleDecision)
    return answer


@MANY
@given(cases())
def test_every_release_set_flips_the_decision(drawn: Drawn) -> None:
    """4.4: each set of changes, put in place of what the events show, turns the outcome round."""
    drawn, decision = releasable(drawn)
    for changes in decision.release:
        assert supposing(drawn, changes).outcome != decision.outcome, changes


@MANY
@given(cases())
def test_no_part_of_a_release_set_permits_by_evidence(drawn: Drawn) -> None:
    """4.4: the sets are smallest ones: of what a held decision's set asks for, all is needed."""
    drawn, decision = releasable(drawn)
    assume(decision.outcome == HELD)
    for changes in decision.release:
        for left_out in changes:
            others = [change for change in changes if change is not left_out]
            if left_out.leaf in [change.leaf for change in others]:
                # the same words of two policies: they can be supposed only together
                continue
            answer = supposing(drawn, others)
            assert answer.outcome == HELD or answer.by_default, others


# Evidence withheld, spoilt and grown old: for policies in which evidence can only hold or rule out (see the strategy)


def held(drawn: Drawn, events: Sequence[Event] | None = None) -> bool:
    answer = decided(drawn, events)
    return isinstance(answer, Decision) and answer.outcome == HELD


def evaluations_of(drawn: Drawn) -> list[int]:
    return [index for index, event in enumerate(drawn.event_objects) if event["event"] == "evaluation.completed"]


def with_event(drawn: Drawn, index: int, event: dict[str, Any]) -> tuple[Event, ...] | None:
    """The events with another in one place; None where some other event no longer fits it."""
    objects = [*drawn.event_objects[:index], event, *drawn.event_objects[index + 1 :]]
    try:
        return read(objects)
    except FaultsError:
        return None


@MANY
@given(evidence_cases())
def test_withholding_evidence_that_reaches_nothing_never_permits(drawn: Drawn) -> None:
    """3.3, 4.3: what makes no measured leaf true can only rule out or displace; without it what was held stays held.

    Without an evaluation that does make a leaf true, an action may well be permitted: it was what held it.
    In its place stands an event that names the same checkpoint and says nothing.
    """
    assume(held(drawn))
    for index in evaluations_of(drawn):
        if Truth.TRUE in oracle.shown_by(drawn.policies, drawn.events[index]):
            continue
        given_event = drawn.event_objects[index]
        kept = {name: given_event[name] for name in ("occurred", "recorded", "subject") if name in given_event}
        events = with_event(drawn, index, {"event": "training.continued", "data": {}} | kept)
        assert events is None or held(drawn, events), index


@MANY
@given(evidence_cases(), st.sampled_from(SPOILT))
def test_making_evidence_inadequate_never_permits(drawn: Drawn, spoilt: dict[str, Any]) -> None:
    """3.3: inadequate evidence may make a threshold reached, never rule it out: for whatever evaluation."""
    assume(held(drawn))
    for index in evaluations_of(drawn):
        said = drawn.event_objects[index]["data"] | spoilt
        spoilt_event = {"data": {name: value for name, value in said.items() if value is not None}}
        events = with_event(drawn, index, drawn.event_objects[index] | spoilt_event)
        assert events is not None
        assert held(drawn, events), index


@MANY
@given(evidence_cases(), st.integers(1, 400))
def test_time_alone_never_permits(drawn: Drawn, days: int) -> None:
    """3.3: evidence only grows stale: with no new event a held action does not come to be permitted."""
    asked = drawn.question
    known = asking(drawn, known_at=asked.known_at or asked.as_of)
    assume(all(event.occurred <= asked.as_of for event in drawn.events))
    assume(held(known))
    assert held(asking(known, as_of=asked.as_of + days * DAY))
