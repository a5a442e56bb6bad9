"""Other programs: every figure with its limits, in their order, and nothing that ranks, averages or draws them."""

import re

import pytest

from portal.contract.contract import MEASURES
from portal.figures import build
from portal.figures.council.others import PeerFigure, peers, printed
from portal.language import LANGUAGES, override_language
from portal.release.store import Release

FIGURES = [figure for _, figure in peers()]


@pytest.mark.parametrize("peer_figure", FIGURES, ids=[figure.id for figure in FIGURES])
def test_each_figure_has_its_time_definition_source_and_limits(peer_figure: PeerFigure) -> None:
    assert peer_figure.definition.endswith(".") and peer_figure.may_not_compare.endswith(".")
    assert peer_figure.url.startswith("http") and peer_figure.source
    assert re.fullmatch(r"20\d\d(-\d\d)?", peer_figure.start) and peer_figure.start <= peer_figure.end
    assert not peer_figure.measure or peer_figure.measure in MEASURES


@pytest.mark.parametrize(
    "peer_figure",
    [figure for figure in FIGURES if figure.unit == "percent" and figure.numerator is not None],
    ids=lambda peer_figure: peer_figure.id,
)
def test_a_share_agrees_with_its_counts_or_the_discrepancy_is_stated(peer_figure: PeerFigure) -> None:
    share = 100 * (peer_figure.numerator or 0) / (peer_figure.denominator or 1)
    assert abs(share - peer_figure.value) < 0.6 or peer_figure.discrepancy


def test_near_programs_come_first_and_nothing_is_drawn(zoo: dict[str, Release]) -> None:
    figure = build(zoo["shipped 2027-Q3"], "others.programs")
    assert figure.table and figure.chart is None
    places = [row[0].text.split(", ", 1)[1] for row in figure.table.rows]
    assert "Cambridge, MA" in places[0] and "Chicago, IL" in places[-1]
    answer = f"{figure.answer.plain} {figure.table.caption}"
    assert not re.search(r"\b(rank|best|average of|mean|more than us)\b", answer.replace("ranked", ""))
    assert "can't be ranked" in answer


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
def test_a_number_is_shown_as_it_was_printed(id_: str, words: str) -> None:
    assert printed(next(figure for figure in FIGURES if figure.id == id_)) == words


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_definitions_and_limits_are_translated(language: str, zoo: dict[str, Release]) -> None:
    english = build(zoo["shipped 2027-Q3"], "others.programs").table
    with override_language(language):
        table = build(zoo["shipped 2027-Q3"], "others.programs").table
    assert table and english
    for row, plain in zip(table.rows, english.rows, strict=True):
        assert row[1].text != plain[1].text and row[4].text != plain[4].text
