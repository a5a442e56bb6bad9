"""The search of a shipped release without rendering it: what the tests and `make ask` put their questions to."""

from collections.abc import Mapping
from functools import cache

from portal.contract.contract import DIMENSIONS, MEASURES
from portal.figures import FIGURES, build
from portal.language import LANGUAGES, override_language, t
from portal.release.store import Release
from portal.search.documents import Document, FigureWords, documents, shortened
from portal.search.index import SearchIndex
from tests.source import ROOT

RELEASE = Release(ROOT / "data" / "releases" / "2027-Q3")  # one: it caches its answers


def figure_words(language: str) -> list[FigureWords]:
    """The words of every figure, as a rendered release has them."""
    with override_language(language):
        return [_words(figure_id) for figure_id in FIGURES]


def _words(figure_id: str) -> FigureWords:
    figure = build(RELEASE, figure_id)
    measure, source = MEASURES.get(figure_id), figure.provenance
    labels = DIMENSIONS[measure.dimension].labels.values() if measure and measure.dimension else ()
    return FigureWords(figure_id, figure.title, " ".join(map(t, labels)),
                       f"{source.definition} {source.why} {source.limits}")


@cache
def indexes_of() -> Mapping[str, SearchIndex]:
    """The index of each language."""
    return {language: SearchIndex(language, documents(language, figure_words(language))) for language in LANGUAGES}


@cache
def answer_of(document: Document, language: str) -> str:
    """What is shown below a place: of a figure its answer in the release."""
    if document.kind != "figure":
        return document.answer
    with override_language(language):
        return shortened(build(RELEASE, document.key.removeprefix("figure:")).answer.plain)
