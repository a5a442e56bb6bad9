"""The site's answers to a question: the places that the search finds, each with its answer in the release shown.

No part of a question is stored, counted or logged.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.contract.contract import DIMENSIONS, MEASURES
from portal.language import LANGUAGES, override_language, t
from portal.page import Page
from portal.render.rendered import RenderedRelease, Selection, Snapshot, language_pair
from portal.search.ask import Asked, Place, ask
from portal.search.documents import Document, FigureWords, documents
from portal.search.index import SearchIndex
from portal.search.lexicon import Says
from portal.server.selection import in_language
from portal.texts import shortened


@dataclass(frozen=True)
class FoundPlace:
    """One place: its page's URL, its id (a figure's, or a text's with its heading), and what it answers."""

    page: str
    id: str
    kind: str
    title: str
    answer: str
    href: str
    page_name: str
    says: Says


@dataclass(frozen=True)
class Answers:
    """What is shown for a question; the fields are those of portal.search.ask.Asked, with their answers."""

    language: str
    results: tuple[FoundPlace, ...]
    sure: bool
    found: bool
    crisis: bool


class AskFailed(Exception):  # a fault of the portal's
    """A question could not be looked up; the message is the error's type, and no part of the question."""


class Indexes:
    """The search indexes of one application. The poller rebuilds each when its release changes: no visitor waits."""

    def __init__(self) -> None:
        self._by_language: dict[str, tuple[object, SearchIndex]] = {}

    def of(self, snapshot: Snapshot) -> Mapping[str, SearchIndex]:
        """The index of each language for a snapshot."""
        return {language: self._index(snapshot, language) for language in LANGUAGES}

    def _index(self, snapshot: Snapshot, language: str) -> SearchIndex:
        release = _release(snapshot, language)
        folder = release.folder if release else None
        known = self._by_language.get(language)
        if known is None or known[0] != folder:  # two concurrent requests may both build it, with the same result
            index = SearchIndex(language, documents(language, _figures(release, language)))
            known = self._by_language[language] = folder, index
        return known[1]


def _release(snapshot: Snapshot, language: str) -> RenderedRelease | None:
    live = snapshot.live
    return in_language(snapshot, live, language, live.default_period) if live else None


def _figures(release: RenderedRelease | None, language: str) -> list[FigureWords]:
    if release is None:
        return []
    with override_language(language):
        return [FigureWords(figure_id, figure.title, _groups(figure_id),
                            " ".join(figure.record[name] for name in ("definition", "why", "limits")))
                for figure_id, figure in release.read_figures(release.default_period).items()]


def _groups(figure_id: str) -> str:
    measure = MEASURES.get(figure_id)
    labels = DIMENSIONS[measure.dimension].labels.values() if measure and measure.dimension else ()
    return " ".join(map(t, labels))


def answers(question: str, selection: Selection, indexes: Indexes, prefix: str, *, stay: bool = False
            ) -> Answers:
    """The answers to a question asked on a page with that selection, with links within the edition `prefix`. `stay`:
    answer in the language of the page, even if the question seems to be in another. Raises AskFailed.
    """
    known = indexes.of(selection.snapshot)
    try:
        outcome = ask(question, selection.language, {selection.language: known[selection.language]} if stay else known)
    except Exception as error:  # noqa: BLE001  # its words may hold the question, and a fault is logged with its words
        raise AskFailed(type(error).__name__) from None
    release = _release(selection.snapshot, outcome.language)
    with override_language(outcome.language):
        results = tuple(_answer(place, release, outcome, prefix) for place in outcome.places)
    return Answers(outcome.language, results, outcome.sure, outcome.found, outcome.crisis)


def _answer(place: Place, release: RenderedRelease | None, outcome: Asked, prefix: str) -> FoundPlace:
    document, page = place.document, place.document.page
    return FoundPlace(f"/{page.slug}", document.key.removeprefix("figure:"), document.kind, document.title,
                      _sentence(document, release), link(page, document.anchor, outcome.language, prefix), t(page.name),
                      place.says)


def _sentence(document: Document, release: RenderedRelease | None) -> str:
    """The first sentences of a text; the answer of a figure, or of a page's lead figure, in the release."""
    figure = document.key.removeprefix("figure:") if document.kind == "figure" else ""
    figure = figure or (document.page.lead if document.kind == "page" else "")
    if release and figure:
        return shortened(release.figure(figure, release.default_period).alt)
    return document.answer or t(document.page.question)


def link(page: Page, anchor: str, language: str, prefix: str) -> str:
    """The URL of a place in an edition and a language."""
    query = "".join(f"?{name}={value}" for name, value in language_pair(language))
    return f"{prefix}/{page.slug}{query}#{anchor}"
