"""How much is going on, in numbers alone: for the log every five minutes and, where it is switched on, /metrics."""

import asyncio
import logging
import os
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.server.snapshot import now
from portal.settings import choice

EVERY = 300.0  # seconds between two lines of the log
_LOG = logging.getLogger("portal")


class Counts:
    """Counters that only grow, and one that goes up and down: the open sessions."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, float] = {}

    def add(self, *names: str, **amounts: float) -> None:
        """Count something once, or by an amount. Names are fixed words of the callers, never what a visitor sent."""
        with self._lock:
            for name in names:
                self._counts[name] = self._counts.get(name, 0) + 1
            for name, by in amounts.items():
                self._counts[name] = self._counts.get(name, 0) + by

    def read(self) -> dict[str, float]:
        """All counts so far, with what the process holds now."""
        with self._lock:
            counts = dict(self._counts)
        counts["threads"] = threading.active_count()
        with suppress(OSError):  # Linux alone tells these
            counts["file_handles"] = sum(1 for _ in Path("/proc/self/fd").iterdir())
            counts["memory_bytes"] = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        return counts


COUNTS = Counts()


class Counting:
    """A middleware that counts answers, the time they took, and sessions."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count, and change nothing."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        session = scope["type"] == "websocket"

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                COUNTS.add(f"answers_{message['status'] // 100}xx")
            await send(message)

        COUNTS.add("sessions_opened" if session else "requests", sessions_open=int(session))
        try:
            await self.app(scope, receive, counting)
        finally:
            took = {} if session else {"request_seconds": time.perf_counter() - started}
            COUNTS.add(sessions_open=-int(session), **took)


def metrics(_: Request) -> Response:
    """The counts as Prometheus reads them; 404 unless PORTAL_METRICS is on."""
    if choice("metrics", "off", "on") == "off":
        return PlainTextResponse("", 404)
    lines = [f"portal_{name} {value:g}" for name, value in sorted(COUNTS.read().items())]
    live = now()
    lines.append(f"portal_release_refused {int(bool(live.refused))}")
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")


@asynccontextmanager
async def telling() -> AsyncIterator[None]:
    """While the server runs, log the counts now and then."""
    async def again() -> None:
        while True:
            await asyncio.sleep(EVERY)
            _LOG.info("Counts so far: %s", " ".join(f"{name}={value:g}" for name, value in COUNTS.read().items()),
                      extra={"counts": COUNTS.read()})
    task = asyncio.create_task(again())
    try:
        yield
    finally:
        task.cancel()
