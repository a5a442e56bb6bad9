"""The Explore form: one measure, how it is divided, its period, another period beside it. Published numbers only."""

import json
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from portal.language import number, t
from portal.release.periods import PILOT
from portal.render.content import Edition
from portal.render.forms import Field, Filled, one_of
from portal.render.markup import block
from portal.render.rendered import RenderedRelease

if TYPE_CHECKING:
    from portal.figures.explorable import Cut, ExploredMeasure, ExploredPeriod

NONE = "none"
FEW = 8  # groups: with more, the answer names one of them only
Rows = list[tuple[str, list[float | None]]]
Spec = dict[str, Any]  # a piece of a chart in Vega-Lite
DASHES = [[1, 0], [8, 4], [2, 5], [12, 3, 2, 3]]  # of lines, as site.css has them for the drawing without script
FILLS = [1, 0.15, 0.6, 0.3]  # opacity of bars
LEGEND, NAME = 16, 20  # letters of a name in a line: of the legend, beside a bar
LINE, BAR = 18, 26  # pixels: of one such line, and of a bar that stands alone beside them


def _groups() -> tuple[tuple[str, str], ...]:
    """The groups of questions (portal.figures.explore.GROUPS), in the order in which they are asked."""
    return (("need", t("Need: the calls that come in")), ("response", t("Response: the calls the team goes to")),
            ("safety", t("Safety: arrests, force, injuries")), ("outcome", t("Outcome: what happened then")),
            ("care", t("Care: services and follow-up")), ("people", t("People: who is served")))


def _first(release: RenderedRelease, given: Mapping[str, str]) -> tuple[Field, Field]:
    """The group and the measure. A URL that names a measure alone means its group; one that names another group,
    the first measure of that.
    """
    group_of = {measure["id"]: measure["group"] for measure in release.explore}
    there = set(group_of.values())
    named = given.get("group", group_of.get(given.get("measure", ""), ""))
    group = one_of(
        "group", t("What about?"), tuple(group for group in _groups() if group[0] in there), {"group": named}
    )
    measures = tuple((measure["id"], measure["question"]) for measure in release.explore
                     if measure["group"] == group.chosen[0])
    return group, one_of("measure", t("Question"), measures, given)


def fields(release: RenderedRelease, given: Mapping[str, str]
           ) -> tuple[tuple[Field, ...], "ExploredMeasure", "Cut | None"]:
    """The form's fields, each narrowing the next; the chosen measure, and its division (None: it has no number)."""
    group, first = _first(release, given)
    measure = next(measure for measure in release.explore if measure["id"] == first.chosen[0])
    if not measure["cuts"]:
        return (group, first), measure, None
    given = _with_period(measure["cuts"], given)
    by = one_of("by", t("Show by"), tuple((cut["id"], cut["words"]) for cut in measure["cuts"]), given)
    cut = next(cut for cut in measure["cuts"] if cut["id"] == by.chosen[0])
    line = ((("line", t("Line")),) if cut["time"] and len(cut["rows"]) > 1 else ())
    kinds = (*line, ("bars", t("Bars")), ("none", t("Table only")))
    shown = [group, first, by]
    if not cut["time"]:
        times = tuple((period["id"], period["words"]) for period in cut["periods"])
        at = one_of("at", t("Time"), times, given)
        others = tuple(time for time in times if time[0] in _at(cut, at.chosen[0])["beside"])
        shown += [at, one_of("with", t("Beside"), ((NONE, t("Nothing")), *others), given)]
    return (*shown, one_of("kind", t("Chart"), kinds, given)), measure, cut


def _with_period(cuts: Sequence["Cut"], given: Mapping[str, str]) -> Mapping[str, str]:
    """A URL with the time that holds the quarter chosen on another page, where it names no time of its own: a
    card's link leads to the card's own choice.
    """
    for cut in cuts if "by" not in given and "at" not in given else ():
        for period in cut.get("periods", ()):
            if given.get("period") in period.get("holds", ()):
                return {**given, "by": cut["id"], "at": period["id"]}
    return given


def table(cut: "Cut", chosen: Mapping[str, str]) -> tuple[list[str], Rows, tuple[str, ...]]:
    """Column headers, rows and the statements that give them."""
    if cut["time"]:
        return cut["columns"], cut["rows"], (cut["sql"],)
    periods = {period["id"]: period for period in cut["periods"]}
    shown = [periods[chosen[key]] for key in ("at", "with") if chosen.get(key, NONE) != NONE]
    names = dict.fromkeys(name for period in shown for name, _ in period["rows"])
    values = [dict(period["rows"]) for period in shown]
    return ([period["words"] for period in shown], [(name, [value.get(name) for value in values]) for name in names],
            tuple(period["sql"] for period in shown))


def parts(headers: list[str], rows: Rows, totals: Sequence[str]) -> tuple[list[str], Rows]:
    """The columns and rows that are drawn: none that the others are a part of, for the eye would add them up."""
    drawn = [at for at, header in enumerate(headers) if header not in totals]
    return [headers[at] for at in drawn], [(name, [values[at] for at in drawn]) for name, values in rows
                                          if name not in totals]


def answer(headers: list[str], rows: Rows, over_time: bool) -> str:
    """The numbers in short sentences: over time the newest, else all of a few groups, for each time that is shown."""
    named = rows[-1:] if over_time or len(rows) > FEW else rows
    first = [] if over_time else headers
    if over_time and len(headers) > 1:  # one period: a sentence a column
        first, named = [named[0][0]], [(header, [value]) for header, value in zip(headers, named[0][1], strict=True)]
    numbers = [t("{what}: {number}.", what=name, number=", ".join(map(_shown, values))) for name, values in named]
    sentences = " ".join([*([t("{group}.", group=", ".join(first))] if first else []), *numbers])
    return sentences[:1].upper() + sentences[1:]


def _shown(value: float | None) -> str:
    return t("no such group") if value is None else number(value, 0 if value == int(value) else 1)


def headline(release: RenderedRelease, measure: "ExploredMeasure", cut: "Cut", chosen: Mapping[str, str]
             ) -> tuple[str, str, str]:
    """The finding of a choice, its language and its time in words, where it is that of the measure's card: of all
    periods, or of one quarter. Of any other choice "", and the question is the heading.
    """
    if chosen.get("with", NONE) != NONE:
        return "", "", ""
    at = chosen.get("at", "")
    period = release.default_period if cut["time"] or at.startswith(PILOT) else at
    if period not in release.ready:
        return "", "", ""
    figure = release.read_figures(period).get(measure["id"])
    if figure is None or not figure.shown:
        return "", "", ""
    words = dict(release.periods)[period] if period == at else t("Since the start")
    return figure.record["headline"], figure.record["language"], words


def _at(cut: "Cut", period: str) -> "ExploredPeriod":
    return next(found for found in cut["periods"] if found["id"] == period)


def vega_lite_spec(kind: str, headers: list[str], rows: Rows, unit: str) -> Spec:
    """An interactive chart (Vega-Lite): bars or a line from zero, a colour a column, the numbers on touch. Its rows
    stand in its one layer: Streamlit makes tables of Arrow of those at the top (figures/style.py).
    """
    values = [{"name": name, "series": header, "value": value} for name, found in rows
              for header, value in zip(headers, found, strict=True) if value is not None]
    order = [name for name, _ in rows]
    words = {"labelFontSize": 14, "titleFontSize": 14}
    place: Spec = {"field": "name", "type": "nominal", "sort": order, "title": None,
             "axis": words | {"labelLimit": 0, "labelAngle": 0, "labelOverlap": kind == "line"}}
    height: Spec = {"field": "value", "type": "quantitative", "title": unit, "scale": {"zero": True},
              "axis": words | {"tickCount": 4}}
    tips = [{"field": "name", "title": " "}, {"field": "series", "title": " "}, {"field": "value", "title": unit}]
    if kind == "line":
        height["axis"] = words | {"tickCount": 4, "titleAngle": 0, "titleAlign": "left", "titleX": -30, "titleY": -12}
        return {"layer": [{"data": {"values": values}, "mark": {"type": "line", "point": True}}],
                "encoding": {"x": place, "y": height, **_apart(headers, "strokeDash", DASHES), "tooltip": tips}}
    place["axis"] |= {"labelExpr": _lines(order, NAME)}
    tall = max(len(wrap(name, NAME)) for name in order) * LINE  # the names stand below each other, not over
    side = {"yOffset": {"field": "series", "sort": headers}} if len(headers) > 1 else {}
    mark: Spec = {"type": "bar", "strokeWidth": 2} | ({} if side else {"size": BAR})
    return {"layer": [{"data": {"values": values}, "mark": mark}], "height": {"step": max(32, tall / len(headers))},
            "encoding": {"y": place, "x": height, **side, **_apart(headers, "fillOpacity", FILLS), "tooltip": tips}}


def _lines(names: list[str], letters: int) -> str:
    """An expression that breaks each name into lines of so many letters, so that a phone has room for the chart."""
    return f"({json.dumps({name: wrap(name, letters) for name in names})})[datum.label]"


def _apart(headers: list[str], how: str, values: Sequence[object]) -> Spec:
    """What tells several series apart: the theme's colours, and dashes or a filling, for who sees no colours."""
    if len(headers) < 2:
        return {}
    series: Spec = {"field": "series", "type": "nominal", "sort": headers, "title": None, "legend": {
        "orient": "top", "labelFontSize": 14, "labelLimit": 0, "columns": 1, "labelExpr": _lines(headers, LEGEND),
        "symbolType": "stroke" if how == "strokeDash" else "square", "symbolSize": 300}}
    if how == "fillOpacity":  # else Vega fills each symbol of the legend wholly, as no bar of it is
        series["legend"] |= {"encoding": {"symbols": {
            "fillOpacity": {"value": {"expr": "scale('fillOpacity', datum.value)"}},
            "stroke": {"value": {"expr": "scale('stroke', datum.value)"}}, "strokeWidth": {"value": 2}}}}
    quiet = series | {"legend": None}  # one legend for all channels
    scale = {"type": "ordinal", "domain": headers, "range": values[:len(headers)]}
    if how == "strokeDash":
        return {"color": series, how: series | {"scale": scale}}
    return {"color": series, "stroke": quiet, how: quiet | {"scale": scale}}


def line_points(rows: Rows, column: int) -> list[tuple[float, float]]:
    """A column as points of a drawing 600 wide and 200 high, zero at the bottom."""
    peak = max((value for _, values in rows for value in values if value is not None), default=1) or 1
    wide = max(1, len(rows) - 1)
    return [(round(600 * at / wide, 1), round(200 - 190 * value / peak, 1))
            for at, (_, values) in enumerate(rows) if (value := values[column]) is not None]


def filled(release: RenderedRelease | None, given: Mapping[str, str], edition: Edition) -> Filled:
    """The form, the answer in a sentence, the chart, the table, what is not there and why, URL and download."""
    if release is None:
        return Filled((), "", "")
    asked, measure, cut = fields(release, given)
    chosen = {field.name: field.chosen[0] for field in asked}
    if cut is None:
        return Filled(asked, "", block("explore_result", measure, [], [], (), edition, chosen, release, "", ""))
    headers, rows, statements = table(cut, chosen)
    shown = [(name, [_shown(value) for value in values]) for name, values in rows]
    sentence, kind = answer(headers, rows, cut["time"]), chosen["kind"]
    rest = block("explore_result", measure, headers, shown, statements, edition, chosen, release, cut["words"],
                 not cut["time"] and len(headers) > 1)
    found = headline(release, measure, cut, chosen)
    title = block("explore_title", measure["question"], release)
    lead = block("explore_lead", sentence, *found)
    status = block("explore_status", measure["question"], sentence, *found)
    columns, drawn = parts(headers, rows, cut["totals"])
    if kind == "none" or not columns or not drawn:
        return Filled(asked, title, rest, lead, status)
    alt = f"{measure['question']} {sentence}"
    return Filled(asked, title, rest, lead, status, _picture(kind, alt, columns, drawn),
                  vega_lite_spec(kind, columns, drawn, measure["unit"]), alt)


def _picture(kind: str, sentence: str, headers: list[str], rows: Rows) -> str:
    """The chart without script."""
    peak = max((value for _, values in rows for value in values if value is not None), default=1) or 1
    lines = [(header, line_points(rows, at)) for at, header in enumerate(headers)]
    bars = [(name, [(_shown(value), 100 * (value or 0) / peak) for value in values]) for name, values in rows]
    return block("explore_chart", kind, sentence, headers, bars, lines, _shown(peak))
