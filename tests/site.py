"""An application in this process, made from settings: which releases, which cache, what else."""

import shutil
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import uvicorn
from sqlalchemy import Engine, event
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from portal.application import ROUTES
from portal.builder.cache_layout import CacheLayout
from portal.builder.precompress import DONE
from portal.builder.process import build
from portal.render.rendered import Selection
from portal.server.cached_responses import CachedResponses
from portal.server.selection import select
from portal.server.state import ServerState, WithState, install, state_for
from portal.settings import ROOT, Settings

SHIPPED = ROOT / "data" / "releases"


def point(releases: Path, name: str) -> None:
    """Let `current` name a release, as `publish` does."""
    draft = releases / ".current"
    draft.write_text(f"{name}\n", encoding="utf-8")
    draft.replace(releases / "current")


def releases_in(folder: Path, *names: str) -> Path:
    """A folder with these shipped releases, the last of them live."""
    for name in names:
        shutil.copytree(SHIPPED / name, folder / name)
    point(folder, names[-1])
    return folder


def settings_for(releases: Path | str, cache: Path, **others: object) -> Settings:
    """Settings for a folder of releases; in English alone where no other languages are named."""
    return Settings(releases=str(releases), cache=cache, **{"ahead": (), **others})  # type: ignore[arg-type]


def built(settings: Settings, only: str = "") -> Settings:
    """Build everything, or a single release; what can't be built is for the test to look at. Streamlit's files are left
    as they are.
    """
    layout = CacheLayout(settings.cache, settings.releases)
    layout.streamlit.mkdir(parents=True, exist_ok=True)
    (layout.streamlit / DONE).touch()
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")  # AppTest leaves Streamlit's script there: no child shall run it
    try:
        build(settings, only)
    finally:
        sys.modules["__main__"] = main
    return settings


def state_of_site(settings: Settings) -> ServerState:
    """The state of an application after its first poll; Streamlit's script reads it from now on."""
    state = state_for(settings)
    state.snapshots.poll()
    install(state)
    return state


def app_of(settings: Settings, *inner: Middleware, routes: Sequence[BaseRoute] = ROUTES) -> Starlette:
    """The portal's routes without Streamlit, behind the response cache and `inner`."""
    state = state_of_site(settings)
    app = Starlette(routes=list(routes), middleware=[
        Middleware(WithState, state=state), Middleware(CachedResponses), *inner])
    app.state.portal = state
    return app


def client_of(settings: Settings, *inner: Middleware, base_url: str = "http://testserver", **options: object
              ) -> TestClient:
    """A client of such an app."""
    return TestClient(app_of(settings, *inner), base_url=base_url, **options)  # type: ignore[arg-type]


def selection_for(settings: Settings, **query: str) -> Selection:
    """What a URL's query chooses of what is built."""
    return select(state_of_site(settings).snapshots.snapshot, settings, query)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL statements that are sent to any database inside: a list that grows."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)
    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@contextmanager
def listening(app: ASGIApp) -> Iterator[str]:
    """An application behind a real socket, for programs that ask over HTTP; yields its URL."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        own.listen()
        thread = threading.Thread(target=server.run, args=([own],), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{own.getsockname()[1]}"  # the socket takes connections until the server does
        finally:
            server.should_exit = True
            thread.join()
