"""What only all rows together tell of an extract: repeated keys, days covered, gaps, and calls by hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import exp

import pandas as pd

from portal.publish.ingest.table import SourceTable
from portal.publish.ingest.times import read_times

CHANCE_OF_A_GAP = 0.01  # that a gap is reported though calls only happened not to come
QUIETEST = 4.5  # the hour of a city's night at which calls are fewest: the middle of 3 to 6 am


@dataclass(frozen=True)
class Evidence:
    """What all rows tell. `repeats`: rows whose key another row has; `days`: how many calls each day; `hours`: how
    many calls each hour of the clock, by each way of reading the times.
    """

    rows: int
    repeats: int
    days: dict[date, int]
    hours: dict[str, tuple[int, ...]]

    @property
    def first(self) -> date:
        """The first day with a call."""
        return min(self.days)

    @property
    def last(self) -> date:
        """The last day with a call."""
        return max(self.days)

    @property
    def quiet_days(self) -> int:
        """So many days may pass without a call by chance alone: longer, chance gives less than one such time in a
        hundred extracts of this length (calls a day are taken as Poisson).
        """
        span = (self.last - self.first).days + 1
        a_day = sum(self.days.values()) / span
        return next(quiet for quiet in range(366) if span * exp(-a_day * (quiet + 1)) < CHANCE_OF_A_GAP or quiet == 365)

    @property
    def gaps(self) -> list[tuple[date, date]]:
        """Spans of days without a call that are longer than chance gives."""
        quiet, known = self.quiet_days, sorted(self.days)
        day = timedelta(days=1)
        return [(before + day, after - day) for before, after in pairwise(known) if (after - before).days - 1 > quiet]

    def likeliest_clock(self) -> str:
        """The reading by which the fewest calls come in the middle of the night."""
        def distance(form: str) -> float:
            counts = self.hours[form]
            quietest = min(range(24), key=lambda hour: sum(counts[(hour + step) % 24] for step in range(4)))
            apart = abs(quietest + 2 - QUIETEST) % 24
            return min(apart, 24 - apart)

        return min(self.hours, key=distance)


def gather_evidence(table: SourceTable, key: Sequence[str], received: Sequence[str], readings: Sequence[Sequence[str]],
                    zone: str) -> Evidence:
    """Read the key and the time received of every row. `readings`: sets of formats, the proposed one first."""
    names = list(dict.fromkeys((*key, *received)))
    keys: list[pd.Series] = []
    read: list[list[pd.DataFrame]] = [[] for _ in readings]
    for frame in table.chunks(names):
        keys.append(pd.Series(pd.util.hash_pandas_object(_joined(frame, key), index=False).to_numpy()))
        texts = _joined(frame, received)
        for parts, formats in zip(read, readings, strict=True):
            times = read_times(texts, formats, zone)
            parts.append(pd.DataFrame({"day": times.days, "clock": times.moments.dt.tz_localize(None)}))
    repeats = int(pd.concat(keys).duplicated(keep=False).sum())
    frames = [pd.concat(parts) for parts in read]
    days = frames[0]["day"].dropna().dt.date.value_counts().to_dict()
    hours = {formats[0]: _by_hour(each["clock"]) for formats, each in zip(readings, frames, strict=True)}
    return Evidence(len(frames[0]), repeats, days, hours)


def _by_hour(clock: pd.Series) -> tuple[int, ...]:
    counts = clock.dropna().dt.hour.value_counts()
    return tuple(int(counts.get(hour, 0)) for hour in range(24))


def _joined(frame: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """Columns of text joined with a space, as a mapping joins them."""
    joined: pd.Series = frame[names[0]].str.strip()
    for name in names[1:]:
        joined = joined.str.cat(frame[name].str.strip(), sep=" ")
    return joined.str.strip()

