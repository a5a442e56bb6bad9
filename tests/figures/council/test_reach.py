"""Reach and coverage: the chain in sentences, since the start and newest, and what is said where a part is missing."""

import pytest

from portal.figures import build
from portal.figures.council.reach import rounded
from portal.language import LANGUAGES, override_language
from portal.release.store import Release


def test_the_chain_is_stated_since_the_start_and_for_the_newest_quarter(zoo: dict[str, Release]) -> None:
    figure = build(zoo["shipped 2027-Q3"], "service.reach")
    answer = figure.answer.plain
    assert answer.startswith("Since the start, 2,038 crisis calls came in. ")
    assert ("From July to September 2027, 398 crisis calls came in. 287 met the rule for sending the team. 33 of these "
            "came while it was on duty: 101 of the 2,208 hours, 5%. It went to 24: 73% of these, and 8% of all that "
            "met the rule.") in answer
    assert "calls were never checked, so the 8% may be as little as 7%." in answer
    assert figure.table
    rows = {row[0].text: [cell.text for cell in row[1:]] for row in figure.table.rows}
    assert rows["Of these, while the team was on duty"][1] == "33"
    assert rows["No visit: Off duty"][1] == "254"
    assert rows["Reach: went to, of all that met the rule"][1] == "8%"
    assert rows["Went to, of all crisis calls (for comparing with other cities)"][1] == "6%"


def test_quarters_that_are_put_together_are_shown_once(zoo: dict[str, Release]) -> None:
    figure = build(zoo["shipped 2026-Q3"], "service.reach")
    assert figure.answer.plain.startswith("From April to September 2026, 660 crisis calls came in.")
    assert "Since the start" not in figure.answer.plain and figure.table and len(figure.table.headers) == 2


@pytest.mark.parametrize(("name", "words"), [
    ("little collected", "records do not hold it"), ("nothing of the team", "records do not hold it"),
    ("one response", "1 of 11 responses are in."), ("no response", "It went to 0: 0% of these"),
    ("shipped 2026-Q2", "10 of 11 responses are in.")])
def test_missing_parts_and_zeros_of_reach_are_stated(name: str, words: str, zoo: dict[str, Release]) -> None:
    assert words in build(zoo[name], "service.reach").answer.plain


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chain_is_stated_in_every_language(language: str, zoo: dict[str, Release]) -> None:
    with override_language(language):
        for release in zoo.values():
            answer = build(release, "service.reach").answer.plain
            assert "{" not in answer and answer[-1] in ".।"
            assert language == "en" or "of these" not in answer


@pytest.mark.parametrize(("part", "words"), [
    (None, "no share"), (0.0, "0%"), (0.001, "less than 1%"), (0.0836, "8%"), (1.0, "100%")])
def test_a_share_is_given_in_whole_percent(part: float | None, words: str) -> None:
    assert rounded(part) == words
