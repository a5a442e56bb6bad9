"""The ASGI app: Streamlit's site and the routes that answer without it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from streamlit.starlette import App

from portal.editions.routes import ROUTES
from portal.markup.live import watch
from portal.settings import ROOT


@asynccontextmanager
async def watching(_: App) -> AsyncIterator[None]:
    """While the server runs, a thread looks for new releases."""
    with watch().watching():
        yield


app = App(ROOT / "portal" / "app.py", routes=ROUTES, lifespan=watching)
