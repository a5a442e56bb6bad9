"""The catalogues: every message is there, once, with its names and numbers; and none says what may not be said."""

import re
from collections import Counter
from functools import cache

import pytest
from babel.messages.catalog import Message

from portal.language.catalogue import DEFAULT, catalogue, translations
from portal.language.gather import MESSAGES, messages, of_code
from portal.language.words import LANGUAGES

OTHERS = [code for code in LANGUAGES if code != DEFAULT]
NAMES = re.compile(r"\{\w+\}")
NUMBERS = re.compile(r"\d[\d.,-]*\d|\d")
KEPT = ("911", "988", "711", "311", "Adrienne Pomeroy", "93 Highland Avenue", "Section 12", "COHR", "sha256", "ASL",
        "CART", "CHIA", "PCORnet", "Newcombe", "Wilson", "release.sqlite", "Co-Response")
SAID_OTHERWISE = {"Section 12", "Co-Response"}  # a law may be named in the language; the short title says the program's


@cache
def wanted() -> frozenset[object]:
    """Every message of the code, the pages, the templates and the data."""
    return frozenset(message.id for message in messages() if message.id)


def forms(text: object) -> tuple[str, ...]:
    """A message's texts: one, or that of one and that of many."""
    return (text,) if isinstance(text, str) else tuple(str(character) for character in text)  # type: ignore[attr-defined]


@cache
def said(language: str) -> tuple[Message, ...]:
    return tuple(message for message in catalogue(language) if message.id)


def numbers(text: str) -> Counter[str]:
    """The numbers of a text, however its language groups them: 1.3 and 1,3 are one."""
    return Counter(match.replace(".", "").replace(",", "") for match in NUMBERS.findall(NAMES.sub("", text)))


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_every_message_and_no_other(language: str) -> None:
    there = {message.id for message in said(language)}
    assert wanted() - there == set(), "run `make catalogues`, then translate what is new"
    assert there - wanted() == set(), "run `make catalogues`: nothing says this any more"
    assert not catalogue(language).obsolete


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_translated_and_sure(language: str) -> None:
    assert [message.id for message in said(language) if message.fuzzy or not all(forms(message.string))] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_names_and_numbers_of_its_message(language: str) -> None:
    for message in said(language):
        for english, other in zip(forms(message.id), forms(message.string), strict=True):
            assert set(NAMES.findall(english)) == set(NAMES.findall(other)), other
            assert numbers(english) == numbers(other), other
            for name in KEPT:
                assert name not in english or name in other or name in SAID_OTHERWISE, (name, other)


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_ends_as_its_message_does(language: str) -> None:
    ends = {".": ".।", "?": "?", ":": ":"}
    for message in said(language):
        for english, other in zip(forms(message.id), forms(message.string), strict=True):
            if english[-1] in ends and not english.endswith("{n}."):
                assert other.rstrip()[-1] in ends[english[-1]], other
            assert english[:1].isspace() == other[:1].isspace(), other


@pytest.mark.parametrize("language", OTHERS)
def test_plurals_are_those_of_the_language(language: str) -> None:
    assert catalogue(language).num_plurals == 2
    assert translations(language).gettext("Language") not in {"", "Language"}


@pytest.mark.parametrize(("code", "found"), [
    ('t("One.")', ["One."]),
    ("f'{t(\"In an f-string.\")} {t(x)}'", ["In an f-string."]),
    ('t("Long, "\n  "in two parts.", name=n("a", "b", 2))', ["Long, in two parts.", ("a", "b")]),
    ('X = gettext_lazy("Later."), ngettext_lazy("{n} one", "{n} many")', ["Later.", ("{n} one", "{n} many")]),
    ('t(WORDS["not a message"])', []),
    ('render.title("A page asks for it.")', []),
])
def test_messages_are_found_in_code(code: str, found: list[object]) -> None:
    assert [text for _, text in of_code(code, MESSAGES)] == found


def test_the_templates_and_the_contract_and_the_pages_are_read() -> None:
    assert {"Need help now?", "How many crisis calls come in?", "How is the pilot doing?",
            ("{n} call", "{n} calls")} <= wanted()


def test_make_words_tells_what_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests import words

    monkeypatch.setattr(words, "grade", lambda _: 12.0)
    monkeypatch.setattr(words, "messages", lambda: [Message("Nobody has translated this.")])
    said = words.report()
    assert "ne: not translated: Nobody has translated this." in said
    assert any(line.startswith("es: not reviewed") for line in said)
    assert any(line.startswith("en: too hard: page overview reads at grade 12.0") for line in said)
