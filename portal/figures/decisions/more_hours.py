"""What would more hours do? Two estimates for one more weekly shift, and the span between them.

The first counts only the calls that come today in that time of day; the second goes on as the team is asked for now.
"""

from dataclasses import dataclass
from math import exp, hypot, inf, log, sqrt

from portal.figures.statistics import Estimate, poisson_count, poisson_quantile, share

WEEKS_A_QUARTER = 13


@dataclass(frozen=True)
class Year:
    """Four quarters of a pilot: all crisis calls, those that met the rule, those that met it on duty while the team was
    free, those the team went to, and the hours from being sent to being free again that one call takes.
    """

    calls: float
    eligible: float
    free: float
    answered: float
    busy: float


@dataclass(frozen=True)
class MoreHours:
    """Calls a quarter that one more weekly shift would answer.

    `mean` with its 95% interval; what any one quarter may show (`quarter_low` to `quarter_high`); how many calls that
    meet the rule come in those hours (`incoming`); and the share of these (0 to 1) that come while the team is on
    another call (`lost`).
    """

    mean: float
    low: float
    high: float
    quarter_low: float
    quarter_high: float
    incoming: float = inf
    lost: float = 0.0


def taken(rate: float, busy: float, hours: float) -> float:
    """How many calls one team takes in a shift that it begins free, where calls come at `rate` an hour and each takes
    `busy` hours: an alternating renewal process, integrated over the shift (Kleinrock, Queueing Systems I, 1975,
    chapter 3, gives its steady state, Erlang's loss with one server).
    """
    if not busy:
        return rate * hours
    load = 1 + rate * busy
    return rate * (hours / load + rate * busy**2 / load**2 * (1 - exp(-load * hours / busy)))


def product(parts: list[Estimate]) -> Estimate:
    """The product of independent estimates above zero, with its interval by square-and-add on the log scale (MOVER; Zou
    and Donner, Statistics in Medicine 2008).
    """
    value = exp(sum(log(part.value) for part in parts))
    down = sqrt(sum(log(part.value / part.low)**2 for part in parts))
    up = sqrt(sum(log(part.high / part.value)**2 for part in parts))
    return Estimate(value, value * exp(-down), value * exp(up))


def _in_a_quarter(mean: float, low: float, high: float) -> tuple[float, float]:
    """What one quarter may show: the interval of the mean and that of a Poisson count, joined by square-and-add."""
    least, most = (poisson_quantile(chance, mean) for chance in (0.025, 0.975))
    return max(0.0, mean - hypot(mean - low, mean - least)), mean + hypot(high - mean, most - mean)


def more_hours(calls_in_band: int, band_hours: float, year: Year, shift: float = 4) -> MoreHours:
    """What one more shift a week of `shift` hours would answer, if only the calls that come today in that time of day
    (`calls_in_band` in `band_hours` hours) came. Counts of one year.

    The count by mid-p Poisson, the shares by Wilson, their product by MOVER. Raises ValueError where a count is zero:
    nothing can be said from none.
    """
    if min(calls_in_band, year.eligible, year.answered) <= 0 or band_hours <= 0:
        raise ValueError("an estimate needs calls, calls that met the rule, and calls that were answered")
    count = poisson_count(calls_in_band)
    calls_an_hour = Estimate(*(value / band_hours for value in (count.value, count.low, count.high)))
    rate = product([calls_an_hour, share(year.eligible, year.calls), share(year.answered, year.free)])
    mean, low, high = (
        WEEKS_A_QUARTER * taken(calls, year.busy, shift) for calls in (rate.value, rate.low, rate.high)
    )
    eligible = WEEKS_A_QUARTER * shift * calls_an_hour.value * year.eligible / year.calls
    return MoreHours(mean, low, high, *_in_a_quarter(mean, low, high), eligible,
                     1 - mean / (WEEKS_A_QUARTER * rate.value * shift))


def like_today(responses: int, covered_hours: float, shift: float = 4) -> MoreHours:
    """What one more shift a week would answer, if officers asked for the team in it as they do now: the responses of an
    hour on duty, with the mid-p Poisson interval (Lancaster, JASA 1961). Raises ValueError without hours.
    """
    if covered_hours <= 0:
        raise ValueError("responses an hour need hours")
    count = poisson_count(responses)
    mean, low, high = (
        WEEKS_A_QUARTER * shift * calls / covered_hours for calls in (count.value, count.low, count.high)
    )
    return MoreHours(mean, low, high, *_in_a_quarter(mean, low, high))
