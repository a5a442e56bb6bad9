"""Reads a private extract into calls, step by step:

1. The file or files are read chunk by chunk, and each chunk is converted as the mapping says (`_chunks`).
2. Rows with the same key become one call: repeated rows are left out, or rows of several units are combined.
3. Contradictions between a call's times and fields are found (`check_event_order`, `check_steps`), the roster is read,
   and days without any record are listed.
4. Everything found becomes a report. Problems whose choice is "refuse" end here (`_refuse`); remarks are for the
   analyst to accept.

For example, 1,000 rows of which 20 have a call type that does not count, 3 repeat a key and 1 has no readable time
give 976 calls, and a report with all four numbers.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Mappable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from portal.errors import ExtractRefused
from portal.publish.ingest.convert import convert_chunk, convert_shifts, distinct_texts, field_texts
from portal.publish.ingest.fields import check_names
from portal.publish.ingest.mapping import Mapping
from portal.publish.ingest.parts import LogPart, parts_of, read_chunks
from portal.publish.ingest.problems import NEVER_LEFT_OUT, Findings, Problem, Report, report_table
from portal.publish.ingest.read import open_table
from portal.publish.ingest.remark import remark_lines
from portal.publish.ingest.remarks import remarks
from portal.publish.ingest.table import Progress
from portal.publish.ingest.unchecked import CodeDays, Offsets, UncheckedExtract
from portal.publish.ingest.validate import (
    check_event_order,
    check_shifts,
    check_steps,
    combine_rows,
    concat_chunks,
    drop_duplicates,
    drop_key_variants,
    drop_outside_coverage,
    gaps,
)

__all__ = ["Extract", "Problem", "Progress", "Report", "read_extract", "report_table"]


@dataclass(frozen=True)
class Extract:
    """An extract that can be tabulated.

    `calls`: one row for each distinct call that counts, in the portal's columns; columns that the source does not
    collect are absent (`collected` names the others). Times are in `timezone`, NaT where not recorded; dates are naive
    days; yes and no are nullable booleans; categories are categorical, NOT_RECORDED where missing. `received_on`: the
    local day of the call, known also where the time of day is not.
    `roster`: planned and covered times of each shift; None where no roster was given.
    `first_day`, `last_day`: the days that the file covers; `quiet_days`: days in a gap without records.
    `sources`: column -> the system it comes from; `breaks`: days from which something is counted differently, and what.
    """

    calls: pd.DataFrame
    roster: pd.DataFrame | None
    collected: frozenset[str]
    first_day: date
    last_day: date
    quiet_days: frozenset[date]
    timezone: str
    sources: dict[str, str]
    report: Report
    breaks: tuple[tuple[str, str], ...] = ()
    license: tuple[str, str] = ("", "")  # of the data, as the City names it: title and URL
    categories_not_collected: Mappable[str, frozenset[str]] = field(default_factory=dict)  # column -> its categories


@dataclass
class _ReadCounts:
    """What was counted while reading: rows, those of types that don't count, the days of all of them, the rows of types
    that count by month, the codes that `"*"` takes, and offsets in times.
    """

    read: int = 0
    not_counted: int = 0
    days: pd.DatetimeIndex = field(default_factory=lambda: pd.DatetimeIndex([], dtype="datetime64[us]"))
    months: Counter[str] = field(default_factory=Counter)
    codes: CodeDays = field(default_factory=CodeDays)
    offsets: Offsets = field(default_factory=Offsets)


def read_extract(paths: Path | Sequence[Path], mapping: Mapping, roster: Path | None = None,
                 progress: Progress | None = None, published: date | None = None) -> Extract:
    """Read an extract, in one file or several, and its duty roster, as the mapping says.

    `progress` is called with (steps done, steps in all) from time to time. `published`: the day of publication, after
    which nothing can have happened. Raises ExtractUnreadable for a file that is no table, MappingWrong when a mapped
    column isn't in it, ExtractRefused with a table of all problems when one of them has the choice "refuse", or when no
    row counts.
    """
    findings = Findings()
    count = _ReadCounts()
    files = [paths] if isinstance(paths, Path) else list(paths)
    parts = parts_of(files, mapping)
    calls = concat_chunks(_chunks(parts, mapping, findings, count, progress, published))
    readable = _by_month(calls["received_on"])
    calls = drop_key_variants(calls, {name: len(field.names) for name, field in mapping.fields.items()}, findings)
    rows, kept_by_month = len(calls), _by_month(calls["received_on"])
    calls = drop_duplicates(calls, findings) if mapping.rows == "one" else combine_rows(calls, findings)
    if mapping.rows == "one":
        rows, kept_by_month = len(calls), _by_month(calls["received_on"])
    calls = check_steps(check_event_order(calls, findings), findings)
    duty = _roster(roster, mapping, findings) if roster else None
    days = _days(count.days, mapping, published)
    covered = _covered(days, calls, mapping)
    until = max(covered[1], mapping.end or covered[1])
    quiet = gaps(days, mapping.start, until, mapping.quiet_days) if len(days) else ()
    names = {name: field.source_columns for name, field in mapping.fields.items()}
    names |= {f"roster.{name}": field.source_columns for name, field in mapping.roster.items()}
    report = Report(count.read, rows, count.not_counted, count.read - count.not_counted - rows, len(calls),
                    None if duty is None else len(duty), *covered, findings.problems(names, mapping.choice), quiet,
                    tuple((part.name, part.offset) for part in parts), left_out_in=count.months - kept_by_month,
                    repeated_in=readable - kept_by_month)
    quiet_days = frozenset(day for first, last in quiet for day in _span(first, last))
    unchecked = UncheckedExtract(calls, duty, mapping, report, count.codes, quiet_days, tuple(parts), count.offsets)
    report = replace(report, remarks=remarks(unchecked))
    _refuse(files, roster, report, mapping)
    sources = {name: field.source for name, field in mapping.fields.items()}
    return Extract(calls.reset_index(drop=True), duty, frozenset(mapping.fields), *covered, quiet_days,
                   mapping.time_zone, sources, report, mapping.breaks, mapping.license,
                   {name: field.not_collected for name, field in mapping.fields.items() if field.not_collected})


def _chunks(parts: Sequence[LogPart], mapping: Mapping, findings: Findings, count: _ReadCounts,
            progress: Progress | None, published: date | None) -> Iterator[pd.DataFrame]:
    """The calls, chunk by chunk; adds to `count` and to each part what was read."""
    with_wildcard = [column for column in mapping.fields.values() if column.default_category is not None]
    for part, chunk in read_chunks(parts, mapping, progress):
        found = convert_chunk(chunk, mapping, findings)
        for column in with_wildcard:
            count.codes.add(column.column.name, *distinct_texts(chunk, column), found.days)
        count.offsets.add(field_texts(chunk, mapping.fields["received"]), found.calls["received"])
        count.read += found.rows
        part.rows += found.rows
        count.not_counted += found.not_counted
        count.months += _by_month(found.considered)
        days = pd.DatetimeIndex(found.days.dropna().unique())
        count.days = count.days.union(days)
        part.days = part.days.union(days) if len(parts) > 1 else part.days
        yield drop_outside_coverage(found.calls, mapping.start, mapping.end, findings, published)


def _by_month(days: pd.Series) -> Counter[str]:
    """How many rows fall in each month. A row without a day counts with the row above it, or, at the top, below it."""
    known = days.ffill().bfill().dropna().to_numpy().astype("datetime64[M]")
    months, counts = np.unique(known, return_counts=True)
    return Counter({str(month): int(count) for month, count in zip(months, counts, strict=True)})


def _roster(path: Path, mapping: Mapping, findings: Findings) -> pd.DataFrame:
    with open_table(path, mapping.roster_file) as table:
        check_names(mapping.roster.values(), table, "[roster.columns]")
        names = list(dict.fromkeys(name for field in mapping.roster.values() for name in field.names))
        parts = [convert_shifts(chunk, mapping.roster, mapping.time_zone, findings) for chunk in table.chunks(names)]
    return check_shifts(pd.concat(parts), findings).reset_index(drop=True)


def _days(days: pd.DatetimeIndex, mapping: Mapping, published: date | None) -> pd.DatetimeIndex:
    """Days with a record of any kind, within the coverage and not after the day of publication."""
    last = min((pd.Timestamp(day) for day in (mapping.end, published) if day), default=pd.Timestamp.max)
    return days[(days >= pd.Timestamp(mapping.start)) & (days <= last)]


def _covered(days: pd.DatetimeIndex, calls: pd.DataFrame, mapping: Mapping) -> tuple[date, date]:
    """First and last day that the file covers.

    These are the days of its first and last record, extended by days without a record if they are no more than may
    pass without one (`quiet_days`): at the beginning to the coverage's start; at the end to the coverage's end, or,
    where the mapping has none, to the last day of entry in that month: a month whose last day had no call is not
    partial. For example, with calls from 3 to 29 April, a coverage from 1 April and entries to 2 May, it is 1 to 30
    April.
    """
    if not len(days):
        return mapping.start, mapping.start
    longest = timedelta(days=mapping.quiet_days)
    first, last = days.min().date(), days.max().date()
    if first - mapping.start <= longest:
        first = mapping.start
    end = mapping.end
    if end is None and "recorded_on" in calls and calls["recorded_on"].notna().any():
        end = min(calls["recorded_on"].max().date(), (days.max() + pd.offsets.MonthEnd(0)).date())
    return first, end if end is not None and timedelta() < end - last <= longest else last


def _span(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=at) for at in range((last - first).days + 1))


def _refuse(files: Sequence[Path], roster: Path | None, report: Report, mapping: Mapping) -> None:
    """Raise ExtractRefused, with the whole report, unless the extract may be counted."""
    lines = remark_lines(report.remarks, mapping.accepted, report.place)
    table, names = "\n".join([report_table(report), *lines]), ", ".join(path.name for path in files)
    refused = [problem for problem in report.problems if problem.choice == "refuse"]
    sentences = []
    for name, of_roster in ((names, False), (roster.name if roster else "", True)):
        reasons = dict.fromkeys(found.reason for found in refused if found.column.startswith("roster.") == of_roster)
        if reasons:
            sentences.append(f"{name} has rows that can't be counted as they stand: {', '.join(reasons)}.")
    if sentences:
        remedy = "Mend them at the source." + (_leave_out(refused) if report.calls else "")
        raise ExtractRefused(" ".join(sentences), remedy, table)
    if not report.calls:
        raise ExtractRefused(f"{names} has no row that counts.",
                             "Look at the call types the mapping counts, at its coverage and at what it leaves out.",
                             table)


def _leave_out(refused: Sequence[Problem]) -> str:
    """What to write into the mapping to leave out everything that was refused; "" where some of it can't be."""
    reasons = dict.fromkeys(found.reason for found in refused)
    if NEVER_LEFT_OUT & set(reasons):
        return ""
    lines = "\n".join(f'{reason} = "leave_out"' for reason in reasons)
    return f" To leave out what the table says instead, write into the mapping:\n[problems]\n{lines}"
