"""A window turns at every event that its condition reads, whatever the leaf, though only those are looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import assume, given

from interlock.engine import Question, Refused, _timeline, decide, decision_to_json
from interlock.terms import format_instant
from interlock.testing.strategies import Drawn, Theme, cases
from tests.engine.cases import (
    LATER_PLAN,
    PLAN,
    W1,
    W2,
    Given,
    compute,
    decided,
    evaluated,
    event,
    judged,
    policy,
    registered,
    state,
)

RULES = """
measures: {{run: {{statistic: proportion, suite: acme/run, fresh: {{growth: 4x}}}}}}
thresholds: {{strong: {{reached-when: {{measure: run, at-least: 50%, confidence: 95%}}}}}}
standards:
  safe: {{controls: {{lock: {{attested-by: rso}}}}}}
  interim: {{controls: {{guard: {{attested-by: rso}}}}}}
documents: {{plan: {{}}}}
claims: {{sound: {{title: it is sound, argued-to: [rso]}}}}
terms: {{meant: {{means: {{judged: meant, by: rso}}}}}}
restrictions:
  hold: {{forbids: [train, deploy], when: {{event: model.registered}}}}
  other: {{forbids: [store], when: {{judged: odd, by: rso}}, until: {{judged: even, by: rso}}}}
permissions:
  aside: {{lifts: [other], when: {{judged: fine, by: board}}}}
  instead: {{replaces: {{safe: interim}}, when: {{judged: instead, by: board}}}}
  interim: {{lifts: [hold], when: {when}, for-at-most: 30 days}}
"""
MEASURED = compute("2025-01-10", "1e24 FLOP")
SPENT = event("quantity.measured", "2025-02-01", quantity="spend", value="1 USD")
NOTIFIED = event("party.notified", "2025-02-01", party="board", document="plan")
TURNS: dict[str, tuple[str, list[Given]]] = {
    "ruled-out": ("{ruled-out: strong}", [evaluated("2025-02-01", 2)]),
    "measure": ("{measure: run, below: 50%}", [evaluated("2025-02-01", 2)]),
    "quantity": ("{quantity: spend, below: 5 USD}", [SPENT]),
    "meets": ("{meets: safe}", [event("control.attested", "2025-02-01", by="rso", control="lock", value=True)]),
    "replaced": (
        "{meets: safe}",
        [
            event("control.attested", "2025-01-15", by="rso", control="guard", value=True),
            judged("2025-02-01", "instead", by="board"),
        ],
    ),
    "attested": ("{attested: lock}", [event("control.attested", "2025-02-01", by="rso", control="lock", value=True)]),
    "judged": ("{judged: ok, by: board}", [judged("2025-02-01", "ok", by="board")]),
    "argued": ("{argued: sound}", [event("claim.assessed", "2025-02-01", by="rso", claim="sound", state="supported")]),
    "approved": (
        "{approved: plan, by: board}",
        [
            event("document.submitted", "2025-01-15", document="plan", digest=PLAN),
            event("document.approved", "2025-02-01", by="board", document="plan", digest=PLAN),
        ],
    ),
    "published": ("{published: plan}", [event("document.published", "2025-02-01", document="plan", digest=PLAN)]),
    "notified": ("{notified: board, of: plan}", [NOTIFIED]),
    "event": ("{event: training.paused}", [event("training.paused", "2025-02-01")]),
    "term": ("{term: meant}", [judged("2025-02-01", "meant")]),
    "active": ("{not: {active: other}}", [judged("2025-02-01", "even")]),
    "in-force": ("{in-force: aside}", [judged("2025-02-01", "fine", by="board")]),
    "lifted": ("{not: {active: other}}", [judged("2025-02-01", "fine", by="board")]),
}


def opened(when: str, given: list[Given], as_of: str = "2025-02-20", **question: Any) -> tuple[str | None, int]:
    """Return the start of the last window and how many have opened."""
    registers = not any(one["event"] == "model.registered" for one in given)
    decision = decided(policy(RULES.format(when=when)), given, as_of, registers=registers, **question)
    (lift,) = decision.restrictions[0].lifts
    assert lift.window is not None
    return None if lift.window.start is None else format_instant(lift.window.start), lift.window.opened


@pytest.mark.parametrize("name", list(TURNS))
def test_a_window_opens_at_the_event_that_makes_its_condition_true(name: str) -> None:
    when, facts = TURNS[name]
    assert opened(when, [MEASURED, *facts]) == ("2025-02-01T12:00:00Z", 1)
    assert opened(when, [MEASURED, *facts], "2025-01-31") == (None, 0)


def test_a_measurement_of_compute_turns_what_ages_by_it() -> None:
    given = [
        MEASURED,
        evaluated("2025-02-01", 2),
        compute("2025-02-05", "4e24 FLOP"),
        evaluated("2025-02-10", 2),
    ]
    assert opened("{ruled-out: strong}", given) == ("2025-02-10T12:00:00Z", 2)
    assert opened("{judged: ok, by: board, fresh: {growth: 4x}}", [
        MEASURED,
        judged("2025-02-01", "ok", by="board"),
        compute("2025-02-05", "4e24 FLOP"),
        judged("2025-02-10", "ok", by="board"),
    ]) == ("2025-02-10T12:00:00Z", 2)  # fmt: skip


def test_a_withdrawal_turns_what_rested_on_the_evaluation() -> None:
    given = [
        MEASURED,
        evaluated("2025-02-01", 2),
        event("evaluation.withdrawn", "2025-02-05", evaluation=2, reason="broken"),
        evaluated("2025-02-10", 2),
    ]
    assert opened("{ruled-out: strong}", given) == ("2025-02-10T12:00:00Z", 2)


def approval(on: str, digest: str, **more: Any) -> list[Given]:
    return [
        event("document.submitted", on, document="plan", digest=digest, **more),
        event("document.approved", on, by="board", document="plan", digest=digest),
    ]


@pytest.mark.parametrize(
    "turn",
    [
        event("evaluation.withdrawn", "2025-02-05", evaluation=2, reason="broken"),
        evaluated("2025-02-05", 38),
        event("event.corrected", "2025-02-05", event=2, reason="typo", by_=evaluated("2025-01-20", 3)),
    ],
    ids=["withdrawn", "contradicted", "corrected"],
)
def test_what_becomes_of_listed_evidence_turns_an_approval(turn: Given) -> None:
    given = [MEASURED, evaluated("2025-01-20", 2), *approval("2025-02-01", PLAN, evidence=[2])]
    later = approval("2025-02-10", LATER_PLAN)
    when = "{approved: plan, by: board}"
    assert opened(when, [*given, turn], "2025-02-04") == ("2025-02-01T12:00:00Z", 1)
    # a correction is about the record: the evidence was never sound, and the first approval never counted
    expected = 1 if turn["event"] == "event.corrected" else 2
    assert opened(when, [*given, turn, *later]) == ("2025-02-10T12:00:00Z", expected)


def test_a_new_checkpoint_turns_what_is_asked_of_a_digest() -> None:
    """An approval of the earliest checkpoint is visible while the one asked about is the only one."""
    given = [
        MEASURED,
        registered(weights=W1),
        evaluated("2025-02-01", 2, weights=W1),
        event("training.continued", "2025-02-05", weights=W2),
        evaluated("2025-02-10", 2, weights=W2),
    ]
    decision = decided(
        policy(RULES.format(when="{ruled-out: strong}")), given, "2025-02-20", action="deploy", registers=False
    )
    assert state(decision) == "lifted"
    assert opened("{ruled-out: strong}", given, action="deploy")[1] >= 1


@given(cases(themes=(Theme.WINDOWS, Theme.ALL)))
def test_the_windows_are_those_that_reading_every_condition_at_every_event_gives(drawn: Drawn) -> None:
    """Only what an event can touch is read again, and only its leaves; the decision is that of reading all of it."""
    stated = drawn.question
    question = Question(
        model=stated.model,
        action=stated.action,
        as_of=stated.as_of,
        known_at=stated.known_at,
        weights=stated.weights,
        at_compute=stated.at_compute,
    )
    try:
        quick = decide(drawn.policies, drawn.events, question)
    except Refused:
        assume(False)  # noqa: FBT003 - hypothesis's own
        raise

    def never(_track: _timeline.Track, _instant: object) -> None:
        return None

    def every_instant(timeline: _timeline.Timeline, _topics: object) -> list[datetime]:
        return sorted({event.occurred for event in timeline.applied.state.record.events})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_timeline.Track, "at", never)
        patch.setattr(_timeline.Timeline, "instants", every_instant)
        slow = decide(drawn.policies, drawn.events, question)
        shown = decision_to_json(slow, engine="")
    assert decision_to_json(quick, engine="") == shown
