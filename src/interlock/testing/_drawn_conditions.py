"""Random conditions, as the mappings that a policy file holds: leaves about the few names that events speak of.

Used by `interlock.testing._drawn_policies`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from interlock.testing._drawn_choices import (
    CLAIM,
    COMPUTE,
    COMPUTES,
    CONTROLS,
    DOCUMENTS,
    PERIODS,
    QUANTITIES,
    QUESTIONS,
    ROLES,
    Chooser,
    Theme,
    stated,
)

Node = dict[str, Any]
"""A mapping of a policy file."""

_COMPARATORS: Final = ("at-least", "at-least", "below", "more-than", "at-most")
_BOUNDS: Final = {"score": ("50%", "50%", "30%"), "faults": ("0.5", "0.1"), "grade": ("0.5", "2")}
_HAPPENINGS: Final = (
    {"event": "incident.discovered", "kind": "theft"},
    {"event": "incident.discovered", "kind": "theft", "severity": "high"},
    {"event": "model.deployed", "class-at-least": "deploy.external"},
    {"event": "competitor.reported"},
)
ALWAYS: Final = {"not": {"event": "weights.deleted"}}
"""True in every history drawn: no weights are deleted."""


@dataclass(frozen=True, kw_only=True)
class Names:
    """What a condition may refer to."""

    thresholds: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    restrictions: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LeafDrafter:
    """Drafts the conditions of one policy about one theme."""

    choose: Chooser
    theme: Theme

    # Leaves

    def freshness(self) -> str | Node:
        """Return a period, a growth, or both."""
        period, growth = self.choose.pick(PERIODS), self.choose.pick(("2x", "4x"))
        choices: tuple[str | Node, ...] = (period, {"for": period, "growth": growth}, {"growth": growth})
        return self.choose.pick(choices)

    def aged(self, leaf: Node, *, scoped: bool = True) -> Node:
        """Return a leaf, now and then with `of:`, `fresh` or `within-last`."""
        return leaf | stated(
            of=self.choose.pick(("lineage", "any-model", "developer", "world"))
            if scoped and self.choose.one_in(6)
            else None,
            fresh=self.freshness() if self.choose.one_in(6) else None,
            within_last=self.choose.pick(PERIODS) if self.choose.one_in(6) else None,
        )

    def by(self) -> Any:
        """Return which roles must speak."""
        names = self.choose.some(ROLES, 2, 3)
        if self.theme is Theme.WINDOWS and not self.choose.one_in(3):
            return names[0]
        return self.choose.pick((names[0], names[:2], {"any-of": names}, {"n": 2, "of": names}))

    def measured(self) -> Node:
        """Return a measured leaf."""
        return self.aged(self.measured_here())

    def measured_here(self) -> Node:
        """Return a measured leaf about the model asked, with no age limit but its measure's."""
        measure = self.choose.pick(("score",) * 5 + ("faults", "grade"))
        comparator = self.choose.pick(_COMPARATORS)
        confidence = self.choose.pick(("95%", "95%", "80%", None))
        return {"measure": measure, comparator: self.choose.pick(_BOUNDS[measure])} | stated(confidence=confidence)

    def quantity(self) -> Node:
        """Return a leaf about a quantity."""
        name = COMPUTE if self.theme is Theme.EVIDENCE else self.choose.pick(QUANTITIES)
        return self.aged({"quantity": name, self.choose.pick(_COMPARATORS): self.choose.pick(COMPUTES)})

    def judged(self) -> Node:
        """Return a leaf about a judgement."""
        return self.aged({"judged": self.choose.pick((*QUESTIONS[:1], *QUESTIONS)), "by": self.by()})

    def approved(self) -> Node:
        """Return a leaf about an approval."""
        return self.aged({"approved": self.choose.pick((*DOCUMENTS[:1], *DOCUMENTS)), "by": self.by()})

    def attested(self) -> Node:
        """Return a leaf about an attestation."""
        return self.aged({"attested": self.choose.pick(CONTROLS)} | stated(by=self.choose.pick((None, self.by()))))

    def argued(self) -> Node:
        """Return a leaf about a claim."""
        return self.aged({"argued": CLAIM})

    def published(self) -> Node:
        """Return a leaf about a publication or a notification."""
        document = self.choose.pick((*DOCUMENTS[:1], *DOCUMENTS))
        if self.choose.one_in(3):
            return self.aged({"notified": self.choose.pick(ROLES), "of": document}, scoped=False)
        period = self.choose.pick((None, *PERIODS))
        return self.aged({"published": document} | stated(for_at_least=period))

    def happened(self) -> Node:
        """Return a leaf about an event."""
        return self.aged(dict(self.choose.pick(_HAPPENINGS)))

    def named(self, names: Names) -> Node:
        """Return a leaf that refers to another item, or a judgement where there is none to refer to."""
        kinds = [
            *([("threshold", names.thresholds)] * 2 if names.thresholds else []),
            *([("meets", names.standards)] * (2 if self.theme is Theme.ROLES else 1) if names.standards else []),
            *([("term", names.terms)] if names.terms else []),
            *([("active", names.restrictions)] if names.restrictions else []),
            *([("in-force", names.permissions)] if names.permissions else []),
        ]
        if not kinds:
            return self.judged()
        kind, options = self.choose.pick(kinds)
        name = self.choose.pick((*options[:1], *options))
        if kind == "threshold":
            return self.aged({self.choose.pick(("reached", "ruled-out")): name})
        leaf = {kind: name}
        return leaf if kind in ("active", "in-force") else self.aged(leaf, scoped=False)

    def leaf(self, names: Names) -> Node:
        """Return a leaf, mostly of the theme."""
        kinds: dict[Theme, Sequence[Callable[[], Node]]] = {
            Theme.EVIDENCE: (self.measured, self.quantity),
            Theme.ROLES: (self.judged, self.approved, self.attested, self.argued),
            Theme.FACTS: (self.quantity, self.published, self.happened, self.judged),
            Theme.RECORD: (self.judged, self.approved, self.measured),
            Theme.WINDOWS: (self.judged, self.approved, self.attested, self.published, self.happened),
        }
        if self.choose.one_in(40):
            return {"undefined": {"owed": "to be written"}}
        if self.choose.one_in(3 if self.theme is not Theme.EVIDENCE else 2):
            return self.named(names)
        every = [kind for listed in kinds.values() for kind in listed]
        return self.choose.pick(kinds.get(self.theme, every))()

    # Conditions

    def condition(
        self,
        leaf: Callable[[], Node],
        depth: int = 2,
        connectives: Sequence[str] = ("all", "any", "not", "at-least"),
    ) -> Node:
        """Return a condition over such leaves, mostly a small one."""
        connective = self.choose.pick((None, None, None, *connectives)) if depth else None
        if connective is None:
            return leaf()
        if connective == "not":
            return {"not": self.condition(leaf, depth - 1, connectives)}
        if connective == "at-least":
            return {"at-least": {"n": 2, "of": [self.condition(leaf, depth - 1, connectives) for _ in range(3)]}}
        return {connective: [self.condition(leaf, depth - 1, connectives) for _ in range(self.choose.number(2, 3))]}
