"""Random policies, as the mappings that a policy file holds: few names, so that their items speak of the same things.

Used by `interlock.testing.strategies`; every mapping drawn here decodes without a fault. Items refer only to items
drawn before them, so that no condition depends on itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from hypothesis import strategies as st

Node = dict[str, Any]
"""A mapping of a policy file."""

ISSUER: Final = "Orrin"
STRANGER: Final = "Brook"
ROLES: Final = ("rso", "ceo", "board")
QUESTIONS: Final = ("danger", "calm")
QUANTITIES: Final = ("training-compute", "effective-compute")
CLAIMS: Final = ("safe",)
DOCUMENTS: Final = ("plan", "report")
CONTROLS: Final = ("badge", "vault", "drill")
OUTCOMES: Final = ("no-exfiltration", "exfiltration")
INCIDENT_KINDS: Final = ("theft", "outage")
SUITES: Final = {"score": "lab/score", "faults": "lab/faults", "grade": "lab/grade"}
PERIODS: Final = ("1 month", "30 days", "3 months", "6 months", "36 hours", "10 business days")
COMPUTES: Final = ("1e25 FLOP", "2e25 FLOP", "4e25 FLOP", "9e25 FLOP")
_FORBIDDEN: Final = (
    ["train"],
    ["deploy"],
    ["train", "deploy.external"],
    ["store", "release-weights"],
    ["deploy.external.public"],
)
_COMPARATORS: Final = ("at-least", "more-than", "at-most", "below")
_TIME_ZONES: Final = ("UTC", "America/New_York", "Asia/Kathmandu")


@dataclass(frozen=True, kw_only=True)
class _Names:
    """What a condition may refer to; `scoped` allows `of:` other than `this`."""

    thresholds: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    restrictions: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()


def _rarely(strategy: st.SearchStrategy[Any], *, otherwise: Any = None, times: int = 3) -> st.SearchStrategy[Any]:
    """Draw from `strategy` about once in `times + 1`."""
    return st.sampled_from([False] * times + [True]).flatmap(lambda yes: strategy if yes else st.just(otherwise))


def _given(**entries: Any) -> Node:
    """Return the entries that aren't None, with `-` for `_` in their keys."""
    return {key.replace("_", "-"): value for key, value in entries.items() if value is not None}


_FRESHNESS = st.one_of(
    st.sampled_from(PERIODS),
    st.fixed_dictionaries({"for": st.sampled_from(PERIODS), "growth": st.sampled_from(["2x", "4x"])}),
    st.fixed_dictionaries({"growth": st.sampled_from(["2x", "4x"])}),
)
_OF = _rarely(st.sampled_from(["lineage", "any-model", "developer", "world"]), times=5)
_BY = st.one_of(
    st.sampled_from(ROLES),
    st.lists(st.sampled_from(ROLES), min_size=1, max_size=2, unique=True),
    st.lists(st.sampled_from(ROLES), min_size=2, max_size=3, unique=True).map(lambda names: {"any-of": names}),
    st.permutations(ROLES).map(lambda names: {"n": 2, "of": list(names)}),
)


@st.composite
def _aged(draw: st.DrawFn, leaf: Node, *, scoped: bool = True) -> Node:
    """Return a leaf, now and then with `of:`, `fresh` or `within-last`."""
    of = draw(_OF) if scoped else None
    fresh = draw(_rarely(_FRESHNESS, times=5))
    last = draw(_rarely(st.sampled_from(PERIODS), times=5))
    return leaf | _given(of=of, fresh=fresh, within_last=last)


@st.composite
def _measured(draw: st.DrawFn) -> Node:
    measure = draw(st.sampled_from(["score", "score", "faults", "grade"]))
    bound = draw(st.sampled_from({"score": ["50%", "30%"], "faults": ["0.5", "0.1"], "grade": ["0.5", "2"]}[measure]))
    comparator = draw(st.sampled_from(_COMPARATORS))
    confidence = draw(st.sampled_from(["95%", "80%", None]))
    return draw(_aged({"measure": measure, comparator: bound} | _given(confidence=confidence)))


@st.composite
def _quantity(draw: st.DrawFn) -> Node:
    comparator, bound = draw(st.sampled_from(_COMPARATORS)), draw(st.sampled_from(COMPUTES))
    return draw(_aged({"quantity": draw(st.sampled_from(QUANTITIES)), comparator: bound}))


@st.composite
def _happened(draw: st.DrawFn) -> Node:
    leaf = draw(
        st.sampled_from(
            [
                {"event": "incident.discovered", "kind": "theft"},
                {"event": "incident.discovered", "kind": "theft", "severity": "high"},
                {"event": "model.deployed", "class-at-least": "deploy.external"},
                {"event": "competitor.reported"},
                {"event": "training.started"},
            ]
        )
    )
    return draw(_aged(leaf))


@st.composite
def _signed(draw: st.DrawFn) -> Node:
    """Return a leaf about what a role says."""
    by = draw(_BY)
    return draw(
        st.one_of(
            _aged({"judged": draw(st.sampled_from(QUESTIONS)), "by": by}),
            _aged({"approved": draw(st.sampled_from(DOCUMENTS)), "by": by}),
            _aged({"attested": draw(st.sampled_from(CONTROLS))} | _given(by=draw(st.sampled_from([by, None])))),
            _aged({"argued": draw(st.sampled_from(CLAIMS))}),
        )
    )


@st.composite
def _noticed(draw: st.DrawFn) -> Node:
    document = draw(st.sampled_from(DOCUMENTS))
    period = draw(_rarely(st.sampled_from(PERIODS), times=1))
    return draw(
        st.one_of(
            _aged({"published": document} | _given(for_at_least=period)),
            _aged({"notified": draw(st.sampled_from(ROLES)), "of": document}, scoped=False),
        )
    )


@st.composite
def _named(draw: st.DrawFn, names: _Names) -> Node:
    """Return a leaf that refers to another item, or a judgement where there is none to refer to."""
    options = [
        *({key: name} for name in names.thresholds for key in ("reached", "ruled-out")),
        *({"meets": name} for name in names.standards),
        *({"term": name} for name in names.terms),
    ]
    states = [
        *({"active": name} for name in names.restrictions),
        *({"in-force": name} for name in names.permissions),
    ]
    if not options and not states:
        return draw(_signed())
    chosen = draw(st.sampled_from([*options, *states]))
    return chosen if chosen in states else draw(_aged(chosen, scoped="reached" in chosen or "ruled-out" in chosen))


def _leaf(names: _Names) -> st.SearchStrategy[Node]:
    return st.one_of(
        _named(names),
        _named(names),
        _signed(),
        _measured(),
        _quantity(),
        _noticed(),
        _happened(),
        _rarely(st.just({"undefined": {"owed": "to be written"}}), otherwise={"judged": "danger", "by": ["rso"]}),
    )


def _condition(leaf: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Return conditions over `leaf`, mostly small."""

    def connected(part: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        parts = st.lists(part, min_size=1, max_size=3)
        return st.one_of(
            parts.map(lambda listed: {"all": listed}),
            parts.map(lambda listed: {"any": listed}),
            part.map(lambda one: {"not": one}),
            st.lists(part, min_size=2, max_size=3).map(lambda listed: {"at-least": {"n": 2, "of": listed}}),
        )

    once = connected(leaf)
    return st.one_of(leaf, leaf, once, connected(st.one_of(leaf, once)))


@st.composite
def _measure(draw: st.DrawFn, name: str) -> Node:
    statistic = {"score": "proportion", "faults": "rate", "grade": "mean"}[name]
    return _given(
        statistic=statistic,
        suite=SUITES[name],
        elicitation=draw(_rarely(st.just(["tools"]))),
        fresh=draw(_rarely(_FRESHNESS, times=1)),
        pre_registration=draw(_rarely(st.just("required"))),
        carries=draw(st.sampled_from([None, "same-model", "to-descendants", "while-fresh"])),
    )


@st.composite
def _control(draw: st.DrawFn) -> Node:
    return _given(
        attested_by=draw(_BY),
        fresh=draw(_rarely(_FRESHNESS, times=1)),
        effort=draw(_rarely(st.just({"at-least": "1000 USD"}))),
        outcome=draw(_rarely(st.just("no-exfiltration"))),
    )


@st.composite
def _standards(draw: st.DrawFn) -> dict[str, Node]:
    first = draw(st.lists(st.sampled_from(CONTROLS), min_size=1, max_size=2, unique=True))
    second = draw(st.lists(st.sampled_from(CONTROLS), min_size=1, max_size=2, unique=True))
    every = {name: draw(_control()) for name in CONTROLS}
    again = {name: draw(_control()) for name in second}
    return {
        "s-1": {"kind": "security", "controls": {name: every[name] for name in first}},
        "s-2": {"kind": "deployment", "controls": again},
        "s-3": {"undefined": {"owed": "to be written"}},
        # so that every control that a condition may name exists
        "s-4": {"kind": "governance", "controls": every},
    }


@st.composite
def _restriction(draw: st.DrawFn, names: _Names, condition: Callable[[_Names], st.SearchStrategy[Node]]) -> Node:
    return _given(
        forbids=draw(st.sampled_from(_FORBIDDEN)),
        when=draw(condition(names)),
        until=draw(_rarely(condition(names), times=1)),
        presume=draw(_rarely(st.sampled_from(["active", "inactive"]))),
        modality=draw(_rarely(st.just("aim"), times=7)),
    )


@st.composite
def _permission(draw: st.DrawFn, names: _Names, lifts: Sequence[str]) -> Node:
    """Return a permission that lifts restrictions or replaces a standard; its `when` must not rest on either."""
    replaces = draw(_rarely(st.just({"s-1": "s-2"}))) if "s-1" not in names.standards else None
    limited = draw(st.booleans())
    return _given(
        lifts=list(lifts) if replaces is None else None,
        replaces=replaces,
        when=draw(_condition(_leaf(names))),
        for_at_most=draw(st.sampled_from(PERIODS)) if limited else None,
        renewals=draw(_rarely(st.sampled_from([{"at-most": 1}, {"at-most": 2}]), times=1)),
    )


@st.composite
def _items(draw: st.DrawFn, prefix: str) -> Node:
    """Return thresholds, standards, terms, restrictions and permissions, each resting on earlier ones alone."""
    base = _Names()
    inner = st.one_of(_measured(), _measured(), _measured(), _signed(), _quantity())
    thresholds = {"t-1": {"reached-when": draw(_condition(_measured()))}}
    terms = {"large": {"means": draw(_condition(st.one_of(_quantity(), _measured(), _happened())))}}
    deeper = st.one_of(inner, _named(replace(base, thresholds=("t-1",), terms=("large",))))
    thresholds |= {name: {"reached-when": draw(_condition(deeper))} for name in ("t-2", "t-3")}
    known = replace(base, thresholds=tuple(thresholds), terms=tuple(terms))
    # a permission may replace s-1, so permissions rest on the others, and restrictions on all
    others, every = ("s-2", "s-3", "s-4"), ("s-1", "s-2", "s-3", "s-4")
    one, two, three = (f"{prefix}-{number}" for number in (1, 2, 3))
    restrictions, permissions = {}, {}
    permissions["first"] = draw(_permission(replace(known, standards=others), [one]))
    restrictions[one] = draw(_restriction(replace(known, standards=every, permissions=("first",)), _of_leaves))
    resting = replace(known, permissions=("first",), standards=others)
    permissions["second"] = draw(_permission(resting, [two]))
    names = replace(known, standards=every, permissions=("first", "second"), restrictions=(one,))
    restrictions[two] = draw(_restriction(names, _of_leaves))
    restrictions[three] = draw(_restriction(replace(names, restrictions=(one, two)), _of_leaves))
    return {
        "thresholds": thresholds,
        "standards": draw(_standards()),
        "terms": terms,
        "restrictions": restrictions,
        "permissions": {name: permissions[name] for name in draw(st.sampled_from([("first", "second")]))},
    }


def _of_leaves(names: _Names) -> st.SearchStrategy[Node]:
    return _condition(_leaf(names))


@st.composite
def policy_document(  # noqa: PLR0913 - the header of a policy file
    draw: st.DrawFn,
    *,
    name: str = "scaling",
    version: str = "1",
    issuer: str = ISSUER,
    effective: str = "2025-01-01",
    law: bool = False,
    prefix: str = "hold",
) -> Node:
    """Return a policy as a mapping; `law` gives it an `applies-to`, `prefix` names its restrictions."""
    applies = draw(_condition(st.one_of(_quantity(), _signed()))) if law else None
    return {
        "interlock": 1,
        "policy": name,
        "version": version,
        "issuer": issuer,
        "title": "A random policy",
        "effective": effective,
        "burden-of-proof": draw(st.sampled_from(["developer", "challenger"])),
        **draw(_calendar()),
        **_given(applies_to=applies),
        "roles": {role: {"title": role, "side": "developer"} for role in ROLES},
        "measures": {name: draw(_measure(name)) for name in SUITES},
        **draw(_items(prefix)),
        "documents": {document: {"submitted-by": "rso"} for document in DOCUMENTS},
        "claims": {claim: {"title": claim, "argued-to": ["rso"]} for claim in CLAIMS},
    }


@st.composite
def _calendar(draw: st.DrawFn) -> Mapping[str, Any]:
    zone = draw(st.sampled_from(_TIME_ZONES))
    holidays = draw(_rarely(st.just(["2025-02-17", "2025-04-04"])))
    return {"calendar": _given(time_zone=zone, holidays=holidays)}


@st.composite
def policy_set(draw: st.DrawFn) -> list[Node]:
    """Return one policy, or two versions of it, or a policy and a law."""
    shape = draw(st.sampled_from(["one", "one", "one", "versions", "law"]))
    documents = [draw(policy_document())]
    if shape == "versions":
        effective = draw(st.sampled_from(["2025-01-01", "2025-03-01", "2025-06-01"]))
        documents.append(draw(policy_document(version="2", effective=effective)))
    if shape == "law":
        documents.append(draw(policy_document(name="act", issuer="State", law=True, prefix="bar")))
    return documents
