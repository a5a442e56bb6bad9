"""Is it changing? One comparison, fixed beforehand: the newest quarters against the same quarters of the first year.

With no change at all, about one release in a hundred is called changed, and 4 to 10 pilots in a hundred at some time in
three years (bench/no_change.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.figures.statistics import Estimate, rate_ratio, share_difference

LEVEL = 0.99
YEAR = 4  # quarters
RunQuarters = tuple[int, int]  # the first and the last quarter of a run, counted from 0 since the base year began


@dataclass(frozen=True)
class Change:
    """The newest count or share beside that of the first year: their ratio or difference with its 99% interval; whether
    the interval leaves out no change (`clear`); by how much the months vary more than single calls would (1: not).
    """

    now: float
    before: float
    estimate: Estimate
    clear: bool
    bunching: float = 1.0


def compared_quarters(quarters: int) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Which of so many quarters since the base year began are compared: the newest ones, four at most, and the same
    quarters of the first year; None before the fifth (too early).
    """
    newest = tuple(range(quarters - min(YEAR, quarters - YEAR), quarters))
    return (newest, tuple(at % YEAR for at in newest)) if quarters > YEAR else None


def compared_runs(runs: Sequence[RunQuarters]) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Which runs, in order of time, are compared: the newest that make up four quarters or more, and those that end in
    the first four; None until both are there (too early).
    """
    first = tuple(at for at, (_, last) in enumerate(runs) if last < YEAR)
    newest: list[int] = []
    quarters = 0
    for at in range(len(runs) - 1, len(first) - 1, -1):
        if quarters >= YEAR:
            break
        newest.insert(0, at)
        quarters += runs[at][1] - runs[at][0] + 1
    return (tuple(newest), first) if first and quarters >= YEAR else None


def bunching(now: Sequence[float], before: Sequence[float]) -> float:
    """How much more months vary than if calls came one by one, never below 1: the quasi-likelihood dispersion of each
    month's part of its pair, `before` being the same months of the first year (McCullagh and Nelder, Generalized Linear
    Models, 1989, 4.5).
    """
    totals = [a + b for a, b in zip(now, before, strict=True)]
    part = sum(now) / (sum(totals) or 1)
    if not 0 < part < 1 or len(totals) < 2:
        return 1.0
    spread = sum((a - total * part)**2 / (total * part * (1 - part))
                 for a, total in zip(now, totals, strict=True) if total)
    return max(1.0, spread / (len(totals) - 1))


def of_counts(now: Sequence[float], before: Sequence[float], time_now: float, time_before: float) -> Change:
    """The change of a count in its time (days, hours), by months paired with the first year. Calls that come in
    bunches count for fewer. Raises ValueError on a time that is not above zero.
    """
    dispersion, newest, first = bunching(now, before), sum(now), sum(before)
    ratio = rate_ratio(round(newest / dispersion), round(first / dispersion), time_now, time_before, LEVEL)
    value = (newest / time_now) / (first / time_before) if first else ratio.value
    return Change(newest, first, Estimate(value, ratio.low, ratio.high), not ratio.holds(1), dispersion)


def of_shares(now: tuple[float, float], before: tuple[float, float]) -> Change:
    """The change of a share, each as (count, total), by Newcombe's interval (Statistics in Medicine 1998, 873, method
    10). Raises ValueError where a share is out of nothing.
    """
    difference = share_difference(now, before, LEVEL)
    return Change(now[0] / now[1], before[0] / before[1], difference, not difference.holds(0))
