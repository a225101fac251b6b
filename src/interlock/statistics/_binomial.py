"""Exact one-sided binomial bounds (Clopper and Pearson 1934), compared with a share without being computed.

Implements LANGUAGE 4.2 and 4.9 for counts: k successes in n independent trials, confidence c. The lower bound L is the
share at which P(X >= k) = 1 - c, and 0 where k = 0; the upper bound U that at which P(X <= k) = 1 - c, and 1 where
k = n. Both tails are continuous and strictly monotone in the share, so that for 0 < share < 1

    sign(L - share) = -sign(P(X >= k | share) - (1 - c)),      sign(U - share) = -sign(P(X >= k + 1 | share) - c),

the second because P(X <= k) = 1 - P(X >= k + 1). Those signs are decided exactly: as a sum of integers where the work
is small, else by enclosures of rising precision (`_enclosure`), and by the sum where they do not decide.
Assumes independent trials; says nothing about clusters. Pure; results are remembered.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Final

from interlock.statistics._enclosure import Ratios, sign_of_outer_share
from interlock.statistics._errors import StatisticsError
from interlock.statistics._inputs import check_confidence, check_count, check_rational

# Below this many bits in share ** trials the sum itself is as quick as an enclosure.
_SUM_AT_ONCE: Final = 512
_FIRST_PRECISION: Final = 32
_HALF: Final = Fraction(1, 2)


def compare_binomial_lower(successes: int, trials: int, *, share: Fraction, confidence: Fraction) -> int:
    """Return the sign of L - share: 1 if the lower bound is above, 0 if it is exactly the share, -1 if below.

    `at-least` is true iff this is 0 or 1, `more-than` iff it is 1 (LANGUAGE 4.2). Raises StatisticsError for more
    successes than trials, no trials, more than 1,000,000,000 of them, or a confidence outside (0, 1).

    >>> compare_binomial_lower(1, 1, share=Fraction(5, 100), confidence=Fraction(95, 100))
    0
    """
    check_binomial(successes, trials, confidence)
    check_rational("share", share)
    return _compare_lower(successes, trials, share, confidence)


def compare_binomial_upper(successes: int, trials: int, *, share: Fraction, confidence: Fraction) -> int:
    """Return the sign of U - share: 1 if the upper bound is above, 0 if it is exactly the share, -1 if below.

    `below` is true iff this is -1, `at-most` iff it is -1 or 0. Raises as `compare_binomial_lower`.

    >>> compare_binomial_upper(0, 5, share=Fraction(1, 2), confidence=Fraction(95, 100))
    -1
    """
    check_binomial(successes, trials, confidence)
    check_rational("share", share)
    return _compare_upper(successes, trials, share, confidence)


def check_binomial(successes: int, trials: int, confidence: Fraction) -> None:
    """Raise StatisticsError unless these can be counts of one experiment and a confidence."""
    check_count("successes", successes)
    check_count("trials", trials)
    if trials == 0:
        msg = "expected at least 1 trial, got `0`"
        raise StatisticsError(msg)
    if successes > trials:
        msg = f"expected at most as many successes as the `{trials}` trials, got `{successes}`"
        raise StatisticsError(msg)
    check_confidence(confidence)


@lru_cache(maxsize=4096)
def _compare_lower(successes: int, trials: int, share: Fraction, confidence: Fraction) -> int:
    return lower_sign(successes, trials, share, confidence)


@lru_cache(maxsize=4096)
def _compare_upper(successes: int, trials: int, share: Fraction, confidence: Fraction) -> int:
    if successes == trials:
        return _sign(1 - share)
    if not 0 < share < 1:
        return 1 if share <= 0 else -1
    return -_sign_of_tail(successes + 1, trials, share, confidence)


def lower_sign(successes: int, trials: int, share: Fraction, confidence: Fraction) -> int:
    """Return the sign of L - share for arguments already checked, without remembering it."""
    if successes == 0:
        return _sign(-share)
    if not 0 < share < 1:
        return 1 if share <= 0 else -1
    return -_sign_of_tail(successes, trials, share, 1 - confidence)


def _sign_of_tail(least: int, trials: int, share: Fraction, target: Fraction) -> int:
    """Return the sign of P(X >= least | share) - target, for 1 <= least <= trials and 0 < share < 1."""
    if share == _HALF and 2 * least == trials + 1:
        return _sign(_HALF - target)  # by symmetry, and an equality that no enclosure can see
    size = trials * share.denominator.bit_length()
    if size <= _SUM_AT_ONCE:
        return _sign_by_sum(least, trials, share, target)
    precision = _FIRST_PRECISION
    while precision < size:
        sign = _sign_by_enclosure(least, trials, share, target, precision)
        if sign is not None:
            return sign
        precision *= 4
    return _sign_by_sum(least, trials, share, target)


def _sign_by_sum(least: int, trials: int, share: Fraction, target: Fraction) -> int:
    """Add up C(n, i) a^i (b - a)^(n - i) for i from n down to `least`, with share = a/b; compare with target * b^n."""
    hit, miss = share.numerator, share.denominator - share.numerator
    term = total = hit**trials
    for i in range(trials, least, -1):
        term = term * (i * miss) // ((trials - i + 1) * hit)  # exact: the next term is a whole number
        total += term
    return _sign(total * target.denominator - target.numerator * share.denominator**trials)


def _sign_by_enclosure(least: int, trials: int, share: Fraction, target: Fraction, precision: int) -> int | None:
    """Return the sign, or None where `precision` bits do not decide it.

    The mode is m = floor((n + 1) share). From i to i + 1 the terms' ratio is (n - i) a / ((i + 1)(b - a)), at most 1
    iff i + 1 >= (n + 1) a/b; from i to i - 1 it is i (b - a) / ((n - i + 1) a), at most 1 iff i <= (n + 1) a/b. Both
    fall on the way. Where the tail holds the mode, its complement is compared instead.
    """
    hit, miss = share.numerator, share.denominator - share.numerator
    mode = (trials + 1) * hit // share.denominator
    up = Ratios(
        numerator=(trials - mode) * hit, numerator_step=-hit, denominator=(mode + 1) * miss, denominator_step=miss
    )
    down = Ratios(
        numerator=mode * miss, numerator_step=-miss, denominator=(trials - mode + 1) * hit, denominator_step=hit
    )
    precision += trials.bit_length()  # room for the roundings of some sqrt(n) terms; it decides speed, not truth
    if least > mode:
        return sign_of_outer_share(up, least - mode, down, target, precision)
    complement = sign_of_outer_share(down, mode - least + 1, up, 1 - target, precision)
    return None if complement is None else -complement


def _sign(number: Fraction | int) -> int:
    return (number > 0) - (number < 0)
