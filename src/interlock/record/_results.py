"""What an evaluation showed: counts, clusters or an estimate, exactly one of them (LANGUAGE 3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

from interlock.record._fields import Fields
from interlock.record._payloads import Cluster, Clusters, Counts, Estimate
from interlock.record._problems import At
from interlock.record._values import confidence, count, label, signed_quantity, text, trials
from interlock.terms import Quantity

_FORMS: Final = {"counts": ("successes", "trials"), "clusters": ("clusters",), "an estimate": ("estimate",)}
_OF_AN_ESTIMATE: Final = ("lower", "upper", "confidence", "method")
_ONE_OF: Final = "`successes` and `trials`, or `clusters`, or `estimate`"
_CLUSTER: Final = Fields({"id": label, "successes": count, "trials": trials})


def clusters(value: Any, at: At) -> tuple[Cluster, ...] | None:
    """Read the clusters of an evaluation: at least one, each named once."""
    if not isinstance(value, list) or not value:
        at.refuse(value, "a list of clusters, at least one")
        return None
    read = [_cluster(item, at.under(place)) for place, item in enumerate(value)]
    sound = [cluster for cluster in read if cluster is not None]
    seen: set[str] = set()
    for place, cluster in enumerate(read):
        if cluster is None:
            continue
        if cluster.id in seen:
            at.under(place).under("id").report(f"the cluster `{cluster.id}` stands here twice", expected="each id once")
        seen.add(cluster.id)
    return tuple(sound) if len(sound) == len(read) else None


def _cluster(value: Any, at: At) -> Cluster | None:
    fields = _CLUSTER.read(value, at, owner="a cluster")
    counts = _counts(fields, at)
    if counts is None or fields.get("id") is None:
        return None
    return Cluster(id=fields["id"], successes=counts.successes, trials=counts.trials)


def _counts(fields: Mapping[str, Any], at: At) -> Counts | None:
    successes, number = fields.get("successes"), fields.get("trials")
    if successes is None or number is None:
        return None
    if successes > number:
        message = f"`successes` is {successes} of {number} trials"
        at.under("successes").report(message, expected="no more successes than trials")
        return None
    return Counts(successes=successes, trials=number)


RESULT_FIELDS: Final = {
    "successes": count,
    "trials": trials,
    "clusters": clusters,
    "estimate": signed_quantity,
    "lower": signed_quantity,
    "upper": signed_quantity,
    "confidence": confidence,
    "method": text,
}
"""The fields of `evaluation.completed` that state its result."""


def result_of(fields: Mapping[str, Any], at: At) -> Counts | Clusters | Estimate | None:
    """Return the result that the fields state, None where they state none or several; problems are reported.

    `fields` holds every field that was given, with None for one that could not be read.
    """
    stated = [form for form, names in _FORMS.items() if any(name in fields for name in names)]
    if len(stated) != 1:
        found = " and ".join(stated) or "no result"
        at.report(f"the evaluation states {found}", expected=f"exactly one of {_ONE_OF}")
        return None
    form = stated[0]
    missing = [name for name in _FORMS[form] if name not in fields]
    if missing:
        at.report(f"the evaluation has no `{missing[0]}`", expected="`successes` and `trials` together")
        return None
    if form == "an estimate":
        return _estimate(fields, at)
    for name in _OF_AN_ESTIMATE:
        if name in fields:
            message = f"`{name}` goes with an estimate, and the evaluation states {form}"
            at.under(name).report(message, expected=f"{_ONE_OF} with its bounds", on_key=True)
    if form == "clusters":
        return None if fields["clusters"] is None else Clusters(clusters=fields["clusters"])
    return _counts(fields, at)


def _estimate(fields: Mapping[str, Any], at: At) -> Estimate | None:
    estimate = fields["estimate"]
    if estimate is None:
        return None
    check_interval("estimate", fields, at)
    return Estimate(
        estimate=estimate,
        lower=fields.get("lower"),
        upper=fields.get("upper"),
        confidence=fields.get("confidence"),
        method=fields.get("method"),
    )


def check_interval(value_name: str, fields: Mapping[str, Any], at: At) -> None:
    """Report bounds that don't fit one another or the value between them, in unit or in size."""
    value: Quantity | None = fields.get(value_name)
    lower: Quantity | None = fields.get("lower")
    upper: Quantity | None = fields.get("upper")
    for name, bound in (("lower", lower), ("upper", upper)):
        if value is not None and bound is not None and bound.dimension != value.dimension:
            at.under(name).report(
                f"`{name}` is `{bound}` and `{value_name}` is `{value}`: their units do not fit",
                expected=f"one kind of unit ({value.dimension})",
            )
            return
    ordered = [(name, q) for name, q in (("lower", lower), (value_name, value), ("upper", upper)) if q is not None]
    for (low_name, low), (high_name, high) in pairwise(ordered):
        if low.dimension == high.dimension and low.magnitude > high.magnitude:
            at.under(low_name).report(
                f"`{low_name}` is `{low}` and `{high_name}` is `{high}`",
                expected=f"`lower` at most `{value_name}` at most `upper`",
            )
