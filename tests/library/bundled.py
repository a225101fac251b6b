"""Bundled replays, as a run makes them: what is to be known of one, its policies, its events, and what it shows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from interlock.app._abouts import read_about
from interlock.engine import Replay, replay
from interlock.library import bundled_policies, bundled_replay
from interlock.policy import Policy, decode_all
from interlock.record import Event, read_events
from interlock.reports import About


def about_of(name: str) -> About:
    """Return what is to be known of a replay."""
    path, content = bundled_replay(name).about
    return read_about(content, file=path, name=name)


@cache
def events_of(name: str) -> tuple[Event, ...]:
    """Return the events of a replay."""
    return read_events(bundled_replay(name).events)


@cache
def policies_of(name: str) -> tuple[Policy, ...]:
    """Return the policies that judge a replay."""
    files = {policy.reference: policy for policy in bundled_policies()}
    return decode_all([(reference, files[reference].read()) for reference in about_of(name).policies])


def under_of(name: str) -> Policy | None:
    """Return the policy under which a counterfactual is judged."""
    under = about_of(name).under
    named = (policy for policy in policies_of(name) if f"interlock://{policy.id}@{policy.version}" == under)
    return next(named, None)


def replayed(
    name: str,
    *,
    events: Iterable[Event] | None = None,
    as_of: datetime | None = None,
    rulings: Mapping[tuple[str, str], str] | None = None,
) -> Replay:
    """Return what a replay shows, of its own events or of others."""
    return replay(
        policies_of(name),
        tuple(events_of(name) if events is None else events),
        as_of,
        under=under_of(name),
        rulings=rulings,
        only=about_of(name).items,
    )


def read(stated: Iterable[Mapping[str, Any]]) -> tuple[Event, ...]:
    """Return events from what a file states of each."""
    return read_events([("events.jsonl", "".join(f"{json.dumps(one)}\n" for one in stated).encode())])


def without(name: str, *indices: int) -> tuple[Event, ...]:
    """Return the events of a replay without some of them."""
    return read(event.source for event in events_of(name) if event.index not in indices)
