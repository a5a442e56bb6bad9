"""What one application holds: its settings, what it serves, its response cache, its counts. `create_app` makes one.

A request finds it in its scope (`state_of`). Streamlit runs its script without a scope, and AppTest without an
application: they read the one holder that `create_app` sets (`installed`).
"""

from dataclasses import dataclass, field

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.render.rendered import Snapshot
from portal.server.asking import Indexes
from portal.server.metrics import Metrics
from portal.server.response_cache import ResponseCache
from portal.server.snapshot import SnapshotStore
from portal.settings import Settings

STATE, SNAPSHOT = "portal.state", "portal.snapshot"  # in a request's scope


@dataclass(frozen=True)
class State:
    """One application's state."""

    settings: Settings
    snapshots: SnapshotStore
    responses: ResponseCache = field(default_factory=ResponseCache)
    metrics: Metrics = field(default_factory=Metrics)
    indexes: Indexes = field(default_factory=Indexes)


def state_for(settings: Settings) -> State:
    """A new application's state: nothing is served before the first poll. Raises BadSetting."""
    return State(settings, SnapshotStore(settings))


_INSTALLED: list[State] = []


def install(state: State) -> None:
    """Let Streamlit's script read this application's state: one a process."""
    _INSTALLED[:] = [state]


def installed() -> State:
    """The state of the application that was made last. Raises LookupError before there is one."""
    if not _INSTALLED:
        raise LookupError("create_app has not been called: Streamlit's script has nothing to read")
    return _INSTALLED[0]


def state_of(request: HTTPConnection) -> State:
    """The state of the application that a request came to."""
    state: State = request.scope[STATE]
    return state


def snapshot_of(request: HTTPConnection) -> Snapshot:
    """What a request shows: taken once, when it came."""
    snapshot: Snapshot = request.scope[SNAPSHOT]
    return snapshot


class WithState:
    """The outermost ASGI middleware: each request gets the state, and the snapshot of the moment it came."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self.app = app
        self.state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Put them into the scope, and hand on."""
        scope[STATE], scope[SNAPSHOT] = self.state, self.state.snapshots.snapshot
        await self.app(scope, receive, send)
