"""The ASGI app: Streamlit's site, what stands around it, and the routes that answer without it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.middleware import Middleware
from streamlit.starlette import App

from portal import logs
from portal.application import ROUTES
from portal.builder.streamlit_assets import files
from portal.server.error_page import Failures
from portal.server.first_paint import FirstPaint
from portal.server.metrics import Counting, telling
from portal.server.not_found import NotFound
from portal.server.response_cache import Answered
from portal.server.security_headers import Headers
from portal.server.snapshot import watch
from portal.server.static_files import Packed
from portal.server.tcp_nodelay import send_at_once
from portal.server.websocket_filter import WebsocketFilter
from portal.settings import ROOT
from portal.streamlit_site.error_page import failed


@asynccontextmanager
async def running(_: App) -> AsyncIterator[None]:
    """While the server runs, new releases are looked for, and everything logs one way."""
    logs.configure()
    send_at_once()
    with watch().watching():
        async with telling():
            yield


AROUND = [Middleware(Counting), Middleware(Headers), Middleware(Failures), Middleware(WebsocketFilter),
          Middleware(FirstPaint), Middleware(Answered), Middleware(Packed, files=files()),
          Middleware(NotFound, routes=ROUTES)]
SCRIPT = ROOT / "portal" / "streamlit_site" / "script.py"
app = App(SCRIPT, routes=ROUTES, middleware=AROUND, lifespan=running, on_script_error=failed)
