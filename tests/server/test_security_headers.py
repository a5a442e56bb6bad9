"""Who is answered, and what every answer carries: hosts, origins, closed URLs, policies."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from portal.server import security_headers
from portal.server.security_headers import Headers
from portal.settings import Settings

URL = "https://portal.example.org"


async def echo(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("opened")
    await socket.close()


@pytest.fixture
def site() -> Iterator[TestClient]:
    with headed() as client:
        yield client


@pytest.fixture
def public() -> Iterator[TestClient]:
    """The site behind its own URL."""
    with headed(URL) as client:
        yield client


def headed(url: str = "", **others: Any) -> TestClient:
    said = [Route(path, lambda _: HTMLResponse("<p>page"), methods=["GET", "POST"])
            for path in ("/", "/plain/", "/plain/figure/x")]
    more = [Route(path, lambda _: PlainTextResponse("here"), methods=["GET", "PUT"]) for path in (
        "/healthz", "/_stcore/health", "/_stcore/metrics", "/_stcore/upload_file/a/b", "/_stcore/agent/openapi.json",
        "/component/x", "/auth/login", "/oauth2callback")]
    more.append(Route("/unchanged", lambda _: Response(status_code=304)))
    more.append(Route("/cookie", lambda _: Response(headers={"Set-Cookie": "_streamlit_xsrf=x; Path=/; SameSite=Lax"})))
    app = Starlette(routes=[*said, *more, WebSocketRoute("/_stcore/stream", echo)])
    return TestClient(Headers(app, replace(Settings(), address=url, **others)), base_url="http://127.0.0.1:8501")


@pytest.mark.parametrize(("host", "status"), [
    ("127.0.0.1:8501", 200), ("localhost", 200), ("LOCALHOST:80", 200), ("[::1]:8501", 200), ("192.168.0.7", 200),
    ("evil.example", 421), ("portal.example.org", 421), ("127.0.0.1.evil.example", 421), ("", 421), ("a b", 421),
    ("127.0.0.1:8501/x", 421), ("user@127.0.0.1", 421), ("<script>", 421), ("localhost:99999999", 421),
])
def test_only_a_known_host_is_answered(site: TestClient, host: str, status: int) -> None:
    answer = site.get("/", headers={"Host": host})
    assert answer.status_code == status
    assert host not in answer.text or not host
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_address_that_visitors_use_is_a_known_host(public: TestClient) -> None:
    assert public.get("/", headers={"Host": "portal.example.org"}).status_code == 200
    assert public.get("/", headers={"Host": "evil.example"}).status_code == 421


def test_a_request_that_could_be_read_in_two_ways_is_refused(site: TestClient) -> None:
    assert site.post("/", content=b"x").status_code == 200
    assert site.post("/", content=b"x", headers={
        "Transfer-Encoding": "chunked", "Content-Length": "1"}).status_code == 400
    assert site.get("/", headers={f"x-{number}": "1" for number in range(80)}).status_code == 200
    assert site.get("/", headers={f"x-{number}": "1" for number in range(120)}).status_code == 400


def test_health_is_told_by_any_name(site: TestClient) -> None:
    assert site.get("/healthz", headers={"Host": "web"}).status_code == 200


ORIGINS = [(None, True), ("http://127.0.0.1:8501", True), ("https://127.0.0.1:8501", True), ("null", False),
           ("http://127.0.0.1:9999", False), ("https://evil.example", False),
           ("http://127.0.0.1:8501.evil.example", False)]


@pytest.mark.parametrize(("origin", "known"), ORIGINS)
def test_a_session_and_a_form_come_from_the_portals_own_pages_alone(
        site: TestClient, origin: str | None, known: bool) -> None:
    sent = {"Host": "127.0.0.1:8501"} | ({"Origin": origin} if origin else {})
    assert site.post("/", headers=sent).status_code == (200 if known else 403)
    assert site.get("/", headers=sent).status_code == 200
    if known:
        with site.websocket_connect("/_stcore/stream", headers=sent) as socket:
            assert socket.receive_text() == "opened"
    else:
        with pytest.raises(WebSocketDisconnect), site.websocket_connect("/_stcore/stream", headers=sent):
            pass


def test_behind_tls_a_session_comes_from_the_address(public: TestClient) -> None:
    visitor = {"Origin": URL, "Host": "portal.example.org"}
    with public.websocket_connect("/_stcore/stream", headers=visitor) as socket:
        assert socket.receive_text() == "opened"


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/upload_file/a/b", "/_stcore/agent/openapi.json",
                                  "/_stcore/", "/component/x", "/auth/login", "/oauth2callback"])
def test_what_streamlit_offers_and_nobody_needs_is_closed(site: TestClient, path: str) -> None:
    assert site.get(path).status_code == 404
    assert site.put(path, content=b"x").status_code == 404
    assert site.get("/_stcore/health").status_code == 200


def policy(answer: object) -> dict[str, str]:
    policy = answer.headers["content-security-policy"]  # type: ignore[attr-defined]
    return dict(part.strip().split(" ", 1) for part in policy.split(";"))


def test_the_policies_allow_no_more_than_they_say(site: TestClient) -> None:
    plain, pages = policy(site.get("/plain/")), policy(site.get("/"))
    assert plain["default-src"] == pages["default-src"] == "'none'"
    assert "script-src" not in plain
    assert "unsafe" not in pages["script-src"]
    assert pages["connect-src"] == "'self' ws://127.0.0.1:8501 wss://127.0.0.1:8501"
    assert not [directive for directive in {**plain, **pages}.values() if "*" in directive or "http" in directive]
    scripts = security_headers.inline_scripts().split()
    assert len(scripts) == 1, "Streamlit's index.html has another inline script: look at it"


def test_who_has_an_answer_already_keeps_its_policy(site: TestClient) -> None:
    answer = site.get("/unchanged")
    assert (answer.status_code, answer.headers["x-content-type-options"]) == (304, "nosniff")
    assert "content-security-policy" not in answer.headers


def test_a_page_is_framed_by_nobody_but_an_embedded_figure_by_anybody(site: TestClient) -> None:
    expected = {"/": ("'none'", "DENY"), "/plain/": ("'none'", "DENY"), "/plain/figure/x": ("*", None)}
    for path, (framed, legacy) in expected.items():
        answer = site.get(path)
        assert policy(answer)["frame-ancestors"] == framed
        assert answer.headers.get("x-frame-options") == legacy


def test_every_answer_has_the_other_headers_and_tls_is_demanded_only_where_it_is(
        site: TestClient, public: TestClient) -> None:
    answer = site.get("/")
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "camera=()" in answer.headers["permissions-policy"]
    assert "strict-transport-security" not in answer.headers
    assert public.get("/nothing").headers["strict-transport-security"] == "max-age=63072000"


def test_every_exception_from_the_strictest_policy_says_why() -> None:
    source = Path(security_headers.__file__).read_text("utf-8")
    loose = [line for line in source.splitlines() if "unsafe-" in line or "data:\"" in line or " data:" in line]
    assert loose
    assert all("  #" in line for line in loose), loose


@pytest.mark.parametrize(("url", "scheme", "cookie"), [
    ("", "http", "Path=/"), ("", "https", "Path=/; Secure"), ("https://example.org", "http", "Path=/; Secure"),
    ("https://127.0.0.1/portal", "http", "Path=/portal; Secure"), ("/portal", "http", "Path=/portal")])
def test_streamlits_cookie_is_for_this_site_alone_and_over_tls_for_tls_alone(url: str, scheme: str, cookie: str
                                                                            ) -> None:
    with headed(url) as client:
        set_cookie = client.get(f"{scheme}://127.0.0.1:8501/cookie").headers["set-cookie"]
    assert set_cookie == f"_streamlit_xsrf=x; SameSite=Lax; {cookie}"


def test_only_the_sites_that_are_named_may_show_a_page_in_a_frame() -> None:
    with headed(framed_by=("https://www.example.org", "https://a.example")) as client:
        for url in ("/", "/plain/"):
            headers = client.get(url).headers
            assert "frame-ancestors https://www.example.org https://a.example" in headers["content-security-policy"]
            assert "x-frame-options" not in headers
        assert all("frame-ancestors *" in client.get(path).headers["content-security-policy"]
                   for path in ("/plain/figure/x", "/embed/x"))
