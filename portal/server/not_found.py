"""404 for every path that is neither a page, nor a route, nor a file of Streamlit.

Streamlit itself would serve its index page with status 200 for all of them, even for a missing script or
`/wp-login.php`: search engines would list them, and a browser would run a page as a script.
"""

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.builder.streamlit_assets import files
from portal.language import t
from portal.navigation import page_of
from portal.server.routes import NOT_HERE, lost
from portal.shipped import shipped
from portal.streamlit_internals import PREFIXES

PAGE_SUFFIXES = {"html", "htm", "php"}  # of pages on other sites


@shipped
def streamlit_files() -> frozenset[str]:
    """The paths of Streamlit's own files, such as `/static/js/index.x.js`, except index.html, which pages replace."""
    folder = files()
    urls = {f"/{path.relative_to(folder).as_posix()}" for path in folder.rglob("*") if path.is_file()}
    return frozenset(urls - {"/index.html"})


def is_known(scope: Scope, routes: Sequence[BaseRoute]) -> bool:
    """Whether a page, a route or a file of Streamlit responds to a GET request."""
    path = scope["path"]
    return (page_of(path.strip("/")) is not None or path in streamlit_files()
            or path.startswith(PREFIXES)
            or any(route.matches(scope)[0] is Match.FULL for route in routes))


def is_file(path: str) -> bool:
    """Whether a path looks like that of a file, which a program requests, and not like that of a page."""
    _, dot, suffix = path.rpartition("/")[2].rpartition(".")
    return bool(dot) and suffix.lower() not in PAGE_SUFFIXES


class NotFound:
    """ASGI middleware, the last before Streamlit: responds with a sentence to the path of a file, and to others with
    the page "Nothing here", which has the way back and the numbers to call.
    """

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self.app = app
        self.routes = routes  # the portal's own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond with 404, or pass the request on."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"} or is_known(scope, self.routes):
            await self.app(scope, receive, send)
        elif is_file(scope["path"]):
            await PlainTextResponse(t(NOT_HERE), 404, {"Cache-Control": "no-cache"})(scope, receive, send)
        else:
            await (await run_in_threadpool(lost, Request(scope)))(scope, receive, send)
