"""Words for what a decision holds: conditions, reasons, numbers with their units, roles, instants.

Words explain; what counts is the canonical text in `--json`. A condition that can't be put into words is shown as the
language writes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from interlock.assessment import DISPLAY_CONFIDENCE, bounds_of, observed
from interlock.engine import Decision, MarginOf, Node
from interlock.policy import Comparison, Condition, Policy, denied_in_words, in_words
from interlock.record import Clusters, Counts, EvaluationCompleted
from interlock.terms import Quantity

_DIGEST: Final = re.compile(r"sha256:([0-9a-f]{12})[0-9a-f]{52}")
_HUNDREDTHS: Final = 100

REASONS: Final[Mapping[str, str]] = {
    "missing": "nothing that counts is recorded",
    "stale": "what is recorded is too old, by time or by growth of compute",
    "under-elicited": "it does not declare the elicitation that the measure asks for",
    "imprecise": "the bounds leave it open",
    "asserted": "an estimate without its method or its log",
    "not-registered": "no plan was registered before the run",
    "contradicted": "what is recorded points both ways",
    "contested": "the readings of the text disagree",
    "undefined": "the policy's text does not say yet what this is",
    "displaced": "a later checkpoint was ruled out",
    "does-not-reach": "it ran on another checkpoint, and does not reach the one asked about",
    "incomplete": "the document lacks a section that the policy asks for",
    "wrong-role": "it is the word or the work of another role than the policy names",
    "short-of-what-is-asked": "it is there, and less than what is asked",
    "wrong-statistic": "counts can't speak to this statistic",
    "unit-mismatch": "its unit is not the one that is compared with",
}


def reason_words(reason: str) -> str:
    """Return a reason by its name, with what it means where that is not plain."""
    meaning = REASONS.get(reason)
    return reason if meaning is None else f"{reason}: {meaning}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Glossary:
    """The conditions of a decision's traces, by their canonical text, so that what names one can be put into words."""

    conditions: Mapping[str, tuple[Condition, Policy]]

    @classmethod
    def of(cls, decision: Decision) -> Glossary:
        """Return the glossary of a decision."""
        return cls(
            conditions={
                node.condition: (node.about, standing.policy)
                for standing in decision.restrictions
                for node in standing.nodes()
                if not isinstance(node.about, str)
            }
        )

    def words(self, text: str, *, to: str = "true") -> str:
        """Return what is so where the condition is true (or false); a text that is no condition as it is."""
        found = self.conditions.get(text)
        if found is None:
            return shortened(text)
        return in_words(*found) if to == "true" else denied_in_words(*found)


def node_words(node: Node, policy: Policy) -> str:
    """Return what the node is about, in words."""
    return shortened(node.about) if isinstance(node.about, str) else in_words(node.about, policy)


def shortened(text: str) -> str:
    """Return a text with its digests cut to their first twelve digits."""
    return _DIGEST.sub(r"sha256:\1…", text)


def role_titles(roles: Iterable[str], policies: Iterable[Policy], *, joined_by: str = "and") -> str:
    """Return roles by their titles, as a sentence lists them; nobody's where there are none."""
    known = {name: role.title for policy in policies for name, role in policy.roles.items()}
    titles = [_FIXED.get(role) or (f"{known[role]} (`{role}`)" if role in known else f"`{role}`") for role in roles]
    return f"{', '.join(titles[:-1])} {joined_by} {titles[-1]}" if len(titles) > 1 else "".join(titles)


_FIXED: Final = {"evaluator": "an evaluator", "developer": "the developer"}


def share_words(share: Fraction) -> str:
    """Return a share as a percentage, exactly: `97.5%`."""
    return f"{_decimal(share * 100, 6)}%"


def margin_words(margin: MarginOf) -> str:
    """Return what an evaluation showed: the observed value, the one-sided bounds outward, and what is asked.

    >>> # 34 of 40, asked at 95 %: "85% observed, at least 72.45% and at most 93.06% (each one-sided, at 95%)"
    """
    completed = margin.event.payload
    if not isinstance(completed, EvaluationCompleted):
        return ""
    result, comparison = completed.result, margin.leaf.comparison
    confidence = margin.leaf.confidence or DISPLAY_CONFIDENCE
    countable = margin.statistic in {"proportion", "rate"} or not isinstance(result, Counts | Clusters)
    bounds = bounds_of(result, margin.statistic, confidence) if countable else None
    words = f"{_amount(observed(result), comparison)} observed"
    if bounds is None:
        return f"{words}, without bounds at {share_words(confidence)}"
    lower = _amount(_down(bounds.lower, comparison), comparison)
    upper = _amount(_up(bounds.upper, comparison), comparison)
    return f"{words}, bounds {lower} to {upper} (each one-sided at {share_words(confidence)})"


def comparison_words(comparison: Comparison) -> str:
    """Return what a comparison asks for: `at least 60%`."""
    return f"{comparison.comparator.value.replace('-', ' ')} {comparison.bound}"


def _scale(comparison: Comparison) -> tuple[Fraction, str]:
    """Return how many base units one unit of the bound is, and the unit as the bound states it."""
    bound = comparison.bound
    if bound.dimension == "share":
        return Fraction(1, 100), "%"
    number, unit = _split(bound)
    if not number or not unit:
        return Fraction(1), unit
    return bound.magnitude / number, unit


def _split(quantity: Quantity) -> tuple[Fraction, str]:
    found = re.fullmatch(r"(\S*?) ?([A-Za-z%]*)", quantity.text)
    if found is None or not found[1]:
        return Fraction(0), ""
    return Fraction(found[1]), found[2]


def _amount(value: Fraction, comparison: Comparison) -> str:
    scale, unit = _scale(comparison)
    gap = "" if unit in {"", "%", "x"} else " "
    return f"{_decimal(value / scale, 2)}{gap}{unit}"


def _down(value: Fraction, comparison: Comparison) -> Fraction:
    scale, _ = _scale(comparison)
    return Fraction(value / scale * _HUNDREDTHS // 1, _HUNDREDTHS) * scale


def _up(value: Fraction, comparison: Comparison) -> Fraction:
    scale, _ = _scale(comparison)
    return Fraction(-(-value / scale * _HUNDREDTHS // 1), _HUNDREDTHS) * scale


def _decimal(value: Fraction, digits: int) -> str:
    """Return a number with at most so many digits after the point, marked `≈` where that is not exact."""
    scaled = value * 10**digits
    nearest = round(scaled)
    whole, part = divmod(abs(nearest), 10**digits)
    sign = "-" if nearest < 0 else ""
    text = f"{sign}{whole}.{part:0{digits}d}".rstrip("0").rstrip(".")
    return text if scaled == nearest else f"≈{text}"
