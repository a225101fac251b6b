"""Bounds behind a measure: one-sided, exact for counts, decided in integers (LANGUAGE 4.2, 4.9 and 5).

A comparison answers with the sign of (bound - number): the four comparators of a measured leaf are
`at-least` lower >= 0, else false if upper < 0; `more-than` lower > 0, else upper <= 0; `at-most` upper <= 0, else
lower > 0; `below` upper < 0, else lower >= 0. Printed bounds never decide.

>>> from fractions import Fraction
>>> compare_binomial_lower(538, 1000, share=Fraction(1, 2), confidence=Fraction(99, 100))
1
>>> bounds = binomial_bounds(0, 16, Fraction(95, 100))
>>> float(bounds.lower), float(bounds.upper)
(0.0, 0.17075)
"""

from __future__ import annotations

from interlock.statistics._binomial import compare_binomial_lower, compare_binomial_upper
from interlock.statistics._bounds import Bounds, binomial_bounds, poisson_bounds
from interlock.statistics._errors import StatisticsError
from interlock.statistics._poisson import compare_poisson_lower, compare_poisson_upper

__all__ = [
    "Bounds",
    "StatisticsError",
    "binomial_bounds",
    "compare_binomial_lower",
    "compare_binomial_upper",
    "compare_poisson_lower",
    "compare_poisson_upper",
    "poisson_bounds",
]
