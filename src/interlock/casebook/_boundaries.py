"""Boundary cases: drafted for every number and period of a policy, with the engine's answers for a person to review.

An answer is what the engine gives now, never what the text asks for: that is for a reader to say. A bound whose two
sides give the same answer, or for which no scene could be built, is listed with the reason and has no cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from interlock.casebook._aiming import Host, aim, holds, hosts
from interlock.casebook._bounds import Bound, Variation, bounds_of
from interlock.casebook._deadlines import draft_deadlines
from interlock.casebook._drafting import Desk, LeftOut, Shot, action_for, actions_of, decide_shot
from interlock.casebook._scene import Scene
from interlock.casebook._writing import casebook_text
from interlock.policy import Policy, Restriction

_DAY = timedelta(days=1)
MARK = "# Boundary cases"
"""How a file of them begins, so that no other file is written over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundaries:
    """The boundary cases of a policy: how many, the text of their casebook, and what was left out."""

    cases: int
    text: str
    left_out: tuple[LeftOut, ...]


def boundary_casebook(policy: Policy, *, name: str | None = None) -> Boundaries:
    """Return cases just before, at and beyond every bound of the policy; `name` is how its file is named in them."""
    desk = Desk.of(policy)
    kept: set[str] = set()
    why_not: dict[str, str] = {}
    for bound in bounds_of(policy, desk.scene()):
        if bound.about in kept:
            continue
        why = _draft(desk, bound)
        if why is None:
            kept.add(bound.about)
        else:
            why_not[bound.about] = why
    draft_deadlines(desk)
    for about, why in why_not.items():
        if about not in kept:
            desk.leave_out(about, why)
    return Boundaries(cases=len(desk.drafts), text=_text(desk, name), left_out=tuple(desk.left_out))


def _draft(desk: Desk, bound: Bound) -> str | None:
    """Draft the cases of a bound under the first item whose answer turns at it; return why there are none."""
    if bound.why_not is not None:
        return bound.why_not
    why = "no restriction, pledge or duty reads it"
    for host in hosts(desk.policy, bound.target):
        shots: list[Shot] = []
        for variation in bound.variations:
            shot = _shot(desk, host, bound, variation)
            if isinstance(shot, str):
                why = shot
                break
            shots.append(shot)
        else:
            item = host.item
            kept = desk.keep(shots, item.id, item.clause)
            if kept is None:
                return None
            unmade = next((shot.scene.unmade for shot in shots if shot.scene.unmade), None)
            why = kept if unmade is None else f"{kept}; {unmade}"
    return why


def _shot(desk: Desk, host: Host, bound: Bound, variation: Variation) -> Shot | str:
    """Return the scene of one value beside the bound, or why it can't be built."""
    as_of = variation.as_of or desk.times.ask
    # What stands beside the bound is of the day before, lest it grow old at the same instant.
    beside = replace(desk.times, fact=max(desk.times.fact, as_of - _DAY))
    scene = desk.scene(host.whose, beside)
    for condition in host.true:
        scene.attempt(condition, value=True)
    made = aim(host.hangs_on, bound.target, scene)
    scene.times = desk.times
    made = made and variation.apply(scene)
    scene.times = beside
    if not made or scene.trouble is not None:
        return f"under {host.words} it can't be isolated: {scene.trouble or 'what stands beside it can not be settled'}"
    if not isinstance(host.item, Restriction):
        return Shot(says=variation.says, scene=scene, as_of=as_of, asks="duties")
    action = action_for(desk.policy, host.item.forbids, host.item)
    _silence_others(scene, host.item, action, bound)
    return decide_shot(variation.says, scene, as_of, action)


def _silence_others(scene: Scene, chosen: Restriction, action: str, bound: Bound) -> None:
    """Make the conditions of other restrictions on the action false, as far as that leaves the bound alone."""
    for other in scene.policy.restrictions.values():
        bears = other is not chosen and other.clause.binds and action in actions_of(other)
        if bears and not holds(other.when, bound.target, scene.policy):
            scene.attempt(other.when, value=False)


def _text(desk: Desk, name: str | None) -> str:
    policy = desk.policy
    head = [
        f"{MARK} of {policy.id} {policy.version}: what is just before, at and beyond each of its bounds.",
        "# Drafted by `interlock policy test --boundaries`. `expect` is what interlock answered then; whether the text",
        "# of the policy means that is for a person to say, case by case.",
        *([] if name is None else [f"policy: {name}"]),
    ]
    return casebook_text(desk.background, desk.drafts, head=head, tail="\n".join(_left_out(desk)))


def _counted(number: int) -> str:
    return f"{number} bound{'' if number == 1 else 's'}"


def _left_out(desk: Desk) -> Iterator[str]:
    if desk.left_out:
        yield f"No cases for {_counted(len(desk.left_out))}:"
    for one in desk.left_out:
        yield f"- {one.about}: {one.why}"
