"""No way in, tried a few hundred times; `make hostile` tries the same twenty thousand times."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from websockets.exceptions import ConnectionClosed

from portal.navigation import PAGES
from portal.server.security_headers import host_known, origin_known
from portal.server.websocket_filter import GARBAGE
from tests.browser.server import Server
from tests.conftest import SMALLEST
from tests.hostile import releases, sockets, wire
from tests.hostile.served import session


def test_odd_requests_get_a_sentence_and_nothing_from_the_inside(portal_server: Server) -> None:
    assert wire.requests(portal_server, 250, seed=7).lost == []


def test_requests_that_are_too_large_are_refused(portal_server: Server) -> None:
    assert wire.oversize(portal_server).lost == []


def test_odd_messages_end_a_session_and_nothing_else(portal_server: Server) -> None:
    assert sockets.messages(portal_server, 60, seed=7).lost == []
    assert sockets.replayed(portal_server, 60).lost == []
    assert sockets.oversize(portal_server).lost == []


@pytest.mark.parametrize("garbage", [b"\xff\xff", b"\x0a\x7f", "text"])
def test_who_sends_garbage_is_shown_out_and_leaves_no_line_in_the_log(
        portal_server: Server, garbage: bytes | str) -> None:
    before = portal_server.log.read_text()
    with session(portal_server) as socket, pytest.raises(ConnectionClosed) as closed:  # noqa: PT012  # sent, then closed
        socket.send(garbage)
        for _ in socket:
            pass
        socket.recv(timeout=60)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == GARBAGE
    assert not re.search("Traceback|exception", portal_server.log.read_text().removeprefix(before))


def test_releases_damaged_at_random_are_never_shown(drawn_cache: Path) -> None:
    assert releases.damaged(5, drawn_cache, seed=7).lost == []


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_judged_as_host_and_origin(text: str) -> None:
    assert host_known(text, "") in {True, False}
    assert origin_known(text, "127.0.0.1", "") == (text in {"http://127.0.0.1", "https://127.0.0.1"})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["release", "period", "lang", "by", "x"]) | st.text(max_size=8),
                       st.text(max_size=90), max_size=4), st.sampled_from(PAGES))
def test_any_query_gets_a_whole_page(site_of_the_smallest: TestClient, query: dict[str, str], page: object) -> None:
    answer = site_of_the_smallest.get(f"/plain/{page.slug}", params=query)
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize("path", ["/figure/{}/en/..%2f..%2fREADME.md", "/figure/{}/en/shelf.json", "/figure/{}/en/",
                                  "/figure/{}/..%2fen/0123456789abcdef0123.svg", "/fonts/README.md",
                                  "/fonts/..%2fsettings.py"])
def test_what_lies_beside_drawings_and_typefaces_is_not_sent(site_of_the_smallest: TestClient, path: str) -> None:
    assert site_of_the_smallest.get(path.format(SMALLEST[0])).status_code == 404
