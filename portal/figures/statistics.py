"""Standard methods for small counts, as pure functions; each names its source. `level` is that of its interval.

Of SciPy only `scipy.special` is used: `scipy.stats` and `scipy.optimize` take most of a second to import, for which
visitors would wait when a server starts with nothing built.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, inf, sqrt
from statistics import NormalDist, fmean

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, pdtr, pdtrik

LEVEL = 0.95
FEWEST_POINTS = 8  # a process-behaviour chart of fewer points has limits too rough to be read
PER_RANGE = 3 / 1.128  # 2.66: three standard deviations, each the mean moving range / d2, d2 = 1.128 for two points


@dataclass(frozen=True)
class Estimate:
    """A number with its interval."""

    value: float
    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether a value lies in the interval, its ends included."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Limits:
    """The middle of a chart of individual values, and between which values normal ups and downs lie."""

    middle: float
    low: float
    high: float


def normal_quantile(chance: float) -> float:
    """The value below which a standard normal number falls with this chance."""
    return NormalDist().inv_cdf(chance)


def binomial_chances(counts: ArrayLike, total: int, share: float) -> NDArray[np.float64]:
    """The chance of exactly each count (0 to `total`), where each of `total` comes up with the chance `share`."""
    at = np.asarray(counts, dtype=np.float64)
    return np.asarray(bdtr(at, total, share) - np.where(at > 0, bdtr(np.maximum(at - 1, 0), total, share), 0.0))


def poisson_chances(counts: ArrayLike, mean: float) -> NDArray[np.float64]:
    """The chance of exactly each count, where `mean` is expected."""
    at = np.asarray(counts, dtype=np.float64)
    return np.asarray(pdtr(at, mean) - np.where(at > 0, pdtr(np.maximum(at - 1, 0), mean), 0.0))


def poisson_quantile(chance: float, mean: float) -> int:
    """The smallest count of which so many or fewer come up with at least this chance, where `mean` is expected."""
    near: int = ceil(pdtrik(chance, mean))
    return near - 1 if near > 0 and pdtr(near - 1, mean) >= chance else near


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """The zero of a monotonic function between `low` and `high`, where its signs differ: by bisection, as exactly as a
    float can say it.
    """
    falls = function(low) > 0
    while low < (middle := (low + high) / 2) < high:
        if (function(middle) > 0) == falls:
            low = middle
        else:
            high = middle
    return middle


def poisson_count(count: int, level: float = LEVEL) -> Estimate:
    """A Poisson count with the mid-p exact interval of its mean: half the probability of the count seen is left out
    (Lancaster, JASA 1961; Cohen and Yang, Statistics in Medicine 1994). Raises ValueError on a count below zero.
    """
    if count < 0:
        raise ValueError("a count is not below zero")

    def below(mean: float) -> float:
        return float(pdtr(count, mean) + (pdtr(count - 1, mean) if count else 0.0)) / 2

    most = 2.0 * count + 30  # beyond any end: six standard deviations and more
    high = _root(lambda mean: below(mean) - (1 - level) / 2, 0, most)
    low = _root(lambda mean: below(mean) - (1 + level) / 2, 0, most) if count else 0.0
    return Estimate(count, low, high)


def _upper_share(count: int, total: int, chance: float) -> float:
    """The share of which `count` or fewer of `total`, with half of `count` itself, come up in `chance` of the cases."""
    if count == total:
        return 1.0

    def excess(share: float) -> float:
        strictly = bdtr(count - 1, int(total), share) if count else 0.0
        return float(bdtr(count, int(total), share) + strictly) / 2 - chance

    return _root(excess, 0, 1)


def rate_ratio(now: int, before: int, time_now: float, time_before: float, level: float = LEVEL) -> Estimate:
    """The rate of one Poisson count over that of another: (now / time_now) / (before / time_before), with the mid-p
    conditional interval. Given their sum, the first count is binomial (Przyborowski and Wilenski, Biometrika 1940);
    half the probability of the count seen is left out (Lancaster, JASA 1961; Berry and Armitage, The Statistician
    1995). Two zeros say nothing: the interval is 0 to infinity.

    Raises ValueError on a time that is not above zero or a count below it.
    """
    if min(time_now, time_before) <= 0 or min(now, before) < 0:
        raise ValueError("a rate needs a time above zero and a count that is not below it")
    total, chance, scale = now + before, (1 - level) / 2, time_before / time_now
    if not total:
        return Estimate(1.0, 0.0, inf)

    def ratio(share: float) -> float:
        return inf if share >= 1 else share / (1 - share) * scale

    low = 1 - _upper_share(before, total, chance)
    return Estimate(ratio(now / total), ratio(low), ratio(_upper_share(now, total, chance)))


def share(count: float, total: float, level: float = LEVEL) -> Estimate:
    """A share from 0 to 1 with Wilson's score interval (Wilson, JASA 1927; Newcombe, Statistics in Medicine 1998, 857,
    method 3). Raises ValueError where it is out of nothing or of less than itself.
    """
    if total <= 0 or not 0 <= count <= total:
        raise ValueError("a share is out of something, and of no less than itself")
    z = normal_quantile((1 + level) / 2)
    part = count / total
    middle, wide = part + z**2 / (2 * total), z * sqrt(part * (1 - part) / total + z**2 / (4 * total**2))
    low, high = (middle - wide) / (1 + z**2 / total), (middle + wide) / (1 + z**2 / total)
    return Estimate(part, 0.0 if not count else low, 1.0 if count == total else high)


def share_difference(now: tuple[float, float], before: tuple[float, float], level: float = LEVEL) -> Estimate:
    """One share less another, each as (count, total), with Newcombe's interval from the two score intervals (Newcombe,
    Statistics in Medicine 1998, 873, method 10). Raises ValueError as `share` does.
    """
    new, old = share(*now, level), share(*before, level)
    gap = new.value - old.value
    return Estimate(gap, gap - sqrt((new.value - new.low) ** 2 + (old.high - old.value) ** 2),
                    gap + sqrt((new.high - new.value) ** 2 + (old.value - old.low) ** 2))


def xmr(values: Sequence[float]) -> Limits:
    """The limits of a chart of individual values: mean ± 2.66 × mean moving range, never below zero (Shewhart 1931;
    Wheeler, Understanding Variation, 1993). Raises ValueError with fewer than FEWEST_POINTS.
    """
    if len(values) < FEWEST_POINTS:
        raise ValueError(f"limits take {FEWEST_POINTS} points or more")
    middle = fmean(values)
    wide = PER_RANGE * fmean(abs(after - before) for before, after in pairwise(values))
    return Limits(middle, max(0.0, middle - wide), middle + wide)
