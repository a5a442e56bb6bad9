"""The lists of words hold what they point to: each place is there in every language, each term in its texts."""

from collections.abc import Mapping

import pytest

from portal.language import LANGUAGES
from portal.search.ask import ask
from portal.search.crisis import in_crisis
from portal.search.index import SearchIndex
from portal.search.lexicon import lexicon, topics
from portal.search.tokens import tokens, words


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_place_of_a_topic_can_be_found_in_every_language(
        indexes: Mapping[str, SearchIndex], language: str) -> None:
    missing = {place for topic in topics().values() for place in topic.places} - indexes[language].places.keys()
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_list_names_topics_that_there_are(language: str) -> None:
    named = {topic for claimed in lexicon(language).phrases.values() for topic in claimed}
    assert named <= topics().keys()
    assert len(named) > 60


@pytest.mark.parametrize(("language", "text", "other"), [
    ("es", "¿Dónde está la POLICÍA?", "donde esta la policia"),
    ("ht", "Èske l'opital la fèmen?", "eske l opital la femen"),
    ("ne", "प्रहरी सङ्कटमा", "प्रहरि संकटमा"), ("ne", "गर्\u200dयो", "गर्यो"), ("en", "Don't", "dont"),
    ("pt-BR", "informações", "informacao"),
])
def test_accents_case_and_spelling_by_ear_change_nothing(language: str, text: str, other: str) -> None:
    assert tokens(text, language) == tokens(other, language)


def test_a_nepali_word_is_not_split_at_its_vowel_signs() -> None:
    assert words("के प्रहरी आउँछ?", "ne") == ["के", "प्रहरि", "आउंछ"]


@pytest.mark.parametrize("question", [
    "I want to die", "my son took all his pills", "he is going to kill himself", "Quiero morir", "no quiero vivir más",
    "ele quer se matar", "mwen vle mouri", "li pran twòp medikaman", "म मर्न चाहन्छु", "आत्महत्या", "I want to kil myself",
    "she has a knife", "suicde", "she took a bunch of pills", "he won't breathe", "my mom od'd", "I'm not safe at home",
    "mi hijo se quiere tirar del puente", "ele vai pular da ponte", "pitit mwen vle sote", "उसले धेरै चक्की खायो",
    "end it", "I want to end it", "she says they will end it tonight", "should I end it", "thinking of ending it",
    "I want it all to end", "who can end it for me, I want to die", "is the team running right now, he has a knife",
])
def test_words_of_a_crisis_are_found_in_every_language(question: str) -> None:
    assert in_crisis(question)


@pytest.mark.parametrize("question", [
    "how many calls did they answer", "¿cuánto cuesta?", "quanto tempo demora", "konbyen apèl yo reponn", "कति कल आए?",
    "do they bring guns", "download the data as csv", "when does the pilot end", "is it end to end encrypted",
    "when does it end", "will it end", "is it going to end", "will the city end it", "who decides when to end it",
    "could they end it early", "at the end it says", "is it running right now", "help me understand the numbers",
    "pwogram nan ap mache kounye a", "¿está funcionando ahora mismo?", "está funcionando agora mesmo?",
])
def test_calm_questions_are_no_crisis(question: str) -> None:
    assert not in_crisis(question)


@pytest.mark.parametrize(("language", "question"), [
    ("en", "I want to kill myself"), ("es", "me quiero morir"), ("pt-BR", "quero me matar"),
    ("ht", "mwen vle touye tèt mwen"), ("ne", "म मर्न चाहन्छु")])
def test_in_a_crisis_what_happens_next_stands_first_and_no_count_of_the_hurt(
        indexes: Mapping[str, SearchIndex], language: str, question: str) -> None:
    asked = ask(question, language, indexes)
    assert asked.crisis
    assert asked.places[0].document.key == "program/steps"
    assert all(place.document.kind != "figure" for place in asked.places)
