"""What Explore draws: a legend shows each series as its marks do."""

import re

import pytest
import vl_convert

from portal.render.explore import FILLS, vega_lite_spec

HEADERS = ["April to June", "July to September", "October to December", "January to March"]


@pytest.mark.parametrize("many", [2, 4])
def test_a_legend_s_square_is_filled_as_the_bars_it_stands_for(many: int) -> None:
    spec = vega_lite_spec("bars", HEADERS[:many], [("All", [3.0, 4.0, 5.0, 6.0][:many])], "calls")
    drawing = vl_convert.vegalite_to_svg(spec)
    seen = r'd="[^"]*"[^>]* fill="([^"]+)" fill-opacity="([^"]+)" stroke="([^"]+)"'
    squares = re.findall(rf'role-legend-symbol"[^>]*><path[^>]*? {seen}', drawing)
    bars = re.findall(rf'<path[^>]*aria-roledescription="bar"[^>]*? {seen}', drawing)
    assert [float(square[1]) for square in squares] == FILLS[:many]
    assert squares == bars


@pytest.mark.parametrize("many", [1, 2])
def test_names_of_several_lines_stand_below_each_other(many: int) -> None:
    names = ["Settled on the scene, declined help, not found, or not recorded", "Care, hospital, or Section 12 or 35"]
    drawing = vl_convert.vegalite_to_svg(
        vega_lite_spec("bars", HEADERS[:many], [(name, [3.0] * many) for name in names], "calls")
    )
    labels = re.findall(r'<text text-anchor="end" transform="translate\([^,]+,([^)]+)\)"[^>]*>(.*?)</text>', drawing)
    spans = [(float(top), said.count("<tspan")) for top, said in labels if "tspan" in said]
    assert [lines for _, lines in spans] == [4, 2]
    (first, lines), (second, _) = spans
    assert second - first >= 14 * lines
