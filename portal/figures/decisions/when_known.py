"""When will we know? After how many quarters a stated change could be distinguished from chance, by exact power."""

from collections.abc import Callable
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, bdtrik, pdtr

from portal.figures.statistics import binomial_chances, normal_quantile, poisson_chances, poisson_quantile

POWER = 0.8  # eight of ten pilots with the change would be seen to have it
LONGEST = 80  # quarters: over 20 years is practically never
TAIL = 1e-9  # of each count's distribution, left out
BY_YEARS, BY_GOAL = 4, 40  # quarters: the most for comparing years, and for a goal to be worth the wait
QuarterCounts = NDArray[np.float64]
Flags = NDArray[np.bool_]
Way = Literal["years", "goal", "never"]


def _counts(low: float, high: float) -> QuarterCounts:
    """All whole counts from `low` to `high`."""
    return np.arange(low, high + 1, dtype=np.float64)


def _likely_of(total: int, share: float) -> QuarterCounts:
    """The counts out of `total` that come up, but for TAIL of the cases at each end."""
    low, high = np.ceil(bdtrik([TAIL, 1 - TAIL], total, share)) if 0 < share < 1 else (total * share, total * share)
    return _counts(max(low - 1, 0), high)


def _likely(mean: float) -> QuarterCounts:
    """The counts that come up where `mean` is expected, but for TAIL of the cases at each end."""
    return _counts(poisson_quantile(TAIL, mean), poisson_quantile(1 - TAIL, mean))


def _wilson(count: QuarterCounts, total: int, z: float) -> tuple[QuarterCounts, QuarterCounts]:
    """The ends of Wilson's interval (JASA 1927) of each count out of `total`."""
    share = count / total
    half = z * np.sqrt(share * (1 - share) / total + z**2 / (4 * total**2))
    middle = share + z**2 / (2 * total)
    return (middle - half) / (1 + z**2 / total), (middle + half) / (1 + z**2 / total)


def _two_shares(total: int, before: float, after: float, level: float) -> float:
    """The chance that Newcombe's interval leaves out no change on the right side: each share out of `total`."""
    first, second = (_likely_of(total, share) for share in (before, after))
    z = normal_quantile((1 + level) / 2)
    (low_1, high_1), (low_2, high_2) = (_wilson(counts, total, z) for counts in (first, second))
    difference = (second[None, :] - first[:, None]) / total
    if after > before:
        down = (second / total - low_2)[None, :]**2 + (high_1 - first / total)[:, None]**2
        significant = difference - np.sqrt(down) > 0
    else:
        up = (high_2 - second / total)[None, :]**2 + (first / total - low_1)[:, None]**2
        significant = difference + np.sqrt(up) < 0
    return float(binomial_chances(first, total, before) @ significant @ binomial_chances(second, total, after))


def _against_a_goal(up_to: QuarterCounts, at: QuarterCounts, rises: bool, level: float) -> Flags:
    """Whether each count is significant: whether its mid-p tail, on the side of the change, is small enough. `up_to`,
    `at`: the chances of a count of at most this one and of exactly this one, without any change.
    """
    tail = (1 - up_to if rises else up_to - at) + at / 2
    significant: Flags = tail <= (1 - level) / 2
    return significant


def _one_share(total: int, before: float, after: float, level: float) -> float:
    """The chance that the mid-p exact binomial test against a goal of `before` is significant."""
    counts = _likely_of(total, after)
    significant = _against_a_goal(bdtr(counts, total, before), binomial_chances(counts, total, before),
                                  after > before, level)
    return float(significant @ binomial_chances(counts, total, after))


def _one_rate(expected: float, factor: float, level: float) -> float:
    """The chance that the mid-p exact Poisson test against a goal of `expected` is significant."""
    counts = _likely(expected * factor)
    significant = _against_a_goal(pdtr(counts, expected), poisson_chances(counts, expected), factor > 1, level)
    return float(significant @ poisson_chances(counts, expected * factor))


def _critical(totals: QuarterCounts, rises: bool, level: float) -> QuarterCounts:
    """For each sum of two counts, the smallest second count (the largest, where it falls) that is significant: one in
    the mid-p tail of a fair coin. It is searched for near the normal approximation.
    """
    near = np.round(totals / 2 + (1 if rises else -1) * normal_quantile((1 + level) / 2) * np.sqrt(totals) / 2)
    counts = np.clip(near[:, None] + np.arange(-4, 5), 0, totals[:, None])
    below = np.where(counts > 0, bdtr(np.maximum(counts - 1, 0), totals[:, None].astype(int), 0.5), 0.0)
    up_to = bdtr(counts, totals[:, None].astype(int), 0.5)
    significant = _against_a_goal(up_to, up_to - below, rises, level)
    critical: QuarterCounts = (np.min(np.where(significant, counts, np.inf), axis=1) if rises
                               else np.max(np.where(significant, counts, -np.inf), axis=1))
    return critical


def _two_rates(expected: float, factor: float, level: float) -> float:
    """The chance that the mid-p conditional interval of two counts leaves out no change on the right side."""
    first, second = (_likely(mean) for mean in (expected, expected * factor))
    totals = _counts(first[0] + second[0], first[-1] + second[-1])
    critical = _critical(totals, factor > 1, level)[(first[:, None] + second[None, :] - totals[0]).astype(int)]
    significant = second[None, :] >= critical if factor > 1 else second[None, :] <= critical
    return float(poisson_chances(first, expected) @ significant @ poisson_chances(second, expected * factor))


@lru_cache(maxsize=2048)
def _first(power: Callable[..., float], each_quarter: float, *parameters: float) -> int | None:
    """The smallest number of quarters, with so much in each, that have power enough, as have the next two (it goes in a
    saw tooth); None where it takes over 20 years. Cached: all languages and many periods ask for the same.
    """
    in_a_row = 0
    for quarters in range(1, LONGEST + 3):
        in_a_row = in_a_row + 1 if power(each_quarter * quarters, *parameters) >= POWER else 0
        if in_a_row == 3:
            return quarters - 2
    return None


def quarters_needed(responses: int, before: float, after: float, fixed: bool, level: float = 0.95) -> int | None:
    """After how many quarters a share that goes from `before` to `after` (each 0 to 1) could be seen, at so many
    `responses` a quarter; None where it takes over 20 years.

    `fixed`: against a goal fixed beforehand, by the mid-p exact binomial (Lancaster, JASA 1961). Else so many quarters
    against as many before them, by Newcombe's interval (Statistics in Medicine 1998, 873, method 10). Raises ValueError
    on shares that are the same or not between 0 and 1, or no responses.
    """
    if before == after or not (0 <= before <= 1 and 0 <= after <= 1) or responses < 1:
        raise ValueError("power needs responses and two different shares from 0 to 1")
    return _first(_one_share if fixed else _two_shares, responses, before, after, level)


def quarters_needed_of_rate(expected: float, factor: float, fixed: bool, level: float = 0.95) -> int | None:
    """As `quarters_needed`, of a count with so many `expected` a quarter that goes to `factor` times as many: against a
    goal by the mid-p exact Poisson test, else by the mid-p conditional interval of the ratio of two rates.
    """
    if expected <= 0 or factor < 0 or factor == 1:
        raise ValueError("power needs a count that is expected, and a change of it")
    return _first(_one_rate if fixed else _two_rates, expected, factor, level)


def known_by(years: int | None, goal: int | None) -> Way:
    """What can show a change: the comparison of years (`years`: quarters needed at 99%), else a goal fixed beforehand
    (`goal`: quarters needed at 95%) within ten years, else practically nothing.
    """
    if years is not None and years <= BY_YEARS:
        return "years"
    return "goal" if goal is not None and goal <= BY_GOAL else "never"
