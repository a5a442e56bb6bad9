"""Wholes on one scale: each a strip of the same length, its parts named inside or below it."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from portal.figures.charts.chart import Chart, Meaning, Portion, counted, listed, percent, titled, total
from portal.figures.charts.lettering import LINE, width_of, wrapped
from portal.figures.charts.sheet import EDGES, Sheet, ink_on, number_width

HIGH, INSIDE = 34.0, 10  # pixels: of a strip, and beside words in it
LEAST = 2.0  # pixels of a part that is not none
SWATCH = 10.0  # pixels of the square that stands for a part too small to be named in it or by a line
Segment = tuple[Portion, float, float]  # a part, and from where to where it reaches


@dataclass(frozen=True)
class Whole:
    """A whole: what it is, its parts, and whether their percents are descriptions."""

    title: str
    parts: Sequence[Portion]
    shares: bool = False

    def words(self, part: Portion) -> str:
        """A part's words, with its share of the whole."""
        return f"{part.words} ({percent(part.count, total(self.parts))})" if self.shares else part.words


def strips(wholes: Sequence[Whole], note: str) -> Chart | None:
    """One strip a whole, all as long as the drawing is wide; a whole of nothing is left out, and None is given where
    none is left.
    """
    drawn = [whole for whole in wholes if total(whole.parts)]
    if not drawn:
        return None

    def draw() -> alt.LayerChart:
        sheet, y = Sheet(), 10.0
        for whole in drawn:
            y = _strip(sheet, whole, y) + 24
        return sheet.chart(y - 28, note)
    descriptions = [titled(whole.title, listed(Portion(whole.words(part), part.count) for part in whole.parts))
                    for whole in drawn]
    return Chart(draw, ". ".join(descriptions))


def segments(parts: Sequence[Portion], start: float, room: float) -> list[Segment]:
    """Each part that is not none, from where to where it reaches on so many pixels; none is too small to be seen."""
    whole, found = total(parts), []
    for part in (part for part in parts if part.count):
        end = min(start + max(LEAST, room * part.count / whole), start + room)
        found.append((part, start, end))
        start, room, whole = end, room - (end - start), whole - part.count
    return found


def _strip(sheet: Sheet, whole: Whole, y: float) -> float:
    """A whole's title, its strip and its names, from y on. Returns the y below them."""
    if whole.title:
        y = sheet.words(wrapped(whole.title, sheet.width, bold=True), 0, y, bold=True) - 4
    outside: list[Segment] = []
    for part, start, end in segments(whole.parts, 0.0, sheet.width):
        meaning: Meaning = "part_3" if part.unrecorded else part.meaning
        sheet.rectangle(start, y, end - start, HIGH, meaning)
        words, written = whole.words(part), counted(part.count)
        wide = number_width(written) + width_of(words)
        if wide + 2 * INSIDE <= end - start and meaning == "hollow":
            sheet.words(f"{written} {words}", end - INSIDE, y + HIGH / 2, align="right", ink=ink_on(meaning))
        else:
            outside.append((part, start, end))
    return _below(sheet, whole, outside, y + HIGH)


def _below(sheet: Sheet, whole: Whole, outside: list[Segment], y: float) -> float:
    """The names of parts with no room inside: at the end of a line from the part, the last part first, or behind a
    small square in its colour where these lines would not fit.
    """
    if not outside:
        return y + 8
    places = [_leader(segment) for segment in outside]
    names = [(counted(part.count), whole.words(part)) for part, _, _ in outside]
    if all(x + 12 + number_width(written) + width_of(words) <= sheet.width
           for x, (written, words) in zip(places, names, strict=True)):
        return _lines(sheet, outside, places, names, y)
    y += LINE
    for (part, _, _), (written, words) in zip(outside, names, strict=True):
        sheet.rectangle(0, y - SWATCH / 2, SWATCH, SWATCH, "part_3" if part.unrecorded else part.meaning)
        start = SWATCH + 8
        y = sheet.number(written, wrapped(words, sheet.width - start - number_width(written)), start, y) + 2
    return y - 6


def _leader(segment: Segment) -> float:
    _, start, end = segment
    return min((start + end) / 2, start + 8)


def _lines(sheet: Sheet, outside: list[Segment], places: list[float], names: list[tuple[str, str]],
           y: float) -> float:
    foot = y
    y += LINE
    for (part, _, _), x, (written, words) in reversed(list(zip(outside, places, names, strict=True))):
        stroke = EDGES.get(part.meaning, part.meaning)
        sheet.path(f"M{x:.1f},{foot:.1f}V{y:.1f}H{x + 8:.1f}", "", stroke)
        sheet.number(written, [words], x + 12, y)
        y += LINE + 2
    return y - 8
