"""A figure alone, at /plain/figure/<id>: what a citation leads to, and what others may put in a frame."""

from functools import lru_cache

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from portal.language import speaking
from portal.navigation import page_of_figure
from portal.render import markup
from portal.server.figure_request import Asked, NotThere, figure
from portal.server.plain_presenter import nothing_here
from portal.server.responses import Body, Keyed, body, respond
from portal.server.selection import select


def alone(request: Request) -> Response:
    """The figure that an address asks for, never another in its place; a note where a newer release is out."""
    try:
        asked = figure(request.path_params["figure"], request.query_params)
    except NotThere as error:
        selection = select({name: value for name, value in request.query_params.items() if name == "lang"})
        again = {"Retry-After": "60"} if error.status == 503 else {}
        return HTMLResponse(nothing_here(selection, str(error)), error.status, again)
    return respond(request, _ready(Keyed((asked.key, asked.selection.notices, asked.selection.query), asked)))


@lru_cache(maxsize=256)
def _ready(kept: Keyed[Asked]) -> Body:
    asked, page = kept.thing, page_of_figure(kept.thing.figure)
    with speaking(asked.selection.language):
        text = markup.alone(asked.entry, asked.shelf.shown, asked.selection.notices,
                            f"/{page.slug}{asked.selection.query}#{asked.figure}")
    return body(text.encode(), "text/html; charset=utf-8")
