"""What became of each case: one square a case, in blocks named at the marks; a strip where there are too many."""

from collections.abc import Sequence
from itertools import pairwise

import altair as alt

from portal.figures.charts.chart import Chart, Portion, counted, listed, titled, total
from portal.figures.charts.lettering import LINE, width_of, wrapped
from portal.figures.charts.sheet import EDGES, Point, Sheet, number_width
from portal.figures.charts.strips import Whole, strips

MOST = 400  # cases drawn one by one
PITCH, SIDE = {False: 15.5, True: 14.4}, {False: 12.0, True: 10.6}  # pixels, wide and narrow: apart, and of a square
TOP = 34.0  # pixels above the squares of the wide drawing, for names and brackets
SquareSpan = tuple[int, int]  # the first square of a block, and the first one after it


def waffle(title: str, parts: Sequence[Portion], note: str) -> Chart | None:
    """One square a case for up to 400, else a strip; None where there is no case at all. `title` says what the cases
    are, in the alt text and above a strip.
    """
    drawn = [part for part in parts if part.count]
    if not drawn:
        return None
    if total(drawn) > MOST:
        return strips([Whole(title, parts)], note)

    def draw() -> alt.LayerChart:
        sheet = Sheet()
        tops = None if sheet.narrow else _named_at_marks(drawn, sheet.width)
        return _blocks(sheet, drawn, note) if tops is None else _together(sheet, drawn, tops, note)
    return Chart(draw, titled(title, listed(parts)))


def _blocks(sheet: Sheet, parts: Sequence[Portion], note: str) -> alt.LayerChart:
    """Each part's squares below its own name."""
    pitch, side = PITCH[sheet.narrow], SIDE[sheet.narrow]
    per_row, y = int((sheet.width + pitch - side) / pitch), 9.0
    for part in parts:
        written = counted(part.count)
        lines = wrapped(part.words, sheet.width - number_width(written))
        y = sheet.number(written, lines, 0, y) - 2
        sheet.squares([((at % per_row) * pitch + 1, y + (at // per_row) * pitch) for at in range(int(part.count))],
                      side, part.meaning)
        y += -(-int(part.count) // per_row) * pitch + 16
    return sheet.chart(y - 12, note)


def _spans(parts: Sequence[Portion]) -> list[SquareSpan]:
    ends = [int(total(parts[:at])) for at in range(len(parts) + 1)]
    return list(pairwise(ends))


def _rows(cases: int, width: float) -> int:
    """How many squares a column holds, so that all columns are as wide as the drawing."""
    return max(4, -(-cases // int(width / PITCH[False])))


def _bounds(span: SquareSpan, rows: int) -> Point:
    """The left and right end, in pixels, of the columns that a block fills, or of the one column it is part of."""
    first, last = -(-span[0] // rows), (span[1] - 1) // rows
    return min(first, last) * PITCH[False], last * PITCH[False] + SIDE[False] + 1


def _named_at_marks(parts: Sequence[Portion], width: float) -> list[float] | None:
    """Where each block's name begins, above the squares and below them by turns; None where two of them would meet."""
    rows = _rows(int(total(parts)), width)
    places: list[float] = []
    free = [0.0, 0.0]  # from where on there is room, above and below
    for at, (part, span) in enumerate(zip(parts, _spans(parts), strict=True)):
        start, end = _bounds(span, rows)
        wide = number_width(counted(part.count)) + width_of(part.words)
        place = max(start, free[at % 2])
        if place > end or place + wide > width:
            place = width - wide if free[at % 2] <= width - wide <= end else -1.0
        if place < 0:
            return None
        places.append(place)
        free[at % 2] = place + wide + 14
    return places


def _together(sheet: Sheet, parts: Sequence[Portion], places: list[float], note: str) -> alt.LayerChart:
    """All squares as one shape, column by column; a bracket and a name at each block."""
    rows = _rows(int(total(parts)), sheet.width)
    pitch, side = PITCH[False], SIDE[False]
    low = TOP + rows * pitch + 8
    for at, (part, span, place) in enumerate(zip(parts, _spans(parts), places, strict=True)):
        sheet.squares([((number // rows) * pitch + 1, TOP + (number % rows) * pitch) for number in range(*span)], side,
                      part.meaning)
        start, end = _bounds(span, rows)
        above = at % 2 == 0
        stroke = EDGES.get(part.meaning, "edge")
        sheet.bracket(start, end, TOP - 9 if above else low, above=above, stroke=stroke)
        sheet.number(counted(part.count), [part.words], place, TOP - 24 if above else low + 15)
    return sheet.chart(low + 6 + (LINE if len(parts) > 1 else 0), note)
