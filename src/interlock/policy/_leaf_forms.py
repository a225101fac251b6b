"""The leaves of conditions as declarations: the key that tells each, the keys beside it, what is built (LANGUAGE 2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Final, TypedDict

from interlock.notation import MappingNode, Node, ScalarNode, Span, shown
from interlock.policy._conditions import (
    Active,
    Approved,
    Argued,
    Attested,
    Comparator,
    Comparison,
    Done,
    Elapsed,
    Freshness,
    Growth,
    Happened,
    InForce,
    Judged,
    Leaf,
    Measured,
    Meets,
    Notified,
    Overdue,
    Published,
    QuantityIs,
    Ratio,
    Reached,
    Reviewed,
    Roles,
    RuledOut,
    Scope,
    TermHolds,
)
from interlock.policy._event_kinds import EVENT_FIELDS, EXTENSION, LISTED_FIELDS, NAMING_FIELDS
from interlock.policy._forms import Form, Group, Key, Values
from interlock.policy._reading import Reading
from interlock.policy._shapes import (
    CONFIDENCE,
    FACTOR,
    IDENTIFIER,
    PERIOD,
    QUANTITY,
    Choice,
    Flag,
    ListOf,
    Name,
    Shape,
    Whole,
    choice,
    got,
    scalar,
)
from interlock.terms import ACTIONS, DEPLOYMENT_CLASSES, PLAIN, Period, PeriodUnit, Quantity, leaf_actions

_FOR: Final = Key("for", PERIOD, says="how long it stays fresh")
_GROWTH_LIMIT: Final = Key("growth", FACTOR, says="up to which growth of effective compute it stays fresh")
_FRESHNESS: Final = Form(
    "fresh",
    (_FOR, _GROWTH_LIMIT),
    lambda values: Freshness(period=values.get(_FOR), growth=values.get(_GROWTH_LIMIT)),
    groups=(Group(("for", "growth"), exactly=False),),
)


@dataclass(frozen=True, slots=True)
class FreshnessShape:
    """A period, or a mapping with a period, a growth of effective compute, or both."""

    words: str = "a period such as `6 months`, or a mapping such as {for: 6 months, growth: 4x}"

    def read(self, node: Node, reading: Reading) -> Freshness | None:
        """Return how old evidence may be."""
        if isinstance(node, MappingNode):
            return _FRESHNESS.read(node, reading)
        period = PERIOD.read(node, reading)
        return None if period is None else Freshness(period=period)


_ROLE: Final = Name("role")
_ROLE_LIST: Final = ListOf(_ROLE)
_ANY_OF: Final = Key("any-of", _ROLE_LIST, says="roles of which one must speak")
_NEEDED: Final = Key("n", Whole(1), says="how many of the roles must speak, as distinct actors")
_OF_ROLES: Final = Key("of", _ROLE_LIST, says="the roles")


def _some_roles(values: Values) -> Roles | None:
    any_of, needed, names = values.get(_ANY_OF), values.get(_NEEDED), values.get(_OF_ROLES)
    if any_of is not None and needed is None and names is None:
        return Roles(names=any_of, needed=1)
    if any_of is not None or needed is None or names is None:
        values.fault("", "this names its roles in no way that is known", expected=ROLES.words)
        return None
    if needed > len(names):
        values.fault("n", f"`{needed}` roles can't speak where {len(names)} are named", expected=f"1 to {len(names)}")
        return None
    return Roles(names=names, needed=needed)


_SOME_ROLES: Final = Form("by", (_ANY_OF, _NEEDED, _OF_ROLES), _some_roles)


@dataclass(frozen=True, slots=True)
class RolesShape:
    """Which roles must speak: one, all of a list, any of a list, or a number of a list."""

    words: str = "a role, a list of roles, {any-of: [roles]} or {n: 2, of: [roles]}"

    def read(self, node: Node, reading: Reading) -> Roles | None:
        """Return the roles."""
        match node:
            case ScalarNode():
                name = _ROLE.read(node, reading)
                return None if name is None else Roles(names=(name,), needed=1)
            case MappingNode():
                return _SOME_ROLES.read(node, reading)
            case _:
                names = _ROLE_LIST.read(node, reading)
                return None if names is None else Roles(names=names, needed=len(names))


FRESHNESS: Final = FreshnessShape()
ROLES: Final = RolesShape()
ACTION: Final = choice("an action of the ontology", *ACTIONS)
DEPLOYMENT: Final = choice(
    "a deployment class or a parent of one",
    *(action for action in ACTIONS if set(leaf_actions(action)) <= set(DEPLOYMENT_CLASSES)),
)
OF: Final = Key("of", Choice("a scope", {scope.value: scope for scope in Scope}), default=Scope.THIS, says="about whom")
FRESH: Final = Key("fresh", FRESHNESS, says="how old what counts may be")
WITHIN_LAST: Final = Key("within-last", PERIOD, says="how long ago what counts may lie")
BY: Final = Key("by", ROLES, required=True, says="who must say so")
COMPARATORS: Final = tuple(
    Key(comparator.value, QUANTITY, says=f"the bound that it is compared with: {comparator.value}")
    for comparator in Comparator
)
COMPARES: Final = Group(tuple(key.name for key in COMPARATORS))


class _Shared(TypedDict):
    of: Scope
    fresh: Freshness | None
    within_last: Period | None
    span: Span


def _shared(values: Values, *, scoped: bool = True) -> _Shared:
    return _Shared(
        of=values.need(OF) if scoped else Scope.THIS,
        fresh=values.get(FRESH),
        within_last=values.get(WITHIN_LAST),
        span=values.node.span,
    )


def comparison(values: Values) -> Comparison:
    """Return the one comparison that a form with `COMPARES` among its groups states."""
    key = next(key for key in COMPARATORS if values.get(key) is not None)
    return Comparison(comparator=Comparator(key.name), bound=values.need(key))


_THRESHOLD: Final = Name("threshold")
_REACHED: Final = Key("reached", _THRESHOLD, required=True, says="the threshold whose condition is true")
_RULED_OUT: Final = Key("ruled-out", _THRESHOLD, required=True, says="the threshold whose condition is false")
_AHEAD: Final = Key("ahead", FACTOR, says="by which margin of effective compute")
_MEASURE: Final = Key("measure", Name("measure"), required=True, says="the measure compared")
_CONFIDENCE: Final = Key("confidence", CONFIDENCE, says="at which one-sided confidence; without it, the observed value")
_QUANTITY: Final = Key("quantity", IDENTIFIER, required=True, says="the quantity compared")
_SINCE: Final = Key("since", Name("duty", aspect="completion"), required=True, says="the duty last completed then")
_GROWTH: Final = Key("growth", IDENTIFIER, required=True, says="the quantity whose growth is compared")
_AGAINST: Final = Key(
    "against",
    choice("what growth is measured against", "this", "most-capable-assessed"),
    default="this",
    says="the model whose value it is compared with",
)
_ELAPSED: Final = Key("elapsed", PERIOD, required=True, says="how long it must have been")
_RATIO: Final = Key("ratio", IDENTIFIER, required=True, says="the quantity compared with that of another model")
_TO_ANY: Final = Key(
    "to-any", Name("term"), required=True, says="the term that holds of the other models compared with"
)
_MEETS: Final = Key("meets", Name("standard"), required=True, says="the standard whose controls are in place")
_ATTESTED: Final = Key("attested", Name("control"), required=True, says="the control attested")
_BY_DEFAULT: Final = Key("by", ROLES, says="by whom; by default those that the control names")
_JUDGED: Final = Key("judged", IDENTIFIER, required=True, says="the question answered yes")
_ARGUED: Final = Key("argued", Name("claim"), required=True, says="the claim that is supported")
_APPROVED: Final = Key("approved", Name("document"), required=True, says="the document approved")
_REVIEWED: Final = Key("reviewed", Name("document"), required=True, says="the document reviewed")
_ENDORSED: Final = Key("endorsed", Name("document"), required=True, says="the document that its reviews endorse")
_PUBLISHED: Final = Key("published", Name("document"), required=True, says="the document published")
_FOR_AT_LEAST: Final = Key("for-at-least", PERIOD, says="how long it has been public")
_COVERAGE_WITHIN: Final = Key(
    "coverage-within", PERIOD, says="how long before its publication the last day may lie that it covers"
)
_SHORTER_THAN_DAYS: Final = frozenset({PeriodUnit.SECOND, PeriodUnit.MINUTE, PeriodUnit.HOUR})
_NOTIFIED: Final = Key("notified", Name("role"), required=True, says="the party notified")
_OF_DOCUMENT: Final = Key("of", Name("document"), required=True, says="of which document")
_LATEST: Final = Key("latest", Flag(), default=False, says="whether the notice must be of the latest submission")
_DONE: Final = Key("done", Name("duty"), required=True, says="the duty that is done")
_OVERDUE: Final = Key("overdue", Name("duty"), required=True, says="the duty that is overdue")
_ACTIVE: Final = Key("active", Name("restriction"), required=True, says="the restriction that is active")
_IN_FORCE: Final = Key("in-force", Name("permission"), required=True, says="the permission that is in force")
_TERM: Final = Key("term", Name("term"), required=True, says="the term that applies")


@dataclass(frozen=True, slots=True)
class _Fit:
    """Which bounds fit a statistic: the dimensions, the range, and the words for both."""

    dimensions: frozenset[str]
    words: str
    lower: Fraction | None = None
    upper: Fraction | None = None

    def takes(self, bound: Quantity) -> bool:
        return (
            bound.dimension in self.dimensions
            and (self.lower is None or bound.magnitude >= self.lower)
            and (self.upper is None or bound.magnitude <= self.upper)
        )


_FITS: Final[Mapping[str, _Fit]] = {
    "proportion": _Fit(frozenset({"share"}), "a share from 0% to 100%, such as `50%`", Fraction(0), Fraction(1)),
    "rate": _Fit(frozenset({PLAIN}), "a number of at least 0, such as `0.01`", Fraction(0)),
    "uplift": _Fit(frozenset({PLAIN, "share", "factor"}), "a factor, a share or a number, such as `2x`"),
    "time-horizon": _Fit(frozenset({"time"}), "a length of time, such as `8 hours`", Fraction(0)),
}


def _measured(values: Values) -> Leaf | None:
    measure, compared = values.need(_MEASURE), comparison(values)
    statistic = values.reading.statistics.get(measure, "")
    fit = _FITS.get(statistic)
    if fit is not None and not fit.takes(compared.bound):
        article = f"the {statistic} `{measure}`"
        message = f"`{shown(compared.bound.text)}` does not fit {article}"
        values.fault(compared.comparator.value, message, expected=fit.words)
        return None
    return Measured(measure=measure, comparison=compared, confidence=values.get(_CONFIDENCE), **_shared(values))


def _factor(values: Values, what: str) -> Comparison | None:
    compared = comparison(values)
    if compared.bound.dimension == "factor" and compared.bound.magnitude > 0:
        return compared
    message = f"`{shown(compared.bound.text)}` does not fit {what}"
    values.fault(compared.comparator.value, message, expected="a factor such as `4x`")
    return None


def _ratio(values: Values) -> Leaf | None:
    compared = _factor(values, "a ratio")
    if compared is None:
        return None
    return Ratio(
        quantity=values.need(_RATIO),
        term=values.need(_TO_ANY),
        comparison=compared,
        **_shared(values, scoped=False),
    )


def _growth(values: Values) -> Leaf | None:
    compared = _factor(values, "growth")
    if compared is None:
        return None
    return Growth(
        quantity=values.need(_GROWTH),
        since=values.need(_SINCE),
        comparison=compared,
        against=values.need(_AGAINST),
        **_shared(values),
    )


def _published(values: Values) -> Leaf | None:
    within = values.get(_COVERAGE_WITHIN)
    if within is not None and within.unit in _SHORTER_THAN_DAYS:
        message = f"`{within}` is not counted in days, as what a document covers is"
        values.fault(_COVERAGE_WITHIN.name, message, expected="days or longer, such as `30 days`")
        return None
    return Published(
        document=values.need(_PUBLISHED),
        for_at_least=values.get(_FOR_AT_LEAST),
        coverage_within=within,
        **_shared(values),
    )


def _leaf(
    *keys: Key[object],
    build: Callable[[Values], Leaf | None],
    groups: tuple[Group, ...] = (),
    scoped: bool = True,
) -> Form[Leaf]:
    """Declare a leaf by the key that tells it, which comes first, and the keys beside it."""
    return Form(keys[0].name, (*keys, *((OF,) if scoped else ()), FRESH, WITHIN_LAST), build, groups=groups)


_LEAVES: Final = (
    _leaf(_REACHED, build=lambda v: Reached(threshold=v.need(_REACHED), **_shared(v))),
    _leaf(
        _RULED_OUT,
        _AHEAD,
        build=lambda v: RuledOut(threshold=v.need(_RULED_OUT), ahead=v.get(_AHEAD), **_shared(v)),
    ),
    _leaf(_MEASURE, *COMPARATORS, _CONFIDENCE, groups=(COMPARES,), build=_measured),
    _leaf(
        _QUANTITY,
        *COMPARATORS,
        groups=(COMPARES,),
        build=lambda v: QuantityIs(quantity=v.need(_QUANTITY), comparison=comparison(v), **_shared(v)),
    ),
    _leaf(_GROWTH, _SINCE, *COMPARATORS, _AGAINST, groups=(COMPARES,), build=_growth),
    _leaf(_RATIO, _TO_ANY, *COMPARATORS, groups=(COMPARES,), scoped=False, build=_ratio),
    _leaf(_ELAPSED, _SINCE, build=lambda v: Elapsed(period=v.need(_ELAPSED), since=v.need(_SINCE), **_shared(v))),
    _leaf(_MEETS, build=lambda v: Meets(standard=v.need(_MEETS), **_shared(v))),
    _leaf(
        _ATTESTED,
        _BY_DEFAULT,
        build=lambda v: Attested(control=v.need(_ATTESTED), by=v.get(_BY_DEFAULT), **_shared(v)),
    ),
    _leaf(_JUDGED, BY, build=lambda v: Judged(question=v.need(_JUDGED), by=v.need(BY), **_shared(v))),
    _leaf(_ARGUED, build=lambda v: Argued(claim=v.need(_ARGUED), **_shared(v))),
    _leaf(_APPROVED, BY, build=lambda v: Approved(document=v.need(_APPROVED), by=v.need(BY), **_shared(v))),
    _leaf(_REVIEWED, BY, build=lambda v: Reviewed(document=v.need(_REVIEWED), by=v.need(BY), **_shared(v))),
    _leaf(
        _ENDORSED,
        BY,
        build=lambda v: Reviewed(document=v.need(_ENDORSED), by=v.need(BY), endorses=True, **_shared(v)),
    ),
    _leaf(
        _PUBLISHED,
        _FOR_AT_LEAST,
        _COVERAGE_WITHIN,
        build=_published,
    ),
    _leaf(
        _NOTIFIED,
        _OF_DOCUMENT,
        _LATEST,
        scoped=False,
        build=lambda v: Notified(
            party=v.need(_NOTIFIED), document=v.need(_OF_DOCUMENT), latest=v.need(_LATEST), **_shared(v, scoped=False)
        ),
    ),
    _leaf(_DONE, build=lambda v: Done(duty=v.need(_DONE), **_shared(v))),
    _leaf(_OVERDUE, build=lambda v: Overdue(duty=v.need(_OVERDUE), **_shared(v))),
    _leaf(_ACTIVE, build=lambda v: Active(restriction=v.need(_ACTIVE), **_shared(v))),
    _leaf(_IN_FORCE, build=lambda v: InForce(permission=v.need(_IN_FORCE), **_shared(v))),
    _leaf(_TERM, build=lambda v: TermHolds(term=v.need(_TERM), **_shared(v))),
)

_EVENT: Final = Key(
    "event",
    choice("a kind of event", *EVENT_FIELDS),
    required=True,
    says="the kind of the event; the keys beside it are fields of that kind, which must match",
)
_CLASS_AT_LEAST: Final = Key("class-at-least", DEPLOYMENT, says="the lowest deployment class that counts")
_CLASS: Final = "class"
_EVENT_CLASS: Final = choice("a deployment class", *DEPLOYMENT_CLASSES)


@dataclass(frozen=True, slots=True)
class FieldText:
    """The value of an event's field as it is written: text, number or truth value."""

    words: str = "one value, as the event states it"

    def read(self, node: Node, reading: Reading) -> str | None:
        """Return the value's text."""
        found = scalar(node, reading, self.words)
        return None if found is None else found.text


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A field that holds a list or a mapping, which no condition can match."""

    words: str = "a field that holds one value"

    def read(self, node: Node, reading: Reading) -> None:
        """Add the fault."""
        message = "this field holds a list or a mapping, which can't be matched with one value"
        reading.fault(node, message, expected=self.words)


def _field_shape(name: str) -> Shape[str]:
    if name in LISTED_FIELDS:
        return Unmatched()
    if name == _CLASS:
        return _EVENT_CLASS
    kind = NAMING_FIELDS.get(name)
    return FieldText() if kind is None else Name(kind, recorded=False)


@dataclass(frozen=True, slots=True)
class EventShape:
    """`{event: KIND, …}`: some event of the kind whose fields match; the other keys are fields of that kind."""

    words: str = "a mapping such as {event: model.deployed, class-at-least: deploy.external}"

    def read(self, node: Node, reading: Reading) -> Leaf | None:
        """Return the leaf; fields that the kind does not have are faults."""
        if not isinstance(node, MappingNode):
            reading.fault(node, f"this is {got(node)}", expected=self.words)
            return None
        kind_node = node.get(_EVENT.name)
        kind = None if kind_node is None else _EVENT.holds.read(kind_node, reading)
        if kind is None:
            return None
        form = _event_form(kind)
        return form.read(node, reading)


@cache
def _event_form(kind: str) -> Form[Leaf]:
    """Return the form of a condition on events of `kind`, whose keys are that kind's fields."""
    fields = tuple(
        Key(name, _field_shape(name), says=f"the field `{name}` of the event") for name in EVENT_FIELDS[kind]
    )
    classes = (_CLASS_AT_LEAST,) if _CLASS in EVENT_FIELDS[kind] else ()

    def build(values: Values) -> Leaf:
        return Happened(
            kind=kind,
            fields=tuple(
                (key.text, str(values.read[key.text]))
                for key, _ in values.node.entries
                if key.text in EVENT_FIELDS[kind] or key.text.startswith(EXTENSION)
            ),
            class_at_least=values.get(_CLASS_AT_LEAST),
            **_shared(values),
        )

    return Form(
        _EVENT.name,
        (_EVENT, *fields, *classes, OF, FRESH, WITHIN_LAST),
        build,
        open_keys=Key(EXTENSION, FieldText(), says="a field that any kind may carry"),
    )


LEAF_FORMS: Final[Mapping[str, Shape[Leaf]]] = {form.noun: form for form in _LEAVES} | {_EVENT.name: EventShape()}
"""The leaves by the key that tells each, `undefined` apart, which holds a condition itself."""
LEAF_KEYS: Final[frozenset[str]] = frozenset(
    {name for form in _LEAVES for name in form.declared} | {_CLASS_AT_LEAST.name}
)
"""Every key of a leaf."""
