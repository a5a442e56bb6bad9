"""Texts are in plain words: each page at grade 8 or below, short sentences, each special word explained once a page."""

import re

import pytest
import textstat
from textstat.backend.counts import _count_syllables

from portal.navigation import PAGES
from tests.content import LINK, MARKS, keys, sentences, text, texts_of

GRADE = 8.0
LONGEST = 26  # words in a sentence
# Words of the glossary, and how each is found in a text.
TERMS = {
    "cohr": r"COHR", "section-12": r"Section 12", "section-35": r"Section 35", "release": r"releases?",
    "psfa": r"Public Safety for All|PSFA", "rsj": r"RSJ", "co-response": r"[Cc]o-response", "cit": r"CIT",
    "median": r"[Mm]edian", "run": r"\bruns\b", "response": r"\bresponses\b", "jail-diversion": r"[Jj]ail diversion",
}


@pytest.fixture(autouse=True)
def without_download(monkeypatch: pytest.MonkeyPatch) -> None:
    """Syllables by hyphenation: textstat's dictionary for English would have to be downloaded."""
    monkeypatch.setattr(_count_syllables, "get_cmudict", lambda _: None)


def grade(words: str) -> float:
    """The school grade of a text: the higher of two formulas, by syllables (Flesch-Kincaid) and by letters (ARI)."""
    return max(textstat.flesch_kincaid_grade(words), textstat.automated_readability_index(words))


def prose(module: str) -> str:
    """What a page says in its long texts, without what is quoted word for word."""
    return " ".join(sentence.plain if sentence.plain.endswith((".", "!", "?", ":")) else f"{sentence.plain}."
                    for key in texts_of(module) for sentence in sentences(key)
                    if "Adrienne Pomeroy in advance" not in sentence.plain)


@pytest.mark.parametrize("module", [page.id for page in PAGES])
def test_a_page_reads_at_grade_eight_or_below(module: str) -> None:
    assert grade(prose(module)) <= GRADE


@pytest.mark.parametrize("key", keys())
def test_a_sentence_holds_one_idea(key: str) -> None:
    long = [sentence.plain for sentence in sentences(key) if len(sentence.plain.split()) > LONGEST
            and "Adrienne Pomeroy in advance" not in sentence.plain and '"' not in sentence.plain]
    assert not long


def test_a_hard_text_is_found() -> None:
    hard = ("The implementation of multidisciplinary behavioral interventions necessitates organizational coordination "
            "among heterogeneous institutional participants.")
    assert grade(hard) > GRADE


@pytest.mark.parametrize("module", [page.id for page in PAGES])
def test_a_special_word_is_linked_to_its_meaning_once_a_page(module: str) -> None:
    whole = "\n".join(text(key) for key in texts_of(module) if key not in ("program/glossary", "data/privacy"))
    said = MARKS.sub("", "\n".join(line for line in whole.splitlines() if not line.startswith("#")))
    linked = [url.partition("#")[2] for _, url in LINK.findall(said) if "#" in url]
    for term, pattern in TERMS.items():
        if re.search(pattern, LINK.sub(r"\1", said)):
            assert linked.count(term) == 1, f"{module} says {term} and links it {linked.count(term)} times"
