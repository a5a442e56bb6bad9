"""The service's own tables that could tell of a single call: eligibility, reasons, hours, gaps in the record. Quarters
are put together until they can't.
"""

from collections.abc import Iterable, Sequence

from portal.contract.contract import MEASURES, SERVICE, Status, threshold
from portal.publish.output.assemble_runs import TOTALS, Span
from portal.publish.output.ledger import Book, TableState, cell
from portal.publish.tables.runs import Run, ServiceClock, service_clock
from portal.publish.tables.tabulate import Tallies, quarterly, unanswered
from portal.release.periods import Period, Quarter, open_of, run_of, year_of

HOURS = "hours.staffed"
Sums = dict[tuple[str, str], float]  # (value, category) -> number
Counts = dict[tuple[str, str], Sums]  # by table and period


def assemble_service(book: Book, tallies: Tallies, span: Span) -> None:
    """Fill a book with every service table: each closed period, what waits, calendar years, and the pilot so far."""
    counts: Counts = {key: {(value, category): number for value, category, number in numbers}
                      for key, numbers in quarterly(tallies, span.quarters).items()}
    without = [quarter for quarter in span.quarters if _no_records(book, quarter.period)]
    time = _clock(book, tallies, [quarter for quarter in span.quarters if quarter not in without])
    for table in [measure.id for measure in SERVICE if any(table == measure.id for table, _ in counts)]:
        for quarter in without:
            _not_shown(book, table, quarter.period, "not_collected", "no_records")
        for run in time.closed:
            _closed(book, tallies, table, run, counts)
        _open(book, table, time)
        _longer(book, tallies, table, span)


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
    found = {period for measure in SERVICE for period, _ in closed_periods(book, measure.id)}
    return [
        tuple(
            quarter for quarter in quarters if period.start <= quarter.period.start and quarter.period.end <= period.end
        )
        for period in sorted(found, key=lambda period: period.start)
    ]


def closed_periods(book: Book, table: str) -> list[tuple[Period, Status]]:
    """The closed periods of a service table in order of time, each with what became of it."""
    found = [(book.periods[state.period_id], state.status) for state in book.states.values()
             if state.table_id == table and state.reason not in ("no_records", "ended") and state.status != "not_due"
             and book.periods[state.period_id].grain in ("quarter", "run")]
    return sorted(found, key=lambda one: one[0].start)


def _closed(book: Book, tallies: Tallies, table: str, run: Run, counts: Counts) -> None:
    period = service_period(run)
    if table == HOURS or _as_published(book, tallies, run):
        _publish(book, TableState(table, period.period_id, "published"), period,
                 added_up(counts[table, quarter.id] for quarter in run))
    else:
        _not_shown(book, table, period, "suppressed", "changed")


def _as_published(book: Book, tallies: Tallies, run: Run) -> bool:
    """Whether the extract still has as many calls, and as many answered, as the quarters published before say. If not,
    a difference would tell of the records that were changed since.
    """
    return all(len(tallies.rows(run, over)) == sum(book.value(table, quarter.id, value) or 0 for quarter in run)
               for over, (table, value) in TOTALS.items() if (table, run[0].id) in book.states)


def _open(book: Book, table: str, time: ServiceClock) -> None:
    """Quarters that wait: for calls answered, or, without a number, for calls that were not."""
    if not time.waiting:
        return
    period = open_of(time.waiting)
    state = TableState(table, period.period_id, "not_due", "service_open", time.answered, threshold("service_answered"))
    if time.enough:
        state = state._replace(reason="service_rest", have=None, need=threshold("service_unanswered"))
    book.add(state, period, [cell(table, period, value, None, status="not_due") for value in MEASURES[table].values])


def _longer(book: Book, tallies: Tallies, table: str, span: Span) -> None:
    """Calendar years that closed periods make up, and the pilot: the sum of all that are shown."""
    closed = closed_periods(book, table)
    shown = [period for period, status in closed if status == "published"]
    for year in sorted({quarter.year for quarter in span.quarters}):
        inside = [period for period in shown if period.start[:4] == period.end[:4] == str(year)]
        if sum(len(span.within(period)) for period in inside) == 4:
            period = year_of(span.within(inside[0]))
            _publish(book, TableState(table, period.period_id, "published", "", len(inside), len(inside)), period,
                     _sum(book, table, inside))
    gone = {value for value in MEASURES[table].values if not tallies.collects(MEASURES[table], value)}
    sums = {key: number for key, number in _sum(book, table, shown).items() if key[0] not in gone}
    if sums:
        _publish(book, TableState(table, span.pilot.period_id, "published", "", len(shown), len(closed)), span.pilot,
                 sums)


def _sum(book: Book, table: str, periods: Sequence[Period]) -> Sums:
    return added_up({(cell_.measure_id, cell_.category_1): cell_.value for cell_ in book.cells[table, period.period_id]
                     if cell_.value is not None} for period in periods)


def added_up(parts: Iterable[Sums]) -> Sums:
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


def _not_shown(book: Book, table: str, period: Period, status: Status, reason: str) -> None:
    book.add(TableState(table, period.period_id, status, reason), period,
             [cell(table, period, value, None, status=status) for value in MEASURES[table].values])
