"""The kinds of chart the portal draws: months over time, bars, and one square a call. Zero is always the base."""

from collections.abc import Sequence

import altair as alt

from portal.figures.style import colour, configured, narrow, width
from portal.language import number, t

Rows = Sequence[dict[str, object]]
Group = tuple[str, int, str]  # words, how many calls, the colour's meaning
LARGEST = 70  # more calls than this are drawn as bars, not one by one


def _data(rows: Rows) -> alt.InlineData:
    return alt.InlineData(list(rows))


def _float(value: object) -> float:
    return float(str(value)) if value is not None else 0.0


def months(rows: Rows, line: str, bars: str, note: str) -> alt.LayerChart:
    """Calls a month as a line and what the team answered as bars, on one scale. Each row: month, calls, team."""
    peak = max((_float(row["calls"]) for row in rows), default=1) or 1
    # With a time of day a month is read in the reader's own zone; without, as UTC: in Boston the month before.
    rows = [row | {"month": f"{row['month']}T00:00:00"} for row in rows]
    first = str(rows[0]["month"]) if rows else ""
    step = max(1, -(-len(rows) // (2 if narrow() else 6)))
    axis = alt.Axis(title=None, format="%b %Y", values=[str(row["month"]) for row in rows[::step]], labelAlign="left",
                    labelOffset=0)
    base = alt.Chart(_data(rows)).encode(x=alt.X("month:T", axis=axis, scale=alt.Scale(padding=14)))
    scale = alt.Scale(domain=[0, peak * 1.25], nice=False)
    calls = base.mark_line(color=colour("demand"), strokeWidth=2.5,
                           point={"color": colour("demand"), "size": 38, "filled": True})
    team = base.mark_bar(color=colour("team"), width=8 if narrow() else 22)
    named = [(line, "demand", peak * 1.18)]
    named += [(bars, "team", peak * 0.2)] if any(row["team"] is not None for row in rows) else []
    words = [alt.Chart(_data([{"month": first, "at": at}])).mark_text(
                text=said, color=colour(meaning), fontWeight=700, align="left").encode(
                x=alt.X("month:T"), y=alt.Y("at:Q"))
             for said, meaning, at in named]
    layers = [calls.encode(y=alt.Y("calls:Q", title=None, scale=scale)), team.encode(y=alt.Y("team:Q")), *words]
    return configured(layers, 250 if narrow() else 300, 44, 44, note)


def _wrapped(words: str, most: int) -> list[str]:
    """The words in lines of at most so many letters."""
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _canvas(words: Rows, shapes: Sequence[alt.Chart], height: float, note: str) -> alt.LayerChart:
    """A drawing in pixels, y downward, without axes: shapes, then words. Few layers: each costs as much as a chart."""
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width() - 12], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    said = [alt.Chart(_data(rows)).mark_text(align="left", baseline="middle", fontSize=14, fontWeight=weight,
                                             color=colour("ink")).encode(text=alt.Text("said:N"))
            for weight in (400, 700) if (rows := [row for row in words if row["weight"] == weight])]
    return configured([layer.encode(x=x, y=y) for layer in (*shapes, *said)], int(height), 4, 28, note)


def _words(said: list[str], x: float, y: float, bold: bool = False) -> Rows:
    """Lines of words, one below the other, as rows for _canvas."""
    return [{"said": line, "x": x, "y": y + 18 * at, "weight": 700 if bold else 400} for at, line in enumerate(said)]


def _bars(rows: Rows, high: float, meaning: str) -> alt.Chart:
    made: alt.Chart = alt.Chart(_data(rows)).mark_bar(height=high, color=colour(meaning), stroke=colour("edge"))
    return made.encode(x2=alt.X2("x2"))


def _hatched(x2: float, y: float, high: float) -> list[alt.Chart]:
    """The mark of a number that is not there: an outline with diagonal strokes."""
    strokes: Rows = [{"x": 10.0 * at + 5, "y": y} for at in range(int(x2 / 10))]
    return [
        alt.Chart(_data([{"x": 0, "x2": x2, "y": y}])).mark_bar(
            height=high, fillOpacity=0, stroke=colour("edge"), strokeWidth=1.5).encode(x2=alt.X2("x2")),
        alt.Chart(_data(strokes)).mark_point(
            shape="M-.3,.5L.3,-.5", size=high**2, stroke=colour("edge"), strokeWidth=1.5, opacity=1),
    ]


def blocks(rows: Rows, note: str, unit: str, waits: str = "") -> alt.LayerChart:
    """One bar a category, its name above it and its number at its end; a hatched bar for a run that waits, with the
    words that say why. Each row: label, value, and `said`, where it is not a whole number. `unit` is what the first bar
    says in the wide layout, with {number} in it.
    """
    peak = max((_float(row["value"]) for row in rows), default=1) or 1
    room, most = width() - 12 - 70, 36 if narrow() else 110
    words: list[dict[str, object]] = []
    bars: list[dict[str, object]] = []
    shapes: list[alt.Chart] = []
    y = 10.0
    for at, row in enumerate(rows):
        lines = _wrapped(str(row["label"]), most)
        words += _words(lines, 0, y)
        y += 18 * len(lines) + 8
        long = room * _float(row["value"]) / peak
        said = str(row.get("said") or number(_float(row["value"])))
        said = said if at or narrow() else t(unit, number=said)
        bars.append({"x": 0, "x2": long, "y": y})
        words += _words([said], long + 6, y, bold=True)
        y += 32
    if waits:
        lines = _wrapped(waits, most)
        words += _words(lines, 0, y)
        y += 18 * len(lines) + 8
        shapes += _hatched(room, y, 24)
        y += 24
    return _canvas(words, [_bars(bars, 24, "team"), *shapes], y, note)


def squares(groups: Sequence[Group], title: str, note: str) -> alt.LayerChart:
    """One square a call, a group after the other, each under its words. For up to LARGEST calls."""
    per_row, side = (14, 15) if narrow() else (35, 18)
    most = 36 if narrow() else 110
    words = [*_words(_wrapped(title, most), 0, 10, bold=True)]
    at: list[dict[str, object]] = []
    y = 10.0 + 18 * len(_wrapped(title, most)) + 6
    for said, calls, meaning in groups:
        lines = _wrapped(f"{number(calls)}  {said}", most)
        words += _words(lines, 0, y)
        y += 18 * len(lines)
        edge = colour("edge" if meaning == "missed" else meaning)
        at += [{"x": (one % per_row) * (side + 4) + side / 2 + 1, "y": y + (one // per_row) * (side + 4) + side / 2,
                "fill": colour(meaning), "edge": edge} for one in range(calls)]
        y += -(-calls // per_row) * (side + 4) + 16
    marks = alt.Chart(_data(at)).mark_point(shape="square", size=side**2, filled=True, opacity=1, strokeWidth=1.5)
    fill, edges = alt.Fill("fill:N", scale=None, legend=None), alt.Stroke("edge:N", scale=None, legend=None)
    return _canvas(words, [marks.encode(fill=fill, stroke=edges)], y, note)
