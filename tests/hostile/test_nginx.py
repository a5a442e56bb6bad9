"""What deploy/nginx.conf promises whoever stands behind it, tried with stand-ins for the portal's processes."""

import os
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import cycle
from urllib.parse import urlsplit

import pytest

from portal.server.responses import WITHDRAWABLE
from tests.browser.server import Server
from tests.hostile import proxy
from tests.hostile.proxy import ANOTHER, asked, proxied
from tests.hostile.stand_in import StandIn, standing_in

pytestmark = pytest.mark.skipif(not proxy.NGINX and not os.environ.get("CI"), reason=proxy.MISSING)
PATIENCE = 60  # seconds until a condition must be reached, on a slow and busy machine
BRIEFS_IN_WORK, OPEN_SESSIONS = 8, 100  # of one IP address; docs/operating.md names them too


@pytest.fixture
def processes() -> Iterator[list[StandIn]]:
    """Two portal processes."""
    with standing_in() as first, standing_in() as second:
        yield [first, second]


@pytest.fixture
def front(processes: list[StandIn]) -> Iterator[Server]:
    """Nginx in front of both."""
    with proxied(processes[0].url, second=processes[1].url) as nginx:
        yield nginx


def test_an_answer_that_something_is_being_prepared_does_not_count_as_a_dead_process(
        front: Server, processes: list[StandIn]) -> None:
    for process in processes:
        process.statuses = {"/api/": 503, "/brief.pdf": 503, "/figure/": 503}
    for path in ("/api/v1/releases/2026-Q3/cells", "/brief.pdf", "/figure/2026-Q3/en/a.svg"):
        assert {asked(front, f"{path}?{number}")[0] for number in range(10)} == {503}
    assert [asked(front, path)[0] for path in ("/", "/plain/calls", "/healthz") for _ in range(5)] == [200] * 15
    assert sum(sum(process.requests.values()) for process in processes) <= 46, "each is asked of one process only"


def test_when_one_process_is_gone_the_other_answers_everybody(processes: list[StandIn]) -> None:
    with proxied(processes[0].url, second="http://127.0.0.1:1") as front:  # nobody listens on port 1
        assert [asked(front, f"/?{number}")[0] for number in range(30)] == [200] * 30


@pytest.mark.parametrize(("path", "reaching"), [
    ("/plain/calls", 1), ("/plain/calls?lang=pt-BR&period=2027-Q2", 1), ("/api/v1/releases", 1),
    ("/plain/calls?x=1", 5), ("/plain/calls?lang=es&x=1", 5), ("/plain/calls?lang=/x", 5), ("/api/v1/releases?x=1", 5),
    ("/figure/2027-Q3/en/a.svg?x=1", 5), ("/static/js/a.js?x=1", 5),
])
def test_a_query_that_chooses_nothing_is_answered_and_takes_no_place_in_the_cache(
        front: Server, processes: list[StandIn], path: str, reaching: int) -> None:
    assert [asked(front, path)[0] for _ in range(5)] == [200] * 5
    asked_for = path.partition("?")[0]
    assert sum(count for process in processes for name, count in process.requests.items()
               if name.startswith(asked_for)) == reaching


def test_a_withdrawn_file_is_gone_from_the_cache_within_what_the_portal_allowed(
        front: Server, processes: list[StandIn]) -> None:
    path = "/download/2027-Q3/csv/cells.csv"
    for process in processes:
        process.cache_control = WITHDRAWABLE.replace("max-age=60", "max-age=1")
    assert [asked(front, path)[0] for _ in range(5)] == [200] * 5
    assert sum(process.requests[path] for process in processes) == 1, "four of five came out of nginx's cache"
    for process in processes:
        process.statuses = {"/download/": 404}
    until, visitors = time.monotonic() + PATIENCE, cycle(f"127.0.0.{number}" for number in range(3, 250))
    while (status := asked(front, path, visitor=next(visitors))[0]) == 200:
        assert time.monotonic() < until
    assert status == 404
    assert {asked(front, path)[0] for _ in range(5)} == {404}


def test_one_address_has_a_few_briefs_in_work_and_nobody_else_waits(
        front: Server, processes: list[StandIn]) -> None:
    for process in processes:
        process.silent = ("/brief.pdf",)
    with ThreadPoolExecutor(40) as pool:
        waiting = [pool.submit(asked, front, f"/brief.pdf?{number}") for number in range(40)]
        until = time.monotonic() + PATIENCE
        while sum(task.done() for task in waiting) < 40 - BRIEFS_IN_WORK:
            assert time.monotonic() < until
        assert {task.result()[0] for task in waiting if task.done()} == {429}
        assert asked(front, "/plain/brief")[0] == 200
        assert asked(front, "/brief.html", visitor=ANOTHER)[0] == 200
        for process in processes:
            process.release.set()
    assert [task.result()[0] for task in waiting].count(200) == BRIEFS_IN_WORK


def upgraded(front: Server, visitor: str = "") -> tuple[socket.socket, bytes]:
    """A connection that asks to become a websocket, and the first line of the answer."""
    where = urlsplit(front.url)
    wire = socket.create_connection((str(where.hostname), int(where.port or 0)), 20, (visitor, 0))
    wire.sendall(b"GET /_stcore/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                 b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
    return wire, wire.recv(12)


def test_one_address_has_so_many_open_sessions_and_another_has_its_own(front: Server) -> None:
    with ExitStack() as held:
        answers = []
        for _ in range(OPEN_SESSIONS + 1):
            wire, line = upgraded(front)
            held.enter_context(wire)
            answers.append(line)
        other, line = upgraded(front, ANOTHER)
        held.enter_context(other)
    assert answers == [b"HTTP/1.1 101"] * OPEN_SESSIONS + [b"HTTP/1.1 429"]
    assert line == b"HTTP/1.1 101"


def test_a_visitor_cannot_choose_the_address_the_portal_is_told(front: Server, processes: list[StandIn]) -> None:
    for path in ("/", "/plain/calls", "/api/v1/", "/brief.pdf", "/figure/a", "/fonts/a"):
        asked(front, path, **{"X-Forwarded-For": "198.18.0.1"})
    assert {url for process in processes for url in process.visitors if url} == {"127.0.0.1"}
