"""Reads content/ for the tests that hold its words: texts, sentences, marks, links, and the pages they stand on."""

import os
import re
from dataclasses import dataclass
from functools import cache

import pytest

from portal.navigation import PAGES
from tests.source import ROOT

CONTENT = ROOT / "content"
MARKS = re.compile(r"\s*\{(?:(?:fact|original):\w+|ours|#[\w-]+)\}")
CITED = re.compile(r"\{fact:(\w+)\}")
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
SENTENCE = re.compile(r"(?:[^.!?]|[.!?](?=[\w@]))+[.!?:]*[\"”»*)]*(?:\s*\{(?:(?:fact|original):\w+|ours|#[\w-]+)\})*")


@dataclass(frozen=True)
class Sentence:
    """One sentence of a text, with its marks."""

    key: str
    text: str

    @property
    def plain(self) -> str:
        """As a reader sees it: no marks, no Markdown."""
        return re.sub(r"[*`>#]", "", LINK.sub(r"\1", MARKS.sub("", self.text))).strip()


def keys(language: str = "en") -> list[str]:
    """The long texts of a language, such as overview/about."""
    folder = CONTENT / language
    return sorted(str(path.relative_to(folder).with_suffix("").as_posix()) for path in folder.rglob("*.md"))


@cache
def text(key: str, language: str = "en") -> str:
    """A long text as it is written."""
    return (CONTENT / language / f"{key}.md").read_text("utf-8")


def blocks(markdown: str) -> list[str]:
    """Paragraphs, list items and table cells; without headings."""
    found: list[str] = []
    for line in markdown.splitlines():
        if line.startswith("#") or not line.strip() or re.fullmatch(r"[|\s:-]+", line):
            continue
        cells = line.strip("| ").split("|") if line.startswith("|") else [line]
        found += [re.sub(r"^\s*(?:[-*>]|\d+\.)\s+", "", cell).strip() for cell in cells]
    return [row for row in found if row]


def sentences(key: str) -> list[Sentence]:
    """The sentences of an English text."""
    return [Sentence(key, found.strip()) for block in blocks(text(key)) for found in SENTENCE.findall(block)
            if found.strip()]


def texts_of(module: str) -> list[str]:
    """The keys of the long texts that a page shows, in reading order."""
    page = next(page for page in PAGES if page.id == module)
    return page.texts


def shared(name: str) -> str:
    """A text of the reference folder that lies beside the project and is no part of it. Missing: the test is skipped,
    or failed with CI set.
    """
    path = ROOT.parent / "shared" / "reference" / name
    if not path.is_file():
        if os.environ.get("CI"):
            pytest.fail(f"{path} is not there. With CI set this is a failure.", pytrace=False)
        pytest.skip(f"{path} is not there")
    return path.read_text("utf-8")
