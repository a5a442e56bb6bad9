"""The input of every check for remarks: the calls as they will be counted, the roster, the codes, and bins of time."""

import re
from collections.abc import Mapping as Mappable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from portal.publish.ingest.columns import NOT_RECORDED
from portal.publish.ingest.fields import ColumnMapping
from portal.publish.ingest.mapping import Mapping
from portal.publish.ingest.parts import LogPart
from portal.publish.ingest.problems import Report

LONG_EXTRACT_DAYS = 150  # days: a longer extract is looked at month by month, a shorter one in eight pieces
PIECES = 8
OFFSET = re.compile(r"([+-])([0-9]{2}):?([0-9]{2})$")
DayArray = npt.NDArray[np.datetime64]


@dataclass
class CodeDays:
    """Of a column of codes: each code with its rows, and the first and last day it was seen on."""

    codes: dict[str, dict[str, tuple[int, pd.Timestamp, pd.Timestamp]]] = field(default_factory=dict)

    def add(self, column: str, places: npt.NDArray[np.intp], codes: list[str], days: pd.Series) -> None:
        """Add a chunk: its distinct `codes`, the place of each row's code among them, and each row's day. Rows without
        a day are passed over.
        """
        known = days.notna().to_numpy()
        places, moments = places[known], days.to_numpy(dtype="datetime64[us]")[known].astype(np.int64)
        counts = np.bincount(places, minlength=len(codes))
        begins, ends = np.full(len(codes), np.iinfo(np.int64).max), np.full(len(codes), np.iinfo(np.int64).min)
        np.minimum.at(begins, places, moments)
        np.maximum.at(ends, places, moments)
        by_code = self.codes.setdefault(column, {})
        for at in np.flatnonzero(counts):
            first, last = pd.Timestamp(int(begins[at]), unit="us"), pd.Timestamp(int(ends[at]), unit="us")
            rows, earliest, latest = by_code.get(codes[at], (0, first, last))
            by_code[codes[at]] = (rows + int(counts[at]), min(earliest, first), max(latest, last))


@dataclass
class Offsets:
    """How many times carry an offset in their text, such as -04:00, and how many of these are not the zone's own."""

    written: int = 0
    other: int = 0

    def add(self, texts: pd.Series, moments: pd.Series) -> None:
        """Add a chunk's times, as they are written and as they were read. UTC is every zone's: it says nothing."""
        read = moments.dropna()
        if not len(read) or not OFFSET.search(texts[read.index[0]]):
            return
        places, tails = pd.factorize(texts[read.index].str.slice(-len("-04:00")))
        minutes = np.array([_offset_minutes(tail) for tail in tails])[places]
        own = (read.dt.tz_localize(None) - read.dt.tz_convert(None)).to_numpy() // np.timedelta64(1, "m")
        self.written += int((minutes != 0).sum())
        self.other += int(((minutes != 0) & (minutes != own)).sum())


def _offset_minutes(text: str) -> int:
    """The offset at the end of a text, in minutes; 0 where there is none, as for UTC."""
    found = OFFSET.search(text)
    return int(found[1] + "1") * (60 * int(found[2]) + int(found[3])) if found else 0


@dataclass(frozen=True)
class TimeBins:
    """Pieces of time: the piece of each call, the first day of each piece and the last, and its days with records."""

    of: npt.NDArray[np.intp]
    first: tuple[date, ...]
    last: tuple[date, ...]
    days: npt.NDArray[np.float64]
    months: bool

    def __len__(self) -> int:
        return len(self.first)

    def counts(self, codes: npt.NDArray[np.intp], kinds: int, rows: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        """How many of these rows have each code, piece by piece."""
        found = np.bincount(self.of[rows] * kinds + codes[rows], minlength=len(self) * kinds)
        return found.reshape(len(self), kinds).astype(float)


def is_recorded(column: pd.Series) -> npt.NDArray[np.bool_]:
    """Which rows of a column hold something: neither blank nor "not recorded"."""
    blank = NOT_RECORDED if isinstance(column.dtype, pd.CategoricalDtype) else ""
    return (column.notna() & (column != blank)).fillna(value=False).to_numpy(dtype=bool)


@dataclass(frozen=True)
class UncheckedExtract:
    """An extract as it was read, before it is counted. `calls` has the row numbers of the file as its index."""

    calls: pd.DataFrame
    roster: pd.DataFrame | None
    mapping: Mapping
    report: Report
    codes: CodeDays
    quiet: frozenset[date] = frozenset()
    parts: tuple[LogPart, ...] = ()
    offsets: Offsets = field(default_factory=Offsets)

    def columns(self, *names: str) -> tuple[str, ...]:
        """The names of columns, the portal's and the file's, for a remark."""
        fields: Mappable[str, ColumnMapping] = self.mapping.fields
        return tuple(dict.fromkeys([*names, *(source for name in names if name in fields
                                              for source in fields[name].names)]))

    def label(self, name: str) -> str:
        """A column in a sentence: the portal's name, and the file's where it is another."""
        source_columns = self.mapping.fields[name].source_columns
        return name if source_columns in (name, "") else f"{name} ({source_columns})"

    def mapped(self, name: str) -> bool:
        """Whether a column is made from the file's own."""
        return name in self.mapping.fields and bool(self.mapping.fields[name].names)

    @cached_property
    def responses(self) -> npt.NDArray[np.bool_]:
        """The calls that the team answered; all of them where the source doesn't say who came."""
        if "answered_by" not in self.calls:
            return np.ones(len(self.calls), dtype=bool)
        return np.asarray(self.calls["answered_by"] == "team", dtype=bool)

    @property
    def has_team(self) -> bool:
        """Whether the source tells which calls the team answered."""
        return self.mapped("answered_by") and bool(self.responses.any())

    @cached_property
    def days(self) -> DayArray:
        """The local day of each call."""
        return np.asarray(self.calls["received_on"], dtype="datetime64[D]")

    @cached_property
    def bins(self) -> TimeBins:
        """Months, or in a short extract pieces of equal length."""
        first, last = self.days.min(), self.days.max()
        span = int((last - first).astype(int)) + 1
        if span >= LONG_EXTRACT_DAYS:
            months = self.days.astype("datetime64[M]")
            edges = np.arange(months.min(), months.max() + 2).astype("datetime64[D]")
            return self._bins((months - months.min()).astype(np.intp), edges, months=True)
        length = max(1, -(-span // PIECES))
        pieces = ((self.days - first).astype(int) // length).astype(np.intp)
        return self._bins(pieces, first + length * np.arange(int(pieces.max()) + 2), months=False)

    def _bins(self, of: npt.NDArray[np.intp], edges: DayArray, *, months: bool) -> TimeBins:
        firsts = [edge.astype(object) for edge in edges[:-1]]
        lasts = [edge.astype(object) - timedelta(days=1) for edge in edges[1:]]
        return TimeBins(of, tuple(firsts), tuple(lasts), self._covered(firsts, lasts), months)

    def _covered(self, firsts: list[date], lasts: list[date]) -> npt.NDArray[np.float64]:
        """Days of each piece that lie in the coverage and in no gap."""
        begin, end = self.report.first_day or firsts[0], self.report.last_day or lasts[-1]
        quiet = np.array(sorted(self.quiet), dtype="datetime64[D]")
        days = []
        for first, last in zip(firsts, lasts, strict=True):
            within = (min(last, end) - max(first, begin)).days + 1
            out = np.searchsorted(quiet, np.datetime64(last), "right") - np.searchsorted(quiet, np.datetime64(first))
            days.append(max(0, within - int(out)))
        return np.array(days, dtype=float)
