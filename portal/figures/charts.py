"""The kinds of chart the portal draws: months over time, and blocks of one total. Zero is always the base."""

from collections.abc import Sequence

import altair as alt

from portal.figures.style import colour, configured, narrow

Rows = Sequence[dict[str, object]]


def _data(rows: Rows) -> alt.InlineData:
    return alt.InlineData(list(rows))


def months(rows: Rows, line: str, bars: str, note: str) -> alt.LayerChart:
    """Calls a month as a line and what the team answered as bars, on one scale. Each row: month, calls, team."""
    peak = max((float(str(row["calls"])) for row in rows), default=1)
    first = str(rows[0]["month"]) if rows else ""
    axis = alt.Axis(title=None, format="%b %Y", tickCount=2 if narrow() else 6)
    base = alt.Chart(_data(rows)).encode(x=alt.X("month:T", axis=axis, scale=alt.Scale(padding=14)))
    scale = alt.Scale(domain=[0, peak * 1.25])
    calls = base.mark_line(color=colour("demand"), strokeWidth=2.5, point={"color": colour("demand"), "size": 38, "filled": True})
    team = base.mark_bar(color=colour("team"), width=8 if narrow() else 22)
    words = [alt.Chart(_data([{"month": first, "at": at}])).mark_text(
                text=said, color=colour(meaning), fontWeight=700, align="left").encode(x="month:T", y="at:Q")
             for said, meaning, at in ((line, "demand", peak * 1.18), (bars, "team", peak * 0.2))]
    layers = alt.layer(calls.encode(y=alt.Y("calls:Q", title=None, scale=scale)), team.encode(y="team:Q"), *words)
    return configured(layers, 250 if narrow() else 300, 44, 44, note)


def blocks(rows: Rows, note: str, unit: str) -> alt.LayerChart:
    """One bar a category, its name above it and its number at its end. Each row: label, value, meaning."""
    step = 58
    height = step * len(rows) + 8
    peak = max((float(str(row["value"])) for row in rows), default=1) or 1
    placed = [row | {"y": step * at + 34.0, "top": step * at + 10.0, "zero": 0, "said": f"{float(str(row['value'])):,.0f}"}
              for at, row in enumerate(rows)]
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    x = alt.X("value:Q", axis=None, title=unit, scale=alt.Scale(domain=[0, peak * (1.3 if narrow() else 1.12)], nice=False))
    base = alt.Chart(_data(placed))
    bars = base.mark_bar(height=24, color=colour("team"), stroke=colour("edge")).encode(x=x, y=y)
    names = base.mark_text(align="left", color=colour("ink"), limit=270 if narrow() else 780).encode(
        x=alt.X("zero:Q", axis=None), y=alt.Y("top:Q", axis=None), text="label:N")
    counts = base.mark_text(align="left", dx=6, fontWeight=700, color=colour("ink")).encode(x=x, y=y, text="said:N")
    return configured(alt.layer(bars, names, counts), height, 4, 28, note)
