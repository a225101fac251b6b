"""Amounts: quantities just beside a bound, and results of evaluations at which a comparison turns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from interlock.assessment import assess
from interlock.casebook._writing import Plain
from interlock.policy import Measured
from interlock.record import Counts, Estimate
from interlock.terms import Quantity, Truth, parse_quantity

MILLIONTH: Final = Fraction(1, 1_000_000)
_SIZES: Final = (100, 200, 400, 1000, 2000)
"""Numbers of trials that are tried, smallest first, for one at which the comparison can turn both ways."""
_COUNTED: Final = ("proportion", "rate")
_NUMBER: Final = re.compile(r"([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)(.*)", re.DOTALL)
_FAR: Final = 2


def scaled(quantity: Quantity, factor: Fraction) -> str:
    """Return a quantity times a factor, in the words in which it was stated."""
    match = _NUMBER.fullmatch(quantity.text)
    number, unit = (match[1], match[2]) if match else (quantity.text, "")
    return f"{_decimal(Fraction(number) * factor)}{unit}"


def just_below(quantity: Quantity) -> str:
    """Return a quantity a millionth below another."""
    return scaled(quantity, 1 - MILLIONTH if quantity.magnitude >= 0 else 1 + MILLIONTH)


def just_above(quantity: Quantity) -> str:
    """Return a quantity a millionth above another."""
    return scaled(quantity, 1 + MILLIONTH if quantity.magnitude >= 0 else 1 - MILLIONTH)


def _decimal(number: Fraction) -> str:
    """Return a number in decimal, with an exponent where it is long; exact, since only tens divide it."""
    exponent = 0
    while number != 0 and number.denominator == 1 and number % 10 == 0 and abs(number) >= 10**12:
        number, exponent = number / 10, exponent + 1
    while number.denominator != 1:
        number, exponent = number * 10, exponent - 1
    digits, sign = str(abs(int(number))), "-" if number < 0 else ""
    if exponent > 0:
        return f"{sign}{digits}e{exponent}"
    if exponent < 0:
        digits = digits.rjust(1 - exponent, "0")
        return f"{sign}{digits[:exponent]}.{digits[exponent:]}"
    return f"{sign}{digits}"


# Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A number of successes at which a comparison turns, and what it was with one fewer."""

    successes: int
    trials: int
    was: Truth
    now: Truth


def verdict(leaf: Measured, statistic: str, successes: int, trials: int) -> Truth:
    """Return what so many successes of so many trials say."""
    counts = Counts(successes=successes, trials=trials)
    return assess(counts, statistic, leaf.comparison, leaf.confidence).value


def is_counted(leaf: Measured, statistic: str) -> bool:
    """Return whether counts can speak to the measure."""
    dimension = leaf.comparison.bound.dimension
    return statistic in _COUNTED and dimension == ("share" if statistic == "proportion" else "number")


def turns(leaf: Measured, statistic: str) -> list[Turn]:
    """Return where the comparison turns as successes rise, of the fewest trials at which it turns most often.

    The smallest k of n at each turn: from false to open and from open to true with a confidence, from false to true
    without one, or the other way about.
    """
    best: list[Turn] = []
    for trials in _SIZES:
        found = list(_turns(leaf, statistic, trials))
        if len(found) > len(best):
            best = found
        if leaf.confidence is None and best:
            return best
        if len(best) > 1:
            break
    return best


def _turns(leaf: Measured, statistic: str, trials: int) -> Iterator[Turn]:
    """Yield the turns among so many trials, found by halving: a comparison turns one way only as successes rise."""
    last = verdict(leaf, statistic, trials, trials)
    low = 0
    while (was := verdict(leaf, statistic, low, trials)) is not last:
        unturned, turned = low, trials
        while turned - unturned > 1:
            middle = (unturned + turned) // 2
            if verdict(leaf, statistic, middle, trials) is was:
                unturned = middle
            else:
                turned = middle
        yield Turn(successes=turned, trials=trials, was=was, now=verdict(leaf, statistic, turned, trials))
        low = turned


def result_making(leaf: Measured, statistic: str, *, value: bool, settled: object) -> Plain | None:
    """Return the result of an evaluation that makes the leaf true or false, the `settled` one if that does."""
    wanted = Truth.of(value)
    if isinstance(settled, dict):
        return settled if _shows(leaf, statistic, settled) is wanted else None
    if is_counted(leaf, statistic):
        for trials in _SIZES:
            for successes in (0, trials):
                if verdict(leaf, statistic, successes, trials) is wanted:
                    return {"successes": successes, "trials": trials}
    for factor in (Fraction(1, _FAR), Fraction(_FAR), Fraction(1)):
        text = scaled(leaf.comparison.bound, factor)
        result = estimate_of(leaf, text, text, text)
        if _shows(leaf, statistic, result) is wanted:
            return result
    return None


def estimate_of(leaf: Measured, estimate: str, lower: str, upper: str) -> Plain:
    """Return a recorded estimate that is not merely asserted, at the confidence that the leaf asks for."""
    confidence = "95%" if leaf.confidence is None else f"{_decimal(leaf.confidence * 100)}%"
    return {
        "estimate": estimate,
        "lower": lower,
        "upper": upper,
        "confidence": confidence,
        "method": "computed at intake",
        "log": "sha256:log",
    }


def _shows(leaf: Measured, statistic: str, result: dict[str, Any] | Plain) -> Truth:
    if "trials" in result:
        return verdict(leaf, statistic, result["successes"], result["trials"])
    estimate = Estimate(
        estimate=parse_quantity(result["estimate"]),
        lower=parse_quantity(result["lower"]),
        upper=parse_quantity(result["upper"]),
        confidence=parse_quantity(result["confidence"]).magnitude,
        method=result["method"],
    )
    return assess(estimate, statistic, leaf.comparison, leaf.confidence).value
