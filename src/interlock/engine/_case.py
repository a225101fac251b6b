"""The case: what leaves, restrictions and permissions come to for one model, at one time, by what is known.

A case reads what had happened by then (observe) and folds conditions by the tracing algebra; it changes nothing. What
leaves come to is remembered by its timeline, which knows for how long they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from interlock.engine import _leaves
from interlock.engine._combination import MeasuredQuestion, Use, combine
from interlock.engine._errors import Refused
from interlock.engine._freshness import Clock
from interlock.engine._item_standings import PermissionStanding, RestrictionStanding
from interlock.engine._leaves import Limits
from interlock.engine._observers import (
    ABOUT_EVALUATIONS,
    DEPENDENT,
    LOOKING_AT_ALL,
    OBSERVERS,
    OF_FACTS,
    SPANNING,
    WITHOUT_MODEL,
    Asked,
    changing_also,
)
from interlock.engine._places import Path, path_to
from interlock.engine._reading import GROWTH, INCIDENT_KINDS, REGISTRATION, duty_restrictions, leaf_topics
from interlock.engine._rulings import readings_node, ruling_on
from interlock.engine._state import WORLD, Model, SubjectKey, View
from interlock.engine._trace import Node, Tracing, earliest, parent_node
from interlock.engine._windows import Window
from interlock.policy import (
    Condition,
    Control,
    Leaf,
    Measured,
    Permission,
    Policy,
    Presumption,
    Reached,
    Restriction,
    RuledOut,
    Scope,
    fold,
)
from interlock.record import Topic
from interlock.terms import Quantity, Truth, all_of, any_of

if TYPE_CHECKING:
    from interlock.engine._timeline import Timeline


@dataclass(slots=True, kw_only=True)
class Case:
    """What is so for a model at `at`.

    For what-if readings `windows` replaces windows of permissions, `presumed` how unknown restrictions count, and
    `assumed` the values of leaves, by their words; a permission with windows is then in force where its condition
    holds and a window could be had.
    """

    policy: Policy
    view: View
    model: Model
    weights: str | None
    ships: bool
    at: datetime
    timeline: Timeline
    at_compute: Quantity | None = None
    windows: Mapping[str, Window] = field(default_factory=dict)
    presumed: Mapping[str, bool] = field(default_factory=dict)
    assumed: Mapping[str, Truth] = field(default_factory=dict)
    rulings: Mapping[str, str] = field(default_factory=dict)
    """Readings that are assumed to be ruled, by the name of the disputed text."""
    earlier: Case | None = None
    path: Path = field(init=False)
    clock: Clock = field(init=False)
    own: tuple[SubjectKey, ...] = field(init=False)
    memo: dict[tuple[Any, ...], Node] = field(default_factory=dict)
    restrictions: dict[str, RestrictionStanding] = field(default_factory=dict)
    permissions: dict[str, PermissionStanding] = field(default_factory=dict)
    others: dict[str, Case] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find the path of checkpoints, whose facts are the model's own, and set the clock."""
        self.own = (("model", self.model.id), ("developer", self.developer), WORLD)
        self.path = path_to(self.view, self.model, self.weights)
        self.clock = Clock(
            view=self.view,
            path=self.path,
            calendar=self.policy.calendar,
            issuer=self.policy.issuer,
            at=self.at,
            at_compute=self.at_compute,
        )

    def read(self, **changes: Any) -> Case:
        """Return this case with some of its particulars changed."""
        return Case(
            policy=self.policy,
            view=self.view,
            model=self.model,
            weights=self.weights,
            ships=self.ships,
            at=self.at,
            timeline=self.timeline,
            at_compute=changes.get("at_compute", self.at_compute),
            windows=changes.get("windows", self.windows),
            presumed=changes.get("presumed", self.presumed),
            assumed=changes.get("assumed", self.assumed),
            rulings=changes.get("rulings", self.rulings),
            earlier=changes.get("earlier"),
        )

    def later(self, at: datetime) -> Case:
        """Return the case at a later instant, read as this one is."""
        case = self.timeline.case(at)
        if not (self.at_compute or self.windows or self.is_hypothetical):
            return case
        return case.read(
            at_compute=self.at_compute,
            windows=self.windows,
            presumed=self.presumed,
            assumed=self.assumed,
            rulings=self.rulings,
        )

    @property
    def whole(self) -> Case:
        """The case with all that has happened, where this one sees only what concerns one deployment or the like."""
        if self.timeline.keeps is None:
            return self
        applied = self.timeline.applied
        if not self.model.id:
            return applied.of_developer(self.developer).case(self.at)
        return applied.timeline(self.model.id, self.weights, ships=self.ships).case(self.at)

    @property
    def is_hypothetical(self) -> bool:
        """Whether the case is read otherwise than as it is."""
        return bool(self.presumed or self.assumed) or self.rulings is not self.timeline.applied.rulings

    @property
    def developer(self) -> str:
        """The developer of the model: as registered, else the issuer of the policy."""
        return self.model.developer or self.policy.issuer

    def subjects(self, scope: Scope) -> tuple[SubjectKey, ...]:
        """Return whose facts a leaf of that scope counts."""
        match scope:
            case Scope.THIS:
                return self.own
            case Scope.DEVELOPER:
                return (("developer", self.developer),)
            case Scope.WORLD:
                return (WORLD,)
            case _:
                models = (("model", model.id) for model in self.models(scope))
                return (*models, ("developer", self.developer), WORLD)

    def onlookers(self, scope: Scope, kind: str = "") -> tuple[SubjectKey, ...]:
        """Return whose events a leaf looks at that asks whether something happened, was published or notified.

        A developer's own case looks at the events of its models as well, and that of an incident at all reports of it.
        """
        is_report = self.timeline.of_incident and kind in INCIDENT_KINDS
        if scope is Scope.THIS and (is_report or not self.model.id):
            applied = self.timeline.applied
            its = (name for name in applied.models() if applied.developer_of(name) == self.developer)
            return (*self.own, *(("model", name) for name in its))
        return self.subjects(scope)

    def models(self, scope: Scope) -> list[Model]:
        """Return the models that a scope spans: the lineage, or all of the developer's."""
        known = self.view.registered()
        if scope is Scope.ANY_MODEL:
            return [model for model in known if (model.developer or self.policy.issuer) == self.developer]
        ancestors = {model.id for model in self.path.models}
        descendants = [model for model in known if model.id not in ancestors and self._descends(model)]
        return [*self.path.models, *descendants]

    def _descends(self, model: Model) -> bool:
        return any(forebear.id == self.model.id for forebear in path_to(self.view, model, None).models)

    def about(self, model: Model) -> Case:
        """Return the case of another model at its newest checkpoint, at the same time."""
        if model.id == self.model.id:
            return self
        if model.id not in self.others:
            other = self.timeline.applied.newest(model.id, ships=self.ships).case(self.at)
            self.others[model.id] = other.read(presumed=self.presumed, assumed=self.assumed, rulings=self.rulings)
        return self.others[model.id]

    # Conditions

    def condition(
        self,
        condition: Condition,
        use: Use,
        *,
        positive: bool = True,
        limits: Limits = (),
        ahead: Fraction | None = None,
    ) -> Node:
        """Return the condition's node, its measured leaves used as `use` says."""
        return fold(
            condition,
            self.tracing(use, limits=limits, ahead=ahead),
            positive=positive,
        )

    def tracing(self, use: Use, *, limits: Limits, ahead: Fraction | None) -> Tracing:
        """Return the algebra that decides in this case, with measured leaves used as `use` says."""
        return Tracing(
            lambda leaf, positive: self.leaf(leaf, use, positive=positive, limits=limits, ahead=ahead),
            lambda readings, parts: readings_node(readings, parts, ruling_on(self, readings)),
        )

    def leaf(self, leaf: Leaf, use: Use, *, positive: bool, limits: Limits, ahead: Fraction | None = None) -> Node:
        """Return the leaf's node, observed once for each use."""
        key = (id(leaf), limits) if type(leaf) in OF_FACTS else (id(leaf), use, positive, limits, ahead)
        node = self.memo.get(key)
        if node is None:
            node = self._remembered(
                key,
                leaf,
                limits,
                lambda: self._observe(leaf, use, positive=positive, limits=limits, ahead=ahead),
            )
            self.memo[key] = node = self._as_assumed(node)
        return node

    def _as_assumed(self, node: Node) -> Node:
        value = self.assumed.get(node.condition) if self.assumed else None
        return node if value is None else replace(node, value=value)

    def _remembered(self, key: tuple[Any, ...], leaf: Leaf, limits: Limits, observe: Callable[[], Node]) -> Node:
        """Return the node as the timeline remembers it, or observe it for the timeline to remember.

        What depends on other items is put together from them each time; what grows with compute is not remembered for
        another compute than the recorded one.
        """
        if isinstance(leaf, DEPENDENT):
            return observe()
        return self._tracked(key, leaf_topics(self.policy, leaf), limits, observe)

    def _tracked(
        self, key: tuple[Any, ...], topics: frozenset[Topic], limits: Limits, observe: Callable[[], Node]
    ) -> Node:
        if any(limit is not None and limit.growth is not None for limit in limits):
            topics |= {GROWTH}
        if self.timeline.fleeting or (self.at_compute is not None and GROWTH in topics):
            return observe()
        track = self.timeline.track(key, topics)
        node = track.at(self.at)
        if node is None:
            node = observe()
            track.note(self.at, node)
        return node

    def _lasts(self, observed: Node | RestrictionStanding | PermissionStanding) -> bool:
        """Return whether nothing about what was observed can have changed by now, nor by the compute asked about."""
        level = observed.changes_at_compute
        if self.at_compute is not None and level is not None and level <= self.at_compute.magnitude:
            return False
        return observed.changes_at is None or observed.changes_at > self.at

    def _observe(self, leaf: Leaf, use: Use, *, positive: bool, limits: Limits, ahead: Fraction | None) -> Node:
        if leaf.of in WITHOUT_MODEL and isinstance(leaf, ABOUT_EVALUATIONS):
            return Node(about=leaf, value=Truth.UNKNOWN, reason="missing", who=("evaluator",))
        if leaf.of is Scope.LINEAGE and not self.model.id and not isinstance(leaf, LOOKING_AT_ALL):
            # A developer has no lineage.
            return Node(about=leaf, value=Truth.UNKNOWN, reason="missing", who=("developer",))
        asked = Asked(use=use, positive=positive, limits=limits, ahead=ahead)
        if leaf.of in SPANNING and not isinstance(leaf, LOOKING_AT_ALL):
            return self._over_models(leaf, asked)
        return OBSERVERS[type(leaf)](self, leaf, asked)

    def _over_models(self, leaf: Leaf, asked: Asked) -> Node:
        cases = [self.about(model) for model in self.models(leaf.of)]
        if not cases:
            return Node(about=leaf, value=Truth.UNKNOWN, reason="missing", who=("developer",))
        nodes = [OBSERVERS[type(leaf)](case, leaf, asked) for case in cases]
        # Levels of another model's compute are none of this one's.
        nodes = [
            node if case is self else replace(node, changes_at_compute=None)
            for case, node in zip(cases, nodes, strict=True)
        ]
        value = all_of(n.value for n in nodes) if isinstance(leaf, RuledOut) else any_of(n.value for n in nodes)
        return parent_node(leaf, value, nodes)

    # Items

    def restriction(self, name: str) -> RestrictionStanding:
        """Return the restriction's standing."""
        standing = self.restrictions.get(name)
        if standing is None:
            standing = self._standing_before(name) or self._restriction(restriction_named(self.policy, name))
            self.restrictions[name] = standing
        return standing

    def _standing_before(self, name: str) -> RestrictionStanding | None:
        """Return the standing of the earlier case, if nothing it depends on can have changed since."""
        if self.earlier is None or self.is_hypothetical or self.earlier.is_hypothetical:
            return None
        standing = self.earlier.restrictions.get(name)
        if standing is None or not self._lasts(standing):
            return None
        return standing if all(self.permission(p.permission.id) is p for p in standing.lifts) else None

    def _restriction(self, restriction: Restriction) -> RestrictionStanding:
        when = self.condition(restriction.when, Use.RESTRICTING)
        if self.policy.applies_to is not None:
            applies = self.condition(self.policy.applies_to, Use.RESTRICTING)
            when = parent_node("applies-to and when", all_of((applies.value, when.value)), (applies, when))
        counts = when.value is Truth.TRUE or (when.value is Truth.UNKNOWN and self._presumes_active(restriction))
        until: Node | None = None
        lifts: tuple[PermissionStanding, ...] = ()
        if counts or not self.view.state.brief:
            until = None if restriction.until is None else self.condition(restriction.until, Use.RELEASING)
            lifting = (p.id for p in self.policy.permissions.values() if restriction.id in p.lifts)
            lifts = tuple(self.permission(name) for name in lifting)
        return RestrictionStanding(
            policy=self.policy,
            restriction=restriction,
            when=when,
            until=until,
            lifts=lifts,
            counts=counts,
            state=_state_of(counts=counts, until=until, lifts=lifts),
            changes_at=earliest(each.changes_at for each in (when, until, *lifts) if each is not None),
            changes_at_compute=earliest(each.changes_at_compute for each in (when, until, *lifts) if each is not None),
        )

    def _presumes_active(self, restriction: Restriction) -> bool:
        given = self.presumed.get(restriction.id)
        return self.policy.presumption(restriction) is Presumption.ACTIVE if given is None else given

    def permission(self, name: str) -> PermissionStanding:
        """Return the permission's standing."""
        standing = self.permissions.get(name)
        if standing is None:
            standing = self._permission_before(name) or self._permission(self.policy.permissions[name])
            self.permissions[name] = standing
        return standing

    def _permission_before(self, name: str) -> PermissionStanding | None:
        if self.earlier is None or self.is_hypothetical or self.earlier.is_hypothetical:
            return None
        standing = self.earlier.permissions.get(name)
        if standing is None or not self._lasts(standing):
            return None
        same = self.window(standing.permission) == self.earlier.window(standing.permission)
        return standing if same else None

    def _permission(self, permission: Permission) -> PermissionStanding:
        when = self.condition(permission.when, Use.RELEASING)
        holds = when.value is Truth.TRUE
        if permission.for_at_most is None and permission.renewals is None:
            return PermissionStanding(
                permission=permission,
                when=when,
                in_force=holds,
                window=None,
                ends=None,
                changes_at=when.changes_at,
                changes_at_compute=when.changes_at_compute,
            )
        window = self.window(permission)
        end = window.end(permission, self.policy.calendar)
        in_force = holds and window.start is not None and (end is None or self.at < end)
        if self.assumed and holds and not in_force:
            in_force = window.start is None or window.renewals_left(permission) != 0
        ends = end if in_force else None
        return PermissionStanding(
            permission=permission,
            when=when,
            in_force=in_force,
            window=window,
            ends=ends,
            changes_at=earliest((when.changes_at, ends)),
            changes_at_compute=when.changes_at_compute,
        )

    def window(self, permission: Permission) -> Window:
        """Return the window of a permission that has windows."""
        given = self.windows.get(permission.id)
        return self.timeline.window(permission, self.at) if given is None else given

    def measured(self, leaf: Measured, asked: Asked) -> Node:
        """Return what a measure's evaluations come to in the leaf."""
        return combine(
            MeasuredQuestion(
                leaf=leaf,
                measure=self.policy.measures[leaf.measure],
                use=asked.use,
                positive=asked.positive,
                ships=self.ships,
                clock=self.clock,
                limits=asked.limits,
                ahead=asked.ahead,
            )
        )

    def term(self, name: str, asked: Asked) -> Node:
        """Return the node of what a term stands for, worked out once for each use."""
        key = ("term", name, asked)
        if key not in self.memo:
            term = self.policy.terms[name]
            condition = term.means or term.readings
            if condition is None:
                msg = f"term `{name}` means nothing, which the decoder refuses"
                raise AssertionError(msg)
            self.memo[key] = self.condition(
                condition, asked.use, positive=asked.positive, limits=asked.limits, ahead=asked.ahead
            )
        return self.memo[key]

    def threshold(self, leaf: Reached | RuledOut, asked: Asked) -> Node:
        """Return the node of a threshold's condition under the limits on age and the margin that the leaf adds."""
        own = _leaves.limits_of(leaf)
        condition = self.policy.thresholds[leaf.threshold].reached_when
        margins = (asked.ahead, leaf.ahead if isinstance(leaf, RuledOut) else None)
        ahead = max((margin for margin in margins if margin is not None), default=None)
        limits = (*asked.limits, *own)
        key = ("threshold", leaf.threshold, limits, ahead)
        if key not in self.memo:
            self.memo[key] = self.condition(condition, Use.REACHING, limits=limits, ahead=ahead)
        return self.memo[key]

    def standard(self, name: str, limits: Limits, about: Leaf) -> Node:
        """Return whether the standard is met, or the one that stands for it by a permission in force."""
        waiting: list[datetime | None] = []
        for permission in self.policy.permissions.values():
            if name in permission.replaces:
                standing = self.permission(permission.id)
                waiting.append(standing.changes_at)
                if standing.in_force:
                    node = self.standard(permission.replaces[name], limits, about)
                    replaced = parent_node(about, node.value, (node, standing.when), reason=node.reason)
                    return changing_also(replaced, waiting)
        standard = self.policy.standards[name]
        if standard.undefined is not None:
            node = Node(about=standard.undefined, value=Truth.UNKNOWN, reason="undefined")
            return changing_also(node, waiting)
        controls = [self.control(control, limits, about.of) for control in standard.controls.values()]
        return changing_also(parent_node(about, all_of(control.value for control in controls), controls), waiting)

    def control(self, control: Control, limits: Limits, scope: Scope) -> Node:
        """Return whether the control is in place as its standard asks, by the facts of that scope."""
        scope = Scope.THIS if scope in SPANNING else scope
        key = ("control", id(control), limits, scope.value)
        if key not in self.memo:
            node = self._tracked(
                key,
                frozenset({("attested", control.id), REGISTRATION}),
                (*limits, control.fresh),
                lambda: _leaves.attested(
                    self, control.id, control.attested_by, (control,), limits, self.subjects(scope)
                ),
            )
            self.memo[key] = self._as_assumed(node)
        return self.memo[key]


def restriction_named(policy: Policy, name: str) -> Restriction:
    """Return a restriction of the policy, or the one that an overdue duty amounts to."""
    own = policy.restrictions.get(name)
    return duty_restrictions(policy)[name] if own is None else own


def check_compute(case: Case) -> None:
    """Raise Refused where the effective compute asked for is none, or less than what is recorded."""
    asked = case.at_compute
    if asked is None:
        return
    if asked.dimension != "compute":
        msg = f"`{asked}` is not an effective compute; expected a number of FLOP such as `1e26 FLOP`"
        raise Refused(msg)
    latest = case.clock.compute(case.path.asked.generation, case.at)
    stated = [] if latest is None else [e.measured for e in latest.evidence if e.measured is not None]
    if any(asked.magnitude < q.magnitude for said in stated for q in (said.value, said.upper) if q is not None):
        msg = f"an effective compute of {asked} is below what is recorded of model `{case.model.id}`"
        raise Refused(msg, advice="compute does not run backwards; ask about the recorded value or more")


def _state_of(*, counts: bool, until: Node | None, lifts: Sequence[PermissionStanding]) -> str:
    if not counts:
        return "inactive"
    if until is not None and until.value is Truth.TRUE:
        return "released"
    return "lifted" if any(standing.in_force for standing in lifts) else "active"
