"""The figure that a URL names: exactly that one, or a sentence why not. No other figure is shown in its place."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from starlette.requests import Request

from portal.language import override_language, t
from portal.render.rendered import SITE, RenderedFigure, RenderedRelease, Selection
from portal.server.selection import language_named, select
from portal.server.site_url import site_of
from portal.server.state import snapshot_of, state_of


@dataclass(frozen=True)
class FigureRequest:
    """A figure of one release, for one period, in one language."""

    selection: Selection
    release: RenderedRelease
    id: str
    figure: RenderedFigure


class NotThere(LookupError):
    """What the URL names isn't published, or not rendered yet: an HTTP `status` and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def exact_selection(request: Request, query: Mapping[str, str]) -> Selection:
    """The selection of a query whose every value is known. Raises NotThere where one is not."""
    settings = state_of(request).settings
    selection = select(snapshot_of(request), settings, query)
    chosen = dict(selection.chosen)
    with override_language(selection.language):
        release_id, period = query.get("release", ""), query.get("period", "")
        if release_id and chosen.get("release") != release_id:
            if release_id in selection.snapshot.copies:
                raise NotThere(503, t("Release {release} is being made ready. Try again in a minute.",
                                      release=release_id))
            raise NotThere(404, t("There is no release of that name."))
        if period and chosen.get("period") != period:
            words = dict(selection.release.periods).get(period) if selection.release else None
            if words:
                raise NotThere(503, t("The numbers of {period} are being made ready. Try again in a minute.",
                                      period=words))
            raise NotThere(404, t("Nothing is published for that time."))
        if query.get("lang") and not language_named(query["lang"], settings.pseudo):
            raise NotThere(404, t("This site is not in that language."))
        if selection.release is None:
            raise NotThere(503 if selection.snapshot.refused else 404, t("No numbers are published yet."))
    return selection


def requested_figure(request: Request, figure_id: str, query: Mapping[str, str]) -> FigureRequest:
    """The figure of that id for a query's release, period and language. Raises NotThere."""
    selection = exact_selection(request, query)
    release = selection.release
    figures = release.read_figures(selection.period) if release else {}
    if release is None or figure_id not in figures:
        with override_language(selection.language):
            raise NotThere(404, t("There is no figure of that name."))
    figure = figures[figure_id]
    return FigureRequest(selection, release, figure_id,
                         replace(figure, url=figure.url.replace(SITE, site_of(request))))
