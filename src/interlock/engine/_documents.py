"""Leaves over documents that roles sign off on: approvals and reviews (LANGUAGE 1, 2 and 3.2).

An approval or a review is of the digest of the latest submission. What a submission lacks can't be approved: it must
come from whom the policy names, have the sections that the policy requires where it says which it has, and rest on
evidence that still stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from interlock.assessment import assess
from interlock.engine._findings import Finding
from interlock.engine._leaves import Limits, aged, facts_about, limits_of, own_scope
from interlock.engine._reading import leaves_of
from interlock.engine._signoff import Word, by_roles, latest_among, word_of
from interlock.engine._state import SubjectKey
from interlock.engine._trace import Node
from interlock.policy import Approved, Measured, Reviewed
from interlock.record import DocumentActed, EvaluationCompleted, Event, ReviewActed
from interlock.terms import Truth

if TYPE_CHECKING:
    from interlock.engine._case import Case

ABOUT_DOCUMENTS = frozenset(
    {"incomplete-document", "sections-not-stated", "submitted-by-another", "approved-against-review"}
)
"""The findings about documents, for whoever asks of what reads them."""
_ENDORSEMENTS = {"yes": Truth.TRUE, "no": Truth.FALSE}


def approved(case: Case, leaf: Approved, limits: Limits) -> Node:
    """Return whether the roles approved the digest of the document's latest submission."""
    bounds = (*limits, *limits_of(leaf))

    def read(event: Event) -> Word:
        return aged(case, event, Truth.of(event.kind == "document.approved"), bounds)

    node = _signed_off(case, leaf, "voted", read)
    if node.value is not Truth.TRUE:
        return node
    submission = _submission(case, leaf)
    return replace(node, findings=(*node.findings, *_against_review(case, leaf, submission)))


def reviewed(case: Case, leaf: Reviewed, limits: Limits) -> Node:
    """Return whether the roles reviewed the digest of the latest submission, and with `endorses` endorsed it."""
    bounds = (*limits, *limits_of(leaf))

    def read(event: Event) -> Word:
        value, reason = Truth.TRUE, None
        if leaf.endorses:
            stated = event.payload.endorses if isinstance(event.payload, ReviewActed) else None
            value = _ENDORSEMENTS.get(stated or "", Truth.UNKNOWN)
            reason = "missing" if value is Truth.UNKNOWN else None
        word = aged(case, event, value, bounds)
        return replace(word, reason=word.reason or reason)

    return _signed_off(case, leaf, "reviewed", read)


def _signed_off(case: Case, leaf: Approved | Reviewed, sort: str, read: Callable[[Event], Word]) -> Node:
    """Return what the roles' words of one sort on the latest submission come to."""
    submission = _submission(case, leaf)
    if not submission.events:
        who = tuple(dict.fromkeys((*submission.who, *leaf.by.names)))
        return Node(about=leaf, value=Truth.UNKNOWN, reason="missing", who=who)
    trouble = submission.trouble(case)
    if trouble is not None:
        return Node(
            about=leaf,
            value=Truth.UNKNOWN,
            reason=trouble,
            evidence=submission.events,
            findings=tuple(submission.findings(trouble)),
            who=(*submission.who, *leaf.by.names),
        )
    words = _words_on(case, submission, sort)
    node = by_roles(leaf, leaf.by, [word_of(role, words, read) for role in leaf.by.names])
    findings = tuple(submission.findings(None)) if node.value is Truth.TRUE else ()
    # An approval rests on what it approves: the same old plan approved again opens no new window.
    return replace(node, evidence=(*submission.events, *node.evidence), findings=findings)


def _words_on(case: Case, submission: Submission, sort: str) -> list[list[Event]]:
    facts = facts_about(case, submission.subjects, (sort, submission.document))
    digest = submission.digests[0]
    return [[event for event in words if digest_of(event) == digest and is_visible(case, event)] for words in facts]


def _against_review(case: Case, leaf: Approved, submission: Submission) -> Iterator[Finding]:
    """Yield a finding for each role whose latest review of what was approved does not endorse it."""
    reviews = _words_on(case, submission, "reviewed")
    for role in dict.fromkeys(event.role for review in reviews for event in review):
        for event in latest_among(reviews, lambda one, role=role: one.role == role):  # type: ignore[misc]  # bound now
            if isinstance(event.payload, ReviewActed) and event.payload.endorses == "no":
                detail = f"`{leaf.document}` is approved, and event {event.index}, a review of it by "
                detail += f"{role or 'someone in no role'}, does not endorse it"
                yield Finding("approved-against-review", detail, (event.index,))


# Submissions


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """The latest submission of a document: more than one event only where they are of the same instant.

    `required` are the sections that the policy asks for, `by` who is to submit it, `subjects` whose facts were read.
    """

    document: str
    events: tuple[Event, ...]
    required: tuple[str, ...]
    by: str | None
    subjects: tuple[SubjectKey, ...]

    @property
    def who(self) -> tuple[str, ...]:
        """Those who can submit it."""
        return () if self.by is None else (self.by,)

    @property
    def digests(self) -> tuple[str, ...]:
        """The digests submitted, of which there should be one."""
        return tuple(dict.fromkeys(digest_of(event) or "" for event in self.events))

    def trouble(self, case: Case) -> str | None:
        """Return why nothing can be signed off on it, or None where something can."""
        if len(self.digests) > 1:
            return "contradicted"
        if self.by is not None and any(event.role != self.by for event in self.events):
            return "wrong-role"
        if lacking(self.required, self.events):
            return "incomplete"
        return _evidence_trouble(case, self.events)

    def findings(self, trouble: str | None) -> Iterator[Finding]:
        """Yield what is to be known of it."""
        indices = tuple(event.index for event in self.events)
        if trouble == "wrong-role":
            detail = f"the latest submission of `{self.document}` (event {indices[0]}) is not by the role `{self.by}`"
            yield Finding("submitted-by-another", detail, indices)
        yield from findings_about_sections(self.document, self.required, self.events)


def _submission(case: Case, leaf: Approved | Reviewed) -> Submission:
    subjects = case.subjects(own_scope(leaf))
    document = case.policy.documents.get(leaf.document)
    return Submission(
        document=leaf.document,
        events=latest_among(
            facts_about(case, subjects, ("submitted", leaf.document)), lambda event: is_visible(case, event)
        ),
        required=() if document is None else document.sections,
        by=None if document is None else document.submitted_by,
        subjects=tuple(subjects),
    )


def stated_sections(event: Event) -> frozenset[str] | None:
    """Return the sections that an event says a document has, those redacted among them; None where it says nothing."""
    said = event.payload
    if not isinstance(said, DocumentActed) or "sections" not in event.source.get("data", {}):
        return None
    redacted = said.redacted if isinstance(said.redacted, tuple) else ()
    return frozenset((*said.sections, *redacted))


def lacking(required: Iterable[str], events: Iterable[Event]) -> tuple[str, ...]:
    """Return the required sections that the document is said, by any of the events, not to have."""
    stated = [sections for event in events if (sections := stated_sections(event)) is not None]
    return tuple(name for name in required if any(name not in sections for sections in stated))


def findings_about_sections(document: str, required: Sequence[str], events: Sequence[Event]) -> Iterator[Finding]:
    """Yield a finding where a document lacks a required section, or nothing says which it has."""
    if not required:
        return
    indices = tuple(event.index for event in events)
    missing = lacking(required, events)
    if missing:
        detail = f"`{document}` (event {indices[0]}) lacks {', '.join(f'`{name}`' for name in missing)}"
        yield Finding("incomplete-document", detail, indices)
    elif all(stated_sections(event) is None for event in events):
        detail = f"event {indices[0]} does not say which sections `{document}` has; {len(required)} are required"
        yield Finding("sections-not-stated", detail, indices)


def digest_of(event: Event) -> str | None:
    """Return the digest of the document that the event is about; None where it is about none."""
    return event.payload.digest if isinstance(event.payload, DocumentActed | ReviewActed) else None


def is_visible(case: Case, event: Event) -> bool:
    """Return whether a fact about a document is for the checkpoint asked about, its developer or the world."""
    return event.subject.model is None or case.model.position(event.subject.weights) == case.path.asked.position


def _evidence_trouble(case: Case, submissions: Iterable[Event]) -> str | None:
    """Return why an approval can't rest on the evidence that the submission lists, or None where it can."""
    record = case.view.state.record
    listing = [s for s in submissions if isinstance(s.payload, DocumentActed) and s.payload.evidence]
    if not listing:
        return None
    for submission in listing:
        listed = record.evidence.get(submission.index, ())
        if isinstance(submission.payload, DocumentActed) and len(listed) < len(submission.payload.evidence):
            return "missing"
        for index in listed:
            event = case.view.event(index)
            if event is None or index in record.superseded or case.view.is_withdrawn(event):
                return "stale"
            if _is_contradicted(case, event):
                return "contradicted"
    return None


def _is_contradicted(case: Case, event: Event) -> bool:
    """Return whether another evaluation of the same checkpoint shows the opposite on a measured leaf of the policy."""
    completed = event.payload
    if not isinstance(completed, EvaluationCompleted) or event.subject.model is None:
        return False
    model = case.view.model(event.subject.model)
    measure = case.policy.measures.get(completed.measure)
    if measure is None or model is None:
        return False
    rivals = [
        other.payload.result
        for other in case.view.about(("model", model.id), ("evaluation", completed.measure))
        if model.position(other.subject.weights) == model.position(event.subject.weights)
        and not case.view.is_withdrawn(other)
        and isinstance(other.payload, EvaluationCompleted)
        and other.payload.suite == measure.suite
    ]
    for leaf in leaves_of(case.policy):
        if isinstance(leaf, Measured) and leaf.measure == completed.measure:
            shown = assess(completed.result, measure.statistic, leaf.comparison, leaf.confidence).value
            opposite = (
                assess(rival, measure.statistic, leaf.comparison, leaf.confidence).value is ~shown for rival in rivals
            )
            if shown is not Truth.UNKNOWN and any(opposite):
                return True
    return False
