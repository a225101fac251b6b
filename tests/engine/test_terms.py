"""The list of terms: what they mean, who ruled, in whose favour, and what is open (LANGUAGE 2)."""

from __future__ import annotations

from typing import Any

import pytest

from interlock.engine import Refused, TermStanding, terms, terms_to_json
from interlock.terms import parse_instant
from tests.engine.cases import Given, event, judged, policy, read, registered

RULES = """
terms:
  big:
    readings: {by-size: {judged: large, by: rso}, by-use: {judged: used, by: rso}}
    ruled-by: [board]
  plain: {means: {judged: large, by: rso}}
restrictions: {hold: {forbids: [train], when: {term: big}}}
"""
LARGE, NOT_USED = judged("2025-02-01", "large"), judged("2025-02-01", "used", value=False)


def listed(*given: Given, rules: str = RULES, at: str = "2025-06-01T12:00:00Z") -> dict[str, TermStanding]:
    report = terms([policy(rules)], read([registered("m"), LARGE, NOT_USED, *given]), parse_instant(at))
    return {standing.id: standing for standing in report.terms}


def ruled(on: str, reading: str, by: str = "board") -> Given:
    return event("term.ruled", on, by=by, actor=f"{by}-person", term="big", reading=reading, reason="a minute")


def test_an_open_term_says_what_hangs_on_it() -> None:
    big = listed()["big"]
    assert big.open_for == ("m",)
    assert [(cut.model, cut.action, dict(cut.held)) for cut in big.cuts] == [
        ("m", "train", {"by-size": True, "by-use": False})
    ]


def test_a_term_with_one_meaning_is_never_open() -> None:
    plain = listed()["plain"]
    assert plain.means is not None
    assert (plain.readings, plain.is_open) == (None, False)


@pytest.mark.parametrize(("reading", "favours"), [("by-use", "the developer"), ("by-size", "restriction")])
def test_a_ruling_names_who_gave_it_on_whose_side_and_whom_it_favours(reading: str, favours: str) -> None:
    big = listed(ruled("2025-03-01", reading))["big"]
    (one,) = big.rulings
    assert (one.reading, one.state, one.side, one.favours) == (reading, "binds", "oversight", favours)
    assert not big.is_open


def test_a_ruling_that_makes_no_difference_on_the_record_favours_nobody() -> None:
    (one,) = listed(ruled("2025-01-10", "by-use"))["big"].rulings
    assert one.favours == "nobody, on this record"


def test_rulings_that_do_not_bind_say_why() -> None:
    given = [ruled("2025-03-01", "by-size"), ruled("2025-03-02", "by-use", by="rso"), ruled("2025-04-01", "by-use")]
    states = [(one.reading, one.state) for one in listed(*given, ruled("2025-05-01", "by-mood"))["big"].rulings]
    assert states == [
        ("by-size", "superseded"),
        ("by-use", "set-aside"),
        ("by-use", "binds"),
        ("by-mood", "unknown-reading"),
    ]


def test_later_rulings_are_none_yet() -> None:
    assert listed(ruled("2025-07-01", "by-use"))["big"].rulings == ()


def test_duties_that_one_reading_asks_count_for_whom_it_favours() -> None:
    rules = """
terms:
  big: {readings: {broad: {event: model.deployed}, narrow: {event: model.deployed, class: deploy.external.public}}}
duties: {report: {must: report, when: {term: big}, within: 3 days}}
"""
    deployed = event("model.deployed", "2025-04-01", class_="deploy.internal.wide")
    big = listed(ruled("2025-03-01", "narrow"), deployed, rules=rules)["big"]
    assert dict(big.asked) == {"broad": 1, "narrow": 0}
    assert big.rulings[0].favours == "the developer"


def test_readings_in_a_condition_are_listed_by_their_id() -> None:
    rules = (
        "restrictions: {hold: {forbids: [train], when: {readings: {id: big, by-size: {judged: large, by: rso}, "
        "by-use: {judged: used, by: rso}}}}}\n"
    )
    assert listed(rules=rules)["big"].is_open


def test_the_shape_is_plain_data() -> None:
    events = read([registered("m"), LARGE, NOT_USED, ruled("2025-03-01", "by-use")])
    shown: dict[str, Any] = terms_to_json(
        terms([policy(RULES)], events, parse_instant("2025-06-01T12:00:00Z")), engine="test"
    )
    assert shown["shape"] == "interlock.terms/1"
    assert [term["id"] for term in shown["terms"]] == ["big", "plain"]
    big = shown["terms"][0]
    assert big["ruled_by"] == ["board"]
    assert big["rulings"][0]["side"] == "oversight"
    assert big["cuts"] == [{"model": "m", "action": "train", "held_under": ["by-size"]}]


def test_without_a_version_in_force_there_is_nothing_to_list() -> None:
    with pytest.raises(Refused, match="no version of a policy given"):
        terms([policy(RULES, effective="2026-01-01")], read([registered("m")]), parse_instant("2025-06-01T00:00:00Z"))
