"""The service's own numbers since the start and in the newest period, from which this room's figures are computed."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.contract.contract import DIMENSIONS
from portal.figures.decisions.coverage import Reach, elapsed_hours
from portal.figures.view import RecordedPeriod, View
from portal.release import queries
from portal.release.queries import Answer

ANSWERED, ON_DUTY = ("response.on_duty", "responses", ""), ("response.on_duty", "eligible_on_duty", "")
REASONS = tuple(DIMENSIONS["unmet_reason"].labels)
PARTS = {
    "calls": ("demand.received", "calls", ""),
    "eligible": ("demand.eligible", "calls", "eligible"),
    "unchecked": ("demand.eligible", "calls", "not_screened"),
    "on_duty": ON_DUTY,
    "answered": ANSWERED,
    "hours": ("hours.staffed", "covered_hours", ""),
    **{reason: ("response.unmet_reason", "calls", reason) for reason in REASONS},
}


@dataclass(frozen=True)
class Service:
    """The service over whole quarters: its days, also in `words`, such as July to September 2027; the sums of all its
    counts by name (None: not published), and the statement that gives them.
    """

    first: str
    last: str
    words: str
    quarters: int
    counts: dict[str, float | None]
    answer: Answer

    def elapsed(self, zone: str) -> float:
        """All hours of these days by the local clock."""
        return elapsed_hours(date.fromisoformat(self.first), date.fromisoformat(self.last), zone)

    @property
    def reach(self) -> Reach | None:
        """The chain from calls to those the team went to; None where a part of it is not published."""
        names = ("calls", "eligible", "on_duty", "answered")
        calls, eligible, on_duty, answered = (self.counts[name] for name in names)
        if calls is None or eligible is None or on_duty is None or answered is None:
            return None
        return Reach(calls, eligible, on_duty, answered, self.counts["unchecked"] or 0)


def over(view: View, periods: list[RecordedPeriod]) -> Service | None:
    """The service over consecutive periods of its own clock: quarters, or several together; None without a period."""
    if not periods:
        return None
    first, last = periods[0].start, periods[-1].end
    quarters = [quarter.id for quarter in view.of("quarter") if first <= quarter.start and quarter.end <= last]
    answer = queries.sums(view.release, PARTS, sorted({*quarters, *(period.id for period in periods)}))
    return Service(first, last, view.spanning(first, last).words, len(quarters), answer.records[0], answer)


def periods(view: View) -> list[RecordedPeriod]:
    """The periods of the service's own clock that are shown, up to the chosen quarter: those without a gap before the
    newest, in order of time.
    """
    end = view.quarter.end if view.quarter else ""  # a period that holds the quarter may end after it
    published = [row["period_id"] for row in view.states("demand.eligible") if row["status"] == "published"]
    candidates = [view.periods[id_] for id_ in published if view.periods[id_].grain in ("quarter", "run")]
    consecutive: list[RecordedPeriod] = []
    for period in sorted((period for period in candidates if period.start <= end), key=lambda period: period.start,
                         reverse=True):
        next_day = date.fromisoformat(period.end) + timedelta(days=1)
        if consecutive and next_day != date.fromisoformat(consecutive[0].start):
            break
        consecutive.insert(0, period)
    return consecutive


def since_start(view: View) -> Service | None:
    """All that is shown up to the chosen quarter."""
    return over(view, periods(view))


def newest(view: View) -> Service | None:
    """The last period shown up to the chosen quarter."""
    return over(view, periods(view)[-1:])


def before_newest(view: View) -> Service | None:
    """The period before the last one shown; None where there is none."""
    return over(view, periods(view)[-2:-1])


def last_year(view: View) -> Service | None:
    """The last four quarters shown, or what is next above them where quarters are put together; None before there are
    four.
    """
    newest_periods: list[RecordedPeriod] = []
    for period in reversed(periods(view)):
        newest_periods.insert(0, period)
        service = over(view, newest_periods)
        if service and service.quarters >= 4:
            return service
    return None
