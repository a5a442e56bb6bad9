"""The service's own tables that could reveal a single call: eligibility, reasons, hours, missing fields. Quarters are
published together until none of them can.

For example, a quarter with 20 calls answered and 1 that the team could have taken but did not is published together
with the next: whoever knows of a call in it would be nearly sure that the team came.
"""

from collections.abc import Iterable, Sequence

from portal.contract.contract import MEASURES, SERVICE, Status, threshold
from portal.publish.output.assemble_runs import ReleaseSpan
from portal.publish.output.ledger import Book, TableState, cell
from portal.publish.tables.runs import Run, ServiceClock, service_clock
from portal.publish.tables.tabulate import Tallies, quarterly, unanswered
from portal.release.book import TOTALS
from portal.release.periods import Period, Quarter, open_of, run_of, year_of

HOURS = "hours.staffed"
Sums = dict[tuple[str, str], float]  # (value, category) -> number
ServiceCounts = dict[tuple[str, str], Sums]  # by table and period


def assemble_service(book: Book, tallies: Tallies, span: ReleaseSpan) -> None:
    """Add every service table: each closed period, what waits, calendar years, and the pilot so far."""
    counts: ServiceCounts = {key: {(value, category): number for value, category, number in numbers}
                             for key, numbers in quarterly(tallies, span.quarters).items()}
    without_records = [quarter for quarter in span.quarters if _no_records(book, quarter.period)]
    clock = _clock(book, tallies, [quarter for quarter in span.quarters if quarter not in without_records])
    for table in [measure.id for measure in SERVICE if any(table == measure.id for table, _ in counts)]:
        for quarter in without_records:
            _add_empty(book, table, quarter.period, "not_collected", "no_records")
        for run in clock.closed:
            _add_closed(book, tallies, table, run, counts)
        _add_waiting(book, table, clock)
        _add_longer_periods(book, tallies, table, span)


def service_period(run: Run) -> Period:
    """The period of quarters that are published together: the quarter itself, or a run."""
    return run[0].period if len(run) == 1 else run_of(run)


def _no_records(book: Book, period: Period) -> bool:
    covered = book.coverage[period.period_id]
    return covered.days == covered.days_without_records


def _clock(book: Book, tallies: Tallies, quarters: Sequence[Quarter]) -> ServiceClock:
    answered = {quarter: int(book.value("response.met", quarter.id, "responses") or 0) for quarter in quarters}
    return service_clock(answered, unanswered(tallies, quarters), _closed_before(book, quarters))


def _closed_before(book: Book, quarters: Sequence[Quarter]) -> list[Run]:
    """The periods that earlier releases have closed on this clock."""
    periods = {period for measure in SERVICE for period, _ in closed_periods(book, measure.id)}
    return [
        tuple(
            quarter for quarter in quarters if period.start <= quarter.period.start and quarter.period.end <= period.end
        )
        for period in sorted(periods, key=lambda period: period.start)
    ]


def closed_periods(book: Book, table: str) -> list[tuple[Period, Status]]:
    """The closed periods of a service table in order of time, each with its status."""
    closed = [(book.periods[state.period_id], state.status) for state in book.states.values()
              if state.table_id == table and state.reason not in ("no_records", "ended") and state.status != "not_due"
              and book.periods[state.period_id].grain in ("quarter", "run")]
    return sorted(closed, key=lambda period_and_status: period_and_status[0].start)


def _add_closed(book: Book, tallies: Tallies, table: str, run: Run, counts: ServiceCounts) -> None:
    period = service_period(run)
    if table == HOURS or _as_published(book, tallies, run):
        _publish(book, TableState(table, period.period_id, "published"), period,
                 sum_up(counts[table, quarter.id] for quarter in run))
    else:
        _add_empty(book, table, period, "suppressed", "changed")


def _as_published(book: Book, tallies: Tallies, run: Run) -> bool:
    """Whether the extract still has as many calls, and as many answered, as were published for these quarters. If not,
    a difference would reveal the records that were changed since.
    """
    return all(sum(tallies.count(quarter, over) - (book.value(table, quarter.id, value) or 0) for quarter in run) == 0
               for over, (table, value) in TOTALS.items() if (table, run[0].id) in book.states)


def _add_waiting(book: Book, table: str, clock: ServiceClock) -> None:
    """Add the quarters that wait for more answered calls, or, without their number, for more that were not answered."""
    if not clock.waiting:
        return
    period = open_of(clock.waiting)
    state = TableState(table, period.period_id, "not_due", "service_open", clock.answered,
                       threshold("service_answered"))
    if clock.enough:
        state = state._replace(reason="service_rest", have=None, need=threshold("service_unanswered"))
    book.add(state, period, [cell(table, period, value, None, status="not_due") for value in MEASURES[table].values])


def _add_longer_periods(book: Book, tallies: Tallies, table: str, span: ReleaseSpan) -> None:
    """Add each calendar year that published periods make up, and the pilot so far: the sum of all published periods."""
    closed = closed_periods(book, table)
    published = [period for period, status in closed if status == "published"]
    for year in sorted({quarter.year for quarter in span.quarters}):
        inside = [period for period in published if period.start[:4] == period.end[:4] == str(year)]
        if sum(len(span.within(period)) for period in inside) == 4:
            period = year_of(span.within(inside[0]))
            _publish(book, TableState(table, period.period_id, "published", "", len(inside), len(inside)), period,
                     _sum(book, table, inside))
    sums = {(value, category): number for (value, category), number in _sum(book, table, published).items()
            if tallies.collects(MEASURES[table], value)}
    if sums:
        _publish(book, TableState(table, span.pilot.period_id, "published", "", len(published), len(closed)),
                 span.pilot, sums)


def _sum(book: Book, table: str, periods: Sequence[Period]) -> Sums:
    return sum_up({(cell_.measure_id, cell_.category_1): cell_.value for cell_ in book.cells[table, period.period_id]
                   if cell_.value is not None} for period in periods)


def sum_up(parts: Iterable[Sums]) -> Sums:
    """The sums of several periods' numbers, hours to two decimals."""
    sums: Sums = {}
    for part in parts:
        for key, number in part.items():
            sums[key] = round(sums.get(key, 0.0) + number, 2)
    return sums


def _publish(book: Book, state: TableState, period: Period, numbers: Sums) -> None:
    dimension = MEASURES[state.table_id].dimension
    book.add(state, period, [cell(state.table_id, period, value, number, dimension=dimension, category=category)
                             for (value, category), number in numbers.items()])


def _add_empty(book: Book, table: str, period: Period, status: Status, reason: str) -> None:
    """Add a table that has no numbers in a period."""
    book.add(TableState(table, period.period_id, status, reason), period,
             [cell(table, period, value, None, status=status) for value in MEASURES[table].values])
