"""Random policies with duties and pledges, as the mappings that a policy file holds.

Used by `interlock.testing.strategies` for its timelines. Items refer only to items drawn before them: duties to a
restriction and a permission, later duties to earlier ones, a second restriction and permission to duties.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from interlock.testing._drawn_choices import (
    COMPUTE,
    DOCUMENTS,
    ISSUER,
    ROLES,
    SUITES,
    Chooser,
    Theme,
    stated,
)
from interlock.testing._drawn_conditions import ALWAYS, LeafDrafter, Names, Node, without_scopes_in_scopes
from interlock.testing._drawn_policies import (
    claims_document,
    documents_document,
    header,
    measure_document,
    standards_document,
)

THEMES: Final = (Theme.FACTS, Theme.FACTS, Theme.WINDOWS, Theme.ROLES, Theme.EVIDENCE, Theme.WORDS)
WITHIN: Final = (
    "30 days",
    "1 month",
    "72 hours",
    "2 weeks",
    "5 business days",
    "1 day",
    "10 business days",
    "90 minutes",
    "3 months",
    "1 year",
)
TIMES: Final = ("3 months", "1 month", "6 weeks", "30 days", "40 business days", "1000 hours", "1 year")
FORS: Final = (
    "each model",
    "developer",
    "issuer",
    "each lineage",
    "each deployment",
    "each incident",
    f"each document {DOCUMENTS[0]}",
)
HAPPENINGS: Final[tuple[Node, ...]] = (
    {"event": "model.deployed"},
    {"event": "model.deployed", "class-at-least": "deploy.external.limited"},
    {"event": "incident.discovered"},
    {"event": "incident.suspected", "severity": "high"},
    {"event": "incident.determined", "kind": "theft"},
    {"event": "document.submitted", "document": DOCUMENTS[0]},
    {"event": "training.started"},
    {"event": "weights.stored"},
)
EVENT_TERM: Final = "launch"
"""A term that is an event in every policy, or several that it may mean."""
CLOCKS: Final = ("event", "awareness", "discovery", "determination", "suspicion")
TIME_ZONES: Final = (
    "UTC",
    "America/New_York",
    "Pacific/Auckland",
    "America/Los_Angeles",
    "Asia/Kathmandu",
    "Europe/Dublin",
    "America/Santiago",
)
HOLIDAYS: Final = (["2025-02-17"], ["2025-03-14", "2025-04-04"], ["2025-01-20", "2025-05-05", "2025-07-04"])
WEEKS: Final = (
    ["sun", "mon", "tue", "wed", "thu"],
    ["mon", "wed", "fri"],
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
)


@dataclass(frozen=True, kw_only=True)
class DutyDrafter(LeafDrafter):
    """Drafts the duties and pledges of one policy; `known` are duties that conditions may ask about."""

    known: tuple[str, ...] = ()

    def about_duty(self, since: Sequence[str] = ()) -> Node:
        """Return a leaf about a duty; `since` are further duties that the time or the growth may count from."""
        if self.known and self.choose.one_in(2):
            return {self.choose.pick(("overdue", "done")): self.choose.pick(self.known)} | self.scoped()
        duty = self.choose.pick((*self.known, *since))
        if self.choose.one_in(3):
            against = self.choose.pick((None, None, "most-capable-assessed"))
            factor = {self.choose.pick(("at-least", "more-than", "below")): self.choose.pick(("2x", "4x"))}
            return {"growth": COMPUTE, "since": duty, **factor} | stated(against=against)
        return {"elapsed": self.choose.pick(("1 month", "3 months", "36 hours", "30 days")), "since": duty}

    def scoped(self) -> Node:
        """Return now and then about whom a leaf speaks."""
        return {"of": self.choose.pick(("any-model", "lineage", "developer"))} if self.choose.one_in(6) else {}

    def term(self, names: Names, since: Sequence[str] = ()) -> Node:
        """Return a leaf or its negation, or now and then a few under one connective."""

        def leaf() -> Node:
            return self.about_duty(since) if (self.known or since) and self.choose.one_in(4) else self.leaf(names)

        if self.choose.one_in(5):
            return self.condition(leaf, 1)
        one = leaf()
        return {"not": one} if self.choose.one_in(4) else one

    def happening(self) -> Node:
        """Return a leaf about an event that may trigger a duty."""
        of = self.choose.pick(("any-model", "lineage", "developer", "world")) if self.choose.one_in(6) else None
        return dict(self.choose.pick(HAPPENINGS)) | stated(of=of)

    # Items

    def duty(self, name: str, names: Names) -> Node:
        """Return a duty of any kind."""
        recurring = self.choose.one_in(2)
        trigger = self.trigger(name, names) if not recurring or self.choose.one_in(3) else None
        every = self.every() if recurring else None
        within = self.choose.pick(WITHIN) if not self.choose.one_in(8) else None
        agreed = {"document": DOCUMENTS[1], "with": ROLES[0]} if self.choose.one_in(3) else None
        notified = {"document": DOCUMENTS[1], "to": ROLES[0]} if agreed is None and self.choose.one_in(4) else None
        movable = within is not None or every is not None or agreed is not None or notified is not None
        return {"must": f"do {name}"} | stated(
            **{"for": self.choose.pick(FORS) if not self.choose.one_in(3) else None},
            every=every,
            when=trigger,
            within=within,
            clock=self.choose.pick(CLOCKS) if self.choose.one_in(3) else None,
            done_when=self.term(names) if self.choose.one_in(3) else None,
            excused_when=self.relief(names) if self.choose.one_in(5) else None,
            extended={"by": self.choose.pick(WITHIN), "when": self.relief(names)}
            if movable and self.choose.one_in(3)
            else None,
            or_as_agreed=agreed,
            or_as_notified=notified,
            otherwise={"forbids": self.choose.pick((["train"], ["deploy"], ["train", "store"]))}
            if self.choose.one_in(2)
            else None,
            modality="aim" if self.choose.one_in(8) else None,
        )

    def trigger(self, name: str, names: Names) -> Node:
        """Return a trigger: mostly an event, else some condition, or the time since the duty itself was done."""
        if self.choose.one_in(8):
            return self.about_duty((name,))
        if self.choose.one_in(3):
            return self.disputed_happening()
        return self.term(names, (name,)) if self.choose.one_in(3) else self.happening()

    def disputed_happening(self) -> Node:
        """Return an event with several readings: by its term, or where it stands; now and then not all are events."""
        if self.choose.one_in(2):
            return {"term": EVENT_TERM}
        return self.inline(lambda: {"term": EVENT_TERM} if self.choose.one_in(8) else self.happening_or_other())

    def happening_or_other(self) -> Node:
        """Return a leaf about an event that may trigger a duty, now and then another leaf."""
        return self.judged() if self.choose.one_in(8) else self.happening()

    def relief(self, names: Names) -> Node:
        """Return the condition of an excuse or an extension; now and then it always holds."""
        return dict(ALWAYS) if self.choose.one_in(3) else self.term(names)

    def every(self) -> Node:
        """Return how often a duty comes round."""
        kind = self.choose.number(0, 4)
        anchor = self.choose.pick((None, "completion", "schedule", "schedule"))
        if kind < 3:  # noqa: PLR2004 - three in five
            return {"time": self.choose.pick(TIMES)} | stated(anchor=anchor)
        growth = {"growth": self.choose.pick(("2x", "4x"))} | stated(anchor=anchor)
        if kind == 3:  # noqa: PLR2004 - one in five
            return growth
        return growth | {"time": self.choose.pick(TIMES), "whichever": self.choose.pick(("first", "last"))}

    def pledge(self, names: Names) -> Node:
        """Return a standing promise."""
        return {"maintain": self.term(names)} | stated(
            **{"for": self.choose.pick((None, "each model", "developer", "issuer"))},
            measured_every=self.choose.pick(TIMES) if self.choose.one_in(2) else None,
        )

    def restriction(self, names: Names) -> Node:
        """Return a restriction; the hold of one in two must be obeyed only after a while."""
        return {
            "forbids": self.choose.pick((["train"], ["deploy"], ["train", "store"], ["store", "share-weights"]))
        } | (
            stated(
                when=self.term(names) if not self.choose.one_in(4) else dict(ALWAYS),
                until=self.term(names) if self.choose.one_in(3) else None,
                cease_within=self.choose.pick(WITHIN) if self.choose.one_in(2) else None,
                presume=self.choose.pick(("active", "inactive")) if self.choose.one_in(5) else None,
                modality="aim" if self.choose.one_in(10) else None,
            )
        )

    def permission(self, names: Names, lifts: str) -> Node:
        """Return a permission that lifts a restriction, now and then by windows."""
        limited = self.choose.one_in(3)
        return {"lifts": [lifts]} | stated(
            when=self.term(names),
            for_at_most=self.choose.pick(("1 month", "30 days", "36 hours")) if limited else None,
            renewals={"at-most": self.choose.number(0, 2)} if limited and self.choose.one_in(2) else None,
        )


def calendar_document(choose: Chooser) -> Node:
    """Return a calendar: some time zone, holidays and business week."""
    return stated(
        time_zone=choose.pick(TIME_ZONES),
        holidays=choose.pick(HOLIDAYS) if choose.one_in(3) else None,
        business_week=choose.pick(WEEKS) if choose.one_in(4) else None,
    )


def amendments_document(choose: Chooser) -> Node | None:
    """Return perhaps a rule of amendments."""
    if choose.one_in(3):
        return None
    roles: tuple[Any, ...] = (None, ROLES[2], list(ROLES[:2]), {"any-of": list(ROLES[:2])})
    rule = stated(
        approved_by=choose.pick(roles),
        consulted=[ROLES[2]] if choose.one_in(3) else None,
        published=True if choose.one_in(2) else None,
        notice=choose.pick(("14 days", "1 month", "5 business days")) if choose.one_in(2) else None,
    )
    return rule or {"published": True}


def duty_policy_document(
    choose: Chooser,
    *,
    name: str = "scaling",
    version: str = "1",
    issuer: str = ISSUER,
    effective: str = "2025-01-01",
    law: bool = False,
) -> Node:
    """Return a policy with one to three duties; `law` gives it an `applies-to`."""
    drafter = DutyDrafter(choose=choose, theme=choose.pick(THEMES))
    thresholds = {"t-1": {"reached-when": drafter.condition(drafter.measured, 1)}}
    kinds = (drafter.quantity, drafter.happened, drafter.judged)
    terms = {
        "large": drafter.term_document(lambda: drafter.condition(choose.pick(kinds), 1)),
        EVENT_TERM: drafter.term_document(drafter.happening_or_other),
    }
    names = Names(thresholds=("t-1",), terms=("large", EVENT_TERM), standards=("s-2", "s-3"))
    applies = drafter.condition(choose.pick((drafter.quantity, drafter.judged)), 1) if law else None
    permissions = {"first": drafter.permission(names, "hold-1")} if choose.one_in(3) else {}
    restrictions = {"hold-1": drafter.restriction(names)}
    inside = replace(names, restrictions=("hold-1",), permissions=tuple(permissions)) if choose.one_in(3) else names
    duties: dict[str, Node] = {}
    for number in range(1, choose.number(1, 3) + 1):
        later = replace(drafter, known=tuple(duties))
        duties[f"d-{number}"] = later.duty(f"d-{number}", inside)
    knowing = replace(drafter, known=tuple(duties))
    if choose.one_in(2):
        if choose.one_in(3):
            permissions["second"] = knowing.permission(names, "hold-2")
        restrictions["hold-2"] = knowing.restriction(names)
    pledge: Callable[[], Node] = lambda: knowing.pledge(inside)  # noqa: E731 - one line
    document: Node = {
        **header(name, version, issuer, effective),
        "burden-of-proof": choose.pick(("developer", "challenger")),
        "calendar": calendar_document(choose),
        **stated(applies_to=applies),
        "measures": {measure: measure_document(choose, drafter.theme, measure) for measure in SUITES},
        "thresholds": thresholds,
        "standards": standards_document(choose, drafter.theme),
        "terms": terms,
        "restrictions": restrictions,
        "permissions": permissions,
        "duties": duties,
        "pledges": {f"p-{number}": pledge() for number in range(choose.number(0, 1))},
        "documents": documents_document(choose),
        "claims": claims_document(choose),
        **stated(amendments=amendments_document(choose)),
    }
    sound: Node = without_scopes_in_scopes(document, terms)
    return sound


def duty_policy_documents(choose: Chooser) -> list[Node]:
    """Return one policy, or two versions of it (most of whose duties are the same), or a policy and a law."""
    documents = [duty_policy_document(choose)]
    shape = choose.pick(("one",) * 4 + ("versions", "versions", "law"))
    if shape == "versions":
        effective = choose.pick(("2025-03-01", "2025-04-15", "2025-06-01"))
        newer = duty_policy_document(choose, version="2", effective=effective)
        if choose.one_in(2):
            kept = ("calendar", "measures", "thresholds", "terms", "restrictions", "permissions", "duties", "pledges")
            newer |= {section: documents[0][section] for section in kept}
        documents.append(newer)
    if shape == "law":
        documents.append(duty_policy_document(choose, name="act", issuer="State", law=True))
    return documents
