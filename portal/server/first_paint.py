"""The first paint: the requested page stands in Streamlit's own index.html before Streamlit has loaded anything.

It also is the page where Streamlit can't start: without script, in an old browser, or behind a wall that stops the live
connection.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from typing import Any

from markupsafe import Markup
from starlette.requests import Request

from portal.builder.streamlit_assets import files, for_elements
from portal.navigation import page_of
from portal.page import Page
from portal.render import lists, markup
from portal.render.markup import Streamlit
from portal.render.rendered import Selection
from portal.server import page_metadata
from portal.server.plain_presenter import body
from portal.server.response_cache import Pages
from portal.server.responses import respond
from portal.server.routes import plain_answer

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

SCRIPT = re.compile(r'<script[^>]*\bsrc="[^"]*"[^>]*></script>|<link[^>]*\brel="modulepreload"[^>]*>')
PLAIN = "/plain/"
STYLE = re.compile(r'<link[^>]*\brel="stylesheet"[^>]*>')


class FirstPaint:
    """ASGI middleware: answers the addresses of the outline's pages with their first paint, and those of the plain
    edition's; leaves all others alone. It stands before compression and routes, which neither needs: half the time.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self.pages: Pages | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        if plain := asked_plain(scope):
            await (await plain_answer(plain, Request(scope)))(scope, receive, send)
            return
        page = asked_page(scope)
        if page and self.pages is None and (streamlit := await loads(self.app, scope)):
            self.pages = Pages(partial(written, streamlit))
        if page is None or self.pages is None:
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        ready = await self.pages.get(page, request)
        await respond(request, ready, headers={"Vary": "Accept-Encoding, Accept-Language"})(scope, receive, send)


def asked_page(scope: Scope) -> Page | None:
    """The page a request asks for; None where it asks for something else."""
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
        return None
    return page_of(scope["path"].strip("/"))


def asked_plain(scope: Scope) -> Page | None:
    """The page of the plain edition that a request asks for; None where it asks for something else."""
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"} or not scope["path"].startswith(PLAIN):
        return None
    return page_of(scope["path"].removeprefix(PLAIN))


async def loads(app: App, scope: Scope) -> Streamlit | None:
    """What Streamlit's index.html loads, asked of itself; None when it is not as it was when this was written."""
    parts: list[bytes] = []
    status = 0

    async def keep(message: MutableMapping[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)
        parts.append(message.get("body", b""))

    async def nothing_more() -> MutableMapping[str, Any]:  # a client that stays: whoever waits for its end is cancelled
        await asyncio.Event().wait()
        raise AssertionError

    bare = {**scope, "method": "GET", "path": "/", "raw_path": b"/", "query_string": b"", "extensions": {},
            "headers": [(name, value) for name, value in scope["headers"] if name == b"host"]}
    await app(bare, nothing_more, keep)
    text = b"".join(parts).decode("utf-8", "replace").replace('="./static/', '="/static/')
    scripts, styles = SCRIPT.findall(text), STYLE.findall(text)
    if status != 200 or '<div id="root"></div>' not in text or not scripts:
        return None
    # Asked for after all that is named above, and not one after the other when the first elements have come.
    ahead = '<link rel="modulepreload" crossorigin fetchpriority="low" href="/{}">'
    scripts += [ahead.format(one) for one in for_elements(files())]
    return Streamlit(Markup("\n".join(scripts)), Markup("\n".join(styles)))  # noqa: S704  # Streamlit's own tags


def written(streamlit: Streamlit, page: Page, selection: Selection, address: str) -> str:
    """The first paint of a page, on the site of that address."""
    meta = markup.meta(page_metadata.about(page, selection, address))
    return markup.first(page, body(page, selection), selection, meta, lists.form_values(page, selection), streamlit)
