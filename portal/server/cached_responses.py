"""Answers from the response cache, which the event loop alone reads and writes: nobody waits for a lock.

One key function says what an answer depends on; the snapshot, the rest of it, empties the cache when it changes.
"""

from collections.abc import Hashable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.navigation import page_of
from portal.page import Page
from portal.render.rendered import Selection
from portal.server.response_cache import Answer, weight
from portal.server.responses import FRESH, Body, respond
from portal.server.selection import select
from portal.server.site_address import base
from portal.server.state import snapshot_of, state_of

LONGEST = 600  # characters of a key: what a stranger writes that is longer is answered, and not kept
PLAIN = "/plain/"
OFFERED, SELECTION = "portal.offered", "portal.selection"  # in a request's scope
# Files whose content does not depend on the address's query.
WITHOUT_QUERY = ("/figure/", "/feed.atom", "/calendar.ics", "/data.json", "/sitemap.xml")


def edition_page(scope: Scope) -> tuple[str, Page] | None:
    """The page that a request to read asks for, with its edition ("": Streamlit's first paint); None for all else."""
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
        return None
    path = scope["path"]
    edition = "plain" if path.startswith(PLAIN) else ""
    page = page_of(path.removeprefix(PLAIN) if edition else path.strip("/"))
    return (edition, page) if page else None


def response_key(request: Request) -> Hashable:
    """What an answer depends on beside the snapshot: for a page what it shows, for all else its address. None where it
    depends on what the client reads: CSV, which few ask for by a header, is written for each request.
    """
    scope = request.scope
    address = base(request)
    found = edition_page(scope)
    if found is None:
        if "text/csv" in request.headers.get("accept", ""):
            return None
        query = b"" if scope["path"].startswith(WITHOUT_QUERY) else scope["query_string"]
        return scope["path"], query, address
    selection: Selection = scope[SELECTION]
    form_fields = tuple(sorted(selection.given.items())) if found[1].forms else ()
    release = str(selection.release.folder) if selection.release else ""
    return (found[0], found[1].id, address, release, selection.language, selection.offered, selection.period,
            selection.notices, selection.chosen, form_fields)


def selection_of(request: Request) -> Selection:
    """What a request's address chooses, looked up once."""
    if SELECTION not in request.scope:
        request.scope[SELECTION] = select(snapshot_of(request), state_of(request).settings, request.query_params,
                                          request.headers.get("accept-language", ""))
    selection: Selection = request.scope[SELECTION]
    return selection


class CachedResponses:
    """ASGI middleware: gives the answer that was given before. It stands before routes and Streamlit's own compression,
    which take longer than the look-up.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on and keep the answer that is offered."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        if edition_page(scope):
            selection_of(request)
        responses, key = state_of(request).responses, response_key(request)
        answers = responses.of(snapshot_of(request))
        if key is not None and (found := answers.get(key)) is not None:
            await respond(request, found.body, cache=found.cache, headers=found.headers)(scope, receive, send)
            return
        offered: list[Answer] = []
        scope[OFFERED] = offered
        await self.app(scope, receive, send)
        if offered and key is not None and len(str(key)) <= LONGEST and weight(offered[-1]) <= responses.size:
            answers[key] = offered[-1]


def cached(request: Request, body: Body, cache: str = FRESH, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to a request (as `respond`) that everybody gets whose request has the same key."""
    request.scope.get(OFFERED, []).append(Answer(body, cache, headers or {}))
    return respond(request, body, cache=cache, headers=headers)
