"""Each leaf in a releasing set: named where an act can change it, by what, and by whom (LANGUAGE 4.4)."""

from __future__ import annotations

import pytest

from tests.engine.cases import PLAN, Given, decided, event, judged, sets
from tests.engine.changes import AS_OF, check_every_set, hold

HEADER = """
measures:
  run: {statistic: proportion, suite: acme/run, elicitation: [], fresh: 3 months}
  horizon:
    {statistic: time-horizon, at: 50%, suite: acme/horizon, elicitation: [tools, best-of-n], pre-registration: required}
thresholds:
  strong: {reached-when: {measure: run, at-least: 50%, confidence: 95%}}
standards:
  safe: {controls: {lock: {attested-by: rso}, drill: {attested-by: [rso, board]}}}
documents: {plan: {submitted-by: rso}, report: {}}
claims: {sound: {title: it is sound, argued-to: [rso, reviewer]}}
terms: {meant: {means: {judged: meant, by: rso}}}
"""


LOCKED = event("control.attested", "2025-02-01", by="rso", control="lock", value=True)
LOCK, DRILL = ("lock attested by rso", "true"), ("drill attested by 2 of rso, board", "true")


@pytest.mark.parametrize(
    "leaf",
    [
        "{attested: lock}",
        "{judged: ok, by: [rso, board]}",
        "{argued: sound}",
        "{approved: plan, by: [ceo, board]}",
        "{published: report}",
        "{notified: board, of: report}",
        "{quantity: spend, at-least: 5 USD}",
        "{event: incident.determined, id: i-1, kind: k}",
        "{measure: run, below: 50%}",
    ],
)
def test_a_leaf_that_an_act_can_change_is_named_as_it_stands(leaf: str) -> None:
    rules = HEADER + hold("{event: model.registered}", f", until: {leaf}")
    assert sets(decided(rules, [], AS_OF)) == [{(leaf, "true")}]
    assert check_every_set(rules, []) == 1


@pytest.mark.parametrize(
    ("until", "given", "expected"),
    [
        ("{meets: safe}", [], [{LOCK, DRILL}]),
        ("{meets: safe}", [LOCKED], [{DRILL}]),
        ("{not: {meets: safe}}", [], [{(DRILL[0], "false")}, {(LOCK[0], "false")}]),
        ("{ruled-out: strong}", [], [{("{measure: run, at-least: 50%, confidence: 95%}", "false")}]),
        ("{term: meant}", [], [{("{judged: meant, by: [rso]}", "true")}]),
        ("{undefined: {owed: what comes next}}", [], []),
        ("{not: {event: model.registered}}", [], []),
        ("{judged: ok, by: rso, of: any-model}", [], []),
    ],
    ids=[
        "meets",
        "meets-in-part",
        "not-meets",
        "ruled-out",
        "term",
        "undefined",
        "what-has-happened",
        "of-many-models",
    ],
)
def test_what_stands_for_a_condition_is_named_by_its_parts_and_what_nobody_can_change_is_not(
    until: str, given: list[Given], expected: list[set[tuple[str, str]]]
) -> None:
    rules = HEADER + hold("{event: model.registered}", f", until: {until}")
    assert sets(decided(rules, given, AS_OF)) == expected
    assert check_every_set(rules, given) == len(expected)


def ways(until: str, *, given: list[Given] | None = None) -> list[tuple[str, tuple[str, ...]]]:
    decision = decided(HEADER + hold("{event: model.registered}", f", until: {until}"), given or [], AS_OF)
    return [(change.how, change.who) for changes in decision.release for change in changes]


EVALUATOR, DEVELOPER = ("evaluator",), ("developer",)


@pytest.mark.parametrize(
    ("until", "how"),
    [
        ("{ruled-out: strong}", "an upper bound below 50%"),
        ("{reached: strong}", "a lower bound of at least 50%"),
        ("{measure: run, at-most: 50%}", "an observed value of at most 50%"),
        ("{measure: run, more-than: 50%, confidence: 90%}", "a lower bound above 50%"),
        ("{not: {measure: run, more-than: 50%, confidence: 90%}}", "an upper bound of at most 50%"),
        ("{measure: run, at-most: 50%, confidence: 90%}", "an upper bound of at most 50%"),
        ("{not: {measure: run, at-most: 50%, confidence: 90%}}", "a lower bound above 50%"),
        ("{measure: run, below: 50%, confidence: 90%}", "an upper bound below 50%"),
        ("{not: {measure: run, below: 50%, confidence: 90%}}", "a lower bound of at least 50%"),
    ],
)
def test_an_evaluation_is_named_by_its_suite_and_the_bound_it_must_have(until: str, how: str) -> None:
    assert ways(until) == [(f"an evaluation of acme/run, with {how}", EVALUATOR)]


def test_an_evaluation_is_named_with_all_that_its_measure_asks() -> None:
    ((how, who),) = ways("{measure: horizon, below: 8 hours}")
    asked = "with tools, best-of-n, registered beforehand, with an observed value below 8 hours"
    assert (how, who) == (f"an evaluation of acme/horizon {asked}", EVALUATOR)


@pytest.mark.parametrize(
    ("until", "how", "who"),
    [
        ("{judged: ok, by: [rso, board]}", "a determination that ok is true", ("rso", "board")),
        ("{not: {judged: ok, by: rso}}", "a determination that ok is false", ("rso",)),
        ("{argued: sound}", "an assessment of the claim as supported", ("rso", "reviewer")),
        ("{not: {argued: sound}}", "an assessment of the claim as defeated", ("rso", "reviewer")),
        ("{approved: plan, by: board}", "a submission of plan and its approval", ("rso", "board")),
        ("{published: report}", "publication of report", DEVELOPER),
        ("{published: report, for-at-least: 3 days}", "publication of report that has stood for 3 days", DEVELOPER),
        (
            "{published: report, for-at-least: 3 days, coverage-within: 9 days}",
            "publication of report with a stated coverage that ends at most 9 days before it that has stood for 3 days",
            DEVELOPER,
        ),
        ("{notified: board, of: report}", "notice of report to board", DEVELOPER),
        ("{event: model.deployed}", "an event model.deployed", ()),
        ("{quantity: spend, at-least: 5 USD}", "a measurement of spend", DEVELOPER),
        ("{attested: lock}", "an attestation as asked", ("rso",)),
        ("{not: {attested: lock}}", "an attestation that it is not in place", ("rso",)),
    ],
)
def test_a_change_says_how_it_comes_about_and_who_can_make_it(until: str, how: str, who: tuple[str, ...]) -> None:
    assert ways(until) == [(how, who)]


def test_those_who_have_said_so_already_are_not_asked_again() -> None:
    given = [judged("2025-02-01", "ok", by="rso")]
    assert ways("{judged: ok, by: [rso, board]}", given=given) == [("a determination that ok is true", ("board",))]
    submitted = event("document.submitted", "2025-02-01", by="rso", document="plan", digest=PLAN)
    assert ways("{approved: plan, by: [ceo, board]}", given=[submitted]) == [
        ("approval of the latest plan", ("ceo", "board"))
    ]
