"""Deadlines: the bounds in time of duties, permissions, holds and pledges, read off the engine's own answers.

Where a period ends is not worked out here: the engine is asked, and then asked again a second before, at, and a second
after what it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from interlock.casebook._aiming import condition_behind, controls_behind, lifting, replacing
from interlock.casebook._amounts import MILLIONTH, scaled
from interlock.casebook._bounds import AROUND
from interlock.casebook._drafting import Desk, Shot, action_for, decide_shot, refusal_words
from interlock.casebook._scene import BASE_COMPUTE, COMPUTE, Scene, data_of_kind, perform
from interlock.engine import Decision, DutyReport, DutyStanding, Replay
from interlock.policy import Duty, Happened, Leaf, Meets, Permission, Pledge, Restriction, Scope, leaves
from interlock.terms import DEPLOYMENT_CLASSES, InterlockError, parse_quantity

_UNSAID: Final = "a question by which a deadline is found"
_SECOND: Final = timedelta(seconds=1)
_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_FAR: Final = timedelta(days=2_000)


def draft_deadlines(desk: Desk) -> None:
    """Draft the cases around every deadline of the desk's policy."""
    policy = desk.policy
    for permission in policy.permissions.values():
        if permission.for_at_most is not None:
            _window(desk, permission)
    for restriction in policy.restrictions.values():
        if restriction.cease_within is not None:
            _ceasing(desk, restriction)
    for duty in policy.duties.values():
        _duty(desk, duty)
    for pledge in policy.pledges.values():
        if pledge.measured_every is not None:
            _pledge(desk, pledge)
    if policy.amendments is not None and policy.amendments.notice is not None:
        why = "an amendment is judged by two versions of the policy, and one is given"
        desk.leave_out(f"the notice of {policy.amendments.notice} of an amendment", why)


def around(says: str, end: datetime, shot: Shot) -> Iterator[Shot]:
    """Yield a shot a second before, at, and a second after the end of something."""
    for shift, words in AROUND:
        yield replace(shot, says=f"{words} the end of {says}", as_of=end + shift)


# Permissions


def _window(desk: Desk, permission: Permission) -> None:
    about = f"the {permission.for_at_most} of permission `{permission.id}`"
    why = "it lifts no restriction, and no restriction ends by what it replaces"
    for restriction in desk.policy.restrictions.values():
        scene = desk.scene()
        if not _prepared(scene, permission, restriction):
            continue
        why = scene.trouble or why
        if scene.trouble is not None:
            continue
        action = action_for(desk.policy, restriction.forbids, restriction)
        shot = decide_shot(about, scene, desk.times.ask, action)
        answer = desk.ask(shot)
        ends = _end_of_window(answer, permission) if isinstance(answer, Decision) else None
        if ends is None:
            why = f"`{permission.id}` does not come into force in the scene that was built"
            continue
        kept = desk.keep(around(about, ends, shot), restriction.id, restriction.clause)
        if kept is None:
            return
        why = kept
    desk.leave_out(about, why)


def _prepared(scene: Scene, permission: Permission, restriction: Restriction) -> bool:
    """Make a restriction count and the permission hold; return whether the one bears on the other."""
    policy = scene.policy
    is_lifted = permission in lifting(policy, restriction)
    until = () if restriction.until is None else tuple(leaves(restriction.until))
    met = [leaf for leaf in until if isinstance(leaf, Meets) and permission in replacing(leaf.standard, policy)]
    if not (is_lifted or met):
        return False
    if policy.applies_to is not None:
        scene.make(policy.applies_to, value=True)
    scene.make(restriction.when, value=True)
    scene.make(permission.when, value=True)
    for leaf in met:
        for control in controls_behind(permission.replaces[leaf.standard], policy):
            scene.control(control, of=leaf.of)
    return True


def _end_of_window(decision: Decision, permission: Permission) -> datetime | None:
    standing = decision.policies[0].case.permissions.get(permission.id)
    return None if standing is None else standing.ends


# Holds


_BEGUN: Final = {"train": "training.started", "store": "weights.stored", "share-weights": "weights.shared"}


def _ceasing(desk: Desk, restriction: Restriction) -> None:
    about = f"the {restriction.cease_within} within which `{restriction.id}` lets what goes on cease"
    opening = desk.times.opening
    before = Scene(policy=desk.policy, times=replace(desk.times, fact=opening + 2 * _HOUR))
    after = desk.scene()
    if desk.policy.applies_to is not None:
        before.make(desk.policy.applies_to, value=True)
    made = before.make(restriction.when, value=False) and after.make(restriction.when, value=True)
    trouble = before.trouble or after.trouble
    if not made or trouble is not None:
        desk.leave_out(about, trouble or "the hold can't be made to begin")
        return
    action = action_for(desk.policy, restriction.forbids, restriction)
    data = {"class": action} if action in DEPLOYMENT_CLASSES else {}
    kind = _BEGUN.get(action, "model.deployed")
    before.add(kind, data, opening + 4 * _HOUR)
    scene = Scene(policy=desk.policy, times=desk.times, events=[*before.events, *after.events])
    shot = Shot(says=about, scene=scene, as_of=desk.times.fact + _FAR, asks="replay")
    answer = desk.ask(shot)
    ends = _past(answer, restriction) if isinstance(answer, Replay) else None
    if ends is None:
        desk.leave_out(about, f"no `{action}` that goes on could be brought under the hold")
        return
    why = desk.keep(around(about, ends, shot), restriction.id, restriction.clause)
    if why is not None:
        desk.leave_out(about, why)


def _past(replay: Replay, restriction: Restriction) -> datetime | None:
    found = (one.at for one in replay.breaches if (one.kind, one.id) == ("past-cease-within", restriction.id))
    return min(found, default=None)


# Duties


def _duty(desk: Desk, duty: Duty) -> None:
    scene = desk.scene(_whose(duty))
    _set_off(scene, duty)
    about = f"duty `{duty.id}`"
    if scene.trouble is not None:
        desk.leave_out(f"the deadlines of {about}", scene.trouble)
        return
    shot = Shot(says=_UNSAID, scene=scene, as_of=desk.times.fact + _SECOND, asks="duties")
    first = _standing(desk, shot, duty)
    if isinstance(first, str):
        desk.leave_out(f"the deadlines of {about}", first)
        return
    due = first.due
    if first.period_ends is not None and due is None:
        what = f"the period of {about}"
        _keep(desk, what, around(what, first.period_ends, shot), duty)
        opened = _standing(desk, replace(shot, as_of=first.period_ends), duty)
        due = None if isinstance(opened, str) else opened.due
        due = None if due == first.period_ends else due
        if duty.within is None:
            _done(desk, duty, scene, first.period_ends)
    if due is not None:
        what = f"the time for {about}"
        _keep(desk, what, around(what, due, shot), duty)
        _done(desk, duty, scene, due)
        _forbidding(desk, duty, scene, due)
    elif duty.within is not None:
        desk.leave_out(f"the {duty.within} of {about}", f"no instance with a due instant opens ({first.state.value})")
    _grown(desk, duty)
    _extended(desk, duty)


def _whose(item: Duty | Pledge) -> Scope:
    return Scope.DEVELOPER if item.instances in {"developer", "issuer"} else Scope.THIS


def _set_off(scene: Scene, duty: Duty) -> None:
    """Make the trigger of a duty true, and add what it is for and what its clock counts from."""
    fact = scene.times.fact
    if scene.policy.applies_to is not None:
        scene.make(scene.policy.applies_to, value=True)
    if duty.when is not None:
        scene.make(duty.when, value=True)
    there = {str(next(iter(event))) for event in scene.events}
    if duty.instances == "each deployment" and "model.deployed" not in there:
        scene.add("model.deployed", {"class": "deploy.external.public"}, fact)
    if duty.instances is not None and duty.instances.startswith("each document "):
        scene.submitted(duty.instances.removeprefix("each document "), Scope.THIS)
    incident = _INCIDENTS.get(duty.clock)
    if incident is None and duty.instances == "each incident" and not any("incident" in kind for kind in there):
        incident = "incident.discovered"
    if incident is not None and incident not in there:
        trigger = _event_leaf(scene, duty)
        leaf = Happened(kind=incident, fields=() if trigger is None else trigger.fields)
        scene.add(incident, data_of_kind(leaf) or {}, fact)


_INCIDENTS: Final = {
    "suspicion": "incident.suspected",
    "discovery": "incident.discovered",
    "determination": "incident.determined",
}


def _event_leaf(scene: Scene, duty: Duty) -> Happened | None:
    """Return the report of an incident that triggers the duty, so that its clock's is of the same kind."""
    trigger = duty.when
    if isinstance(trigger, Leaf) and not isinstance(trigger, Happened):
        trigger = condition_behind(trigger, scene.policy)
    return trigger if isinstance(trigger, Happened) and trigger.kind.startswith("incident.") else None


def _standing(desk: Desk, shot: Shot, duty: Duty) -> DutyStanding | str:
    """Return the instance of the duty that has something to come, or why there is none."""
    answer = desk.ask(shot)
    if isinstance(answer, InterlockError):
        return refusal_words(answer)
    if not isinstance(answer, DutyReport):
        return "no report on duties"
    found = [one for one in answer.duties if one.duty.id == duty.id]
    with_time = [one for one in found if one.due is not None or one.period_ends is not None]
    return next(iter(with_time or found), f"`{duty.id}` has no instance in the scene that was built")


def _keep(desk: Desk, about: str, shots: Iterator[Shot], duty: Duty) -> None:
    why = desk.keep(shots, duty.id, duty.clause)
    if why is not None:
        desk.leave_out(about, why)


def _done(desk: Desk, duty: Duty, scene: Scene, due: datetime) -> None:
    def shots() -> Iterator[Shot]:
        for shift, words in AROUND:
            done = replace(scene, events=list(scene.events), settled=dict(scene.settled))
            perform(done, duty.id, due + shift)
            says = f"duty `{duty.id}` done {words} the end of its time"
            yield Shot(says=says, scene=done, as_of=due + _DAY, asks="duties")

    _keep(desk, f"the doing of duty `{duty.id}`", shots(), duty)


def _forbidding(desk: Desk, duty: Duty, scene: Scene, due: datetime) -> None:
    if duty.otherwise_forbids:
        action = action_for(desk.policy, duty.otherwise_forbids, None)
        what = f"the time for duty `{duty.id}`, which forbids {', '.join(duty.otherwise_forbids)} once it is overdue"
        shots = (
            replace(one, ask={"action": action}) for one in around(what, due, decide_shot(_UNSAID, scene, due, action))
        )
        _keep(desk, what, shots, duty)


def _grown(desk: Desk, duty: Duty) -> None:
    if duty.every is None or duty.every.growth is None:
        return
    growth, base = duty.every.growth, parse_quantity(BASE_COMPUTE)
    later = desk.times.fact + 6 * _HOUR
    what = f"the growth of {float(growth):g}x after which duty `{duty.id}` opens"
    sides = (
        (growth * (1 - MILLIONTH), "a millionth less than"),
        (growth, "exactly"),
        (growth * (1 + MILLIONTH), "a millionth more than"),
    )

    def shots() -> Iterator[Shot]:
        for factor, words in sides:
            scene = desk.scene(_whose(duty))
            _set_off(scene, duty)
            scene.add("quantity.measured", {"quantity": COMPUTE, "value": scaled(base, factor)}, later)
            yield Shot(says=f"{words} {what}", scene=scene, as_of=later + _HOUR, asks="duties")

    _keep(desk, what, shots(), duty)


def _extended(desk: Desk, duty: Duty) -> None:
    if duty.extended is None:
        return
    what = f"the time for duty `{duty.id}`, extended by {duty.extended.by}"
    scene = desk.scene(_whose(duty))
    _set_off(scene, duty)
    if not scene.make(duty.extended.when, value=True) or scene.trouble is not None:
        desk.leave_out(what, scene.trouble or "its condition can't be made true")
        return
    shot = Shot(says=_UNSAID, scene=scene, as_of=desk.times.fact + _SECOND, asks="duties")
    standing = _standing(desk, shot, duty)
    if not isinstance(standing, str) and standing.period_ends is not None and standing.due is None:
        standing = _standing(desk, replace(shot, as_of=standing.period_ends), duty)
    if isinstance(standing, str) or standing.due is None or standing.reason != "extended":
        desk.leave_out(what, "no instance is extended in the scene that was built")
        return
    _keep(desk, what, around(what, standing.due, shot), duty)


# Pledges


def _pledge(desk: Desk, pledge: Pledge) -> None:
    what = f"the {pledge.measured_every} for which a measurement of pledge `{pledge.id}` counts"
    scene = desk.scene(_whose(pledge))
    if not scene.make(pledge.maintain, value=True) or scene.trouble is not None:
        desk.leave_out(what, scene.trouble or "it can't be kept in a scene")
        return
    shot = Shot(says=_UNSAID, scene=scene, as_of=desk.times.ask, asks="duties")
    answer = desk.ask(shot)
    found = [one for one in answer.pledges if one.pledge.id == pledge.id] if isinstance(answer, DutyReport) else []
    ends = next((one.measure_by for one in found if one.measure_by is not None), None)
    if ends is None:
        desk.leave_out(what, "the measurement does not grow too old in the scene that was built")
        return
    why = desk.keep(around(what, ends, shot), pledge.id, pledge.clause)
    if why is not None:
        desk.leave_out(what, why)
