"""How much is going on, in numbers alone: for the log every five minutes and, where it is switched on, /metrics."""

import asyncio
import logging
import os
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

EVERY = 300.0  # seconds between two lines of the log
_LOG = logging.getLogger("portal")


class Metrics:
    """Counters that only grow, and one that goes up and down: the open sessions. The event loop alone counts."""

    def __init__(self) -> None:
        self._counts: dict[str, float] = {}

    def add(self, *names: str, **amounts: float) -> None:
        """Count something once, or by an amount. Names are fixed words of the callers, never what a visitor sent."""
        for name, by in (dict.fromkeys(names, 1.0) | amounts).items():
            self._counts[name] = self._counts.get(name, 0) + by

    def read(self) -> dict[str, float]:
        """All counts so far, with what the process holds now."""
        counts = dict(self._counts)
        counts["threads"] = threading.active_count()
        with suppress(OSError):  # Linux alone tells these
            counts["file_handles"] = sum(1 for _ in Path("/proc/self/fd").iterdir())
            counts["memory_bytes"] = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        return counts

    def text(self, release_refused: bool) -> str:
        """The counts as Prometheus reads them."""
        lines = [f"portal_{name} {value:g}" for name, value in sorted(self.read().items())]
        return "\n".join([*lines, f"portal_release_refused {int(release_refused)}"]) + "\n"

    @asynccontextmanager
    async def logged(self) -> AsyncIterator[None]:
        """While the server runs, log the counts now and then."""
        async def again() -> None:
            while True:
                await asyncio.sleep(EVERY)
                counts = self.read()
                _LOG.info("Counts so far: %s", " ".join(f"{name}={value:g}" for name, value in counts.items()),
                          extra={"counts": counts})
        task = asyncio.create_task(again())
        try:
            yield
        finally:
            task.cancel()


class Counting:
    """An ASGI middleware that counts answers, the time they took, and sessions."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count, and change nothing."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        session = scope["type"] == "websocket"

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.metrics.add(f"answers_{message['status'] // 100}xx")
            await send(message)

        self.metrics.add("sessions_opened" if session else "requests", sessions_open=int(session))
        try:
            await self.app(scope, receive, counting)
        finally:
            took = {} if session else {"request_seconds": time.perf_counter() - started}
            self.metrics.add(sessions_open=-int(session), **took)
