"""Remarks on the number of calls: in the file, by month, day, weekday and hour.

For example, months of 110, 108, 60, 112 and 105 calls: the neighbors of the third lead to expect about 109; 60 lies
more than three standard deviations below, so `month_count` names that month.
"""

import math
import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from portal.publish.ingest.parts import overlaps
from portal.publish.ingest.remark import MOST_ROWS, Remark
from portal.publish.ingest.unchecked import UncheckedExtract

# Row limits of exports: of search pages and APIs, of report writers, of spreadsheets (with and without a header).
STOPS = frozenset([100, 200, 250, 500, 1_000, 2_000, 2_500, 3_000, 4_000, 5_000, 10_000, 15_000, 16_000, 20_000, 25_000,
                   30_000, 32_000, 32_767, 32_768, 50_000, 60_000, 65_000, 65_535, 65_536, 100_000, 150_000, 200_000,
                   250_000, 300_000, 500_000, 1_000_000, 1_048_575, 1_048_576, 2_000_000])
FEW = 30  # expected calls; below that, a month's count says nothing
FAR, NOISE = 3.0, .05  # standard deviations; the share by which months differ beyond chance
MONTH_RATIO, STEP_RATIO = 1.4, 1.5
NEIGHBOURS = 2
STEP_MONTHS, STEP_FAR, STEP_NOISE = 6, 5.0, .10
LIKE_LAST_YEAR = 1.25
DAY_RATIO, DAY_FAR = 5, 9.0
UNLIKELY = 12.0  # e^-12: the probability that so many days, or hours, have no call by chance
EARLIEST, LATEST = 23, 3  # where the quietest six hours of a day begin
QUIET_HOURS, HOURS_NEED = 6, 400

CountArray = npt.NDArray[np.float64]


def files(extract: UncheckedExtract) -> Iterator[Remark]:
    """Files with exactly as many rows as an export limit, with hidden rows, cut off, or with another file's days."""
    for part in extract.parts:
        if part.rows in STOPS or part.rows + 1 in (65_536, 1_048_576):
            yield Remark("row_count", f"{part.name} has exactly {part.rows:,} rows.")
        if part.hidden:
            rows = "row" if len(part.hidden) == 1 else "rows"
            yield Remark("hidden_rows", f"{part.name} holds {len(part.hidden):,} hidden {rows}.",
                         rows=part.hidden[:MOST_ROWS])
        if _cut_off(part.path):
            yield Remark("file_end", f"{part.name} ends in the middle of a line.")
    for name, later, days in overlaps(extract.parts):
        first, last = days.min().date(), days.max().date()
        yield Remark("files_overlap", f"{later} and {name} both have records of {len(days)} days, from {first} to "
                     f"{last}.", first=first, last=last)


def _cut_off(path: Path) -> bool:
    """Whether a text file's last line has no line break, as where writing was interrupted. False for packed files."""
    if not path.name.lower().endswith((".csv", ".tsv")):
        return False
    with path.open("rb") as file:
        file.seek(-2, os.SEEK_END)
        return not set(file.read()) & set(b"\r\n")


def days_without(extract: UncheckedExtract) -> Iterator[Remark]:
    """Days without any record. Each gap is named by its first and last day, so that one that has grown since it was
    accepted is a new remark.
    """
    for first, last in extract.report.quiet_stretches:
        yield Remark("without_records", f"No record of any kind from {first} to {last}.", f"{first}..{last}",
                     extract.columns("received"), first=first, last=last)
    last_record, last_day = extract.days.max().astype(object), extract.report.last_day
    if last_day and last_record < last_day:
        recent = int((extract.days > np.datetime64(last_day - timedelta(days=90))).sum())
        if recent / 90 * (last_day - last_record).days > UNLIKELY / 2:  # one look, not one for each day
            yield Remark("ends_early", f"The last call came on {last_record}, and the days to {last_day} have none.",
                         f"{last_record:%Y-%m}", extract.columns("received"), first=last_record, last=last_day)


def month_counts(extract: UncheckedExtract) -> Iterator[Remark]:
    """Months far off their neighbours and the year before, and a step from which there are far more or fewer."""
    bins = extract.bins
    counts = np.bincount(bins.of, minlength=len(bins)).astype(float)
    usable = bins.days >= .5 * np.array([(last - first).days + 1 for first, last in zip(bins.first, bins.last,
                                                                                        strict=True)])
    if usable.sum() < 4:
        return
    step = _step(counts, bins.days, usable)
    if step is not None:
        before, after = _rates(counts, bins.days, usable, step)
        yield Remark("step_in_counts", f"From {bins.first[step]} on there are {after:.1f} calls a day, in the time "
                     f"before {before:.1f}.", f"{bins.first[step]:%Y-%m}", extract.columns("received"),
                     first=bins.first[step], last=bins.last[-1])
    for at in np.flatnonzero(usable):
        expected = _neighbours(counts, bins.days, usable, int(at), step)
        if expected is None or not _far(counts[at], expected) or _like_last_year(counts, bins.days, usable, int(at)):
            continue
        yield Remark("month_count", f"{bins.first[at]} to {bins.last[at]} has {counts[at]:,.0f} calls; by the time "
                     f"around it {expected:,.0f} are likely.", _named(bins.first[at], bins.months),
                     extract.columns("received"), first=bins.first[at], last=bins.last[at])


def _named(first: date, months: bool) -> str:
    return f"{first:%Y-%m}" if months else first.isoformat()


def _far(count: float, expected: float) -> bool:
    if expected < FEW:
        return False
    spread = math.sqrt(expected * 1.25 + (NOISE * expected) ** 2)
    ratio = max(count, 1) / expected
    return abs(count - expected) > FAR * spread and not 1 / MONTH_RATIO < ratio < MONTH_RATIO


def _neighbours(counts: CountArray, days: CountArray, usable: npt.NDArray[np.bool_], at: int,
                step: int | None) -> float | None:
    """The count expected from neighboring months on the same side of a step."""
    low, high = (0, len(counts)) if step is None else (0, step) if at < step else (step, len(counts))
    beside = [place for place in range(max(low, at - NEIGHBOURS), min(high, at + NEIGHBOURS + 1))
              if place != at and usable[place]]
    if not beside:
        return None
    return float(np.median(counts[beside] / days[beside]) * days[at])


def _like_last_year(counts: CountArray, days: CountArray, usable: npt.NDArray[np.bool_], at: int) -> bool:
    """Whether the same month of the year before differed from its neighbors by as much."""
    before = at - 12
    expected = _neighbours(counts, days, usable, before, None) if before >= 0 and usable[before] else None
    now = _neighbours(counts, days, usable, at, None)
    if not expected or not now:
        return False
    change = (max(counts[at], 1) / now) / (max(counts[before], 1) / expected)
    return bool(1 / LIKE_LAST_YEAR < change < LIKE_LAST_YEAR)


def _rates(counts: CountArray, days: CountArray, usable: npt.NDArray[np.bool_], at: int) -> tuple[float, float]:
    """Calls a day in the months before a step and from it on."""
    places = np.arange(len(counts))
    sides = (usable & (places >= at - STEP_MONTHS) & (places < at),
             usable & (places >= at) & (places < at + STEP_MONTHS))
    before, after = (float(counts[side].sum() / days[side].sum()) if side.sum() > 1 else math.nan for side in sides)
    return before, after


def _step(counts: CountArray, days: CountArray, usable: npt.NDArray[np.bool_]) -> int | None:
    """The month from which counts differ most from those before, if the difference is large; else None."""
    found: list[tuple[float, int]] = []
    for at in range(2, len(counts) - 1):
        before, after = _rates(counts, days, usable, at)
        if math.isnan(before + after) or max(before, after) * 60 < FEW:
            continue
        least = min(before, after) or .01
        spread = math.sqrt((before + after) / 60 + (STEP_NOISE * (before + after) / 2) ** 2)
        if max(before, after) / least > STEP_RATIO and abs(before - after) > STEP_FAR * spread:
            found.append((abs(before - after) / spread, at))
    return max(found)[1] if found else None


def single_days(extract: UncheckedExtract) -> Iterator[Remark]:
    """Days with many times the usual number of calls."""
    days, counts = np.unique(extract.days, return_counts=True)
    usual = len(extract.days) / max(1.0, extract.bins.days.sum())
    many = (counts > DAY_RATIO * usual) & (counts - usual > DAY_FAR * math.sqrt(usual)) & (counts >= FEW)
    for day, count in zip(days[many][:3], counts[many][:3], strict=True):
        at: date = day.astype(object)
        rows = extract.calls.index[extract.days == day]
        yield Remark("day_count", f"{at} has {count:,} calls, where {usual:.1f} a day are usual.", at.isoformat(),
                     extract.columns("received"), tuple(int(row) for row in rows[:20]), at, at)


def weekdays(extract: UncheckedExtract) -> Iterator[Remark]:
    """Days of the week with almost no calls."""
    counts = np.bincount((extract.days.astype(int) + 3) % 7, minlength=7)  # 1970-01-01 was a Thursday; Monday is 0
    usual = len(extract.days) / 7
    names = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
    few = [name for name, count in zip(names, counts, strict=True) if count < .2 * usual]
    if few and usual > FEW:
        yield Remark("weekday_count", f"There is next to no call on {' and '.join(few)}.", "",
                     extract.columns("received"))


def hours_of_day(extract: UncheckedExtract) -> Iterator[Remark]:
    """Hours without calls, and quietest hours that are not at night."""
    hours = extract.calls["received"].dt.hour.dropna()
    counts = np.bincount(hours.to_numpy(dtype=int), minlength=24)
    if counts.sum() < HOURS_NEED:
        return
    empty, longest = _longest_without(counts)
    if longest * counts.sum() / 24 > 2 * UNLIKELY and longest >= 4:
        yield Remark("hour_count", f"No call comes from {empty:02}:00 to {(empty + longest) % 24:02}:00, on any day.",
                     "", extract.columns("received"))
        return
    quiet = np.array([np.take(counts, range(at, at + QUIET_HOURS), mode="wrap").sum() for at in range(24)])
    begins = int(quiet.argmin())
    within = [at % 24 for at in range(EARLIEST, EARLIEST + (LATEST - EARLIEST) % 24 + 1)]
    usual = int(quiet[within].min())
    if usual - quiet[begins] > 4 * math.sqrt(usual + quiet[begins]):
        yield Remark("night_hours", f"Calls are fewest from {begins:02}:00 to {(begins + QUIET_HOURS) % 24:02}:00.", "",
                     extract.columns("received"))


def _longest_without(counts: npt.NDArray[np.intp]) -> tuple[int, int]:
    """The first hour and the length of the longest stretch of hours with almost no calls."""
    few = counts <= .02 * counts.mean()
    best = (0, 0)
    for start in range(24):
        length = 0
        while length < 24 and few[(start + length) % 24]:
            length += 1
        best = max(best, (length, start))
    return best[1], best[0]
