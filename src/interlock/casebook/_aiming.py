"""Aiming: to make a condition hang on one part of it alone, by settling everything beside that part.

The part is a leaf or a control, wherever it stands: in the condition, or in a threshold, standard, term, restriction or
permission that the condition names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from interlock.casebook._scene import Scene
from interlock.policy import (
    Active,
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    Control,
    Duty,
    InForce,
    Leaf,
    Meets,
    Not,
    Permission,
    Pledge,
    Policy,
    Reached,
    Readings,
    Restriction,
    RuledOut,
    Scope,
    TermHolds,
)

Target = Leaf | Control


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """An item whose state hangs on a condition, and the conditions that must be settled for it to do so.

    `true` are to be true, `hangs_on` is the condition that the target stands in.
    """

    item: Restriction | Pledge | Duty
    hangs_on: Condition
    true: tuple[Condition, ...] = ()

    @property
    def whose(self) -> Scope:
        """Whose case the condition is read in."""
        is_own = isinstance(self.item, Restriction) or self.item.instances not in {"developer", "issuer"}
        return Scope.THIS if is_own else Scope.DEVELOPER

    @property
    def words(self) -> str:
        """The words that name it."""
        match self.item:
            case Restriction():
                return f"restriction `{self.item.id}`"
            case Pledge():
                return f"pledge `{self.item.id}`"
            case Duty():
                return f"duty `{self.item.id}`"


def hosts(policy: Policy, target: Target) -> Iterator[Host]:
    """Yield the items on which the target bears, those that bind first."""
    ordered = sorted(policy.restrictions.values(), key=lambda one: not one.clause.binds)
    applies = () if policy.applies_to is None else (policy.applies_to,)
    for restriction in ordered:
        if holds(restriction.when, target, policy):
            yield Host(item=restriction, hangs_on=restriction.when, true=applies)
        if restriction.until is not None and holds(restriction.until, target, policy):
            yield Host(item=restriction, hangs_on=restriction.until, true=(*applies, restriction.when))
        for permission in lifting(policy, restriction):
            if holds(permission.when, target, policy):
                yield Host(item=restriction, hangs_on=permission.when, true=(*applies, restriction.when))
        if policy.applies_to is not None and holds(policy.applies_to, target, policy):
            yield Host(item=restriction, hangs_on=policy.applies_to, true=(restriction.when,))
    for pledge in policy.pledges.values():
        if holds(pledge.maintain, target, policy):
            yield Host(item=pledge, hangs_on=pledge.maintain, true=applies)
    for duty in policy.duties.values():
        yield from _of_duty(duty, target, policy, applies)


def _of_duty(duty: Duty, target: Target, policy: Policy, applies: tuple[Condition, ...]) -> Iterator[Host]:
    trigger = () if duty.when is None else (duty.when,)
    if duty.when is not None and holds(duty.when, target, policy):
        yield Host(item=duty, hangs_on=duty.when, true=applies)
    for condition in (duty.done_when, duty.excused_when):
        if condition is not None and holds(condition, target, policy):
            yield Host(item=duty, hangs_on=condition, true=(*applies, *trigger))


def lifting(policy: Policy, restriction: Restriction) -> list[Permission]:
    """Return the permissions that lift a restriction."""
    return [permission for permission in policy.permissions.values() if restriction.id in permission.lifts]


def holds(condition: Condition, target: Target, policy: Policy) -> bool:
    """Return whether the target stands in the condition, also behind items that it names."""
    return (
        condition is target
        or any(holds(part, target, policy) for part in _parts(condition))
        or (isinstance(condition, Leaf) and _behind(condition, target, policy))
    )


def _parts(condition: Condition) -> Sequence[Condition]:
    match condition:
        case AllOf(parts=parts) | AnyOf(parts=parts) | AtLeast(parts=parts):
            return parts
        case Not(part=part):
            return (part,)
        case Readings(readings=readings):
            return [part for _, part in readings]
        case _:
            return ()


def _behind(leaf: Leaf, target: Target, policy: Policy) -> bool:
    if isinstance(leaf, Meets):
        return any(control is target for control in controls_behind(leaf.standard, policy)) or any(
            holds(permission.when, target, policy) for permission in replacing(leaf.standard, policy)
        )
    condition = condition_behind(leaf, policy)
    return condition is not None and holds(condition, target, policy)


def condition_behind(leaf: Leaf, policy: Policy) -> Condition | None:
    """Return the condition of the item that the leaf names, where it has one that decides."""
    match leaf:
        case Reached(threshold=name) | RuledOut(threshold=name):
            return policy.thresholds[name].reached_when
        case TermHolds(term=name):
            return policy.terms[name].means or policy.terms[name].readings
        case Active(restriction=name):
            return policy.restrictions[name].when
        case InForce(permission=name):
            return policy.permissions[name].when
        case _:
            return None


def replacing(standard: str, policy: Policy) -> list[Permission]:
    """Return the permissions that replace a standard."""
    return [permission for permission in policy.permissions.values() if standard in permission.replaces]


def controls_behind(standard: str, policy: Policy) -> list[Control]:
    """Return the controls of a standard and of those that may come to stand for it."""
    names = [standard]
    for name in names:
        names += [p.replaces[name] for p in replacing(name, policy) if p.replaces[name] not in names]
    return [control for name in names for control in policy.standards[name].controls.values()]


def aim(condition: Condition, target: Target, scene: Scene) -> bool:
    """Settle all beside the target so that the condition hangs on it; return whether that could be done."""
    policy = scene.policy
    if condition is target:
        return True
    if isinstance(condition, Leaf):
        if isinstance(condition, Meets):
            return _aim_at_standard(condition, target, scene)
        behind = condition_behind(condition, policy)
        return behind is not None and aim(behind, target, scene)
    parts = list(_parts(condition))
    chosen = next((part for part in parts if holds(part, target, policy)), None)
    if chosen is None:
        return scene.fail("it stands in no part of the condition")
    others = [part for part in parts if part is not chosen]
    match condition:
        case AllOf():
            _attempt(others, scene, value=True)
        case AnyOf():
            _attempt(others, scene, value=False)
        case AtLeast(number=number):
            _attempt(others[: number - 1], scene, value=True)
            _attempt(others[number - 1 :], scene, value=False)
        case Readings():
            _rule(condition, chosen, scene)
        case _:
            pass
    return aim(chosen, target, scene)


def _attempt(parts: Sequence[Condition], scene: Scene, *, value: bool) -> None:
    """Make the parts so where that can be done; one left open may still let the others decide."""
    for part in parts:
        scene.attempt(part, value=value)


def _rule(readings: Readings, chosen: Condition, scene: Scene) -> None:
    name = next(name for name, part in readings.readings if part is chosen)
    if scene.settle(f"ruling on `{readings.id}`", name):
        data = {"term": readings.id, "reading": name, "reason": "so that one reading counts"}
        roles = (None,) if readings.ruled_by is None else readings.ruled_by.names
        for role in roles:
            scene.add("term.ruled", data, scene.times.opening, role=role)


def _aim_at_standard(leaf: Meets, target: Target, scene: Scene, standard: str | None = None) -> bool:
    policy, name = scene.policy, standard or leaf.standard
    controls = list(policy.standards[name].controls.values())
    if any(control is target for control in controls):
        return all(scene.control(control, of=leaf.of) for control in controls if control is not target)
    for permission in replacing(name, policy):
        if any(control is target for control in controls_behind(permission.replaces[name], policy)):
            return scene.make(permission.when, value=True) and _aim_at_standard(
                leaf, target, scene, permission.replaces[name]
            )
        if holds(permission.when, target, policy):
            for control in policy.standards[permission.replaces[name]].controls.values():
                scene.control(control, of=leaf.of)
            return aim(permission.when, target, scene)
    return scene.fail("it stands in no control of the standard")
