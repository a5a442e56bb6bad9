"""The small drawings of the brief: the figure's own numbers, inside their frame, saying when they are made up."""

import json

import pytest
import vl_convert

from portal.figures import build
from portal.figures.charts.compact import BARS, COLUMNS, WIDTH, compact
from portal.release.store import Release
from tests.figures.charts.drawn import Svg

DRAWN = (*COLUMNS, *BARS)


@pytest.mark.parametrize("figure_id", DRAWN)
@pytest.mark.parametrize("name", ["shipped 2027-Q3", "many"])
def test_a_small_drawing_shows_the_newest_numbers_of_its_table(
        figure_id: str, name: str, zoo: dict[str, Release]) -> None:
    figure = build(zoo[name], figure_id)
    drawn = compact(figure)
    assert drawn and figure.table
    svg = Svg(vl_convert.vegalite_to_svg(json.dumps(drawn.to_dict())))
    assert svg.width == WIDTH
    assert svg.unreadable() == []
    wanted = [row[1] for row in figure.table.rows] if figure_id in BARS else [
        figure.table.rows[-1][at] for at in COLUMNS[figure_id]]
    said = [words.text for words in svg.words]
    assert {cell.text for cell in wanted} <= set(said)
    assert ("Made-up data" in said) is name.startswith("shipped")


@pytest.mark.parametrize("figure_id", DRAWN)
def test_what_has_nothing_to_draw_has_no_small_drawing(figure_id: str, zoo: dict[str, Release]) -> None:
    assert compact(build(zoo["nothing of the team"], figure_id)) is None or figure_id == "demand.received"
