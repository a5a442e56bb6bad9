"""A limit on the bytes that a browser sends before a message is complete.

The server's websocket protocol keeps an unfinished message in memory for any length of time, and reads any number of
empty fragments and pings. A page's message has some hundred bytes, in one piece. So the bytes between two complete
messages are counted below the protocol, and a connection that sends more than a page could is aborted.
"""

import asyncio
import time

from starlette.types import Receive

UNFINISHED = 32_000  # bytes between two complete messages; the largest accepted message has half of that
ANSWERS_TO_PINGS = 10  # bytes per second in addition: the server pings every 30 seconds, and each pong has ten bytes
READS_NOTHING = 60.0  # seconds; over a telephone line a page takes 30


class BoundedProtocol(asyncio.Protocol):
    """A protocol between a transport and its original protocol, to which it passes everything on."""

    def __init__(self, transport: asyncio.Transport, protocol: asyncio.Protocol) -> None:
        self.transport = transport
        self.protocol = protocol
        self.lost = False
        self.unfinished = 0.0
        self.counted_at = time.monotonic()
        self.waiting: asyncio.TimerHandle | None = None

    def message_completed(self) -> None:
        """Start counting again: a message is complete."""
        self.unfinished = 0.0

    def data_received(self, data: bytes) -> None:
        """Pass bytes on, or abort the connection if they are too many."""
        now = time.monotonic()
        self.unfinished = max(0.0, self.unfinished - ANSWERS_TO_PINGS * (now - self.counted_at)) + len(data)
        self.counted_at = now
        if self.unfinished > UNFINISHED:
            self.transport.abort()
        else:
            self.protocol.data_received(data)

    def eof_received(self) -> bool | None:
        """Pass on that the browser sends no more."""
        return self.protocol.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Pass on that the connection is lost."""
        self.lost = True
        self.stop_waiting()
        self.protocol.connection_lost(exc)

    def pause_writing(self) -> None:
        """Pass on that the browser does not read, and abort the connection if that lasts."""
        self.waiting = asyncio.get_running_loop().call_later(READS_NOTHING, self.transport.abort)
        self.protocol.pause_writing()

    def resume_writing(self) -> None:
        """Pass on that the browser reads again."""
        self.stop_waiting()
        self.protocol.resume_writing()

    def stop_waiting(self) -> None:
        """Cancel the abort of a connection that does not read."""
        if self.waiting:
            self.waiting.cancel()


def bounded(receive: Receive) -> BoundedProtocol | None:
    """Limit the connection of a session that is about to begin. `receive` is a method of uvicorn's protocol, by which
    an ASGI application can reach its transport; None with another server, or in a test.
    """
    protocol = getattr(receive, "__self__", None)
    transport = getattr(protocol, "transport", None)
    if not isinstance(transport, asyncio.Transport) or not isinstance(protocol, asyncio.Protocol):
        return None
    bound = BoundedProtocol(transport, protocol)
    transport.set_protocol(bound)
    return bound
