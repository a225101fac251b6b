"""The leaves about documents: approved, reviewed and published, and which acts on them count (1, 2 and 3.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from interlock.policy import Approved, Freshness, Policy, Published, Reviewed, Roles, Scope
from interlock.record import DocumentActed, EvaluationCompleted, Event
from interlock.terms import MalformedError, Period, Truth, parse_date
from interlock.testing.oracle._calendar import day_after, local_day
from interlock.testing.oracle._case import Case, latest
from interlock.testing.oracle._evidence import Value, admissible, shown, unknown
from interlock.testing.oracle._facts import Word, combine_roles, latest_word, resting_on_events
from interlock.testing.oracle._knowledge import named
from interlock.testing.oracle._policy_conditions import measured_conditions

ABOUT_DIGESTS = ("document.submitted", "document.approved", "document.rejected", "review.received")
Reader = Callable[[Event], Word]
"""Reads what one word of a role comes to."""


# What the roles say of a submission


@dataclass(frozen=True, kw_only=True)
class Submission:
    """The latest submission of a document, and all that was done with the document by those it is seen by."""

    events: tuple[Event, ...]
    digest: str | None
    acts: tuple[Event, ...]


def latest_submission(case: Case, document: str, of: Scope) -> Submission | Value:
    """1, 3.2: what was submitted last, or why nothing that roles say of it counts: the value is then unknown."""
    acts = tuple(
        event
        for event in case.visible(of)
        if event.kind in ABOUT_DIGESTS and event.text_of("document") == document and _same_weights(case, event)
    )
    submissions = latest(event for event in acts if event.kind == "document.submitted")
    if not submissions:
        return unknown("missing")
    if len({event.text_of("digest") for event in submissions}) > 1:
        return unknown("contradicted")
    submitter = case.policy.documents[document].submitted_by
    if submitter is not None and any(event.role != submitter for event in submissions):
        return unknown("wrong-role")
    if any(lacks_sections(case, document, sections_of(event)) for event in submissions):
        return unknown("incomplete")
    if (spoiled := _spoiled(case, submissions)) is not None:
        return unknown(spoiled)
    return Submission(events=tuple(submissions), digest=submissions[0].text_of("digest"), acts=acts)


def _said_by_roles(
    case: Case, roles: Roles, submission: Submission, kinds: Sequence[str], limits: Sequence[Freshness], read: Reader
) -> Value:
    """9: each role's latest word on that digest, whenever given; it rests on the submission too."""

    def word(role: str) -> Word:
        said = (
            event
            for event in submission.acts
            if event.kind in kinds and event.role == role and event.text_of("digest") == submission.digest
        )
        return latest_word(case, said, limits, read)

    value = combine_roles(roles, {role: word(role) for role in roles.names})
    submitted = frozenset(event.index for event in submission.events)
    return replace(value, supports=frozenset(support | submitted for support in value.supports))


def approved(case: Case, leaf: Approved, limits: Sequence[Freshness]) -> Value:
    """2, 3.2 and 9: each role's latest word on the digest of the latest submission, given for the digest asked."""
    submission = latest_submission(case, leaf.document, leaf.of)
    if isinstance(submission, Value):
        return submission

    def read(event: Event) -> Word:
        return Word(truth=Truth.of(event.kind == "document.approved"))

    return _said_by_roles(case, leaf.by, submission, ("document.approved", "document.rejected"), limits, read)


def reviewed(case: Case, leaf: Reviewed, limits: Sequence[Freshness]) -> Value:
    """Each role reviewed the latest submission; where it must endorse it, one that does not say so is unknown."""
    submission = latest_submission(case, leaf.document, leaf.of)
    if isinstance(submission, Value):
        return submission

    def read(event: Event) -> Word:
        if not leaf.endorses:
            return Word(truth=Truth.TRUE)
        says = {"yes": Truth.TRUE, "no": Truth.FALSE}
        return Word(truth=says.get(event.text_of("endorses") or "", Truth.UNKNOWN), reason="missing")

    return _said_by_roles(case, leaf.by, submission, ("review.received",), limits, read)


# Sections


def sections_of(event: Event) -> frozenset[str] | None:
    """Return the sections that an event states the document to have, redacted ones too; None where it states none."""
    said = event.source.get("data", {})
    if said.get("sections") is None:
        return None
    redacted = said.get("redacted")
    return frozenset(said["sections"]) | frozenset(redacted if isinstance(redacted, list) else ())


def lacks_sections(case: Case, document: str, sections: frozenset[str] | None) -> bool:
    """1: whether a section that the policy's document must have is missing; one that states none counts as whole."""
    return sections is not None and not set(case.policy.documents[document].sections) <= sections


def _published_sections(publication: Event, seen: Sequence[Event]) -> frozenset[str] | None:
    """Return the sections of a publication: its own, else those that a submission of the same digest states."""
    own = sections_of(publication)
    if own is not None:
        return own
    submissions = latest(
        event
        for event in seen
        if event.kind == "document.submitted"
        and event.text_of("document") == publication.text_of("document")
        and event.text_of("digest") == publication.text_of("digest")
        and sections_of(event) is not None
    )
    stated = [sections_of(event) or frozenset() for event in submissions]
    return frozenset.intersection(*stated) if stated else None


# What spoils a submission


def _same_weights(case: Case, event: Event) -> bool:
    """3.2: approvals go stale when the subject's weights differ; an event without weights is about the earliest."""
    if event.subject.model is None:
        return True
    place = case.position(event.subject.model, event.subject.weights)
    return place == case.position(case.model, case.weights)


def _spoiled(case: Case, submissions: Sequence[Event]) -> str | None:
    """3.2: approvals go stale when evidence that the document lists is withdrawn or contradicted.

    Evidence that isn't in the case, since it is superseded, not known or yet to come, doesn't stand either.
    """
    for submission in submissions:
        assert isinstance(submission.payload, DocumentActed)
        for reference in submission.payload.evidence:
            indices = named(case.knowledge.given, reference)
            listed = [event for event in case.events if event.index in indices]
            if not indices or len(listed) < len(indices) or any(case.withdrawn(event) for event in listed):
                return "stale"
            if any(_contradicted(case, event) for event in listed):
                return "contradicted"
    return None


def _contradicted(case: Case, event: Event) -> bool:
    """Whether another admissible run on the same checkpoint shows the opposite on some measured condition."""
    assert isinstance(event.payload, EvaluationCompleted)
    measure = case.policy.measures.get(event.payload.measure)
    if measure is None or event.subject.model is None:
        return False
    place = case.position(event.subject.model, event.subject.weights)
    for other in admissible(case, measure):
        if other.subject.model != event.subject.model or not isinstance(other.payload, EvaluationCompleted):
            continue
        if case.position(other.subject.model, other.subject.weights) != place:
            continue
        for leaf in measured_conditions(case.policy, measure.id):
            one = shown(measure, leaf, event.payload.result)
            two = shown(measure, leaf, other.payload.result)
            if {one, two} == {Truth.TRUE, Truth.FALSE}:
                return True
    return False


def shown_by(policies: Sequence[Policy], event: Event) -> frozenset[Truth]:
    """Return what an evaluation by itself shows of the measured leaves of the policies: true, false or unknown."""
    if not isinstance(event.payload, EvaluationCompleted):
        return frozenset()
    name, result = event.payload.measure, event.payload.result
    return frozenset(
        shown(policy.measures[name], leaf, result)
        for policy in policies
        if name in policy.measures
        for leaf in measured_conditions(policy, name)
    )


def published(case: Case, leaf: Published, limits: Sequence[Freshness]) -> Value:
    """2: recorded, and for that long; nothing recorded: false. What lacks a section is no publication of it.

    With `coverage-within` those that cover enough; where there are none, one that does not say leaves it open.
    """
    seen = list(case.visible(leaf.of, happenings=True))
    found = [
        event
        for event in seen
        if event.kind == "document.published"
        and event.text_of("document") == leaf.document
        and not lacks_sections(case, leaf.document, _published_sections(event, seen))
        and case.young(event, limits)
        and (
            leaf.for_at_least is None or case.policy.calendar.anniversary(event.occurred, leaf.for_at_least) <= case.now
        )
    ]
    if leaf.coverage_within is not None:
        covered = [(event, _covers(case, event, leaf.coverage_within)) for event in found]
        found = [event for event, covers in covered if covers is Truth.TRUE]
        if not found and any(covers is Truth.UNKNOWN for _, covers in covered):
            return unknown("missing")
    return resting_on_events(case, Truth.of(bool(found)), found)


def _covers(case: Case, publication: Event, period: Period) -> Truth:
    """Return whether it comes out on the last day of the period after its coverage, or before; unknown without one."""
    calendar = case.policy.calendar
    try:
        last = parse_date(publication.text_of("coverage") or "")
    except MalformedError:
        return Truth.UNKNOWN
    published_on = local_day(calendar, publication.occurred)
    return Truth.UNKNOWN if last > published_on else Truth.of(published_on <= day_after(calendar, last, period))
