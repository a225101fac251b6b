"""What evaluations show of a measured leaf: admissibility, adequacy, reach and combination (3.3, 4.2 and 9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from interlock.policy import Carries, Freshness, Measure, Measured
from interlock.record import Clusters, Counts, Estimate, EvaluationCompleted, EvaluationPlan, Event
from interlock.terms import Quantity, Truth, ships
from interlock.testing.oracle._case import Case, Supports
from interlock.testing.oracle._tails import compare_interval, compare_proportion, compare_rate


@dataclass(frozen=True, kw_only=True)
class Value:
    """What a condition comes to, the events on which that rests, and why it is unknown or contradicted."""

    truth: Truth
    supports: Supports = frozenset()
    reasons: frozenset[str] = frozenset()


def resting_on(truth: Truth, events: Iterable[Event], *reasons: str) -> Value:
    """Return a known value that rests on all of `events`."""
    return Value(
        truth=truth, supports=frozenset({frozenset(event.index for event in events)}), reasons=frozenset(reasons)
    )


def unknown(*reasons: str) -> Value:
    """Return the unknown value for those reasons."""
    return Value(truth=Truth.UNKNOWN, reasons=frozenset(reasons))


@dataclass(frozen=True, kw_only=True)
class Run:
    """One evaluation that speaks to a measure: where on the path of models it stands and what it shows of the leaf."""

    event: Event
    generation: int
    position: int
    shows: Truth
    faults: tuple[str, ...]
    stale: bool

    @property
    def adequate(self) -> bool:
        """Whether nothing is the matter with it."""
        return not self.stale and not self.faults

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands: ancestors before descendants, earlier checkpoints before later ones."""
        return (self.generation, self.position)


def shown(measure: Measure, leaf: Measured, result: Counts | Clusters | Estimate) -> Truth:
    """4.2 and 9: what one evaluation's result shows of the comparison."""
    comparator, bound = leaf.comparison.comparator, leaf.comparison.bound
    if isinstance(result, Estimate):
        return _shown_by_estimate(leaf, result)
    if isinstance(result, Clusters):
        successes = sum(cluster.successes for cluster in result.clusters)
        trials = sum(cluster.trials for cluster in result.clusters)
        clustered = any(cluster.trials != 1 for cluster in result.clusters)
    else:
        successes, trials, clustered = result.successes, result.trials, False
    if measure.statistic not in ("proportion", "rate"):
        return Truth.UNKNOWN
    if leaf.confidence is None:
        observed = Fraction(successes, trials)
        return compare_interval(observed, observed, comparator, bound.magnitude)
    if clustered:
        return Truth.UNKNOWN
    compare = compare_proportion if measure.statistic == "proportion" else compare_rate
    return compare(successes, trials, leaf.confidence, comparator, bound.magnitude)


def _shown_by_estimate(leaf: Measured, result: Estimate) -> Truth:
    comparator, bound = leaf.comparison.comparator, leaf.comparison.bound
    if result.estimate.dimension != bound.dimension:
        return Truth.UNKNOWN
    if leaf.confidence is None:
        return compare_interval(result.estimate.magnitude, result.estimate.magnitude, comparator, bound.magnitude)
    if result.confidence is None or result.confidence < leaf.confidence:
        return Truth.UNKNOWN
    lower = result.lower.magnitude if result.lower is not None else None
    upper = result.upper.magnitude if result.upper is not None else None
    return compare_interval(lower, upper, comparator, bound.magnitude)


def admissible(case: Case, measure: Measure) -> list[Event]:
    """3.3: the evaluations of the measure under its own suite that aren't withdrawn, of whatever model."""
    return [
        event
        for event in case.events
        if isinstance(event.payload, EvaluationCompleted)
        and event.payload.measure == measure.id
        and event.payload.suite == measure.suite
        and not case.withdrawn(event)
    ]


def faults(case: Case, measure: Measure, event: Event) -> tuple[str, ...]:
    """3.2, 3.3 and 9: what is the matter with an evaluation, its age apart, in the order in which it is named."""
    payload = event.payload
    assert isinstance(payload, EvaluationCompleted)
    found = []
    if not set(measure.elicitation) <= set(payload.elicitation):
        found.append("under-elicited")
    if isinstance(payload.result, Estimate) and (payload.result.method is None or payload.log is None):
        found.append("asserted")
    if measure.registration_required and not _registered(case, event, payload):
        found.append("not-registered")
    return tuple(found)


def _registered(case: Case, event: Event, run: EvaluationCompleted) -> bool:
    """1: a plan of that id, measure and suite for the same model, entered and occurred before the evaluation did."""
    return bool(_plans(case, event, run))


def _plans(case: Case, event: Event, run: EvaluationCompleted) -> list[EvaluationPlan]:
    return [
        plan.payload
        for plan in case.events
        if plan.kind == "evaluation.planned"
        and isinstance(plan.payload, EvaluationPlan)
        and plan.payload.id == run.plan
        and (plan.payload.measure, plan.payload.suite) == (run.measure, run.suite)
        and plan.subject.model == event.subject.model
        and plan.occurred < event.occurred
        and plan.recorded < event.occurred
        and plan.recorded <= event.recorded
    ]


def age_limits(case: Case, leaf: Measured, inherited: Sequence[Freshness]) -> list[Freshness]:
    """1 and 2: the measure's `fresh`, the leaf's own and its `within-last` all apply."""
    own = [case.policy.measures[leaf.measure].fresh, leaf.fresh]
    within = [Freshness(period=leaf.within_last)] if leaf.within_last is not None else []
    return [limit for limit in own if limit is not None] + within + list(inherited)


def bound_ahead(case: Case, event: Event, run: EvaluationCompleted, margin: Fraction) -> Quantity | None:
    """2: the bound that the run's plan states for the least margin that is at least the one asked."""
    stated = [one for plan in _plans(case, event, run) for one in plan.ahead if one.margin >= margin]
    least = min((one.margin for one in stated), default=None)
    return next((one.bound for one in stated if one.margin == least), None)


def runs(case: Case, leaf: Measured, limits: Sequence[Freshness], ahead: Fraction | None = None) -> list[Run]:
    """Return the evaluations considered: those on the model and its ancestors.

    With `ahead` each by the bound that its plan states for that margin; one without such a plan by the leaf's own
    bound, and there is something the matter with it.
    """
    measure, path = case.policy.measures[leaf.measure], case.path(case.model)
    found = []
    for event in admissible(case, measure):
        if event.subject.model not in path or not isinstance(event.payload, EvaluationCompleted):
            continue
        bound = bound_ahead(case, event, event.payload, ahead) if ahead is not None else None
        asked = leaf if bound is None else replace(leaf, comparison=replace(leaf.comparison, bound=bound))
        undesigned = ("buffer-not-designed",) if ahead is not None and bound is None else ()
        found.append(
            Run(
                event=event,
                generation=path.index(event.subject.model),
                position=case.position(event.subject.model, event.subject.weights),
                shows=shown(measure, asked, event.payload.result),
                faults=(*faults(case, measure, event), *undesigned),
                stale=not case.young(event, limits),
            )
        )
    return found


def before_fork(case: Case, run: Run) -> bool:
    """Whether the checkpoint that ran was named no later than the next model on the way down was registered."""
    path = case.path(case.model)
    forked = case.registered_at(path[run.generation + 1])
    return forked is not None and case.first_named(path[run.generation], run.position) <= forked


def rules_out_here(case: Case, measure: Measure, run: Run) -> bool:
    """3.3: whether a ruling-out by this run reaches the model, digest and action asked about."""
    here = (len(case.path(case.model)) - 1, case.position(case.model, case.weights))
    if run.place == here:
        return True
    if run.generation < here[0]:
        carried = measure.carries is Carries.TO_DESCENDANTS and not ships(case.asked.action)
        return carried and before_fork(case, run)
    earlier = run.position < here[1]
    return earlier and (not ships(case.asked.action) or measure.carries is Carries.WHILE_FRESH)


def reaches_here(case: Case, run: Run) -> bool:
    """3.3: reached reaches the digest it ran on, every later checkpoint and every descendant."""
    here = (len(case.path(case.model)) - 1, case.position(case.model, case.weights))
    return run.generation < here[0] or run.position <= here[1]


def displaced(case: Case, run: Run, all_runs: Sequence[Run], against: Truth, limits: Sequence[Freshness]) -> list[Run]:
    """3.3: the runs that displace an inherited reached: fresh rulings-out on a later checkpoint of the path.

    One that was fresh at some instant at which both had occurred displaces for good.
    """
    here = (len(case.path(case.model)) - 1, case.position(case.model, case.weights))
    if run.place == here:
        return []
    return [
        other
        for other in all_runs
        if other.shows is against
        and not other.faults
        and other.place > run.place
        and (before_fork(case, other) if other.generation < here[0] else other.position <= here[1])
        and _was_fresh(case, other, run, limits)
    ]


def _was_fresh(case: Case, later: Run, earlier: Run, limits: Sequence[Freshness]) -> bool:
    start = max(later.event.occurred, earlier.event.occurred)
    instants = {start, case.now, *(event.occurred for event in case.events if event.occurred >= start)}
    return any(case.at(instant).young(later.event, limits) for instant in instants)


def measured_in_threshold(
    case: Case, leaf: Measured, inherited: Sequence[Freshness], *, reaching: Truth, ahead: Fraction | None = None
) -> Value:
    """3.3: a measured leaf inside a threshold, where `reaching` is the value that helps `reached-when` to be true.

    `ahead` is the margin by which the threshold must be ruled out, where one is asked.
    """
    measure = case.policy.measures[leaf.measure]
    limits = age_limits(case, leaf, inherited)
    found = runs(case, leaf, limits, ahead)
    reached = [run for run in found if run.shows is reaching and reaches_here(case, run)]
    standing = [run for run in reached if not displaced(case, run, found, ~reaching, limits)]
    would_rule_out = [run for run in found if run.shows is ~reaching and rules_out_here(case, measure, run)]
    ruled_out = [run for run in would_rule_out if run.adequate]
    if standing:
        reasons = ("contradicted",) if ruled_out else ()
        return resting_on(reaching, (run.event for run in standing), *reasons)
    if ruled_out:
        return resting_on(~reaching, (run.event for run in ruled_out))
    undecided = any(run.shows is Truth.UNKNOWN and rules_out_here(case, measure, run) for run in found)
    return unknown(_why_unknown(would_rule_out, undecided=undecided))


def measured_elsewhere(case: Case, leaf: Measured, inherited: Sequence[Freshness], *, restricting: Truth) -> Value:
    """9: elsewhere only adequate runs count, on the own digest and, for train and store, on earlier checkpoints.

    Where they contradict one another the leaf is whatever restricts: true where true does, else unknown.
    """
    limits = age_limits(case, leaf, inherited)
    here = (len(case.path(case.model)) - 1, case.position(case.model, case.weights))
    near = [
        run
        for run in runs(case, leaf, limits)
        if run.generation == here[0]
        and (run.position == here[1] or (run.position < here[1] and not ships(case.asked.action)))
    ]
    true = [run for run in near if run.shows is Truth.TRUE and run.adequate]
    false = [run for run in near if run.shows is Truth.FALSE and run.adequate]
    if true and false:
        if restricting is Truth.TRUE:
            return resting_on(Truth.TRUE, (run.event for run in true), "contradicted")
        return unknown("contradicted")
    if true:
        return resting_on(Truth.TRUE, (run.event for run in true))
    if false:
        return resting_on(Truth.FALSE, (run.event for run in false))
    would_decide = [run for run in near if run.shows is not Truth.UNKNOWN]
    return unknown(_why_unknown(would_decide, undecided=len(would_decide) < len(near)))


def _why_unknown(inadequate: Sequence[Run], *, undecided: bool) -> str:
    """4.1: the reason of the newest run that only its inadequacy keeps from deciding, else imprecise, else missing."""
    if inadequate:
        newest = max(inadequate, key=lambda run: (run.event.occurred, run.event.recorded, run.event.index))
        return "stale" if newest.stale else newest.faults[0]
    return "imprecise" if undecided else "missing"
