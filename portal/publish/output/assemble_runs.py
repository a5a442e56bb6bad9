"""The tables on conduct and people: each run that has closed, as far as the disclosure rules let it be shown, and the
sums of runs.

For example, quarters with 25, 20 and 9 responses. The first two make a run: 45 are 40 or more in all, and 20 are 11 or
more beside the larger quarter. The table for `run-2026-Q2-to-2026-Q3` gets the groups that `protect` allows for 45
responses, or, if one of them breaks a rule, no numbers and the reason `privacy`. The third quarter waits: its state
says that it has 9 of the 40 responses that it needs. Since the start, a group is the sum of its published runs.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from portal.contract.contract import DIMENSIONS, MEASURES, Block, Dimension, Measure, Status
from portal.publish.ingest.columns import NOT_RECORDED
from portal.publish.output.ledger import Book, CellRow, TableState, cell
from portal.publish.protection import protect
from portal.publish.tables.runs import Clock, Run, join_runs
from portal.publish.tables.tabulate import Tallies, conduct, quantile, without_arrest
from portal.release.book import TOTALS
from portal.release.periods import Period, Quarter, open_of, pilot_of, run_of, year_of


@dataclass(frozen=True)
class ReleaseSpan:
    """All quarters that a release covers."""

    quarters: tuple[Quarter, ...]

    @property
    def pilot(self) -> Period:
        """The pilot so far."""
        return pilot_of(self.quarters)

    def within(self, period: Period) -> Run:
        """The quarters that lie in a period."""
        return tuple(quarter for quarter in self.quarters
                     if period.start <= quarter.start.isoformat() and quarter.end.isoformat() <= period.end)


def assemble_runs(book: Book, tallies: Tallies, measure: Measure, clock: Clock,
                  left_out: frozenset[tuple[str, str]]) -> None:
    """Add a table for each run that has closed, and how far the open run is. Some measures need several runs together
    (`runs_together` in the contract).
    """
    count = measure.runs_together
    runs, unjoined = join_runs(clock.closed, count)
    for index, run in enumerate(runs):
        parts = clock.closed[index * count:][:count]
        _add_run(book, tallies, measure, parts, hidden=(measure.id, run_of(run).period_id) in left_out)
    waiting = (*unjoined, *clock.waiting)
    if not waiting:
        return
    if count > 1:
        progress = "runs_together", len(clock.closed) % count, count
    else:
        progress = "run_rest" if clock.enough else "run_open", clock.have, clock.need
    period = open_of(waiting)
    book.add(TableState(measure.id, period.period_id, "not_due", *progress), period, _empty(measure, period, "not_due"))


def _empty(measure: Measure, period: Period, status: Status) -> list[CellRow]:
    """A cell without a value for each count of a measure."""
    return [cell(measure.id, period, value, None, status=status) for value in measure.values]


def _add_run(book: Book, tallies: Tallies, measure: Measure, runs: Sequence[Run], *, hidden: bool) -> None:
    """Add a table for one closed run, or for several together. `hidden`: whether the gate left it out."""
    period = run_of([quarter for run in runs for quarter in run])
    rows = _rows_of_runs(book, tallies, measure, runs)
    categories = tallies.not_collected.get(measure.dimension, ())
    cells: list[CellRow] = []
    reason = "privacy"
    if rows is None:
        reason = "changed"
    elif measure.within and not parts_published(book, measure, period):
        reason = "parts"
    elif not hidden:  # a hidden table has the reason "privacy" too: that it passed the rules would reveal something
        cells = _allowed_cells(book, measure, period, rows, categories)
    not_collected = _not_collected(measure, period, categories) if cells or reason == "privacy" else []
    state = (TableState(measure.id, period.period_id, "published") if cells
             else TableState(measure.id, period.period_id, "suppressed", reason))
    book.add(state, period, [*(cells or _empty(measure, period, "suppressed")), *not_collected])


def _not_collected(measure: Measure, period: Period, categories: Iterable[str]) -> list[CellRow]:
    """The base categories of a count that the source can't record, so that no reader takes one for a zero."""
    if measure.kind != "people" or measure.unit == "minutes":
        return []
    return [cell(measure.id, period, value, None, dimension=measure.dimension, category=category,
                 status="not_collected")
            for value in measure.values for category in sorted(categories)]


def _allowed_cells(book: Book, measure: Measure, period: Period, rows: pd.DataFrame,
                   not_collected: Collection[str]) -> list[CellRow]:
    """The cells of a run that the disclosure rules allow; none where they hide the table."""
    if measure.kind == "conduct":
        return _conduct(measure, period, rows)
    if measure.unit == "minutes":
        return _times(measure, period, rows)
    if measure.over == "responses_without_arrest" and not _all_published(book, MEASURES["outcome.arrest"], period):
        return []
    return _people(measure, period, rows, not_collected)


def parts_published(book: Book, measure: Measure, period: Period) -> bool:
    """Whether the table that a measure divides further is published for each run of a longer one, with the same blocks,
    and those of the first rung that was tried.

    Otherwise the table of one run would follow, as the sum of the longer run less the other runs; or it would be nearly
    known, since a coarser rung reveals that a finer block was too small.
    """
    parent = MEASURES[measure.within]
    runs = _runs_inside(book, parent, period)
    blocks = {frozenset((cell.category_1, cell.status) for cell in book.cells[parent.id, run.period_id])
              for run in runs}
    return _all_published(book, parent, period) and len(blocks) == 1 and all(
        _on_first_rung(book, parent, run) for run in runs)


def _on_first_rung(book: Book, measure: Measure, run: Period) -> bool:
    """Whether a published table has the blocks of the first rung that was tried for its size."""
    dimension, empty = DIMENSIONS[measure.dimension], book.not_collected(measure.id, run.period_id)
    counts = {cell.category_1: int(cell.value) for cell in book.cells[measure.id, run.period_id]
              if cell.value is not None}
    first = protect.rungs_tried(dimension, sum(counts.values()), empty)[0]
    return counts.keys() == set(dimension.collected(dimension.ladder[first], empty))


def _all_published(book: Book, measure: Measure, period: Period) -> bool:
    """Whether a table is published in each of its runs that lie in a period; False where there is none."""
    runs, published = _closed_runs(book, measure)
    inside = [run for run in runs if period.start <= run.start and run.end <= period.end]
    return bool(inside) and all(run in published for run in inside)


def _rows_of_runs(book: Book, tallies: Tallies, measure: Measure, runs: Sequence[Run]) -> pd.DataFrame | None:
    """The records that a table counts in one run, or in several together: in each, as many as its public total says.
    None where the extract contradicts what was published, and the table can't be shown.

    For example, a quarter was published with 45 responses. If the extract now has 44, a row in which nothing is
    recorded stands for the deleted one; if it has 46, the response entered last is in no table. More calls, other
    arrests, or other numbers in a table that is divided further can't be reconciled like this: the difference would
    reveal the records that were changed.
    """
    over = "calls" if measure.over == "calls" else "responses"
    parts = [_as_many_as_published(book, tallies, measure, run, over) for run in runs]
    known_parts = [part for part in parts if part is not None]
    if len(known_parts) < len(parts):
        return None
    rows = pd.concat(known_parts, ignore_index=True) if len(known_parts) > 1 else known_parts[0]
    if measure.over == "responses_without_arrest":
        rows = without_arrest(rows)
        inside = _runs_inside(book, MEASURES["outcome.arrest"], run_of([quarter for run in runs for quarter in run]))
        arrests = [book.value("outcome.arrest", run.period_id, "arrests") for run in inside]
        known = [number for number in arrests if number is not None]
        total = sum(_total(book, run, over) for run in runs)
        if len(known) == len(arrests) > 0 and len(rows) != total - sum(known):
            return None
    divided = MEASURES[measure.within] if measure.within else None
    return rows if divided is None or all(_still_as_published(book, divided, run, part, divided.over)
                                          for run, part in zip(runs, known_parts, strict=True)) else None


def _as_many_as_published(book: Book, tallies: Tallies, measure: Measure, run: Run, over: str) -> pd.DataFrame | None:
    """The calls or responses of a run, filled up or cut to its public total; None where that can't be done."""
    rows = tallies.rows(run, over, measure.dimension)
    missing = _total(book, run, over) - len(rows)
    if missing < 0:
        fuller = [quarter.id for quarter in run if tallies.count(quarter, over) > _total(book, (quarter,), over)]
        return tallies.without_last_entered(rows, -missing, fuller) if over == "responses" else None
    if missing and measure.kind == "people" and measure.dimension and (
            NOT_RECORDED not in DIMENSIONS[measure.dimension].base):
        return None
    return tallies.filled_up(rows, missing)


def _total(book: Book, run: Run, over: str) -> int:
    """The public number of calls, or of responses, in a run."""
    table, value = TOTALS[over]
    return int(sum(book.value(table, quarter.id, value) or 0 for quarter in run))


def _runs_inside(book: Book, measure: Measure, period: Period) -> list[Period]:
    """The runs of a table that are published and lie in a period."""
    return [run for run in _closed_runs(book, measure)[1] if period.start <= run.start and run.end <= period.end]


def _still_as_published(book: Book, measure: Measure, run: Run, rows: pd.DataFrame, over: str) -> bool:
    """Whether the records still give a run's published groups the same numbers, and none to a category that was
    published as not collected. True where nothing was published.
    """
    dimension = DIMENSIONS[measure.dimension]
    counts = (without_arrest(rows) if over == "responses_without_arrest" else rows)[dimension.id].value_counts()
    return all((cell_.value or 0) == sum(int(counts.get(base, 0)) for base in dimension.covers[cell_.category_1])
               for cell_ in book.cells.get((measure.id, run_of(run).period_id), ()) if cell_.category_1)


def _conduct(measure: Measure, period: Period, rows: pd.DataFrame) -> list[CellRow]:
    counts = conduct(measure, rows)
    if not all(protect.conduct_shown(count, not_recorded, len(rows)) for _, count, not_recorded in counts):
        return []
    value = next(iter(measure.values))
    cells = [cell(measure.id, period, "responses", len(rows))]
    for category, count, not_recorded in counts:
        cells += [cell(measure.id, period, name, number, dimension=measure.dimension, category=category)
                  for name, number in ((value, count), ("not_recorded", not_recorded))]
    return cells


def _people(measure: Measure, period: Period, rows: pd.DataFrame, not_collected: Collection[str]) -> list[CellRow]:
    # most calls have no key, for nobody met the person: each then counts as a person of its own
    persons = None if measure.over == "calls" else rows["person"]
    dimension = DIMENSIONS[measure.dimension]
    blocks = protect.protect_people(dimension, rows[measure.dimension], persons, len(rows), not_collected,
                                    coarser=not measure.within)
    value = next(iter(measure.values))
    return [cell(measure.id, period, value, count, dimension=measure.dimension, category=block)
            for block, count in (blocks.counts or {}).items()]


def _times(measure: Measure, period: Period, rows: pd.DataFrame) -> list[CellRow]:
    column = measure.id.removeprefix("response.time_")
    known = rows[rows[column].notna()]
    if not protect.all_times_shown(known["person"]):
        return []
    cells = _quantiles(measure, period, known[column])
    if measure.dimension in known:
        dimension = DIMENSIONS[measure.dimension]
        blocks = protect.divide_times(dimension, known[measure.dimension], known["person"])
        rung = dimension.ladder[blocks.rung]
        of = known[measure.dimension].map(protect.block_of(dimension, rung))
        for block in rung:
            cells += _quantiles(measure, period, known.loc[of == block, column], block) if blocks.counts else [
                cell(measure.id, period, value, None, dimension=dimension.id, category=block, status="suppressed")
                for value in measure.values]
    return cells


def _quantiles(measure: Measure, period: Period, minutes: pd.Series, block: Block = "") -> list[CellRow]:
    cells = [cell(measure.id, period, "responses", len(minutes), dimension=measure.dimension, category=block)]
    for value, percent in (("median_minutes", 50), ("p90_minutes", 90)):
        if value in measure.values:
            allowed = protect.quantile_shown(len(minutes), percent, divided=bool(block))
            cells.append(cell(measure.id, period, value, quantile(minutes, percent) if allowed else None,
                              dimension=measure.dimension, category=block,
                              status="published" if allowed else "suppressed"))
    return cells


def _closed_runs(book: Book, measure: Measure) -> tuple[list[Period], list[Period]]:
    """A table's closed runs, oldest first, and those of them that are published."""
    runs = sorted((book.periods[period_id] for table_id, period_id in book.states
                   if table_id == measure.id and book.periods[period_id].lasts
                   and book.periods[period_id].grain == "run"), key=lambda period: period.start)
    return runs, [run for run in runs if book.states[measure.id, run.period_id].status == "published"]


def years_of_runs(book: Book, measure: Measure, span: ReleaseSpan) -> None:
    """Add each calendar year of a conduct or people table: the sum of its published runs, where they are exactly its
    four quarters.
    """
    _, published = _closed_runs(book, measure)
    for year in sorted({quarter.year for quarter in span.quarters}):
        quarters = {quarter for quarter in span.quarters if quarter.year == year}
        inside = [run for run in published if set(span.within(run)) <= quarters]
        covered = {quarter for run in inside for quarter in span.within(run)}
        if len(covered) == 4 and measure.unit != "minutes":
            _sum_of_runs(book, measure, year_of(sorted(quarters)), inside, len(inside))


def pilot_of_runs(book: Book, measure: Measure, span: ReleaseSpan) -> None:
    """Add the pilot so far of a conduct or people table: the sum of its published runs, as fine as all of them allow.
    Times have no sum.
    """
    runs, published = _closed_runs(book, measure)
    if runs and measure.unit != "minutes":
        _sum_of_runs(book, measure, span.pilot, published, len(runs))


def _sum_of_runs(book: Book, measure: Measure, period: Period, published: Sequence[Period], closed: int) -> None:
    """Add a longer period: the sum of the published ones of `closed` runs.

    For example, one run has the groups "woman" and "man", another "woman" and "man or another": their sum has the
    groups "woman" and "man or another".
    """
    have = len(published), closed
    if not published:
        book.add(TableState(measure.id, period.period_id, "suppressed", "privacy", *have), period,
                 _empty(measure, period, "suppressed"))
        return
    cells = [cell_ for run in published for cell_ in book.cells[measure.id, run.period_id]
             if cell_.status == "published"]
    common = _common_blocks(DIMENSIONS[measure.dimension], cells) if measure.kind == "people" else {}
    sums: dict[tuple[str, Block], float] = {}
    for cell_ in cells:
        key = cell_.measure_id, common.get(cell_.category_1, cell_.category_1)
        sums[key] = sums.get(key, 0.0) + (cell_.value or 0.0)
    numbers = [cell(measure.id, period, value, total, dimension=measure.dimension, category=block)
               for (value, block), total in sums.items()]
    never = frozenset.intersection(*(book.not_collected(measure.id, run.period_id) for run in published))
    book.add(TableState(measure.id, period.period_id, "published", "", *have), period,
             [*numbers, *_not_collected(measure, period, never)])


def _common_blocks(dimension: Dimension, cells: Iterable[CellRow]) -> dict[Block, Block]:
    """For each block of several runs, the block that it is part of on the finest rung to which all can be added up."""
    blocks = {cell_.category_1 for cell_ in cells}
    for rung in dimension.ladder:
        wider = {block: next((wide for wide in rung if set(dimension.covers[block]) <= set(dimension.covers[wide])), "")
                 for block in blocks}
        if all(wider.values()):
            return wider
    raise ValueError(f"The ladder of {dimension.id} is not nested.")
