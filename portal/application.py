"""The one application: everything that the portal answers, put together from its rooms for one set of settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from streamlit import config
from streamlit.starlette import App
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from portal import logs
from portal.brief.routes import MEETING
from portal.errors import BadSetting
from portal.exports.routes import EXPORTS
from portal.render.pilot_status import pilot_status
from portal.server import routes
from portal.server.builder_process import BuilderProcess
from portal.server.cached_responses import CachedResponses
from portal.server.error_page import Failures
from portal.server.first_paint import FirstPaint
from portal.server.metrics import Counting
from portal.server.not_found import NotFound
from portal.server.poller import polling
from portal.server.security_headers import Headers
from portal.server.site_url import UnderPath
from portal.server.state import ServerState, WithState, install, state_for
from portal.server.static_files import StaticFiles
from portal.server.tcp_nodelay import send_at_once
from portal.server.trusted_proxies import mapped
from portal.server.websocket_filter import WebsocketFilter
from portal.settings import ROOT, Settings, trusted_proxies
from portal.streamlit_site.error_page import failed
from portal.streamlit_site.theme import compute_theme_once

ROUTES = [*MEETING, *EXPORTS, *routes.ROUTES]
SCRIPT = ROOT / "portal" / "streamlit_site" / "script.py"


def create_app(settings: Settings, builder: BuilderProcess | None = None) -> App:
    """The ASGI app with all that it holds. While it runs, it polls what `builder` builds; without one it starts one.
    Raises BadSetting, StatusWrong.
    """
    return App(SCRIPT, **options(settings, builder))


def options(settings: Settings, builder: BuilderProcess | None = None) -> dict[str, Any]:
    """The arguments of Streamlit's `App`, beside the script. streamlit_app.py must call `App` by its name, since
    `streamlit run` looks for that call in the file's text, and runs a file without it as a bare script. Raises
    BadSetting, StatusWrong.
    """
    pilot_status()  # a fault in its file stops the start, not each page
    settings = under_streamlits_path(settings)
    state = state_for(settings)
    state.snapshots.poll()  # what is built already is shown with the first answer
    install(state)

    @asynccontextmanager
    async def running(_: App) -> AsyncIterator[None]:
        logs.configure(settings.log)
        send_at_once()
        compute_theme_once()
        with polling(state.snapshots, builder or BuilderProcess(settings), state.indexes.of):
            async with state.metrics.logged():
                yield

    return {"routes": ROUTES, "middleware": middleware(state), "lifespan": running, "on_script_error": failed}


def under_streamlits_path(settings: Settings) -> Settings:
    """The settings with the path that Streamlit's own setting names (`streamlit run --server.baseUrlPath portal`). The
    portal serves under it by itself, so Streamlit is told of none. Raises BadSetting where PORTAL_ADDRESS has another.
    """
    named = str(config.get_option("server.baseUrlPath") or "").strip("/")
    path = f"/{named}" if named else settings.path
    if settings.path not in {"", path}:
        raise BadSetting("server.baseUrlPath", named, f"{settings.path}, as PORTAL_ADDRESS has it")
    if named:
        config.set_option("server.baseUrlPath", "")
    return settings if settings.path == path else settings.under(path)


def static_app(settings: Settings) -> Starlette:
    """The routes alone, with what is built now: what the static edition is made from. Raises BadSetting and
    StatusWrong.
    """
    pilot_status()
    state = state_for(settings)
    state.snapshots.poll()
    return Starlette(routes=ROUTES, middleware=[Middleware(WithState, state=state)])


def middleware(state: ServerState) -> list[Middleware]:
    """What stands around the routes and Streamlit, the outermost first."""
    settings = state.settings
    return [Middleware(ProxyHeadersMiddleware, trusted_hosts=mapped(trusted_proxies())),
            Middleware(UnderPath, path=settings.path), Middleware(WithState, state=state),
            Middleware(Counting, metrics=state.metrics), Middleware(Headers, settings=settings), Middleware(Failures),
            Middleware(WebsocketFilter),
            Middleware(CachedResponses), Middleware(FirstPaint),
            Middleware(StaticFiles, folder=state.snapshots.layout.streamlit), Middleware(NotFound, routes=ROUTES)]
