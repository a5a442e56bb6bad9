"""A rare event out of a total: one dot a response, run by run, solid where it happened and hollow where it did not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import altair as alt

from portal.figures.charts.chart import Chart
from portal.figures.charts.lettering import LINE, SMALL, width_of, wrapped
from portal.figures.charts.sheet import Point, Sheet
from portal.language import n, number, t

MOST = 200  # responses drawn one by one; above, a number and its total say it better
COLUMNS = 4  # runs side by side; above, a column a year
NAMES, GAP = 158.0, {False: 16.0, True: 9.0}  # pixels: for the names in the wide drawing, and between columns
PITCH, RADIUS = {False: 10.5, True: 7.0}, {False: 3.7, True: 2.5}  # pixels, wide and narrow: apart, and of a dot
ROWS = 2  # of dots at least


@dataclass(frozen=True)
class EventRun:
    """A run: its words, the year it ended in, its responses, and how often each event happened in them."""

    words: str
    year: int
    responses: int
    happened: tuple[int, ...]


def events(names: Sequence[str], runs: Sequence[EventRun], note: str) -> Chart | None:
    """A row an event, a column a run in the order of time, the years' sums where there are more than four runs; None
    without responses, and over 200 of them. Raises ValueError where an event happened more often than there were
    responses.
    """
    if any(count > run.responses for run in runs for count in run.happened):
        raise ValueError("an event is counted once a response at most")
    responses = sum(run.responses for run in runs)
    if not 0 < responses <= MOST:
        return None
    columns = list(runs) if len(runs) <= COLUMNS else _years(runs)

    def draw() -> alt.LayerChart:
        sheet = Sheet()
        first, gap = (0.0 if sheet.narrow else NAMES), GAP[sheet.narrow]
        room = (sheet.width - first - gap * (len(columns) - 1)) / len(columns)
        starts = [first + (room + gap) * at for at in range(len(columns))]
        y = _heads(sheet, columns, starts, room)
        per_row = _per_row(sheet, columns, room)
        for at, name in enumerate(names):
            happened = sum(run.happened[at] for run in columns)
            count = t("{part} of {whole}", part=number(happened), whole=number(responses))
            top, low = _name(sheet, name, count, y)
            low = max(low, *(_dots(sheet, run, at, (start, top), per_row)
                             for run, start in zip(columns, starts, strict=True)))
            y = low - 2 if name == names[-1] else _rule(sheet, low)
        return sheet.chart(y, note)
    return Chart(draw, _words(names, columns))


def _years(runs: Sequence[EventRun]) -> list[EventRun]:
    """Runs put together by the year they ended in."""
    years: dict[int, EventRun] = {}
    for run in runs:
        before = years.get(run.year)
        years[run.year] = replace(run, words=str(run.year)) if before is None else replace(
            before, responses=before.responses + run.responses,
            happened=tuple(map(sum, zip(before.happened, run.happened, strict=True))))
    return list(years.values())


def _out_of(run: EventRun) -> str:
    return n("{n} response", "{n} responses", run.responses, n=number(run.responses))


def _words(names: Sequence[str], columns: Sequence[EventRun]) -> str:
    """All numbers: those of all runs, then run by run."""
    responses = sum(run.responses for run in columns)
    overall = "; ".join(t("{what}: {number}", what=name, number=t(
        "{part} of {whole}", part=number(sum(run.happened[at] for run in columns)), whole=number(responses)))
        for at, name in enumerate(names))
    runs = [t("{what}: {number}", what=f"{run.words}, {_out_of(run)}", number="; ".join(
        t("{what}: {number}", what=name, number=number(count))
        for name, count in zip(names, run.happened, strict=True))) for run in columns]
    return ". ".join([overall, *runs])


def _heads(sheet: Sheet, columns: Sequence[EventRun], starts: Sequence[float], room: float) -> float:
    """Each column's period and its responses. Returns the y of the first row."""
    heads = [[*wrapped(run.words, room, size=SMALL), *wrapped(_out_of(run), room, size=SMALL)] for run in columns]
    tall = max(map(len, heads))
    for lines, start in zip(heads, starts, strict=True):
        sheet.words(lines, start, 9 + (LINE - 1) * (tall - len(lines)), ink="ink_2", size=SMALL, line=LINE - 1)
    return 9.0 + (LINE - 1) * tall + 10


def _name(sheet: Sheet, name: str, count: str, y: float) -> tuple[float, float]:
    """An event's name and how often it happened; in the narrow drawing above its dots. Returns the y of the dots, and
    the one below the words.
    """
    if sheet.narrow:
        lines = wrapped(name, sheet.width - width_of(count) - 12, bold=True)
        sheet.words(count, sheet.width, y, align="right")
        low = sheet.words(lines, 0, y, bold=True)
        return low, low
    below = sheet.words(wrapped(name, NAMES - 12, bold=True), 0, y + 1, bold=True, line=LINE - 1)
    return y + 4, sheet.words(count, 0, below, ink="ink_2") - 8


def _per_row(sheet: Sheet, columns: Sequence[EventRun], room: float) -> int:
    """Dots in a row: so many that the last row of the longest run is nearly full."""
    most = max(run.responses for run in columns)
    rows = max(ROWS, -(-most // max(1, int((room + 1) / PITCH[sheet.narrow]))))
    return -(-most // rows)


def _dots(sheet: Sheet, run: EventRun, event: int, corner: Point, per_row: int) -> float:
    """A run's responses, those in which it happened first. Returns the y below them."""
    pitch, radius = PITCH[sheet.narrow], RADIUS[sheet.narrow]
    places: list[Point] = [(corner[0] + radius + 1 + (at % per_row) * pitch, corner[1] + (at // per_row) * pitch)
                           for at in range(run.responses)]
    happened = run.happened[event]
    sheet.dots(places[happened:], radius - 0.6, "hollow", 1)
    sheet.dots(places[:happened], radius + 0.5, "event")
    return corner[1] + max(ROWS, -(-run.responses // per_row)) * pitch


def _rule(sheet: Sheet, y: float) -> float:
    """The room between two events, with a rule in the wide drawing. Returns the y of the next one."""
    if sheet.narrow:
        return y + 12
    sheet.line((0, y + 4), (sheet.width, y + 4), "grid", 1)
    return y + 18
