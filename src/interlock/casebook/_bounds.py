"""Bounds: every number and period of a policy's conditions, each with the events just before, at and beyond it.

Bounds of measures (counts and estimates), of quantities, efforts, growth and ages of evidence, and the lasting of what
is published or elapsed. Those of duties, windows and holds in time are in `_deadlines`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

from interlock.casebook._aiming import Target
from interlock.casebook._amounts import (
    MILLIONTH,
    estimate_of,
    is_counted,
    just_above,
    just_below,
    result_making,
    scaled,
    turns,
)
from interlock.casebook._scene import BASE_COMPUTE, COMPUTE, Scene, long_before, perform, publish
from interlock.casebook._writing import Plain
from interlock.policy import (
    Comparison,
    Condition,
    Control,
    Elapsed,
    Freshness,
    Growth,
    Leaf,
    Measured,
    Policy,
    Published,
    QuantityIs,
    RuledOut,
    condition_text,
    leaves,
)
from interlock.terms import Period, Truth, parse_quantity

SECOND: Final = timedelta(seconds=1)
AROUND: Final = ((-SECOND, "one second before"), (timedelta(0), "at"), (SECOND, "one second after"))
_OPEN: Final = {Truth.TRUE: "true", Truth.FALSE: "false", Truth.UNKNOWN: "open"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """One value beside or at a bound: in words, the events that bring it about, and when to ask."""

    says: str
    apply: Callable[[Scene], bool]
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """One bound: what it is a bound of, in words, and the values around it. `why_not` says why there are none."""

    about: str
    target: Target
    variations: tuple[Variation, ...]
    why_not: str | None = None


def conditions_of(policy: Policy) -> Iterator[tuple[str, Condition]]:
    """Yield every condition of the policy with the words for where it stands."""
    if policy.applies_to is not None:
        yield "applies-to", policy.applies_to
    for threshold in policy.thresholds.values():
        yield f"threshold `{threshold.id}`", threshold.reached_when
    for restriction in policy.restrictions.values():
        yield f"restriction `{restriction.id}`", restriction.when
        if restriction.until is not None:
            yield f"restriction `{restriction.id}`", restriction.until
    for permission in policy.permissions.values():
        yield f"permission `{permission.id}`", permission.when
    for duty in policy.duties.values():
        for condition in (duty.when, duty.done_when, duty.excused_when):
            if condition is not None:
                yield f"duty `{duty.id}`", condition
    for pledge in policy.pledges.values():
        yield f"pledge `{pledge.id}`", pledge.maintain
    for term in policy.terms.values():
        for meaning in (term.means, term.readings):
            if meaning is not None:
                yield f"term `{term.id}`", meaning


def bounds_of(policy: Policy, scene: Scene) -> Iterator[Bound]:
    """Yield the bounds of a policy's conditions and controls, in the order of the file; `scene` tells the times."""
    for where, condition in conditions_of(policy):
        for leaf in leaves(condition):
            yield from _of_leaf(where, leaf, policy, scene)
    for standard in policy.standards.values():
        for control in standard.controls.values():
            yield from _of_control(f"control `{control.id}` of standard `{standard.id}`", control, policy, scene)


def _of_leaf(where: str, leaf: Leaf, policy: Policy, scene: Scene) -> Iterator[Bound]:
    match leaf:
        case Measured():
            yield from _of_measured(where, leaf, policy, scene)
            return
        case QuantityIs():
            yield _of_quantity(where, leaf)
        case Published():
            if leaf.for_at_least is not None:
                yield _of_publication(where, leaf, leaf.for_at_least, policy, scene)
            if leaf.coverage_within is not None:
                yield _of_coverage(where, leaf, leaf.coverage_within, policy, scene)
        case Elapsed():
            yield _of_elapsed(where, leaf, policy, scene)
        case Growth():
            yield _of_growth(where, leaf, scene)
        case RuledOut(ahead=Fraction()):
            why = "a margin of compute is stated by the evidence's plan, not by the policy alone"
            yield Bound(about=f"`ahead` of {where}", target=leaf, variations=(), why_not=why)
        case _:
            pass
    yield from _of_age(
        f"{condition_text(leaf)} of {where}", leaf, _limits(leaf), policy, scene, _make(leaf, value=True)
    )


def _make(leaf: Leaf, *, value: bool) -> Callable[[Scene], bool]:
    return lambda scene: scene.make(leaf, value=value)


def _limits(leaf: Leaf) -> list[Freshness]:
    within = [] if leaf.within_last is None else [Freshness(period=leaf.within_last)]
    return [*([] if leaf.fresh is None else [leaf.fresh]), *within]


# Measures


def _of_measured(where: str, leaf: Measured, policy: Policy, scene: Scene) -> Iterator[Bound]:
    measure = policy.measures[leaf.measure]
    counted = is_counted(leaf, measure.statistic)
    variations = tuple(_counts(leaf, measure.statistic) if counted else _estimates(leaf))
    why = None if variations else "no number of successes turns it"
    yield Bound(about=f"`{leaf.measure}` in {where}", target=leaf, variations=variations, why_not=why)
    ages = [*([] if measure.fresh is None else [measure.fresh]), *_limits(leaf)]
    for value in (False, True):
        result = result_making(leaf, measure.statistic, value=value, settled=None)
        if result is not None:
            yield from _of_age(f"`{leaf.measure}` in {where}", leaf, ages, policy, scene, _measuring(leaf, result))


def _counts(leaf: Measured, statistic: str) -> Iterator[Variation]:
    """Yield the results just below and at each number of successes at which the comparison turns, and one above."""
    seen: set[int] = set()
    for turn in turns(leaf, statistic):
        around = (
            (turn.successes - 1, f"one fewer than turns it from {_OPEN[turn.was]} to {_OPEN[turn.now]}"),
            (turn.successes, f"the fewest that turn it from {_OPEN[turn.was]} to {_OPEN[turn.now]}"),
            (turn.successes + 1, f"one more than turns it from {_OPEN[turn.was]} to {_OPEN[turn.now]}"),
        )
        for successes, words in around:
            if 0 <= successes <= turn.trials and successes not in seen:
                seen.add(successes)
                result: Plain = {"successes": successes, "trials": turn.trials}
                yield Variation(
                    says=f"{successes} of {turn.trials} on `{leaf.measure}` ({_asked(leaf)}), {words}",
                    apply=_measuring(leaf, result),
                )


def _measuring(leaf: Measured, result: Plain) -> Callable[[Scene], bool]:
    return lambda scene: scene.measured(leaf, result)


def _estimates(leaf: Measured) -> Iterator[Variation]:
    """Yield estimates whose lower, and then whose upper bound is around that of the comparison."""
    bound = leaf.comparison.bound
    if leaf.confidence is None:
        for text, words in _beside(leaf.comparison):
            yield Variation(
                says=f"`{leaf.measure}` of {text} ({_asked(leaf)}), {words}",
                apply=_measuring(leaf, estimate_of(leaf, text, text, text)),
            )
        return
    far_above, far_below = scaled(bound, Fraction(2)), scaled(bound, Fraction(1, 2))
    for text, words in _beside(leaf.comparison):
        says = f"a lower bound of {text} on `{leaf.measure}` ({_asked(leaf)}), {words}"
        result = estimate_of(leaf, scaled(bound, Fraction(3, 2)), text, far_above)
        yield Variation(says=says, apply=_measuring(leaf, result))
    for text, words in _beside(leaf.comparison):
        says = f"an upper bound of {text} on `{leaf.measure}` ({_asked(leaf)}), {words}"
        result = estimate_of(leaf, scaled(bound, Fraction(3, 4)), far_below, text)
        yield Variation(says=says, apply=_measuring(leaf, result))


def _asked(leaf: Measured) -> str:
    confidence = "" if leaf.confidence is None else f" at {float(leaf.confidence * 100):g}% confidence"
    return f"asked: {_comparison(leaf.comparison)}{confidence}"


def _comparison(comparison: Comparison) -> str:
    return f"{comparison.comparator.value.replace('-', ' ')} {comparison.bound}"


def _beside(comparison: Comparison) -> list[tuple[str, str]]:
    bound = comparison.bound
    if bound.magnitude == 0:
        return [(bound.text, "exactly its bound"), (_unit_of(comparison), "above its bound")]
    return [
        (just_below(bound), "a millionth below its bound"),
        (bound.text, "exactly its bound"),
        (just_above(bound), "a millionth above its bound"),
    ]


def _unit_of(comparison: Comparison) -> str:
    """Return a small quantity above a bound of nothing, in its unit."""
    return f"0.000001{comparison.bound.text.lstrip('-+0123456789.e')}"


# Ages


def _of_age(
    about: str, target: Target, limits: list[Freshness], policy: Policy, scene: Scene, apply: Callable[[Scene], bool]
) -> Iterator[Bound]:
    for limit in limits:
        if limit.period is not None:
            end = policy.calendar.anniversary(scene.times.fact, limit.period)
            yield Bound(
                about=f"the age of {about}, {limit.period}",
                target=target,
                variations=tuple(
                    Variation(
                        says=f"{words} the end of the {limit.period} for which {about} counts",
                        apply=apply,
                        as_of=end + shift,
                    )
                    for shift, words in AROUND
                ),
            )
        if limit.growth is not None:
            yield _of_growing(about, target, limit.growth, scene, apply)


def _of_growing(about: str, target: Target, growth: Fraction, scene: Scene, apply: Callable[[Scene], bool]) -> Bound:
    later = scene.times.fact + timedelta(hours=6)
    base = parse_quantity(BASE_COMPUTE)

    def grown(factor: Fraction) -> Callable[[Scene], bool]:
        def both(one: Scene) -> bool:
            one.add("quantity.measured", {"quantity": COMPUTE, "value": scaled(base, factor)}, later)
            return apply(one)

        return both

    around = (
        (growth * (1 - MILLIONTH), "a millionth less than"),
        (growth, "exactly"),
        (growth * (1 + MILLIONTH), "a millionth more than"),
    )
    return Bound(
        about=f"the growth after {about}, {_factor(growth)}",
        target=target,
        variations=tuple(
            Variation(says=f"{words} {_factor(growth)} the compute since {about}", apply=grown(factor))
            for factor, words in around
        ),
    )


def _factor(growth: Fraction) -> str:
    return f"{float(growth):g}x"


# Other leaves


def _of_quantity(where: str, leaf: QuantityIs) -> Bound:
    def measuring(text: str) -> Callable[[Scene], bool]:
        return lambda scene: scene.quantity(leaf, text)

    asked = _comparison(leaf.comparison)
    return Bound(
        about=f"`{leaf.quantity}` in {where}",
        target=leaf,
        variations=tuple(
            Variation(says=f"`{leaf.quantity}` of {text} (asked: {asked}), {words}", apply=measuring(text))
            for text, words in _beside(leaf.comparison)
        ),
    )


def _of_publication(where: str, leaf: Published, period: Period, policy: Policy, scene: Scene) -> Bound:
    fact = scene.times.fact

    def apply(one: Scene) -> bool:
        publish(one, leaf, fact)
        return True

    end = policy.calendar.anniversary(fact, period)
    about = f"the {period} for which `{leaf.document}` must have been public"
    variations = (Variation(says=f"{words} the end of {about}", apply=apply, as_of=end + by) for by, words in AROUND)
    return Bound(about=f"{about} in {where}", target=leaf, variations=tuple(variations))


def _of_coverage(where: str, leaf: Published, period: Period, policy: Policy, scene: Scene) -> Bound:
    """Return the bound of the last day that a publication covers: the first day that is late enough, and around."""
    calendar, at = policy.calendar, long_before(scene.times.fact, leaf.for_at_least)
    about = f"the {period} before its publication in which the time must end that `{leaf.document}` covers"
    days = range(1, calendar.day_of(at).toordinal() + 1)
    place = bisect_right(days, at, key=lambda one: calendar.end_of_period_after(date.fromordinal(one), period))
    if place == 0:
        why = "no day of the calendar is so long ago"
        return Bound(about=f"{about} in {where}", target=leaf, variations=(), why_not=why)

    def covering(day: int) -> Callable[[Scene], bool]:
        def apply(one: Scene) -> bool:
            publish(one, leaf, at, covering=date.fromordinal(day))
            return True

        return apply

    around = ((-1, "one day before"), (0, "at"), (1, "one day after"))
    variations = (
        Variation(says=f"{words} the first day of {about}", apply=covering(days[place] + by)) for by, words in around
    )
    return Bound(about=f"{about} in {where}", target=leaf, variations=tuple(variations))


def _of_elapsed(where: str, leaf: Elapsed, policy: Policy, scene: Scene) -> Bound:
    fact = scene.times.fact

    def apply(one: Scene) -> bool:
        perform(one, leaf.since, fact)
        return True

    end = policy.calendar.anniversary(fact, leaf.period)
    about = f"the {leaf.period} since `{leaf.since}` was done"
    variations = (Variation(says=f"{words} the end of {about}", apply=apply, as_of=end + by) for by, words in AROUND)
    return Bound(about=f"{about} in {where}", target=leaf, variations=tuple(variations))


def _of_growth(where: str, leaf: Growth, scene: Scene) -> Bound:
    fact, bound = scene.times.fact, leaf.comparison.bound
    is_compute = leaf.quantity == COMPUTE
    base = parse_quantity(BASE_COMPUTE if is_compute else "100")

    def grown(text: str) -> Callable[[Scene], bool]:
        def apply(one: Scene) -> bool:
            if not is_compute:
                one.add("quantity.measured", {"quantity": leaf.quantity, "value": base.text}, one.times.opening)
            perform(one, leaf.since, fact)
            value = scaled(base, parse_quantity(text).magnitude)
            one.add("quantity.measured", {"quantity": leaf.quantity, "value": value}, fact + timedelta(hours=6))
            return True

        return apply

    about = f"growth of `{leaf.quantity}` since `{leaf.since}` was done"
    why = None
    if bound.magnitude <= 0 or leaf.against != "this":
        why = "growth against other models is not built"
    return Bound(
        about=f"{about}, in {where}",
        target=leaf,
        variations=()
        if why
        else tuple(
            Variation(says=f"{about} of {text} (asked: {_comparison(leaf.comparison)}), {words}", apply=grown(text))
            for text, words in _beside(leaf.comparison)
        ),
        why_not=why,
    )


# Controls


def _of_control(about: str, control: Control, policy: Policy, scene: Scene) -> Iterator[Bound]:
    def attested(effort: str | None = None) -> Callable[[Scene], bool]:
        return lambda one: one.control(control, effort=effort)

    yield Bound(
        about=f"{about}, in place and not",
        target=control,
        variations=(
            Variation(says=f"everything but {about}", apply=lambda _scene: True),
            Variation(says=f"everything and {about}", apply=attested()),
        ),
    )
    if control.effort is not None:
        asked = _comparison(control.effort)
        yield Bound(
            about=f"the effort of {about}",
            target=control,
            variations=tuple(
                Variation(says=f"an effort of {text} on {about} (asked: {asked}), {words}", apply=attested(text))
                for text, words in _beside(control.effort)
            ),
        )
    if control.fresh is not None:
        yield from _of_age(about, control, [control.fresh], policy, scene, attested())
