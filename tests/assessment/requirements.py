"""Short ways to write what a policy asks of a measure, and results that may answer it."""

from __future__ import annotations

from fractions import Fraction

from interlock.assessment import assess
from interlock.policy import Comparator, Comparison
from interlock.record import Cluster, Clusters, Counts, Estimate
from interlock.terms import Quantity, parse_quantity


def asks(text: str) -> Comparison:
    """Return the comparison that a policy writes as `at-least 50%`."""
    word, bound = text.split(" ", 1)
    return Comparison(comparator=Comparator(word), bound=parse_quantity(bound))


def clusters(*counts: tuple[int, int]) -> Clusters:
    """Return clusters of so many successes among so many trials."""
    return Clusters(clusters=tuple(Cluster(id=f"c{i}", successes=k, trials=n) for i, (k, n) in enumerate(counts)))


def estimate(value: str, lower: str | None = None, upper: str | None = None, confidence: str | None = None) -> Estimate:
    """Return a recorded estimate with its bounds."""
    return Estimate(
        estimate=parse_quantity(value),
        lower=_quantity(lower),
        upper=_quantity(upper),
        confidence=None if confidence is None else Fraction(confidence),
    )


def _quantity(text: str | None) -> Quantity | None:
    return None if text is None else parse_quantity(text)


def says(
    result: Counts | Clusters | Estimate, comparison: str, confidence: str | None, *, statistic: str = "proportion"
) -> str:
    """Return the verdict's value, with its trouble or the word for a point estimate."""
    verdict = assess(result, statistic, asks(comparison), None if confidence is None else Fraction(confidence))
    note = verdict.trouble or ("point-estimate" if verdict.point_estimate else None)
    return verdict.value.value if note is None else f"{verdict.value.value}: {note}"
