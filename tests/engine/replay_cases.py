"""Short ways to replay a record, and to say what it shows: departures, holds and changes, with times as texts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from interlock.engine import Replay, replay
from interlock.policy import Policy
from interlock.terms import format_duration, format_instant, parse_instant
from tests.engine.cases import Given, event, instant, policy, read, registered
from tests.engine.changes import hold


def replayed(
    policies: Policy | str | Iterable[Policy],
    given: Iterable[Given],
    as_of: str | datetime | None = None,
    *,
    under: Policy | None = None,
    registers: bool = True,
) -> Replay:
    """Return the replay; with `registers` (the default) the model `m` is registered on 2025-01-02 before all else."""
    if isinstance(policies, str):
        policies = policy(policies)
    listed = [policies] if isinstance(policies, Policy) else list(policies)
    end = parse_instant(instant(as_of)) if isinstance(as_of, str) else as_of
    return replay(listed, read([registered(), *given] if registers else given), end, under=under)


def departures(shown: Replay, *kinds: str) -> list[tuple[str, str, str]]:
    """Return the kind, id and time of each departure, of these kinds only where some are named."""
    return [(one.kind, one.id, format_instant(one.at)) for one in shown.breaches if not kinds or one.kind in kinds]


def departed_at(shown: Replay, kind: str = "held-action") -> list[str]:
    """Return the times of the departures of one kind."""
    return [format_instant(one.at) for one in shown.breaches if one.kind == kind]


def lateness(shown: Replay) -> list[tuple[str, str, str, str | None]]:
    """Return the kind, instance, time and lateness of each departure from a duty."""
    return [
        (
            one.kind,
            one.about or "",
            format_instant(one.at),
            None if one.late_by is None else format_duration(one.late_by),
        )
        for one in shown.breaches
        if one.kind.startswith("duty-")
    ]


def held(shown: Replay, action: str = "train", model: str = "m") -> list[tuple[str, str | None, str]]:
    """Return from when to when an action was held, and `evidence` or `default`."""
    return [
        (
            format_instant(one.start),
            None if one.end is None else format_instant(one.end),
            "default" if one.by_default else "evidence",
        )
        for one in shown.holds
        if (one.action, one.model) == (action, model)
    ]


def changes(shown: Replay, item: str, name: str | None = None) -> list[tuple[str, str | None, str | None]]:
    """Return the time and the states before and after of each change of these items."""
    return [
        (format_instant(moment.at), change.was, change.now)
        for moment in shown.history
        for change in moment.changes
        if change.item == item and name in {None, change.id}
    ]


def finding_ids(shown: Replay) -> list[str]:
    """Return the ids of the findings but for `adoption-not-recorded`, which most tests' short histories have."""
    return [finding.id for finding in shown.findings if finding.id != "adoption-not-recorded"]


def started(occurred: str, **about: Any) -> Given:
    """Return the start of a training."""
    return event("training.started", occurred, **about)


def continued(occurred: str, **about: Any) -> Given:
    """Return that training went on."""
    return event("training.continued", occurred, **about)


def paused(occurred: str, **about: Any) -> Given:
    """Return that training paused."""
    return event("training.paused", occurred, **about)


def adopted(occurred: str, version: str, *, name: str = "acme", developer: str = "Acme", **about: Any) -> Given:
    """Return the adoption of a version."""
    return event("policy.adopted", occurred, developer=developer, policy=name, version=version, **about)


def corrected(recorded: str, target: int, by: Given, **about: Any) -> Given:
    """Return a correction: `by` stands in the place of the event at the index `target`."""
    return event("event.corrected", recorded, event=target, reason="a slip of the pen", by_=by, **about)


def said_nothing(occurred: str, **about: Any) -> Given:
    """Return an event that no condition reads."""
    return event("reply.made", occurred, to="a question", text="an answer", **about)


DANGER = hold("{judged: danger, by: rso}")
"""Training is held unless and until the rso says that there is no danger: by default while the rso is silent."""

UNLESS_DONE = """\
duties:
  d: {must: do it, when: {event: incident.discovered}, within: 3 days, otherwise: {forbids: [train]}}
"""
"""Training is held while a duty upon an incident is overdue."""

IF_DANGER = "burden-of-proof: challenger\n" + DANGER
"""Training is held once the rso says that there is danger, never by default."""
