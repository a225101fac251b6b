"""Policies as trees of keys and texts, in the order in which the language declares them, defaults left out.

What `decode` reads of them is the same policy, in what its values do not compare too. Positions and the way in which
a file was written are not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Final, cast

from interlock.notation import quoted
from interlock.policy._conditions import Condition, Readings
from interlock.policy._model import (
    AmendmentRule,
    Burden,
    Carries,
    Claim,
    Clause,
    Control,
    Disputant,
    Document,
    Duty,
    Every,
    Extension,
    Goal,
    Measure,
    Permission,
    Pledge,
    Policy,
    Restriction,
    Role,
    Standard,
    Term,
    Threshold,
    Unencoded,
)
from interlock.policy._writing_conditions import (
    comparison_tree,
    condition_tree,
    factor_text,
    freshness_tree,
    roles_tree,
    share_text,
    undefined_tree,
)
from interlock.policy._writing_layout import WIDTH, Notes, Prose, Tree, keys_on_lines, numbered
from interlock.terms import WEEKDAYS, Calendar

_CALENDAR: Final = Calendar()
CONTROLS: Final = "controls"


def policy_text(policy: Policy) -> str:
    """Return the canonical text of a policy, without the comments of its file."""
    return "".join(f"{line}\n" for line in policy_lines(policy_tree(policy), Notes()))


def policy_lines(tree: Mapping[str, Tree], notes: Notes, *, width: int = WIDTH) -> Iterable[str]:
    """Yield the lines of a policy or a part of it: a line for each key of the header, an empty one above a section."""
    begun = False
    for key, value in tree.items():
        apart = key in SECTION_ITEMS
        if begun and (apart or key == "amendments"):
            yield ""
        begun = True
        one = Notes(within={key: notes.at(key)})
        yield from keys_on_lines({key: value}, one, spread=apart, width=width)


def policy_tree(policy: Policy, *, kept: Collection[str] = ()) -> dict[str, Tree]:
    """Return the keys of a policy and what they say; a section maps the names of its items to their keys.

    A key that says no more than the default is left out, unless it is one of those `kept`.
    """
    rule = policy.amendments
    keys: dict[str, Tree] = {
        "interlock": "1",
        "policy": quoted(policy.id),
        "version": Prose(policy.version),
        "issuer": Prose(policy.issuer),
        "title": Prose(policy.title),
        "effective": policy.effective.isoformat(),
        "source": _entries(policy.source, ("title", "url", "retrieved", "sha256")),
        "encoding": _entries(policy.encoding, ("by", "status", "reviewed-by")),
        "unencoded": [_unencoded(one) for one in policy.unencoded],
        "calendar": _calendar(policy.calendar),
        "burden-of-proof": policy.burden.value,
        "applies-to": {} if policy.applies_to is None else condition_tree(policy.applies_to),
        **{key: section(policy) for key, section in SECTION_ITEMS.items()},
        "amendments": {} if rule is None else _amendments(rule),
    }
    # an amendment rule that says nothing is not the same as none
    said = {"amendments"} if rule is not None else set()
    return {
        key: tree
        for key, tree in keys.items()
        if key in kept or key in said or tree not in ([], {}, Burden.DEVELOPER.value) or key in _REQUIRED
    }


_REQUIRED: Final = frozenset({"interlock", "policy", "version", "issuer", "title", "effective"})


def _unencoded(left: Unencoded) -> Tree:
    return _stated({"section": Prose(left.section), "why": Prose(left.why), "clauses": _texts(left.clauses)})


def _stated(keys: Mapping[str, Tree | None]) -> dict[str, Tree]:
    """Return the keys that say something."""
    return {key: tree for key, tree in keys.items() if tree is not None and tree not in ([], {})}


def _condition(condition: Condition | None) -> Tree | None:
    return None if condition is None else condition_tree(condition)


def _prose(text: str | None) -> Tree | None:
    return None if text is None else Prose(text)


def _name(name: str | None) -> Tree | None:
    return None if name is None else quoted(name)


def _written(value: object) -> Tree | None:
    """Return a period, or a number, as it is written."""
    return None if value is None else str(value)


def _names(names: Iterable[str]) -> Tree:
    return [quoted(name) for name in names]


def _texts(texts: Iterable[str]) -> Tree:
    return [Prose(text) for text in texts]


def _entries(stated: Mapping[str, object], keys: Iterable[str]) -> dict[str, Tree]:
    """Return the keys that are there, in order, also those that hold an empty list."""
    entries: dict[str, Tree] = {}
    for key in keys:
        if key in stated:
            value = stated[key]
            entries[key] = _texts(cast("Iterable[str]", value)) if isinstance(value, tuple) else Prose(str(value))
    return entries


def _calendar(calendar: Calendar) -> Tree:
    week = sorted(calendar.business_week)
    return _stated(
        {
            "time-zone": None if calendar.time_zone == _CALENDAR.time_zone else Prose(calendar.time_zone),
            "holidays": [date.isoformat(day) for day in sorted(calendar.holidays)],
            "business-week": None if week == sorted(_CALENDAR.business_week) else [WEEKDAYS[day] for day in week],
        }
    )


def _item(clause: Clause, keys: Mapping[str, Tree | None]) -> dict[str, Tree]:
    """Return the keys of an item, and those that every item may carry."""
    place = {
        "section": _prose(clause.section),
        "page": None if clause.page is None else numbered(clause.page),
        "clauses": _texts(clause.clauses),
        "note": _prose(clause.source_note),
    }
    return _stated(
        {
            **keys,
            "source": _stated(place),
            "note": _prose(clause.note),
            "mark": _prose(clause.mark),
            "modality": None if clause.modality == Clause().modality else clause.modality,
            "binding": None if clause.binding == Clause().binding else clause.binding,
        }
    )


# What a policy speaks about


def _role(role: Role) -> Tree:
    title = None if role.title == role.id else Prose(role.title)
    return _item(role.clause, {"title": title, "side": role.side, "interests": _texts(role.interests)})


def _measure(measure: Measure) -> Tree:
    unit = _prose(measure.unit)
    if measure.unit is not None and measure.cluster is not None:
        unit = {measure.unit: Prose(measure.cluster)}
    passes = measure.unit_passes
    keys: dict[str, Tree | None] = {
        "statistic": measure.statistic,
        "at": None if measure.at is None else share_text(measure.at),
        "unit": unit,
        "unit-passes": None if passes is None else {"at-least": str(passes.at_least), "of": str(passes.of)},
        "suite": Prose(measure.suite),
        "elicitation": _texts(measure.elicitation),
        "fresh": None if measure.fresh is None else freshness_tree(measure.fresh),
        "pre-registration": "required" if measure.registration_required else None,
        "carries": None if measure.carries is Carries.SAME_MODEL else measure.carries.value,
        "sequential": "true" if measure.sequential else None,
    }
    return _item(measure.clause, keys)


def _threshold(threshold: Threshold) -> Tree:
    keys = {"hazard": _names(threshold.hazards), "reached-when": _condition(threshold.reached_when)}
    return _item(threshold.clause, keys)


def _control(control: Control) -> Tree:
    keys: dict[str, Tree | None] = {
        "attested-by": roles_tree(control.attested_by),
        "fresh": None if control.fresh is None else freshness_tree(control.fresh),
        "effort": None if control.effort is None else comparison_tree(control.effort),
        "outcome": _prose(control.outcome),
    }
    return _item(control.clause, keys)


def _standard(standard: Standard) -> Tree:
    keys: dict[str, Tree | None] = {
        "kind": _name(standard.kind),
        CONTROLS: {name: _control(control) for name, control in standard.controls.items()},
        "undefined": None if standard.undefined is None else undefined_tree(standard.undefined),
    }
    return _item(standard.clause, keys)


def _readings(readings: Readings) -> Tree:
    return {name: condition_tree(condition) for name, condition in readings.readings}


def _term(term: Term) -> Tree:
    ruled_by = None if term.readings is None else term.readings.ruled_by
    keys: dict[str, Tree | None] = {
        "means": _condition(term.means),
        "readings": None if term.readings is None else _readings(term.readings),
        "ruled-by": None if ruled_by is None else roles_tree(ruled_by),
        "disputed": [_disputant(one) for one in term.disputed],
    }
    return _item(term.clause, keys)


def _disputant(one: Disputant) -> Tree:
    keys = {"by": Prose(one.by), "reading": _name(one.reading), "where": Prose(one.where), "says": Prose(one.says)}
    return _stated(keys)


def _document(document: Document) -> Tree:
    keys = {"sections": _texts(document.sections), "submitted-by": _name(document.submitted_by)}
    return _item(document.clause, keys)


def _claim(claim: Claim) -> Tree:
    return _item(claim.clause, {"title": Prose(claim.title), "argued-to": _names(claim.argued_to)})


# What a policy commits to


def _restriction(restriction: Restriction) -> Tree:
    keys = {
        "forbids": _names(restriction.forbids),
        "when": condition_tree(restriction.when),
        "until": _condition(restriction.until),
        "presume": None if restriction.presume is None else restriction.presume.value,
        "cease-within": _written(restriction.cease_within),
    }
    return _item(restriction.clause, keys)


def _permission(permission: Permission) -> Tree:
    keys: dict[str, Tree | None] = {
        "lifts": _names(permission.lifts),
        "replaces": {old: quoted(new) for old, new in permission.replaces.items()},
        "when": condition_tree(permission.when),
        "for-at-most": _written(permission.for_at_most),
        "renewals": None if permission.renewals is None else {"at-most": str(permission.renewals)},
    }
    return _item(permission.clause, keys)


def _every(every: Every) -> Tree:
    return _stated(
        {
            "growth": None if every.growth is None else factor_text(every.growth),
            "time": _written(every.time),
            "whichever": None if every.whichever == Every().whichever else every.whichever,
            "anchor": None if every.anchor == Every().anchor else every.anchor,
        }
    )


def _extension(extension: Extension) -> Tree:
    return {"by": str(extension.by), "when": condition_tree(extension.when)}


def _schedule(document: str | None, key: str, role: str | None) -> Tree | None:
    """Return which document may state another due time, and under `key` whose word or notice that takes."""
    return None if document is None or role is None else {"document": quoted(document), key: quoted(role)}


def _duty(duty: Duty) -> Tree:
    keys: dict[str, Tree | None] = {
        "must": Prose(duty.must),
        "for": _name(duty.instances),
        "every": None if duty.every is None else _every(duty.every),
        "when": _condition(duty.when),
        "within": _written(duty.within),
        "clock": None if duty.clock == "event" else duty.clock,
        "done-when": _condition(duty.done_when),
        "excused-when": _condition(duty.excused_when),
        "extended": None if duty.extended is None else _extension(duty.extended),
        "or-as-agreed": _schedule(duty.agreed_document, "with", duty.agreed_with),
        "or-as-notified": _schedule(duty.notified_document, "to", duty.notified_to),
        "otherwise": {"forbids": _names(duty.otherwise_forbids)} if duty.otherwise_forbids else None,
    }
    return _item(duty.clause, keys)


def _pledge(pledge: Pledge) -> Tree:
    keys = {
        "maintain": condition_tree(pledge.maintain),
        "for": None if pledge.instances == "developer" else quoted(pledge.instances),
        "measured-every": _written(pledge.measured_every),
    }
    return _item(pledge.clause, keys)


def _goal(goal: Goal) -> Tree:
    by = None if goal.by is None else goal.by.isoformat()
    return _item(goal.clause, {"by": by, "graded-by": _name(goal.graded_by), "reviewed-by": _name(goal.reviewed_by)})


def _amendments(rule: AmendmentRule) -> Tree:
    keys = {
        "approved-by": None if rule.approved_by is None else roles_tree(rule.approved_by),
        "consulted": _names(rule.consulted),
        "published": "true" if rule.published else None,
        "notice": _written(rule.notice),
    }
    return _item(rule.clause, keys)


SECTION_ITEMS: Final[Mapping[str, Callable[[Policy], Tree]]] = {
    "roles": lambda policy: {name: _role(item) for name, item in policy.roles.items()},
    "measures": lambda policy: {name: _measure(item) for name, item in policy.measures.items()},
    "thresholds": lambda policy: {name: _threshold(item) for name, item in policy.thresholds.items()},
    "standards": lambda policy: {name: _standard(item) for name, item in policy.standards.items()},
    "restrictions": lambda policy: {name: _restriction(item) for name, item in policy.restrictions.items()},
    "permissions": lambda policy: {name: _permission(item) for name, item in policy.permissions.items()},
    "duties": lambda policy: {name: _duty(item) for name, item in policy.duties.items()},
    "pledges": lambda policy: {name: _pledge(item) for name, item in policy.pledges.items()},
    "terms": lambda policy: {name: _term(item) for name, item in policy.terms.items()},
    "documents": lambda policy: {name: _document(item) for name, item in policy.documents.items()},
    "claims": lambda policy: {name: _claim(item) for name, item in policy.claims.items()},
    "goals": lambda policy: {name: _goal(item) for name, item in policy.goals.items()},
}
"""The sections of a policy, in order, and what the items of each say by name."""
