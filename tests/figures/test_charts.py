"""What every picture promises: it is valid, draws wide and narrow, starts at zero, and says when it is made up."""

import pytest
import vl_convert

from portal.figures import FIGURES, build, choices
from portal.figures.charts import LARGEST, months, squares
from portal.figures.style import PALETTE, WIDTH, colour, darkened, style
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


def test_months_start_at_zero_and_are_the_readers_own() -> None:
    rows: list[dict[str, object]] = [{"month": f"2026-0{at}-01", "calls": 100 + at, "team": None} for at in (4, 5, 6)]
    drawn = months(rows, "Crisis calls", "Answered", "").to_dict()
    assert drawn["layer"][0]["encoding"]["y"]["scale"]["domain"][0] == 0
    assert "2026-04-01T00:00:00" in str(drawn)
    assert "Answered" not in str(drawn)


def test_one_square_a_call() -> None:
    drawn = squares([("Answered", LARGEST - 3, "team"), ("Missed", 3, "missed")], "On duty", "").to_dict()
    (marks,) = [layer for layer in drawn["layer"] if layer["mark"].get("shape") == "square"]
    fills = [one["fill"] for one in drawn["datasets"][marks["data"]["name"]]]
    assert fills == [colour("team")] * (LARGEST - 3) + [colour("missed")] * 3


def test_a_run_that_waits_is_hatched_and_named(zoo: dict[str, Release]) -> None:
    chart = build(zoo["shipped 2027-Q3"], "care.referral").chart
    assert chart is not None
    drawn = str(chart().to_dict())
    assert "Not yet: 24 of 40" in drawn.replace("', '", " ")
    assert "M-.3,.5L.3,-.5" in drawn
