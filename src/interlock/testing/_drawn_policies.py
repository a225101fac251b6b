"""Random policies, as the mappings that a policy file holds: few names, so that their items speak of the same things.

Used by `interlock.testing.strategies`; every mapping drawn here decodes without a fault. Items refer only to items
drawn before them, so that no condition depends on itself. A policy is deep, with items that rest on one another, or it
is a gallery: many restrictions with a small condition each, so that one case asks about many conditions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from interlock.testing._drawn_choices import (
    CLAIM,
    DOCUMENTS,
    ISSUER,
    PERIODS,
    ROLES,
    SECTIONS,
    SUITES,
    Chooser,
    Theme,
    stated,
)
from interlock.testing._drawn_conditions import ALWAYS, LeafDrafter, Names, Node, without_scopes_in_scopes

_FORBIDDEN: Final = (["train"], ["deploy"], ["train", "deploy.external"], ["train", "store", "release-weights"])
_EVERYTHING: Final = ["train", "store", "deploy", "release-weights", "share-weights"]
_TIME_ZONES: Final = ("UTC", "America/New_York", "Asia/Kathmandu")
_STATISTICS: Final = {"score": "proportion", "faults": "rate", "grade": "mean"}
_OUTSIDE: Final = ("s-2", "s-2", "s-2", "s-3")
_STANDARDS: Final = ("s-1", *_OUTSIDE)


@dataclass(frozen=True, kw_only=True)
class _Drafter(LeafDrafter):
    """Drafts the items of one policy about one theme."""

    # Items

    def measure(self, name: str) -> Node:
        """Return a measure; what an evaluation must fulfil is seldom asked."""
        asks = self.theme in (Theme.EVIDENCE, Theme.ALL)
        return {"statistic": _STATISTICS[name], "suite": SUITES[name]} | stated(
            elicitation=["tools"] if asks and self.choose.one_in(2) else None,
            fresh=self.freshness() if asks and self.choose.one_in(2) else None,
            pre_registration="required" if asks and self.choose.one_in(5) else None,
            carries=self.choose.pick((None, "to-descendants", "while-fresh")) if asks else None,
        )

    def control(self) -> Node:
        """Return a control of a standard."""
        return stated(
            attested_by=self.by(),
            fresh=self.freshness() if self.choose.one_in(3) else None,
            effort={"at-least": "1000 USD"} if self.choose.one_in(4) else None,
            outcome="no-exfiltration" if self.choose.one_in(4) else None,
        )

    def standards(self) -> dict[str, Node]:
        """Return three standards; between them they have every control that a leaf may name, some in two standards."""
        vault = {"vault": self.control()} if self.choose.one_in(2) else {}
        return {
            "s-1": {"controls": {"badge": self.control(), **vault}},
            "s-2": {"controls": {"vault": self.control()}},
            "s-3": {"undefined": {"owed": "to be written"}},
        }

    def restriction(self, names: Names) -> Node:
        """Return a restriction; where it holds always, what releases and lifts it is what decides."""
        always = self.choose.one_in(2 if self.theme is Theme.WINDOWS else 6)
        released = self.choose.one_in(4 if self.theme is Theme.WINDOWS else 2)
        return {"forbids": self.choose.pick(_FORBIDDEN)} | stated(
            when=dict(ALWAYS) if always else self.condition(lambda: self.leaf(names)),
            until=self.condition(lambda: self.leaf(names)) if released else None,
            presume=self.choose.pick(("active", "inactive")) if self.choose.one_in(4) else None,
            modality="aim" if self.choose.one_in(10) else None,
        )

    def permission(self, names: Names, lifts: str, *, lifts_only: bool = False) -> Node:
        """Return a permission that lifts a restriction or replaces a standard; its `when` must not rest on either."""
        replaces = not lifts_only and self.choose.one_in(3 if self.theme is Theme.ROLES else 6)
        limited = self.theme is Theme.WINDOWS or self.choose.one_in(3)
        renewals = self.choose.pick((None, {"at-most": 1}, {"at-most": 2})) if limited else None
        depth = 1 if limited else 2
        spoken = (self.judged, self.approved, self.attested, self.published, self.happened)
        plain = self.theme is Theme.WINDOWS and not self.choose.one_in(4)
        return stated(
            lifts=None if replaces else [lifts],
            replaces={"s-1": "s-2"} if replaces else None,
            when=dict(ALWAYS)
            if self.choose.one_in(8)
            else self.condition(lambda: self.choose.pick(spoken)() if plain else self.leaf(names), depth),
            for_at_most=self.choose.pick(PERIODS) if limited and not self.choose.one_in(6) else None,
            renewals=renewals,
        )

    def items(self, prefix: str) -> Node:
        """Return the items of a gallery or of a deep policy."""
        return self.deep(prefix) if self.choose.one_in(3) else self.gallery(prefix)

    def gallery(self, prefix: str) -> Node:
        """Return restrictions with a small condition each; about windows, each with a permission of its own.

        Those after the second bind nobody, so that they are decided and yet don't hide what the first two hold.
        """
        thresholds = {name: {"reached-when": self.condition(self.measured, 1)} for name in ("t-1", "t-2")}
        kinds = (self.judged, self.quantity) if self.theme is Theme.WORDS else (self.measured,)
        terms = {
            "large": self.term_document(lambda: self.condition(self.choose.pick(kinds), 1)),
            "grave": self.term_document(lambda: self.condition(lambda: self.leaf(Names(terms=("large",))), 1)),
        }
        names = Names(thresholds=tuple(thresholds), terms=tuple(terms), standards=_STANDARDS)
        restrictions, permissions = {}, {}
        for number in range(1, self.choose.number(2, 5) + 1):
            name = f"{prefix}-{number}"
            restrictions[name] = {"forbids": _EVERYTHING} | stated(
                when=self.small(names),
                until=self.small(names) if self.choose.one_in(3) else None,
                modality="aim" if number > 2 else None,  # noqa: PLR2004 - the first two bind
            )
            if self.theme is Theme.WINDOWS:
                restrictions[name]["when"] = dict(ALWAYS)
                restrictions[name].pop("until", None)
                permissions[f"pass-{number}"] = self.permission(
                    replace(names, standards=_OUTSIDE), name, lifts_only=True
                )
        return {
            "thresholds": thresholds,
            "standards": self.standards(),
            "terms": terms,
            "restrictions": restrictions,
            "permissions": permissions,
        }

    def small(self, names: Names) -> Node:
        """Return a leaf, or its negation, or now and then a few under one connective."""
        if self.choose.one_in(2 if self.theme is Theme.WORDS else 5):
            return self.condition(lambda: self.leaf(names), 1)
        leaf = self.leaf(names)
        return {"not": leaf} if self.choose.one_in(3) else leaf

    def deep(self, prefix: str) -> Node:
        """Return thresholds, standards, terms, restrictions and permissions, each resting on earlier ones alone."""
        thresholds = {"t-1": {"reached-when": self.condition(self.measured)}}
        kinds = (self.quantity, self.measured, self.judged)
        terms = {"large": self.term_document(lambda: self.condition(self.choose.pick(kinds), 1))}
        known = Names(thresholds=("t-1",), terms=("large",))
        if self.theme in (Theme.EVIDENCE, Theme.ALL):
            deeper = lambda: self.named(known) if self.choose.one_in(3) else self.measured()  # noqa: E731 - one line
            thresholds["t-2"] = {"reached-when": self.condition(deeper)}
            known = replace(known, thresholds=("t-1", "t-2"))
        # a permission may replace s-1, so permissions rest on the other standards alone
        outside, inside = replace(known, standards=_OUTSIDE), replace(known, standards=_STANDARDS)
        restrictions, permissions = {}, {}
        if self.theme is Theme.WINDOWS or self.choose.one_in(2):
            permissions["first"] = self.permission(outside, f"{prefix}-1")
            outside, inside = (replace(names, permissions=("first",)) for names in (outside, inside))
        restrictions[f"{prefix}-1"] = self.restriction(inside)
        if self.choose.one_in(2):
            inside = replace(inside, restrictions=(f"{prefix}-1",))
            if self.choose.one_in(2):
                permissions["second"] = self.permission(outside, f"{prefix}-2")
                inside = replace(inside, permissions=tuple(permissions))
            restrictions[f"{prefix}-2"] = self.restriction(inside)
            if self.choose.one_in(2):
                both = (f"{prefix}-1", f"{prefix}-2")
                restrictions[f"{prefix}-3"] = self.restriction(replace(inside, restrictions=both))
        for permission in permissions.values():
            permission.update(_existing(permission, restrictions))
        return {
            "thresholds": thresholds,
            "standards": self.standards(),
            "terms": terms,
            "restrictions": restrictions,
            "permissions": permissions,
        }


def _existing(permission: Mapping[str, Any], restrictions: Mapping[str, Any]) -> Node:
    """Return what a permission lifts, of those restrictions that were drawn."""
    lifted = [name for name in permission.get("lifts", ()) if name in restrictions]
    return {"lifts": lifted} if lifted else {}


def header(name: str, version: str, issuer: str, effective: str) -> Node:
    """Return the head of a policy file."""
    return {
        "interlock": 1,
        "policy": name,
        "version": version,
        "issuer": issuer,
        "title": "A random policy",
        "effective": effective,
        "roles": {role: {"title": role, "side": "developer"} for role in ROLES},
    }


def measure_document(choose: Chooser, theme: Theme, name: str) -> Node:
    """Return a measure of a policy about a theme."""
    return _Drafter(choose=choose, theme=theme).measure(name)


def standards_document(choose: Chooser, theme: Theme) -> dict[str, Node]:
    """Return the standards of a policy about a theme."""
    return _Drafter(choose=choose, theme=theme).standards()


def documents_document(choose: Chooser) -> dict[str, Node]:
    """Return the documents of a policy: mostly one role submits them, and now and then they must have sections."""
    return {
        document: stated(
            submitted_by=None if choose.one_in(4) else "rso",
            sections=choose.some(SECTIONS, 1, 2) if choose.one_in(2) else None,
        )
        for document in DOCUMENTS
    }


def claims_document(choose: Chooser) -> dict[str, Node]:
    """Return the claim of a policy, and to whom it is argued."""
    return {CLAIM: {"title": CLAIM} | stated(argued_to=choose.pick((["rso"], ["rso", "board"], None)))}


def policy_document(
    choose: Chooser,
    theme: Theme,
    *,
    name: str = "scaling",
    version: str = "1",
    issuer: str = ISSUER,
    effective: str = "2025-01-01",
    law: bool = False,
    prefix: str = "hold",
) -> Node:
    """Return a policy as a mapping; `law` gives it an `applies-to`, `prefix` names its restrictions."""
    drafter = _Drafter(choose=choose, theme=theme)
    applies = drafter.condition(choose.pick((drafter.quantity, drafter.judged)), 1) if law else None
    holidays = ["2025-02-17", "2025-04-04"] if choose.one_in(4) else None
    document: Node = {
        **header(name, version, issuer, effective),
        "burden-of-proof": choose.pick(("developer", "challenger")),
        "calendar": stated(time_zone=choose.pick(_TIME_ZONES), holidays=holidays),
        **stated(applies_to=applies),
        "measures": {measure: drafter.measure(measure) for measure in SUITES},
        **drafter.items(prefix),
        "documents": documents_document(choose),
        "claims": claims_document(choose),
    }
    sound: Node = without_scopes_in_scopes(document, document["terms"])
    return sound


def evidence_policy(choose: Chooser) -> Node:
    """Return a policy in which evidence can only hold or rule out, and a ruling-out can only release.

    The developer bears the burden. Thresholds have no negations; each `when` is made of thresholds reached, each
    `until` and each permission of thresholds ruled out.
    """
    drafter = _Drafter(choose=choose, theme=Theme.EVIDENCE)

    def plain(leaf: Callable[[], Node]) -> Node:
        return drafter.condition(leaf, connectives=("all", "any", "at-least"))

    def about(verb: str) -> Callable[[], Node]:
        return lambda: {verb: choose.pick(("t-1", "t-1", "t-2"))}

    restrictions = {
        name: {"forbids": choose.pick(_FORBIDDEN), "when": plain(about("reached"))}
        | stated(until=plain(about("ruled-out")) if choose.one_in(3) else None)
        for name in ("hold-1", "hold-2")[: choose.number(1, 2)]
    }
    permission = {"lifts": ["hold-1"], "when": plain(about("ruled-out"))}
    return {
        **header("scaling", "1", ISSUER, "2025-01-01"),
        "burden-of-proof": "developer",
        "measures": {measure: drafter.measure(measure) for measure in SUITES},
        "thresholds": {name: {"reached-when": plain(drafter.measured_here)} for name in ("t-1", "t-2")},
        "restrictions": restrictions,
        **stated(permissions={"first": permission} if choose.one_in(3) else None),
    }


def policy_documents(choose: Chooser, theme: Theme) -> list[Node]:
    """Return one policy, or two versions of it, or a policy and a law."""
    documents = [policy_document(choose, theme)]
    shape = choose.pick(("one",) * 6 + ("versions", "law"))
    if shape == "versions":
        effective = choose.pick(("2025-01-01", "2025-03-01", "2025-06-01"))
        documents.append(policy_document(choose, theme, version="2", effective=effective))
    if shape == "law":
        documents.append(policy_document(choose, theme, name="act", issuer="State", law=True, prefix="bar"))
    return documents
