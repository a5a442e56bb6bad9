"""The drawings of the meeting brief and of the projector: small, from the figure's own table, with few and large words.

One is as wide as half a printed page; on a screen it is blown up until its words are read from the back row.
"""

from dataclasses import replace
from textwrap import wrap
from typing import Literal

import altair as alt

from portal.figures.charts.style import FONT, Layer, colour
from portal.figures.figure import Figure, Table
from portal.figures.view import MADE_UP
from portal.language import number, t

WIDTH, SIZE, LINE = 340, 14, 17  # in pixels: the drawing, its words, from line to line
LETTER = 7.2  # pixels a letter takes at most
NAMES, BAR = 176, 18  # pixels for the names of bars, and of a bar's height
Rows = list[dict[str, object]]
# Which columns of a figure's table are drawn: one of bars, or a whole and its part in the order of time.
COLUMNS = {"demand.received": (1, 2)}
BARS = ("response.met", "outcome.kind", "care.referral")


def compact(figure: Figure) -> dict[str, object] | None:
    """The drawing of a figure, as a specification; None where it has no table to draw or is none of these, or where
    the source does not hold the whole that a part is drawn in.
    """
    if not figure.table or len(figure.table.rows) < 2:
        return None
    note = t(MADE_UP) if figure.provenance.state == "illustrative" else ""
    if figure.id in COLUMNS:
        whole, part = COLUMNS[figure.id]
        known = tuple(row for row in figure.table.rows if row[whole].value is not None)
        return _columns(replace(figure.table, rows=known), whole, part, note) if len(known) > 1 else None
    return _bars(figure.table, note) if figure.id in BARS else None


def _layer(rows: Rows) -> alt.Chart:
    layer: alt.Chart = Layer(alt.InlineData(rows))
    return layer


def _texts(rows: Rows, align: Literal["left", "right"], meaning: str = "ink", bold: bool = False) -> alt.Chart:
    layer: alt.Chart = _layer(rows).mark_text(
        align=align, baseline="middle", fontSize=SIZE, fontWeight=700 if bold else 400, color=colour(meaning))
    return layer.encode(text=alt.Text("said:N"))


def _framed(layers: list[alt.Chart], height: float, note: str) -> dict[str, object]:
    """All layers in pixels, y downward; `note` in the last line."""
    if note:
        layers.append(_texts([{"x": WIDTH, "y": height + 8, "said": note}], "right", "ink_2"))
        height += 18
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, WIDTH], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    chart = alt.LayerChart(
        layer=[one.encode(x=x, y=y) for one in layers], width=WIDTH, height=height, background="transparent",
        autosize="none", padding=0, config={"font": FONT, "view": {"stroke": None}, "text": {"font": FONT}})
    return dict(chart.to_dict(validate=False))


def _bars(table: Table, note: str) -> dict[str, object]:
    """A bar a row: its name to the left, its number at its end."""
    peak = max((row[1].value or 0 for row in table.rows), default=1) or 1
    room = WIDTH - NAMES - 44
    bars: Rows = []
    names: Rows = []
    numbers: Rows = []
    y = 0.0
    for row in table.rows:
        lines = wrap(row[0].text, int(NAMES / LETTER))
        high = max(LINE * len(lines), BAR) + 6
        names += [{"x": 0, "y": y + LINE * (at + 0.5) + (high - 6 - LINE * len(lines)) / 2, "said": line}
                  for at, line in enumerate(lines)]
        long = room * (row[1].value or 0) / peak
        bars.append({"x": NAMES, "x2": NAMES + long, "y": y + (high - 6) / 2})
        numbers.append({"x": NAMES + long + 5, "y": y + (high - 6) / 2, "said": row[1].text})
        y += high
    drawn = _layer(bars).mark_bar(height=BAR, color=colour("team")).encode(x2=alt.X2("x2"))
    return _framed([drawn, _texts(names, "left"), _texts(numbers, "left", bold=True)], y, note)


def _columns(table: Table, whole: int, part: int, note: str) -> dict[str, object]:
    """A column a period, its part filled; the newest with its numbers, the first and the last with their names."""
    rows = [(row[0].text, row[whole].value, row[part].value) for row in table.rows]
    peak = max((one for _, one, _ in rows if one), default=1) or 1
    named = [(line, meaning) for at, meaning in ((whole, "demand"), (part, "team"))
             for line in wrap(table.headers[at], int(WIDTH / LETTER))]
    top, high = LINE * len(named) + 22, 76
    apart = (WIDTH - 34) / len(rows)

    def columns(values: list[float | None]) -> Rows:
        return [{"x": apart * at + 1, "x2": apart * (at + 1) - 2, "y": top + high * (1 - one / peak), "y2": top + high}
                for at, one in enumerate(values) if one is not None]
    ends: Rows = [{"x": 0, "y": top + high + 10, "said": rows[0][0]}]
    last: Rows = [{"x": WIDTH - 34, "y": top + high + 10, "said": rows[-1][0]}]
    _, all_of_it, part_of_it = rows[-1]
    low = min(top + high * (1 - (part_of_it or 0) / peak), top + high - 8)
    above = min(top + high * (1 - (all_of_it or 0) / peak) + 5, low - LINE + 2)  # the two numbers never touch
    newest: Rows = [{"x": WIDTH - 30, "y": at, "said": number(value), "part": at is low}
                    for at, value in ((above, all_of_it), (low, part_of_it)) if value is not None]
    layers = [
        _layer(columns([one for _, one, _ in rows])).mark_rect(fillOpacity=0.25, color=colour("demand"),
                                                               stroke=colour("demand")),
        _layer(columns([one for _, _, one in rows])).mark_rect(color=colour("team"))]
    layers = [one.encode(x2=alt.X2("x2"), y2=alt.Y2("y2")) for one in layers]
    layers += [_texts([{"x": 0, "y": LINE * (at + 0.5), "said": said}], "left", meaning, bold=True)
               for at, (said, meaning) in enumerate(named)]
    layers += [_texts([one for one in newest if one["part"] is part_of], "left", meaning, bold=True)
               for part_of, meaning in ((False, "demand"), (True, "team"))]
    layers += [_texts(ends, "left", "ink_2"), _texts(last, "right", "ink_2")]
    return _framed(layers, top + high + 18, note)
