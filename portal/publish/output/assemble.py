"""From counts to a release's cells: each table, in each period that has closed, as far as the disclosure rules let it
be shown.
"""

from collections.abc import Iterable, Sequence

from portal.contract.contract import DIMENSIONS, MEASURES, Block, Dimension, Measure
from portal.publish.output.assemble_runs import ReleaseSpan, assemble_runs, pilot_of_runs, years_of_runs
from portal.publish.output.assemble_service import assemble_service
from portal.publish.output.ledger import Book, CellRow, TableState, cell
from portal.publish.tables.runs import Clock, Run, response_clock
from portal.publish.tables.tabulate import Tallies, monthly
from portal.release.book import TOTALS
from portal.release.periods import Period, year_of

RUNS = ("conduct", "people")  # the kinds of table that are published by runs
MONTHLY = tuple(measure for measure in MEASURES.values() if measure.kind == "activity" and not measure.clock)


def assemble(
    book: Book, tallies: Tallies, span: ReleaseSpan, left_out: frozenset[tuple[str, str]] = frozenset(), *,
    ended: bool = False,
) -> None:
    """Add to a book, which holds what was published before, all that has closed since, and sums up to today.

    `left_out`: (table, run) pairs that the gate found to reveal a hidden number; they are not shown, whatever the rules
    say. `ended`: whether the pilot is over; what still waits is then marked as never to be shown.
    """
    _activity(book, tallies, span)
    assemble_service(book, tallies, span)
    clocks = {over: _clock(book, span, over) for over in TOTALS}
    for measure in _in_order_of_need():
        if measure.kind in RUNS and tallies.collects(measure):
            assemble_runs(book, tallies, measure, clocks["calls" if measure.over == "calls" else "responses"], left_out)
            years_of_runs(book, measure, span)
            pilot_of_runs(book, measure, span)
    if ended:
        _end_open_tables(book)
    _not_collected(book, tallies, span.pilot)
    _derived(book)
    book.add(TableState("promise.punctual", span.pilot.period_id, "published"), span.pilot)


def _in_order_of_need() -> list[Measure]:
    """Arrests first: the outcome table counts the responses without one, and their number must be public by then."""
    return sorted(MEASURES.values(), key=lambda measure: measure.over == "responses_without_arrest")


def _clock(book: Book, span: ReleaseSpan, over: str) -> Clock:
    table_id, value = TOTALS[over]
    totals = {
        quarter: int(total)
        for quarter in span.quarters
        if (total := book.value(table_id, quarter.id, value)) is not None
    }
    return response_clock(totals, _closed_before(book, span, over))


def _closed_before(book: Book, span: ReleaseSpan, over: str) -> list[Run]:
    """The runs that earlier releases have closed on this clock."""
    tables = {measure.id for measure in MEASURES.values() if measure.kind in RUNS and measure.runs_together == 1
              and (measure.over == "calls") == (over == "calls")}
    runs = {book.periods[period_id] for table_id, period_id in book.states
            if table_id in tables and book.periods[period_id].grain == "run"}
    return [span.within(run) for run in sorted(runs, key=lambda run: run.start)]


# ---- activity: exact, by month; longer spans are sums of shorter ones ------------------------------------------------

def _activity(book: Book, tallies: Tallies, span: ReleaseSpan) -> None:
    months = [month for quarter in span.quarters for month in quarter.months]
    counts = monthly(tallies, months)
    for month in months:
        for measure in MONTHLY:
            if (measure.id, month.period_id) in counts:
                _month(book, measure.id, month, counts[measure.id, month.period_id])
    for quarter in span.quarters:
        _sums(book, quarter.period, quarter.months)
    for year in sorted({quarter.year for quarter in span.quarters}):
        quarters = [quarter for quarter in span.quarters if quarter.year == year]
        if len(quarters) == 4:
            _sums(book, year_of(quarters), [quarter.period for quarter in quarters])
    not_collected = frozenset((measure.id, value) for measure in MEASURES.values() for value in measure.values
                              if not tallies.collects(measure, value))
    _sums(book, span.pilot, [quarter.period for quarter in span.quarters], not_collected)


def _month(book: Book, table_id: str, month: Period, numbers: Iterable[tuple[str, str, float]]) -> None:
    covered = book.coverage[month.period_id]
    if covered.days == covered.days_without_records:  # a month without any record is not a 0
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


def _sums(book: Book, period: Period, parts: Sequence[Period],
          not_collected: frozenset[tuple[str, str]] = frozenset()) -> None:
    """Each activity table for a longer period: the sum of the parts that are published; a year only of all its
    quarters.

    `not_collected`: tables with values that the source does not collect, or no longer: they have no sum.
    """
    for measure in MONTHLY:
        published = [part for part in parts if _status(book, measure.id, part) == "published"]
        if published and not (period.grain == "year" and len(published) < len(parts)):
            state = TableState(measure.id, period.period_id, "published", "", len(published), len(parts))
            cells = [cell_ for cell_ in _added_up(book, measure, period, published)
                     if (measure.id, cell_.measure_id) not in not_collected]
            if cells:
                book.add(state, period, cells)
        elif period.grain == "quarter" and any(_status(book, measure.id, part) for part in parts):
            book.add(TableState(measure.id, period.period_id, "not_collected", "no_records"), period,
                     [cell(measure.id, period, value, None, status="not_collected") for value in measure.values])


def _status(book: Book, table_id: str, period: Period) -> str:
    """The status of a table in a period; "" where it has none."""
    state = book.states.get((table_id, period.period_id))
    return state.status if state else ""


def _added_up(book: Book, measure: Measure, period: Period, parts: Sequence[Period]) -> list[CellRow]:
    sums: dict[tuple[str, str], float] = {}
    for part in parts:
        for cell_ in book.cells[measure.id, part.period_id]:
            if cell_.value is not None:
                key = cell_.measure_id, cell_.category_1
                sums[key] = round(sums.get(key, 0.0) + cell_.value, 2)
    return [cell(measure.id, period, value, total, dimension=measure.dimension, category=category)
            for (value, category), total in sums.items()]


def _end_open_tables(book: Book) -> None:
    """Mark what waits for more quarters as never to be shown."""
    for key in [key for key, state in book.states.items() if state.status == "not_due"]:
        book.states[key] = TableState(*key, "suppressed", "ended")
        if key in book.cells:
            book.cells[key] = tuple(cell_._replace(status="suppressed") for cell_ in book.cells[key])


# ---- tables without numbers of their own -----------------------------------------------------------------------------


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
    """Add the states of measures that sum blocks of another table: each is shown where the published blocks cover
    exactly the categories that it sums.
    """
    for measure in (measure for measure in MEASURES.values() if measure.kind == "derived"):
        dimension = DIMENSIONS[MEASURES[measure.source_measure].dimension]
        for state in [state for state in book.states.values() if state.table_id == measure.source_measure]:
            period, copied = book.periods[state.period_id], state._replace(table_id=measure.id)
            blocks = {element.category_1 for element in book.cells.get((measure.source_measure, state.period_id), ())}
            if state.status == "published" and not exact_cover(dimension, blocks, measure.categories):
                copied = copied._replace(status="suppressed", reason="merged")
            book.add(copied, period)


def exact_cover(dimension: Dimension, blocks: Iterable[Block], categories: Sequence[str]) -> tuple[Block, ...]:
    """The blocks that together cover exactly these base categories; none where no blocks do."""
    inside = [block for block in blocks if set(dimension.covers[block]) <= set(categories)]
    covered = {category for block in inside for category in dimension.covers[block]}
    return tuple(inside) if covered == set(categories) else ()
