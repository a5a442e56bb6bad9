"""Is it real? Each comparison carries its interval and says in words whether chance alone gives as much."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.figures import build
from portal.figures.change import CHANGES
from portal.figures.change_numbers import Counted
from portal.figures.charts.change import LEFT, Points, limits
from portal.figures.charts.shapes import drawn_width
from portal.figures.charts.style import WIDTH, style
from portal.figures.compare import Change, higher, more, of_rates, of_shares
from portal.figures.figure import Text
from portal.figures.statistics import FEWEST_POINTS, Limits, rate_ratio, share_difference
from portal.figures.view import Period
from portal.language import LANGUAGES, short_month, speaking
from portal.palette import PALETTE
from portal.release.store import Release, open_release
from tests.publish import made

REAL, CHANCE, FEW = ("That is more than chance gives.", "That is within what chance gives.",
                     "That is too few to say whether that is a change.")


def counted(count: float, out_of: float) -> Counted:
    return Counted(Period("2027-Q2", "quarter", "2027-04-01", "2027-06-30"), count, out_of, Text(("n",)))


@pytest.mark.parametrize(("now", "before", "change", "verdict"), [
    ((398, 92), (297, 92), "34% more", REAL),
    ((297, 92), (398, 92), "25% fewer", REAL),
    ((398, 92), (375, 91), "5% more", CHANCE),
    ((100, 90), (100, 90), "no change", CHANCE),
    ((12, 90), (14, 90), "", FEW),
    ((21, 90), (20, 90), "", FEW),
    ((60, 90), (3, 90), "1,900% more", REAL),  # an exact interval holds at any size
    ((0, 90), (0, 90), "", FEW),
    ((40, 90), (0, 90), "", REAL),  # from none at all: real, and no ratio can be named
])
def test_a_rate_and_an_earlier_one(
        now: tuple[float, float], before: tuple[float, float], change: str, verdict: str) -> None:
    found = of_rates(counted(*now), counted(*before))
    assert (found.change, found.verdict) == (change, verdict)


@pytest.mark.parametrize(("now", "before", "change", "verdict"), [
    ((24, 33), (27, 39), "3 points higher", CHANCE),
    ((30, 33), (20, 39), "40 points higher", REAL),
    ((20, 39), (30, 33), "40 points lower", REAL),
    ((24, 33), (10, 11), "", FEW),
    ((0, 43), (1, 43), "2 points lower", CHANCE),
])
def test_a_share_and_an_earlier_one(
        now: tuple[float, float], before: tuple[float, float], change: str, verdict: str) -> None:
    found = of_shares(counted(*now), counted(*before))
    assert (found.change, found.verdict) == (change, verdict)


@given(st.integers(0, 900), st.integers(0, 900))
def test_a_change_is_real_just_where_its_interval_leaves_out_no_change(now: int, before: int) -> None:
    found: Change = of_rates(counted(now, 92), counted(before, 90))
    assert (found.verdict == REAL) is not rate_ratio(now, before, 92, 90).holds(1)
    assert found.verdict != FEW or min(now, before) <= 20


def test_small_differences_are_no_change_in_words() -> None:
    assert (more(1.004), more(0.996), more(2), more(0)) == ("no change", "no change", "100% more", "100% fewer")
    assert (higher(0.004), higher(-0.026), higher(0.5)) == ("no change", "3 points lower", "50 points higher")


@pytest.mark.parametrize("figure_id", CHANGES)
def test_each_comparison_has_a_sentence_an_interval_and_a_method(figure_id: str, zoo: dict[str, Release]) -> None:
    figure = build(zoo["shipped 2027-Q3"], figure_id)
    assert figure.table is not None
    said = [cell.text for row in figure.table.rows[1:] for cell in row]
    assert said[4] in (REAL, CHANCE, FEW) and said[3].startswith("from ")
    assert said[4] in figure.answer.plain
    assert "95%" in figure.provenance.method
    assert not any(word in figure.answer.plain.lower() for word in ("better", "worse", "good", "bad"))


def test_the_interval_shown_is_the_method_on_the_numbers_of_the_statement(zoo: dict[str, Release]) -> None:
    figure = build(zoo["shipped 2027-Q3"], "change.received")
    by_quarter = {row[0]: row[1] for row in figure.provenance.queries[0].rows}
    found = rate_ratio(by_quarter["2027-Q3"], by_quarter["2027-Q2"], 92, 91)
    assert f"(from {more(found.low)} to {more(found.high)})" in figure.answer.plain
    shares = build(zoo["shipped 2027-Q3"], "change.answered")
    rows = {row[0]: row[1:] for row in shares.provenance.queries[0].rows}
    gap = share_difference(rows["2027-Q3"], rows["2027-Q2"])
    assert f"(from {higher(gap.low)} to {higher(gap.high)})" in shares.answer.plain


def test_an_older_quarter_is_compared_with_what_came_before_it(zoo: dict[str, Release]) -> None:
    release = zoo["shipped 2027-Q3"]
    figure = build(release, "change.received", "2026-Q4")
    assert figure.table is not None and [row[0].text for row in figure.table.rows] == [
        "October to December 2026", "July to September 2026", "April to June 2026"]
    assert figure.chart is not None  # nine months
    first = build(release, "change.received", "2026-Q2")
    assert "nothing earlier to compare it with yet" in first.answer.plain and first.chart is None


def test_nothing_is_compared_across_a_break_in_the_series(zoo: dict[str, Release]) -> None:
    figure = build(zoo["break"], "change.received")
    assert figure.table is not None and len(figure.table.rows) == 2
    assert [cell.text for cell in figure.table.rows[1][2:4]] == ["not compared", "not compared"]
    assert "That is not compared: until August 15, 2026 it was counted in another way." in figure.answer.plain
    assert not any(said in figure.answer.plain for said in (REAL, CHANCE, FEW))
    assert any("New call types".lower() in caveat for caveat in figure.caveats)
    assert "not compared" in build(zoo["break"], "overview.new").answer.plain


def test_the_newest_quarter_leads_the_page_with_the_same_verdict(zoo: dict[str, Release]) -> None:
    release = zoo["shipped 2027-Q3"]
    assert "July to September 2027: 398 crisis calls" in build(release, "overview.new").answer.plain
    assert build(release, "overview.new").answer.plain.count(CHANCE) == 2


def test_a_doubling_of_many_calls_is_more_than_chance(tmp_path: Path) -> None:
    ends = made.quarter_ends(2)
    one = made.extract(made.rows((60, 130), others=30), last=ends[-1])
    for end in ends:
        made.publish(one, end, tmp_path)
    assert REAL in build(open_release(tmp_path), "overview.new").answer.plain


def points(values: list[float], low: float, high: float) -> Points:
    size = len(values)
    names = tuple(f"month {at}" for at in range(size))
    return Points(names, names, tuple(values), Limits(10, (low,) * size, (high,) * size), "Calls", percent=False)


@pytest.mark.parametrize("small", [False, True])
def test_a_month_beyond_the_limits_differs_by_shape_not_by_colour(small: bool) -> None:
    inside, beyond = points([9, 11] * 5, 5, 15), points([*[9.0, 11.0] * 4, 30, 10], 5, 15)
    with style("light", small):
        calm, loud = (str(limits(one, "Made-up data").to_dict()) for one in (inside, beyond))
    assert "diamond" in loud and "diamond" not in calm
    assert "Made-up data" in loud
    used = {colour for colour, _ in PALETTE.values() if colour in loud}
    assert used == {colour for colour, _ in PALETTE.values() if colour in calm}
    assert PALETTE["team"][0] not in used


def test_a_chart_says_in_words_what_it_shows() -> None:
    assert points([9, 11] * 5, 5, 15).told() == "Month by month, all 10 lie within what chance gives."
    assert points([9, 11, 30], 5, 15).told() == "Of 3 months, these lie beyond what chance gives: month 2."
    assert points([9.0, *[11.0] * 8], 5, 15).told().startswith("From month 1 to month 8, all months lie on one side")
    assert FEWEST_POINTS == 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_and_the_last_month_stand_apart_on_a_phone_in_every_language(
        language: str, zoo: dict[str, Release]) -> None:
    with speaking(language):
        chart = build(zoo["shipped 2027-Q3"], "change.received").chart
        assert chart
        with style("light", True):
            made = str(chart().to_dict())
        below = [short_month(date(2026, 4, 1)), short_month(date(2027, 9, 1))]
    assert all(repr(one) in made for one in below)
    assert sum(map(drawn_width, below)) < WIDTH[True] - LEFT
