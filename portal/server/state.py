"""The state of an application: its settings, snapshots, caches, metrics and search indexes.

`create_app` makes it, and puts it into each request's scope (`state_of`). Streamlit runs its script without a scope,
and AppTest without an application: they read the one module-level holder that `create_app` sets (`installed`).
"""

from dataclasses import dataclass, field

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.render.rendered import Snapshot
from portal.server.asking import Indexes
from portal.server.markup_cache import MarkupCache
from portal.server.metrics import Metrics
from portal.server.response_cache import ResponseCache
from portal.server.snapshot import SnapshotStore
from portal.settings import Settings

STATE, SNAPSHOT = "portal.state", "portal.snapshot"  # in a request's scope


@dataclass(frozen=True)
class ServerState:
    """One application's state."""

    settings: Settings
    snapshots: SnapshotStore
    responses: ResponseCache = field(default_factory=ResponseCache)
    markup: MarkupCache = field(default_factory=MarkupCache)
    metrics: Metrics = field(default_factory=Metrics)
    indexes: Indexes = field(default_factory=Indexes)


def state_for(settings: Settings) -> ServerState:
    """A new application's state; nothing is served before the first poll. Raises BadSetting."""
    return ServerState(settings, SnapshotStore(settings))


_INSTALLED: list[ServerState] = []


def install(state: ServerState) -> None:
    """Set the state that Streamlit's script reads: one for each process."""
    _INSTALLED[:] = [state]


def installed() -> ServerState:
    """The state of the application that was made last. Raises LookupError before there is one."""
    if not _INSTALLED:
        raise LookupError("create_app has not been called: Streamlit's script has nothing to read")
    return _INSTALLED[0]


def state_of(request: HTTPConnection) -> ServerState:
    """The state of the application that a request came to."""
    state: ServerState = request.scope[STATE]
    return state


def snapshot_of(request: HTTPConnection) -> Snapshot:
    """The snapshot of a request, taken once, when it arrived."""
    snapshot: Snapshot = request.scope[SNAPSHOT]
    return snapshot


class WithState:
    """ASGI middleware that gives each request the state, and the snapshot of the moment it arrived."""

    def __init__(self, app: ASGIApp, state: ServerState) -> None:
        self.app = app
        self.state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Put both into the scope, and pass the request on."""
        scope[STATE], scope[SNAPSHOT] = self.state, self.state.snapshots.snapshot
        await self.app(scope, receive, send)
