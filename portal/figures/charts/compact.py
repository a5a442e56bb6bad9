"""The drawings of the meeting brief and of the projector: small, from the figure's own table, with few and large words.

One is as wide as half a printed page; on a screen it is blown up until its words are read from the back row.
"""

import altair as alt

from portal.figures.charts.drawing import Meaning
from portal.figures.charts.lettering import LINE, SIZE, width_of, wrapped
from portal.figures.charts.sheet import Sheet
from portal.figures.figure import Cell, Figure, Table
from portal.figures.view import MADE_UP
from portal.language import number, t

WIDTH = 340  # pixels
NAMES, BAR = 168.0, 18.0  # pixels for the names of bars, and of a bar's height
HIGH, NUMBERS = 76.0, 34.0  # pixels: of the highest column, and for the newest numbers beside the columns
# Which columns of a figure's table are drawn: one of bars, or a whole and its part in the order of time.
COLUMNS = {"demand.received": (1, 2)}
BARS: dict[str, tuple[Meaning, Meaning]] = {  # the meanings of the first bar and of the others
    "response.met": ("team", "absent"), "outcome.kind": ("part", "part"), "care.referral": ("part", "part")}


def compact(figure: Figure) -> alt.LayerChart | None:
    """The drawing of a figure; None where it has no table to draw or is none of these, or where the source does not
    hold the whole that a part is drawn in.
    """
    if not figure.table or len(figure.table.rows) < 2:
        return None
    note = t(MADE_UP) if figure.provenance.state == "illustrative" else ""
    if figure.id in COLUMNS:
        whole, part = COLUMNS[figure.id]
        rows = [row for row in figure.table.rows if row[whole].value is not None]
        return _columns(figure.table, rows, (whole, part), note) if len(rows) > 1 else None
    return _bars(figure.table, *BARS[figure.id], note) if figure.id in BARS else None


def _bars(table: Table, first: Meaning, others: Meaning, note: str) -> alt.LayerChart:
    """A bar a row: its name to the left, its number at its end."""
    sheet, y = Sheet(WIDTH), 0.0
    peak = max((row[1].value or 0 for row in table.rows), default=1) or 1
    room = sheet.width - NAMES - max(width_of(row[1].text, bold=True) for row in table.rows) - 8
    for row in table.rows:
        lines = wrapped(row[0].text, NAMES - 6)
        high = max((LINE - 1) * len(lines), BAR)
        sheet.words(lines, 0, y + high / 2 - (LINE - 1) * (len(lines) - 1) / 2, line=LINE - 1)
        long = room * (row[1].value or 0) / peak
        if long:
            sheet.rectangle(NAMES, y + (high - BAR) / 2, long, BAR, first if row is table.rows[0] else others)
        sheet.words(row[1].text, NAMES + long + 6, y + high / 2, bold=True)
        y += high + 6
    return sheet.chart(y, note)


def _columns(table: Table, rows: list[tuple[Cell, ...]], drawn: tuple[int, int], note: str) -> alt.LayerChart:
    """A column a period, its part filled; the newest with its numbers, the first and the last with their names."""
    sheet, y = Sheet(WIDTH), LINE / 2
    peak = max(row[drawn[0]].value or 0 for row in rows) or 1
    for at, ink in zip(drawn, ("all", "team"), strict=True):
        y = sheet.words(wrapped(table.headers[at], sheet.width, bold=True), 0, y, bold=True, ink=ink)
    foot = y + 10 + HIGH
    apart = (sheet.width - NUMBERS) / len(rows)
    for place, row in enumerate(rows):
        for at in drawn:
            if high := HIGH * (row[at].value or 0) / peak:
                meaning: Meaning = "hollow" if at == drawn[0] else "team"
                sheet.rectangle(apart * place + 1, foot - high, apart - 3, high, meaning)
    _newest(sheet, rows[-1], drawn, peak, foot)
    sheet.words(rows[0][0].text, 0, foot + 11, ink="ink_2")
    sheet.words(rows[-1][0].text, sheet.width - NUMBERS, foot + 11, ink="ink_2", align="right")
    return sheet.chart(foot + 20, note)


def _newest(sheet: Sheet, row: tuple[Cell, ...], drawn: tuple[int, int], peak: float, foot: float) -> None:
    """The numbers of the last period beside its column; the two never touch."""
    whole, part = (row[at].value for at in drawn)
    low = min(foot - HIGH * (part or 0) / peak, foot - 8)
    above = min(foot - HIGH * (whole or 0) / peak + 5, low - LINE)
    x = sheet.width - NUMBERS + 4
    for value, y, ink in ((whole, above, "all"), (part, low, "team")):
        if value is not None:
            sheet.words(number(value), x, y, bold=True, ink=ink, size=SIZE)
