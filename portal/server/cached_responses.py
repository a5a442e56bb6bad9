"""Serves responses from the cache. Only the event loop reads and writes it, so that it needs no lock.

One key function (`response_key`) names everything that a response depends on, except the snapshot: a new snapshot
empties the cache.
"""

from collections.abc import Hashable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.navigation import page_of
from portal.page import Page
from portal.render.rendered import Selection
from portal.server.response_cache import CachedResponse, weight
from portal.server.responses import FRESH, Body, respond
from portal.server.selection import select
from portal.server.site_url import base
from portal.server.state import snapshot_of, state_of

LONGEST = 600  # characters of a key: responses to longer URLs are sent, but not cached
PLAIN = "/plain/"
OFFERED, SELECTION = "portal.offered", "portal.selection"  # in a request's scope
# Paths of files whose content does not depend on the query.
WITHOUT_QUERY = ("/figure/", "/feed.atom", "/calendar.ics", "/data.json", "/sitemap.xml")


def edition_page(scope: Scope) -> tuple[str, Page] | None:
    """The page that a GET request asks for, with its edition ("": Streamlit's first paint); None for other requests."""
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
        return None
    path = scope["path"]
    edition = "plain" if path.startswith(PLAIN) else ""
    page = page_of(path.removeprefix(PLAIN) if edition else path.strip("/"))
    return (edition, page) if page else None


def response_key(request: Request) -> Hashable:
    """The cache key of a response: everything it depends on, except the snapshot. For a page its selection, for others
    the URL. None for a response that is not cached: CSV requested by an Accept header is rare.
    """
    scope = request.scope
    site_url = base(request)
    found = edition_page(scope)
    if found is None:
        if "text/csv" in request.headers.get("accept", ""):
            return None
        query = b"" if scope["path"].startswith(WITHOUT_QUERY) else scope["query_string"]
        return scope["path"], query, site_url
    selection: Selection = scope[SELECTION]
    form_fields = tuple(sorted(selection.given.items())) if found[1].forms else ()
    return found[0], found[1].id, site_url, selection.key, form_fields


def selection_of(request: Request) -> Selection:
    """The selection of a request's query, computed once per request."""
    if SELECTION not in request.scope:
        request.scope[SELECTION] = select(snapshot_of(request), state_of(request).settings, request.query_params,
                                          request.headers.get("accept-language", ""))
    selection: Selection = request.scope[SELECTION]
    return selection


class CachedResponses:
    """ASGI middleware that serves cached responses, ahead of routing and Streamlit's compression, which are slower."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the cached response, or call the application and cache the response that it offers."""
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
        offered: list[CachedResponse] = []
        scope[OFFERED] = offered
        await self.app(scope, receive, send)
        if offered and key is not None and len(str(key)) <= LONGEST and weight(offered[-1]) <= responses.size:
            answers[key] = offered[-1]


def cached(request: Request, body: Body, cache: str = FRESH, headers: Mapping[str, str] | None = None) -> Response:
    """As `respond`, and offers the response for the cache, under the request's key."""
    request.scope.get(OFFERED, []).append(CachedResponse(body, cache, headers or {}))
    return respond(request, body, cache=cache, headers=headers)
