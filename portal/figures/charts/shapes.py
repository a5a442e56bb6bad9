"""What charts are put together from: words that are broken to fit, bars, hatching, intervals, ticks of an axis.

A drawing in pixels has y downward and few layers: each costs as much as a chart.
"""

from collections.abc import Sequence
from math import floor, log10
from unicodedata import category

import altair as alt

from portal.figures.charts.style import SIZE, Layer, colour, configured, width

Rows = Sequence[dict[str, object]]
LETTER, BOLD = 7.2, 7.8  # pixels a letter takes on average in the widest face a reader may have
LINE, HIGH = 18, 24  # pixels from line to line, and of a bar
ROOM = 12  # pixels kept free at both sides of a drawing


def data(rows: Rows) -> alt.InlineData:
    """Rows as a chart's own data."""
    return alt.InlineData(list(rows))


def drawn_width(said: str, bold: bool = False) -> float:
    """How many pixels words take at most. Devanagari's letters are wider, and its marks stand above or below them."""
    letters = sum(0 if category(one) == "Mn" else 1.3 if "\u0900" <= one <= "\u097f" else 1 for one in said)
    return letters * (BOLD if bold else LETTER)


def wrapped(said: str, room: float) -> list[str]:
    """The words in lines that fit into so many pixels; a word alone may be longer."""
    lines = [""]
    for word in said.split():
        if lines[-1] and drawn_width(f"{lines[-1]} {word}") > room:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def ticks(peak: float) -> list[float]:
    """From zero in even steps of 1, 2 or 5 and noughts, at most five of them, up to the highest mark."""
    size = 10.0 ** floor(log10(peak))
    step = next(one for one in (size / 5, size / 2, size, size * 2, size * 5) if peak / one <= 5)
    step = max(step, 1.0) if peak >= 1 else step
    return [step * at for at in range(int(peak / step + 1e-9) + 1)]


def words(said: Sequence[str], x: float, y: float, bold: bool = False) -> Rows:
    """Lines of words, one below the other, as rows for canvas()."""
    return [{"said": line, "x": x, "y": y + LINE * at, "weight": 700 if bold else 400} for at, line in enumerate(said)]


def bars(rows: Rows, meaning: str, high: float = HIGH) -> alt.Chart:
    """Bars from x to x2 around y."""
    layer: alt.Chart = Layer(data(rows)).mark_bar(height=high, color=colour(meaning), stroke=colour("edge"))
    return layer.encode(x2=alt.X2("x2"))


def hatched(x2: float, y: float, high: float = HIGH) -> list[alt.Chart]:
    """The mark of a number that is not there: an outline with diagonal strokes."""
    strokes: Rows = [{"x": 10.0 * at + 5, "y": y} for at in range(int(x2 / 10))]
    return [
        Layer(data([{"x": 0, "x2": x2, "y": y}])).mark_bar(
            height=high, fillOpacity=0, stroke=colour("edge"), strokeWidth=1.5).encode(x2=alt.X2("x2")),
        Layer(data(strokes)).mark_point(
            shape="M-.3,.5L.3,-.5", size=high**2, stroke=colour("edge"), strokeWidth=1.5, opacity=1)]


def whiskers(rows: Rows, meaning: str) -> list[alt.Chart]:
    """Intervals from low to high around y with a tick at either end, and a dot at x."""
    ends: Rows = [{"x": row[end], "y": row["y"]} for row in rows for end in ("low", "high")]
    return [
        Layer(data([{"x": row["low"], "x2": row["high"], "y": row["y"]} for row in rows])).mark_rule(
            color=colour("edge"), strokeWidth=2).encode(x2=alt.X2("x2")),
        Layer(data(ends)).mark_point(
            shape="M0,-.5L0,.5", size=14**2, stroke=colour("edge"), strokeWidth=2, opacity=1),
        Layer(data(rows)).mark_point(filled=True, opacity=1, size=120, color=colour(meaning))]


def canvas(said: Rows, shapes: Sequence[alt.Chart], height: float, note: str) -> alt.LayerChart:
    """A drawing in pixels, without axes: shapes, then words."""
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width() - ROOM], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    texts = [Layer(data(rows)).mark_text(align="left", baseline="middle", fontSize=SIZE, fontWeight=weight,
                                             color=colour("ink")).encode(text=alt.Text("said:N"))
             for weight in (400, 700) if (rows := [row for row in said if row["weight"] == weight])]
    return configured([layer.encode(x=x, y=y) for layer in (*shapes, *texts)], int(height), 4, 28, note)
