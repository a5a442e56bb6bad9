"""What everybody else gets while a stranger floods the server."""

import http.client
import ipaddress
import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from tests.browser.server import Server
from tests.hostile.served import visited
from tests.hostile.sockets import megabytes
from tests.hostile.wire import Tried
from tests.source import ROOT

_VISITORS = itertools.count()
FIRST_PAGE, HEALTH, SESSION = 0.5, 0.1, 2.0  # seconds within which 95 of 100 are answered
GROWTH = 40  # megabytes a flood may take


def somebody_else() -> str:
    """The IP address of the next visitor: nginx lets each one open ten sessions a second, and here they come faster."""
    return str(ipaddress.ip_address("127.1.0.1") + next(_VISITORS))


@contextmanager
def flooding(kind: str, url: str, connections: int) -> Iterator[None]:
    """While this lasts, a stranger floods; his first second is over."""
    command = [sys.executable, "-m", "tests.hostile.flood", kind, url, str(connections)]
    stranger = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(3)  # until all his connections are open
        yield
    finally:
        stranger.kill()
        stranger.wait()


def seconds_of(server: Server, path: str) -> tuple[float, int]:
    """How long an answer takes over a new connection, and its status."""
    where, started = urlsplit(server.url), time.perf_counter()
    wire = http.client.HTTPConnection(str(where.hostname), where.port, timeout=60, source_address=(somebody_else(), 0))
    try:
        wire.request("GET", path)
        answer = wire.getresponse()
        answer.read()
        return time.perf_counter() - started, answer.status
    finally:
        wire.close()


def quantile(times: list[float]) -> float:
    """The 95th percentile."""
    return sorted(times)[int(len(times) * 0.95)] if times else float("inf")


def others(server: Server, seconds: float, done: Tried) -> None:
    """Ask for the first page and for health as everybody else, open sessions beside it, and note what was lost."""
    times: dict[str, list[float]] = {"/": [], "/healthz": [], "a session": []}
    until = time.monotonic() + seconds

    def open_sessions() -> None:
        while time.monotonic() < until:
            started = time.perf_counter()
            if "<h1" not in visited(server, "calls", visitor=somebody_else()):
                done.lost.append(f"{done.what}: a session of somebody else showed no page")
            times["a session"].append(time.perf_counter() - started)

    visitor = threading.Thread(target=open_sessions, daemon=True)
    visitor.start()
    while time.monotonic() < until:
        for path in ("/", "/healthz"):
            taken, status = seconds_of(server, path)
            times[path].append(taken)
            if status != 200:
                done.lost.append(f"{done.what}: somebody else got {status} at {path}")
    visitor.join(120)
    done.times = sum(map(len, times.values()))
    told = {name: quantile(taken) for name, taken in times.items()}
    for (name, taken), most in zip(told.items(), (FIRST_PAGE, HEALTH, SESSION), strict=True):
        if taken > most:
            done.lost.append(f"{done.what}: 95 of 100 waited up to {taken:.2f} s for {name}, not {most} s")
    done.what += f" ({', '.join(f'{name} {taken:.2f} s' for name, taken in told.items())})"


def flood(server: Server, kind: str, connections: int, seconds: float) -> Tried:
    """One flood: nobody else waits, and the memory does not grow."""
    done, before = Tried(f"{connections} connections of one stranger: {kind}"), megabytes(server)
    with flooding(kind, server.url, connections):
        others(server, seconds, done)
        grown = megabytes(server) - before
    if grown > GROWTH:
        done.lost.append(f"{done.what}: the memory grew by {grown:.0f} MB")
    done.what += f", {grown:+.0f} MB"
    return done
