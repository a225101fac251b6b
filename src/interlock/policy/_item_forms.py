"""What a policy speaks about, as declarations: roles, measures, thresholds, standards, terms, documents, claims.

For each item its keys, and what is built of them (LANGUAGE 1). What binds is declared in `_commitment_forms`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from interlock.notation import MappingNode, Node, SequenceNode, shown
from interlock.policy._condition_forms import CONDITION, UNDEFINED, read_readings
from interlock.policy._conditions import Comparison, Readings
from interlock.policy._forms import Form, Group, Key, Section, Values
from interlock.policy._leaf_forms import COMPARATORS, COMPARES, FRESHNESS, ROLES, comparison
from interlock.policy._model import (
    Carries,
    Claim,
    Control,
    Disputant,
    Document,
    Measure,
    Role,
    Standard,
    Term,
    Threshold,
    UnitPasses,
)
from interlock.policy._reading import Reading, one_of
from interlock.policy._shapes import CONFIDENCE, IDENTIFIER, LINE, TEXT, Choice, Flag, ListOf, Name, Whole, choice, got
from interlock.terms import HAZARDS

STATISTICS: Final = ("proportion", "rate", "mean", "median", "quantity", "uplift", "time-horizon")
_TIME_HORIZON: Final = "time-horizon"
_TEXTS: Final = ListOf(LINE, least=0)
ROLE_NAMES: Final = ListOf(Name("role"), least=0)

_SIDE: Final = Key(
    "side",
    choice("a side", "developer", "oversight", "independent", "government"),
    required=True,
    says="on whose side it stands, by which its independence is judged",
)
_ROLE_TITLE: Final = Key("title", LINE, says="what it is called; by default its name")
_INTERESTS: Final = Key("interests", _TEXTS, default=(), says="what it has at stake")
ROLE: Final = Form(
    "role",
    (_ROLE_TITLE, _SIDE, _INTERESTS),
    lambda values: Role(
        id=values.id,
        title=values.get(_ROLE_TITLE) or values.id,
        side=values.need(_SIDE),
        interests=values.need(_INTERESTS),
        clause=values.clause,
    ),
    item=True,
)


@dataclass(frozen=True, slots=True)
class _Unit:
    name: str
    cluster: str | None = None


@dataclass(frozen=True, slots=True)
class UnitShape:
    """One observation, by name, or by name and the cluster that it belongs to."""

    words: str = "a name such as `task`, or {task: family} with the name of its cluster"

    def read(self, node: Node, reading: Reading) -> _Unit | None:
        """Return the unit."""
        if not isinstance(node, MappingNode):
            name = LINE.read(node, reading)
            return None if name is None else _Unit(name)
        if len(node.entries) != 1:
            reading.fault(node, "a unit has one name and one cluster", expected=self.words)
            return None
        key, value = node.entries[0]
        name, cluster = LINE.read(key, reading), LINE.read(value, reading)
        return None if name is None or cluster is None else _Unit(name, cluster)


_PASSES: Final = Key("at-least", Whole(1), required=True, says="how many of its tries must pass")
_TRIES: Final = Key("of", Whole(1), required=True, says="how many tries a unit has")


def _unit_passes(values: Values) -> UnitPasses | None:
    at_least, of = values.need(_PASSES), values.need(_TRIES)
    if at_least > of:
        values.fault("at-least", f"`{at_least}` of {of} tries can't pass", expected=f"a whole number from 1 to {of}")
        return None
    return UnitPasses(at_least=at_least, of=of)


_STATISTIC: Final = Key(
    "statistic", choice("a statistic", *STATISTICS), required=True, says="what is estimated from the observations"
)
_AT: Final = Key("at", CONFIDENCE, says="of a time horizon: at which rate of success")
_UNIT: Final = Key("unit", UnitShape(), says="what one observation is")
_UNIT_PASSES_FORM: Final = Form("unit-passes", (_PASSES, _TRIES), _unit_passes)
_UNIT_PASSES: Final = Key("unit-passes", _UNIT_PASSES_FORM, says="when a unit passes")
_SUITE: Final = Key("suite", LINE, required=True, says="the protocol that may speak to this measure")
_ELICITATION: Final = Key("elicitation", _TEXTS, default=(), says="what evidence must declare, or it is under-elicited")
_MEASURE_FRESH: Final = Key("fresh", FRESHNESS, says="how old evidence may be")
_REGISTRATION: Final = Key(
    "pre-registration",
    Choice("a rule of pre-registration", {"noted": False, "required": True}),
    default=False,
    says="whether unregistered evidence can rule out",
)
_CARRIES: Final = Key(
    "carries",
    Choice("a reach", {carries.value: carries for carries in Carries}),
    default=Carries.SAME_MODEL,
    says="how far a ruling-out reaches",
)
_SEQUENTIAL: Final = Key("sequential", Flag(), default=False, says="whether its bounds hold at all looks at once")


def _measure(values: Values) -> Measure | None:
    statistic, at = values.need(_STATISTIC), values.get(_AT)
    if (statistic == _TIME_HORIZON) != (at is not None):
        message = f"the {statistic} `{values.id}` {'has no' if at is None else 'takes no'} `at`"
        place = _STATISTIC.name if at is None else _AT.name
        values.fault(place, message, expected="`at: 50%` beside `statistic: time-horizon`, and with it alone")
        return None
    unit = values.get(_UNIT)
    return Measure(
        id=values.id,
        statistic=statistic,
        unit=unit.name if unit else None,
        cluster=unit.cluster if unit else None,
        at=at,
        unit_passes=values.get(_UNIT_PASSES),
        suite=values.need(_SUITE),
        elicitation=values.need(_ELICITATION),
        fresh=values.get(_MEASURE_FRESH),
        registration_required=values.need(_REGISTRATION),
        carries=values.need(_CARRIES),
        sequential=values.need(_SEQUENTIAL),
        clause=values.clause,
    )


MEASURE: Final = Form(
    "measure",
    (
        _STATISTIC,
        _AT,
        _UNIT,
        _UNIT_PASSES,
        _SUITE,
        _ELICITATION,
        _MEASURE_FRESH,
        _REGISTRATION,
        _CARRIES,
        _SEQUENTIAL,
    ),
    _measure,
    item=True,
)

_HAZARD: Final = Key(
    "hazard", ListOf(choice("a hazard of the ontology", *HAZARDS)), default=(), says="what it is a level of"
)
_REACHED_WHEN: Final = Key("reached-when", CONDITION, required=True, says="the condition under which it is reached")
THRESHOLD: Final = Form(
    "threshold",
    (_HAZARD, _REACHED_WHEN),
    lambda values: Threshold(
        id=values.id,
        hazards=values.need(_HAZARD),
        reached_when=values.need(_REACHED_WHEN),
        clause=values.clause,
    ),
    item=True,
)

_EFFORT_FORM: Final[Form[Comparison]] = Form("effort", COMPARATORS, comparison, groups=(COMPARES,))
_ATTESTED_BY: Final = Key("attested-by", ROLES, required=True, says="who attests that it is in place")
_CONTROL_FRESH: Final = Key("fresh", FRESHNESS, says="how old the attestation may be")
_EFFORT: Final = Key("effort", _EFFORT_FORM, says="the effort that the attestation must state")
_OUTCOME: Final = Key("outcome", LINE, says="the outcome that the attestation must state")
CONTROL: Final = Form(
    "control",
    (_ATTESTED_BY, _CONTROL_FRESH, _EFFORT, _OUTCOME),
    lambda values: Control(
        id=values.id,
        attested_by=values.need(_ATTESTED_BY),
        fresh=values.get(_CONTROL_FRESH),
        effort=values.get(_EFFORT),
        outcome=values.get(_OUTCOME),
        clause=values.clause,
    ),
    item=True,
)

_KIND: Final = Key(
    "kind", choice("a kind of standard", "security", "deployment", "alignment", "governance"), says="what it guards"
)
_CONTROLS: Final = Key(
    "controls", Section("control", CONTROL, least=1), says="the safeguards, each with the attestation it asks for"
)
_OWED_STANDARD: Final = Key("undefined", UNDEFINED.holds, says="that the text still owes the standard")
STANDARD: Final = Form(
    "standard",
    (_KIND, _CONTROLS, _OWED_STANDARD),
    lambda values: Standard(
        id=values.id,
        kind=values.get(_KIND),
        controls=values.get(_CONTROLS) or {},
        undefined=values.get(_OWED_STANDARD),
        clause=values.clause,
    ),
    groups=(Group(("controls", "undefined")),),
    item=True,
)


@dataclass(frozen=True, slots=True)
class TermReadingsShape:
    """The readings of a term, each a condition by its name."""

    words: str = "a mapping from the name of each reading to its condition"

    def read(self, node: Node, reading: Reading) -> Readings | None:
        """Return the readings, under the term's name."""
        if not isinstance(node, MappingNode):
            reading.fault(node, f"this is {got(node)}", expected=self.words)
            return None
        return read_readings(node, reading, name=reading.owner.name, span=node.span)


_DISPUTED_BY: Final = Key("by", LINE, required=True, says="who holds so, and since which day")
_DISPUTED_READING: Final = Key("reading", IDENTIFIER, says="by which of the readings")
_WHERE: Final = Key("where", LINE, required=True, says="where they say so")
_SAYS: Final = Key("says", TEXT, required=True, says="what they say, in the encoder's words")
_DISPUTANT: Final = Form(
    "disputed",
    (_DISPUTED_BY, _DISPUTED_READING, _WHERE, _SAYS),
    lambda values: Disputant(
        by=values.need(_DISPUTED_BY),
        reading=values.get(_DISPUTED_READING),
        where=values.need(_WHERE),
        says=values.need(_SAYS),
    ),
)
_MEANS: Final = Key("means", CONDITION, says="the condition that the words stand for")
_TERM_READINGS: Final = Key("readings", TermReadingsShape(), says="the tests that the text admits")
_RULED_BY: Final = Key("ruled-by", ROLES, says="who may rule between the readings; anyone, where it is left out")
_DISPUTED: Final = Key(
    "disputed", ListOf(_DISPUTANT, distinct=False), default=(), says="who disputes the words, and where"
)


def _term(values: Values) -> Term | None:
    readings, ruled_by, disputed = values.get(_TERM_READINGS), values.get(_RULED_BY), values.need(_DISPUTED)
    if readings is None and ruled_by is not None:
        values.fault(_RULED_BY.name, f"the term `{values.id}` has no readings to rule between", expected="`readings`")
        return None
    if readings is None and disputed:
        message = f"the term `{values.id}` has no readings that could be in dispute"
        values.fault(_DISPUTED.name, message, expected="`readings`")
        return None
    if readings is not None:
        if not _are_readings(values, disputed, readings):
            return None
        readings = replace(readings, ruled_by=ruled_by)
    return Term(id=values.id, means=values.get(_MEANS), readings=readings, disputed=disputed, clause=values.clause)


def _are_readings(values: Values, disputed: Sequence[Disputant], readings: Readings) -> bool:
    """Return whether those who dispute a term hold with readings that it has, after adding a fault for any other."""
    names = [name for name, _ in readings.readings]
    listed = values.node.get(_DISPUTED.name)
    nodes = listed.items if isinstance(listed, SequenceNode) else ()
    unknown = [
        (node.get(_DISPUTED_READING.name) or node, one.reading)
        for node, one in zip(nodes, disputed, strict=False)
        if isinstance(node, MappingNode) and one.reading is not None and one.reading not in names
    ]
    for place, name in unknown:
        message = f"`{shown(name)}` is not a reading of the term `{values.id}`"
        values.reading.fault(place, message, expected=one_of(names), name=name, names=names)
    return not unknown


TERM: Final = Form(
    "term",
    (_MEANS, _TERM_READINGS, _RULED_BY, _DISPUTED),
    _term,
    groups=(Group(("means", "readings")),),
    item=True,
)

_SECTIONS: Final = Key("sections", _TEXTS, default=(), says="the sections it must have")
_SUBMITTED_BY: Final = Key("submitted-by", Name("role"), says="who submits it")
DOCUMENT: Final = Form(
    "document",
    (_SECTIONS, _SUBMITTED_BY),
    lambda values: Document(
        id=values.id,
        sections=values.need(_SECTIONS),
        submitted_by=values.get(_SUBMITTED_BY),
        clause=values.clause,
    ),
    item=True,
)

_CLAIM_TITLE: Final = Key("title", LINE, required=True, says="what is claimed")
_ARGUED_TO: Final = Key("argued-to", ROLE_NAMES, default=(), says="to whom it is argued")
CLAIM: Final = Form(
    "claim",
    (_CLAIM_TITLE, _ARGUED_TO),
    lambda values: Claim(
        id=values.id, title=values.need(_CLAIM_TITLE), argued_to=values.need(_ARGUED_TO), clause=values.clause
    ),
    item=True,
)
