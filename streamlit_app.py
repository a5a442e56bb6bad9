"""The ASGI app: Streamlit's site, what stands around it, and the routes that answer without it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.middleware import Middleware
from streamlit.starlette import App

from portal import logs
from portal.editions.counts import Counting, telling
from portal.editions.failures import Failures
from portal.editions.firstpaint import FirstPaint
from portal.editions.headers import Headers
from portal.editions.kept import Answered
from portal.editions.packed import Packed
from portal.editions.routes import ROUTES
from portal.markup.chunks import files
from portal.markup.live import watch
from portal.settings import ROOT
from portal.site.failed import failed
from portal.site.gate import Gate
from portal.site.prompt import send_at_once


@asynccontextmanager
async def running(_: App) -> AsyncIterator[None]:
    """While the server runs, new releases are looked for, and everything logs one way."""
    logs.configure()
    send_at_once()
    with watch().watching():
        async with telling():
            yield


AROUND = [Middleware(Counting), Middleware(Headers), Middleware(Failures), Middleware(Gate),
          Middleware(FirstPaint), Middleware(Answered), Middleware(Packed, files=files())]
app = App(ROOT / "portal" / "app.py", routes=ROUTES, middleware=AROUND, lifespan=running, on_script_error=failed)
