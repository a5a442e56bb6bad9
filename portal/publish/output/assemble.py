"""From counts to all that a release says: each table, in each period that has closed, as far as the disclosure rules
let it be shown.
"""

from collections.abc import Iterable, Sequence

from portal.contract.contract import DIMENSIONS, MEASURES, Block, Dimension, Measure
from portal.publish.output.assemble_runs import TOTALS, Span, in_runs, pilot_of_runs, years_of_runs
from portal.publish.output.assemble_service import assemble_service
from portal.publish.output.ledger import Book, Cell, TableState, cell
from portal.publish.tables.runs import Clock, Run, clock
from portal.publish.tables.tabulate import Tallies, monthly
from portal.release.periods import Period, year_of

RUNS = ("conduct", "people")  # the kinds of table that are published by runs
MONTHLY = tuple(measure for measure in MEASURES.values() if measure.kind == "activity" and not measure.clock)


def assemble(
    book: Book, tallies: Tallies, span: Span, left_out: frozenset[tuple[str, str]] = frozenset(), *,
    ended: bool = False,
) -> None:
    """Fill a book, which holds what was published before, with all that has closed since and all that is made anew.

    `left_out`: (table, run) pairs that are not shown, whatever the rules say: the gate found them to tell too much.
    With `ended` the pilot is over: what still waits will never be shown, and says so.
    """
    _activity(book, tallies, span)
    assemble_service(book, tallies, span)
    clocks = {over: _clock(book, span, over) for over in TOTALS}
    for measure in _in_order_of_need():
        if measure.kind in RUNS and tallies.collects(measure):
            in_runs(book, tallies, measure, clocks["calls" if measure.over == "calls" else "responses"], left_out)
            years_of_runs(book, measure, span)
            pilot_of_runs(book, measure, span)
    if ended:
        _left_open(book)
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
    periods = sorted((book.periods[period_id] for period_id in found), key=lambda period: period.start)
    return [span.within(period) for period in periods]


# ---- activity: exact, by month; longer spans are sums of shorter ones ------------------------------------------------

def _activity(book: Book, tallies: Tallies, span: Span) -> None:
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
    gone = frozenset(
        (measure.id, value)
        for measure in MEASURES.values()
        for value in measure.values
        if not tallies.collects(measure, value)
    )
    _sums(book, span.pilot, [quarter.period for quarter in span.quarters], gone)


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


def _sums(book: Book, period: Period, parts: Sequence[Period], gone: frozenset[tuple[str, str]] = frozenset()) -> None:
    """Each activity table for a longer period: the sum of the parts that are published; a year only of all its
    quarters.

    `gone`: tables with values that the source does not collect (any more): they have no sum.
    """
    for measure in MONTHLY:
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
    """What became of a table in a period; empty where nothing is said."""
    state = book.states.get((table_id, period.period_id))
    return state.status if state else ""


def _added_up(book: Book, measure: Measure, period: Period, parts: Sequence[Period]) -> list[Cell]:
    sums: dict[tuple[str, str], float] = {}
    for part in parts:
        for cell_ in book.cells[measure.id, part.period_id]:
            if cell_.value is not None:
                key = cell_.measure_id, cell_.category_1
                sums[key] = round(sums.get(key, 0.0) + cell_.value, 2)
    return [cell(measure.id, period, value, total, dimension=measure.dimension, category=category)
            for (value, category), total in sums.items()]


def _left_open(book: Book) -> None:
    for key in [key for key, state in book.states.items() if state.status == "not_due"]:
        book.states[key] = TableState(*key, "suppressed", "ended")
        if key in book.cells:
            book.cells[key] = tuple(cell_._replace(status="suppressed") for cell_ in book.cells[key])


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
    for measure in (measure for measure in MEASURES.values() if measure.kind == "derived"):
        dimension = DIMENSIONS[MEASURES[measure.source_measure].dimension]
        for state in [state for state in book.states.values() if state.table_id == measure.source_measure]:
            period, copied = book.periods[state.period_id], state._replace(table_id=measure.id)
            blocks = {element.category_1 for element in book.cells.get((measure.source_measure, state.period_id), ())}
            if state.status == "published" and not exactly(dimension, blocks, measure.categories):
                copied = copied._replace(status="suppressed", reason="merged")
            book.add(copied, period)


def exactly(dimension: Dimension, blocks: Iterable[Block], wanted: Sequence[str]) -> tuple[Block, ...]:
    """The blocks that together cover just the wanted base categories; none, if no such blocks are there."""
    inside = [block for block in blocks if set(dimension.covers[block]) <= set(wanted)]
    covered = {category for block in inside for category in dimension.covers[block]}
    return tuple(inside) if covered == set(wanted) else ()
