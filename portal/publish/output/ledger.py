"""The book of a release: everything that earlier releases published for good, and what the new one adds.

A period is published once. A restated number gives a person away: whoever knows which record was added sees what it
changed. So a release copies every closed period of the release before it, and only adds. A late record counts in the
first month that is still open. A correction is a sentence in the notes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from portal.contract.contract import ILLUSTRATIVE, SCHEMA, ReleaseState, Status
from portal.errors import ReleaseBroken
from portal.release import queries
from portal.release.periods import OPEN, PILOT, Period
from portal.release.store import Release, release_ids
from portal.release.verify import verify


class CellRow(NamedTuple):
    """One row of `cells`."""

    table_id: str
    period_id: str
    measure_id: str
    dimension_1: str
    category_1: str
    dimension_2: str
    category_2: str
    value: float | None
    status: Status


class TableState(NamedTuple):
    """One row of `states`: whether a table is published in a period, why not, or how far its open run is."""

    table_id: str
    period_id: str
    status: Status
    reason: str = ""
    have: int | None = None
    need: int | None = None


class Coverage(NamedTuple):
    """One row of `coverage`."""

    period_id: str
    days: int
    days_without_records: int


class ReleaseRow(NamedTuple):
    """One row of `releases`."""

    release_id: str
    state: ReleaseState
    period_start: str
    period_end: str
    due_on: str
    published_on: str
    recorded_through: str


def cell(
    table_id: str,
    period: Period,
    measure_id: str,
    value: float | None,
    *,
    dimension: str = "",
    category: str = "",
    status: Status = "published",
) -> CellRow:
    """A cell with at most one dimension; a dimension is named only beside a category."""
    return CellRow(table_id, period.period_id, measure_id, dimension if category else "", category, "", "",
                   None if value is None else float(value), status)


STATEMENTS = ("records", "remarks", "errata", "costs")  # the tables to which each release adds rows about itself
Statements = dict[str, list[tuple[Any, ...]]]  # their rows, of all releases so far


@dataclass
class Book:
    """The content of a release in the making: first what earlier releases published for good, then what is new."""

    cells: dict[tuple[str, str], tuple[CellRow, ...]] = field(default_factory=dict)  # by table and period
    states: dict[tuple[str, str], TableState] = field(default_factory=dict)
    periods: dict[str, Period] = field(default_factory=dict)
    coverage: dict[str, Coverage] = field(default_factory=dict)
    earlier: tuple[ReleaseRow, ...] = ()  # the releases it goes on from
    release: ReleaseRow | None = None  # the release it becomes
    # (table, period) that is published already -> its cells by the extract, where these differ
    differs: dict[tuple[str, str], tuple[CellRow, ...]] = field(default_factory=dict)
    added: list[tuple[str, str]] = field(default_factory=list)
    superseded: set[str] = field(default_factory=set)  # tables whose published numbers are replaced
    statements: Statements = field(default_factory=lambda: {name: [] for name in STATEMENTS})

    def copy(self) -> "Book":
        """An independent book with the same entries."""
        return Book(dict(self.cells), dict(self.states), dict(self.periods), dict(self.coverage),
                    self.earlier, self.release, dict(self.differs), list(self.added), set(self.superseded),
                    {name: list(rows) for name, rows in self.statements.items()})

    @property
    def releases(self) -> tuple[ReleaseRow, ...]:
        """The releases so far, this one last."""
        return (*self.earlier, self.release) if self.release else self.earlier

    @property
    def published_to(self) -> str:
        """The last day that earlier releases cover; "" for a first release."""
        return self.earlier[-1].period_end if self.earlier else ""

    def quarter_is_covered(self, period_id: str) -> bool:
        """Whether a period is a quarter of this release or of one before."""
        return period_id in self.periods and self.periods[period_id].grain == "quarter"

    def is_final(self, period: Period) -> bool:
        """Whether earlier releases have published a period for good."""
        return period.lasts and period.end <= self.published_to

    def add(self, state: TableState, period: Period, cells: Iterable[CellRow] = ()) -> None:
        """Add a table in a period. One that is published already stays as it was; if it would differ now, `differs`
        records it.
        """
        key, fresh = (state.table_id, period.period_id), tuple(cells)
        if not self.is_final(period) or state.table_id in self.superseded:
            self.periods[period.period_id] = period
            self.states[key] = state
            self.added.append(key)
            if fresh:
                self.cells[key] = fresh
        elif self._differs(key, fresh):
            self.differs[key] = fresh

    def _differs(self, key: tuple[str, str], fresh: tuple[CellRow, ...]) -> bool:
        """Whether the extract now gives other cells than those published and not withdrawn since."""
        state = self.states.get(key)
        return state is not None and state.reason != "withdrawn" and set(self.cells.get(key, ())) != set(fresh)

    def not_collected(self, table_id: str, period_id: str) -> frozenset[str]:
        """The base categories that a table marks as not collected in a period."""
        return frozenset(element.category_1 for element in self.cells.get((table_id, period_id), ())
                         if element.status == "not_collected" and element.category_1)

    def value(self, table_id: str, period_id: str, measure_id: str, category: str = "") -> float | None:
        """A published value, or None."""
        found = (element.value for element in self.cells.get((table_id, period_id), ())
                 if element.measure_id == measure_id and element.category_1 == category)
        return next(found, None)


def made_up(state: ReleaseState) -> bool:
    """Whether releases of this state hold made-up numbers. Made-up and real ones are never in one history."""
    return state == ILLUSTRATIVE


def history(releases: Path, state: ReleaseState) -> tuple[Release, ...]:
    """The releases that a new one of this state goes on from, oldest period first."""
    by_period: list[tuple[str, str, Release]] = []
    for name in release_ids(releases):
        release = Release(releases / name)
        meta = queries.meta(release)
        if made_up(meta["state"]) == made_up(state):  # type: ignore[arg-type]  # text from a file; verify checks it
            by_period.append((meta["period_end"], name, release))
    return tuple(release for *_, release in sorted(by_period, key=lambda entry: entry[:2]))


def open_book(previous: Release | None) -> Book:
    """A book that holds everything the previous release published for good. Raises ReleaseBroken when that release does
    not verify.
    """
    if previous is None:
        return Book()
    findings = verify(previous.folder)
    if findings:
        raise ReleaseBroken(previous.folder, findings[0].rstrip("."))
    rows = {name: queries.table(previous, name).rows for name in SCHEMA}
    book = Book(earlier=tuple(ReleaseRow(*row) for row in rows["releases"]))
    periods = [Period(*row) for row in rows["periods"]]
    book.periods = {period.period_id: period for period in periods if period.lasts}
    book.statements = {name: [*rows[name]] for name in STATEMENTS}
    book.coverage = {row[0]: Coverage(*row) for row in rows["coverage"]}
    for row in rows["states"]:
        if not row[1].startswith((OPEN, PILOT)):
            book.states[row[0], row[1]] = TableState(*row)
    for row in rows["cells"]:
        if not row[1].startswith((OPEN, PILOT)):
            book.cells[row[0], row[1]] = (*book.cells.get((row[0], row[1]), ()), CellRow(*row))
    return book
