"""Replays restricted to some items: what is said of these is what a whole replay says, and of the rest nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from interlock.engine import DigestMismatch, Refused, Replay, replay
from interlock.engine._excerpt import AMENDMENTS, excerpt, names_in
from interlock.policy import Policy
from interlock.terms import parse_instant
from tests.engine.cases import Given, event, judged, policy, read, registered
from tests.engine.drawn_records import seeded_record
from tests.engine.replay_cases import adopted, changes, departures, finding_ids, held, started

TWO: Final = policy("""\
restrictions:
  hold-training: {forbids: [train], when: {not: {judged: safe, by: rso}}}
  hold-release: {forbids: [release-weights], when: {not: {judged: harmless, by: rso}}}
duties:
  report: {must: report, when: {event: incident.discovered}, within: 3 days}
""")
HAPPENED: Final = [
    started("2025-02-01"),
    event("weights.released", "2025-02-02"),
    event("incident.discovered", "2025-03-01", id="i1", kind="misuse"),
    judged("2025-04-01", "harmless"),
]
LEFT_OUT: Final = {"hold-training", "hold-release", "report"}


def only(
    *names: str, given: Sequence[Given] = HAPPENED, policies: Sequence[Policy] = (TWO,), under: Policy | None = None
) -> Replay:
    """Return the replay of what happened, restricted to these items."""
    end = parse_instant("2025-06-01T00:00:00Z")
    return replay(policies, read([registered(), *given]), end, under=under, only=names)


def told_of(shown: Replay) -> set[str]:
    """Return every item of which anything is told: departures, changes, holds, instances of duties."""
    told = {one.id for one in shown.breaches} | {one.duty.id for one in shown.duties.duties}
    told |= {change.id for moment in shown.history for change in moment.changes if change.item != "version"}
    return told | {name for one in shown.holds for name in one.restrictions}


@pytest.mark.parametrize("name", sorted(LEFT_OUT))
def test_nothing_is_told_of_an_item_that_is_not_named(name: str) -> None:
    shown = only(name)
    assert shown.only == (name,)
    assert told_of(shown) == {name}
    assert [one.id for one in shown.breaches] == [name]


def test_without_names_everything_is_looked_at() -> None:
    shown = only()
    assert shown.only is None
    assert told_of(shown) == LEFT_OUT


def test_what_events_say_of_items_left_out_is_no_name_that_nobody_knows() -> None:
    """The judgement is one that `hold-release` asks for; the misspelt one is asked for by nothing."""
    assert finding_ids(only("hold-training")) == []
    [finding] = [one for one in only("report", given=[judged("2025-04-01", "harmles")]).findings if one.evidence]
    assert finding.id == "speaks-to-nothing"
    assert finding.detail.endswith("did it mean `harmless`?")


def test_a_name_that_nothing_has_is_refused_with_the_nearest() -> None:
    with pytest.raises(Refused, match="`hold-trainin` names nothing") as caught:
        only("report", "hold-trainin")
    assert caught.value.advice == "did you mean `hold-training`?"


# What belongs to an item


def test_the_permission_that_lifts_an_item_is_looked_at_too() -> None:
    """Without it the excerpt would hold what the policy permits."""
    permitting = policy("""\
restrictions:
  hold-training: {forbids: [train], when: {judged: danger, by: rso}, presume: active}
  hold-release: {forbids: [release-weights], when: {judged: danger, by: rso}}
permissions:
  interim: {lifts: [hold-training, hold-release], when: {judged: interim-safe, by: board}}
  other: {lifts: [hold-release], when: {judged: other-safe, by: board}}
""")
    lifted = [judged("2025-01-05", "interim-safe", by="board"), started("2025-02-01")]
    shown = only("hold-training", given=lifted, policies=[permitting])
    assert shown.only == ("hold-training", "interim")
    assert departures(shown) == []
    assert departures(only("hold-training", given=lifted[1:], policies=[permitting])) != []


def test_the_permission_that_replaces_a_standard_which_an_item_needs_is_looked_at_too() -> None:
    replacing = policy("""\
standards:
  full: {controls: {locked: {attested-by: rso}}}
  interim: {controls: {watched: {attested-by: rso}}}
restrictions:
  hold-training: {forbids: [train], when: {not: {meets: full}}}
permissions:
  for-now: {replaces: {full: interim}, when: {judged: interim-safe, by: board}}
""")
    watched = [
        judged("2025-01-05", "interim-safe", by="board"),
        event("control.attested", "2025-01-06", by="rso", control="watched", value=True),
        started("2025-02-01"),
    ]
    shown = only("hold-training", given=watched, policies=[replacing])
    assert shown.only == ("hold-training", "for-now")
    assert departures(shown) == []


REFERRING: Final = policy("""\
restrictions:
  first: {forbids: [train], when: {judged: danger, by: rso}, presume: inactive}
  second: {forbids: [store], when: {all: [{active: first}, {overdue: report}]}, presume: inactive}
duties:
  report: {must: report, when: {event: incident.discovered}, within: 3 days, otherwise: {forbids: [train]}}
""")


def test_what_an_item_refers_to_is_evaluated_and_not_told_of() -> None:
    """Under danger `second` holds storing once the report is overdue, at the end of 4 March.

    Training departs from `first`, and from what the overdue duty forbids; neither is alleged.
    """
    happened = [
        judged("2025-02-01", "danger"),
        event("incident.discovered", "2025-03-01", id="i1", kind="misuse"),
        started("2025-03-10"),
        event("weights.stored", "2025-03-11"),
    ]
    shown = only("second", given=happened, policies=[REFERRING])
    assert departures(shown) == [("held-action", "second", "2025-03-11T12:00:00Z")]
    assert told_of(shown) == {"second"}
    assert held(shown, "train") == []
    assert {one.id for one in only(given=happened, policies=[REFERRING]).breaches} == {"first", "second", "report"}


def test_definitions_that_the_text_owes_are_told_of_where_they_are_named_or_needed() -> None:
    owing = policy("""\
standards:
  needed: {undefined: {owed: what is needed, before: {first: train}}}
  other: {undefined: {owed: what is not, before: {first: train}}}
restrictions:
  hold-release: {forbids: [release-weights], when: {not: {meets: needed}}}
duties:
  report: {must: report, when: {event: incident.discovered}, within: 3 days}
""")

    def owed(*names: str) -> list[str]:
        found = only(*names, given=[started("2025-02-01")], policies=[owing]).findings
        return [one.detail.split(": ")[1].split(";")[0] for one in found if one.id == "owed-before-act"]

    assert owed() == ["what is needed", "what is not"]
    assert owed("hold-release") == ["what is needed"]
    assert owed("other") == ["what is not"]
    assert owed("report") == []


# Several policies and versions

OTHER: Final = policy("duties: {assess: {must: assess, for: each model, every: {time: 3 months}}}", name="other")


def test_a_policy_that_has_none_of_the_items_does_not_judge() -> None:
    both = [TWO, OTHER]
    shown = only("report", policies=both)
    assert [one.id for one in shown.policies] == ["acme"]
    assert told_of(shown) == {"report"}
    assert [one.id for one in only("assess", "report", policies=both).policies] == ["acme", "other"]


def test_under_another_version_the_items_are_of_that_one() -> None:
    later = policy("restrictions: {hold-storing: {forbids: [store], when: {event: model.registered}}}", version="2")
    with pytest.raises(Refused, match="names nothing that a replay under `acme` 2"):
        only("hold-training", under=later)
    shown = only("hold-storing", given=[event("weights.stored", "2025-02-01")], under=later)
    assert shown.under is later
    assert departures(shown) == [("held-action", "hold-storing", "2025-02-01T12:00:00Z")]


def test_the_rule_on_amendments_has_a_name() -> None:
    rule = "amendments: {approved-by: [board]}\n"
    old = policy(rule + "duties: {report: {must: report, when: {event: incident.discovered}}}")
    new = policy(rule + "duties: {inform: {must: inform, when: {event: incident.discovered}}}", version="2")
    versions = [adopted("2025-01-01", "1"), adopted("2025-03-01", "2")]
    assert [one[:2] for one in departures(only(AMENDMENTS, given=versions, policies=[old, new]))] == [
        ("amendment", "acme")
    ]
    shown = only("inform", given=versions, policies=[old, new])
    assert departures(shown) == []
    assert [was for _, was, _ in changes(shown, "version")] == [None, "1"]


# Laws


def test_an_excerpt_has_the_digest_of_the_file_and_its_roles() -> None:
    kept = excerpt(TWO, ["report"]).policy
    assert (kept.digest, kept.roles, list(kept.duties), list(kept.restrictions)) == (
        TWO.digest,
        TWO.roles,
        ["report"],
        [],
    )
    assert kept != TWO


def stood(shown: Replay) -> list[tuple[object, ...]]:
    return [(one.duty.id, one.instance, one.state, one.due, one.done, one.evidence) for one in shown.duties.duties]


@settings(max_examples=15)
@given(st.integers(min_value=0, max_value=10**9))
def test_of_an_item_the_same_departures_are_told_as_in_a_whole_replay(seed: int) -> None:
    """Whatever else the policies say: departures, findings on names, and nothing of what is not looked at."""
    drawn = seeded_record(seed)
    assume(drawn is not None and drawn.events)
    assert drawn is not None
    try:
        whole = replay(drawn.policies, drawn.events)
    except (Refused, DigestMismatch):
        assume(condition=False)
        raise
    known = sorted({name for one in drawn.policies for name in (*one.restrictions, *one.duties, *one.pledges)})
    assume(known)
    name = known[seed % len(known)]
    part = replay(drawn.policies, drawn.events, only=[name])
    assert [one for one in part.breaches if one.kind != "amendment"] == [
        one for one in whole.breaches if one.id == name and one.kind != "amendment"
    ]
    assert told_of(part) <= {name}
    assert stood(part) == [one for one in stood(whole) if one[0] == name]
    assert {one for one in part.findings if one.id == "speaks-to-nothing"} <= set(whole.findings)


@settings(max_examples=8)
@given(st.integers(min_value=0, max_value=10**9))
def test_with_every_item_named_all_is_told(seed: int) -> None:
    drawn = seeded_record(seed)
    assume(drawn is not None and drawn.events)
    assert drawn is not None
    try:
        whole = replay(drawn.policies, drawn.events)
    except (Refused, DigestMismatch):
        assume(condition=False)
        raise
    names = list(dict.fromkeys(name for one in drawn.policies for name in names_in(one)))
    part = replay(drawn.policies, drawn.events, only=names)
    assert (part.breaches, part.holds, part.history, part.readings, part.loosenings, part.findings) == (
        whole.breaches,
        whole.holds,
        whole.history,
        whole.readings,
        whole.loosenings,
        whole.findings,
    )
