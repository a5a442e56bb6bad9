"""From counts to all that a release says: each table, in each period that has closed, as far as the disclosure rules
let it be shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from portal.publish import protect
from portal.publish.ledger import Book, Cell, TableState, cell
from portal.publish.runs import Clock, Run, clock, together
from portal.publish.tabulate import Tallies, conduct, monthly, quantile
from portal.release.contract import DIMENSIONS, MEASURES, Block, Dimension, Measure
from portal.release.periods import Period, Quarter, open_of, pilot_of, run_of, year_of

TOTALS = {"calls": ("demand.received", "calls"), "responses": ("response.met", "responses")}
RUNS = ("conduct", "people")  # the kinds of table that are published by runs


@dataclass(frozen=True)
class Span:
    """What a release covers: all its quarters."""

    quarters: tuple[Quarter, ...]

    @property
    def pilot(self) -> Period:
        """The pilot so far."""
        return pilot_of(self.quarters)

    def within(self, period: Period) -> Run:
        """The quarters that lie in a period."""
        return tuple(
            one for one in self.quarters if period.start <= one.start.isoformat() and one.end.isoformat() <= period.end
        )


def assemble(book: Book, tallies: Tallies, span: Span) -> None:
    """Fill a book, which holds what was published before, with all that has closed since and all that is made anew."""
    _activity(book, tallies, span)
    clocks = {over: _clock(book, span, over) for over in TOTALS}
    for measure in _in_order_of_need():
        if measure.kind in RUNS and tallies.collects(measure):
            _runs(book, tallies, measure, clocks["calls" if measure.over == "calls" else "responses"])
            _pilot_of_runs(book, measure, span)
    _not_collected(book, tallies, span.pilot)
    _derived(book)
    book.add(TableState("promise.punctual", span.pilot.period_id, "published"), span.pilot)


def _in_order_of_need() -> list[Measure]:
    """Arrests first: the outcome table is over the responses without one, and their number must be public."""
    return sorted(MEASURES.values(), key=lambda measure: measure.over == "responses_without_arrest")


def _clock(book: Book, span: Span, over: str) -> Clock:
    table_id, value = TOTALS[over]
    totals = {
        quarter: int(total)
        for quarter in span.quarters
        if (total := book.value(table_id, quarter.id, value)) is not None
    }
    return clock(totals, _closed_before(book, span, over))


def _closed_before(book: Book, span: Span, over: str) -> list[Run]:
    """The runs that earlier releases have closed on this clock."""
    tables = {measure.id for measure in MEASURES.values() if measure.kind in RUNS and measure.runs_together == 1
              and (measure.over == "calls") == (over == "calls")}
    found = {
        period_id
        for table_id, period_id in book.states
        if table_id in tables and book.periods[period_id].grain == "run"
    }
    return [
        span.within(period) for period in sorted((book.periods[one] for one in found), key=lambda period: period.start)
    ]


# ---- activity: exact, by month; longer spans are sums of shorter ones ------------------------------------------------

def _activity(book: Book, tallies: Tallies, span: Span) -> None:
    months = [month for quarter in span.quarters for month in quarter.months]
    counts = monthly(tallies, months)
    for month in months:
        for table_id in [one.id for one in MEASURES.values() if one.kind == "activity"]:
            if (table_id, month.period_id) in counts:
                _month(book, table_id, month, counts[table_id, month.period_id])
    for quarter in span.quarters:
        _sums(book, quarter.period, quarter.months)
    for year in sorted({quarter.year for quarter in span.quarters}):
        quarters = [quarter for quarter in span.quarters if quarter.year == year]
        if len(quarters) == 4:
            _sums(book, year_of(quarters), [quarter.period for quarter in quarters])
    gone = frozenset(
        (one.id, value) for one in MEASURES.values() for value in one.values if not tallies.collects(one, value)
    )
    _sums(book, span.pilot, [quarter.period for quarter in span.quarters], gone)


def _month(book: Book, table_id: str, month: Period, numbers: Iterable[tuple[str, str, float]]) -> None:
    covered = book.coverage[month.period_id]
    if (
        covered.days == covered.days_without_records and table_id != "hours.staffed"
    ):  # a month without any record is not a 0
        state = TableState(table_id, month.period_id, "not_collected", "no_records")
        values = dict.fromkeys(value for value, _, _ in numbers)
        book.add(state, month, [cell(table_id, month, value, None, status="not_collected") for value in values])
        return
    dimension = MEASURES[table_id].dimension
    book.add(
        TableState(table_id, month.period_id, "published"),
        month,
        [
            cell(table_id, month, value, number, dimension=dimension, category=category)
            for value, category, number in numbers
        ],
    )


def _sums(book: Book, period: Period, parts: Sequence[Period], gone: frozenset[tuple[str, str]] = frozenset()) -> None:
    """Each activity table for a longer period: the sum of the parts that are published; a year only of all its
    quarters.

    `gone`: tables with values that the source does not collect (any more): they have no sum.
    """
    for measure in (one for one in MEASURES.values() if one.kind == "activity"):
        shown = [part for part in parts if _status(book, measure.id, part) == "published"]
        if shown and not (period.grain == "year" and len(shown) < len(parts)):
            state = TableState(measure.id, period.period_id, "published", "", len(shown), len(parts))
            cells = [one for one in _added_up(book, measure, period, shown) if (measure.id, one.measure_id) not in gone]
            if cells:
                book.add(state, period, cells)
        elif period.grain == "quarter" and any(_status(book, measure.id, part) for part in parts):
            book.add(TableState(measure.id, period.period_id, "not_collected", "no_records"), period,
                     [cell(measure.id, period, value, None, status="not_collected") for value in measure.values])


def _status(book: Book, table_id: str, period: Period) -> str:
    state = book.states.get((table_id, period.period_id))
    return state.status if state else ""


def _added_up(book: Book, measure: Measure, period: Period, parts: Sequence[Period]) -> list[Cell]:
    sums: dict[tuple[str, str], float] = {}
    for part in parts:
        for one in book.cells[measure.id, part.period_id]:
            if one.value is not None:
                key = one.measure_id, one.category_1
                sums[key] = round(sums.get(key, 0.0) + one.value, 2)
    return [cell(measure.id, period, value, total, dimension=measure.dimension, category=category)
            for (value, category), total in sums.items()]


# ---- conduct and people: by runs --------------------------------------------------------------------------------


def _runs(book: Book, tallies: Tallies, measure: Measure, time: Clock) -> None:
    """A table for each run that has closed, and how far the next one is."""
    runs, left = together(time.closed, measure.runs_together)
    for run in runs:
        _run(book, tallies, measure, run)
    waiting = (*left, *time.waiting)
    if not waiting:
        return
    if measure.runs_together > 1:
        have = len(time.closed) % measure.runs_together
        state = "runs_together", have, measure.runs_together
    else:
        state = "run_rest" if time.enough else "run_open", time.have, time.need
    period = open_of(waiting)
    book.add(TableState(measure.id, period.period_id, "not_due", *state), period,
             [cell(measure.id, period, value, None, status="not_due") for value in measure.values])


def _run(book: Book, tallies: Tallies, measure: Measure, run: Run) -> None:
    period, rows = run_of(run), tallies.rows(run, measure.over)
    cells: list[Cell] = []
    reason = "privacy"
    if not _as_published(book, tallies, measure, run):
        reason = "changed"
    elif measure.kind == "conduct":
        cells = _conduct(measure, period, rows)
    elif measure.unit == "minutes":
        cells = _times(measure, period, rows)
    elif measure.over != "responses_without_arrest" or _status(book, "outcome.arrest", period) == "published":
        cells = _people(measure, period, rows)
    if cells:
        book.add(TableState(measure.id, period.period_id, "published"), period, cells)
    else:
        book.add(TableState(measure.id, period.period_id, "suppressed", reason), period,
                 [cell(measure.id, period, value, None, status="suppressed") for value in measure.values])


def _as_published(book: Book, tallies: Tallies, measure: Measure, run: Run) -> bool:
    """Whether the extract still has as many calls in a run as its quarters, published before, say.

    If not, the difference would tell of the records that were removed or changed since: the table is then not shown.
    """
    over = "calls" if measure.over == "calls" else "responses"
    table_id, value = TOTALS[over]
    return len(tallies.rows(run, over)) == sum(book.value(table_id, quarter.id, value) or 0 for quarter in run)


def _conduct(measure: Measure, period: Period, rows: pd.DataFrame) -> list[Cell]:
    counts = conduct(measure, rows)
    if not all(protect.conduct(count, not_recorded, len(rows)) for _, count, not_recorded in counts):
        return []
    value = next(iter(measure.values))
    cells = [cell(measure.id, period, "responses", len(rows))]
    for category, count, not_recorded in counts:
        cells += [cell(measure.id, period, name, number, dimension=measure.dimension, category=category)
                  for name, number in ((value, count), ("not_recorded", not_recorded))]
    return cells


def _people(measure: Measure, period: Period, rows: pd.DataFrame) -> list[Cell]:
    persons = (
        rows["call_id"] if measure.over == "calls" else rows["person"]
    )  # most calls have no key: nobody met the person
    blocks = protect.people(DIMENSIONS[measure.dimension], rows[measure.dimension], persons, len(rows))
    value = next(iter(measure.values))
    return [cell(measure.id, period, value, count, dimension=measure.dimension, category=block)
            for block, count in (blocks.counts or {}).items()]


def _times(measure: Measure, period: Period, rows: pd.DataFrame) -> list[Cell]:
    column = measure.id.removeprefix("response.time_")
    known = rows[rows[column].notna()]
    if not protect.whole_times(known["person"]):
        return []
    cells = _quantiles(measure, period, known[column])
    if measure.dimension in known:
        dimension = DIMENSIONS[measure.dimension]
        blocks = protect.divided_times(dimension, known[measure.dimension], known["person"])
        rung = dimension.ladder[blocks.rung]
        of = known[measure.dimension].map(protect.block_of(dimension, rung))
        for block in rung:
            cells += (
                _quantiles(measure, period, known.loc[of == block, column], block)
                if blocks.counts
                else [
                    cell(measure.id, period, value, None, dimension=dimension.id, category=block, status="suppressed")
                    for value in measure.values
                ]
            )
    return cells


def _quantiles(measure: Measure, period: Period, minutes: pd.Series, block: Block = "") -> list[Cell]:
    cells = [cell(measure.id, period, "responses", len(minutes), dimension=measure.dimension, category=block)]
    for value, percent in (("median_minutes", 50), ("p90_minutes", 90)):
        if value in measure.values:
            shown = protect.quantile(len(minutes), percent)
            cells.append(
                cell(
                    measure.id,
                    period,
                    value,
                    quantile(minutes, percent) if shown else None,
                    dimension=measure.dimension,
                    category=block,
                    status="published" if shown else "suppressed",
                )
            )
    return cells


def _pilot_of_runs(book: Book, measure: Measure, span: Span) -> None:
    """The pilot so far of a conduct or people table: the sum of its published runs, as fine as all of them allow.
    Times don't add up.
    """
    runs = [state for (table_id, period_id), state in book.states.items()
            if table_id == measure.id and book.periods[period_id].lasts and book.periods[period_id].grain == "run"]
    shown = [state.period_id for state in runs if state.status == "published"]
    if not runs or measure.unit == "minutes":
        return
    have = len(shown), len(runs)
    if not shown:
        book.add(TableState(measure.id, span.pilot.period_id, "suppressed", "privacy", *have), span.pilot,
                 [cell(measure.id, span.pilot, value, None, status="suppressed") for value in measure.values])
        return
    cells = [one for period_id in shown for one in book.cells[measure.id, period_id]]
    into = _common(DIMENSIONS[measure.dimension], cells) if measure.kind == "people" else {}
    sums: dict[tuple[str, Block], float] = {}
    for one in cells:
        key = one.measure_id, into.get(one.category_1, one.category_1)
        sums[key] = sums.get(key, 0.0) + (one.value or 0.0)
    book.add(TableState(measure.id, span.pilot.period_id, "published", "", *have), span.pilot,
             [cell(measure.id, span.pilot, value, total, dimension=measure.dimension, category=block)
              for (value, block), total in sums.items()])


def _common(dimension: Dimension, cells: Iterable[Cell]) -> dict[Block, Block]:
    """For each block of several runs, the block of the finest rung that all of them can be added up to."""
    blocks = {one.category_1 for one in cells}
    for rung in dimension.ladder:
        into = {block: next((wide for wide in rung if set(dimension.covers[block]) <= set(dimension.covers[wide])), "")
                for block in blocks}
        if all(into.values()):
            return into
    raise ValueError(f"The ladder of {dimension.id} is not nested.")


# ---- what has no numbers of its own ------------------------------------------------------------------------------


def _not_collected(book: Book, tallies: Tallies, pilot: Period) -> None:
    for measure in MEASURES.values():
        if measure.kind in ("release", "derived"):
            continue
        missing = [value for value in measure.values if not tallies.collects(measure, value)]
        cells = [cell(measure.id, pilot, value, None, status="not_collected") for value in missing]
        if not tallies.collects(measure):
            book.add(TableState(measure.id, pilot.period_id, "not_collected", "not_collected"), pilot, cells)
        elif missing:
            key = measure.id, pilot.period_id
            book.cells[key] = (*book.cells.get(key, ()), *cells)


def _derived(book: Book) -> None:
    """A measure that sums published blocks of another table has states alone: shown where blocks cover just what it
    sums.
    """
    for measure in (one for one in MEASURES.values() if one.kind == "derived"):
        dimension = DIMENSIONS[MEASURES[measure.source_measure].dimension]
        for state in [one for one in book.states.values() if one.table_id == measure.source_measure]:
            period, copied = book.periods[state.period_id], state._replace(table_id=measure.id)
            blocks = {one.category_1 for one in book.cells.get((measure.source_measure, state.period_id), ())}
            if state.status == "published" and not exactly(dimension, blocks, measure.categories):
                copied = copied._replace(status="suppressed", reason="merged")
            book.add(copied, period)


def exactly(dimension: Dimension, blocks: Iterable[Block], wanted: Sequence[str]) -> tuple[Block, ...]:
    """The blocks that together cover just the wanted base categories; none, if no such blocks are there."""
    inside = [block for block in blocks if set(dimension.covers[block]) <= set(wanted)]
    covered = {category for block in inside for category in dimension.covers[block]}
    return tuple(inside) if covered == set(wanted) else ()
