"""Is it real? Over all figures: no comparison over time without its change, interval, plain sentence and method, limits
where there are points enough, and no arrow or colour that calls a change good or bad.
"""

import re
from inspect import getdoc, getmembers, isfunction
from pathlib import Path
from typing import get_type_hints

import pytest
from altair.utils.schemapi import debug_mode

from portal.figures import FIGURES, build, choices, statistics
from portal.figures.change import CHANGES
from portal.figures.charts.style import style
from portal.figures.statistics import FEWEST_POINTS, Estimate, Limits
from portal.release.store import Release, open_release
from tests.publish import made

CHANGED = re.compile(r"\d% (?:more|fewer)|\d points (?:higher|lower)|no change \(")
# "Beside July (…): 5% more (from 9% fewer to 21% more). That is …", or why there is no such sentence.
WHOLE = re.compile(r"Beside [^:]+\): (?:(?:[\d,]+% (?:more|fewer)|\d+ points (?:higher|lower)|no change) "
                   r"\(from [^()]+ to [^()]+\)\. )?"
                   r"That is (?:more than chance gives|within what chance gives|too few to say whether that is a change"
                   r"|not compared: [^.]+)\.")
JUDGING = re.compile(r"\b(?:better|worse|good|bad|improv\w+|success\w*)\b|[▲▼△▽↑↓⬆⬇↗↘]", re.IGNORECASE)
BY_MONTH = {"change.received", "change.answered", "change.per_hour"}


@pytest.mark.parametrize("figure_id", FIGURES)
def test_each_comparison_over_time_is_whole(figure_id: str, zoo: dict[str, Release]) -> None:
    for release in (zoo["shipped 2027-Q3"], zoo["break"], zoo["one response"]):
        for period, _ in choices(release):
            figure = build(release, figure_id, period)
            said, rows = figure.answer.plain, figure.table.rows if figure.table else ()
            assert said.count("Beside ") == len(WHOLE.findall(said)), said
            told = [cell.text for row in rows for cell in row]
            compares = "Beside " in said or any(CHANGED.search(one) for one in (said, *told))
            assert not compares or "95%" in figure.provenance.method, "how it is compared is not said"
            assert (figure_id in CHANGES or figure_id == "overview.new") or not compares
            assert not JUDGING.search(" ".join((figure.title, said, *told)))


@pytest.mark.parametrize("figure_id", FIGURES)
def test_no_drawing_has_an_arrow(figure_id: str, zoo: dict[str, Release]) -> None:
    figure = build(zoo["shipped 2027-Q3"], figure_id)
    with style("light", False), debug_mode(False):
        drawn = str(figure.chart().to_dict(validate=False)) if figure.chart else ""
    assert not re.search(r"triangle|arrow|[▲▼△▽↑↓⬆⬇↗↘]", drawn)


@pytest.mark.parametrize("figure_id", CHANGES)
def test_limits_are_drawn_just_where_there_are_points_enough(figure_id: str, zoo: dict[str, Release]) -> None:
    release = zoo["shipped 2027-Q3"]
    for at, (period, _) in enumerate(reversed(choices(release)), 1):  # three months more each time, and a run or none
        enough = figure_id in BY_MONTH and 3 * at >= FEWEST_POINTS
        assert (build(release, figure_id, period).chart is not None) is enough, period


def test_limits_are_drawn_for_runs_too(tmp_path: Path) -> None:
    ends = made.quarter_ends(FEWEST_POINTS)
    rows = made.rows((45,) * FEWEST_POINTS, others=5)
    for one in [one for one in rows if one["answered_by"] == "team"][-10:]:
        one["arrest"] = True
    made.publish(made.extract(rows), ends[-1], tmp_path)
    release = open_release(tmp_path)
    figure, before = (build(release, "change.arrest", period) for period, _ in choices(release)[:2])
    assert before.chart is None
    assert figure.chart is not None
    assert "Of 8 periods, these lie beyond what chance gives: January to March 2028." in figure.answer.plain
    with style("light", True):
        assert "January to March 2028" in str(figure.chart().to_dict())
    calm = build(release, "change.force")
    assert "Period by period, all 8 lie within what chance gives." in calm.answer.plain


@pytest.mark.parametrize("name", [name for name, one in getmembers(statistics, isfunction)
                                  if get_type_hints(one).get("return") in (Estimate, Limits)])
def test_a_method_names_its_source(name: str) -> None:
    assert re.search(r"\([^()]*\b(?:18|19|20)\d\d\b[^()]*\)", getdoc(getattr(statistics, name)) or "")
