"""404 for every address that is neither a page, nor a route, nor a file of Streamlit.

Streamlit itself would answer all of them with its first page and 200, also a missing script and `/wp-login.php`: search
engines would list them, and a browser would run a page as a script.
"""

from collections.abc import Sequence
from functools import cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.builder.streamlit_assets import files
from portal.language import t
from portal.navigation import page_of
from portal.server.routes import NOT_HERE, lost
from portal.streamlit_internals import PREFIXES

PAGES_ELSEWHERE = {"html", "htm", "php"}  # endings under which other sites have their pages


@cache
def streamlit_files() -> frozenset[str]:
    """The addresses of Streamlit's own files, such as `/static/js/index.x.js`. Its index.html is none: the pages are
    sent in its place.
    """
    folder = files()
    addresses = {f"/{path.relative_to(folder).as_posix()}" for path in folder.rglob("*") if path.is_file()}
    return frozenset(addresses - {"/index.html"})


def is_known(scope: Scope, routes: Sequence[BaseRoute]) -> bool:
    """Whether something answers at the address of a request to read."""
    path = scope["path"]
    return (page_of(path.strip("/")) is not None or path in streamlit_files()
            or path.startswith(PREFIXES)
            or any(route.matches(scope)[0] is Match.FULL for route in routes))


def is_file(path: str) -> bool:
    """Whether an address looks like that of a file, which a program asks for, and not like that of a page."""
    _, dot, ending = path.rpartition("/")[2].rpartition(".")
    return bool(dot) and ending.lower() not in PAGES_ELSEWHERE


class NotFound:
    """ASGI middleware, the last before Streamlit: a sentence at the address of a file, the page "Nothing here" at every
    other, with the way back and the numbers to call.
    """

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self.app = app
        self.routes = routes  # those that stand beside Streamlit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 404, or hand on."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"} or is_known(scope, self.routes):
            await self.app(scope, receive, send)
        elif is_file(scope["path"]):
            await PlainTextResponse(t(NOT_HERE), 404, {"Cache-Control": "no-cache"})(scope, receive, send)
        else:
            await (await run_in_threadpool(lost, Request(scope)))(scope, receive, send)
