"""The tables on conduct and people: each run that has closed, as far as the disclosure rules let it be shown, and the
sums of runs.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from portal.contract.contract import DIMENSIONS, MEASURES, Block, Dimension, Measure
from portal.publish.ingest.columns import NOT_RECORDED
from portal.publish.output.ledger import Book, Cell, TableState, cell
from portal.publish.protection import protect
from portal.publish.tables.runs import Clock, Run, together
from portal.publish.tables.tabulate import Tallies, conduct, quantile, without_arrest
from portal.release.periods import Period, Quarter, open_of, pilot_of, run_of, year_of

TOTALS = {"calls": ("demand.received", "calls"), "responses": ("response.met", "responses")}


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
            quarter
            for quarter in self.quarters
            if period.start <= quarter.start.isoformat() and quarter.end.isoformat() <= period.end
        )


def in_runs(book: Book, tallies: Tallies, measure: Measure, time: Clock, left_out: frozenset[tuple[str, str]]) -> None:
    """A table for each run that has closed, and how far the next one is."""
    runs, left = together(time.closed, measure.runs_together)
    for at, run in enumerate(runs):
        parts = time.closed[at * measure.runs_together:][:measure.runs_together]
        _run(book, tallies, measure, parts, hidden=(measure.id, run_of(run).period_id) in left_out)
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


def _run(book: Book, tallies: Tallies, measure: Measure, runs: Sequence[Run], *, hidden: bool) -> None:
    """A table for one closed run, or for several together."""
    period = run_of([quarter for run in runs for quarter in run])
    rows = _counted(book, tallies, measure, runs)
    missing = tallies.not_collected.get(measure.dimension, ())
    cells: list[Cell] = []
    reason = "privacy"
    if rows is None:
        reason = "changed"
    elif measure.within and not _parts_shown(book, measure, period):
        reason = "parts"
    elif not hidden:  # else the reason is the same as for the rules: that the rules let it pass would tell something
        cells = _shown(book, measure, period, rows, missing)
    empty = _not_collected(measure, period, missing) if cells or reason == "privacy" else []
    if cells:
        book.add(TableState(measure.id, period.period_id, "published"), period, [*cells, *empty])
    else:
        hidden_cells = [cell(measure.id, period, value, None, status="suppressed") for value in measure.values]
        book.add(TableState(measure.id, period.period_id, "suppressed", reason), period, [*hidden_cells, *empty])


def _not_collected(measure: Measure, period: Period, categories: Iterable[str]) -> list[Cell]:
    """The base categories of a count that the source can't record, so that no reader takes one for a zero."""
    if measure.kind != "people" or measure.unit == "minutes":
        return []
    return [cell(measure.id, period, value, None, dimension=measure.dimension, category=category,
                 status="not_collected")
            for value in measure.values for category in sorted(categories)]


def _shown(book: Book, measure: Measure, period: Period, rows: pd.DataFrame,
           not_collected: Collection[str]) -> list[Cell]:
    """What the disclosure rules let be shown of a run."""
    if measure.kind == "conduct":
        return _conduct(measure, period, rows)
    if measure.unit == "minutes":
        return _times(measure, period, rows)
    if measure.over == "responses_without_arrest" and not _all_shown(book, MEASURES["outcome.arrest"], period):
        return []
    return _people(measure, period, rows, not_collected)


def _parts_shown(book: Book, measure: Measure, period: Period) -> bool:
    """Whether each single run of a longer one is shown by the table that it divides further, all with the same blocks.

    If one were not, or more coarsely than the others, it would follow: the longer run's sum, less the other runs.
    """
    parent = MEASURES[measure.within]
    blocks = {frozenset((cell.category_1, cell.status) for cell in book.cells[parent.id, run.period_id])
              for run in _shown_runs(book, parent)[1] if period.start <= run.start and run.end <= period.end}
    return _all_shown(book, parent, period) and len(blocks) == 1


def _all_shown(book: Book, measure: Measure, period: Period) -> bool:
    """Whether a table is shown in each of its runs that lie in a period."""
    runs, shown = _shown_runs(book, measure)
    inside = [run for run in runs if period.start <= run.start and run.end <= period.end]
    return bool(inside) and all(one in shown for one in inside)


def _counted(book: Book, tallies: Tallies, measure: Measure, runs: Sequence[Run]) -> pd.DataFrame | None:
    """The records that a table counts in one run, or in several together: as many in each as its public total says.
    None where the extract contradicts what was published, and the table can't be shown.

    A response that was deleted, or taken for none, is still one of the public total: of it nothing is recorded. Where
    there are more responses than were published, those entered last are in no table. But more calls, other arrests, or
    other numbers in a table that divides the single runs can't be mended so: the difference would tell of the records
    that were changed.
    """
    over = "calls" if measure.over == "calls" else "responses"
    parts = [_as_many_as_published(book, tallies, measure, run, over) for run in runs]
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return None
    rows = pd.concat(found, ignore_index=True) if len(found) > 1 else found[0]
    if measure.over == "responses_without_arrest":
        rows = without_arrest(rows)
        inside = _runs_inside(book, MEASURES["outcome.arrest"], run_of([quarter for run in runs for quarter in run]))
        arrests = [book.value("outcome.arrest", run.period_id, "arrests") for run in inside]
        known = [number for number in arrests if number is not None]
        total = sum(_total(book, run, over) for run in runs)
        if len(known) == len(arrests) > 0 and len(rows) != total - sum(known):
            return None
    divided = MEASURES[measure.within] if measure.within else None
    return rows if divided is None or all(_still(book, divided, run, part, divided.over)
                                          for run, part in zip(runs, found, strict=True)) else None


def _as_many_as_published(book: Book, tallies: Tallies, measure: Measure, run: Run, over: str) -> pd.DataFrame | None:
    """The calls or responses of a run, filled up or cut to its public total; None where that can't be done."""
    rows = tallies.rows(run, over)
    gone = _total(book, run, over) - len(rows)
    if gone < 0:
        fuller = [quarter.id for quarter in run if len(tallies.rows((quarter,), over)) > _total(book, (quarter,), over)]
        return tallies.without_last_entered(rows, -gone, fuller) if over == "responses" else None
    if gone and measure.kind == "people" and measure.dimension and (
            NOT_RECORDED not in DIMENSIONS[measure.dimension].base):
        return None
    return tallies.filled_up(rows, gone)


def _total(book: Book, run: Run, over: str) -> int:
    """The public number of calls, or of responses, in a run."""
    table, value = TOTALS[over]
    return int(sum(book.value(table, quarter.id, value) or 0 for quarter in run))


def _runs_inside(book: Book, measure: Measure, period: Period) -> list[Period]:
    """The runs of a table that are shown and lie in a period."""
    return [run for run in _shown_runs(book, measure)[1] if period.start <= run.start and run.end <= period.end]


def _still(book: Book, measure: Measure, run: Run, rows: pd.DataFrame, over: str) -> bool:
    """Whether the records still give a run's published groups the same numbers, and none to a category that was said to
    be not collected; nothing published is the same.
    """
    dimension = DIMENSIONS[measure.dimension]
    counts = (without_arrest(rows) if over == "responses_without_arrest" else rows)[dimension.id].value_counts()
    return all((cell_.value or 0) == sum(int(counts.get(base, 0)) for base in dimension.covers[cell_.category_1])
               for cell_ in book.cells.get((measure.id, run_of(run).period_id), ()) if cell_.category_1)


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


def _people(measure: Measure, period: Period, rows: pd.DataFrame, not_collected: Collection[str]) -> list[Cell]:
    # most calls have no key, for nobody met the person: each of them is somebody else's then
    persons = rows.index.to_series() if measure.over == "calls" else rows["person"]
    dimension = DIMENSIONS[measure.dimension]
    blocks = protect.people(dimension, rows[measure.dimension], persons, len(rows), not_collected)
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
            shown = protect.quantile(len(minutes), percent, divided=bool(block))
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


def _shown_runs(book: Book, measure: Measure) -> tuple[list[Period], list[Period]]:
    """A table's closed runs, oldest first, and those of them that are shown."""
    runs = sorted((book.periods[period_id] for table_id, period_id in book.states
                   if table_id == measure.id and book.periods[period_id].lasts
                   and book.periods[period_id].grain == "run"), key=lambda period: period.start)
    return runs, [run for run in runs if book.states[measure.id, run.period_id].status == "published"]


def years_of_runs(book: Book, measure: Measure, span: Span) -> None:
    """A calendar year of a conduct or people table: the sum of its runs, where published ones are just its four
    quarters.
    """
    _, shown = _shown_runs(book, measure)
    for year in sorted({quarter.year for quarter in span.quarters}):
        quarters = {quarter for quarter in span.quarters if quarter.year == year}
        inside = [run for run in shown if set(span.within(run)) <= quarters]
        covered = {quarter for run in inside for quarter in span.within(run)}
        if len(covered) == 4 and measure.unit != "minutes":
            _sum_of_runs(book, measure, year_of(sorted(quarters)), inside, len(inside))


def pilot_of_runs(book: Book, measure: Measure, span: Span) -> None:
    """The pilot so far of a conduct or people table: the sum of its published runs, as fine as all of them allow.
    Times don't add up.
    """
    runs, shown = _shown_runs(book, measure)
    if runs and measure.unit != "minutes":
        _sum_of_runs(book, measure, span.pilot, shown, len(runs))


def _sum_of_runs(book: Book, measure: Measure, period: Period, shown: Sequence[Period], closed: int) -> None:
    have = len(shown), closed
    if not shown:
        book.add(TableState(measure.id, period.period_id, "suppressed", "privacy", *have), period,
                 [cell(measure.id, period, value, None, status="suppressed") for value in measure.values])
        return
    cells = [cell_ for run in shown for cell_ in book.cells[measure.id, run.period_id]
             if cell_.status == "published"]
    into = _common(DIMENSIONS[measure.dimension], cells) if measure.kind == "people" else {}
    sums: dict[tuple[str, Block], float] = {}
    for cell_ in cells:
        key = cell_.measure_id, into.get(cell_.category_1, cell_.category_1)
        sums[key] = sums.get(key, 0.0) + (cell_.value or 0.0)
    numbers = [cell(measure.id, period, value, total, dimension=measure.dimension, category=block)
               for (value, block), total in sums.items()]
    never = frozenset.intersection(*(book.not_collected(measure.id, run.period_id) for run in shown))
    book.add(TableState(measure.id, period.period_id, "published", "", *have), period,
             [*numbers, *_not_collected(measure, period, never)])


def _common(dimension: Dimension, cells: Iterable[Cell]) -> dict[Block, Block]:
    """For each block of several runs, the block of the finest rung that all of them can be added up to."""
    blocks = {cell_.category_1 for cell_ in cells}
    for rung in dimension.ladder:
        into = {block: next((wide for wide in rung if set(dimension.covers[block]) <= set(dimension.covers[wide])), "")
                for block in blocks}
        if all(into.values()):
            return into
    raise ValueError(f"The ladder of {dimension.id} is not nested.")
