"""How a figure is cited: one sentence, and a URL with the release pinned, which shows the same number for ever."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from portal.language import DEFAULT, day, spoken, t
from portal.render.rendered import SITE

if TYPE_CHECKING:  # the server reads shelves and never builds a figure
    from portal.figures.figure import Figure

@dataclass(frozen=True)
class Citation:
    """The sentence and the URL."""

    sentence: str
    url: str
    query: str


def pinned(release: str, period: str) -> str:
    """The end of a URL that shows this release and quarter, in the language in force."""
    language = [] if spoken() == DEFAULT else [("lang", spoken())]
    return "?" + urlencode([*language, ("release", release), *([("period", period)] if period else [])])


def citation(figure: "Figure", published_on: str, period: str) -> Citation:
    """How to cite a figure of a release that came out on a day, for a quarter."""
    query = pinned(figure.provenance.release_id, period)
    sentence = t("“{title}” {answer} Somerville Co-Response Pilot, published on {day}. {source}.", title=figure.title,
                 answer=figure.answer.plain, day=day(published_on), source=figure.period)
    return Citation(sentence, f"{SITE}/plain/figure/{figure.id}{query}", query)
