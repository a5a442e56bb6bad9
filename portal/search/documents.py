"""What can be found: each question, text, list item, figure and page of the site, in one language.

A document's key is the same in every language: `program/questions: Will police come?` for a heading in a text (in its
English words), `program/cohr` for a text, `figure:outcome.arrest` for a figure, `page:calls` for a page.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from portal.language import override_language, t
from portal.navigation import PAGES, anchor_of_figure, page_of_figure
from portal.page import Page, slug
from portal.texts import IN_TABLE, Passage, council_questions, keys, parts, plain, shortened

DocumentKind = Literal["question", "figure", "section", "passage", "page"]
ITEM = re.compile(r"^(?:[-*]|\d+\.) +(.*)$")
BOLD = re.compile(r"\*\*(.+?)\*\*")
QUESTIONS = "program/questions"  # the text whose headings are questions


@dataclass(frozen=True)
class Document:
    """One thing that can be found. `place`: the key of what is shown for it; `answer`: its first sentences, "" where a
    release gives them.
    """

    key: str
    place: str
    kind: DocumentKind
    page: Page
    anchor: str
    title: str
    heading: str
    text: str
    answer: str = ""


@dataclass(frozen=True)
class FigureWords:
    """The words of a figure that do not depend on a period: id, question, names of its groups, and its About text."""

    id: str
    title: str
    groups: str
    about: str


def _of_text(key: str, page: Page, language: str) -> Iterator[Document]:
    sections = parts(key, language)
    section = next((part.heading for part in sections if part.heading), "")
    for section_key, part in zip(keys(key), sections, strict=True):
        is_question = part.level == IN_TABLE or (key == QUESTIONS and part.level == 3)
        yield from _of_part(section_key, part, page, section, "question" if is_question else "section")


def _of_part(key: str, part: Passage, page: Page, section: str, kind: DocumentKind) -> Iterator[Document]:
    text = " ".join(plain(found[1] if (found := ITEM.match(line)) else line) for line in part.lines)
    anchor = slug(key.partition(":")[0] if part.level == IN_TABLE else key)
    title = part.heading or t(page.question)
    yield Document(key, key, kind, page, anchor, title, section if section != title else "", text, shortened(text))
    for place, line in enumerate(part.lines):
        if found := ITEM.match(line):
            name = BOLD.search(found[1])
            yield Document(f"{key} / {place}", key, "passage", page, anchor, plain(name[1]) if name else "", title,
                           plain(found[1]), shortened(plain(found[1])))


def _of_figure(words: FigureWords, spoken: str) -> Document:
    key, anchor = f"figure:{words.id}", anchor_of_figure(words.id).removeprefix("#") or "main"
    return Document(key, key, "figure", page_of_figure(words.id), anchor, words.title, f"{words.groups} {spoken}",
                    words.about)


def _of_page(page: Page) -> Document:
    key = f"page:{page.id}"
    return Document(key, key, "page", page, "main", t(page.question), t(page.name), "")


def _of_council(figures: Iterable[str]) -> Iterator[Document]:
    """The questions that no figure answers: their own answer says whose word is awaited."""
    if "council.questions" in figures:
        page = page_of_figure("council.questions")
        for question in council_questions():
            if not question.figure:
                key, gap = f"council: {question.question}", t(question.gap)
                yield Document(key, key, "question", page, "council.questions", t(question.question), "", gap, gap)


def documents(language: str, figures: Iterable[FigureWords]) -> tuple[Document, ...]:
    """Everything that can be found in a language; the words of its figures come from the release that is shown."""
    with override_language(language):
        known = {words.id: words for words in figures}
        spoken = {figure: " ".join(t(question.question) for question in council_questions()
                                   if question.figure == figure)
                 for figure in known}
        texts = (document for page in PAGES for key in page.texts for document in _of_text(key, page, language))
        return (*texts, *(_of_figure(words, spoken[words.id]) for words in known.values()), *_of_council(known),
                *map(_of_page, PAGES))
