"""Parts in order of size, or in the order they are given in: a bar each, its words above and its number at its end."""

from collections.abc import Callable, Sequence

import altair as alt

from portal.figures.charts.chart import Chart, Meaning, Portion, counted, listed, percent, titled, total
from portal.figures.charts.lettering import LINE, width_of, wrapped
from portal.figures.charts.sheet import Sheet
from portal.language import t

HIGH, LEAST = 20.0, 1.0  # pixels: of a bar, and of one that is not none


def bars(title: str, parts: Sequence[Portion], note: str, *, shares: bool = False, in_order: bool = False,
         written: Callable[[float], str] = counted) -> Chart | None:
    """A bar a part, the largest first unless they are `in_order` already; None where all are none. `shares`: each with
    its percent of their sum. `written`: how a number is written at the end of its bar.
    """
    if not any(part.count for part in parts):
        return None
    ordered = list(parts) if in_order else sorted(parts, key=lambda part: -part.count)

    def draw() -> alt.LayerChart:
        sheet = Sheet()
        return sheet.chart(draw_bars(sheet, ordered, 9.0, shares=shares, written=written) - 10, note)
    return Chart(draw, titled(title, _words(ordered, shares, written)))


def _words(parts: Sequence[Portion], shares: bool, written: Callable[[float], str]) -> str:
    if not shares and written is counted:
        return listed(parts)
    whole = total(parts)
    return "; ".join(t("{what}: {number}", what=part.words, number=(
        f"{written(part.count)} ({percent(part.count, whole)})" if shares else written(part.count))) for part in parts)


def draw_bars(sheet: Sheet, parts: Sequence[Portion], y: float, *, shares: bool,
              written: Callable[[float], str] = counted) -> float:
    """Draws the bars from y on. Returns the y below them."""
    whole, most = total(parts), max(part.count for part in parts)
    numbers = [(written(part.count), percent(part.count, whole) if shares else "") for part in parts]
    end = max(width_of(number, bold=True) + (width_of(share) + 6 if share else 0) for number, share in numbers) + 10
    for part, (number, share) in zip(parts, numbers, strict=True):
        y = sheet.words(wrapped(part.words, sheet.width), 0, y) - 5
        long = max(LEAST, (sheet.width - end) * part.count / most) if part.count else 0.0
        meaning: Meaning = "part_3" if part.unrecorded else part.meaning
        if long:
            sheet.rectangle(0, y, long, HIGH, meaning)
        sheet.words(number, long + 8, y + HIGH / 2, bold=True)
        if share:
            sheet.words(share, long + 14 + width_of(number, bold=True), y + HIGH / 2, ink="ink_2")
        y += HIGH + LINE + 1
    return y
