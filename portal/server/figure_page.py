"""Single figures: at /plain/figure/<id>, the target of citations, and at /embed/<id>, for frames on other sites."""

from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from portal.language import override_language
from portal.navigation import page_of_figure
from portal.render import markup
from portal.render.rendered import ReleaseFacts, RenderedFigure
from portal.server.cached_responses import cached
from portal.server.figure_request import NotThere, requested_figure
from portal.server.plain_presenter import nothing_here
from portal.server.responses import body
from portal.server.selection import select
from portal.server.site_url import site_of, with_site_url
from portal.server.state import snapshot_of, state_of


def alone(request: Request) -> Response:
    """The card of the figure that the URL names, and never of another one; with a note if a newer release is out."""
    return _answer(request, markup.alone)


def embedded(request: Request) -> Response:
    """The finding and the drawing of a figure, for a frame of 420 pixels."""
    return _answer(request, markup.embed)


def _answer(request: Request, write: Callable[[RenderedFigure, ReleaseFacts, Sequence[str], str], str]) -> Response:
    try:
        requested = requested_figure(request, request.path_params["figure"], request.query_params)
    except NotThere as error:
        query = {name: value for name, value in request.query_params.items() if name == "lang"}
        selection = select(snapshot_of(request), state_of(request).settings, query)
        again = {"Retry-After": "60"} if error.status == 503 else {}
        return HTMLResponse(with_site_url(nothing_here(selection, str(error)), site_of(request)), error.status, again)
    selection, page = requested.selection, page_of_figure(requested.id)
    with override_language(selection.language):
        text = write(requested.figure, requested.release.facts, selection.notices,
                     f"/{page.slug}{selection.query}#{requested.id}")
    return cached(request, body(with_site_url(text, site_of(request)).encode(), "text/html; charset=utf-8"))
