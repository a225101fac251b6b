"""Versions in force: which version of each policy decides at a time (LANGUAGE 4.7 and 9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from interlock.engine._errors import DigestMismatch, Refused
from interlock.engine._findings import Finding
from interlock.policy import Policy
from interlock.record import Event, PolicyNamed
from interlock.terms import format_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class InForceVersion:
    """The version of a policy that decides, since when, and what is to be said of its adoption."""

    policy: Policy
    since: datetime
    findings: tuple[Finding, ...]


def starts_of(versions: Sequence[Policy], events: Iterable[Event]) -> list[tuple[datetime, Policy]]:
    """Return each instant at which a version comes into force: the later of its effective day and an adoption.

    A version without a known adoption starts on its effective day, one adopted again starts again.
    """
    named = [event for event in events if isinstance(event.payload, PolicyNamed)]
    starts: list[tuple[datetime, Policy]] = []
    for version in versions:
        effective = version.calendar.start_of_day(version.effective)
        adoptions = [event.occurred for event in named if _adopts(event, version)]
        starts += [(max(effective, adopted), version) for adopted in adoptions] or [(effective, version)]
    return starts


def in_force(versions: Sequence[Policy], events: Sequence[Event], at: datetime) -> InForceVersion | None:
    """Return the version in force at `at` among versions of one policy, or None before the first is.

    `events` are all that are known: an adoption that occurs later is one that has not come into force yet. Raises
    Refused where two versions come into force at the same instant, so that neither follows the other.
    """
    begun = [start for start in starts_of(versions, events) if start[0] <= at]
    if not begun:
        return None
    since = max(start for start, _ in begun)
    current = {(version.version, version.digest): version for start, version in begun if start == since}
    if len(current) > 1:
        labels = " and ".join(f"`{version.version}`" for version in current.values())
        files = " and ".join(version.file for version in current.values())
        msg = f"versions {labels} of `{versions[0].id}` come into force at the same instant, {format_instant(since)}"
        raise Refused(msg, advice=f"correct the effective day in one of {files}, or record the adoption of each")
    policy = next(iter(current.values()))
    return InForceVersion(policy=policy, since=since, findings=adoption_findings(policy, events))


def check_commits(policy: Policy) -> None:
    """Raise Refused where a policy commits to nothing: what departs from nothing shows nothing (LANGUAGE 4.4)."""
    if not (policy.restrictions or policy.duties or policy.pledges or policy.goals):
        msg = f"`{policy.id}` {policy.version} commits to nothing: it has no restriction, duty, pledge or goal"
        raise Refused(msg, advice="an empty policy permits nothing; encode what it commits to")


def adoption_findings(policy: Policy, events: Iterable[Event]) -> tuple[Finding, ...]:
    """Return the finding of a version in force whose adoption no event records."""
    if any(_adopts(event, policy) for event in events):
        return ()
    detail = f"no event records the adoption of `{policy.id}` {policy.version}; taken from its effective day"
    return (Finding("adoption-not-recorded", detail),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time in which a version is in force; `until` is None where no end is known."""

    policy: Policy
    since: datetime
    until: datetime | None


def spans_of(
    versions: Sequence[Policy], events: Sequence[Event], as_of: datetime, *, past_ties: bool = False
) -> list[Span]:
    """Return the stretches of time that began by `as_of` in which each of a policy's versions is in force, in order.

    Raises Refused where two versions come into force at the same instant by then; with `past_ties` only where they are
    in force at `as_of`.
    """
    starts = sorted(starts_of(versions, events), key=lambda start: start[0])
    merged: list[tuple[datetime, Policy]] = []
    for since, version in starts:
        if merged and merged[-1][1] == version:
            continue
        if since > as_of:
            merged.append((since, version))
            break
        if not past_ties:
            in_force(versions, events, since)  # refuses two at once, with words
        merged.append((since, version))
    ends: list[datetime | None] = [since for since, _ in merged[1:]]
    return [
        Span(policy=version, since=since, until=until)
        for (since, version), until in zip(merged, [*ends, None], strict=True)
        if since <= as_of
    ]


def _adopts(event: Event, version: Policy) -> bool:
    named = event.payload
    return (
        isinstance(named, PolicyNamed)
        and event.kind == "policy.adopted"
        and (named.policy, named.version) == (version.id, version.version)
        and event.subject.model is None
        and event.subject.developer in {None, version.issuer}
    )


def check_digests(policies: Iterable[Policy], events: Iterable[Event]) -> None:
    """Raise DigestMismatch where an event states another digest for a policy version than its file has."""
    digests = {(policy.id, policy.version): policy for policy in policies}
    for event in events:
        named = event.payload
        if not isinstance(named, PolicyNamed) or named.digest is None:
            continue
        policy = digests.get((named.policy, named.version))
        if policy is not None and policy.digest != named.digest:
            msg = (
                f"event {event.index} names `{named.policy}` {named.version} with digest {named.digest}, "
                f"but {policy.file} has {policy.digest}"
            )
            raise DigestMismatch(msg, advice="give the file that was adopted, or record which file it was")
