"""Pledges: kept, lapsed or unmeasured, and how old what they rest on may be (LANGUAGE 1)."""

from __future__ import annotations

from typing import Any, Final

import pytest

from interlock.engine import Refused, duties_to_json
from interlock.policy import Policy
from interlock.terms import format_instant
from tests.engine.cases import Given, event, judged, policy, registered
from tests.engine.duty_cases import just_before, pledges, report

SHARE: Final = "{maintain: {quantity: share, at-least: 20%}}"
LAW: Final = "applies-to: {quantity: training-compute, of: any-model, more-than: 1e26 FLOP}\n"
QUARTERLY: Final = "{maintain: {quantity: share, at-least: 20%}, measured-every: 3 months}"


def pledging(pledge: str, more: str = "", **header: str) -> Policy:
    return policy(f"pledges: {{p: {pledge}}}\n{more}", **header)


def share(value: str, on: str = "2025-02-01", **about: Any) -> Given:
    return event("quantity.measured", on, quantity="share", value=value, **({"developer": "Acme"} | about))


def kept(*asked: Any, **more: Any) -> list[tuple[str, str]]:
    return [(one.instance, one.state) for one in pledges(*asked, **more)]


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ([], "unmeasured"),
        ([share("20%")], "kept"),
        ([share("19.99%")], "lapsed"),
        ([share("20%"), share("10%", "2025-02-02")], "lapsed"),
        ([share("10%"), share("20%", "2025-02-02")], "kept"),
        # two words at one place come to the interval between them, which leaves it open
        ([share("10%"), share("30%")], "unmeasured"),
        ([share("25%", lower="15%", upper="30%")], "unmeasured"),
        ([share("25%", lower="20%", upper="30%")], "kept"),
        ([share("2 USD")], "unmeasured"),
        ([share("50%", developer="Other")], "unmeasured"),
        ([share("50%", developer=None, model="m")], "unmeasured"),
        ([share("20%", developer=None, world=True)], "kept"),
    ],
)
def test_a_pledge_is_kept_lapsed_or_unmeasured(given: list[Given], state: str) -> None:
    assert kept(pledging(SHARE), given, "2025-03-01") == [("Acme", state)]


def test_a_pledge_is_lapsed_from_the_measurement_on() -> None:
    given = [share("20%"), share("10%", "2025-03-01T12:00:00Z")]
    assert kept(pledging(SHARE), given, just_before("2025-03-01T12:00:00Z")) == [("Acme", "kept")]
    assert kept(pledging(SHARE), given, "2025-03-01T12:00:00Z") == [("Acme", "lapsed")]


def test_for_each_model_it_is_kept_by_each_by_itself() -> None:
    rules = pledging("{maintain: {quantity: share, at-least: 20%}, for: each model}")
    given = [
        registered("m2"),
        registered("theirs", developer="Other"),
        share("30%", developer=None, model="m"),
        share("10%", developer=None, model="m2"),
    ]
    assert kept(rules, given, "2025-03-01") == [("m", "kept"), ("m2", "lapsed")]
    # a model that comes later has made no pledge yet
    assert kept(rules, [*given, registered("m3", on="2025-04-01")], "2025-03-01", known_at="2025-05-01") == [
        ("m", "kept"),
        ("m2", "lapsed"),
    ]


@pytest.mark.parametrize("word", [True, False])
def test_what_was_measured_longer_ago_than_it_is_measured_counts_no_more(*, word: bool) -> None:
    given = [share("25%" if word else "5%", "2025-02-01T09:00:00Z")]
    before = "kept" if word else "lapsed"
    # 3 months from 1 February at 9:00
    assert kept(pledging(QUARTERLY), given, just_before("2025-05-01T09:00:00Z")) == [("Acme", before)]
    assert kept(pledging(QUARTERLY), given, "2025-05-01T09:00:00Z") == [("Acme", "unmeasured")]


def test_it_says_by_when_to_measure_again() -> None:
    (standing,) = pledges(pledging(QUARTERLY), [share("25%", "2025-02-01T09:00:00Z")], "2025-03-01")
    assert standing.measure_by is not None
    assert format_instant(standing.measure_by) == "2025-05-01T09:00:00Z"
    (never,) = pledges(pledging(SHARE), [share("25%", "2025-02-01T09:00:00Z")], "2025-03-01")
    assert never.measure_by is None


def test_every_fact_of_a_condition_must_be_young_enough() -> None:
    rules = pledging(
        "{maintain: {all: [{quantity: share, at-least: 20%}, {judged: sound, by: rso}]}, measured-every: 3 months}"
    )
    sound = judged("2025-04-01T09:00:00Z", "sound", model=None, developer="Acme")
    given = [share("25%", "2025-02-01T09:00:00Z"), sound]
    assert kept(rules, given, "2025-04-30") == [("Acme", "kept")]
    assert kept(rules, given, "2025-05-01") == [("Acme", "unmeasured")]
    again = [*given, share("25%", "2025-05-02")]
    assert kept(rules, again, "2025-05-03") == [("Acme", "kept")]
    assert kept(rules, again, "2025-07-01T09:00:00Z") == [("Acme", "unmeasured")]


def test_a_limit_of_the_leaf_itself_holds_beside_the_pledges() -> None:
    rules = pledging("{maintain: {quantity: share, at-least: 20%, fresh: 1 month}, measured-every: 3 months}")
    assert kept(rules, [share("25%", "2025-02-01T09:00:00Z")], "2025-03-01T08:59:59Z") == [("Acme", "kept")]
    assert kept(rules, [share("25%", "2025-02-01T09:00:00Z")], "2025-03-01T09:00:00Z") == [("Acme", "unmeasured")]


def test_contradicting_words_keep_no_pledge() -> None:
    rules = pledging("{maintain: {judged: sound, by: rso}}")
    words = [judged("2025-02-01", "sound", value=value, model=None, developer="Acme") for value in (True, False)]
    assert kept(rules, words, "2025-03-01") == [("Acme", "unmeasured")]


def test_a_pledge_not_to_do_something_lapses_when_it_is_done() -> None:
    rules = pledging("{maintain: {not: {event: weights.released}}}")
    assert kept(rules, [], "2025-03-01") == [("Acme", "kept")]
    assert kept(rules, [event("weights.released", "2025-02-01")], "2025-03-01") == [("Acme", "lapsed")]
    theirs = [registered("theirs", developer="Other"), event("weights.released", "2025-02-01", model="theirs")]
    assert kept(rules, theirs, "2025-03-01") == [("Acme", "kept")]


def test_pledges_are_those_of_the_version_in_force() -> None:
    rules = [
        pledging(SHARE),
        pledging("{maintain: {quantity: share, at-least: 50%}}", version="2", effective="2025-04-01"),
    ]
    assert kept(rules, [share("25%")], "2025-03-31") == [("Acme", "kept")]
    assert kept(rules, [share("25%")], "2025-04-01T00:00:00Z") == [("Acme", "lapsed")]


def test_a_law_is_kept_by_each_developer() -> None:
    rules = pledging(SHARE, LAW, issuer="State")
    large = [
        event("quantity.measured", "2025-01-03", quantity="training-compute", value="2e26 FLOP", model=name)
        for name in ("m", "theirs")
    ]
    given = [registered("theirs", developer="Other"), *large, share("25%"), share("5%", developer="Other")]
    assert kept(rules, given, "2025-03-01") == [("Acme", "kept"), ("Other", "lapsed")]


def test_a_pledge_holds_no_action_and_is_shown_with_its_trace() -> None:
    found = report(pledging(QUARTERLY), [share("25%", "2025-02-01T09:00:00Z")], "2025-03-01")
    (shown,) = duties_to_json(found, engine="0")["pledges"]
    assert {key: shown[key] for key in ("id", "instance", "state", "measure_by", "modality", "binding")} == {
        "id": "p",
        "instance": "Acme",
        "state": "kept",
        "measure_by": "2025-05-01T09:00:00Z",
        "modality": "must",
        "binding": "unilateral",
    }
    assert (shown["trace"]["value"], shown["trace"]["evidence"]) == ("true", [1])


def test_a_pledge_that_needs_what_is_not_evaluated_is_refused() -> None:
    rules = pledging(
        "{maintain: {term: large}}",
        "measures: {m: {statistic: proportion, suite: s, sequential: true}}\n"
        "terms: {large: {means: {measure: m, at-least: 50%}}}\n",
    )
    with pytest.raises(Refused, match="is not evaluated"):
        report(rules, [], "2025-03-01")


def trained(compute: str, model: str) -> Given:
    return event("quantity.measured", "2025-02-01", quantity="training-compute", value=compute, model=model)


@pytest.mark.parametrize(
    ("compute", "fact", "states"),
    [
        # whom the law does not bind has pledged nothing
        ("1e26 FLOP", [], []),
        ("2e26 FLOP", [], [("Acme", "unmeasured")]),
        ("2e26 FLOP", [share("25%")], [("Acme", "kept")]),
        ("2e26 FLOP", [share("5%")], [("Acme", "lapsed")]),
        # of whom it is open whether it binds them nothing has lapsed
        (None, [share("25%")], [("Acme", "kept")]),
        (None, [share("5%")], [("Acme", "unmeasured")]),
    ],
)
def test_under_a_law_pledges_are_those_of_whom_it_binds(
    compute: str | None, fact: list[Given], states: list[tuple[str, str]]
) -> None:
    given = [*fact, *([] if compute is None else [trained(compute, "m")])]
    assert kept(pledging(SHARE, LAW), given, "2025-03-01") == states


def test_under_a_law_another_developers_pledges_are_its_own() -> None:
    theirs = [registered("theirs", developer="Other"), trained("2e26 FLOP", "theirs"), share("5%", developer="Other")]
    given = [trained("1e26 FLOP", "m"), share("25%"), *theirs]
    assert kept(pledging(SHARE, LAW), given, "2025-03-01") == [("Other", "lapsed")]
