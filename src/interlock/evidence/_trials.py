"""From tries to trials: the independent or clustered observations that a measure counts (LANGUAGE 1, 5).

Without `unit-passes` each try is a trial: one epoch gives independent trials, several give one cluster for each sample.
With `unit-passes: {at-least: a, of: b}` each sample is one trial, passed once a of its b tries pass, failed when all b
are decided and fewer passed, and undecided otherwise. A measure whose unit names a cluster (`{task: family}`) groups
its trials by that key of the samples' metadata.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from interlock.evidence._log import EvaluationLog, Finding, Row
from interlock.evidence._tries import Outcome, Try

PROPORTION: Final = "proportion"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPasses:
    """A unit passes if at least `at_least` of its `of` tries do."""

    at_least: int
    of: int

    def __post_init__(self) -> None:
        """Refuse numbers that no run can meet; ValueError."""
        if not 1 <= self.at_least <= self.of:
            msg = f"at least {self.at_least} of {self.of} tries can't be asked; expected 1 <= at-least <= of"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingRule:
    """How the measure of a policy counts: its id, statistic, the metadata key of its clusters, and `unit-passes`."""

    measure: str
    statistic: str = PROPORTION
    cluster_key: str | None = None
    unit_passes: UnitPasses | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One observation of the measure; `cluster` is None where the trials are independent."""

    cluster: str | None
    outcome: Outcome
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Successes among the trials of one cluster."""

    id: str
    successes: int
    trials: int


def planned_tries(log: EvaluationLog, judged: Sequence[Try]) -> dict[str, tuple[Try, ...]]:
    """Return the tries that the run set out to make, by sample; those without a row are undecided.

    Samples come in the order of the plan. Where the log does not list them they are sorted, and as many as are lacking
    to the stated number stand at the end, under names that no log can hold.
    """
    known = {(one.sample, one.epoch): one for one in judged}
    epochs = range(1, log.scope.epochs + 1)
    return {
        sample: tuple(known.get((sample, epoch)) or _missing(sample, epoch) for epoch in epochs)
        for sample in _samples(log, judged)
    }


def _samples(log: EvaluationLog, judged: Sequence[Try]) -> tuple[str, ...]:
    if log.scope.samples is not None:
        return log.scope.samples
    recorded = sorted({one.sample for one in judged})
    lacking = (log.scope.sample_count or 0) - len(recorded)
    return (*recorded, *(f"\0{number}" for number in range(1, lacking + 1)))


def _missing(sample: str, epoch: int) -> Try:
    return Try(sample=sample, epoch=epoch, outcome=Outcome.UNDECIDED, why="no-record")


def trials_of(
    tries: Mapping[str, tuple[Try, ...]], rule: CountingRule, clusters: Mapping[str, str] | None
) -> tuple[Trial, ...]:
    """Return the trials of the measure; `clusters` names each sample's, None where the measure names none."""
    trials: list[Trial] = []
    for sample, own in tries.items():
        if rule.unit_passes is not None:
            cluster = None if clusters is None else clusters.get(sample, sample)
            outcome, why = _unit(own, rule.unit_passes)
            trials.append(Trial(cluster=cluster, outcome=outcome, why=why))
            continue
        cluster = clusters.get(sample, sample) if clusters is not None else (sample if len(own) > 1 else None)
        trials.extend(Trial(cluster=cluster, outcome=one.outcome, why=one.why) for one in own)
    return tuple(trials)


def _unit(tries: Sequence[Try], needed: UnitPasses) -> tuple[Outcome, str]:
    passed = sum(1 for one in tries if one.outcome is Outcome.PASSED)
    if passed >= needed.at_least:
        return Outcome.PASSED, ""
    undecided = [one.why for one in tries if one.outcome is not Outcome.PASSED and one.outcome is not Outcome.FAILED]
    if undecided:
        return Outcome.UNDECIDED, undecided[0]
    if len(tries) < needed.of:
        return Outcome.UNDECIDED, "too-few-tries"
    return Outcome.FAILED, ""


def clusters_by_key(rows: Sequence[Row], key: str) -> Mapping[str, str] | Finding:
    """Return each sample's cluster by its metadata's `key`, or the finding that says why there is none."""
    clusters: dict[str, str] = {}
    for row in rows:
        value = row.metadata.get(key)
        if value is None:
            detail = (
                f"the metadata of `{row.sample}` has no text or whole number `{key}`, by which the measure clusters"
            )
            return Finding("no-cluster-key", detail)
        if clusters.setdefault(row.sample, str(value)) != str(value):
            return Finding(
                "cluster-disagrees", f"the sample `{row.sample}` has different values of `{key}` in different epochs"
            )
    return clusters


def count(trials: Sequence[Trial], outcome: Outcome) -> int:
    """Return the number of trials with that outcome."""
    return sum(1 for trial in trials if trial.outcome is outcome)


def grouped(trials: Sequence[Trial]) -> tuple[Cluster, ...]:
    """Return successes and trials of each cluster, in the order in which the clusters first occur."""
    groups: defaultdict[str, list[Trial]] = defaultdict(list)
    for trial in trials:
        groups[trial.cluster or ""].append(trial)
    return tuple(
        Cluster(id=name, successes=count(group, Outcome.PASSED), trials=len(group)) for name, group in groups.items()
    )
