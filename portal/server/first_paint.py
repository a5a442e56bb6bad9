"""The first paint: Streamlit's index.html with the requested page in it, readable before Streamlit has loaded.

It remains where Streamlit can't start: without script, in an old browser, or behind a firewall that blocks websockets.
"""

import asyncio
import re
from functools import partial

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.builder.streamlit_assets import files, for_elements
from portal.language import override_language
from portal.page import Page
from portal.render import lists, markup
from portal.render.markup import Streamlit
from portal.render.rendered import Selection
from portal.server import page_metadata
from portal.server.cached_responses import edition_page
from portal.server.plain_presenter import body, plain
from portal.server.routes import page_response

SCRIPT = re.compile(r'<script[^>]*\bsrc="[^"]*"[^>]*></script>|<link[^>]*\brel="modulepreload"[^>]*>')
STYLE = re.compile(r'<link[^>]*\brel="stylesheet"[^>]*>')


class FirstPaint:
    """ASGI middleware that serves pages: their first paint, or their plain edition. It runs ahead of compression and
    routing, which neither needs; that halves the time.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.streamlit: Streamlit | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        edition, page = edition_page(scope) or ("", None)
        if page and not edition and self.streamlit is None:
            self.streamlit = await loads(self.app, scope)
        write = plain if edition else partial(first_paint, self.streamlit) if self.streamlit else None
        if page is None or write is None:
            await self.app(scope, receive, send)
        else:
            await (await run_in_threadpool(page_response, Request(scope), page, write))(scope, receive, send)


async def loads(app: ASGIApp, scope: Scope) -> Streamlit | None:
    """The script and style tags of Streamlit's index.html, requested from the app itself; None where the file does not
    look as expected.
    """
    parts: list[bytes] = []
    status = 0

    async def keep(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)
        parts.append(message.get("body", b""))

    async def nothing_more() -> Message:  # a client that stays: whoever waits for its end is cancelled
        await asyncio.Event().wait()
        raise AssertionError

    bare = {**scope, "method": "GET", "path": "/", "raw_path": b"/", "query_string": b"", "extensions": {},
            "headers": [(name, value) for name, value in scope["headers"] if name == b"host"]}
    await app(bare, nothing_more, keep)
    text = b"".join(parts).decode("utf-8", "replace").replace('="./static/', '="/static/')
    scripts, styles = SCRIPT.findall(text), STYLE.findall(text)
    if status != 200 or '<div id="root"></div>' not in text or not scripts:
        return None
    # Preloaded after everything named above; else Streamlit requests them one by one when the first elements arrive.
    ahead = '<link rel="modulepreload" crossorigin fetchpriority="low" href="/{}">'
    scripts += [ahead.format(element) for element in for_elements(files())]
    return Streamlit(Markup("\n".join(scripts)), Markup("\n".join(styles)))  # noqa: S704  # Streamlit's own tags


def first_paint(streamlit: Streamlit, page: Page, selection: Selection, site_url: str) -> str:
    """The first paint of a page, on the site of that URL."""
    with override_language(selection.language):
        meta = markup.meta(page_metadata.about(page, selection, site_url))
        return markup.first(page, body(page, selection), selection, meta, lists.form_values(page, selection), streamlit)
