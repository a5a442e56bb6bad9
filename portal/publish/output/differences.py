"""Published numbers that the records would give otherwise today. What was published stays; the analyst learns of the
differences before the next release.
"""

from collections.abc import Iterable
from math import ceil
from typing import NamedTuple

from portal.contract.contract import MEASURES
from portal.publish.output.ledger import Book, CellRow


class Difference(NamedTuple):
    """One published number that the records would give otherwise today; `now` is None where they give none."""

    table: str
    period: str
    measure: str
    category: str
    before: float | None
    now: float | None

    @property
    def place(self) -> str:
        """Table, period and measure, without a number: it may stand on the review page."""
        return f"{self.table} in {self.period}: {' '.join(filter(None, (self.measure, self.category)))}"

    @property
    def with_amounts(self) -> str:
        """The place with both numbers, for the analyst's terminal alone."""
        before, now = ("not shown" if number is None else f"{number:g}" for number in (self.before, self.now))
        return f"{self.place} {before} -> {now}"


def differences(book: Book) -> tuple[Difference, ...]:
    """Every published number that the records would give otherwise, in order of table and time."""
    found = []
    for table, period in sorted(book.differs, key=lambda key: (key[0], book.periods[key[1]])):
        numbers = _changed(book.cells.get((table, period), ()), book.differs[table, period])
        found += [Difference(table, period, *name, *pair) for name, pair in sorted(numbers.items())]
    return tuple(found)


def _changed(before: Iterable[CellRow], now: Iterable[CellRow]
             ) -> dict[tuple[str, str], tuple[float | None, float | None]]:
    """(measure, category) -> its published number and today's, where the two differ."""
    sides = [{(cell.measure_id, cell.category_1): cell.value for cell in cells} for cells in (before, now)]
    pairs = {name: (sides[0].get(name), sides[1].get(name)) for name in sides[0].keys() | sides[1].keys()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def corrected(book: Book) -> int:
    """About how many records of the quarters first published in the last release have changed since: the largest
    number that follows from a single table. Each quarter is compared in one release alone, so that nobody can subtract
    two such numbers.
    """
    if not book.earlier:
        return 0
    since = book.earlier[-2].period_end if len(book.earlier) > 1 else ""
    totals: dict[str, float] = {}
    for (table, period_id), now in book.differs.items():
        period = book.periods[period_id]
        if since < period.end <= book.published_to and period.grain in ("month", "run"):
            totals[table] = totals.get(table, 0.0) + _records_moved(
                table, book.cells.get((table, period_id), ()), now)
    return ceil(max(totals.values(), default=0))


def _records_moved(table: str, before: Iterable[CellRow], now: Iterable[CellRow]) -> float:
    """An estimate of how many records must change to turn some counts into others. In a table that puts each record
    into one group, it is the larger of all gains and all losses; in others, the largest single change. 0 where a table
    has no count now, or had none then: other tables, to which it adds up, give the number.

    For example, groups of 20, 15 and 10 that are now 18, 18 and 10: gains are 3, losses 2, so 3 records.
    """
    changes = [after - first for (measure, _), (first, after) in _changed(before, now).items()
               if not measure.endswith(("_minutes", "_hours")) and first is not None and after is not None]
    if MEASURES[table].kind == "people" and MEASURES[table].unit != "minutes":
        return max(sum(change for change in changes if change > 0), -sum(change for change in changes if change < 0))
    return max(map(abs, changes), default=0)
