"""The long texts in every language say the same: the same facts, links, anchors, numbers and telephone numbers."""

import re

import pytest

from portal.language import LANGUAGES as OFFERED
from tests.source import ROOT

ENGLISH = ROOT / "content" / "en"
KEYS = sorted(path.relative_to(ENGLISH).with_suffix("").as_posix() for path in ENGLISH.rglob("*.md"))
LANGUAGES = sorted(path.name for path in (ROOT / "content").iterdir() if path.is_dir() and path.name != "en")
PARTS = {
    "facts": re.compile(r"\{(?:(?:fact|original):\w+|ours)\}"),
    "links": re.compile(r"\]\(([^)]+)\)"),
    "anchors": re.compile(r"\{#[\w.-]+\}"),
    "code": re.compile(r"`[^`]+`"),
    "telephone numbers": re.compile(r"\b\d{3}-\d{3}-\d{4}(?: x \d+)?"),
    "blocks": re.compile(r"^(?:#+|-|>|\d\.) ", re.MULTILINE),
}
NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f]\d{3})*")


def said(language: str, key: str) -> str:
    return (ROOT / "content" / language / f"{key}.md").read_text(encoding="utf-8")


def numbers(text: str) -> list[str]:
    """Every number, however its thousands are set apart; their order may differ with the language's."""
    return sorted(re.sub(r"\D", "", match) for match in NUMBER.findall(re.sub(r"\{fact:\w+\}|\]\([^)]+\)", "", text)))


def test_there_are_translations_to_compare() -> None:
    assert len(KEYS) > 20
    assert {*LANGUAGES, "en"} == set(OFFERED)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_parts_of_the_english_text(language: str, key: str) -> None:
    english, translated = said("en", key), said(language, key)
    for what, pattern in PARTS.items():
        assert sorted(pattern.findall(translated)) == sorted(pattern.findall(english)), f"{what} differ"
    assert numbers(translated) == numbers(english)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_left_without_its_english_text(language: str) -> None:
    folder = ROOT / "content" / language
    assert {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.md")} <= set(KEYS)
