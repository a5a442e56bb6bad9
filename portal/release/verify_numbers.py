"""Recomputes every number of a release that follows from others, and checks those disclosure rules that published
numbers can show.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain

from portal.contract.contract import DIMENSIONS, MEASURES, REASONS, STATUSES, Measure, threshold
from portal.release.book import Key, PublicBook, RowRecord, equal, summed, within
from portal.release.periods import Period, Quarter, open_of, pilot_of, run_of, year_of
from portal.release.verify_rungs import blocks_allowed, parts_allow, published_arrests
from portal.release.verify_service import service_numbers


def differing_numbers(book: PublicBook) -> Iterator[str]:
    """A sentence for each number, status or period that contradicts the contract or other numbers."""
    yield from (f"{name} holds {', '.join(map(str, key))} twice."
                for name, keys in book.repeated.items() for key in keys)
    yield from _periods(book)
    for key, cells in book.cells.items():
        yield from _cells(book, key, cells)
    yield from _states(book)
    yield from _sums(book)
    for measure in MEASURES.values():
        if measure.clock:
            yield from service_numbers(book, measure)
        elif measure.kind == "activity":
            yield from _activity(book, measure)
        elif measure.kind in ("conduct", "people"):
            yield from _runs(book, measure)
        elif measure.kind == "derived":
            yield from _derived(book, measure)


def _periods(book: PublicBook) -> Iterator[str]:
    """The periods cover exactly what the release covers, and each month and quarter has its number of days."""
    quarters = book.quarters
    known = [
        *(month for quarter in quarters for month in quarter.months),
        *(quarter.period for quarter in quarters),
        pilot_of(quarters),
    ]
    for period in known:
        if book.periods.get(period.period_id) != period:
            yield f"periods does not hold {period.period_id} with its days."
    known += [year_of([quarter]) for quarter in quarters]
    for period in book.periods.values():
        inside = within(book, period)
        if period not in known and not (inside and period in (run_of(inside), open_of(inside))):
            yield f"periods holds {period.period_id}, which is not a period of this release."
    for period in known:
        days = (date.fromisoformat(period.end) - date.fromisoformat(period.start)).days + 1
        row = book.coverage.get(period.period_id)
        if period.grain in ("month", "quarter") and (row is None or row[1] != days or not 0 <= row[2] <= days):
            yield f"coverage does not say how many days of {period.period_id} have records."
    for quarter in quarters:
        parts = [book.coverage[month.period_id][2] for month in quarter.months if month.period_id in book.coverage]
        if quarter.id in book.coverage and book.coverage[quarter.id][2] != sum(parts):
            yield f"coverage of {quarter.id} is not the sum of its months."


def _cells(book: PublicBook, key: Key, cells: list[RowRecord]) -> Iterator[str]:
    """Each cell is of a known measure and category, and has a value if, and only if, it is published."""
    table_id, period_id = key
    where, measure = f"{table_id} in {period_id}", MEASURES.get(table_id)
    if measure is None or period_id not in book.periods or key not in book.states:
        yield f"{where} is of no table, period or state that is known."
        return
    dimension = DIMENSIONS.get(measure.dimension)
    for cell in cells:
        value, category = cell["value"], cell["category_1"]
        if (
            cell["measure_id"] not in measure.values
            or cell["status"] not in STATUSES
            or cell["dimension_2"]
            or cell["category_2"]
        ):
            yield f"{where} has a cell the contract doesn't know."
        if (value is not None) != (cell["status"] == "published"):
            yield f"{where} has a value that is not published, or is published without a value."
        if value is not None and not (value >= 0 and (measure.unit == "hours" or value == int(value))):
            yield f"{where} has a value that is no count."
        if bool(category) != bool(cell["dimension_1"]) or (category and (dimension is None or (
                cell["dimension_1"] != dimension.id or category not in dimension.covers))):
            yield f"{where} has a category the contract doesn't know."


def _states(book: PublicBook) -> Iterator[str]:
    """Each state agrees with its cells."""
    for (table_id, period_id), state in book.states.items():
        where, status = f"{table_id} in {period_id}", state["status"]
        known = table_id in MEASURES and period_id in book.periods and status in STATUSES
        if not known or state["reason"] not in REASONS[status]:
            yield f"{where} has a state the contract doesn't know."
            continue
        empty = book.not_collected((table_id, period_id))
        cells = book.cells.get((table_id, period_id), ())
        kinds = {cell["status"] for cell in cells if cell["category_1"] not in empty}
        if not _lacks_rightly(book, (table_id, period_id), empty):
            yield f"{where} names categories as not collected that can't be."
        if MEASURES[table_id].kind in ("derived", "release"):
            if kinds:
                yield f"{where} has cells, and may have none of its own."
        elif (status == "published" and "published" not in kinds) or (status != "published" and kinds != {status}):
            yield f"{where} is {status}, and its cells are not."


def _lacks_rightly(book: PublicBook, key: Key, not_collected: frozenset[str]) -> bool:
    """Whether a table may name these base categories as not collected: a count of people in a combined period any, and
    a sum just those that all of its parts name.
    """
    measure, grain = MEASURES[key[0]], book.periods[key[1]].grain
    counts = measure.kind == "people" and measure.dimension and measure.unit != "minutes"
    if not counts or grain not in ("run", "year", "pilot"):
        return not not_collected
    parts = [book.not_collected((measure.id, part)) for part in book.sums.get(key, [])]
    allowed = set(DIMENSIONS[measure.dimension].base) - {"not_recorded"}
    return not_collected <= allowed if grain == "run" else not_collected == frozenset[str]().union(
        *parts[:1]).intersection(*parts)


def _activity(book: PublicBook, measure: Measure) -> Iterator[str]:
    """Longer periods are sums of shorter ones, and no part is larger than the whole."""
    for period in book.published(measure.id, "quarter", "year", "pilot"):
        grain = "month" if period.grain == "quarter" else "quarter"
        parts = [
            part for part in book.published(measure.id, grain) if period.start <= part.start and part.end <= period.end
        ]
        if not equal(book.values((measure.id, period.period_id)), _of_parts(book, measure, period, parts)):
            yield f"{measure.id} in {period.period_id} is not the sum of its {grain}s."
        if period.grain == "year" and len(parts) < 4:
            yield f"{measure.id} in {period.period_id} does not have four quarters."
    for period in book.published(measure.id, "month"):
        calls = book.values(("demand.received", period.period_id)).get(("calls", ""), 0.0)
        if max(book.values((measure.id, period.period_id)).values()) > calls:
            yield f"{measure.id} in {period.period_id} does not fit the number of crisis calls."


def _of_parts(book: PublicBook, measure: Measure, period: Period,
              parts: Iterable[Period]) -> dict[tuple[str, str], float]:
    """The sum of a table's parts, without the measures that are no longer collected."""
    not_collected = {cell["measure_id"] for cell in book.cells[measure.id, period.period_id]
                     if cell["status"] == "not_collected"}
    sums = summed(book.values((measure.id, part.period_id)) for part in parts)
    return {name: value for name, value in sums.items() if name[0] not in not_collected}


def _sums(book: PublicBook) -> Iterator[str]:
    """Each year and the pilot so far name exactly the published quarters or runs that are in them."""
    for key, state in book.states.items():
        table, period = key[0], book.periods.get(key[1])
        if period is None or table not in MEASURES:
            continue
        has_parts = period.grain in ("year", "pilot") and state["status"] == "published" and key in book.cells
        parts = [part.period_id for part in book.published(table, "quarter", "run")
                 if has_parts and period.start <= part.start and part.end <= period.end
                 and (table, part.period_id) in book.cells]
        if book.sums.get(key, []) != parts:
            yield f"sums does not name the periods that {table} in {key[1]} adds up."


def expected_runs(book: PublicBook, over: str) -> tuple[list[list[Quarter]], list[Quarter]]:
    """The runs that the public totals make, and the quarters that wait. A run has 40 or more in all, and 11 or more
    beside its largest quarter. For example, totals of 25, 20, 9 and 50: the first two quarters make a run; 9 and 50
    wait, since only 9 lie beside the largest.
    """
    runs, waiting = list[list[Quarter]](), list[Quarter]()
    for quarter in book.quarters:
        if book.total(over, quarter) is None:
            continue
        waiting.append(quarter)
        totals = [book.total(over, open_quarter) or 0 for open_quarter in waiting]
        enough_beside = len(totals) == 1 or sum(totals) - max(totals) >= threshold("run_rest")
        if sum(totals) >= threshold("run_responses") and enough_beside:
            runs.append(waiting)
            waiting = []
    return runs, waiting


def _runs(book: PublicBook, measure: Measure) -> Iterator[str]:
    """A table's runs are those that its public totals close, and what each shows keeps the disclosure rules."""
    over, count = "calls" if measure.over == "calls" else "responses", measure.runs_together
    closed, waiting = expected_runs(book, over)
    complete = len(closed) // count * count
    joined = [list(chain.from_iterable(closed[at : at + count])) for at in range(0, complete, count)]
    runs = {run_of(run).period_id: run for run in joined}
    open_quarters = [*chain.from_iterable(closed[complete:]), *waiting]
    years = {year_of([quarter]).period_id for quarter in book.quarters}
    allowed = {*runs, *years, *([open_of(open_quarters).period_id] if open_quarters else []),
               pilot_of(book.quarters).period_id}
    for table_id, period_id in book.states:
        if table_id == measure.id and period_id not in allowed:
            yield f"{measure.id} in {period_id} is no run that its public totals have closed."
    for period in book.published(measure.id, "run"):
        run = runs.get(period.period_id, [])
        total = sum(book.total(over, quarter) or 0 for quarter in run)
        check = _conduct if measure.kind == "conduct" else _times if measure.unit == "minutes" else _people
        if not check(book, measure, period, total):
            yield f"{measure.id} in {period.period_id} does not add up, or shows more than the rules allow."
    if measure.unit != "minutes" and not _pilot(book, measure):
        yield f"{measure.id} for the pilot so far is not the sum of its published runs."
    yield from (f"{measure.id} in {year} is not the sum of the published runs of its four quarters."
                for year in sorted(years) if not _year(book, measure, year))


def _conduct(book: PublicBook, measure: Measure, period: Period, total: int) -> bool:
    values = book.values((measure.id, period.period_id))
    counted = next(iter(measure.values))
    categories = DIMENSIONS[measure.dimension].base if measure.dimension else ("",)
    return (
        values.get(("responses", "")) == total
        and len(values) == 2 * len(categories) + 1
        and all(
            total - values[counted, category] - values["not_recorded", category] >= threshold("block_responses")
            for category in categories
        )
    )


def _people(book: PublicBook, measure: Measure, period: Period, total: int) -> bool:
    total -= published_arrests(book, measure, period)
    values = {category: value for (_, category), value in book.values((measure.id, period.period_id)).items()}
    empty = book.not_collected((measure.id, period.period_id))
    return sum(values.values()) == total and parts_allow(book, measure, period) and blocks_allowed(
        DIMENSIONS[measure.dimension], values, total, empty, coarser=not measure.within)


def _times(book: PublicBook, measure: Measure, period: Period, total: int) -> bool:
    values, rest = book.values((measure.id, period.period_id)), threshold("quantile_rest")
    for category in {category for _, category in values}:
        count, median, ninth = (values.get((name, category)) for name in ("responses", "median_minutes", "p90_minutes"))
        if (
            count is None
            or median is None
            or count < 2 * rest
            or (ninth is not None and (count < 10 * rest or ninth < median))
        ):
            return False
    counts = {category: value for (name, category), value in values.items() if name == "responses"}
    timed = int(counts.pop("", 0))
    blocks_hold = not counts or (
        sum(counts.values()) == timed and blocks_allowed(DIMENSIONS[measure.dimension], counts, timed, coarser=False)
    )
    return 0 < timed <= total and blocks_hold


def _pilot(book: PublicBook, measure: Measure) -> bool:
    """Whether each number of the pilot so far is the sum of the published runs' numbers inside of its block."""
    runs = book.published(measure.id, "run")
    key = measure.id, pilot_of(book.quarters).period_id
    state = book.states.get(key)
    closed = [period for table, period in book.states if table == measure.id and book.periods[period].grain == "run"
              and book.periods[period].lasts]
    if state is None or state["status"] == "not_collected":
        return state is not None or not closed
    return _sum_of(book, measure, key, runs) and (state["have"], state["need"]) == (len(runs), len(closed))


def _year(book: PublicBook, measure: Measure, year: str) -> bool:
    """Whether a year is shown if, and only if, published runs make its four quarters, and is their sum."""
    runs = [run for run in book.published(measure.id, "run") if run.start[:4] == run.end[:4] == year]
    complete = sum(len(within(book, run)) for run in runs) == 4 and measure.unit != "minutes"
    if not complete or (measure.id, year) not in book.states:
        return not complete and (measure.id, year) not in book.states
    return _sum_of(book, measure, (measure.id, year), runs)


def _sum_of(book: PublicBook, measure: Measure, key: Key, runs: list[Period]) -> bool:
    """Whether each number of a longer period is the sum of the runs' numbers inside of its block."""
    values = book.values(key)
    covers = DIMENSIONS[measure.dimension].covers if measure.dimension else {}
    parts = summed(book.values((measure.id, run.period_id)) for run in runs)
    sums: dict[tuple[str, str], float] = {}
    for (name, category), value in parts.items():
        inside = set(covers.get(category, (category,)))
        wide = [block for other, block in values if other == name and inside <= set(covers.get(block, (block,)))]
        if len(wide) != 1:
            return False
        sums[name, wide[0]] = sums.get((name, wide[0]), 0.0) + value
    return equal(values, sums)


def _derived(book: PublicBook, measure: Measure) -> Iterator[str]:
    """A measure that sums blocks of another table is shown if, and only if, those blocks are."""
    categories, covers = set(measure.categories), DIMENSIONS[MEASURES[measure.source_measure].dimension].covers
    for (table_id, period_id), state in book.states.items():
        if table_id != measure.source_measure:
            continue
        expected = state | {"table_id": measure.id}
        inside = [
            set(covers[category])
            for _, category in book.values((table_id, period_id))
            if set(covers[category]) <= categories
        ]
        if state["status"] == "published" and set().union(*inside) != categories:
            expected |= {"status": "suppressed", "reason": "merged"}
        if book.states.get((measure.id, period_id)) != expected:
            yield f"{measure.id} in {period_id} does not follow from {measure.source_measure}."


