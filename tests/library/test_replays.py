"""The bundled replays: each is complete, sound, and cites where everything in it comes from."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from interlock.app._abouts import read_about
from interlock.engine import replay
from interlock.library import bundled_replay, replay_names
from interlock.policy import Policy, decode_all
from interlock.record import Event, read_events
from interlock.reports import About
from interlock.terms import Calendar, format_instant, parse_period

NAMES = replay_names()


def about_of(name: str) -> About:
    path, content = bundled_replay(name).about
    return read_about(content, file=path, name=name)


def events_of(name: str) -> tuple[Event, ...]:
    return read_events(bundled_replay(name).events)


def policies_of(name: str) -> tuple[Policy, ...]:
    return decode_all(bundled_replay(name).policies)


def test_there_is_one() -> None:
    assert "anthropic-2024" in NAMES


def test_a_name_that_none_has_is_an_error() -> None:
    with pytest.raises(KeyError):
        bundled_replay("../halcyon")


@pytest.mark.parametrize("name", NAMES)
def test_every_encoding_is_unofficial_and_every_item_cites_document_page_and_mark(name: str) -> None:
    for policy in policies_of(name):
        assert policy.encoding["status"] == "unofficial"
        assert policy.encoding["by"]
        assert policy.source["title"]
        assert policy.unencoded
        items: list[Any] = [
            *policy.roles.values(),
            *policy.measures.values(),
            *policy.thresholds.values(),
            *policy.restrictions.values(),
            *policy.duties.values(),
        ]
        assert len(items) > 5
        for item in items:
            assert item.clause.section, item.id
            assert item.clause.page, item.id
            assert item.clause.mark, item.id


@pytest.mark.parametrize("name", NAMES)
def test_every_event_cites_a_source_that_is_listed_with_its_mark(name: str) -> None:
    sources = {source.id: source for source in about_of(name).sources}
    for event in events_of(name):
        assert event.source["x-source"]["id"] in sources, event.index
    assert all(source.mark and source.read and source.url for source in sources.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_reconstruction_has_an_anchor_and_says_of_each_event_what_is_assumed(name: str) -> None:
    about = about_of(name)
    if not about.reconstructed:
        return
    assert about.anchor is not None
    assert about.limits
    for event in events_of(name):
        assert event.kind == "reply.made" or event.source["x-assumed"], event.index


@pytest.mark.parametrize("name", NAMES)
def test_whoever_is_replayed_has_its_reply(name: str) -> None:
    about = about_of(name)
    assert about.reply is not None
    assert about.reply.source in {source.id for source in about.sources}
    issuers = {policy.issuer for policy in policies_of(name)}
    assert {event.actor for event in events_of(name) if event.kind == "reply.made"} == issuers


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
    policies = policies_of("anthropic-2024")
    found, moved_found = replay(policies, events_of("anthropic-2024")), replay(policies, events)
    assert [(one.kind, one.id, one.late_by) for one in moved_found.breaches] == [
        (one.kind, one.id, one.late_by) for one in found.breaches
    ]
    assert [(one.id, one.evidence) for one in moved_found.findings] == [
        (one.id, one.evidence) for one in found.findings
    ]
    assert [one.late_by for one in found.breaches] == [timedelta(days=3)]
