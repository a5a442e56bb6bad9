"""A bound on what a browser sends before one of its messages is complete.

The server's websocket protocol keeps an unfinished message in memory for as long as its sender likes, and reads any
number of empty fragments and pings. A page's message has some hundred bytes and comes whole. So the bytes between two
complete messages are counted below the protocol, and a connection that sends more than a page could is cut.
"""

import asyncio
import time

from starlette.types import Receive

UNFINISHED = 32_000  # bytes between two complete messages; the largest message that is taken has half of that
ANSWERS_TO_PINGS = 10  # bytes a second beside them: the server pings every 30 seconds, and each answer has ten bytes
READS_NOTHING = 60.0  # seconds; a page takes 30 over a telephone line


class BoundedProtocol(asyncio.Protocol):
    """Stands between a transport and the protocol that served it so far, and hands everything on."""

    def __init__(self, transport: asyncio.Transport, protocol: asyncio.Protocol) -> None:
        self.transport = transport
        self.protocol = protocol
        self.lost = False
        self.unfinished = 0.0
        self.counted_at = time.monotonic()
        self.waiting: asyncio.TimerHandle | None = None

    def message_completed(self) -> None:
        """Count from the beginning: a whole message has come."""
        self.unfinished = 0.0

    def data_received(self, data: bytes) -> None:
        """Hand bytes on, or cut the connection where they are too many."""
        now = time.monotonic()
        self.unfinished = max(0.0, self.unfinished - ANSWERS_TO_PINGS * (now - self.counted_at)) + len(data)
        self.counted_at = now
        if self.unfinished > UNFINISHED:
            self.transport.abort()
        else:
            self.protocol.data_received(data)

    def eof_received(self) -> bool | None:
        """Hand on that the browser sends no more."""
        return self.protocol.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Hand on that the connection is gone."""
        self.lost = True
        self.stop_waiting()
        self.protocol.connection_lost(exc)

    def pause_writing(self) -> None:
        """Hand on that the browser does not read, and cut the connection if it goes on like that."""
        self.waiting = asyncio.get_running_loop().call_later(READS_NOTHING, self.transport.abort)
        self.protocol.pause_writing()

    def resume_writing(self) -> None:
        """Hand on that it reads again."""
        self.stop_waiting()
        self.protocol.resume_writing()

    def stop_waiting(self) -> None:
        """Let the connection be."""
        if self.waiting:
            self.waiting.cancel()


def bounded(receive: Receive) -> BoundedProtocol | None:
    """Bound the connection of a session that is about to begin. `receive` is a method of uvicorn's protocol, which is
    how an ASGI application gets at its transport; None where another server, or a test, calls.
    """
    protocol = getattr(receive, "__self__", None)
    transport = getattr(protocol, "transport", None)
    if not isinstance(transport, asyncio.Transport) or not isinstance(protocol, asyncio.Protocol):
        return None
    bound = BoundedProtocol(transport, protocol)
    transport.set_protocol(bound)
    return bound
