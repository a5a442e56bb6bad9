"""How often pilots with no change at all are called changed: `python -m bench.no_change`.

Each made-up pilot has a season and, where said, calls that come in bunches; nothing else changes. Every release from
the fifth quarter to the twelfth makes the one comparison of portal/figures/decisions/changing.py, for each number.
"""

from collections.abc import Callable
from math import cos, pi

from numpy.random import Generator, default_rng

from portal.figures.decisions.changing import YEAR, RunQuarters, compared_quarters, compared_runs, of_counts, of_shares

QUARTERS, SEASON = 12, 0.12  # three years; the busiest month of a year lies 12% over the mean
RUN = 40  # responses that close a run
PAIRS = [pair for quarters in range(QUARTERS + 1) if (pair := compared_quarters(quarters))]
Pilot = Callable[[Generator], list[bool]]  # for each release, whether it is called changed


def _by_month(rng: Generator, per_month: float, bunches: float) -> list[int]:
    """Counts of each month: Poisson, or with `bunches` times its variance (negative binomial)."""
    expected = [per_month * (1 + SEASON * cos(2 * pi * (month - 6) / 12)) for month in range(3 * QUARTERS)]
    if bunches <= 1:
        return [int(count) for count in rng.poisson(expected)]
    return [int(rng.negative_binomial(mean / (bunches - 1), 1 / bunches)) for mean in expected]


def counts(per_month: float, bunches: float = 1.0) -> Pilot:
    """Pilots that count calls by month, such as crisis calls or responses."""
    def pilot(rng: Generator) -> list[bool]:
        found = _by_month(rng, per_month, bunches)
        months = [[[found[3 * quarter + month] for quarter in side for month in range(3)] for side in pair]
                  for pair in PAIRS]
        return [of_counts(now, before, len(now), len(before)).clear for now, before in months]
    return pilot


def shares(per_quarter: int, part: float) -> Pilot:
    """Pilots that count a share of so many by quarter, such as the calls it went to, of those it could take."""
    def pilot(rng: Generator) -> list[bool]:
        totals = rng.poisson(per_quarter, QUARTERS) + 1
        tops = rng.binomial(totals, part)
        return [of_shares(*((float(tops[list(side)].sum()), float(totals[list(side)].sum())) for side in pair)).clear
                for pair in PAIRS]
    return pilot


def shares_by_run(per_quarter: int, part: float) -> Pilot:
    """Pilots that count a share of all responses by run, such as arrests: a run ends with the quarter that fills it."""
    def pilot(rng: Generator) -> list[bool]:
        totals = rng.poisson(per_quarter, QUARTERS)
        tops = rng.binomial(totals, part)
        runs: list[RunQuarters] = []
        changed, first = [], 0
        for quarter in range(QUARTERS):
            if totals[first:quarter + 1].sum() >= RUN:
                runs.append((first, quarter))
                first = quarter + 1
            if quarter >= YEAR and (pair := compared_runs(runs)):
                now, before = ((sum(float(counts[begin:end + 1].sum()) for begin, end in map(runs.__getitem__, side))
                                for counts in (tops, totals)) for side in pair)
                changed.append(of_shares((next(now), next(now)), (next(before), next(before))).clear)
        return changed
    return pilot


def any_of(*pilots: Pilot) -> Pilot:
    """Pilots that publish several numbers, which are independent of each other."""
    return lambda rng: [changed for pilot in pilots for changed in pilot(rng)]


def seven(bunches_of_calls: float = 1.0, bunches_of_responses: float = 1.0) -> Pilot:
    """Pilots with the seven numbers that the portal compares, at 110 calls and 5 responses a month."""
    return any_of(counts(110, bunches_of_calls), counts(5, bunches_of_responses), shares(24, 0.73),
                  *(shares_by_run(15, part) for part in (0.02, 0.03, 0.2, 0.48)))


def ever_changed(pilot: Pilot, pilots: int, seed: int = 1) -> float:
    """The share of so many pilots (0 to 1) that any release of three years calls changed."""
    rng = default_rng(seed)
    return sum(any(pilot(rng)) for _ in range(pilots)) / pilots


def _report(pilots: int = 4000) -> None:
    for name, pilot in (
            ("110 calls a month", counts(110)), ("the same, bunches of 1.3", counts(110, 1.3)),
            ("the same, bunches of 1.6", counts(110, 1.6)), ("5 a month", counts(5)),
            ("the same, bunches of 1.6", counts(5, 1.6)), ("a share of 24 a quarter, 73%", shares(24, 0.73)),
            ("a share of 9 a quarter, 73%", shares(9, 0.73)), ("a share by run, 20%", shares_by_run(15, 0.2)),
            ("at least one of seven numbers", seven()), ("the same in bunches of 1.3 and 1.6", seven(1.3, 1.6))):
        print(f"{name}: {100 * ever_changed(pilot, pilots):.1f}% of {pilots} pilots")


if __name__ == "__main__":
    _report()
