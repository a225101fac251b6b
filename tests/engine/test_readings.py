"""Disputed words: readings, rulings, and which way each reading would have cut (LANGUAGE 2 and 9)."""

from __future__ import annotations

from typing import Any

import pytest

from interlock.engine import Decision, decision_to_json, duties, duties_to_json, replay
from interlock.policy import Policy
from interlock.terms import Truth, parse_instant
from tests.engine.cases import Given, answer, decided, event, finding_ids, judged, policy, read, registered

TERM = "terms: {big: {readings: {by-size: {judged: large, by: rso}, by-use: {judged: used, by: rso}}}}\n"
HELD_IF_BIG = TERM + "restrictions: {hold: {forbids: [train], when: {term: big}}}\n"
LARGE, NOT_USED = judged("2025-02-01", "large"), judged("2025-02-01", "used", value=False)


def ruled(on: str, reading: str, **more: Any) -> Given:
    return event("term.ruled", on, term=more.pop("term", "big"), reading=reading, reason="minute 7", **more)


def big(*given: Given, rules: str = HELD_IF_BIG, at: str = "2025-06-01") -> str:
    return answer(decided(policy(rules), [LARGE, NOT_USED, *given], at))


def test_where_readings_differ_the_burden_decides_and_a_ruling_ends_that() -> None:
    assert big() == "held by default"
    assert big(ruled("2025-03-01", "by-size")) == "held"
    assert big(ruled("2025-03-01", "by-use")) == "permitted"
    assert big(rules=f"burden-of-proof: challenger\n{HELD_IF_BIG}") == "permitted by default"


def test_where_readings_agree_nothing_is_in_dispute() -> None:
    decision = decided(policy(HELD_IF_BIG), [LARGE, judged("2025-02-01", "used")], "2025-06-01")
    assert answer(decision) == "held"
    assert decision.restrictions[0].when.reason is None


def test_one_reading_known_and_one_unknown_are_not_agreed() -> None:
    decision = decided(policy(HELD_IF_BIG), [judged("2025-02-01", "large", value=False)], "2025-06-01")
    assert answer(decision) == "held by default"
    assert decision.restrictions[0].when.reason == "contested"


def test_a_contested_release_releases_nothing() -> None:
    rules = TERM + "restrictions: {hold: {forbids: [train], when: {event: model.registered}, until: {term: big}}}\n"
    assert big(rules=rules) == "held"
    assert big(ruled("2025-03-01", "by-size"), rules=rules) == "permitted"


def test_a_ruling_binds_from_its_instant_on_and_never_before() -> None:
    ruling = ruled("2025-03-01", "by-use")
    assert big(ruling, at="2025-02-28") == "held by default"
    assert big(ruling, at="2025-03-01") == "permitted"


def test_the_latest_ruling_binds_and_two_of_one_instant_that_disagree_do_not() -> None:
    assert big(ruled("2025-03-01", "by-use"), ruled("2025-04-01", "by-size")) == "held"
    tied = [ruled("2025-04-01", "by-size"), ruled("2025-04-01", "by-use")]
    decision = decided(policy(HELD_IF_BIG), [LARGE, NOT_USED, *tied], "2025-06-01")
    assert answer(decision) == "held by default"
    assert "rulings-disagree" in finding_ids(decision)


def test_a_ruling_about_another_model_or_developer_binds_nobody_else() -> None:
    assert big(ruled("2025-03-01", "by-use", model="other")) == "held by default"
    assert big(ruled("2025-03-01", "by-use", developer="Other")) == "held by default"
    assert big(ruled("2025-03-01", "by-use", developer="Acme")) == "permitted"
    assert big(ruled("2025-03-01", "by-use", world=True)) == "permitted"


def test_a_reading_that_the_text_does_not_admit_rules_nothing() -> None:
    decision = decided(policy(HELD_IF_BIG), [LARGE, NOT_USED, ruled("2025-03-01", "by-sise")], "2025-06-01")
    assert answer(decision) == "held by default"
    assert "speaks-to-nothing" in finding_ids(decision)


def test_only_whom_the_policy_names_may_rule() -> None:
    rules = HELD_IF_BIG.replace("used, by: rso}}}", "used, by: rso}}, ruled-by: [board]}")
    assert "ruled-by" in rules
    own = decided(policy(rules), [LARGE, NOT_USED, ruled("2025-03-01", "by-use", by="rso")], "2025-06-01")
    assert answer(own) == "held by default"
    assert "ruling-set-aside" in finding_ids(own)
    theirs = decided(policy(rules), [LARGE, NOT_USED, ruled("2025-03-01", "by-use", by="board")], "2025-06-01")
    assert answer(theirs) == "permitted"
    assert "ruling-by-anyone" not in finding_ids(theirs)


def test_a_ruling_needs_all_whom_the_policy_names_to_agree() -> None:
    rules = HELD_IF_BIG.replace("used, by: rso}}}", "used, by: rso}}, ruled-by: [board, ceo]}")
    one = ruled("2025-03-01", "by-use", by="board", actor="bea")
    assert big(one, rules=rules) == "held by default"
    assert big(one, ruled("2025-03-02", "by-size", by="ceo", actor="cleo"), rules=rules) == "held by default"
    assert big(one, ruled("2025-03-02", "by-use", by="ceo", actor="bea"), rules=rules) == "held by default"
    assert big(one, ruled("2025-03-02", "by-use", by="ceo", actor="cleo"), rules=rules) == "permitted"


def test_anyone_may_rule_where_the_policy_names_nobody_which_is_said() -> None:
    at_once = [LARGE, NOT_USED, ruled("2025-03-01", "by-use")]
    assert finding_ids(decided(policy(HELD_IF_BIG), at_once, "2025-06-01")) == ["ruling-by-anyone"]
    late = [LARGE, NOT_USED, ruled("2025-03-01", "by-use", recorded="2025-03-02")]
    assert finding_ids(decided(policy(HELD_IF_BIG), late, "2025-06-01")) == ["ruling-by-anyone", "ruling-recorded-late"]


def test_inline_readings_are_ruled_by_their_id() -> None:
    rules = (
        "restrictions: {hold: {forbids: [train], when: {readings: {id: big, by-size: {judged: large, by: rso}, "
        "by-use: {judged: used, by: rso}}}}}\n"
    )
    assert big(rules=rules) == "held by default"
    assert big(ruled("2025-03-01", "by-use"), rules=rules) == "permitted"
    assert big(ruled("2025-03-01", "by-use", term="bog"), rules=rules) == "held by default"


def test_a_ruling_out_ahead_reaches_through_a_term() -> None:
    """A margin that a term hid would let a threshold be ruled out without any."""
    rules = """
measures: {run: {statistic: proportion, suite: acme/run}}
terms: {able: {means: {measure: run, at-least: 50%, confidence: 95%}}}
thresholds: {strong: {reached-when: WHEN}}
restrictions: {hold: {forbids: [train], when: {not: {ruled-out: strong, ahead: 6x}}}}
"""
    low = event(
        "evaluation.completed", "2025-02-01", measure="run", suite="acme/run", successes=0, trials=40, elicitation=[]
    )
    for when in ("{measure: run, at-least: 50%, confidence: 95%}", "{term: able}"):
        decision = decided(policy(rules.replace("WHEN", when)), [low], "2025-06-01")
        assert answer(decision) == "held by default", when
        assert "buffer-not-designed" in finding_ids(decision)


# Which way the others would have cut


def cuts(decision: Decision) -> dict[str, tuple[str, bool, str]]:
    (dispute,) = decision.disputes
    return {cut.reading: (cut.outcome, cut.by_default, cut.value.value) for cut in dispute.cuts}


@pytest.mark.parametrize("ruling", [[], [ruled("2025-03-01", "by-use")], [ruled("2025-03-01", "by-size")]])
def test_a_decision_says_which_way_each_reading_would_have_cut(ruling: list[Given]) -> None:
    decision = decided(policy(HELD_IF_BIG), [LARGE, NOT_USED, *ruling], "2025-06-01")
    assert cuts(decision) == {"by-size": ("held", False, "true"), "by-use": ("permitted", False, "false")}


def test_the_ruling_that_binds_is_told_with_who_when_and_why() -> None:
    given = [LARGE, NOT_USED, ruled("2025-03-01", "by-use", by="board", actor="bea")]
    shown = decision_to_json(decided(policy(HELD_IF_BIG), given, "2025-06-01"), engine="test")
    (dispute,) = shown["readings"]
    assert dispute["ruling"] == {
        "reading": "by-use",
        "at": "2025-03-01T12:00:00Z",
        "by": "bea",
        "role": "board",
        "reason": "minute 7",
        "evidence": [3],
    }
    when = shown["restrictions"][0]["trace"]["when"]["children"][0]
    assert [child["condition"] for child in when["children"]] == [
        "`by-use` is ruled by board, 2025-03-01T12:00:00Z: minute 7",
        "read as `by-size`",
        "read as `by-use`",
    ]
    assert [child["value"] for child in when["children"]] == ["true", "true", "false"]


def test_words_that_do_not_bear_on_the_question_are_not_told() -> None:
    rules = TERM + (
        "restrictions:\n  hold: {forbids: [train], when: {term: big}}\n"
        "  other: {forbids: [store], when: {judged: large, by: rso}}\n"
    )
    assert decided(policy(rules), [LARGE, NOT_USED], "2025-06-01", action="store").disputes == ()


def test_a_reading_may_be_assumed_whatever_was_ruled() -> None:
    rules = policy(HELD_IF_BIG)
    given = [LARGE, NOT_USED, ruled("2025-03-01", "by-use")]
    assumed = {("acme", "big"): "by-size"}
    assert answer(decided(rules, given, "2025-06-01", rulings=assumed)) == "held"


def test_a_contested_hold_is_released_by_a_ruling_too() -> None:
    decision = decided(policy(HELD_IF_BIG), [LARGE, NOT_USED], "2025-06-01")
    ways = {(change.leaf, change.to, change.who) for changes in decision.release for change in changes}
    assert ("big", "by-use", ("anyone",)) in ways


def test_of_any_who_may_rule_two_that_disagree_settle_nothing() -> None:
    """Which of them binds must not hang on the order in which the file lists the readings."""
    rules = HELD_IF_BIG.replace("used, by: rso}}}", "used, by: rso}}, ruled-by: {any-of: [board, ceo]}}")
    one = ruled("2025-03-01", "by-use", by="board")
    assert big(one, rules=rules) == "permitted"
    decision = decided(policy(rules), [LARGE, NOT_USED, one, ruled("2025-04-01", "by-size", by="ceo")], "2025-06-01")
    assert answer(decision) == "held by default"
    assert "rulings-disagree" in finding_ids(decision)


# Duties


EVENTS_ONLY = """
terms:
  public:
    readings:
      broad: {event: model.deployed, class-at-least: deploy.external.trusted}
      narrow: {event: model.deployed, class-at-least: deploy.external.public}
duties: {report: {must: report, when: {term: public}, within: 3 days}}
"""


def deployed(on: str, to: str) -> Given:
    return event("model.deployed", on, class_=to)


def states(rules: str, given: list[Given], at: str) -> list[str]:
    events = read([registered("m"), *given])
    return [one.state.value for one in duties([policy(rules)], events, parse_instant(f"{at}T12:00:00Z")).duties]


def test_each_event_is_read_at_its_own_instant_and_later_rulings_do_not_change_that() -> None:
    trusted = deployed("2025-03-01", "deploy.external.trusted")
    assert states(EVENTS_ONLY, [trusted], "2025-06-01") == ["open"]
    narrow = ruled("2025-04-01", "narrow", term="public")
    assert states(EVENTS_ONLY, [trusted, narrow], "2025-06-01") == ["open"]
    assert states(EVENTS_ONLY, [ruled("2025-02-01", "narrow", term="public"), trusted], "2025-06-01") == [
        "not-triggered"
    ]
    assert states(EVENTS_ONLY, [ruled("2025-02-01", "broad", term="public"), trusted], "2025-06-01") == ["overdue"]
    public = deployed("2025-03-01", "deploy.external.public")
    assert states(EVENTS_ONLY, [public], "2025-06-01") == ["overdue"]
    assert states(EVENTS_ONLY, [trusted, narrow, public], "2025-06-01") == ["open", "overdue"]


def test_an_event_of_another_kind_is_none_of_a_reading() -> None:
    rules = """
documents: {paper: {}}
terms: {public: {readings: {shipped: {event: model.deployed}, told: {event: document.published, document: paper}}}}
duties: {report: {must: report, when: {term: public}, within: 3 days}}
"""
    shipped = deployed("2025-03-01", "deploy.external.public")
    assert states(rules, [shipped], "2025-06-01") == ["open"]
    assert states(rules, [ruled("2025-02-01", "shipped", term="public"), shipped], "2025-06-01") == ["overdue"]
    assert states(rules, [ruled("2025-02-01", "told", term="public"), shipped], "2025-06-01") == ["not-triggered"]


def test_each_reading_of_an_event_has_its_own_subjects() -> None:
    rules = """
terms: {met: {readings: {own: {event: incident.discovered}, any: {event: incident.discovered, of: any-model}}}}
duties: {report: {must: report, for: each model, when: {term: met}, within: 3 days}}
"""
    found = event("incident.discovered", "2025-03-01", model="other", id="i-1", kind="leak")
    given = [registered("other"), found]
    assert states(rules, given, "2025-06-01") == ["open", "overdue"]
    assert states(rules, [*given, ruled("2025-02-01", "own", term="met", developer="Acme")], "2025-06-01") == [
        "not-triggered",
        "overdue",
    ]


def test_a_term_that_means_a_term_that_means_an_event_triggers_per_event() -> None:
    rules = """
terms: {inner: {means: {event: model.deployed}}, outer: {means: {term: inner}}}
duties: {report: {must: report, when: {term: outer}, within: 3 days}}
"""
    twice = [deployed(day, "deploy.internal.wide") for day in ("2025-03-01", "2025-04-01")]
    assert states(rules, twice, "2025-06-01") == ["overdue", "overdue"]


def test_a_report_on_duties_says_what_each_reading_would_ask() -> None:
    events = read([registered("m"), deployed("2025-03-01", "deploy.external.trusted")])
    report = duties([policy(EVENTS_ONLY)], events, parse_instant("2025-06-01T12:00:00Z"))
    (dispute,) = duties_to_json(report, engine="test")["readings"]
    assert dispute["cuts"] == [
        {
            "reading": "broad",
            "changes": [{"duty": "report", "instance": "m", "states": ["open"], "would_be": ["overdue"]}],
        },
        {"reading": "narrow", "changes": [{"duty": "report", "instance": "m", "states": ["open"], "would_be": []}]},
    ]


# Replays


def replayed(rules: Policy, given: list[Given]) -> Any:
    events = read([registered("m"), *given])
    return replay([rules], events, parse_instant("2025-06-01T12:00:00Z"))


def test_a_departure_names_the_readings_under_which_it_stands() -> None:
    act = event("training.started", "2025-03-01")
    shown = replayed(policy(HELD_IF_BIG), [LARGE, NOT_USED, act])
    assert [(one.id, one.by_default, one.reading) for one in shown.breaches] == [("hold", True, "big: by-size")]
    both = replayed(policy(HELD_IF_BIG), [LARGE, judged("2025-02-01", "used"), act])
    assert [(one.id, one.reading) for one in both.breaches] == [("hold", None)]


def test_a_departure_that_only_another_reading_makes_is_told_apart() -> None:
    act = event("training.started", "2025-03-01")
    shown = replayed(policy(HELD_IF_BIG), [LARGE, NOT_USED, ruled("2025-02-10", "by-use"), act])
    assert shown.breaches == ()
    told = {cut.reading: [(one.id, one.reading) for one in cut.only_here] for cut in shown.readings}
    assert told == {"by-size": [("hold", "big: by-size")], "by-use": []}


def test_it_is_told_how_many_departures_a_reading_would_not_make() -> None:
    acts = [event("training.started", "2025-03-01"), event("training.continued", "2025-03-01")]
    shown = replayed(policy(HELD_IF_BIG), [LARGE, NOT_USED, *acts])
    assert [one.reading for one in shown.breaches] == ["big: by-size", "big: by-size"]
    assert {cut.reading: cut.not_here for cut in shown.readings} == {"by-size": 0, "by-use": 2}


def test_versions_with_other_readings_of_one_word_are_replayed_each_under_its_own() -> None:
    """A reading that a version does not have is no reading of it; what was ruled there counts."""
    old = policy(HELD_IF_BIG)
    new = policy(HELD_IF_BIG.replace("by-use", "by-both"), version="2", effective="2025-04-01")
    events = read([registered("m"), LARGE, NOT_USED, event("training.started", "2025-05-01")])
    shown = replay([old, new], events, parse_instant("2025-06-01T12:00:00Z"))
    assert {cut.reading for cut in shown.readings} == {"by-size", "by-use", "by-both"}
    assert [one.reading for one in shown.breaches] == ["big: by-size, by-use"]


def test_a_reading_that_is_forced_gives_the_values_that_it_has_alone() -> None:
    node = decided(policy(HELD_IF_BIG), [LARGE, NOT_USED], "2025-06-01").restrictions[0].when
    assert node.value is Truth.UNKNOWN
    assert {child.condition for child in node.parts[0].children} == {"read as `by-size`", "read as `by-use`"}
