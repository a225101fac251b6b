"""From a result and a requirement to a verdict: what an evaluation shows about a measure (LANGUAGE 4.2).

Pure; counts are decided by exact tails, recorded estimates by their recorded bounds.

>>> from fractions import Fraction
>>> from interlock.policy import Comparator, Comparison
>>> from interlock.record import Counts
>>> from interlock.terms import parse_quantity
>>> half = Comparison(comparator=Comparator.AT_LEAST, bound=parse_quantity("50%"))
>>> assess(Counts(successes=0, trials=5), "proportion", half, Fraction(95, 100)).value.value
'false'
>>> assess(Counts(successes=0, trials=4), "proportion", half, Fraction(95, 100)).value.value
'unknown'
"""

from __future__ import annotations

from interlock.assessment._verdict import DISPLAY_CONFIDENCE, Verdict, assess, bounds_of, compare_bounds, observed

__all__ = ["DISPLAY_CONFIDENCE", "Verdict", "assess", "bounds_of", "compare_bounds", "observed"]
