"""The reasons for which a row may not count as it stands, and the report of how many rows each one struck.

A report names reasons, columns and row numbers; it never holds what a row says of a person.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd

from portal.publish.ingest.remark import Remark

RowChoice = Literal["refuse", "leave_out"]
CHOICES: tuple[RowChoice, ...] = ("refuse", "leave_out")
MOST_ROWS = 20  # row numbers kept of each problem: enough to look some up
MOST_TEXTS = 12
MOST_KINDS = 60  # a column with more unknown codes holds no codes: names perhaps, and these are not listed
LONGEST = 40
Texts = tuple[tuple[str, int], ...]  # each with the number of its rows, the commonest first

# Reason -> what is the matter, and what leave_out leaves out.
REASONS = MappingProxyType({
    "missing_required": "the key, the time of the call or its type is blank: fill it in at the source; "
                        "leave_out leaves out the row",
    "unreadable_time": "it is in none of the given formats (a zone's name, shown as AAA, takes %Z); leave_out "
                       "takes it as not recorded (received: the row)",
    "two_readings": "two of the given formats read it differently: take one of them out; leave_out takes it as "
                    "not recorded (received: the row)",
    "midnight_time": "it has no time of day, or one that means unknown (unknown_time = \"none\" if midnight is "
                     "real); leave_out keeps the day alone",
    "time_in_dst_gap": "clocks skipped that hour: the source's clock was not set; leave_out keeps the day alone",
    "unknown_code": "the mapping does not name this code; leave_out takes it as not recorded (call_type: the row)",
    "after_publication": "it lies after the day of publication; leave_out takes it as not recorded (received: the row)",
    "day_and_month_swapped": "the other way round, day and month lie in the coverage: look at `format` and at "
                             "how the source was opened; it can't be left out",
    "outside_coverage": "the call came before or after the days of [coverage]; leave_out leaves out the row",
    "key_means_nothing": "it stands for no key: name it under missing; leave_out takes it as blank (call_id: the row)",
    "key_cut_short": "a spreadsheet cut the number short: export it as text; leave_out takes it as blank",
    "keys_alike": "two ways of writing one key: write it in one; leave_out takes it as blank (call_id: the later row)",
    "duplicate_key": "an earlier row has the same key (if a row is an officer or a person: rows = \"many\"); "
                     "leave_out leaves out the later row",
    "differs_within_incident": "rows of one incident disagree; leave_out takes it as not recorded (call_type: the "
                               "first)",
    "dispatched_before_received": "sent before the call came; leave_out takes the dispatch time as not recorded",
    "arrival_before_received": "on scene before the call came (in many rows: another clock, or columns "
                               "swapped); leave_out takes the arrival as not recorded",
    "arrival_before_dispatch": "on scene before anybody was sent; leave_out takes the arrival as not recorded",
    "cleared_before_arrival": "free again before being on scene; leave_out takes the time of clearing as not recorded",
    "cleared_before_received": "free again before the call came; leave_out takes the time of clearing as not recorded",
    "recorded_before_received": "entered on a day before the call; leave_out takes the day of entry as not recorded",
    "clock_of_another_zone": "calls after midnight were entered the day before: its clock may be UTC (iso_utc, "
                             "utc:…); if recorded_on is the day of a shift, list it in not_collected; it can't "
                             "be left out",
    "yes_after_no": "yes, though the step before it is no; leave_out takes the later step as not recorded",
    "end_before_start": "a shift ends before it starts; leave_out leaves out the shift, or takes it as not covered",
    "half_covered": "only one end of the covered time is there; leave_out takes the shift as not covered",
})

NEVER_LEFT_OUT = frozenset(["day_and_month_swapped", "clock_of_another_zone"])  # other rows are wrong as well, unseen


@dataclass(frozen=True)
class Problem:
    """One reason in one column: how many rows, and the first of them (the header is row 1).

    `column` is the portal's (of a roster with `roster.` before it), `source_column` the file's.
    """

    reason: str
    column: str
    source_column: str
    rows: tuple[int, ...]
    count: int
    choice: RowChoice
    texts: Texts = ()  # codes and words, or the shapes of times: whatever tells what is wrong, and nothing of a person


@dataclass(frozen=True)
class Report:
    """What became of an extract's rows.

    Each row read is one of: counted in a call, of a type that isn't counted, left out for a problem. `calls`: distinct
    calls. `quiet_stretches`: first and last day of each gap within the coverage. `parts`: files and sheets of the log,
    and after which row each begins. `remarks`: what can't be told from right. `left_out_in`: how many rows were left
    out, by month such as 2026-04; a row without a readable day goes with the row above it. `repeated_in`: how many of
    these because an earlier row has the same key.
    """

    rows_read: int
    rows_counted: int
    rows_not_counted: int
    rows_left_out: int
    calls: int
    shifts: int | None
    first_day: date | None
    last_day: date | None
    problems: tuple[Problem, ...] = ()
    quiet_stretches: tuple[tuple[date, date], ...] = ()
    parts: tuple[tuple[str, int], ...] = ()
    remarks: tuple[Remark, ...] = ()
    left_out_in: Mapping[str, int] = field(default_factory=dict)
    repeated_in: Mapping[str, int] = field(default_factory=dict)

    def left_out(self, after: str, until: str) -> int:
        """How many rows were left out of the months after the one that holds the day `after` ("": from the first on),
        up to the month of the day `until`; days as YYYY-MM-DD.
        """
        return sum(rows for month, rows in self.left_out_in.items() if after[:7] < month <= until[:7])

    def repeated(self, after: str, until: str) -> int:
        """How many rows of these months were left out because an earlier row has the same key; days as `left_out`."""
        return sum(rows for month, rows in self.repeated_in.items() if after[:7] < month <= until[:7])

    def place(self, row: int) -> str:
        """A row's number as a spreadsheet shows it; with the name of its file or sheet where there are several."""
        name, offset = max((part for part in self.parts if part[1] < row), key=lambda part: part[1], default=("", 0))
        return f"{name} {row - offset}" if len(self.parts) > 1 else str(row)

    @property
    def refused(self) -> bool:
        """Whether any problem stops the publication."""
        return any(problem.choice == "refuse" for problem in self.problems)


@dataclass
class Findings:
    """Collects, chunk by chunk, which rows have which problem."""

    rows: dict[tuple[str, str], list[np.ndarray]] = field(default_factory=dict)
    texts: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)

    def add(self, reason: str, column: str, where: pd.Series, texts: pd.Series | None = None) -> None:
        """Note the rows, by their numbers in the index, where a problem is.

        `texts` may be shown to the analyst: codes of the source, or what tells nothing of a person.
        """
        if not where.any():
            return
        self.rows.setdefault((reason, column), []).append(where.index[where].to_numpy())
        if texts is not None:
            counts = self.texts.setdefault((reason, column), Counter())
            if len(counts) <= MOST_KINDS:
                counts.update(texts[where].tolist())

    def problems(self, source_names: Mapping[str, str], choice: Callable[[str], RowChoice]) -> tuple[Problem, ...]:
        """All problems, in the order of REASONS. `source_names`: the file's name of each column."""
        found = []
        order = list(REASONS)
        for reason, column in sorted(self.rows, key=lambda key: order.index(key[0])):
            numbers = np.unique(np.concatenate(self.rows[reason, column]))
            first = tuple(int(number) for number in numbers[:MOST_ROWS])
            texts = _commonest(self.texts.get((reason, column), Counter()))
            named = source_names.get(column, "")
            found.append(Problem(reason, column, named, first, len(numbers), choice(reason), texts))
        return tuple(found)


def _commonest(counts: Counter[str]) -> Texts:
    """The commonest texts; none where there are so many, so long or so rare ones that they may tell of persons."""
    single = sum(rows == 1 for rows in counts.values())
    long = any(len(text) > LONGEST for text in counts)
    if long or len(counts) > MOST_KINDS or 2 * single > max(len(counts), MOST_TEXTS):
        return ()
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_TEXTS])


# ---- in words ----

HEADINGS = ("reason", "column", "in the file", "rows", "choice", "first rows")
SHOWN_ROWS = 8


def report_table(report: Report) -> str:
    """A report as aligned text: what was read, days without records, every problem, and what each reason means."""
    counted = f"{report.rows_counted:,} counted in {_many(report.calls, 'call')}"
    uncounted = f"{report.rows_not_counted:,} of types that are not counted, {report.rows_left_out:,} left out"
    lines = [f"{_many(report.rows_read, 'row')} read: {counted}, {uncounted}."]
    if report.shifts is not None:
        lines.append(f"{_many(report.shifts, 'shift')} in the roster.")
    if report.first_day:
        lines.append(f"Days covered: {report.first_day} to {report.last_day}.")
    for first, last in report.quiet_stretches:
        days = (last - first).days + 1
        lines.append(f"Without any record: {first} to {last} ({_many(days, 'day')}).")
    if not report.problems:
        return "\n".join([*lines, "No problems."])
    reasons = dict.fromkeys(problem.reason for problem in report.problems)
    width = max(map(len, reasons))
    return "\n".join([*lines, "", *_aligned([HEADINGS, *(_cells(problem, report) for problem in report.problems)]), "",
                      *(f"{reason:<{width}}  {REASONS[reason]}" for reason in reasons), *_texts(report.problems)])


def _texts(problems: Sequence[Problem]) -> list[str]:
    """What stands in the rows of a problem, each with its count."""
    lines = []
    for problem in problems:
        if problem.texts:
            texts = ", ".join(f"{text!r} ({rows:,})" for text, rows in problem.texts)
            more = ", …" if len(problem.texts) == MOST_TEXTS else ""
            lines.append(f"{problem.reason} in {problem.column}: {texts}{more}")
    return ["", *lines] if lines else []


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _cells(problem: Problem, report: Report) -> tuple[str, ...]:
    in_roster = problem.column.startswith("roster.")
    places = [str(row) if in_roster else report.place(row) for row in problem.rows[:SHOWN_ROWS]]
    rows = ", ".join(places) + (", …" if problem.count > SHOWN_ROWS else "")
    return problem.reason, problem.column, problem.source_column, f"{problem.count:,}", problem.choice, rows


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    ruled = [rows[0], ["-" * width for width in widths], *rows[1:]]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in ruled]
