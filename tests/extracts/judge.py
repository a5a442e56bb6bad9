"""What came of a damaged extract: read, checked and counted as `publish` does, and compared with its clean twin."""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from portal.errors import ExtractRefused, PortalError
from portal.publish.acceptance import with_end_checked
from portal.publish.ingest.columns import NOT_RECORDED
from portal.publish.ingest.extract import Extract, Report, read_extract
from portal.publish.ingest.mapping import parse_mapping
from portal.publish.ingest.remark import MOST_ROWS, open_remarks
from portal.publish.output.ledger import Book
from portal.publish.request import PublicationRequest, release_row
from portal.publish.review.counts import (
    CountTable,
    by_hour_and_weekday,
    by_month,
    lengths_and_persons,
    shares_over_time,
)
from portal.publish.tables.tabulate import coverage, monthly, tally
from portal.release.periods import quarters_of
from tests.extracts.desk import Damage, Desk

Result = Literal["equal", "refused", "remarked", "silent", "crash"]
RESULTS: tuple[Result, ...] = ("equal", "refused", "remarked", "silent", "crash")
Numbers = Mapping[tuple[str, ...], float]
OF_A_ROW = ("month", "quarter", "response", "person")


@dataclass(frozen=True)
class Message:
    """Something the analyst is told: its kind, and what it names."""

    kind: str
    columns: frozenset[str] = frozenset()
    rows: tuple[int, ...] = ()
    count: int = 0
    first: date | None = None
    last: date | None = None
    file: bool = False
    remark: bool = False  # or else a problem that was left out


@dataclass(frozen=True)
class JudgedOutcome:
    """What came of one extract."""

    numbers: Numbers = field(default_factory=dict)
    messages: frozenset[Message] = frozenset()
    refusal: str = ""
    reasons: tuple[str, ...] = ()  # of the refusal, those that `leave_out` would pass over
    crash: str = ""
    review: tuple[CountTable, ...] = ()  # what the analyst looks through, if it was asked for


def outcome(desk: Desk, folder: Path, *, review: bool = False) -> JudgedOutcome:
    """Read, check and count an extract; with `review` also what its review page shows."""
    try:
        extract, roster = desk.write(folder)
        mapping = parse_mapping(desk.mapping)
        found = read_extract(extract, mapping, roster, published=desk.published_on)
        found = found if desk.period_end else with_end_checked(found, desk.published_on)
        shown = (by_hour_and_weekday(found), by_month(found), *lengths_and_persons(found),
                 *shares_over_time(found)) if review else ()
        return JudgedOutcome(_numbers(found, desk), frozenset(_messages(found.report, mapping.accepted)), review=shown)
    except ExtractRefused as error:
        lines = [line.split()[0] for line in error.table.splitlines() if " refuse " in line]
        return JudgedOutcome(refusal=f"{error}\n{error.table}", reasons=tuple(dict.fromkeys(lines)))
    except PortalError as error:
        return JudgedOutcome(refusal=str(error))
    except Exception:  # noqa: BLE001 - a traceback is what is looked for
        return JudgedOutcome(crash=traceback.format_exc())


def judged(found: JudgedOutcome, clean: JudgedOutcome, damage: Damage) -> Result:
    """The result of a damaged extract beside its clean twin."""
    if found.crash:
        return "crash"
    if found.refusal:
        return "refused"
    if any(_names(message, damage) for message in found.messages - clean.messages):
        return "remarked"
    return "equal" if found.numbers == clean.numbers else "silent"


def yielding(desk: Desk, reasons: tuple[str, ...]) -> Desk:
    """The same desk, with what was refused left out, as the refusal offers."""
    desk.mapping["problems"] = desk.mapping.get("problems", {}) | dict.fromkeys(reasons, "leave_out")
    return desk


# ---- what the analyst is told ----

def _messages(report: Report, accepted: Mapping[str, str]) -> list[Message]:
    """Problems that `leave_out` passes over, and remarks that nobody has accepted."""
    problems = [
        Message(
            problem.reason,
            frozenset([problem.column, *problem.source_column.split(" + ")]),
            problem.rows,
            problem.count,
        )
        for problem in report.problems
    ]
    remarks = [
        Message(
            remark.name,
            frozenset(remark.columns),
            remark.rows,
            len(remark.rows) + (len(remark.rows) >= MOST_ROWS),
            remark.first,
            remark.last,
            file=not (remark.columns or remark.rows or remark.first),
            remark=True,
        )
        for remark in open_remarks(report.remarks, accepted)
    ]
    return problems + remarks


def _names(message: Message, damage: Damage) -> bool:
    """Whether a message names what was damaged: its column, its rows, its days, or the file as a whole."""
    if damage.roster and any(name.startswith("roster") for name in message.columns):
        return True
    if message.columns & set(damage.columns):
        listed = message.rows if message.count <= len(message.rows) else ()  # a report lists the first rows alone
        return not (listed and damage.rows) or bool(set(listed) & damage.rows)
    if message.rows and damage.rows:
        return len(set(message.rows) & damage.rows) * 2 >= len(message.rows)
    if message.first and message.last and damage.first and damage.last:
        return _overlap(message, damage)
    return message.file and damage.file


def _overlap(message: Message, damage: Damage) -> bool:
    """Whether the days named meet the days damaged, and are not far more than these."""
    assert message.first and message.last and damage.first and damage.last
    longest = 2 * (damage.last - damage.first) + timedelta(days=62)
    meets = message.first <= damage.last and damage.first <= message.last
    return meets and message.last - message.first <= longest


# ---- what would be published ----

def _request(desk: Desk) -> PublicationRequest:
    return PublicationRequest("TRY", "illustrative", desk.period_end, desk.published_on)


def _numbers(extract: Extract, desk: Desk) -> dict[tuple[str, ...], float]:
    """All counts that any table is made of, by month and quarter, and how much of each is covered."""
    row = release_row(extract, _request(desk), Book(), exists=False)
    quarters = quarters_of(date.fromisoformat(row.period_start), date.fromisoformat(row.period_end))
    tallies = tally(extract, [(date.fromisoformat(row.period_end), date.fromisoformat(row.recorded_through))])
    found: dict[tuple[str, ...], float] = {("collects", name): 1 for name in tallies.has}
    months = [month for quarter in quarters for month in quarter.months]
    for (table, month), cells in monthly(tallies, months).items():
        found |= {(table, month, value, category): number for value, category, number in cells}
    found |= {("days without records", month.period_id): coverage(extract, month).days_without_records
              for month in months}
    shown = {quarter.id for quarter in quarters}
    responses = tallies.calls[tallies.calls["response"] & tallies.calls["quarter"].isin(shown)]
    by_quarter = responses["quarter"].astype(str)
    found |= {("persons", quarter): float(count)
              for quarter, count in responses.groupby(by_quarter)["person"].nunique().items()}
    for name in responses.columns.difference(list(OF_A_ROW)):
        found |= _counts(name, responses[name], by_quarter)
    return found


def _counts(name: str, values: pd.Series, quarter: pd.Series) -> dict[tuple[str, ...], float]:
    quarters, of_quarter = np.unique(quarter.to_numpy(dtype=object), return_inverse=True)
    codes, found = pd.factorize(values, sort=False)  # what is missing has the code -1
    counts = np.bincount(of_quarter * (len(found) + 1) + codes + 1, minlength=len(quarters) * (len(found) + 1))
    names = [NOT_RECORDED, *map(str, found)]
    table = counts.reshape(len(quarters), len(names))
    return {(name, str(quarters[at]), names[code]): float(table[at, code])
            for at, code in zip(*table.nonzero(), strict=True)}
