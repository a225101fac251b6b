"""Enclosures of tails: between which two rationals the tail of a unimodal distribution lies, in integers alone.

Implements LANGUAGE 4.9 for both the binomial (`_binomial`) and the Poisson (`_poisson`) distribution.
The mode's term is called 1 and every other term is built from its neighbour by a ratio of integers, so that no
power, factorial or exponential is ever evaluated; the tail is a sum of such terms over the sum of all.

Proof of the bounds. Write P for the precision in bits, T_0 = 2^P for the mode's term and T_1, T_2, ... for the terms
met on the way from the mode to one end, T_(i+1) = r_i T_i. Away from the mode the ratios never exceed 1 and never
grow. `descend` computes t_0 = 2^P and t_(i+1) = floor(r_i t_i).

1. 0 <= T_i - t_i <= i. By induction: t <= T holds because the floor only takes away, and
   T_(i+1) - t_(i+1) = r_i (T_i - t_i) + (r_i t_i - floor(r_i t_i)) < 1 * i + 1.
2. The walk stops at the first t_(j+1) = 0. By then 0 <= T_(j+1) <= j + 1, and r_j < 1 since t_j >= 1. What was not
   added is T_(j+1) + T_(j+2) + ... <= (j + 1)(1 + r_j + r_j^2 + ...) = (j + 1) / (1 - r_j).
3. A sum of some of t_1 ... t_j is therefore at most the true sum, and short of the true sum, end included, by at most
   `error` = 1 + 2 + ... + j + (j + 1) / (1 - r_j), rounded up.

`sign_of_outer_share` compares with those two bounds and abstains when they do not decide; callers then raise P.
Nothing rests on floating point: the answer is the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratios:
    """The ratios of successive terms on the way from the mode to one end.

    The i-th, from 0, is (numerator + i * numerator_step) / (denominator + i * denominator_step): positive integers
    (the numerator may reach 0, where the terms end), a ratio of at most 1, none larger than the one before.
    """

    numerator: int
    numerator_step: int
    denominator: int
    denominator_step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Descent:
    """Lower bounds of two sums of terms, before the mark and from it on, and by how much either may be short."""

    inner: int
    outer: int
    error: int


def descend(ratios: Ratios, mark: int, mode: int) -> Descent:
    """Sum the terms beyond the mode, whose own term is the integer `mode` and has index 0; `mark` is 1 or more."""
    numerator, denominator = ratios.numerator, ratios.denominator
    numerator_step, denominator_step = ratios.numerator_step, ratios.denominator_step
    total = inner = index = 0
    term = mode * numerator // denominator
    while term:
        index += 1
        if index == mark:
            inner = total
        total += term
        numerator += numerator_step
        denominator += denominator_step
        term = term * numerator // denominator
    if index < mark:
        inner = total
    beyond = -(-(index + 1) * denominator // (denominator - numerator))
    return Descent(inner=inner, outer=total - inner, error=index * (index + 1) // 2 + beyond)


def sign_of_outer_share(outwards: Ratios, mark: int, opposite: Ratios, share: Fraction, precision: int) -> int | None:
    """Return the sign of (probability of the terms from `mark` on along `outwards`) - share; None if P is too low.

    `opposite` leads from the mode to the other end. Reads about 2 sqrt(2 P ln 2) standard deviations of terms.
    """
    mode = 1 << precision
    near, far = descend(outwards, mark, mode), descend(opposite, 1, mode)
    least_outer, most_outer = near.outer, near.outer + near.error
    least_all = mode + near.inner + near.outer + far.outer
    most_all = least_all + near.error + far.error
    if most_outer * share.denominator < share.numerator * least_all:
        return -1
    if least_outer * share.denominator > share.numerator * most_all:
        return 1
    return None
