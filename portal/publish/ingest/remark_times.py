"""Remarks on clocks: the team's against the call's, the roster's against the calls', and times that a form fills in.

For example, if 40 % of the arrivals are some 4 hours after their calls, the two columns probably have different zones.
"""

from collections.abc import Iterator
from datetime import date
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from portal.publish.ingest.remark import MOST_ROWS, Remark
from portal.publish.ingest.unchecked import UncheckedExtract

EVENTS = ("received", "dispatched", "officer_arrived", "arrived", "cleared")
ENOUGH = 20
HOURS_APART, APART = 3 * 3600, .3  # seconds, and share of the rows
SAME, SAME_LENGTH, SAME_TIME = .95, .25, .05
EARLY = pd.Timedelta(minutes=5)
OUTSIDE, OUTSIDE_ROWS = .12, 4
OUTSIDE_MONTH, OUTSIDE_MONTH_ROWS = .6, 3
HOURLY = 3600


def times_apart(extract: UncheckedExtract) -> Iterator[Remark]:
    """Two events of a call that are hours apart in many calls, as if written in two time zones."""
    for earlier, later in (("received", "dispatched"), ("dispatched", "arrived"), ("received", "arrived"),
                           ("received", "officer_arrived"), ("arrived", "cleared")):
        if not {earlier, later} <= set(extract.calls.columns) or not extract.mapped(later):
            continue
        seconds = (extract.calls[later] - extract.calls[earlier]).dt.total_seconds().to_numpy(dtype=float)
        known = ~np.isnan(seconds)
        if known.sum() < ENOUGH:
            continue
        far = known & (np.abs(np.nan_to_num(seconds)) > HOURS_APART)
        if far.sum() > APART * known.sum():
            hours = float(np.median(seconds[far])) / HOURLY
            yield Remark("times_apart", f"{extract.label(later)} is some {hours:.0f} hours after "
                         f"{extract.label(earlier)} in {far.sum() / known.sum():.0%} of the calls.",
                         f"{earlier}:{later}",
                         extract.columns(earlier, later), _rows(extract, far))


def zone_of_offsets(extract: UncheckedExtract) -> Iterator[Remark]:
    """Offsets in the text of times that are not those of the mapping's time zone."""
    offsets = extract.offsets
    if offsets.other > APART * offsets.written:
        yield Remark("zone_of_offsets", f"{offsets.other:,} of {offsets.written:,} times carry an offset that clocks "
                     f"in {extract.mapping.time_zone} do not have at that time.", "", extract.columns("received"))


def _rows(extract: UncheckedExtract, where: npt.NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(row) for row in extract.calls.index[where][:MOST_ROWS])


def same_times(extract: UncheckedExtract) -> Iterator[Remark]:
    """Two columns with the same times, a duration that is often the same, or a time of day that is often the same."""
    present = [name for name in EVENTS if name in extract.calls and extract.mapped(name)]
    for earlier, later in combinations(present, 2):
        both = extract.calls[earlier].notna() & extract.calls[later].notna()
        if both.sum() < ENOUGH:
            continue
        seconds = (extract.calls.loc[both, later] - extract.calls.loc[both, earlier]).dt.total_seconds()
        if (seconds == 0).mean() > SAME:
            yield Remark("times_equal", f"{extract.label(earlier)} and {extract.label(later)} are the same in "
                         f"{(seconds == 0).mean():.0%} of the calls.", f"{earlier}:{later}",
                         extract.columns(earlier, later))
            continue
        common = seconds[seconds != 0].value_counts(normalize=True)
        if len(seconds) > 2 * ENOUGH and len(common) and common.iloc[0] > SAME_LENGTH and common.index[0] >= 60 * 5:
            yield Remark("same_length", f"From {extract.label(earlier)} to {extract.label(later)} it is "
                         f"{common.index[0] / 60:.0f} minutes in {common.iloc[0]:.0%} of the calls.",
                         f"{earlier}:{later}", extract.columns(earlier, later))
    for name in present:
        yield from _one_time_of_day(extract, name)


def _one_time_of_day(extract: UncheckedExtract, name: str) -> Iterator[Remark]:
    times = extract.calls[name].dropna()
    if len(times) < 5 * ENOUGH:
        return
    local = times.dt.tz_localize(None)
    of_day = (local - local.dt.floor("D")).dt.total_seconds()
    common = of_day.value_counts()
    if common.iloc[0] > max(ENOUGH, SAME_TIME * len(times)) and (of_day % HOURLY != 0).mean() > .5:
        minutes = int(common.index[0]) // 60
        rows = tuple(int(row) for row in times.index[of_day == common.index[0]][:MOST_ROWS])
        yield Remark("same_time_of_day", f"{extract.label(name)} is {minutes // 60:02}:{minutes % 60:02} in "
                     f"{common.iloc[0]:,} calls.", name, extract.columns(name), rows)


# ---- the roster ----

def roster_and_calls(extract: UncheckedExtract) -> Iterator[Remark]:
    """Responses outside the roster's hours, overall or in one month; a missing roster, or one of another time."""
    if not extract.has_team:
        return
    if extract.roster is None:
        yield Remark("no_roster", "The team answered calls, and no roster is given.", "", ("roster",))
        return
    times = extract.calls["received"][extract.responses].dropna()
    covered = extract.roster[["covered_start", "covered_end"]].dropna()
    if not len(covered):
        yield Remark("outside_roster", "The roster has no covered time at all.", "", _roster_columns(extract))
        return
    outside = pd.Series(~_inside(times, covered), times.index)
    first, last = times.min().date(), times.max().date()
    if outside.sum() >= OUTSIDE_ROWS and outside.mean() > OUTSIDE:
        beyond = times[outside]
        yield Remark("outside_roster", f"{outside.sum():,} of {len(times):,} responses lie outside the roster's hours.",
                     "", (*_roster_columns(extract), *extract.columns("received")),
                     tuple(map(int, beyond.index[:MOST_ROWS])),
                     beyond.min().date(), beyond.max().date())
    for month, within in outside.groupby(times.dt.tz_localize(None).dt.to_period("M")):
        if within.sum() >= OUTSIDE_MONTH_ROWS and within.mean() > OUTSIDE_MONTH:
            yield Remark("roster_days", f"{within.sum():,} of {len(within):,} responses in {month} lie outside the "
                         "roster's hours.", str(month), (*_roster_columns(extract),),
                         first=max(first, month.start_time.date()), last=min(last, month.end_time.date()))
    yield from _months_without_shift(extract, extract.roster["shift_start"].dropna(), first)


def _roster_columns(extract: UncheckedExtract) -> tuple[str, ...]:
    return tuple(f"roster.{name}" for name in ("covered_start", "covered_end"))


def _months_without_shift(extract: UncheckedExtract, starts: pd.Series, first: date) -> Iterator[Remark]:
    """Months without a shift, from the first response to the last day."""
    planned = set(starts.dt.tz_localize(None).dt.to_period("M"))
    for month in pd.period_range(first, extract.report.last_day or extract.bins.last[-1], freq="M"):
        if month not in planned:
            yield Remark("roster_days", f"The roster has no shift in {month}.", f"shifts:{month}",
                         ("roster.shift_start",), first=month.start_time.date(), last=month.end_time.date())


def _inside(times: pd.Series, covered: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether each time lies in covered hours, or up to five minutes before them."""
    starts = np.sort((covered["covered_start"] - EARLY).to_numpy(dtype="datetime64[ns]"))
    order = np.argsort((covered["covered_start"] - EARLY).to_numpy(dtype="datetime64[ns]"), kind="stable")
    ends = np.maximum.accumulate(covered["covered_end"].to_numpy(dtype="datetime64[ns]")[order])
    moments = times.to_numpy(dtype="datetime64[ns]")
    at = np.searchsorted(starts, moments, side="right") - 1
    return np.asarray((at >= 0) & (moments <= ends[np.maximum(at, 0)]))
