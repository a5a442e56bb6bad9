"""How far along a pathway: each step inside the one before. One dot a case; bars on one scale where there are many."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import altair as alt

from portal.figures.charts.chart import Chart, Meaning, counted
from portal.figures.charts.lettering import LINE, width_of, wrapped
from portal.figures.charts.sheet import Point, Sheet, number_width
from portal.language import t

MOST = 200  # cases drawn one by one
PITCH, RADIUS = {False: 14.7, True: 10.7}, {False: 5.4, True: 3.9}  # pixels, wide and narrow: apart, and of a dot
DEEP = {False: 2, True: 3}  # rows of dots at least
HIGH = 24.0  # pixels of a bar


@dataclass(frozen=True)
class FunnelStep:
    """A step of the pathway: how many got this far, its words, and the words for those who stopped a step before."""

    count: float
    words: str
    lost: str = ""


def funnel(steps: Sequence[FunnelStep], note: str) -> Chart | None:
    """Steps from the whole inwards, no step larger than the one before it; None where the whole is zero. Raises
    ValueError on steps that are not nested.
    """
    if any(after.count > before.count for before, after in pairwise(steps)):
        raise ValueError("a step of a funnel is not larger than the one before it")
    if not steps or not steps[0].count:
        return None

    def draw() -> alt.LayerChart:
        sheet, y = Sheet(), 9.0
        for at, step in enumerate(steps):
            before = steps[at - 1].count if at else step.count
            lost = _lost(step, before) if at else ""
            y = _step(sheet, step, before, steps[0].count, lost, y)
        return sheet.chart(y - 14, note)
    return Chart(draw, _words(steps))


def _lost(step: FunnelStep, before: float) -> str:
    return f"{counted(before - step.count)} {step.lost}" if step.lost and before > step.count else ""


def _words(steps: Sequence[FunnelStep]) -> str:
    parts = [(step.words, step.count) for step in steps]
    lost = [(step.lost, before.count - step.count) for before, step in pairwise(steps) if step.lost]
    return "; ".join(t("{what}: {number}", what=words, number=counted(count)) for words, count in parts + lost)


def _step(sheet: Sheet, step: FunnelStep, before: float, total: float, lost: str, y: float) -> float:
    """A step's number and words, its marks, and those of the step before that did not get this far: hollow."""
    written = counted(step.count)
    lines = wrapped(step.words, sheet.width - number_width(written))
    y = sheet.number(written, lines, 0, y) - LINE
    head = number_width(written) + width_of(lines[-1] if lines else "")
    end = _reach(sheet, before, total)
    beside = bool(lost) and not sheet.narrow and end + 14 + width_of(lost) <= sheet.width
    if lost and not beside:
        if head + 24 + width_of(lost) <= sheet.width:
            sheet.words(lost, sheet.width, y, ink="ink_2", align="right")
        else:
            y = sheet.words(wrapped(lost, sheet.width), 0, y + LINE, ink="ink_2") - LINE
    top = y + 20
    meaning: Meaning = "all" if before == step.count == total else "care"
    low = _marks(sheet, step.count, before, total, meaning, top)
    if beside:
        sheet.words(lost, end + 14, (top + low) / 2 - 4, ink="ink_2")
    return low + 16


def _deep(sheet: Sheet, total: float) -> int:
    return max(DEEP[sheet.narrow], -(-int(total) // int(sheet.width / PITCH[sheet.narrow])))


def _reach(sheet: Sheet, count: float, total: float) -> float:
    """How far right so many marks reach."""
    if total > MOST:
        return sheet.width * count / total
    return -(-int(count) // _deep(sheet, total)) * PITCH[sheet.narrow]


def _marks(sheet: Sheet, count: float, before: float, total: float, meaning: Meaning, top: float) -> float:
    """The marks of a step, solid, and hollow those it lost. Returns the y below them."""
    if total > MOST:
        _bar(sheet, count / total, before / total, meaning, top - 8)
        return top - 8 + HIGH + 4
    deep, pitch, radius = _deep(sheet, total), PITCH[sheet.narrow], RADIUS[sheet.narrow]
    places: list[Point] = [(radius + 1 + (at // deep) * pitch, top + (at % deep) * pitch) for at in range(int(before))]
    sheet.dots(places[:int(count)], radius, meaning)
    sheet.dots(places[int(count):], radius - 0.7, "hollow")
    return top + deep * pitch


def _bar(sheet: Sheet, part: float, before: float, meaning: Meaning, top: float) -> None:
    if before > part:
        sheet.rectangle(0, top, sheet.width * before, HIGH, "hollow")
    if part:
        sheet.rectangle(0, top, sheet.width * part, HIGH, meaning)
