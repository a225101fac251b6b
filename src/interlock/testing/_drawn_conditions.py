"""Random conditions, as the mappings that a policy file holds: leaves about the few names that events speak of.

Used by `interlock.testing._drawn_policies`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from interlock.testing._drawn_choices import (
    CLAIM,
    COMPUTE,
    COMPUTES,
    CONTROLS,
    COVERAGE_PERIODS,
    DOCUMENTS,
    PERIODS,
    QUANTITIES,
    QUESTIONS,
    READINGS,
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
MARGINS: Final = ("2x", "4x")
"""By how much effective compute a threshold must be ruled out ahead."""
SPANNING: Final = ("lineage", "any-model")
"""Scopes that look at several models."""


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
    """Drafts the conditions of one policy about one theme; `disputed` are the texts with readings drawn so far."""

    choose: Chooser
    theme: Theme
    disputed: list[str] = field(default_factory=list)

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
        """Return a leaf about an approval, now and then about a review."""
        verb = self.choose.pick(("approved",) * 4 + ("endorsed", "reviewed"))
        return self.aged({verb: self.choose.pick((*DOCUMENTS[:1], *DOCUMENTS)), "by": self.by()})

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
            latest = {"latest": True} if self.choose.one_in(2) else {}
            return self.aged({"notified": self.choose.pick(ROLES), "of": document} | latest, scoped=False)
        period = self.choose.pick((None, *PERIODS))
        covered = self.choose.pick(COVERAGE_PERIODS) if self.choose.one_in(3) else None
        return self.aged({"published": document} | stated(for_at_least=period, coverage_within=covered))

    def happened(self) -> Node:
        """Return a leaf about an event."""
        return self.aged(dict(self.choose.pick(_HAPPENINGS)))

    def named(self, names: Names) -> Node:
        """Return a leaf that refers to another item, or a judgement where there is none to refer to."""
        kinds = [
            *([("threshold", names.thresholds)] * 2 if names.thresholds else []),
            *([("meets", names.standards)] * (2 if self.theme is Theme.ROLES else 1) if names.standards else []),
            *([("term", names.terms)] * (5 if self.theme is Theme.WORDS else 1) if names.terms else []),
            *([("active", names.restrictions)] if names.restrictions else []),
            *([("in-force", names.permissions)] if names.permissions else []),
        ]
        if not kinds:
            return self.judged()
        kind, options = self.choose.pick(kinds)
        name = self.choose.pick((*options[:1], *options))
        if kind == "threshold":
            verb = self.choose.pick(("reached", "ruled-out"))
            ahead = self.choose.pick(MARGINS) if verb == "ruled-out" and self.choose.one_in(2) else None
            return self.aged({verb: name} | stated(ahead=ahead))
        leaf = {kind: name}
        if kind == "term" and self.choose.one_in(5):
            return self.beside(name)
        if kind == "term":
            of = self.choose.pick(SPANNING) if self.choose.one_in(6) else None
            return self.aged(leaf | stated(of=of), scoped=False)
        return leaf if kind in ("active", "in-force") else self.aged(leaf, scoped=False)

    def beside(self, term: str) -> Node:
        """Return a leaf about the model's compute beside that of others of which the term holds."""
        factor = {self.choose.pick(_COMPARATORS): self.choose.pick(("1x", "2x"))}
        return self.aged({"ratio": COMPUTE, "to-any": term} | factor, scoped=False)

    def leaf(self, names: Names) -> Node:
        """Return a leaf, mostly of the theme."""
        kinds: dict[Theme, Sequence[Callable[[], Node]]] = {
            Theme.EVIDENCE: (self.measured, self.quantity),
            Theme.ROLES: (self.judged, self.approved, self.attested, self.argued),
            Theme.FACTS: (self.quantity, self.published, self.happened, self.judged),
            Theme.RECORD: (self.judged, self.approved, self.measured),
            Theme.WINDOWS: (self.judged, self.approved, self.attested, self.published, self.happened),
            Theme.WORDS: (self.judged, self.judged, self.quantity, self.happened, self.measured),
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
        connectives: Sequence[str] = ("all", "any", "not", "at-least", "readings"),
    ) -> Node:
        """Return a condition over such leaves, mostly a small one."""
        often = ("readings",) * 4 if self.theme is Theme.WORDS and "readings" in connectives else ()
        connective = self.choose.pick((None, None, None, *connectives, *often)) if depth else None
        if connective is None:
            return leaf()
        if connective == "readings":
            return self.inline(lambda: self.condition(leaf, depth - 1, connectives))
        if connective == "not":
            return {"not": self.condition(leaf, depth - 1, connectives)}
        if connective == "at-least":
            return {"at-least": {"n": 2, "of": [self.condition(leaf, depth - 1, connectives) for _ in range(3)]}}
        return {connective: [self.condition(leaf, depth - 1, connectives) for _ in range(self.choose.number(2, 3))]}

    # Disputed texts

    def readings(self, part: Callable[[], Node], *, least: int = 2) -> dict[str, Node]:
        """Return two or three readings of a text."""
        return {name: part() for name in READINGS[: self.choose.number(least, len(READINGS))]}

    def ruled_by(self) -> Any:
        """Return perhaps who may rule."""
        return self.by() if self.choose.one_in(2) else None

    def inline(self, part: Callable[[], Node]) -> Node:
        """Return readings where they stand in a condition."""
        name = f"text-{len(self.disputed) + 1}"
        self.disputed.append(name)
        return {"readings": {"id": name, **stated(ruled_by=self.ruled_by()), **self.readings(part)}}

    def term_document(self, part: Callable[[], Node]) -> Node:
        """Return a term: what it means, or the readings that it admits."""
        if self.choose.one_in(2):
            return {"means": part()}
        return {"readings": self.readings(part)} | stated(ruled_by=self.ruled_by())


def without_scopes_in_scopes(node: Any, terms: Mapping[str, Any]) -> Any:
    """Return a policy, or a part of it, in which no term that looks at several models is asked of several.

    Whose checkpoint would count is left open, and such a question is refused. A ratio to models of which such a term
    holds becomes a judgement.
    """
    if isinstance(node, list):
        return [without_scopes_in_scopes(part, terms) for part in node]
    if not isinstance(node, Mapping):
        return node
    if node.get("to-any") in terms and _spans(terms[node["to-any"]], terms):
        return {"judged": QUESTIONS[0], "by": ROLES[0]}
    asks = node.get("term") in terms and node.get("of") in SPANNING
    kept = (
        {key: part for key, part in node.items() if key != "of"}
        if asks and _spans(terms[node["term"]], terms)
        else node
    )
    return {key: without_scopes_in_scopes(part, terms) for key, part in kept.items()}


def _spans(node: Any, terms: Mapping[str, Any]) -> bool:
    """Whether some leaf of what a term stands for looks at several models."""
    if isinstance(node, list):
        return any(_spans(part, terms) for part in node)
    if not isinstance(node, Mapping):
        return False
    named = node.get("term")
    own = "ratio" in node or node.get("of") in SPANNING or (isinstance(named, str) and _spans(terms[named], terms))
    return own or any(_spans(part, terms) for part in node.values())
