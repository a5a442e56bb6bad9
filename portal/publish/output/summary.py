"""The summary of a publication, in sentences, for the analyst alone."""

from collections.abc import Sequence

import pandas as pd

from portal.publish.ingest.extract import Extract
from portal.publish.output.describe import without_records
from portal.publish.output.differences import Difference
from portal.publish.output.ledger import Book, ReleaseRow
from portal.publish.protection.gate import GateResult
from portal.publish.tables.tabulate import Tallies


def summary(passed: GateResult, tallies: Tallies, extract: Extract, row: ReleaseRow,
            changed: Sequence[Difference]) -> tuple[str, ...]:
    """Sentences on days, late rows, the roster, the attack, and which published numbers would differ today."""
    book, through = passed.book, row.recorded_through
    span = f"{row.period_start} to {row.period_end}"
    return (
        f"{row.release_id} ({row.state}) covers {span}, recorded through {through}.",
        *_lateness(row), *_partial(book), *_late_rows(book, tallies, through),
        *_roster_ends(extract, row.period_end), *_attack(passed), *_differences(changed),
    )


def _lateness(row: ReleaseRow) -> list[str]:
    if row.published_on <= row.due_on:
        return []
    return [f"It comes out on {row.published_on}, after the day it was due, {row.due_on}."]


def _partial(book: Book) -> list[str]:
    months = [coverage for coverage in book.coverage.values() if coverage.days_without_records
              and book.periods[coverage.period_id].grain == "month"
              and not book.is_final(book.periods[coverage.period_id])]
    return [without_records(month) for month in months]


def _late_rows(book: Book, tallies: Tallies, through: str) -> list[str]:
    lines = []
    if tallies.left_for_later:
        rows = "row was" if tallies.left_for_later == 1 else "rows were"
        lines.append(f"{tallies.left_for_later} {rows} entered after {through} and will count in the next release.")
    new = {period for _, period in book.added}
    return lines + [f"Calls of published months that were entered late are counted in {month}."
                    for month in sorted(tallies.late & new)]


def _roster_ends(extract: Extract, period_end: str) -> list[str]:
    if extract.roster is None:
        return []
    last = extract.roster["shift_end"].max()
    if not pd.isna(last) and f"{last:%Y-%m-%d}" >= period_end[:8]:  # a shift in the last month: it goes to the end
        return []
    until = "has no shift" if pd.isna(last) else f"ends on {last:%Y-%m-%d}"
    return [f"The roster {until}, before the period does: no hours on duty are counted after it."]


def _attack(passed: GateResult) -> list[str]:
    outcome = passed.outcome
    holes = sum(cell.holes for cell in outcome.cells)
    return [(f"Attacked: {len(outcome.cells)} hidden numbers. None was found or narrowed; "
            f"of {holes} some value can be ruled out."),
            *(f"{table} in {period} is not shown: with it, a hidden number could be worked out."
              for table, period in passed.left_out)]


def _differences(changed: Sequence[Difference]) -> list[str]:
    """A sentence for each table and period: which measures would differ, and never by how much."""
    measures: dict[tuple[str, str], list[str]] = {}
    for difference in changed:
        measures.setdefault((difference.table, difference.period), []).append(difference.measure)
    return [f"{table} in {period} would not be the same today ({', '.join(dict.fromkeys(names))}): what was published "
            "stays. A --note can say what was wrong." for (table, period), names in measures.items()]
