"""The bundled replays: each is complete, sound, and cites where everything in it comes from."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from interlock.engine import replay
from interlock.library import bundled_replay, replay_names
from interlock.record import read_events
from interlock.terms import Calendar, format_instant, parse_period
from tests.library.bundled import about_of, events_of, policies_of, replayed

NAMES = replay_names()
STATUS = ("admitted", "alleged", "disputed", "not alleged")


def test_there_are_eight() -> None:
    assert len(NAMES) == 8
    assert "anthropic-2024" in NAMES


def test_a_name_that_none_has_is_an_error() -> None:
    with pytest.raises(KeyError):
        bundled_replay("../halcyon")


@pytest.mark.parametrize("name", NAMES)
def test_each_is_judged_by_bundled_encodings_which_are_unofficial(name: str) -> None:
    """The policies are named, not copied: a replay's folder holds its events and what is to be known of it."""
    policies = policies_of(name)
    assert policies
    for policy in policies:
        assert policy.encoding["status"] == "unofficial"
        assert policy.file.startswith("interlock://")
    files = bundled_replay(name)
    assert [path.rsplit("/", 1)[1] for path, _ in (*files.events, files.about)] == ["events.yaml", "about.yaml"]


@pytest.mark.parametrize("name", NAMES)
def test_each_names_the_items_that_its_record_is_about_and_looks_at_no_other(name: str) -> None:
    about, shown = about_of(name), replayed(name)
    assert about.items
    assert shown.only is not None
    assert set(about.items) <= set(shown.only)
    permissions = {one for policy in policies_of(name) for one in policy.permissions}
    assert set(shown.only) - set(about.items) <= permissions
    assert {breach.id for breach in shown.breaches} <= set(about.items)
    assert {one.duty.id for one in shown.duties.duties} <= set(about.items)


@pytest.mark.parametrize("name", NAMES)
def test_the_items_named_are_ones_that_the_policies_cite_the_text_for(name: str) -> None:
    for policy in policies_of(name):
        sections = (policy.restrictions, policy.duties, policy.thresholds)
        for item in [section[one] for section in sections for one in about_of(name).items if one in section]:
            assert item.clause.section, item.id
            assert item.clause.mark, item.id


@pytest.mark.parametrize("name", NAMES)
def test_each_says_who_holds_what_and_whether_it_is_contested(name: str) -> None:
    about = about_of(name)
    assert about.status.startswith(STATUS)
    assert about.contested == ("disputed" in about.status)


@pytest.mark.parametrize("name", NAMES)
def test_a_counterfactual_says_when_its_text_was_in_force_and_is_judged_by_one_of_its_policies(name: str) -> None:
    """The text takes effect after the last act of the record, or another one was in force by then (version 1.0)."""
    about = about_of(name)
    shown = replayed(name)
    assert (shown.kind == "counterfactual") == (about.under is not None) == (about.not_in_force is not None)
    if about.under is None:
        return
    assert about.under in about.policies
    assert shown.under is not None
    assert f"/{shown.under.id}@{shown.under.version}" in about.under
    assert shown.under.effective >= events_of(name)[-1].occurred.date() or about.under.endswith("anthropic-rsp@1.0")


@pytest.mark.parametrize("name", NAMES)
def test_every_event_cites_a_source_that_is_listed_with_its_mark(name: str) -> None:
    sources = {source.id: source for source in about_of(name).sources}
    for event in events_of(name):
        assert event.source["x-source"]["id"] in sources, event.index
    assert all(source.mark and source.read and source.url for source in sources.values())


@pytest.mark.parametrize("name", NAMES)
def test_every_event_but_a_reply_says_what_of_it_is_assumed(name: str) -> None:
    """Of each at least the time of day, which no source states."""
    for event in events_of(name):
        assert event.kind == "reply.made" or event.source["x-assumed"], event.index


@pytest.mark.parametrize("name", NAMES)
def test_a_reconstruction_has_an_anchor_and_one_that_is_none_has_not(name: str) -> None:
    about = about_of(name)
    assert about.reconstructed == (about.anchor is not None)
    assert about.limits


@pytest.mark.parametrize("name", NAMES)
def test_whoever_is_replayed_has_its_reply(name: str) -> None:
    about = about_of(name)
    assert about.reply is not None
    assert about.reply.source in {source.id for source in about.sources}
    assert {event.actor for event in events_of(name) if event.kind == "reply.made"} <= {about.reply.by}


@pytest.mark.parametrize("name", NAMES)
def test_no_finding_but_those_that_are_meant(name: str) -> None:
    """Nothing that an event names is unknown to the encoding, and no act can't be judged."""
    meant = {
        "anthropic-2024": ["buffer-not-designed", "protocol-changed-after-registration", "under-elicited"],
        "anthropic-asl-4-2025": ["owed-before-act"],
    }
    assert [finding.id for finding in replayed(name).findings] == meant.get(name, [])


def test_the_round_of_anthropic_2024_is_three_days_late_by_the_calendar() -> None:
    """The interval from the anchor ends with 1 September 2024, at the midnight after; three days more are the 5th."""
    about = about_of("anthropic-2024")
    assert about.anchor is not None
    first, second = (event for event in events_of("anthropic-2024") if event.kind == "duty.performed")
    assert first.occurred == about.anchor.at
    due = Calendar().end_of_period(first.occurred, parse_period("3 months"))
    assert second.occurred - due == timedelta(days=3)


def test_no_result_of_anthropic_2024_is_more_than_an_assertion() -> None:
    """No result was published: an estimate without method and log can show a threshold reached, never rule it out."""
    completed = [event.source["data"] for event in events_of("anthropic-2024") if event.kind == "evaluation.completed"]
    assert len(completed) == 2
    for data in completed:
        assert {"method", "log", "successes", "trials", "lower", "upper", "confidence"}.isdisjoint(data)


@pytest.mark.parametrize("days", [-45, -31, -1, 1, 29, 39])
def test_wherever_the_anchor_is_set_the_same_is_found(days: int) -> None:
    """The plans, and the completion three days after the interval, move with it; the interval's length follows it.

    From 17 April to 10 July 2024: then the round is the most recent one when the statement appeared.
    """
    about = about_of("anthropic-2024")
    assert about.anchor is not None
    anchor = about.anchor.at + timedelta(days=days)
    late = Calendar().end_of_period(anchor, parse_period("3 months")) + timedelta(days=3)
    due_then = max(event.occurred for event in events_of("anthropic-2024") if event.kind == "duty.performed")
    moved = []
    for event in events_of("anthropic-2024"):
        occurred = event.occurred
        if event.source.get("x-assumed", "").startswith("the time") and event.kind != "policy.adopted":
            occurred = late if occurred == due_then else occurred + timedelta(days=days)
        moved.append({**event.source, "occurred": format_instant(occurred)})
    stated = "".join(f"{json.dumps(one)}\n" for one in moved)
    events = read_events([("events.jsonl", stated.encode())])
    policies, items = policies_of("anthropic-2024"), about_of("anthropic-2024").items
    found, moved_found = replayed("anthropic-2024"), replay(policies, events, only=items)
    assert [(one.kind, one.id, one.late_by) for one in moved_found.breaches] == [
        (one.kind, one.id, one.late_by) for one in found.breaches
    ]
    assert [(one.id, one.evidence) for one in moved_found.findings] == [
        (one.id, one.evidence) for one in found.findings
    ]
    assert [one.late_by for one in found.breaches] == [timedelta(days=3)]
