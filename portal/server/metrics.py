"""Metrics of the running site: logged every five minutes and, where PORTAL_METRICS is on, served at /metrics."""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.server.security_headers import QUESTIONS

EVERY = 300.0  # seconds between two lines of the log
SECONDS = (0.005, 0.025, 0.1, 0.5, 2.5, 10.0)  # upper bounds of the histogram's buckets
_LOG = logging.getLogger("portal")


class Metrics:
    """The metrics of one application. Labels are fixed words, never anything that a visitor sent."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.answers = Counter("portal_answers", "Answers by the first digit of their status", ["status"],
                               registry=registry)
        self.request_seconds = Histogram("portal_request_seconds", "Seconds from a request to the end of its answer",
                                         registry=registry, buckets=SECONDS)
        self.sessions_opened = Counter("portal_sessions_opened", "Live sessions that were opened", registry=registry)
        self.sessions_open = Gauge("portal_sessions_open", "Live sessions that are open", registry=registry)
        self.failures = Counter("portal_failures", "Faults of the portal that a visitor met", registry=registry)
        self.visitors_gone = Counter("portal_visitors_gone", "Visitors who left before their answer", registry=registry)
        self.release_refused = Gauge("portal_release_refused", "1 while the newest is refused", registry=registry)
        Gauge("portal_threads", "Threads of the process", registry=registry).set_function(threading.active_count)
        ProcessCollector(registry=registry)  # memory, processor time, open files

    def text(self, release_refused: bool) -> str:
        """The metrics in Prometheus' text format."""
        self.release_refused.set(release_refused)
        return generate_latest(self.registry).decode()

    def read(self) -> dict[str, float]:
        """The metrics by name, without the histogram's buckets and the times at which counting began."""
        samples = [sample for metric in self.registry.collect() for sample in metric.samples]
        return {"_".join([sample.name.removeprefix("portal_"), *sample.labels.values()]): sample.value
                for sample in samples if not sample.name.endswith(("_created", "_bucket"))}

    @asynccontextmanager
    async def logged(self) -> AsyncIterator[None]:
        """Log the metrics regularly for as long as the context lasts."""
        async def log_again() -> None:
            while True:
                await asyncio.sleep(EVERY)
                counts = self.read()
                _LOG.info("Counts so far: %s", " ".join(f"{name}={value:g}" for name, value in counts.items()),
                          extra={"counts": counts})

        task = asyncio.create_task(log_again())
        try:
            yield
        finally:
            task.cancel()


class Counting:
    """ASGI middleware that counts responses, the time they took, and sessions."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count, and change nothing."""
        if scope["type"] == "http" and scope["path"] in QUESTIONS:
            await self.app(scope, receive, send)  # how often people ask questions is not counted
        elif scope["type"] == "http":
            await self.request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self.session(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def request(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count a request, its response, and its time."""
        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.metrics.answers.labels(f"{message['status'] // 100}xx").inc()
            await send(message)

        started = time.perf_counter()
        try:
            await self.app(scope, receive, counting)
        finally:
            self.metrics.request_seconds.observe(time.perf_counter() - started)

    async def session(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count a session, and those that are open."""
        self.metrics.sessions_opened.inc()
        with self.metrics.sessions_open.track_inprogress():
            await self.app(scope, receive, send)
