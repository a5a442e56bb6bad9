"""What every picture promises: it is valid, draws wide and narrow, starts at zero, and says when it is made up."""

import re
from xml.etree import ElementTree

import pytest
import vl_convert

from portal.figures import FIGURES, build, choices
from portal.figures.charts.shapes import canvas, data, drawn_width
from portal.figures.charts.standard import LARGEST, months, shares, squares
from portal.figures.charts.style import WIDTH, Layer, colour, style
from portal.palette import PALETTE, darkened
from portal.release.store import Release


@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize("figure_id", FIGURES)
def test_each_chart_draws_and_says_that_it_is_made_up(figure_id: str, small: bool, zoo: dict[str, Release]) -> None:
    figure = build(zoo["shipped 2027-Q3"], figure_id)
    if figure.chart is None:
        assert figure.answer.plain
        return
    with style("dark", small):
        chart = figure.chart()
    svg = vl_convert.vegalite_to_svg(chart.to_json())
    assert f'width="{WIDTH[small]}"' in svg
    assert "Made-up data" in svg


@pytest.mark.parametrize("figure_id", FIGURES)
@pytest.mark.parametrize("name", ["many", "one response", "no response", "one call", "little collected"])
def test_a_chart_of_any_release_is_valid_and_not_called_made_up(
    name: str, figure_id: str, zoo: dict[str, Release]
) -> None:
    for period, _ in choices(zoo[name])[:1]:
        chart = build(zoo[name], figure_id, period).chart
        drawn = chart().to_json() if chart else ""
        assert "Made-up data" not in drawn


def test_the_colors_follow_the_theme_in_force_and_go_back() -> None:
    with style("dark"):
        assert colour("team") == PALETTE["team"][1]
    assert colour("team") == PALETTE["team"][0]


def test_a_light_colour_has_one_dark_colour() -> None:
    assert len(set(PALETTE.values())) == len({light for light, _ in PALETTE.values()})


@pytest.mark.parametrize("figure_id", FIGURES)
def test_a_light_drawing_in_dark_colours_is_the_dark_drawing(figure_id: str, zoo: dict[str, Release]) -> None:
    if chart := build(zoo["shipped 2027-Q3"], figure_id).chart:
        with style("light", True):
            light = vl_convert.vegalite_to_svg(chart().to_json())
        with style("dark", True):
            dark = vl_convert.vegalite_to_svg(chart().to_json())
        assert light != dark
        assert darkened(light) == dark


def test_months_start_at_zero_and_a_team_without_numbers_has_no_name() -> None:
    rows: list[dict[str, object]] = [{"month": f"2026-0{at}-01", "calls": 100 + at, "team": None} for at in (4, 5, 6)]
    drawn = months(rows, "Crisis calls", "Answered", "").to_dict()
    assert drawn["layer"][0]["encoding"]["y"]["scale"]["domain"][0] == 0
    assert "Apr 2026" in str(drawn)
    assert "Answered" not in str(drawn)


def test_calls_and_the_team_differ_by_shape_as_well_as_by_colour() -> None:
    drawn = months(ROWS, "Calls", "Team", "").to_dict()["layer"]
    shapes = {meaning: {layer["mark"]["type"] for layer in drawn if layer["mark"].get("color") == colour(meaning)}
              for meaning in ("demand", "team")}
    assert shapes == {"demand": {"line", "text"}, "team": {"bar", "text"}}


def test_one_square_a_call() -> None:
    drawn = squares([("Answered", LARGEST - 3, "team"), ("Missed", 3, "missed")], "On duty", "").to_dict()
    (marks,) = [layer for layer in drawn["layer"] if layer["mark"].get("shape") == "square"]
    fills = [one["fill"] for one in marks["data"]["values"]]
    assert fills == [colour("team")] * (LARGEST - 3) + [colour("missed")] * 3


def rows_of(drawn: dict[str, object]) -> list[dict[str, object]]:
    return [row for layer in drawn["layer"] for row in layer["data"]["values"]]  # type: ignore[attr-defined]


ROWS: list[dict[str, object]] = [{"month": f"2026-{at:02}-01", "calls": 90 + 7 * at, "team": at} for at in range(1, 13)]


@pytest.mark.parametrize("small", [False, True])
def test_an_event_stands_at_its_month_and_one_that_is_not_shown_is_left_out(small: bool) -> None:
    with style("light", small):
        drawn = months(ROWS, "Calls", "Team", "", [("2026-03-01", "More hours"), ("2031-01-01", "Later")]).to_dict()
    said = [row for row in rows_of(drawn) if "said" in row]
    assert [row["x"] for row in said if row["said"] == "More hours"] == [2]
    assert "Later" not in str(said)
    rule = next(layer for layer in drawn["layer"] if layer["mark"]["type"] == "rule")
    assert rule["data"]["values"][0]["x"] == 2


@pytest.mark.parametrize("small", [False, True])
def test_months_say_in_words_what_both_axes_count_and_have_one_scale(small: bool) -> None:
    with style("light", small):
        drawn = months(ROWS, "Calls", "Team", "").to_dict()
    said = {row.get("said") for row in rows_of(drawn)}
    assert {"Number of calls", "Month", "Calls", "Team", "174", "12"} <= said
    scales = {str(layer["encoding"]["y"]["scale"]) for layer in drawn["layer"] if "scale" in
              layer.get("encoding", {}).get("y", {})}
    assert len(scales) == 1
    assert drawn.get("resolve") is None


def test_a_share_is_drawn_with_its_interval_from_zero_to_all() -> None:
    row = {"label": "July", "said": "24 of 33", "share": 0.727, "low": 0.558, "high": 0.849}
    for small in (False, True):
        with style("light", small):
            drawn = rows_of(shares([row], "", "Answered on duty").to_dict())
        dot = next(one for one in drawn if "low" in one and "high" in one)
        assert float(str(dot["low"])) < float(str(dot["x"])) < float(str(dot["high"])) < WIDTH[small]
        feet = sorted(float(str(one["x"])) for one in drawn if "y2" in one)
        at = (float(str(dot["x"])) - feet[0]) / (feet[-1] - feet[0])
        assert at == pytest.approx(0.727)
        assert {"0%", "50%", "100%", "July: 24 of 33"} <= {one.get("said") for one in drawn}


def reaches(element: ElementTree.Element, x: float = 0) -> float:
    """How far right the farthest word of a drawing ends, measured in the widest face a reader may have."""
    moved = re.match(r"translate\(([-\d.e]+)", element.get("transform", ""))
    x += float(moved[1]) if moved else 0
    ends = [reaches(child, x) for child in element]
    if element.tag.endswith("text") and element.text:
        wide = drawn_width(element.text, element.get("font-weight") in ("bold", "700"))
        ends.append(x + wide * {"start": 1, "middle": 0.5, "end": 0}[element.get("text-anchor", "start")])
    return max(ends, default=0)


@pytest.mark.parametrize("figure_id", FIGURES)
def test_words_two_fifths_longer_stay_inside_the_picture(figure_id: str, zoo: dict[str, Release],
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    chart = build(zoo["shipped 2027-Q3"], figure_id).chart
    if chart is None:
        return
    longer = lambda said: said + " " + "w" * max(1, int(len(said) * 0.4) - 1)  # noqa: E731
    monkeypatch.setattr("portal.figures.charts.standard.t", lambda said, **values: longer(said.format(**values)))
    for small in (False, True):
        with style("light", small):
            svg = vl_convert.vegalite_to_svg(chart().to_json())
        assert 0 < reaches(ElementTree.fromstring(svg)) <= WIDTH[small]


def test_no_row_of_a_drawing_is_copied_when_its_layers_are_put_together() -> None:
    one, two = data([{"x": 1, "y": 2}]), data([{"x": 2, "y": 3}])
    layers = canvas([], [Layer(one).mark_point(), Layer(two).mark_point()], 100, "").layer
    assert [layer.data.values is rows.values for layer, rows in zip(layers, (one, two), strict=True)] == [True, True]
