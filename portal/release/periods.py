"""Months, quarters and the longer spans made of them: their ids and days. Dates in a release are text, YYYY-MM-DD."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from portal.contract.contract import Grain, threshold

START = "start"  # the `?period=` of all time since the start
OPEN, PILOT = "open-", "pilot-"  # prefixes of periods that each release writes anew: open runs, and the pilot so far


class Period(NamedTuple):
    """One row of `periods`: a span of days, `start` and `end` included."""

    period_id: str
    grain: Grain
    start: str
    end: str

    @property
    def lasts(self) -> bool:
        """Whether later releases keep it: all but the pilot so far and open runs."""
        return not self.period_id.startswith((OPEN, PILOT))


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year, 1 to 4."""

    year: int
    number: int

    @property
    def id(self) -> str:
        """Such as `2026-Q2`."""
        return f"{self.year}-Q{self.number}"

    @property
    def start(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> date:
        """Its last day."""
        return self.next.start - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        """The quarter after."""
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    @property
    def period(self) -> Period:
        """It as a row of `periods`."""
        return Period(self.id, "quarter", self.start.isoformat(), self.end.isoformat())

    @property
    def months(self) -> tuple[Period, ...]:
        """Its three months."""
        firsts = [date(self.year, month, 1) for month in range(3 * self.number - 2, 3 * self.number + 1)]
        lasts = [day - timedelta(days=1) for day in (*firsts[1:], self.next.start)]
        return tuple(Period(f"{first:%Y-%m}", "month", first.isoformat(), last.isoformat())
                     for first, last in zip(firsts, lasts, strict=True))


def quarter_of(day: date) -> Quarter:
    """The quarter a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)


def next_due(last_day: str) -> str:
    """The day on which the release after one that ends on `last_day` is due: 45 days (contract: `due_days`) after the
    next quarter. For example, after 2026-06-30 it is 2026-11-14.
    """
    end = quarter_of(date.fromisoformat(last_day)).next.end
    return (end + timedelta(days=threshold("due_days"))).isoformat()


def due_after(meta: Mapping[str, str]) -> str:
    """The day on which the next release is due, from a release's `meta`; "" where the pilot ended with it."""
    return "" if "" < meta.get("pilot_ended", "") <= meta["period_end"] else next_due(meta["period_end"])


def quarters_of(start: date, end: date) -> tuple[Quarter, ...]:
    """The quarters from the one `start` lies in to the one `end` lies in."""
    quarters, quarter = [], quarter_of(start)
    while quarter <= quarter_of(end):
        quarters.append(quarter)
        quarter = quarter.next
    return tuple(quarters)


def year_of(quarters: Sequence[Quarter]) -> Period:
    """A calendar year, given any of its quarters."""
    year = quarters[0].year
    return Period(str(year), "year", f"{year}-01-01", f"{year}-12-31")


def run_of(quarters: Sequence[Quarter], prefix: str = "run-") -> Period:
    """Consecutive quarters that are published together: `run-2026-Q2-to-2026-Q4`, or `run-2026-Q2` for one quarter."""
    first, last = quarters[0], quarters[-1]
    span = first.id if first == last else f"{first.id}-to-{last.id}"
    return Period(prefix + span, "run", first.start.isoformat(), last.end.isoformat())


def open_of(quarters: Sequence[Quarter]) -> Period:
    """Quarters that wait for a run to close: `open-2027-Q1-to-2027-Q2`."""
    return run_of(quarters, OPEN)


def pilot_of(quarters: Sequence[Quarter]) -> Period:
    """The pilot so far, to the end of the last quarter: `pilot-to-2027-Q2`."""
    first, last = quarters[0], quarters[-1]
    return Period(f"{PILOT}to-{last.id}", "pilot", first.start.isoformat(), last.end.isoformat())
