"""What nginx keeps from the portal with the configuration of deploy/: `make hostile` tries more of the same."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.server import Server
from tests.conftest import SMALLEST
from tests.hostile import proxy
from tests.hostile.served import publish, serving

pytestmark = pytest.mark.skipif(not proxy.NGINX and not os.environ.get("CI"), reason=proxy.MISSING)
SOONER = r"(client_header_timeout|client_body_timeout|send_timeout) 10s", r"\1 1s"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, drawn_cache: Path) -> Iterator[Server]:
    """A portal that counts its requests."""
    folder = tmp_path_factory.mktemp("behind-nginx")
    publish(folder / "releases", SMALLEST[0])
    with serving(folder, folder / "releases", drawn_cache, metrics=True) as one:
        yield one


@pytest.fixture
def front(server: Server) -> Iterator[Server]:
    """It behind nginx, which waits for slow clients a second instead of ten; another nginx for each test."""
    with proxy.proxied(server.url, SOONER) as proxy_:
        yield proxy_


def test_nothing_is_smuggled_past_it(front: Server, server: Server) -> None:
    assert proxy.smuggling(front, server).lost == []


def test_what_is_too_large_does_not_reach_the_portal(front: Server, server: Server) -> None:
    assert proxy.oversize(front, server).lost == []


def test_slow_clients_are_let_go_and_keep_nobody_waiting(front: Server) -> None:
    assert proxy.slow(front, 50, most=30).lost == []


def test_one_visitor_cannot_take_the_place_of_all(front: Server) -> None:
    assert proxy.flood(front, 1200).lost == []


def test_no_false_copy_of_a_page_is_kept(front: Server) -> None:
    assert proxy.poisoned(front, SMALLEST[0]).lost == []


def test_it_notes_nothing_of_a_visitor_and_hides_the_numbers_of_the_process(front: Server) -> None:
    who = {"User-Agent": "Distinct-Agent/77", "Referer": "http://from.example/here", "Cookie": "a=distinct-cookie"}
    for path in ("/plain/calls?period=what-a-visitor-typed", "/?q=and-searched", "/no/such?a=distinct-query"):
        proxy.asked(front, path, visitor=proxy.ANOTHER, **who)
    proxy.flood(front, 1200)  # being told to wait is noted by nginx itself, with IP address and request
    assert proxy.asked(front, "/metrics")[0] == 404
    lines = (front.log.parent / "portal.log").read_text("utf-8")
    assert " 200 GET /plain/calls " in lines
    told = lines + "".join(path.read_text("utf-8") for path in front.log.parent.glob("*.log"))
    personal = "Distinct", "typed", "searched", "distinct", "from.example", proxy.ANOTHER
    assert not [value for value in personal if value in told]
    assert "client: " not in told
