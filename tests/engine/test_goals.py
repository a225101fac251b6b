"""Goals, and definitions that a text owes before a moment (LANGUAGE 1, 2 and 3.1)."""

from __future__ import annotations

from datetime import date
from typing import Any

from interlock.engine import DutyReport, duties, duties_to_json, replay
from interlock.policy import Policy
from interlock.terms import parse_instant
from tests.engine.cases import W1, Given, answer, decided, event, finding_ids, judged, policy, read, registered

GOAL = """
goals: {level-4: {by: 2025-06-30, graded-by: rso, reviewed-by: board, modality: aim}}
restrictions: {hold: {forbids: [train], when: {judged: dangerous, by: rso}}}
"""


def report(given: list[Given], at: str, *policies: Policy) -> DutyReport:
    versions = list(policies) or [policy(GOAL)]
    return duties(versions, read([registered("m"), *given]), parse_instant(at))


def graded(on: str, grade: str = "met", *, by: str | None = "rso") -> Given:
    return event("goal.graded", on, developer="Acme", by=by, goal="level-4", grade=grade, reason="drill of May")


def revised(on: str, by: str, *, who: str = "rso") -> Given:
    return event("goal.revised", on, developer="Acme", by=who, goal="level-4", reason="hardware is late") | {
        "data": {"goal": "level-4", "by": by, "reason": "hardware is late"}
    }


def findings(one: DutyReport) -> list[str]:
    return [finding.id for finding in one.findings if finding.id.startswith("goal-")]


def test_a_goal_is_past_its_day_from_the_end_of_that_day_on() -> None:
    (before,) = report([], "2025-06-30T23:59:59Z").goals
    (after,) = report([], "2025-07-01T00:00:00Z").goals
    assert (before.state, before.is_past, after.is_past) == ("ungraded", False, True)
    assert findings(report([], "2025-06-30T23:59:59Z")) == []
    assert findings(report([], "2025-07-01T00:00:00Z")) == ["goal-past-its-day"]


def test_a_grade_by_whom_the_policy_names_settles_it_and_its_review_is_a_grade_by_the_reviewer() -> None:
    (one,) = report([graded("2025-06-01", "half met")], "2025-08-01T00:00:00Z").goals
    assert (one.state, one.grade) == ("graded", "half met")
    assert findings(report([graded("2025-06-01")], "2025-08-01T00:00:00Z")) == ["goal-grade-not-reviewed"]
    both = [graded("2025-06-01"), graded("2025-06-15", by="board")]
    assert findings(report(both, "2025-08-01T00:00:00Z")) == []


def test_a_grade_by_another_is_no_grade() -> None:
    other = report([graded("2025-06-01", by="ceo")], "2025-08-01T00:00:00Z")
    assert (other.goals[0].state, other.goals[0].grade) == ("ungraded", None)
    assert findings(other) == ["goal-graded-by-another", "goal-past-its-day"]


def test_a_revision_moves_the_day_and_is_never_silent() -> None:
    moved = report([revised("2025-06-01", "2025-12-31")], "2025-08-01T00:00:00Z")
    assert (moved.goals[0].due, moved.goals[0].is_past) == (date(2025, 12, 31), False)
    assert findings(moved) == ["goal-revised"]
    late = report([revised("2025-07-05", "2025-12-31")], "2025-08-01T00:00:00Z")
    assert findings(late) == ["goal-revised-after-its-day"]
    again = [revised("2025-06-01", "2025-09-30"), revised("2025-10-02", "2025-12-31")]
    assert findings(report(again, "2025-11-01T00:00:00Z")) == ["goal-revised", "goal-revised-after-its-day"]


WITHOUT_A_DAY = "goals: {level-4: {graded-by: rso, modality: should}}\n" + GOAL.split("\n", 2)[2]


def test_a_goal_without_a_day_is_never_past_it() -> None:
    bare = policy(WITHOUT_A_DAY)
    (one,) = report([], "2085-01-01T00:00:00Z", bare).goals
    assert (one.due, one.is_past, one.state) == (None, False, "ungraded")
    assert findings(report([], "2085-01-01T00:00:00Z", bare)) == []
    (settled,) = report([graded("2025-06-01")], "2085-01-01T00:00:00Z", bare).goals
    assert (settled.state, settled.grade) == ("graded", "met")


def test_a_revision_may_give_it_a_day_and_that_is_never_silent_either() -> None:
    bare = policy(WITHOUT_A_DAY)
    given = [revised("2025-06-01", "2025-12-31")]
    assert findings(report(given, "2025-12-31T23:59:59Z", bare)) == ["goal-revised"]
    assert findings(report(given, "2026-01-01T00:00:00Z", bare)) == ["goal-past-its-day", "goal-revised"]
    again = [*given, revised("2026-01-01T00:00:00Z", "2026-06-30")]
    assert findings(report(again, "2026-02-01T00:00:00Z", bare)) == ["goal-revised", "goal-revised-after-its-day"]


def test_versions_that_give_a_goal_a_day_or_take_it_away_stand_in_its_history() -> None:
    versions = [
        policy(text, version=str(number), effective=f"2025-0{number}-01")
        for number, text in enumerate((GOAL, WITHOUT_A_DAY, WITHOUT_A_DAY, GOAL), start=1)
    ]
    (one,) = report([], "2025-08-01T00:00:00Z", *versions).goals
    assert [(step.what, step.text) for step in one.history] == [
        ("set", "by 2025-06-30, in 1"),
        ("amended", "without a day, in 2"),
        ("amended", "by 2025-06-30, in 4"),
    ]
    shown = duties_to_json(report([], "2025-02-15T00:00:00Z", versions[1]), engine="test")
    assert (shown["goals"][0]["by"], shown["goals"][0]["past_its_day"]) == (None, False)


def test_a_revision_at_the_end_of_the_day_comes_after_it() -> None:
    at_end = report([revised("2025-07-01T00:00:00Z", "2025-12-31")], "2025-08-01T00:00:00Z")
    assert findings(at_end) == ["goal-revised-after-its-day"]
    just_before = report([revised("2025-06-30T23:59:59Z", "2025-12-31")], "2025-08-01T00:00:00Z")
    assert findings(just_before) == ["goal-revised"]


def test_a_review_of_the_same_instant_is_a_review_and_an_older_one_is_not() -> None:
    at_once = report([graded("2025-06-01"), graded("2025-06-01", by="board")], "2025-08-01T00:00:00Z")
    assert findings(at_once) == []
    older = report([graded("2025-05-01", by="board"), graded("2025-06-01")], "2025-08-01T00:00:00Z")
    assert findings(older) == ["goal-grade-not-reviewed"]


def test_the_history_has_versions_revisions_and_grades_in_order() -> None:
    second = policy(GOAL.replace("2025-06-30", "2025-09-30"), version="2", effective="2025-05-01")
    given = [revised("2025-06-01", "2025-12-31"), graded("2025-12-01")]
    shown = duties_to_json(report(given, "2026-01-01T00:00:00Z", policy(GOAL), second), engine="test")
    (goal,) = shown["goals"]
    assert [(step["what"], step["text"]) for step in goal["history"]] == [
        ("set", "by 2025-06-30, in 1"),
        ("amended", "by 2025-09-30, in 2"),
        ("revised", "to 2025-12-31"),
        ("graded", "met"),
    ]
    assert (goal["by"], goal["state"], goal["grade"], goal["modality"]) == ("2025-12-31", "graded", "met", "aim")


def test_a_goal_that_a_version_drops_ungraded_is_a_finding() -> None:
    without = policy(
        "restrictions: {hold: {forbids: [train], when: {judged: dangerous, by: rso}}}",
        version="2",
        effective="2025-05-01",
    )
    assert findings(report([], "2025-08-01T00:00:00Z", policy(GOAL), without)) == ["goal-dropped"]
    given = [graded("2025-04-01")]
    assert findings(report(given, "2025-08-01T00:00:00Z", policy(GOAL), without)) == []


def test_a_goal_holds_nothing_and_makes_no_departure() -> None:
    given = [judged("2025-01-05", "dangerous", value=False)]
    assert answer(decided(policy(GOAL), given, "2025-08-01")) == "permitted"
    shown = replay([policy(GOAL)], read([registered("m"), *given]), parse_instant("2025-08-01T00:00:00Z"))
    assert shown.breaches == ()
    assert "goal-past-its-day" in [finding.id for finding in shown.findings]


# What the text owes


OWED = """
standards:
  next: {undefined: {owed: the next standard, before: {first: train, of: {judged: strong, by: rso}}}}
restrictions: {hold: {forbids: [train], when: {judged: dangerous, by: rso}}}
"""
SAFE = judged("2025-01-05", "dangerous", value=False)


def owed(given: list[Given], at: str = "2025-08-01T00:00:00Z", rules: str = OWED) -> list[Any]:
    found = duties([policy(rules)], read([registered("m"), *given]), parse_instant(at))
    return [(one.detail, one.evidence) for one in found.findings if one.id == "owed-before-act"]


def train(on: str) -> Given:
    return event("training.started", on)


def test_a_definition_is_due_at_the_first_act_in_its_case() -> None:
    strong, weak = judged("2025-02-01", "strong"), judged("2025-02-01", "strong", value=False)
    ((detail, evidence),) = owed([strong, train("2025-03-01"), train("2025-04-01")])
    assert evidence == (2,)
    assert "had not defined: the next standard" in detail
    assert owed([weak, train("2025-03-01")]) == []
    assert owed([strong]) == []
    assert owed([strong, event("weights.stored", "2025-03-01")]) == []
    assert owed([strong, train("2025-03-01")], at="2025-02-28T00:00:00Z") == []


def test_an_act_at_the_very_end_counts_and_one_on_another_checkpoint_is_read_there() -> None:
    strong = judged("2025-02-01", "strong")
    assert len(owed([strong, train("2025-03-01")], at="2025-03-01T12:00:00Z")) == 1
    on_weights = event("training.started", "2025-03-01", weights=W1)
    assert len(owed([strong, on_weights])) == 1


def test_what_is_owed_in_a_case_is_due_when_the_case_is_given() -> None:
    rules = OWED.replace("first: train, ", "")
    assert rules != OWED
    for strong, expected in ((True, ["still-owed"]), (False, [])):
        given = [registered("m"), judged("2025-02-01", "strong", value=strong)]
        found = duties([policy(rules)], read(given), parse_instant("2025-08-01T00:00:00Z")).findings
        assert [one.id for one in found if one.id == "still-owed"] == expected


def test_an_unknown_case_is_given_under_the_developers_burden_alone() -> None:
    assert len(owed([train("2025-03-01")])) == 1
    assert owed([train("2025-03-01")], rules=f"burden-of-proof: challenger\n{OWED}") == []


def test_a_decision_on_the_act_says_what_is_still_owed() -> None:
    rules = policy(OWED)
    given = [SAFE, judged("2025-02-01", "strong")]
    assert "still-owed" in finding_ids(decided(rules, given, "2025-03-01"))
    assert "still-owed" not in finding_ids(decided(rules, given, "2025-03-01", action="store"))
    assert "still-owed" not in finding_ids(
        decided(rules, [SAFE, judged("2025-02-01", "strong", value=False)], "2025-03-01")
    )


def test_a_version_that_defines_it_in_time_owes_nothing() -> None:
    defined = OWED.replace(
        "{undefined: {owed: the next standard, before: {first: train, of: {judged: strong, by: rso}}}}",
        "{controls: {lock: {attested-by: rso}}}",
    )
    assert defined != OWED
    versions = [policy(OWED), policy(defined, version="2", effective="2025-02-15")]
    events = read([registered("m"), judged("2025-02-01", "strong"), train("2025-03-01")])
    found = duties(versions, events, parse_instant("2025-08-01T00:00:00Z"))
    assert "owed-before-act" not in [one.id for one in found.findings]


def test_a_model_of_which_nothing_can_be_asked_owes_by_the_burden_and_refuses_no_report() -> None:
    """Its registrations disagree: whose descendant it is can't be told, so neither can the case."""
    rules = OWED + "terms: {big: {readings: {a: {judged: strong, by: rso}, b: {judged: dangerous, by: rso}}}}\n"
    given = [
        registered("n"),
        registered("o"),
        registered("m", parent="n"),
        registered("m", on="2025-01-03", parent="o"),
        train("2025-03-01"),
    ]
    for burden, expected in (("developer", 1), ("challenger", 0)):
        found = duties(
            [policy(f"burden-of-proof: {burden}\n{rules}")], read(given), parse_instant("2025-08-01T00:00:00Z")
        )
        assert sum(one.id == "owed-before-act" for one in found.findings) == expected
