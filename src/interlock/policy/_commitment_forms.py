"""What a policy commits to, as declarations: restrictions, permissions, duties, pledges, goals, amendments.

For each item its keys, and what is built of them (LANGUAGE 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from interlock.notation import MappingNode, Node, shown
from interlock.policy._condition_forms import CONDITION
from interlock.policy._forms import Form, Group, Key, Values
from interlock.policy._item_forms import ROLE_NAMES
from interlock.policy._leaf_forms import ACTION, ROLES
from interlock.policy._model import (
    AmendmentRule,
    Duty,
    Every,
    Extension,
    Goal,
    Permission,
    Pledge,
    Presumption,
    Restriction,
)
from interlock.policy._reading import Reading, Replacement
from interlock.policy._shapes import (
    DAY,
    FACTOR,
    LINE,
    PERIOD,
    Choice,
    Flag,
    ListOf,
    MapOf,
    Name,
    Whole,
    choice,
    scalar,
)

_ACTIONS: Final = ListOf(ACTION)
_FORBIDS: Final = Key("forbids", _ACTIONS, required=True, says="the actions that it holds while it is active")
_WHEN: Final = Key("when", CONDITION, required=True, says="the condition that makes it active")
_UNTIL: Final = Key("until", CONDITION, says="the condition that releases it; without one it never releases by itself")
_PRESUME: Final = Key(
    "presume",
    Choice("a presumption", {presumption.value: presumption for presumption in Presumption}),
    says="how an unknown `when` counts, whatever the policy's burden of proof",
)
_CEASE_WITHIN: Final = Key("cease-within", PERIOD, says="by when an action already going on must cease")
RESTRICTION: Final = Form(
    "restriction",
    (_FORBIDS, _WHEN, _UNTIL, _PRESUME, _CEASE_WITHIN),
    lambda values: Restriction(
        id=values.id,
        forbids=values.need(_FORBIDS),
        when=values.need(_WHEN),
        until=values.get(_UNTIL),
        presume=values.get(_PRESUME),
        cease_within=values.get(_CEASE_WITHIN),
        clause=values.clause,
    ),
    item=True,
)

_STANDARD: Final = Name("standard")
_LIFTS: Final = Key("lifts", ListOf(Name("restriction")), default=(), says="the restrictions that it lifts")


@dataclass(frozen=True, slots=True)
class ReplacementsShape:
    """Standards by those that replace them, kept as what each of them then depends on."""

    words: str = "a mapping from a standard to the one that replaces it"

    def read(self, node: Node, reading: Reading) -> dict[str, str] | None:
        """Return the new standard of each old one."""
        replaced = MapOf(_STANDARD, _STANDARD).read(node, reading)
        if replaced is not None and isinstance(node, MappingNode):
            reading.replacements += [
                Replacement(reading.owner.name, key.text, replaced[key.text], key.span) for key, _ in node.entries
            ]
        return replaced


_REPLACES: Final = Key("replaces", ReplacementsShape(), says="the standards that it replaces, by what")
_PERMITTED_WHEN: Final = Key("when", CONDITION, required=True, says="the condition under which it is in force")
_FOR_AT_MOST: Final = Key("for-at-most", PERIOD, says="how long a window lasts; without it, no limit is stated")
_AT_MOST: Final = Key("at-most", Whole(0), required=True, says="how many times")
_RENEWALS: Final = Key(
    "renewals",
    Form("renewals", (_AT_MOST,), lambda values: values.need(_AT_MOST)),
    says="how often a new window may open; without it, no limit is stated",
)


def _permission(values: Values) -> Permission:
    return Permission(
        id=values.id,
        lifts=values.need(_LIFTS),
        replaces=values.get(_REPLACES) or {},
        when=values.need(_PERMITTED_WHEN),
        for_at_most=values.get(_FOR_AT_MOST),
        renewals=values.get(_RENEWALS),
        clause=values.clause,
    )


PERMISSION: Final = Form(
    "permission",
    (_LIFTS, _REPLACES, _PERMITTED_WHEN, _FOR_AT_MOST, _RENEWALS),
    _permission,
    groups=(Group(("lifts", "replaces"), exactly=False),),
    item=True,
)

_EACH_DOCUMENT: Final = "each document "
_DEVELOPER: Final = "developer"
_ISSUER: Final = "issuer"
_EACH_MODEL: Final = "each model"
_INSTANCES: Final = (_DEVELOPER, _ISSUER, _EACH_MODEL, "each lineage", "each deployment", "each incident")


@dataclass(frozen=True, slots=True)
class InstancesShape:
    """For what a duty has instances."""

    words: str = f"one of: {', '.join(_INSTANCES)}, {_EACH_DOCUMENT}NAME"

    def read(self, node: Node, reading: Reading) -> str | None:
        """Return the words; a document that they name must be defined."""
        found = scalar(node, reading, self.words)
        if found is None or found.text in _INSTANCES:
            return found.text if found else None
        name = found.text.removeprefix(_EACH_DOCUMENT)
        documents = reading.names.get("document", {})
        if name in documents and name != found.text:
            return found.text
        if name == found.text:
            message, names = f"`{shown(name)}` is nothing that a duty has instances for", [*_INSTANCES]
        else:
            message, names = f"`{shown(name)}` is not a document of this policy", [*documents]
        reading.fault(node, message, expected=self.words, name=name, names=names)
        return None


_GROWTH: Final = Key("growth", FACTOR, says="at which growth of effective compute")
_TIME: Final = Key("time", PERIOD, says="after which time")
_WHICHEVER: Final = Key("whichever", choice("an order", "first", "last"), default="first", says="which of both counts")
_ANCHOR: Final = Key(
    "anchor", choice("an anchor", "completion", "schedule"), default="completion", says="from where a period counts"
)
_EVERY_FORM: Final = Form(
    "every",
    (_GROWTH, _TIME, _WHICHEVER, _ANCHOR),
    lambda values: Every(
        growth=values.get(_GROWTH),
        time=values.get(_TIME),
        whichever=values.need(_WHICHEVER),
        anchor=values.need(_ANCHOR),
    ),
    groups=(Group(("growth", "time"), exactly=False),),
)
_BY: Final = Key("by", PERIOD, required=True, says="by how long")
_EXTENDED_WHEN: Final = Key("when", CONDITION, required=True, says="the condition of the extension")
_EXTENSION_FORM: Final = Form(
    "extended",
    (_BY, _EXTENDED_WHEN),
    lambda values: Extension(by=values.need(_BY), when=values.need(_EXTENDED_WHEN)),
)


@dataclass(frozen=True, slots=True)
class _Agreement:
    document: str
    party: str


_AGREED_DOCUMENT: Final = Key("document", Name("document"), required=True, says="the document that says otherwise")
_AGREED_WITH: Final = Key("with", Name("role"), required=True, says="with whom it is agreed")
_AGREEMENT_FORM: Final = Form(
    "or-as-agreed",
    (_AGREED_DOCUMENT, _AGREED_WITH),
    lambda values: _Agreement(values.need(_AGREED_DOCUMENT), values.need(_AGREED_WITH)),
)
_NOTIFIED_DOCUMENT: Final = Key("document", Name("document"), required=True, says="the document that says otherwise")
_NOTIFIED_TO: Final = Key("to", Name("role"), required=True, says="whom it takes to have been notified of it")
_NOTICE_FORM: Final = Form(
    "or-as-notified",
    (_NOTIFIED_DOCUMENT, _NOTIFIED_TO),
    lambda values: _Agreement(values.need(_NOTIFIED_DOCUMENT), values.need(_NOTIFIED_TO)),
)
_OTHERWISE_FORM: Final = Form("otherwise", (_FORBIDS,), lambda values: values.need(_FORBIDS))

_MUST: Final = Key("must", LINE, required=True, says="what must be done")
_FOR: Final = Key("for", InstancesShape(), says="for what it has instances; by default the trigger's subject")
_EVERY: Final = Key("every", _EVERY_FORM, says="how often it comes round")
_DUTY_WHEN: Final = Key("when", CONDITION, says="its trigger")
_WITHIN: Final = Key("within", PERIOD, says="how long there is to do it")
_CLOCK: Final = Key(
    "clock",
    choice("a clock", "event", "discovery", "determination", "awareness", "suspicion"),
    default="event",
    says="from which instant `within` counts",
)
_DONE_WHEN: Final = Key("done-when", CONDITION, says="the condition that completes it")
_EXCUSED_WHEN: Final = Key("excused-when", CONDITION, says="the condition that excuses it while it lasts")
_EXTENDED: Final = Key("extended", _EXTENSION_FORM, says="by how much its due time moves, and when")
_OR_AS_AGREED: Final = Key("or-as-agreed", _AGREEMENT_FORM, says="the agreement that may set another due time")
_OR_AS_NOTIFIED: Final = Key(
    "or-as-notified", _NOTICE_FORM, says="the schedule that sets another due time once somebody is notified of it"
)
_OTHERWISE: Final = Key("otherwise", _OTHERWISE_FORM, default=(), says="what it forbids while it is overdue")


def _duty(values: Values) -> Duty | None:
    agreed, notified = values.get(_OR_AS_AGREED), values.get(_OR_AS_NOTIFIED)
    if agreed and notified:
        message = f"the duty `{values.id}` says both `or-as-agreed` and `or-as-notified`"
        values.fault(_OR_AS_NOTIFIED.name, message, expected="one of them: who may set another due time")
        return None
    if values.get(_EXTENDED) and not (values.get(_WITHIN) or values.get(_EVERY) or agreed or notified):
        message = f"the duty `{values.id}` has no due time that `extended` could move"
        values.fault(_EXTENDED.name, message, expected="`within`, `every` or `or-as-agreed` beside it")
        return None
    return Duty(
        id=values.id,
        must=values.need(_MUST),
        instances=values.get(_FOR),
        every=values.get(_EVERY),
        when=values.get(_DUTY_WHEN),
        within=values.get(_WITHIN),
        clock=values.need(_CLOCK),
        done_when=values.get(_DONE_WHEN),
        excused_when=values.get(_EXCUSED_WHEN),
        extended=values.get(_EXTENDED),
        agreed_document=agreed.document if agreed else None,
        agreed_with=agreed.party if agreed else None,
        notified_document=notified.document if notified else None,
        notified_to=notified.party if notified else None,
        otherwise_forbids=values.need(_OTHERWISE),
        clause=values.clause,
    )


DUTY: Final = Form(
    "duty",
    (
        _MUST,
        _FOR,
        _EVERY,
        _DUTY_WHEN,
        _WITHIN,
        _CLOCK,
        _DONE_WHEN,
        _EXCUSED_WHEN,
        _EXTENDED,
        _OR_AS_AGREED,
        _OR_AS_NOTIFIED,
        _OTHERWISE,
    ),
    _duty,
    groups=(Group(("when", "every"), exactly=False),),
    item=True,
)

_MAINTAIN: Final = Key("maintain", CONDITION, required=True, says="what is kept true")
_MEASURED_EVERY: Final = Key("measured-every", PERIOD, says="how often it is measured")
_PLEDGED_FOR: Final = Key(
    "for",
    choice("anything that a pledge is kept for", _DEVELOPER, _ISSUER, _EACH_MODEL),
    default=_DEVELOPER,
    says="for whom",
)
PLEDGE: Final = Form(
    "pledge",
    (_MAINTAIN, _PLEDGED_FOR, _MEASURED_EVERY),
    lambda values: Pledge(
        id=values.id,
        maintain=values.need(_MAINTAIN),
        instances=values.need(_PLEDGED_FOR),
        measured_every=values.get(_MEASURED_EVERY),
        clause=values.clause,
    ),
    item=True,
)

_GOAL_BY: Final = Key("by", DAY, says="the day by which it is aimed at; without one it is never past its day")
_GRADED_BY: Final = Key("graded-by", Name("role"), says="who grades it")
_REVIEWED_BY: Final = Key("reviewed-by", Name("role"), says="who reviews the grade")
GOAL: Final = Form(
    "goal",
    (_GOAL_BY, _GRADED_BY, _REVIEWED_BY),
    lambda values: Goal(
        id=values.id,
        by=values.get(_GOAL_BY),
        graded_by=values.get(_GRADED_BY),
        reviewed_by=values.get(_REVIEWED_BY),
        clause=values.clause,
    ),
    item=True,
)

_APPROVED_BY: Final = Key("approved-by", ROLES, says="who must approve an amendment")
_CONSULTED: Final = Key("consulted", ROLE_NAMES, default=(), says="who must be consulted")
_PUBLISHED: Final = Key("published", Flag(), default=False, says="whether it must be published")
_NOTICE: Final = Key("notice", PERIOD, says="how long before it comes into force")
AMENDMENTS: Final = Form(
    "amendments",
    (_APPROVED_BY, _CONSULTED, _PUBLISHED, _NOTICE),
    lambda values: AmendmentRule(
        approved_by=values.get(_APPROVED_BY),
        consulted=values.need(_CONSULTED),
        published=values.need(_PUBLISHED),
        notice=values.get(_NOTICE),
        clause=values.clause,
    ),
    item=True,
)
