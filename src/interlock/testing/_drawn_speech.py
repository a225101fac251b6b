"""What roles say in random histories: determinations, attestations, approvals, reviews, assessments and rulings.

Used by `interlock.testing._drawn_events`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from interlock.testing._drawn_choices import (
    CLAIM,
    CONTROLS,
    DIGESTS,
    DOCUMENTS,
    INSTANTS,
    ISSUER,
    QUESTIONS,
    ROLES,
    SECTIONS,
    STRANGE_MODEL,
    STRANGER,
    Chooser,
    stated,
)
from interlock.testing._drawn_topics import Dispute

Given = dict[str, Any]
"""An event as it is given: a JSON object."""

DOCUMENT_DIGESTS: Final = tuple(f"sha256:{character * 64}" for character in "112")
ACTORS: Final = {"rso": "rolf", "ceo": "cara", "board": "bea"}


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """Draws what one role says, about whom and when; `disputed` are the texts that may be ruled on."""

    choose: Chooser
    disputed: Sequence[Dispute] = ()

    # About whom and when

    def model(self) -> Given:
        """Return a model, mostly the first, perhaps with the digest of one of its checkpoints."""
        model = self.choose.pick(("m1",) * 5 + ("m2", "m2", "m3"))
        return {"model": model} | stated(weights=self.choose.pick((None, *DIGESTS)))

    def subject(self) -> Given:
        """Return mostly a model; now and then the developer, the world or a stranger's model."""
        kind = self.choose.number(0, 11)
        subjects: dict[int, Given] = {
            11: {"model": STRANGE_MODEL},
            10: {"developer": STRANGER},
            9: {"world": True},
            8: {"developer": ISSUER},
            7: {"developer": ISSUER},
        }
        return subjects.get(kind) or self.model()

    def times(self) -> Given:
        """Return when an event occurred and, now and then, another time, mostly later, at which it was recorded."""
        at = self.choose.number(0, len(INSTANTS) - 1)
        late = self.choose.pick((0,) * 8 + (1, 3, -1))
        recorded = INSTANTS[min(max(at + late, 0), len(INSTANTS) - 1)] if late else None
        return {"occurred": INSTANTS[at]} | stated(recorded=recorded)

    # What roles say

    def speaker(self) -> Given:
        """Return who speaks in which role; now and then another's actor, or none, or no role."""
        role = self.choose.pick(ROLES)
        actor = self.choose.pick((ACTORS[role],) * 4 + ("rolf", None))
        return stated(role=None if self.choose.one_in(12) else role, actor=actor)

    def yes(self) -> bool:
        """Return mostly true."""
        return not self.choose.one_in(3)

    def determination(self) -> Given:
        """Return a determination."""
        data = {"judged": self.choose.pick((*QUESTIONS[:1], *QUESTIONS)), "value": self.yes()}
        return {"event": "determination.made", "subject": self.subject(), **self.speaker(), "data": data}

    def attestation(self) -> Given:
        """Return an attestation; it can't be about the world."""
        subject = self.subject()
        data = stated(
            control=self.choose.pick(CONTROLS),
            value=self.yes(),
            effort=self.choose.pick(("1000 USD", None, "999 USD", "5000 EUR")),
            outcome=self.choose.pick(("no-exfiltration", None, "exfiltration")),
            expires=self.choose.pick(INSTANTS[4:]) if self.choose.one_in(5) else None,
        )
        about = {"developer": ISSUER} if "world" in subject else subject
        return {"event": "control.attested", "subject": about, **self.speaker(), "data": data}

    def assessment(self) -> Given:
        """Return an assessment of a claim."""
        data = {"claim": CLAIM, "state": self.choose.pick(("supported", "defeated", "unsupported"))}
        return {"event": "claim.assessed", "subject": self.subject(), **self.speaker(), "data": data}

    def document(self) -> Given:
        """Return the data of an act upon a document."""
        return {
            "document": self.choose.pick((*DOCUMENTS[:1], *DOCUMENTS)),
            "digest": self.choose.pick(DOCUMENT_DIGESTS),
        }

    def approval(self) -> Given:
        """Return an approval or, now and then, a rejection or a review."""
        if self.choose.one_in(4):
            data = self.document() | stated(endorses=self.choose.pick((None, "yes", "yes", "no", "not-asked")))
            return {"event": "review.received", "subject": self.subject(), **self.speaker(), "data": data}
        kind = "document.approved" if self.yes() else "document.rejected"
        return {"event": kind, "subject": self.subject(), **self.speaker(), "data": self.document()}

    def submission(self, events: Sequence[Given]) -> Given:
        """Return a submission, perhaps listing an evaluation so far."""
        data = self.document() | self.sections() | self.listed(events)
        return {"event": "document.submitted", "subject": self.subject(), "data": data} | self.submitter()

    def submitter(self) -> Given:
        """Return who submits: mostly the role that must."""
        return stated(role="rso" if not self.choose.one_in(8) else self.choose.pick((None, "board")))

    def sections(self) -> Given:
        """Return the sections that a document is said to have: all, none, or some of them, perhaps redacted."""
        if self.choose.one_in(3):
            return {}
        if self.choose.one_in(2):
            redacted = list(SECTIONS[1:]) if self.choose.one_in(3) else None
            return {"sections": list(SECTIONS[:1])} | stated(redacted=redacted)
        return {"sections": [*SECTIONS, "more"]}

    def coverage(self) -> Given:
        """Return up to which day a publication covers the time: mostly one of those that things happen on."""
        if self.choose.one_in(3):
            return {}
        return {"coverage": "the year" if self.choose.one_in(8) else self.choose.pick(INSTANTS)[:10]}

    # Rulings

    def ruling(self) -> Given:
        """Return a ruling on a disputed text: by some role, now and then for a reading that there is not."""
        if not self.disputed:
            return self.determination()
        text = self.choose.pick(self.disputed)
        reading = "none" if self.choose.one_in(12) else self.choose.pick(text.readings)
        data = {"term": text.name, "reading": reading, "reason": "the board minuted it"}
        return {"event": "term.ruled", "subject": self.subject(), **self.speaker(), "data": data}

    def rulings(self) -> list[Given]:
        """Return what every role that may rule rules, at one instant or one after another, mostly alike."""
        if not self.disputed:
            return [self.determination() | self.times()]
        text, at = self.choose.pick(self.disputed), self.choose.number(0, len(INSTANTS) - 3)
        subjects: tuple[Given, ...] = ({"model": "m1"}, {"developer": ISSUER}, {"world": True})
        subject = self.choose.pick(subjects)
        reading = self.choose.pick(text.readings)
        events: list[Given] = []
        for role in text.roles or ("board",):
            at = min(at + self.choose.pick((0, 0, 1)), len(INSTANTS) - 1)
            named = self.choose.pick(text.readings) if self.choose.one_in(6) else reading
            actor = self.choose.pick((ACTORS[role],) * 8 + ("rolf", None))
            data = {"term": text.name, "reading": named, "reason": "the board minuted it"}
            event: Given = {"event": "term.ruled", "occurred": INSTANTS[at], "subject": dict(subject), "data": data}
            late = INSTANTS[min(at + 3, len(INSTANTS) - 1)] if self.choose.one_in(8) else None
            events.append(event | {"role": role} | stated(actor=actor, recorded=late))
        return events

    def listed(self, events: Sequence[Given]) -> Given:
        """Return perhaps the evidence that a submission lists: an evaluation so far."""
        evaluations = indices(events)
        return {"evidence": [self.choose.pick(evaluations)]} if evaluations and self.choose.one_in(2) else {}


def indices(events: Sequence[Given], kind: str = "evaluation.completed") -> list[int]:
    """Return the places of the events of a kind."""
    return [index for index, event in enumerate(events) if event["event"] == kind]
