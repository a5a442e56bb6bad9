"""A stand-in for a portal process behind nginx: it answers what a test tells it to, and counts what reaches it."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SWITCHED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"


@dataclass
class StandIn:
    """Its URL and behaviour. `statuses`: by the beginning of a path, 200 for all others; `silent`: beginnings of
    paths that get no answer until `release` is set.
    """

    url: str = ""
    statuses: dict[str, int] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    cache_control: str = "no-cache"
    release: threading.Event = field(default_factory=threading.Event)
    requests: Counter[str] = field(default_factory=Counter)
    visitors: list[str] = field(default_factory=list)  # the X-Forwarded-For of each request

    def status(self, path: str) -> int:
        """The status for a path."""
        return next((status for beginning, status in self.statuses.items() if path.startswith(beginning)), 200)


def handler_of(process: StandIn) -> type[BaseHTTPRequestHandler]:
    """The request handler that behaves as `process` says."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # the name http.server calls
            process.requests[self.path] += 1
            process.visitors.append(self.headers.get("X-Forwarded-For", ""))
            if self.headers.get("Upgrade") == "websocket":
                self.wfile.write(SWITCHED)
                self.rfile.read(1)  # until the visitor leaves
                self.close_connection = True
                return
            if self.path.startswith(process.silent or ("\0",)):
                process.release.wait(60)
            self.answer(process.status(self.path))

        def answer(self, status: int) -> None:
            body = f"{status}".encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", process.cache_control if status == 200 else "no-store")
            if status == 503:
                self.send_header("Retry-After", "2")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    return Handler


class Quiet(ThreadingHTTPServer):
    """A server whose threads end with the test, and that says nothing of visitors who leave."""

    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, *_: object) -> None:
        """A visitor who leaves is no error."""


@contextmanager
def standing_in(**behaviour: object) -> Iterator[StandIn]:
    """A stand-in that listens while this lasts."""
    process = StandIn(**behaviour)
    server = Quiet(("127.0.0.1", 0), handler_of(process))
    process.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True, name="stand-in").start()
    try:
        yield process
    finally:
        process.release.set()
        server.shutdown()
        server.server_close()
