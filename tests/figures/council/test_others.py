"""Other programs: every figure with its limits, in their order, and nothing that ranks, averages or draws them."""

import re

import pytest

from portal.contract.contract import MEASURES
from portal.figures import build
from portal.figures.council.others import PeerFigure, peers, printed
from portal.language import LANGUAGES, speaking
from portal.release.store import Release

FIGURES = [figure for _, figure in peers()]


@pytest.mark.parametrize("one", FIGURES, ids=[one.id for one in FIGURES])
def test_each_figure_has_its_time_definition_source_and_limits(one: PeerFigure) -> None:
    assert one.definition.endswith(".") and one.may_not_compare.endswith(".")
    assert one.address.startswith("http") and one.source
    assert re.fullmatch(r"20\d\d(-\d\d)?", one.start) and one.start <= one.end
    assert not one.measure or one.measure in MEASURES


@pytest.mark.parametrize("one", [one for one in FIGURES if one.unit == "percent" and one.numerator is not None],
                         ids=lambda one: one.id)
def test_a_share_agrees_with_its_counts_or_the_discrepancy_is_said(one: PeerFigure) -> None:
    share = 100 * (one.numerator or 0) / (one.denominator or 1)
    assert abs(share - one.value) < 0.6 or one.discrepancy


def test_near_programs_come_first_and_nothing_is_drawn(zoo: dict[str, Release]) -> None:
    figure = build(zoo["shipped 2027-Q3"], "others.programs")
    assert figure.table and figure.chart is None
    places = [row[0].text.split(", ", 1)[1] for row in figure.table.rows]
    assert "Cambridge, MA" in places[0] and "Chicago, IL" in places[-1]
    said = f"{figure.answer.plain} {figure.table.caption}"
    assert not re.search(r"\b(rank|best|average of|mean|more than us)\b", said.replace("ranked", ""))
    assert "can't be ranked" in said


def test_a_discrepancy_stands_beside_its_number(zoo: dict[str, Release]) -> None:
    table = build(zoo["shipped 2027-Q3"], "others.programs").table
    assert table
    alexandria = next(row for row in table.rows if row[2].text == "16% (145 of 958)")
    assert "give 15.1%" in alexandria[4].text
    assert alexandria[3].text == "October 2021 to February 2022; 40 hours a week"
    assert alexandria[5].text == "ALXnow, 2022, second hand"


@pytest.mark.parametrize(("id_", "words"), [
    ("cambridge.answered", "nearly 200"), ("cambridge.grant", "$120,000 a year"), ("boulder-cirt.arrests", "6 of 523"),
    ("boulder-cirt.repeat", "about 25% of 309"), ("nyc-bheard.average_response_minutes", "15.5 minutes"),
    ("chicago-care.arrests", "0 of 134"), ("boulder-cirt.share_answered", "39% (523 of 1,344)")])
def test_a_number_is_said_as_it_was_printed(id_: str, words: str) -> None:
    assert printed(next(one for one in FIGURES if one.id == id_)) == words


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_definitions_and_limits_are_translated(language: str, zoo: dict[str, Release]) -> None:
    english = build(zoo["shipped 2027-Q3"], "others.programs").table
    with speaking(language):
        table = build(zoo["shipped 2027-Q3"], "others.programs").table
    assert table and english
    for row, plain in zip(table.rows, english.rows, strict=True):
        assert row[1].text != plain[1].text and row[4].text != plain[4].text
