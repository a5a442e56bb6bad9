"""A reviewer gets every text in one file; what they correct in it reaches the pages, unless it would break one."""

import shutil
from pathlib import Path

import pytest

from portal.language import review
from portal.language.words import LANGUAGES
from tests.source import ROOT

CODES = [code for code in LANGUAGES if code != "en"]


CATALOGUES = "portal/language/catalogues"


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    """Copies of the texts and catalogues, so that a correction changes nothing of the project."""
    shutil.copytree(ROOT / "content", tmp_path / "content")
    shutil.copytree(ROOT / CATALOGUES, tmp_path / CATALOGUES)
    return tmp_path


def corrected(text: str, english: str, better: str) -> str:
    """The file after somebody has written a better translation of one English text."""
    at = text.index(f"English: {english}\n")
    return text[:at] + text[at:].replace("Better:\n", f"Better: {better}\n", 1)


@pytest.mark.parametrize("code", CODES)
def test_every_text_stands_in_the_file_beside_its_translation(code: str) -> None:
    text = review.sheet(code)
    found = list(review.pairs(code))
    assert len(found) > 500
    assert len({pair.id for pair in found}) == len(found)
    assert not [pair for pair in found if f"### {pair.id} " not in text or pair.translation not in text]
    assert text.index("glossary.md") < text.index("accessibility/aids.md")


def test_a_file_without_corrections_changes_nothing(copies: Path) -> None:
    before = {path: path.read_bytes() for path in copies.rglob("*") if path.is_file()}
    assert review.take_over("ht", review.sheet("ht"), copies) == (0, [])
    assert {path: path.read_bytes() for path in copies.rglob("*") if path.is_file()} == before


def test_a_correction_of_a_message_and_of_a_long_text_is_taken_over(copies: Path) -> None:
    paragraph = review.paragraphs((ROOT / "content/en/equity/about.md").read_text("utf-8"))[1]
    text = corrected(review.sheet("es"), "Calls", "Las llamadas")
    pair = next(pair for pair in review.pairs("es") if pair.english == paragraph)
    better = pair.translation.replace("a", "á", 1)
    taken, refused = review.take_over("es", corrected(text, paragraph, better), copies)
    assert (taken, refused) == (2, [])
    assert 'msgid "Calls"\nmsgstr "Las llamadas"' in (copies / CATALOGUES / "es.po").read_text("utf-8")
    assert better in (copies / "content" / "es" / "equity" / "about.md").read_text("utf-8")


def test_a_correction_that_loses_a_name_or_changes_a_number_is_refused_with_the_reason(copies: Path) -> None:
    pair = next(pair for pair in review.pairs("ht") if "{release}" in pair.english and not pair.form)
    text = corrected(review.sheet("ht"), pair.english, "san non an 77")
    before = (copies / CATALOGUES / "ht.po").read_bytes()
    taken, refused = review.take_over("ht", text, copies)
    assert taken == 0
    assert "{release} is missing" in refused[0]
    assert "77 was not there" in refused[0]
    assert (copies / CATALOGUES / "ht.po").read_bytes() == before


def test_a_file_that_is_older_than_its_texts_says_so(copies: Path) -> None:
    stale = "### 0123456789 (pages/x.py)\n\nEnglish: Gone\n\nEspañol: Ido\n\nBetter: Perdido\n"
    taken, refused = review.take_over("es", stale, copies)
    assert taken == 0
    assert refused == ["0123456789: no text has this id: it was changed since the file was written"]
