"""Changes with their intervals on one axis: fewer, no change, more. A hollow dot: chance could explain it; a solid one:
chance rarely makes it. One colour: no change is good or bad.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from portal.figures.charts.shapes import LINE, ROOM, Rows, canvas, data, drawn_width, words, wrapped
from portal.figures.charts.style import Layer, colour, narrow, width
from portal.language import t

WIDEST = 100.0  # percent, or points: a line that goes on beyond it has no end there
STEP, END = 20.0, 7  # pixels for a line with its dot, and half the height of its ends


@dataclass(frozen=True)
class Interval:
    """A change in percent, or in points of a share, with its interval: its name, and the change in words."""

    name: str
    size: str
    low: float
    value: float
    high: float
    told: bool


def intervals(rows: Sequence[Interval], note: str) -> alt.LayerChart:
    """A row a change: its name and size above, the dot in its interval below."""
    most = min(WIDEST, max(10.0, *(abs(end) for row in rows for end in (row.low, row.high))))
    left, right = 8.0, width() - 2.0 * ROOM

    def place(value: float) -> float:
        return (left + right) / 2 + (right - left) / 2 * max(-most, min(most, value)) / most
    axis = t("no change")
    last = t("more, higher")
    below_ends = LINE if narrow() else 0  # a phone has no room for three names in a line
    said: list[dict[str, object]] = [*words([t("fewer, lower")], left, 8), *words(
        [axis], (left + right - drawn_width(axis)) / 2, 8 + below_ends)]
    said += words([last], right - drawn_width(last), 8)
    lines: list[dict[str, object]] = []
    dots: list[dict[str, object]] = []
    ends: list[dict[str, object]] = []  # none where the line goes on beyond the drawing
    y = 8.0 + LINE + below_ends
    for row in rows:
        named = wrapped(t("{what}: {number}", what=row.name, number=row.size), width() - 2 * ROOM)
        said += words(named, 0, y + 8, bold=True)
        y += LINE * len(named) + STEP
        lines.append({"x": place(row.low), "x2": place(row.high), "y": y})
        ends += [{"x": place(end), "y": y} for end in (row.low, row.high) if abs(end) <= most]
        dots.append({"x": place(row.value), "y": y, "fill": colour("other") if row.told else colour("missed")})
        y += STEP
    foot = t("Hollow dot: chance could explain it. The line is the 99% interval.")
    below = wrapped(foot, width() - 2 * ROOM)
    said += words(below, 0, y + 8)
    return canvas(said, _marks(lines, ends, dots, place(0)), y + LINE * len(below), note)


def _marks(lines: Rows, ends: Rows, dots: Rows, middle: float) -> list[alt.Chart]:
    """The middle beside each dot, the intervals with their ends, and the dots."""
    centres: Rows = [{"x": middle, "y": row["y"]} for row in dots]
    return [
        Layer(data(centres)).mark_point(shape="M0,-.5L0,.5", size=(4 * END)**2, stroke=colour("edge"), strokeWidth=1,
                                        opacity=1),
        Layer(data(lines)).mark_rule(color=colour("edge"), strokeWidth=2).encode(x2=alt.X2("x2")),
        Layer(data(ends)).mark_point(shape="M0,-.5L0,.5", size=(2 * END)**2, stroke=colour("edge"), strokeWidth=2,
                                     opacity=1),
        Layer(data(dots)).mark_point(filled=True, opacity=1, size=130, stroke=colour("other"), strokeWidth=2).encode(
            fill=alt.Fill("fill:N", scale=None, legend=None))]
