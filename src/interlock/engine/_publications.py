"""Leaves over what is public and who was told: publications and notices (LANGUAGE 1 and 2).

A publication counts with the sections that the policy asks for, from when it has stood for as long as is asked. Where
`coverage-within` is asked, the last day that it covers must lie at most so long before it; one that does not say that
day leaves the leaf open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from interlock.engine._documents import (
    digest_of,
    findings_about_sections,
    is_visible,
    lacking,
    stated_sections,
)
from interlock.engine._findings import Finding
from interlock.engine._freshness import Age
from interlock.engine._leaves import Limits, age_of, existence, facts_about, limits_of, young
from interlock.engine._signoff import latest_among
from interlock.engine._trace import Node, earliest
from interlock.policy import Notified, Published
from interlock.record import DocumentActed, Event, PartyNotified
from interlock.terms import Calendar, MalformedError, Period, Truth, format_instant, parse_date

if TYPE_CHECKING:
    from interlock.engine._case import Case


def published(case: Case, leaf: Published, limits: Limits) -> Node:
    """Return whether the document is published, as complete as the policy asks, and has been for as long as asked."""
    bounds = (*limits, *limits_of(leaf))
    facts = [
        event for public in facts_about(case, case.onlookers(leaf.of), ("published", leaf.document)) for event in public
    ]
    document = case.policy.documents.get(leaf.document)
    required = () if document is None else document.sections
    whole = facts
    findings: tuple[Finding, ...] = ()
    if required:
        spoken = {event.index: _said_of(case, leaf, event) for event in facts}
        whole = [event for event in facts if not lacking(required, spoken[event.index])]
        each = (findings_about_sections(leaf.document, required, spoken[event.index]) for event in facts)
        findings = tuple(finding for found in each for finding in found)
    return replace(_public_for(case, leaf, whole, bounds), findings=findings)


def _said_of(case: Case, leaf: Published, publication: Event) -> tuple[Event, ...]:
    """Return what says which sections a publication has: itself, else the latest submission of its digest."""
    if stated_sections(publication) is not None:
        return (publication,)
    submitted = facts_about(case, case.onlookers(leaf.of), ("submitted", leaf.document))
    return (publication, *latest_among(submitted, lambda event: digest_of(event) == digest_of(publication)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Publication:
    """A publication that is young enough, from when it has stood as long as asked, and whether it covers enough."""

    event: Event
    age: Age
    stands_from: datetime
    covers: Truth


def _public_for(case: Case, leaf: Published, facts: Sequence[Event], bounds: Limits) -> Node:
    ages = ((event, age_of(case, event, bounds)) for event in facts)
    fresh = [_publication(case, leaf, event, age) for event, age in ages if not age.stale]
    able = [one for one in fresh if one.covers is not Truth.FALSE]
    node = _any_of(case, leaf, able)
    if fresh and not able:
        node = replace(node, reason="short-of-what-is-asked")
    pending = node.value is Truth.FALSE and able
    if leaf.coverage_within is None and not pending:
        return node
    return replace(node, detail=lambda: tuple(_child(case, leaf, one) for one in fresh))


def _publication(case: Case, leaf: Published, event: Event, age: Age) -> _Publication:
    calendar = case.policy.calendar
    reached = event.occurred
    if leaf.for_at_least is not None:
        reached = calendar.anniversary(event.occurred, leaf.for_at_least)
    covers = Truth.TRUE if leaf.coverage_within is None else covers_within(event, leaf.coverage_within, calendar)
    return _Publication(event=event, age=age, stands_from=reached, covers=covers)


def _any_of(case: Case, leaf: Published, publications: Sequence[_Publication]) -> Node:
    """Return what the publications that may cover enough come to: those that have stood for long enough count."""
    standing = [one for one in publications if one.stands_from <= case.at]
    covering = [(one.event, one.age) for one in standing if one.covers is Truth.TRUE]
    if covering:
        return existence(leaf, covering, who=("developer",))
    pending = earliest(one.stands_from for one in publications if one.stands_from > case.at)
    if standing:
        node = existence(leaf, [(one.event, one.age) for one in standing], who=("developer",))
        ends = earliest((node.changes_at, pending))
        return replace(node, value=Truth.UNKNOWN, reason="missing", changes_at=ends)
    # False for want of one that has stood: it rests on no event, so that one to come completes and opens nothing.
    return Node(about=leaf, value=Truth.FALSE, changes_at=pending, who=("developer",))


def _child(case: Case, leaf: Published, one: _Publication) -> Node:
    """Return one publication, whether it has stood, and whether it covers the time up to a day that is late enough."""
    if one.covers is not Truth.FALSE and one.stands_from > case.at:
        stands = f"will have stood for {leaf.for_at_least} at {format_instant(one.stands_from)}"
        about = f"publication (event {one.event.index}) {stands}"
        return Node(about=about, value=Truth.FALSE, evidence=(one.event,), changes_at=one.stands_from)
    said = one.event.payload
    stated = said.coverage if isinstance(said, DocumentActed) else None
    covered = "does not say what it covers" if stated is None else f"covers the time up to {stated}"
    reasons = {Truth.FALSE: "short-of-what-is-asked", Truth.UNKNOWN: "missing"}
    return Node(
        about=f"publication (event {one.event.index}) {covered}",
        value=one.covers,
        reason=reasons.get(one.covers),
        evidence=(one.event,),
    )


def covers_within(publication: Event, period: Period, calendar: Calendar) -> Truth:
    """Return whether the last day that a publication covers lies at most `period` before it, in whole local days.

    Unknown where it states no day, none of the calendar, or one after its own.
    """
    said = publication.payload
    try:
        day = parse_date(said.coverage or "") if isinstance(said, DocumentActed) else None
    except MalformedError:
        return Truth.UNKNOWN
    if day is None or day > calendar.day_of(publication.occurred):
        return Truth.UNKNOWN
    return Truth.of(publication.occurred < calendar.end_of_period_after(day, period))


def notified(case: Case, leaf: Notified, limits: Limits) -> Node:
    """Return whether the party was notified of the document; with `latest` of what was submitted last.

    Where two texts were submitted last, at one instant, it is unknown of which it would have to be.
    """
    facts = [
        event
        for notices in facts_about(case, case.onlookers(leaf.of), ("notified", leaf.document))
        for event in notices
        if isinstance(event.payload, PartyNotified) and event.payload.party == leaf.party
    ]
    if leaf.latest:
        submissions = _latest_submissions(case, leaf)
        if len({digest_of(event) for event in submissions}) > 1:
            return Node(
                about=leaf, value=Truth.UNKNOWN, reason="contradicted", evidence=submissions, who=("developer",)
            )
        facts = [event for event in facts if any(_is_of(event, submission) for submission in submissions)]
    return existence(leaf, young(case, facts, (*limits, *limits_of(leaf))), who=("developer",))


def _latest_submissions(case: Case, leaf: Notified) -> tuple[Event, ...]:
    submitted = facts_about(case, case.onlookers(leaf.of), ("submitted", leaf.document))
    return latest_among(submitted, lambda event: event.subject.model != case.model.id or is_visible(case, event))


def _is_of(notice: Event, submission: Event) -> bool:
    """Return whether a notice is of that text: by its digest, or as one that names none and is no older."""
    said = notice.payload
    stated = said.digest if isinstance(said, PartyNotified) else None
    return notice.occurred >= submission.occurred if stated is None else stated == digest_of(submission)
