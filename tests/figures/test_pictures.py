"""Which chart each figure gets, and what every picture promises: all releases, both layouts, four languages."""

from functools import cache

import pytest

from portal.figures import FIGURES, build, choices
from portal.figures.charts.chart import Chart
from portal.language import override_language
from portal.release.store import Release
from tests.figures.charts.drawn import drawn, numbers

SAME = ("response.on_duty", "change.service", "equity.age", "equity.gender")  # drawn as another figure, or in one
ZOO = ["shipped 2026-Q2", "shipped 2027-Q3", "one response", "no response", "one call", "many", "all shown",
       "little collected", "break", "nothing of the team"]


@cache
def charts(release: Release, language: str = "en", period: str | None = None) -> dict[str, Chart]:
    with override_language(language):
        return {name: chart for name in FIGURES if (chart := build(release, name, period).chart)}


def unreadable(found: dict[str, Chart], language: str = "en") -> dict[str, list[str]]:
    """What can't be read in each picture, of those drawn."""
    with override_language(language):
        wrong = {(name, small): drawn(chart, small=small).unreadable()
                 for name, chart in found.items() if name not in SAME for small in (False, True)}
    return {f"{name}, {'narrow' if small else 'wide'}": what for (name, small), what in wrong.items() if what}


@pytest.mark.parametrize("name", ZOO)
def test_no_word_of_any_release_is_too_small_or_lies_over_another_or_outside(
        name: str, zoo: dict[str, Release]) -> None:
    assert unreadable(charts(zoo[name])) == {}


def test_nor_of_the_oldest_quarter_that_can_be_chosen(zoo: dict[str, Release]) -> None:
    release = zoo["shipped 2027-Q3"]
    oldest, _ = choices(release)[-1]
    assert unreadable(charts(release, period=oldest)) == {}


@pytest.mark.parametrize("language", ["es", "ht", "ne"])
def test_no_word_of_any_language_is_too_small_or_lies_over_another_or_outside(
        language: str, zoo: dict[str, Release]) -> None:
    found = charts(zoo["shipped 2027-Q3"], language)
    assert "service.reach" in found
    assert unreadable(found, language) == {}


@pytest.mark.parametrize("name", ZOO)
def test_a_picture_says_that_its_numbers_are_made_up_only_where_they_are(name: str, zoo: dict[str, Release]) -> None:
    for figure_id, chart in charts(zoo[name]).items():
        assert ("Made-up data" in drawn(chart).said) is name.startswith("shipped"), figure_id


@pytest.mark.parametrize("name", ["shipped 2027-Q3", "many"])
@pytest.mark.parametrize("small", [False, True], ids=["wide", "narrow"])
def test_the_alt_text_has_every_number_of_the_picture(name: str, small: bool, zoo: dict[str, Release]) -> None:
    for figure_id, chart in charts(zoo[name]).items():
        if figure_id == "demand.received":  # its axis has numbers of its own
            continue
        said = numbers(chart.alt)
        assert [number for number in numbers(drawn(chart, small=small).said) if number not in said] == [], figure_id


def test_each_question_has_its_kind_of_chart(zoo: dict[str, Release]) -> None:
    found = charts(zoo["shipped 2027-Q3"])
    squares = {name: sum(shape.pieces for shape in drawn(found[name]).shapes("team"))
               for name in ("service.reach", "response.met")}
    assert squares == {"service.reach": 24, "response.met": 110}
    assert len(drawn(found["service.coverage"]).shapes("team")) == 2
    assert sum(stroke.pieces for stroke in drawn(found["outcome.conduct"]).strokes("event")) == 7
    assert sum(stroke.pieces for stroke in drawn(found["care.referral_detail"]).strokes("care")) == 61 + 41 + 17
    assert drawn(found["equity.people"]).shapes("part_3")
    assert len(drawn(found["demand.by_type"]).shapes("part")) == 4
    assert drawn(found["demand.received"]).shapes("band")


def test_nothing_is_drawn_where_nothing_is_collected_or_shown(zoo: dict[str, Release]) -> None:
    assert not {name for name in charts(zoo["nothing of the team"]) if not name.startswith(("demand.", "quality."))}
    for figure_id in FIGURES:
        figure = build(zoo["one response"], figure_id)
        assert figure.chart is None or figure.table is not None, figure_id
