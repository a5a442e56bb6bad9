"""The kinds of chart the portal draws: months over time, bars, squares, shares with their intervals. Zero is always the
base, words stand at what they name, and the phone has a layout of its own.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

from portal.figures.charts.shapes import (
    HIGH,
    LINE,
    ROOM,
    Rows,
    bars,
    canvas,
    data,
    drawn_width,
    hatched,
    ticks,
    whiskers,
    words,
    wrapped,
)
from portal.figures.charts.style import SIZE, Layer, colour, configured, narrow, width
from portal.figures.statistics import Limits
from portal.language import number, short_month, t

Group = tuple[str, int, str]  # words, how many calls, the colour's meaning
Event = tuple[str, str]  # the first day of a month, and what happened in it
LARGEST = 70  # more calls than this are drawn as bars, not one by one
LEFT, TOP, BOTTOM, RIGHT = 44, 34, 44, 8  # around the months


def _float(value: object) -> float:
    return float(str(value)) if value is not None else 0.0


@dataclass(frozen=True)
class _Plot:
    """The place of months and counts in a drawing: so many months wide, zero to `top` on so many pixels high."""

    months: tuple[str, ...]
    high: int
    top: float

    @property
    def apart(self) -> float:
        """Pixels from month to month."""
        return (width() - LEFT - RIGHT) / max(len(self.months), 1)

    def count(self, pixels: float) -> float:
        """The count that stands so many pixels below the top."""
        return self.top * (1 - pixels / self.high)

    def x(self) -> alt.X:
        """The months, each named at its place as often as the words fit."""
        said = [short_month(date.fromisoformat(one)) for one in self.months]
        step = max(1, -(-int(max(map(drawn_width, said), default=1) + ROOM) // max(int(self.apart), 1)))
        named = {str(at): said[at] for at in range(0, len(said), step)
                 if (at + 0.5) * self.apart + drawn_width(said[at]) / 2 <= width() - LEFT}
        axis = alt.Axis(title=None, values=[int(at) for at in named], labelExpr=f"({json.dumps(named)})[datum.value]")
        return alt.X("x:Q", axis=axis, scale=alt.Scale(domain=[-0.5, len(self.months) - 0.5], nice=False))

    def y(self, peak: float) -> alt.Y:
        """The counts from zero, in the numbers of the language in force."""
        said = {f"{at:g}": number(at) for at in ticks(peak)}
        axis = alt.Axis(title=None, values=[float(at) for at in said], labelExpr=f"({json.dumps(said)})[datum.value]")
        return alt.Y("y:Q", axis=axis, scale=alt.Scale(domain=[0, self.top], nice=False))


def _texts(rows: Rows, **how: Any) -> alt.Chart:
    said: dict[str, Any] = {"fontSize": SIZE, "align": "left"} | how
    layer: alt.Chart = Layer(data(rows)).mark_text(**said)
    return layer.encode(text=alt.Text("said:N"))


def _series(said: str, values: Sequence[float], marks: Rows, meaning: str, plot: _Plot) -> list[alt.Chart]:
    """The name of a series over its first points, and its newest number over the last."""
    below = int(drawn_width(said, bold=True) / plot.apart) + 2  # points that the name stands over
    name = [{"said": said, "x": 0.1, "y": max(values[:below], default=0)}]
    newest = [marks[-1] | {"said": number(_float(marks[-1]["y"]))}]
    falls = meaning == "demand" and len(values) > 1 and values[-1] < values[-2]  # the line comes from above
    how: dict[str, Any] = {"color": colour(meaning), "fontWeight": 700}
    return [_texts(name, dy=-12 if below < len(values) else -30, **how),
            _texts(newest, dy=16 if falls else -12, **how | {"align": "center"})]


def _events(found: Sequence[tuple[int, list[str]]], plot: _Plot) -> list[alt.Chart]:
    """A dashed line at each event, its words at the top, on the side where there is room."""
    rules: list[dict[str, object]] = [{"x": at, "y": 0, "y2": plot.top} for at, _ in found]
    said: dict[str, list[dict[str, object]]] = {"left": [], "right": []}
    down = 8
    for at, event in found:
        side = "left" if (len(plot.months) - at) * plot.apart > max(map(drawn_width, event)) + ROOM else "right"
        for line in event:
            said[side].append({"x": at, "y": plot.count(down), "said": line})
            down += LINE
    layers = [Layer(data(rules)).mark_rule(color=colour("edge"), strokeDash=[4, 4], strokeWidth=1.5)
            .encode(y2=alt.Y2("y2"))] if rules else []
    return layers + [_texts(rows, align=side, dx=6 if side == "left" else -6, color=colour("ink"))
                   for side, rows in said.items() if rows]


def _usual(usual: Limits | None, plot: _Plot, peak: float) -> list[alt.Chart]:
    """Normal ups and downs as a band behind all else, with its name."""
    if usual is None:
        return []
    last = len(plot.months) - 0.5
    ends: Rows = [{"x": at, "y": min(usual.high, peak), "low": usual.low} for at in (-0.5, last)]
    name = [{"said": t("Shaded: normal ups and downs"), "x": last, "y": usual.low}]
    return [Layer(data(ends)).mark_area(color=colour("band")).encode(y2=alt.Y2("low")),
            _texts(name, align="right", baseline="top", dx=-4, dy=6, color=colour("ink_2"))]


def months(rows: Rows, line: str, columns: str, note: str, events: Sequence[Event] = (),
           usual: Limits | None = None) -> alt.LayerChart:
    """Calls a month as a line and what the team answered as bars, on one scale. Each row: month, calls, team. `events`
    are drawn where their month is shown; `usual`, the normal ups and downs of the calls, as a band.
    """
    high = 260 if narrow() else 330
    shown = tuple(str(row["month"]) for row in rows)
    found = [(shown.index(month), wrapped(said, (width() - LEFT) / 2)) for month, said in events if month in shown]
    above = 44 + LINE * sum(len(said) for _, said in found)  # pixels free over the highest point
    calls, team = ([_float(row[name]) for row in rows] for name in ("calls", "team"))
    peak = max((*calls, *team, usual.high if usual else 0), default=1) or 1
    plot = _Plot(shown, high, peak * high / (high - above))
    drawn: list[dict[str, object]] = [{"x": at, "y": value} for at, value in enumerate(calls)]
    taken = [drawn[at] | {"y": team[at]} for at, row in enumerate(rows) if row["team"] is not None]
    layers = [Layer(data(taken)).mark_bar(color=colour("team"), width=8 if narrow() else 18),
              Layer(data(drawn)).mark_line(color=colour("demand"), strokeWidth=2.5, point={
                  "color": colour("demand"), "size": 38, "filled": True})]
    layers += _series(line, calls, drawn, "demand", plot) if drawn else []
    layers += _series(columns, team, taken, "team", plot) if taken else []
    layers = [*_usual(usual, plot, peak), *layers, *_events(found, plot)]
    layers = [one.encode(x=plot.x(), y=plot.y(peak)) for one in layers]
    titles = [_texts([{"said": said}], x=-LEFT + 2, y=y, color=colour("ink_2"))
              for said, y in ((t("Number of calls"), -TOP + 16), (t("Month"), high + BOTTOM - 10))]
    return configured([*layers, *titles], high, LEFT, BOTTOM, note, TOP)


def _labelled(lines: list[str], y: float, said: list[dict[str, object]], bold: bool = False) -> float:
    """Adds lines of words, and tells where the mark below them has its middle."""
    said += words(lines, 0, y, bold)
    return y + LINE * len(lines) + 8


def blocks(rows: Rows, note: str, unit: str, waits: str = "", meaning: str = "team") -> alt.LayerChart:
    """One bar a category, its name above it and its number at its end; a hatched bar for a run that waits, with the
    words that say why. Each row: label, value, and `said`, where it is not a whole number. `unit` is what the first bar
    says, with {number} in it; `meaning` gives the colour.
    """
    numbers = [str(row.get("said") or number(_float(row["value"]))) for row in rows]
    numbers[:1] = [t(unit, number=one) for one in numbers[:1]]
    peak = max((_float(row["value"]) for row in rows), default=1) or 1
    # So wide that each bar's number still ends inside the picture.
    room = min([width() - 2 * ROOM] + [(width() - 3 * ROOM - drawn_width(one, bold=True)) * peak / _float(row["value"])
                                       for row, one in zip(rows, numbers, strict=True) if row["value"]])
    said: list[dict[str, object]] = []
    drawn: list[dict[str, object]] = []
    y = 10.0
    for row, one in zip(rows, numbers, strict=True):
        y = _labelled(wrapped(str(row["label"]), width() - ROOM), y, said)
        long = room * _float(row["value"]) / peak
        drawn.append({"x": 0, "x2": long, "y": y})
        said += words([one], long + 6, y, bold=True)
        y += HIGH + 8
    shapes = [bars(drawn, meaning)]
    if waits:
        y = _labelled(wrapped(waits, width() - ROOM), y, said)
        shapes += hatched(width() - 2 * ROOM, y)
        y += HIGH
    else:
        y -= ROOM
    return canvas(said, shapes, y, note)


def squares(groups: Sequence[Group], title: str, note: str) -> alt.LayerChart:
    """One square a call, a group after the other, each under its words. For up to LARGEST calls."""
    per_row, side = (14, 15) if narrow() else (25, 18)
    said: list[dict[str, object]] = []
    at: list[dict[str, object]] = []
    y = _labelled(wrapped(title, width() - ROOM), 10, said, bold=True)
    for group, calls, meaning in groups:
        lines = wrapped(f"{number(calls)}  {group}", width() - ROOM)
        said += words(lines, 0, y)
        y += LINE * len(lines)
        edge = colour("edge" if meaning == "missed" else meaning)
        at += [{"x": (one % per_row) * (side + 4) + side / 2 + 1, "y": y + (one // per_row) * (side + 4) + side / 2,
                "fill": colour(meaning), "edge": edge} for one in range(calls)]
        y += -(-calls // per_row) * (side + 4) + 16
    marks = Layer(data(at)).mark_point(shape="square", size=side**2, filled=True, opacity=1, strokeWidth=1.5)
    fill, edges = alt.Fill("fill:N", scale=None, legend=None), alt.Stroke("edge:N", scale=None, legend=None)
    return canvas(said, [marks.encode(fill=fill, stroke=edges)], y - ROOM, note)


def shares(rows: Rows, note: str, title: str) -> alt.LayerChart:
    """One share a row with the interval that holds it in 95 of 100 cases, from 0 to 100 percent; `title` says of what.
    Each row: label, said, and share, low, high, from 0 to 1.
    """
    room = width() - 2 * ROOM - drawn_width("100%")
    said: list[dict[str, object]] = []
    drawn: list[dict[str, object]] = []
    y = _labelled(wrapped(title, width() - ROOM), 10, said, bold=True)
    for row in rows:
        y = _labelled(wrapped(f"{row['label']}: {row['said']}", width() - ROOM), y, said)
        drawn.append({"y": y + 2, "x": 10 + room * _float(row["share"]), "low": 10 + room * _float(row["low"]),
                      "high": 10 + room * _float(row["high"])})
        y += HIGH
    feet: Rows = [{"x": 10 + room * part, "y": 30, "y2": y} for part in (0, 0.5, 1)]
    grid = Layer(data(feet)).mark_rule(color=colour("grid")).encode(y2=alt.Y2("y2"))
    for part in (0, 0.5, 1):
        said += words([f"{number(100 * part)}%"], room * part, y + 12)
    return canvas(said, [grid, *whiskers(drawn, "team")], y + 24, note)
