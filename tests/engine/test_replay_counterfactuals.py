"""Replays under another version: what it would have held, and whether it was departed from (LANGUAGE 4.8)."""

from __future__ import annotations

from typing import Final

import pytest

from interlock.engine import Replay, replay_to_json
from interlock.policy import Policy
from interlock.terms import format_instant
from tests.engine.cases import Given, judged, policy
from tests.engine.changes import hold
from tests.engine.duty_cases import incident
from tests.engine.replay_cases import (
    DANGER,
    IF_DANGER,
    UNLESS_DONE,
    adopted,
    changes,
    departed_at,
    departures,
    finding_ids,
    held,
    lateness,
    replayed,
    said_nothing,
    started,
)

FIRST: Final = "2025-01-02T12:00:00Z"
ALWAYS: Final = "{event: model.registered}"
MONTHLY: Final = [started(f"2025-{month:02}-15") for month in range(1, 7)]
LATER: Final = said_nothing("2025-07-01")


def months(shown: Replay) -> list[int]:
    return [int(at[5:7]) for at in departed_at(shown)]


def two(old: str, new: str) -> tuple[Policy, Policy]:
    return policy(old), policy(new, version="2", effective="2025-04-01")


def test_another_version_is_in_force_throughout_in_place_of_all_of_its_policy() -> None:
    old, new = two(IF_DANGER, hold(ALWAYS))
    given = [judged("2025-02-01", "danger"), *MONTHLY, LATER]
    adherence = replayed([old, new], given)
    assert (adherence.kind, adherence.under, months(adherence)) == ("adherence", None, [2, 3, 4, 5, 6])
    later, earlier = replayed([old, new], given, under=new), replayed([old, new], given, under=old)
    assert (later.kind, later.under, months(later)) == ("counterfactual", new, [1, 2, 3, 4, 5, 6])
    assert months(earlier) == [2, 3, 4, 5, 6]
    assert held(later) == [(FIRST, None, "evidence")]
    assert held(earlier) == [("2025-02-01T12:00:00Z", None, "evidence")]


def test_adoptions_play_no_part_under_another_version() -> None:
    old, new = policy(IF_DANGER), policy(hold(ALWAYS), version="2")
    given = [adopted("2025-01-01", "1"), adopted("2025-05-01", "2"), *MONTHLY, LATER]
    assert months(replayed([old, new], given, under=new)) == [1, 2, 3, 4, 5, 6]
    assert months(replayed([old, new], given, under=old)) == []


def test_it_is_in_force_from_the_first_event_on_whatever_its_effective_day() -> None:
    new = policy(hold(ALWAYS), version="2", effective="2030-01-01")
    shown = replayed([policy(IF_DANGER), new], MONTHLY, under=new)
    assert changes(shown, "version") == [(FIRST, None, "2")]
    assert months(shown) == [1, 2, 3, 4, 5, 6]


def test_duties_count_from_the_first_event_on() -> None:
    body = "duties: {d: {must: do it, for: developer, every: {time: 30 days}}}\n"
    new = policy(body, version="2", effective="2030-01-01")
    # The first event is the registration of 2 January: 30 days from then are over with 1 February; due at once.
    shown = replayed([policy(IF_DANGER), new], [LATER], under=new)
    assert [at for _, _, at, _ in lateness(shown)] == ["2025-02-02T00:00:00Z"]


def test_an_overdue_duty_holds_under_another_version_as_under_its_own() -> None:
    new = policy(UNLESS_DONE, version="2", effective="2030-01-01")
    shown = replayed([policy(IF_DANGER), new], [incident("discovered", "2025-03-01"), *MONTHLY], under=new)
    assert months(shown) == [3, 4, 5, 6]


def test_there_are_no_amendments_and_no_loosenings_of_it() -> None:
    rule = "amendments: {approved-by: [board]}\n"
    old, new = two(rule + hold(ALWAYS), rule + IF_DANGER)
    adherence = replayed([old, new], [LATER])
    assert departures(adherence, "amendment") != []
    assert adherence.loosenings != ()
    shown = replayed([old, new], [LATER], under=new)
    assert departures(shown) == []
    assert shown.loosenings == ()


def test_another_policy_is_replayed_beside_those_given() -> None:
    own, other = policy(IF_DANGER), policy(hold(ALWAYS), name="other")
    shown = replayed(own, [judged("2025-05-01", "danger"), *MONTHLY], under=other)
    assert [(one.policy, int(format_instant(one.at)[5:7])) for one in shown.breaches] == [
        *(("other", month) for month in (1, 2, 3, 4)),
        ("acme", 5),
        ("other", 5),
        ("acme", 6),
        ("other", 6),
    ]


def test_other_policies_keep_the_versions_that_were_in_force() -> None:
    old, new = two(IF_DANGER, hold(ALWAYS))
    law = policy(hold(ALWAYS), name="act", effective="2025-06-01")
    shown = replayed([old, new, law], MONTHLY, under=old)
    assert [(one.policy, int(format_instant(one.at)[5:7])) for one in shown.breaches] == [("act", 6)]


def test_acts_are_still_judged_by_what_was_recorded_by_then() -> None:
    new = policy(IF_DANGER, version="2", effective="2030-01-01")
    late = judged("2025-02-01", "danger", recorded="2025-05-01")
    assert months(replayed([policy(DANGER), new], [late, *MONTHLY], under=new)) == [5, 6]


def test_a_version_in_force_by_supposition_needs_no_adoption() -> None:
    rules = policy(DANGER)
    adherence, counterfactual = replayed(rules, MONTHLY), replayed(rules, MONTHLY, under=rules)
    assert "adoption-not-recorded" in {finding.id for finding in adherence.findings}
    assert "adoption-not-recorded" not in {finding.id for finding in counterfactual.findings}
    other = replayed([rules, policy(DANGER, name="other")], MONTHLY, under=rules)
    assert [f.detail for f in other.findings if f.id == "adoption-not-recorded"] == [
        "no event records the adoption of `other` 1; taken from its effective day"
    ]


@pytest.mark.parametrize("body", [DANGER, IF_DANGER])
def test_under_the_only_version_there_ever_was_nothing_differs(body: str) -> None:
    body += (
        "duties:\n"
        "  d: {must: do it, when: {event: incident.discovered}, within: 3 days, otherwise: {forbids: [store]}}\n"
        "  e: {must: do that, for: developer, every: {time: 30 days}}\n"
    )
    # In force from the very instant of the first event on.
    rules = policy(body, effective="2025-01-02")
    given: list[Given] = [
        adopted("2025-01-02T00:00:00Z", "1"),
        judged("2025-02-01", "danger"),
        judged("2025-04-01", "danger", value=False, recorded="2025-05-01"),
        incident("discovered", "2025-03-01"),
        *MONTHLY,
        LATER,
    ]
    adherence, counterfactual = replayed(rules, given), replayed(rules, given, under=rules)
    assert adherence.breaches == counterfactual.breaches != ()
    assert adherence.holds == counterfactual.holds != ()
    assert adherence.history == counterfactual.history
    assert finding_ids(adherence) == finding_ids(counterfactual)
    shown = [replay_to_json(one, engine="test") for one in (adherence, counterfactual)]
    assert [one.pop("kind") for one in shown] == ["adherence", "counterfactual"]
    assert shown[0] == shown[1]
