"""A process-behaviour chart: months or runs, their middle, and the limits within which chance alone moves them. One
colour throughout: a point beyond the limits has another shape and its month beside it, and is neither good nor bad.
"""

from dataclasses import dataclass
from math import floor, log10
from textwrap import wrap

import altair as alt

from portal.figures.charts.style import Layer, colour, configured, narrow
from portal.figures.statistics import Limits
from portal.language import number, t

LEFT, BOTTOM = 52, 46


@dataclass(frozen=True)
class Points:
    """A series of months, or of runs of quarters, with its limits."""

    times: tuple[str, ...]  # in words
    short: tuple[str, ...]  # as they stand below the line
    values: tuple[float, ...]
    limits: Limits
    name: str
    percent: bool  # the values are shares
    runs: bool = False

    def said(self, value: float) -> str:
        """A value as it is read."""
        return f"{number(round(100 * value))}%" if self.percent else number(round(value))

    def chance(self) -> str:
        """What the band and the line in it are."""
        low, high = self.limits.low, self.limits.high
        middle = self.said(self.limits.middle)
        if self.runs:
            return t("Shaded: what chance gives in each period; middle {middle}", middle=middle)
        if len({*low}) > 1 or len({*high}) > 1:
            return t("Shaded: what chance gives in each month; middle {middle}", middle=middle)
        return t("Shaded: what chance gives, {low} to {high}; middle {middle}", low=self.said(low[0]),
                 high=self.said(high[0]), middle=middle)

    def told(self) -> str:
        """In a sentence, whether they move by chance alone."""
        outside, shifted = self.limits.outside(self.values), self.limits.shifted(self.values)
        many = number(len(self.values))
        if outside:
            named = ", ".join(self.times[at] for at in outside)
            return t("Of {n} periods, these lie beyond what chance gives: {periods}.", n=many, periods=named
                     ) if self.runs else t("Of {n} months, these lie beyond what chance gives: {months}.", n=many,
                                           months=named)
        if shifted:
            first, last = self.times[shifted[0]], self.times[shifted[-1]]
            return t("From {first} to {last}, all periods lie on one side of the middle: more than chance gives.",
                     first=first, last=last) if self.runs else t(
                "From {first} to {last}, all months lie on one side of the middle: more than chance gives.",
                first=first, last=last)
        return t("Period by period, all {n} lie within what chance gives.", n=many) if self.runs else t(
            "Month by month, all {n} lie within what chance gives.", n=many)


def _layer(rows: list[dict[str, object]]) -> alt.Chart:
    made: alt.Chart = Layer(alt.InlineData(rows))
    return made


def limits(points: Points, note: str) -> alt.LayerChart:
    """The months or runs as a line, the limits as a band between two dashed lines, the middle as a thin one."""
    high, last, words = 250 if narrow() else 300, len(points.values) - 1, _lines(points)
    peak = 1.0 if points.percent else max(*points.values, *points.limits.high) or 1.0
    top = peak / (1 - (18 * len(words) + 12) / high)  # room above for the words
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.5, last + 0.5], nice=False))
    axis = alt.Axis(title=None, values=_ticks(peak), format="%" if points.percent else ",d")
    y = alt.Y("y:Q", axis=axis, scale=alt.Scale(domain=[0, top], nice=False))
    band, line = _layer(_steps(points.limits)), _layer(_marks(points))
    dashed = alt.LineConfig(color=colour("edge"), strokeDash=[6, 4], strokeWidth=1.5).to_dict()
    layers = [
        band.mark_area(color=colour("band")).encode(x=x, y=y, y2="low:Q"),
        band.mark_line(**dashed).encode(x=x, y=y), band.mark_line(**dashed).encode(x=x, y="low:Q"),
        band.mark_line(color=colour("edge"), strokeWidth=1).encode(x=x, y="middle:Q"),
        line.mark_line(color=colour("demand"), strokeWidth=2.5).encode(x=x, y=y),
        line.mark_point(filled=True, opacity=1, color=colour("demand")).encode(
            x=x, y=y, shape=alt.Shape("shape:N", scale=None), size=alt.Size("size:Q", scale=None)),
        *_words(points, words, high, x)]
    return configured(layers, high, LEFT, BOTTOM, note)


def _ticks(peak: float) -> list[float]:
    """From 0 in even steps of 1, 2 or 5 and noughts, at most four of them, to no more than the highest mark."""
    size = 10.0 ** floor(log10(peak))
    step = next(one for one in (size / 5, size / 2, size, size * 2, size * 5) if peak / one <= 4)
    return [step * at for at in range(int(peak / step + 1e-9) + 1)]


def _steps(drawn: Limits) -> list[dict[str, object]]:
    """The limits, which may differ from month to month: each half a month to either side."""
    return [{"x": at + half, "y": high, "low": low, "middle": drawn.middle}
            for at, (low, high) in enumerate(zip(drawn.low, drawn.high, strict=True)) for half in (-0.5, 0.5)]


def _marks(points: Points) -> list[dict[str, object]]:
    outside = points.limits.outside(points.values)
    return [{"x": at, "y": value, "shape": "diamond" if at in outside else "circle",
             "size": 140 if at in outside else 38} for at, value in enumerate(points.values)]


def _lines(points: Points) -> list[tuple[str, str]]:
    """What is drawn, in lines as wide as the layout, each with the meaning of its colour."""
    most = 30 if narrow() else 70
    return [(line, meaning) for said, meaning in ((points.name, "demand"), (points.chance(), "ink_2"))
            for line in wrap(said, most)]


def _words(points: Points, lines: list[tuple[str, str]], high: int, x: alt.X) -> list[alt.Chart]:
    """The lines above, and the months below: the first, the last, and those beyond the limits."""
    last = len(points.values) - 1
    made: list[alt.Chart] = [_layer([{}]).mark_text(
        text=words, align="left", baseline="top", x=4, y=2 + 18 * at, fontSize=14, color=colour(meaning),
        fontWeight=700 if meaning == "demand" else 400) for at, (words, meaning) in enumerate(lines)]
    named = {last} if narrow() and points.runs else {0, last}  # a run's words are long
    if not narrow() and not points.runs:
        named |= set(points.limits.outside(points.values))
    return made + [_layer([{"x": at}]).mark_text(
        text=points.short[at], align="left" if not at else "right" if at == last else "center", baseline="top",
        fontSize=14, color=colour("ink_2"), y=high + 8).encode(x=x) for at in sorted(named)]
