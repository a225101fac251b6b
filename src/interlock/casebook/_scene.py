"""Scenes: the fewest events that make conditions true or false, to put one bound of a policy to the test.

Everything happens to one model of the issuer. What is once settled (the result of a measure, a quantity, the word of a
role) stays so: a condition that asks for another is not made, and the scene says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from interlock.casebook._amounts import just_above, just_below, result_making
from interlock.casebook._writing import Background, Plain
from interlock.policy import (
    Active,
    AllOf,
    AnyOf,
    Approved,
    Argued,
    AtLeast,
    Attested,
    Comparator,
    Comparison,
    Condition,
    Control,
    Done,
    Elapsed,
    Growth,
    Happened,
    InForce,
    Judged,
    Leaf,
    Measured,
    Meets,
    Not,
    Notified,
    Policy,
    Published,
    QuantityIs,
    Reached,
    Readings,
    Reviewed,
    Roles,
    RuledOut,
    Scope,
    TermHolds,
    condition_text,
)
from interlock.terms import DEPLOYMENT_CLASSES, Period, classes_at_least, format_instant

MODEL: Final = "model-1"
COMPUTE: Final = "effective-compute"
BASE_COMPUTE: Final = "1e25 FLOP"
_DAY: Final = timedelta(days=1)
_OF_MODELS: Final = ("evaluation", "model", "training", "weights")
"""How the kinds of events begin that are about models alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When things happen in scenes: the model is registered, facts come about, questions are asked."""

    opening: datetime
    fact: datetime
    ask: datetime

    @classmethod
    def of(cls, policy: Policy) -> Times:
        """Return the times of a policy's scenes: the first days on which it is in force."""
        opening = policy.calendar.start_of_day(policy.effective) + timedelta(hours=12)
        return cls(opening=opening, fact=opening + _DAY, ask=opening + 2 * _DAY)


def background_of(policy: Policy) -> Background:
    """Return what all scenes of a policy begin with."""
    times = Times.of(policy)
    opened = format_instant(times.opening)
    adopted = format_instant(policy.calendar.start_of_day(policy.effective))
    return Background(
        defaults={"model": MODEL, "as-of": format_instant(times.ask)},
        events=(
            {
                "policy.adopted": {"policy": policy.id, "version": policy.version},
                "occurred": adopted,
                "developer": policy.issuer,
            },
            {"model.registered": {"developer": policy.issuer}, "occurred": opened},
            {"quantity.measured": {"quantity": COMPUTE, "value": BASE_COMPUTE}, "occurred": opened},
        ),
    )


@dataclass(slots=True, kw_only=True)
class Scene:
    """Events so far; `settled` is what they settle, and `trouble` why a condition could not be made.

    `whose` is the developer where its own case is asked about: what needs no model is then said of it.
    """

    policy: Policy
    times: Times
    events: list[Plain] = field(default_factory=list)
    settled: dict[str, object] = field(default_factory=dict)
    trouble: str | None = None
    unmade: str | None = None
    """Why something that was only attempted could not be made."""
    whose: Scope = Scope.THIS

    def add(self, kind: str, data: Plain, at: datetime, *, role: str | None = None, of: Scope = Scope.THIS) -> None:
        """Add an event; the actor of a role is named for it, so that no two roles have one."""
        spoken = {} if role is None else {"role": role, "actor": f"the {role}"}
        whose: Plain = {}
        if of is Scope.THIS and kind.split(".", maxsplit=1)[0] not in _OF_MODELS:
            of = self.whose
        if of is Scope.DEVELOPER:
            whose = {"developer": self.policy.issuer}
        elif of is Scope.WORLD:
            whose = {"world": True}
        self.events.append({kind: data, "occurred": format_instant(at), **spoken, **whose})

    def in_order(self) -> tuple[Plain, ...]:
        """Return the events in the order in which they happen."""
        return tuple(sorted(self.events, key=lambda event: str(event["occurred"])))

    def fail(self, why: str) -> bool:
        """Say why a condition could not be made; return false."""
        self.trouble = self.trouble or why
        return False

    def settle(self, key: str, value: object) -> bool:
        """Return whether `key` is not settled yet, and settle it; a trouble where it is settled otherwise."""
        if key in self.settled:
            if self.settled[key] != value:
                self.fail(f"{key} would have to be two things at once")
            return False
        self.settled[key] = value
        return True

    # Conditions

    def make(self, condition: Condition, *, value: bool) -> bool:
        """Make a condition true or false; return whether that could be done."""
        match condition:
            case AllOf(parts=parts) | AnyOf(parts=parts):
                if value is isinstance(condition, AllOf):
                    return all(self.make(part, value=value) for part in parts)
                return self._one_of(parts, value=value)
            case AtLeast(number=number, parts=parts):
                needed = number if value else len(parts) - number + 1
                made = 0
                for part in parts:
                    made += made < needed and self.attempt(part, value=value)
                return made >= needed or self.fail("not enough parts could be made")
            case Not(part=part):
                return self.make(part, value=not value)
            case Readings(readings=readings):
                return all(self.make(part, value=value) for _, part in readings)
            case Leaf():
                return self._leaf(condition, value=value)

    def _one_of(self, parts: Sequence[Condition], *, value: bool) -> bool:
        return any(self.attempt(part, value=value) for part in parts) or self.fail("no part could be made")

    def attempt(self, part: Condition, *, value: bool) -> bool:
        """Make a part if that can be done, and leave nothing behind where it can't."""
        before = (list(self.events), dict(self.settled), self.trouble)
        if self.make(part, value=value) and self.trouble == before[2]:
            return True
        self.unmade = self.unmade or self.trouble
        self.events, self.settled, self.trouble = before
        return False

    def _leaf(self, leaf: Leaf, *, value: bool) -> bool:
        match leaf:
            case Reached(threshold=name):
                return self.make(self.policy.thresholds[name].reached_when, value=value)
            case RuledOut(threshold=name, ahead=None):
                return self.make(self.policy.thresholds[name].reached_when, value=not value)
            case TermHolds(term=name):
                term = self.policy.terms[name]
                means = term.means or term.readings
                return self.fail("the term has no meaning") if means is None else self.make(means, value=value)
            case Active(restriction=name):
                return self.make(self.policy.restrictions[name].when, value=value)
            case InForce(permission=name):
                return self.make(self.policy.permissions[name].when, value=value)
            case Meets(standard=name):
                return self._standard(name, leaf.of, value=value)
            case _:
                maker = _MAKERS.get(type(leaf))
                if maker is None:
                    return self.fail(f"no events are known that make {condition_text(leaf)} {str(value).lower()}")
                return maker(self, leaf, value) and self.trouble is None

    def _standard(self, name: str, of: Scope, *, value: bool) -> bool:
        standard = self.policy.standards[name]
        if standard.undefined is not None:
            return self.fail(f"standard `{name}` is undefined")
        controls = list(standard.controls.values())
        for control in controls if value else controls[:1]:
            self.control(control, of=of, value=value)
        return self.trouble is None

    # Facts

    def measured(self, leaf: Measured, result: Plain, *, at: datetime | None = None) -> bool:
        """Add an evaluation of the leaf's measure with this result, registered before where that is required."""
        at = at or self.times.fact
        measure = self.policy.measures[leaf.measure]
        if not self.settle(f"measure `{leaf.measure}`", dict(result)):
            return self.trouble is None
        data: dict[str, Any] = {"measure": leaf.measure, "suite": measure.suite}
        if measure.registration_required:
            plan = f"plan-{leaf.measure}"
            self.add("evaluation.planned", {"id": plan, **data}, at - timedelta(hours=1))
            data["plan"] = plan
        data |= {"elicitation": list(measure.elicitation)} if measure.elicitation else {}
        self.add("evaluation.completed", {**data, **result}, at)
        return True

    def quantity(self, leaf: QuantityIs, value: str, *, at: datetime | None = None) -> bool:
        """Add a measurement of the leaf's quantity."""
        if self.settle(f"quantity `{leaf.quantity}` of {leaf.of.value}", value):
            data = {"quantity": leaf.quantity, "value": value}
            self.add("quantity.measured", data, at or self.times.fact, of=leaf.of)
        return self.trouble is None

    def control(
        self,
        control: Control,
        *,
        of: Scope = Scope.THIS,
        value: bool = True,
        effort: str | None = None,
        roles: Roles | None = None,
    ) -> bool:
        """Add the attestations of a control, with the effort and outcome that are asked unless another is given."""
        if not self.settle(f"control `{control.id}`", (value, effort)):
            return self.trouble is None
        data: dict[str, Any] = {"control": control.id, "value": value}
        if control.effort is not None:
            data["effort"] = effort or satisfying(control.effort)
        if control.outcome is not None:
            data["outcome"] = control.outcome
        for role in (roles or control.attested_by).names:
            self.add("control.attested", data, self.times.fact, role=role, of=of)
        return True

    def submitted(self, name: str, of: Scope) -> Plain:
        """Add the submission of a document with all its sections; return what its approvals name."""
        document = self.policy.documents.get(name)
        named = {"document": name, "digest": f"sha256:{name}"[:39]}
        if self.settle(f"document `{name}`", "submitted"):
            sections = {"sections": list(document.sections)} if document is not None and document.sections else {}
            role = None if document is None else document.submitted_by
            at = self.times.fact - timedelta(hours=1)
            self.add("document.submitted", {**named, **sections}, at, role=role, of=of)
        return named


# Leaves over facts


def _measured(scene: Scene, leaf: Measured, value: bool) -> bool:  # noqa: FBT001 - a maker's
    statistic = scene.policy.measures[leaf.measure].statistic
    key = f"measure `{leaf.measure}`"
    found = result_making(leaf, statistic, value=value, settled=scene.settled.get(key))
    return (
        scene.fail(f"no result makes {condition_text(leaf)} {value}") if found is None else scene.measured(leaf, found)
    )


def satisfying(comparison: Comparison, *, value: bool = True) -> str:
    """Return a quantity for which a comparison holds, or does not: its bound, or a millionth beside it."""
    at_bound = comparison.comparator in {Comparator.AT_LEAST, Comparator.AT_MOST}
    if value is at_bound:
        return comparison.bound.text
    upward = comparison.comparator in {Comparator.MORE_THAN, Comparator.AT_MOST}
    return just_above(comparison.bound) if upward else just_below(comparison.bound)


def _quantity(scene: Scene, leaf: QuantityIs, value: bool) -> bool:  # noqa: FBT001
    return scene.quantity(leaf, satisfying(leaf.comparison, value=value))


def _attested(scene: Scene, leaf: Attested, value: bool) -> bool:  # noqa: FBT001
    for control in scene.policy.controls_named(leaf.control)[:1]:
        scene.control(control, of=leaf.of, value=value, roles=leaf.by)
    return scene.trouble is None


def _judged(scene: Scene, leaf: Judged, value: bool) -> bool:  # noqa: FBT001
    for role in leaf.by.names:
        if scene.settle(f"`{leaf.question}` by {role}", value):
            data = {"judged": leaf.question, "value": value}
            scene.add("determination.made", data, scene.times.fact, role=role, of=leaf.of)
    return True


def _argued(scene: Scene, leaf: Argued, value: bool) -> bool:  # noqa: FBT001
    if scene.settle(f"claim `{leaf.claim}`", value):
        claim = scene.policy.claims.get(leaf.claim)
        role = claim.argued_to[0] if claim is not None and claim.argued_to else None
        data = {"claim": leaf.claim, "state": "supported" if value else "defeated"}
        scene.add("claim.assessed", data, scene.times.fact, role=role, of=leaf.of)
    return True


def _approved(scene: Scene, leaf: Approved, value: bool) -> bool:  # noqa: FBT001
    named = scene.submitted(leaf.document, leaf.of)
    for role in leaf.by.names:
        if scene.settle(f"vote of {role} on `{leaf.document}`", value):
            kind = "document.approved" if value else "document.rejected"
            scene.add(kind, named, scene.times.fact, role=role, of=leaf.of)
    return True


def _reviewed(scene: Scene, leaf: Reviewed, value: bool) -> bool:  # noqa: FBT001
    if not value and not leaf.endorses:
        return scene.fail("a review that is not there is open, not false")
    named = scene.submitted(leaf.document, leaf.of)
    for role in leaf.by.names:
        if scene.settle(f"review of {role} of `{leaf.document}`", value):
            data = {**named, "endorses": "yes" if value else "no"}
            scene.add("review.received", data, scene.times.fact, role=role, of=leaf.of)
    return True


def _published(scene: Scene, leaf: Published, value: bool) -> bool:  # noqa: FBT001
    if scene.settle(f"publication of `{leaf.document}`", value) and value:
        publish(scene, leaf, long_before(scene.times.fact, leaf.for_at_least))
    return True


def publish(scene: Scene, leaf: Published, at: datetime, *, covering: date | None = None) -> None:
    """Add the publication of a document with all its sections, and where that is asked the day that it covers.

    By default it covers the time up to its own day.
    """
    stated = {}
    if leaf.coverage_within is not None:
        stated = {"coverage": (covering or scene.policy.calendar.day_of(at)).isoformat()}
    document = scene.policy.documents.get(leaf.document)
    sections = {"sections": list(document.sections)} if document is not None and document.sections else {}
    data = {"document": leaf.document, "digest": f"sha256:{leaf.document}"[:39], **sections, **stated}
    scene.add("document.published", data, at, of=leaf.of)


def long_before(at: datetime, period: Period | None) -> datetime:
    """Return an instant before which a period has passed by `at`, whatever its unit."""
    return at if period is None else at - _LENGTHS.get(period.unit.value, _DAY) * (period.number + 1)


_LENGTHS: Final[Mapping[str, timedelta]] = {
    "week": timedelta(weeks=1),
    "month": timedelta(days=31),
    "year": timedelta(days=366),
    "business day": timedelta(days=7),
}


def _notified(scene: Scene, leaf: Notified, value: bool) -> bool:  # noqa: FBT001
    if scene.settle(f"notice to {leaf.party} of `{leaf.document}`", value) and value:
        scene.add("party.notified", {"party": leaf.party, "document": leaf.document}, scene.times.fact, of=leaf.of)
    return True


def _happened(scene: Scene, leaf: Happened, value: bool) -> bool:  # noqa: FBT001
    if scene.settle(f"event {condition_text(leaf)}", value) and value:
        data = data_of_kind(leaf)
        if data is None:
            return scene.fail(f"no minimal `{leaf.kind}` is known")
        scene.add(leaf.kind, data, scene.times.fact, of=leaf.of)
    return True


def data_of_kind(leaf: Happened) -> Plain | None:
    """Return the least data of an event that the leaf asks for, or None where that is not known."""
    least = _LEAST.get(leaf.kind)
    if least is None:
        return None
    data = {**least, **{name: _typed(text) for name, text in leaf.fields}}
    if leaf.class_at_least is not None:
        asked = classes_at_least(leaf.class_at_least)
        data["class"] = next(one for one in DEPLOYMENT_CLASSES if one in asked)
    return data


def _typed(text: str) -> object:
    return {"true": True, "false": False}.get(text, int(text) if text.isdigit() else text)


_LEAST: Final[Mapping[str, Plain]] = {
    "training.started": {},
    "training.continued": {},
    "training.paused": {},
    "weights.stored": {},
    "weights.deleted": {},
    "weights.shared": {},
    "weights.released": {},
    "model.registered": {},
    "model.deployed": {"class": "deploy.external.public"},
    "model.withdrawn": {"class": "deploy.external.public"},
    "incident.suspected": {"id": "incident-1", "kind": "unknown"},
    "incident.discovered": {"id": "incident-1", "kind": "unknown"},
    "incident.determined": {"id": "incident-1", "kind": "unknown"},
    "competitor.reported": {"what": "something"},
    "permission.invoked": {"permission": "a-permission", "reason": "a reason"},
    "reply.made": {"to": "someone", "text": "something"},
}


def _done(scene: Scene, leaf: Done, value: bool) -> bool:  # noqa: FBT001
    if value and scene.settle(f"duty `{leaf.duty}`", value):
        perform(scene, leaf.duty, scene.times.fact)
    return True


def _elapsed(scene: Scene, leaf: Elapsed, value: bool) -> bool:  # noqa: FBT001
    if scene.settle(f"duty `{leaf.since}`", value):
        perform(scene, leaf.since, long_before(scene.times.fact, leaf.period) if value else scene.times.fact)
    return True


def perform(scene: Scene, duty: str, at: datetime) -> None:
    """Add the performance of a duty by those whose it is."""
    of = Scope.DEVELOPER if scene.policy.duties[duty].instances in {"developer", "issuer"} else Scope.THIS
    scene.add("duty.performed", {"duty": duty}, at, of=of)


def _growth(scene: Scene, leaf: Growth, value: bool) -> bool:  # noqa: FBT001
    if value:
        return scene.fail("growth is made by its own bound alone")
    if scene.settle(f"duty `{leaf.since}`", value):
        perform(scene, leaf.since, scene.times.fact)
    return True


_Maker = Callable[[Scene, Any, bool], bool]
_MAKERS: Final[Mapping[type[Leaf], _Maker]] = {
    Measured: _measured,
    QuantityIs: _quantity,
    Attested: _attested,
    Judged: _judged,
    Argued: _argued,
    Approved: _approved,
    Reviewed: _reviewed,
    Published: _published,
    Notified: _notified,
    Happened: _happened,
    Done: _done,
    Elapsed: _elapsed,
    Growth: _growth,
}
