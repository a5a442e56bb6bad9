"""The language in force: its plurals, numbers, dates and fallback, and which one a browser asks for."""

import logging
from datetime import date

import pytest

from portal.language import (
    DEFAULT,
    LANGUAGES,
    PSEUDO,
    day,
    language_of,
    n,
    number,
    override_language,
    preferred,
    reviewed,
    span,
    spoken,
    t,
)
from portal.language import months as month_names
from portal.language.catalogue import stretched
from portal.language.formats import HAITIAN, short_month
from portal.language.words import whole

OTHERS = [code for code in LANGUAGES if code != DEFAULT]
NBSP = "\N{NO-BREAK SPACE}"
COUNTS = (0, 1, 2, 5, 1234, 1_000_000, 1.5)
ONE = {"en": {1}, "es": {1}, "pt-BR": {0, 1, 1.5}, "ht": {0, 1, 1.5}, "ne": {1}}  # CLDR 47, plural rules, "one"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_count_takes_the_form_of_its_language(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one, many = "{n} planned hour", "{n} planned hours"
    asked: list[int] = []

    class Listening:
        def ngettext(self, _one: str, _many: str, count: int) -> str:
            asked.append(count)
            return "said"

    monkeypatch.setattr("portal.language.words.translations", lambda _: Listening())
    with override_language(language):
        assert {n(one, many, count) for count in COUNTS} == {"said"}
    assert [like == 1 for like in asked] == [count in ONE[language] for count in COUNTS]


@pytest.mark.parametrize(("language", "count", "said"), [
    ("es", 0, "0 llamadas"), ("es", 1, "1 llamada"), ("es", 2, "2 llamadas"), ("es", 1_000_000, "1,000,000 llamadas"),
    ("pt-BR", 0, "0 chamada"), ("pt-BR", 1, "1 chamada"), ("pt-BR", 5, "5 chamadas"), ("pt-BR", 1234, "1.234 chamadas"),
    ("ht", 1, "1 apèl"), ("ht", 1234, f"1{NBSP}234 apèl"), ("ne", 1, "1 कल"), ("ne", 1234, "1,234 कल"),
])
def test_a_count_agrees_with_its_noun(language: str, count: float, said: str) -> None:
    with override_language(language):
        assert n("{n} call", "{n} calls", count, n=number(count)) == said


@pytest.mark.parametrize(("language", "hours", "when", "months"), [
    ("en", "1,234.5", "November 14, 2027", "July to September 2027"),
    ("es", "1,234.5", "14 de noviembre de 2027", "julio a septiembre de 2027"),
    ("pt-BR", "1.234,5", "14 de novembro de 2027", "julho a setembro de 2027"),
    ("ht", f"1{NBSP}234,5", "14 novanm 2027", "jiyè rive septanm 2027"),
    ("ne", "1,234.5", "2027 नोभेम्बर 14", "2027 जुलाईदेखि सेप्टेम्बरसम्म"),
])
def test_numbers_and_days_are_written_as_the_language_writes_them(
        language: str, hours: str, when: str, months: str) -> None:
    with override_language(language):
        assert (number(1234.5, 1), day("2027-11-14"), span("2027-07-01", "2027-09-30")) == (hours, when, months)


@pytest.mark.parametrize("language", LANGUAGES)
def test_digits_are_latin_and_months_are_the_languages_own(language: str) -> None:
    with override_language(language):
        said = [day(f"2027-{at:02}-28") for at in range(1, 13)] + [short_month(date(2027, 5, 1)), number(9876543210)]
        assert all(character.isascii() for text in said for character in text if character.isdigit())
        assert len(set(month_names())) == len(set(month_names(short=True))) == 12
        if language == "ht":  # CLDR would give the French ones
            assert not {"janvier", "juillet", "août"} & set(" ".join(said).split())
            assert all(any(name in text for text in said) for name in HAITIAN)


def test_an_unknown_language_is_refused_and_the_one_before_comes_back() -> None:
    with pytest.raises(KeyError), override_language("tlh"):
        pass
    with override_language("es"), override_language("ne"):
        pass
    assert spoken() == DEFAULT


@pytest.mark.parametrize(("accepted", "language"), [
    ("", ""), ("de", ""), ("es-MX,en;q=0.8", "es"), ("tlh;q=0.9, ne;q=0.8", "ne"), ("pt", "pt-BR"), ("pt-PT", "pt-BR"),
    ("PT-br", "pt-BR"), ("ht-HT;q=0.5, en-US", "en"), ("es;q=0", ""), (",;;q=x, q=1;", ""), ("*", ""),
    ("a," * 5000 + "es", ""),
])
def test_the_language_that_a_browser_asks_for_first(accepted: str, language: str) -> None:
    assert preferred(accepted) == language


@pytest.mark.parametrize(("tag", "language"), [
    ("es", "es"), ("es-MX", "es"), ("es_US", "es"), ("es-419", "es"), ("pt", "pt-BR"), ("pt_BR", "pt-BR"),
    ("PT-pt", "pt-BR"), ("ht-HT", "ht"), ("ne-NP", "ne"), ("en-GB", "en"), ("de", ""), ("", ""), ("-", ""), ("e", ""),
    ("español", ""),
])
def test_a_variant_of_a_language_is_understood(tag: str, language: str) -> None:
    assert language_of(tag) == language


@pytest.mark.parametrize("language", OTHERS)
def test_a_part_with_a_message_that_is_not_translated_is_wholly_english(
        language: str, caplog: pytest.LogCaptureFixture) -> None:
    def part() -> str:
        return t("Month") + t("Nobody has translated this.")

    with override_language(language), caplog.at_level(logging.WARNING):
        assert whole(part) == ("MonthNobody has translated this.", DEFAULT)
        assert "Nobody has translated this." in caplog.text
        made, said = whole(lambda: t("Month"))
        assert (made != "Month", said) == (True, language)


def test_until_a_reviewer_is_named_a_translation_is_a_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reviewed()
    with override_language("es"):
        monkeypatch.setattr("portal.language.words.reviewer", lambda _: "Somerville, language access, 2027-01-15")
        assert reviewed()
        monkeypatch.setattr("portal.language.words.reviewer", lambda _: "")
        assert not reviewed()


@pytest.mark.parametrize("text", ["Hours", "The team answered {answered} of the {n} calls.", "{n} more"])
def test_the_stretched_language_is_longer_by_two_fifths_and_keeps_names(text: str) -> None:
    made = stretched(text)
    assert len(made) >= 1.4 * len(text)
    assert made.format(answered=1, n=2).count("2") == text.count("{n}")
    with override_language(PSEUDO):
        assert t("Month") == stretched("Month")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_text_is_empty_and_no_missing_message(language: str) -> None:
    with override_language(language):
        assert whole(lambda: t("")) == ("", language)
