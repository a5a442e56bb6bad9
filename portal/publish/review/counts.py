"""Counts of an extract that make mistakes visible which no program can tell: hours, months, shares that jump."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from portal.publish.ingest.columns import COLUMNS, NOT_RECORDED
from portal.publish.ingest.extract import Extract

BANDS = tuple(range(0, 24, 4))  # hours of the clock at which a band of four hours begins
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OF_ALL_CALLS = ("call_type", "origin", "eligibility", "answered_by", "staffed")  # the others are said of responses
LARGE_JUMP = 3.0  # standard errors between a month's share and that of all other months together
FEWEST = 20  # rows of a month below which no share of it is called a jump


@dataclass(frozen=True)
class CountTable:
    """A table of counts for the review page; `outliers` holds the places (row, column) that stand out."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    outliers: frozenset[tuple[int, int]] = frozenset()


def by_hour_and_weekday(extract: Extract) -> CountTable:
    """Calls by band of four hours and day of the week, by the local clock: a clock in another zone shows at once."""
    received = extract.calls["received"].dropna()
    counts = (received.dt.day_of_week * len(BANDS) + received.dt.hour // 4).value_counts()
    rows = tuple((name, *(f"{counts.get(at * len(BANDS) + band, 0):,}" for band in range(len(BANDS))))
                 for at, name in enumerate(DAYS))
    unknown = int(extract.calls["received"].isna().sum())
    caption = f"Calls by weekday and hour, local clock ({unknown:,} calls without a time of day)"
    return CountTable(caption, ("Day", *(f"{band:02d}–{band + 4:02d}" for band in BANDS)), rows)


def by_month(extract: Extract) -> CountTable:
    """Calls a month, beside the same month of the year before, and the team's responses."""
    months = extract.calls["received_on"].dt.to_period("M")
    calls = months.value_counts()
    answered = _team(extract)
    team = months[answered].value_counts()
    rows, outliers = [], set()
    for at, month in enumerate(pd.period_range(months.min(), months.max(), freq="M")):
        now, before = int(calls.get(month, 0)), calls.get(month - 12)
        rows.append((str(month), f"{now:,}", "" if before is None else f"{int(before):,}",
                     f"{int(team.get(month, 0)):,}"))
        if before is not None and abs(now - int(before)) > LARGE_JUMP * (now + int(before)) ** 0.5:
            outliers.add((at, 1))
    return CountTable("Calls by month", ("Month", "Calls", "A year before", "Responses of the team"), tuple(rows),
                      frozenset(outliers))


def lengths_and_persons(extract: Extract) -> tuple[CountTable, ...]:
    """By quarter, of the team's responses: median minutes to the scene and on it, and how many different persons."""
    calls = extract.calls[_team(extract)]
    quarter = calls["received_on"].dt.to_period("Q")
    columns: dict[str, pd.Series] = {}
    for name, start, end in (("Minutes to the scene", "received", "arrived"), ("On the scene", "arrived", "cleared")):
        if {start, end} <= set(calls.columns):
            seconds = (calls[end] - calls[start]).dt.total_seconds()
            columns[name] = (seconds.groupby(quarter).median() / 60).round().astype("Int64").astype("string")
    if "person_key" in calls:
        keyed = calls["person_key"] != ""
        persons = calls["person_key"][keyed].groupby(quarter[keyed])
        columns["Responses with a key"], columns["Different persons"] = persons.size(), persons.nunique()
    if not columns or not len(calls):
        return ()
    counts = pd.DataFrame(columns).astype("string").fillna("")
    rows = tuple((str(at), *map(str, row)) for at, row in zip(counts.index, counts.to_numpy(), strict=True))
    return (CountTable("The team's responses by quarter", ("Quarter", *columns), rows),)


def _team(extract: Extract) -> pd.Series:
    if "answered_by" not in extract.calls:
        return pd.Series(False, index=extract.calls.index)
    answered: pd.Series = extract.calls["answered_by"] == "team"
    return answered


def shares_over_time(extract: Extract) -> tuple[CountTable, ...]:
    """For each column with categories or yes and no: how many of each a month, or a quarter for what is said of the
    team's few responses. What jumps is marked.
    """
    coded = [column.name for column in COLUMNS
             if column.kind in ("category", "yes_no") and column.name in extract.calls]
    return tuple(_shares(extract, name) for name in coded)


def _shares(extract: Extract, name: str) -> CountTable:
    calls = extract.calls
    of_all_calls = name in OF_ALL_CALLS
    counted = calls if of_all_calls else calls[_team(extract)]
    values = counted[name].astype("object").map(_words)
    periods = counted["received_on"].dt.to_period("M" if of_all_calls else "Q")
    counts = pd.crosstab(periods, values)
    rows = tuple((str(period), *(f"{int(count):,}" for count in row))
                 for period, row in zip(counts.index, counts.to_numpy(), strict=True))
    headers = ("Month" if of_all_calls else "Quarter", *map(str, counts.columns))
    return CountTable(name, headers, rows, jumps(counts.to_numpy().tolist()))


def _words(value: Any) -> str:
    if pd.isna(value):
        return NOT_RECORDED
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def jumps(counts: Sequence[Sequence[int]]) -> frozenset[tuple[int, int]]:
    """Places (row, column + 1) whose share of its row differs from the share in all other rows by more than
    LARGE_JUMP standard errors of that difference (two proportions, pooled).
    """
    found = set()
    totals = [sum(row) for row in counts]
    for column in range(len(counts[0]) if counts else 0):
        total = sum(row[column] for row in counts)
        for at, row in enumerate(counts):
            size, elsewhere = totals[at], sum(totals) - totals[at]
            if size < FEWEST or elsewhere < FEWEST:
                continue
            pooled = total / (size + elsewhere)
            error = (pooled * (1 - pooled) * (1 / size + 1 / elsewhere)) ** 0.5
            if error and abs(row[column] / size - (total - row[column]) / elsewhere) > LARGE_JUMP * error:
                found.add((at, column + 1))
    return frozenset(found)

