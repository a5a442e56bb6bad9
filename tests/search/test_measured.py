"""How well the search does on the project's own questions. `make ask` prints more, and measures others."""

from collections import Counter
from collections.abc import Mapping

import pytest

from portal.language import LANGUAGES
from portal.search.index import SearchIndex
from tests.search.measured import OWN, SearchScore, called_sure, measure, read, whole

QUESTIONS, OFF_TOPIC = read(OWN)


@pytest.fixture(scope="module")
def measured(indexes: Mapping[str, SearchIndex]) -> Mapping[str, SearchScore]:
    return measure(QUESTIONS, indexes)


def test_there_are_twenty_questions_a_language_and_each_good_place_is_there(indexes: Mapping[str, SearchIndex]) -> None:
    asked = Counter(question.language for question in QUESTIONS)
    assert asked.keys() == LANGUAGES.keys()
    assert min(asked.values()) >= 20
    assert {place for question in QUESTIONS for place in question.places} <= indexes["en"].places.keys()


def test_the_right_page_is_first_and_the_very_place_among_three(measured: Mapping[str, SearchScore]) -> None:
    every = whole(measured)
    assert every.page_first >= 0.85 * every.asked, every.missed
    assert every.page_in_three >= 0.95 * every.asked, every.missed
    assert every.place_in_three >= 0.85 * every.asked, every.missed


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_is_left_behind(measured: Mapping[str, SearchScore], language: str) -> None:
    assert measured[language].page_first >= 0.8 * measured[language].asked, measured[language].missed


def test_nothing_is_promised_that_nobody_can_keep(measured: Mapping[str, SearchScore]) -> None:
    assert whole(measured).never_shown == []


def test_nothing_is_called_the_answer_to_what_this_site_does_not_hold(indexes: Mapping[str, SearchIndex]) -> None:
    assert len(OFF_TOPIC) >= 30
    assert called_sure(OFF_TOPIC, indexes) == []
